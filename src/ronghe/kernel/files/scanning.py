"""The hook for a virus scanner: ``RONGHE_CLAMD`` names a clamd by ``host:port`` or the path of its socket."""

import socket
import struct
from typing import IO

from django.conf import settings

from .errors import FileInfected, ScannerDown

_PIECE = 256 * 1024
_SECONDS = 60


def scanned(file: IO[bytes], *, name: str) -> bool:
    """Whether a scanner has looked at the file and found nothing; False where none is configured.

    Raises: FileInfected, ScannerDown. The file is left at its beginning.
    """
    where: str = settings.FILE_SCANNER
    if not where:
        return False
    file.seek(0)
    try:
        answer = _ask(where, file)
    except OSError as error:
        raise ScannerDown(name=name) from error
    file.seek(0)
    if answer.endswith("OK"):
        return True
    if answer.endswith("FOUND"):
        raise FileInfected(name=name, finding=answer.removeprefix("stream:").removesuffix("FOUND").strip())
    raise ScannerDown(name=name)


def _ask(where: str, file: IO[bytes]) -> str:
    """The answer of clamd to INSTREAM (clamd(8)): pieces with their length before them, an empty one at the end."""
    with _connection(where) as line:
        line.sendall(b"zINSTREAM\0")
        while piece := file.read(_PIECE):
            line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0"):
            more = line.recv(4096)
            if not more:
                break
            answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connection(where: str) -> socket.socket:
    if where.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_SECONDS)
        line.connect(where)
        return line
    host, _, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=_SECONDS)
