"""颁证率: of the land that is to have a certificate, how much has one; by place, by day, against the zone's target.

What was surveyed soundly and is not entered yet is to have one too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Max

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.regions.models import Division, DivisionClosure
from ronghe.policy.models import Zone
from ronghe.policy.queries import zones_by_name
from ronghe.policy.queries.rulings import Answer, answer, values_in_force

from ..models import BAUnit, SurveyBatch, SurveyedParcel
from ..models.units import BAUnitQuerySet
from ..rules.certification import DEADLINE, RATE
from ..rules.kinds import UNIT_TITLES, UnitKind
from .units import COUNTED, in_force

OBJECTS = "registration.certification.objects"
RULE = "registration.certification"
#: What the parameter names, as kinds of units; both where it names nothing.
_KINDS = {"宅基地": UnitKind.HOMESTEAD, "集体建设用地": UnitKind.CONSTRUCTION}


@dataclass(frozen=True, slots=True)
class Counted:
    """一个区划的颁证情况: ``surveyed`` of the registrable are not entered yet."""

    division: Division
    registrable: int
    certified: int
    surveyed: int = 0

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.certified, self.registrable) if self.registrable else None

    @property
    def lacking(self) -> int:
        return self.registrable - self.certified


class Tally(NamedTuple):
    """The same of a division by its code."""

    registrable: int
    certified: int
    surveyed: int


@dataclass(frozen=True, slots=True)
class Target:
    """目标: what the zone of a place asks for, and of what land; what is not stated is absent."""

    zone: Zone | None
    kinds: tuple[UnitKind, ...]
    rate: Fraction | None = None
    deadline: date | None = None

    @property
    def objects(self) -> str:
        return "、".join(UNIT_TITLES[kind] for kind in self.kinds)


def zone_of(place: str, *, actor: Actor) -> Zone | None:
    """The zone in which a place lies, of those that the actor may see: the nearest, a part before the whole."""
    above = DivisionClosure.objects.filter(descendant=place).order_by("distance").values_list("ancestor_id", "distance")
    near: dict[str, int] = {}
    for code, distance in above:
        near.setdefault(code, distance)
    zones = list(zones_by_name(actor).prefetch_related("divisions"))
    known = [
        (min(near[d.code] for d in zone.divisions.all() if d.code in near), zone.parent_id is None, zone.slug, zone)
        for zone in zones
        if any(d.code in near for d in zone.divisions.all())
    ]
    seated = [(near[zone.seat_id], zone.parent_id is None, zone.slug, zone) for zone in zones if zone.seat_id in near]
    found = sorted([*known, *seated], key=lambda one: one[:3])
    return found[0][3] if found else None


def target_of(zone: Zone | None, *, on: date) -> Target:
    """The target that holds for a zone on a day."""
    if zone is None:
        return Target(None, COUNTED)
    given = values_in_force(zone, on=on, parameters=[RATE, DEADLINE, OBJECTS])

    def stated(name: str) -> object:
        return given[name].value if name in given and given[name].is_stated else None

    named = stated(OBJECTS)
    kinds = tuple(kind for title, kind in _KINDS.items() if not isinstance(named, frozenset) or title in named)
    rate, deadline = stated(RATE), stated(DEADLINE)
    return Target(
        zone, kinds, Fraction(rate) if isinstance(rate, Fraction | int) else None,
        deadline if isinstance(deadline, date) else None,
    )  # fmt: skip


def registrable(actor: Actor, *, kinds: Iterable[UnitKind], place: str) -> BAUnitQuerySet:
    """Units of these kinds that stand in a place and below, of those that the actor may see."""
    inside = DivisionClosure.objects.filter(ancestor=place).values("descendant_id")
    rows = BAUnit.objects.visible_to(actor)
    return rows.filter(ended_on=None, kind__in=[kind.value for kind in kinds], division__in=inside)


def by_place(actor: Actor, *, place: str, kinds: Sequence[UnitKind]) -> tuple[Counted, list[Counted]]:
    """A place, and each part of it that has a unit: two counts over the units, summed up by the divisions above them."""
    return sum_up(by_village(actor, place=place, kinds=kinds), place=place)


def by_village(actor: Actor, *, place: str, kinds: Sequence[UnitKind]) -> dict[str, Tally]:
    """What each division in a place has of them, of those that have some."""
    return _tallies(actor, registrable(actor, kinds=kinds, place=place), kinds=kinds, places=[place])


def _tallies(
    actor: Actor, units: BAUnitQuerySet, *, kinds: Iterable[UnitKind], places: Sequence[str]
) -> dict[str, Tally]:
    entered, with_one = _counts(units), _counts(units.filter(pk__in=in_force().values("baunit")))
    waiting = _waiting(actor, kinds=kinds, places=places)
    return {
        code: Tally(entered.get(code, 0) + waiting.get(code, 0), with_one.get(code, 0), waiting.get(code, 0))
        for code in (*entered, *(code for code in waiting if code not in entered))
    }


#: A file without faults, as long as it is not entered: its parcels stand in no unit yet.
_SOUND = (SurveyBatch.State.JUDGING, SurveyBatch.State.READY, SurveyBatch.State.IN_CASE, SurveyBatch.State.ENTERING)


def _waiting(actor: Actor, *, kinds: Iterable[UnitKind], places: Sequence[str]) -> dict[str, int]:
    """Parcels that were surveyed and are not entered, by their village."""
    batches = SurveyBatch.objects.visible_to(actor).filter(kind__in=[kind.value for kind in kinds], state__in=_SOUND)
    inside = DivisionClosure.objects.filter(ancestor__in=places).values("descendant")
    rows = SurveyedParcel.objects.filter(batch__in=batches.values("pk"), division__in=inside).order_by()
    return dict(rows.values_list("division_id").annotate(n=Count("pk")))


def sum_up(counted: Mapping[str, Tally], *, place: str) -> tuple[Counted, list[Counted]]:
    """A place, and each part of it that has a unit, from the counts of what lies in it."""
    here = Division.objects.get(pk=place)
    parts = list(Division.objects.filter(parent=place).order_by("code"))
    under: dict[str, str] = dict(
        DivisionClosure.objects.filter(ancestor__in=[one.pk for one in parts], descendant__in=list(counted))
        .order_by("-kind")
        .values_list("descendant_id", "ancestor_id")
    )
    tallies: dict[str, list[Tally]] = {one.pk: [] for one in parts}
    for code, tally in counted.items():
        if code in under:
            tallies[under[code]].append(tally)
    found = [Counted(one, *_total(tallies[one.pk])) for one in parts]
    return Counted(here, *_total(counted.values())), [one for one in found if one.registrable]


def _total(tallies: Iterable[Tally]) -> Tally:
    return Tally(*(sum(column) for column in zip(Tally(0, 0, 0), *tallies, strict=True)))


def _counts(rows: BAUnitQuerySet) -> dict[str, int]:
    return dict(rows.order_by().values_list("division_id").annotate(n=Count("pk")))


def by_county(actor: Actor, *, codes: Sequence[str], kinds: Sequence[UnitKind]) -> dict[str, Tally]:
    """The same of each of some counties, for the map of a zone."""
    inside = DivisionClosure.objects.filter(ancestor__in=codes)
    rows = BAUnit.objects.visible_to(actor).filter(
        ended_on=None, kind__in=[kind.value for kind in kinds], division__in=inside.values("descendant_id")
    )
    counted = _tallies(actor, rows, kinds=kinds, places=codes)
    above: dict[str, set[str]] = {}
    for county, village in inside.filter(descendant__in=list(counted)).values_list("ancestor_id", "descendant_id"):
        above.setdefault(county, set()).add(village)
    return {county: _total(counted[village] for village in villages) for county, villages in above.items()}


@dataclass(frozen=True, slots=True)
class Spot:
    """一个村在图上: how far it has come, and about where its land lies, longitude before latitude."""

    counted: Counted
    middle: tuple[float, float]


#: So many villages are drawn at most, and so many parcels tell where each of them lies.
MOST_SPOTS, _PARCELS_OF_A_SPOT = 1_000, 9


def spots(counted: Mapping[str, Tally]) -> list[Spot]:
    """Of counted villages, where some of the parcels of each lie: outlines of villages are not public."""
    places = _middles(sorted(counted)[:MOST_SPOTS])
    divisions = Division.objects.in_bulk(list(places))
    return [Spot(Counted(divisions[code], *counted[code]), middle) for code, middle in places.items()]


def _middles(villages: Sequence[str]) -> dict[str, tuple[float, float]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.code, avg(((v.box[0])[0] + (v.box[1])[0]) / 2), avg(((v.box[0])[1] + (v.box[1])[1]) / 2)"
            " FROM unnest(%s::text[]) AS d(code), LATERAL (SELECT v.box FROM registry_spatialunit s"
            " JOIN registry_spatialunitversion v ON v.spatial_unit_id = s.id AND v.box IS NOT NULL"
            " AND upper_inf(v.recorded) WHERE s.division_id = d.code AND s.ended_on IS NULL LIMIT %s) v GROUP BY d.code",
            [list(villages), _PARCELS_OF_A_SPOT],
        )
        return {code: (x, y) for code, x, y in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Progress:
    """颁证进度: how many of the units that stand now had their present certificate by the end of each day."""

    days: Sequence[tuple[date, int]]
    reached_on: date | None


def progress(actor: Actor, *, place: str, target: Target, registrable_now: int) -> Progress:
    """The days on which certificates that are in force were issued, summed up; when the target was reached.

    Counted backwards from what stands today: units that have ended since, and certificates that were taken back, are
    no longer in it.
    """
    rows = registrable(actor, kinds=target.kinds, place=place)
    issued = (
        in_force()
        .filter(baunit__in=rows)
        .order_by()
        .values_list("issued_on")
        .annotate(n=Count("baunit", distinct=True))
    )
    total, days, reached = 0, [], None
    for day, n in sorted(issued):
        total += n
        days.append((day, total))
        if (
            reached is None
            and target.rate is not None
            and registrable_now
            and Fraction(total, registrable_now) >= target.rate
        ):
            reached = day
    return Progress(days, reached)


@dataclass(frozen=True, slots=True)
class Surveys:
    """调查批次: of the villages of a place, in how many a survey was entered, how many are on their way, the last entry."""

    villages: int
    entered: int
    under_way: int
    last: date | None

    @property
    def is_complete(self) -> bool | None:
        """Not while a batch is on its way. That nothing was left out no batch says: then it is not known."""
        return False if self.under_way else None


def surveys_in(actor: Actor, *, place: str, kinds: Sequence[UnitKind]) -> Surveys:
    """How far the surveys of these kinds have come in a place; a batch of a town counts for each of its villages."""
    below = Division.objects.below(place).filter(level="village", is_local=False)
    batches = SurveyBatch.objects.visible_to(actor).filter(kind__in=[kind.value for kind in kinds])
    done = batches.filter(state=SurveyBatch.State.ENTERED)
    reached = DivisionClosure.objects.filter(ancestor__in=done.values("division")).values("descendant")
    inside = Division.objects.below(place).values("pk")
    last = done.filter(division__in=inside).aggregate(last=Max("entered_at"))["last"]
    return Surveys(
        below.count(),
        below.filter(pk__in=reached).count(),
        batches.filter(division__in=inside).exclude(state__in=SurveyBatch.OVER).count(),
        legal_day(last) if last is not None else None,
    )


def ruling(
    target: Target,
    counted: Counted,
    reached_on: date | None,
    *,
    on: date,
    is_survey_complete: bool | None = None,
    surveyed_on: date | None = None,
) -> Answer | None:
    """What the rule says of a place; nothing where no zone orders anything.

    Args: ``is_survey_complete`` as the batches tell it, or as a person states it; ``surveyed_on`` is the last entry of a
        survey: both are reached no sooner.
    """
    if target.zone is None:
        return None
    facts: dict[str, object] = {"registrable": counted.registrable, "certified": counted.certified}
    if is_survey_complete is not None:
        facts["is_survey_complete"] = is_survey_complete
    if reached_on is not None:
        facts["reached_on"] = max(reached_on, surveyed_on or reached_on)
    return answer(RULE, target.zone, on=on, facts=facts)
