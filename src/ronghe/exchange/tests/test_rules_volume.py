"""入市规模: the yearly ceiling, and a village plan's reserve."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.exchange.rules.volume import (
    CAPS,
    PLANS,
    RESERVE_SHARE,
    ReserveFacts,
    VolumeFacts,
    annual_volume,
    village_plan_quota,
)
from ronghe.policy.tests.asked import by_hand, in_zone

SUPPLY, NEW_LAND = CAPS["建设用地供应计划"], CAPS["新增建设用地计划"]


@pytest.mark.parametrize(
    ("slug", "caps"),
    [
        ("qingdao", ("entry.volume.supply_cap",)),
        ("zibo", ("entry.volume.land_use_cap",)),
        ("gaoqing", ("entry.volume.land_use_cap",)),
        ("jinan", ("entry.volume.supply_cap", "entry.volume.new_land_cap")),
        ("minhou", ("entry.volume.land_use_cap",)),  # 土地管理法 第二十三条
    ],
)
def test_the_ceiling_is_asked_for_in_the_zones_own_plan(slug, caps):
    ruling = annual_volume(VolumeFacts(Fraction("10"), Fraction("5")), in_zone("entry.annual_volume", slug))
    assert ruling.value is None
    assert ruling.missing == caps


@pytest.mark.parametrize(("area", "value"), [("20", True), ("2001/100", False)])
def test_up_to_the_ceiling(area, value):
    values = by_hand("entry.annual_volume", {PLANS: frozenset({"建设用地供应计划"}), SUPPLY: Fraction("100")})
    assert annual_volume(VolumeFacts(Fraction("80"), Fraction(area)), values).value is value


def test_both_plans_must_have_room():
    values = by_hand(
        "entry.annual_volume",
        {PLANS: frozenset({"建设用地供应计划", "新增建设用地计划"}), SUPPLY: Fraction("100"), NEW_LAND: Fraction("50")},
    )
    assert annual_volume(VolumeFacts(Fraction("40"), Fraction("10")), values).value is True
    over = annual_volume(VolumeFacts(Fraction("40"), Fraction("11")), values)
    assert over.value is False
    assert "超出 1 亩" in over.steps[1].finding


@given(st.fractions(0, 200), st.fractions(0, 200), st.fractions(0, 200))
def test_more_area_never_turns_a_no_into_a_yes(entered: Fraction, area: Fraction, more: Fraction):
    values = by_hand("entry.annual_volume", {PLANS: frozenset({"建设用地供应计划"}), SUPPLY: Fraction("100")})
    if annual_volume(VolumeFacts(entered, area), values).value is False:
        assert annual_volume(VolumeFacts(entered, area + more), values).value is False


@pytest.mark.parametrize("slug", ["qingdao", "zibo"])
def test_the_reserved_share_is_not_stated(slug):
    ruling = village_plan_quota(ReserveFacts(Fraction("1"), Fraction("100")), in_zone("entry.village_plan_quota", slug))
    assert ruling.missing == (RESERVE_SHARE,)
    assert "待地方确定" in ruling.steps[0].finding


def test_the_unconfirmed_national_share_is_off():
    assert not in_zone("entry.village_plan_quota", "jinan")[RESERVE_SHARE].is_stated


@pytest.mark.parametrize(("reserved", "value"), [("5", True), ("501/100", False), ("0", True), ("101", None)])
def test_a_share_once_it_is_entered(reserved, value):
    values = by_hand("entry.village_plan_quota", {RESERVE_SHARE: Fraction("1/20")})
    assert village_plan_quota(ReserveFacts(Fraction(reserved), Fraction("100")), values).value is value
