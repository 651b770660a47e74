"""Pure rules of outlines: from web-map coordinates to CGCS2000, valid polygons, areas on the ellipsoid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from hashlib import sha256
from json import dumps
from typing import Any, NamedTuple

import numpy as np
import prcoords
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, shape
from shapely.geometry.base import BaseGeometry

#: The ellipsoid of CGCS2000 (GB 22021-2008): semi-major axis in metres and flattening.
CGCS2000_ELLIPSOID = Geod(a=6378137.0, rf=298.257222101)


class Crs(StrEnum):
    """坐标系: what the coordinates of a source are in; always longitude before latitude here."""

    CGCS2000 = "CGCS2000"
    WGS84 = "WGS84"
    GCJ02 = "GCJ-02"


class Box(NamedTuple):
    """外包矩形: west, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float


#: Where a coordinate of a Chinese pilot zone can lie; one outside is projected, or has its axes swapped.
CHINA = Box(72.004, 0.8293, 137.8347, 55.8271)


class BadOutline(ValueError):
    """A geometry that cannot become an outline; the text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Repair:
    """修复记录: what was mended in a source's geometry to make it a valid MultiPolygon."""

    problem: str
    parts_dropped: int
    area_change_m2: Decimal


@dataclass(frozen=True, slots=True)
class Converted:
    """换算结果: a valid MultiPolygon in CGCS2000, its area, and what had to be repaired (``None``: nothing)."""

    geometry: MultiPolygon
    area_m2: Decimal
    repair: Repair | None


def converted(geojson: Mapping[str, Any], crs: Crs) -> Converted:
    """A source's Polygon or MultiPolygon as a valid MultiPolygon in CGCS2000.

    Raises: BadOutline when it is no polygon, is empty, holds what is not a number, or lies outside China.
    """
    try:
        given = shapely.force_2d(shape(geojson))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise BadOutline("不是有效的 GeoJSON 几何") from error
    if given.geom_type not in ("Polygon", "MultiPolygon") or given.is_empty:
        raise BadOutline("不是面（Polygon 或 MultiPolygon），或者是空的")
    if not _lies_in_china(given):
        raise BadOutline("坐标不在中国的经纬度范围内，可能经纬度颠倒，或是投影坐标")
    geometry, repair = as_multipolygon(to_cgcs2000(given, crs))
    return Converted(geometry, area_m2(geometry), repair)


def _lies_in_china(geometry: BaseGeometry) -> bool:
    west, south, east, north = geometry.bounds
    inside = CHINA.west <= west <= east <= CHINA.east and CHINA.south <= south <= north <= CHINA.north
    return inside and bool(np.isfinite(shapely.get_coordinates(geometry)).all())


def to_cgcs2000(geometry: BaseGeometry, crs: Crs) -> BaseGeometry:
    """The geometry in CGCS2000.

    GCJ-02 is taken back by iteration to better than 1e-6 degrees (0.1 m). WGS-84 is taken as CGCS2000: the two frames
    differ by centimetres to a few decimetres, far below the accuracy of an outline for orientation.
    A point gives the same result wherever it stands, so that neighbours keep their common edges.
    """
    return shapely.transform(geometry, gcj02_to_cgcs2000) if crs is Crs.GCJ02 else geometry


def gcj02_to_cgcs2000(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes and latitudes (n, 2) in China from GCJ-02 to CGCS2000; each distinct point is computed once."""
    distinct, where = np.unique(points, axis=0, return_inverse=True)
    back = [prcoords.gcj_wgs_bored((lat, lon)) for lon, lat in distinct.tolist()]
    return np.array([(c.lon, c.lat) for c in back], dtype=np.float64).reshape(-1, 2)[where.reshape(-1)]


def as_multipolygon(geometry: BaseGeometry) -> tuple[MultiPolygon, Repair | None]:
    """The geometry as a valid MultiPolygon, outer rings counter-clockwise (RFC 7946), and what was repaired.

    Lines and points that a repair leaves over are dropped and counted. Raises: BadOutline when no area is left.
    """
    if geometry.is_valid:
        return _multi(shapely.get_parts(geometry).tolist()), None
    mended = shapely.get_parts(shapely.make_valid(geometry, method="structure", keep_collapsed=False))
    parts = [p for g in mended.tolist() for p in shapely.get_parts(g).tolist()]
    areas = [p for p in parts if p.geom_type == "Polygon" and p.area > 0]
    if not areas:
        raise BadOutline("修复以后没有面积")
    whole = _multi(areas)
    # A self-crossing ring has no true area to compare with: what counts is what the polygon now covers.
    before = _signed_area(geometry)
    return whole, Repair(
        problem=shapely.is_valid_reason(geometry).split("[")[0],
        parts_dropped=len(parts) - len(areas),
        area_change_m2=in_m2(abs(_signed_area(whole)) - abs(before)),
    )


def _multi(polygons: Sequence[BaseGeometry]) -> MultiPolygon:
    return MultiPolygon(shapely.orient_polygons(polygons, exterior_cw=False).tolist())


def area_m2(geometry: MultiPolygon) -> Decimal:
    """Area in m² on the ellipsoid of CGCS2000, edges as geodesics; two places."""
    return in_m2(_signed_area(_multi(shapely.get_parts(geometry).tolist())))


def _signed_area(geometry: BaseGeometry) -> float:
    return float(CGCS2000_ELLIPSOID.geometry_area_perimeter(geometry)[0])


def in_m2(area: float) -> Decimal:
    return Decimal(area).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def content_digest(value: Any) -> str:
    """SHA-256 of a value's canonical JSON, in hex: equal digests mean equal content."""
    return sha256(dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
