"""Who leads, who cooperates, who is responsible: the habits of writing it."""

from __future__ import annotations

import pytest

from ronghe.policy.reader import read_plan
from tests.policy.reader.plans import HEAD, no_task, one_task, who

A, B, C = "市农业农村局", "市财政局", "市水利局"

HABITS = {
    # labelled, in any bracket
    f"（责任单位：{A}、{B}，各区县政府）": ([], [], [A, B, "各区县政府"]),
    f"[责任单位：{A}、{B}]": ([], [], [A, B]),
    f"〔责任部门:{A},{B}〕": ([], [], [A, B]),
    f"【落实单位：{A}；{B}】": ([], [], [A, B]),
    f"（责任单位：{A}、{B})": ([], [], [A, B]),
    f"【责任单位】{A}、{B}": ([], [], [A, B]),
    f"（牵头单位：{A}，配合单位：{B}、{C}）": ([A], [B, C], []),
    f"（牵头部门：{A};参加单位：{B}；责任单位：{C}）": ([A], [B], [C]),
    f"（主责单位：{A}。协办单位：{B}）": ([A], [B], []),
    f"（牵头责任单位：{A}；协同责任单位：{B}等）": ([A], [B], []),
    f"(牵头单位{A};配合单位{B})": ([A], [B], []),
    f"（牵头部门：{A} 责任部门：{B}、{C}）": ([A], [], [B, C]),
    # a verb of duty and no label
    f"({A}、{B},一区两市按职责分工负责)": ([], [], [A, B, "一区两市"]),
    f"（{A}、{B}等负责）": ([], [], [A, B]),
    f"（{A}、{B}等部门按照职责分工负责）": ([], [], [A, B]),
    f"（{A}牵头，{B}、{C}按职责分工负责）": ([A], [], [B, C]),
    f"（由{A}牵头，{B}配合）": ([A], [B], []),
    f"（{A}牵头负责，{B}、{C}等参与）": ([A], [B, C], []),
    f"（{A}、{B}分别牵头，各区县政府配合）": ([A, B], ["各区县政府"], []),
    f"（责任单位：{A}牵头，{B}、{C}配合）": ([A], [B, C], []),
    f"（责任单位：{A}（牵头）、{B}）": ([A], [], [A, B]),
    f"（财政部会同{'国家发展改革委'}、水利部负责）": (["财政部"], ["国家发展改革委", "水利部"], []),
    "（各省级人民政府负责）": ([], [], ["各省级人民政府"]),
    "（各市、县人民政府按职责分工负责）": ([], [], ["各市、县人民政府"]),
    "（各级党委和政府负责）": ([], [], ["各级党委和政府"]),
    "（省科技厅牵头，各地级以上市人民政府结合实际落实）": (["省科技厅"], [], ["各地级以上市人民政府"]),
    "（发展改革委、工业和信息化部牵头，财政部等部门参与）": (["发展改革委", "工业和信息化部"], ["财政部"], []),
    f"（{A}和{B}及各区县政府负责）": ([], [], [A, B, "各区县政府"]),
    "（市住房和城乡建设局、市自然资源和规划局负责）": ([], [], ["市住房和城乡建设局", "市自然资源和规划局"]),
    f"（预期性指标，牵头单位：{A}；责任单位：{B}，以下均需各县区落实）": ([A], [], [B]),
}


@pytest.mark.parametrize("habit", HABITS)
def test_bodies_of_an_annotation_go_into_their_fields(habit):
    assert who(one_task(habit)) == HABITS[habit]


@pytest.mark.parametrize(
    "bracket",
    ["（VCS国际减排标准）", "（以下简称“一区两市”）", "（青政办发〔2019〕10号）", "（村集体自愿负责）", "（重点为老城片区和新城片区）",
     "（2020—2022年）", "（含街道）", "（见附件1）"],
)  # fmt: skip
def test_ordinary_brackets_are_no_annotations(bracket):
    assert no_task(bracket).unread == ()


def test_label_lines_below_a_paragraph_are_one_annotation():
    reading = read_plan(
        "一、任务\n1.修建水渠\n改造渠系十公里。\n责任单位:县水利局、财政局\n完成时限：2022年10月底前\n2.植树\n造林。\n责任单位  县林业局\n"
    )
    first, second = reading.tasks
    assert who(first) == ([], [], ["县水利局", "县财政局"])
    assert first.deadline == "2022年10月底前"
    assert first.milestones[0].date.isoformat() == "2022-10-31"
    assert who(second) == ([], [], ["县林业局"])


def test_a_list_of_bodies_may_stand_on_lines_of_its_own():
    reading = read_plan(
        "一、任务\n（一）水源。清理污染。\n责任单位：\n县水利局\n市生态环境局石门分局\n各村（社区）\n\n完成时限：\n2022年8月\n"
    )
    (task,) = reading.tasks
    assert list(task.responsible) == ["县水利局", "市生态环境局石门分局", "各村（社区）"]
    assert task.deadline == "2022年8月"


def test_every_annotated_sentence_is_its_own_measure():
    reading = read_plan(f"一、任务\n1.优化服务。网上办理。（{A}负责）数据共享。（{B}、{C}按职责分工负责）\n")
    assert [(t.measure_index, *t.responsible) for t in reading.tasks] == [(1, A), (2, B, C)]


def test_neighbouring_brackets_complete_each_other():
    task = one_task(f"（责任单位：{A}）（完成时限：2022年底）")
    assert task.responsible == (A,)
    assert task.deadline == "2022年底"


def test_definition_in_a_bracket_is_a_note_and_no_body():
    reading = read_plan(
        f"{HEAD}一、任务\n1.改革。推进。（责任单位：{A}，各区县政府（含高新区、度假区管委会，下同））\n"
    )
    assert reading.tasks[0].responsible == (A, "各区县政府")
    (group,) = reading.groups
    assert group.name == "各区县政府"
    assert group.note == "含高新区、度假区管委会，下同"


@pytest.mark.parametrize(
    "rule", ["排名第一的市直部门为牵头部门", "排在第一位的为牵头单位", "第一个单位为牵头单位", "列在首位的为牵头单位"]
)
def test_first_listed_leads_from_the_rule_on(rule):
    reading = read_plan(
        f"一、任务\n1.甲事。办理。（责任单位：{A}、{B}，{rule}，下同）\n2.乙事。办理。（责任单位：各区县政府、{C}）\n"
    )
    assert [who(t) for t in reading.tasks] == [([A], [], [A, B]), ([C], [], ["各区县政府", C])]


def test_heading_gives_its_lead_to_the_measures_below():
    reading = read_plan(
        f"四、措施\n（一）人口制度（牵头单位：{A}）\n1. 放宽落户。简化手续。（责任单位：{B}）\n2. 保障居住。\n"
    )
    assert [(t.path, who(t), t.inherited) for t in reading.tasks] == [
        (("四", "(一)", "1"), ([A], [], [B]), ("lead",)),
        (("四", "(一)", "2"), ([A], [], []), ("lead",)),
    ]
    assert reading.tasks[1].confidence < reading.tasks[0].confidence


def test_heading_from_which_nobody_inherits_is_a_task_itself():
    reading = read_plan(f"一、任务\n（一）产业。（责任单位：{A}）\n1.种植。推广。（责任单位：{B}）\n")
    assert [(t.path[-1], t.responsible) for t in reading.tasks] == [("(一)", (A,)), ("1", (B,))]


def test_items_on_lines_share_the_annotation_behind_the_last():
    reading = read_plan(f"一、任务\n1.种植。\n（1）建设基地；\n（2）培育品种。（责任单位：{A}）\n")
    (task,) = reading.tasks
    assert task.path == ("一", "1")
    assert task.responsible == (A,)


def test_lost_characters_before_a_label_are_repaired_and_told():
    task = one_task(f"规范组织?!藏?zé)任单位:{A}、{B}〕", text="")
    assert task.responsible == (A, B)
    assert task.confidence < 0.8
    reading = read_plan(f"一、任务\n1.甲事。规范组织?!藏?zé)任单位:{A}〕\n")
    assert "damaged_text" in {d.kind for d in reading.discrepancies}


def test_bracket_never_closed_does_not_swallow_the_next_chapter():
    reading = read_plan(f"一、任务\n（一）人才。引进。（责任单位：{A}、{B}\n\n二、步骤\n（一）动员。部署。\n")
    assert reading.tasks[0].responsible == (A, B)
    assert [c.path for c in reading.unannotated] == [("二", "(一)")]


def test_annotation_broken_over_pages_is_put_together():
    reading = read_plan(
        "一、任务\n（一）建设平台。推进。（牵\n\n头单位：市\n\n农业农村局；完成时\n\n限：2022年；\n\n试点区域：全市)\n"
    )
    (task,) = reading.tasks
    assert who(task) == (["市农业农村局"], [], [])
    assert task.deadline == "2022年"
    assert task.areas == ("全市",)


def test_what_looks_like_an_annotation_and_is_none_of_these_is_listed():
    text = "一、任务\n（一）平台。推进（责任单位：）。\n"
    reading = read_plan(text)
    assert [text[p.start : p.end] for p in reading.unread] == ["（责任单位：）"]


def test_persons_are_kept_beside_the_bodies():
    task = one_task(f"（责任领导：张三；牵头单位：{A}）")
    assert task.others == {"责任领导": "张三"}
    assert task.lead == (A,)


MORE = {
    "（人民银行、银保监会、证监会等按职责分工负责）": ([], [], ["人民银行", "银保监会", "证监会"]),
    "（农业农村部等有关部门及地方各级人民政府按职责分工负责）": ([], [], ["农业农村部", "地方各级人民政府"]),
    f"（以上任务由{A}牵头，{B}配合）": ([A], [B], []),
    f"（{A}牵头，会同{B}落实）": ([A], [B], []),
    f"（{A}负责指导，各乡镇负责落实）": ([], [], [A, "各乡镇"]),
    "（县农业农村局、各乡镇党委、政府负责）": ([], [], ["县农业农村局", "各乡镇党委、政府"]),
    f"（牵头单位：{A}、{B}（排第一位的为总牵头，下同））": ([A, B], [], []),
    f"（{A}、{B}）": ([], [], [A, B]),
    f"（责任单位：{A}、经开区管委会）": ([], [], [A, "经开区管委会"]),
}


@pytest.mark.parametrize("habit", MORE)
def test_rarer_habits_are_read_as_well(habit):
    assert who(one_task(habit)) == MORE[habit]


def test_names_by_competence_are_taken_with_less_confidence():
    task = one_task(f"（{A}牵头；发改、财政等部门配合）")
    assert task.cooperating == ("发改", "财政")
    assert task.confidence < 0.9


def test_departments_of_the_state_council_and_regions_are_parted():
    task = one_task("（财政部、国家税务总局等国务院相关部门及各地区按职责分工负责）")
    assert who(task) == ([], [], ["财政部", "国家税务总局", "各地区"])
