"""违法占用的位置: where the list of illegal occupation names ground that is not registered, and what lies there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import shapely
from django.db.models import Q

from ronghe.kernel.spatial.rules import Box

from ..models import BAUnit, IllegalOccupation, Restriction, SpatialUnitVersion
from ..rules.kinds import RestrictionKind, UnitKind

#: States of a record that is not settled.
OPEN = ("open", "handling")


class Spot(NamedTuple):
    """A record that is open: its number and place, the code of a parcel or a point in it, where it tells one."""

    number: str
    place: str
    code: str
    point: shapely.Point | None


def open_spots(county: str, *, since: datetime | None = None) -> list[Spot]:
    """The open records of a county (six digits) that lie where no unit is registered. Args: ``since``: changed from then on."""
    rows = IllegalOccupation.objects.in_force().filter(
        Q(longitude__isnull=False) | ~Q(code=""), division__code__startswith=county, state__in=OPEN, unit=None
    )
    if since is not None:
        rows = rows.filter(changed_at__gte=since)
    found = rows.order_by("pk").values_list("number", "place", "code", "longitude", "latitude")
    return [
        Spot(number, place, code, None if x is None else shapely.Point(float(x), float(y)))
        for number, place, code, x, y in found
    ]


def occupied(spots: Sequence[Spot], codes: Sequence[str], shapes: Any) -> list[tuple[int, Spot]]:
    """Which parcels the records name: each by its place among them. Args: the codes and the outlines of the parcels."""
    found = []
    points = [spot for spot in spots if spot.point is not None]
    if points:
        tree = shapely.STRtree([spot.point for spot in points])
        for parcel, point in tree.query(shapes, predicate="covers").T.tolist():
            found.append((parcel, points[point]))
    by_code = {spot.code: spot for spot in spots if spot.code}
    if by_code:
        found += [(n, by_code[code]) for n, code in enumerate(codes) if code in by_code]
    return sorted(dict(found).items())


def is_occupied(code: str) -> bool:
    """Whether a unit (by its code) carries a restriction of illegal occupation that stands, or an open record names it."""
    standing = Restriction.objects.current().filter(
        baunit__code=code, kind=RestrictionKind.ILLEGAL_OCCUPATION, valid__upper_inf=True
    )
    named = Q(unit__code=code) | Q(code__in=(code, code[:19]))
    return standing.exists() or IllegalOccupation.objects.in_force().filter(named, state__in=OPEN).exists()


def unit_at(record: IllegalOccupation) -> int | None:
    """The unit that stands where a record says: by the code of its parcel, else by the point. What lies under everything,
    collective ownership, is none."""
    units = BAUnit.objects.filter(ended_on=None).exclude(kind=UnitKind.OWNERSHIP)
    if record.code:
        return units.filter(grounds__spatial_unit__code=record.code).values_list("pk", flat=True).first()
    if record.longitude is None or record.latitude is None:
        return None
    x, y = float(record.longitude), float(record.latitude)
    rows = SpatialUnitVersion.objects.current().filter(valid__upper_inf=True, box__overlaps=Box(x, y, x, y))
    about = dict(rows.exclude(geometry=None).values_list("spatial_unit", "geometry"))
    here = [ground for ground, shape in about.items() if shapely.covers(shape, shapely.Point(x, y))]
    return units.filter(grounds__spatial_unit__in=here).order_by("pk").values_list("pk", flat=True).first()
