"""入市范围: uses, conditions and the map, zone by zone."""

from datetime import date

import pytest

from ronghe.exchange.rules.eligibility import EligibilityFacts, MapFacts, eligibility, map_record
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import in_zone

LAW = {
    "fits_spatial_plan": True,
    "has_registered_ownership": True,
    "meets_industry_admission": True,
    "meets_ecology_requirements": True,
}
QINGDAO = {**LAW, "fits_development_plan": True, "has_clear_title": True, "has_infrastructure": True}
ZIBO = {**LAW, "fits_development_plan": True, "fits_village_plan": True}


def said(slug, on=date(2026, 11, 23), **facts):
    return eligibility(EligibilityFacts(**facts), in_zone("entry.eligibility", slug, on=on))


@pytest.mark.parametrize("use", ["工业", "商业服务", "旅游", "其他经营性"])
def test_business_uses_may_enter(use):
    # 土地管理法 第六十三条第一款: 工业、商业等经营性用途
    assert said("qingdao", planned_use=use, **QINGDAO).value is True
    assert said("zibo", planned_use=use, **ZIBO).value is True
    assert said("jinan", planned_use=use, **LAW).value is True


@pytest.mark.parametrize("use", ["居住", "公益", "教科文卫体"])
def test_other_uses_may_not(use):
    assert said("qingdao", planned_use=use, **QINGDAO).value is False


@pytest.mark.parametrize("name", QINGDAO)
def test_qingdao_asks_for_every_condition(name):
    assert said("qingdao", planned_use="工业", **{**QINGDAO, name: False}).value is False
    gap = said("qingdao", planned_use="工业", **{**QINGDAO, name: None})
    assert gap.verdict is Verdict.UNDECIDABLE
    assert gap.missing == (name,)


def test_zibo_asks_for_the_village_plan_and_qingdao_for_infrastructure():
    assert said("zibo", planned_use="工业", **ZIBO, has_infrastructure=False).value is True
    assert said("qingdao", planned_use="工业", **QINGDAO, fits_village_plan=False).value is True
    assert said("zibo", planned_use="工业", **{**ZIBO, "fits_village_plan": False}).value is False


def test_registration_is_asked_for_where_only_the_law_does():
    ruling = said("zibo", planned_use="工业", **{**ZIBO, "has_registered_ownership": False})
    assert ruling.value is False
    (step,) = [step for step in ruling.steps if step.ok is False]
    assert step.cite[0].document == "land-law-2019"


def test_admission_and_ecology_only_since_the_regulation_of_2021():
    facts = {"fits_spatial_plan": True, "has_registered_ownership": True}
    assert said("minhou", on=date(2021, 8, 31), planned_use="工业", **facts).value is True
    assert said("minhou", on=date(2021, 9, 1), planned_use="工业", **facts).value is None


def test_the_map_names_what_is_not_on_it():
    values = in_zone("entry.map_record", "qingdao")
    assert map_record(MapFacts(frozenset({"坐落", "四至", "权属"})), values).value is True
    short = map_record(MapFacts(frozenset({"坐落"})), values)
    assert short.value is False
    assert "四至" in short.steps[0].finding
    assert "权属" in short.steps[0].finding
    assert map_record(MapFacts(frozenset()), values).value is False
