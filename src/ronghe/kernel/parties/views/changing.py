"""Changing a party: its name, its numbers, its representative, its end."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ronghe.kernel.accounts.access import Request, allows
from ronghe.kernel.errors import DomainError

from .. import services
from ..forms import DayForm, NameForm, NumberForm, PersonFields, day_field
from ..permissions import PARTY_EDIT
from .shown import act, address, editable


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def rename(request: Request, party_id: int) -> HttpResponse:
    """Another name, from a day on."""
    party = editable(request, party_id)

    def do(given: Mapping[str, Any]) -> object:
        return services.change_name(
            party_id=party.pk,
            name=given["name"],
            on=given["on"],
            reason=given["reason"],
            actor=request.actor,
            at=request.at,
        )

    return act(
        request,
        NameForm(request.POST or None),
        do,
        title="变更名称",
        submit="变更名称",
        done=lambda _: ("名称已变更，原名称保留在历史里。", address(party)),
        cancel=address(party),
        party=party,
        lead=f"现名称：{party.name}",
    )


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def set_number(request: Request, party_id: int) -> HttpResponse:
    """A number of the party, new or changed."""
    party = editable(request, party_id)
    back = reverse("parties:numbers", args=[party.pk])

    def do(given: Mapping[str, Any]) -> object:
        return services.set_identifier(
            party_id=party.pk, kind=given["kind"], value=given["value"], actor=request.actor, at=request.at
        )

    return act(
        request,
        NumberForm(request.POST or None, party=party),
        do,
        title="登记或变更号码",
        submit="保存号码",
        done=lambda _: ("号码已保存。", back),
        cancel=back,
        party=party,
        party_kind=party.kind,
        note="身份证号、统一社会信用代码和联系电话各留一个，新号码替换旧号码；银行账号和通行证件可以有几个。",
    )


@require_POST
@allows(PARTY_EDIT)
def close_number(request: Request, party_id: int, identifier_id: int) -> HttpResponse:
    """A number no longer is the party's."""
    party = editable(request, party_id)
    try:
        services.close_identifier(party_id=party.pk, identifier_id=identifier_id, actor=request.actor, at=request.at)
    except DomainError as error:
        messages.error(request, error.text)
    else:
        messages.success(request, "号码已注销，历史里仍可查到它曾登记过。")
    return redirect("parties:numbers", party.pk)


class RepresentativeForm(PersonFields):
    on = day_field("变更日期")


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def representative(request: Request, party_id: int) -> HttpResponse:
    """Somebody else represents the body, from a day on."""
    party = editable(request, party_id)
    form = RepresentativeForm(request.POST or None)

    def do(given: Mapping[str, Any]) -> object:
        return services.set_representative(
            body_id=party.pk,
            person=form.somebody(request.actor),
            on=given["on"],
            actor=request.actor,
            at=request.at,
        )

    return act(
        request,
        form,
        do,
        title="变更法定代表人",
        submit="变更法定代表人",
        done=lambda _: ("法定代表人已变更。", address(party)),
        cancel=address(party),
        party=party,
        party_kind="person",
    )


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def end(request: Request, party_id: int) -> HttpResponse:
    """A body was dissolved or struck off."""
    party = editable(request, party_id)

    def do(given: Mapping[str, Any]) -> object:
        return services.end_body(party_id=party.pk, on=given["on"], actor=request.actor, at=request.at)

    return act(
        request,
        DayForm(request.POST or None),
        do,
        title="登记终止",
        submit="登记终止",
        done=lambda _: ("已登记终止。", address(party)),
        cancel=address(party),
        party=party,
        lead=f"“{party.name}”注销、解散或撤销后登记终止；终止后不能再办理业务。",
    )
