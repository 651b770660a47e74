"""Duties in running sentences without brackets, and rules that hold for all tasks that follow."""

from __future__ import annotations

import pytest

from ronghe.policy.reader import read_plan
from tests.policy.reader.plans import HEAD, one_task, who

SENTENCES = {
    "市水务局牵头，市财政局、市农业农村局配合，2022年10月底前完成。": (["市水务局"], ["市财政局", "市农业农村局"], []),
    "由市水务局牵头，会同市财政局、市商务局等部门落实。": (["市水务局"], ["市财政局", "市商务局"], []),
    "由市水务局牵头负责，各区县政府具体实施。": (["市水务局"], [], ["各区县政府"]),
    "市水务局、市财政局按职责分工负责。": ([], [], ["市水务局", "市财政局"]),
    "县水务局会同县财政局组织实施": (["县水务局"], ["县财政局"], []),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_last_sentence_that_is_nothing_but_bodies_and_duties_is_read(sentence):
    task = one_task(sentence)
    assert who(task) == SENTENCES[sentence]
    assert task.confidence < 0.8


def test_deadline_of_a_running_sentence_is_the_tasks():
    task = one_task("市水务局牵头，2022年10月底前完成。")
    assert task.deadline == "2022年10月底前完成"
    assert [m.date.isoformat() for m in task.milestones] == ["2022-10-31"]


@pytest.mark.parametrize(
    "prose",
    ["由政府主导，企业参与。", "政府引导，市场主体参与，群众支持。", "党委统一领导，政府牵头，部门配合，群众参与。", "由村委会负责。",
     "各部门密切配合，市水务局要加强指导。", "有关部门要认真贯彻落实。", "由政府负责，社会参与。", "成立由市水务局牵头的专班，统筹推进。",
     "建立市水务局牵头、部门配合的机制。", "各区县政府负责。", "健全党委领导、政府负责、社会协同的体制。"],
)  # fmt: skip
def test_principles_are_no_duties(prose):
    reading = read_plan(f"{HEAD}一、主要任务\n（一）建立制度。完善办法。{prose}\n")
    assert reading.tasks == ()


def test_sentence_in_the_middle_of_an_item_is_prose():
    reading = read_plan(f"{HEAD}一、主要任务\n（一）建立制度。市水务局牵头，市财政局配合。三年内达标。\n")
    assert reading.tasks == ()


def test_a_division_of_work_names_who_studies_each_question():
    reading = read_plan(
        f"{HEAD}一、工作分工\n（一）关于“管好水、用好水”和“节水”的问题，由水利部会同财政部、中央农办等部门研究提出落实意见。\n"
        "（二）关于“修路”的问题，由财政部、交通运输部负责落实。\n二、工作要求\n（一）高度重视。有关部门要认真落实。\n"
    )
    assert [(t.title, *who(t)) for t in reading.tasks] == [
        ("关于“管好水、用好水”和“节水”的问题", ["水利部"], ["财政部", "中央农办"], []),
        ("关于“修路”的问题", [], [], ["财政部", "交通运输部"]),
    ]


def two_tasks(first: str, second: str):
    reading = read_plan(f"{HEAD}一、任务\n（一）甲。办好甲。{first}\n（二）乙。办好乙。{second}\n")
    assert len(reading.tasks) == 2
    return reading


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("（市水务局负责；以下均需各区县政府落实，不再列出）", "各区县政府"),
        ("〔责任单位：省水利厅负责。具体任务均涉及相关市（州）政府，不再做分工，下同。〕", "相关市（州）政府"),
        ("（市水务局负责。以下任务均需各镇街负责，不再逐一列出）", "各镇街"),
    ],
)
def test_a_rule_for_all_later_tasks_is_applied_and_told(rule, name):
    reading = two_tasks(rule, "（市财政局负责）")
    assert name not in reading.tasks[0].responsible
    assert reading.tasks[1].responsible == ("市财政局", name)
    assert "不再" in reading.tasks[1].others["通则"]
    assert [d.kind for d in reading.discrepancies] == ["rule_for_all"]


def test_a_rule_adds_nobody_twice_and_keeps_roles():
    rule = "（市水务局负责）（以下任务均需各区县政府、功能区管委会配合，不再列出）"
    reading = two_tasks(rule, "（市财政局牵头，各区县政府负责）")
    assert who(reading.tasks[0]) == ([], [], ["市水务局"])
    assert who(reading.tasks[1]) == (["市财政局"], ["功能区管委会"], ["各区县政府"])


def test_a_rule_whose_bodies_are_not_understood_is_told_and_not_applied():
    reading = two_tasks("（市水务局负责）以下任务均需各地落实到人，不再重复。", "（市财政局负责）")
    assert reading.tasks[1].responsible == ("市财政局",)
    assert [d.kind for d in reading.discrepancies] == ["rule_for_all"]
