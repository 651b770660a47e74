"""Another head of the household, by choice or because the head died."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit

from .. import rules
from ..errors import DayInvalid, RelationsNeeded
from ..models import HouseholdMember, Party
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
)
from .names import write_name
from .writing import locked, refuse_day, refuse_inactive, refuse_kind

#: What a household is called after its head.
HOUSEHOLD_OF = "{head}户"


@transaction.atomic
def change_head(
    *,
    household_id: int,
    person_id: int,
    on: date,
    actor: Actor,
    at: datetime,
    relations: Mapping[int, str] | None = None,
) -> Party:
    """Another member is the head from a day on; everybody's relation is written anew.

    Args: ``relations`` of members to the new head, by person; what is not given follows from the old relations where
    it does so for certain. A repeat changes nothing. Locks: Party (household and members, by number).
    Raises: PartyNotFound, PartyNotActive, NotMember, LaterChange, RelationsNeeded, RelationInvalid, DayInvalid.
    """
    refuse_day(on, what="户主变更", at=at)
    others = HouseholdMember.objects.current().as_of(on).filter(household=household_id)
    household, person = lock_household(
        household_id, person_id, *others.values_list("person_id", flat=True), actor=actor, at=at
    )
    if member_on(household, person, on).is_head:
        return household
    write_head(household, person, members_on(household, on), on=on, relations=relations or {}, at=at)
    facts = {"head": person.pk, "on": on}
    audit.record(verb="parties.household.head_changed", subject=household, actor=actor, at=at, facts=facts)
    return household


def write_head(
    household: Party,
    person: Party,
    rows: list[HouseholdMember],
    *,
    on: date,
    relations: Mapping[int, str],
    at: datetime,
    dead: HouseholdMember | None = None,
) -> None:
    """The same within another act: ``rows`` are the members who stay, ``dead`` was the head and is ended already."""
    for row in rows:
        refuse_later(row.person, on)
    becomes = relations_under(rows, person, relations)
    old = dead or next((row for row in rows if row.is_head), None)
    for row in rows:
        end(row, on=on, cause=Cause.HEAD_CHANGE, at=at)
    for row in rows:
        begin(household, row.person, relation=becomes[row.person_id], on=on, cause=Cause.HEAD_CHANGE, at=at)
    if old is not None and household.name == HOUSEHOLD_OF.format(head=old.person.name):
        write_name(household, HOUSEHOLD_OF.format(head=person.name), on=on, reason="户主变更", at=at)


def relations_under(rows: list[HouseholdMember], person: Party, given: Mapping[int, str]) -> dict[int, str]:
    """What each member is to the new head. Raises: RelationsNeeded, RelationInvalid."""
    was = next((row.relation for row in rows if row.person_id == person.pk), "")
    becomes = {person.pk: rules.HEAD}
    unknown = []
    for row in rows:
        if row.person_id == person.pk:
            continue
        relation = given.get(row.person_id) or rules.under_new_head(
            row.relation, sex=row.person.sex, head_was=was, head_sex=person.sex
        )
        if not relation:
            unknown.append(row.person.name)
        else:
            becomes[row.person_id] = checked_relation(row.person, relation)
    if unknown:
        raise RelationsNeeded(names="、".join(unknown))
    return becomes


@transaction.atomic
def record_death(
    *,
    person_id: int,
    on: date,
    actor: Actor,
    at: datetime,
    new_head_id: int | None = None,
    relations: Mapping[int, str] | None = None,
) -> Party:
    """A person has died; where it was the head, another follows in the same act. A repeat changes nothing.

    Locks: Party (the person, the household and its members, by number).
    Raises: PartyNotFound, PartyNotActive, KindUnfit, HeadNeeded, NotMember, LaterChange, RelationsNeeded, DayInvalid.
    """
    refuse_day(on, what="死亡", at=at)
    home = HouseholdMember.objects.current().as_of(on).filter(person=person_id).values("household_id")[:1]
    of_home = HouseholdMember.objects.current().as_of(on).filter(household__in=home)
    ids = {person_id, *of_home.values_list("person_id", flat=True), *of_home.values_list("household_id", flat=True)}
    everybody = {party.pk: party for party in locked(*sorted(ids))}
    person = everybody[person_id]
    refuse_kind(person, Party.Kind.PERSON)
    if person.state == Party.State.ENDED and person.ended_on == on:
        return person
    refuse_inactive(person)
    if person.birth_date and on < person.birth_date:
        raise DayInvalid(what="死亡", day=on, why=f"早于出生日期 {person.birth_date}")
    facts: dict[str, object] = {"person": person.pk, "on": on}
    subject = person
    if (row := held(person, on)) is not None:
        subject = household = everybody[row.household_id]
        refuse_later(person, on)
        if row.is_head and new_head_id is not None:
            [heir] = locked(new_head_id)
            member_on(household, heir, on)
            end(row, on=on, cause=Cause.DEATH, at=at)
            staying = members_on(household, on)
            write_head(household, heir, staying, on=on, relations=relations or {}, at=at, dead=row)
            facts["head"] = heir.pk
        else:
            refuse_headless(row, on)
            end(row, on=on, cause=Cause.DEATH, at=at)
        end_if_empty(household, on=on)
    person.state, person.ended_on = Party.State.ENDED, on
    person.save(update_fields=["state", "ended_on"])
    audit.record(verb="parties.household.died", subject=subject, actor=actor, at=at, facts=facts)
    return person
