"""Whatever the bytes are, there is a text or an error of ours; and no error without a code, a reason and advice."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronghe.policy.reader.errors import UnreadableDocument
from ronghe.policy.reader.intake import Intake, read_text
from tests.policy.intake.makers import docx_of, level, numbered, numbering, p, pdf_of, plain_page

DOCX = docx_of(
    numbered("总体要求", 0) + f"<w:tbl><w:tr><w:tc>{p('甲')}</w:tc><w:tc>{p('乙')}</w:tc></w:tr></w:tbl>",
    numbering=numbering(level(0, "chineseCounting", "%1、")),
)
PDF = pdf_of(plain_page(["一、总体要求"], foot="— 1 —"))
HTML = "<html><meta charset=gbk><table><tr><td rowspan=2>甲<td>乙</table><ol><li>丙</ol>".encode("gbk")

TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<table>",
        "</table>",
        "<tr>",
        "<td",
        "rowspan=3>",
        "</td>",
        "<th",
        "colspan=0>",
        "<ol>",
        "<li>",
        "</li>",
        "</ol>",
        "<br>",
        "<pre>",
        "</pre>",
        "<title>",
        "</title>",
        "<dt>",
        "<dd>",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "<nav>",
        "</nav>",
        "<script>",
        "</script>",
        "<td",
        "colspan=9>",
        "&#x0;",
        "&#xd800;",
        "索引号",
        "甲\n",
        ":",
        "</html>",
    ]
)


def outcome(data: bytes, name: str = "") -> Intake | UnreadableDocument:
    """What becomes of a file: anything but these two is an error of the reader."""
    try:
        return read_text(data, name=name)
    except UnreadableDocument as refused:
        return refused


def read_or_refused(data: bytes, name: str = "") -> None:
    answer = outcome(data, name)
    if isinstance(answer, UnreadableDocument):
        assert answer.code.startswith("policy.file_")
        assert "请" in str(answer)
    else:
        assert answer.text.strip()
        assert "\0" not in answer.text
        answer.text.encode("utf-8")  # no lone surrogates


@given(st.binary(max_size=400), st.sampled_from(["", "方案.txt", "方案.html", "方案.docx"]))
def test_any_bytes(data: bytes, name: str) -> None:
    read_or_refused(data, name)


@given(
    st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"<html>", b"<?xml ", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\xef\xbb\xbf",
                     b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"BM", b"RIFF"]),
    st.binary(max_size=300),
)  # fmt: skip
def test_any_bytes_after_a_signature(signature: bytes, rest: bytes) -> None:
    read_or_refused(signature + rest)


@pytest.mark.parametrize("whole", [DOCX, HTML], ids=["docx", "html"])
@given(data=st.data())
def test_any_damage_to_a_good_file(whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole) - 1))
    instead = data.draw(st.binary(max_size=6))
    gone = data.draw(st.integers(0, 40))
    read_or_refused(whole[:at] + instead + whole[at + gone :])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(PDF) - 1), st.binary(max_size=6), st.integers(0, 40))
def test_any_damage_to_a_pdf(at: int, instead: bytes, gone: int) -> None:
    read_or_refused(PDF[:at] + instead + PDF[at + gone :])


@given(st.lists(TAGS, max_size=60))
def test_any_soup_of_tags(tags: list[str]) -> None:
    read_or_refused(("<html>" + "".join(tags)).encode())


NAMES = st.sampled_from(
    [
        "p",
        "r",
        "t",
        "tbl",
        "tr",
        "tc",
        "ins",
        "del",
        "sdt",
        "sdtContent",
        "pPr",
        "numPr",
        "tcPr",
        "vMerge",
        "br",
        "tab",
        "drawing",
        "txbxContent",
    ]
)


def _element(name: str, inside: list[str]) -> str:
    return f'<w:{name} w:val="1">{"".join(inside)}</w:{name}>'


@given(
    st.recursive(st.just("甲"), lambda inner: st.builds(_element, NAMES, st.lists(inner, max_size=3)), max_leaves=25)
)
def test_any_arrangement_of_word_elements(body: str) -> None:
    read_or_refused(docx_of(body))
