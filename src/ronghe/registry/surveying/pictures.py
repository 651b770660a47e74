"""What a picture or a document says of itself: whether it is whole, how large, where and when it was taken. No program
of others reads it: a few structures are looked at, each within the bytes that are there."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ronghe.kernel.files.kinds import FileKind

#: The longest side and the most points of a picture: beyond it browsers use up the memory of whoever opens it.
MOST_SIDE, MOST_POINTS = 20_000, 120_000_000
#: As large may be the small picture that a camera puts into the large one.
MOST_SMALL = 64 * 1024
_PNG: Final = b"\x89PNG\r\n\x1a\n"
#: Channels of a PNG by its colour type.
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_GPS, _DETAILS, _TAKEN = 0x8825, 0x8769, 0x9003
_SMALL_AT, _SMALL_BYTES = 0x0201, 0x0202
#: Frames that say how large the picture is; DHT, JPG and DAC have numbers between them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class BadPicture(ValueError):
    """A file that is not whole; the text says what is wrong with it, in Chinese."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen in a file: the sides of a picture in points, and what it tells of where (CGCS2000) and when."""

    width: int | None = None
    height: int | None = None
    longitude: float | None = None
    latitude: float | None = None
    taken_on: date | None = None


def look_at(content: bytes, kind: FileKind) -> Seen:
    """What a JPEG, PNG or PDF says of itself. Raises: BadPicture when it is not whole."""
    if kind is FileKind.PDF:
        return _pdf(content)
    sides, told = _jpeg(content) if kind is FileKind.JPEG else _png(content)
    width, height = sides
    if not (width and height):
        raise BadPicture("没有画面")
    if max(sides) > MOST_SIDE or width * height > MOST_POINTS:
        raise BadPicture(f"画面有 {width} × {height} 点，太大")
    where, when = _exif_told(told)
    longitude, latitude = where or (None, None)
    return Seen(width, height, longitude, latitude, when)


def small_picture(content: bytes, kind: FileKind) -> bytes | None:
    """The small picture that a camera has put into a JPEG, where it is whole."""
    if kind is not FileKind.JPEG:
        return None
    try:
        told = _Exif.of(_jpeg(content)[1])
        if told is None:
            return None
        second = told.fields(told.next_after_first())
        place, size = told.whole(second, _SMALL_AT), told.whole(second, _SMALL_BYTES)
        if place is None or size is None or not 0 < size <= MOST_SMALL:
            return None
        found = told.body[place : place + size]
        _jpeg(found)
    except BadPicture:
        return None
    return found


def _pdf(content: bytes) -> Seen:
    tail = content[-2048:]
    if b"%%EOF" not in tail or b"startxref" not in content[-4096:]:
        raise BadPicture("没有结尾，可能没有下载完")
    return Seen()


def _jpeg(content: bytes) -> tuple[tuple[int, int], bytes]:
    """The sides of a JPEG, and its Exif. Raises: BadPicture."""
    sides, told, at = (0, 0), b"", 2
    while True:
        while content[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 4 > len(content):
            raise BadPicture("画面以前就中断了，可能没有传完")
        mark, kind = content[at], content[at + 1]
        if mark != 0xFF or kind == 0:
            raise BadPicture("结构混乱")
        if kind in (0x01, *range(0xD0, 0xD8)):
            at += 2
            continue
        if kind in (0xD8, 0xD9):
            raise BadPicture("没有画面")
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        body = content[at + 4 : at + 2 + length]
        if length < 2 or len(body) != length - 2:
            raise BadPicture("画面以前就中断了，可能没有传完")
        if kind in _FRAMES and len(body) >= 6:
            sides = (int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
        elif kind == 0xE1 and body.startswith(b"Exif\0\0") and not told:
            told = body[6:]
        at += 2 + length
        if kind == 0xDA:
            break
    if content.rfind(b"\xff\xd9") < at:
        raise BadPicture("画面没有结尾，可能没有传完")
    return sides, told


def _png(content: bytes) -> tuple[tuple[int, int], bytes]:
    """The sides of a PNG, and its Exif. Raises: BadPicture."""
    head, told, points = b"", b"", _Unpacked()
    is_over = False
    for kind, body in _chunks(content):
        if not head and kind != b"IHDR":
            raise BadPicture("结构混乱")
        if kind == b"IHDR":
            head = body
            points.begin(head)
        elif kind == b"IDAT":
            points.take(body)
        elif kind == b"eXIf":
            told = body
        elif kind == b"IEND":
            is_over = True
            break
    if not is_over:
        raise BadPicture("没有结尾，可能没有传完")
    points.close()
    width, height = struct.unpack(">II", head[:8])
    return (width, height), told


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        check = content[at + 8 + length : at + 12 + length]
        if len(body) != length or len(check) != 4:
            raise BadPicture("中断了，可能没有传完")
        if zlib.crc32(kind + body) != int.from_bytes(check, "big"):
            raise BadPicture("校验不符，内容有改动或损坏")
        yield kind, body
        at += 12 + length


class _Unpacked:
    """How many bytes the points of a PNG unpack to: counted, never kept."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj()
        self._found, self._wanted, self._is_plain = 0, 0, True

    def begin(self, head: bytes) -> None:
        if len(head) != 13 or head[9] not in _CHANNELS or self._wanted:
            raise BadPicture("结构混乱")
        width, height = struct.unpack(">II", head[:8])
        if not (width and height) or max(width, height) > MOST_SIDE or width * height > MOST_POINTS:
            raise BadPicture(f"画面有 {width} × {height} 点，没有画面或者太大")
        self._wanted = height * (1 + -(-width * _CHANNELS[head[9]] * head[8] // 8))
        # Of an interlaced picture the seven passes have rows of their own: at most twice as many bytes.
        self._is_plain = head[12] == 0

    def take(self, body: bytes) -> None:
        try:
            while body:
                self._found += len(self._stream.decompress(body, 1 << 20))
                body = self._stream.unconsumed_tail
                if self._found > self._wanted * (1 if self._is_plain else 2):
                    raise BadPicture("画面解开后比它说的大")
        except zlib.error:
            raise BadPicture("画面解不开") from None

    def close(self) -> None:
        try:
            self._found += len(self._stream.flush())
        except zlib.error:
            raise BadPicture("画面解不开") from None
        if not self._stream.eof or (self._is_plain and self._found != self._wanted):
            raise BadPicture("画面不完整")


@dataclass(frozen=True, slots=True)
class _Exif:
    """Exif (a TIFF): fields in lists that name each other's places. What points beyond the end is not there."""

    body: bytes
    order: str

    @classmethod
    def of(cls, body: bytes) -> "_Exif | None":
        order = {b"II*\0": "<", b"MM\0*": ">"}.get(body[:4])
        return None if order is None or len(body) < 8 else cls(body, order)

    def fields(self, at: int) -> dict[int, tuple[int, int, bytes]]:
        """The fields of a list: their type, their number of values, and the bytes."""
        found: dict[int, tuple[int, int, bytes]] = {}
        if not 0 < at <= len(self.body) - 2:
            return found
        (count,) = struct.unpack_from(self.order + "H", self.body, at)
        for n in range(min(count, 200)):
            place = at + 2 + 12 * n
            if place + 12 > len(self.body):
                break
            tag, kind, number = struct.unpack_from(self.order + "HHI", self.body, place)
            size = _SIZES.get(kind, 0) * number
            if not 0 < size <= MOST_SMALL:
                continue
            start = place + 8 if size <= 4 else struct.unpack_from(self.order + "I", self.body, place + 8)[0]
            value = self.body[start : start + size]
            if len(value) == size:
                found[tag] = (kind, number, value)
        return found

    def first(self) -> int:
        return int(struct.unpack_from(self.order + "I", self.body, 4)[0])

    def next_after_first(self) -> int:
        """Where the list of the small picture stands; 0 where there is none."""
        at = self.first()
        if not 0 < at <= len(self.body) - 2:
            return 0
        (count,) = struct.unpack_from(self.order + "H", self.body, at)
        place = at + 2 + 12 * count
        return int(struct.unpack_from(self.order + "I", self.body, place)[0]) if place + 4 <= len(self.body) else 0

    def whole(self, fields: dict[int, tuple[int, int, bytes]], tag: int) -> int | None:
        kind, number, value = fields.get(tag, (0, 0, b""))
        if number != 1 or kind not in (3, 4):
            return None
        return int(struct.unpack(self.order + ("H" if kind == 3 else "I"), value)[0])

    def degrees(self, fields: dict[int, tuple[int, int, bytes]], tag: int) -> float | None:
        """Degrees, minutes and seconds as degrees; the sign by the letter in the field before."""
        kind, number, value = fields.get(tag, (0, 0, b""))
        letter = fields.get(tag - 1, (0, 0, b""))[2][:1]
        if kind != 5 or number != 3 or letter not in (b"N", b"S", b"E", b"W"):
            return None
        parts = struct.unpack(self.order + "6I", value)
        if not all(parts[1::2]):
            return None
        told = float(sum(parts[2 * n] / parts[2 * n + 1] / 60**n for n in range(3)))
        return -told if letter in (b"S", b"W") else told


def _exif_told(body: bytes) -> tuple[tuple[float, float] | None, date | None]:
    """Where (longitude, latitude) and on what day a picture was taken, as far as it tells."""
    told = _Exif.of(body)
    if told is None:
        return None, None
    first = told.fields(told.first())
    gps = told.fields(told.whole(first, _GPS) or 0)
    latitude, longitude = told.degrees(gps, 2), told.degrees(gps, 4)
    where = None
    # Cameras that know no place write noughts.
    if longitude is not None and latitude is not None and (longitude or latitude):
        where = (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None
    details = told.fields(told.whole(first, _DETAILS) or 0)
    text = details.get(_TAKEN, (0, 0, b""))[2][:10].decode("ascii", "replace")
    try:
        when = date.fromisoformat(text.replace(":", "-"))
    except ValueError:
        when = None
    return where, when
