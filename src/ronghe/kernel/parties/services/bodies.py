"""Bodies: collectives, cooperatives, enterprises, agencies, banks, and who represents them."""

from datetime import date, datetime

from django.apps import apps
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit
from ronghe.kernel.clock import legal_day

from ..errors import DivisionUnfit, LaterChange
from ..models import Party, PartyIdentifier, Representative
from .identifiers import accepted, write_identifier
from .persons import NewPerson, person_of
from .writing import close, locked, name_of, new_party, refuse_day, refuse_inactive, refuse_kind, write_again

Kind = PartyIdentifier.Kind


@transaction.atomic
def register_body(
    *,
    kind: Party.Kind,
    name: str,
    division: str,
    uscc: str,
    actor: Actor,
    at: datetime,
    telephone: str = "",
    bank_account: str = "",
    representative: int | NewPerson | None = None,
    is_demo: bool = False,
) -> Party:
    """Register a body; a collective lies in its village, or in its town where it is the town's.

    A code may be missing: a collective exists before its certificate. Locks: Party (the representative).
    Raises: NameInvalid, DivisionUnfit, NumberInvalid, NumberTaken, NumberTakenElsewhere, PartyNotFound, KindUnfit.
    """
    called = name_of(name)
    refuse_division(division, kind)
    texts = {Kind.USCC: uscc, Kind.TELEPHONE: telephone, Kind.BANK_ACCOUNT: bank_account}
    numbers = {k: accepted(k, text, party_kind=kind, at=at) for k, text in texts.items() if text.strip()}
    party = new_party(kind, called, division=division, at=at, is_demo=is_demo)
    for number_kind, number in numbers.items():
        write_identifier(party, number_kind, number, actor=actor, at=at)
    if representative is not None:
        person = person_of(representative, division=division, actor=actor, at=at, is_demo=is_demo)
        _represent(party, person, on=legal_day(at), at=at)
    facts = {"kind": party.kind, "numbers": [str(number_kind) for number_kind in numbers]}
    audit.record(verb="parties.party.registered", subject=party, actor=actor, at=at, facts=facts)
    return party


def refuse_division(division: str, kind: Party.Kind) -> None:
    """Raises: DivisionUnfit."""
    rows = apps.get_model("regions", "Division").objects.filter(code=division)
    level = rows.values_list("level", flat=True).first()
    if level is None:
        raise DivisionUnfit(division=division, kind=kind.label, why="没有这个区划")
    if kind == Party.Kind.COLLECTIVE and level not in ("village", "town"):
        raise DivisionUnfit(division=division, kind=kind.label, why="应登记在所在的村或镇")
    if kind == Party.Kind.HOUSEHOLD and level != "village":
        raise DivisionUnfit(division=division, kind=kind.label, why="应登记在所在的村（社区）")


@transaction.atomic
def set_representative(
    *, body_id: int, person: int | NewPerson, on: date, actor: Actor, at: datetime
) -> Representative:
    """A body is represented by somebody else from a day on. A repeat changes nothing. Locks: Party (both, by number).

    Raises: PartyNotFound, PartyNotActive, KindUnfit, DayInvalid, LaterChange.
    """
    body = locked(body_id, person)[0] if isinstance(person, int) else locked(body_id)[0]
    refuse_kind(body, *Party.BODIES)
    refuse_inactive(body)
    refuse_day(on, what="变更法定代表人", at=at)
    somebody = person_of(person, division=body.division_id, actor=actor, at=at, is_demo=body.is_demo)
    row = _represent(body, somebody, on=on, at=at)
    if row.recorded.lower == at:
        facts = {"person": somebody.pk, "on": on}
        audit.record(verb="parties.representative.set", subject=body, actor=actor, at=at, facts=facts)
    return row


def _represent(body: Party, person: Party, *, on: date, at: datetime) -> Representative:
    last = Representative.objects.current().filter(body=body, valid__upper_inf=True).first()
    if last is not None:
        if last.person_id == person.pk:
            return last
        if on < last.valid.lower:
            raise LaterChange(name=body.name, day=on)
        close(last, at)
        if on > last.valid.lower:
            write_again(last, at, valid=DateRange(last.valid.lower, on))
    return Representative.objects.create(
        body=body, person=person, valid=DateRange(on, None), recorded=DateTimeTZRange(at, None)
    )


@transaction.atomic
def end_body(*, party_id: int, on: date, actor: Actor, at: datetime) -> Party:
    """A body was dissolved or struck off. Locks: Party. Raises: PartyNotFound, PartyNotActive, KindUnfit, DayInvalid."""
    [party] = locked(party_id)
    refuse_kind(party, *Party.BODIES)
    refuse_inactive(party)
    refuse_day(on, what="终止", at=at)
    party.state, party.ended_on = Party.State.ENDED, on
    party.save(update_fields=["state", "ended_on"])
    audit.record(verb="parties.party.ended", subject=party, actor=actor, at=at, facts={"on": on})
    return party
