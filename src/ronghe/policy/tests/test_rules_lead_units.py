"""牵头单位: each document's own way of finding who leads."""

import pytest

from ronghe.policy.packs import ZONES, read_pack
from ronghe.policy.rulebook import Given, rule_named
from ronghe.policy.rules.lead_units import (
    AMONG,
    BY_DUTIES,
    FOUND_BY,
    MIXED,
    PREFIX,
    WITHOUT_PREFIX,
    LeadFacts,
    UnitNameFacts,
    lead_units,
    unit_names,
)
from ronghe.policy.values import Kind

from .stated import asked, given_in, says_nothing_without_facts, silent, stated

ZONE_NAMES = ("qingdao", "zibo", "minhou", "gaoqing", "jinan")


def _given(found_by: str, among: str | None = None) -> Given:
    return Given(
        [
            stated(FOUND_BY, Kind.TEXT, found_by),
            stated(AMONG, Kind.TEXT, among, title="级别") if among else silent(AMONG, Kind.TEXT),
            silent(BY_DUTIES, Kind.BOOLEAN),
        ]
    )


def test_the_first_city_department_leads_in_zibo() -> None:
    # 淄博 二(一)1: 排名第一的市直部门为牵头部门
    ruling = asked("zibo", "governance.lead_units", responsible=("市自然资源局", "市农业农村局", "各区县政府"))
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


def test_where_any_unit_may_lead_the_first_of_the_list_does() -> None:
    assert lead_units(LeadFacts(responsible=("某支行", "市财政局")), _given("名单首位")).value == {"某支行"}


@pytest.mark.parametrize(("zone", "label"), [("qingdao", "二(一)1"), ("minhou", "二(一)1")])
def test_no_lead_is_stated_in_qingdao_and_minhou(zone: str, label: str) -> None:
    ruling = asked(zone, "governance.lead_units", responsible=("市发展改革委", "市财政局"))
    assert ruling.value == set()
    assert "不写牵头单位" in ruling.steps[0].finding
    assert ruling.steps[0].cite[0].path == label


def test_several_units_lead_together_where_the_document_names_them() -> None:
    # 高青 四(四) names three
    named = ("县自然资源局", "县农业农村局", "市生态环境局高青分局")
    assert asked("gaoqing", "governance.lead_units", lead=named, responsible=("县水利局",)).value == set(named)
    assert asked("jinan", "governance.lead_units", lead=()).value == set()


@pytest.mark.parametrize("zone", ZONE_NAMES)
def test_the_rule_finds_the_lead_of_every_task_of_the_packs(zone: str) -> None:
    for task in read_pack(ZONES / zone).tasks:
        stated_lead = task.lead if zone in ("gaoqing", "jinan") else None
        ruling = asked(zone, "governance.lead_units", lead=stated_lead, responsible=task.responsible)
        assert ruling.value == set(task.lead), task.label


def test_a_zone_whose_documents_say_nothing_is_undecidable() -> None:
    given = Given([silent(FOUND_BY, Kind.TEXT), silent(AMONG), silent(BY_DUTIES)])
    assert lead_units(LeadFacts(responsible=("市财政局",)), given).missing == (FOUND_BY,)


@pytest.mark.parametrize("zone", ZONE_NAMES)
@pytest.mark.parametrize("code", ["governance.lead_units", "governance.unit_names"])
def test_no_answer_without_facts(zone: str, code: str) -> None:
    assert says_nothing_without_facts(rule_named(code), given_in(zone, code))


def test_minhou_writes_the_county_once_for_the_units_that_follow() -> None:
    # 闽侯 二(六)2, 二(六)3
    written = ("县委编办", "闽侯医保局", "县卫健局", "人社局", "财政局", "各乡镇（街道）")
    assert asked("minhou", "governance.unit_names", written=written).value == (
        "县委编办",
        "闽侯医保局",
        "县卫健局",
        "县人社局",
        "县财政局",
        "各乡镇（街道）",
    )


def test_a_unit_before_the_first_with_the_prefix_stays_as_written() -> None:
    given = Given(
        [
            stated(PREFIX, Kind.TEXT, "县"),
            stated(WITHOUT_PREFIX, Kind.SET, frozenset({"闽侯"})),
            silent(MIXED, Kind.BOOLEAN),
        ]
    )
    assert unit_names(UnitNameFacts(written=("供电公司", "县水利局", "住建局")), given).value == (
        "供电公司",
        "县水利局",
        "县住建局",
    )


def test_gaoqing_names_one_bureau_long_and_short() -> None:
    # 高青 四(四)14 writes 县文化旅游局, 四(三)8④ 县文化和旅游局
    written = ("县文化和旅游局", "县文化旅游局", "各镇办")
    ruling = asked(
        "gaoqing", "governance.unit_names", written=written, aliases=frozenset({"县文化旅游局=县文化和旅游局"})
    )
    assert ruling.value == ("县文化和旅游局", "各镇办")
    assert asked("gaoqing", "governance.unit_names", written=written).missing == ("aliases",)
