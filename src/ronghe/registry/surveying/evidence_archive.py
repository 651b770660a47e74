"""A ZIP of photos and documents of many parcels: taken apart in memory, file by file; no path of it is ever used."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ..rules.evidence import GROUND_LENGTH, SERIAL_LENGTH, keys_in, number_in

#: As many files, and as many bytes of all of them, are taken at once.
MOST_FILES: Final = 2_000
MOST_BYTES: Final = 512 * 2**20
#: What programs leave in archives beside the files.
_LEFT_BEHIND = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_PIECE = 1 << 20
_UTF8 = 0x800


class BadPart(ValueError):
    """A file of an archive that is not taken; the text says why, ``mend`` what to do."""

    def __init__(self, text: str, mend: str) -> None:
        super().__init__(text)
        self.mend = mend


class BadArchive(ValueError):
    """An archive that cannot be taken apart; the text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Part:
    """压缩包里的一个文件: its place as people read it."""

    place: str
    info: zipfile.ZipInfo

    @property
    def name(self) -> str:
        return self.place.rpartition("/")[2]


def parts_of(archive: zipfile.ZipFile) -> list[Part]:
    """The files of an archive, without folders and what programs leave behind. Raises: BadArchive."""
    found = []
    for info in archive.infolist():
        place = _place(info)
        name = place.rpartition("/")[2].lower()
        if info.is_dir() or place.endswith("/") or name in _LEFT_BEHIND or name.startswith("._"):
            continue
        if "__MACOSX" in place.split("/"):
            continue
        found.append(Part(place, info))
    if not found:
        raise BadArchive("里面没有文件")
    if len(found) > MOST_FILES:
        raise BadArchive(f"里面有 {len(found):,} 个文件，一次至多 {MOST_FILES:,} 个；请分成几个压缩包")
    if sum(part.info.file_size for part in found) > MOST_BYTES:
        raise BadArchive(f"解开后超过 {MOST_BYTES // 2**20} MB；请分成几个压缩包")
    return found


def _place(info: zipfile.ZipInfo) -> str:
    """The place of a file: UTF-8 where the archive says so, else as Chinese programs write it: UTF-8 or GBK."""
    told = info.orig_filename
    if not info.flag_bits & _UTF8:
        raw = told.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                told = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            break
    plain = told.replace("\\", "/")
    return "".join(c if c.isprintable() else "�" for c in plain)[-300:]


def content_of(archive: zipfile.ZipFile, part: Part, *, limit: int) -> bytes:
    """The bytes of a file, no more than ``limit``, whatever the archive says of their number. Raises: BadPart."""
    info = part.info
    steps = part.place.split("/")
    if ".." in steps or part.place.startswith("/") or ":" in steps[0]:
        raise BadPart("文件名指向压缩包以外的位置", "把文件放进普通的文件夹后重新压缩")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise BadPart("是链接，不是文件", "用原来的文件代替链接后重新压缩")
    if info.flag_bits & 1:
        raise BadPart("设了密码", "去掉密码后重新压缩")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BadPart("压缩方式不常见，没有解开", "用系统自带的 ZIP 压缩重新压缩")
    too_large = BadPart(f"超过 {limit // 2**20} MB", "压缩照片，或把文档拆开")
    if info.file_size > limit:
        raise too_large
    made = bytearray()
    try:
        with archive.open(info) as inside:
            while piece := inside.read(_PIECE):
                made += piece
                if len(made) > limit:
                    raise too_large
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        if error is too_large:
            raise
        raise BadPart("已损坏，解不开", "重新压缩，或换用通常的 ZIP 格式") from None
    if not made:
        raise BadPart("是空的", "重新拍摄或扫描")
    return bytes(made)


@dataclass(frozen=True, slots=True)
class Known:
    """批次的宗地, as far as an archive names them: by number, by code, and by the last five digits of the code."""

    numbers: frozenset[int]
    codes: dict[str, int]
    serials: dict[str, frozenset[int]]

    def find(self, key: str) -> frozenset[int]:
        """The parcels that a key stands for."""
        if len(key) >= GROUND_LENGTH:
            number = self.codes.get(key, self.codes.get(key[:GROUND_LENGTH]))
            return frozenset() if number is None else frozenset({number})
        number = number_in(key)
        found = frozenset() if number is None else frozenset({number}) & self.numbers
        return found | self.serials.get(key, frozenset()) if len(key) == SERIAL_LENGTH else found


def known_from(rows: Iterator[tuple[int, str, str]]) -> Known:
    """Args: number, code of the unit and code of the ground of each parcel that may be named."""
    numbers: set[int] = set()
    codes: dict[str, int] = {}
    serials: dict[str, set[int]] = {}
    for number, code, ground in rows:
        numbers.add(number)
        for one in filter(None, (code, ground)):
            codes.setdefault(one, number)
        serial = (ground or code[:GROUND_LENGTH])[-SERIAL_LENGTH:]
        if serial:
            serials.setdefault(serial, set()).add(number)
    return Known(frozenset(numbers), codes, {serial: frozenset(of) for serial, of in serials.items()})


def keys_named(parts: list[Part]) -> set[str]:
    """All that may name a parcel in the places of these files."""
    return {key for part in parts for key in keys_in(part.place)}
