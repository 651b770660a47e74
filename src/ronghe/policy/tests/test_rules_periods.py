"""期间: the next day begins, days off do not count, and a year that is not announced is provisional."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.policy.packs import ZONES, read_pack
from ronghe.policy.rulebook import Given, rule_named
from ronghe.policy.rules.periods import (
    LAST_YEAR,
    LONGEST,
    Calendar,
    after_days,
    after_months,
    after_working_days,
    working_days_between,
)
from ronghe.policy.ruling import Ruling


def _announced() -> Calendar:
    days = read_pack(ZONES / "national").workdays
    return Calendar(
        off=frozenset(d.day for d in days if not d.is_work),
        work=frozenset(d.day for d in days if d.is_work),
        announced=frozenset(d.day.year for d in days),
    )


KNOWN = _announced()

days_of_life = st.dates(date(2004, 1, 1), date(2030, 12, 31))
calendars = st.builds(
    Calendar,
    off=st.frozensets(days_of_life, max_size=60),
    work=st.frozensets(days_of_life, max_size=20),
    announced=st.frozensets(st.integers(2004, 2030)),
)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 11, 22), 10, date(2026, 12, 4)),  # a Sunday; the Monday after it is the first day
        (date(2026, 11, 23), 1, date(2026, 11, 24)),  # the day itself does not count: 民法典 第二百零一条
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # 国庆节: seven days off
        (date(2026, 10, 9), 1, date(2026, 10, 10)),  # Saturday 10 October is worked
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # 14 February is worked, then the 春节 days
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
    ],
)
def test_working_days_by_the_announced_calendar(start: date, days: int, due: date) -> None:
    found = after_working_days(start, days, KNOWN)
    assert (found.day, found.is_provisional) == (due, False)
    assert len(found.counted) == days


def test_a_period_that_touches_a_year_that_is_not_announced_is_provisional() -> None:
    assert not after_working_days(date(2026, 12, 30), 1, KNOWN).is_provisional
    found = after_working_days(date(2026, 12, 30), 2, KNOWN)
    # 1 January 2027 is a Friday and off by its fixed date; Monday 4 January is the second working day
    assert (found.day, found.unannounced) == (date(2027, 1, 4), (2027,))


def test_holidays_of_a_fixed_date_rest_only_while_the_year_is_not_announced() -> None:
    assert not KNOWN.is_working(date(2029, 5, 2))
    assert KNOWN.is_working(date(2012, 5, 2))  # a Wednesday on which people worked


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),  # no 31 February: its last day, a Saturday of work in 2026
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 6, 15), 1, date(2026, 7, 15)),
        (date(2026, 9, 1), 1, date(2026, 10, 8)),  # 1 October rolls over: 民法典 第二百零三条
        (date(2025, 2, 28), 12, date(2026, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_end_on_the_same_day_and_roll_over(start: date, months: int, due: date) -> None:
    assert after_months(start, months, KNOWN).day == due


def test_days_roll_over_to_the_next_working_day() -> None:
    # 12 + 10 days = Sunday 22 November 2026
    assert after_days(date(2026, 11, 12), 10, KNOWN).day == date(2026, 11, 23)
    assert after_days(date(2026, 11, 13), 10, KNOWN).day == date(2026, 11, 23)
    # Saturday 10 October is worked: nothing rolls over
    assert after_days(date(2026, 9, 30), 10, KNOWN).day == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("start", "days"),
    [(date(2026, 1, 1), -1), (date(2026, 1, 1), LONGEST + 1), (date(1900, 1, 1), 1), (date(LAST_YEAR, 12, 31), 1)],
)
def test_periods_beyond_the_calendar_are_our_bug(start: date, days: int) -> None:
    with pytest.raises(ValueError, match="period"):
        after_working_days(start, days, KNOWN)


@given(start=days_of_life, days=st.integers(0, 400), more=st.integers(1, 60), known=calendars)
def test_a_longer_period_ends_later(start: date, days: int, more: int, known: Calendar) -> None:
    assert after_working_days(start, days, known).day < after_working_days(start, days + more, known).day
    assert after_days(start, days, known).day <= after_days(start, days + more, known).day


@given(start=days_of_life, later=st.integers(0, 60), days=st.integers(1, 400), known=calendars)
def test_a_later_start_never_ends_earlier(start: date, later: int, days: int, known: Calendar) -> None:
    then = start + timedelta(days=later)
    assert after_working_days(start, days, known).day <= after_working_days(then, days, known).day


@given(start=days_of_life, days=st.integers(0, 400), known=calendars)
def test_counting_back_gives_the_days_again(start: date, days: int, known: Calendar) -> None:
    due = after_working_days(start, days, known)
    assert working_days_between(start, due.day, known) == days == len(due.counted)
    assert all(known.is_working(day) for day in due.counted)
    assert days == 0 or due.day == due.counted[-1]


@given(start=days_of_life, length=st.integers(0, 400), known=calendars)
def test_a_calendar_period_ends_on_a_working_day_and_skips_none(start: date, length: int, known: Calendar) -> None:
    for due, end in (
        (after_days(start, length, known), start + timedelta(days=length)),
        (after_months(start, length % 48, known), None),
    ):
        assert known.is_working(due.day)
        if end is not None:
            assert working_days_between(end - timedelta(days=1), due.day, known) == 1


@given(start=days_of_life, days=st.integers(1, 300), known=calendars)
def test_provisional_says_whether_a_touched_year_is_not_announced(start: date, days: int, known: Calendar) -> None:
    due = after_working_days(start, days, known)
    touched = {(start + timedelta(days=n)).year for n in range(1, (due.day - start).days + 1)}
    assert set(due.unannounced) == touched - known.announced


def _asked(code: str, **facts: Any) -> Ruling[Any]:
    rule = rule_named(code)
    return rule.function(rule.facts_type(**facts), Given([]))


def test_the_rules_tell_where_they_begin_and_what_is_provisional() -> None:
    known = {"days_off": frozenset({"2026-10-01", "2026-10-02"}), "announced_years": frozenset({"2026"})}
    sure = _asked("period.working_days", start=date(2026, 9, 30), days=1, **known)
    assert (sure.value, len(sure.steps)) == (date(2026, 10, 5), 1)
    unsure = _asked("period.working_days", start=date(2026, 9, 30), days=1)
    assert unsure.value == date(2026, 10, 5)
    assert "待节假日安排公布" in unsure.steps[-1].finding
    rolled = _asked("period.calendar", start=date(2026, 9, 1), length=1, unit="月", **known)
    assert (rolled.value, rolled.steps[1].cite[0].path) == (date(2026, 10, 5), "第二百零三条")
    assert _asked("period.calendar", start=date(2026, 6, 15), length=1, unit="年").value == date(2027, 6, 15)


@pytest.mark.parametrize(
    ("code", "facts", "missing"),
    [
        ("period.working_days", {"start": date(2026, 1, 1)}, ("days",)),
        ("period.working_days", {"start": date(9999, 12, 31), "days": 3}, ("start", "days")),
        ("period.calendar", {"start": date(2026, 1, 1), "length": 10**9, "unit": "年"}, ("start", "length")),
        (
            "period.working_days",
            {"start": date(2026, 1, 1), "days": 1, "days_off": frozenset({"国庆"})},
            ("days_off", "make_up_days", "announced_years"),
        ),
    ],
)
def test_what_cannot_be_counted_is_asked_for_again(code: str, facts: dict[str, Any], missing: tuple[str, ...]) -> None:
    ruling = _asked(code, **facts)
    assert (ruling.value, ruling.missing) == (None, missing)


def test_every_year_of_the_pack_is_whole() -> None:
    days = read_pack(ZONES / "national").workdays
    assert {d.day.year for d in days} == set(range(2004, 2027))
    assert all((d.day.weekday() >= 5) == d.is_work for d in days)
    for year in range(2004, 2027):
        off = {d.day for d in days if d.day.year == year and not d.is_work}
        fixed = [date(year, 1, 1), date(year, 5, 1), *(date(year, 10, n) for n in (1, 2, 3))]
        assert all(day.weekday() >= 5 or day in off for day in fixed), year
