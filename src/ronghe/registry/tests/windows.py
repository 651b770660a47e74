"""A window of a town that sees people, for tests: with a farmer next door and a clerk behind it."""

from datetime import UTC, date, datetime, time
from typing import Any

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.regions.models import Division
from ronghe.mechanisms.rosters.services import create_record
from ronghe.mechanisms.rosters.values import Places

from ..models import Appointment, RegistrationWindow
from ..rosters import WINDOWS
from ..rules.appointing import Slot, slots_of
from ..services.appointing import make_appointment, state_appointment_hours
from . import factories as make

#: Noon of a Wednesday in Beijing; the next days, a Saturday, and the last day that may be appointed (14 days ahead).
NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)
WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = (date(2026, 11, n) for n in (25, 26, 27, 28))
LAST, BEYOND = date(2026, 12, 9), date(2026, 12, 10)
NINE, TEN = time(9), time(10)
#: Nine to eleven on each weekday, an hour each.
WEEK = slots_of(range(1, 6), [(time(9), time(11))], minutes=60, capacity=2)


def window(
    *, name: str = "甲窗口", town: str = make.people.TOWN, slots: tuple[Slot, ...] | None = WEEK
) -> RegistrationWindow:
    """A window, and from the Monday before on the hours of its week."""
    places = Places(dict(Division.objects.filter(pk=town).values_list("code", "name")))
    given = {"division": town, "name": name, "address": "便民中心一楼", "telephone": "05330000000", "hours": "工作日"}
    made = create_record(WINDOWS, given=given, places=places, actor=SYSTEM, at=make.people.NOON)
    assert isinstance(made, RegistrationWindow)
    if slots is not None:
        state_appointment_hours(
            window_id=made.pk, begins_on=date(2026, 11, 23), slots=slots, actor=SYSTEM, at=make.people.NOON
        )
    return made


def appointed(of: RegistrationWindow, /, name: str = "来人甲", **given: Any) -> Appointment:
    """Somebody on Thursday at nine, unless it is said otherwise."""
    told: dict[str, Any] = {
        "day": THURSDAY, "begins": NINE, "matter": "inquiry", "telephone": "13800000001", "actor": SYSTEM, "at": NOON,
    }  # fmt: skip
    if "party_id" not in given:
        told["name"] = name
    return make_appointment(window_id=of.pk, **told | given)
