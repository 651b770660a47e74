"""The API of the book: units as of a day and as known at an instant, rights of a party, outlines, contracts, rates."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import shapely
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from pydantic import BeforeValidator

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches
from ronghe.kernel.actors import Actor
from ronghe.kernel.api_types import WITHOUT_NUL, Cursor, Day, Number, Size
from ronghe.kernel.paging import page
from ronghe.kernel.parties import queries as parties
from ronghe.kernel.regions.models import Division
from ronghe.kernel.spatial.errors import BadBox
from ronghe.kernel.spatial.rules import Box

from ..errors import PlaceUnknown
from ..models import Certificate, Restriction, Right, SpatialUnitVersion
from ..permissions import BOOK_AUDIT, BOOK_VIEW, OWN_VIEW
from ..queries import book, contracts, holdings, rates
from ..queries.easements import easements_for
from ..queries.ground import parcels_in
from ..queries.units import holders, land_form, with_what_is_shown
from ..queries.units import units as found_units
from ..rules.boundary import BoundaryPoint, boundary
from ..rules.kinds import GroundKind

router = Router(tags=["产权登记"])

UnitCode = Annotated[str, Field(pattern=r"^[0-9A-Z]{28}$", description="不动产单元代码，28 位")]
Words = Annotated[str, Field(max_length=100, pattern=WITHOUT_NUL)]
Place = Annotated[str, Field(max_length=24, pattern=r"^[0-9a-z-]*$", description="区划代码")]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


def _instant(given: Any) -> Any:
    """Only ``2026-11-22T09:30:00+08:00``: pydantic would take a number for seconds since 1970, and a day for midnight."""
    if not isinstance(given, datetime) and not _INSTANT.fullmatch(str(given)):
        raise ValueError("时刻应写成 2026-11-22T09:30:00+08:00 的样子")
    return given


_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
Instant = Annotated[datetime, BeforeValidator(_instant)]


class HolderOut(Schema):
    """一个权利人."""

    party: int
    name: str
    share: str | None = Field(description="份额；共同共有时没有")


class RightSpanOut(Schema):
    """一段时间里的权利人."""

    since: date
    until: date | None = Field(description="止期的次日；没有止期时没有")
    holders: list[HolderOut]


class UnitRightOut(Schema):
    """一项权利，含历史和派生的权利."""

    rrr: int
    kind: int
    title: str
    parent: int | None
    in_force: bool
    holders: list[HolderOut]
    since: date | None
    until: date | None
    history: list[RightSpanOut]
    certificates: list[str]


class UnitBurdenOut(Schema):
    """一项限制."""

    rrr: int
    kind: int
    title: str
    holder: str
    dominant: str | None = Field(description="地役权的需役地单元代码")
    text: str
    amount_fen: int | None
    since: date
    until: date | None


class UnitEasementOut(Schema):
    """本单元作为需役地享有的一项地役权."""

    rrr: int
    servient: str = Field(description="供役地单元代码")
    text: str
    since: date
    until: date | None


class BoundaryPointOut(Schema):
    """一个界址点，和从它到下一点的界址线."""

    number: int
    longitude: float
    latitude: float
    northing_m: float = Field(description="三度带平面纵坐标 X，米")
    easting_m: float = Field(description="三度带平面横坐标 Y，米，带带号")
    side_m: float = Field(description="到下一点的边长，米")


class UnitGroundOut(Schema):
    """一个空间单元的形态."""

    code: str
    kind: str
    registered_area_m2: Decimal
    area_m2: Decimal | None
    floor_area_m2: Decimal | None
    use: str
    location: str
    points: list[BoundaryPointOut] = Field(description="界址点，自西北角起顺时针；房屋和没有图形的没有")


class UnitRowOut(Schema):
    """列表里的一个单元."""

    code: str
    kind: str
    division: str = Field(alias="division_id")
    opened_on: date
    ended_on: date | None
    holders: list[str]
    location: str
    registered_area_m2: Decimal | None


class UnitRowsOut(Schema):
    """一页单元."""

    items: list[UnitRowOut]
    next: str | None = Field(description="下一页的翻页标记")


class UnitLinkOut(Schema):
    """沿革的一步."""

    before: str
    after: str
    kind: str
    on: date


class BarredOut(Schema):
    """不能办理的登记."""

    matter: str
    reasons: list[str]


class UnitPageOut(Schema):
    """一个单元的登记簿页."""

    code: str
    kind: str
    division: str
    opened_on: date
    ended_on: date | None
    on: date
    known_at: datetime | None
    standing: bool
    headline: list[str]
    ground: list[UnitGroundOut]
    rights: list[UnitRightOut]
    burdens: list[UnitBurdenOut]
    easements: list[UnitEasementOut]
    barred: list[BarredOut]
    lineage: list[UnitLinkOut]


class PartyRightOut(Schema):
    """名下的一项权利."""

    code: str
    unit_kind: str
    rrr: int
    kind: int
    title: str
    share: str | None
    since: date
    until: date | None
    location: str
    registered_area_m2: Decimal | None
    certificate: str
    burdens: list[str]


class PartyRightsOut(Schema):
    """名下的权利."""

    on: date
    parties: list[int]
    units: int = Field(description="名下单元总数，超过 100 个时只列前 100 个")
    items: list[PartyRightOut]


class ContractRowOut(Schema):
    """一份承包合同."""

    id: int
    number: str
    title: str
    division: str = Field(alias="division_id")
    issued_on: date
    contractor: str | None
    plots: int | None
    since: date | None
    until: date | None


class ContractRowsOut(Schema):
    """一页承包合同."""

    items: list[ContractRowOut]
    next: str | None = Field(description="下一页的翻页标记")


class ContractPlotOut(Schema):
    """合同的一个地块."""

    code: str
    location: str
    registered_area_m2: Decimal | None
    operated_by: list[str]
    burdens: list[str]


class ContractPageOut(Schema):
    """一份承包合同和它的地块."""

    id: int
    number: str
    title: str
    issued_on: date
    contractors: list[str]
    count: int
    plots: list[ContractPlotOut]


class RateOut(Schema):
    """一个区划的颁证情况."""

    division: str
    name: str
    registrable: int = Field(description="应颁证：在册的，加上已调查未登簿的")
    certified: int
    surveyed: int = Field(description="其中已调查未登簿")


class RatesOut(Schema):
    """颁证率."""

    zone: str | None
    objects: list[str]
    target: str | None = Field(description="目标，分数")
    deadline: date | None
    reached_on: date | None
    whole: RateOut
    parts: list[RateOut]


class UnitsAsk(Schema):
    """怎样收窄单元."""

    text: Words = ""
    kind: Annotated[str, Field(max_length=12, pattern="^[a-z_]*$")] = ""
    place: Place = ""
    state: Literal["", "ended", "all"] = ""
    certified: Literal["", "yes", "no", "due"] = ""


class BoxAsk(Schema):
    """一个范围."""

    west: Longitude
    south: Latitude
    east: Longitude
    north: Latitude


#: The most outlines of one answer.
MOST_OUTLINES = 2000


def _today() -> date:
    return clock.legal_day(clock.now())


def _share(row: Right) -> str | None:
    return None if row.share_num is None else f"{row.share_num}/{row.share_den}"


def _holder(row: Right) -> dict[str, Any]:
    return {"party": row.party_id, "name": row.party.name, "share": _share(row)}


def _right(one: book.HeldRight) -> dict[str, Any]:
    return {
        "rrr": one.rrr.pk, "kind": one.rrr.kind, "title": one.kind.title, "parent": one.rrr.parent_id,
        "in_force": one.is_in_force, "holders": [_holder(row) for row in one.rows],
        "since": one.rows[0].valid.lower if one.rows else None, "until": one.rows[0].valid.upper if one.rows else None,
        "history": [
            {"since": span.since, "until": span.until, "holders": [_holder(row) for row in span.holders]}
            for span in one.history
        ],
        "certificates": [one.number for one in one.certificates if one.recalled_on is None],
    }  # fmt: skip


def _burden(row: Restriction) -> dict[str, Any]:
    return {
        "rrr": row.rrr_id, "kind": row.kind, "title": row.get_kind_display(), "holder": book.burden_holder(row),
        "dominant": row.dominant.code if row.dominant is not None else None, "text": row.text,
        "amount_fen": row.amount_fen, "since": row.valid.lower, "until": row.valid.upper,
    }  # fmt: skip


def _ground(form: SpatialUnitVersion) -> dict[str, Any]:
    of = form.spatial_unit
    return {
        "code": of.code, "kind": of.kind, "registered_area_m2": form.registered_area_m2, "area_m2": form.area_m2,
        "floor_area_m2": form.floor_area_m2, "use": form.use, "location": form.location, "points": _points(form),
    }  # fmt: skip


def _points(form: SpatialUnitVersion) -> list[BoundaryPoint]:
    drawn = form.geometry is not None and form.spatial_unit.kind != GroundKind.BUILDING
    return boundary(form.geometry)[1] if drawn else []


def _row(unit: Any) -> dict[str, Any]:
    land = land_form(unit)
    return {
        "code": unit.code, "kind": unit.kind, "division_id": unit.division_id, "opened_on": unit.opened_on,
        "ended_on": unit.ended_on, "holders": holders(unit),
        "location": land.location if land else "", "registered_area_m2": land.registered_area_m2 if land else None,
    }  # fmt: skip


@router.get("/registry/units", response=UnitRowsOut, summary="不动产单元")
@allows(BOOK_VIEW, BOOK_AUDIT)
def list_units(request: HttpRequest, ask: Query[UnitsAsk], cursor: Cursor = None, size: Size = 50) -> Any:
    """The units that one may see, by code, narrowed."""
    day = _today()
    rows = with_what_is_shown(found_units(actor_of(request), on=day, **ask.dict()), on=day)
    shown = page(rows, order=("code",), cursor=cursor, size=size)
    return {"items": [_row(unit) for unit in shown.rows], "next": shown.next}


@router.get("/registry/units/{unit_code}", response=UnitPageOut, summary="一个单元的登记簿页")
@allows(BOOK_VIEW, BOOK_AUDIT)
def get_unit(request: HttpRequest, unit_code: UnitCode, on: Day | None = None, known_at: Instant | None = None) -> Any:
    """All of a unit on a legal day, by today's register or as it was known at an instant."""
    found = book.unit_page(unit_code, actor=actor_of(request), on=on or _today(), known_at=known_at)
    stands = not (found.is_over or found.is_not_yet)
    return {
        "code": found.unit.code, "kind": found.unit.kind, "division": found.unit.division_id,
        "opened_on": found.unit.opened_on, "ended_on": found.ended_on, "on": found.on, "known_at": found.known_at,
        "standing": stands, "headline": found.headline() if stands else [],
        "ground": [_ground(form) for form in found.forms], "rights": [_right(one) for one in found.all_rights()],
        "burdens": [_burden(row) for row in found.burdens],
        "easements": [
            {
                "rrr": row.rrr_id, "servient": row.baunit.code, "text": row.text, "since": row.valid.lower,
                "until": row.valid.upper,
            }
            for row in easements_for(found.unit, on=found.on, known_at=known_at, lineage=found.lineage)
        ],
        "barred": [{"matter": one.matter, "reasons": [s.finding for s in one.steps]} for one in book.barred(found.burdens)],
        "lineage": [
            {"before": one.before.code, "after": one.after.code, "kind": one.kind, "on": one.on} for one in found.lineage
        ],
    }  # fmt: skip


@router.get("/registry/ground", response=dict[str, Any], summary="范围内的地块（GeoJSON）")
@allows(BOOK_VIEW, BOOK_AUDIT)
def ground_in_box(request: HttpRequest, ask: Query[BoxAsk]) -> Any:
    """The parcels that stand in a box now, as GeoJSON: code, kind and area of each; at most 2,000, then ``more``."""
    box = Box(ask.west, ask.south, ask.east, ask.north)
    if not (box.west <= box.east and box.south <= box.north):
        raise BadBox(text=",".join(map(str, box))[:80])
    rows = list(parcels_in(box, actor=actor_of(request))[: MOST_OUTLINES + 1])
    return {
        "type": "FeatureCollection",
        "more": len(rows) > MOST_OUTLINES,
        "features": [
            {
                "type": "Feature",
                "id": row.code,
                "properties": {
                    "code": row.code, "kind": row.kind, "registered_area_m2": float(row.registered_area_m2),
                    "area_m2": float(row.area_m2),
                },
                "geometry": shapely.geometry.mapping(shapely.transform(row.geometry, lambda points: points.round(7))),
            }
            for row in rows[:MOST_OUTLINES]
        ],
    }  # fmt: skip


def _held(of: list[int], held: list[holdings.Holding]) -> list[dict[str, Any]]:
    told = []
    for one in held:
        land = one.land[0] if one.land else None
        for row in one.rights:
            if row.party_id in of:
                told.append(
                    {
                        "code": one.unit.code, "unit_kind": one.unit.kind, "rrr": row.rrr_id, "kind": row.kind,
                        "title": row.get_kind_display(), "share": _share(row), "since": row.valid.lower,
                        "until": row.valid.upper, "location": land.location if land else "",
                        "registered_area_m2": land.registered_area_m2 if land else None,
                        "certificate": _certificate(one.certificates, row.rrr_id),
                        "burdens": [burden.get_kind_display() for burden in one.burdens_of(row.rrr_id)],
                    }
                )  # fmt: skip
    return told


def _certificate(certificates: list[Certificate], rrr: int) -> str:
    return next((one.number for one in certificates if one.rrr_id == rrr), "")


@router.get("/registry/parties/{party_id}/rights", response=PartyRightsOut, summary="一个权利人名下的权利")
@allows(BOOK_VIEW)
def rights_of_party(request: HttpRequest, party_id: Number, on: Day | None = None) -> Any:
    """What stands in the name of a party, or of the household that a person is in, on a day."""
    actor, day = actor_of(request), on or _today()
    of = parties.in_whose_names(parties.party(party_id, actor=actor).pk, on=day)
    return _answer(of, actor, day)


def _answer(of: list[int], actor: Actor, day: date) -> dict[str, Any]:
    rows = holdings.units_held_by(of, on=day, actor=actor)
    first = holdings.holdings(list(rows.order_by("kind", "code")[: holdings.MOST_AT_ONCE]), on=day)
    return {"on": day, "parties": of, "units": rows.count(), "items": _held(of, first)}


@router.get("/registry/mine", response=PartyRightsOut, summary="我名下的权利")
@allows(OWN_VIEW)
def my_rights(request: HttpRequest) -> Any:
    """What stands in one's own name, or one's household's, today."""
    day = _today()
    of, held, count = holdings.own(actor_of(request), on=day)
    return {"on": day, "parties": of, "units": count, "items": _held(of, held)}


class ContractsAsk(Schema):
    """怎样收窄承包合同."""

    text: Words = ""
    place: Place = ""
    state: Literal["", "running", "ended"] = ""


@router.get("/registry/contracts", response=ContractRowsOut, summary="承包合同台账")
@allows(BOOK_VIEW, BOOK_AUDIT)
def list_contracts(request: HttpRequest, ask: Query[ContractsAsk], cursor: Cursor = None, size: Size = 50) -> Any:
    """The contracts that one may see, by number."""
    rows = contracts.contracts(actor_of(request), on=_today(), **ask.dict())
    shown = page(contracts.with_terms(rows), order=("number", "pk"), cursor=cursor, size=size)
    return {"items": shown.rows, "next": shown.next}


@router.get("/registry/contracts/{contract_id}", response=ContractPageOut, summary="一份承包合同")
@allows(BOOK_VIEW, BOOK_AUDIT)
def get_contract(request: HttpRequest, contract_id: Number) -> Any:
    """One contract with its plots."""
    found = contracts.contract(contract_id, actor=actor_of(request), on=_today())
    plots = []
    for one in found.plots:
        land = one.land[0] if one.land else None
        plots.append(
            {
                "code": one.unit.code, "location": land.location if land else "",
                "registered_area_m2": land.registered_area_m2 if land else None,
                "operated_by": [row.party.name for row in one.rights if row.kind == contracts.OPERATION],
                "burdens": [row.get_kind_display() for row in one.burdens],
            }
        )  # fmt: skip
    return {
        "id": found.source.pk, "number": found.source.number, "title": found.source.title,
        "issued_on": found.source.issued_on, "count": found.count, "plots": plots,
        "contractors": list(dict.fromkeys(row.party.name for row in found.rights)),
    }  # fmt: skip


@router.get("/registry/rates", response=RatesOut, summary="颁证率")
@allows(BOOK_VIEW, BOOK_AUDIT)
def get_rates(request: HttpRequest, place: Place = "") -> Any:
    """How many units of a place, and of each of its parts, have their certificate."""
    actor, day = actor_of(request), _today()
    here = place or actor.division or ""
    if not Division.objects.filter(pk=here).exists() or not reaches(actor, here):
        raise PlaceUnknown(place=here)
    target = rates.target_of(rates.zone_of(here, actor=actor), on=day)
    whole, parts = rates.by_place(actor, place=here, kinds=target.kinds)
    made = rates.progress(actor, place=here, target=target, registrable_now=whole.registrable)
    return {
        "zone": target.zone.slug if target.zone else None, "objects": [kind.value for kind in target.kinds],
        "target": None if target.rate is None else str(target.rate), "deadline": target.deadline,
        "reached_on": made.reached_on, "whole": _rate(whole), "parts": [_rate(one) for one in parts],
    }  # fmt: skip


def _rate(one: rates.Counted) -> dict[str, Any]:
    return {
        "division": one.division.pk, "name": one.division.name, "registrable": one.registrable,
        "certified": one.certified, "surveyed": one.surveyed,
    }  # fmt: skip
