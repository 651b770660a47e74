"""预约: a farmer appoints himself to a window; the window sees who comes, takes appointments and says who came."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches, require
from ronghe.kernel.accounts.roles import Role, may
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import State
from ronghe.kernel.pages.record import Tone
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import parties
from ronghe.policy.rules.periods import FIRST_YEAR, LAST_YEAR

from ..appointment_forms import AppointmentForm, HoursForm
from ..models import Appointment, RegistrationWindow
from ..permissions import APPLY, APPOINTMENT_OWN, APPOINTMENT_VIEW, APPOINTMENT_WORK, WINDOW_EDIT
from ..queries import appointments as queries
from ..queries.appointments import WindowDay
from ..rules.appointing import OWN_PURPOSES, PURPOSES, WEEKDAYS, is_registration, weekday_of
from ..rules.codes import printed
from ..rules.matters import Matter
from ..services import appointing
from .applications import matters_for

TONES: dict[str, Tone] = {"已预约": "place", "已到": "good", "未到": "warn", "已取消": "plain"}
#: So many of one's own appointments are listed, the latest first.
MOST_OWN = 50
#: So many people of a name are offered at the counter.
MOST_FOUND = 12


def address_of(found: Appointment) -> str:
    return reverse("registry:appointment", args=[found.pk])


def _day(request: HttpRequest) -> date | None:
    """``?day=``; nothing for what is no day of these times."""
    try:
        given = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
    return given if FIRST_YEAR <= given.year <= LAST_YEAR else None


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None


# -- one's own -----------------------------------------------------------------------------------------------------


@require_safe
@allows(APPOINTMENT_OWN)
def mine(request: HttpRequest) -> HttpResponse:
    """My appointments, what is to come first."""
    actor, day = actor_of(request), clock.legal_day(clock.now())
    rows = queries.appointments(actor)
    coming = list(rows.filter(day__gte=day, cancelled_at=None)[:MOST_OWN])
    past = [one for one in rows.order_by("-day", "-begins", "-pk")[:MOST_OWN] if one not in coming]
    context = {
        "coming": [(one, _state(one)) for one in coming],
        "past": [(one, _state(one)) for one in past],
        "crumbs": [("我的产权", reverse("registry:mine")), ("我的预约", None)],
    }
    return render(request, "registry/own_appointments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(APPOINTMENT_OWN)
def appoint_oneself(request: HttpRequest) -> HttpResponse:
    """Choose a window, a day, an hour: ``?window=`` and ``?day=`` are what is chosen already."""
    actor, at = actor_of(request), clock.now()
    crumbs = [
        ("我的产权", reverse("registry:mine")),
        ("我的预约", reverse("registry:own_appointments")),
        ("预约窗口", None),
    ]
    chosen = _number(request, "window")
    if chosen is None:
        place = queries.home_of_actor(actor)
        choices = queries.windows_near(place, actor=actor, on=clock.legal_day(at)) if place else []
        context = {
            "choices": choices,
            "near": [one for one in choices if one.is_near],
            "far": [one for one in choices if not one.is_near],
            "title": "预约登记窗口",
            "crumbs": crumbs,
        }
        return render(request, "registry/choose_window.html", context)
    window = queries.window(chosen, actor=actor)
    units = queries.own_units(actor, on=clock.legal_day(at))

    def form(days: list[WindowDay], day: date | None) -> AppointmentForm:
        return AppointmentForm(
            request.POST if request.method == "POST" else None,
            slots=_slots(days, day),
            purposes=OWN_PURPOSES,
            units=units,
        )

    context = {"title": "预约登记窗口", "back": reverse("registry:own_appointment_new"), "crumbs": crumbs}
    return _appoint(request, window, form, None, context)


def _slots(days: list[WindowDay], day: date | None) -> tuple[queries.FreeSlot, ...]:
    return next((one.slots for one in days if one.day == day), ())


def _appoint(
    request: HttpRequest,
    window: RegistrationWindow,
    form_of: Callable[[list[WindowDay], date | None], AppointmentForm],
    party: Party | None,
    context: dict[str, Any],
) -> HttpResponse:
    """The page on which a day and an hour are chosen; what is wrong with the day itself is said on it too."""
    at = clock.now()
    ahead = queries.ahead_of(window, on=clock.legal_day(at))
    coming = queries.coming_days(window, at=at, ahead=ahead.days)
    days = [one for one in coming if one.slots]
    day, fault, status = _day(request), "", 200
    form = form_of(days, day) if day is not None else None
    if request.method == "POST":
        made, fault, status = _made(request, window, day, form, party)
        if made is not None:
            messages.success(request, f"预约成功，预约号 {made.number}。")
            return redirect(address_of(made))
    elif day is not None and not any(one.day == day and one.free for one in days):
        fault = f"{day}（{weekday_of(day)}）没有可约的时段。请改选{queries.told_free(queries.next_free(days))}。"
        form = None
    keep = {"window": window.pk, **({"party": party.pk} if party else {})}
    context |= {
        "window": window,
        "ahead": ahead,
        "days": [(one, f"?{urlencode({**keep, 'day': one.day})}" if one.free else "") for one in days],
        "chosen": day,
        "weekday": weekday_of(day) if day else "",
        "form": form,
        "fault": fault,
        "closed": "" if days else _why_closed(window, coming),
        "submit": "确认预约",
        "cancel_url": f"?{urlencode(keep)}",
    }
    return render(request, "registry/appoint.html", context, status=status)


def _made(
    request: HttpRequest,
    window: RegistrationWindow,
    day: date | None,
    form: AppointmentForm | None,
    party: Party | None,
) -> tuple[Appointment | None, str, int]:
    """What was asked for is made: (the appointment, why it was refused, with what status)."""
    if day is None or form is None:
        return None, "请先选择日期。", 422
    if not form.is_valid():
        return None, "", 422
    try:
        made = appointing.make_appointment(
            window_id=window.pk, day=day, party_id=party.pk if party else None, actor=actor_of(request), at=clock.now(),
            **form.asked(),
        )  # fmt: skip
    except DomainError as error:
        return None, error.text, error.status
    return made, "", 200


def _why_closed(window: RegistrationWindow, coming: list[WindowDay]) -> str:
    if window.ended_at is not None:
        return f"这个窗口已于 {clock.legal_day(window.ended_at)} 停办，请改选别的窗口。"
    if not coming:
        return "可预约的日期里没有工作日，请过几天再来。"
    return f"这个窗口现在不接受预约，请直接前往，或打电话 {window.telephone} 咨询。"


# -- one appointment -----------------------------------------------------------------------------------------------


@require_safe
@allows(APPOINTMENT_OWN, APPOINTMENT_VIEW)
def appointment(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """The receipt (预约单): when, where, for what, what to bring; for the window, what may be done with it."""
    return _receipt(request, queries.appointment(appointment_id, actor=actor_of(request)))


def _receipt(
    request: HttpRequest, found: Appointment, *, telephone: str = "", fault: str = "", status: int = 200
) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    is_own = actor.role == Role.SELF
    works = may(actor.role, APPOINTMENT_WORK) and queries.is_kept_by(found, actor)
    day_page = f"{reverse('registry:appointments')}?{urlencode({'window': found.window_id, 'day': found.day})}"
    context = {
        "appointment": found,
        "title": f"预约 {found.number}",
        "state": _state(found),
        "weekday": weekday_of(found.day),
        "unit": found.baunit and printed(found.baunit.code),
        "unit_url": reverse("registry:unit", args=[found.baunit.code]) if found.baunit else "",
        "bring": queries.what_to_bring(found.matter),
        "is_own": is_own,
        "works": works,
        "may_cancel": found.is_open and (works or (is_own and at < appointing.begins_at(found))),
        "may_come": works and found.cancelled_at is None and found.came_at is None and clock.legal_day(at) >= found.day,
        "may_miss": works and found.is_open and at >= appointing.ends_at(found),
        "intake": _intake(found, actor) if works and found.came_at is not None else None,
        "telephone": telephone,
        "fault": fault,
        "day_page": "" if is_own else day_page,
        "crumbs": (
            [
                ("我的产权", reverse("registry:mine")),
                ("我的预约", reverse("registry:own_appointments")),
                (found.number, None),
            ]
            if is_own
            else [("农村不动产登记窗口", reverse("registry:windows")), ("预约", day_page), (found.number, None)]
        ),
    }
    return render(request, "registry/appointment.html", context, status=status)


def _state(found: Appointment) -> State:
    return State(found.state, TONES[found.state])


def _intake(found: Appointment, actor: Actor) -> tuple[str, str] | None:
    """Where the application of somebody who has come is taken in: (label, address); none for a question."""
    if not is_registration(found.matter) or not may(actor.role, APPLY):
        return None
    matter = Matter(found.matter)
    if matter not in matters_for(actor):
        return None
    if found.baunit is not None and found.baunit.ended_on is None:
        return f"受理{matter.title}申请", reverse("registry:apply", args=[found.baunit.code, matter.value])
    return f"选择单元，受理{matter.title}申请", reverse("registry:choose", args=[matter.told.procedure])


def _act(request: HttpRequest, appointment_id: int, do: Callable[..., Appointment], said: str) -> HttpResponse:
    """One fact about an appointment; refused, it is said on the page why."""
    actor = actor_of(request)
    found = queries.appointment(appointment_id, actor=actor)
    if actor.role != Role.SELF:
        require(actor, APPOINTMENT_WORK, division=found.window.division_id)
    try:
        do(appointment_id=found.pk, actor=actor, at=clock.now())
    except DomainError as error:
        return _receipt(request, found, fault=error.text, status=error.status)
    messages.success(request, said.format(found.number))
    if request.POST.get("back") == "day":
        asked = urlencode({"window": found.window_id, "day": found.day})
        return redirect(f"{reverse('registry:appointments')}?{asked}")
    return redirect(address_of(found))


@require_POST
@allows(APPOINTMENT_OWN, APPOINTMENT_WORK)
def cancel(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Give the seat back."""
    return _act(request, appointment_id, appointing.cancel_appointment, "已取消预约 {}，空出来的位子别人可以约。")


@require_POST
@allows(APPOINTMENT_WORK)
def came(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """已到."""
    return _act(request, appointment_id, appointing.mark_came, "预约 {} 已标记已到。")


@require_POST
@allows(APPOINTMENT_WORK)
def missed(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """未到."""
    return _act(request, appointment_id, appointing.mark_missed, "预约 {} 已标记未到。")


@require_POST
@allows(APPOINTMENT_WORK)
def telephone(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """The telephone in full, once, on the page that answers."""
    actor = actor_of(request)
    found = queries.appointment(appointment_id, actor=actor)
    require(actor, APPOINTMENT_WORK, division=found.window.division_id)
    number = appointing.telephone_of(appointment_id=found.pk, actor=actor, at=clock.now())
    return _receipt(request, found, telephone=number)


# -- at the window -------------------------------------------------------------------------------------------------


@require_safe
@allows(APPOINTMENT_VIEW)
def appointments(request: HttpRequest) -> HttpResponse:
    """A day of a window, slot by slot, and how full the coming days are; ``?window=`` and ``?day=``."""
    actor, at = actor_of(request), clock.now()
    today = clock.legal_day(at)
    kept = queries.windows_kept_by(actor)
    window = _window_of(request, actor, kept, today)
    context: dict[str, Any] = {
        "windows": kept,
        "window": window,
        "title": "窗口预约",
        "crumbs": [("农村不动产登记窗口", reverse("registry:windows")), ("预约", None)],
    }
    if window is None:
        return render(request, "registry/appointments.html", context)
    day = _day(request) or today
    ahead = queries.ahead_of(window, on=today)
    coming = [one for one in queries.coming_days(window, at=at, ahead=ahead.days) if one.slots]
    rows = list(queries.appointments(actor, window_id=window.pk, day=day))
    standing = [one for one in rows if one.cancelled_at is None]
    works = may(actor.role, APPOINTMENT_WORK) and reaches(actor, window.division_id)
    context |= {
        "day": day,
        "weekday": weekday_of(day),
        "is_today": day == today,
        "previous": _of_day(window, day - timedelta(days=1)),
        "following": _of_day(window, day + timedelta(days=1)),
        "rows": [_row(one, works, at) for one in rows],
        "counts": [
            ("已约", len(standing)),
            ("已到", sum(one.came_at is not None for one in standing)),
            ("未到", sum(one.came_at is None and one.missed_at is not None for one in standing)),
            ("已取消", len(rows) - len(standing)),
        ],
        "ahead": ahead,
        "coming": [(one, _of_day(window, one.day)) for one in coming],
        "bars": [(f"{one.day:%m-%d} {one.weekday}", one.percent, _of_day(window, one.day)) for one in coming],
        "works": works,
        "new": f"{reverse('registry:appointment_new')}?{urlencode({'window': window.pk, **({'day': day} if day >= today else {})})}",
        "hours": reverse("registry:window_hours", args=[window.pk]),
        "may_state": may(actor.role, WINDOW_EDIT) and reaches(actor, window.division_id),
    }
    return render(request, "registry/appointments.html", context)


def _window_of(
    request: HttpRequest, actor: Actor, kept: list[RegistrationWindow], today: date
) -> RegistrationWindow | None:
    """The window that is asked for, of those of one's place; else the first that takes appointments."""
    chosen = _number(request, "window")
    if chosen is not None:
        found = queries.window(chosen, actor=actor)
        require(actor, APPOINTMENT_VIEW, division=found.division_id)
        return found
    taking = queries.takes_appointments(kept, on=today)
    return next((one for one in kept if one.pk in taking), kept[0] if kept else None)


def _of_day(window: RegistrationWindow, day: date) -> str:
    return f"{reverse('registry:appointments')}?{urlencode({'window': window.pk, 'day': day})}"


def _row(one: Appointment, works: bool, at: Any) -> dict[str, Any]:
    return {
        "one": one,
        "href": address_of(one),
        "state": _state(one),
        "may_come": works and one.cancelled_at is None and one.came_at is None and clock.legal_day(at) >= one.day,
        "may_miss": works and one.is_open and at >= appointing.ends_at(one),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@allows(APPOINTMENT_WORK)
def appoint(request: HttpRequest) -> HttpResponse:
    """Take an appointment for somebody who calls or stands at the counter: ``?window=``, ``?day=``, ``?party=``."""
    actor = actor_of(request)
    chosen = _number(request, "window")
    kept = queries.windows_kept_by(actor)
    window = queries.window(chosen, actor=actor) if chosen is not None else (kept[0] if kept else None)
    crumbs = [
        ("农村不动产登记窗口", reverse("registry:windows")),
        ("预约", reverse("registry:appointments")),
        ("代为预约", None),
    ]
    if window is None:
        return render(
            request,
            "registry/appointments.html",
            {"windows": kept, "window": None, "title": "窗口预约", "crumbs": crumbs},
        )
    require(actor, APPOINTMENT_WORK, division=window.division_id)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = list(parties(actor, text=text).order_by("name", "pk")[:MOST_FOUND]) if text else []
    picked = _number(request, "party")
    party = parties(actor).filter(pk=picked).first() if picked is not None else None

    def form(days: list[WindowDay], day: date | None) -> AppointmentForm:
        return AppointmentForm(
            request.POST if request.method == "POST" else None, slots=_slots(days, day), purposes=PURPOSES,
            asks_name=party is None,
        )  # fmt: skip

    day = _day(request)
    asked = {"window": window.pk, **({"day": day} if day else {})}
    context = {
        "title": "代为预约",
        "party": party,
        "searches": True,
        "asked": asked,
        "text": text,
        "found": [(one, f"?{urlencode({**asked, 'party': one.pk})}") for one in found],
        "without": f"?{urlencode(asked)}",
        "back": reverse("registry:appointments"),
        "crumbs": crumbs,
    }
    return _appoint(request, window, form, party, context)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(WINDOW_EDIT)
def hours(request: HttpRequest, window_id: int) -> HttpResponse:
    """State at which hours a window sees people, from a day on."""
    actor, at = actor_of(request), clock.now()
    window = queries.window(window_id, actor=actor)
    require(actor, WINDOW_EDIT, division=window.division_id)
    today = clock.legal_day(at)
    usual = {"begins_on": today + timedelta(days=1), "weekdays": ["1", "2", "3", "4", "5"]}
    form = HoursForm(request.POST if request.method == "POST" else None, initial=usual)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                appointing.state_appointment_hours(
                    window_id=window.pk,
                    begins_on=form.cleaned_data["begins_on"],
                    slots=form.slots(),
                    actor=actor,
                    at=at,
                )
            except DomainError as error:
                form.add_error(None, error.text)
                status = error.status
            else:
                messages.success(request, "预约时段已公布。")
                return redirect(f"{reverse('registry:appointments')}?{urlencode({'window': window.pk})}")
    context = {
        "title": "预约时段",
        "window": window,
        "plans": [(plan, _told_week(plan)) for plan in queries.plans_of(window, on=today)],
        "form": form,
        "submit": "公布预约时段",
        "cancel_url": f"{reverse('registry:appointments')}?{urlencode({'window': window.pk})}",
        "crumbs": [
            ("农村不动产登记窗口", reverse("registry:windows")),
            ("预约", f"{reverse('registry:appointments')}?{urlencode({'window': window.pk})}"),
            ("预约时段", None),
        ],
    }  # fmt: skip
    return render(request, "registry/window_hours.html", context, status=status)


def _told_week(plan: Any) -> list[tuple[str, str, int]]:
    """(weekday, slots, how many people in all) of each weekday of a plan."""
    week: dict[int, list[Any]] = {}
    for one in queries.slots_of(plan):
        week.setdefault(one.weekday, []).append(one)
    return [
        (
            WEEKDAYS[weekday - 1],
            "、".join(f"{one.told}（{one.capacity} 人）" for one in of),
            sum(one.capacity for one in of),
        )
        for weekday, of in sorted(week.items())
    ]
