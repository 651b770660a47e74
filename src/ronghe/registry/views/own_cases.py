"""本人申请: a farmer asks that somebody at home be confirmed as a member, or that what the household keeps be filed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.mechanisms.casework.declared import Procedure, told_period

from .. import services
from ..permissions import OWN_APPLY
from ..procedures import KEPT_RIGHTS, MEMBERSHIP
from ..procedures.own import OWN
from ..queries import own as queries
from ..queries.filings import standing_filing, standing_on
from ..roll_forms import OwnFilingForm, OwnMembershipForm
from ..rules.telling import last_day
from .roll_shown import formed

_TEMPLATE = "registry/own_apply.html"
#: What happens after the application has been handed in, as one would tell it at the counter: by procedure and step.
_THEN = {
    (MEMBERSHIP.key, "apply"): "镇（街道）窗口核对材料和事实",
    (MEMBERSHIP.key, "assembly"): "村集体的成员大会讨论决定",
    (MEMBERSHIP.key, "notice"): "在村里公示，看有没有人提出异议",
    (MEMBERSHIP.key, "enter"): "农业农村部门确认，记入成员名册",
    (KEPT_RIGHTS.key, "apply"): "镇（街道）窗口核对迁移证明和各项权益",
    (KEPT_RIGHTS.key, "review"): "农业农村部门复核，发给备案证",
}


def _context(procedure: Procedure, title: str, lead: str) -> dict[str, Any]:
    """What both pages say: which papers are asked for, and what happens then."""
    step = procedure.step(OWN)
    assert step is not None  # declared so
    return {
        "title": title,
        "lead": lead,
        "papers": step.materials,
        "then": [
            f"{_THEN.get((procedure.key, one.key), one.title)}"
            + (f"（{told_period(period)}）" if (period := one.period or (one.notice and one.notice.period)) else "")
            for one in procedure.steps
            if one.key != OWN
        ],
        "submit": "下一步：上传材料",
        "cancel_url": reverse("registry:mine"),
        "crumbs": [("我的产权", reverse("registry:mine")), (title, None)],
    }  # fmt: skip


def _opened(request: HttpRequest, case_id: int) -> str:
    messages.success(request, "申请已建立，还没有提交。请上传材料，再点“提交申请”。")
    return reverse("casework:case", args=[case_id])


@require_http_methods(["GET", "HEAD", "POST"])
@allows(OWN_APPLY)
def membership(request: HttpRequest) -> HttpResponse:
    """Apply that somebody at home be confirmed as a member of the collective."""
    actor, at = actor_of(request), clock.now()
    day = clock.legal_day(at)
    home = queries.home_of(actor, on=day)
    members, asked, collectives = (
        queries.memberships(home, on=day),
        queries.open_memberships(home),
        queries.collectives_of(home),
    )
    people = [one for one in home.people if one.pk not in members and one.pk not in asked]
    form = OwnMembershipForm(request.POST if request.method == "POST" else None, people=people, collectives=collectives)

    def do(given: dict[str, Any]) -> str:
        made = services.apply_for_membership(
            collective_id=given["collective"],
            person_id=given["person"],
            on=given["on"],
            facts=given,
            actor=actor,
            at=at,
        )
        return _opened(request, made.case_id)

    context = _context(
        MEMBERSHIP, "申请确认成员身份", "给自己或家里人申请，确认是村集体经济组织的成员。说不清的可以先不填，窗口会和您核对。"
    )  # fmt: skip
    context |= {
        "members": [(one.name, members[one.pk]) for one in home.people if one.pk in members],
        "asked": [
            (one.name, asked[one.pk].case.number, reverse("registry:membership_case", args=[asked[one.pk].case_id]))
            for one in home.people
            if one.pk in asked
        ],
        "nothing": _nobody(home, people, collectives),
    }
    return formed(request, form, do, _TEMPLATE, context)


def _nobody(home: queries.Home, people: list[Any], collectives: list[Any]) -> str:
    """Why there is nothing to apply for; empty where there is."""
    if home.is_empty:
        return "您的账号不是以个人名义使用的，不能在这里申请。"
    if not collectives:
        return "您所在的村还没有登记农村集体经济组织，请到镇（街道）登记窗口办理。"
    if people:
        return ""
    return "您家的人都已经在成员名册上，或者正在办理，不用再申请。家里新添了人，还没有登记到您家的，请先到镇（街道）登记窗口登记。"


@require_http_methods(["GET", "HEAD", "POST"])
@allows(OWN_APPLY)
def filing(request: HttpRequest) -> HttpResponse:
    """Apply that what one's household keeps in the village be filed."""
    actor, at = actor_of(request), clock.now()
    day = clock.legal_day(at)
    household = queries.home_of(actor, on=day).household
    form = OwnFilingForm(request.POST if request.method == "POST" else None)

    def do(given: dict[str, Any]) -> str:
        made = services.apply_for_filing(
            household_id=household.pk if household else 0, moved_on=given["on"], moved_to=given["moved_to"], actor=actor, at=at
        )  # fmt: skip
        return _opened(request, made.pk)

    context = _context(
        KEPT_RIGHTS, "申请转移备案", "户口迁到城镇以后，村里的成员身份、宅基地和承包地照旧是您家的。办一份备案证，写明保留了什么。"
    )  # fmt: skip
    standing = standing_filing(household.pk) if household else None
    kept = standing_on(household.pk, moved_on=day, day=day) if household else None
    context |= {
        "household": household,
        "standing": standing,
        "nothing": "" if household else "登记簿上您还不在任何农户里，请到镇（街道）登记窗口先登记农户。",
        "kept": [
            (row.get_kind_display(), row.party.name, f"到 {last_day(row.valid.upper)}" if row.valid.upper else "长期")
            for row in kept.rights
        ] + [("集体成员身份", one.person.name, "长期") for one in kept.members]
        + [(f"集体收益分配权 {one.words}", one.holder.name, "长期") for one in kept.incomes] if kept else [],
    }  # fmt: skip
    return formed(request, form, do, _TEMPLATE, context)
