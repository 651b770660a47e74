"""登记窗口 and 村庄规划: which towns have a window, which villages a plan; and the way to all rolls and lists."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor
from ronghe.policy import queries as policy
from ronghe.policy.models import Zone

from ..permissions import (
    APPOINTMENT_OWN,
    APPOINTMENT_VIEW,
    ILLEGAL_VIEW,
    LEGACY_VIEW,
    MEMBER_VIEW,
    VILLAGE_PLAN_EDIT,
    VILLAGE_PLAN_VIEW,
    WINDOW_EDIT,
    WINDOW_VIEW,
)
from ..queries import coverage as queries
from ..queries.appointments import takes_appointments
from ..rosters import ILLEGAL_OCCUPATION, VILLAGE_PLANS, WINDOWS
from .roll_shown import panel


def _zone(request: HttpRequest, zones: list[Zone]) -> Zone | None:
    """The zone that is asked for, else the first that the actor works in, else the first."""
    wanted = request.GET.get("zone", "")
    found = next((zone for zone in zones if zone.slug == wanted), None)
    return found or (zones[0] if zones else None)


def _choice(request: HttpRequest, actor: Actor) -> tuple[list[Zone], Zone | None]:
    zones = list(policy.zones_by_name(actor))
    return zones, _zone(request, zones)


@require_safe
@allows(WINDOW_VIEW)
def windows(request: HttpRequest) -> HttpResponse:
    """Where one applies, and which towns have no window yet."""
    actor, day = actor_of(request), clock.legal_day(clock.now())
    zones, zone = _choice(request, actor)
    context: dict[str, Any] = {"zones": zones, "zone": zone, "crumbs": [("农村不动产登记窗口", None)]}
    if zone is not None:
        found = queries.window_coverage(zone, actor=actor, day=day)
        own = may(actor.role, APPOINTMENT_OWN)
        works = may(actor.role, APPOINTMENT_VIEW)
        context |= {
            "coverage": found,
            "taking": takes_appointments(found.windows, on=day),
            "appoint": reverse("registry:own_appointment_new") if own else "",
            "appointments": reverse("registry:appointments") if works else "",
            "basis": panel(found.ruling, found.given.values(), rule=queries.RULE, zone=zone, actor=actor),
            "add": reverse("rosters:new", args=[WINDOWS.key]) if may(actor.role, WINDOW_EDIT) else "",
            "records": reverse("rosters:records", args=[WINDOWS.key]),
        }
    return render(request, "registry/windows.html", context)


@require_safe
@allows(VILLAGE_PLAN_VIEW)
def village_plans(request: HttpRequest) -> HttpResponse:
    """How many villages of each town have a plan."""
    actor = actor_of(request)
    zones, zone = _choice(request, actor)
    rows = queries.plan_coverage(zone, actor=actor) if zone is not None else []
    villages, approved = sum(row.villages for row in rows), sum(row.approved for row in rows)
    context = {
        "zones": zones,
        "zone": zone,
        "rows": [row for row in rows if row.villages],
        "villages": villages,
        "approved": approved,
        "started": sum(row.started for row in rows),
        "add": reverse("rosters:new", args=[VILLAGE_PLANS.key]) if may(actor.role, VILLAGE_PLAN_EDIT) else "",
        "records": reverse("rosters:records", args=[VILLAGE_PLANS.key]),
        "crumbs": [("村庄规划", None)],
    }
    return render(request, "registry/village_plans.html", context)


@require_safe
@allows(WINDOW_VIEW)
def rolls(request: HttpRequest) -> HttpResponse:
    """The way to all rolls and lists of this room."""
    actor = actor_of(request)
    ways = [
        (MEMBER_VIEW, "集体成员名册", reverse("registry:members"), "谁是集体成员、何时取得、何时丧失；申请、审议、公示、确认。"),
        (MEMBER_VIEW, "转移备案", reverse("registry:filings"), "进城落户农户保留的权益；备案证的核验、续办和终止。"),
        (MEMBER_VIEW, "集体收益分配权", reverse("registry:income"), "每户在集体里有多少份；首次登记、转移、退出、注销和证书。"),
        (LEGACY_VIEW, "宅基地历史遗留", reverse("registry:legacy"), "一户多宅、面积超标：查找、成因、处理方式和决定。"),
        (ILLEGAL_VIEW, ILLEGAL_OCCUPATION.title, reverse("rosters:records", args=[ILLEGAL_OCCUPATION.key]), "处置措施和结果；办结以前所涉单元不予登记。"),
        (APPOINTMENT_VIEW, "窗口预约", reverse("registry:appointments"), "谁在什么时候来窗口；代为预约，标记已到、未到；公布预约时段。"),
        (WINDOW_VIEW, "农村不动产登记窗口", reverse("registry:windows"), "各镇、街道的窗口、电话和办公时间；哪些镇还没有。"),
        (VILLAGE_PLAN_VIEW, "村庄规划", reverse("registry:village_plans"), "各镇村庄规划的编制进度和覆盖情况。"),
    ]  # fmt: skip
    shown = [(title, href, told) for permission, title, href, told in ways if may(actor.role, permission)]
    return render(request, "registry/rolls.html", {"ways": shown, "crumbs": [("成员、备案和台账", None)]})
