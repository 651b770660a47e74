"""附图: the plan of a parcel as a certificate bears it, to a round scale, north above, with points and sides. Pure."""

from collections.abc import Iterator, Sequence
from math import hypot
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ronghe.kernel.spatial.zones import in_zone, zone_for

from .boundary import BoundaryPoint, boundary

#: So many millimetres are there for the parcel; around it stands room for the names of its points.
_WIDE, _HIGH, _ROOM = 112.0, 96.0, 16.0
#: Scales of cadastral plans, as 1 to so much; what is too large for the last gets its own round number.
_SCALES = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
#: With more points than these their names would lie on one another; a side that is drawn shorter than this bears no length.
MOST_POINTS, _SHORTEST_MM = 40, 9.0
#: How far from its point, or from the middle of its side, a word stands, in millimetres.
_POINT_OFF, _SIDE_OFF, _HALF_WORD = 3.6, 3.0, 2.6

Flat = NDArray[np.float64]


def plan_of(code: str, land: shapely.Geometry, houses: Sequence[shapely.Geometry] = ()) -> dict[str, Any]:
    """The plan of one piece of land with the houses on it, as data that a paper keeps.

    Places are millimetres from the upper left corner. Args: outlines in CGCS2000.
    """
    zone = zone_for(land)
    west, south, east, north = in_zone(land, zone).bounds
    scale = _scale(east - west, north - south)
    per_metre = 1000 / scale

    def at(x: float, y: float) -> tuple[float, float]:
        return round((x - west) * per_metre + _ROOM, 2), round((north - y) * per_metre + _ROOM, 2)

    outlines = [
        {"points": [at(*point) for point in ring[:-1].tolist()], "is_dashed": nth > 0}
        for nth, shape in enumerate((land, *houses))
        for ring in _rings(in_zone(shape, zone))
    ]
    _, points = boundary(land)
    named = points if len(points) <= MOST_POINTS else []
    labels = [(*at(*place), text) for place, text in _words(named, in_zone(land, zone), scale)]
    return {
        "code": code, "scale": scale, "width": round((east - west) * per_metre + 2 * _ROOM, 2),
        "height": round((north - south) * per_metre + 2 * _ROOM, 2), "outlines": outlines, "labels": labels,
        "sides": [[one.name, f"{one.side_m:.2f}"] for one in named],
    }  # fmt: skip


def _scale(wide: float, high: float) -> int:
    """The largest round scale at which so many metres have room."""
    least = max(wide / _WIDE, high / _HIGH) * 1000
    return next((one for one in _SCALES if one >= least), int(-(-least // 10_000) * 10_000))


def _rings(shape: shapely.Geometry) -> Iterator[Flat]:
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            yield shapely.get_coordinates(ring)


def _words(
    points: Sequence[BoundaryPoint], flat: shapely.Geometry, scale: int
) -> Iterator[tuple[tuple[float, float], str]]:
    """The name of each point and the length of each side, on the outer side of the line, with their places in metres.

    Points go clockwise about what is inside, so that the left hand of each side is outside.
    """
    places = [(one.easting_m, one.northing_m) for one in points]
    ends = _ends(points, flat)
    outward: dict[int, list[tuple[float, float]]] = {}
    for nth, one in enumerate(points):
        (x, y), (to_x, to_y) = places[nth], places[ends[nth]]
        length = hypot(to_x - x, to_y - y) or 1.0
        out = (-(to_y - y) / length, (to_x - x) / length)
        outward.setdefault(nth, []).append(out)
        outward.setdefault(ends[nth], []).append(out)
        if one.side_m * 1000 / scale >= _SHORTEST_MM:
            # Words are wider than high: beside an upright side they stand further off.
            off = (_SIDE_OFF + _HALF_WORD * abs(out[0])) * scale / 1000
            yield ((x + to_x) / 2 + out[0] * off, (y + to_y) / 2 + out[1] * off), f"{one.side_m:.2f}"
    for nth, one in enumerate(points):
        dx, dy = (sum(part) for part in zip(*outward[nth], strict=True))
        far = hypot(dx, dy) or 1.0
        off = _POINT_OFF * scale / 1000
        yield (places[nth][0] + dx / far * off, places[nth][1] + dy / far * off), one.name


def _ends(points: Sequence[BoundaryPoint], flat: shapely.Geometry) -> list[int]:
    """At which point the side that begins at each point ends: the next of its ring, after the last the first."""
    ends, first = [], 0
    for ring in _rings(flat):
        count = len(ring) - 1
        ends += [first + (n + 1) % count for n in range(count)]
        first += count
    return ends[: len(points)]
