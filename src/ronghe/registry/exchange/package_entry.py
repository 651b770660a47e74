"""汇交包登簿: sound units of a package with their ground, rights, restrictions and papers; the caller holds the transaction.

The right or restriction keeps the order in which the package tells it; its number is this register's own.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.parties.models import Party
from ronghe.kernel.spatial.rules import Box

from ..errors import ExchangeFaulty
from ..models import RRR, AdministrativeSource, BAUnit, Restriction, Right, SpatialUnit, SpatialUnitVersion, UnitGround
from ..rules import package_tables as tables
from ..rules.kinds import CoOwnership, GroundKind, RestrictionKind, RightKind, SourceKind
from ..rules.package_rights import RESTRICTIONS, kind_of, share_of
from ..rules.tables import Row
from ..services.drawing import changed
from ..services.sources import keep_source, keep_survey
from ..services.units import Ground, form_of
from ..services.writing import held_by_the_database
from .package_holders import Who, registered, who_of
from .packages_in import PackageRead

#: How the papers are called that another register issued, by what they prove.
PAPERS = {"certificate": "不动产权证书", "proof": "不动产登记证明"}
NOT_NAMED = "汇交包没有写明权属来源"
_BATCH = 1_000
_CONTRACTS = frozenset({RightKind.CONTRACT, RightKind.CONTRACT_TREES, RightKind.OPERATION})
#: What the database refuses because the register is another than at the check.
_REFUSED: dict[str, DomainError] = {
    name: ExchangeFaulty(count=1, first=what)
    for name, what in (
        ("baunit_code_once", "有不动产单元代码刚刚给了别的单元"),
        ("spatial_unit_code_once", "有空间单元代码刚刚给了别的单元"),
        ("right_holder_lives", "有权利人刚刚登记为死亡或终止"),
        ("right_holder_fits", "有权利人不能享有这种权利"),
        ("right_shares_pass_the_whole", "有单元的权利份额超过一个整体"),
        ("right_has_one_sole_holder", "有单元已有单独权利人"),
        ("right_once_per_party_and_time", "有权利人在一个单元上登记两次"),
        ("rrr_term_within_parent", "有期限超出所依附的权利"),
    )
}


@dataclass
class _Import:
    """One package on its way into the register."""

    found: PackageRead
    title: str
    blob_id: str
    actor: Actor
    at: datetime
    places: Mapping[str, str]
    parties: Mapping[Who, Party]
    units: dict[str, BAUnit] = field(default_factory=dict)
    rrrs: dict[int, RRR] = field(default_factory=dict)
    _sources: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def party(self, row: Row) -> Party | None:
        who = who_of(row, self.places)
        return None if who is None else self.parties[who]

    def source(self, row: Row, kind: SourceKind) -> int:
        """The paper that a row rests on, kept once for all that rest on it; the package does not tell its day."""
        text, division = row["source"] or "", self.places[row["unit"]]
        key = (division, kind.value, text)
        if key not in self._sources:
            is_number = bool(text) and len(text) <= 60
            self._sources[key] = keep_source(
                kind=kind, title="汇交包所载材料" if is_number else text or NOT_NAMED, number=text if is_number else "",
                issued_on=row["first"], division=division, blob_id=self.blob_id,
            ).pk  # fmt: skip
        return self._sources[key]


def apply(
    found: PackageRead, *, title: str, blob_id: str, actor: Actor, at: datetime, tell: Callable[[int, int, str], None]
) -> dict[str, int]:
    """Enter the new units of a sound package whole; returns what was made. It has been checked again in the transaction."""
    places = {row["unit"]: row["division"] for _, row in found.lines[tables.UNIT.key]}
    tell(0, 3, "正在登记权利人")
    parties = registered(found.holders, _since(found, places), actor=actor, at=at)
    work = _Import(found, title, blob_id, actor, at, places, parties)
    with held_by_the_database(_REFUSED):
        tell(1, 3, "正在登记不动产单元")
        _units(work)
        tell(2, 3, "正在登记权利和限制")
        _number(work)
        _rights(work)
        _restrictions(work)
        papers = _papers(work)
    _draw(work)
    return {
        "entered": len(work.units), "new_parties": len(found.holders.new), "rights": len(work.rrrs), "papers": papers,
    }  # fmt: skip


def _since(found: PackageRead, places: Mapping[str, str]) -> dict[Who, date]:
    since: dict[Who, date] = {}
    for table in (tables.RIGHT, *RESTRICTIONS):
        for row in found.new(table):
            who = who_of(row, places)
            if who is not None:
                since[who] = min(row["first"], since.get(who, row["first"]))
    return since


def _units(work: _Import) -> None:
    found, at = work.found, work.at
    marked = {
        row["unit"] for row in found.new(tables.RIGHT) if (party := work.party(row)) is not None and party.is_demo
    }
    rows = found.new(tables.UNIT)
    made = BAUnit.objects.bulk_create(
        [
            BAUnit(
                code=row["unit"], kind=row["kind"], division_id=row["division"], opened_on=row["opened_on"], opened_at=at,
                # What people of the demonstration hold is marked as its data.
                is_demo=row["unit"] in marked,
            )
            for row in rows
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    work.units = {unit.code: unit for unit in made}
    surveys = {
        division: keep_survey(
            title=work.title,
            surveyed_on=found.on or at.date(),
            division=division,
            method="汇交包",
            blob_id=work.blob_id,
        ).pk
        for division in sorted({row["division"] for row in rows})
    }
    lands = [*found.new(tables.PARCEL), *found.new(tables.BUILDING)]
    grounds = SpatialUnit.objects.bulk_create(
        [
            SpatialUnit(
                code=row["code"], kind=row["kind"], division_id=work.places[row["unit"]],
                opened_on=work.units[row["unit"]].opened_on, opened_at=at,
            )
            for row in lands
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    UnitGround.objects.bulk_create(
        [UnitGround(baunit=work.units[row["unit"]], spatial_unit=one) for row, one in zip(lands, grounds, strict=True)],
        batch_size=_BATCH,
    )
    SpatialUnitVersion.objects.bulk_create(
        [
            SpatialUnitVersion(
                spatial_unit=one, valid=DateRange(one.opened_on, None), recorded=DateTimeTZRange(at, None),
                source_id=surveys[one.division_id],
                **form_of(_ground(row, found.outlines.get(row["code"])), row["code"]),
            )
            for row, one in zip(lands, grounds, strict=True)
        ],
        batch_size=_BATCH,
    )  # fmt: skip


def _ground(row: Row, shape: Any) -> Ground:
    return Ground(
        GroundKind(row["kind"]), row["area_m2"], shape, use=row["use"] or "", location=row["location"] or "",
        north=row.get("north") or "", east=row.get("east") or "", south=row.get("south") or "", west=row.get("west") or "",
        structure=row.get("structure") or "", floors=row.get("floors"), floor_area_m2=row.get("floor_area_m2"),
    )  # fmt: skip


def _number(work: _Import) -> None:
    """Every right and restriction of the package gets a number of this register, in the order of the package."""
    told: dict[int, tuple[RRR.Sort, int, str, int | None]] = {}
    for row in work.found.new(tables.RIGHT):
        told.setdefault(row["rrr"], (RRR.Sort.RIGHT, int(row["kind"]), row["unit"], row["parent"]))
    for table in RESTRICTIONS:
        for row in work.found.new(table):
            told[row["rrr"]] = (RRR.Sort.RESTRICTION, int(kind_of(table, row)), row["unit"], row["on_right"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('registry_rrr', 'id')) FROM generate_series(1, %s)", [len(told)]
        )
        numbers = dict(zip(told, sorted(pk for (pk,) in cursor.fetchall()), strict=True))
    made = RRR.objects.bulk_create(
        [
            RRR(
                pk=numbers[number], sort=sort, kind=kind, baunit=work.units[unit], opened_at=work.at,
                parent_id=None if above is None else numbers[above],
            )
            for number, (sort, kind, unit, above) in told.items()
        ],
        batch_size=_BATCH,
    )  # fmt: skip
    work.rrrs = dict(zip(told, made, strict=True))


def _rights(work: _Import) -> None:
    rows = []
    for row in work.found.new(tables.RIGHT):
        kind, share, party = RightKind(int(row["kind"])), share_of(row), work.party(row)
        assert party is not None  # a right names its holder
        rows.append(
            Right(
                rrr=work.rrrs[row["rrr"]], baunit=work.units[row["unit"]], party=party, kind=kind, nature=row["nature"],
                co_ownership=CoOwnership(int(row["way"])), share_num=None if share is None else share.numerator,
                share_den=None if share is None else share.denominator,
                source_id=work.source(row, SourceKind.CONTRACT if kind in _CONTRACTS else SourceKind.OTHER),
                valid=DateRange(row["first"], row["until"]), recorded=DateTimeTZRange(work.at, None),
            )
        )  # fmt: skip
    Right.objects.bulk_create(rows, batch_size=_BATCH)


def _restrictions(work: _Import) -> None:
    rows = []
    served = [row["dominant"] for row in work.found.new(tables.OTHER) if row["dominant"] is not None]
    standing = {unit.code: unit for unit in BAUnit.objects.filter(code__in=served)}
    for table in RESTRICTIONS:
        for row in work.found.new(table):
            party, kind = work.party(row), kind_of(table, row)
            rows.append(
                Restriction(
                    rrr=work.rrrs[row["rrr"]], baunit=work.units[row["unit"]], kind=kind, party=party,
                    holder="" if party is not None else row["holder"] or "", amount_fen=row.get("amount_fen"),
                    rank=row.get("rank"), text=row["text"] or "",
                    dominant=standing.get(row.get("dominant") or ""), source_id=work.source(row, _paper_of(kind)),
                    valid=DateRange(row["first"], row["until"]), recorded=DateTimeTZRange(work.at, None),
                )
            )  # fmt: skip
    Restriction.objects.bulk_create(rows, batch_size=_BATCH)


def _paper_of(kind: RestrictionKind) -> SourceKind:
    return SourceKind.SEIZURE_ORDER if kind is RestrictionKind.SEIZURE else SourceKind.OTHER


def _papers(work: _Import) -> int:
    """What the other side issued is kept as a paper that proves its right: this register issued none of it."""
    rows = [
        AdministrativeSource(
            kind=SourceKind.OTHER, title=PAPERS[row["kind"]], number=row["number"], issued_on=row["issued_on"],
            division_id=work.places[row["unit"]], blob_id=work.blob_id, proves=work.rrrs[row["rrr"]],
        )
        for row in work.found.new(tables.CERTIFICATE)
    ]  # fmt: skip
    AdministrativeSource.objects.bulk_create(rows, batch_size=_BATCH)
    return len(rows)


def _draw(work: _Import) -> None:
    """The maps of the counties show what was entered."""
    boxes: dict[str, list[Box]] = defaultdict(list)
    for row in work.found.new(tables.PARCEL):
        if (shape := work.found.outlines.get(row["code"])) is not None:
            boxes[work.places[row["unit"]][:6]].append(Box(*shape.bounds))
    homes = {division[:6]: division for division in sorted(work.places.values())}
    for county, drawn in sorted(boxes.items()):
        around = Box(
            min(b.west for b in drawn),
            min(b.south for b in drawn),
            max(b.east for b in drawn),
            max(b.north for b in drawn),
        )
        changed(homes[county], [around], work.at, more=len(drawn))


__all__ = ["PAPERS", "apply"]
