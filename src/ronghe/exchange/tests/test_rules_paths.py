"""入市途径: paths, conversion, consolidation, favoured places, villages that work together."""

import pytest

from ronghe.exchange.rules.paths import (
    ConsolidationFacts,
    ConversionFacts,
    CooperationFacts,
    LocationFacts,
    PathFacts,
    consolidation,
    homestead_conversion,
    location,
    path,
    village_cooperation,
)
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import in_zone

GOOD = {"is_lawfully_obtained": True, "fits_plan": True}


def going(slug, way, **facts):
    return path(PathFacts(way, **facts), in_zone("entry.path", slug))


@pytest.mark.parametrize("slug", ["qingdao", "zibo", "jinan", "gaoqing"])
def test_on_site(slug):
    assert going(slug, "就地入市", **GOOD).value is True


def test_jinan_states_no_conditions_and_qingdao_does():
    assert going("jinan", "就地入市").value is True
    assert going("qingdao", "就地入市", is_lawfully_obtained=False, fits_plan=True).value is False
    assert going("qingdao", "异地调整入市", **GOOD).value is True


def test_zibo_off_site_after_reclamation():
    # 淄博 二(一)2(2)
    facts = {**GOOD, "is_scattered": True, "is_reclaimed": True, "tool": "增减挂钩"}
    assert going("zibo", "异地调整入市", **facts).value is True
    assert going("zibo", "异地调整入市", **{**facts, "is_scattered": False}).value is False
    assert going("zibo", "异地调整入市", **{**facts, "is_reclaimed": False}).value is False
    assert going("zibo", "异地调整入市", **{**facts, "tool": None}).missing == ("tool",)


def turned(slug, source, purpose="集体经营性建设用地入市", voluntary=True, paid=True, procedure=True):
    facts = ConversionFacts(source, purpose, voluntary, paid, procedure)
    return homestead_conversion(facts, in_zone("entry.homestead_conversion", slug)).value


@pytest.mark.parametrize("slug", ["qingdao", "zibo"])
def test_idle_homesteads_by_free_will_and_for_pay(slug):
    # 青岛 三(二)2; 淄博 二(一)2(2)
    assert turned(slug, "闲置宅基地") is True
    assert turned(slug, "闲置宅基地", voluntary=False) is False
    assert turned(slug, "闲置宅基地", paid=False) is False
    assert turned(slug, "废弃公益性建设用地", paid=None) is True
    assert turned(slug, "废弃公益性建设用地", voluntary=False) is False
    assert turned(slug, "增减挂钩节余指标") is False


def test_jinan_uses_saved_quota_for_rural_business_projects():
    # 济南 三(二)3; free will by 实施条例 第三十六条
    assert turned("jinan", "增减挂钩节余指标", "农村经营性建设项目") is True
    assert turned("jinan", "增减挂钩节余指标", "集体经营性建设用地入市") is False
    assert turned("jinan", "闲置宅基地", "农村经营性建设项目", voluntary=False) is False
    assert turned("jinan", "闲置宅基地", "农村经营性建设项目", procedure=False) is False


def together(slug, land=(True, True, True), **facts):
    return consolidation(ConsolidationFacts(*land, **facts), in_zone("entry.consolidation", slug)).value


def test_each_zone_has_its_own_bodies_for_consolidation():
    # 青岛 三(二)4; 淄博 二(一)4(2); 济南 四(二)2
    assert together("qingdao", means="收购") is True
    assert together("zibo", reserve_level="镇办", applicant="村（居）集体经济组织") is True
    assert together("zibo", reserve_level="市", applicant="村（居）集体经济组织") is False
    assert together("zibo", reserve_level="镇办", applicant="其他") is False
    assert together("jinan", means="托管", lead="农村集体经济组织") is True
    assert together("jinan", means="托管", lead="其他") is False
    assert together("minhou") is None


@pytest.mark.parametrize("land", [(False, True, True), (True, False, True), (True, True, False)])
@pytest.mark.parametrize("slug", ["qingdao", "zibo", "jinan"])
def test_land_is_small_and_inefficient_and_wanted(slug, land):
    assert together(slug, land) is False


@pytest.mark.parametrize(
    ("slug", "where", "value"),
    [
        ("qingdao", "城中村", True),
        ("qingdao", "重点镇（街道）", False),
        ("jinan", "重点镇（街道）", True),
        ("jinan", "城中村", False),
        ("zibo", "城中村", None),
        ("qingdao", None, None),
    ],
)
def test_favoured_places(slug, where, value):
    ruling = location(LocationFacts(where), in_zone("entry.location", slug))
    assert ruling.value is value
    assert ruling.verdict is (Verdict.UNDECIDABLE if value is None else None)


def test_a_fringe_village_and_a_remote_one():
    # 济南 四(二)1
    values = in_zone("entry.village_cooperation", "jinan")
    both = frozenset({"城边村", "远郊村"})
    assert village_cooperation(CooperationFacts(both, True, True), values).value is True
    assert village_cooperation(CooperationFacts(frozenset({"城边村"}), True, True), values).value is False
    assert village_cooperation(CooperationFacts(both, False, True), values).value is False
    assert village_cooperation(CooperationFacts(both, True, None), values).value is None
