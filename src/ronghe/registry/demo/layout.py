"""How a village of the demonstration lies: lanes of homesteads, strips of fields around, what belongs to all. Pure.

Places are drawn in metres from the village's south-west corner and set down in longitude and latitude. Nothing is measured
and nothing is anybody's: the drawing is plausible, and the same seed draws the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, radians, sqrt
from random import Random

import numpy as np
import shapely

#: Metres in a degree of latitude, near enough for a drawing.
DEGREE_M = 111_132.0
#: A homestead's width and depth, in metres: 176 to 262 m²; a lane between rows.
WIDTHS, DEPTH, LANE = (11.0, 12.0, 13.2, 14.6, 16.4), 16.0, 6.0
#: One in so many is wider than the standard of the plains lets it be: 312 m².
OVERSIZED, TOO_WIDE = 60, 19.5
#: A strip of field: width and length in metres; one of 18 m by 93 m is 2.5 mu.
STRIP, LENGTH, TRACK = (14.0, 18.0, 22.0), 93.0, 4.0
#: Of so many plots a household has one on the average.
PLOTS = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn of one village, in CGCS2000; homesteads and fields in the order of their numbers."""

    outline: shapely.Geometry
    homesteads: Sequence[shapely.Geometry]
    houses: Sequence[shapely.Geometry | None]
    fields: Sequence[shapely.Geometry]
    workshop: shapely.Geometry
    forest: shapely.Geometry
    sluice: shapely.Geometry


def size_m(households: int) -> tuple[float, float]:
    """Width and height of a village, in metres."""
    side = max(140.0, sqrt(households * PLOTS * 18 * (LENGTH + TRACK)) * 1.1)
    rows = ceil(households * 15 / (side - 40))
    high = 60 + ceil(rows) * (DEPTH + LANE / 2) + ceil(households * PLOTS * 22 / (side - 40)) * (LENGTH + TRACK)
    return side, high


def draw(households: int, *, west: float, south: float, scale: float = 1.0, rng: Random) -> Drawn:
    """Draw a village whose south-west corner lies at ``west``, ``south`` (degrees); ``scale`` shrinks a crowded one."""
    side, high = size_m(households)
    across = DEGREE_M * cos(radians(south))

    def put(x: float, y: float, wide: float, deep: float) -> shapely.Geometry:
        box = np.array([(x, y), (x + wide, y), (x + wide, y + deep), (x, y + deep)]) * scale
        return shapely.polygons(np.column_stack((west + box[:, 0] / across, south + box[:, 1] / DEGREE_M)))

    homesteads, houses = list[shapely.Geometry](), list[shapely.Geometry | None]()
    x, y = 20.0, 20.0
    row = 0
    for _ in range(households):
        wide = TOO_WIDE if rng.randrange(OVERSIZED) == 0 else rng.choice(WIDTHS)
        if x + wide > side - 20:
            row += 1
            # Two rows back to back, then a lane.
            x, y = 20.0, y + DEPTH + (LANE if row % 2 == 0 else 0.0)
        homesteads.append(put(x, y, wide, DEPTH))
        built = rng.random() < 0.88
        houses.append(put(x + 1, y + DEPTH * 0.45, wide - 2, DEPTH * 0.5) if built else None)
        x += wide
    y += DEPTH + LANE
    common = y
    workshop, forest, sluice = put(20, common, 60, 24), put(84, common, 40, 24), put(128, common, 8, 8)
    fields = list[shapely.Geometry]()
    x, y = 20.0, common + 30
    for _ in range(households * PLOTS):
        wide = rng.choice(STRIP)
        if x + wide > side - 20:
            x, y = 20.0, y + LENGTH + TRACK
        fields.append(put(x, y, wide, LENGTH))
        x += wide
    return Drawn(put(0, 0, side, max(high, y + LENGTH + 20)), homesteads, houses, fields, workshop, forest, sluice)


def cells(within: shapely.Geometry, count: int) -> list[tuple[float, float, float, float]]:
    """``count`` cells inside an outline, each as west, south and its width and height in metres, row by row to and fro.

    They depend on the outline and the count alone, so that whatever is brought in later lies beside what is there.
    """
    west, south, east, north = within.bounds
    across = DEGREE_M * cos(radians((south + north) / 2))
    shapely.prepare(within)
    side = sqrt(within.area * across * DEGREE_M / count)
    while True:
        wide, high = side / across, side / DEGREE_M
        i, j = np.meshgrid(np.arange(int((east - west) / wide)), np.arange(int((north - south) / high)))
        grid = shapely.box(west + i * wide, south + j * high, west + (i + 1) * wide, south + (j + 1) * high)
        rows, columns = np.nonzero(shapely.contains_properly(within, grid))
        if len(rows) >= count:
            break
        side *= 0.95
    order = sorted(
        zip(rows.tolist(), columns.tolist(), strict=True), key=lambda c: (c[0], c[1] if c[0] % 2 == 0 else -c[1])
    )
    return [(west + i * wide, south + j * high, side, side) for j, i in order[:count]]
