"""Which villages of a county the demonstration has, how many households each, and where they lie."""

import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ronghe.kernel.errors import NotFound
from ronghe.kernel.regions.models import Division
from ronghe.kernel.spatial.models import Feature

from .layout import cells, size_m

SEED = 1
#: The county that the demonstration shows whole.
COUNTY = "370322"
#: So many households a village has, as long as there are villages enough.
A_VILLAGE = 50
#: What share of its parcels is certified, village by village in turn; the first has all, so that the farmer has proofs.
CERTIFIED = (1.0, 0.97, 0.93, 0.91, 0.99, 0.86, 0.95, 0.62, 0.98, 0.9, 0.0)


class CountyNotForDemonstration(NotFound):
    """A county of which the packs know no villages or no outline."""

    code = "registry.county_not_for_demonstration"
    message = "没有区县 {county} 的村级区划或界线，不能建立演示数据。请写一个随程序提供的区县，例如 370322。"


@dataclass(frozen=True, slots=True)
class Plan:
    """One village that will be brought in: where, and how many households."""

    division: Division
    households: int
    first: int
    west: float
    south: float
    scale: float
    certified: float
    registered_on: date

    def rng(self, seed: int) -> Random:
        return Random(zlib.crc32(f"{seed}:{self.division.code}".encode()))


def plan_county(county: str, households: int) -> list[Plan]:
    """Which villages, how many households each, and where they lie inside the county's outline.

    Raises: CountyNotForDemonstration.
    """
    rows = Division.objects.below(f"{county}000000").filter(level="village", code__startswith=county, is_local=False)
    villages = list(rows.order_by("code"))
    outline = Feature.objects.filter(layer__slug="county-boundaries", code=f"{county}000000").first()
    if not villages or outline is None:
        raise CountyNotForDemonstration(county=county)
    farms = [one for one in villages if one.name.endswith("村委会") or one.name.endswith("村民委员会")] or villages
    count = max(1, min(len(farms), -(-households // A_VILLAGE)))
    step = len(farms) / count
    # The first village, where the demonstration has parties and the farmer who signs in, is always among them.
    chosen = [farms[int(n * step)] for n in range(count)]
    share, rest = divmod(households, count)
    sizes = [share + (n < rest) for n in range(count)]
    inner = outline.geometry.buffer(-0.004)
    ground = cells(inner if not inner.is_empty else outline.geometry, len(farms))
    corners = [ground[int(n * step)] for n in range(count)]
    size = size_m(max(sizes))
    scale = min(1.0, 0.97 * corners[0][2] / size[0], 0.97 * corners[0][3] / size[1])
    first, plans = 0, list[Plan]()
    for n, (division, own, (west, south, _, _)) in enumerate(zip(chosen, sizes, corners, strict=True)):
        registered_on = date(2020, 3, 2) + timedelta(days=37 * n % 1400)
        plans.append(Plan(division, own, first, west, south, scale, CERTIFIED[n % len(CERTIFIED)], registered_on))
        first += own
    return plans
