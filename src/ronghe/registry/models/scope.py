"""Who sees what of the register."""

from typing import ClassVar

from django.apps import apps
from django.db.models import Q

from ronghe.kernel.accounts.roles import BUSINESS, Role
from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.parties.models import HouseholdMember
from ronghe.kernel.parties.queries import in_whose_names, same_parties
from ronghe.kernel.regions.scope import Row, ScopedQuerySet


class RegisterQuerySet(ScopedQuerySet[Row]):
    """Staff at work and auditors see their division and below; whoever acts for a party, the units in which it has, or
    had, a right.

    A household's rights are seen for each of its members: they hold them together (农村土地承包法 第十六条).
    ``unit`` is the path from the row to its unit.
    """

    unit: ClassVar[str] = ""

    def _within(self, actor: Actor) -> Q | None:
        if actor.on_behalf_of_id is not None:
            return Q(**{f"{self.unit}__in" if self.unit else "pk__in": units_of(actor.on_behalf_of_id)})
        if actor.role not in (*BUSINESS, Role.AUDITOR, SYSTEM_ROLE):
            return None
        return super()._within(actor)


def units_of(party_id: int) -> object:
    """The units in which a party, or the household that a person is in, has or had a right.

    The names are read first: the planner finds rights of a list of parties by their index, those of a query not.
    """
    rights = apps.get_model("registry", "Right").objects
    return rights.filter(party__in=in_whose_names(party_id)).values("baunit")


def in_ones_name(party_id: int) -> list[int]:
    """A party and the household that it is in now, with the records merged with them."""
    own, households = _at_home(party_id)
    return [*own, *households]


def _at_home(party_id: int) -> tuple[list[int], list[int]]:
    own = same_parties([party_id])
    standing = HouseholdMember.objects.current().filter(valid__upper_inf=True)
    inside = standing.filter(Q(person__in=own) | Q(household__in=own)).values_list("household", flat=True)
    return own, same_parties(list(inside.order_by("household").distinct()))


def of_ones_household(party_id: int) -> list[int]:
    """A party, the household that it is in now, and everybody in that household; with the records merged with them.

    Who has left a household, or is dead, sees its matters no more.
    """
    own, households = _at_home(party_id)
    standing = HouseholdMember.objects.current().filter(valid__upper_inf=True)
    people = standing.filter(household__in=households).order_by("person").values_list("person", flat=True)
    return [*own, *households, *same_parties(list(people.distinct()))]
