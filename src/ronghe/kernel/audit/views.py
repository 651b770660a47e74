"""Pages of the auditors: the record, one event, the state of the seal."""

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import Request, allows
from ronghe.kernel.accounts.roles import TITLES as ROLE_TITLES
from ronghe.kernel.pages import Column, Filter, Listing

from . import checking, queries
from .models import Event
from .permissions import EVENT_VIEW
from .verbs import title_of


def _address(event: Event) -> str:
    return reverse("audit:event", kwargs={"event_id": event.pk})


def _who(event: Any) -> object:
    return event.user_name or ("系统" if event.user_id is None else f"用户 {event.user_id}")


def _where(event: Any) -> object:
    return event.division_name or event.division


EVENTS: Listing[Event] = Listing(
    title="审计记录",
    columns=(
        Column("id", "编号", lambda e: e.pk, kind="code", link=_address),
        Column("at", "时间", lambda e: e.at, order=("at",), template="audit/_at.html"),
        Column("verb", "行为", lambda e: title_of(e.verb)),
        Column("subject", "对象", lambda e: f"{e.subject_type}:{e.subject_id}", kind="code"),
        Column("user", "用户", _who),
        Column("role", "岗位", lambda e: ROLE_TITLES.get(e.role, e.role)),
        Column("division", "区划", _where),
    ),
    filters=(
        Filter("since", "自（含当日）", kind="date"),
        Filter("until", "至（含当日）", kind="date"),
        Filter("verb", "行为代码开头", kind="text"),
        Filter("user", "用户名、姓名或编号", kind="text"),
        Filter("division", "区划代码（含以下）", kind="text"),
        Filter("subject", "对象类型，或类型:编号", kind="text"),
    ),
    order=("-at", "-pk"),
    empty="没有符合条件的审计记录。",
    empty_next="请放宽筛选条件。",
    row_link=_address,
)


@require_safe
@allows(EVENT_VIEW)
def events(request: Request) -> HttpResponse:
    """The record, newest first."""
    asked = EVENTS.asked(request.GET)
    rows = queries.events(
        request.actor,
        since=asked.day("since"),
        until=asked.day("until"),
        **{name: asked.text(name) for name in ("verb", "user", "division", "subject")},
    )
    return EVENTS.respond(request, asked, rows, template="audit/events.html")


@require_safe
@allows(EVENT_VIEW)
def event(request: Request, event_id: int) -> HttpResponse:
    """One event with its facts, its position and its block."""
    found: Any = queries.event(event_id, actor=request.actor)
    place = queries.place_of(found)
    context = {
        "title": title_of(found.verb),
        "event": found,
        "who": _who(found),
        "role": ROLE_TITLES.get(found.role, found.role),
        "facts_shown": [(name, json.dumps(value, ensure_ascii=False)) for name, value in found.facts.items()],
        "place": place,
        "digest": bytes(place.digest).hex() if place else "",
        "block_hash": bytes(place.block.hash).hex() if place else "",
        "crumbs": [("审计记录", reverse("audit:events")), (f"第 {found.pk} 号", None)],
    }
    return render(request, "audit/event.html", context)


@require_safe
@allows(EVENT_VIEW)
def seal(request: Request) -> HttpResponse:
    """How far the record is sealed, what the verifications found, and how many events each day brought."""
    state = queries.seal_state()
    days = queries.events_by_day(request.actor, last=clock.legal_day(request.at))
    most = max(number for _, number in days)
    here = reverse("audit:events")
    context = {
        "state": state,
        "last_hash": bytes(state.last.hash).hex() if state.last else "",
        "verifications": [
            {
                "row": row,
                "faults": [
                    {**fault, "title": checking.KINDS.get(fault["kind"], fault["kind"])} for fault in row.faults
                ],
            }
            for row in state.verifications
        ],
        "bars": [(f"{day:%m-%d}", number, f"{here}?since={day}&until={day}") for day, number in days],
        "most": most or 1,
        "caption": f"近 14 天共 {sum(number for _, number in days):,} 条审计记录，最多的一天 {most:,} 条",
        "crumbs": [("审计记录", here), ("封存与核验", None)],
    }
    return render(request, "audit/seal.html", context)
