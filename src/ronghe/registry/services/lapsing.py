"""失效: an objection without a suit, an advance notice that nobody acts on. The clock lifts them, and says so."""

from datetime import date, datetime, timedelta

from django.db import transaction

from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.policy import queries as policy
from ronghe.policy.rules.periods import DAYS, Calendar, period_end

from ..errors import LapseFactUnfit
from ..models import RRR, ApplicationEntry, LapseFact, Restriction
from ..rules.kinds import RestrictionKind, SourceKind
from .announcing import was_applied_for
from .printing import void_papers
from .proofs import recall_of
from .rights import lift
from .sources import keep_source
from .writing import locked_rrr, locked_units

#: What lapses, the parameter that says after how many days, and the fact on which that depends.
_DAYS = {
    RestrictionKind.OBJECTION: "registration.objection.lapse_days",
    RestrictionKind.ADVANCE_NOTICE: "registration.advance_notice.lapse_days",
}
_FACT_OF = {
    RestrictionKind.OBJECTION: LapseFact.Kind.SUIT,
    RestrictionKind.ADVANCE_NOTICE: LapseFact.Kind.REGISTRABLE,
}
_REASONS = {
    RestrictionKind.OBJECTION: "异议登记申请人在法定期限内没有起诉，异议登记失效",
    RestrictionKind.ADVANCE_NOTICE: "自能够进行不动产登记之日起期满未申请登记，预告登记失效",
}


@transaction.atomic
def record_lapse_fact(*, rrr_id: int, on: date, text: str, actor: Actor, at: datetime) -> LapseFact:
    """That a suit was brought on an objection, or that what was announced can be registered now. Locks: BAUnit.

    A repeat changes nothing. Raises: RightNotFound, LapseFactUnfit.
    """
    rrr = locked_rrr(rrr_id, RRR.Sort.RESTRICTION)
    kind = RestrictionKind(rrr.kind)
    fact = _FACT_OF.get(kind)
    if fact is None:
        raise LapseFactUnfit(rrr=rrr.pk, fact="影响失效的事实", why=f"“{kind.title}”不因期满失效")
    rows = Restriction.objects.current().filter(rrr=rrr, valid__contains=legal_day(at)).order_by("-valid")
    row = rows.first()
    if row is None:
        raise LapseFactUnfit(rrr=rrr.pk, fact=fact.label, why="它已经失效或注销")
    if on > legal_day(at) or (row.valid.lower is not None and on < row.valid.lower):
        raise LapseFactUnfit(rrr=rrr.pk, fact=fact.label, why=f"日期 {on} 应在登记之日以后、今天以前")
    if not text.strip():
        raise LapseFactUnfit(rrr=rrr.pk, fact=fact.label, why="没有写凭证，例如案号")
    made, is_new = LapseFact.objects.get_or_create(
        rrr=rrr, kind=fact, defaults={"on": on, "text": " ".join(text.split())[:200], "at": at}
    )
    if is_new:
        facts = {"rrr": rrr.pk, "kind": fact.value, "on": on}
        unit = rrr.baunit
        record(
            verb="registry.restriction.kept", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id
        )
    return made


def lapse_restrictions(*, at: datetime) -> int:
    """Lift what has lapsed by today; returns how many. Each in a transaction of its own; a repeat lifts none.

    Source: 民法典 第二百二十条第二款, 第二百二十一条第二款; the last day of a period rolls over a holiday (第二百零三条).
    """
    day, known = legal_day(at), policy.calendar()
    rows = Restriction.objects.current().as_of(day).filter(kind__in=[int(kind) for kind in _DAYS])
    done = 0
    for rrr_id in rows.order_by("rrr").values_list("rrr_id", flat=True):
        done += _lapse(rrr_id, day, known, at)
    void_papers(None, actor=SYSTEM, at=at)
    return done


@transaction.atomic
def _lapse(rrr_id: int, day: date, known: Calendar, at: datetime) -> int:
    rrr = locked_rrr(rrr_id, RRR.Sort.RESTRICTION)
    row = Restriction.objects.current().as_of(day).filter(rrr=rrr).first()
    last = _last_day(rrr, row, known) if row is not None else None
    if last is None or day <= last:
        return 0
    unit = locked_units(rrr.baunit_id)[0]
    kind, on = RestrictionKind(rrr.kind), last + timedelta(days=1)
    source = keep_source(kind=SourceKind.OTHER, title=_REASONS[kind], issued_on=on, division=unit.division_id)
    lift(rrr_id=rrr.pk, on=on, source_id=source.pk, actor=SYSTEM, at=at)
    recall_of(unit, on=on, at=at, reason=f"{kind.title}登记失效", rrrs=[rrr.pk])
    facts = {"rrr": rrr.pk, "kind": int(kind), "last_day": last}
    record(
        verb="registry.restriction.lapsed", subject=unit, actor=SYSTEM, at=at, facts=facts, division=unit.division_id
    )
    return 1


def _last_day(rrr: RRR, row: Restriction, known: Calendar) -> date | None:
    """The last day on which an objection or an advance notice has effect, while nothing keeps it alive; else None.

    A notice is kept alive by an application in time for what it announced, until that is refused or taken back.
    """
    kind = RestrictionKind(rrr.kind)
    fact = LapseFact.objects.filter(rrr=rrr, kind=_FACT_OF[kind]).first()
    begins = row.valid.lower if kind is RestrictionKind.OBJECTION else fact.on if fact else None
    if begins is None:
        return None
    days = _lapse_days(rrr, _DAYS[kind], on=begins)
    if days is None:
        return None
    last = period_end(begins, days, DAYS, known).day
    if kind is RestrictionKind.OBJECTION and fact is not None and fact.on <= last:
        return None  # a suit was brought in time: the objection stands until the court has spoken
    if kind is RestrictionKind.ADVANCE_NOTICE and was_applied_for(row, until=last):
        return None
    return last


def _lapse_days(rrr: RRR, parameter: str, *, on: date) -> int | None:
    entry = ApplicationEntry.objects.filter(rrr=rrr).select_related("application__case__zone").order_by("pk").first()
    zone = entry.application.case.zone if entry is not None else None
    found = policy.values_in_force(zone, on=on, parameters=[parameter]).get(parameter)
    return found.value if found is not None and isinstance(found.value, int) else None
