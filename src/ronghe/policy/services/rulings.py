"""Commands on rules: bringing the rulebook of a pack in step, entering a local value, keeping a ruling."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.db import refuses
from ronghe.kernel.errors import Conflict, Invalid

from .. import queries
from ..models import (
    Clause,
    KeptRuling,
    Matter,
    Parameter,
    ParameterValue,
    PolicyDocument,
    RuleItem,
    RuleStatement,
    SpecialDay,
    ValueClause,
    Zone,
)
from ..packs import Pack, ValueFacts
from ..values import HINTS, BadValue, Kind, parse, typed
from .syncing import Loaded, sync

Clauses = Mapping[tuple[str, str], Clause]

#: What a column of a value holds.
MOST_CHARACTERS = 200


class LocalValueInvalid(Invalid):
    """A local value that the parameter cannot take, or that lacks its source."""

    code = "policy.local_value_invalid"
    message = "参数“{title}”的值没有录入：{why}。{hint}。"


class LocalValueExists(Conflict):
    """A local value for this day stands already."""

    code = "policy.local_value_exists"
    message = "参数“{title}”自 {starts} 起已有本地录入的值，同一天只能有一个。请先撤下原值，或改用另一个起始日。"


def load_rulebook(
    pack: Pack, zone: Zone | None, documents: Mapping[str, PolicyDocument], clauses: Clauses, *, at: datetime
) -> Loaded:
    """Bring what a pack says of rules in step; ``zone`` is None for the national pack. What a person entered stays."""
    done = Loaded(pack.zone.slug)
    if zone is None:
        done += sync(
            Matter.objects.all(),
            {(m.key,): {"title": m.title, "order": n} for n, m in enumerate(pack.matters, start=1)},
            ("key",),
        )
        done += sync(
            RuleItem.objects.all(),
            {
                (r.id,): {
                    "title": r.title,
                    "room": r.room,
                    "modules": list(r.modules),
                    "scope": r.scope,
                    "matter_id": r.matter,
                    "without": r.without,
                }
                for r in pack.rules
            },
            ("id",),
        )
        done += _load_workdays(pack, at=at)
    done += sync(
        Parameter.objects.filter(pack=pack.zone.slug),
        {
            (d.id,): {
                "title": d.title,
                "kind": d.kind.value,
                "unit": d.unit,
                "basis": d.basis,
                "room": d.room,
                "matter_id": d.matter,
                "choices": list(d.choices),
                "meaning": d.meaning,
            }
            for d in pack.definitions
        },
        ("id",),
        {"pack": pack.zone.slug},
    )
    if zone is not None:
        done += _load_statements(pack, documents, clauses)
    return done + _load_values(pack, zone, clauses, at=at)


def _load_statements(pack: Pack, documents: Mapping[str, PolicyDocument], clauses: Clauses) -> Loaded:
    rows = RuleStatement.objects.filter(document__in=list(documents.values()))
    done = sync(rows, {(s.rule, documents[s.document].pk): {} for s in pack.statements}, ("rule_id", "document_id"))
    stored = {(s.rule_id, s.document_id): s for s in rows.prefetch_related("clauses")}
    for facts in pack.statements:
        statement = stored[facts.rule, documents[facts.document].pk]
        wanted = {clauses[facts.document, label].pk for label in facts.labels}
        if wanted != {clause.pk for clause in statement.clauses.all()}:
            statement.clauses.set(wanted)
    return done


def _load_values(pack: Pack, zone: Zone | None, clauses: Clauses, *, at: datetime) -> Loaded:
    """Take back what the pack no longer says, and add what it says now: no row is changed."""
    laws = {
        (clause.document.key, clause.label): clause
        for clause in Clause.objects.filter(document__zone=None).select_related("document")
    }
    index = {**laws, **clauses}
    stored = {
        (value.parameter_id, value.starts): value
        for value in ParameterValue.objects.in_force()
        .filter(zone=zone, origin=ParameterValue.Origin.PACK)
        .prefetch_related("cites")
    }
    new: list[tuple[ParameterValue, list[Clause]]] = []
    kept: set[int] = set()
    for facts in pack.values:
        cited = [index[cite.document, cite.path] for cite in facts.cites]
        old = stored.get((facts.parameter, facts.starts))
        if old is not None and _is_same(old, facts, cited):
            kept.add(old.pk)
        else:
            new.append((_from_pack(facts, zone, at), cited))
    gone = [value.pk for value in stored.values() if value.pk not in kept]
    ParameterValue.objects.filter(pk__in=gone).update(withdrawn_at=at)
    ParameterValue.objects.bulk_create([value for value, _ in new])
    _cite(new)
    replaced = len(gone) - len(stored.keys() - {(f.parameter, f.starts) for f in pack.values})
    return Loaded(pack.zone.slug, added=len(new) - replaced, changed=replaced, removed=len(gone) - replaced)


def _is_same(old: ParameterValue, facts: ValueFacts, cited: list[Clause]) -> bool:
    return (old.status, old.in_use, tuple(old.written), tuple(old.rules), old.source) == (
        facts.status,
        facts.in_use,
        facts.written,
        facts.rules,
        facts.source,
    ) and [cite.clause_id for cite in old.cites.all()] == [clause.pk for clause in cited]


def _from_pack(facts: ValueFacts, zone: Zone | None, at: datetime) -> ParameterValue:
    return ParameterValue(
        parameter_id=facts.parameter,
        zone=zone,
        origin=ParameterValue.Origin.PACK,
        starts=facts.starts,
        status=facts.status,
        in_use=facts.in_use,
        written=list(facts.written),
        rules=list(facts.rules),
        source=facts.source,
        recorded_at=at,
    )


def _cite(values: Iterable[tuple[ParameterValue, list[Clause]]]) -> None:
    ValueClause.objects.bulk_create(
        ValueClause(value=value, clause=clause, order=n)
        for value, cited in values
        for n, clause in enumerate(cited, start=1)
    )


def _load_workdays(pack: Pack, *, at: datetime) -> Loaded:
    """The announced days; a day or a whole year that a person entered stays as entered."""
    local, packed = (
        set(SpecialDay.objects.filter(origin=origin).values_list("day", flat=True))
        for origin in (ParameterValue.Origin.LOCAL, ParameterValue.Origin.PACK)
    )
    entered_years = {day.year for day in local} - {day.year for day in packed}
    return sync(
        SpecialDay.objects.filter(origin=ParameterValue.Origin.PACK),
        {
            (w.day,): {
                "kind": SpecialDay.Kind.WORKDAY if w.is_work else SpecialDay.Kind.HOLIDAY,
                "name": w.name,
                "source": w.source,
            }
            for w in pack.workdays
            if w.day not in local and w.day.year not in entered_years
        },
        ("day",),
        {"origin": ParameterValue.Origin.PACK, "recorded_at": at},
    )


@transaction.atomic
def enter_local_value(
    *,
    parameter_id: str,
    zone: Zone,
    starts: date,
    written: Iterable[str],
    source: str,
    actor: Actor,
    at: datetime,
) -> ParameterValue:
    """A person enters what the zone has decided: a local row above the pack's, with author, day and source.

    Locks: none; the constraint lets one of two entries for the same day through.
    Raises: ParameterNotFound, LocalValueInvalid, LocalValueExists.
    """
    parameter = queries.parameter(parameter_id)
    kind = Kind(parameter.kind)
    texts = tuple(typed(kind, line) for line in written if line.strip())
    if not source.strip():
        raise LocalValueInvalid(title=parameter.title, why="没有写来源", hint="写明定值的文件名、文号或会议")
    if max(map(len, (source.strip(), *texts))) > MOST_CHARACTERS:
        why = f"来源或值超过 {MOST_CHARACTERS} 个字"
        raise LocalValueInvalid(title=parameter.title, why=why, hint="写短一些，只留文件名、文号和数值")
    try:
        parse(kind, texts, choices=parameter.choices)
    except BadValue as error:
        raise LocalValueInvalid(title=parameter.title, why=str(error), hint=HINTS[kind]) from error
    ruled = queries.value_in_force(parameter, zone, on=starts)
    with (
        refuses({"parameter_one_value_a_day": LocalValueExists(title=parameter.title, starts=starts)}),
        transaction.atomic(),
    ):
        value = ParameterValue.objects.create(
            parameter=parameter,
            zone=zone,
            origin=ParameterValue.Origin.LOCAL,
            starts=starts,
            status=ParameterValue.Status.SET,
            written=list(texts),
            rules=ruled.rules if ruled else [],
            source=source.strip(),
            author_id=actor.user_id,
            recorded_at=at,
        )
    if ruled is not None:
        # The clause that orders the value stays its basis; the source says who has fixed the figure.
        _cite([(value, [cite.clause for cite in ruled.cites.select_related("clause")])])
    record(
        verb="policy.value.entered",
        subject=value,
        actor=actor,
        at=at,
        division=zone.seat_id,
        facts={
            "parameter": parameter.pk,
            "starts": starts,
        },  # the value itself stands in the row, which is never changed
    )
    return value


@transaction.atomic
def take_back_local_value(*, value_id: int, actor: Actor, at: datetime) -> ParameterValue:
    """Take a local value back; what it was stays on record. Locks: the value. Raises: LocalValueNotFound."""
    value = (
        ParameterValue.objects.in_force()
        .select_for_update(of=("self",))
        .filter(pk=value_id, origin=ParameterValue.Origin.LOCAL)
        .first()
    )
    if value is None:
        raise queries.LocalValueNotFound(value_id=value_id)
    assert value.zone is not None  # the database holds that what a person enters is a zone's
    value.withdrawn_at = at
    value.save(update_fields=["withdrawn_at"])
    record(
        verb="policy.value.taken_back",
        subject=value,
        actor=actor,
        at=at,
        division=value.zone.seat_id,
        facts={"parameter": value.parameter_id, "starts": value.starts},
    )
    return value


@transaction.atomic
def keep_ruling(*, answer: "queries.Answer", subject: str = "", actor: Actor, at: datetime) -> KeptRuling:
    """Keep a ruling with the facts and the parameters that it rested on; :func:`queries.replayed` gives it again."""
    kept = KeptRuling.objects.create(
        zone=answer.zone,
        rule=answer.rule.code,
        title=answer.rule.title,
        on=answer.on,
        facts=answer.stated_facts,
        parameters=[queries.snapshot(value) for value in answer.given.values()],
        verdict=answer.ruling.verdict or "",
        value=queries.plain(answer.ruling.value),
        steps=[queries.plain_step(step) for step in answer.ruling.steps],
        subject=subject[:120],
        actor_user_id=actor.user_id,
        made_at=at,
    )
    record(
        verb="policy.ruling.kept",
        subject=kept,
        actor=actor,
        at=at,
        division=answer.zone.seat_id,
        facts={"rule": kept.rule, "verdict": kept.verdict},
    )
    return kept
