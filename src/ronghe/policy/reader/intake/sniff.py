"""What a file is, judged by its content: the ending of its name may lie."""

import re
import zipfile
from io import BytesIO
from typing import Final, Literal

from ronghe.policy.reader.errors import FileBomb, FileDamaged, FileEncrypted, FileUnsupported
from ronghe.policy.reader.intake.limits import ZIP_ENTRIES

Kind = Literal["txt", "docx", "pdf", "html"]

_SAVE_AS_DOCX: Final = "请用 Word 或 WPS 打开，另存为 docx 后再提交。"
_SAVE_AS_TEXT: Final = "请用原来的软件打开，把正文另存为 docx 或 txt 后再提交。"
_OCR: Final = "请先用文字识别（OCR）软件转成文字，再提交。"
_UNPACK: Final = "请先解压，再提交其中的方案文件。"
_OFD: Final = "请用 OFD 阅读器打开，导出为带文字的 PDF 或 docx 后再提交。"

# (offset, signature, what it is, what to do)
_SIGNATURES: Final = (
    (0, b"{\\rtf", "RTF 文档", _SAVE_AS_DOCX),
    (0, b"\x89PNG\r\n\x1a\n", "PNG 图片", _OCR),
    (0, b"\xff\xd8\xff", "JPEG 图片", _OCR),
    (0, b"GIF87a", "GIF 图片", _OCR),
    (0, b"GIF89a", "GIF 图片", _OCR),
    (0, b"II*\0", "TIFF 图片", _OCR),
    (0, b"MM\0*", "TIFF 图片", _OCR),
    (8, b"WEBP", "WebP 图片", _OCR),
    (4, b"ftyphei", "HEIC 图片", _OCR),
    (4, b"ftypmif1", "HEIC 图片", _OCR),
    (4, b"ftyp", "音视频文件", _SAVE_AS_TEXT),
    (0, b"ID3", "音频文件", _SAVE_AS_TEXT),
    (0, b"Rar!\x1a\x07", "RAR 压缩包", _UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "7z 压缩包", _UNPACK),
    (0, b"\x1f\x8b", "gzip 压缩包", _UNPACK),
    (0, b"BZh", "bzip2 压缩包", _UNPACK),
    (0, b"\xfd7zXZ\0", "xz 压缩包", _UNPACK),
    (257, b"ustar", "tar 打包文件", _UNPACK),
    (0, b"CAJ\0", "CAJ 文献", _SAVE_AS_TEXT),
    (0, b"%!PS", "PostScript 文件", "请转换为带文字的 PDF 后再提交。"),
    (0, b"\x7fELF", "可执行程序", _SAVE_AS_TEXT),
    (0, b"MZ\x90\0", "可执行程序", _SAVE_AS_TEXT),
    (0, b"SQLite format 3\0", "数据库文件", _SAVE_AS_TEXT),
)
_OLE2: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HTML_TAG: Final = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|p|span|table|h[1-6]|ul|ol|article|section|br|font|center)"
    rb"[\s/>]",
    re.IGNORECASE,
)
_PROLOG: Final = re.compile(rb"\A\s*(?:<\?xml[^>]{0,1000}>\s*)?(?:<!--.{0,4000}?-->\s*)*", re.DOTALL)


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of a document that we read.

    Raises: FileUnsupported with advice for what we do not read; FileEncrypted, FileDamaged, FileBomb for containers.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _kind_of_zip(data)
    if data.startswith(_OLE2):
        raise _ole2(data, name)
    # Acrobat accepts a PDF whose mark comes within the first 1024 bytes (ISO 32000-1 Annex H.3.4.1).
    if data.startswith(b"%PDF-") or (b"%PDF-" in data[:1024] and b"startxref" in data[-4096:]):
        return "pdf"
    for offset, signature, what, advice in _SIGNATURES:
        if data.startswith(signature, offset) and not (signature in (b"WEBP",) and not data.startswith(b"RIFF")):
            raise FileUnsupported(what=what, advice=advice)
    if data.startswith(b"BM") and len(data) > 26 and int.from_bytes(data[2:6], "little") == len(data):
        raise FileUnsupported(what="BMP 图片", advice=_OCR)
    return _kind_of_text(data, name)


def suffix_kind(name: str) -> str | None:
    """The kind that the ending of the name promises, if it promises one."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    same = {"docm": "docx", "htm": "html", "xhtml": "html", "text": "txt"}
    return same.get(suffix, suffix) or None


def _kind_of_text(data: bytes, name: str) -> Kind:
    # Enough of the text to see its beginning, whatever the width of its characters.
    head = data[:65536].replace(b"\0", b"")
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    lowered = head[:4096].lower()
    if b"mime-version:" in lowered and b"multipart/" in lowered:
        raise FileUnsupported(what="网页归档（MHT）或邮件", advice="请在浏览器中另存为“网页，仅 HTML”后再提交。")
    prolog = _PROLOG.match(head)
    body = head[prolog.end() :] if prolog else head
    if _HTML_TAG.match(body) or (body[:1] == b"<" and b"<html" in lowered):
        return "html"
    if b"<?xml" in lowered[:100]:
        if b"<?mso-application" in lowered or b"wordml" in lowered or b"xmlpackage" in lowered:
            raise FileUnsupported(what="Word XML 文档", advice=_SAVE_AS_DOCX)
        raise FileUnsupported(what="XML 数据文件", advice=_SAVE_AS_TEXT)
    # A piece cut out of a page begins with text; its name and several tags say what it is.
    if suffix_kind(name) == "html" and len(_HTML_TAG.findall(head)) >= 2:
        return "html"
    return "txt"


def _kind_of_zip(data: bytes) -> Kind:
    # Each directory entry bears this mark, so this bounds the work before the directory is read.
    if data.count(b"PK\x01\x02") > ZIP_ENTRIES:
        raise FileBomb(what="压缩包", reason=f"所含文件超过 {ZIP_ENTRIES} 个")
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            infos = package.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, OverflowError, UnicodeDecodeError) as error:
        # A cut docx has lost the directory at its end, but still begins with the names of its parts.
        what = "docx 文档" if b"word/" in data or b"[Content_Types].xml" in data[:4096] else "压缩包"
        raise FileDamaged(what=what, reason="压缩目录不完整") from error
    names = {info.filename for info in infos}
    if "word/document.xml" in names or ("[Content_Types].xml" in names and any(n.startswith("word/") for n in names)):
        if any(info.flag_bits & 1 for info in infos):
            raise FileEncrypted(what="docx 文档")
        return "docx"
    raise _other_zip(names)


def _other_zip(names: set[str]) -> FileUnsupported:
    if any(n.startswith("xl/") for n in names):
        return FileUnsupported(what="Excel 表格（xlsx）", advice="请把任务表粘贴到 Word 中，另存为 docx 后再提交。")
    if any(n.startswith("ppt/") for n in names):
        return FileUnsupported(what="PowerPoint 演示文稿（pptx）", advice=_SAVE_AS_TEXT)
    if "OFD.xml" in names:
        return FileUnsupported(what="OFD 版式文件", advice=_OFD)
    if "META-INF/container.xml" in names:
        return FileUnsupported(what="EPUB 电子书", advice=_SAVE_AS_TEXT)
    if "content.xml" in names:
        return FileUnsupported(what="ODF 文档（odt、ods）", advice=_SAVE_AS_DOCX)
    return FileUnsupported(what="压缩包（zip）", advice=_UNPACK)


def _ole2(data: bytes, name: str) -> FileUnsupported | FileEncrypted:
    """Old compound files: the directory names its streams in UTF-16 ([MS-CFB] §2.6.1; [MS-OFFCRYPTO] §2.3)."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return FileEncrypted(what="Office 文档")
    if name.lower().endswith(".wps"):
        return FileUnsupported(what="WPS 文字旧格式文档（.wps）", advice=_SAVE_AS_DOCX)
    if holds("WordDocument"):
        return FileUnsupported(what="旧版 Word 文档（.doc）", advice=_SAVE_AS_DOCX)
    if holds("Workbook") or holds("Book"):
        return FileUnsupported(
            what="旧版 Excel 表格（.xls）", advice="请把任务表粘贴到 Word 中，另存为 docx 后再提交。"
        )
    if holds("PowerPoint Document"):
        return FileUnsupported(what="旧版 PowerPoint 演示文稿（.ppt）", advice=_SAVE_AS_TEXT)
    return FileUnsupported(what="旧版 Office 文档（OLE 复合文件）", advice=_SAVE_AS_DOCX)
