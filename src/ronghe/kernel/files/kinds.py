"""What a file is, by its content. A name may only agree with it: one that says something else is a lie."""

import json
import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from .errors import FileBomb, FileDamaged, FileKindRefused, FileLies, FileLocked

#: The most that an archive may unpack to, and into how many parts.
UNPACKED_BYTES = 1024 * 1024 * 1024
MOST_PARTS = 20_000
#: How much of a file is looked at where its first bytes do not tell.
HEAD_BYTES = 64 * 1024


class FileKind(StrEnum):
    """文件类型: the kinds that the platform keeps."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    DOCX = "docx"
    XLSX = "xlsx"
    DOC = "doc"
    XLS = "xls"
    OFD = "ofd"
    ZIP = "zip"
    SHAPE_ZIP = "shape_zip"
    GPKG = "gpkg"
    TXT = "txt"
    CSV = "csv"
    HTML = "html"
    JSON = "json"
    GEOJSON = "geojson"
    DXF = "dxf"

    @property
    def title(self) -> str:  # type: ignore[override]
        """What people call it."""
        return _ABOUT[self].title

    @property
    def media_type(self) -> str:
        return _ABOUT[self].media_type

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How names of such files end, the usual one first."""
        return _ABOUT[self].suffixes

    @property
    def is_shown_by_browsers(self) -> bool:
        """Whether a browser shows it without running anything."""
        return self in (FileKind.PDF, FileKind.JPEG, FileKind.PNG)


@dataclass(frozen=True, slots=True)
class _About:
    title: str
    media_type: str
    suffixes: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_ABOUT = {
    FileKind.PDF: _About("PDF 文件", "application/pdf", ("pdf",)),
    FileKind.JPEG: _About("JPEG 照片", "image/jpeg", ("jpg", "jpeg")),
    FileKind.PNG: _About("PNG 图片", "image/png", ("png",)),
    FileKind.TIFF: _About("TIFF 图片", "image/tiff", ("tif", "tiff")),
    FileKind.DOCX: _About("Word 文档（docx）", f"{_OFFICE}.wordprocessingml.document", ("docx",)),
    FileKind.XLSX: _About("Excel 工作簿（xlsx）", f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",)),
    FileKind.DOC: _About("旧版 Word 文档（doc）", "application/msword", ("doc", "wps")),
    FileKind.XLS: _About("旧版 Excel 工作簿（xls）", "application/vnd.ms-excel", ("xls", "et")),
    FileKind.OFD: _About("OFD 版式文件", "application/ofd", ("ofd",)),
    FileKind.ZIP: _About("ZIP 压缩包", "application/zip", ("zip",)),
    FileKind.SHAPE_ZIP: _About("Shapefile 压缩包", "application/zip", ("zip",)),
    FileKind.GPKG: _About("GeoPackage", "application/geopackage+sqlite3", ("gpkg",)),
    FileKind.TXT: _About("文本文件", "text/plain", ("txt", "md")),
    FileKind.CSV: _About("CSV 表格", "text/csv", ("csv", "tsv")),
    FileKind.HTML: _About("网页", "text/html", ("html", "htm")),
    FileKind.JSON: _About("JSON 数据", "application/json", ("json",)),
    FileKind.GEOJSON: _About("GeoJSON", "application/geo+json", ("geojson", "json")),
    FileKind.DXF: _About("DXF 图形", "image/vnd.dxf", ("dxf",)),
}
_BY_SUFFIX: dict[str, list[FileKind]] = {}
for _kind in FileKind:
    for _suffix in _kind.suffixes:
        _BY_SUFFIX.setdefault(_suffix, []).append(_kind)

#: What programs and scripts begin with: named so that the refusal can say what the file is.
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"#!")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_KINDS = (FileKind.TXT, FileKind.CSV, FileKind.HTML, FileKind.JSON, FileKind.GEOJSON, FileKind.DXF)


def kind_of(file: IO[bytes], *, name: str, kinds: Collection[FileKind] | None = None) -> FileKind:
    """The kind of a file that may be kept.

    Args: ``kinds`` are those that are wanted here, any when ``None``. The file is left at its beginning.
    Raises: FileKindRefused, FileLies, FileLocked, FileBomb, FileDamaged.
    """
    found, called = _found(file, name)
    file.seek(0)
    wanted = "、".join(kind.title for kind in FileKind if kinds is None or kind in kinds)
    said = _BY_SUFFIX.get(_suffix_of(name))
    if found is None:
        if said:
            raise FileLies(name=name, said=said[0].title, found=called)
        raise FileKindRefused(name=name, found=called, wanted=wanted)
    if said and found not in said and not (found is FileKind.SHAPE_ZIP and FileKind.ZIP in said):
        raise FileLies(name=name, said=said[0].title, found=found.title)
    if kinds is not None and found not in kinds:
        if found is FileKind.SHAPE_ZIP and FileKind.ZIP in kinds:
            return FileKind.ZIP
        raise FileKindRefused(name=name, found=found.title, wanted=wanted)
    return found


def _suffix_of(name: str) -> str:
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def _found(file: IO[bytes], name: str) -> tuple[FileKind | None, str]:
    """The kind, and what to call it where it is none of ours."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG, ""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG, ""
    if head.startswith((b"II*\0", b"MM\0*")):
        return FileKind.TIFF, ""
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _in_zip(file, name)
    if head.startswith(_OLE):
        return _in_ole(file, name)
    if head.startswith(b"SQLite format 3\0"):
        return (FileKind.GPKG, "") if head[68:72] in (b"GPKG", b"GP10", b"GP11") else (None, "SQLite 数据库")
    if head.startswith(b"AutoCAD Binary DXF"):
        return FileKind.DXF, ""
    # Readers take a PDF whose head comes some bytes late; an archive that holds one is no PDF.
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF, ""
    if head.startswith(_PROGRAMS):
        return None, "可执行程序或脚本"
    if head[4:8] == b"ftyp":
        return None, "手机高效格式照片或视频（请改存为 JPEG）"
    return _in_text(head, _suffix_of(name))


def _in_zip(file: IO[bytes], name: str) -> tuple[FileKind | None, str]:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise FileDamaged(name=name) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise FileBomb(name=name, limit_mb=UNPACKED_BYTES // 2**20)
    names = {part.filename for part in parts}
    if any(one.lower().endswith("vbaproject.bin") for one in names):
        return None, "带宏的 Office 文件"
    for inside, kind in (
        ("word/document.xml", FileKind.DOCX),
        ("xl/workbook.xml", FileKind.XLSX),
        ("OFD.xml", FileKind.OFD),
    ):
        if inside in names:
            return kind, ""
    if any(part.flag_bits & 1 for part in parts):
        raise FileLocked(name=name)
    if any(one.lower().endswith(".shp") for one in names):
        return FileKind.SHAPE_ZIP, ""
    return FileKind.ZIP, ""


def _in_ole(file: IO[bytes], name: str) -> tuple[FileKind | None, str]:
    """The directory of a compound file names its streams in UTF-16."""
    file.seek(0)
    content = file.read()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileLocked(name=name)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        return None, "带宏的 Office 文件"
    if "WordDocument".encode("utf-16-le") in content:
        return FileKind.DOC, ""
    if any(word.encode("utf-16-le") in content for word in ("Workbook", "Book")):
        return FileKind.XLS, ""
    return None, "未知的复合文档"


def _in_text(head: bytes, suffix: str) -> tuple[FileKind | None, str]:
    """Text has no mark: it is what its name says, as far as its content agrees."""
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_wide and (b"\0" in head or len(re.findall(rb"[\x01-\x08\x0e-\x1f]", head)) > len(head) // 50):
        return None, "无法识别的二进制文件"
    said = [kind for kind in _BY_SUFFIX.get(suffix, ()) if kind in _TEXT_KINDS]
    if FileKind.GEOJSON in said:
        return _in_json(head)
    if FileKind.DXF in said:
        return (FileKind.DXF, "") if re.match(rb"\s*(0\s+SECTION|999)", head) else (None, "文本，不是 DXF")
    if said:
        return said[0], ""
    if re.match(rb"\s*<(!doctype html|html)", head, re.I):
        return FileKind.HTML, ""
    return FileKind.TXT, ""


def _in_json(head: bytes) -> tuple[FileKind | None, str]:
    text = head.decode("utf-8-sig", "ignore").lstrip()
    if not text.startswith(("{", "[")):
        return None, "文本，不是 JSON"
    if re.search(
        r'"type"\s*:\s*"(Feature|FeatureCollection|GeometryCollection|(Multi)?(Point|LineString|Polygon))"', text
    ):
        return FileKind.GEOJSON, ""
    if len(head) < HEAD_BYTES:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return None, "文本，不是 JSON"
    return FileKind.JSON, ""
