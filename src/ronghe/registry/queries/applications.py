"""Reads of applications: the list, one with its case and what came of it."""

from django.db.models import QuerySet

from ronghe.kernel.actors import Actor

from ..errors import ApplicationNotFound, UnitNotFound, UnitUnknown
from ..models import Application, BAUnit
from ..rules.codes import cleaned


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


def unit_of_code(code: str, *, actor: Actor) -> BAUnit:
    """The unit of a code. Raises: UnitNotFound."""
    rows = BAUnit.objects.visible_to(actor).select_related("division")
    found = rows.filter(code=cleaned(code)[:28]).first()
    if found is None:
        raise UnitNotFound(unit=code[:40])
    return found


def unit_named(code: str, *, actor: Actor) -> BAUnit:
    """The unit that a command names. Raises: UnitUnknown."""
    try:
        return unit_of_code(code, actor=actor)
    except UnitNotFound as error:
        raise UnitUnknown(unit=code[:40]) from error
