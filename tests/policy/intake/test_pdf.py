"""PDF: lines, ruled and unruled tables, page numbers, scans."""

from itertools import pairwise

import pytest

from ronghe.policy.reader.errors import (
    FileDamaged,
    FileEncrypted,
    FileGarbledPdf,
    FileScannedPdf,
    FileTooManyPages,
    FileWithoutText,
)
from ronghe.policy.reader.intake import limits, read_text
from ronghe.policy.reader.intake.pdf_furniture import without_furniture
from ronghe.policy.reader.intake.pdf_glyphs import PageLine, unified
from tests.policy.intake.makers import Page, pdf_of, plain_page, ruled_table


def test_lines_are_kept_and_dashed_page_numbers_go() -> None:
    read = read_text(
        pdf_of(
            plain_page(["一、总体要求", "（一）指导思想。到 2025 年，完善 GEP 核"], foot="— 1 —"),
            plain_page(["算制度。", "二、保障措施"], foot="- 2 -"),
        )
    )
    assert read.text == "一、总体要求\n（一）指导思想。到 2025 年，完善 GEP 核\n算制度。\n二、保障措施\n"
    assert (read.kind, read.pages, read.encoding, read.notes) == ("pdf", 2, None, ())


XS, YS = [60.0, 160.0, 300.0, 500.0], [700.0, 640.0, 580.0, 520.0]


def merged_table() -> Page:
    """Three by three; the first row's first two cells and the first column's last two are merged."""
    rules = [r for r in ruled_table(XS, YS) if r not in ((160, 700, 160, 640), (60, 580, 160, 580))]
    texts = [(70, 670, "牵头"), (310, 670, "措施"), (70, 610, "土地"), (170, 620, "市自然资"), (170, 600, "源局"),
             (310, 610, "甲"), (170, 550, "乙"), (310, 550, "丙")]  # fmt: skip
    around = [(90.0, 740.0, 16.0, "附件"), (90.0, 400.0, 16.0, "完")]
    return Page([(x, y, 12.0, t) for x, y, t in texts] + around, rules)


def test_a_ruled_table_gives_its_rows_with_merged_cells_empty() -> None:
    assert read_text(pdf_of(merged_table())).text.splitlines() == [
        "附件",
        "牵头\t\t措施",
        "土地\t市自然资源局\t甲",
        "\t乙\t丙",
        "完",
    ]


def test_a_table_across_two_pages_is_said_to_be_one() -> None:
    read = read_text(pdf_of(merged_table(), Page([(90, 700, 16, "完")])))
    assert read.notes == ()
    table = Page(merged_table().texts[:8], merged_table().rules)
    read = read_text(pdf_of(table, table))
    assert "跨页" in read.notes[0]
    assert len(read.text.splitlines()) == 6


def test_borders_drawn_as_thin_boxes_are_borders() -> None:
    thin = [
        r
        for x1, y1, x2, y2 in ruled_table(XS, YS)
        for r in ((x1, y1, x2, y2), (x1 + 0.5, y1 + 0.5, x2 + 0.5, y2 + 0.5))
    ]
    page = Page([(70, 670, 12, "甲"), (170, 670, 12, "乙"), (310, 670, 12, "丙")], thin)
    assert read_text(pdf_of(page)).text == "甲\t乙\t丙\n"


@pytest.mark.parametrize("rotate", [0, 90])
def test_a_page_turned_to_landscape_reads_as_it_is_seen(rotate: int) -> None:
    seen = [("一、总体要求", 700.0), ("（一）指导思想", 660.0)]
    if rotate:
        # Turned clockwise by 90°: what is drawn upwards runs to the right, and x is the distance from the top.
        page = Page([(842 - y, 90.0, 16.0, text) for text, y in seen], rotate=90, sideways=True)
    else:
        page = Page([(90.0, y, 16.0, text) for text, y in seen])
    assert read_text(pdf_of(page)).text == "一、总体要求\n（一）指导思想\n"


def test_columns_without_rules_are_guessed_and_said_to_be() -> None:
    rows = [("任务", "单位"), ("土地", "县局"), ("户籍", "公安")]
    page = Page(
        [(x, 700 - 30.0 * n, 12.0, t) for n, row in enumerate(rows) for x, t in zip((90, 300), row, strict=True)]
    )
    read = read_text(pdf_of(page))
    assert read.text == "任务\t单位\n土地\t县局\n户籍\t公安\n"
    assert "推断" in read.notes[0]


def test_a_scan_is_refused_with_the_way_out() -> None:
    with pytest.raises(FileScannedPdf, match="OCR"):
        read_text(pdf_of(plain_page([], picture=True), plain_page(["扫描全能王"], picture=True)))


def test_a_partial_scan_says_which_pages_are_missing() -> None:
    read = read_text(pdf_of(plain_page(["一、总体要求"]), plain_page([], picture=True), plain_page(["二、保障"])))
    assert read.text == "一、总体要求\n二、保障\n"
    assert read.notes[0].startswith("第 2 页是扫描图片")


def test_blank_pages_are_no_scan() -> None:
    with pytest.raises(FileWithoutText):
        read_text(pdf_of(Page()))


def test_a_font_without_a_table_of_characters_is_refused_and_not_read_as_noise() -> None:
    noise = ["".join(chr(0x4E00 + (37 * n + 811 * row) % 20_000) for n in range(25)) for row in range(10)]
    with pytest.raises(FileGarbledPdf, match="对照表"):
        read_text(pdf_of(plain_page(noise)))
    private = ["".join(chr(0xE000 + n) for n in range(25))] * 3
    with pytest.raises(FileGarbledPdf):
        read_text(pdf_of(plain_page(private)))


def test_a_password_is_needed() -> None:
    locked = f"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{'11' * 32}>/U<{'22' * 32}>>>"
    with pytest.raises(FileEncrypted, match="密码"):
        read_text(pdf_of(plain_page(["一、总体要求"]), trailer=locked))


@pytest.mark.parametrize("data", [b"%PDF-1.7 and nothing more", b"%PDF-", pdf_of()])
def test_a_broken_pdf_is_damage(data: bytes) -> None:
    with pytest.raises(FileDamaged):
        read_text(data)


def test_more_pages_than_any_plan_has_are_refused() -> None:
    with pytest.raises(FileTooManyPages):
        read_text(pdf_of(*[Page()] * (limits.PDF_PAGES + 1)))


# -- furniture, on pages without a PDF -------------------------------------------------------------------------------


def page(*texts: str, head: str = "", foot: str = "") -> list[PageLine]:
    middle = [PageLine(text, 0.8 - 0.6 * n / max(len(texts), 1)) for n, text in enumerate(texts)]
    return ([PageLine(head, 0.95)] if head else []) + middle + ([PageLine(foot, 0.05)] if foot else [])


def test_repeated_heads_go_and_what_stands_once_stays() -> None:
    pages = [page(f"第{n}段甲", f"第{n}段乙", head="济南市人民政府文件", foot=f"{n}") for n in range(1, 6)]
    assert without_furniture(pages) == [f"第{n}段{c}" for n in range(1, 6) for c in "甲乙"]
    assert without_furniture(pages[:2])[0] == "济南市人民政府文件"


def test_a_lone_figure_that_does_not_count_along_is_text() -> None:
    pages = [page("总面积", foot="4523"), page("平方公里", foot="2"), page("完", foot="3")]
    assert without_furniture(pages) == ["总面积", "4523", "平方公里", "完"]


def test_numbers_may_begin_anywhere() -> None:
    assert without_furniture([page("甲", foot="17"), page("乙", foot="18")]) == ["甲", "乙"]


@pytest.mark.parametrize("foot", ["— 3 —", "-3-", "－ 12 －", "第 3 页", "第3页 共20页", "3 / 20", "·3·"])
def test_forms_of_page_numbers(foot: str) -> None:
    assert without_furniture([page("甲", "乙", foot=foot)]) == ["甲", "乙"]


@pytest.mark.parametrize("foot", ["2021年8月15日", "3.", "（3）", "3、完善制度", "66607109"])
def test_what_only_resembles_a_page_number_stays(foot: str) -> None:
    assert without_furniture([page("甲", "乙", foot=foot)])[-1] == foot


def test_rows_of_a_table_are_never_furniture() -> None:
    row = [PageLine("试验任务\t牵头单位", 0.95, is_row=True), PageLine("1", 0.05, is_row=True)]
    assert without_furniture([row] * 4) == ["试验任务\t牵头单位", "1"] * 4


def test_radicals_in_place_of_characters_are_read_as_characters() -> None:
    found = [unified(ord(c)) for c in "⼀⽅⻓"]
    assert [c.text for c in found if c] == ["一", "方", "长"]
    assert all(a.radical and b.radical for a, b in pairwise(c for c in found if c))
