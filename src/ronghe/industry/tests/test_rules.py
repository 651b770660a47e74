"""产业的规则: both sides of each threshold, ceiling and deadline."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from ronghe.policy.ruling import Clause
from ronghe.policy.tests.asked import by_hand, in_zone

from .. import rules

CODES = {
    "industry.new_market_town": (rules.new_market_town, rules.NewTownFacts),
    "industry.leading_zone": (rules.leading_zone, rules.LeadingZoneFacts),
    "industry.processing_subsidy": (rules.processing_subsidy, rules.SubsidyFacts),
    "industry.model_towns": (rules.model_towns, rules.ModelTownFacts),
    "industry.beautiful_towns": (rules.beautiful_towns, rules.BeautifulTownFacts),
    "industry.characteristic_town": (rules.characteristic_town, rules.CharacteristicTownFacts),
}


# -- 青岛 二(一)1: 过 does not include the number ----------------------------------------------------------------------

PEOPLE, OUTPUT, FISCAL = 100_000, 10_000_000_000, 1_000_000_000


def town(people: int, output: int, fiscal: int, zone: str = "qingdao"):
    facts = rules.NewTownFacts(people, Fraction(output), Fraction(fiscal))
    return rules.new_market_town(facts, in_zone("industry.new_market_town", zone))


def test_a_new_market_town_has_passed_all_three_sizes():
    assert town(PEOPLE + 1, OUTPUT + 1, FISCAL + 1).value is True
    assert town(PEOPLE, OUTPUT + 1, FISCAL + 1).value is False
    assert town(PEOPLE + 1, OUTPUT, FISCAL + 1).value is False
    assert town(PEOPLE + 1, OUTPUT + 1, FISCAL).value is False
    assert town(PEOPLE, OUTPUT, FISCAL).steps[0].cite == (Clause("qingdao-2020", "二(一)1"),)


def test_jinan_states_no_sizes():
    assert len(town(PEOPLE + 1, OUTPUT + 1, FISCAL + 1, "jinan").missing) == 3


@examples(*[st.integers(0, 2 * limit) for limit in (PEOPLE, OUTPUT, FISCAL)], st.integers(0, FISCAL))
def test_growing_never_turns_a_yes_into_a_no(people, output, fiscal, more):
    assert not (
        town(people, output, fiscal).value is True
        and town(people + more, output + more, fiscal + more).value is False
    )  # fmt: skip


# -- 青岛 二(三): 以上 includes the number ----------------------------------------------------------------------------


def test_a_leading_zone_reaches_two_hundred_thousand_mu():
    given = in_zone("industry.leading_zone", "qingdao")
    assert rules.leading_zone(rules.LeadingZoneFacts(Fraction(200_000)), given).value is True
    assert rules.leading_zone(rules.LeadingZoneFacts(Fraction(19_999_999, 100)), given).value is False


# -- 济南 六(五): not above 40 % --------------------------------------------------------------------------------------


def subsidy(paid: Fraction, invested: Fraction, *, is_new: bool = True):
    facts = rules.SubsidyFacts(is_new, invested, paid)
    return rules.processing_subsidy(facts, in_zone("industry.processing_subsidy", "jinan"))


def test_a_subsidy_may_reach_two_fifths_of_the_actual_investment_and_not_a_fen_more():
    # 2,500,000 × 2/5 = 1,000,000
    assert subsidy(Fraction(1_000_000), Fraction(2_500_000)).value is True
    assert subsidy(Fraction(100_000_001, 100), Fraction(2_500_000)).value is False


@pytest.mark.parametrize("paid", [0, 1])
def test_nothing_invested_measures_no_subsidy(paid):
    assert subsidy(Fraction(paid), Fraction(0)).missing == ("subsidy_yuan", "investment_yuan")


def test_only_new_projects_are_subsidised():
    assert subsidy(Fraction(1), Fraction(100), is_new=False).value is False


def test_no_other_zone_states_the_ceiling():
    given = in_zone("industry.processing_subsidy", "qingdao")
    facts = rules.SubsidyFacts(True, Fraction(100), Fraction(1))
    assert rules.processing_subsidy(facts, given).missing == ("industry.processing.subsidy_max",)


@examples(st.fractions(0, 1000), st.fractions(0, 1000), st.fractions(0, 1000))
def test_more_subsidy_never_turns_a_no_into_a_yes(paid, more, invested):
    assert not (subsidy(paid, invested).value is False and subsidy(paid + more, invested).value is True)


# -- 淄博 二(五)2(3) --------------------------------------------------------------------------------------------------


def models(number: int, reached_on: date | None = None, zone: str = "zibo"):
    return rules.model_towns(rules.ModelTownFacts(number, reached_on), in_zone("industry.model_towns", zone))


@pytest.mark.parametrize("zone", ["zibo", "gaoqing"])
def test_each_district_has_a_model_town_by_the_end_of_2022(zone):
    assert models(1, date(2022, 12, 31), zone).value is True
    assert models(1, date(2023, 1, 1), zone).value is False
    assert models(0, zone=zone).value is False
    assert models(1, zone=zone).missing == ("reached_on",)


def test_all_small_towns_meet_the_standard_by_the_end_of_2025():
    given = in_zone("industry.beautiful_towns", "zibo")
    assert rules.beautiful_towns(rules.BeautifulTownFacts(50, 50, date(2025, 12, 31)), given).value is True
    assert rules.beautiful_towns(rules.BeautifulTownFacts(50, 49, date(2025, 12, 31)), given).value is False
    assert rules.beautiful_towns(rules.BeautifulTownFacts(50, 50, date(2026, 1, 1)), given).value is False


@examples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5))
def test_more_model_towns_never_turn_a_yes_into_a_no(least, built, more):
    given = by_hand("industry.model_towns", {"industry.model_town.per_county": least})

    def has(number: int) -> bool | None:
        return rules.model_towns(rules.ModelTownFacts(number), given).value

    assert has(built) is (built >= least)
    assert not (has(built) is True and has(built + more) is False)


# -- 青岛 二(一)2, 淄博 二(五)2(1), 济南 六(二): the form differs -------------------------------------------------------

COMMON = frozenset({"产业特而强", "功能聚而合", "机制新而活"})


@pytest.mark.parametrize(
    ("zone", "own", "other"),
    [
        ("qingdao", "形态聚而拢", "形态小而美"),
        ("zibo", "形态小而美", "形态聚而拢"),
        ("gaoqing", "形态小而美", "形态聚而拢"),
        ("jinan", "形态小而美", "形态聚而拢"),
    ],
)
def test_a_characteristic_town_has_the_four_features_of_its_own_zone(zone, own, other):
    given = in_zone("industry.characteristic_town", zone)

    def judged(features: frozenset[str]):
        return rules.characteristic_town(rules.CharacteristicTownFacts(features), given)

    assert judged(COMMON | {own}).value is True
    assert judged(COMMON | {own, other}).value is True
    refused = judged(COMMON | {other})
    assert refused.value is False
    assert refused.steps[0].finding.endswith(f"缺少：{own}")
