"""地役权: land is used for the benefit of other land, by contract of whoever holds the two."""

from datetime import date, datetime

from django.db import transaction

from ronghe.kernel.actors import Actor

from ..errors import EasementUnfit, RightNotFound, TermWrong
from ..models import RRR, BAUnit, Right
from ..rules.codes import printed
from ..rules.kinds import USE_RIGHTS, RestrictionKind
from .rights import Term, restrict
from .writing import locked_units


@transaction.atomic
def register_easement(
    *,
    rrr_id: int,
    dominant_id: int,
    until: date | None,
    text: str,
    on: date,
    source_id: int,
    actor: Actor,
    at: datetime,
) -> RRR:
    """An easement burdens a right in the servient unit and serves the dominant one, in the time of both.

    It arises with its contract; the entry has it hold against whoever gets the servient land in good faith. Without
    ``until`` it runs as long as the shorter of the two rights does. It passes on with the dominant unit, whose holders
    it names therefore never. Locks: BAUnit (both).
    Raises: RightNotFound, UnitNotFound, UnitOver, EasementUnfit, TermWrong, TermBeyondParent.
    Source: 民法典 第三百七十二、三百七十四、三百七十七、三百八十条.
    """
    burdened = RRR.objects.filter(pk=rrr_id, sort=RRR.Sort.RIGHT).first()
    if burdened is None:
        raise RightNotFound(rrr=rrr_id)
    servient, dominant = locked_units(burdened.baunit_id, dominant_id)
    if servient.pk == dominant.pk:
        raise EasementUnfit(why="供役地和需役地是同一个单元")
    if dominant.ended_on is not None:
        raise EasementUnfit(why=f"需役地 {printed(dominant.code)} 已于 {dominant.ended_on} 终止")
    used = Right.objects.current().as_of(on).filter(baunit=dominant, kind__in=[int(kind) for kind in USE_RIGHTS])
    held = Right.objects.current().as_of(on).filter(rrr=burdened)
    ends = [row.valid.upper for row in (*used, *held) if row.valid.upper is not None]
    if until is None:
        until = min(ends, default=None)
    _refuse_beyond(dominant, until, [row.valid.upper for row in used])
    return restrict(
        baunit_id=servient.pk, kind=RestrictionKind.EASEMENT, term=Term(on, until), source_id=source_id,
        parent_id=burdened.pk, holder=f"需役地 {printed(dominant.code)} 的权利人", text=text, dominant_id=dominant.pk,
        actor=actor, at=at,
    )  # fmt: skip


def _refuse_beyond(dominant: BAUnit, until: date | None, ends: list[date | None]) -> None:
    """No longer than what is left of the right of use in the dominant unit. Raises: TermWrong."""
    last = min((end for end in ends if end is not None), default=None)
    if last is not None and (until is None or until > last):
        raise TermWrong(why=f"地役权超过需役地 {printed(dominant.code)} 上权利的止期 {last}")


__all__ = ["register_easement"]
