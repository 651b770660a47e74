"""宅基地资格权: what the register knows of households that are to hold one, and what the rule of their place says of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from ronghe.kernel.parties.models import HouseholdMember, Party
from ronghe.policy.rulebook import Given
from ronghe.policy.ruling import Ruling

from ..models import CollectiveMember, Right
from ..rules.certification import PER_HOUSEHOLD, QUALIFICATION_UNIT, QualificationFacts, homestead_qualification
from ..rules.kinds import RightKind

#: What the rule is given.
PARAMETERS = (QUALIFICATION_UNIT, PER_HOUSEHOLD)
HOUSEHOLD, MEMBER = "户", "成员"
_HOMESTEAD_RIGHTS = (RightKind.HOMESTEAD_USE, RightKind.HOMESTEAD_HOUSE)


class Asked(NamedTuple):
    """Who shall hold a qualification: a party (none where it is registered on entry only), in a village, beside how many
    other homesteads that are entered with it."""

    key: int
    party_id: int | None
    village: str
    beside: int = 0
    held_by: str = HOUSEHOLD


@dataclass(slots=True)
class Qualifying:
    """The rule of a place on a day; what is like is judged once."""

    given: Given
    on: date
    _judged: dict[QualificationFacts, Ruling[bool | None]] = field(default_factory=dict)

    def rulings(self, asked: Collection[Asked], *, beyond: str = "") -> dict[int, Ruling[bool | None]]:
        """What the rule says of each, by its key. Args: ``beyond`` is the code of a unit that is not counted as another."""
        parties = {one.party_id for one in asked if one.party_id is not None}
        homes = homesteads_of(parties, on=self.on)
        villages = villages_of(parties, on=self.on)
        found = {}
        for one in asked:
            others = homes.get(one.party_id or 0, set()) - {beyond}
            facts = QualificationFacts(
                held_by=one.held_by,
                has_member=one.village in villages.get(one.party_id or 0, ()),
                homesteads=1 + one.beside + len(others),
            )
            if facts not in self._judged:
                self._judged[facts] = homestead_qualification(facts, self.given)
            found[one.key] = self._judged[facts]
        return found


def homesteads_of(parties: Collection[int], *, on: date) -> dict[int, set[str]]:
    """The homesteads that each party has in the register: in its own name, in that of a member of the household, or in
    that of a record that was merged with one of them (decision 0022). By the codes of their units."""
    names = names_of(parties, on=on)
    have = Right.objects.current().as_of(on).filter(party__in=names, kind__in=_HOMESTEAD_RIGHTS)
    found: dict[int, set[str]] = defaultdict(set)
    for name, code in have.values_list("party", "baunit__code"):
        found[names[name]].add(code)
    return found


def villages_of(parties: Collection[int], *, on: date) -> dict[int, set[str]]:
    """The villages of the collectives on whose rolls somebody of each household stands who lives."""
    names = names_of(parties, on=on)
    rows = CollectiveMember.objects.current().as_of(on).filter(person__in=names)
    living = rows.filter(Q(person__ended_on=None) | Q(person__ended_on__gt=on))
    found: dict[int, set[str]] = defaultdict(set)
    for name, village in living.values_list("person", "collective__division"):
        found[names[name]].add(village)
    return found


def names_of(parties: Iterable[int], *, on: date) -> dict[int, int]:
    """Under which names each party stands in the register: its own, its members', and those merged with one of them."""
    asked = set(parties)
    members = HouseholdMember.objects.current().as_of(on).filter(household__in=asked)
    names = dict(members.values_list("person", "household")) | {pk: pk for pk in asked}
    merged = Party.objects.filter(merged_into__in=names).values_list("pk", "merged_into")
    return names | {pk: names[into] for pk, into in merged if into is not None}
