"""Registering very many persons at once, each with a number that was checked: one act, one event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel import crypto
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit
from ronghe.kernel.db import refuses

from .. import rules, sealing
from ..errors import NumberTakenElsewhere
from ..models import HouseholdMember, Party, PartyIdentifier, PartyKey, PartyName
from .heads import HOUSEHOLD_OF
from .identifiers import accepted
from .writing import name_of, set_name

_CHUNK = 2_000
Kind = PartyIdentifier.Kind


@dataclass(frozen=True, slots=True)
class NewHolder:
    """Somebody with a name and an identity number, in a village."""

    name: str
    identity: str
    division: str


@transaction.atomic
def register_many(
    people: Sequence[NewHolder],
    *,
    as_households: bool,
    since: date,
    of: models.Model,
    actor: Actor,
    at: datetime,
    is_demo: bool = False,
) -> list[int]:
    """Register persons, or each as the head of a household of its own; returns the holders, in the order given.

    Args: ``of`` is the row in whose course it happens: the event stands there, with a count and the digest of the parties.
    Raises: NameInvalid, NumberInvalid, NumberTakenElsewhere; then nobody is registered.
    """
    made: list[int] = []
    for start in range(0, len(people), _CHUNK):
        part = people[start : start + _CHUNK]
        persons = _persons(part, at=at, is_demo=is_demo)
        made += [one.pk for one in (_households(persons, since, at=at, is_demo=is_demo) if as_households else persons)]
    if made:
        facts = {"count": len(made), "households": as_households, "parties": audit.digest_of(made)}
        audit.record(verb="parties.many.registered", subject=of, actor=actor, at=at, facts=facts)
    return made


def _named(parties: Sequence[Party], *, at: datetime) -> list[Party]:
    made = Party.objects.bulk_create(parties)
    recorded, always = DateTimeTZRange(at, None), DateRange(None, None)
    PartyName.objects.bulk_create(PartyName(party=one, name=one.name, valid=always, recorded=recorded) for one in made)
    return made


def _persons(people: Sequence[NewHolder], *, at: datetime, is_demo: bool) -> list[Party]:
    numbers = [accepted(Kind.IDENTITY, one.identity, party_kind=Party.Kind.PERSON, at=at) for one in people]
    parties = []
    for one, number in zip(people, numbers, strict=True):
        party = Party(
            kind=Party.Kind.PERSON, division_id=one.division, registered_at=at, is_demo=is_demo, birth_date=number.born,
            sex=number.sex,
        )  # fmt: skip
        set_name(party, name_of(one.name))
        parties.append(party)
    made = _named(parties, at=at)
    keys = [crypto.new_key() for _ in made]
    PartyKey.objects.bulk_create(
        PartyKey(party=one, wrapped=crypto.wrap(key, about=sealing.about_key(one.pk)), made_at=at)
        for one, key in zip(made, keys, strict=True)
    )
    with refuses({"identifier_of_one_party_only": NumberTakenElsewhere(label="居民身份证号", kind="identity")}):
        PartyIdentifier.objects.bulk_create(_identifiers(made, numbers, keys, at))
    return made


def _identifiers(
    made: Sequence[Party], numbers: Sequence[rules.Checked], keys: Sequence[bytes], at: datetime
) -> Iterator[PartyIdentifier]:
    for party, number, key in zip(made, numbers, keys, strict=True):
        row = PartyIdentifier(
            party=party, kind=Kind.IDENTITY, blind=sealing.blind_index(Kind.IDENTITY, number.value),
            masked=rules.masked(number.value, kind=Kind.IDENTITY), warning=number.warned[:400],
            recorded=DateTimeTZRange(at, None),
        )  # fmt: skip
        row.sealed = sealing.sealed(row, number.value, key=key)
        yield row


def _households(heads: Sequence[Party], since: date, *, at: datetime, is_demo: bool) -> list[Party]:
    parties = []
    for head in heads:
        household = Party(kind=Party.Kind.HOUSEHOLD, division_id=head.division_id, registered_at=at, is_demo=is_demo)
        set_name(household, name_of(HOUSEHOLD_OF.format(head=head.name)))
        parties.append(household)
    made = _named(parties, at=at)
    recorded = DateTimeTZRange(at, None)
    HouseholdMember.objects.bulk_create(
        HouseholdMember(
            household=household, person=head, relation=rules.HEAD, is_head=True,
            begun_by=HouseholdMember.Cause.REGISTERED, valid=DateRange(since, None), recorded=recorded,
        )
        for household, head in zip(made, heads, strict=True)
    )  # fmt: skip
    return made
