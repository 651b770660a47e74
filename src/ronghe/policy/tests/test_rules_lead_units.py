"""牵头单位: each document's own way of finding who leads."""

import pytest

from ronghe.policy.packs import ZONES, read_pack
from ronghe.policy.rulebook import Given
from ronghe.policy.rules.lead_units import (
    AMONG,
    FOUND_BY,
    PREFIX,
    WITHOUT_PREFIX,
    LeadFacts,
    UnitNameFacts,
    lead_units,
    unit_names,
)

from .asked import ALL_ZONES, ask, by_hand


def _given(found_by: str, among: str | None = None) -> Given:
    return by_hand("governance.lead_units", {FOUND_BY: found_by, **({AMONG: among} if among else {})})


def test_the_first_city_department_leads_in_zibo() -> None:
    # 淄博 二(一)1: 排名第一的市直部门为牵头部门
    ruling = ask("governance.lead_units", "zibo", responsible=("市自然资源局", "市农业农村局", "各区县政府"))
    assert ruling.value == {"市自然资源局"}
    assert ruling.steps[0].cite[0].path == "二(一)1"


def test_a_list_that_begins_with_another_body_asks_which_are_city_departments() -> None:
    given, units = _given("名单首位", "市直部门"), ("人民银行某支行", "市财政局")
    unknown = lead_units(LeadFacts(responsible=units), given)
    assert (unknown.value, unknown.missing) == (None, ("departments",))
    known = lead_units(LeadFacts(responsible=units, departments=frozenset({"市财政局"})), given)
    assert known.value == {"市财政局"}
    none = lead_units(LeadFacts(responsible=units, departments=frozenset()), given)
    assert none.value == set()


@pytest.mark.parametrize(
    "first", ["市财政局", "市市场监管局", "市民政局", "市政府办公室", "市政务服务局", "市市政园林局"]
)
def test_a_name_with_the_prefix_of_the_city_is_a_city_department(first: str) -> None:
    assert ask("governance.lead_units", "zibo", responsible=(first, "市农业农村局")).value == {first}


@pytest.mark.parametrize("first", ["市场监管局", "市容环卫中心", "市政园林局"])
def test_a_name_that_only_begins_with_the_same_character_is_asked_about(first: str) -> None:
    listed = (first, "市农业农村局")
    assert ask("governance.lead_units", "zibo", responsible=listed).missing == ("departments",)
    known = ask("governance.lead_units", "zibo", responsible=listed, departments=("市农业农村局",))
    assert known.value == {"市农业农村局"}


def test_where_any_unit_may_lead_the_first_of_the_list_does() -> None:
    assert lead_units(LeadFacts(responsible=("某支行", "市财政局")), _given("名单首位")).value == {"某支行"}


@pytest.mark.parametrize(("zone", "label"), [("qingdao", "二(一)1"), ("minhou", "二(一)1")])
def test_no_lead_is_stated_in_qingdao_and_minhou(zone: str, label: str) -> None:
    ruling = ask("governance.lead_units", zone, responsible=("市发展改革委", "市财政局"))
    assert ruling.value == set()
    assert "不写牵头单位" in ruling.steps[0].finding
    assert ruling.steps[0].cite[0].path == label


def test_several_units_lead_together_where_the_document_names_them() -> None:
    # 高青 四(四) names three
    named = ("县自然资源局", "县农业农村局", "市生态环境局高青分局")
    assert ask("governance.lead_units", "gaoqing", lead=named, responsible=("县水利局",)).value == set(named)
    assert ask("governance.lead_units", "jinan", lead=()).value == set()


@pytest.mark.parametrize("zone", ALL_ZONES)
def test_the_rule_finds_the_lead_of_every_task_of_the_packs(zone: str) -> None:
    for task in read_pack(ZONES / zone).tasks:
        stated_lead = task.lead if zone in ("gaoqing", "jinan") else None
        ruling = ask("governance.lead_units", zone, lead=stated_lead, responsible=task.responsible)
        assert ruling.value == set(task.lead), task.label


def test_a_zone_whose_documents_say_nothing_is_undecidable() -> None:
    given = by_hand("governance.lead_units", {})
    assert lead_units(LeadFacts(responsible=("市财政局",)), given).missing == (FOUND_BY,)


def test_minhou_writes_the_county_once_for_the_units_that_follow() -> None:
    # 闽侯 二(六)2, 二(六)3
    written = ("县委编办", "闽侯医保局", "县卫健局", "人社局", "财政局", "各乡镇（街道）")
    assert ask("governance.unit_names", "minhou", written=written).value == (
        "县委编办",
        "闽侯医保局",
        "县卫健局",
        "县人社局",
        "县财政局",
        "各乡镇（街道）",
    )


def test_a_unit_before_the_first_with_the_prefix_stays_as_written() -> None:
    given = by_hand("governance.unit_names", {PREFIX: "县", WITHOUT_PREFIX: frozenset({"闽侯"})})
    assert unit_names(UnitNameFacts(written=("供电公司", "县水利局", "住建局")), given).value == (
        "供电公司",
        "县水利局",
        "县住建局",
    )


def test_gaoqing_names_one_bureau_long_and_short() -> None:
    # 高青 四(四)14 writes 县文化旅游局, 四(三)8④ 县文化和旅游局
    written = ("县文化和旅游局", "县文化旅游局", "各镇办")
    ruling = ask(
        "governance.unit_names", "gaoqing", written=written, aliases=frozenset({"县文化旅游局=县文化和旅游局"})
    )
    assert ruling.value == ("县文化和旅游局", "各镇办")
    assert ask("governance.unit_names", "gaoqing", written=written).missing == ("aliases",)
