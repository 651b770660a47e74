"""Reads of exchanges, reconciliations and the record of queries, through the actor's eyes."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import QuerySet

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.models import DivisionClosure
from ronghe.policy.models import Zone
from ronghe.policy.queries import given_for
from ronghe.policy.rulebook import rule_named

from ..errors import ExchangeNotFound, ReconciliationNotFound
from ..models import BookQuery, Exchange, Reconciliation, ReconciliationRow
from ..rules.agreement import AREA_FLOOR, AREA_SHARE


def exchanges(actor: Actor, *, kind: str = "", state: str = "") -> QuerySet[Exchange]:
    """The exchanges that the actor may see, newest first."""
    rows = Exchange.objects.visible_to(actor).select_related("division", "user")
    if kind:
        rows = rows.filter(kind=kind)
    return (rows.filter(state=state) if state else rows).order_by("-pk")


def exchange(exchange_id: int, *, actor: Actor) -> Exchange:
    """One exchange. Raises: ExchangeNotFound."""
    rows = Exchange.objects.visible_to(actor).select_related("division", "user", "applied_by", "job", "made")
    found = rows.filter(pk=exchange_id).first()
    if found is None:
        raise ExchangeNotFound(exchange=exchange_id)
    return found


def reconciliations(actor: Actor) -> QuerySet[Reconciliation]:
    """The reconciliations that the actor may see, newest first."""
    return Reconciliation.objects.visible_to(actor).select_related("division", "user").order_by("-pk")


def reconciliation(reconciliation_id: int, *, actor: Actor) -> Reconciliation:
    """One reconciliation. Raises: ReconciliationNotFound."""
    rows = Reconciliation.objects.visible_to(actor).select_related("division", "user", "job")
    found = rows.filter(pk=reconciliation_id).first()
    if found is None:
        raise ReconciliationNotFound(reconciliation=reconciliation_id)
    return found


def reconciliation_rows(
    of: Reconciliation, *, actor: Actor, outcome: str = "", field: str = "", code: str = ""
) -> QuerySet[ReconciliationRow]:
    """What differs, by the unit's code."""
    rows = ReconciliationRow.objects.visible_to(actor).filter(of=of)
    if outcome:
        rows = rows.filter(outcome=outcome)
    if field:
        rows = rows.filter(differs__contains=[field])
    return (rows.filter(code__startswith=code) if code else rows).order_by("code", "pk")


def book_queries(actor: Actor) -> QuerySet[BookQuery]:
    """Who was told what of the units that the actor may see, newest first."""
    return BookQuery.objects.visible_to(actor).select_related("baunit", "user").order_by("-pk")


def zone_of(division: str) -> Zone | None:
    """The nearest zone in whose seat a division lies."""
    above = (
        DivisionClosure.objects.filter(descendant=division).order_by("distance").values_list("ancestor_id", flat=True)
    )
    order = {code: place for place, code in enumerate(above)}
    zones = Zone.objects.filter(seat__in=list(order))
    return min(zones, key=lambda zone: order[zone.seat_id], default=None)


def area_tolerance(division: str, *, on: date) -> tuple[Fraction, Decimal] | None:
    """By how much areas may differ in a division: a share, and a floor in m²; None where nothing is stated."""
    zone = zone_of(division)
    if zone is None:
        return None
    given = given_for(rule_named("registration.area_agreement"), [zone], on=on)[0]
    share, floor = given[AREA_SHARE].value, given[AREA_FLOOR].value
    if not isinstance(share, Fraction) or not isinstance(floor, Fraction | int):
        return None
    exact = Fraction(floor)
    return share, (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"))
