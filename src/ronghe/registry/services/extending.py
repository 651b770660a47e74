"""续期: the term of a right runs on beyond its last day, as the parties or the law have it (二轮承包到期后再延长)."""

from datetime import date, datetime
from fractions import Fraction

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record

from ..errors import TermWrong
from ..models import RRR
from ..rules.holding import runs_too_long
from ..rules.kinds import RightKind
from .rights import Holder, Term, checked_holders, refusals, rows_in_force
from .writing import close, held_by_the_database, locked_rrr, refuse_future, write_again


@transaction.atomic
def extend_right(
    *, rrr_id: int, until: date, longest: int | None, on: date, source_id: int, actor: Actor, at: datetime
) -> RRR:
    """The same right of the same holders runs on until another day (变更登记: 续期). Nothing but its last day changes.

    What the book said before stays readable as of any earlier instant.
    Args: ``until`` is the day after the last; ``longest`` how many years such a right runs at most, counted from where the
        term before ends, for each term is one.
    Locks: BAUnit. Raises: RightNotFound, NotInForce, LaterEntries, DayInFuture, TermWrong, TermBeyondParent, HolderGone.
    Source: 农村土地承包法 第二十一条.
    """
    rrr = locked_rrr(rrr_id, RRR.Sort.RIGHT)
    kind = RightKind(rrr.kind)
    refuse_future(on, what="续期登记日期", at=at)
    rows = rows_in_force(rrr, on)
    ended = rows[0].valid.upper
    if ended is None:
        raise TermWrong(why=f"“{kind.title}”没有止期，不需要续期")
    if until <= ended:
        raise TermWrong(why=f"续期后的止期 {until} 不在现在的止期 {ended} 之后")
    if runs_too_long(ended, until, longest):
        raise TermWrong(why=f"从 {ended} 续至 {until} 超过“{kind.title}”最长的 {longest} 年")
    term = Term(on, until)
    holders = [
        Holder(row.party_id, None if row.share_num is None else Fraction(row.share_num, row.share_den or 1))
        for row in rows
    ]
    checked_holders(holders, kind, term=term, at=at)
    with held_by_the_database(refusals(rrr.baunit, kind, rrr.parent, term)):
        for row in rows:
            close(row, at)
        for row in rows:
            write_again(row, at, valid=DateRange(row.valid.lower, until), source_id=source_id)
    facts = {"rrr": rrr.pk, "instead": ended, "to": until, "on": on, "source": source_id}
    unit = rrr.baunit
    record(verb="registry.right.extended", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    return rrr


__all__ = ["extend_right"]
