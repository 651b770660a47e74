"""Houses of a unit that has some already: another one is built, one of them is no more."""

from datetime import date, datetime

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record

from ..errors import CodeWrong, GroundElsewhere, RegistrationBlocked
from ..models import BAUnit, Lineage, Restriction, SpatialUnit, SpatialUnitVersion, UnitGround
from ..rules import codes
from ..rules.kinds import GroundKind, UnitKind
from .drawing import changed as drawn_changed
from .units import Ground, carry, drawn_of, finish, ground_rows, lay, open_unit
from .writing import end_rows, refuse_future, standing_unit


@transaction.atomic
def add_another_building(
    *, baunit_id: int, building: Ground, on: date, survey_id: int, actor: Actor, at: datetime
) -> SpatialUnit:
    """Another house is registered with a unit that has one: the unit and its rights go on, for they are of all its houses.

    Locks: BAUnit. Raises: UnitNotFound, UnitOver, CodeWrong, CodeTaken, DayInFuture.
    """
    refuse_future(on, what="登记日期", at=at)
    unit = standing_unit(baunit_id)
    read = codes.read_unit(unit.code)
    if not read.has_building:
        raise CodeWrong(why="这个单元还没有登记房屋，第一处房屋请办理变更登记（房地一体）")
    numbered = SpatialUnit.objects.filter(code__startswith=f"{read.parcel}F").order_by("-code")
    last = numbered.values_list("code", flat=True).first()
    code = building.code or f"{read.parcel}F{(int(last[20:24]) if last else 0) + 1:04d}0001"
    made = lay(unit, building, code, survey_id=survey_id, on=on, at=at)
    facts = {"ground": made.pk, "code": code, "on": on}
    record(verb="registry.building.added", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    return made


@transaction.atomic
def demolish_building(
    *, baunit_id: int, code: str, on: date, survey_id: int, source_id: int, actor: Actor, at: datetime
) -> BAUnit:
    """A house is no more (房屋灭失); returns the unit that stands then.

    With the last house the unit becomes one of land alone: its rights go on as those of the land, a right of residence
    does not. Locks: BAUnit, CodeSeries, Layer.
    Raises: UnitNotFound, UnitOver, GroundElsewhere, DayInFuture, RegistrationBlocked when the last house is burdened.
    """
    refuse_future(on, what="灭失日期", at=at)
    unit = standing_unit(baunit_id)
    rows = ground_rows(unit, on=on)
    houses = [row for row in rows if row.spatial_unit.kind == GroundKind.BUILDING]
    gone = next((row for row in houses if row.spatial_unit.code == code), None)
    if gone is None:
        raise GroundElsewhere(code_given=code, unit=unit.code)
    if len(houses) == 1:
        _refuse_burdened(unit, on=on)
    end_rows(SpatialUnitVersion.objects.current().filter(spatial_unit=gone.spatial_unit_id), on=on, at=at)
    ended = gone.spatial_unit
    ended.ended_on, ended.ended_at = on, at
    ended.save(update_fields=["ended_on", "ended_at"])
    facts = {"ground": ended.pk, "code": code, "on": on, "source": source_id}
    record(
        verb="registry.building.demolished", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id
    )
    if len(houses) > 1:
        return unit
    land = [row for row in rows if row.spatial_unit.kind != GroundKind.BUILDING]
    return _of_land_alone(unit, land, on=on, survey_id=survey_id, source_id=source_id, actor=actor, at=at)


def _refuse_burdened(unit: BAUnit, *, on: date) -> None:
    """What burdens land and house would lose what it stands on with the unit. Raises: RegistrationBlocked."""
    standing = Restriction.objects.current().as_of(on).filter(baunit=unit).order_by("pk").first()
    if standing is not None:
        raise RegistrationBlocked(
            unit=unit.code,
            matter="房屋全部灭失的变更登记",
            reasons=f"有未解除的{standing.get_kind_display()}，请先解除或注销。",
        )


def _of_land_alone(
    unit: BAUnit,
    land: list[SpatialUnitVersion],
    *,
    on: date,
    survey_id: int,
    source_id: int,
    actor: Actor,
    at: datetime,
) -> BAUnit:
    """The unit that follows when no house is left. A code is given once: where the parcel had stood without a house
    before, it gets a new number."""
    bare = str(codes.unit_code(codes.read_unit(unit.code).parcel))
    is_free = not BAUnit.objects.filter(code=bare).exists()
    if is_free:
        new = BAUnit.objects.create(
            code=bare, kind=unit.kind, division_id=unit.division_id, opened_on=on, opened_at=at, is_demo=unit.is_demo
        )
        for row in land:
            UnitGround.objects.create(baunit=new, spatial_unit_id=row.spatial_unit_id)
    else:
        new = open_unit(
            kind=UnitKind(unit.kind), division=unit.division_id, grounds=[_same(row) for row in land],
            survey_id=survey_id, on=on, is_demo=unit.is_demo, actor=actor, at=at,
        )  # fmt: skip
    carry(unit, new, on=on, source_id=source_id, at=at, with_house=False)
    finish([unit], [new], Lineage.Kind.RECODE, on=on, at=at, keeps_ground=is_free)
    facts = {"code": new.code, "on": on}
    record(verb="registry.unit.recoded", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    # What is drawn has another name; where it was drawn anew, the outline before is gone.
    drawn_changed(unit.division_id, drawn_of(land), at, more=0 if is_free else -len(land))
    return new


def _same(row: SpatialUnitVersion) -> Ground:
    """The same ground under another number."""
    return Ground(
        GroundKind(row.spatial_unit.kind), row.registered_area_m2, row.geometry, use=row.use, location=row.location,
        north=row.north, east=row.east, south=row.south, west=row.west,
    )  # fmt: skip


__all__ = ["add_another_building", "demolish_building"]
