"""Web pages: blocks, tables, lists, furniture."""

import pytest

from ronghe.policy.reader.errors import FileBomb, FileWithoutText
from ronghe.policy.reader.intake import read_text
from ronghe.policy.reader.intake.grid import Cell, Table


def text(markup: str) -> str:
    return read_text(f"<!DOCTYPE html><html><body>{markup}</body></html>".encode()).text


def lines(markup: str) -> list[str]:
    return text(markup).splitlines()


def test_blocks_are_lines_and_inline_marks_are_not() -> None:
    page = "<h1>实施方案</h1><p>完善<b>城乡</b>融合<br>体制<div>甲<p>乙</div><ul><li>丙<li>丁</ul>"
    assert lines(page) == ["实施方案", "完善城乡融合", "体制", "甲", "乙", "丙", "丁"]


def test_white_space_as_a_browser_shows_it_but_chinese_joins() -> None:
    assert lines("<p>\n  完善\n  制度，到  2025 年\n GEP\n report&nbsp;完 </p>") == [
        "完善制度，到 2025 年 GEP report 完"
    ]


def test_preformatted_lines_stay() -> None:
    assert lines("<pre>一、甲\n（一）乙\n</pre>") == ["一、甲", "（一）乙"]


def test_entities_scripts_and_readings() -> None:
    page = "<script>var a = '<p>x</p>';</script><style>p{}</style><p>&ldquo;三权&#20998;置&rdquo;</p>"
    ruby = "<p><ruby>區<rp>(</rp><rt>qū</rt><rp>)</rp></ruby>縣</p>"
    assert lines(page + ruby) == ["“三权分置”", "區縣"]


@pytest.mark.parametrize(
    ("markup", "encoding", "used"),
    [
        ('<meta charset="gb2312"><p>一、总体要求', "gb18030", "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=big5"><p>一、總體要求', "big5", "big5hkscs"),
        ('<meta charset="gb2312"><p>一、总体要求', "utf-8", "utf-8"),  # the page says what it no longer is
        ('<?xml version="1.0" encoding="GBK"?><html><p>一、总体要求</p></html>', "gb18030", "gb18030"),
        ("<html><p>一、总体要求</p>", "utf-16", "utf-16-le"),
    ],
)
def test_what_the_page_says_of_its_encoding_is_believed_if_the_bytes_agree(
    markup: str, encoding: str, used: str
) -> None:
    read = read_text(markup.encode(encoding))
    assert (read.kind, read.encoding) == ("html", used)
    assert read.text.replace("總體", "总体") == "一、总体要求\n"


def test_list_numbers_are_written_out() -> None:
    assert lines("<ol><li>甲<li>乙<ol type=a><li>子</ol><li value=7>丙</ol>") == ["1. 甲", "2. 乙", "a. 子", "7. 丙"]
    han = '<ol style="list-style-type: cjk-ideographic" start=11><li><p>甲</p><p>续</p><li>乙</ol>'
    assert lines(han) == ["十一、甲", "续", "十二、乙"]
    assert lines('<ol style="list-style:none"><li>甲</ol>') == ["甲"]


def test_a_number_that_the_author_wrote_as_well_stands_once() -> None:
    assert lines("<ol><li>1. 甲<li>2、乙<li>2020年丙</ol>") == ["1. 甲", "2、乙", "3. 2020年丙"]


def test_tables_are_rows_with_empty_cells_for_merged_ones() -> None:
    table = (
        "<table><caption>任务分工表</caption><tr><th>试验任务<th>牵头单位<th>措施"
        "<tr><td rowspan=2>土地<td>县自然<br>资源局<td>甲<tr><td colspan=2>乙</table>"
    )
    assert lines(table) == ["任务分工表", "试验任务\t牵头单位\t措施", "土地\t县自然 资源局\t甲", "\t乙\t"]


def test_a_span_wider_than_the_table_adds_no_columns() -> None:
    assert lines("<table><tr><td colspan=900>题<tr><td>甲<td>乙</table>") == ["题\t", "甲\t乙"]


def test_tables_that_only_arrange_the_page_are_no_tables() -> None:
    inner = "<table><tr><td>试验任务甲<td>牵头单位乙<tr><td>丙<td>丁</table>"
    assert lines(f"<table><tr><td>左<td><p>一、总体要求</p>{inner}</table>") == [
        "左",
        "一、总体要求",
        "试验任务甲\t牵头单位乙",
        "丙\t丁",
    ]
    paragraphs = "".join(f"<p>（{n}）完善城乡融合发展体制机制和政策体系，促进要素自由流动。</p>" for n in range(30))
    assert len(lines(f"<table><tr><td>左<td>{paragraphs}</table>")) == 31


def test_the_head_table_of_government_sites_becomes_keys_and_values() -> None:
    table = (
        "<table><tr><td>索 引 号：<td>00511755<td>主题分类<td>重大建设项目"
        "<tr><td>发文字号<td>青政字〔2020〕31号<td>规范性文件登记号<td></table>"
    )
    assert lines(table) == [
        "索引号：00511755",
        "主题分类：重大建设项目",
        "发文字号：青政字〔2020〕31号",
        "规范性文件登记号：",
    ]


def test_the_head_list_of_government_sites_too() -> None:
    items = "<ul><li><b>索引号</b><span>005</span><li><b>有效性：</b>有效<li><b>登记号</b><span></span></ul>"
    assert lines(items) == ["索引号：005", "有效性：有效", "登记号："]
    assert lines("<dl><dt>成文日期</dt>\n<dd>2020-11-24</dd><dt>标题</dt><dd>通知</dd></dl>") == [
        "成文日期：2020-11-24",
        "标题：通知",
    ]


def test_furniture_is_dropped_by_name_unless_that_would_be_most_of_the_page() -> None:
    page = "<nav>首页</nav><div class='breadcrumb'>当前位置</div><p>一、总体要求和基本原则</p><footer>版权</footer>"
    assert lines(page) == ["一、总体要求和基本原则"]
    kept = "<p>一、总体要求和基本原则，完善城乡融合发展体制机制和政策体系。</p>"
    read = read_text(f"<html>{kept}<div class=share>{'分享到微信' * 5}</div></html>".encode())
    assert "分享" not in read.text
    assert "约 25 字" in read.notes[0]
    assert lines("<div class='position share'><p>一、总体要求和基本原则</p></div><p>完</p>") == [
        "一、总体要求和基本原则",
        "完",
    ]


def test_hidden_text_is_left_out_and_said() -> None:
    read = read_text(f"<html><p>明</p><div style='display: none'>{'暗' * 30}</div>".encode())
    assert read.text == "明\n"
    assert "隐藏" in read.notes[0]


def test_the_title_stands_in_when_there_is_no_heading_and_only_then() -> None:
    head = "<html><head><title>关于印发实施方案的通知_青岛市人民政府</title></head>"
    assert read_text(f"{head}<p>各区市：</p>".encode()).text == "关于印发实施方案的通知\n各区市：\n"
    assert read_text(f"{head}<h1>通知</h1>".encode()).text == "通知\n"
    assert read_text(f"{head}<p>关于印发实施方案<br>的通知</p>".encode()).text == "关于印发实施方案\n的通知\n"


def test_a_page_of_pictures_is_refused_with_the_way_out() -> None:
    with pytest.raises(FileWithoutText, match="2 幅"):
        read_text(b"<html><body><img src=a><img src=b></body></html>")


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "blockquote"])
def test_deep_nesting_does_not_overflow(tag: str) -> None:
    read = read_text(("<html>" + f"<{tag}>" * 100_000 + "一、总体要求").encode())
    assert read.text == "一、总体要求\n"


def test_a_hundred_thousand_closed_levels_get_an_answer() -> None:
    # Looking for each end tag among all open elements would cost 10^10 steps.
    with pytest.raises(FileBomb, match="嵌套"):
        read_text(("<html>" + "<div>" * 100_000 + "甲" + "</div>" * 100_000).encode())
    assert text("<div>" * 5_000 + "甲" + "</div>" * 5_000) == "甲\n"


def test_a_million_tags_are_refused() -> None:
    with pytest.raises(FileBomb, match="标记"):
        read_text(b"<html>" + b"<p>a" * 1_100_000)


def test_spans_that_would_make_a_hundred_million_cells_are_refused() -> None:
    row = [Cell(["甲"]) for _ in range(1500)]
    with pytest.raises(FileBomb):
        Table(rows=[row] + [[Cell(["乙"]), Cell()] for _ in range(1000)]).lines()
    with pytest.raises(FileBomb):
        Table(rows=[[Cell(["甲"], colspan=1000, rowspan=0), Cell(["乙"])] for _ in range(20_000)]).lines()
