"""Rights: granted, passed on, ended with all that derives from them, corrected. Restrictions and duties beside them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.parties.models import Party

from ..errors import (
    HolderGone,
    HolderUnfit,
    KindUnfitForUnit,
    LaterEntries,
    NotInForce,
    ParentNeeded,
    SharesPassTheWhole,
    SharesWrong,
    TermBeyondParent,
    TermWrong,
)
from ..models import RRR, BAUnit, Responsibility, Restriction, Right
from ..rules.holding import unfit_for, would_outlast
from ..rules.kinds import (
    EXCLUSIVE,
    NEEDS_PARENT,
    PARENTS,
    RIGHTS_ON,
    TERMED,
    CoOwnership,
    RestrictionKind,
    RightKind,
    UnitKind,
)
from ..rules.natures import nature_of
from .writing import (
    close,
    end_rows,
    held_by_the_database,
    locked_rrr,
    refuse_future,
    standing_unit,
)


@dataclass(frozen=True, slots=True)
class Holder:
    """权利人: a party and its share; without a share it holds jointly with the others."""

    party_id: int
    share: Fraction | None = Fraction(1)


@dataclass(frozen=True, slots=True)
class Term:
    """权利期限: the first day, and the day after the last; without one it has no end."""

    first: date
    until: date | None = None

    def as_range(self) -> DateRange:
        return DateRange(self.first, self.until)

    def __str__(self) -> str:
        return f"{self.first} 至 {self.until or '长期'}"


def checked_holders(
    holders: Sequence[Holder], kind: RightKind, *, term: Term, at: datetime, kept: Collection[int] = ()
) -> CoOwnership:
    """In what way the holders hold. Raises: SharesWrong, HolderGone, HolderUnfit.

    Args: ``kept`` are parties that already stand in the book with this right for the whole term: it is none that they get.
    """
    if not holders:
        raise SharesWrong(why="没有权利人")
    if len({one.party_id for one in holders}) < len(holders):
        raise SharesWrong(why="同一权利人写了两次")
    shares = [one.share for one in holders if one.share is not None]
    if len(shares) not in (0, len(holders)):
        raise SharesWrong(why="有的写了份额、有的没有写")
    if any(share <= 0 for share in shares):
        raise SharesWrong(why="份额须大于 0")
    if sum(shares) > 1:
        raise SharesWrong(why=f"份额之和为 {sum(shares)}")
    way = CoOwnership.JOINT if not shares else CoOwnership.SOLE if shares == [1] else CoOwnership.BY_SHARES
    if kind in EXCLUSIVE and way is not CoOwnership.SOLE:
        raise SharesWrong(why=f"“{kind.title}”只能由一个权利人单独持有")
    found = Party.objects.in_bulk([one.party_id for one in holders])
    for one in holders:
        party = found.get(one.party_id)
        refuse_holder(party, one.party_id, kind)
        if party is not None and one.party_id not in kept:
            refuse_ended(party, term, today=legal_day(at))
    return way


def refuse_holder(party: Party | None, party_id: int, kind: RightKind) -> None:
    """Raises: HolderGone, HolderUnfit."""
    if party is None:
        raise HolderGone(name=f"第 {party_id} 号", why="没有登记")
    if party.state == Party.State.MERGED:
        raise HolderGone(name=party.name, why="已并入另一权利人")
    if party.erased_at is not None:
        raise HolderGone(name=party.name, why="的个人信息已删除")
    if why := unfit_for(kind, party.kind):
        raise HolderUnfit(kind=kind.title, name=party.name, why=why)


def refuse_ended(party: Party, term: Term, *, today: date) -> None:
    """Whoever has died or ended gets no right that goes on after that day. Raises: HolderGone."""
    if would_outlast(party.ended_on, first=term.first, until=term.until, today=today):
        raise HolderGone(name=party.name, why=f"已于 {party.ended_on} {'死亡' if party.kind == 'person' else '终止'}")


@transaction.atomic
def grant_right(
    *,
    baunit_id: int,
    kind: RightKind,
    holders: Sequence[Holder],
    term: Term,
    source_id: int,
    parent_id: int | None = None,
    nature: int | None = None,
    actor: Actor,
    at: datetime,
) -> RRR:
    """Enter a right in the book (登簿). Locks: BAUnit.

    Args: ``nature`` is the number of its 权利性质, where the paper says another than follows from its kind.

    Raises: UnitNotFound, UnitOver, KindUnfitForUnit, ParentNeeded, SharesWrong, HolderGone, HolderUnfit, TermWrong,
    TermBeyondParent, SharesPassTheWhole.
    """
    unit = standing_unit(baunit_id)
    if kind not in RIGHTS_ON[UnitKind(unit.kind)]:
        raise KindUnfitForUnit(unit_kind=unit.get_kind_display(), kind=kind.title)
    refuse_term(kind, term)
    way = checked_holders(holders, kind, term=term, at=at)
    if nature is None:
        held_by = Party.objects.filter(pk__in=[one.party_id for one in holders]).values_list("kind", flat=True)
        nature = nature_of(kind, UnitKind(unit.kind), by_households=set(held_by) == {Party.Kind.HOUSEHOLD})
    parent = parent_of(unit, kind, parent_id)
    rrr = RRR.objects.create(
        sort=RRR.Sort.RIGHT, kind=kind, baunit=unit, parent_id=parent.pk if parent else None, opened_at=at
    )
    with held_by_the_database(refusals(unit, kind, parent, term)):
        write_holders(rrr, holders, way, term.as_range(), source_id=source_id, nature=nature, at=at)
    facts = {"rrr": rrr.pk, "kind": int(kind), "holders": told(holders), "from": term.first, "to": term.until,
             "parent": rrr.parent_id, "source": source_id}  # fmt: skip
    record(verb="registry.right.granted", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    return rrr


def refuse_term(kind: RightKind, term: Term) -> None:
    """The term of a right of a kind has a last day where it must, after the first. Raises: TermWrong."""
    if term.until is not None and term.until <= term.first:
        raise TermWrong(why="止期不在起期之后")
    if kind in TERMED and term.until is None:
        raise TermWrong(why=f"“{kind.title}”须有止期")


def parent_of(unit: BAUnit, kind: RightKind, parent_id: int | None) -> RRR | None:
    """The right that the new one derives from. Raises: ParentNeeded."""
    wanted = PARENTS.get(kind, frozenset())
    rows = RRR.objects.filter(baunit=unit, sort=RRR.Sort.RIGHT, kind__in=[int(one) for one in wanted])
    found = rows.filter(pk=parent_id).first() if parent_id is not None else None
    if (parent_id is not None and found is None) or (found is None and kind in NEEDS_PARENT):
        titles = "或".join(f"“{one.title}”" for one in sorted(wanted))
        raise ParentNeeded(kind=kind.title, wanted=titles)
    return found


def refusals(unit: BAUnit, kind: RightKind, parent: RRR | None, term: Term | None = None) -> dict[str, DomainError]:
    """What the database may refuse of a row of a right, as people are told."""
    whole = SharesPassTheWhole(unit=unit.code, kind=kind.title)
    named: dict[str, DomainError] = {
        "right_shares_pass_the_whole": whole,
        "right_has_one_sole_holder": whole,
        "right_once_per_party_and_time": whole,
    }
    if parent is not None and term is not None:
        around = spans(parent)
        named["rrr_term_within_parent"] = TermBeyondParent(
            term=str(term), parent=RightKind(parent.kind).title, around="、".join(around) or "（已终止）"
        )
    return named


def spans(rrr: RRR) -> list[str]:
    """When a right holds, for people."""
    ranges = Right.objects.current().filter(rrr=rrr).order_by("valid").values_list("valid", flat=True).distinct()
    return [f"{one.lower} 至 {one.upper or '长期'}" for one in ranges]


def write_holders(
    rrr: RRR,
    holders: Sequence[Holder],
    way: CoOwnership,
    valid: DateRange,
    *,
    source_id: int,
    nature: int | None,
    at: datetime,
) -> None:
    for one in holders:
        Right.objects.create(
            rrr=rrr,
            baunit_id=rrr.baunit_id,
            party_id=one.party_id,
            kind=rrr.kind,
            nature=nature,
            co_ownership=way,
            share_num=None if one.share is None else one.share.numerator,
            share_den=None if one.share is None else one.share.denominator,
            source_id=source_id,
            valid=valid,
            recorded=DateTimeTZRange(at, None),
        )


def told(holders: Sequence[Holder]) -> list[list[Any]]:
    """Holders as an event keeps them."""
    return [[one.party_id, None if one.share is None else str(one.share)] for one in holders]


def rows_in_force(rrr: RRR, on: date) -> list[Right]:
    """The rows of a right on a day, nothing being recorded of later ones. Raises: NotInForce, LaterEntries."""
    kind = RightKind(rrr.kind).title
    current = list(Right.objects.current().filter(rrr=rrr).select_related("party").order_by("pk"))
    rows = [r for r in current if r.valid.lower <= on and (r.valid.upper is None or r.valid.upper > on)]
    if any(r.valid.lower > on for r in current):
        raise LaterEntries(kind=kind, rrr=rrr.pk, day=on)
    if not rows:
        raise NotInForce(kind=kind, rrr=rrr.pk, day=on)
    return rows


@transaction.atomic
def transfer_right(*, rrr_id: int, to: Sequence[Holder], on: date, source_id: int, actor: Actor, at: datetime) -> RRR:
    """A right passes to others from a day on (转移): the same right, with the same term and what derives from it.

    Whether anything bars it, the caller has asked (``blocking.refuse_blocked``). Locks: BAUnit.
    Raises: RightNotFound, NotInForce, LaterEntries, DayInFuture, HolderUnfit, SharesWrong, HolderGone.
    """
    rrr = locked_rrr(rrr_id, RRR.Sort.RIGHT)
    kind = RightKind(rrr.kind)
    refuse_future(on, what="转移日期", at=at)
    if kind is RightKind.COLLECTIVE_OWNERSHIP:
        raise HolderUnfit(kind=kind.title, name="他人", why="集体土地所有权不能转让")
    rows = rows_in_force(rrr, on)
    way = checked_holders(to, kind, term=Term(on, rows[0].valid.upper), at=at)
    upper, nature = rows[0].valid.upper, rows[0].nature
    with held_by_the_database(refusals(rrr.baunit, kind, None)):
        end_rows(rows, on=on, at=at)
        write_holders(rrr, to, way, DateRange(on, upper), source_id=source_id, nature=nature, at=at)
    facts = {"rrr": rrr.pk, "holders": told(to), "from": on, "to": upper, "source": source_id}
    unit = rrr.baunit
    record(verb="registry.right.transferred", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    return rrr


@transaction.atomic
def end_right(*, rrr_id: int, on: date, source_id: int, actor: Actor, at: datetime) -> list[int]:
    """A right ends (注销), and with it whatever derives from it or burdens it; returns the numbers of all that ended.

    Locks: BAUnit. Raises: RightNotFound, NotInForce, LaterEntries, DayInFuture.
    """
    rrr = locked_rrr(rrr_id, RRR.Sort.RIGHT)
    refuse_future(on, what="终止日期", at=at)
    rows_in_force(rrr, on)
    ended = end_with_derived(rrr, on=on, at=at)
    facts = {"rrr": rrr.pk, "ended": ended, "on": on, "source": source_id}
    unit = rrr.baunit
    record(verb="registry.right.ended", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    return ended


def end_with_derived(rrr: RRR, *, on: date, at: datetime) -> list[int]:
    """End the rows of a right and of all below it; the unit is locked."""
    ended = []
    below = [rrr]
    while below:
        one = below.pop()
        below += one.derived.order_by("pk")
        rows = [*Right.objects.current().filter(rrr=one), *Restriction.objects.current().filter(rrr=one)]
        rows += Responsibility.objects.current().filter(rrr=one)
        if end_rows(rows, on=on, at=at):
            ended.append(one.pk)
    return ended


def last_rows(rrr_id: int) -> list[Right]:
    """What the book says of the present, or last, holders of a right: the rows that a correction closes."""
    rows = list(Right.objects.current().filter(rrr=rrr_id).order_by("-valid"))
    return [row for row in rows if row.valid == rows[0].valid]


def lies_within(inner: DateRange, outer: DateRange) -> bool:
    """Whether a range of days with a first day lies in another."""
    ends_in_time = outer.upper is None or (inner.upper is not None and inner.upper <= outer.upper)
    return ends_in_time and inner.lower >= outer.lower


@transaction.atomic
def correct_right(
    *,
    rrr_id: int,
    holders: Sequence[Holder],
    term: Term,
    source_id: int,
    actor: Actor,
    at: datetime,
) -> RRR:
    """The register was wrong of the present holders or the term of a right, and says so from now on (更正).

    What it said before stays readable as of any earlier instant. Locks: BAUnit.
    Raises: RightNotFound, NotInForce, SharesWrong, HolderGone, HolderUnfit, TermWrong, TermBeyondParent.
    """
    rrr = locked_rrr(rrr_id, RRR.Sort.RIGHT)
    kind = RightKind(rrr.kind)
    refuse_term(kind, term)
    last = last_rows(rrr.pk)
    if not last:
        raise NotInForce(kind=kind.title, rrr=rrr.pk, day=term.first)
    stays = lies_within(term.as_range(), last[0].valid)
    way = checked_holders(holders, kind, term=term, at=at, kept=[row.party_id for row in last] if stays else ())
    named = refusals(rrr.baunit, kind, rrr.parent, term)
    named["rrr_ends_with_parent"] = TermWrong(why="有权利或限制依附于它，期限超出更正后的期限；请先更正或注销它们")
    with held_by_the_database(named):
        for row in last:
            close(row, at)
        write_holders(rrr, holders, way, term.as_range(), source_id=source_id, nature=last[0].nature, at=at)
    facts = {"rrr": rrr.pk, "holders": told(holders), "from": term.first, "to": term.until,
             "instead": [last[0].valid.lower, last[0].valid.upper], "source": source_id}  # fmt: skip
    unit = rrr.baunit
    record(verb="registry.right.corrected", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    return rrr


@transaction.atomic
def restrict(
    *,
    baunit_id: int,
    kind: RestrictionKind,
    term: Term,
    source_id: int,
    parent_id: int | None = None,
    party_id: int | None = None,
    holder: str = "",
    amount_fen: int | None = None,
    text: str = "",
    dominant_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> RRR:
    """A restriction is entered on a unit, or on one of its rights (``parent_id``). Locks: BAUnit.

    Args: ``holder`` names who is protected where it is no registered party (a court); ``dominant_id`` is the unit that an
        easement serves. Mortgages are ranked as they come.
    Raises: UnitNotFound, UnitOver, RightNotFound, TermWrong, TermBeyondParent.
    """
    unit = standing_unit(baunit_id)
    if term.until is not None and term.until <= term.first:
        raise TermWrong(why="止期不在起期之后")
    parent = locked_rrr(parent_id, RRR.Sort.RIGHT) if parent_id is not None else None
    rank = None
    if kind is RestrictionKind.MORTGAGE:
        standing = Restriction.objects.current().filter(baunit=unit, kind=kind, valid__overlap=term.as_range())
        rank = 1 + max((one or 0 for one in standing.values_list("rank", flat=True)), default=0)
    rrr = RRR.objects.create(sort=RRR.Sort.RESTRICTION, kind=kind, baunit=unit, parent=parent, opened_at=at)
    named: dict[str, DomainError] = {}
    if parent is not None:
        named["rrr_term_within_parent"] = TermBeyondParent(
            term=str(term), parent=RightKind(parent.kind).title, around="、".join(spans(parent)) or "（已终止）"
        )
    with held_by_the_database(named):
        Restriction.objects.create(
            rrr=rrr, baunit=unit, kind=kind, party_id=party_id, holder=holder[:120], amount_fen=amount_fen, rank=rank,
            text=text[:400], dominant_id=dominant_id, source_id=source_id, valid=term.as_range(), recorded=DateTimeTZRange(at, None),
        )  # fmt: skip
    facts: Mapping[str, Any] = {
        "rrr": rrr.pk, "kind": int(kind), "parent": parent_id, "party": party_id, "amount_fen": amount_fen,
        "from": term.first, "to": term.until, "rank": rank, "source": source_id,
    }  # fmt: skip
    record(verb="registry.restriction.placed", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    return rrr


@transaction.atomic
def lift(*, rrr_id: int, on: date, source_id: int, actor: Actor, at: datetime) -> RRR:
    """A restriction ends (解除、注销). Locks: BAUnit. Raises: RightNotFound, NotInForce, DayInFuture."""
    rrr = locked_rrr(rrr_id, RRR.Sort.RESTRICTION)
    refuse_future(on, what="解除日期", at=at)
    rows = Restriction.objects.current().filter(rrr=rrr)
    if not end_rows(rows, on=on, at=at):
        raise NotInForce(kind=RestrictionKind(rrr.kind).title, rrr=rrr.pk, day=on)
    facts = {"rrr": rrr.pk, "on": on, "source": source_id}
    unit = rrr.baunit
    record(verb="registry.restriction.lifted", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    return rrr


@transaction.atomic
def bind(
    *,
    rrr_id: int,
    kind: Responsibility.Kind,
    text: str,
    source_id: int,
    actor: Actor,
    at: datetime,
) -> RRR:
    """A duty goes with a right, for as long as it runs. Locks: BAUnit. Raises: RightNotFound, NotInForce."""
    right = locked_rrr(rrr_id, RRR.Sort.RIGHT)
    row = Right.objects.current().filter(rrr=right).order_by("-valid").first()
    if row is None:
        raise NotInForce(kind=RightKind(right.kind).title, rrr=right.pk, day=at.date())
    rrr = RRR.objects.create(
        sort=RRR.Sort.RESPONSIBILITY, kind=kind, baunit_id=right.baunit_id, parent=right, opened_at=at
    )
    Responsibility.objects.create(
        rrr=rrr, baunit_id=right.baunit_id, kind=kind, text=text[:400], source_id=source_id, valid=row.valid,
        recorded=DateTimeTZRange(at, None),
    )  # fmt: skip
    unit = right.baunit
    facts = {"rrr": rrr.pk, "right": right.pk, "kind": int(kind)}
    record(verb="registry.duty.entered", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    return rrr


__all__ = ["Holder", "Term", "bind", "correct_right", "end_right", "grant_right", "lift", "restrict", "transfer_right"]  # fmt: skip
