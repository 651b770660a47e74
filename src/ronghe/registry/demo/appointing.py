"""Appointments of the demonstration: hours of its windows, and who has come, has not come, and is to come."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.clock import legal_day
from ronghe.kernel.regions.models import Division
from ronghe.policy import queries as policy

from ..models import AppointmentPlan, RegistrationWindow
from ..rules.appointing import slots_of, working_days
from ..services.appointing import make_appointment, mark_came, mark_missed, state_appointment_hours
from .loading import Village
from .office import Desk

#: What people come for, one after another.
_MATTERS = ("transfer", "inquiry", "mortgage", "query", "change", "operation", "inquiry", "first")
_HOURS = ((time(8, 30), time(11, 30)), (time(13, 30), time(16, 30)))
_FIRST = time(8, 30)


def keep_hours(villages: Sequence[Village], *, at: datetime) -> None:
    """The same week at each window that has none yet: four people an hour."""
    towns = Division.objects.filter(level="town", children__in=[v.division for v in villages]).distinct()
    slots = slots_of(range(1, 6), _HOURS, minutes=60, capacity=4)
    windows = RegistrationWindow.objects.filter(division__in=towns.values("code"), ended_at=None)
    for window in windows.exclude(pk__in=AppointmentPlan.objects.values("window")).order_by("pk"):
        state_appointment_hours(window_id=window.pk, begins_on=legal_day(at), slots=slots, actor=SYSTEM, at=at)


def appoint(desk: Desk, quiet: Village) -> None:
    """Two of yesterday, one of whom came; a few a day from tomorrow on, one of them the farmer of the quiet village."""
    village = desk.villages[0][0]
    window = _window_of(village)
    ahead = working_days(desk.today + timedelta(days=1), 9, policy.calendar())
    before = desk.today - timedelta(days=1)
    clerk, made_at = desk.office.window(village.division), desk.at(3)
    came, missed = (
        make_appointment(
            window_id=window.pk, day=before, begins=_FIRST, matter=matter, telephone=f"1990002{nth:04}",
            party_id=village.households[nth], actor=clerk, at=made_at,
        )
        for nth, matter in ((28, "query"), (29, "inquiry"))
    )  # fmt: skip
    mark_came(appointment_id=came.pk, actor=clerk, at=desk.at(1, 9))
    mark_missed(appointment_id=missed.pk, actor=clerk, at=desk.at(1, 12))
    for nth, day in enumerate(ahead):
        for seat in range(3 - nth % 3):
            place = nth * 3 + seat
            make_appointment(
                window_id=window.pk, day=day, begins=_FIRST if seat < 2 else time(13, 30),
                matter=_MATTERS[place % len(_MATTERS)], telephone=f"1990003{place:04}",
                party_id=village.households[place % 25], actor=clerk, at=desk.at(0),
            )  # fmt: skip
    make_appointment(
        window_id=_window_of(quiet).pk, day=ahead[-1], begins=time(9, 30), matter="transfer", telephone="19900040001",
        party_id=quiet.households[0], actor=SYSTEM, at=desk.at(0),
    )  # fmt: skip


def _window_of(village: Village) -> RegistrationWindow:
    found: RegistrationWindow = RegistrationWindow.objects.filter(
        division__children=village.division, ended_at=None
    ).order_by("pk")[0]
    return found
