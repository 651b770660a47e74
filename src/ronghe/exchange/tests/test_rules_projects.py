"""项目用地: point supply, case review, rental housing and land share companies."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.exchange.rules.projects import (
    FRINGE_SHARE,
    HARD_ONLY,
    RENTAL_AREAS,
    LandCompanyFacts,
    PointFacts,
    RentalFacts,
    ReviewFacts,
    case_review,
    land_company,
    point_supply,
    rental_housing,
)
from ronghe.policy.tests.asked import by_hand, in_zone


def test_a_project_is_supplied_once():
    # 济南 八(一)
    values = in_zone("entry.point_supply", "jinan")
    assert point_supply(PointFacts(False, True, "联营合作"), values).value is True
    assert point_supply(PointFacts(True, True, "出让"), values).value is False
    assert point_supply(PointFacts(False, False, "出让"), values).value is False
    assert point_supply(PointFacts(None, True, "出让"), values).missing == ("was_supplied_before",)


PASSED = {
    "is_in_transition": True,
    "is_in_area": True,
    "is_key_project": True,
    "respects_limit": True,
    "has_passed": True,
}


def reviewed(slug, **facts):
    return case_review(ReviewFacts(**{**PASSED, **facts}), in_zone("entry.case_review", slug))


def test_qingdao_may_start_building_and_jinan_only_planning():
    # 青岛 二(一)1; 济南 六(一)
    assert reviewed("qingdao", start_with="开工建设").value is True
    assert reviewed("qingdao", start_with="规划编制").value is True
    assert reviewed("jinan", start_with="规划编制").value is True
    assert reviewed("jinan", start_with="开工建设").value is False
    assert reviewed("zibo", start_with="规划编制").value is None


@pytest.mark.parametrize("name", PASSED)
@pytest.mark.parametrize("slug", ["qingdao", "jinan"])
def test_nothing_starts_when_one_condition_fails(slug, name):
    assert reviewed(slug, start_with="规划编制", **{name: False}).value is False
    assert reviewed(slug, start_with="规划编制", **{name: None}).missing == (name,)


def test_each_zone_names_its_own_limit():
    findings = {
        slug: [s.finding for s in reviewed(slug, respects_limit=False).steps if s.ok is False]
        for slug in ("qingdao", "jinan")
    }
    assert "四个不突破" in findings["qingdao"][0]
    assert "土地利用总体规划" in findings["jinan"][0]


def rented(slug, *facts, **more):
    return rental_housing(RentalFacts(*facts, **more), in_zone("entry.rental_housing", slug))


def test_rental_housing_in_priority_areas():
    # 青岛 二(一)1; 济南 六(一)
    assert rented("qingdao", "先行区", "参股").value is True
    assert rented("qingdao", "城边村", "自建").value is False
    assert rented("qingdao", "先行区", "其他").value is False
    assert rented("jinan", "先行区", "自建").missing == ("is_mainly_self_held",)
    assert rented("jinan", "先行区", "自建", is_mainly_self_held=True).value is True
    assert rented("jinan", "先行区", "自建", is_mainly_self_held=False).value is False


def test_jinan_leaves_the_fringe_villages_share_open():
    # 济南 八(七)
    facts = {"is_hard_to_renew": True, "rental_mu": Fraction("1"), "entered_mu": Fraction("10")}
    assert rented("jinan", "城边村", "自建", **facts).missing == (FRINGE_SHARE,)
    assert rented("jinan", "城边村", "自建", **{**facts, "is_hard_to_renew": False}).value is False


@pytest.mark.parametrize(("mu", "value"), [("3", True), ("301/100", False)])
def test_the_share_once_it_is_entered(mu, value):
    values = by_hand(
        "entry.rental_housing", {RENTAL_AREAS: frozenset({"城边村"}), HARD_ONLY: True, FRINGE_SHARE: Fraction("3/10")}
    )
    facts = RentalFacts("城边村", "自建", is_hard_to_renew=True, rental_mu=Fraction(mu), entered_mu=Fraction("10"))
    assert rental_housing(facts, values).value is value


@given(st.fractions(0, 10), st.fractions(0, 10))
def test_more_rental_land_never_turns_a_no_into_a_yes(mu, more):
    values = by_hand("entry.rental_housing", {RENTAL_AREAS: frozenset({"城边村"}), FRINGE_SHARE: Fraction("3/10")})

    def said(area):
        return rental_housing(RentalFacts("城边村", "自建", rental_mu=area, entered_mu=Fraction("20")), values).value

    if said(mu) is False:
        assert said(mu + more) is False


def test_minhou_only_names_a_pilot():
    # 闽侯 二(二)1
    assert rented("minhou", is_in_pilot=True).value is True
    assert rented("minhou", is_in_pilot=False).value is False


def test_a_land_share_company_is_collectively_owned():
    # 高青 四(二)6
    values = in_zone("entry.land_company", "gaoqing")
    assert land_company(LandCompanyFacts("镇办", "集体所有", "土地使用权"), values).value is True
    assert land_company(LandCompanyFacts("镇办", "其他", "土地使用权"), values).value is False
    assert land_company(LandCompanyFacts("镇办", "集体所有", "土地所有权"), values).value is False
    assert land_company(LandCompanyFacts("镇办", None, "土地使用权"), values).missing == ("ownership",)
    assert (
        land_company(LandCompanyFacts("镇办", "集体所有", "土地使用权"), in_zone("entry.land_company", "zibo")).value
        is None
    )
