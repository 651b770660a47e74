"""Official documents and charts: the form of GB/T 9704-2012, drawn numbers, drafts that say so."""

import io
import re
from dataclasses import replace

import pypdfium2
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.kernel.accounts.tests.factories import COUNTY, NOON
from ronghe.kernel.files import services as files
from ronghe.kernel.papers import declared, errors, palette, services, setting, typesetter
from ronghe.kernel.papers.blocks import (
    BARS_OF_ONE_DRAWING,
    Chart,
    ChartBar,
    Head,
    Heading,
    Paragraph,
    Series,
    Sheet,
    Signature,
    Table,
    drawings,
)
from ronghe.kernel.papers.declared import Template
from tests.people import person

CHART = Chart(
    "各区县试验任务进展",
    "项",
    (
        ChartBar("章丘区", (1234, 60, 3)),
        ChartBar("南部山区管理委员会农业农村与生态保护办公室", (9, 0, 1)),
        ChartBar("商河县", (0, 0, 0)),
    ),
    (Series("按期", "good"), Series("预警", "warn"), Series("逾期", "bad")),
)
HEAD = Head(
    "济南市城乡融合发展试验区专班文件",
    addressees="各区县人民政府",
    annexes=("任务台账", "逾期清单"),
    copies_to="市委办公厅",
    printed_by="市专班办公室",
    printed_on="2026年10月9日",
)
SHEET = Sheet(
    "关于试验任务推进情况的通报",
    (
        Heading("一、总体情况"),
        Heading("（一）进展", level=2),
        Paragraph("段落 #set text(red) *不是标记*"),
        CHART,
        Table(("区县", "任务"), (("章丘区", "=1+1"),)),
        Signature("市专班", "2026年10月9日"),
    ),
    "济融通报〔2026〕3701-0001号",
    "ABCD-EFGH",
    "https://ronghe.example/papers/check/ABCD-EFGH/",
    HEAD,
)
DRAFT = replace(SHEET, number="", code="", address="", is_draft=True)


def pages_of(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as found:
        return [re.sub(r"\s", "", page.get_textpage().get_text_bounded()) for page in found]


def words_of(sheet: Sheet) -> str:
    return "".join(pages_of(setting.pdf(sheet, at=NOON)))


def word(sheet: Sheet):
    return Document(io.BytesIO(setting.docx(sheet)))


class TestChart:
    def test_every_number_stands_in_the_pdf_also_where_its_part_is_too_narrow(self):
        words = words_of(Sheet("图", (CHART,)))
        for expected in (
            "（单位：项）",
            "按期",
            "1,234",
            "1,297",
            "其中预警60、逾期3",
            "10其中按期9、逾期1",
            "商河县0",
        ):
            assert expected in words

    def test_one_series_shows_each_number_once(self):
        one = Chart("价款", "", (ChartBar("甲", (77,)), ChartBar("乙", (0,))), (Series("成交价款"),))
        assert words_of(Sheet("图", (one,))).count("77") == 1

    def test_what_cannot_be_drawn_honestly_is_refused(self):
        with pytest.raises(ValueError, match="1 to 6 series, not 7"):
            Chart("图", "", (ChartBar("甲", (1,) * 7),), (Series("一"),) * 7)
        with pytest.raises(ValueError, match="1 to 6 series, not 0"):
            Chart("图", "", (ChartBar("甲", ()),), ())
        with pytest.raises(ValueError, match="at least one bar"):
            Chart("图", "", (), (Series("一"),))
        for values in ((1, 2), (-1,)):
            with pytest.raises(ValueError, match="zero or more for each series"):
                Chart("图", "", (ChartBar("甲", values),), (Series("一"),))

    def test_many_bars_stand_in_several_drawings_of_one_scale(self):
        count = BARS_OF_ONE_DRAWING + 1
        many = Chart("图", "", tuple(ChartBar(f"第{n}区", (n,)) for n in range(count)), (Series("数"),))
        first, second = drawings(many)
        assert (len(first["bars"]), len(second["bars"]), second["title"]) == (BARS_OF_ONE_DRAWING, 1, "图（续）")
        assert first["bars"][9]["segments"][0]["share"] == 9 / (count - 1)
        assert len(word(Sheet("图", (many,))).inline_shapes) == 2

    def test_a_chart_higher_than_a_page_goes_on_and_loses_nothing(self):
        names = tuple(Series(f"第{n}类很长的系列名称需要分行说明") for n in range(6))
        low = tuple(ChartBar(f"第{n}号南部山区管理委员会办公室", (n, 1, 1, 1, 1, 1)) for n in range(17))
        sheet = Sheet("图", (Chart("图", "元", (*low, ChartBar("全市", (10**7,) * 6)), names),))
        words = words_of(sheet)
        assert all(one in words for one in ("第0号", "第16号", "说明16、", "60,000,000"))
        (shape,) = word(sheet).inline_shapes
        assert shape.height.mm <= 225

    @given(st.lists(st.sampled_from([None, "plain", "place", "good", "warn", "bad"]), min_size=1, max_size=6))
    def test_words_on_every_colour_are_readable_and_no_two_series_look_the_same(self, tones):
        made = list(palette.fills(tones))
        assert all(palette.contrast(palette.ink(fill), fill) >= 4.5 for fill in made)  # WCAG 2.1 AA
        for tone in set(tones):
            same = [fill for fill, one in zip(made, tones, strict=True) if one == tone]
            assert len(set(same)) == len(same)

    def test_a_character_without_a_glyph_is_named_with_its_place(self):
        for chart, where in (
            (replace(CHART, title="图\ue000"), "图题"),
            (replace(CHART, series=(Series("\ue000"), *CHART.series[1:])), "图例"),
            (replace(CHART, bars=(*CHART.bars, ChartBar("\ue000", (1, 1, 1)))), "图第 4 条"),
        ):
            for form in (lambda sheet: setting.pdf(sheet, at=NOON), setting.docx):
                with pytest.raises(errors.GlyphMissing, match=f"“{where}”里的“\ue000”"):
                    form(Sheet("图", (chart,)))

    def test_word_holds_the_picture_with_its_numbers_in_words(self):
        (shape,) = word(SHEET).inline_shapes
        told = shape._inline.docPr.get("descr")
        assert told.startswith(
            "条形图：各区县试验任务进展（单位：项）。章丘区 1,297，其中按期 1,234、预警 60、逾期 3；"
        )
        assert told.endswith("商河县 0。")
        assert typesetter.picture(next(drawings(CHART))).startswith(b"\x89PNG")

    def test_the_workbook_holds_the_numbers_as_numbers(self):
        rows = list(load_workbook(io.BytesIO(setting.xlsx(SHEET))).active.values)
        at = next(place for place, row in enumerate(rows) if row[0] == CHART.title)
        assert [row[:4] for row in rows[at + 1 : at + 3]] == [(None, "按期", "预警", "逾期"), ("章丘区", 1234, 60, 3)]
        assert ("抄送", "市委办公厅") in [row[:2] for row in rows]


class TestOfficialForm:
    def test_the_pdf_holds_every_part_in_the_order_of_the_standard(self):
        words = words_of(SHEET)
        order = [
            HEAD.mark,
            "济融通报〔2026〕3701-0001号",
            "关于试验任务推进情况的通报",
            "各区县人民政府：",
            "一、总体情况",
            "#settext(red)*不是标记*",
            "附件：1.任务台账",
            "2.逾期清单",
            "市专班2026年10月9日",
            "核验码ABCD-EFGH",
            "抄送：市委办公厅。",
            "市专班办公室2026年10月9日印发",
        ]
        places = [words.find(one) for one in order]
        assert -1 not in places
        assert places == sorted(places)

    def test_odd_pages_are_numbered_at_the_right_and_even_ones_at_the_left(self):
        content = setting.pdf(replace(SHEET, blocks=(Paragraph("试" * 1000), *SHEET.blocks)), at=NOON)
        with pypdfium2.PdfDocument(content) as found:
            for number, page in enumerate(found, start=1):
                text = page.get_textpage()
                index, _ = text.search(f"— {number} —").get_next()
                assert (text.get_charbox(index)[0] > page.get_width() / 2) == (number % 2 == 1)

    def test_a_full_page_has_22_lines_of_28_characters(self):
        content = setting.pdf(replace(SHEET, blocks=(Paragraph("试" * 2000),)), at=NOON)
        assert pages_of(content)[1] == "试" * 22 * 28 + "—2—"

    def test_the_same_sheet_gives_the_same_bytes(self):
        for sheet in (SHEET, DRAFT):
            assert setting.pdf(sheet, at=NOON) == setting.pdf(sheet, at=NOON)

    def test_word_has_the_red_mark_the_red_rule_and_numbered_pages(self):
        made = word(SHEET)
        mark = next(line for line in made.paragraphs if line.text == HEAD.mark)
        assert str(mark.runs[0].font.color.rgb) == "D40000"
        number = next(line for line in made.paragraphs if line.text == SHEET.number)
        assert 'w:color="D40000"' in number._p.xml
        assert made.settings.odd_and_even_pages_header_footer
        page = made.sections[0]
        assert [one.paragraphs[0].alignment.name for one in (page.footer, page.even_page_footer)] == ["RIGHT", "LEFT"]
        assert all('w:instr="PAGE"' in one._element.xml for one in (page.footer, page.even_page_footer))
        words = "\n".join(line.text for line in made.paragraphs)
        for expected in (
            "各区县人民政府：",
            "附件：1. 任务台账",
            "抄送：市委办公厅。",
            "市专班办公室\t2026年10月9日印发",
        ):
            assert expected in words

    def test_a_draft_says_so_in_every_form(self):
        pages = pages_of(setting.pdf(DRAFT, at=NOON))
        assert all("草稿" in page for page in pages)
        assert "（未编号）" in pages[0]
        assert word(DRAFT).paragraphs[0].text == "草稿"
        assert ("状态", "草稿") in [row[:2] for row in load_workbook(io.BytesIO(setting.xlsx(DRAFT))).active.values]
        assert "草稿" not in words_of(SHEET)

    @pytest.mark.parametrize(
        ("part", "where"),
        [
            ({"mark": "\ue000"}, "发文机关标志"),
            ({"addressees": "\ue000"}, "主送"),
            ({"annexes": ("\ue000",)}, "附件"),
            ({"copies_to": "\ue000"}, "抄送"),
            ({"printed_by": "\ue000"}, "印发机关和印发日期"),
        ],
    )
    def test_a_character_without_a_glyph_is_named_with_its_place(self, part, where):
        with pytest.raises(errors.GlyphMissing, match=f"“{where}”里的“\ue000”"):
            setting.pdf(replace(SHEET, head=replace(HEAD, **part)), at=NOON)


@pytest.mark.django_db
class TestIssuing:
    REPORT = Template(
        "tests.report",
        "通报",
        "试通报",
        lambda facts: (Paragraph("现通报如下。"), CHART),
        lambda facts: (("标题", facts["title"]),),
        lambda facts: Head("试验区专班文件", facts["title"], printed_by="专班办公室", is_signed=facts["is_signed"]),
    )
    FACTS = {"title": "关于三季度的通报", "is_signed": True}

    @pytest.fixture(autouse=True)
    def _world(self, monkeypatch, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        monkeypatch.setitem(declared.TEMPLATES, self.REPORT.key, self.REPORT)
        accounts.places()
        self.office = person(Role.ZONE_OFFICE, COUNTY).actor

    def test_the_given_number_and_the_day_stand_in_the_head_and_at_the_end(self):
        made = services.issue_paper(self.REPORT.key, facts=self.FACTS, division=COUNTY, actor=self.office, at=NOON)
        words = "".join(pages_of(files.content(made.pdf_id)))
        day = f"{NOON.year}年{NOON.month}月{NOON.day}日"
        for expected in (f"试验区专班文件{made.number}关于三季度的通报", f"专班办公室{day}印发", "核验码"):
            assert expected in words
        assert services.copy_of(made, "docx").startswith(b"PK")

    def test_a_draft_takes_no_number_and_leaves_room_for_the_day(self):
        sheet = services.sheet_of(self.REPORT, self.FACTS, unit_id=None, at=NOON, is_draft=True)
        assert sheet.closing == Signature("", "　　　　年　　月　　日")
        assert "（未编号）关于三季度的通报" in words_of(sheet).replace("草稿", "")

    def test_minutes_bear_no_signature(self):
        facts = {**self.FACTS, "is_signed": False}
        assert services.sheet_of(self.REPORT, facts, number="1号", unit_id=None, at=NOON).closing is None
