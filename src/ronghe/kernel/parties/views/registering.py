"""Registering persons, households and bodies; a number is checked while the form is still open."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from ronghe.kernel.accounts.access import Request, allows, require

from .. import queries, services
from ..forms import BodyForm, HouseholdForm, PersonForm, divisions_below
from ..models import Party, PartyIdentifier
from ..permissions import PARTY_EDIT
from ..services.identifiers import checked
from .shown import act, address

LIST = "parties:parties"


@require_POST
@allows(PARTY_EDIT)
def check(request: Request, kind: str) -> HttpResponse:
    """What is wrong or odd about a number, and who has it already."""
    if kind == "any":
        kind = request.POST.get("kind", "")
    if kind not in PartyIdentifier.Kind.values:
        raise Http404
    fields = ("value", kind, f"representative_{kind}")
    text = next((request.POST[name] for name in fields if request.POST.get(name, "").strip()), "")[:60]
    found = checked(kind, text, party_kind=request.POST.get("party_kind", ""), at=request.at) if text.strip() else None
    having = []
    if found and found.is_sound:
        having = queries.parties_with_number(found.value, actor=request.actor)
    context = {
        "found": found,
        "sex": Party.Sex(found.sex).label if found and found.sex else "",
        "having": [(party, address(party)) for party in having],
    }
    return render(request, "parties/_check.html", context)


def _registered(party: object) -> tuple[str, str]:
    assert isinstance(party, Party)
    return f"已登记“{party.name}”，编号 {party.pk}。", address(party)


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def new_person(request: Request) -> HttpResponse:
    """Register a person."""

    def do(given: Mapping[str, Any]) -> Party:
        require(request.actor, PARTY_EDIT, division=given["division"])
        new = services.NewPerson(
            name=given["name"],
            identity=given["identity"],
            document=given["document"],
            telephone=given["telephone"],
            birth_date=given["birth_date"],
            sex=given["sex"],
        )
        return services.register_person(
            new=new,
            division=given["division"],
            bank_account=given["bank_account"],
            actor=request.actor,
            at=request.at,
        )

    return act(
        request,
        PersonForm(request.POST or None),
        do,
        title="登记自然人",
        submit="登记自然人",
        done=_registered,
        cancel=reverse(LIST),
        party_kind="person",
        divisions=divisions_below(request.actor, "village", "town"),
        note="证件号码加密保存，登记后只显示掩码；查看明文须写明用途并留下记录。",
    )


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def new_household(request: Request) -> HttpResponse:
    """Register a household by its head; the others join on its page."""
    form = HouseholdForm(request.POST or None)

    def do(given: Mapping[str, Any]) -> Party:
        require(request.actor, PARTY_EDIT, division=given["division"])
        return services.register_household(
            head=form.somebody(request.actor),
            division=given["division"],
            since=given["since"],
            telephone=given["telephone"],
            actor=request.actor,
            at=request.at,
        )

    return act(
        request,
        form,
        do,
        title="登记农户",
        submit="登记农户",
        done=_registered,
        cancel=reverse(LIST),
        lead="先登记户主；其他成员在农户页面的“家庭成员”里逐个登记。",
        party_kind="person",
        divisions=divisions_below(request.actor, "village"),
    )


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def new_body(request: Request, kind: str) -> HttpResponse:
    """Register a collective, cooperative, enterprise, agency or bank."""
    if kind not in Party.BODIES:
        raise Http404
    label = Party.Kind(kind).label
    form = BodyForm(request.POST or None)

    def do(given: Mapping[str, Any]) -> Party:
        require(request.actor, PARTY_EDIT, division=given["division"])
        return services.register_body(
            kind=Party.Kind(kind),
            name=given["name"],
            division=given["division"],
            uscc=given["uscc"],
            telephone=given["telephone"],
            bank_account=given["bank_account"],
            representative=form.representative(request.actor),
            actor=request.actor,
            at=request.at,
        )

    levels = ("village", "town") if kind == Party.Kind.COLLECTIVE else ("village", "town", "county", "functional")
    return act(
        request,
        form,
        do,
        title=f"登记{label}",
        submit=f"登记{label}",
        done=_registered,
        cancel=reverse(LIST),
        party_kind=kind,
        divisions=divisions_below(request.actor, *levels),
    )
