"""预约: a window states its hours; people make, cancel and keep appointments. Each is one act, one event."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction

from ronghe.kernel import crypto
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import LEGAL_ZONE, legal_day
from ronghe.kernel.db import refuses
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.rules import check_telephone, clean_name, masked
from ronghe.policy import queries as policy
from ronghe.policy.rules.periods import Calendar

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
    AppointmentWindowNotFound,
)
from ..models import Appointment, AppointmentHours, AppointmentPlan, BAUnit, RegistrationWindow
from ..queries import appointments as queries
from ..rules import appointing as rules
from ..rules.appointing import OWN_PURPOSES, PURPOSES, Slot, Unfit

_KEY, _INDEX = "registry.appointments", "registry.appointment.telephone"


@transaction.atomic
def state_appointment_hours(
    *, window_id: int, begins_on: date, slots: Sequence[Slot], actor: Actor, at: datetime
) -> AppointmentPlan:
    """State the hours at which a window sees people, from a day on; without any it takes no more appointments.

    Appointments that were made before keep their time. Locks: RegistrationWindow.
    Raises: AppointmentWindowNotFound, AppointmentWindowClosed, AppointmentHoursWrong.
    """
    window = _locked(window_id)
    if window.ended_at is not None:
        raise AppointmentWindowClosed(window=window.name, why=f"已于 {legal_day(window.ended_at)} 停办")
    if begins_on < legal_day(at):
        raise AppointmentHoursWrong(why=f"起用日期 {begins_on} 在今天以前，已经过去的日子不能改")
    if fault := rules.hours_fault(slots):
        raise AppointmentHoursWrong(why=fault)
    made = AppointmentPlan.objects.create(window=window, begins_on=begins_on, user_id=actor.user_id, stated_at=at)
    AppointmentHours.objects.bulk_create(
        AppointmentHours(plan=made, weekday=one.weekday, begins=one.begins, ends=one.ends, capacity=one.capacity)
        for one in slots
    )
    facts = {"plan": made.pk, "begins_on": begins_on, "slots": len(slots)}
    record(verb="registry.window.hours", subject=window, actor=actor, at=at, facts=facts, division=window.division_id)
    return made


def _locked(window_id: int) -> RegistrationWindow:
    found = RegistrationWindow.objects.select_for_update(of=("self",)).filter(pk=window_id).first()
    if not isinstance(found, RegistrationWindow):
        raise AppointmentWindowNotFound(window=window_id)
    return found


@transaction.atomic
def make_appointment(
    *,
    window_id: int,
    day: date,
    begins: time,
    matter: str,
    telephone: str,
    name: str = "",
    party_id: int | None = None,
    unit_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Appointment:
    """Appoint somebody to a window: whoever acts for a party appoints the party, the staff whoever calls or comes by.

    The seat is the lowest one that is free under the lock of the window. Locks: RegistrationWindow.
    Raises: AppointmentWindowNotFound, AppointmentIncomplete, and as ``_slot_for`` and ``_refuse_second``.
    """
    window = _locked(window_id)
    party = _party(actor, party_id)
    who = party.name if party is not None else clean_name(name)
    number = check_telephone(telephone)
    if why := _lacking(actor, who, number.told, matter, unit_id, has_number=bool(number.value)):
        raise AppointmentIncomplete(why=why)
    slot = _slot_for(window, day, begins, at)
    blind = crypto.blind_index(number.value, of=_INDEX)
    _refuse_second(window, day, party, who, blind)
    taken = Appointment.objects.standing().filter(window=window, day=day, begins=begins).values_list("seat", flat=True)
    seat = rules.free_seat(set(taken), slot.capacity)
    if seat is None:
        raise AppointmentSlotFull(window=window.name, day=day, begins=f"{begins:%H:%M}", free=_free(window, day, at))
    made = Appointment(
        window=window, day=day, begins=slot.begins, ends=slot.ends, seat=seat, party=party, name=who, matter=matter,
        baunit_id=unit_id, telephone=masked(number.value, kind="telephone"), telephone_blind=blind,
        made_by_id=actor.user_id, made_at=at,
    )  # fmt: skip
    made.telephone_sealed = crypto.seal(number.value.encode(), key=crypto.purpose_key(_KEY), about=made.about)
    full = AppointmentSlotFull(window=window.name, day=day, begins=f"{begins:%H:%M}", free="别的时段")
    with refuses({"appointment_seat_once": full}):
        made.save(force_insert=True)
    facts = {"window": window.pk, "day": day, "begins": f"{begins:%H:%M}", "seat": seat, "matter": matter}
    record(verb="registry.appointment.made", subject=made, actor=actor, at=at, facts=facts, division=window.division_id)
    return made


def _party(actor: Actor, party_id: int | None) -> Party | None:
    """Whom an appointment is for; whoever acts for a party appoints nobody else."""
    wanted = actor.on_behalf_of_id if actor.on_behalf_of_id is not None else party_id
    if wanted is None:
        return None
    found = Party.objects.visible_to(actor).filter(pk=wanted).first()
    if found is None:
        raise AppointmentIncomplete(why=f"没有找到第 {wanted} 号权利人，或者不在您的管辖范围内")
    return found


def _lacking(actor: Actor, who: str, fault: str, matter: str, unit_id: int | None, *, has_number: bool) -> str:
    """What is lacking of an appointment; empty where nothing is."""
    if not who:
        return "请写来人的姓名"
    if not has_number:
        return "请写联系电话，窗口有变动时要找得到您"
    if fault:
        return f"联系电话写得不对，{fault}"
    if matter not in (PURPOSES if actor.on_behalf_of_id is None else OWN_PURPOSES):
        return "请选择来办什么"
    if unit_id is not None and not BAUnit.objects.visible_to(actor).filter(pk=unit_id, ended_on=None).exists():
        return "所选的不动产单元不在登记簿上，或者已经终止，请重新选择或不选"
    return ""


def _slot_for(window: RegistrationWindow, day: date, begins: time, at: datetime) -> Slot:
    """The slot that is wished.

    Raises: AppointmentWindowClosed, AppointmentPast, AppointmentDayOff, AppointmentTooFarAhead, AppointmentSlotUnknown.
    """
    if window.ended_at is not None:
        raise AppointmentWindowClosed(window=window.name, why=f"已于 {legal_day(window.ended_at)} 停办")
    here = at.astimezone(LEGAL_ZONE)
    today, ahead, known = here.date(), queries.ahead_of(window, on=here.date()).days, policy.calendar()
    why = rules.unfit(day, begins, today=today, now=here.time().replace(tzinfo=None), ahead=ahead, known=known)
    if why is not None:
        free = _free(window, day, at, known=known)
        if why is Unfit.PAST:
            raise AppointmentPast(day=day, begins=f"{begins:%H:%M}", free=free)
        if why is Unfit.OFF:
            raise AppointmentDayOff(day=day, free=free)
        raise AppointmentTooFarAhead(day=day, days=ahead, until=rules.last_day(today, ahead), free=free)
    plan = queries.plan_on(window, day)
    offered = queries.slots_of(plan)
    if not offered:
        raise AppointmentWindowClosed(
            window=window.name, why="还没有公布预约时段" if plan is None else f"自 {plan.begins_on} 起停止预约"
        )
    found = next((one for one in offered if one.weekday == day.isoweekday() and one.begins == begins), None)
    if found is None:
        raise AppointmentSlotUnknown(
            window=window.name, day=day, begins=f"{begins:%H:%M}", free=_free(window, day, at, known=known)
        )
    return found


def _free(window: RegistrationWindow, day: date, at: datetime, *, known: Calendar | None = None) -> str:
    """The next free slots in words, those of the wished day first."""
    ahead = queries.ahead_of(window, on=legal_day(at)).days
    coming = queries.coming_days(window, at=at, ahead=ahead, known=known)
    return queries.told_free(queries.next_free(coming, beside=day))


def _refuse_second(window: RegistrationWindow, day: date, party: Party | None, who: str, blind: bytes) -> None:
    """One open appointment of one party, or of one caller, at one window on one day. Raises: AlreadyAppointed."""
    rows = Appointment.objects.filter(Appointment.OPEN, window=window, day=day)
    rows = rows.filter(party=party) if party is not None else rows.filter(party=None, name=who, telephone_blind=blind)
    found = rows.first()
    if found is not None:
        raise AlreadyAppointed(name=who, day=day, number=found.number, begins=f"{found.begins:%H:%M}")


@transaction.atomic
def cancel_appointment(*, appointment_id: int, actor: Actor, at: datetime) -> Appointment:
    """Cancel (取消预约): the seat is free again. Locks: Appointment. Raises: AppointmentNotFound, AppointmentOver."""
    found = _own(appointment_id, actor)
    _refuse_over(found, "取消")
    if actor.on_behalf_of_id is not None and at >= begins_at(found):
        raise AppointmentOver(number=found.number, why="的时间已经到了", act="取消")
    return _marked(found, "cancelled_at", "registry.appointment.cancelled", actor, at)


@transaction.atomic
def mark_came(*, appointment_id: int, actor: Actor, at: datetime) -> Appointment:
    """已到: also of somebody who came late, after the appointment was marked as missed.

    Locks: Appointment. Raises: AppointmentNotFound, AppointmentOver, AppointmentNotDue.
    """
    found = _own(appointment_id, actor)
    if found.cancelled_at is not None or found.came_at is not None:
        _refuse_over(found, "标记已到")
    if legal_day(at) < found.day:
        raise AppointmentNotDue(number=found.number, day=found.day, slot=found.slot, act="标记已到", when="当天")
    return _marked(found, "came_at", "registry.appointment.came", actor, at)


@transaction.atomic
def mark_missed(*, appointment_id: int, actor: Actor, at: datetime) -> Appointment:
    """未到: once the slot has ended. Locks: Appointment. Raises: AppointmentNotFound, AppointmentOver, AppointmentNotDue."""
    found = _own(appointment_id, actor)
    _refuse_over(found, "标记未到")
    if at < ends_at(found):
        raise AppointmentNotDue(
            number=found.number, day=found.day, slot=found.slot, act="标记未到", when="这个时段结束以后"
        )
    return _marked(found, "missed_at", "registry.appointment.missed", actor, at)


@transaction.atomic
def telephone_of(*, appointment_id: int, actor: Actor, at: datetime) -> str:
    """The telephone in plain, to call whoever is to come: who read it stands in the record. Raises: AppointmentNotFound."""
    found = _own(appointment_id, actor)
    record(verb="registry.appointment.called", subject=found, actor=actor, at=at, division=found.window.division_id)
    return crypto.opened(bytes(found.telephone_sealed), key=crypto.purpose_key(_KEY), about=found.about).decode()


def _own(appointment_id: int, actor: Actor) -> Appointment:
    """An appointment that the actor may see, locked."""
    rows = Appointment.objects.visible_to(actor).select_related("window")
    found = rows.select_for_update(of=("self",)).filter(pk=appointment_id).first()
    if found is None:
        raise AppointmentNotFound(appointment=appointment_id)
    return found


def begins_at(found: Appointment) -> datetime:
    """The instant at which the slot begins."""
    return datetime.combine(found.day, found.begins, LEGAL_ZONE)


def ends_at(found: Appointment) -> datetime:
    """The instant at which the slot ends: only then has somebody missed it."""
    return datetime.combine(found.day, found.ends, LEGAL_ZONE)


def _refuse_over(found: Appointment, act: str) -> None:
    """Raises: AppointmentOver."""
    if not found.is_open:
        why = "已经取消" if found.cancelled_at is not None else f"已经标记{found.state}"
        raise AppointmentOver(number=found.number, why=why, act=act)


def _marked(found: Appointment, fact: str, verb: str, actor: Actor, at: datetime) -> Appointment:
    setattr(found, fact, at)
    found.save(update_fields=[fact])
    record(verb=verb, subject=found, actor=actor, at=at, division=found.window.division_id)
    return found
