"""Rows of membership: how one begins and ends. For the acts in ``households`` and ``heads``, which hold the locks."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.db import refuses

from .. import rules
from ..errors import AlreadyMember, HeadNeeded, HeadTaken, LaterChange, NotMember, RelationInvalid
from ..models import HouseholdMember, Party
from .persons import NewPerson, person_of
from .writing import close, locked, refuse_inactive, refuse_kind, write_again

Cause = HouseholdMember.Cause


def lock_household(
    household_id: int, person: int | NewPerson, *others: int, actor: Actor, at: datetime
) -> tuple[Party, Party]:
    """The household and the person, locked with all others in the order of their numbers; a new person is registered.

    Raises: PartyNotFound, PartyNotActive, KindUnfit.
    """
    known = [person] if isinstance(person, int) else []
    household, *rest = locked(household_id, *known, *others)
    refuse_kind(household, Party.Kind.HOUSEHOLD)
    refuse_inactive(household)
    if known:
        refuse_kind(rest[0], Party.Kind.PERSON)
        refuse_inactive(rest[0])
        return household, rest[0]
    new = person_of(person, division=household.division_id, actor=actor, at=at, is_demo=household.is_demo)
    return household, new


def held(person: Party, day: date) -> HouseholdMember | None:
    """The membership of a person on a day."""
    rows = HouseholdMember.objects.current().as_of(day).select_related("household")
    return rows.filter(person=person).first()


def members_on(household: Party, day: date) -> list[HouseholdMember]:
    """Everybody in the household on a day, head first."""
    rows = HouseholdMember.objects.current().as_of(day).select_related("person", "household")
    return list(rows.filter(household=household))


def member_on(household: Party, person: Party, day: date) -> HouseholdMember:
    """Raises: NotMember, LaterChange."""
    row = held(person, day)
    if row is None or row.household_id != household.pk:
        raise NotMember(person=person.name, household=household.name, day=day)
    refuse_later(person, day)
    return row


def refuse_member(person: Party, day: date) -> None:
    """Raises: AlreadyMember, LaterChange."""
    if row := held(person, day):
        raise AlreadyMember(person=person.name, household=row.household.name, day=day)
    refuse_later(person, day)


def refuse_later(person: Party, day: date) -> None:
    """What is recorded of later days must be mended first. Raises: LaterChange."""
    rows = HouseholdMember.objects.current().filter(person=person)
    if (
        rows.filter(valid__startswith__gt=day).exists()
        or rows.filter(valid__contains=day, valid__upper_inf=False).exists()
    ):
        raise LaterChange(name=person.name, day=day)


def refuse_headless(row: HouseholdMember, day: date, *, leaving: Sequence[int] = ()) -> None:
    """A household with members has a head. Raises: HeadNeeded."""
    gone = {row.person_id, *leaving}
    if row.is_head and any(one.person_id not in gone for one in members_on(row.household, day)):
        raise HeadNeeded(person=row.person.name, household=row.household.name)


def checked_relation(person: Party, relation: str, *, may_be_head: bool = False) -> str:
    """Raises: RelationInvalid."""
    shown = rules.RELATIONS.get(relation, relation)
    if relation not in rules.RELATIONS:
        raise RelationInvalid(person=person.name, relation=shown, why="没有这个关系代码")
    if relation == rules.HEAD and not may_be_head:
        raise RelationInvalid(person=person.name, relation=shown, why="户主请用“户主变更”办理")
    if not rules.fits_sex(relation, person.sex):
        raise RelationInvalid(person=person.name, relation=shown, why=f"此人性别为{person.get_sex_display()}")
    return relation


def begin(
    household: Party, person: Party, *, relation: str, on: date, cause: HouseholdMember.Cause, at: datetime
) -> HouseholdMember:
    """A person is in the household from a day on. Raises: AlreadyMember, HeadTaken."""
    named = {
        "household_member_in_one_household": AlreadyMember(person=person.name, household=household.name, day=on),
        "household_has_one_head": HeadTaken(household=household.name),
    }
    with refuses(named):
        return HouseholdMember.objects.create(
            household=household,
            person=person,
            relation=relation,
            is_head=relation == rules.HEAD,
            begun_by=cause,
            valid=DateRange(on, None),
            recorded=DateTimeTZRange(at, None),
        )


def end(row: HouseholdMember, *, on: date, cause: HouseholdMember.Cause, at: datetime) -> None:
    """A membership holds until the day before ``on``; from its very first day on, it never was."""
    close(row, at)
    if on > row.valid.lower:
        write_again(row, at, valid=DateRange(row.valid.lower, on), ended_by=cause)


def end_if_empty(household: Party, *, on: date) -> None:
    """A household without members is no more (消亡户)."""
    if not HouseholdMember.objects.current().filter(household=household, valid__upper_inf=True).exists():
        household.state, household.ended_on = Party.State.ENDED, on
        household.save(update_fields=["state", "ended_on"])
