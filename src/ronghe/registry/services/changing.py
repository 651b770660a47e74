"""变更登记: what is asked of the land and the houses of a unit, whether it fits, and its entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import shapely

from ronghe.kernel.actors import Actor

from ..errors import GroundElsewhere
from ..models import Application, ApplicationPart, BAUnit, SpatialUnitVersion
from ..rules.changing import OF_HOUSE, OF_LAND, PartAct, facts_told, unfit_of
from ..rules.kinds import GroundKind
from .buildings import add_another_building, demolish_building
from .units import Ground, change_ground, ground_rows


@dataclass(frozen=True, slots=True)
class PartAsked:
    """申请中的部分: a part of a division, the house, or the ground that changes. Without an area a part gets its share.

    Args: ``ground`` is the code of the land or house that changes or is no more, empty for the land of the unit.
    """

    geometry: shapely.Geometry | None = None
    registered_area_m2: Decimal | None = None
    floor_area_m2: Decimal | None = None
    use: str = ""
    location: str = ""
    structure: str = ""
    floors: int | None = None
    party_id: int | None = None
    act: PartAct = PartAct.CHANGED
    ground: str = ""
    north: str = ""
    east: str = ""
    south: str = ""
    west: str = ""


def unfit_for_unit(parts: Sequence[PartAsked], unit: BAUnit, *, on: date) -> list[str]:
    """What of a change does not fit the unit as it stands."""
    rows = [row.spatial_unit for row in ground_rows(unit, on=on)]
    houses = [one.code for one in rows if one.kind == GroundKind.BUILDING]
    return unfit_of(parts, lands=[one.code for one in rows if one.code not in houses], houses=houses)


def form_changed(part: ApplicationPart, rows: Sequence[SpatialUnitVersion]) -> SpatialUnitVersion | None:
    """The form that a part of a change replaces or ends; the first land where it names none. None for a house that comes."""
    if part.act == PartAct.ADDED:
        return None
    if part.ground_id is None:
        return next((row for row in rows if row.spatial_unit.kind != GroundKind.BUILDING), None)
    return next((row for row in rows if row.spatial_unit_id == part.ground_id), None)


def enter_changes(
    application: Application, unit: BAUnit, *, survey_id: int, source_id: int, on: date, actor: Actor, at: datetime
) -> BAUnit:
    """Enter each part of a change, what is no more last; returns the unit that stands then. The unit is locked.

    Raises: GroundElsewhere, and what each act refuses.
    """
    rows = ground_rows(unit, on=on)
    parts = sorted(
        application.parts.select_related("ground").order_by("pk"), key=lambda part: part.act == PartAct.DEMOLISHED
    )
    for part in parts:
        told, of = facts_told(part), form_changed(part, rows)
        if part.act == PartAct.ADDED:
            house = Ground(GroundKind.BUILDING, **told)
            add_another_building(baunit_id=unit.pk, building=house, on=on, survey_id=survey_id, actor=actor, at=at)
        elif of is None:
            raise GroundElsewhere(code_given=part.ground.code if part.ground else "", unit=unit.code)
        elif part.act == PartAct.DEMOLISHED:
            unit = demolish_building(
                baunit_id=unit.pk, code=of.spatial_unit.code, on=on, survey_id=survey_id, source_id=source_id,
                actor=actor, at=at,
            )  # fmt: skip
        else:
            names = OF_HOUSE if of.spatial_unit.kind == GroundKind.BUILDING else OF_LAND
            changed = {name: value for name, value in told.items() if name in names}
            change_ground(
                spatial_unit_id=of.spatial_unit_id, changed=changed, survey_id=survey_id, on=on, actor=actor, at=at
            )
    return unit


__all__ = ["PartAsked", "enter_changes", "form_changed", "unfit_for_unit"]
