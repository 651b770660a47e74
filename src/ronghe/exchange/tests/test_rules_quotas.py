"""指标与用地: both sides of each bound, with the clause that draws it."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.exchange.rules.quotas import BEYOND, IN_CITY, IN_COUNTY, LINKED, NEW, TOPUP
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import ask

PASSED, FAILED, OPEN = Verdict.PASSED, Verdict.FAILED, Verdict.UNDECIDABLE
AMOUNTS = st.fractions(0, 10**6)


# -- 5 %: 青岛 九(二); 闽侯 二(三)2 -------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["qingdao", "minhou"])
@pytest.mark.parametrize(
    ("rural", "verdict"), [("50", PASSED), ("49.9999", FAILED), ("1000", PASSED), ("0", FAILED), ("1001", OPEN)]
)
def test_at_least_five_per_cent_goes_to_rural_industry(zone: str, rural: str, verdict: Verdict) -> None:
    facts = {"new_quota_mu": 1000, "rural_industry_mu": rural}  # 1000 × 1/20 = 50
    assert ask("quota.rural_industry_share", zone, facts).verdict is verdict


def test_too_small_a_share_says_how_much_is_needed() -> None:
    ruling = ask("quota.rural_industry_share", "qingdao", {"new_quota_mu": 1000, "rural_industry_mu": 20})
    assert ruling.steps[0].finding.endswith("2% < 新增建设用地指标用于乡村产业的最低比例 5%；至少 50 亩，还差 30 亩")


@pytest.mark.parametrize("zone", ["zibo", "gaoqing", "jinan"])
def test_no_share_is_stated_elsewhere(zone: str) -> None:
    ruling = ask("quota.rural_industry_share", zone, {"new_quota_mu": 1000, "rural_industry_mu": 900})
    assert (ruling.verdict, ruling.missing) == (OPEN, ("quota.rural_industry.min_share",))


def test_a_plan_without_quota_has_no_share() -> None:
    ruling = ask("quota.rural_industry_share", "qingdao", {"new_quota_mu": 0, "rural_industry_mu": 0})
    assert ruling.missing == ("rural_industry_mu", "new_quota_mu")


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_more_for_rural_industry_never_turns_a_yes_into_a_no(total: Fraction, a: Fraction, b: Fraction) -> None:
    less, more = sorted((min(a, total), min(b, total)))
    few, many = (
        ask("quota.rural_industry_share", "minhou", {"new_quota_mu": total, "rural_industry_mu": part})
        for part in (less, more)
    )
    assert few.value is not True or many.value is True


# -- priority: 济南 八(一)、六(二); 青岛 二(一)1 -----------------------------------------------------------------------

READY = {"is_mature": True, "is_ready_for_supply": True}


@pytest.mark.parametrize(
    ("zone", "facts", "verdict"),
    [
        ("jinan", {"quota": NEW, "project": "乡村产业项目", **READY}, PASSED),
        ("jinan", {"quota": NEW, "project": "点状供地项目", **READY}, PASSED),
        ("jinan", {"quota": NEW, "project": "乡村产业项目", **READY, "is_mature": False}, FAILED),
        ("jinan", {"quota": NEW, "project": "乡村产业项目", **READY, "is_ready_for_supply": None}, OPEN),
        ("jinan", {"quota": NEW, "project": "特色小镇", **READY}, FAILED),
        ("jinan", {"quota": TOPUP, "project": "特色小镇"}, PASSED),
        ("jinan", {"quota": TOPUP, "project": "乡村产业项目"}, FAILED),
        ("jinan", {"quota": LINKED, "project": "特色小镇"}, OPEN),
        ("qingdao", {"quota": LINKED, "project": "城乡产业协同发展先行区"}, PASSED),
        ("qingdao", {"quota": LINKED, "project": "其他"}, FAILED),
        ("qingdao", {"quota": NEW, "project": "乡村产业项目", **READY}, OPEN),
    ],
)
def test_who_comes_first(zone: str, facts: dict[str, Any], verdict: Verdict) -> None:
    assert ask("quota.priority", zone, facts).verdict is verdict


# -- circulation: 青岛 四(二)3; 淄博 二(二)3; 济南 三(二)3 --------------------------------------------------------------

CENTRE = "市公共资源交易中心"


@pytest.mark.parametrize(
    ("zone", "facts", "verdict"),
    [
        ("qingdao", {"reach": IN_COUNTY}, PASSED),
        ("qingdao", {"reach": IN_CITY}, PASSED),
        ("qingdao", {"reach": BEYOND}, FAILED),
        ("zibo", {"reach": IN_CITY, "channel": CENTRE}, PASSED),
        ("gaoqing", {"reach": IN_CITY, "channel": CENTRE}, PASSED),  # its parent's document
        ("zibo", {"reach": IN_CITY, "channel": "私下"}, FAILED),
        ("zibo", {"reach": IN_CITY}, OPEN),
        ("zibo", {"reach": BEYOND, "channel": CENTRE}, FAILED),
        ("jinan", {"reach": IN_CITY}, FAILED),  # sought, not authorised
        ("jinan", {"reach": BEYOND}, FAILED),
        ("jinan", {"reach": IN_COUNTY}, OPEN),
        ("minhou", {"reach": IN_CITY}, OPEN),
    ],
)
def test_how_far_a_saved_quota_may_travel(zone: str, facts: dict[str, Any], verdict: Verdict) -> None:
    assert ask("quota.circulation", zone, facts).verdict is verdict


def test_jinan_opens_cross_county_trade_only_when_a_person_enters_the_authority() -> None:
    shut = ask("quota.circulation", "jinan", {"reach": IN_CITY})
    assert "待授权" in shut.steps[0].finding
    assert [str(c) for c in shut.steps[0].cite] == ["jinan-2021 三(二)3"]
    entered = ask("quota.circulation", "jinan", {"reach": IN_CITY}, entered={"quota.circulation.scope": "跨区县"})
    assert entered.verdict is PASSED


@pytest.mark.parametrize("scope", ["区县内", "市域", "跨区县"])
def test_a_wider_reach_never_turns_a_no_into_a_yes(scope: str) -> None:
    values = [
        ask("quota.circulation", "qingdao", {"reach": reach}, entered={"quota.circulation.scope": scope}).value
        for reach in (IN_COUNTY, IN_CITY, BEYOND)
    ]
    assert values == sorted(values, reverse=True)
    assert values[0] is True
    assert values[2] is False


# -- paid transfer, facilities, farm parks ----------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", ["土地", "能耗", "排放"])
def test_zibo_moves_three_indicators_between_districts_for_pay(indicator: str) -> None:
    """淄博 二(五)1."""
    assert ask("quota.paid_transfer", "zibo", {"indicator": indicator, "is_paid": True}).verdict is PASSED
    assert ask("quota.paid_transfer", "zibo", {"indicator": indicator, "is_paid": False}).verdict is FAILED
    assert ask("quota.paid_transfer", "jinan", {"indicator": indicator, "is_paid": True}).verdict is OPEN


def test_no_other_indicator_is_moved() -> None:
    assert ask("quota.paid_transfer", "zibo", {"indicator": "其他", "is_paid": True}).verdict is FAILED


@pytest.mark.parametrize(
    ("part", "managed"),
    [("永久性设施", "按建设用地管理"), ("自然景观", "按现用途管理"), ("农牧渔业种植养殖", "按现用途管理")],
)
def test_minhou_manages_each_part_of_a_park_by_what_it_is(part: str, managed: str) -> None:
    """闽侯 二(三)2."""
    assert ask("quota.facility_land", "minhou", {"part": part}).value == managed
    assert ask("quota.facility_land", "jinan", {"part": part}).verdict is OPEN


PARK = {"land_class": "一般耕地", "facility": "加工", "is_necessary": True, "has_procedures": True}


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, PASSED),
        ({"facility": "研发"}, PASSED),
        ({"facility": "展销"}, PASSED),
        ({"facility": "其他"}, FAILED),
        ({"land_class": "永久基本农田"}, FAILED),
        ({"is_necessary": False}, FAILED),
        ({"has_procedures": False}, FAILED),
        ({"has_procedures": None}, OPEN),
    ],
)
def test_farm_parks_build_what_they_need_on_ordinary_farmland(change: dict[str, Any], verdict: Verdict) -> None:
    """济南 六(四)."""
    assert ask("quota.farm_park_facilities", "jinan", {**PARK, **change}).verdict is verdict
    assert ask("quota.farm_park_facilities", "qingdao", {**PARK, **change}).verdict is OPEN


# -- 永久基本农田调整: 济南 八(一) ------------------------------------------------------------------------------------

ADJUSTED = {
    "area_before_mu": 100, "area_after_mu": 100, "quality_before": 80, "quality_after": 81,
    "follows_village_plan": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, PASSED),
        ({"area_after_mu": "100.01"}, PASSED),
        ({"area_after_mu": "99.99"}, FAILED),  # 数量不变
        ({"quality_after": 80}, FAILED),  # 质量有提高: the same is not enough
        ({"quality_after": "80.01"}, PASSED),
        ({"quality_after": 79, "area_after_mu": 200}, FAILED),  # more of it makes up for nothing
        ({"follows_village_plan": False}, FAILED),
        ({"quality_after": None}, OPEN),
    ],
)
def test_basic_farmland_is_adjusted_only_for_the_better(change: dict[str, Any], verdict: Verdict) -> None:
    assert ask("quota.basic_farmland_adjustment", "jinan", {**ADJUSTED, **change}).verdict is verdict


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_less_or_poorer_basic_farmland_is_always_vetoed(a: Fraction, b: Fraction, c: Fraction, d: Fraction) -> None:
    facts = {"area_before_mu": a, "area_after_mu": b, "quality_before": c, "quality_after": d}
    ruling = ask("quota.basic_farmland_adjustment", "jinan", {**facts, "follows_village_plan": True})
    assert (ruling.verdict is PASSED) == (b >= a and d > c)


def test_no_other_zone_may_adjust_basic_farmland() -> None:
    for zone in ("qingdao", "zibo", "minhou", "gaoqing"):
        assert ask("quota.basic_farmland_adjustment", zone, ADJUSTED).verdict is OPEN


# -- 复垦平衡: 济南 八(七) --------------------------------------------------------------------------------------------

RECLAIMED = {"demolition_mu": 100, "housing_mu": 30, "farmland_before_mu": 10, "farmland_after_mu": 11}


def test_reclamation_is_open_until_the_share_is_entered() -> None:
    ruling = ask("quota.reclamation", "jinan", RECLAIMED)
    assert (ruling.verdict, ruling.missing) == (OPEN, ("quota.reclamation.housing_share_max",))


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, PASSED),
        ({"housing_mu": "30.01"}, FAILED),
        ({"farmland_after_mu": 10}, FAILED),  # 增加: as much as before is not enough
        ({"farmland_after_mu": "10.01"}, PASSED),
        ({"farmland_after_mu": 9}, FAILED),
        ({"housing_mu": 101}, OPEN),
    ],
)
def test_homes_on_a_demolition_area_need_a_share_and_more_farmland(change: dict[str, Any], verdict: Verdict) -> None:
    entered = {"quota.reclamation.housing_share_max": Fraction(3, 10)}
    assert ask("quota.reclamation", "jinan", {**RECLAIMED, **change}, entered=entered).verdict is verdict


def test_lost_farmland_is_a_no_even_without_the_share() -> None:
    assert ask("quota.reclamation", "jinan", {**RECLAIMED, "farmland_after_mu": 9}).verdict is FAILED
