"""Pure rules of coordinate systems: what a file says of its own, what its coordinates look like, and the way to CGCS2000.

Only what needs no datum shift, or a known one, is converted. Beijing 1954 and Xian 1980 lie some 50 to 150 m aside, by
parameters that a survey office holds: they are refused until a person states that the coordinates may be taken so.
Source: EPSG registry; design §4.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from .rules import CHINA, gcj02_to_cgcs2000

Points = NDArray[np.float64]


class Standing(StrEnum):
    """认定: whether coordinates of a system can be taken."""

    TAKEN = "taken"
    #: Needs parameters of a datum shift that the platform does not have.
    SHIFTED = "shifted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Known:
    """一个坐标系: its key as it is stated (``EPSG:4528``, ``GCJ-02``), what people call it, and its standing."""

    key: str
    title: str
    standing: Standing
    is_projected: bool = False


GCJ02 = Known("GCJ-02", "GCJ-02（网络地图的加密坐标）", Standing.TAKEN)

#: Names of datums → what people call them; the first that is part of the name of the geographic system counts.
_TAKEN = {
    "China Geodetic Coordinate System 2000": "CGCS2000",
    "CGCS2000": "CGCS2000",
    "CGCS_2000": "CGCS2000",
    "China_2000": "CGCS2000",
    "WGS 84": "WGS-84",
    "WGS_1984": "WGS-84",
    "WGS 1984": "WGS-84",
}
_SHIFTED = {
    "New Beijing": "新 1954 年北京坐标系",
    "Beijing": "1954 年北京坐标系",
    "Xian": "1980 西安坐标系",
    "Xi'an": "1980 西安坐标系",
}


def known(text: str) -> Known | None:
    """The coordinate system that an EPSG code, a name or a WKT stands for; ``None`` when it stands for none."""
    if text.upper().replace("_", "-") in ("GCJ-02", "GCJ02"):
        return GCJ02
    try:
        crs = CRS.from_user_input(_code(text))
    except CRSError:
        return None
    geographic = crs.geodetic_crs
    if geographic is None:
        return Known(text[:200], crs.name, Standing.UNKNOWN)
    datum = next((title for name, title in _TAKEN.items() if name in geographic.name), None)
    shifted = next((title for name, title in _SHIFTED.items() if name in geographic.name), None)
    standing = Standing.TAKEN if datum else Standing.SHIFTED if shifted else Standing.UNKNOWN
    epsg = crs.to_epsg()
    key = f"EPSG:{epsg}" if epsg else crs.to_wkt()
    title = f"{datum or shifted or geographic.name}{_projection(crs)}" + (f"（EPSG:{epsg}）" if epsg else "")
    return Known(key, title, standing, crs.is_projected)


def _code(text: str) -> str:
    plain = text.strip()
    if plain.isdecimal():
        return f"EPSG:{plain}"
    named = {"CGCS2000": "EPSG:4490", "WGS84": "EPSG:4326", "WGS-84": "EPSG:4326"}
    return named.get(plain.upper(), plain)


def _projection(crs: CRS) -> str:
    if not crs.is_projected:
        return " 经纬度"
    operation = crs.coordinate_operation
    meridian = (
        None
        if operation is None
        else next((p.value for p in operation.params if "origin" in p.name and "ongitude" in p.name), None)
    )
    return f" 投影坐标，中央经线 {meridian:g}°E" if meridian is not None else " 投影坐标"


def to_cgcs2000(key: str, *, axes_swapped: bool = False) -> Callable[[Points], Points]:
    """The way from a system to CGCS2000, longitude before latitude. A datum is taken as it stands: nothing is shifted.

    A point gives the same result wherever it stands, so that neighbours keep their common edges.
    Raises: ValueError for a system that is not known.
    """
    found = known(key)
    if found is None:
        raise ValueError(f"unknown coordinate system {key[:80]}")
    if found is GCJ02:
        way: Callable[[Points], Points] = gcj02_to_cgcs2000
    elif not found.is_projected:

        def way(points: Points) -> Points:
            return points
    else:
        crs = CRS.from_user_input(found.key)
        # To its own geographic system: between CGCS2000 and WGS-84 there are centimetres to decimetres (see rules).
        transformer = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)

        def way(points: Points) -> Points:
            return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    return (lambda points: way(points[:, ::-1])) if axes_swapped else way


@dataclass(frozen=True, slots=True)
class Guess:
    """推测: what coordinates look like by their size alone: never taken without a person's word."""

    crs: str
    axes_swapped: bool
    why: str


def guess(points: Points) -> Guess | None:
    """What the coordinates of a file look like; ``None`` when they look like nothing in China.

    With a zone's number before the easting the zone is certain; without one nothing tells the meridian.
    """
    if not len(points):
        return None
    x, y = (np.median(points[:, i]) for i in (0, 1))
    for a, b, swapped in ((x, y, False), (y, x, True)):
        if CHINA.west <= a <= CHINA.east and CHINA.south <= b <= CHINA.north:
            order = "纬度在前、经度在后" if swapped else "经度在前、纬度在后"
            return Guess("EPSG:4490", swapped, f"数值像经纬度，{order}")
    for a, b, swapped in ((x, y, False), (y, x, True)):
        zone = int(a // 1_000_000)
        if not 1_500_000 <= b <= 6_300_000 or not 100_000 <= a - zone * 1_000_000 <= 900_000:
            continue
        order = "（纵坐标在前）" if swapped else ""
        if 25 <= zone <= 45:
            return Guess(f"EPSG:{4513 + zone - 25}", swapped, f"横坐标以带号 {zone} 开头，像三度带第 {zone} 带{order}")
        if 13 <= zone <= 23:
            return Guess(f"EPSG:{4491 + zone - 13}", swapped, f"横坐标以带号 {zone} 开头，像六度带第 {zone} 带{order}")
        if zone == 0:
            return Guess("", swapped, f"数值像不带带号的高斯投影坐标{order}，看不出中央经线")
    return None


def looks_swapped(points: Points, found: Known) -> bool:
    """Whether coordinates stand the other way round than this platform and GIS programs write them.

    Geographic: latitude before longitude. Projected: northing before easting, as survey lists have them.
    """
    if not len(points):
        return False
    looks = guess(points)
    return looks is not None and looks.axes_swapped and (found.is_projected != (looks.crs == "EPSG:4490"))


def choices(longitude: float | None = None) -> list[tuple[str, str]]:
    """The systems that a page offers, those about a longitude first."""
    from .zones import FIRST_ZONE, LAST_ZONE, Zone, zone_of

    near = [zone_of(longitude + d).number for d in (0, -3, 3)] if longitude is not None else []
    numbers = [n for n in near if FIRST_ZONE <= n <= LAST_ZONE]
    numbers += [n for n in range(FIRST_ZONE, LAST_ZONE + 1) if n not in numbers]
    zones = [Zone(n, with_prefix=p) for n in numbers for p in (True, False)]
    six = [(f"EPSG:{4491 + n - 13}", f"CGCS2000 六度带第 {n} 带（EPSG:{4491 + n - 13}）") for n in range(13, 24)]
    return [
        ("EPSG:4490", "CGCS2000 经纬度（EPSG:4490）"),
        ("EPSG:4326", "WGS-84 经纬度（EPSG:4326）"),
        ("GCJ-02", GCJ02.title),
        *((f"EPSG:{z.epsg}", z.title) for z in zones),
        *six,
    ]


def is_epsg(text: str) -> bool:
    """Whether a text is a code as this platform writes it."""
    return re.fullmatch(r"EPSG:\d{4,5}|GCJ-02", text) is not None
