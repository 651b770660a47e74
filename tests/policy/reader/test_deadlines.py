"""Deadlines of annotations, their milestones, and deadlines in running text."""

from __future__ import annotations

import pytest

from ronghe.policy.reader import read_plan
from tests.policy.reader.plans import HEAD, one_task


def milestones(deadline: str) -> list[tuple[str, str]]:
    task = one_task(f"（责任单位：市财政局；完成时限：{deadline}）")
    assert task.deadline == deadline
    return [(m.date.isoformat(), m.text) for m in task.milestones]


@pytest.mark.parametrize(
    ("deadline", "day"),
    [
        ("2021年年底", "2021-12-31"),
        ("2021年底前", "2021-12-31"),
        ("2022年", "2022-12-31"),
        ("2022年6月底前", "2022-06-30"),
        ("2024年2月", "2024-02-29"),
        ("2022年6月15日前", "2022-06-15"),
        ("2023年上半年", "2023-06-30"),
        ("2023年下半年", "2023-12-31"),
        ("2021年第三季度", "2021-09-30"),
        ("2021年二季度末", "2021-06-30"),
        ("2021年1季度", "2021-03-31"),
        ("2022年3月上旬", "2022-03-10"),
        ("“十四五”末", "2025-12-31"),
        ("2021—2023年", "2023-12-31"),
        ("2021年至2023年", "2023-12-31"),
        ("2021年6月至2022年8月", "2022-08-31"),
        ("二〇二二年六月底前", "2022-06-30"),
        ("今年年底", "2021-12-31"),
        ("12月底前", "2021-12-31"),
        ("明年6月底前", "2022-06-30"),
    ],
)
def test_a_period_ends_with_its_last_day(deadline, day):
    assert milestones(deadline) == [(day, deadline)]


def test_each_piece_with_a_day_is_a_milestone():
    assert milestones("2021年年底完成政策制定，2022年取得阶段性进展") == [
        ("2021-12-31", "2021年年底完成政策制定"),
        ("2022-12-31", "2022年取得阶段性进展"),
    ]


def test_year_is_carried_over_to_the_next_month():
    assert milestones("2022年6月底前制定，12月底前完成") == [
        ("2022-06-30", "2022年6月底前制定"),
        ("2022-12-31", "12月底前完成"),
    ]


@pytest.mark.parametrize("deadline", ["长期坚持", "持续推进", "常态化推进"])
def test_standing_duty_has_no_milestone_and_loses_no_confidence(deadline):
    task = one_task(f"（责任单位：市财政局；完成时限：{deadline}）")
    assert task.deadline == deadline
    assert task.milestones == ()
    assert task.confidence == 1.0


@pytest.mark.parametrize(
    ("tail", "deadline"),
    [
        ("持续推进", "持续推进"),
        ("2022年底前完成", "2022年底前完成"),
        ("2021年12月底前完成并长期坚持", "2021年12月底前完成并长期坚持"),
    ],
)
def test_deadline_behind_a_verb_of_duty_is_read(tail, deadline):
    task = one_task(f"（市财政局、市水利局按职责分工负责，{tail}）")
    assert task.deadline == deadline
    assert task.responsible == ("市财政局", "市水利局")


def inline(body: str) -> list[tuple[str, str]]:
    reading = read_plan(f"{HEAD}一、目标\n{body}\n")
    return [(d.date.isoformat(), d.text) for d in reading.inline_deadlines]


def test_aims_in_running_text_are_deadlines():
    assert inline("到2022年，平台建成，机制健全；力争2025年底前，全面推广。") == [
        ("2022-12-31", "到2022年，平台建成，机制健全"),
        ("2025-12-31", "力争2025年底前，全面推广"),
    ]


def test_two_aims_of_a_sentence_are_parted():
    assert inline("到2022年每县建一个样板,到2025年各镇达标。") == [
        ("2022-12-31", "到2022年每县建一个样板"),
        ("2025-12-31", "到2025年各镇达标"),
    ]


@pytest.mark.parametrize(
    "history",
    ["2020年8月，我县入选试验区。", "根据《总体规划（2021—2035年）》推进。", "以2021年为基期测算。", "自2022年起执行。",
     "贯彻某政发〔2025〕3号文件。", "2019年底前已经完成普查。"],
)  # fmt: skip
def test_history_titles_and_numbers_are_no_deadlines(history):
    assert inline(history) == []


def test_deadline_of_an_annotation_is_not_told_twice():
    reading = read_plan(f"{HEAD}一、任务\n1.甲。办。（责任单位：市财政局；完成时限：2022年底前）\n")
    assert reading.inline_deadlines == ()


def test_stage_in_a_heading_ends_with_its_last_year():
    reading = read_plan(
        f"{HEAD}一、目标\n（一）第一阶段（2021—2022年）：\n打好基础。\n（二）第二阶段（2023—2025年）：\n全面推广。\n"
    )
    assert [(d.path, d.date.isoformat()) for d in reading.inline_deadlines] == [
        (("一", "(一)"), "2022-12-31"),
        (("一", "(二)"), "2025-12-31"),
    ]


@pytest.mark.parametrize(
    ("deadline", "day"),
    [
        ("2022.12", "2022-12-31"),
        ("2022/6/30", "2022-06-30"),
        ("2022-06-15前", "2022-06-15"),
        ("2021—2023", "2023-12-31"),
    ],
)
def test_days_in_figures_alone_are_read_in_a_deadlines_own_field(deadline, day):
    assert milestones(deadline) == [(day, deadline)]


def test_yearless_aims_take_the_documents_year():
    assert inline("6月底前完成普查，年底考核。") == [("2021-06-30", "6月底前完成普查，年底考核")]


@pytest.mark.parametrize(
    ("inside", "deadline", "days"),
    [
        ("市水务局牵头负责，2021年6月底前出台方案，2022年底前全面完成",
         "2021年6月底前出台方案，2022年底前全面完成", ["2021-06-30", "2022-12-31"]),
        ("2021年6月底前出台方案，2022年底前建成；市水务局负责", "2021年6月底前出台方案，2022年底前建成", ["2021-06-30", "2022-12-31"]),
        ("市水务局等按职责分工负责，年内完成", "年内完成", ["2021-12-31"]),
        ("市水务局负责，年底前完成", "年底前完成", ["2021-12-31"]),
        ("市水务局负责，当年建成", "当年建成", ["2021-12-31"]),
        ("市水务局负责，力争2022年上半年开工", "力争2022年上半年开工", ["2022-06-30"]),
        ("市水务局负责，立即启动，持续推进", "立即启动，持续推进", []),
        ("市水务局负责，按年度计划推进", "按年度计划推进", []),
        ("市水务局负责，2022年底前完成，并持续推进", "2022年底前完成，并持续推进", ["2022-12-31"]),
        ("市水务局负责，2022年6月至12月", "2022年6月至12月", ["2022-12-31"]),
        ("市水务局负责，三年内完成", "三年内完成", []),
        ("市水务局负责，2021年底前完成并长期坚持", "2021年底前完成并长期坚持", ["2021-12-31"]),
    ],
)  # fmt: skip
def test_deadlines_of_an_annotation_without_labels_are_read_as_written(inside, deadline, days):
    task = one_task(f"（{inside}）")
    assert (*task.lead, *task.responsible) == ("市水务局",)
    assert task.deadline == deadline
    assert [m.date.isoformat() for m in task.milestones] == days


def test_pieces_of_a_deadline_apart_from_each_other_are_put_together():
    task = one_task("（2021年底前出台，市水务局负责，2022年底前完成）")
    assert task.deadline == "2021年底前出台，2022年底前完成"
    assert task.responsible == ("市水务局",)


def test_running_deadline_ends_before_the_annotation():
    body = "到2025年建成十个园区（牵头部门：市水务局）。（一）（市财政局负责，2022年底前完成）"
    assert inline(body) == [("2025-12-31", "到2025年建成十个园区")]


@pytest.mark.parametrize(
    ("written", "days"),
    {
        "2024年1-6月": ["2024-06-30"],
        "2024年3—9月": ["2024-09-30"],
        "2024年6至9月底前": ["2024-09-30"],
        "2024年Q3": ["2024-09-30"],
        "2024Q1": ["2024-03-31"],
        "2024年3月、9月": ["2024-03-31", "2024-09-30"],
        "2024年6月、12月": ["2024-06-30", "2024-12-31"],
        "2024年3月和9月": ["2024-03-31", "2024-09-30"],
        "2024、2025年": ["2024-12-31", "2025-12-31"],
        "2024年1月-2025年6月": ["2025-06-30"],
    }.items(),
)
def test_stretches_end_with_their_last_month_and_lists_have_several_milestones(written, days):
    task = one_task(f"（责任单位：市水利局；完成时限：{written}）")
    assert [m.date.isoformat() for m in task.milestones] == days
    assert (task.deadline, task.confidence) == (written, 1.0)


def test_a_later_year_behind_a_deadline_in_running_text_is_the_next_one():
    reading = read_plan(f"{HEAD}一、任务\n（一）甲。2024年6月底前出台细则，2025年全面实施。（责任单位：市水利局）\n")
    assert [(d.text, d.date.isoformat()) for d in reading.inline_deadlines] == [
        ("2024年6月底前出台细则", "2024-06-30"),
        ("2025年全面实施", "2025-12-31"),
    ]


@pytest.mark.parametrize(
    ("written", "kind", "confidence"),
    [
        ("2022年2月30日", "impossible_date", 0.95),
        ("2024年13月", "impossible_date", 0.95),
        ("2024年6月18", "unread_day", 0.9),
        ("20240630", "unread_day", 0.95),
    ],
)
def test_days_that_cannot_be_read_are_told(written, kind, confidence):
    reading = read_plan(f"{HEAD}一、任务\n（一）甲。办。（责任单位：市水利局；完成时限：{written}）\n")
    assert [d.kind for d in reading.discrepancies] == [kind]
    assert reading.tasks[0].confidence == confidence


def test_an_impossible_day_in_running_text_is_told():
    reading = read_plan(f"{HEAD}一、任务\n（一）甲。2022年2月30日前完成。（责任单位：市水利局）\n")
    assert [d.kind for d in reading.discrepancies] == ["impossible_date"]


def test_figures_of_a_goal_are_no_unread_days():
    task = one_task("（责任单位：市水利局；完成时限：2024年建成3个示范点，改造120公里）")
    assert task.confidence == 1.0
