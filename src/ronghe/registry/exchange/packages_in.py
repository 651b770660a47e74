"""汇交包导入: what a package of another register says, checked whole against the tables, its own parts and this register."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO, Any

import shapely

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.regions.models import Division

from ..errors import PackageUnreadable
from ..models import AdministrativeSource, BAUnit, Certificate, SpatialUnit
from ..queries.figures import given_in
from ..rules import codes
from ..rules import package_tables as tables
from ..rules.areas import working
from ..rules.kinds import GROUND_OF, GroundKind, UnitKind
from ..rules.package_rights import Line, by_right, certificate_faults, restriction_faults, right_faults
from ..rules.tables import Fault, Table
from .package_ground import ground_findings
from .package_holders import Holders, found_holders
from .package_known import differing, known_codes
from .packages import opened, read_manifest, rows_of, verify

#: The most units that are entered at once.
MOST_UNITS = 200_000
_LONGEST = ("registration.contract.max_years", "registration.forest.max_years")
_CHUNK = 1_000
#: A paper is named in so many characters.
_PAPER = 160


@dataclass
class PackageRead:
    """读到的汇交包: the rows of each table, the outlines by the code of the ground, who the holders are, what is wrong."""

    on: date | None = None
    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    outlines: dict[str, shapely.Geometry] = field(default_factory=dict)
    holders: Holders = field(default_factory=Holders)
    #: Units that stand in the register already.
    known: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)

    def new(self, table: Table) -> list[dict[str, Any]]:
        """The rows of a table that are of new units."""
        return [dict(row) for _, row in self.lines[table.key] if row["unit"] not in self.known]


def checked(
    content: IO[bytes], *, name: str, actor: Actor, at: datetime, tell: Callable[[int, int], None]
) -> PackageRead:
    """Read and check a package whole. Raises: PackageUnreadable."""
    verified = verify(content, name=name, tell=tell)
    found = PackageRead(counts=verified.counts, faults=verified.faults)
    if found.faults:
        return found
    content.seek(0)
    with opened(content, name) as archive:
        manifest = read_manifest(archive, name)
        try:
            found.on = date.fromisoformat(str(manifest.get("on")))
        except ValueError:
            raise PackageUnreadable(file=name, why="清单里没有截至日期（on）") from None
        if found.counts[tables.UNIT.key] > MOST_UNITS:
            raise PackageUnreadable(file=name, why=f"单元超过 {MOST_UNITS:,} 个，请按镇或村分成几包")
        for table in tables.TABLES:
            rows = rows_of(archive, table, name)
            found.lines[table.key] = [(line, _apart(row, found.outlines)) for line, row in enumerate(rows, start=1)]
    today = legal_day(at)
    if manifest.get("numbers") != "plain":
        found.faults.append(Fault(tables.UNIT.key, 0, "", "包里的号码是掩码，认不出权利人；请对方按正式汇交重新导出"))
    if found.on > today:
        found.faults.append(Fault(tables.UNIT.key, 0, "", f"包的截至日期 {found.on} 在今天以后"))
    if not found.faults:
        found.faults += _own_faults(found, actor, today)
    if not found.faults:
        found.faults += _against_the_register(found, today, at)
    return found


def _apart(row: dict[str, Any], outlines: dict[str, shapely.Geometry]) -> dict[str, Any]:
    """The outline of a row is kept apart from it."""
    shape = row.pop("geometry", None)
    if shape:
        outlines[row["code"]] = shapely.force_2d(shapely.from_wkb(bytes.fromhex(shape)))
    return row


def _own_faults(found: PackageRead, actor: Actor, today: date) -> list[Fault]:
    """What is wrong in the package itself."""
    assert found.on is not None  # it was read
    wrong = [*_units(found, actor), *_grounds(found)]
    if wrong:
        return wrong
    kinds = {row["unit"]: UnitKind(row["kind"]) for _, row in found.lines[tables.UNIT.key]}
    rights = found.lines[tables.RIGHT.key]
    wrong += right_faults(kinds, rights, on=found.on, longest=_longest(found, today))
    by_number = by_right(rights)
    wrong += restriction_faults(by_number, found.lines, on=found.on)
    wrong += certificate_faults(by_number, found.lines, on=found.on)
    wrong += _papers(found)
    return wrong


def _longest(found: PackageRead, today: date) -> Mapping[str, int | None]:
    """The longest terms of the place of the package; of several counties the first one's, which is the nation's."""
    first = next((row["division"] for _, row in found.lines[tables.UNIT.key]), "")
    given = given_in(first, _LONGEST, on=today)
    years = {name: working(given[name]) for name in _LONGEST}
    return {name: None if value is None else int(value) for name, value in years.items()}


def _units(found: PackageRead, actor: Actor) -> Iterator[Fault]:
    """Units lie within reach of whoever brings the package, and their codes say what they are."""
    divisions = {row["division"] for _, row in found.lines[tables.UNIT.key]}
    within = Division.objects.filter(code__in=divisions)
    if actor.division is not None:
        within = within.filter(code__in=Division.objects.below(actor.division).values("code"))
    reached = set(within.values_list("code", flat=True))
    assert found.on is not None
    for line, row in found.lines[tables.UNIT.key]:
        read, kind = codes.read_unit(row["unit"]), UnitKind(row["kind"])
        if row["division"] not in reached:
            yield Fault(tables.UNIT.key, line, "division", f"{row['division']} 不是您管辖范围内的区划")
        elif row["unit"][:6] != row["division"][:6]:
            yield Fault(tables.UNIT.key, line, "division", f"单元代码以 {row['unit'][:6]} 开头，与区划不在同一县区")
        if codes.kind_of(read.parcel) is not kind:
            letters = f"{read.parcel.ownership}{read.parcel.use}"
            yield Fault(tables.UNIT.key, line, "kind", f"宗地特征码 {letters} 不是“{kind.title}”的")
        if row["opened_on"] > found.on:
            yield Fault(tables.UNIT.key, line, "opened_on", f"设立日在包的截至日期 {found.on} 以后")


def _grounds(found: PackageRead) -> Iterator[Fault]:
    """Land is of the unit's kind, houses stand on units whose code says so, and no ground is in two units."""
    kinds = {row["unit"]: UnitKind(row["kind"]) for _, row in found.lines[tables.UNIT.key]}
    seen: dict[str, str] = {}
    built = {row["unit"] for _, row in found.lines[tables.BUILDING.key]}
    for table in (tables.PARCEL, tables.BUILDING):
        for line, row in found.lines[table.key]:
            kind, wanted = GroundKind(row["kind"]), GROUND_OF[kinds[row["unit"]]]
            if (kind is GroundKind.BUILDING) is not (table is tables.BUILDING):
                yield Fault(table.key, line, "kind", "房屋写在房屋表里，土地写在宗地（地块）表里")
            elif table is tables.PARCEL and kind is not wanted:
                yield Fault(table.key, line, "kind", f"“{kinds[row['unit']].title}”单元的土地应为“{wanted.title}”")
            if table is tables.PARCEL and not codes.is_ground_code(row["code"]):
                yield Fault(table.key, line, "code", "宗地代码、地块代码应为 19 位")
            if table is tables.BUILDING and len(row["code"]) != 28:
                yield Fault(table.key, line, "code", f"房屋代码应为 28 位，现为 {len(row['code'])} 位")
            if not row["area_m2"]:
                yield Fault(table.key, line, "area_m2", "登记面积应大于 0")
            if seen.setdefault(row["code"], row["unit"]) != row["unit"]:
                yield Fault(table.key, line, "code", f"这个空间单元在单元 {seen[row['code']]} 里也有")
    for line, row in found.lines[tables.UNIT.key]:
        if codes.read_unit(row["unit"]).has_building is not (row["unit"] in built):
            have = "没有" if row["unit"] not in built else "有"
            yield Fault(tables.UNIT.key, line, "unit", f"包里这个单元{have}房屋，单元代码的定着物特征码说的相反")


def _papers(found: PackageRead) -> Iterator[Fault]:
    for key, lines in found.lines.items():
        for line, row in lines:
            if len(row.get("source") or "") > _PAPER:
                yield Fault(key, line, "source", f"文号或名称超过 {_PAPER} 个字")


def _against_the_register(found: PackageRead, today: date, at: datetime) -> list[Fault]:
    """What the register has already, and how what is new lies beside it."""
    assert found.on is not None
    units = found.lines[tables.UNIT.key]
    places = {row["unit"]: row["division"] for _, row in units}
    found.known = known_codes(units)
    found.holders, wrong = found_holders(found.lines, places, found.known, on=today)
    wrong += _taken(found)
    wrong += _served(found)
    standing = [(line, row) for line, row in units if row["unit"] in found.known]
    wrong += differing(standing, found.lines, found.outlines, found.holders, on=found.on, at=at)
    kinds = {row["unit"]: UnitKind(row["kind"]) for _, row in units if row["unit"] not in found.known}
    barred, found.doubts = ground_findings(found.lines[tables.PARCEL.key], found.outlines, kinds, on=today)
    return wrong + barred


def _taken(found: PackageRead) -> Iterator[Fault]:
    """Codes of ground and numbers of certificates are given once: what stands in another unit is not entered again."""
    for table in (tables.PARCEL, tables.BUILDING):
        rows = [(line, row) for line, row in found.lines[table.key] if row["unit"] not in found.known]
        taken = _among(SpatialUnit.objects.all(), "code", [row["code"] for _, row in rows])
        for line, row in rows:
            if row["code"] in taken:
                yield Fault(table.key, line, "code", "登记簿上已有这个空间单元，属于别的单元")
    rows = [(line, row) for line, row in found.lines[tables.CERTIFICATE.key] if row["unit"] not in found.known]
    numbers = [row["number"] for _, row in rows]
    taken = _among(Certificate.objects.all(), "number", numbers)
    taken |= _among(AdministrativeSource.objects.filter(proves__isnull=False), "number", numbers)
    for line, row in rows:
        if row["number"] in taken:
            yield Fault(tables.CERTIFICATE.key, line, "number", "登记簿上已有这个证号，证明的是别的单元")


def _served(found: PackageRead) -> Iterator[Fault]:
    """An easement serves a unit of the package or of the register."""
    rows = [(line, row) for line, row in found.lines[tables.OTHER.key] if row["dominant"] is not None]
    here = {row["unit"] for _, row in found.lines[tables.UNIT.key]}
    here |= _among(BAUnit.objects.filter(ended_on=None), "code", [row["dominant"] for _, row in rows])
    for line, row in rows:
        if row["dominant"] not in here:
            yield Fault(tables.OTHER.key, line, "dominant", "包里和登记簿上都没有这个需役地单元，或者它已经终止")


def _among(rows: Any, column: str, wanted: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(wanted), _CHUNK):
        part = rows.filter(**{f"{column}__in": wanted[start : start + _CHUNK]})
        found |= set(part.values_list(column, flat=True))
    return found


__all__ = ["PackageRead", "checked"]
