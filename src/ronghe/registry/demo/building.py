"""The demonstration of the register: villages chosen, drawn and brought in; stories told with the services, work laid on the desks."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time

from django.db import connection, transaction

from ronghe.kernel.clock import LEGAL_ZONE
from ronghe.kernel.regions.models import Division
from ronghe.kernel.spatial.models import Feature

from .choosing import A_VILLAGE, COUNTY, SEED, CountyNotForDemonstration, Plan, plan_county
from .desk import lay_out
from .layout import Drawn, draw
from .loading import Village, load_village
from .planning import load_planning
from .stories import tell

#: How many households the county has unless another number is asked for.
HOUSEHOLDS = 2_000
#: One village each of two more counties, by the county's code: 平度市 and 章丘区.
ELSEWHERE = ("370283", "370114")
#: The day on which the history ends: as that of the zones' offices.
TODAY = date(2026, 11, 25)
_LOCK = 0x72656764
Told = Callable[[int, int], None]


def build(
    *, households: int = HOUSEHOLDS, seed: int = SEED, county: str = COUNTY, told: Told = lambda done, of: None
) -> Mapping[str, int]:
    """Bring in the villages of a county; with the stories, and, for the county of the demonstration, one village each
    of two more. A village that has units already is left alone, so a repeat makes nothing.

    Raises: CountyNotForDemonstration. Locks: one build at a time.
    """
    with _one_at_a_time():
        return _built(households=households, seed=seed, county=county, told=told)


def _built(*, households: int, seed: int, county: str, told: Told) -> Mapping[str, int]:
    plans = plan_county(county, households)
    whole = plans + [one for other in ELSEWHERE if county == COUNTY for one in _elsewhere(other, households)]
    counts = {"villages": 0, "households": 0, "units": 0}
    drawn: dict[str, dict[str, Drawn]] = {}
    made: list[tuple[Village, Drawn]] = []
    for done, plan in enumerate(whole):
        told(done, len(whole))
        rng = plan.rng(seed)
        picture = draw(plan.households, west=plan.west, south=plan.south, scale=plan.scale, rng=rng)
        drawn.setdefault(plan.division.code[:6], {})[plan.division.code] = picture
        village = load_village(
            plan.division,
            picture,
            first=plan.first,
            registered_on=plan.registered_on,
            certified=plan.certified,
            rng=rng,
        )
        if village is not None:
            made.append((village, picture))
            counts["villages"] += 1
            counts["households"] += len(village.households)
            counts["units"] += len(village.homesteads) + len(village.plots) + 4
    told(len(whole), len(whole))
    if not made:
        return {}
    at = datetime.combine(date(2024, 1, 8), time(10), LEGAL_ZONE)
    for county6, villages in drawn.items():
        load_planning(county6, Division.objects.get(pk=f"{county6}000000").name, _some(villages), at=at)
    with transaction.atomic():
        tell([one for one in made if one[0].division.startswith(county)], today=TODAY)
    with transaction.atomic():
        lay_out(made, county=county, today=TODAY)
    return counts


def _some(villages: Mapping[str, Drawn], most: int = 400) -> Mapping[str, Drawn]:
    """Layers of thousands of villages would be slow to draw and show nothing more."""
    return dict(list(villages.items())[:most])


def load_many(households: int, *, seed: int = SEED, county: str = COUNTY, told: Told = lambda done, of: None) -> int:
    """Bring in villages alone, any number of households, for measuring; returns how many units. No stories, no layers."""
    units = 0
    plans = plan_county(county, households)
    for done, plan in enumerate(plans):
        told(done, len(plans))
        rng = plan.rng(seed)
        picture = draw(plan.households, west=plan.west, south=plan.south, scale=plan.scale, rng=rng)
        village = load_village(
            plan.division,
            picture,
            first=plan.first,
            registered_on=plan.registered_on,
            certified=plan.certified,
            rng=rng,
        )
        units += 0 if village is None else len(village.homesteads) + len(village.plots) + 4
    return units


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two builds at once would both find the villages empty. The lock is of the session, as each village commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def is_possible(county: str = COUNTY) -> bool:
    """Whether the packs in use know the county: a platform of other zones has no use for its villages."""
    return Feature.objects.filter(layer__slug="county-boundaries", code=f"{county}000000").exists()


def _elsewhere(county: str, households: int) -> list[Plan]:
    """One village of another county, where its divisions are known."""
    try:
        found = plan_county(county, A_VILLAGE)
    except CountyNotForDemonstration:
        return []
    one = found[0]
    offset = households + 10_000 * (1 + ELSEWHERE.index(county))
    return [Plan(one.division, one.households, offset, one.west, one.south, one.scale, 0.94, one.registered_on)]


def empty_village(county: str = COUNTY) -> Division:
    """The village whose survey waits to be brought in: the first of the county that holds no units."""
    from ..models import BAUnit

    rows = Division.objects.below(f"{county}000000").filter(level="village", code__startswith=county, is_local=False)
    having = BAUnit.objects.filter(division__in=rows).values("division")
    found = rows.exclude(pk__in=having).order_by("code").first()
    if found is None:
        raise CountyNotForDemonstration(county=county)
    return found


__all__ = ["COUNTY", "HOUSEHOLDS", "SEED", "TODAY", "Plan", "build", "empty_village", "load_many", "plan_county"]
