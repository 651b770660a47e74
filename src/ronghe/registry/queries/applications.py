"""Reads of applications: the list, one with its case and what came of it."""

from datetime import date

from django.db.models import Q, QuerySet

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.parties.queries import in_whose_names

from ..errors import ApplicationNotFound, UnitNotFound, UnitUnknown
from ..models import Application, BAUnit, Restriction
from ..rules.codes import cleaned
from ..rules.matters import Concern, Matter


def applications(
    actor: Actor, *, text: str = "", matter: str = "", state: str = "", unit: str = ""
) -> QuerySet[Application]:
    """The applications that the actor may see, narrowed; ``text`` begins a unit's code, or is in the number of a case."""
    rows = Application.objects.visible_to(actor).select_related("case__division", "case__applicant", "baunit")
    if text:
        code = cleaned(text)
        by_code = rows.filter(baunit__code__startswith=code)
        rows = by_code if code[:6].isdigit() and len(code) >= 6 else rows.filter(case__number__contains=text.strip())
    for name, value in (("matter", matter), ("case__state", state), ("baunit__code", unit)):
        if value:
            rows = rows.filter(**{name: value})
    return rows


def application(application_id: int, *, actor: Actor) -> Application:
    """One application. Raises: ApplicationNotFound."""
    rows = applications(actor).select_related("rrr", "party", "entry__source", "case__holder")
    found = rows.filter(pk=application_id).first()
    if found is None:
        raise ApplicationNotFound(application=application_id)
    return found


def units_open_to(actor: Actor, *, matter: Matter | None, on: date | None = None) -> QuerySet[BAUnit]:
    """The units on which an actor may apply for a matter: those that it sees.

    Whoever acts for a party may object to what stands of any unit, for who is wronged by the book is seldom in it
    (民法典 第二百二十条), and may have lifted what protects that party; whoever asks must know the unit's code.
    """
    seen = BAUnit.objects.visible_to(actor)
    if actor.role != Role.SELF or actor.on_behalf_of_id is None or matter is None:
        return seen
    if matter is Matter.OBJECTION:
        return BAUnit.objects.all()
    if matter.told.concern is Concern.RESTRICTION and on is not None:
        protected = protected_by(actor.on_behalf_of_id, on=on)
        return BAUnit.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=protected.values("baunit")))
    return seen


def protected_by(party_id: int, *, on: date) -> QuerySet[Restriction]:
    """The restrictions in force that protect a party, or the household in which it is."""
    return Restriction.objects.current().as_of(on).filter(party__in=in_whose_names(party_id, on=on))


def unit_of_code(code: str, *, actor: Actor, matter: Matter | None = None, on: date | None = None) -> BAUnit:
    """The unit of a code, on which a matter is to be applied for. Raises: UnitNotFound."""
    rows = units_open_to(actor, matter=matter, on=on).select_related("division")
    found = rows.filter(code=cleaned(code)[:28]).first()
    if found is None:
        raise UnitNotFound(unit=code[:40])
    return found


def unit_named(code: str, *, actor: Actor, matter: Matter | None = None, on: date | None = None) -> BAUnit:
    """The unit that a command names. Raises: UnitUnknown."""
    try:
        return unit_of_code(code, actor=actor, matter=matter, on=on)
    except UnitNotFound as error:
        raise UnitUnknown(unit=code[:40]) from error
