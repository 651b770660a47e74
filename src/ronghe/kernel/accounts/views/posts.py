"""Pages of the security administrator: posts and mandates of a division and below."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Filter, Listing, Option

from .. import queries, services
from ..access import Request, allows
from ..forms import MandateForm, MembershipForm, divisions_within
from ..models import Mandate, Membership
from ..permissions import MEMBERSHIP_GRANT
from ..roles import STAFF_CHOICES, Role

STATE_TITLES = {"in_force": "有效", "coming": "未开始", "ended": "已终止"}
STATES = Filter("state", "状态", options=tuple(Option(value, title) for value, title in STATE_TITLES.items()))


def _first_day(row: Membership | Mandate) -> object:
    return row.valid.lower


def _last_day(row: Membership | Mandate) -> object:
    return row.valid.upper


def _state(row: Any) -> object:
    return "未生效即撤回" if row.valid.isempty else STATE_TITLES[row.state]


MEMBERSHIPS: Listing[Membership] = Listing(
    title="岗位授权",
    columns=(
        Column("user", "姓名", lambda m: m.user.display_name, order=("user__display_name",)),
        Column("username", "用户名", lambda m: m.user.username, order=("user__username",), kind="code"),
        Column("role", "岗位", lambda m: m.get_role_display()),
        Column("org_unit", "单位", lambda m: m.org_unit.name),
        Column("division", "管辖区划", lambda m: m.division.name),
        Column("from", "起始日", _first_day, kind="date"),
        Column("to", "终止日", _last_day, kind="date"),
        Column("end", "办理", _state, template="accounts/_end_membership.html"),
    ),
    filters=(
        Filter("q", "用户名、姓名或单位", kind="text"),
        Filter("role", "岗位", options=tuple(Option(value, title) for value, title in STAFF_CHOICES)),
        STATES,
    ),
    order=("-pk",),
    empty="没有符合条件的岗位授权。",
    empty_next="请放宽筛选条件，或授予岗位。",
)


@require_safe
@allows(MEMBERSHIP_GRANT)
def memberships(request: Request) -> HttpResponse:
    """The list of posts."""
    asked = MEMBERSHIPS.asked(request.GET)
    rows = queries.memberships(
        request.actor,
        on=clock.legal_day(request.at),
        text=asked.text("q"),
        role=asked.text("role"),
        state=asked.text("state"),
    )
    return MEMBERSHIPS.respond(request, asked, rows, template="accounts/memberships.html")


@require_http_methods(["GET", "POST"])
@allows(MEMBERSHIP_GRANT)
def new_membership(request: Request) -> HttpResponse:
    """Grant a post."""
    form = MembershipForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.grant_membership(
                user_id=given["username"].pk,
                org_unit_id=given["org_unit"].pk,
                role=Role(given["role"]),
                division=given["division"],
                from_day=given["from_day"],
                to_day=given["to_day"],
                actor=request.actor,
                at=request.at,
            )
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, f"已授予 {given['username'].display_name}：{Role(given['role']).title}。")
            return redirect("accounts:memberships")
    context = {
        "form": form,
        "title": "授予岗位",
        "submit": "授予岗位",
        "note": "系统管理员、安全管理员、审计员三者不得互兼，也不得兼任业务岗位或代理权利人。不能为自己授权。",
        "cancel_url": reverse("accounts:memberships"),
        "divisions": divisions_within(request.actor),
    }
    return render(request, "accounts/membership_new.html", context, status=422 if form.errors else 200)


@require_POST
@allows(MEMBERSHIP_GRANT)
def end_membership(request: Request, membership_id: int) -> HttpResponse:
    """End a post, from today."""
    services.end_membership(membership_id=membership_id, actor=request.actor, at=request.at)
    messages.success(request, "岗位已终止，今日起不再有效。")
    return redirect("accounts:memberships")


MANDATES: Listing[Mandate] = Listing(
    title="代理关系",
    columns=(
        Column("user", "姓名", lambda m: m.user.display_name, order=("user__display_name",)),
        Column("username", "用户名", lambda m: m.user.username, order=("user__username",), kind="code"),
        Column("kind", "关系", lambda m: m.get_kind_display()),
        Column("party", "权利人", lambda m: m.party.name),
        Column("source", "依据材料", lambda m: m.source, wide=True),
        Column("from", "起始日", _first_day, kind="date"),
        Column("to", "终止日", _last_day, kind="date"),
        Column("end", "办理", _state, template="accounts/_end_mandate.html"),
    ),
    filters=(
        Filter("q", "用户名、姓名或权利人", kind="text"),
        Filter("kind", "关系", options=tuple(Option(value, str(label)) for value, label in Mandate.Kind.choices)),
        STATES,
    ),
    order=("-pk",),
    empty="没有符合条件的代理关系。",
    empty_next="请放宽筛选条件，或登记代理关系。",
)


@require_safe
@allows(MEMBERSHIP_GRANT)
def mandates(request: Request) -> HttpResponse:
    """The list of mandates."""
    asked = MANDATES.asked(request.GET)
    rows = queries.mandates(
        request.actor,
        on=clock.legal_day(request.at),
        text=asked.text("q"),
        kind=asked.text("kind"),
        state=asked.text("state"),
    )
    return MANDATES.respond(request, asked, rows, template="accounts/mandates.html")


@require_http_methods(["GET", "POST"])
@allows(MEMBERSHIP_GRANT)
def new_mandate(request: Request) -> HttpResponse:
    """Let a user act for a party."""
    form = MandateForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.give_mandate(
                user_id=given["username"].pk,
                party_id=given["party"],
                kind=Mandate.Kind(given["kind"]),
                source=given["source"],
                from_day=given["from_day"],
                to_day=given["to_day"],
                actor=request.actor,
                at=request.at,
            )
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, f"已登记 {given['username'].display_name} 的代理关系。")
            return redirect("accounts:mandates")
    context = {
        "form": form,
        "title": "登记代理关系",
        "submit": "登记代理关系",
        "note": "一个用户同一时间只能是一位“本人”；三员不得代理权利人。",
        "cancel_url": reverse("accounts:mandates"),
    }
    return render(request, "portal/form.html", context, status=422 if form.errors else 200)


@require_POST
@allows(MEMBERSHIP_GRANT)
def end_mandate(request: Request, mandate_id: int) -> HttpResponse:
    """End a mandate, from today."""
    services.end_mandate(mandate_id=mandate_id, actor=request.actor, at=request.at)
    messages.success(request, "代理关系已终止，今日起不再有效。")
    return redirect("accounts:mandates")
