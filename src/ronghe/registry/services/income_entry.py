"""集体收益分配权登簿: what a case has decided is entered under the lock of its collective, with its certificates."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.papers.models import Paper
from ronghe.kernel.papers.services import issue_paper, revoke_paper
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import same_parties

from ..errors import CertificateVoid
from ..income_errors import (
    IncomeCertificateNotFound,
    IncomeNotFit,
    IncomePassesTotal,
    IncomeSharesStand,
)
from ..models import IncomeApplication, IncomeCertificate, IncomeRight, IncomeShares
from ..queries.income import asked, standing_right, total_of
from ..rules.income import CAUSES, IncomeCause, share_words
from ..rules.kinds import SourceKind
from .income import locked_collective
from .proofs import county_of, take_series
from .sources import keep_source
from .writing import end_rows, held_by_the_database

WORD = "集体收益分配权"
PAPER = "registry.income"
_SOURCES = {
    IncomeCause.FIRST: SourceKind.RESOLUTION, IncomeCause.EXIT: SourceKind.AGREEMENT,
    IncomeCause.INHERITANCE: SourceKind.INHERITANCE, IncomeCause.GIFT: SourceKind.AGREEMENT,
    IncomeCause.SALE: SourceKind.AGREEMENT, IncomeCause.DIVISION: SourceKind.AGREEMENT,
    IncomeCause.JUDGMENT: SourceKind.JUDGMENT,
}  # fmt: skip


@transaction.atomic
def enter_income_first(*, application: IncomeApplication, actor: Actor, at: datetime) -> IncomeShares:
    """Enter the shares of a collective and of all its households, with their certificates, or nothing.

    The rule is asked again on the day of the entry. Locks: Party (the collective), then the number series.
    Raises: IncomeSharesStand, IncomeNotFit, IncomePassesTotal.
    """
    day, of = legal_day(at), locked_collective(application.collective_id)
    assert application.total_hundredths is not None
    assert application.is_static is not None
    if total_of(of.pk, day=day) is not None:
        raise IncomeSharesStand(collective=of.name)
    ruling = asked(application, day=day).ruling
    if ruling.value is not True:
        raise IncomeNotFit(why="；".join(step.finding for step in ruling.steps if not step.ok))
    source = _source(application)
    known: dict[str, Any] = {
        "collective": of, "source_id": source, "case_id": application.pk, "valid": DateRange(day, None),
        "recorded": DateTimeTZRange(at, None),
    }  # fmt: skip
    with held_by_the_database(_named(of)):
        made = IncomeShares.objects.create(
            total_hundredths=application.total_hundredths, is_static=application.is_static, **known
        )
        rows = IncomeRight.objects.bulk_create(
            IncomeRight(
                holder_id=line.household_id,
                shares_hundredths=line.shares_hundredths,
                cause=IncomeCause.FIRST.value,
                **known,
            )
            for line in application.lines.order_by("pk")
        )
    papers = _certify(of, rows, on=day, at=at)
    facts = {"collective": of.pk, "households": len(rows), "certificates": len(papers), "on": day}
    record(verb="registry.income.entered", subject=made, actor=actor, at=at, facts=facts, division=of.division_id)
    return made


@transaction.atomic
def enter_income_change(*, application: IncomeApplication, was_judged: bool, actor: Actor, at: datetime) -> None:
    """Enter a transfer, an exit or a cancellation: rows are closed and replaced, certificates recalled and issued anew.

    Args: ``was_judged`` says that a person has decided what no document of the zone speaks of.
    Locks: Party (the collective), then the number series. Raises: IncomeNotFit, IncomePassesTotal.
    """
    day, of = legal_day(at), locked_collective(application.collective_id)
    assert application.holder_id is not None
    assert application.shares_hundredths is not None
    ruling = asked(application, day=day).ruling
    left_to_person = was_judged and ruling.value is None and ruling.missing == (CAUSES,)
    if ruling.value is not True and not left_to_person:
        raise IncomeNotFit(why="；".join(step.finding for step in ruling.steps if not step.ok))
    row = standing_right(of.pk, application.holder_id, day=day)
    assert row is not None, "the rule has found what it holds"
    source, moved = _source(application), application.shares_hundredths
    changed: list[IncomeRight] = []
    with held_by_the_database(_named(of)):
        rest = row.shares_hundredths - moved
        end_rows([row], on=day, at=at)
        if rest:
            changed.append(_again(row, rest, row.cause, source, application, at))
        if application.taker_id is not None:
            changed.append(_given(row.collective_id, application, source, at))
    holders = [row.holder_id, *([application.taker_id] if application.taker_id else [])]
    reason = (
        f"{IncomeCause(application.cause).title}，按新的份额换发" if changed else IncomeCause(application.cause).title
    )
    _recall(of, holders, reason=reason, actor=actor, at=at)
    _certify(of, changed, on=day, at=at)
    facts = {
        "collective": of.pk, "holder": row.holder_id, "taker": application.taker_id, "cause": application.cause,
        "hundredths": moved, "on": day,
    }  # fmt: skip
    record(verb="registry.income.changed", subject=row, actor=actor, at=at, facts=facts, division=of.division_id)


def _given(collective_id: int, application: IncomeApplication, source: int, at: datetime) -> IncomeRight:
    """What the other side holds now: what it was given, with what it had."""
    assert application.taker_id is not None
    assert application.shares_hundredths is not None
    day = legal_day(at)
    had = standing_right(collective_id, application.taker_id, day=day)
    if had is not None:
        end_rows([had], on=day, at=at)
        whole = had.shares_hundredths + application.shares_hundredths
        return _again(had, whole, application.cause, source, application, at)
    return IncomeRight.objects.create(
        collective_id=collective_id, holder_id=application.taker_id, shares_hundredths=application.shares_hundredths,
        cause=application.cause, source_id=source, case_id=application.pk, valid=DateRange(day, None),
        recorded=DateTimeTZRange(at, None),
    )  # fmt: skip


def _again(
    row: IncomeRight, hundredths: int, cause: str, source: int, application: IncomeApplication, at: datetime
) -> IncomeRight:
    return IncomeRight.objects.create(
        collective_id=row.collective_id, holder_id=row.holder_id, shares_hundredths=hundredths, cause=cause,
        source_id=source, case_id=application.pk, valid=DateRange(legal_day(at), None),
        recorded=DateTimeTZRange(at, None),
    )  # fmt: skip


def _source(application: IncomeApplication) -> int:
    return keep_source(
        kind=_SOURCES.get(IncomeCause(application.cause), SourceKind.APPLICATION), title=application.source_title,
        number=application.source_number, issued_on=application.source_issued_on,
        division=application.collective.division_id, case_id=application.pk,
    ).pk  # fmt: skip


def _named(of: Party) -> dict[str, DomainError]:
    return {
        "income_shares_within_total": IncomePassesTotal(collective=of.name),
        "income_shares_once_per_time": IncomeSharesStand(collective=of.name),
        "income_holder_is_of_the_collective": IncomeNotFit(why="取得一方不是本集体的农户"),
    }


def _certify(of: Party, rows: Sequence[IncomeRight], *, on: date, at: datetime) -> list[IncomeCertificate]:
    """Number and issue the certificates of these rights. Locks: the series."""
    if not rows:
        return []
    head, first = take_series(WORD, county=county_of(of.division_id), year=on.year, count=len(rows))
    return IncomeCertificate.objects.bulk_create(
        IncomeCertificate(
            number=f"{head}{first + nth:07d}号", collective_id=row.collective_id, holder_id=row.holder_id,
            shares_hundredths=row.shares_hundredths, issued_on=on, issued_at=at,
        )
        for nth, row in enumerate(rows)
    )  # fmt: skip


def _recall(of: Party, holders: Iterable[int], *, reason: str, actor: Actor, at: datetime) -> None:
    """Certificates of these holders go back; whoever checks the code of their papers learns it."""
    rows = IncomeCertificate.objects.filter(
        collective__in=same_parties([of.pk]), holder__in=same_parties(list(holders))
    )
    rows = rows.filter(recalled_on=None).order_by("pk")
    for one in rows:
        one.recalled_on, one.recalled_at, one.recall_reason = legal_day(at), at, reason[:120]
        one.save(update_fields=["recalled_on", "recalled_at", "recall_reason"])
        if one.paper_id is not None:
            revoke_paper(paper_id=one.paper_id, reason=f"证书已收回：{reason}", actor=actor, at=at)


@transaction.atomic
def print_income_certificate(*, certificate_id: int, actor: Actor, at: datetime) -> Paper:
    """The paper of a certificate with its code to check (打印); printed again it is the same paper.

    Locks: Party (the collective), the number series. Raises: IncomeCertificateNotFound, CertificateVoid, GlyphMissing.
    """
    seen = IncomeCertificate.objects.visible_to(actor).filter(pk=certificate_id).first()
    if seen is None:
        raise IncomeCertificateNotFound(certificate=certificate_id)
    of = locked_collective(seen.collective_id)
    found = IncomeCertificate.objects.select_related("holder", "paper").get(pk=seen.pk)
    if found.paper is not None:
        return found.paper
    if found.recalled_on is not None:
        raise CertificateVoid(number=found.number, day=found.recalled_on)
    found.paper = issue_paper(
        PAPER, facts=certificate_facts(found, of), division=of.division_id,
        subject=(found._meta.label_lower, found.pk), actor=actor, at=at,
    )  # fmt: skip
    found.save(update_fields=["paper"])
    facts = {"paper": found.paper.pk}
    record(
        verb="registry.income.certificate_printed", subject=found, actor=actor, at=at, facts=facts,
        division=of.division_id,
    )  # fmt: skip
    return found.paper


def certificate_facts(found: IncomeCertificate, of: Party) -> dict[str, Any]:
    """What the certificate says: who holds how many of how many, as on the day of issue."""
    total = total_of(of.pk, day=found.issued_on)
    row = standing_right(of.pk, found.holder_id, day=found.issued_on)
    return {
        "number": found.number, "holder": found.holder.name, "collective": of.name, "village": of.division.name,
        "shares": share_words(found.shares_hundredths), "total": "" if total is None else share_words(total),
        "cause": IncomeCause(row.cause).title if row is not None else "",
        "source": row.source.title if row is not None else "", "issued": found.issued_on.isoformat(),
    }  # fmt: skip
