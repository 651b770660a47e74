"""When a step must be done: counted from its beginning, stopped while the case waits, counted again when a year is known."""

from datetime import date

from ronghe.policy import queries as policy
from ronghe.policy.rules.periods import (
    DAYS,
    WORKING,
    Calendar,
    Due,
    period_end,
    working_days_between,
)

from .declared import Period
from .models import Case, Notice


def begin(case: Case, period: Period | None, *, day: date) -> None:
    """Set the deadline of a step that begins on ``day``; without a period there is none."""
    if period is None:
        case.due_from = case.due_length = case.due = None
        case.due_unit, case.due_is_provisional = "", False
        return
    case.due_from, case.due_length, case.due_unit = day, period.length, period.unit
    count(case, policy.calendar())


def count(case: Case, known: Calendar) -> bool:
    """Count the deadline by a calendar; whether it is another one than before."""
    if case.due_from is None or case.due_length is None:
        return False
    before = (case.due, case.due_is_provisional)
    due = period_end(case.due_from, case.due_length, case.due_unit, known)
    case.due, case.due_is_provisional = due.day, due.is_provisional
    if before[0] not in (None, due.day):
        case.reminded = ""  # of another day, people have not been reminded
    return (case.due, case.due_is_provisional) != before


def go_on(case: Case, *, day: date) -> None:
    """The deadline after a pause that ends on ``day``: what was left when it began is left now.

    Days of a period that were over when the pause began stay over: an overdue step does not become timely by waiting.
    """
    if case.due is None or case.paused_on is None:
        return
    known = policy.calendar()
    if case.due < case.paused_on:
        return
    if case.due_unit == WORKING:
        case.due_length = working_days_between(case.paused_on, case.due, known)
    else:
        case.due_length, case.due_unit = (case.due - case.paused_on).days, DAYS
    case.due_from = day
    count(case, known)


def last_day(period: Period, *, day: date) -> Due:
    """The last day of a notice that is published on ``day``."""
    return period_end(day, period.length, period.unit, policy.calendar())


def go_on_telling(notice: Notice, *, paused_on: date, day: date) -> None:
    """The last day of a notice after a pause: the working days that were left, at least one, are left again."""
    known = policy.calendar()
    notice.counted_from, notice.unit = day, WORKING
    notice.length = max(1, working_days_between(paused_on, notice.last_day, known))
    count_notice(notice, known)


def count_notice(notice: Notice, known: Calendar) -> bool:
    """Count the last day by a calendar; whether it is another one. It only ever moves away from who may still object."""
    before = (notice.last_day, notice.is_provisional)
    due = period_end(notice.counted_from, notice.length, notice.unit, known)
    notice.last_day, notice.is_provisional = max(due.day, notice.last_day), due.is_provisional
    return (notice.last_day, notice.is_provisional) != before


def days_left(case: Case, *, day: date, known: Calendar) -> int | None:
    """Working days until the deadline, negative when it has passed; none without a deadline."""
    if case.due is None:
        return None
    if case.due >= day:
        return working_days_between(day, case.due, known)
    return -working_days_between(case.due, day, known)
