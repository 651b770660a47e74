"""Names of bodies: shared prefixes, groups, spellings."""

from __future__ import annotations

import pytest

from ronghe.policy.reader import read_plan
from tests.policy.reader.plans import HEAD


def responsible(units: str, head: str = "石溪县人民政府\n2021年3月1日\n") -> list[str]:
    return list(read_plan(f"{head}一、任务\n1.甲事\n办理。\n责任单位:{units}\n").tasks[0].responsible)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("县公安局、人社局、供电公司", ["县公安局", "县人社局", "县供电公司"]),
        ("县委组织部,县发改局、卫健局", ["县委组织部", "县发改局", "县卫健局"]),
        ("石溪生态环境局,县资规局、林业局", ["石溪生态环境局", "县资规局", "县林业局"]),
        ("县资规局、石溪医保局、财政局", ["县资规局", "石溪医保局", "县财政局"]),
        ("县民政局、财政局,各乡镇(街道)", ["县民政局", "县财政局", "各乡镇(街道)"]),
        (
            "县财政局、人民银行石溪县支行、农业发展银行石溪支行",
            ["县财政局", "人民银行石溪县支行", "农业发展银行石溪支行"],
        ),
        ("县委组织部、宣传部，县教育局", ["县委组织部", "县委宣传部", "县教育局"]),
        ("县自然资源局、市生态环境局石溪分局、财政局", ["县自然资源局", "市生态环境局石溪分局", "县财政局"]),
        ("县财政局、市场监管局", ["县财政局", "县市场监管局"]),
        ("省发展改革委、财政厅，国网石溪供电公司", ["省发展改革委", "省财政厅", "国网石溪供电公司"]),
        ("团县委、县妇联、残联", ["团县委", "县妇联", "县残联"]),
        ("住房城乡建设部门、自然资源部门", ["住房城乡建设部门", "自然资源部门"]),
    ],
)
def test_first_names_level_is_put_on_the_bare_names_behind_it(written, names):
    assert responsible(written) == names


def test_written_form_is_kept_beside_the_full_name():
    reading = read_plan("一、任务\n1.甲事\n办理。\n责任单位:县公安局、人社局\n")
    assert reading.tasks[0].as_written == {"县人社局": "人社局"}


def test_two_spellings_of_a_body_are_one_unit():
    reading = read_plan(
        f"{HEAD}一、任务\n1.甲。办。（责任单位：县文化和旅游局）\n2.乙。办。（责任单位：县文化旅游局、县财政局）\n"
    )
    assert reading.units == ("县文化和旅游局", "县财政局")
    assert reading.aliases == {"县文化旅游局": "县文化和旅游局"}
    assert [d.kind for d in reading.discrepancies] == ["alias"]
    assert reading.tasks[1].responsible[0] == "县文化旅游局"


def test_similar_names_are_shown_but_kept_apart():
    reading = read_plan(
        "一、任务\n1.甲。办。（责任单位：县金融证券服务中心）\n2.乙。办。（责任单位：县金融证券发展服务中心）\n"
    )
    assert len(reading.units) == 2
    assert [d.kind for d in reading.discrepancies] == ["similar_names"]


def test_blank_between_two_names_divides_them_and_inside_a_name_does_not():
    reading = read_plan(
        "一、任务\n（一）甲。办。（牵头单位：区交通局；配合单位：区财政局 区住建局 各镇）\n（二）乙。办。（牵头单位：市政府 办公室）\n"
    )
    assert reading.tasks[0].cooperating == ("区财政局", "区住建局", "各镇")
    assert reading.tasks[1].lead == ("市政府办公室",)
