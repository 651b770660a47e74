"""Photos, documents and archives for tests, made byte by byte."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

from ..demo.evidence import exif, photo

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<<>>\nstartxref\n33\n%%EOF\n"


def png(mark: int = 0, *, place: tuple[float, float] | None = None) -> bytes:
    """A picture of one point; another ``mark`` is another picture."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))]
    if place is not None:
        parts.append((b"eXIf", exif(*place)))
    parts += [(b"IDAT", zlib.compress(b"\0" + bytes((mark % 256, mark // 256 % 256, 7)))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in parts)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def jpeg(
    mark: int = 0,
    *,
    told: bytes = b"",
    sides: tuple[int, int] = (40, 30),
    inside: bytes = b"\x12\x34",
    end: bool = True,
) -> bytes:
    """A JPEG by its structure; ``told`` is its Exif."""
    made = b"\xff\xd8"
    if told:
        made += b"\xff\xe1" + struct.pack(">H", 2 + 6 + len(told)) + b"Exif\0\0" + told
    made += b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, sides[1], sides[0], 1) + b"\x01\x11\x00"
    made += b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, 0, 63, 0) + inside + bytes((mark % 251, mark // 251))
    return made + (b"\xff\xd9" if end else b"")


def little_exif(taken: date, small: bytes = b"") -> bytes:
    """Exif in the other order of bytes: the day of the photo, and a small picture."""
    first_at, details_at = 8, 8 + 2 + 12 + 4
    text_at = details_at + 2 + 12 + 4
    second_at = text_at + 20
    small_at = second_at + 2 + 24 + 4
    made = b"II*\0" + struct.pack("<I", first_at)
    made += struct.pack("<HHHIII", 1, 0x8769, 4, 1, details_at, second_at if small else 0)
    made += struct.pack("<HHHIII", 1, 0x9003, 2, 20, text_at, 0)
    made += f"{taken:%Y:%m:%d} 10:20:30\0".encode()
    if small:
        made += struct.pack("<HHHII", 2, 0x0201, 4, 1, small_at) + struct.pack("<HHII", 0x0202, 4, 1, len(small))
        made += struct.pack("<I", 0) + small
    return made


def archive(files: Mapping[str, bytes] | list[tuple[Any, bytes]], **given: Any) -> bytes:
    """A ZIP of these."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", given.pop("compression", zipfile.ZIP_DEFLATED)) as made:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            made.writestr(name, content)
    return out.getvalue()


def gbk_archive(name: str, content: bytes) -> bytes:
    """A ZIP as old Chinese programs write it: the name in GBK, and no mark that says so."""
    raw = name.encode("gb18030")
    made = archive({"x" * len(raw): content})
    return made.replace(b"x" * len(raw), raw)


def drawn(mark: str, place: tuple[float, float]) -> bytes:
    return photo(mark, place)
