"""Reads of the working-day calendar: what was announced, and a year month by month."""

import calendar as weeks
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..models import SpecialDay
from ..rulebook import Rule
from ..rules.periods import FIXED, SATURDAY, Calendar


def calendar() -> Calendar:
    """All that was announced; one query, so that a request asks once and keeps it (:func:`calendar_kept_by`)."""
    days: dict[str, set[date]] = {kind: set() for kind in SpecialDay.Kind.values}
    for day, kind in SpecialDay.objects.values_list("day", "kind"):
        days[kind].add(day)
    return Calendar(
        off=frozenset(days[SpecialDay.Kind.HOLIDAY]),
        work=frozenset(days[SpecialDay.Kind.WORKDAY]),
        announced=frozenset(day.year for of_kind in days.values() for day in of_kind),
    )


#: The facts by which a rule takes the calendar.
CALENDAR_FACTS = ("days_off", "make_up_days", "announced_years")


def with_calendar(rule: Rule, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facts of a rule that counts days, with the platform's calendar where the person states none.

    What is filled in is stated: it is shown and kept with the answer, so a later announcement changes no old ruling.
    Only days from the start of the period on are taken along.
    """
    names = {one.name for one in rule.facts}
    if not names >= set(CALENDAR_FACTS) or any(facts.get(name) for name in CALENDAR_FACTS):
        return facts
    known, first = calendar(), str(facts.get("start") or "")
    return {
        **facts,
        "days_off": sorted(text for day in known.off if (text := day.isoformat()) >= first),
        "make_up_days": sorted(text for day in known.work if (text := day.isoformat()) >= first),
        "announced_years": sorted(str(year) for year in known.announced if str(year) >= first[:4]),
    }


def calendar_kept_by(holder: Any) -> Calendar:
    """The calendar, asked for once in the life of ``holder``: a request or a job."""
    known: Calendar | None = getattr(holder, "_workday_calendar", None)
    if known is None:
        known = holder._workday_calendar = calendar()
    return known


def special_days(year: int) -> dict[date, SpecialDay]:
    """What was announced for a year, by day."""
    return {row.day: row for row in SpecialDay.objects.filter(day__year=year).select_related("author")}


def special_day(written: str) -> SpecialDay | None:
    """What was announced for a day, by its written form; nothing for a text that is no day."""
    try:
        return SpecialDay.objects.filter(pk=date.fromisoformat(written)).first()
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the year view: what it is called, and why."""

    day: date
    kind: str  # work, rest, off, make_up
    name: str
    by: str

    @property
    def mark(self) -> str:
        """The word in the cell."""
        return {"off": "休", "make_up": "班"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Month:
    """One month: weeks from Monday, ``None`` before its first day and after its last."""

    number: int
    weeks: tuple[tuple[CalendarDay | None, ...], ...]
    working: int


@dataclass(frozen=True, slots=True)
class Year:
    """The year view. A year that is not announced shows weekends and the holidays of a fixed date only."""

    year: int
    is_announced: bool
    months: tuple[Month, ...]

    @property
    def working(self) -> int:
        return sum(month.working for month in self.months)


def year_view(year: int, known: Calendar) -> Year:
    """A year month by month."""
    special = special_days(year)
    return Year(year, year in known.announced, tuple(_month(year, number, known, special) for number in range(1, 13)))


def _month(year: int, number: int, known: Calendar, special: Mapping[date, SpecialDay]) -> Month:
    first, length = weeks.monthrange(year, number)
    days = [_day(date(year, number, n), known, special) for n in range(1, length + 1)]
    cells: list[CalendarDay | None] = [*([None] * first), *days]
    cells += [None] * (-len(cells) % 7)
    rows = tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))
    return Month(number, rows, sum(known.is_working(one.day) for one in days))


def _day(day: date, known: Calendar, special: Mapping[date, SpecialDay]) -> CalendarDay:
    row, weekend = special.get(day), day.weekday() >= SATURDAY
    by = f"{row.author}录入" if row and row.author else ""
    if known.is_working(day):
        return CalendarDay(day, "make_up" if weekend else "work", f"{row.name}调休上班" if row and weekend else "", by)
    if weekend:
        return CalendarDay(day, "rest", "", by)
    return CalendarDay(day, "off", row.name if row else FIXED.get((day.month, day.day), ""), by)
