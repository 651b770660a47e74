"""界址点和界址线: the points of an outline in their order, the length of each side, and what lies beyond it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ronghe.kernel.spatial.zones import in_zone, zone_for

#: What lies so near beyond a side, in metres, lies at it: twice the limit of a point of the second grade (7.5 cm;
#: TD/T 1001-2012, as domain/land.md a3 tells it, unverified) on either side.
NEAR_M = 0.3


@dataclass(frozen=True, slots=True)
class BoundaryPoint:
    """界址点: its number, its place in CGCS2000 (degrees) and in the plane of its zone (metres), and the side that begins
    at it (界址线): how long it is, and which ground lies beyond it."""

    number: int
    longitude: float
    latitude: float
    northing_m: float
    easting_m: float
    side_m: float
    beyond: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"J{self.number}"


def boundary(
    geometry: shapely.Geometry, around: Mapping[str, shapely.Geometry] | None = None
) -> tuple[str, list[BoundaryPoint]]:
    """The title of the zone, and the points of an outline: clockwise from the one furthest to the north-west, holes after
    what they lie in, numbered through.

    Args: the outline, and those about it by their codes, all in CGCS2000.
    """
    zone = zone_for(geometry)
    codes = list(around or {})
    others = (
        np.array([in_zone(around[code], zone) for code in codes], dtype=object) if around else np.empty(0, dtype=object)
    )
    found: list[BoundaryPoint] = []
    for ring in _rings(geometry):
        flat = shapely.get_coordinates(in_zone(shapely.linestrings(ring), zone))
        first = int(np.argmax(flat[:-1, 1] - flat[:-1, 0]))
        places, flat = (np.roll(points[:-1], -first, axis=0) for points in (ring, flat))
        after = np.roll(flat, -1, axis=0)
        lengths = np.hypot(*(after - flat).T)
        near = shapely.distance(shapely.points((flat + after) / 2)[:, None], others[None, :]) <= NEAR_M
        for k, (place, point) in enumerate(zip(places.tolist(), flat.tolist(), strict=True)):
            beyond = tuple(codes[n] for n in np.flatnonzero(near[k]))
            found.append(
                BoundaryPoint(len(found) + 1, place[0], place[1], point[1], point[0], float(lengths[k]), beyond)
            )
    return zone.title, found


def _rings(geometry: shapely.Geometry) -> Iterator[NDArray[np.float64]]:
    """The closed rings of an outline, each clockwise."""
    for polygon in shapely.get_parts(geometry):
        for ring in (polygon.exterior, *polygon.interiors):
            points = shapely.get_coordinates(ring)
            yield points[::-1] if ring.is_ccw else points
