"""The list of a roster, one record with its history, the form, states, the map by division."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.queries import events_of
from ronghe.kernel.audit.services import record as record_event
from ronghe.kernel.audit.verbs import title_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.pages.record import Tone
from ronghe.kernel.spatial.drawing import draw
from ronghe.kernel.spatial.queries import outlines

from .. import queries, services
from ..declared import Field, Kind, Roster
from ..errors import RecordInvalid
from ..forms import RecordForm
from ..permissions import ROSTERS_OPEN
from ..services import places_of
from ..values import BadValue, parsed, shown

TONES: dict[str, Tone] = {
    "draft": "plain", "reviewed": "place", "published": "good",
    "drafting": "place", "consulting": "place", "reviewing": "place", "revising": "place", "issued": "good",
    "evaluated": "good", "repealed": "bad",
}  # fmt: skip
_FILLS = ("#e3ecf7", "#b9d0ea", "#86aed8", "#4f86c1", "#14488f")
_LAYER = "county-boundaries"


@require_safe
@allows(ROSTERS_OPEN)
def index(request: HttpRequest) -> HttpResponse:
    """The lists that one may see, each with how many records it has."""
    actor = actor_of(request)
    rows = [(one, queries.records(one, actor=actor).order_by()[:10_001].count()) for one in queries.rosters(actor)]
    return render(request, "rosters/index.html", {"rows": rows, "crumbs": [("台账", None)]})


def address_of(of: Roster, record_id: int) -> str:
    return reverse("rosters:record", args=[of.key, record_id])


def crumbs(of: Roster, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way from all lists to here."""
    own = reverse("rosters:records", args=[of.key]) if more else None
    return [("台账", reverse("rosters:index")), (of.title, own), *more]


def _listing(of: Roster, actor: Actor) -> Listing[Any]:
    def value(one: Field) -> Any:
        related = {Kind.DIVISION: one.name, Kind.ZONE: one.name}.get(one.kind)
        if related:
            return lambda row: str(getattr(row, related) if one.kind is Kind.DIVISION else getattr(row, related).short)
        return lambda row: shown(one, getattr(row, one.attribute), {})

    kinds = {Kind.INTEGER: "number", Kind.DECIMAL: "number", Kind.DATE: "date", Kind.USCC: "code"}
    columns: list[Column[Any]] = [
        Column(
            one.name,
            one.head,
            value(one),
            order=(one.attribute,),
            kind=kinds.get(one.kind, "text"),  # type: ignore[arg-type]
            link=(lambda row: address_of(of, row.pk)) if one.name == of.name_field else None,
            wide=one.name == of.name_field,
        )
        for one in sorted((f for f in of.fields if f.in_list), key=lambda f: f.name != of.name_field)
    ]
    if of.states:
        columns.append(Column("state", "状态", lambda row: dict(of.states).get(row.state, ""), order=("state",)))
    filters = [Filter("text", of.field(of.name_field).label, kind="text")]
    filters += [_filter(one, actor) for one in of.fields if one.is_filter]
    if of.states:
        filters.append(Filter("state", "状态", options=[Option(*one) for one in of.states]))
    return Listing(
        title=of.title,
        columns=columns,
        filters=filters,
        order=("-pk",),
        empty=f"还没有{of.noun}",
        empty_next=of.empty,
        row_link=lambda row: address_of(of, row.pk),
    )


def _filter(one: Field, actor: Actor) -> Filter:
    places = places_of(actor) if one.kind in (Kind.DIVISION, Kind.ZONE) else None
    if one.kind is Kind.DIVISION and places is not None:
        listed = [Option(code, name) for code, name in sorted(places.codes.items()) if code.endswith("000000")]
        return Filter(one.name, one.label, options=listed)
    if one.kind is Kind.ZONE and places is not None:
        return Filter(one.name, one.label, options=[Option(*pair) for pair in places.zones.items()])
    return Filter(one.name, one.label, options=[Option(*pair) for pair in one.choices])


@require_safe
@allows(ROSTERS_OPEN)
def records(request: HttpRequest, roster: str) -> HttpResponse:
    """The records of a list."""
    actor = actor_of(request)
    of = queries.roster(roster, actor=actor)
    listing = _listing(of, actor)
    asked = listing.asked(request.GET)
    filters = {one.name: asked.text(one.name) for one in of.fields if one.is_filter}
    rows = queries.records(of, actor=actor, text=asked.text("text"), state=asked.text("state"), filters=filters)
    if asked.as_workbook:
        with transaction.atomic():
            facts = {"roster": of.key, "filters": sum(bool(v) for v in asked.values.values())}
            record_event(
                verb="rosters.list.exported",
                subject=("rosters.roster", of.key),
                actor=actor,
                at=clock.now(),
                facts=facts,
            )
    context = {
        "roster": of,
        "lead": of.summary,
        "may_edit": queries.may_edit(of, None, actor),
        "crumbs": crumbs(of),
    }
    return listing.respond(request, asked, rows, template="rosters/records.html", context=context)


@require_safe
@allows(ROSTERS_OPEN)
def roster_map(request: HttpRequest, roster: str) -> HttpResponse:
    """Where the records lie: counted by county, on the map and in a list beside it."""
    actor = actor_of(request)
    of = queries.roster(roster, actor=actor)
    counted = queries.by_county(of, queries.records(of, actor=actor), actor=actor)
    most = max((one.count for one in counted), default=0)
    base = reverse("rosters:records", args=[of.key])
    is_filter = of.field("division").is_filter
    numbers = {one.code: one for one in counted}
    drawn = [
        replace(
            outline,
            value=f"{numbers[outline.code].count}",
            title=f"{numbers[outline.code].name}：{numbers[outline.code].count} 条",
            href=f"{base}?division={outline.code}" if is_filter else "",
            fill=_FILLS[min(len(_FILLS) - 1, (len(_FILLS) * numbers[outline.code].count - 1) // max(most, 1))],
        )
        for outline in outlines(_LAYER, actor=actor, codes=list(numbers))
    ]
    # ``draw`` quotes every name that it writes.
    drawing = mark_safe(draw(drawn, width=760, height=520, title=f"{of.title}分布", padding=12)) if drawn else ""
    rows = [(one, f"{base}?division={one.code}" if is_filter else "") for one in counted]
    context = {
        "roster": of, "drawing": drawing, "rows": rows, "most": most, "without": len(counted) - len(drawn),
        "crumbs": crumbs(of, ("地图", None)),
    }  # fmt: skip
    return render(request, "rosters/map.html", context)


@require_safe
@allows(ROSTERS_OPEN)
def record(request: HttpRequest, roster: str, record_id: int) -> HttpResponse:
    """One record with its history."""
    return _record_page(request, roster, record_id)


def _record_page(
    request: HttpRequest,
    key: str,
    record_id: int,
    *,
    fault: str = "",
    secret: tuple[str, str] = ("", ""),
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    of = queries.roster(key, actor=actor)
    found = queries.record(of, record_id, actor=actor)
    may_edit = queries.may_edit(of, found, actor)
    state = dict(of.states).get(found.state, "")
    values = queries.shown_values(of, found, actor=actor)
    transitions = queries.transitions(of, found, actor)
    context = {
        "roster": of,
        "found": found,
        "title": str(getattr(found, of.name_field)),
        "state": State("已终止", "bad")
        if found.ended_at
        else State(state, TONES.get(found.state, "plain"))
        if state
        else None,
        "facts": [Fact(one.label, value) for one, value in values if one.in_list and value is not None][:4],
        "values": values,
        "versions": queries.versions(of, found, actor=actor) if not actor.is_anonymous else [],
        "events": [(e, title_of(e.verb)) for e in events_of(found)[:50]] if may_edit else [],
        "may_edit": may_edit,
        "may_unmask": not actor.is_anonymous and any(one.secret and value for one, value in values),
        "secret": secret,
        "transitions": transitions,
        "reasoned": "、".join(one.label for one in transitions if one.needs_reason),
        "fault": fault,
        "crumbs": crumbs(of, (str(getattr(found, of.name_field)), None)),
    }
    answer = render(request, "rosters/record.html", context, status=status)
    if secret[1]:
        answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@allows(ROSTERS_OPEN)
def new(request: HttpRequest, roster: str) -> HttpResponse:
    """Add a record."""
    return _form(request, roster, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(ROSTERS_OPEN)
def edit(request: HttpRequest, roster: str, record_id: int) -> HttpResponse:
    """Change a record."""
    return _form(request, roster, record_id)


def _form(request: HttpRequest, key: str, record_id: int | None) -> HttpResponse:
    actor = actor_of(request)
    of = queries.roster(key, actor=actor)
    require(actor, of.edit)
    found = queries.record(of, record_id, actor=actor) if record_id is not None else None
    is_sent = request.method == "POST"
    form = RecordForm(of, places_of(actor), request.POST if is_sent else None, found=found)
    if is_sent:
        seen = request.POST.get("seen", "")
        given = form.given(found)
        try:
            if found is None:
                done = services.create_record(of, given=given, actor=actor, at=clock.now())
            else:
                done = services.change_record(
                    of, record_id=found.pk, given=given, seen=int(seen) if seen.isdigit() and len(seen) < 9 else -1,
                    reason=request.POST.get("reason", "").replace("\x00", ""), actor=actor, at=clock.now(),
                )  # fmt: skip
        except RecordInvalid as error:
            for fault in error.facts["faults"]:
                form.add_error(fault["field"], fault["what"])
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.add_error(None, error.text)
        else:
            messages.success(request, "已保存。")
            return redirect(address_of(of, done.pk))
    context = {
        "roster": of, "found": found, "form": form, "submit": f"保存{of.noun}",
        "title": f"修改{of.noun}" if found else f"新增{of.noun}",
        "cancel_url": address_of(of, found.pk) if found else reverse("rosters:records", args=[of.key]),
        "crumbs": crumbs(of, ("修改" if found else "新增", None)),
    }  # fmt: skip
    return render(request, "rosters/form.html", context, status=400 if is_sent else 200)


@require_POST
@allows(ROSTERS_OPEN)
def check_field(request: HttpRequest, roster: str) -> HttpResponse:
    """What is wrong with one field, asked for when a person leaves it; empty when nothing is."""
    actor = actor_of(request)
    of = queries.roster(roster, actor=actor)
    require(actor, of.edit)
    name = request.headers.get("HX-Trigger-Name") or request.POST.get("field", "")
    one = next((f for f in of.fields if f.name == name), None)
    fault = ""
    if one is not None and request.POST.get(name):
        try:
            parsed(one, request.POST.get(name), places_of(actor))
        except BadValue as error:
            fault = str(error)
    return render(request, "rosters/_fault.html", {"name": name, "fault": fault})


def _seen(request: HttpRequest) -> int:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1


@require_POST
@allows(ROSTERS_OPEN)
def end(request: HttpRequest, roster: str, record_id: int) -> HttpResponse:
    """End a record."""
    actor = actor_of(request)
    of = queries.roster(roster, actor=actor)
    require(actor, of.edit)
    try:
        services.end_record(
            of, record_id=record_id, seen=_seen(request), reason=request.POST.get("reason", "").replace("\x00", ""),
            actor=actor, at=clock.now(),
        )  # fmt: skip
    except DomainError as error:
        if error.status in (403, 404):
            raise
        return _record_page(request, roster, record_id, fault=error.text, status=error.status)
    messages.success(request, "已终止；历史仍可查看。")
    return redirect(address_of(of, record_id))


@require_POST
@allows(ROSTERS_OPEN)
def move(request: HttpRequest, roster: str, record_id: int) -> HttpResponse:
    """Move a record to its next state."""
    actor = actor_of(request)
    of = queries.roster(roster, actor=actor)
    try:
        done = services.move_record(
            of, record_id=record_id, transition=request.POST.get("transition", ""), seen=_seen(request),
            reason=request.POST.get("reason", "").replace("\x00", ""), actor=actor, at=clock.now(),
        )  # fmt: skip
    except DomainError as error:
        if error.status == 404:
            raise
        return _record_page(request, roster, record_id, fault=error.text, status=error.status)
    messages.success(request, f"已办理，现在是“{dict(of.states)[done.state]}”。")
    return redirect(address_of(of, record_id))


@require_POST
@allows(ROSTERS_OPEN)
def unmask(request: HttpRequest, roster: str, record_id: int) -> HttpResponse:
    """Show the whole of a secret, for a stated purpose."""
    actor = actor_of(request)
    of = queries.roster(roster, actor=actor)
    name = request.POST.get("field", "")
    try:
        told = services.unmask(
            of, record_id=record_id, field=name, purpose=request.POST.get("purpose", "").replace("\x00", ""),
            actor=actor, at=clock.now(),
        )  # fmt: skip
    except DomainError as error:
        if error.status == 404:
            raise
        return _record_page(request, roster, record_id, fault=error.text, status=error.status)
    return _record_page(request, roster, record_id, secret=(name, told))
