"""期间: working days and calendar periods, counted by the days off and the make-up days of work that were announced.

A year that is not announced yet is counted by weekends and the holidays of a fixed date alone: what rests on it is
provisional (待节假日安排公布) and is counted again when the year is known.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..checks import lacks, unknown
from ..rulebook import Given, fact, rule
from ..ruling import Clause, Ruling, Step, calculated, cannot_say

SATURDAY = 5
DAY = timedelta(days=1)
#: The longest period that is counted, in its own unit, and the years between which.
LONGEST = 4_000
FIRST_YEAR, LAST_YEAR = 1950, 2200

FROM_NEXT_DAY = Clause("civil-code-2020", "第二百零一条")
BY_MONTHS = Clause("civil-code-2020", "第二百零二条")
ROLLED_OVER = Clause("civil-code-2020", "第二百零三条")
HOLIDAYS = Clause("holidays-2024", "第二条")

#: Holidays of a fixed date by month and day: 全国年节及纪念日放假办法 第二条.
FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
PROVISIONAL = "待节假日安排公布"


@dataclass(frozen=True, slots=True)
class Calendar:
    """工作日历: what was announced: weekdays off, weekend days of work, and the years that were announced."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    announced: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether people work on ``day``, as far as is known."""
        if day in self.work:
            return True
        if day in self.off or day.weekday() >= SATURDAY:
            return False
        return day.year in self.announced or (day.month, day.day) not in FIXED


@dataclass(frozen=True, slots=True)
class Due:
    """届满日: the last day of a period, the working days that were counted, and the years that are not announced."""

    day: date
    counted: tuple[date, ...] = ()
    unannounced: tuple[int, ...] = ()

    @property
    def is_provisional(self) -> bool:
        return bool(self.unannounced)


def after_working_days(start: date, days: int, known: Calendar) -> Due:
    """The last day of a period of ``days`` working days; the day of ``start`` does not count.

    Raises: ValueError when the period is negative, longer than ``LONGEST``, or ends after ``LAST_YEAR``.
    Source: 民法典 第二百零一条.
    """
    _refuse_beyond(start, days)
    day, counted = start, list[date]()
    while len(counted) < days:
        day += DAY
        _refuse_after(day)
        if known.is_working(day):
            counted.append(day)
    return Due(day, tuple(counted), _unannounced(start + DAY, day, known) if days else ())


def working_days_between(start: date, end: date, known: Calendar) -> int:
    """How many working days lie after ``start``, up to and with ``end``; 0 when ``end`` does not lie after it."""
    return sum(known.is_working(start + n * DAY) for n in range(1, (end - start).days + 1))


def after_days(start: date, days: int, known: Calendar) -> Due:
    """The last day of a period of ``days`` days. Raises: ValueError. Source: 民法典 第二百零一条、第二百零三条."""
    _refuse_beyond(start, days)
    return _rolled_over(start + days * DAY, known)


def after_months(start: date, months: int, known: Calendar) -> Due:
    """The last day of a period of months: the same day of the last month, or its last day where there is none.

    Raises: ValueError. Source: 民法典 第二百零二条、第二百零三条.
    """
    _refuse_beyond(start, months)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > LAST_YEAR:
        raise ValueError(f"a period that ends in {year}")
    last = calendar.monthrange(year, month + 1)[1]
    return _rolled_over(date(year, month + 1, min(start.day, last)), known)


def _rolled_over(end: date, known: Calendar) -> Due:
    """Where the last day is no working day, the first one after it. Source: 民法典 第二百零三条."""
    day = end
    while not known.is_working(day):
        day += DAY
        _refuse_after(day)
    return Due(day, (), _unannounced(end, day, known))


def _unannounced(first: date, last: date, known: Calendar) -> tuple[int, ...]:
    return tuple(year for year in range(first.year, last.year + 1) if year not in known.announced)


def _refuse_beyond(start: date, length: int) -> None:
    if not 0 <= length <= LONGEST or not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise ValueError(f"a period of {length} from {start}")


def _refuse_after(day: date) -> None:
    if day.year > LAST_YEAR:
        raise ValueError(f"a period that ends on {day}")


# -- as rules ------------------------------------------------------------------------------------------------------

WORKING, DAYS, MONTHS, YEARS = "工作日", "日", "月", "年"


@dataclass(frozen=True, slots=True)
class WorkingDayFacts:
    """A period of working days, and what is known of the calendar."""

    start: date | None = fact("起算事由发生的日期")
    days: int | None = fact("工作日数", unit="个工作日")
    days_off: frozenset[str] | None = fact("周一至周五的放假日（不填用工作日历）", required=False)
    make_up_days: frozenset[str] | None = fact("周末的上班日（不填用工作日历）", required=False)
    announced_years: frozenset[str] | None = fact("已公布节假日安排的年份（不填用工作日历）", required=False)


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A period by the calendar, and what is known of the days off around its end."""

    start: date | None = fact("起算事由发生的日期")
    length: int | None = fact("期间长度")
    unit: str | None = fact("期间单位", choices=(DAYS, MONTHS, YEARS))
    days_off: frozenset[str] | None = fact("周一至周五的放假日（不填用工作日历）", required=False)
    make_up_days: frozenset[str] | None = fact("周末的上班日（不填用工作日历）", required=False)
    announced_years: frozenset[str] | None = fact("已公布节假日安排的年份（不填用工作日历）", required=False)


@rule("period.working_days", "工作日期间的届满日", room="GOV", covers=())
def working_days(facts: WorkingDayFacts, given: Given) -> Ruling[date | None]:
    """The last day of a period of working days, provisional where a year is not announced.

    Source: 民法典 第二百零一条; 全国年节及纪念日放假办法 第二条.
    """
    if wanting := unknown(facts, "start", "days"):
        return cannot_say(lacks(*wanting, finding="计算工作日期间还缺事实", cite=(FROM_NEXT_DAY,)))
    assert facts.start is not None
    assert facts.days is not None
    known = _known(facts)
    if isinstance(known, Step):
        return cannot_say(known)
    try:
        due = after_working_days(facts.start, facts.days, known)
    except ValueError:
        return cannot_say(_too_far("start", "days"))
    finding = f"{facts.start} 的次日起算，第 {facts.days} 个工作日是 {due.day}"
    return calculated(due.day, [Step((FROM_NEXT_DAY,), finding), *_provisional(due)])


@rule("period.calendar", "按日、月、年计算的期间的届满日", room="GOV", covers=())
def calendar_period(facts: PeriodFacts, given: Given) -> Ruling[date | None]:
    """The last day of a period of days, months or years; a day off moves it to the next working day.

    Source: 民法典 第二百零一条、第二百零二条、第二百零三条.
    """
    if wanting := unknown(facts, "start", "length", "unit"):
        return cannot_say(lacks(*wanting, finding="计算期间还缺事实", cite=(FROM_NEXT_DAY,)))
    assert facts.start is not None
    assert facts.length is not None
    assert facts.unit is not None
    known = _known(facts)
    if isinstance(known, Step):
        return cannot_say(known)
    try:
        due = period_end(facts.start, facts.length, facts.unit, known)
        plain = period_end(facts.start, facts.length, facts.unit, _EVERY_DAY)
    except ValueError:
        return cannot_say(_too_far("start", "length"))
    cite = (FROM_NEXT_DAY,) if facts.unit == DAYS else (FROM_NEXT_DAY, BY_MONTHS)
    steps = [
        Step(
            cite,
            f"{facts.start} 起 {facts.length} {'个月' if facts.unit == MONTHS else facts.unit}，最后一日是 {plain.day}",
        )
    ]
    if due.day != plain.day:
        steps.append(Step((ROLLED_OVER,), f"{plain.day} 休息，顺延到 {due.day}"))
    return calculated(due.day, [*steps, *_provisional(due)])


def period_end(start: date, length: int, unit: str, known: Calendar) -> Due:
    """The last day of a period in one of the units. Raises: ValueError."""
    if unit == WORKING:
        return after_working_days(start, length, known)
    if unit == DAYS:
        return after_days(start, length, known)
    return after_months(start, length * (12 if unit == YEARS else 1), known)


class _EveryDay(Calendar):
    """A calendar on which nobody rests: where a period would end without roll-over."""

    __slots__ = ()

    def is_working(self, day: date) -> bool:
        return True


_EVERY_DAY = _EveryDay()


def _known(facts: WorkingDayFacts | PeriodFacts) -> Calendar | Step:
    """The calendar that the facts state, or what is wrong with it."""
    years = facts.announced_years or frozenset()
    try:
        return Calendar(
            _days(facts.days_off), _days(facts.make_up_days), frozenset(int(year.strip()) for year in years)
        )
    except ValueError:
        names = ("days_off", "make_up_days", "announced_years")
        return lacks(*names, finding="放假日、上班日要写成 2026-10-01，年份要写成 2026", cite=(HOLIDAYS,))


def _days(written: Iterable[str] | None) -> frozenset[date]:
    return frozenset(date.fromisoformat(one.strip()) for one in written or ())


def _provisional(due: Due) -> list[Step]:
    if not due.unannounced:
        return []
    years = "、".join(f"{year}年" for year in due.unannounced)
    return [Step((HOLIDAYS,), f"{years}{PROVISIONAL}，暂按周末和固定日期的节日计算")]


def _too_far(*names: str) -> Step:
    finding = f"期间不能超过 {LONGEST}，并且要在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间"
    return lacks(*names, finding=finding, cite=(FROM_NEXT_DAY,))
