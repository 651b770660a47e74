"""Tables of tasks: merged cells, repeated heads, and the comparison with the body."""

from __future__ import annotations

from ronghe.policy.reader import read_plan

HEAD5 = "试验任务\t牵头单位\t工作任务\t具体措施\t责任单位\n"


def test_merged_cells_are_filled_down():
    text = (
        HEAD5
        + "人口制度\t县公安局\t放宽落户\t简化落户手续\t县财政局，各镇办\n\t\t\t建设落户平台\t\n\t\t保障居住\t发放居住证\t县住建局\n"
    )
    rows = read_plan(text).annex_rows
    assert [(r.trial_task, r.lead, r.work_task, r.measure, r.responsible) for r in rows] == [
        ("人口制度", ("县公安局",), "放宽落户", "简化落户手续", ("县财政局", "各镇办")),
        ("人口制度", ("县公安局",), "放宽落户", "建设落户平台", ("县财政局", "各镇办")),
        ("人口制度", ("县公安局",), "保障居住", "发放居住证", ("县住建局",)),
    ]
    assert rows[1].filled == ("lead", "responsible", "trial", "work")


def test_empty_cell_of_cooperating_bodies_means_none():
    text = "序号\t任务\t牵头单位\t配合单位\t完成时限\n1\t修路\t市交通局\t市财政局\t2022年\n2\t造林\t市林业局\t\t长期\n"
    assert [(r.measure, r.cooperating, r.deadline) for r in read_plan(text).annex_rows] == [
        ("修路", ("市财政局",), "2022年"),
        ("造林", (), "长期"),
    ]


def test_each_head_row_begins_a_table_unless_the_page_only_repeated_it():
    two = HEAD5 + "甲\t县公安局\t子\t做子\t各镇\n\n" + HEAD5 + "乙\t县财政局\t丑\t做丑\t各镇\n"
    assert [r.table for r in read_plan(two).annex_rows] == [1, 2]
    repeated = HEAD5 + "甲\t县公安局\t子\t做子\t各镇\n" + HEAD5 + "\t\t\t再做子\t\n"
    assert [(r.table, r.work_task) for r in read_plan(repeated).annex_rows] == [(1, "子"), (1, "子")]


def test_section_across_a_table_is_the_trial_task():
    text = "序号\t工作任务\t具体措施\t牵头单位\n一、建立制度\t\t\t\n1\t户籍\t放开落户\t市公安局\n二、完善设施\t\t\t\n2\t道路\t建设环路\t市交通局\n"
    assert [r.trial_task for r in read_plan(text).annex_rows] == ["一、建立制度", "二、完善设施"]


def test_table_that_is_the_only_ledger_gives_its_rows_as_tasks():
    text = "某市任务清单\n序号\t重点任务\t牵头单位\t完成时限\n1\t修路\t市交通局\t2022年6月底前\n2\t造林\t市林业局\t持续推进\n"
    reading = read_plan(text)
    assert [(t.path, t.title, t.lead, t.deadline) for t in reading.tasks] == [
        (("1",), "修路", ("市交通局",), "2022年6月底前"),
        (("2",), "造林", ("市林业局",), "持续推进"),
    ]
    assert reading.units == ("市交通局", "市林业局")


def test_table_in_bars_is_a_table():
    text = "清单\n| 序号 | 工作任务 | 牵头单位 |\n| --- | --- | --- |\n| 1 | 修路 | 市交通局 |\n"
    assert [t.title for t in read_plan(text).tasks] == ["修路"]


BODY = """一、措施
（一）土地制度。（牵头单位：县自然资源局）
1. 建立确权平台。
落实措施：规范资源性资产的权益量化计算与分配方法，制定产权明晰制度。（责任单位：县农业农村局，各镇办）
建设土地登记数字化平台，形成数据共享汇交接口，与城区平台互联互通。（责任单位：县自然资源局，各镇办）
2. 确定退出机制。
落实措施：建立宅基地自愿有偿退出机制，编制村庄规划，鼓励农户自愿退出。（责任单位：县自然资源局、县农业农村局，各镇办）
附件
"""
TABLE = (
    "土地制度\t县自然资源局\t建立确权平台。\t规范资源性资产的权益量化计算与分配方法，制定产权明晰制度。\t县农业农村局，各镇办\n"
    "\t\t确定退出机制。\t建设土地登记数字化平台，形成数据共享汇交接口，与城区平台互联互通。\t县自然资源局，各镇办\n"
    "\t\t\t建立宅基地自愿有偿退出机制，编制村庄规划，鼓励农户自愿退出。\t县农业农村局，各镇办\n"
)


def test_rows_are_linked_to_the_body_by_the_text_of_the_measure():
    reading = read_plan(BODY + HEAD5 + TABLE)
    assert [(r.body_path, r.body_measure) for r in reading.annex_rows] == [
        (("一", "(一)", "1"), 1),
        (("一", "(一)", "1"), 2),
        (("一", "(一)", "2"), 1),
    ]


def test_differences_between_body_and_table_are_listed_for_a_person():
    reading = read_plan(BODY + HEAD5 + TABLE)
    told = [(d.kind, d.text) for d in reading.discrepancies]
    assert [k for k, _ in told] == ["shifted_merge", "body_vs_annex"]
    assert "确定退出机制" in told[0][1]
    assert "县自然资源局、县农业农村局、各镇办" in told[1][1]


def test_rows_with_bodies_but_without_a_known_head_are_listed_as_unread():
    text = "一、任务\n（一）甲。做。\n修路\t市交通局\t某某\n"
    assert [text[p.start : p.end] for p in read_plan(text).unread] == ["修路\t市交通局\t某某"]


def test_table_does_not_go_on_into_the_next_annex():
    text = (
        "清单\n附件1\n序号\t重点任务\t牵头单位\n1\t修路\t市交通局\n附件2\n项目名称\t地点\t投资\n物流中心\t东县\t18000\n"
    )
    reading = read_plan(text)
    assert [t.title for t in reading.tasks] == ["修路"]
    assert reading.unread == ()


def test_note_that_the_responsible_lead_is_heard():
    text = "序号\t重点任务\t责任部门\n1\t修路\t交通局、各乡镇\n说明：责任部门为牵头部门。\n"
    (task,) = read_plan(text).tasks
    assert task.lead == ("交通局",)
    assert task.responsible == ("交通局", "各乡镇")
