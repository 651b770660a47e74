"""落户与建设用地挂钩: each zone's ways, one of which is enough."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import ask, by_hand
from ronghe.population.rules.settlement import LINKED, PER_PERSON, LandLinkFacts, linked_land

SETTLEMENT = "population.settlement"
#: Somebody who is known to meet no way in Qingdao.
STRANGER: dict[str, Any] = {
    "place": "市南区", "origin": "外地户籍", "home": "没有", "relation": "本人", "years": Fraction(1),
    "whole_family": False, "group": "其他", "joins_kin": False, "is_home_in_area": True, "is_rural_migrant": True,
}  # fmt: skip


def test_the_three_counties_of_qingdao_are_open_to_all() -> None:
    # 青岛 七(一)1
    for place in ("即墨区", "平度市", "莱西市"):
        assert ask(SETTLEMENT, "qingdao", place=place).value is True


def test_a_home_settles_people_of_this_city_and_carries_the_family_of_others() -> None:
    # 青岛 七(一)1
    home: dict[str, Any] = STRANGER | {"home": "商品住宅"}
    assert ask(SETTLEMENT, "qingdao", **home | {"origin": "本市户籍", "relation": "其他"}).value is True
    carried = {
        who: ask(SETTLEMENT, "qingdao", **home | {"relation": who}).value
        for who in ("本人", "配偶", "未婚子女", "其他")
    }
    assert carried == {"本人": True, "配偶": True, "未婚子女": True, "其他": False}


@pytest.mark.parametrize("origin", ["本市户籍", "外地户籍"])
@pytest.mark.parametrize("name", ["is_home_in_area", "is_rural_migrant"])
def test_a_home_settles_rural_migrants_in_the_city_proper_alone(origin: str, name: str) -> None:
    # 青岛 七(一)1: 在青岛城区有合法固定住所的…农业转移人口
    home: dict[str, Any] = STRANGER | {"home": "商品住宅", "origin": origin}
    assert ask(SETTLEMENT, "qingdao", home).value is True
    assert ask(SETTLEMENT, "qingdao", home | {name: False}).value is False
    assert ask(SETTLEMENT, "qingdao", home | {name: None}).missing == (name,)


def test_years_and_moving_as_a_family_count_for_rural_migrants_and_the_other_groups_for_all() -> None:
    # 青岛 七(一)1
    townsman = STRANGER | {"is_rural_migrant": False}
    for way in ({"years": Fraction(5)}, {"whole_family": True}):
        assert ask(SETTLEMENT, "qingdao", townsman | way).value is False
    assert ask(SETTLEMENT, "qingdao", townsman | {"group": "参军进城"}).value is True
    assert ask(SETTLEMENT, "qingdao", townsman | {"place": "平度市"}).value is True


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({"years": Fraction(5)}, True),  # 5年以上 includes 5, 民法典 第一千二百五十九条
        ({"years": Fraction(499, 100)}, False),
        ({"whole_family": True}, True),
        ({"group": "稳定就业的新生代农民工"}, True),
        ({"group": "农村学生升学进城"}, True),
        ({"group": "参军进城"}, True),
    ],
)
def test_key_groups_have_no_limit_in_qingdao(facts: dict[str, Any], may: bool) -> None:
    assert ask(SETTLEMENT, "qingdao", **STRANGER | facts).value is may


def test_whoever_meets_no_way_is_told_of_the_points() -> None:
    refused = ask(SETTLEMENT, "qingdao", **STRANGER)
    assert refused.value is False
    assert "赋分落户" in refused.steps[0].finding


def test_a_way_that_lacks_a_fact_keeps_the_question_open() -> None:
    facts = {name: value for name, value in STRANGER.items() if name != "years"}
    ruling = ask(SETTLEMENT, "qingdao", **facts)
    assert (ruling.verdict, ruling.missing) == (Verdict.UNDECIDABLE, ("years",))


@pytest.mark.parametrize(
    ("facts", "may"),
    [
        ({"origin": "外地户籍"}, True),  # 闽侯 二(一)1: from outside Fuzhou
        ({"joins_kin": True}, True),
        ({"home": "登记备案的租赁私有住房"}, True),
        ({}, False),
    ],
)
def test_minhou_has_no_threshold(facts: dict[str, Any], may: bool) -> None:
    local: dict[str, Any] = STRANGER | {"origin": "本市户籍"}
    assert ask(SETTLEMENT, "minhou", **local | facts).value is may


@pytest.mark.parametrize("zone", ["zibo", "gaoqing", "jinan"])
def test_zones_that_state_no_way_are_undecidable(zone: str) -> None:
    assert "population.settlement.open_areas" in ask(SETTLEMENT, zone, **STRANGER).missing


def test_land_follows_the_number_settled_once_the_place_has_fixed_the_figure() -> None:
    # 青岛 七(一)2 and 闽侯 二(一)2 order the link without a figure
    assert ask("population.linked_land", "qingdao", settled=100).missing == (PER_PERSON,)
    fixed = by_hand("population.linked_land", {LINKED: True, PER_PERSON: Fraction(100)})
    assert linked_land(LandLinkFacts(settled=31), fixed).value == 3100
    assert linked_land(LandLinkFacts(), fixed).missing == ("settled",)
    nothing = by_hand("population.linked_land", {})
    assert linked_land(LandLinkFacts(settled=31), nothing).missing == (LINKED,)


@given(years=st.fractions(0, 50), more=st.fractions(0, 50))
def test_more_years_in_town_never_turn_a_yes_into_a_no(years: Fraction, more: Fraction) -> None:
    first = ask(SETTLEMENT, "qingdao", **STRANGER | {"years": years})
    later = ask(SETTLEMENT, "qingdao", **STRANGER | {"years": years + more})
    assert not (first.value is True and later.value is False)


@given(few=st.integers(0, 10**6), more=st.integers(0, 10**6), figure=st.fractions(0, 1000))
def test_more_people_never_earn_less_land(few: int, more: int, figure: Fraction) -> None:
    fixed = by_hand("population.linked_land", {LINKED: True, PER_PERSON: figure})
    areas = [linked_land(LandLinkFacts(settled=n), fixed).value for n in (few, few + more)]
    assert areas[0] is not None
    assert areas[1] is not None
    assert areas[0] <= areas[1]
