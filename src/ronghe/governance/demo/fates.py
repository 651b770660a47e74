"""What is to become of the tasks of a demonstration: each task's course, drawn from a seed. Pure: no clock, no database."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random


class Fate(StrEnum):
    """How a task stands on the last day of the demonstration."""

    STEADY = "steady"
    OVERDUE = "overdue"
    CLOSED = "closed"
    UNSIGNED = "unsigned"
    BEHIND = "behind"
    NEAR = "near"
    APPLIED = "applied"
    VERIFIED = "verified"
    RETURNED = "returned"
    STAGED = "staged"
    SIGNED = "signed"
    LISTED = "listed"
    STOPPED = "stopped"
    EXTENDED = "extended"


#: Every zone has these first, as far as its tasks go round, and then more of the second line.
_FIRST = (*Fate, Fate.UNSIGNED)
_MORE = (
    Fate.CLOSED, Fate.STEADY, Fate.STAGED, Fate.STEADY, Fate.CLOSED, Fate.BEHIND, Fate.STEADY, Fate.CLOSED,
    Fate.STEADY, Fate.STAGED, Fate.STEADY, Fate.CLOSED, Fate.NEAR, Fate.STEADY, Fate.LISTED, Fate.CLOSED,
)  # fmt: skip
#: Tasks are handed out in three batches, so many days before the last day.
BATCHES = (715, 533, 78)
#: With a deadline of the document that lies ahead, a task may still become one of these.
_ANY_DUE = (Fate.STEADY, Fate.STAGED, Fate.LISTED, Fate.STOPPED)


@dataclass(frozen=True, slots=True)
class Course:
    """One task's way: handed out, last day, last report, and the progress that it has come to by then."""

    fate: Fate
    issued: date
    due: date
    until: date
    percent: int

    @property
    def has_whole_file(self) -> bool:
        """Whether somebody applies to have it closed."""
        return self.fate in (Fate.CLOSED, Fate.APPLIED, Fate.VERIFIED, Fate.RETURNED)


def month_end(day: date, months: int = 0) -> date:
    """The last day of the month that lies so many months after a day's own."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def quarter_ends(first: date, last: date) -> list[date]:
    """The ends of quarters between two days."""
    ends = (month_end(first, n) for n in range((last.year - first.year) * 12 + last.month - first.month + 1))
    return [day for day in ends if day.month % 3 == 0 and first <= day <= last]


def drawn(narrow: Sequence[bool], rng: Random) -> list[Fate]:
    """A fate for each task. ``narrow`` says which tasks hold in few places: what is overdue is one of these where it can."""
    count = len(narrow)
    more = [_MORE[n % len(_MORE)] for n in range(max(0, count - len(_FIRST)))]
    fates = [*_FIRST[:count], *more]
    rng.shuffle(fates)
    for place in [n for n, fate in enumerate(fates) if fate is Fate.OVERDUE and not narrow[n]]:
        other = next((n for n, few in enumerate(narrow) if few and fates[n] is not Fate.OVERDUE), None)
        if other is not None:
            fates[place], fates[other] = fates[other], fates[place]
    return fates


def course_of(fate: Fate, *, today: date, document: date | None, rng: Random) -> Course:
    """The course of a task. A deadline of the document that lies ahead stays, whatever else was drawn."""
    if document is not None and document > today and fate not in _ANY_DUE:
        fate = Fate.STEADY
    issued = today - timedelta(days=rng.choice(_batches(fate)))
    due = document if document is not None and document > today else _due(fate, issued, today, rng)
    until = _until(fate, issued, due, today, rng)
    return Course(fate, issued, due, until, _percent(fate, issued, due, today, rng))


def _batches(fate: Fate) -> tuple[int, ...]:
    if fate in (Fate.UNSIGNED, Fate.SIGNED):
        return BATCHES[2:]
    return BATCHES if fate is Fate.STEADY else BATCHES[:2]


def _due(fate: Fate, issued: date, today: date, rng: Random) -> date:
    if fate is Fate.CLOSED:
        return month_end(issued, rng.randint(6, 15))
    if fate is Fate.NEAR:
        return today + timedelta(days=5)
    if fate is Fate.EXTENDED:
        return month_end(today, -5)
    bounds = {
        Fate.OVERDUE: (-3, -1), Fate.BEHIND: (2, 5), Fate.APPLIED: (1, 1), Fate.VERIFIED: (1, 1), Fate.RETURNED: (2, 2),
        Fate.UNSIGNED: (13, 13), Fate.SIGNED: (13, 13),
    }  # fmt: skip
    first, last = bounds.get(fate, (6, 13))
    return month_end(today, rng.randint(first, last))


def _until(fate: Fate, issued: date, due: date, today: date, rng: Random) -> date:
    """The last day about which somebody reports."""
    if fate is Fate.CLOSED:
        return due - timedelta(days=rng.randint(12, 40))
    if fate is Fate.STOPPED:
        return issued + timedelta(days=210)
    before = {Fate.APPLIED: 8, Fate.VERIFIED: 24, Fate.RETURNED: 30}
    return today - timedelta(days=before.get(fate, 9))


def _percent(fate: Fate, issued: date, due: date, today: date, rng: Random) -> int:
    gone = 100 * (today - issued).days // max(1, (due - issued).days)
    if fate in (Fate.CLOSED, Fate.APPLIED, Fate.VERIFIED, Fate.RETURNED):
        return 100
    if fate in (Fate.OVERDUE, Fate.NEAR):
        return rng.randint(58, 82) if fate is Fate.OVERDUE else rng.randint(86, 94)
    if fate is Fate.BEHIND:
        return gone - rng.randint(32, 44)
    if fate is Fate.EXTENDED:
        return rng.randint(70, 78)
    return max(5, min(92, gone + rng.randint(-8, 6)))


def part_of(fate: Fate, *, whole: Course, issued: date, today: date, rng: Random) -> Course:
    """The course of a part of a task, which ends before the whole does."""
    due = {
        Fate.OVERDUE: month_end(today, -rng.randint(2, 3)),
        Fate.CLOSED: month_end(issued, 9),
    }.get(fate, month_end(whole.due, -2))
    until = _until(fate, issued, due, today, rng)
    return Course(fate, issued, due, until, _percent(fate, issued, due, today, rng))
