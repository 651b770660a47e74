"""承包合同台账: contracts with their plots, contractors and terms, and what was passed on or pledged of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.fields.ranges import RangeEndsWith, RangeStartsWith
from django.db.models import Count, DateField, F, OuterRef, Q, QuerySet, Subquery

from ronghe.kernel.actors import Actor
from ronghe.kernel.grams import grams
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import named

from ..errors import ContractNotFound
from ..models import AdministrativeSource, BAUnit, Right
from ..models.sources import AdministrativeSourceQuerySet
from ..rules.kinds import RightKind, SourceKind
from .holdings import Holding, holdings
from .units import below

#: Rights that a contract of contracted land gives.
CONTRACTED = (RightKind.CONTRACT.value, RightKind.CONTRACT_TREES.value)
OPERATION = RightKind.OPERATION.value
#: Plots of one contract that its page shows.
MOST_PLOTS = 200


def contracts(
    actor: Actor, *, on: date, text: str = "", place: str = "", state: str = ""
) -> "AdministrativeSourceQuerySet":
    """The contracts that the actor may see, by number, with what the ledger shows of each.

    Args: ``text`` is the beginning of a number, or part of a contractor's name; ``state`` is empty for all, ``running``
    or ``ended`` by ``on``.
    """
    rows = AdministrativeSource.objects.visible_to(actor).filter(kind=SourceKind.CONTRACT)
    if place:
        rows = rows.filter(division__in=below(place))
    if text:
        if any(c.isdigit() for c in text):
            rows = rows.filter(number__startswith=text.upper())
        elif grams(text):
            holders = Party.objects.filter(named(text))
            held = Right.objects.current().filter(party__in=holders, kind__in=CONTRACTED)
            rows = rows.filter(pk__in=held.values("source"))
        else:
            rows = rows.none()
    if state:
        running = Right.objects.current().as_of(on).filter(source=OuterRef("pk"), kind__in=CONTRACTED)
        rows = rows.filter(
            Q(pk__in=running.values("source")) if state == "running" else ~Q(pk__in=running.values("source"))
        )
    return rows


def with_terms(rows: "AdministrativeSourceQuerySet") -> "QuerySet[Any]":
    """The same with contractor, number of plots and term: asked for the rows of one page, by the index on the source."""
    of = Right.objects.current().filter(source=OuterRef("pk"), kind__in=CONTRACTED).order_by().values("source")
    return rows.select_related("division").annotate(
        contractor=Subquery(of.annotate(one=StringAgg("party__name", "、", distinct=True)).values("one")),
        plots=Subquery(of.annotate(one=Count("baunit", distinct=True)).values("one")),
        since=Subquery(_first(RangeStartsWith("valid"), "valid"), output_field=DateField()),
        until=Subquery(_first(RangeEndsWith("valid"), "-valid"), output_field=DateField()),
    )


def _first(what: Any, order: str) -> "QuerySet[Any]":
    own = Right.objects.current().filter(source=OuterRef("pk"), kind__in=CONTRACTED)
    return own.annotate(one=what).order_by(order).values("one")[:1]


@dataclass(frozen=True, slots=True)
class ContractPage:
    """一份承包合同: its plots with all that stands on them on a day."""

    source: AdministrativeSource
    plots: Sequence[Holding]
    count: int
    rights: Sequence[Right]


def contract(contract_id: int, *, actor: Actor, on: date) -> ContractPage:
    """One contract. Raises: ContractNotFound."""
    found = (
        AdministrativeSource.objects.visible_to(actor)
        .filter(pk=contract_id, kind=SourceKind.CONTRACT)
        .select_related("division", "case")
        .first()
    )
    if found is None:
        raise ContractNotFound(contract=contract_id)
    rights = list(
        Right.objects.visible_to(actor).current().filter(source=found, kind__in=CONTRACTED).select_related("party")
        .order_by(F("baunit__code"), "valid")[: 4 * MOST_PLOTS]
    )  # fmt: skip
    units = BAUnit.objects.visible_to(actor).filter(pk__in=[row.baunit_id for row in rights]).order_by("code")
    listed = list(units.select_related("division")[: MOST_PLOTS + 1])
    count = len(listed) if len(listed) <= MOST_PLOTS else units.count()
    return ContractPage(found, holdings(listed[:MOST_PLOTS], on=on), count, rights)
