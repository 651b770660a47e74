"""改造方式与安置: both sides of each boundary, for the zones that differ."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from ronghe.policy.ruling import Clause
from ronghe.policy.tests.asked import by_hand, in_zone

from ..rules import projects as rules

CODES = {
    "renewal.full_renewal": (rules.full_renewal, rules.FullRenewalFacts),
    "renewal.project_start": (rules.project_start, rules.ProjectStartFacts),
    "renewal.collective_reserve": (rules.collective_reserve, rules.ReserveFacts),
    "renewal.housing_improvement": (rules.housing_improvement, rules.HousingFacts),
    "renewal.public_facilities": (rules.public_facilities, rules.FacilityFacts),
}


@pytest.mark.parametrize("code", CODES)
def test_before_a_document_was_made_it_binds_nobody(code):
    function, facts = CODES[code]
    given = in_zone(code, "qingdao", on=date(2020, 11, 23))
    assert not any(value.is_stated for value in given.values())
    assert function(facts(), given).value is None


# -- 青岛 五(二)1, 淄博 二(四)2(2), 济南 五(二) -----------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["qingdao", "zibo", "gaoqing", "jinan"])
def test_a_village_is_renewed_whole_only_where_that_is_possible_and_needed(zone):
    given = in_zone("renewal.full_renewal", zone)

    def whole(possible: bool | None, needed: bool | None) -> bool | None:
        return rules.full_renewal(rules.FullRenewalFacts(possible, needed), given).value

    assert whole(True, True) is True
    assert whole(True, False) is False
    assert whole(False, True) is False
    assert whole(False, None) is False
    assert whole(True, None) is None


def test_a_refusal_names_the_partial_ways():
    refused = rules.full_renewal(rules.FullRenewalFacts(False, True), in_zone("renewal.full_renewal", "qingdao"))
    assert "改用局部改造：功能改变、加建扩建、完善配套设施、局部拆建、整治修缮" in refused.steps[0].finding


# -- 淄博 二(四)1 ----------------------------------------------------------------------------------------------------

STEPS = ("编制项目改造方案", "区县政府审批", "市政府相关部门审核备案")


def started(*done: str):
    return rules.project_start(rules.ProjectStartFacts(done), in_zone("renewal.project_start", "zibo"))


def test_a_project_starts_after_approval_and_filing_in_that_order():
    assert started(*STEPS).value is True
    assert started(STEPS[0], "征求村民意见", *STEPS[1:]).value is True
    unfiled = started(*STEPS[:2])
    assert unfiled.value is False
    assert unfiled.steps[0].finding == "还没有办结：市政府相关部门审核备案；办结后再实施"
    assert started(STEPS[0], STEPS[2], STEPS[1]).value is False
    assert started().value is False


def test_qingdao_states_no_such_steps():
    ruling = rules.project_start(rules.ProjectStartFacts(STEPS), in_zone("renewal.project_start", "qingdao"))
    assert ruling.missing == ("renewal.project.plan_steps",)


# -- 青岛 五(三), 淄博 二(四)3: first the villagers -------------------------------------------------------------------


def reserve(values, **facts):
    known = {"reserved_m2": Fraction(10), "project_m2": Fraction(100), **facts}
    return rules.collective_reserve(rules.ReserveFacts(**known), by_hand("renewal.collective_reserve", values))


def test_the_share_that_stays_includes_its_own_number():
    assert reserve({"renewal.reserve.share": Fraction(1, 10)}).value is True
    assert reserve({"renewal.reserve.share": Fraction(1, 10)}, reserved_m2=Fraction(999, 100)).value is False


@pytest.mark.parametrize("zone", ["qingdao", "zibo"])
def test_a_share_that_the_document_leaves_open_is_asked_for(zone):
    facts = rules.ReserveFacts(True, True, True, Fraction(10), Fraction(100))
    ruling = rules.collective_reserve(facts, in_zone("renewal.collective_reserve", zone))
    assert ruling.missing == ("renewal.reserve.share",)


def test_resettlement_and_balance_come_first_in_qingdao_and_living_conditions_in_zibo():
    given = in_zone("renewal.collective_reserve", "qingdao")
    facts = rules.ReserveFacts(False, True, None, Fraction(10), Fraction(100))
    refused = rules.collective_reserve(facts, given)
    assert refused.value is False
    assert refused.steps[0].finding.endswith("先落实村民安置")
    assert rules.collective_reserve(rules.ReserveFacts(True, False), given).value is False
    zibo = in_zone("renewal.collective_reserve", "zibo")
    assert rules.collective_reserve(rules.ReserveFacts(False, False, True), zibo).value is None
    assert rules.collective_reserve(rules.ReserveFacts(True, True, False), zibo).value is False


@examples(st.fractions(0, 200), st.fractions(0, 100), st.fractions(1, 100), st.fractions(0, 1))
def test_more_land_left_never_turns_a_yes_into_a_no(left, more, project, share):
    def enough(land: Fraction) -> bool | None:
        return reserve({"renewal.reserve.share": share}, reserved_m2=land, project_m2=project).value

    assert not (enough(left) is True and enough(left + more) is False)


# -- 淄博 二(四)2(4) -------------------------------------------------------------------------------------------------


def improved(before: int, after: int, gain: Fraction | None):
    facts = rules.HousingFacts(Fraction(before), Fraction(after))
    values = {"renewal.housing.must_improve": True, "renewal.housing.min_gain": gain}
    return rules.housing_improvement(facts, by_hand("renewal.housing_improvement", values))


def test_no_gain_is_no_improvement_even_where_no_figure_is_set():
    assert improved(30, 30, None).value is False
    assert improved(30, 29, None).value is False


def test_a_gain_is_weighed_against_the_figure_that_a_person_set():
    assert improved(30, 33, None).missing == ("renewal.housing.min_gain",)
    assert improved(30, 33, Fraction(1, 10)).value is True  # 33/30 − 1 = 1/10
    assert improved(300, 329, Fraction(1, 10)).value is False  # 29/300 < 1/10


def test_nothing_before_gives_no_ratio():
    assert improved(0, 30, Fraction(1, 10)).missing == ("before_m2",)


def test_zibo_leaves_the_figure_open():
    given = in_zone("renewal.housing_improvement", "zibo")
    ruling = rules.housing_improvement(rules.HousingFacts(Fraction(30), Fraction(40)), given)
    assert ruling.missing == ("renewal.housing.min_gain",)
    assert ruling.steps[0].cite == (Clause("zibo-2020", "二(四)2(4)"),)


@examples(st.integers(1, 100), st.integers(0, 100), st.integers(0, 100), st.fractions(0, 2))
def test_larger_homes_never_turn_a_yes_into_a_no(before, after, more, gain):
    assert not (improved(before, after, gain).value is True and improved(before, after + more, gain).value is False)


# -- 青岛 五(一)1 ----------------------------------------------------------------------------------------------------


def test_municipal_works_keep_pace_and_the_share_is_asked_for_in_qingdao():
    given = in_zone("renewal.public_facilities", "qingdao")
    facts = rules.FacilityFacts(Fraction(10), Fraction(100), True)
    assert rules.public_facilities(facts, given).missing == ("renewal.public_facilities.share",)
    assert rules.public_facilities(rules.FacilityFacts(Fraction(10), Fraction(100), False), given).value is False


def test_a_local_share_decides():
    values = {"renewal.public_facilities.share": Fraction(1, 10), "renewal.municipal_works.simultaneous": True}
    given = by_hand("renewal.public_facilities", values)
    assert rules.public_facilities(rules.FacilityFacts(Fraction(10), Fraction(100), True), given).value is True
    assert rules.public_facilities(rules.FacilityFacts(Fraction(9), Fraction(100), True), given).value is False
