"""本人和本户: for whom somebody who acts for himself may apply, and what is known of them already."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.kernel.parties.queries import same_parties
from ronghe.mechanisms.casework.models import Case

from ..errors import RollNotFound
from ..models import CollectiveMember, MembershipCase


@dataclass(frozen=True, slots=True)
class Home:
    """一家人: the household of somebody on a day, and who lives in it; without a household, the one person alone."""

    household: Party | None
    people: tuple[Party, ...]
    #: Where the household, or the person, is registered: whose collectives are its own.
    division: str

    @property
    def is_empty(self) -> bool:
        return not self.people


def home_of(actor: Actor, *, on: date) -> Home:
    """The home of whoever the actor acts for; empty for a body, which has none."""
    party = Party.objects.visible_to(actor).filter(pk=actor.on_behalf_of_id or 0).first()
    if party is None or party.kind not in (Party.Kind.PERSON, Party.Kind.HOUSEHOLD):
        return Home(None, (), "")
    own = same_parties([party.pk])
    standing = HouseholdMember.objects.current().as_of(on).select_related("household", "person")
    row = standing.filter(Q(person__in=own) | Q(household__in=own)).order_by("household").first()
    if row is None:
        alone = (party,) if party.kind == Party.Kind.PERSON else ()
        return Home(party if party.kind == Party.Kind.HOUSEHOLD else None, alone, party.division_id)
    members = standing.filter(household=row.household_id, person__ended_on=None).order_by("-is_head", "relation", "pk")
    return Home(row.household, tuple(one.person for one in members), row.household.division_id)


def collectives_of(home: Home) -> list[Party]:
    """The collectives of the village in which a home is."""
    rows = Party.objects.filter(kind=Party.Kind.COLLECTIVE, state=Party.State.ACTIVE, division=home.division)
    return list(rows.select_related("division").order_by("pk"))


def own_collective(collective_id: int, *, actor: Actor, on: date) -> Party:
    """One of the collectives of one's own village. Raises: RollNotFound."""
    found = next((one for one in collectives_of(home_of(actor, on=on)) if one.pk == collective_id), None)
    if found is None:
        raise RollNotFound(collective=collective_id)
    return found


def memberships(home: Home, *, on: date) -> dict[int, CollectiveMember]:
    """Who of a home stands on a roll on a day, by person."""
    rows = CollectiveMember.objects.current().as_of(on).filter(person__in=same_parties([one.pk for one in home.people]))
    return {row.person.merged_into_id or row.person_id: row for row in rows.select_related("collective", "person")}


def open_memberships(home: Home) -> dict[int, MembershipCase]:
    """For whom of a home an application is open, by person."""
    rows = MembershipCase.objects.filter(
        person__in=[one.pk for one in home.people], case__state__in=(Case.State.OPEN, Case.State.PAUSED)
    )
    return {row.person_id: row for row in rows.select_related("case").order_by("case")}
