"""规划与管制核对: what lines and planned use say of one outline, for a kind of use (REG-14)."""

from dataclasses import dataclass
from datetime import date

import shapely

from ronghe.kernel.actors import Actor
from ronghe.policy.rulebook import Given
from ronghe.policy.ruling import Ruling

from ..errors import UnitHasNoOutline
from ..models import BAUnit, SpatialUnitVersion
from ..rules.kinds import GroundKind, UnitKind
from ..rules.lines import SLIVER_M2, SLIVER_SHARE, LineFacts, lines
from ..surveying.ground import facts_of, lines_of
from .figures import given_in

RULE = "registration.lines"


@dataclass(frozen=True, slots=True)
class Checked:
    """核对结果: the ruling with what it rests on. ``missing`` are layers that the county does not have."""

    kind: UnitKind
    division: str
    facts: LineFacts
    ruling: Ruling[bool | None]
    given: Given
    missing: list[str]


def check_outline(shape: shapely.Geometry, *, kind: UnitKind, division: str, on: date) -> Checked:
    """Hold an outline against the layers of a division's county, for units of a kind."""
    given = given_in(division, (SLIVER_M2, SLIVER_SHARE), on=on)
    by = lines_of(division, kind, given)
    facts = facts_of(shape, by)
    return Checked(kind, division, facts, lines(facts, given), given, by.missing)


def outline_of(unit: BAUnit, *, on: date) -> shapely.Geometry:
    """The land of a unit that the actor was shown, on a day. Raises: UnitHasNoOutline."""
    rows = SpatialUnitVersion.objects.current().as_of(on).filter(spatial_unit__baunits__baunit=unit)
    land = rows.exclude(spatial_unit__kind=GroundKind.BUILDING).exclude(geometry=None)
    shapes = list(land.order_by("pk").values_list("geometry", flat=True))
    if not shapes:
        raise UnitHasNoOutline(unit=unit.code)
    return shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)


def check_unit(unit: BAUnit, *, kind: UnitKind | None, on: date) -> Checked:
    """The same of a unit of the register, as what it is or as what it is meant for. Raises: UnitHasNoOutline."""
    shape = outline_of(unit, on=on)
    return check_outline(shape, kind=kind or UnitKind(unit.kind), division=unit.division_id, on=on)


def places_for(actor: Actor) -> str:
    """The division that an outline is taken to lie in where nobody says: the actor's own, from the county down."""
    own = actor.division or ""
    return own if own[:6].isdigit() and not own[:6].endswith("00") else ""
