"""What looks like a part of the ledger and is none we know is left unread or told, never dropped."""

from __future__ import annotations

import pytest

from ronghe.policy.reader import read_plan
from tests.policy.reader.plans import HEAD, one_task, who

A, B = "县教育局", "县财政局"


def unread(lines: str) -> list[str]:
    text = f"{HEAD}一、主要任务\n（一）办好教育\n办好学校。{lines}\n（二）加强保障。定期调度。\n"
    return [text[p.start : p.end] for p in read_plan(text).unread]


@pytest.mark.parametrize("label", ["责任地区", "监督单位", "分管领导", "预期成果", "资金来源", "包干领导", "计划工期"])
def test_a_label_that_no_field_of_the_ledger_has_is_unread_where_it_stands_alone(label):
    assert unread(f"\n{label}：石门镇") == [f"{label}：石门镇"]
    assert [x.strip("（）") for x in unread(f"（{label}：石门镇）")] == [f"{label}：石门镇"]


@pytest.mark.parametrize("label", ["责任地区", "监督单位", "分管领导", "预期成果", "资金来源"])
def test_within_an_annotation_it_is_kept_beside_the_fields(label):
    task = one_task(f"（责任单位：{A}；{label}：石门镇）")
    assert (who(task), task.others) == (([], [], [A]), {label: "石门镇"})


def test_a_column_without_a_field_is_told():
    table = f"任务\t措施\t责任单位\t责任领导\n教育\t办好学校\t{A}\t张三\n"
    reading = read_plan(HEAD + table)
    (told,) = reading.discrepancies
    assert (told.kind, told.text) == ("unread_column", "表中“责任领导”一栏未读入台账，请人工核对")
    assert told.place is not None
    assert (HEAD + table)[told.place.start : told.place.end] == "责任领导"


@pytest.mark.parametrize(
    ("sentence", "bodies"),
    {
        "由县水利局牵头、各乡镇具体实施，建好水厂。加强管护。": (["县水利局"], [], ["各乡镇"]),
        "县卫健局要牵头制定办法，县财政局配合。加强监管。": (["县卫健局"], ["县财政局"], []),
    }.items(),
)
def test_duties_inside_running_text_are_read(sentence, bodies):
    (task,) = read_plan(f"{HEAD}一、任务\n（一）甲。{sentence}\n（二）乙。定期调度。\n").tasks
    assert (who(task), task.confidence) == (bodies, 0.75)


@pytest.mark.parametrize(
    "sentence", ["由政府牵头、企业参与。加强管护。", "鼓励龙头企业牵头组建联合体，农户参与。加强管护。"]
)
def test_a_principle_is_no_duty(sentence):
    assert read_plan(f"{HEAD}一、任务\n（一）甲。{sentence}\n（二）乙。定期调度。\n").tasks == ()
