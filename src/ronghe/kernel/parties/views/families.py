"""What happens in a household: somebody joins, leaves, marries in, is born, dies; another head; a split."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ronghe.kernel.accounts.access import Request, allows
from ronghe.kernel.clock import legal_day

from .. import queries, services
from ..forms import BirthForm, DayForm, DeathForm, HeadForm, JoinForm, SplitForm
from ..models import Party
from ..permissions import PARTY_EDIT
from .shown import act, address, editable


def _members(party: Party) -> str:
    return reverse("parties:members", args=[party.pk])


def _household_act(
    request: Request, household: Party, form: Any, do: Callable[[Mapping[str, Any]], object], verb: str, **more: Any
) -> HttpResponse:
    back = _members(household)
    return act(
        request,
        form,
        do,
        title=f"{verb} · {household.name}",
        submit=f"登记{verb}",
        done=more.pop("done", lambda _: (f"已登记{verb}。", back)),
        cancel=back,
        party=household,
        party_kind="person",
        **more,
    )


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def add(request: Request, party_id: int) -> HttpResponse:
    """A person joins."""
    household = editable(request, party_id)
    form = JoinForm(request.POST or None)

    def do(given: Mapping[str, Any]) -> object:
        return services.add_member(
            household_id=household.pk,
            person=form.somebody(request.actor),
            relation=given["relation"],
            on=given["on"],
            actor=request.actor,
            at=request.at,
        )

    return _household_act(
        request, household, form, do, "迁入", lead="此人现不在任何农户；已在别的户的，先在原户办理迁出。"
    )


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def marry(request: Request, party_id: int) -> HttpResponse:
    """A person marries in, and leaves the household it was in."""
    household = editable(request, party_id)
    form = JoinForm(request.POST or None)

    def do(given: Mapping[str, Any]) -> object:
        return services.marry_in(
            household_id=household.pk,
            person=form.somebody(request.actor),
            relation=given["relation"],
            on=given["on"],
            actor=request.actor,
            at=request.at,
        )

    return _household_act(request, household, form, do, "婚入", lead="已在别的户的，同时从原户迁出，不必另办。")


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def birth(request: Request, party_id: int) -> HttpResponse:
    """A child is born."""
    household = editable(request, party_id)

    def do(given: Mapping[str, Any]) -> object:
        child = services.NewPerson(
            name=given["name"], identity=given["identity"], birth_date=given["birth_date"], sex=given["sex"]
        )
        return services.record_birth(
            household_id=household.pk, child=child, relation=given["relation"], actor=request.actor, at=request.at
        )

    return _household_act(request, household, BirthForm(request.POST or None), do, "出生")


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def leave(request: Request, party_id: int, person_id: int) -> HttpResponse:
    """A member moves away."""
    household = editable(request, party_id)
    rows = queries.members(household, on=legal_day(request.at))
    person = next((row.person.name for row in rows if row.person_id == person_id), f"编号 {person_id}")

    def do(given: Mapping[str, Any]) -> object:
        return services.leave_member(
            household_id=household.pk, person_id=person_id, on=given["on"], actor=request.actor, at=request.at
        )

    return _household_act(
        request, household, DayForm(request.POST or None), do, "迁出", lead=f"“{person}”从这一天起不再是本户成员。"
    )


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def head(request: Request, party_id: int) -> HttpResponse:
    """Another head."""
    household = editable(request, party_id)
    form = HeadForm(request.POST or None, members=queries.members(household, on=legal_day(request.at)))

    def do(given: Mapping[str, Any]) -> object:
        return services.change_head(
            household_id=household.pk,
            person_id=int(given["head"]),
            on=given["on"],
            relations=form.relations(),
            actor=request.actor,
            at=request.at,
        )

    return _household_act(
        request, household, form, do, "户主变更", lead="能推定的关系由系统推定，推定不了的会请您逐个选择。"
    )


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def split(request: Request, party_id: int) -> HttpResponse:
    """Some members found a household of their own."""
    household = editable(request, party_id)
    form = SplitForm(request.POST or None, members=queries.members(household, on=legal_day(request.at)))

    def do(given: Mapping[str, Any]) -> object:
        return services.split_household(
            household_id=household.pk,
            head_id=int(given["head"]),
            movers=form.movers(),
            on=given["on"],
            actor=request.actor,
            at=request.at,
        )

    def done(new: object) -> tuple[str, str]:
        assert isinstance(new, Party)
        return f"已分户，新户“{new.name}”编号 {new.pk}。", _members(new)

    return _household_act(
        request, household, form, do, "分户", done=done, lead="原户主留在原户；要分出原户主的，先办理户主变更。"
    )


@require_http_methods(["GET", "POST"])
@allows(PARTY_EDIT)
def death(request: Request, party_id: int) -> HttpResponse:
    """A person has died; where it was the head, another follows."""
    person = editable(request, party_id)
    on = legal_day(request.at)
    home = queries.household_of(person, on=on)
    rows = queries.members(home.household, on=on) if home and home.is_head else []
    form = DeathForm(request.POST or None, members=[row for row in rows if row.person_id != person.pk])

    def do(given: Mapping[str, Any]) -> object:
        return services.record_death(
            person_id=person.pk,
            on=given["on"],
            new_head_id=int(given["head"]) if given.get("head") else None,
            relations=form.relations(),
            actor=request.actor,
            at=request.at,
        )

    return act(
        request,
        form,
        do,
        title=f"死亡登记 · {person.name}",
        submit="登记死亡",
        done=lambda _: (f"已登记“{person.name}”死亡。", address(person)),
        cancel=address(person),
        party=person,
        lead="登记后不再是农户成员，名下的权利由登记部门另行办理继承。",
    )
