"""What a file is, is told by its content; a name that says something else is refused."""

import zipfile
from io import BytesIO

import pytest

from ronghe.kernel.files import errors
from ronghe.kernel.files.kinds import MOST_PARTS, FileKind, kind_of


def zipped(*names: str, content: bytes = b"x") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + b"".join(s.encode("utf-16-le") for s in streams)


GIVEN = {
    FileKind.PDF: ("甲.pdf", b"%PDF-1.7\n"),
    FileKind.JPEG: ("照片.JPG", b"\xff\xd8\xff\xe0"),
    FileKind.PNG: ("a.png", b"\x89PNG\r\n\x1a\n"),
    FileKind.TIFF: ("a.tif", b"II*\0"),
    FileKind.DOCX: ("方案.docx", zipped("[Content_Types].xml", "word/document.xml")),
    FileKind.XLSX: ("表.xlsx", zipped("xl/workbook.xml")),
    FileKind.DOC: ("旧.doc", ole("WordDocument")),
    FileKind.XLS: ("旧.xls", ole("Workbook")),
    FileKind.OFD: ("文.ofd", zipped("OFD.xml")),
    FileKind.ZIP: ("a.zip", zipped("a.txt")),
    FileKind.SHAPE_ZIP: ("地块.zip", zipped("地块.shp", "地块.dbf")),
    FileKind.GPKG: ("a.gpkg", b"SQLite format 3\0" + b"\0" * 52 + b"GPKG"),
    FileKind.TXT: ("方案.txt", "一、总体要求".encode("gb18030")),
    FileKind.CSV: ("a.csv", b"a,b\n1,2\n"),
    FileKind.HTML: ("a.html", b"<html></html>"),
    FileKind.JSON: ("a.json", b'{"a": 1}'),
    FileKind.GEOJSON: ("a.geojson", b'{"type": "FeatureCollection", "features": []}'),
    FileKind.DXF: ("a.dxf", b"  0\nSECTION\n"),
}


@pytest.mark.parametrize("kind", FileKind)
def test_every_kind_is_known_by_its_content(kind):
    name, content = GIVEN[kind]
    assert kind_of(BytesIO(content), name=name, kinds={kind}) is kind


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("证明.pdf", b"MZ\x90\0", "可执行程序或脚本"),
        ("证明.pdf", b"\x89PNG\r\n\x1a\n", "PNG 图片"),
        ("表.xlsx", ole("Workbook"), "旧版 Excel 工作簿（xls）"),
        ("表.xlsx", zipped("xl/workbook.xml", "xl/vbaProject.bin"), "带宏的 Office 文件"),
        ("图.geojson", b"not json", "文本，不是 JSON"),
        ("a.gpkg", b"SQLite format 3\0" + b"\0" * 60, "SQLite 数据库"),
        ("a.txt", b"\0\1\2\3", "无法识别的二进制文件"),
    ],
)
def test_a_name_that_lies_is_refused_and_the_refusal_says_what_the_file_is(name, content, found):
    with pytest.raises(errors.FileLies) as refused:
        kind_of(BytesIO(content), name=name)
    assert found in refused.value.text


def test_an_archive_that_holds_a_pdf_is_an_archive():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.pdf", b"%PDF-1.7")
    assert kind_of(BytesIO(out.getvalue()), name="a.zip") is FileKind.ZIP


def test_a_kind_that_is_not_wanted_is_refused_with_those_that_are():
    with pytest.raises(errors.FileKindRefused, match="只收：PDF 文件、JPEG 照片"):
        kind_of(BytesIO(GIVEN[FileKind.PNG][1]), name="a.png", kinds={FileKind.PDF, FileKind.JPEG})


def test_a_program_without_a_known_ending_is_refused():
    with pytest.raises(errors.FileKindRefused, match="可执行程序"):
        kind_of(BytesIO(b"\x7fELF"), name="a")


def test_a_locked_office_file_says_that_its_password_must_go():
    with pytest.raises(errors.FileLocked):
        kind_of(BytesIO(ole("EncryptedPackage")), name="表.xlsx")


def test_an_archive_of_too_many_parts_is_refused():
    with pytest.raises(errors.FileBomb):
        kind_of(BytesIO(zipped(*(f"{n}" for n in range(MOST_PARTS + 1)), content=b"")), name="a.zip")


def test_an_archive_that_unpacks_too_large_is_refused_unopened():
    bomb = zipped("a.txt", content=b"\0" * 1000)
    # the directory of the archive says 2 GiB
    told = bomb.replace((1000).to_bytes(4, "little"), (2**31 - 1).to_bytes(4, "little"))
    with pytest.raises(errors.FileBomb):
        kind_of(BytesIO(told), name="a.zip")


def test_a_damaged_archive_is_told():
    with pytest.raises(errors.FileDamaged):
        kind_of(BytesIO(b"PK\x03\x04 and no more"), name="a.docx")
