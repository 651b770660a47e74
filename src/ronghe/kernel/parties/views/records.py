"""One party: what it is, who belongs to it, its numbers, its history."""

from datetime import datetime, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from ronghe.kernel.accounts.access import Request, allows, require
from ronghe.kernel.audit.verbs import title_of
from ronghe.kernel.clock import LEGAL_ZONE, legal_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages.listing import wants_partial

from .. import queries, services
from ..forms import UnmaskForm, as_day
from ..models import Party, PartyUnmasking
from ..permissions import PARTY_UNMASK, PARTY_VIEW
from .shown import address, head_of


@require_safe
@allows(PARTY_VIEW)
def overview(request: Request, party_id: int) -> HttpResponse:
    """What the party is."""
    party = queries.party(party_id, actor=request.actor)
    on = legal_day(request.at)
    home = queries.household_of(party, on=on) if party.kind == Party.Kind.PERSON else None
    linked = [home.household_id] if home else []
    represented = queries.representatives(party)
    seen = queries.seen_among([*linked, *(one.person_id for one in represented)], actor=request.actor)
    context = {
        **head_of(request, party, "party"),
        "identifiers": queries.identifiers(party),
        "home": home,
        "seen": seen,
        "representatives": represented[:1],
        "members": queries.members(party, on=on) if party.kind == Party.Kind.HOUSEHOLD else [],
        "suspected": [(one, address(one)) for one in queries.duplicates_of(party, actor=request.actor)]
        if party.is_active
        else [],
    }
    return render(request, "parties/party.html", context)


@require_safe
@allows(PARTY_VIEW)
def members(request: Request, party_id: int) -> HttpResponse:
    """The members of a household on a legal day, as the register knew it on another."""
    party = queries.party(party_id, actor=request.actor)
    on = as_day(request.GET.get("on", "")) or legal_day(request.at)
    known = as_day(request.GET.get("known", ""))
    known_at = datetime.combine(known, time.max, LEGAL_ZONE) if known else None
    rows = queries.members(party, on=on, known_at=known_at)
    context = {
        **head_of(request, party, "members"),
        "members": rows,
        "seen": queries.seen_among([row.person_id for row in rows], actor=request.actor),
        "on": on,
        "known": known,
        "is_today": on == legal_day(request.at) and known is None,
    }
    return render(request, "parties/members.html", context)


def _numbers(request: Request, party: Party, **more: Any) -> dict[str, Any]:
    return {
        **head_of(request, party, "numbers"),
        "identifiers": queries.identifiers(party),
        "past": queries.past_identifiers(party),
        "unmaskings": queries.unmaskings(party),
        "purposes": UnmaskForm().fields["purpose"].choices,  # type: ignore[attr-defined]
        **more,
    }


@require_safe
@allows(PARTY_VIEW)
def numbers(request: Request, party_id: int) -> HttpResponse:
    """The numbers, by their masks."""
    party = queries.party(party_id, actor=request.actor)
    return render(request, "parties/numbers.html", _numbers(request, party))


@require_POST
@allows(PARTY_UNMASK)
def unmask(request: Request, party_id: int, identifier_id: int) -> HttpResponse:
    """One number in plain, in the answer to this request alone: it is in no address and no session."""
    party = queries.party(party_id, actor=request.actor)
    require(request.actor, PARTY_UNMASK, division=party.division_id)
    form = UnmaskForm(request.POST)
    shown: dict[str, Any] = {"opened": identifier_id}
    status = 422
    if form.is_valid():
        try:
            shown["plain"] = services.unmask(
                party_id=party.pk,
                identifier_id=identifier_id,
                purpose=PartyUnmasking.Purpose(form.cleaned_data["purpose"]),
                note=form.cleaned_data["note"],
                actor=request.actor,
                at=request.at,
            )
            status = 200
        except DomainError as error:
            if error.status != 422:
                raise
            shown["fault"] = error.text
    else:
        shown["fault"] = "请选择用途并写明说明，不少于 4 个字。"
    context = _numbers(request, party, **shown)
    if wants_partial(request):
        row = next((one for one in context["identifiers"] if one.pk == identifier_id), None)
        # htmx shows only what succeeded: a refusal is shown in the row too.
        return render(request, "parties/_number.html", {**context, "row": row})
    return render(request, "parties/numbers.html", context, status=status)


@require_safe
@allows(PARTY_VIEW)
def history(request: Request, party_id: int) -> HttpResponse:
    """Names, memberships, representatives: what was so, from when to when."""
    party = queries.party(party_id, actor=request.actor)
    changes = queries.changes(party)
    ids = {row.person_id for row in changes} | {row.household_id for row in changes}
    represented = queries.representatives(party)
    context = {
        **head_of(request, party, "history"),
        "names": queries.names(party),
        "changes": changes,
        "representatives": represented,
        "seen": queries.seen_among([*ids, *(one.person_id for one in represented)], actor=request.actor),
    }
    return render(request, "parties/history.html", context)


@require_safe
@allows(PARTY_VIEW)
def events(request: Request, party_id: int) -> HttpResponse:
    """What was done with the party, and by whom."""
    party = queries.party(party_id, actor=request.actor)
    rows = [(row, title_of(row.verb)) for row in queries.events(party)[:200]]
    return render(request, "parties/events.html", {**head_of(request, party, "events"), "events": rows})
