"""What an application measures anew is held against its outlines: areas that agree, a house within its parcel."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

import numpy as np
import shapely

from ronghe.kernel.clock import legal_day
from ronghe.kernel.spatial.rules import area_m2, as_multipolygon
from ronghe.policy.rulebook import Given
from ronghe.policy.ruling import Ruling, Step, gate

from ..errors import MeasuresDisagree
from ..models import Application, ApplicationPart, BAUnit, SpatialUnitVersion
from ..queries.figures import given_in
from ..queries.occupied import occupied, open_spots
from ..rules.areas import AREA_ART, PARAMETERS, AreaLimits, DrawnAreaFacts, drawn_area, limits_of
from ..rules.changing import PartAct
from ..rules.hindrances import REFUSAL_ART
from ..rules.kinds import GroundKind, UnitKind
from ..rules.matters import Matter
from ..rules.parts import beyond_m2
from ..surveying.ground import lying_on
from .changing import form_changed
from .units import ground_rows


def measured_ruling(application: Application, *, on: date) -> Ruling[bool | None] | None:
    """Whether the areas and outlines of a change or of a house agree and lie where they may; nothing where neither is brought.

    The limits are those of the day when the case began. Parts of a division are held against their whole.
    """
    if application.what not in (Matter.CHANGE, Matter.HOUSE):
        return None
    given = given_in(application.baunit.division_id, PARAMETERS, on=legal_day(application.case.opened_at))
    rows = ground_rows(application.baunit, on=on)
    parts = list(application.parts.select_related("ground").order_by("pk"))
    steps = [step for part in parts for step in _measured(application, part, parts, rows, given, on=on)]
    return gate(steps) if steps else None


def _measured(
    application: Application,
    part: ApplicationPart,
    parts: Sequence[ApplicationPart],
    rows: Sequence[SpatialUnitVersion],
    given: Given,
    *,
    on: date,
) -> Iterator[Step]:
    """What is found of one part. Args: all parts of the application, and the forms of the unit as they stand."""
    is_new = application.what is Matter.HOUSE or part.act == PartAct.ADDED
    before = None if is_new else form_changed(part, rows)
    if part.act == PartAct.DEMOLISHED or (before is None and not is_new):
        return
    shape, area = part.geometry, part.registered_area_m2
    drawn = None if shape is None else area_m2(as_multipolygon(shape)[0])
    if before is not None:
        # One of the two alone is held against the other as it stands.
        drawn = before.area_m2 if shape is None and area is not None else drawn
        area = before.registered_area_m2 if area is None and shape is not None else area
    if area is not None and drawn is not None:
        yield from drawn_area(DrawnAreaFacts(Fraction(drawn), Fraction(area)), given).steps
    limits = limits_of(given)
    if shape is None or limits is None:
        return
    if before is None or before.spatial_unit.kind == GroundKind.BUILDING:
        land = _land_then(parts if application.what is Matter.CHANGE else (), rows)
        if land is not None:
            yield _within(shape, land, limits)
        return
    gone = {one.ground_id for one in parts if one.act == PartAct.DEMOLISHED}
    drawn_anew = {one.ground_id for one in parts if one.geometry is not None}
    for row in rows:
        is_house = row.spatial_unit.kind == GroundKind.BUILDING and row.geometry is not None
        if is_house and row.spatial_unit_id not in gone | drawn_anew:
            yield _within(row.geometry, shape, limits)
    yield from _lying(application.baunit, before.spatial_unit.code, shape, on=on)


def _land_then(parts: Sequence[ApplicationPart], rows: Sequence[SpatialUnitVersion]) -> shapely.Geometry | None:
    """The outline of the land with what the same application changes of it."""
    anew = {one.ground_id: one.geometry for one in parts if one.geometry is not None and one.act == PartAct.CHANGED}
    land = next((row for row in rows if row.spatial_unit.kind != GroundKind.BUILDING), None)
    if land is None:
        return None
    return anew.get(land.spatial_unit_id) or anew.get(None) or land.geometry


def _within(house: shapely.Geometry, land: shapely.Geometry, limits: AreaLimits) -> Step:
    beyond = beyond_m2(house, land)
    ok = beyond <= limits.warn_m2
    told = "房屋轮廓在宗地以内" if ok else f"房屋轮廓超出宗地 {beyond:,.2f} m²，请核对界址或房屋轮廓"
    return Step((AREA_ART,), told, ok)


def _lying(unit: BAUnit, own: str, shape: shapely.Geometry, *, on: date) -> Iterator[Step]:
    """A new outline lies on no other ground of the register, nor where an illegal occupation is open: as of a survey."""
    shapes = np.empty(1, dtype=object)
    shapes[0] = shape
    found = lying_on(np.arange(1), shapes, kind=UnitKind(unit.kind), on=on)
    beside = [f"{code} 重叠 {area:,.2f} m²" for _, code, area in found if code != own]
    told = f"新界址与登记簿上的 {'、'.join(beside)}，请核对界线" if beside else "新界址不与登记簿上的其他土地重叠"
    yield Step((AREA_ART,), told, not beside)
    for _, spot in occupied(open_spots(unit.division_id[:6]), [own], shapes):
        yield Step((REFUSAL_ART,), f"新界址在违法占用台账 {spot.number} 的位置上，处理完毕前不予登记", False)


def refuse_mismeasured(application: Application, *, on: date) -> None:
    """Raises: MeasuresDisagree, naming each difference."""
    found = measured_ruling(application, on=on)
    if found is not None and found.value is not True:
        reasons = "；".join(step.finding for step in found.steps if step.ok is not True)
        raise MeasuresDisagree(unit=application.baunit.code, reasons=reasons)
