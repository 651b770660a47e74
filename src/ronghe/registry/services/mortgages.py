"""抵押权的变更和转移: another amount or term, another mortgagee with the claim; the mortgage and its rank stay."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.errors import DomainError

from ..errors import MortgageUnchanged, NotInForce, OtherMortgageesAsked, RightNotFound, TermBeyondParent, TermWrong
from ..models import RRR, Restriction
from ..rules.kinds import RestrictionKind, RightKind
from .rights import Term, spans
from .writing import end_rows, held_by_the_database, locked_rrr, refuse_future


@transaction.atomic
def change_mortgage(
    *,
    rrr_id: int,
    amount_fen: int | None = None,
    until: date | None = None,
    others_consent: bool = False,
    on: date,
    source_id: int,
    actor: Actor,
    at: datetime,
) -> RRR:
    """The claim secured, or until when, is another from a day on (变更); what is not given stays.

    Args: ``others_consent`` says that those who rank behind have agreed in writing; without it they are made no worse off.
    Locks: BAUnit.
    Raises: RightNotFound, NotInForce, DayInFuture, MortgageUnchanged, OtherMortgageesAsked, TermWrong, TermBeyondParent.
    Source: 民法典 第四百零九条.
    """
    rrr, row = _standing(rrr_id, on, at)
    amount, end = row.amount_fen if amount_fen is None else amount_fen, row.valid.upper if until is None else until
    if (amount, end) == (row.amount_fen, row.valid.upper):
        raise MortgageUnchanged(why="数额和期限都与登记簿相同")
    if end is not None and end <= on:
        raise TermWrong(why="止期不在变更日之后；已经清偿的请办理抵押注销")
    is_more = (amount or 0) > (row.amount_fen or 0)
    is_longer = row.valid.upper is not None and (end is None or end > row.valid.upper)
    behind = Restriction.objects.current().as_of(on).filter(
        baunit=rrr.baunit_id, kind=RestrictionKind.MORTGAGE, rank__gt=row.rank or 0
    )  # fmt: skip
    if (is_more or is_longer) and not others_consent and behind.exclude(rrr=rrr).exists():
        raise OtherMortgageesAsked(unit=rrr.baunit.code, why="提高数额" if is_more else "延长期限")
    _replace(rrr, row, on=on, until=end, at=at, amount_fen=amount, source_id=source_id)
    facts = {"rrr": rrr.pk, "amount_fen": amount, "instead": [row.amount_fen, row.valid.upper], "to": end, "on": on}
    record(
        verb="registry.mortgage.changed", subject=rrr.baunit, actor=actor, at=at, facts=facts,
        division=rrr.baunit.division_id,
    )  # fmt: skip
    return rrr


@transaction.atomic
def transfer_mortgage(
    *, rrr_id: int, party_id: int | None, holder: str, on: date, source_id: int, actor: Actor, at: datetime
) -> RRR:
    """The mortgage passes with the claim that it secures to another mortgagee from a day on (转移).

    Args: ``party_id`` or ``holder`` says who that is. Locks: BAUnit.
    Raises: RightNotFound, NotInForce, DayInFuture, MortgageUnchanged.
    Source: 民法典 第四百零七条.
    """
    rrr, row = _standing(rrr_id, on, at)
    name = "" if party_id is not None else " ".join(holder.split())[:120]
    if (party_id, name) == (row.party_id, row.holder if row.party_id is None else ""):
        raise MortgageUnchanged(why="受让人已是登记簿上的抵押权人")
    _replace(rrr, row, on=on, until=row.valid.upper, at=at, party_id=party_id, holder=name, source_id=source_id)
    facts = {"rrr": rrr.pk, "party": party_id, "instead": row.party_id, "on": on, "source": source_id}
    record(
        verb="registry.mortgage.transferred", subject=rrr.baunit, actor=actor, at=at, facts=facts,
        division=rrr.baunit.division_id,
    )  # fmt: skip
    return rrr


def _standing(rrr_id: int, on: date, at: datetime) -> tuple[RRR, Restriction]:
    """A mortgage with its row on a day; its unit is locked. Raises: RightNotFound, NotInForce, DayInFuture."""
    rrr = locked_rrr(rrr_id, RRR.Sort.RESTRICTION)
    refuse_future(on, what="登记日期", at=at)
    if rrr.kind != RestrictionKind.MORTGAGE:
        raise RightNotFound(rrr=rrr_id)
    row = Restriction.objects.current().as_of(on).filter(rrr=rrr).first()
    if row is None:
        raise NotInForce(kind=RestrictionKind.MORTGAGE.title, rrr=rrr.pk, day=on)
    return rrr, row


def _replace(rrr: RRR, row: Restriction, *, on: date, until: date | None, at: datetime, **changed: Any) -> None:
    """The row holds until the day before, another from the day on, with the rank it had. Raises: TermBeyondParent."""
    kept = {
        name: getattr(row, name)
        for name in ("rrr_id", "baunit_id", "kind", "party_id", "holder", "amount_fen", "rank", "text", "source_id")
    }
    named: dict[str, DomainError] = {}
    if rrr.parent is not None:
        named["rrr_term_within_parent"] = TermBeyondParent(
            term=str(Term(on, until)), parent=RightKind(rrr.parent.kind).title,
            around="、".join(spans(rrr.parent)) or "（已终止）",
        )  # fmt: skip
    with held_by_the_database(named):
        end_rows([row], on=on, at=at)
        Restriction.objects.create(**(kept | changed), valid=DateRange(on, until), recorded=DateTimeTZRange(at, None))


__all__ = ["change_mortgage", "transfer_mortgage"]
