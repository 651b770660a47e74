"""Reads of appointments: when a window sees people, what is free, who comes on a day, what one has made oneself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.clock import LEGAL_ZONE, legal_day
from ronghe.kernel.parties.models import Party
from ronghe.kernel.regions.models import DivisionClosure
from ronghe.mechanisms.casework.declared import PROCEDURES
from ronghe.policy import queries as policy
from ronghe.policy.rulebook import InForce
from ronghe.policy.rules.periods import Calendar

from ..appointment_errors import (
    AppointmentIncomplete,
    AppointmentNotFound,
    AppointmentWindowNotFound,
)
from ..models import Appointment, AppointmentHours, AppointmentPlan, BAUnit, RegistrationWindow
from ..rules.appointing import MOST_NAMED, Slot, is_registration, weekday_of, working_days
from ..rules.matters import Matter
from .holdings import own as own_holdings
from .rates import zone_of

AHEAD = "registration.appointment.ahead_days"
#: Where no pack says how far ahead, one appoints a day of the next two weeks.
USUAL_AHEAD = 14
#: Whatever is asked for there, somebody shows who he is.
IDENTITY = "本人有效身份证件；代办的，另带委托书和双方身份证件"


@dataclass(frozen=True, slots=True)
class Ahead:
    """可预约的范围: how many days ahead, and the parameter that says so (absent where none does)."""

    days: int
    value: InForce | None

    @property
    def doubt(self) -> str:
        """What is to be said beside a number that the place has not confirmed."""
        return "" if self.value is not None and self.value.status == "set" else "（待地方确定）"


def ahead_of(window: RegistrationWindow, *, on: date) -> Ahead:
    """How far ahead one appoints at a window: by the zone in which it lies, whoever asks.

    A value that the place has still to confirm is taken all the same, and said to be one.
    """
    zone = zone_of(window.division_id, actor=SYSTEM)
    found = policy.values_in_force(zone, on=on, parameters=[AHEAD]).get(AHEAD)
    value = found and (found.value if found.value is not None else found.idle)
    if isinstance(value, int | Fraction) and not isinstance(value, bool) and value >= 0:
        return Ahead(int(value), found)
    return Ahead(USUAL_AHEAD, found)


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """一个时段的余位."""

    day: date
    begins: time
    ends: time
    capacity: int
    free: int

    @property
    def told(self) -> str:
        return f"{self.begins:%H:%M}—{self.ends:%H:%M}"


@dataclass(frozen=True, slots=True)
class WindowDay:
    """一天的预约情况: a working day, its slots as they are now, and how many seats are taken."""

    day: date
    slots: tuple[FreeSlot, ...]

    @property
    def weekday(self) -> str:
        return weekday_of(self.day)

    @property
    def capacity(self) -> int:
        return sum(one.capacity for one in self.slots)

    @property
    def free(self) -> int:
        return sum(one.free for one in self.slots)

    @property
    def taken(self) -> int:
        return self.capacity - self.free

    @property
    def percent(self) -> int:
        return self.taken * 100 // self.capacity if self.capacity else 0


def window(window_id: int, *, actor: Actor) -> RegistrationWindow:
    """A window that is open or was. Raises: AppointmentWindowNotFound."""
    rows = RegistrationWindow.objects.visible_to(actor).select_related("division__parent")
    found: RegistrationWindow | None = rows.filter(pk=window_id).first()
    if found is None:
        raise AppointmentWindowNotFound(window=window_id)
    return found


def window_named(window_id: int, *, actor: Actor) -> RegistrationWindow:
    """The window that a command names. Raises: AppointmentIncomplete: the command, not the address, is wrong."""
    try:
        return window(window_id, actor=actor)
    except AppointmentWindowNotFound as error:
        raise AppointmentIncomplete(why=f"没有第 {window_id} 号登记窗口") from error


def plan_on(window: RegistrationWindow, day: date) -> AppointmentPlan | None:
    """The hours that hold on a day: of the latest beginning, and of those what was stated last."""
    return AppointmentPlan.objects.filter(window=window, begins_on__lte=day).order_by("-begins_on", "-pk").first()


def plans_of(window: RegistrationWindow, *, on: date) -> list[AppointmentPlan]:
    """The plan of a day, and those that are to follow it, by their first day."""
    now = plan_on(window, on)
    found: dict[date, AppointmentPlan] = {} if now is None else {now.begins_on: now}
    later = AppointmentPlan.objects.filter(window=window, begins_on__gt=on).order_by("begins_on", "pk")
    found.update((plan.begins_on, plan) for plan in later)
    return list(found.values())


def slots_of(plan: AppointmentPlan | None) -> tuple[Slot, ...]:
    """The hours of a plan; none without one."""
    if plan is None:
        return ()
    rows = AppointmentHours.objects.filter(plan=plan).order_by("weekday", "begins")
    return tuple(Slot(*row) for row in rows.values_list("weekday", "begins", "ends", "capacity"))


def days_of(window: RegistrationWindow, days: Sequence[date], *, now: datetime | None = None) -> list[WindowDay]:
    """What is free at a window on these days; ``now`` leaves out what has begun. Three queries and one per plan."""
    if not days or window.ended_at is not None:
        return [WindowDay(day, ()) for day in days]
    plans = plans_of(window, on=min(days))
    hours = {plan.pk: slots_of(plan) for plan in plans}
    taken = _taken(window, days)
    today, hour = _here(now) if now is not None else (None, time.min)
    made = []
    for day in days:
        holding = [plan for plan in plans if plan.begins_on <= day]
        offered = [one for one in hours[holding[-1].pk] if one.weekday == day.isoweekday()] if holding else []
        made.append(
            WindowDay(
                day,
                tuple(
                    FreeSlot(day, one.begins, one.ends, one.capacity, max(0, one.capacity - taken.get((day, one.begins), 0)))
                    for one in offered
                    if day != today or one.begins > hour
                ),
            )
        )  # fmt: skip
    return made


def _taken(window: RegistrationWindow, days: Sequence[date]) -> dict[tuple[date, time], int]:
    rows = Appointment.objects.standing().filter(window=window, day__range=(min(days), max(days)))
    counted = rows.order_by().values_list("day", "begins").annotate(n=Count("pk"))
    return {(day, begins): n for day, begins, n in counted}


def _here(at: datetime) -> tuple[date, time]:
    """The day and the hour of an instant by the clock of the place."""
    local = at.astimezone(LEGAL_ZONE)
    return local.date(), local.time().replace(tzinfo=None)


def coming_days(
    window: RegistrationWindow, *, at: datetime, ahead: int, known: Calendar | None = None
) -> list[WindowDay]:
    """The working days that may be appointed now, with what is free on each."""
    days = working_days(legal_day(at), ahead, known if known is not None else policy.calendar())
    return days_of(window, days, now=at)


def next_free(days: Iterable[WindowDay], *, beside: date | None = None) -> list[FreeSlot]:
    """The first slots that are free: those of the day that was wished first."""
    free = [one for day in days for one in day.slots if one.free]
    return sorted(free, key=lambda one: (one.day != beside, one.day, one.begins))[:MOST_NAMED]


def told_free(slots: Sequence[FreeSlot]) -> str:
    """The slots that are named to whoever must choose another: what follows on 请改选."""
    if not slots:
        return "别的窗口，或打电话咨询：这里可预约的日期都没有空位了"
    named = "、".join(f"{one.day}（{weekday_of(one.day)}）{one.begins:%H:%M}" for one in slots)
    return f"还有空位的时段：{named}"


# -- windows to choose from ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """一个可选的窗口: whether it lies in one's own town, and whether it takes appointments now."""

    window: RegistrationWindow
    is_near: bool
    takes: bool


def windows_near(place: str, *, actor: Actor, on: date) -> list[Choice]:
    """The windows of the county of a place, those of its own town first; of no county, none."""
    above = list(DivisionClosure.objects.filter(descendant=place).values_list("ancestor__level", "ancestor"))
    county = next((code for level, code in above if level == "county"), "")
    own = {code for level, code in above if level in ("town", "village")}
    inside = DivisionClosure.objects.filter(ancestor=county).values("descendant")
    rows = RegistrationWindow.objects.visible_to(actor).filter(ended_at=None, division__in=inside)
    near = Case(When(division__in=own, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = list(rows.select_related("division").order_by(near, "division", "name"))
    taking = _taking(found, on)
    return [Choice(one, one.division_id in own, one.pk in taking) for one in found]


def windows_kept_by(actor: Actor) -> list[RegistrationWindow]:
    """The open windows of the actor's place and below."""
    inside = DivisionClosure.objects.filter(ancestor=actor.division or "").values("descendant")
    rows = RegistrationWindow.objects.visible_to(actor).filter(ended_at=None, division__in=inside)
    return list(rows.select_related("division").order_by("division", "name"))


def takes_appointments(windows: Sequence[RegistrationWindow], *, on: date) -> frozenset[int]:
    """Which of these windows have hours now, or will."""
    return frozenset(_taking(windows, on))


def _taking(windows: Sequence[RegistrationWindow], on: date) -> set[int]:
    plans = AppointmentPlan.objects.filter(window__in=[one.pk for one in windows]).order_by("begins_on", "pk")
    having = set(AppointmentHours.objects.filter(plan__in=plans.values("pk")).values_list("plan", flat=True))
    now: dict[int, bool] = {}
    later: set[int] = set()
    for plan in plans:
        if plan.begins_on <= on:
            now[plan.window_id] = plan.pk in having
        elif plan.pk in having:
            later.add(plan.window_id)
    return later | {pk for pk, takes in now.items() if takes}


def home_of_actor(actor: Actor) -> str:
    """Where the party lives or sits that the actor acts for; empty for nobody."""
    party = Party.objects.visible_to(actor).filter(pk=actor.on_behalf_of_id or 0).first()
    return party.division_id if party is not None else ""


def own_units(actor: Actor, *, on: date) -> list[tuple[BAUnit, str]]:
    """The units in which one has a right, with where they lie: what one may come for."""
    _, held, _ = own_holdings(actor, on=on, most=30)
    return [(one.unit, (one.land[0].location if one.land else "") or one.unit.division.name) for one in held]


# -- appointments --------------------------------------------------------------------------------------------------


def appointments(
    actor: Actor, *, window_id: int | None = None, day: date | None = None, since: date | None = None
) -> QuerySet[Appointment]:
    """The appointments that the actor may see, narrowed, by their time."""
    rows = Appointment.objects.visible_to(actor).select_related("window__division", "party", "baunit")
    if window_id is not None:
        rows = rows.filter(window=window_id)
    if day is not None:
        rows = rows.filter(day=day)
    if since is not None:
        rows = rows.filter(day__gte=since)
    return rows.order_by("day", "begins", "seat", "pk")


def appointment(appointment_id: int, *, actor: Actor) -> Appointment:
    """One appointment. Raises: AppointmentNotFound."""
    found = appointments(actor).filter(pk=appointment_id).first()
    if found is None:
        raise AppointmentNotFound(appointment=appointment_id)
    return found


def is_kept_by(found: Appointment, actor: Actor) -> bool:
    """Whether the actor works at the place of the window."""
    return actor.on_behalf_of_id is None and reaches(actor, found.window.division_id)


def what_to_bring(matter: str) -> list[tuple[str, str]]:
    """What is asked for at the counter for a matter: (title, what is to be heeded); what may be left out says so."""
    if not is_registration(matter):
        return [(IDENTITY, "")]
    procedure = PROCEDURES[f"registry.{Matter(matter).told.procedure}"]
    step = procedure.step("apply")
    papers = step.materials if step is not None else ()
    made = [(IDENTITY, "")]
    for one in papers:
        if one.key == "identity":
            continue
        made.append((one.title if one.required else f"{one.title}（有的带上）", one.hint))
    return made
