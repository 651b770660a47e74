"""What is done when: acts in any order, carried out by their hour, so that numbers and the record run as in life."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Protocol

from ronghe.kernel.clock import LEGAL_ZONE
from ronghe.policy.rules.periods import WORKING, Calendar, period_end


class Act(Protocol):
    """Something that is done at an instant."""

    def __call__(self, *, at: datetime) -> object: ...


class Agenda:
    """The acts of one zone up to its last day, in working hours of working days."""

    def __init__(self, *, today: date, calendar: Calendar, rng: Random) -> None:
        self.today, self.calendar, self.rng = today, calendar, rng
        self._acts: list[tuple[datetime, int, Act]] = []

    def workday(self, day: date, later: int = 0) -> date:
        """So many working days after a day; for none the day itself, or the next working day."""
        start, length = (day, later) if later else (day - timedelta(days=1), 1)
        return period_end(start, length, WORKING, self.calendar).day

    def add(self, day: date, act: Act) -> date:
        """Put an act on the first working day from ``day`` on, at some hour; what would lie after the last day is left out."""
        on = self.workday(day)
        hour, minute = self.rng.randint(9, 16), self.rng.randint(0, 59)
        if on <= self.today:
            self._acts.append((datetime.combine(on, time(hour, minute), LEGAL_ZONE), len(self._acts), act))
        return on

    def carry_out(self) -> None:
        """Do everything, the earliest first. Acts may not add others."""
        for at, _, act in sorted(self._acts, key=lambda one: one[:2]):
            act(at=at)
