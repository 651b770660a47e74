"""预告: whom an advance notice protects, whether it was acted on in time, and that it has done its work once its holder has the right."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import in_whose_names

from ..models import RRR, Application, ApplicationEntry, BAUnit, Restriction
from ..rules.kinds import RestrictionKind
from ..rules.matters import Matter
from .rights import lift


def announced_right(notice: RRR) -> int | None:
    """The right that a notice concerns: below which it was entered, or for which it was applied."""
    if notice.parent_id is not None:
        return notice.parent_id
    rows = ApplicationEntry.objects.filter(rrr=notice).order_by("pk")
    return rows.values_list("application__rrr_id", flat=True).first()


def is_announced_to(unit: BAUnit, acquirers: Collection[int], *, on: date) -> bool:
    """Whether every notice on a unit protects one of those to whom something is to pass.

    A notice that names its holder in words alone may mean a namesake: there its written consent is asked as of others.
    """
    if not acquirers:
        return False
    rows = list(_notices(unit, on))
    names, _ = _known_as(acquirers, on)
    return bool(rows) and all(_protects(row, names, set()) for row in rows)


def lift_fulfilled(
    unit: BAUnit, rrr_id: int, acquirers: Collection[int], *, on: date, source_id: int, actor: Actor, at: datetime
) -> list[int]:
    """What was announced has come about: the notices of this right to those who got it are lifted; returns their numbers.

    The unit is locked.
    """
    names, called = _known_as(acquirers, on)
    done = []
    for row in _notices(unit, on):
        if _protects(row, names, called) and announced_right(row.rrr) in (rrr_id, None):
            lift(rrr_id=row.rrr_id, on=on, source_id=source_id, actor=actor, at=at)
            done.append(row.rrr_id)
    return done


def was_applied_for(notice: Restriction, *, until: date) -> bool:
    """Whether the registration that was announced was applied for by a day, and that application is alive or entered.

    Source: 民法典 第二百二十一条第二款.
    """
    rows = Application.objects.filter(
        baunit=notice.baunit_id, matter=Matter.TRANSFER, rrr=announced_right(notice.rrr)
    ).exclude(case__state__in=("refused", "withdrawn"))  # fmt: skip
    for one in rows.select_related("case").prefetch_related("holders"):
        opened = legal_day(one.case.opened_at)
        if opened > until:
            continue
        names, called = _known_as([row.party_id for row in one.holders.all()], opened)
        if _protects(notice, names, called):
            return True
    return False


def _notices(unit: BAUnit, on: date) -> QuerySet[Restriction]:
    rows = Restriction.objects.current().as_of(on).filter(baunit=unit, kind=RestrictionKind.ADVANCE_NOTICE)
    return rows.select_related("rrr").order_by("pk")


def _known_as(parties: Collection[int], on: date) -> tuple[set[int], set[str]]:
    """As which records parties stand, with their households, and how these are called; a notice may name its holder in words."""
    names = {name for one in parties for name in in_whose_names(one, on=on)}
    called = set(Party.objects.filter(pk__in=names).values_list("name", flat=True))
    return names, called


def _protects(notice: Restriction, names: set[int], called: set[str]) -> bool:
    if notice.party_id is not None:
        return notice.party_id in names
    return notice.holder in called
