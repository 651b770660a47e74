"""Persons: registered by their document, or by name and birthday while they have none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit

from .. import rules
from ..errors import BirthdayRequired, FactsDisagree, NameInvalid
from ..models import Party, PartyIdentifier
from .identifiers import accepted, write_identifier
from .writing import locked, name_of, new_party, refuse_day, refuse_inactive, refuse_kind

Kind = PartyIdentifier.Kind


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is registered in the course of another act."""

    name: str
    identity: str = ""
    document: str = ""
    telephone: str = ""
    birth_date: date | None = None
    sex: str = ""

    @property
    def numbers(self) -> Mapping[str, str]:
        return {Kind.IDENTITY: self.identity, Kind.DOCUMENT: self.document, Kind.TELEPHONE: self.telephone}


@transaction.atomic
def register_person(
    *, new: NewPerson, division: str, actor: Actor, at: datetime, bank_account: str = "", is_demo: bool = False
) -> Party:
    """Register a person; birthday and sex come from the identity number where there is one.

    Raises: NameInvalid, NumberInvalid, NumberTaken, NumberTakenElsewhere, BirthdayRequired, FactsDisagree, DayInvalid.
    """
    return write_person(
        new, division=division, actor=actor, at=at, is_demo=is_demo, more={Kind.BANK_ACCOUNT: bank_account}
    )


def write_person(
    new: NewPerson,
    *,
    division: str,
    actor: Actor,
    at: datetime,
    is_demo: bool = False,
    more: Mapping[str, str] | None = None,
) -> Party:
    """The same within the transaction of another act."""
    name = name_of(new.name)
    numbers = {
        kind: accepted(kind, text, party_kind=Party.Kind.PERSON, at=at)
        for kind, text in {**new.numbers, **(more or {})}.items()
        if text.strip()
    }
    born, sex = _facts(new, numbers.get(Kind.IDENTITY), at)
    party = new_party(Party.Kind.PERSON, name, division=division, at=at, is_demo=is_demo, birth_date=born, sex=sex)
    for kind, number in numbers.items():
        write_identifier(party, kind, number, actor=actor, at=at)
    audit.record(
        verb="parties.party.registered",
        subject=party,
        actor=actor,
        at=at,
        facts={"kind": party.kind, "numbers": [str(kind) for kind in numbers]},
    )
    return party


def _facts(new: NewPerson, identity: rules.Checked | None, at: datetime) -> tuple[date, str]:
    """Birthday and sex. Raises: BirthdayRequired, FactsDisagree, DayInvalid."""
    if new.sex not in ("", *Party.Sex.values):
        raise NameInvalid(name=new.name, why="性别只能是男或女")
    if identity is None:
        if new.birth_date is None:
            raise BirthdayRequired()
        refuse_day(new.birth_date, what="出生", at=at)
        return new.birth_date, new.sex
    assert identity.born is not None  # a sound number has a birthday
    if new.birth_date not in (None, identity.born):
        raise FactsDisagree(what="出生日期", expected=identity.born)
    if new.sex not in ("", identity.sex):
        raise FactsDisagree(what="性别", expected=Party.Sex(identity.sex).label)
    return identity.born, identity.sex


def person_of(person: int | NewPerson, *, division: str, actor: Actor, at: datetime, is_demo: bool = False) -> Party:
    """Somebody who is registered already (locked), or is now. Raises: PartyNotFound, PartyNotActive, KindUnfit."""
    if isinstance(person, NewPerson):
        return write_person(person, division=division, actor=actor, at=at, is_demo=is_demo)
    [found] = locked(person)
    refuse_kind(found, Party.Kind.PERSON)
    refuse_inactive(found)
    return found
