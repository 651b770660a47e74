"""From a path or bytes to at most ``FILE_BYTES`` bytes, without ever waiting on something that is not a file."""

import os
import stat
from pathlib import Path

from ronghe.policy.reader.errors import (
    FileEmpty,
    FileForbidden,
    FileMissing,
    FileNotRegular,
    FileTooLarge,
    FileUnavailable,
)
from ronghe.policy.reader.intake.limits import FILE_BYTES, MB


def bytes_of(source: Path | bytes, name: str) -> bytes:
    """All bytes of the document.

    Raises: FileEmpty, FileTooLarge; for a path also FileMissing, FileNotRegular, FileForbidden, FileUnavailable.
    """
    data = source if isinstance(source, bytes) else _read(source, name)
    if len(data) > FILE_BYTES:
        raise _too_large(name, len(data))
    if not data:
        raise FileEmpty(name=name)
    return data


def _read(path: Path, name: str) -> bytes:
    try:
        _refuse_special(os.stat(path), name)
        # Non-blocking: between the two looks someone may have put a pipe in the file's place.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:
            found = os.fstat(handle)
            _refuse_special(found, name)
            if found.st_size > FILE_BYTES:
                raise _too_large(name, found.st_size)
            # The size may be untrue (/proc) or grow meanwhile: one byte above the limit is enough to know.
            return file.read(FILE_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: a NUL in the path
        raise FileMissing(name=name) from error
    except PermissionError as error:
        raise FileForbidden(name=name) from error
    except OSError as error:
        raise FileUnavailable(name=name, reason=error.strerror or type(error).__name__) from error


def _refuse_special(found: os.stat_result, name: str) -> None:
    if stat.S_ISREG(found.st_mode):
        return
    if stat.S_ISDIR(found.st_mode):
        what = "一个目录"
    elif stat.S_ISFIFO(found.st_mode):
        what = "一个管道"
    elif stat.S_ISSOCK(found.st_mode):
        what = "一个套接字"
    else:
        what = "一个设备"
    raise FileNotRegular(name=name, what=what)


def _too_large(name: str, size: int) -> FileTooLarge:
    return FileTooLarge(name=name, size=size, limit_mb=FILE_BYTES // MB)
