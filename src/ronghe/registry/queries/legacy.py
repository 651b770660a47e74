"""Legacy homesteads found in the register itself, and what the rule proposes for one of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.models import Division
from ronghe.policy.models import Zone
from ronghe.policy.ruling import Ruling

from ..models import LegacyHomestead, Right
from ..rules.areas import working
from ..rules.certification import PER_HOUSEHOLD
from ..rules.kinds import RightKind
from ..rules.legacy import AREA_MAX, ILLEGAL, LegacyFacts, homestead_legacy
from .occupied import is_occupied
from .rolls import given_in

RULE = "registration.homestead_legacy"

#: One reading of the register: who holds the use of which homesteads on a day (a person for the household that it is in, a
#: record that was merged for the one that remains: decision 0022), how many each household holds anywhere, and of those in
#: the division the ones too many or too large.
_FOUND = """
WITH held AS (
    SELECT DISTINCT r.baunit_id, u.code, u.division_id,
        coalesce(house.merged_into_id, house.id, one.merged_into_id, one.id) AS home
    FROM registry_right r
    JOIN registry_baunit u ON u.id = r.baunit_id AND u.kind = 'homestead'
    JOIN parties_party one ON one.id = r.party_id
    LEFT JOIN parties_householdmember m
        ON m.person_id = coalesce(one.merged_into_id, one.id) AND upper_inf(m.recorded) AND m.valid @> %(day)s::date
    LEFT JOIN parties_party house ON house.id = m.household_id
    WHERE r.kind IN (5, 6) AND upper_inf(r.recorded) AND r.valid @> %(day)s::date
), counted AS (
    SELECT *, count(*) OVER (PARTITION BY home) AS homesteads FROM held
), sized AS (
    SELECT c.*, (
        SELECT sum(v.registered_area_m2) FROM registry_unitground g
        JOIN registry_spatialunit s ON s.id = g.spatial_unit_id AND s.kind <> 'building'
        JOIN registry_spatialunitversion v ON v.spatial_unit_id = s.id AND upper_inf(v.recorded) AND v.valid @> %(day)s::date
        WHERE g.baunit_id = c.baunit_id
    ) AS area_m2
    FROM counted c
    WHERE EXISTS (SELECT 1 FROM regions_divisionclosure d
                  WHERE d.descendant_id = c.division_id AND d.ancestor_id = %(division)s)
)
SELECT z.baunit_id, z.code, z.division_id, z.home, p.name, z.homesteads, z.area_m2
FROM sized z JOIN parties_party p ON p.id = z.home
WHERE z.homesteads > %(most)s OR z.area_m2 > %(standard)s::numeric
ORDER BY z.division_id, p.name, z.code
"""


@dataclass(frozen=True, slots=True)
class Found:
    """查出的一处: a homestead that is one too many, or too large."""

    unit_id: int
    code: str
    division: str
    party_id: int
    holder: str
    homesteads: int
    area_m2: Decimal
    is_several: bool
    is_large: bool

    @property
    def situation(self) -> LegacyHomestead.Situation:
        kinds = LegacyHomestead.Situation
        return kinds.BOTH if self.is_several and self.is_large else kinds.SEVERAL if self.is_several else kinds.LARGE


def zone_of(division: str, *, actor: Actor) -> Zone | None:
    """The smallest zone in which a division lies, as far as the actor may see it."""
    rows = Zone.objects.visible_to(actor).filter(divisions__descendants__descendant_id=division).distinct()
    found = sorted(rows.prefetch_related("divisions"), key=lambda zone: (len(zone.divisions.all()), zone.slug))
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Standards:
    """一户几处、每户多大: what the search goes by; no area standard is none, never nought.

    ``reference`` says where an area standard comes from that the place has not entered itself.
    """

    most: int
    area_m2: Fraction | None
    reference: str = ""


def standards(zone: Zone | None, *, on: date) -> Standards:
    """The standards in force where a division lies; one homestead per household is the nation's."""
    given = given_in(zone, on=on, rule=RULE)
    area = given[AREA_MAX]
    return Standards(int(given.number(PER_HOUSEHOLD) or 1), working(area), area.source if area.value is None else "")


def found_in(division: str, *, actor: Actor, day: date) -> list[Found]:
    """Every homestead of a division that is one too many or too large, found in one reading of the register.

    Nothing is found where the actor's own division does not reach.
    """
    if (
        not Division.objects.visible_to(actor).below(actor.division or "").filter(code=division).exists()
        and actor.role != "system"
    ):
        return []
    by = standards(zone_of(division, actor=actor), on=day)
    standard = None if by.area_m2 is None else Decimal(by.area_m2.numerator) / by.area_m2.denominator
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, {"day": day, "division": division, "most": by.most, "standard": standard})
        rows: Sequence[tuple[int, str, str, int, str, int, Decimal]] = cursor.fetchall()
    return [Found(*row, row[5] > by.most, standard is not None and row[6] > standard) for row in rows]


def listed(actor: Actor, *, division: str) -> dict[str, int]:
    """Which homesteads of a division stand on the list: code → record."""
    rows = LegacyHomestead.objects.visible_to(actor).filter(ended_at=None)
    within = rows.filter(division__ancestors__ancestor=division)
    return dict(within.values_list("code", "pk"))


def cured(rows: Any) -> Any:
    """Those of some records that the register no longer bears out: the unit has ended, or whoever held its use when the
    record was made holds it no more."""
    use = Right.objects.filter(kind__in=(RightKind.HOMESTEAD_USE, RightKind.HOMESTEAD_HOUSE), valid__upper_inf=True)
    then = use.filter(baunit=OuterRef("unit"), recorded__contains=OuterRef("made_at"))
    same = use.filter(
        baunit=OuterRef("baunit"), party=OuterRef("party"), recorded__contains=OuterRef(OuterRef("made_at"))
    )
    still = use.filter(baunit=OuterRef("unit"), recorded__upper_inf=True).filter(Exists(same))
    return rows.filter(Q(unit__ended_on__isnull=False) | (Exists(then) & ~Exists(still)))


def _waiting(actor: Actor, division: str) -> Any:
    """The records of a division that somebody has still to deal with."""
    rows = LegacyHomestead.objects.visible_to(actor).filter(ended_at=None)
    gone = cured(rows).values("pk")
    return rows.filter(division__ancestors__ancestor=division).exclude(state="carried_out").exclude(pk__in=gone)


def by_village(actor: Actor, *, division: str) -> list[tuple[str, str, int]]:
    """How many open records each village has, most first: (code, name, number)."""
    still = _waiting(actor, division).values_list("division", "division__name")
    return list(still.annotate(n=Count("pk", distinct=True)).order_by("-n", "division"))


def waiting(actor: Actor, *, division: str, most: int) -> list[LegacyHomestead]:
    """The records of a division that wait longest for their cause or their decision."""
    return list(_waiting(actor, division).select_related("division").distinct().order_by("pk")[:most])


@dataclass(frozen=True, slots=True)
class Tally:
    """A line of the table of situations."""

    title: str
    found: int
    classified: int
    decided: int
    carried_out: int


def by_situation(actor: Actor, *, division: str) -> list[Tally]:
    """How far each situation has come."""
    rows = LegacyHomestead.objects.visible_to(actor).filter(ended_at=None, division__ancestors__ancestor=division)
    states = ("found", "classified", "decided", "carried_out")
    told = rows.values("situation").annotate(
        **{state: Count("pk", distinct=True, filter=Q(state=state)) for state in states}
    )
    known = {row["situation"]: row for row in told}
    return [
        Tally(title, *(known[key][state] for state in states))
        for key, title in LegacyHomestead.Situation.choices
        if key in known
    ]


def facts_of(record: LegacyHomestead, *, is_occupied: bool = False) -> LegacyFacts:
    """A record as the rule takes it; what nobody has found out yet is unknown.

    Args: ``is_occupied``: the register or the list of illegal occupation says so, whatever cause was written down.
    """
    return LegacyFacts(
        homesteads=record.homesteads,
        area_m2=Fraction(record.area_m2),
        cause=record.cause or None,
        is_illegal_occupation=True if is_occupied else (record.cause == ILLEGAL) if record.cause else None,
        holder_is_member=record.holder_is_member,
        exits_voluntarily=record.exits_voluntarily,
    )


def proposal(record: LegacyHomestead, *, actor: Actor, on: date) -> Ruling[str | None]:
    """What the rule proposes for a record."""
    zone = zone_of(record.division_id, actor=actor)
    facts = facts_of(record, is_occupied=is_occupied(record.code))
    return homestead_legacy(facts, given_in(zone, on=on, rule=RULE))
