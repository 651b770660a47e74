"""What an application measures anew is held against its outlines: areas that agree, a house within its parcel."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from ronghe.kernel.clock import legal_day
from ronghe.kernel.spatial.rules import area_m2, as_multipolygon
from ronghe.policy.ruling import Ruling, Step, gate

from ..errors import MeasuresDisagree
from ..models import Application, ApplicationPart, SpatialUnitVersion
from ..queries.figures import given_in
from ..rules.areas import AREA_ART, PARAMETERS, DrawnAreaFacts, drawn_area, limits_of
from ..rules.kinds import GroundKind
from ..rules.matters import Matter
from ..rules.parts import beyond_m2
from .units import ground_rows


def measured_ruling(application: Application, *, on: date) -> Ruling[bool | None] | None:
    """Whether the areas and outlines of a change or of a house agree; nothing where neither is brought.

    The limits are those of the day when the case began. Parts of a division are held against their whole.
    """
    if application.what not in (Matter.CHANGE, Matter.HOUSE):
        return None
    steps: list[Step] = []
    given = given_in(application.baunit.division_id, PARAMETERS, on=legal_day(application.case.opened_at))
    for part in application.parts.order_by("pk"):
        drawn = _drawn(application, part, on=on)
        if part.registered_area_m2 is not None and drawn is not None:
            facts = DrawnAreaFacts(Fraction(drawn), Fraction(part.registered_area_m2))
            steps += drawn_area(facts, given).steps
        if application.what is Matter.HOUSE and part.geometry is not None:
            limits = limits_of(given)
            land = _land(application, on=on)
            if limits is not None and land is not None and land.geometry is not None:
                beyond = beyond_m2(part.geometry, land.geometry)
                ok = beyond <= limits.warn_m2
                told = "房屋轮廓在宗地以内" if ok else f"房屋轮廓超出宗地 {beyond:,.2f} m²，请核对界址或房屋轮廓"
                steps.append(Step((AREA_ART,), told, ok))
    return gate(steps) if steps else None


def _drawn(application: Application, part: ApplicationPart, *, on: date) -> Decimal | None:
    """The area of the outline that a part states an area for: its own, or that of the land as it lies."""
    if part.geometry is not None:
        return area_m2(as_multipolygon(part.geometry)[0])
    if application.what is not Matter.CHANGE:
        return None
    land = _land(application, on=on)
    return None if land is None else land.area_m2


def _land(application: Application, *, on: date) -> SpatialUnitVersion | None:
    rows = ground_rows(application.baunit, on=on)
    return next((row for row in rows if row.spatial_unit.kind != GroundKind.BUILDING), None)


def refuse_mismeasured(application: Application, *, on: date) -> None:
    """Raises: MeasuresDisagree, naming each difference."""
    found = measured_ruling(application, on=on)
    if found is not None and found.value is not True:
        reasons = "；".join(step.finding for step in found.steps if step.ok is not True)
        raise MeasuresDisagree(unit=application.baunit.code, reasons=reasons)
