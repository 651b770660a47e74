"""Habits of annotation beyond the five published plans: provinces, cities and counties each have their own."""

from __future__ import annotations

import pytest

from ronghe.policy.reader import read_plan
from tests.policy.reader.plans import HEAD, one_task, who

A, B, C = "市水务局", "市财政局", "市商务局"

HABITS = {
    f"（牵头单位：{A}；责任单位：{B}，清水县、白河区）": ([A], [], [B, "清水县", "白河区"]),
    f"（{A}、{B}及有关部门，清水市、白河县政府）": ([], [], [A, B, "有关部门", "清水市", "白河县政府"]),
    f"（{A}牵头、{B}配合）": ([A], [B], []),
    f"（{A}负责方案，{B}负责资金保障）": ([], [], [A, B]),
    f"（主要责任单位：{A}；其他责任单位：{B}）": ([A], [], [B]),
    f"（{A}〔牵头〕、{B}，其他有关部门依职责配合）": ([A], [B, "其他有关部门"], []),
    f"（{A}等14个部门按职责分工负责）": ([], [], [A]),
    f"（市级由{A}牵头，县级由各区县政府负责）": ([A], [], ["各区县政府"]),
    f"（{A}、市政府督查室，列入2022年重点工作，2022年预算安排300万元）": ([], [], [A, "市政府督查室"]),
    f"（责任单位：{A}/{B}）": ([], [], [A, B]),
    f"（责任单位：市级：{A}、{B}；县级：各区县政府）": ([], [], [A, B, "各区县政府"]),
    f"（牵头：{A}；协办：{B}；落实：各区县政府）": ([A], [B], ["各区县政府"]),
    f"﹝责任单位：{A}﹞": ([], [], [A]),
    f"｛责任单位：{A}｝": ([], [], [A]),
    f"（{A}，各市〔州〕、县〔市、区〕人民政府负责）": ([], [], [A, "各市〔州〕、县〔市、区〕人民政府"]),
    f"（{A}、各乡镇街道、市开发区负责）": ([], [], [A, "各乡镇街道", "市开发区"]),
    f"此项工作由{A}牵头、{B}配合。": ([A], [B], []),
    f"{A}为牵头单位，{B}为配合单位。": ([A], [B], []),
    f"责任单位为{A}、{B}，完成时限为2022年12月底。": ([], [], [A, B]),
    f"\n部门分工：{A}牵头，各地、各部门配合。": ([A], ["各地", "各部门"], []),
    f"\n牵头部门　{A}\n配合部门　{B}、{C}": ([A], [B, C], []),
}


@pytest.mark.parametrize("habit", HABITS)
def test_other_habits_of_naming_bodies_are_read(habit):
    assert who(one_task(habit)) == HABITS[habit]


def test_persons_behind_bodies_are_kept_apart():
    task = one_task(f"\n责任单位及人员：{A}张某某、{B}李某\n完成时限：2022年12月")
    assert task.responsible == (A, B)
    assert task.others["责任人"] == "张某某、李某"
    assert task.deadline == "2022年12月"


@pytest.mark.parametrize("label", ["分管省领导", "牵头市领导", "牵头负责领导", "监管单位"])
def test_leaders_and_overseers_are_no_units(label):
    task = one_task(f"\n{label}：林某某\n牵头单位：{A}。")
    assert task.others == {label: "林某某"}
    assert task.lead == (A,)


def test_unknown_labels_end_the_value_before_them_and_are_kept():
    task = one_task(f"（项目单位：水务集团；责任单位：{A}；建设年限：2021—2023年；总投资：3亿元）")
    assert who(task) == ([], [], [A])
    assert task.deadline == "2021—2023年"
    assert task.others == {"项目单位": "水务集团", "总投资": "3亿元"}


def test_label_lines_below_one_another_stay_apart():
    task = one_task(f"\n工作目标：建成。\n责任单位：{A}\n完成时限：2022年底\n任务来源：省政府工作报告")
    assert task.deadline == "2022年底"
    assert task.others == {"任务来源": "省政府工作报告"}


def test_first_of_several_leads_being_head_says_nothing_about_later_tasks():
    reading = read_plan(
        f"{HEAD}一、任务\n（一）甲。办。（牵头单位：{A}、{B}，排在第一位的为总牵头）\n（二）乙。办。（责任单位：{C}、{B}）\n"
    )
    assert [list(t.lead) for t in reading.tasks] == [[A, B], []]


def test_text_that_lost_its_line_breaks_keeps_its_numbered_items():
    items = "".join(f"{n}. 办好第{n}件事情，完善办法，推进试点，定期评估成效。（责任单位：{A}） " for n in range(1, 6))
    whole = f"城乡融合实施方案 一、总体要求 坚持城乡融合，统筹推进。 二、主要任务 （一）建立制度。 {items}"
    reading = read_plan(whole)
    assert [t.path for t in reading.tasks] == [("二", "(一)", str(n)) for n in range(1, 6)]


def test_labels_inside_a_cell_of_bodies_are_read_and_odd_cells_are_listed():
    rows = "牵头：市水务局；配合：市财政局\t2022年底前", "市水务局：详见清单\t持续推进"
    table = "任务\t措施\t责任单位\t完成时限\n" + "".join(f"任务{i}\t做好{i}件\t{r}\n" for i, r in enumerate(rows))
    reading = read_plan(HEAD + table)
    assert who(reading.tasks[0]) == ([A], [B], [])
    assert len(reading.unread) == 1


def test_a_star_that_marks_the_lead_is_told():
    reading = read_plan(f"{HEAD}一、任务\n（一）甲。办。（{A}、★{B}）\n二、说明\n标★的为牵头单位。\n")
    assert [d.kind for d in reading.discrepancies] == ["marked_leads"]


def test_office_before_a_number_is_no_part_of_it():
    reading = read_plan(
        "青禾市人民政府青政字〔2021〕60号\n青禾市人民政府关于印发青禾市城乡融合实施方案的通知\n一、任务\n"
    )
    assert reading.document.number == "青政字〔2021〕60号"


@pytest.mark.parametrize("bar", ["|", " | ", "｜", " ｜ "])
def test_bars_part_the_fields_of_an_annotation(bar):
    task = one_task(f"[责任单位：{A}、{B}{bar}完成时间：2024.06]")
    assert (who(task), task.deadline) == (([], [], [A, B]), "2024.06")
    task = one_task(f"\n牵头单位：{A}{bar}配合单位：{B}{bar}完成时间：2024年6月{bar}试点区域：石门镇")
    assert (who(task), task.deadline, task.areas) == (([A], [B], []), "2024年6月", ("石门镇",))
    assert who(one_task(f"（责任单位：{A}{bar}{B}{bar}{C}）")) == ([], [], [A, B, C])
