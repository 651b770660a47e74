"""违法占用台账 and the register: while a record is open its unit carries a restriction, and no longer."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day

from ..models import RRR, IllegalOccupation, Restriction
from ..queries.occupied import OPEN
from ..rules.kinds import RestrictionKind, SourceKind
from .rights import Term, lift, restrict
from .sources import keep_source
from .writing import locked_units

if TYPE_CHECKING:
    from ronghe.mechanisms.rosters.models import Record


def keep_restricted(records: Sequence["Record"], actor: Actor, at: datetime) -> None:
    """Place and lift what the records say, in the transaction that wrote them. Locks: BAUnit (by number).

    A record that names another unit now frees the one before. What has ended with its unit is left as it is.
    """
    keys = [one.pk for one in records]
    rows = IllegalOccupation.objects.filter(pk__in=keys).select_related("unit", "restriction").order_by("pk")
    fresh = list(rows)
    around = {one.unit_id for one in fresh} | {one.restriction.baunit_id for one in fresh if one.restriction}
    locked_units(*sorted(unit for unit in around if unit is not None))
    given = {one.pk: one for one in records}
    for one in fresh:
        wanted = one.unit if one.ended_at is None and one.state in OPEN else None
        if wanted is not None and wanted.is_over:
            wanted = None
        has = one.restriction if one.restriction and _holds(one) else None
        if has is not None and wanted is not None and has.baunit_id == wanted.pk:
            continue
        if has is not None:
            _free(one, actor, at)
        one.restriction = _bar(one, actor, at) if wanted is not None else None
        IllegalOccupation.objects.filter(pk=one.pk).update(restriction=one.restriction)
        kept = given[one.pk]
        if isinstance(kept, IllegalOccupation):
            kept.restriction = one.restriction


def _holds(one: IllegalOccupation) -> bool:
    return Restriction.objects.current().filter(rrr=one.restriction_id, valid__upper_inf=True).exists()


def _source(one: IllegalOccupation, title: str, at: datetime) -> int:
    return keep_source(
        kind=SourceKind.OTHER, title=f"{title}（台账编号 {one.number}）", number=one.decision,
        issued_on=legal_day(at), division=one.division_id,
    ).pk  # fmt: skip


def _bar(one: IllegalOccupation, actor: Actor, at: datetime) -> RRR:
    assert one.unit is not None
    first = min(max(one.found_on, one.unit.opened_on), legal_day(at))
    return restrict(
        baunit_id=one.unit.pk, kind=RestrictionKind.ILLEGAL_OCCUPATION, term=Term(first),
        source_id=_source(one, "列入违法占用台账", at), holder=one.division.name,
        text=f"违法占用台账 {one.number}：{one.get_kind_display()}", actor=actor, at=at,
    )  # fmt: skip


def _free(one: IllegalOccupation, actor: Actor, at: datetime) -> None:
    assert one.restriction_id is not None
    lift(
        rrr_id=one.restriction_id, on=legal_day(at), source_id=_source(one, "违法占用处理完毕", at), actor=actor, at=at
    )
