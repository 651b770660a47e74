"""登记信息查询: what is told of a unit to whoever asks, by the level that the question earns."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from ronghe.kernel.accounts.rules import network_of
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import LEGAL_ZONE, legal_day
from ronghe.kernel.parties import queries as parties
from ronghe.kernel.parties.queries import in_whose_names
from ronghe.kernel.parties.rules import clean_name

from ..errors import QueryHeldOff, QueryNotAnswered, QueryPurposeNeeded
from ..models import BAUnit, BookQuery, Certificate, QueryNetwork, Restriction, Right, SpatialUnitVersion
from ..queries.applications import protected_by
from ..rules import privacy
from ..rules.codes import cleaned, printed
from ..rules.kinds import GroundKind, RestrictionKind, RightKind
from ..rules.privacy import Known, Level


@dataclass(frozen=True, slots=True)
class Question:
    """查询申请: which unit, what is known of its holder, and for what."""

    unit: str = ""
    certificate: str = ""
    name: str = ""
    tail: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """查询结果: the level that was earned, and what is told, by the names of the level's fields."""

    level: Level
    unit_id: int
    told: dict[str, Any]


def ask(question: Question, *, network: str, actor: Actor, at: datetime) -> Answered:
    """Answer a question about a unit.

    What is not there and what does not match is refused alike. Levels 2 and 3 leave a record; level 3 is for whoever
    may see the unit (staff of its place, its holders, whom a restriction protects) and says what for. Staff are not counted by their network.
    Raises: QueryHeldOff, QueryPurposeNeeded, QueryNotAnswered.
    """
    if actor.is_anonymous or actor.on_behalf_of_id is not None:
        count_question(network=network, at=at)
    return _answered(question, actor=actor, at=at)


@transaction.atomic
def count_question(*, network: str, at: datetime) -> None:
    """Count a question before it is looked at, so that many at once cannot pass the limit together.

    Locks: QueryNetwork. Raises: QueryHeldOff.
    """
    row, _ = QueryNetwork.objects.select_for_update().get_or_create(network=network_of(network), defaults={"since": at})
    if at >= row.since + privacy.WITHIN:
        row.since, row.asked = at, 0
    if row.asked >= privacy.MOST_ASKED:
        raise QueryHeldOff(most=privacy.MOST_ASKED, until=(row.since + privacy.WITHIN).astimezone(LEGAL_ZONE))
    row.asked += 1
    row.save(update_fields=["since", "asked"])


@transaction.atomic
def _answered(question: Question, *, actor: Actor, at: datetime) -> Answered:
    on = legal_day(at)
    found = _unit_of(question, on)
    known = _known(question, found, actor, on)
    level = privacy.level_for(known)
    if found is None or level is None:
        if known.is_entitled and not known.has_purpose and not (question.name.strip() or question.tail.strip()):
            raise QueryPurposeNeeded(least=privacy.LEAST_PURPOSE)
        raise QueryNotAnswered()
    told = {name: value for name, value in _facts(found, on).items() if name in privacy.told_at(level)}
    if privacy.GRADES[level].is_recorded:
        purpose = " ".join(question.purpose.split())[:200] if level is Level.WHOLE else ""
        kept = BookQuery.objects.create(baunit=found, level=level, purpose=purpose, user_id=actor.user_id, at=at)
        facts = {"level": int(level), "query": kept.pk}
        record(verb="registry.book.queried", subject=found, actor=actor, at=at, facts=facts, division=found.division_id)
    return Answered(level, found.pk, told)


def _unit_of(question: Question, on: date) -> BAUnit | None:
    """The unit that the code and the certificate name; when both are given they must name the same."""
    code, number = cleaned(question.unit)[:40], "".join(question.certificate.split())[:60]
    units = BAUnit.objects.select_related("division")
    by_code = units.filter(code=code).first() if code else None
    if not number:
        return by_code
    proofs = Certificate.objects.filter(number=number, recalled_on=None, issued_on__lte=on)
    by_number = units.filter(pk__in=proofs.values("baunit")).first()
    if code and by_code is None:
        return None
    return by_number if by_code is None or by_number is None or by_number.pk == by_code.pk else None


def _known(question: Question, found: BAUnit | None, actor: Actor, on: date) -> Known:
    purpose = " ".join(question.purpose.split())
    if found is None:
        return Known()
    rows = list(Right.objects.current().as_of(on).filter(baunit=found).select_related("party"))
    tail = "".join(question.tail.split()).upper()
    knows_tail = False
    if len(tail) == privacy.TAIL:
        identifiers = parties.telling_numbers([row.party_id for row in rows], on=on)
        knows_tail = any(one.upper() == tail for one in parties.tails(list(identifiers.values())))
    name = clean_name(question.name)
    names = {row.party.name for row in rows} | {
        row.party.name.removesuffix("户") for row in rows if row.party.kind == "household"
    }
    return Known(
        knows_code=bool(question.unit.strip()),
        knows_certificate=bool(question.certificate.strip()),
        knows_name=bool(name) and name in names,
        knows_tail=knows_tail,
        is_entitled=_is_entitled(found, actor, on),
        has_purpose=len(purpose) >= privacy.LEAST_PURPOSE,
    )


def _is_entitled(found: BAUnit, actor: Actor, on: date) -> bool:
    """Staff of the place; whoever acts for a party, where it holds a right now (what is sold is no longer its own) or is
    protected by what burdens the unit: 利害关系人, a mortgagee, an objector, whom a notice secures.
    """
    if actor.is_anonymous:
        return False
    if actor.on_behalf_of_id is None:
        return BAUnit.objects.visible_to(actor).filter(pk=found.pk).exists()
    names = in_whose_names(actor.on_behalf_of_id, on=on)
    return (
        Right.objects.current().as_of(on).filter(baunit=found, party__in=names).exists()
        or protected_by(actor.on_behalf_of_id, on=on).filter(baunit=found).exists()
    )


def _facts(unit: BAUnit, on: date) -> dict[str, Any]:
    """Everything that any level tells; the caller leaves out what is not earned."""
    rights = list(Right.objects.current().as_of(on).filter(baunit=unit).select_related("party").order_by("kind", "pk"))
    limits = list(Restriction.objects.current().as_of(on).filter(baunit=unit).order_by("kind", "pk"))
    forms = SpatialUnitVersion.objects.current().as_of(on).filter(spatial_unit__baunits__baunit=unit)
    land = list(forms.exclude(spatial_unit__kind=GroundKind.BUILDING).order_by("pk"))
    proofs = Certificate.objects.filter(baunit=unit, recalled_on=None).order_by("pk")
    first = land[0] if land else None
    return {
        "unit": printed(unit.code),
        "kind": unit.get_kind_display(),
        "village": unit.division.name,
        "area_m2": sum((row.registered_area_m2 for row in land), Decimal(0)),
        "is_burdened": bool(limits),
        "state": "已终止" if unit.is_over else "有效",
        "rights": list(dict.fromkeys(RightKind(row.kind).title for row in rights)),
        "masked_holder": [f"{RightKind(row.kind).title}：{privacy.hidden_name(row.party.name)}" for row in rights],
        "term": [_term(row) for row in rights],
        "restriction_kinds": list(dict.fromkeys(RestrictionKind(row.kind).title for row in limits)),
        "holder": [f"{RightKind(row.kind).title}：{row.party.name}" for row in rights],
        "location": "" if first is None else first.location,
        "boundaries": ""
        if first is None
        else f"东至{first.east or '—'}，南至{first.south or '—'}，西至{first.west or '—'}，北至{first.north or '—'}",
        "restrictions": [
            f"{RestrictionKind(row.kind).title}：{row.text or row.holder or '—'}，{_term(row)}" for row in limits
        ],
        "certificates": [one.number for one in proofs],
    }


def _term(row: Right | Restriction) -> str:
    kind = RightKind(row.kind).title if isinstance(row, Right) else RestrictionKind(row.kind).title
    return f"{kind}：{row.valid.lower} 至 {row.valid.upper or '长期'}"
