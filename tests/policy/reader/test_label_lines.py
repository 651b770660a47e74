"""A label's value ends with its line, unless the line's end broke it."""

from __future__ import annotations

import html
import io

import docx
import pytest

from ronghe.policy.reader import Task, read_plan
from ronghe.policy.reader.intake import read_text
from tests.policy.reader.plans import HEAD, one_task, who

A, B = "县教育局", "县财政局"


def below(lines: str) -> Task:
    """The task of a clause whose lines are given, below a heading on a line of its own."""
    reading = read_plan(f"{HEAD}一、主要任务\n（一）办好教育\n{lines}\n（二）加强保障。定期调度。\n")
    return reading.tasks[0]


@pytest.mark.parametrize(
    "paragraph",
    [
        "各有关单位要加强配合，形成合力。",
        "2024年6月底前全部建成。",
        "推进数字化转型。",
        "建立部门联席会议制度，由县政府办",
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n", "\n\u3000\u3000"])
@pytest.mark.parametrize("before", ["办好乡村小规模学校。\n", "办好乡村小规模学校。"])
def test_the_paragraph_below_a_label_is_no_part_of_its_value(before, between, paragraph):
    assert who(below(f"{before}责任单位：{A}、{B}{between}{paragraph}")) == ([], [], [A, B])


@pytest.mark.parametrize("paragraph", ["推进数字化转型。", "加快推进建设，取得成效"])
def test_areas_and_deadlines_end_with_their_line(paragraph):
    assert below(f"办好学校。\n试点区域：石门镇、白水镇\n{paragraph}").areas == ("石门镇", "白水镇")
    assert below(f"办好学校。\n完成时限：2024年底\n{paragraph}").deadline == "2024年底"


@pytest.mark.parametrize(
    ("lines", "units"),
    {
        "责任单位：县市场\n监督管理局、县财政局": ["县市场监督管理局", B],
        "责任单位：县市\n场监督管理局、县财\n政局": ["县市场监督管理局", B],
        f"责任单位：{A}、\n{B}": [A, B],
        f"责任单位：{A}\n{B}\n石门供水站": [A, B, "石门供水站"],
        "责任单位：县公安局\n交警大队、县财政局": ["县公安局交警大队", B],
        f"责任单位：{A}、\n各镇办\n按职责分工负责": [A, "各镇办"],
        "责任单位：县教育局、县\n财政局。完成时间：2024年12月": [A, B],
        f"责任单\n位：{A}、{B}": [A, B],
        f"责任单位\n{A}、{B}": [A, B],
        f"【责任单位】\n{A}、{B}": [A, B],
    }.items(),
)
def test_a_value_broken_by_the_line_goes_on_below(lines, units):
    assert who(below(f"办好学校。\n{lines}\n推进数字化转型。")) == ([], [], units)


def test_a_deadline_broken_inside_its_day_goes_on_below():
    assert below(f"办好学校。\n责任单位：{A}\n完成时限：2022年\n12月底前\n推进转型。").deadline == "2022年12月底前"


@pytest.mark.parametrize(
    "labels", [("责任单位：", "完成时限："), ("责任单位", "完成时限"), ("【责任单位】", "【完成时限】")]
)
def test_labels_on_lines_of_their_own_take_the_lines_below_them(labels):
    who_label, when_label = labels
    task = below(f"办好学校。\n{who_label}\n{A}、{B}\n{when_label}\n2024年6月底前完成。")
    assert who(task) == ([], [], [A, B])
    assert task.deadline == "2024年6月底前完成"


def test_bodies_below_the_label_of_a_deadline_are_no_deadline():
    reading = read_plan(
        f"{HEAD}一、任务\n（一）教育\n办好学校。\n责任单位：\n完成时限：\n{A}、{B}\n2024年6月底前完成。\n（二）保障。\n"
    )
    assert reading.tasks == ()
    assert len(reading.unread) == 2


def test_a_group_word_at_the_head_of_a_sentence_is_no_body():
    assert who(one_task(f"（责任单位：{A}）各有关单位要加强配合，形成合力。")) == ([], [], [A])


LINES = ["青禾市人民政府", "2021年3月1日", "一、任务", "（一）办好教育", "办好学校。", f"责任单位：{A}、{B}", "各有关单位要加强配合，形成合力。"]  # fmt: skip


def as_html() -> bytes:
    return "".join(["<html><body>", *(f"<p>{html.escape(x)}</p>" for x in LINES)]).encode()


def as_docx() -> bytes:
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("form", [as_html, as_docx])
def test_paragraphs_of_files_end_a_value_as_well(form):
    (task,) = read_plan(read_text(form()).text).tasks
    assert who(task) == ([], [], [A, B])
