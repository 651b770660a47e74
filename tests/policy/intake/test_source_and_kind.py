"""What may be read at all, and what the content says it is."""

import hashlib
import os
import socket
from pathlib import Path

import pytest

from ronghe.policy.reader.errors import (
    FileDamaged,
    FileEncrypted,
    FileForbidden,
    FileMissing,
    FileNotRegular,
    FileTooLarge,
    FileUnsupported,
    UnreadableDocument,
)
from ronghe.policy.reader.intake import limits, read_text
from tests.policy.intake.makers import docx_of, p, pdf_of, plain_page, zip_of

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def test_a_path_is_read_and_its_bytes_are_named_by_their_hash(tmp_path: Path) -> None:
    file = tmp_path / "方案.txt"
    file.write_text("一、总体要求\r\n", newline="")
    read = read_text(file)
    assert read.text == "一、总体要求\r\n"
    assert read.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/", "/tmp"])
def test_devices_and_directories_are_not_read(path: str) -> None:
    with pytest.raises(FileNotRegular):
        read_text(Path(path))


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileNotRegular, match="管道"):
        read_text(pipe)


def test_a_socket_is_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        with pytest.raises(FileNotRegular, match="套接字"):
            read_text(tmp_path / "s")


@pytest.mark.parametrize("path", ["/nowhere/方案.docx", "/etc/hostname/方案.docx", "a\0b"])
def test_a_missing_path_is_said_to_be_missing(path: str) -> None:
    with pytest.raises(FileMissing):
        read_text(Path(path))


def test_names_the_system_refuses_are_errors_of_ours(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument):
        read_text(Path("/" + "长" * 5000))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(UnreadableDocument):
        read_text(tmp_path / "loop")


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "方案.txt"
    file.write_text("一、总体要求")

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    # The suite may run as root, whom no mode keeps out.
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileForbidden, match="权限"):
        read_text(file)


def test_a_large_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    file = tmp_path / "big.txt"
    with file.open("wb") as out:
        out.truncate(50 * limits.MB)  # sparse: nothing is there to be read
    with pytest.raises(FileTooLarge, match="30 MB"):
        read_text(file)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (OLE2 + "WordDocument".encode("utf-16-le"), "旧版 Word"),
        (OLE2 + "Workbook".encode("utf-16-le"), "旧版 Excel"),
        (OLE2, "OLE"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
        (b"Rar!\x1a\x07\x01\0", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "7z"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (zip_of({"xl/workbook.xml": "", "[Content_Types].xml": ""}), "xlsx"),
        (zip_of({"ppt/presentation.xml": "", "[Content_Types].xml": ""}), "pptx"),
        (zip_of({"OFD.xml": ""}), "OFD"),
        (zip_of({"content.xml": "", "mimetype": ""}), "ODF"),
        (zip_of({"方案.docx": ""}), "zip"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", "MHT"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "Word XML"),
        (b'<?xml version="1.0"?><tasks/>', "XML"),
    ],
)
def test_known_formats_that_we_do_not_read_are_named_with_advice(data: bytes, what: str) -> None:
    with pytest.raises(FileUnsupported, match=what) as refused:
        read_text(data)
    assert "请" in str(refused.value.facts["advice"])


def test_an_old_wps_file_is_named_by_its_ending() -> None:
    with pytest.raises(FileUnsupported, match="WPS"):
        read_text(OLE2 + "WordDocument".encode("utf-16-le"), name="方案.wps")


def test_an_encrypted_docx_is_an_ole_file_with_a_package_in_it() -> None:
    with pytest.raises(FileEncrypted, match="密码"):
        read_text(OLE2 + "EncryptedPackage".encode("utf-16-le"), name="方案.docx")


def test_the_content_decides_and_a_lying_name_is_noted() -> None:
    docx = read_text(docx_of(p("一、总体要求")), name="方案.txt")
    assert docx.kind == "docx"
    assert ".txt" in docx.notes[0]
    pdf = read_text(pdf_of(plain_page(["一、总体要求"])), name="方案.docx")
    assert (pdf.kind, pdf.pages) == ("pdf", 1)
    assert ".docx" in pdf.notes[0]
    html = read_text("<p>一、总体要求</p>".encode(), name="方案.doc")
    assert html.kind == "html"
    assert ".doc" in html.notes[0]


def test_a_true_name_or_none_is_not_noted() -> None:
    assert read_text("一、总体要求".encode(), name="方案.TXT").notes == ()
    assert read_text(docx_of(p("一、总体要求"))).notes == ()


def test_a_text_that_only_mentions_tags_stays_a_text() -> None:
    text = "一、<p> 是段落标记，<html> 是网页，%PDF- 是 PDF 的开头"
    read = read_text(text.encode(), name="说明.txt")
    assert (read.kind, read.text) == ("txt", text)


def test_a_cut_docx_is_damaged_and_not_just_some_zip() -> None:
    whole = docx_of(p("一、总体要求"))
    with pytest.raises(FileDamaged, match="docx"):
        read_text(whole[: len(whole) // 2])


def test_each_error_has_a_code_of_its_own() -> None:
    kinds = UnreadableDocument.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(
        kind.code.startswith("policy.file_") and ("请" in kind.message or "{advice}" in kind.message) for kind in kinds
    )
