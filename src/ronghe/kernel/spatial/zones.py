"""Pure rules of the projections of CGCS2000: which zone a place lies in, its EPSG code, areas in its plane.

Source: EPSG registry; GB/T 17278 (zones of the Gauss-Kruger projection).
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from .rules import Box, in_m2

#: Zones of three degrees in China, by number: the central meridian is three times the number.
FIRST_ZONE, LAST_ZONE = 25, 45
_EPSG_BY_ZONE, _EPSG_BY_MERIDIAN = 4513, 4534


@dataclass(frozen=True, slots=True)
class Zone:
    """三度带: a zone of three degrees of CGCS2000, with or without its number before the easting."""

    number: int
    with_prefix: bool = True

    def __post_init__(self) -> None:
        if not FIRST_ZONE <= self.number <= LAST_ZONE:
            raise ValueError(f"no zone of three degrees in China: {self.number}")

    @property
    def meridian(self) -> int:
        """Central meridian in degrees east."""
        return 3 * self.number

    @property
    def epsg(self) -> int:
        first = _EPSG_BY_ZONE if self.with_prefix else _EPSG_BY_MERIDIAN
        return first + self.number - FIRST_ZONE

    @property
    def title(self) -> str:
        prefix = "横坐标带带号" if self.with_prefix else "横坐标不带带号"
        return f"CGCS2000 三度带第 {self.number} 带（中央经线 {self.meridian}°E，{prefix}，EPSG:{self.epsg}）"


def zone_of(longitude: float) -> Zone:
    """The zone of three degrees in which a longitude lies. Raises: ValueError outside of China."""
    return Zone(int(np.floor(longitude / 3 + 0.5)))


def zone_of_epsg(epsg: int) -> Zone:
    """The zone that an EPSG code names. Raises: ValueError when it names none."""
    count = LAST_ZONE - FIRST_ZONE + 1
    if _EPSG_BY_ZONE <= epsg < _EPSG_BY_ZONE + count:
        return Zone(epsg - _EPSG_BY_ZONE + FIRST_ZONE)
    if _EPSG_BY_MERIDIAN <= epsg < _EPSG_BY_MERIDIAN + count:
        return Zone(epsg - _EPSG_BY_MERIDIAN + FIRST_ZONE, with_prefix=False)
    raise ValueError(f"no zone of three degrees of CGCS2000: EPSG {epsg}")


def zone_for(geometry: BaseGeometry) -> Zone:
    """The zone in which the middle of a geometry lies: the right one for its area (每块按所在带)."""
    west, _, east, _ = geometry.bounds
    return zone_of((west + east) / 2)


@lru_cache(maxsize=64)
def _to_zone(epsg: int) -> Transformer:
    return Transformer.from_crs(CRS.from_epsg(4490), CRS.from_epsg(epsg), always_xy=True)


def in_zone(geometry: BaseGeometry, zone: Zone) -> BaseGeometry:
    """The geometry in the plane of a zone: easting before northing, as drawings have it."""
    to = _to_zone(zone.epsg)
    return shapely.transform(geometry, lambda points: np.column_stack(to.transform(points[:, 0], points[:, 1])))


def zone_area_m2(geometry: MultiPolygon, zone: Zone | None = None) -> Decimal:
    """Area in m² in the plane of a zone of three degrees, by default the right one; two places.

    It is larger than on the ellipsoid away from the central meridian: by 0.0001 at a distance of 64 km.
    """
    return in_m2(in_zone(geometry, zone or zone_for(geometry)).area)


class Plane:
    """等积平面: an equal-area plane (cylindrical, on the ellipsoid of CGCS2000) that keeps shapes about its middle.

    Areas are those on the ellipsoid, but that an edge is straight in the plane and not a geodesic: less than a
    millionth for parcels. Lengths are true to 1 % within half a degree of latitude.
    """

    def __init__(self, box: Box) -> None:
        middle = (box.west + box.east) / 2, (box.south + box.north) / 2
        told = f"+proj=cea +lon_0={middle[0]} +lat_ts={middle[1]} +a=6378137 +rf=298.257222101 +units=m +no_defs"
        geographic = "+proj=longlat +a=6378137 +rf=298.257222101 +no_defs"
        self._to = Transformer.from_crs(geographic, told, always_xy=True)

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(self._to.transform(points[:, 0], points[:, 1]))

    def back(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(self._to.transform(points[:, 0], points[:, 1], direction="INVERSE"))
