"""预约: hours that a window states, seats of a day, what is refused and why, what becomes of an appointment."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.regions.models import Division
from ronghe.mechanisms.rosters.services import end_record
from ronghe.policy.models import Zone
from ronghe.policy.rules.periods import Calendar
from ronghe.policy.services import enter_local_value
from tests.people import person

from ..appointment_errors import (
    AlreadyAppointed,
    AppointmentDayOff,
    AppointmentHoursWrong,
    AppointmentIncomplete,
    AppointmentNotDue,
    AppointmentNotFound,
    AppointmentOver,
    AppointmentPast,
    AppointmentSlotFull,
    AppointmentSlotUnknown,
    AppointmentTooFarAhead,
    AppointmentWindowClosed,
)
from ..models import Appointment
from ..queries import appointments as queries
from ..rosters import WINDOWS
from ..rules import appointing as rules
from ..rules.appointing import Slot, Unfit
from ..services.appointing import (
    cancel_appointment,
    mark_came,
    mark_missed,
    state_appointment_hours,
    telephone_of,
)
from . import factories as make
from .test_own import farmer, head_of
from .windows import BEYOND, FRIDAY, LAST, NINE, NOON, SATURDAY, TEN, THURSDAY, WEDNESDAY, WEEK, appointed, window

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()


def later(**of: int):
    return NOON + timedelta(**of)


# -- rules ---------------------------------------------------------------------------------------------------------


def test_a_period_is_cut_into_slots_and_what_is_left_over_is_none():
    made = rules.slots_of([2, 1], [(time(8, 30), time(10)), (time(14), time(15))], minutes=40, capacity=3)
    # 8:30–9:10, 9:10–9:50, ten minutes over; 14:00–14:40, twenty over
    assert [(one.weekday, one.told) for one in made] == [
        (1, "08:30—09:10"), (1, "09:10—09:50"), (1, "14:00—14:40"),
        (2, "08:30—09:10"), (2, "09:10—09:50"), (2, "14:00—14:40"),
    ]  # fmt: skip
    assert rules.hours_fault(made) == ""
    with pytest.raises(ValueError, match="slots of 4"):
        rules.slots_of([1], [(time(8), time(9))], minutes=4, capacity=1)


@pytest.mark.parametrize(
    ("slots", "why"),
    [
        ((Slot(8, NINE, TEN, 1),), "星期应为 1 至 7"),
        ((Slot(1, TEN, NINE, 1),), "太短或起止颠倒"),
        ((Slot(1, NINE, TEN, 0),), "可约 1 至 200 人"),
        ((Slot(1, NINE, TEN, 201),), "可约 1 至 200 人"),
        ((Slot(1, NINE, TEN, 1), Slot(1, time(9, 30), time(10, 30), 1)), "重叠"),
        (tuple(Slot(1, NINE, TEN, 1) for _ in range(401)), "最多 400 个时段"),
    ],
)
def test_hours_that_cannot_be_are_named(slots, why):
    assert why in rules.hours_fault(slots)


def test_slots_that_touch_do_not_overlap():
    assert rules.hours_fault([Slot(1, NINE, TEN, 1), Slot(1, TEN, time(11), 1), Slot(2, NINE, TEN, 1)]) == ""


@given(taken=st.sets(st.integers(1, 12)), capacity=st.integers(1, 10))
def test_the_seat_that_is_given_is_free_and_the_lowest(taken, capacity):
    seat = rules.free_seat(taken, capacity)
    if seat is None:
        assert taken >= set(range(1, capacity + 1))
    else:
        assert seat not in taken
        assert 1 <= seat <= capacity
        assert set(range(1, seat)) <= taken


def test_the_last_day_may_be_appointed_and_the_day_after_not():
    known = Calendar()

    def why(day: date, begins: time = NINE) -> Unfit | None:
        return rules.unfit(day, begins, today=WEDNESDAY, now=time(12), ahead=14, known=known)

    assert (why(LAST), why(BEYOND)) == (None, Unfit.TOO_FAR)
    assert (why(WEDNESDAY), why(WEDNESDAY, time(12)), why(WEDNESDAY, time(12, 1))) == (Unfit.PAST, Unfit.PAST, None)
    assert (why(date(2026, 11, 24)), why(SATURDAY)) == (Unfit.PAST, Unfit.OFF)


# -- hours ---------------------------------------------------------------------------------------------------------


def test_hours_hold_from_their_day_on_until_others_follow():
    of = window()
    state_appointment_hours(
        window_id=of.pk, begins_on=FRIDAY, slots=(Slot(5, time(14), time(15), 1),), actor=SYSTEM, at=NOON
    )
    found = queries.days_of(of, [THURSDAY, FRIDAY])
    assert [[slot.told for slot in day.slots] for day in found] == [["09:00—10:00", "10:00—11:00"], ["14:00—15:00"]]
    assert [plan.begins_on for plan in queries.plans_of(of, on=WEDNESDAY)] == [date(2026, 11, 23), FRIDAY]
    # stated again for the same day, the later statement holds
    state_appointment_hours(window_id=of.pk, begins_on=FRIDAY, slots=(), actor=SYSTEM, at=later(minutes=1))
    assert [day.capacity for day in queries.days_of(of, [THURSDAY, FRIDAY])] == [4, 0]
    with pytest.raises(AppointmentWindowClosed, match="自 2026-11-27 起停止预约"):
        appointed(of, day=FRIDAY)


def test_hours_are_not_stated_for_the_past_nor_of_a_window_that_is_closed():
    of = window(slots=None)
    with pytest.raises(AppointmentHoursWrong, match="已经过去"):
        state_appointment_hours(window_id=of.pk, begins_on=date(2026, 11, 24), slots=WEEK, actor=SYSTEM, at=NOON)
    with pytest.raises(AppointmentHoursWrong, match="重叠"):
        state_appointment_hours(window_id=of.pk, begins_on=WEDNESDAY, slots=(*WEEK, WEEK[0]), actor=SYSTEM, at=NOON)
    end_record(WINDOWS, record_id=of.pk, seen=None, reason="撤并", actor=SYSTEM, at=NOON)
    with pytest.raises(AppointmentWindowClosed, match="停办"):
        state_appointment_hours(window_id=of.pk, begins_on=THURSDAY, slots=WEEK, actor=SYSTEM, at=NOON)
    with pytest.raises(AppointmentWindowClosed, match="停办"):
        appointed(of)


def test_whoever_is_appointed_keeps_the_hour_when_hours_change():
    of = window()
    made = appointed(of)
    state_appointment_hours(window_id=of.pk, begins_on=THURSDAY, slots=(Slot(4, NINE, TEN, 1),), actor=SYSTEM, at=NOON)
    made.refresh_from_db()
    assert (made.slot, made.is_open) == ("09:00—10:00", True)
    assert [slot.free for slot in queries.days_of(of, [THURSDAY])[0].slots] == [0]


# -- making --------------------------------------------------------------------------------------------------------


def test_seats_are_given_in_their_order_and_a_full_slot_names_the_next_free_ones():
    of = window()
    assert [appointed(of, f"来人{n}").seat for n in "甲乙"] == [1, 2]
    with pytest.raises(AppointmentSlotFull) as error:
        appointed(of, "来人丙")
    assert "2026-11-26 09:00 已经约满" in error.value.text
    assert "2026-11-26（周四）10:00" in error.value.text
    assert Appointment.objects.count() == 2


def test_a_cancelled_seat_is_given_again():
    of = window()
    first, _ = appointed(of, "来人甲"), appointed(of, "来人乙")
    cancel_appointment(appointment_id=first.pk, actor=SYSTEM, at=NOON)
    assert appointed(of, "来人丙").seat == 1


def test_days_that_cannot_be_appointed_are_refused_with_the_reason_and_the_next_free_ones():
    of = window()
    for day, begins, error, words in (
        (date(2026, 11, 24), NINE, AppointmentPast, "已经过去"),
        (WEDNESDAY, NINE, AppointmentPast, "已经过去"),
        (SATURDAY, NINE, AppointmentDayOff, "不是工作日"),
        (BEYOND, NINE, AppointmentTooFarAhead, "最多提前 14 天预约，现在能约到 2026-12-09"),
        (THURSDAY, time(9, 30), AppointmentSlotUnknown, "没有 09:30 开始的预约时段"),
    ):
        with pytest.raises(error) as refused:
            appointed(of, day=day, begins=begins)
        assert words in refused.value.text
        assert "2026-11-26（周四）09:00" in refused.value.text
    assert appointed(of, day=LAST).day == LAST
    with pytest.raises(AppointmentWindowClosed, match="还没有公布预约时段"):
        appointed(window(name="乙窗口", slots=None))


def test_a_holiday_of_the_calendar_is_no_day_to_come():
    # 2026-10-01 to 10-08 were announced as days off, 10-10 (a Saturday) as a day of work
    of = window(slots=None)
    early = datetime(2026, 9, 28, 4, tzinfo=UTC)
    week = rules.slots_of(range(1, 8), [(NINE, TEN)], minutes=60, capacity=1)
    state_appointment_hours(window_id=of.pk, begins_on=date(2026, 9, 28), slots=week, actor=SYSTEM, at=early)
    with pytest.raises(AppointmentDayOff):
        appointed(of, day=date(2026, 10, 1), at=early)
    assert appointed(of, day=date(2026, 10, 10), at=early).day == date(2026, 10, 10)


def test_how_far_ahead_is_a_parameter_of_the_zone():
    of = window()
    assert queries.ahead_of(of, on=WEDNESDAY).doubt == "（待地方确定）"
    enter_local_value(
        parameter_id=queries.AHEAD, zone=Zone.objects.get(pk="gaoqing"), starts=date(2026, 1, 1), written=["1"],
        source="县政府文件", actor=person(Role.ZONE_OFFICE, make.people.COUNTY).actor, at=make.NOON,
    )  # fmt: skip
    ahead = queries.ahead_of(of, on=WEDNESDAY)
    assert (ahead.days, ahead.doubt) == (1, "")
    with pytest.raises(AppointmentTooFarAhead, match="最多提前 1 天"):
        appointed(of, day=FRIDAY)


def test_one_party_has_one_open_appointment_at_a_window_on_a_day():
    of, who = window(), make.household("演示甲")
    first = appointed(of, party_id=who.pk)
    assert first.name == who.name
    with pytest.raises(AlreadyAppointed) as error:
        appointed(of, party_id=who.pk, begins=TEN)
    assert first.number in error.value.text
    assert appointed(of, party_id=who.pk, day=FRIDAY).day == FRIDAY
    cancel_appointment(appointment_id=first.pk, actor=SYSTEM, at=NOON)
    assert appointed(of, party_id=who.pk, begins=TEN).slot == "10:00—11:00"
    # whoever is on no record is known by name and telephone
    appointed(of, "来人甲")
    with pytest.raises(AlreadyAppointed):
        appointed(of, "来人甲", begins=TEN)
    assert appointed(of, "来人甲", begins=TEN, telephone="13800000002").is_open


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"name": " "}, "姓名"), ({"telephone": ""}, "联系电话"), ({"telephone": "1380000"}, "手机号应为 11 位"),
        ({"matter": "zz"}, "来办什么"), ({"unit_id": 1}, "不动产单元"), ({"party_id": 1, "name": ""}, "权利人"),
    ],
)  # fmt: skip
def test_what_is_lacking_of_an_appointment_is_named(wrong, why):
    with pytest.raises(AppointmentIncomplete, match=why):
        appointed(window(), **wrong)


def test_a_farmer_comes_himself_for_what_farmers_ask_for():
    of, house = window(), make.household("演示甲")
    _, actor = farmer(house)
    unit, _ = make.homestead(house)
    made = appointed(of, party_id=make.household("演示乙").pk, actor=actor, unit_id=unit.pk, matter="transfer")
    assert (made.party_id, made.name) == (head_of(house).pk, head_of(house).name)
    with pytest.raises(AppointmentIncomplete, match="来办什么"):
        appointed(of, party_id=None, actor=actor, matter="seizure", day=FRIDAY)


def test_the_telephone_is_sealed_and_whoever_reads_it_stands_in_the_record():
    made = appointed(window(), telephone="138-0000-0001")
    assert made.telephone == "138******01"
    assert b"13800000001" not in bytes(made.telephone_sealed)
    clerk = person(Role.TOWN_WINDOW, make.people.TOWN).actor
    assert telephone_of(appointment_id=made.pk, actor=clerk, at=NOON) == "13800000001"
    assert Event.objects.filter(verb="registry.appointment.called", user_id=clerk.user_id).count() == 1


# -- what becomes of it --------------------------------------------------------------------------------------------


def test_who_came_late_was_missed_first_and_has_come():
    made = appointed(window())
    with pytest.raises(AppointmentNotDue, match="当天"):
        mark_came(appointment_id=made.pk, actor=SYSTEM, at=NOON)
    with pytest.raises(AppointmentNotDue, match="结束以后"):
        mark_missed(appointment_id=made.pk, actor=SYSTEM, at=later(hours=21, minutes=59))  # 9:59
    missed = mark_missed(appointment_id=made.pk, actor=SYSTEM, at=later(hours=22))
    assert missed.state == "未到"
    with pytest.raises(AppointmentOver, match="已经标记未到"):
        cancel_appointment(appointment_id=made.pk, actor=SYSTEM, at=later(hours=23))
    came = mark_came(appointment_id=made.pk, actor=SYSTEM, at=later(hours=23))
    assert (came.state, came.missed_at) == ("已到", later(hours=22))
    for act in (mark_came, mark_missed, cancel_appointment):
        with pytest.raises(AppointmentOver, match="已经标记已到"):
            act(appointment_id=made.pk, actor=SYSTEM, at=later(hours=24))


def test_what_is_cancelled_is_over():
    made = appointed(window())
    cancel_appointment(appointment_id=made.pk, actor=SYSTEM, at=NOON)
    for act in (mark_came, mark_missed, cancel_appointment):
        with pytest.raises(AppointmentOver, match="已经取消"):
            act(appointment_id=made.pk, actor=SYSTEM, at=later(days=1))
    verbs = Event.objects.filter(verb__startswith="registry.appointment").values_list("verb", flat=True)
    assert sorted(verbs) == ["registry.appointment.cancelled", "registry.appointment.made"]


def test_a_farmer_cancels_before_the_hour_and_the_window_also_after():
    of, house = window(), make.household("演示甲")
    _, actor = farmer(house)
    made = appointed(of, party_id=None, actor=actor)
    nine = later(hours=21)
    with pytest.raises(AppointmentOver, match="时间已经到了"):
        cancel_appointment(appointment_id=made.pk, actor=actor, at=nine)
    clerk = person(Role.TOWN_WINDOW, make.people.TOWN).actor
    assert cancel_appointment(appointment_id=made.pk, actor=clerk, at=nine).state == "已取消"


def test_nobody_sees_or_cancels_the_appointment_of_a_stranger():
    of, house = window(), make.household("演示甲")
    _, actor = farmer(house)
    _, stranger = farmer(make.household("演示乙"))
    made = appointed(of, party_id=None, actor=actor)
    elsewhere = person(Role.TOWN_WINDOW, make.people.OTHER).actor
    auditor = person(Role.AUDITOR, make.people.COUNTY).actor
    for other in (stranger, elsewhere, auditor):
        assert not queries.appointments(other).exists()
        with pytest.raises(AppointmentNotFound):
            cancel_appointment(appointment_id=made.pk, actor=other, at=NOON)
    bureau = person(Role.DEPARTMENT, make.people.COUNTY).actor
    assert list(queries.appointments(bureau)) == [made] == list(queries.appointments(actor))


def test_what_to_bring_is_what_the_procedure_of_the_matter_asks_for():
    titles = [title for title, _ in queries.what_to_bring("transfer")]
    assert titles[0] == queries.IDENTITY
    assert "登记申请书" in titles
    assert any("契税" in title and "有的带上" in title for title in titles)
    assert [title for title, _ in queries.what_to_bring("inquiry")] == [queries.IDENTITY]
    assert all(queries.what_to_bring(matter) for matter in rules.PURPOSES)


def test_windows_of_ones_own_town_come_first():
    other = Division.objects.filter(level="town", parent=make.people.COUNTY).exclude(pk=make.people.TOWN)[0]
    far, near = window(name="他镇窗口", town=other.pk, slots=None), window()
    found = queries.windows_near(make.VILLAGE, actor=SYSTEM, on=WEDNESDAY)
    assert [(one.window.pk, one.is_near, one.takes) for one in found] == [(near.pk, True, True), (far.pk, False, False)]
    assert queries.windows_near(make.people.OTHER, actor=SYSTEM, on=WEDNESDAY) == []
