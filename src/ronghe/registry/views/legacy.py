"""宅基地历史遗留: how many there are and where, the search of the register, one record with what the rule proposes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.pages import Fact, State
from ronghe.kernel.regions.models import Division
from ronghe.mechanisms.rosters import queries as rosters

from ..models import LegacyHomestead
from ..permissions import BOOK_VIEW, LEGACY_EDIT, LEGACY_VIEW
from ..queries import legacy as queries
from ..queries.rolls import given_in
from ..rosters import LEGACY
from ..services.legacy import start_search
from .book_shown import address_of
from .roll_shown import panel

#: So many wait on the page itself; the rest stands on the list.
MOST_WAITING = 20
_TONES = {"found": "warn", "classified": "place", "decided": "place", "carried_out": "good"}


def _division(request: HttpRequest) -> str:
    """Where one looks: a division in the actor's reach, else the actor's own."""
    actor = actor_of(request)
    wanted = (request.GET.get("division") or request.POST.get("division") or "").replace("\x00", "")[:20]
    return wanted if wanted and reaches(actor, wanted) else actor.division or ""


@require_safe
@allows(LEGACY_VIEW)
def legacy(request: HttpRequest) -> HttpResponse:
    """What stands on the list, by situation and by village; and how much the register shows beside it."""
    actor, day = actor_of(request), clock.legal_day(clock.now())
    here = _division(request)
    found = queries.found_in(here, actor=actor, day=day)
    known = queries.listed(actor, division=here)
    zone = queries.zone_of(here, actor=actor)
    rows = queries.by_village(actor, division=here)
    address, states = reverse("rosters:records", args=[LEGACY.key]), dict(LEGACY.states)
    context = {
        "division": Division.objects.visible_to(actor).filter(pk=here).first(),
        "zone": zone,
        "standards": queries.standards(zone, on=day),
        "found": len(found),
        "new": sum(one.code not in known for one in found),
        "tallies": queries.by_situation(actor, division=here),
        "bars": [(name, count, "") for _, name, count in rows[:30]],
        "most": rows[0][2] if rows else 0,
        "hidden": max(0, len(rows) - 30),
        "listed": len(known),
        "waiting": [
            (one, reverse("registry:legacy_record", args=[one.pk]), states[one.state])
            for one in queries.waiting(actor, division=here, most=MOST_WAITING)
        ],
        "records": address,
        "may_search": may(actor.role, LEGACY_EDIT),
        "crumbs": [("成员、备案和台账", reverse("registry:rolls")), ("宅基地历史遗留", None)],
    }
    return render(request, "registry/legacy.html", context)


@require_POST
@allows(LEGACY_EDIT)
def legacy_search(request: HttpRequest) -> HttpResponse:
    """Have the register searched, and what is found put on the list."""
    job = start_search(division=_division(request), actor=actor_of(request), at=clock.now())
    messages.success(request, "正在查找，完成后在这里和“后台任务”里可以看到结果。")
    return redirect(reverse("jobs:job", args=[job.pk]))


@require_safe
@allows(LEGACY_VIEW)
def legacy_record(request: HttpRequest, record_id: int) -> HttpResponse:
    """One record: its facts, and what the rule proposes, clause by clause."""
    actor, day = actor_of(request), clock.legal_day(clock.now())
    found = rosters.record(LEGACY, record_id, actor=actor)
    assert isinstance(found, LegacyHomestead)
    ruling = queries.proposal(found, actor=actor, on=day)
    zone = queries.zone_of(found.division_id, actor=actor)
    given = given_in(zone, on=day, rule=queries.RULE)
    states = dict(LEGACY.states)
    context: dict[str, Any] = {
        "found": found,
        "title": f"{found.holder}的宅基地",
        "state": State(states[found.state], _TONES[found.state]),  # type: ignore[arg-type]
        "facts": [
            Fact("村", found.division.name),
            Fact("情形", found.get_situation_display()),
            Fact("该户宅基地", f"{found.homesteads} 处"),
            Fact("登记面积", f"{found.area_m2} m²"),
            Fact("成因", found.cause or "还没有核实"),
            Fact("处理方式", found.treatment or "还没有决定"),
        ],
        "basis": panel(ruling, given.values(), rule=queries.RULE, zone=zone, actor=actor, where="：请在台账记录里补充"),
        "unit": address_of(found.unit) if may(actor.role, BOOK_VIEW) else "",
        "record": reverse("rosters:record", args=[LEGACY.key, found.pk]),
        "edit": reverse("rosters:edit", args=[LEGACY.key, found.pk]) if may(actor.role, LEGACY_EDIT) else "",
        "crumbs": [("宅基地历史遗留", reverse("registry:legacy")), (found.code, None)],
    }
    return render(request, "registry/legacy_record.html", context)
