"""确权登记的规则: both sides of each boundary, and what no fact or no parameter may do."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from ronghe.policy.ruling import Clause
from ronghe.policy.tests.asked import ALL_ZONES, by_hand, in_zone

from .. import rules
from ..rules.holding import runs_too_long, would_outlast


def test_what_outlasts_its_holder_is_no_history():
    """民法典 第十三条: both sides of the day of death."""
    died, today = date(2020, 1, 1), date(2026, 11, 25)
    told = {"first": date(2015, 6, 1), "today": today}
    assert not would_outlast(None, until=None, **told)
    assert not would_outlast(died, until=date(2020, 1, 1), **told)
    assert would_outlast(died, until=date(2020, 1, 2), **told)
    assert would_outlast(died, until=None, **told)
    # who dies after the day of entry lives on it
    assert not would_outlast(date(2026, 11, 26), until=None, **told)
    assert would_outlast(date(2026, 11, 25), until=None, **told)


def test_thirty_years_are_not_too_long_and_a_day_more_is():
    """农村土地承包法 第二十一条."""
    assert not runs_too_long(date(2015, 6, 1), date(2045, 6, 1), 30)
    assert runs_too_long(date(2015, 6, 1), date(2045, 6, 2), 30)
    assert not runs_too_long(date(2016, 2, 29), date(2046, 3, 1), 30)
    assert not runs_too_long(date(2015, 6, 1), date(2099, 1, 1), None)


CODES = {
    "registration.certification": (rules.certification, rules.CertificationFacts),
    "registration.homestead_confirmation": (rules.homestead_confirmation, rules.ConfirmationFacts),
    "registration.homestead_qualification": (rules.homestead_qualification, rules.QualificationFacts),
    "registration.windows": (rules.windows, rules.WindowFacts),
}


# -- 淄博 二(二)2(2), 济南 三(一)1: 90 % by the end of 2020 and of 2021 ---------------------------------------------


def certified(parcels: int, reached_on: date | None = None, *, survey: bool = True, zone: str = "zibo"):
    facts = rules.CertificationFacts(
        is_survey_complete=survey, registrable=1000, certified=parcels, reached_on=reached_on
    )
    return rules.certification(facts, in_zone("registration.certification", zone))


def test_ninety_per_cent_is_enough_and_one_parcel_less_is_not():
    # 1000 × 9/10 = 900; 以上 includes the number (民法典 第一千二百五十九条)
    assert certified(900, date(2020, 12, 31)).value is True
    short = certified(899, date(2020, 12, 31))
    assert short.value is False
    assert "还差 1 宗" in short.steps[1].finding


@pytest.mark.parametrize(("zone", "deadline"), [("zibo", date(2020, 12, 31)), ("jinan", date(2021, 12, 31))])
def test_the_day_of_the_deadline_is_in_time_and_the_next_is_not(zone, deadline):
    late = deadline.replace(year=deadline.year + 1, month=1, day=1)
    assert certified(950, deadline, zone=zone).value is True
    ruling = certified(950, late, zone=zone)
    assert ruling.value is False
    assert "晚了 1 天" in ruling.steps[-1].finding


def test_what_is_reached_needs_the_day_on_which_it_was():
    assert certified(950).missing == ("reached_on",)


def test_what_is_not_reached_needs_no_day():
    assert certified(100).value is False
    assert certified(950, survey=False).value is False


def test_more_certificates_than_parcels_is_a_mistake_of_the_figures():
    ruling = certified(1001, date(2020, 12, 1))
    assert ruling.value is None
    assert ruling.missing == ("certified", "registrable")


@pytest.mark.parametrize("zone", ["qingdao", "minhou"])
def test_a_zone_that_states_no_rate_cannot_say(zone):
    ruling = certified(1000, date(2020, 12, 1), zone=zone)
    assert ruling.missing == ("registration.certification.rate", "registration.certification.deadline")


def test_gaoqing_has_the_deadline_of_its_parent():
    ruling = certified(950, date(2020, 12, 31), zone="gaoqing")
    assert ruling.value is True
    assert Clause("zibo-2020", "二(二)2(2)") in ruling.steps[-1].cite


@examples(st.integers(0, 500), st.integers(0, 500), st.integers(1, 500), st.fractions(0, 1))
def test_more_certificates_never_turn_a_yes_into_a_no(parcels, more, registrable, rate):
    values = {"registration.certification.rate": rate, "registration.certification.deadline": date(2021, 12, 31)}
    given = by_hand("registration.certification", values)

    def reached(number: int) -> bool | None:
        facts = rules.CertificationFacts(registrable=registrable, certified=number, reached_on=date(2021, 1, 1))
        return rules.certification(facts, given).value

    assert not (reached(parcels) is True and reached(parcels + more) is False)


@examples(st.integers(0, 50), st.integers(1, 50), st.fractions(0, 1))
def test_what_is_said_to_lack_is_just_enough(parcels, registrable, rate):
    given = by_hand("registration.windows", {"registration.windows.coverage": rate})
    first = rules.windows(rules.WindowFacts(towns=registrable, towns_with_window=parcels), given)
    if first.value is False:
        lacking = int(first.steps[0].finding.rpartition("还差 ")[2].removesuffix(" 个"))
        enough = rules.WindowFacts(towns=registrable, towns_with_window=parcels + lacking)
        one_less = rules.WindowFacts(towns=registrable, towns_with_window=parcels + lacking - 1)
        assert rules.windows(enough, given).value is True
        assert rules.windows(one_less, given).value is False


# -- 淄博 二(二)2(2), 济南 三(一)1: illegal occupation ----------------------------------------------------------------


@pytest.mark.parametrize("zone", ["zibo", "gaoqing", "jinan"])
def test_illegal_occupation_is_not_confirmed(zone):
    given = in_zone("registration.homestead_confirmation", zone)
    assert rules.homestead_confirmation(rules.ConfirmationFacts(is_illegal_occupation=False), given).value is True
    refused = rules.homestead_confirmation(rules.ConfirmationFacts(is_illegal_occupation=True), given)
    assert refused.value is False
    assert "先依法处理" in refused.steps[0].finding


def test_a_legacy_case_is_no_bar_in_jinan_but_does_not_cure_illegal_occupation():
    given = in_zone("registration.homestead_confirmation", "jinan")
    legal = rules.homestead_confirmation(rules.ConfirmationFacts(False, "面积超标"), given)
    assert legal.value is True
    assert len(legal.steps) == 2
    assert rules.homestead_confirmation(rules.ConfirmationFacts(True, "面积超标"), given).value is False
    # the note alone decides nothing
    assert rules.homestead_confirmation(rules.ConfirmationFacts(None, "面积超标"), given).value is None


# -- 济南 三(二)1, 土地管理法 第六十二条第一款: per household ---------------------------------------------------------


def qualification(zone: str, **facts):
    return rules.homestead_qualification(
        rules.QualificationFacts(**facts), in_zone("registration.homestead_qualification", zone)
    )


def test_in_jinan_the_household_holds_the_qualification():
    assert qualification("jinan", held_by="户", has_member=True, homesteads=1).value is True
    assert qualification("jinan", held_by="成员", has_member=True, homesteads=1).value is False
    assert qualification("jinan", held_by="户", has_member=False, homesteads=1).value is False


@pytest.mark.parametrize("zone", ALL_ZONES)
def test_a_second_homestead_of_a_household_is_one_too_many_everywhere(zone):
    assert qualification(zone, held_by="户", has_member=True, homesteads=1).value is True
    ruling = qualification(zone, held_by="户", has_member=True, homesteads=2)
    assert ruling.value is False
    assert ruling.steps[-1].cite == (Clause("land-law-2019", "第六十二条第一款"),)


# -- 青岛 四(一)2: windows -------------------------------------------------------------------------------------------


def test_one_town_without_a_window_is_one_too_few():
    given = in_zone("registration.windows", "qingdao")
    assert rules.windows(rules.WindowFacts(towns=40, towns_with_window=40), given).value is True
    short = rules.windows(rules.WindowFacts(towns=40, towns_with_window=39), given)
    assert short.value is False
    assert short.steps[0].finding.endswith("还差 1 个")


def test_no_towns_no_answer():
    given = by_hand("registration.windows", {"registration.windows.coverage": Fraction(1)})
    assert rules.windows(rules.WindowFacts(towns=0, towns_with_window=0), given).value is None


def test_an_open_value_is_named():
    given = by_hand("registration.windows", {"registration.windows.coverage": None})
    facts = rules.WindowFacts(towns=40, towns_with_window=40)
    assert rules.windows(facts, given).missing == ("registration.windows.coverage",)
