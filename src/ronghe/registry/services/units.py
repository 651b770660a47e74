"""Units: set up, changed in form, divided, joined, given another code. What they descend from stays known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import shapely
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.models import F

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.db import refuses
from ronghe.kernel.grams import grams
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import same_parties
from ronghe.kernel.spatial.rules import Box, as_multipolygon
from ronghe.kernel.spatial.rules import area_m2 as area_of

from ..errors import (
    CodeTaken,
    CodeWrong,
    GroundMissing,
    MergeUnfit,
    PartsDoNotFill,
    PartsTooFew,
    SplitGivesAway,
    UnitOver,
)
from ..models import (
    RRR,
    BAUnit,
    CodeSeries,
    Lineage,
    Restriction,
    Right,
    SpatialUnit,
    SpatialUnitVersion,
    UnitGround,
)
from ..rules import codes
from ..rules.kinds import GROUND_OF, USE_RIGHTS, CoOwnership, GroundKind, RightKind, UnitKind
from ..rules.parts import Part, parts_fill
from .drawing import changed as drawn_changed
from .proofs import recall_of
from .rights import Holder, Term, checked_holders, end_with_derived, write_holders
from .telling import form_told, grounds_told, unit_told
from .writing import close, end_rows, locked_units, refuse_future, standing_unit, write_again


@dataclass(frozen=True, slots=True)
class Ground:
    """空间单元的事实: one piece of ground, or building, as a survey states it."""

    kind: GroundKind
    registered_area_m2: Decimal
    geometry: shapely.Geometry | None = None
    code: str = ""
    use: str = ""
    location: str = ""
    north: str = ""
    east: str = ""
    south: str = ""
    west: str = ""
    structure: str = ""
    floors: int | None = None
    floor_area_m2: Decimal | None = None


def next_parcel(village: str, kind: UnitKind) -> codes.ParcelCode:
    """The next parcel code of a village. Locks: CodeSeries. Raises: CodeWrong."""
    return next_parcels(village, kind, 1)[0]


def next_parcels(village: str, kind: UnitKind, count: int) -> list[codes.ParcelCode]:
    """The next ``count`` parcel codes of a village: never one that was given before. Locks: CodeSeries.

    Raises: CodeWrong.
    """
    series, first = take_series(village, kind, count)
    return [codes.numbered(series, first + i) for i in range(count)]


def take_series(village: str, kind: UnitKind, count: int) -> tuple[str, int]:
    """The series of a village and the first of ``count`` numbers in it that are taken now. Locks: CodeSeries.

    A code that came from elsewhere is stepped over: the series first catches up with it. Raises: CodeWrong.
    """
    try:
        series = codes.series_of(village, kind)
        CodeSeries.objects.bulk_create([CodeSeries(series=series)], ignore_conflicts=True)
        row = CodeSeries.objects.select_for_update().get(pk=series)
        used = BAUnit.objects.filter(code__startswith=series).order_by("-code").values_list("code", flat=True).first()
        first = max(row.last, int(used[14:19]) if used else 0) + 1
        codes.numbered(series, first + count - 1)
    except codes.BadCode as error:
        raise CodeWrong(why=str(error)) from error
    CodeSeries.objects.filter(pk=series).update(last=first + count - 1)
    return series, first


@transaction.atomic
def open_unit(
    *,
    kind: UnitKind,
    division: str,
    grounds: Sequence[Ground],
    survey_id: int,
    on: date,
    code: str = "",
    is_demo: bool = False,
    actor: Actor,
    at: datetime,
) -> BAUnit:
    """Set up a unit with its ground (设立不动产单元); without a ``code`` the next of the village is given.

    Locks: CodeSeries when a code is given out, Layer. Raises: GroundMissing, CodeWrong, CodeTaken, DayInFuture.
    """
    refuse_future(on, what="设立日期", at=at)
    unit = _open(
        kind=kind, division=division, grounds=grounds, survey_id=survey_id, on=on, code=code, is_demo=is_demo, at=at
    )
    facts = {"code": unit.code, "kind": unit.kind, "on": on, "grounds": grounds_told(unit)}
    record(verb="registry.unit.opened", subject=unit, actor=actor, at=at, facts=facts, division=division)
    boxes = [Box(*g.geometry.bounds) for g in grounds if g.geometry is not None and g.kind is not GroundKind.BUILDING]
    drawn_changed(division, boxes, at, more=len(boxes))
    return unit


def _open(
    *,
    kind: UnitKind,
    division: str,
    grounds: Sequence[Ground],
    survey_id: int,
    on: date,
    code: str,
    is_demo: bool,
    at: datetime,
) -> BAUnit:
    if not any(one.kind is not GroundKind.BUILDING for one in grounds):
        raise GroundMissing()
    if code:
        try:
            read = codes.read_unit(code)
        except codes.BadCode as error:
            raise CodeWrong(why=str(error)) from error
        if codes.kind_of(read.parcel) is not kind:
            raise CodeWrong(why=f"特征码与“{kind.title}”不符")
    else:
        has_building = any(one.kind is GroundKind.BUILDING for one in grounds)
        read = codes.unit_code(next_parcel(division, kind), has_building=has_building)
    with refuses({"baunit_code_once": CodeTaken(taken=str(read))}):
        unit = BAUnit.objects.create(
            code=str(read), kind=kind, division_id=division, opened_on=on, opened_at=at, is_demo=is_demo
        )
    buildings = 0
    for ground in grounds:
        own = ground.code
        if ground.kind is GroundKind.BUILDING:
            buildings += 1
            own = own or f"{read.parcel}F{buildings:04d}0001"
        lay(unit, ground, own or str(read.parcel), survey_id=survey_id, on=on, at=at)
    return unit


def lay(unit: BAUnit, ground: Ground, code: str, *, survey_id: int, on: date, at: datetime) -> SpatialUnit:
    """A piece of ground that begins with the unit; ground of that code that stands goes on as it is."""
    standing = SpatialUnit.objects.filter(code=code).first()
    if standing is None:
        standing = SpatialUnit.objects.create(
            code=code, kind=ground.kind, division_id=unit.division_id, opened_on=on, opened_at=at
        )
        SpatialUnitVersion.objects.create(
            spatial_unit=standing, valid=DateRange(on, None), recorded=DateTimeTZRange(at, None), source_id=survey_id,
            **form_of(ground, code),
        )  # fmt: skip
    elif (
        standing.ended_on is not None
        or UnitGround.objects.filter(spatial_unit=standing, baunit__ended_on=None).exclude(baunit=unit).exists()
    ):
        raise CodeTaken(taken=code)
    UnitGround.objects.create(baunit=unit, spatial_unit=standing)
    return standing


def form_of(ground: Ground, code: str) -> dict[str, Any]:
    """The columns of a form."""
    shape = None if ground.geometry is None else as_multipolygon(ground.geometry)[0]
    return {
        "geometry": shape,
        "area_m2": None if shape is None else area_of(shape),
        "registered_area_m2": ground.registered_area_m2,
        "floor_area_m2": ground.floor_area_m2,
        "use": ground.use[:40],
        "location": ground.location[:200],
        "north": ground.north[:60],
        "east": ground.east[:60],
        "south": ground.south[:60],
        "west": ground.west[:60],
        "structure": ground.structure[:40],
        "floors": ground.floors,
        "grams": grams(ground.location, code),
    }


@transaction.atomic
def change_ground(
    *, spatial_unit_id: int, changed: Mapping[str, Any], survey_id: int, on: date, actor: Actor, at: datetime
) -> SpatialUnitVersion:
    """What a piece of ground is changes from a day on (变更): its use, place, neighbours, structure, areas or outline.

    Args: ``changed`` are columns of ``Ground``. Locks: BAUnit, Layer. Raises: UnitNotFound, UnitOver, DayInFuture.
    """
    refuse_future(on, what="变更日期", at=at)
    ground = UnitGround.objects.filter(spatial_unit=spatial_unit_id, baunit__ended_on=None).first()
    if ground is None:
        raise UnitOver(unit=spatial_unit_id, day=on)
    unit = standing_unit(ground.baunit_id)
    row = SpatialUnitVersion.objects.current().filter(spatial_unit=spatial_unit_id).order_by("-valid").first()
    assert row is not None
    assert row.valid.lower is not None
    told_of = dict(changed)
    if "geometry" in told_of:
        told_of["geometry"] = as_multipolygon(told_of["geometry"])[0]
        told_of["area_m2"] = area_of(told_of["geometry"])
    if "location" in told_of:
        told_of["grams"] = grams(told_of["location"], ground.spatial_unit.code)
    close(row, at)
    if row.valid.lower < on:
        write_again(row, at, valid=DateRange(row.valid.lower, on))
    made = write_again(row, at, valid=DateRange(max(on, row.valid.lower), None), source_id=survey_id, **told_of)
    facts = {"ground": spatial_unit_id, "on": on, "changed": sorted(changed), "form": form_told(made)}
    record(verb="registry.ground.changed", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    if "geometry" in told_of and ground.spatial_unit.kind != GroundKind.BUILDING:
        boxes = [one for one in (row.box, Box(*told_of["geometry"].bounds)) if one is not None]
        drawn_changed(unit.division_id, boxes, at, more=int(row.box is None))
    return made


def ground_rows(unit: BAUnit, *, on: date) -> list[SpatialUnitVersion]:
    """The forms of a unit's ground on a day, land before buildings."""
    rows = SpatialUnitVersion.objects.current().as_of(on).filter(spatial_unit__baunits__baunit=unit)
    found = rows.select_related("spatial_unit").order_by("pk")
    return sorted(found, key=lambda row: row.spatial_unit.kind == GroundKind.BUILDING)


def drawn_of(rows: Sequence[SpatialUnitVersion]) -> list[Box]:
    """Where the land among some forms is drawn."""
    return [row.box for row in rows if row.box is not None and row.spatial_unit.kind != GroundKind.BUILDING]


@dataclass(frozen=True, slots=True)
class NewPart:
    """分割后的一部分: its outline and area, who holds it, and the buildings that go with it."""

    geometry: shapely.Geometry
    registered_area_m2: Decimal
    location: str = ""
    holders: tuple[Holder, ...] = ()
    buildings: tuple[int, ...] = ()


@transaction.atomic
def split_unit(
    *,
    baunit_id: int,
    parts: Sequence[NewPart],
    on: date,
    survey_id: int,
    source_id: int,
    actor: Actor,
    at: datetime,
) -> list[BAUnit]:
    """A unit is divided (分割): it ends, and each part is a new unit with the rights of the old one.

    Outlines and registered areas of the parts make up the whole. Without ``holders`` a part stays with those of the
    use right; what is named there is some of them, for a part that goes to others is a transfer. The qualification of a
    household goes with one part: that with the house, else the first. Buildings (spatial units by number) go with the part that names them, the rest with the part on which they
    stand; a part of a built-on unit that gets no building carries the right of the land alone.
    Locks: BAUnit, CodeSeries, Layer.
    Raises: UnitNotFound, UnitOver, PartsTooFew, PartsDoNotFill, SplitGivesAway, DayInFuture, MergeUnfit.
    """
    if len(parts) < 2:
        raise PartsTooFew(what="分割", count=len(parts))
    refuse_future(on, what="分割日期", at=at)
    unit = standing_unit(baunit_id)
    refuse_burdened(unit, on=on)
    _refuse_giving_away(unit, parts, on=on)
    rows = ground_rows(unit, on=on)
    land = [row for row in rows if row.spatial_unit.kind != GroundKind.BUILDING]
    buildings = [row for row in rows if row.spatial_unit.kind == GroundKind.BUILDING]
    if len(land) != 1 or land[0].geometry is None:
        raise MergeUnfit(why="这个单元不是一整块有图形的土地")
    whole = land[0]
    refuse_misfit(
        [Part(p.geometry, p.registered_area_m2) for p in parts], Part(whole.geometry, whole.registered_area_m2)
    )
    made = []
    places = [_place_of(building, parts) for building in buildings]
    qualified = min(places, default=0)
    for nth, part in enumerate(parts):
        own = [building for building, place in zip(buildings, places, strict=True) if place == nth]
        ground = _like(whole, part.geometry, part.registered_area_m2, part.location)
        new = _open(
            kind=UnitKind(unit.kind), division=unit.division_id, grounds=[ground, *(_building(b) for b in own)],
            survey_id=survey_id, on=on, code="", is_demo=unit.is_demo, at=at,
        )  # fmt: skip
        house = False if buildings and not own else None
        carry(
            unit, new, on=on, source_id=source_id, at=at, holders=part.holders, with_house=house, qualifies=nth == qualified,
        )  # fmt: skip
        made.append(new)
    finish([unit], made, Lineage.Kind.SPLIT, on=on, at=at)
    facts = {"into": [one.code for one in made], "on": on, "made": [unit_told(one) for one in made]}
    record(verb="registry.unit.split", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    drawn_changed(unit.division_id, drawn_of(land), at, more=len(made) - 1)
    return made


def _refuse_giving_away(unit: BAUnit, parts: Sequence[NewPart], *, on: date) -> None:
    """A part goes to whoever holds the use of the whole: what goes to others is a transfer. Raises: SplitGivesAway."""
    asked = {holder.party_id for part in parts for holder in part.holders}
    rows = Right.objects.current().as_of(on).filter(baunit=unit, kind__in=[int(k) for k in USE_RIGHTS])
    held = same_parties(set(rows.values_list("party_id", flat=True)))
    other = Party.objects.filter(pk__in=asked - set(held)).order_by("pk").first()
    if other is not None:
        raise SplitGivesAway(unit=unit.code, name=other.name)


def _place_of(building: SpatialUnitVersion, parts: Sequence[NewPart]) -> int:
    """Which part a building goes with: the one that names it, else the one that has most of its ground, else the first."""
    for nth, part in enumerate(parts):
        if building.spatial_unit_id in part.buildings:
            return nth
    shape = building.geometry
    if shape is None:
        return 0
    return max(range(len(parts)), key=lambda nth: shapely.intersection(parts[nth].geometry, shape).area)


@transaction.atomic
def merge_units(
    *,
    baunit_ids: Sequence[int],
    registered_area_m2: Decimal | None = None,
    location: str = "",
    on: date,
    survey_id: int,
    source_id: int,
    actor: Actor,
    at: datetime,
) -> BAUnit:
    """Units side by side become one (合并): same kind, same holders and rights, outlines that touch.

    A household's qualification may stand on one of them alone; it goes on.
    Locks: BAUnit (by number), CodeSeries, Layer. Raises: PartsTooFew, UnitNotFound, UnitOver, MergeUnfit, PartsDoNotFill.
    """
    if len(set(baunit_ids)) < 2:
        raise PartsTooFew(what="合并", count=len(set(baunit_ids)))
    refuse_future(on, what="合并日期", at=at)
    units = locked_units(*sorted(set(baunit_ids)))
    for one in units:
        if one.ended_on is not None:
            raise UnitOver(unit=one.code, day=one.ended_on)
        refuse_burdened(one, on=on)
    first = units[0]
    if len({(one.kind, one.division_id) for one in units}) > 1:
        raise MergeUnfit(why="类别或所在村不同")
    if len({_profile(one, on) for one in units}) > 1:
        raise MergeUnfit(why="权利人、份额或权利期限不同")
    qualified = Right.objects.current().as_of(on).filter(baunit__in=units, kind=RightKind.QUALIFICATION)
    standing = dict(qualified.order_by("-pk").values_list("baunit", "party"))
    if len(set(standing.values())) > 1:
        raise MergeUnfit(why="宅基地资格权属于不同的农户")
    rows = [row for one in units for row in ground_rows(one, on=on)]
    land = [row for row in rows if row.spatial_unit.kind != GroundKind.BUILDING]
    if any(row.geometry is None for row in land):
        raise MergeUnfit(why="有的单元没有图形")
    # Corners of neighbours that were measured as one may differ in the last digits: a tenth of a millimetre joins them.
    whole = shapely.union_all([row.geometry for row in land], grid_size=1e-9)
    if (
        len(shapely.get_parts(whole)) != 1
        and len(units) > 1
        and all(len(shapely.get_parts(r.geometry)) == 1 for r in land)
    ):
        raise MergeUnfit(why="图形不相连")
    stated = sum((row.registered_area_m2 for row in land), Decimal(0))
    area = stated if registered_area_m2 is None else registered_area_m2
    refuse_misfit([Part(r.geometry, r.registered_area_m2) for r in land], Part(whole, area))
    buildings = [_building(row) for row in rows if row.spatial_unit.kind == GroundKind.BUILDING]
    made = _open(
        kind=UnitKind(first.kind), division=first.division_id, survey_id=survey_id, on=on, code="", at=at,
        grounds=[_like(land[0], whole, area, location), *buildings], is_demo=first.is_demo,
    )  # fmt: skip
    carried = next((one for one in units if one.pk in standing), first)
    carry(carried, made, on=on, source_id=source_id, at=at)
    finish(units, [made], Lineage.Kind.MERGE, on=on, at=at)
    facts = {"of": [one.code for one in units], "on": on, "made": [unit_told(made)]}
    record(verb="registry.unit.merged", subject=made, actor=actor, at=at, facts=facts, division=made.division_id)
    drawn_changed(made.division_id, drawn_of(land), at, more=1 - len(land))
    return made


@transaction.atomic
def add_building(
    *, baunit_id: int, building: Ground, on: date, survey_id: int, source_id: int, actor: Actor, at: datetime
) -> BAUnit:
    """A house is registered with its land (房地一体): the unit gets the code of land with buildings, its rights go on.

    Locks: BAUnit, Layer. Raises: UnitNotFound, UnitOver, CodeWrong, CodeTaken, DayInFuture, MergeUnfit.
    """
    refuse_future(on, what="登记日期", at=at)
    unit = standing_unit(baunit_id)
    refuse_burdened(unit, on=on)
    read = codes.read_unit(unit.code)
    if "F" not in codes.FIXTURES[read.parcel.use]:
        raise CodeWrong(why=f"“{unit.get_kind_display()}”上不登记房屋")
    if read.has_building:
        raise CodeWrong(why="这个单元已是土地和房屋一体的单元，房屋变化请办理变更登记")
    rows = ground_rows(unit, on=on)
    new = BAUnit.objects.create(
        code=str(codes.unit_code(read.parcel, has_building=True)), kind=unit.kind, division_id=unit.division_id,
        opened_on=on, opened_at=at, is_demo=unit.is_demo,
    )  # fmt: skip
    for row in rows:
        UnitGround.objects.create(baunit=new, spatial_unit_id=row.spatial_unit_id)
    lay(new, building, building.code or f"{read.parcel}F00010001", survey_id=survey_id, on=on, at=at)
    carry(unit, new, on=on, source_id=source_id, at=at, with_house=True)
    finish([unit], [new], Lineage.Kind.RECODE, on=on, at=at, keeps_ground=True)
    facts = {"code": new.code, "on": on, "made": [unit_told(new)]}
    record(verb="registry.unit.recoded", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    # The outlines stay; what they are called does not.
    drawn_changed(unit.division_id, drawn_of(rows), at)
    return new


@transaction.atomic
def end_unit(*, baunit_id: int, on: date, source_id: int, actor: Actor, at: datetime) -> BAUnit:
    """A unit is no more (灭失): it ends with its ground and all its rights. Locks: BAUnit, Layer.

    Raises: UnitNotFound, UnitOver, DayInFuture, MergeUnfit when it is burdened.
    """
    refuse_future(on, what="终止日期", at=at)
    unit = standing_unit(baunit_id)
    refuse_burdened(unit, on=on)
    boxes = drawn_of(ground_rows(unit, on=on))
    finish([unit], [], None, on=on, at=at)
    facts = {"on": on, "source": source_id}
    record(verb="registry.unit.ended", subject=unit, actor=actor, at=at, facts=facts, division=unit.division_id)
    drawn_changed(unit.division_id, boxes, at, more=-len(boxes))
    return unit


def refuse_burdened(unit: BAUnit, *, on: date) -> None:
    """A unit with restrictions is not divided or joined: they would lose what they stand on. Raises: MergeUnfit."""
    standing = Restriction.objects.current().as_of(on).filter(baunit=unit).order_by("pk").first()
    if standing is not None:
        raise MergeUnfit(why=f"单元 {unit.code} 上有未解除的{standing.get_kind_display()}")


def refuse_misfit(parts: Sequence[Part], whole: Part) -> None:
    """Raises: PartsDoNotFill."""
    fault = parts_fill(parts, whole)
    if fault:
        raise PartsDoNotFill(why=fault)


def _like(row: SpatialUnitVersion, geometry: shapely.Geometry, area: Decimal, location: str) -> Ground:
    return Ground(
        kind=GROUND_OF[UnitKind(row.spatial_unit.baunits.select_related("baunit").first().baunit.kind)],  # type: ignore[union-attr]
        registered_area_m2=area, geometry=geometry, use=row.use, location=location or row.location,
    )  # fmt: skip


def _building(row: SpatialUnitVersion) -> Ground:
    return Ground(
        kind=GroundKind.BUILDING, registered_area_m2=row.registered_area_m2, geometry=row.geometry, use=row.use,
        location=row.location, structure=row.structure, floors=row.floors, floor_area_m2=row.floor_area_m2,
    )  # fmt: skip


def _profile(unit: BAUnit, on: date) -> tuple[Any, ...]:
    """Who holds what in a unit, but for the qualification: units that are joined are alike in it."""
    rows = Right.objects.current().as_of(on).filter(baunit=unit).exclude(kind=RightKind.QUALIFICATION)
    return tuple(sorted((r.kind, r.party_id, r.share_num or 0, r.share_den or 0, str(r.valid.upper)) for r in rows))


#: What a right of land is called once a house is registered with it.
_WITH_HOUSE = {
    RightKind.HOMESTEAD_USE: RightKind.HOMESTEAD_HOUSE,
    RightKind.COLLECTIVE_USE: RightKind.COLLECTIVE_HOUSE,
    RightKind.STATE_USE: RightKind.STATE_USE_HOUSE,
}
_WITHOUT_HOUSE = {house: land for land, house in _WITH_HOUSE.items()}


def _named_now(kind: RightKind, with_house: bool | None) -> RightKind:
    """What a right is called on land with, or without, its house."""
    if with_house is None:
        return kind
    return (_WITH_HOUSE if with_house else _WITHOUT_HOUSE).get(kind, kind)


def carry(
    old: BAUnit,
    new: BAUnit,
    *,
    on: date,
    source_id: int,
    at: datetime,
    holders: Sequence[Holder] = (),
    with_house: bool | None = None,
    qualifies: bool = True,
) -> None:
    """The rights of a unit stand in the one that follows it, from the day on; the old ones end in ``finish``.

    Args: ``with_house`` says that a house comes to the land, or that none does of those that stood on the old unit; a right
        of residence goes on only where the house does. Without it, rights are called as they were. ``qualifies`` says
        whether the household's qualification goes on here.
    """
    made: dict[int, RRR] = {}
    rrrs = RRR.objects.filter(baunit=old, sort=RRR.Sort.RIGHT).order_by(F("parent").asc(nulls_first=True), "pk")
    waiting = list(rrrs)
    while waiting:
        rrr = next((r for r in waiting if r.parent_id is None or r.parent_id in made), None)
        if rrr is None:
            break  # what is left derives from rights that do not go on
        waiting.remove(rrr)
        rows = list(Right.objects.current().as_of(on).filter(rrr=rrr).order_by("pk"))
        if not rows:
            continue
        kind = RightKind(rrr.kind)
        if (kind is RightKind.RESIDENCE and with_house is False) or (kind is RightKind.QUALIFICATION and not qualifies):
            continue
        kind_now = _named_now(kind, with_house)
        own = [Holder(r.party_id, None if r.co_ownership == CoOwnership.JOINT else _share(r)) for r in rows]
        if holders and kind in USE_RIGHTS:
            own = list(holders)
        way = checked_holders(own, kind_now, term=Term(on, rows[0].valid.upper), at=at)
        made[rrr.pk] = RRR.objects.create(
            sort=RRR.Sort.RIGHT, kind=kind_now, baunit=new, opened_at=at,
            parent=made.get(rrr.parent_id) if rrr.parent_id else None,
        )  # fmt: skip
        valid = DateRange(on, rows[0].valid.upper)
        write_holders(made[rrr.pk], own, way, valid, source_id=source_id, nature=rows[0].nature, at=at)


def _share(row: Right) -> Fraction:
    return Fraction(row.share_num or 1, row.share_den or 1)


def finish(
    olds: Sequence[BAUnit],
    news: Sequence[BAUnit],
    kind: Lineage.Kind | None,
    *,
    on: date,
    at: datetime,
    keeps_ground: bool = False,
) -> None:
    """End units with their rights and, unless it goes on, their ground; say what they became."""
    for old in olds:
        for rrr in RRR.objects.filter(baunit=old, parent=None).order_by("pk"):
            end_with_derived(rrr, on=on, at=at)
        recall_of(old, on=on, at=at, reason="单元终止" if kind is None else f"单元{kind.label}")
        if not keeps_ground:
            for ground in SpatialUnit.objects.filter(baunits__baunit=old, ended_on=None):
                rows = SpatialUnitVersion.objects.current().filter(spatial_unit=ground)
                end_rows(rows, on=on, at=at)
                ground.ended_on, ground.ended_at = on, at
                ground.save(update_fields=["ended_on", "ended_at"])
        old.ended_on, old.ended_at = on, at
        old.save(update_fields=["ended_on", "ended_at"])
        if kind is not None:
            Lineage.objects.bulk_create(Lineage(before=old, after=new, kind=kind, on=on, at=at) for new in news)


__all__ = [
    "Ground",
    "NewPart",
    "add_building",
    "change_ground",
    "end_unit",
    "merge_units",
    "next_parcel",
    "next_parcels",
    "open_unit",
    "split_unit",
]
