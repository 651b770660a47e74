"""Word's automatic numbers (ECMA-376 Part 1 §17.9)."""

import pytest

from ronghe.policy.reader.intake import read_text
from ronghe.policy.reader.intake.numerals import numeral
from tests.policy.intake.makers import docx_of, level, numbered, numbering, p

OUTLINE = numbering(
    level(0, "chineseCounting", "%1、"),
    level(1, "chineseCountingThousand", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimal", "(%4)"),
    level(4, "decimalEnclosedCircleChinese", "%5"),
)


def lines(body: str, *, numbering: str, styles: str = "") -> list[str]:
    return read_text(docx_of(body, numbering=numbering, styles=styles)).text.splitlines()


def test_the_outline_of_an_official_document() -> None:
    plan = [(0, "总体要求"), (1, "指导思想。"), (1, "基本原则。"), (2, "先行先试"), (3, "甲"), (4, "乙"), (4, "丙"), (2, "完"),
            (0, "重点任务"), (1, "土地"), (2, "入市")]  # fmt: skip
    assert lines("".join(numbered(text, at) for at, text in plan), numbering=OUTLINE) == [
        "一、总体要求",
        "（一）指导思想。",
        "（二）基本原则。",
        "1. 先行先试",
        "(1) 甲",
        "①乙",
        "②丙",
        "2. 完",
        "二、重点任务",
        "（一）土地",
        "1. 入市",
    ]


def test_numbers_that_run_on_across_the_level_above() -> None:
    # Gaoqing numbers its tasks 1–14 across (一)–(四): lvlRestart 0 (§17.9.10).
    part = numbering(level(0, "chineseCounting", "（%1）"), level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>'))
    body = "".join(numbered("甲", at) for at in (0, 1, 1, 0, 1))
    assert lines(body, numbering=part) == ["（一）甲", "1. 甲", "2. 甲", "（二）甲", "3. 甲"]


def test_lists_of_one_definition_count_on_unless_the_start_is_overridden() -> None:
    nums = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="0"/>{more}</w:num>'
        for n, more in [
            (1, ""),
            (2, ""),
            (3, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'),
            (4, f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1.")}</w:lvlOverride>'),
        ]
    )
    part = numbering(level(0, "decimal", "%1."), nums=nums)
    body = "".join(numbered("甲", 0, num) for num in (1, 2, 3, 3, 4))
    assert lines(body, numbering=part) == ["1. 甲", "2. 甲", "1. 甲", "2. 甲", "III. 甲"]


def test_several_levels_in_one_number_and_legal_style() -> None:
    part = numbering(level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    body = numbered("甲", 0) + numbered("乙", 1) + numbered("丙", 1)
    assert lines(body, numbering=part) == ["第一章甲", "1.1 乙", "1.2 丙"]


def test_a_number_may_come_from_the_style_and_the_style_from_another() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:ilvl w:val="1"/>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2a"><w:basedOn w:val="2"/></w:style>'
    )
    part = numbering(
        level(0, "japaneseCounting", "%1、", '<w:pStyle w:val="1"/>'), level(1, "japaneseCounting", "（%2）")
    )
    body = "".join(p("甲", f'<w:pStyle w:val="{style}"/>') for style in ("1", "2", "2a"))
    # numId 0 takes the number of the style away (§17.9.18)
    body += p("乙", '<w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert lines(body, numbering=part, styles=styles) == ["一、甲", "（一）甲", "（二）甲", "乙"]


def test_a_circle_of_styles_ends() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
    )
    assert lines(p("甲", '<w:pStyle w:val="a"/>'), numbering=OUTLINE, styles=styles) == ["甲"]


def test_what_follows_the_number() -> None:
    part = numbering(
        level(0, "decimal", "%1.", '<w:suff w:val="nothing"/>'),
        level(1, "decimal", "（%2）", '<w:suff w:val="space"/>'),
        level(2, "bullet", "\uf06c"),
        level(3, "none", "附件：", '<w:suff w:val="nothing"/>'),
    )
    body = "".join(numbered("甲", at) for at in range(4))
    assert lines(body, numbering=part) == ["1.甲", "（1） 甲", "• 甲", "附件：甲"]


def test_a_deleted_numbered_paragraph_does_not_count() -> None:
    gone = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr>'
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"
    )
    assert lines(numbered("甲", 0) + gone + numbered("乙", 0), numbering=OUTLINE) == ["一、甲", "二、乙"]


def test_numbers_in_the_cells_of_a_table() -> None:
    row = f"<w:tr><w:tc>{numbered('甲', 2)}{numbered('乙', 2)}</w:tc><w:tc>{p('丙')}</w:tc></w:tr>"
    assert lines(f"<w:tbl>{row}</w:tbl>", numbering=OUTLINE) == ["1. 甲 2. 乙\t丙"]


def test_a_list_that_stands_with_its_style() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="L"><w:name w:val="公文"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    part = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1">{level(0, "chineseCounting", "%1、")}<w:styleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    assert lines(numbered("甲", 0), numbering=part, styles=styles) == ["一、甲"]


@pytest.mark.parametrize(
    ("n", "number_format", "written"),
    [
        (10, "chineseCounting", "十"),
        (12, "chineseCounting", "十二"),
        (20, "chineseCountingThousand", "二十"),
        (101, "chineseCountingThousand", "一百零一"),
        (110, "chineseCountingThousand", "一百一十"),
        (1005, "chineseCountingThousand", "一千零五"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (12, "ideographDigital", "一二"),
        (3, "ideographTraditional", "丙"),
        (2, "ideographZodiac", "丑"),
        (20, "decimalEnclosedCircle", "⑳"),
        (36, "decimalEnclosedCircle", "㊱"),
        (3, "decimalEnclosedParen", "⑶"),
        (3, "decimalEnclosedFullstop", "⒊"),
        (12, "decimalFullWidth", "１２"),
        (7, "decimalZero", "07"),
        (28, "lowerLetter", "bb"),
        (14, "upperRoman", "XIV"),
        (5, "no such format", "5"),
    ],
)
def test_formats_of_numbers(n: int, number_format: str, written: str) -> None:
    assert numeral(n, number_format) == written
