"""Pages of the portal: home of the platform and of a zone, the one map, search, the desk, help."""

import re
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from ronghe.kernel.accounts.access import actor_of, allows, public, signed_in
from ronghe.kernel.accounts.roles import BUSINESS, Role, may
from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day, now
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages.listing import wants_partial
from ronghe.policy import queries
from ronghe.policy.layers import TASKS
from ronghe.policy.models import Zone
from ronghe.policy.permissions import PLAN_VIEW

from . import finding
from .declared import panels
from .mapping import Address, small_drawings, themes
from .mapping import zone_map as map_of

#: How many of each the home of a zone shows before it leads to the whole list.
FEW = 8
#: The most tasks that the desk shows of one zone.
MOST_OF_MINE = 50

Bars = list[tuple[str, int, str]]


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    """公开首页: the zones, each with its outline and what stands behind it."""
    actor = actor_of(request)
    rows = queries.zones(actor).prefetch_related(queries.parent_seen_by(actor), "documents", "divisions")
    zones = list(rows)
    drawings = small_drawings(zones, actor=actor)
    shown = [(zone, drawings[zone.slug]) for zone in zones]
    return render(request, "portal/home.html", {"zones": shown, "task_count": sum(z.task_count for z in zones)})


@require_safe
@allows(PLAN_VIEW)
def zone_home(request: HttpRequest, zone: str) -> HttpResponse:
    """A zone's home: what it is, live figures with the list behind each, what is due, where."""
    actor = actor_of(request)
    here = queries.zone(zone, actor=actor)
    tasks = reverse("policy:tasks", args=[here.slug])
    topics = queries.tasks_by_topic(here, actor=actor)
    years = queries.tasks_by_year(here, actor=actor)
    units = queries.units(here, actor=actor)
    day = legal_day(now())
    topic_bars: Bars = [(t.label, t.count, f"{tasks}?topic={t.key}" if t.key else "") for t in topics if t.count]
    year_bars: Bars = [
        (y.label, y.count, f"{tasks}?due_from={y.key}-01-01&due_to={y.key}-12-31" if y.key else "") for y in years
    ]
    context = {
        "zone": here,
        "documents": queries.documents(here, actor=actor),
        "task_count": sum(t.count for t in topics),
        "unit_count": units.count(),
        "topic_bars": sorted(topic_bars, key=lambda bar: -bar[1]),
        "topic_most": max((t.count for t in topics), default=0),
        "untouched": [t.label for t in topics if not t.count],
        "year_bars": year_bars if any(y.key for y in years) else [],
        "year_most": max((y.count for y in years), default=0),
        "coming": queries.tasks(here, actor=actor, wanted=queries.TaskFilter(due_from=day)).order_by("due", "pk")[:FEW],
        "last_due": max((y.key for y in years), default=""),
        "today": day,
        "busiest": units.order_by("-task_count", "pinyin")[:FEW],
        "map": map_of(here, TASKS, actor=actor, day=day, width=520, height=420),
    }
    return render(request, "portal/zone.html", context)


@require_safe
@allows(PLAN_VIEW)
def zone_map(request: HttpRequest, zone: str) -> HttpResponse:
    """一张图: what a theme says of each part of the zone; a chosen part lists what is there."""
    actor = actor_of(request)
    here = queries.zone(zone, actor=actor)
    day = legal_day(now())
    offered = themes(actor)
    asked = _given(request, "theme")
    theme = next((one for one in offered if one.key == asked), offered[0])
    overlays = tuple(sorted({slug.replace("\x00", "")[:40] for slug in request.GET.getlist("overlay")} - {""})[:20])
    addresses = {one.key: Address(here.slug, "" if one is offered[0] else one.key, overlays) for one in offered}
    chosen = _given(request, "area")
    division = queries.division_of(here, chosen) if chosen else None
    area = division.code if division else ""
    context = {
        "zone": here,
        "map": map_of(here, theme, actor=actor, day=day, address=addresses[theme.key], chosen=area),
        "themes": [(one.title, addresses[one.key](area), one is theme) for one in offered],
        "unknown_theme": asked if asked != theme.key else "",
        "division": division,
        "unknown": chosen if chosen and division is None else "",
        "listed": theme.rows(here.slug, actor, day, area) if area and theme.rows else None,
        "crumbs": [
            ("全部试验区", reverse("portal:home")),
            (here.title, reverse("portal:zone", args=[here.slug])),
            *([("一张图", addresses[theme.key]()), (division.name, None)] if division else [("一张图", None)]),
        ],
    }
    return render(request, "portal/map.html", context)


def _given(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "")[:24]


@require_safe
@public
def search(request: HttpRequest) -> HttpResponse:
    """Search across everything that one may see: a page, or the hits alone while one types in the palette."""
    text = finding.plain(request.GET.get("q", ""))
    actor = actor_of(request)
    slug = request.GET.get("zone", "").replace("\x00", "")
    zone = queries.zones_by_name(actor).filter(slug=slug).first() if slug else None
    everywhere = "everywhere" in request.GET or zone is None
    groups = finding.search(
        text, actor=actor, day=legal_day(now()), zone="" if everywhere or zone is None else zone.slug
    )
    context = {
        "query": text,
        "groups": groups,
        "count": sum(len(group.hits) for group in groups),
        "more": any(group.more for group in groups),
        "zone": zone,
        "everywhere": everywhere,
    }
    answer = render(request, "portal/_hits.html" if wants_partial(request) else "portal/search.html", context)
    patch_vary_headers(answer, ["HX-Request", "HX-Request-Type"])
    return answer


@require_safe
@public
def help_page(request: HttpRequest) -> HttpResponse:
    """帮助: by what people come to do; and what each error code means, where problem details lead."""
    return render(request, "portal/help.html", {"errors": _errors()})


@cache
def _errors() -> list[tuple[str, int, str]]:
    """(code, status, message) of every refusal that the rooms know, with … for what differs from case to case."""
    found: dict[str, tuple[str, int, str]] = {}
    kinds = list(DomainError.__subclasses__())
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        found[kind.code] = (kind.code, kind.status, re.sub(r"\{[^}]*\}", "…", kind.message))
    return [found[code] for code in sorted(found)]


#: What the desk offers to each role, besides the tasks of one's unit: (label, why, icon, address name).
_OFFERS = {
    Role.SYSTEM_ADMIN: [("用户", "新增、停用用户，重置密码", "users", "accounts:users")],
    Role.SECURITY_ADMIN: [
        ("岗位授权", "授予和终止岗位", "id-badge", "accounts:memberships"),
        ("代理关系", "登记谁可以代谁办事", "id", "accounts:mandates"),
    ],
    Role.AUDITOR: [("审计记录", "查看操作记录和封存状态", "history", "audit:events")],
}


@require_safe
@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """我的工作台: what waits for this person, what the role can do, and what the documents order of one's own unit."""
    actor = actor_of(request)
    offers = [(label, why, icon, reverse(name)) for label, why, icon, name in _OFFERS.get(Role(actor.role), [])]
    mine = _my_tasks(actor) if actor.role in BUSINESS and actor.org_unit_id else []
    day = legal_day(now())
    waiting = [told for panel in panels() if may(actor.role, panel.permission) for told in panel.of(actor, day)]
    return render(request, "portal/desk.html", {"offers": offers, "mine": mine, "waiting": waiting})


def _my_tasks(actor: Actor) -> list[tuple[Zone, list[object]]]:
    shown: list[tuple[Zone, list[object]]] = []
    units = queries.own_and_groups(actor.org_unit_id or 0)
    for zone in queries.zones(actor):
        rows = list(queries.tasks_of_units(zone, units, actor=actor).order_by("order")[:MOST_OF_MINE])
        if rows:
            shown.append((zone, [*rows]))
    return shown
