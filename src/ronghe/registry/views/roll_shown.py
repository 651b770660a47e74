"""What pages of rolls and filings share: the 依据 panel, finding a person or a household, a form that leads on."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ronghe.kernel.accounts.access import actor_of
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.papers import codes
from ronghe.kernel.papers.models import Paper
from ronghe.kernel.parties import queries as parties
from ronghe.kernel.parties.models import Party
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.models import Zone
from ronghe.policy.rulebook import InForce, rule_named
from ronghe.policy.ruling import Ruling
from ronghe.policy.views.calculators import Basis, basis_of

#: So many are offered to choose from; who is not among them writes more of the name.
MOST_FOUND = 20


def party_page(party_id: int, actor: Actor) -> str:
    """Where a party is shown; a farmer opens the page of none but the one whom the login acts for."""
    seen = actor.role != Role.SELF or party_id == actor.on_behalf_of_id
    return reverse("parties:party", args=[party_id]) if seen else ""


def case_page(case_id: int | None, actor: Actor) -> str:
    """Where a case is worked on, for who may open it: a farmer, whose own application it is."""
    if case_id is None or not Case.objects.visible_to(actor).filter(pk=case_id).exists():
        return ""
    return reverse("casework:case", args=[case_id])


def paper_page(paper: Paper | None, actor: Actor) -> str:
    """Where a paper is shown; to a farmer, as everybody checks it."""
    if paper is None:
        return ""
    if actor.role == Role.SELF:
        return reverse("papers:check_code", args=[codes.spaced(paper.code)])
    return reverse("papers:paper", args=[paper.pk])


def panel(
    ruling: Ruling[Any], given: Iterable[InForce], *, rule: str, zone: Zone | None, actor: Actor, where: str = ""
) -> Basis:
    """The 依据 panel of a ruling of this room; ``where`` says where a missing fact is filled in."""
    meanings = {one.name: one.meaning for one in rule_named(rule).facts}
    zones = {zone.slug: zone} if zone is not None else {}
    values = list(given)
    made = basis_of(ruling, values, meanings=meanings, zones=zones, actor=actor)
    titles = {value.id: value.title for value in values}
    lacking = [
        f"参数“{titles[name]}”：本试验区还没有定，由试验区专班在参数页录入"
        if name in titles
        else f"{meanings.get(name, name)}{where}"
        for name in ruling.missing
    ]
    return replace(made, missing=tuple(lacking))


def sought(request: HttpRequest, *, kind: Party.Kind, division: str = "", state: str = "") -> tuple[str, list[Party]]:
    """What is looked for by name, and whom it finds."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    if not text:
        return "", []
    rows = parties.parties(actor_of(request), text=text, kind=kind, state=state, division=division)
    return text, list(rows.order_by("name", "pk")[:MOST_FOUND])


def formed(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[dict[str, Any]], str],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """A form page that leads to the address that its command gives; what was typed stays when it is refused."""
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                return redirect(do(form.cleaned_data))
            except DomainError as error:
                form.add_error(None, error.text)
                status = error.status
    return render(request, template, {**context, "form": form}, status=status)
