"""Acts of households: registered, joined, left, married into, grown by a child, split.

Source: 农村土地承包法 第十六条、第五十七条 (户内成员权益；离婚、丧偶妇女); 户口登记条例 第五至十条.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit
from ronghe.kernel.clock import legal_day

from .. import rules
from ..errors import SplitImpossible
from ..models import HouseholdMember, Party
from .bodies import refuse_division
from .heads import HOUSEHOLD_OF
from .identifiers import accepted, write_identifier
from .membership import (
    Cause,
    begin,
    checked_relation,
    end,
    end_if_empty,
    held,
    lock_household,
    member_on,
    members_on,
    refuse_headless,
    refuse_later,
    refuse_member,
)
from .persons import NewPerson, person_of
from .writing import locked, name_of, new_party, refuse_day, refuse_inactive, refuse_kind


@transaction.atomic
def register_household(
    *,
    head: int | NewPerson,
    division: str,
    actor: Actor,
    at: datetime,
    members: Sequence[tuple[int | NewPerson, str]] = (),
    since: date | None = None,
    name: str = "",
    telephone: str = "",
    is_demo: bool = False,
) -> Party:
    """Register a household with its head and other members, from ``since`` on (today when not given).

    Args: ``members`` with their relation to the head; ``name`` is the head's name and 户 unless given.
    Locks: Party (the persons, by number). Raises: DivisionUnfit, NameInvalid, NumberInvalid, NumberTaken,
    PartyNotFound, PartyNotActive, KindUnfit, RelationInvalid, AlreadyMember, LaterChange, DayInvalid.
    """
    on = since or legal_day(at)
    refuse_day(on, what="立户", at=at)
    refuse_division(division, Party.Kind.HOUSEHOLD)
    locked(*sorted(one for one in (head, *(person for person, _ in members)) if isinstance(one, int)))

    def found(one: int | NewPerson) -> Party:
        return person_of(one, division=division, actor=actor, at=at, is_demo=is_demo)

    leader = found(head)
    household = new_party(
        Party.Kind.HOUSEHOLD,
        name_of(name or HOUSEHOLD_OF.format(head=leader.name)),
        division=division,
        at=at,
        is_demo=is_demo,
    )
    if telephone.strip():
        number = accepted("telephone", telephone, party_kind=household.kind, at=at)
        write_identifier(household, "telephone", number, actor=actor, at=at)
    joining = [(leader, rules.HEAD), *((found(one), relation) for one, relation in members)]
    for person, relation in joining:
        refuse_member(person, on)
        checked_relation(person, relation, may_be_head=person.pk == leader.pk)
        begin(household, person, relation=relation, on=on, cause=Cause.REGISTERED, at=at)
    facts = {"kind": household.kind, "members": len(joining)}
    audit.record(verb="parties.party.registered", subject=household, actor=actor, at=at, facts=facts)
    return household


@transaction.atomic
def add_member(
    *,
    household_id: int,
    person: int | NewPerson,
    relation: str,
    on: date,
    actor: Actor,
    at: datetime,
    cause: HouseholdMember.Cause = Cause.MOVE,
) -> HouseholdMember:
    """A person who is in no household joins this one. Locks: Party (both, by number).

    Raises: PartyNotFound, PartyNotActive, KindUnfit, AlreadyMember, LaterChange, RelationInvalid, DayInvalid.
    """
    refuse_day(on, what="迁入", at=at)
    household, somebody = lock_household(household_id, person, actor=actor, at=at)
    refuse_member(somebody, on)
    row = begin(household, somebody, relation=checked_relation(somebody, relation), on=on, cause=cause, at=at)
    _record("joined", household, somebody, on, actor, at, relation=relation, cause=str(cause))
    return row


@transaction.atomic
def leave_member(*, household_id: int, person_id: int, on: date, actor: Actor, at: datetime) -> None:
    """A member moves away; the head only as the last. Locks: Party (both, by number).

    Raises: PartyNotFound, PartyNotActive, NotMember, LaterChange, HeadNeeded, DayInvalid.
    """
    refuse_day(on, what="迁出", at=at)
    household, person = lock_household(household_id, person_id, actor=actor, at=at)
    row = member_on(household, person, on)
    refuse_headless(row, on)
    end(row, on=on, cause=Cause.MOVE, at=at)
    end_if_empty(household, on=on)
    _record("left", household, person, on, actor, at)


@transaction.atomic
def marry_in(
    *, household_id: int, person: int | NewPerson, relation: str, on: date, actor: Actor, at: datetime
) -> HouseholdMember:
    """A person marries into the household and leaves the one it was in, in one act. Locks: Party (all, by number).

    Raises: PartyNotFound, PartyNotActive, KindUnfit, AlreadyMember, LaterChange, HeadNeeded, RelationInvalid, DayInvalid.
    """
    refuse_day(on, what="婚入", at=at)
    old = _home_of(person, on)
    household, somebody = lock_household(household_id, person, *old, actor=actor, at=at)
    wanted = checked_relation(somebody, relation)
    row = held(somebody, on)
    if row is not None and row.household_id != household.pk and row.household_id in old:
        refuse_later(somebody, on)
        refuse_headless(row, on)
        end(row, on=on, cause=Cause.MARRIAGE, at=at)
        end_if_empty(row.household, on=on)
    else:
        refuse_member(somebody, on)
    made = begin(household, somebody, relation=wanted, on=on, cause=Cause.MARRIAGE, at=at)
    facts = {"from_household": row.household_id} if row is not None else {}
    _record("married_in", household, somebody, on, actor, at, relation=relation, **facts)
    return made


def _home_of(person: int | NewPerson, on: date) -> list[int]:
    if not isinstance(person, int):
        return []
    rows = HouseholdMember.objects.current().as_of(on).filter(person=person)
    return list(rows.values_list("household_id", flat=True))


@transaction.atomic
def record_birth(*, household_id: int, child: NewPerson, relation: str, actor: Actor, at: datetime) -> HouseholdMember:
    """A child is born into the household: registered, and a member from its birthday on. Locks: Party (household).

    Raises: PartyNotFound, PartyNotActive, NameInvalid, NumberInvalid, NumberTaken, BirthdayRequired, RelationInvalid.
    """
    household, person = lock_household(household_id, child, actor=actor, at=at)
    assert person.birth_date is not None  # whoever is registered has a birthday
    refuse_day(person.birth_date, what="出生", at=at)
    wanted = checked_relation(person, relation)
    row = begin(household, person, relation=wanted, on=person.birth_date, cause=Cause.BIRTH, at=at)
    _record("born", household, person, person.birth_date, actor, at, relation=relation)
    return row


@transaction.atomic
def split_household(
    *,
    household_id: int,
    head_id: int,
    movers: Mapping[int, str],
    on: date,
    actor: Actor,
    at: datetime,
    name: str = "",
) -> Party:
    """Some members found a household of their own; the old one keeps its head and whoever stays.

    Args: ``movers`` are the persons who go with the new head ``head_id``, and what they are to it.
    Locks: Party (household and movers, by number). Raises: PartyNotFound, PartyNotActive, NotMember, LaterChange,
    HeadNeeded, SplitImpossible, RelationInvalid, DayInvalid.
    """
    refuse_day(on, what="分户", at=at)
    going = {**movers, head_id: rules.HEAD}
    household, *people = locked(household_id, *sorted(going))
    refuse_kind(household, Party.Kind.HOUSEHOLD)
    refuse_inactive(household, *people)
    rows = [member_on(household, person, on) for person in people]
    if len(rows) == len(members_on(household, on)):
        raise SplitImpossible(household=household.name)
    for row in rows:
        refuse_headless(row, on)
        checked_relation(row.person, going[row.person_id], may_be_head=row.person_id == head_id)
        end(row, on=on, cause=Cause.SPLIT, at=at)
    leader = next(person for person in people if person.pk == head_id)
    called = name_of(name or HOUSEHOLD_OF.format(head=leader.name))
    new = new_party(Party.Kind.HOUSEHOLD, called, division=household.division_id, at=at, is_demo=household.is_demo)
    for person in people:
        begin(new, person, relation=going[person.pk], on=on, cause=Cause.SPLIT, at=at)
    facts = {"to_household": new.pk, "members": len(people), "on": on}
    audit.record(verb="parties.household.split", subject=household, actor=actor, at=at, facts=facts)
    facts = {"kind": new.kind, "from_household": household.pk, "members": len(people)}
    audit.record(verb="parties.party.registered", subject=new, actor=actor, at=at, facts=facts)
    return new


def _record(act: str, household: Party, person: Party, on: date, actor: Actor, at: datetime, **facts: object) -> None:
    audit.record(
        verb=f"parties.household.{act}",
        subject=household,
        actor=actor,
        at=at,
        facts={"person": person.pk, "on": on, **facts},
    )
