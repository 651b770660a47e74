"""The tree of clauses: markers of all styles, broken lines, gaps in the numbers."""

from __future__ import annotations

import pytest

from ronghe.policy.reader import Reading, read_plan


def paths(text: str) -> list[str]:
    return ["/".join(c.path) + " " + c.title for c in read_plan(text).clauses]


def kinds(reading: Reading) -> list[str]:
    return [d.kind for d in reading.discrepancies]


def test_five_levels_of_official_documents():
    text = "一、总则\n（一）目的\n1.甲\n（1）乙\n①丙：做事。\n②丁：做事。\n2．戊\n(二) 己\n二、任务\n"
    assert paths(text) == [
        "一 总则", "一/(一) 目的", "一/(一)/1 甲", "一/(一)/1/(1) 乙", "一/(一)/1/(1)/① 丙", "一/(一)/1/(1)/② 丁",
        "一/(一)/2 戊", "一/(二) 己", "二 任务",
    ]  # fmt: skip


def test_chapters_sections_and_articles():
    assert paths("第一章 总则\n第一条 为了发展，制定本办法。\n第二章　措施\n第一节 土地\n第二条 支持入市。\n") == [
        "第一章 总则", "第一章/第一条 为了发展，制定本办法", "第二章 措施", "第二章/第一节 土地", "第二章/第一节/第二条 支持入市",
    ]  # fmt: skip


def test_tasks_with_numbers_and_decimal_numbers():
    assert paths("二、任务\n任务一：户籍\n1.放开落户。\n任务二 土地\n") == [
        "二 任务",
        "二/任务一 户籍",
        "二/任务一/1 放开落户",
        "二/任务二 土地",
    ]
    assert paths("1. 总体\n1.1 思想\n2. 任务\n2.1 户籍\n2.1.1 落户\n") == [
        "1 总体",
        "1/1.1 思想",
        "2 任务",
        "2/2.1 户籍",
        "2/2.1/2.1.1 落户",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "一、二级土地市场统一管理。",
        "任务一体化推进。",
        "1.5万亩林地。",
        "2021.8月起执行。",
        "（VCS）减排。",
        "（2021）年度。",
    ],
)
def test_counting_words_open_no_clause(line):
    assert paths(f"一、总则\n做事。\n{line}\n") == ["一 总则"]


def test_inline_items_open_no_clause():
    reading = read_plan("二、任务\n1.入市。（1）制定办法。(2)加强管制；(3)公开交易。（责任单位：市自然资源局）\n")
    assert [t.path for t in reading.tasks] == [("二", "1")]


def test_circled_items_behind_a_label_open_clauses():
    text = "四、措施\n8. 建设载体。\n落实措施：①小镇：建设小镇。（责任单位：县发展改革局）\n②园区：建设园区。（责任单位：县农业农村局）\n"
    assert [(t.path, t.title) for t in read_plan(text).tasks] == [
        (("四", "8", "①"), "小镇"),
        (("四", "8", "②"), "园区"),
    ]


def test_missing_chapter_is_told_and_not_renumbered():
    reading = read_plan("一、总则\n（一）甲\n二、任务\n四、保障\n")
    assert [c.path[0] for c in reading.clauses] == ["一", "一", "二", "四"]
    assert kinds(reading) == ["missing_chapter"]
    assert "第三章" in reading.discrepancies[0].text


def test_numbers_that_run_on_over_groups_are_no_gap():
    assert kinds(read_plan("一、措施\n（一）甲\n1. 子\n2. 丑\n（二）乙\n3. 寅\n4. 卯\n")) == []


def test_repeated_number_is_told():
    assert kinds(read_plan("一、任务\n1.甲。\n1.乙。\n")) == ["repeated_number"]


def test_heading_alone_is_not_joined_with_its_text():
    reading = read_plan(
        "二、举措\n1.深化户籍改革\n\n放开落户限制，放宽集体户条件，推动居住证扩面。\n\n责任单位:县公安局\n"
    )
    assert reading.tasks[0].title == "深化户籍改革"


def test_heading_broken_by_a_page_is_put_together():
    assert paths(
        "二、目标\n（一）甲。做。\n三、建立进城落户农民依法自愿有偿转让退出农村权益\n\n制度\n\n（一）夯实基础。\n"
    )[2] == ("三 建立进城落户农民依法自愿有偿转让退出农村权益制度")


def test_file_broken_at_a_fixed_width_reads_like_the_whole_lines():
    lines = [f"（{n}）建设{name}。" + f"编制{name}建设方案，明确目标和步骤，落实资金和用地，" * 3 + f"按期建成。（责任单位：市{name}局、市财政局）"
             for n, name in zip("一二三四五六七八", ["水利", "公安", "教育", "民政", "林业", "审计", "商务", "统计"], strict=True)]  # fmt: skip
    whole = "一、任务\n" + "\n".join(lines)
    wrapped = "一、任务\n" + "\n".join(line[i : i + 28] for line in lines for i in range(0, len(line), 28))
    facts = [[(t.path, t.title, t.responsible) for t in read_plan(x).tasks] for x in (whole, wrapped)]
    assert facts[0] == facts[1]
    assert len(facts[0]) == 8


def test_file_without_line_breaks_is_read():
    text = "某市人民政府关于印发某市城乡融合发展方案的通知 某政发〔2022〕5号 各区县人民政府： 现将《某市城乡融合发展方案》印发给你们。 某市人民政府 2022年5月6日 一、总体要求 坚持改革。 二、任务 （一）改革户籍。放开落户。（责任单位：市公安局） （二）修路。建设。（责任单位：市交通局） 三、保障 加强领导。"
    reading = read_plan(text)
    assert [(t.path, t.responsible) for t in reading.tasks] == [
        (("二", "(一)"), ("市公安局",)),
        (("二", "(二)"), ("市交通局",)),
    ]
    assert reading.document.number == "某政发〔2022〕5号"
    assert reading.document.title == "某市城乡融合发展方案"


def test_contents_page_makes_no_clauses():
    text = "目　录\n一、总体要求……1\n二、主要任务……2\n一、总体要求\n坚持改革。\n二、主要任务\n修路。\n"
    assert [c.path for c in read_plan(text).clauses] == [("一",), ("二",)]


def test_page_numbers_and_web_furniture_are_dropped():
    text = "一、任务\n（一）修路。建设\n\n— 3 —\n\n环路。（责任单位：市交通局）\n【打印】【关闭】\n扫一扫在手机打开当前页\n"
    reading = read_plan(text)
    assert reading.tasks[0].responsible == ("市交通局",)
    assert len(reading.clauses) == 2


def test_second_annex_gets_its_name_before_its_numbers():
    text = "方案\n一、任务\n（一）甲。做。（责任单位：市财政局）\n附件2\n工作规则\n一、总则\n坚持原则。\n"
    assert [c.path for c in read_plan(text).clauses][-2:] == [("附件2",), ("附件2", "一")]


def test_named_attachment_without_text_is_told():
    reading = read_plan("一、任务\n（一）甲。做。\n附件：第一批试验举措情\n\n况表\n")
    assert kinds(reading) == ["missing_annex"]
    assert reading.attachments == ("第一批试验举措情况表",)


def test_english_word_in_a_sentence_is_told():
    assert kinds(read_plan("一、任务\n（一）甲。公租房 and 换股权，使用 app 办理。\n")) == ["odd_characters"]


def test_numbers_in_a_box_belong_to_the_clause_around_it():
    text = "一、任务\n（一）产业。做强园区。（责任单位：市工信局）\n专栏1 重点工程\n1.园区提升。建设。\n2.链主培育。引进。\n（二）设施。修路。（责任单位：市交通局）\n"
    reading = read_plan(text)
    assert [c.path for c in reading.clauses] == [("一",), ("一", "(一)"), ("一", "(二)")]
    assert [t.responsible for t in reading.tasks] == [("市工信局",), ("市交通局",)]


def texts_of_gaps(text: str) -> list[str]:
    return [d.text for d in read_plan(text).discrepancies if d.kind.startswith("missing")]


def test_numbers_that_begin_late_are_told_once_with_their_range():
    text = "二、任务\n（二十四）甲。办。\n（二十五）乙。办。\n三、任务\n（二十六）丙。办。\n（二十九）丁。办。\n"
    assert texts_of_gaps(text) == [
        "序数“二”之前缺少第一章，按原文保留",
        "二之下序数“(二十四)”之前缺少第1至第23项，按原文保留",
        "三之下序数“(二十九)”之前缺少第27至第28项，按原文保留",
    ]
