"""一张图地块信息: parcels of collective construction land with what the register and the plan say of them (REG-13)."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from ronghe.kernel.actors import Actor
from ronghe.policy import queries as policy
from ronghe.policy.queries import Answer

from ..errors import UnitNotFound
from ..models import BAUnit, ParcelProfile, Right, SpatialUnitVersion
from ..rules.kinds import GroundKind, RightKind, UnitKind
from ..rules.parcel_sheet import Sheet, recorded
from .exchange import zone_of

#: The rule of the rulebook that asks what of a parcel must be on the one map (R-044).
MAP_RULE = "entry.map_record"


def parcels(
    actor: Actor, *, on: date, division: str = "", path: str = "", is_complete: bool | None = None
) -> QuerySet[BAUnit]:
    """Parcels that stand on a day, each with its place, sides, owner, planned use and path."""
    form = (
        SpatialUnitVersion.objects.current()
        .as_of(on)
        .filter(spatial_unit__baunits__baunit=OuterRef("pk"))
        .exclude(spatial_unit__kind=GroundKind.BUILDING)
        .order_by("pk")
    )
    owner = Right.objects.current().as_of(on).filter(baunit=OuterRef("pk"), kind=RightKind.COLLECTIVE_OWNERSHIP)
    profile = ParcelProfile.objects.current().as_of(on).filter(baunit=OuterRef("pk"))
    rows = BAUnit.objects.visible_to(actor).standing(on).filter(kind=UnitKind.CONSTRUCTION).select_related("division")
    told = rows.annotate(
        **{name: Subquery(form.values(name)[:1]) for name in ("location", "north", "east", "south", "west", "use")},
        area_m2=Subquery(form.values("registered_area_m2")[:1]),
        has_outline=Exists(form.filter(geometry__isnull=False)),
        owner=Subquery(owner.order_by("pk").values("party__name")[:1]),
        planned_use=Subquery(profile.values("planned_use")[:1]),
        services=Subquery(profile.values("services")[:1]),
        path=Subquery(profile.values("path")[:1]),
        note=Subquery(profile.values("note")[:1]),
    )
    if division:
        told = told.filter(Q(division__name__contains=division) | Q(division__code__startswith=division))
    if path:
        told = told.filter(path=path) if path != "undecided" else told.filter(Q(path=path) | Q(path=None))
    if is_complete is not None:
        sides = ~Q(north="") & ~Q(east="") & ~Q(south="") & ~Q(west="")
        whole = ~Q(location="") & Q(owner__isnull=False) & (Q(has_outline=True) | sides)
        told = told.filter(whole) if is_complete else told.exclude(whole)
    return told.order_by("code")


def parcel(unit_id: int, *, on: date, actor: Actor) -> BAUnit:
    """One parcel. Raises: UnitNotFound."""
    found = parcels(actor, on=on).filter(pk=unit_id).first()
    if found is None:
        raise UnitNotFound(unit=unit_id)
    return found


def sheet_of(row: BAUnit) -> Sheet:
    """What is known of a parcel, of a row of ``parcels``."""
    told = {
        name: getattr(row, name) or ""
        for name in ("location", "north", "east", "south", "west", "owner", "planned_use", "path")
    }
    return Sheet(**told, has_outline=getattr(row, "has_outline"), has_services=bool(getattr(row, "services")))  # noqa: B009


def map_ruling(row: BAUnit, *, on: date) -> Answer | None:
    """What the zone's rule says of the parcel: whether enough is on the map to choose a path. None outside of zones."""
    zone = zone_of(row.division_id)
    if zone is None:
        return None
    return policy.answer(MAP_RULE, zone, on=on, facts={"recorded": sorted(recorded(sheet_of(row)))})
