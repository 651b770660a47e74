"""Whether parts make up a whole: outlines and registered areas, when a unit is divided or units are joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import shapely

from ronghe.kernel.spatial.rules import Box
from ronghe.kernel.spatial.zones import Plane

#: What lies between the outlines, or twice under them, is noise of drawing up to so much, in m².
NOISE_M2 = 0.05


@dataclass(frozen=True, slots=True)
class Part:
    """One part or the whole: its outline in CGCS2000 and the area that the register states for it, in m²."""

    geometry: shapely.Geometry
    registered_area_m2: Decimal


def beyond_m2(house: shapely.Geometry, parcel: shapely.Geometry) -> float:
    """How much of a house's outline lies outside of its parcel, in m². Both in CGCS2000."""
    plane = Plane(Box(*parcel.bounds))
    inside = shapely.transform(parcel, plane.project)
    return float(shapely.difference(shapely.transform(house, plane.project), inside).area)


def parts_fill(parts: Sequence[Part], whole: Part) -> str:
    """What keeps the parts from being the whole; empty when nothing does. Areas are kept to the hundredth."""
    stated = sum((part.registered_area_m2 for part in parts), Decimal(0))
    if stated != whole.registered_area_m2:
        return f"各部分登记面积之和 {stated} m² 不等于原登记面积 {whole.registered_area_m2} m²"
    plane = Plane(Box(*whole.geometry.bounds))
    flat = [shapely.transform(part.geometry, plane.project) for part in parts]
    outline = shapely.transform(whole.geometry, plane.project)
    for i, one in enumerate(flat):
        for j in range(i):
            twice = shapely.intersection(one, flat[j]).area
            if twice > NOISE_M2:
                return f"第 {j + 1} 部分和第 {i + 1} 部分重叠 {twice:.2f} m²"
    together = shapely.union_all(flat)
    lacking = shapely.difference(outline, together).area
    if lacking > NOISE_M2:
        return f"各部分拼合后缺 {lacking:.2f} m²"
    beyond = shapely.difference(together, outline).area
    if beyond > NOISE_M2:
        return f"各部分超出原范围 {beyond:.2f} m²"
    return ""
