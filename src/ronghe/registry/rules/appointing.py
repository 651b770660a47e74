"""预约: at which hours a window sees people, on which days, and which seat is free. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import pairwise

from ronghe.policy.rules.periods import Calendar

from .matters import MATTERS, Matter

#: What people come for beside registrations, and what they bring then.
OTHER_PURPOSES = {"inquiry": "咨询", "query": "查询登记信息"}
#: 来办什么: by its key, as it is told.
PURPOSES: dict[str, str] = {**{one.value: told.title for one, told in MATTERS.items()}, **OTHER_PURPOSES}
#: What an applicant himself may come for; seizures are asked for by courts.
OWN_PURPOSES: dict[str, str] = {
    **OTHER_PURPOSES,
    **{one.value: told.title for one, told in MATTERS.items() if told.is_for_applicants},
}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
#: More people than this no window sees at once; a slot is no shorter than this.
MOST_SEATS, LEAST_MINUTES = 200, 5
#: A statement of hours has no more slots than this in a week.
MOST_SLOTS = 400
#: So many free slots are named to whoever found one taken.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """预约时段: from when to when on a weekday (1 is Monday), and how many people are seen in it."""

    weekday: int
    begins: time
    ends: time
    capacity: int

    @property
    def told(self) -> str:
        return f"{self.begins:%H:%M}—{self.ends:%H:%M}"


def slots_of(
    weekdays: Collection[int], periods: Sequence[tuple[time, time]], *, minutes: int, capacity: int
) -> tuple[Slot, ...]:
    """The slots of a week: each period of each of these weekdays, cut into slots; what is left over is no slot.

    Raises: ValueError for slots that are too short: the form asks for more.
    """
    if minutes < LEAST_MINUTES:
        raise ValueError(f"slots of {minutes} minutes")
    made = []
    for weekday in sorted(set(weekdays)):
        for begins, ends in periods:
            first, last = _minutes(begins), _minutes(ends)
            while first + minutes <= last:
                made.append(Slot(weekday, _time(first), _time(first + minutes), capacity))
                first += minutes
    return tuple(sorted(made))


def hours_fault(slots: Sequence[Slot]) -> str:
    """Why these cannot be the hours of a window; empty where they can. No slot at all means: no appointments."""
    if len(slots) > MOST_SLOTS:
        return f"一周最多 {MOST_SLOTS} 个时段，现有 {len(slots)} 个"
    for one in slots:
        if not 1 <= one.weekday <= len(WEEKDAYS):
            return f"星期应为 1 至 7，现为 {one.weekday}"
        if _minutes(one.ends) - _minutes(one.begins) < LEAST_MINUTES:
            return f"{one.told} 太短或起止颠倒，一个时段至少 {LEAST_MINUTES} 分钟"
        if not 1 <= one.capacity <= MOST_SEATS:
            return f"每个时段可约 1 至 {MOST_SEATS} 人，现为 {one.capacity} 人"
    ordered = sorted(slots)
    for one, after in pairwise(ordered):
        if one.weekday == after.weekday and after.begins < one.ends:
            return f"{WEEKDAYS[one.weekday - 1]}的 {one.told} 和 {after.told} 重叠"
    return ""


def _minutes(of: time) -> int:
    return of.hour * 60 + of.minute


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


class Unfit(StrEnum):
    """Why nobody can be seen on a day, at an hour."""

    PAST = "past"
    OFF = "off"
    TOO_FAR = "too_far"


def unfit(day: date, begins: time | None, *, today: date, now: time, ahead: int, known: Calendar) -> Unfit | None:
    """Why a day (an hour of it) cannot be appointed: it is over or begun, nobody works, or it lies too far ahead.

    Args: ``today`` and ``now`` by the clock of the place; ``ahead`` is ``registration.appointment.ahead_days``: the last
        day is so many days after today.
    """
    if day < today or (day == today and begins is not None and begins <= now):
        return Unfit.PAST
    if day > last_day(today, ahead):
        return Unfit.TOO_FAR
    return None if known.is_working(day) else Unfit.OFF


def last_day(today: date, ahead: int) -> date:
    """The last day that may be appointed today."""
    return today + timedelta(days=ahead)


def working_days(today: date, ahead: int, known: Calendar) -> list[date]:
    """The days that may be appointed, today among them."""
    return [day for n in range(ahead + 1) if known.is_working(day := today + timedelta(days=n))]


def free_seat(taken: Collection[int], capacity: int) -> int | None:
    """The lowest seat of a slot that nobody has; none when it is full."""
    return next((seat for seat in range(1, capacity + 1) if seat not in taken), None)


def weekday_of(day: date) -> str:
    return WEEKDAYS[day.isoweekday() - 1]


def is_registration(purpose: str) -> bool:
    """Whether somebody comes to apply for a registration, which can be taken in there."""
    return purpose in set(Matter)
