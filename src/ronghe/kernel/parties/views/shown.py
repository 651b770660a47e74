"""What several pages of parties share: the head of a record, forms that call one service."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ronghe.kernel.accounts.access import Request, require
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Fact, State

from .. import queries
from ..models import Party, PartyIdentifier
from ..permissions import PARTY_EDIT, PARTY_MERGE, PARTY_UNMASK

_TONES: dict[str, Any] = {"active": "good", "ended": "plain", "merged": "warn"}


def address(party: Party) -> str:
    """Its page."""
    return reverse("parties:party", args=[party.pk])


def state_of(party: Party) -> State:
    """State in a word; a person who ended has died."""
    if party.erased_at:
        return State("个人信息已删除", "bad")
    label = str(party.get_state_display())
    if party.state == Party.State.ENDED:
        label = {"person": "已死亡", "household": "已销户"}.get(party.kind, "已终止")
    return State(label, _TONES[party.state])


def editable(request: Request, party_id: int, permission: str = PARTY_EDIT) -> Party:
    """A party of the actor's division that the actor may change. Raises: PartyNotFound, Forbidden."""
    party = queries.party(party_id, actor=request.actor)
    require(request.actor, permission, division=party.division_id)
    return party


def head_of(request: Request, party: Party, here: str) -> dict[str, Any]:
    """What the head of a record says, on each of its tabs."""
    on = legal_day(request.at)
    tabs = [("party", "概况"), ("numbers", "证件号码"), ("history", "历史"), ("events", "事件")]
    if party.kind == Party.Kind.HOUSEHOLD:
        tabs.insert(1, ("members", "家庭成员"))
    facts = [Fact("类别", party.get_kind_display()), Fact("所属区划", party.division.name)]
    if party.birth_date:
        facts.append(Fact("出生日期", party.birth_date.isoformat(), note=str(party.get_sex_display())))
    if party.ended_on:
        facts.append(Fact("终止日期", party.ended_on.isoformat()))
    if party.kind == Party.Kind.HOUSEHOLD:
        facts.append(Fact("现有成员", f"{len(queries.members(party, on=on))} 人"))
    if party.merged_into is not None:
        facts.append(Fact("并入", party.merged_into.name, url=address(party.merged_into)))
    role = request.actor.role
    return {
        "party": party,
        "title": party.name,
        "state": state_of(party),
        "facts": facts,
        "tabs": [(label, reverse(f"parties:{name}", args=[party.pk]), name == here) for name, label in tabs],
        "crumbs": [("权利人", reverse("parties:parties")), (party.name, "")],
        "can_edit": may(role, PARTY_EDIT) and party.is_active,
        "can_unmask": may(role, PARTY_UNMASK),
        "can_merge": may(role, PARTY_MERGE) and party.is_active,
        "today": on,
    }


def _field_of(form: forms.Form, error: DomainError) -> str | None:
    """The field that an error is about, where it names a kind of number that the form asks for."""
    kind = str(error.facts.get("kind", ""))
    return next((name for name in (kind, "value") if name in form.fields and kind in PartyIdentifier.Kind.values), None)


def act(
    request: Request,
    form: forms.Form,
    do: Callable[[Mapping[str, Any]], object],
    *,
    title: str,
    submit: str,
    done: Callable[[object], tuple[str, str]],
    cancel: str,
    party: Party | None = None,
    **context: Any,
) -> HttpResponse:
    """A form that calls one service: what the service refuses is said above the form, with what was typed kept.

    Args: ``done`` gives the message and the address to go to, from what the service returned.
    """
    if request.method == "POST" and form.is_valid():
        try:
            made = do(form.cleaned_data)
        except DomainError as error:
            form.add_error(_field_of(form, error), error.text)
            context["holder"] = error.facts.get("holder_id")
        else:
            message, target = done(made)
            messages.success(request, message)
            return redirect(target)
    crumbs = [("权利人", reverse("parties:parties"))] if "erasing" not in context else []
    if party is not None:
        crumbs.append((party.name, address(party)))
    shown = {
        "form": form,
        "title": title,
        "submit": submit,
        "cancel_url": cancel,
        "party": party,
        "crumbs": [*crumbs, (title, "")],
        **context,
    }
    return render(request, "parties/act.html", shown, status=422 if form.errors else 200)
