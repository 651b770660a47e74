"""Files built to hurt: each gets a clear answer before anything is unpacked or expanded."""

import struct
import zipfile
import zlib

import pytest

from ronghe.policy.reader.errors import FileBomb, FileDamaged, FileEncrypted, FileUnsupported, UnreadableDocument
from ronghe.policy.reader.intake import Intake, limits, read_text
from tests.policy.intake.makers import Page, W, blank_docx, docx_of, p, pdf_of, zip_of

DOCUMENT = "word/document.xml"


def outcome(data: bytes) -> Intake | UnreadableDocument:
    try:
        return read_text(data)
    except UnreadableDocument as refused:
        return refused


def docx_with_main(main: str | bytes) -> bytes:
    return zip_of({"[Content_Types].xml": "<Types/>", DOCUMENT: main})


def declaring(data: bytes, size: int) -> bytes:
    """The archive with another size in its directory: what a bomb says of itself."""
    at = data.rindex(DOCUMENT.encode()) - 46
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


def test_a_bomb_that_says_what_it_is() -> None:
    with pytest.raises(FileBomb, match="256 MB"):
        read_text(blank_docx(300 * limits.MB))


def test_a_bomb_below_the_sum_but_of_impossible_ratio() -> None:
    with pytest.raises(FileBomb, match="压缩比"):
        read_text(blank_docx(20 * limits.MB))


def test_a_bomb_that_lies_about_its_size() -> None:
    data = declaring(blank_docx(100 * limits.MB), 1000)
    with pytest.raises((FileBomb, FileDamaged)):
        read_text(data)


def test_a_part_that_is_too_large_in_an_honest_archive() -> None:
    noise = zlib.compress(bytes(n * n % 251 for n in range(200_000)))
    filler = (noise * (34 * limits.MB // len(noise) + 1))[: 33 * limits.MB]
    # not so compressible as to be called a bomb for its ratio
    data = zip_of({"[Content_Types].xml": "<Types/>", DOCUMENT: filler})
    assert len(data) < limits.FILE_BYTES
    with pytest.raises(FileBomb):
        read_text(data)


def test_an_archive_of_very_many_entries_is_not_listed() -> None:
    with pytest.raises(FileBomb, match="5000"):
        read_text(zip_of({"[Content_Types].xml": ""} | {f"word/{n}": "" for n in range(5001)}))


def test_an_archive_in_an_archive_is_not_opened() -> None:
    with pytest.raises(FileUnsupported, match="解压"):
        read_text(zip_of({"a.zip": zip_of({"b.zip": b"0" * 1000})}))


def test_an_encrypted_entry_needs_a_password() -> None:
    data = bytearray(docx_of(p("甲")))
    at = 0
    while (at := bytes(data).find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    with pytest.raises(FileEncrypted):
        read_text(bytes(data))


def test_other_compressions_than_deflate_are_refused_unopened() -> None:
    out = docx_of(p("甲")).replace(b"\x08\x00", struct.pack("<H", zipfile.ZIP_LZMA))
    with pytest.raises(UnreadableDocument):
        read_text(out)


LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "declaration",
    [
        f'<!DOCTYPE w [<!ENTITY a0 "哈">{LAUGHS}]>',
        '<!DOCTYPE w [<!ENTITY a9 SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE w SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_a_document_type_is_refused_whatever_it_declares(declaration: str, encoding: str) -> None:
    body = "&a9;" if "ENTITY" in declaration else "甲"
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}<w:document xmlns:w="{W}">{body}</w:document>'
    with pytest.raises(FileBomb, match="文档类型"):
        read_text(docx_with_main(xml.encode(encoding)))


def test_elements_and_attributes_are_counted_before_they_are_made() -> None:
    for body in ("<a/>" * 1_000_001, "<a " + " ".join(f'a{n}=""' for n in range(1_000_001)) + "/>"):
        with pytest.raises(FileBomb):
            read_text(docx_with_main(f'<w:document xmlns:w="{W}">{body}</w:document>'))


@pytest.mark.parametrize("wrapper", ["ins", "sdt><w:sdtContent", "tbl><w:tr><w:tc", "customXml"])
def test_deep_xml_does_not_overflow(wrapper: str) -> None:
    tags = wrapper.replace("<w:", "").split(">")
    for depth in (250 // len(tags), 50_000):
        opening = "".join(f"<w:{tag}>" for tag in tags) * depth
        closing = "".join(f"</w:{tag}>" for tag in reversed(tags)) * depth
        answer = outcome(docx_of(opening + p("甲") + closing))
        assert "层次" in str(answer) if isinstance(answer, UnreadableDocument) else answer.text == "甲\n"


def test_a_list_that_starts_at_a_billion_is_written_briefly() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="999999999999999999999999"/>'
        '<w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    body = p("甲", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    assert len(read_text(docx_of(body, numbering=numbering)).text) < 60


def test_a_pdf_bomb_cannot_take_the_memory_of_the_server() -> None:
    squeezer = zlib.compressobj(9)
    once = b"".join(squeezer.compress(b"\n" * limits.MB) for _ in range(900)) + squeezer.flush()
    squeezed = zlib.compress(once, 9)
    plain = pdf_of(Page([(90, 700, 12, "甲")]))
    at = plain.rindex(b"<</Length")
    end = plain.index(b"endstream", at)
    bomb = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\n" % (len(squeezed), squeezed)
    answer = outcome(plain[:at] + bomb + plain[end:])
    assert isinstance(answer, UnreadableDocument)
    assert answer.code in {"policy.file_bomb", "policy.file_damaged", "policy.file_without_text"}
