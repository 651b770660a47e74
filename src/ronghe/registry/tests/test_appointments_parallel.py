"""Two who want one seat, on two connections."""

import pytest

from ronghe.kernel.errors import DomainError
from ronghe.site.testing import in_parallel

from ..models import Appointment
from ..rules.appointing import Slot
from ..services.appointing import cancel_appointment, mark_came
from . import factories as make
from .windows import NINE, NOON, TEN, THURSDAY, appointed, window


@pytest.fixture
def town(fresh_packs, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()


def outcome(of) -> str:
    try:
        return str(of())
    except DomainError as error:
        return error.code


@pytest.mark.usefixtures("town")
def test_of_two_farmers_who_want_the_last_seat_one_gets_it():
    """Would fail with the lock of the window and the constraint of the seat taken out: both get it."""
    of = window(slots=(Slot(4, NINE, TEN, 1),))
    both = in_parallel(*[lambda n=n: outcome(lambda: appointed(of, f"来人{n}").seat) for n in "甲乙"])
    assert sorted(both) == ["1", "registry.appointment_slot_full"]
    assert Appointment.objects.count() == 1


@pytest.mark.usefixtures("town")
def test_of_two_farmers_who_want_the_last_two_seats_both_get_one():
    """Would fail with the lock of the window taken out: both reach for the first seat, and one is told that none is left."""
    of = window(slots=(Slot(4, NINE, TEN, 2),))
    both = in_parallel(*[lambda n=n: outcome(lambda: appointed(of, f"来人{n}").seat) for n in "甲乙"])
    assert sorted(both) == ["1", "2"]


@pytest.mark.usefixtures("town")
def test_one_party_that_asks_twice_at_once_has_one_appointment():
    """Would fail with the lock of the window and the constraint of the party taken out: it has two."""
    of, who = window(), make.household("演示甲")
    both = in_parallel(
        *[lambda at=at: outcome(lambda: appointed(of, party_id=who.pk, begins=at).day) for at in (NINE, TEN)]
    )
    assert sorted(both) == [str(THURSDAY), "registry.already_appointed"]


@pytest.mark.usefixtures("town")
def test_of_a_cancellation_and_an_arrival_at_once_one_is_recorded():
    """Would fail with the lock of the appointment taken out: the database refuses the second by its trigger, and nobody
    is told why."""
    made = appointed(window(), day=THURSDAY)
    late = NOON.replace(day=26)
    both = in_parallel(
        lambda: outcome(lambda: cancel_appointment(appointment_id=made.pk, actor=make.SYSTEM, at=late).state),
        lambda: outcome(lambda: mark_came(appointment_id=made.pk, actor=make.SYSTEM, at=late).state),
    )
    assert "registry.appointment_over" in both
    assert {"已取消", "已到"} & set(both)
