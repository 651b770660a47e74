"""Pages of the security administrator: posts and mandates of a division and below."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Choice, Column, Empty, Listing, Search

from .. import queries, services
from ..access import Request, allows
from ..forms import MandateForm, MembershipForm, divisions_within
from ..models import Mandate
from ..permissions import MEMBERSHIP_GRANT
from ..roles import STAFF_CHOICES, Role

STATES = Choice("state", "状态", choices=(("in_force", "有效"), ("coming", "未开始"), ("ended", "已终止")))


def _first_day(row: Any) -> Any:
    return row.valid.lower


def _last_day(row: Any) -> Any:
    return "未生效即撤回" if row.valid.isempty else row.valid.upper


MEMBERSHIPS = Listing(
    title="岗位授权",
    unit="项",
    columns=(
        Column("user", "姓名", value="user.display_name", main=True, sort=("user__display_name",)),
        Column("username", "用户名", value="user.username", kind="code", sort=("user__username",)),
        Column("role", "岗位", value="get_role_display"),
        Column("org_unit", "单位", value="org_unit.name"),
        Column("division", "管辖区划", value="division.name"),
        Column("from", "起始日", value=_first_day, kind="date"),
        Column("to", "终止日", value=_last_day, kind="date"),
        Column("end", "办理", value=lambda _: "", partial="accounts/_end_membership.html"),
    ),
    filters=(Search(placeholder="用户名、姓名或单位"), Choice("role", "岗位", choices=STAFF_CHOICES), STATES),
    order=("-pk",),
    empty=Empty("还没有符合条件的岗位授权。", "授予岗位", "accounts:new_membership"),
)


@require_safe
@allows(MEMBERSHIP_GRANT)
def memberships(request: Request) -> HttpResponse:
    """The list of posts."""
    today = clock.legal_day(request.at)
    return MEMBERSHIPS.respond(
        request,
        lambda chosen: queries.memberships(
            request.actor,
            on=today,
            text=chosen.get("q", ""),
            role=chosen.get("role", ""),
            state=chosen.get("state", ""),
        ),
        template="accounts/memberships.html",
        context={"today": today},
    )


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
    context = {"form": form, "divisions": divisions_within(request.actor)}
    return render(request, "accounts/membership_new.html", context, status=422 if form.errors else 200)


@require_POST
@allows(MEMBERSHIP_GRANT)
def end_membership(request: Request, membership_id: int) -> HttpResponse:
    """End a post, from today."""
    services.end_membership(membership_id=membership_id, actor=request.actor, at=request.at)
    messages.success(request, "岗位已终止，今日起不再有效。")
    return redirect("accounts:memberships")


MANDATES = Listing(
    title="代理关系",
    unit="项",
    columns=(
        Column("user", "姓名", value="user.display_name", main=True, sort=("user__display_name",)),
        Column("username", "用户名", value="user.username", kind="code", sort=("user__username",)),
        Column("kind", "关系", value="get_kind_display"),
        Column("party", "权利人", value="party.name"),
        Column("source", "依据材料"),
        Column("from", "起始日", value=_first_day, kind="date"),
        Column("to", "终止日", value=_last_day, kind="date"),
        Column("end", "办理", value=lambda _: "", partial="accounts/_end_mandate.html"),
    ),
    filters=(Search(placeholder="用户名、姓名或权利人"), Choice("kind", "关系", choices=Mandate.Kind.choices), STATES),
    order=("-pk",),
    empty=Empty("还没有符合条件的代理关系。", "登记代理关系", "accounts:new_mandate"),
)


@require_safe
@allows(MEMBERSHIP_GRANT)
def mandates(request: Request) -> HttpResponse:
    """The list of mandates."""
    today = clock.legal_day(request.at)
    return MANDATES.respond(
        request,
        lambda chosen: queries.mandates(
            request.actor,
            on=today,
            text=chosen.get("q", ""),
            kind=chosen.get("kind", ""),
            state=chosen.get("state", ""),
        ),
        template="accounts/mandates.html",
        context={"today": today},
    )


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
    return render(request, "accounts/mandate_new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@allows(MEMBERSHIP_GRANT)
def end_mandate(request: Request, mandate_id: int) -> HttpResponse:
    """End a mandate, from today."""
    services.end_mandate(mandate_id=mandate_id, actor=request.actor, at=request.at)
    messages.success(request, "代理关系已终止，今日起不再有效。")
    return redirect("accounts:mandates")
