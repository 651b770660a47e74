"""不动产登记汇交包: written table by table and read back line by line; docs/exchange.md says what is in it.

Every table is a file of JSON lines in the order of unit codes; the manifest counts its rows and gives its SHA-256.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import shapely

from ronghe.kernel.actors import Actor

from ..errors import PackageUnreadable
from ..models import RRR, BAUnit, Certificate, Exchange, Restriction
from ..rules import package_tables as tables
from ..rules.kinds import GroundKind, RestrictionKind
from ..rules.tables import Fault, Row, Table, read_row
from .register import (
    Named,
    Numbers,
    Wanted,
    certificates_of,
    grounds_of,
    in_chunks,
    papers_of,
    restrictions_of,
    rights_of,
    source_of,
    span,
)

MANIFEST = "manifest.json"
#: The longest line, and the most faults that are kept of one package.
LONGEST_LINE, MOST_FAULTS = 20_000_000, 5_000
_RESTRICTION_TABLES = {
    RestrictionKind.MORTGAGE: tables.MORTGAGE,
    RestrictionKind.SEIZURE: tables.SEIZURE,
    RestrictionKind.OBJECTION: tables.NOTICE,
    RestrictionKind.ADVANCE_NOTICE: tables.NOTICE,
}


def file_of(table: Table) -> str:
    """Where a table stands in the package."""
    return f"tables/{table.key}.jsonl"


# -- writing ---------------------------------------------------------------------------------------------------------


def write_package(
    out: Path,
    of: Exchange,
    wanted: Wanted,
    numbers: Numbers,
    *,
    actor: Actor,
    tell: Callable[[int], None],
) -> dict[str, int]:
    """Write the package; returns how many rows each table has. Each table reads the units anew."""
    counts: dict[str, int] = {}
    listed = []
    makers = _makers(wanted, numbers)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, table in enumerate(tables.TABLES):
            digest, count = hashlib.sha256(), 0
            with archive.open(file_of(table), "w", force_zip64=True) as part:
                for units in in_chunks(wanted, actor=actor, tell=_beyond(tell, place * 1_000_000)):
                    for row in makers[table.key](units):
                        line = (_line(row) + "\n").encode()
                        part.write(line)
                        digest.update(line)
                        count += 1
            counts[table.key] = count
            listed.append({"table": table.key, "file": file_of(table), "rows": count, "sha256": digest.hexdigest()})
        manifest = {
            "schema": tables.SCHEMA, "division": wanted.division, "unit_kind": wanted.unit_kind, "on": str(wanted.on),
            "known_at": wanted.known_at.isoformat(), "numbers": "plain" if of.is_official else "masked",
            "crs": "EPSG:4490", "tables": listed,
        }  # fmt: skip
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return counts


def _beyond(tell: Callable[[int], None], before: int) -> Callable[[int], None]:
    """Progress of one table, told behind that of the tables before it."""
    return lambda done: tell(before + done)


def _line(row: Mapping[str, Any]) -> str:
    told = {name: _plain(value) for name, value in row.items() if value not in (None, "")}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


Maker = Callable[[list[BAUnit]], Iterator[Row]]


def _makers(wanted: Wanted, numbers: Numbers) -> Mapping[str, Maker]:
    def restrictions(table: Table) -> Maker:
        def made(units: list[BAUnit]) -> Iterator[Row]:
            rows = [
                row
                for row in restrictions_of(units, wanted)
                if _RESTRICTION_TABLES.get(RestrictionKind(row.kind), tables.OTHER) is table
            ]
            named = numbers.of(rows)
            for row in rows:
                yield _restriction(table, row, named.get(row.party_id) if row.party_id else None)

        return made

    return {
        tables.UNIT.key: _units,
        tables.PARCEL.key: lambda units: _grounds(units, wanted, buildings=False),
        tables.BUILDING.key: lambda units: _grounds(units, wanted, buildings=True),
        tables.RIGHT.key: lambda units: _rights(units, wanted, numbers),
        **{one.key: restrictions(one) for one in (tables.MORTGAGE, tables.SEIZURE, tables.NOTICE, tables.OTHER)},
        tables.CERTIFICATE.key: lambda units: _certificates(units, wanted),
    }


def _units(units: list[BAUnit]) -> Iterator[Row]:
    for unit in units:
        yield {"unit": unit.code, "kind": unit.kind, "division": unit.division_id, "opened_on": unit.opened_on}


def _grounds(units: list[BAUnit], wanted: Wanted, *, buildings: bool) -> Iterator[Row]:
    grounds = grounds_of(units, wanted)
    for unit in units:
        for row in grounds.get(unit.pk, ()):
            if (row.spatial_unit.kind == GroundKind.BUILDING) is not buildings:
                continue
            told: dict[str, Any] = {
                "unit": unit.code, "code": row.spatial_unit.code, "kind": row.spatial_unit.kind,
                "area_m2": row.registered_area_m2, "use": row.use, "location": row.location,
                "geometry": None if row.geometry is None else shapely.to_wkb(row.geometry, hex=True),
            }  # fmt: skip
            if buildings:
                told |= {"floor_area_m2": row.floor_area_m2, "structure": row.structure, "floors": row.floors}
            else:
                told |= {"north": row.north, "east": row.east, "south": row.south, "west": row.west}
            yield told


def _rights(units: list[BAUnit], wanted: Wanted, numbers: Numbers) -> Iterator[Row]:
    rows = rights_of(units, wanted)
    named = numbers.of(rows)
    for row in rows:
        first, until = span(row)
        one = named[row.party_id]
        yield {
            "unit": row.baunit.code, "rrr": row.rrr_id, "parent": row.rrr.parent_id, "kind": str(row.kind),
            "nature": row.nature, "way": str(row.co_ownership),
            "share": None if row.share_num is None else f"{row.share_num}/{row.share_den}",
            "party_kind": one.kind, "holder": one.name, "number": one.number, "first": first, "until": until,
            "source": source_of(row),
        }  # fmt: skip


def _restriction(table: Table, row: Restriction, party: Named | None) -> Row:
    first, until = span(row)
    told: dict[str, Any] = {
        "unit": row.baunit.code, "rrr": row.rrr_id, "on_right": row.rrr.parent_id,
        "holder": party.name if party else row.holder, "number": party.number if party else "",
        "party_kind": party.kind if party else "", "first": first, "until": until, "source": source_of(row),
        "text": row.text,
    }  # fmt: skip
    if table is tables.MORTGAGE:
        told |= {"amount_fen": row.amount_fen, "rank": row.rank}
    elif table is not tables.SEIZURE:
        told["kind"] = str(row.kind)
    if row.dominant is not None:
        told["dominant"] = row.dominant.code
    return told


def _certificates(units: list[BAUnit], wanted: Wanted) -> Iterator[Row]:
    told: list[dict[str, Any]] = [
        {
            "unit": row.baunit.code, "number": row.number, "rrr": row.rrr_id, "kind": row.kind, "issued_on": row.issued_on,
        }
        for row in certificates_of(units, wanted)
    ]  # fmt: skip
    for paper in papers_of(units, wanted):
        assert paper.proves is not None  # that is what was asked for
        told.append(
            {
                "unit": paper.proves.baunit.code, "number": paper.number, "rrr": paper.proves_id,
                "kind": Certificate.Kind.CERTIFICATE if paper.proves.sort == RRR.Sort.RIGHT else Certificate.Kind.PROOF,
                "issued_on": paper.issued_on,
            }
        )  # fmt: skip
    yield from sorted(told, key=lambda row: row["unit"])


# -- reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Checked:
    """核验结果: how many rows each table has, and what is wrong; a package is good when nothing is."""

    counts: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, found: Iterable[Fault]) -> None:
        """Keep what is wrong, as much as anybody would read."""
        for one in found:
            if len(self.faults) < MOST_FAULTS:
                self.faults.append(one)


def read_manifest(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    """What a package says of itself. Raises: PackageUnreadable."""
    try:
        with archive.open(MANIFEST) as part:
            told = json.loads(part.read(1_000_000))
    except KeyError:
        raise PackageUnreadable(file=name, why=f"压缩包里没有 {MANIFEST}") from None
    except (ValueError, RecursionError, zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as error:
        raise PackageUnreadable(file=name, why=f"{MANIFEST} 读不出来") from error
    if not isinstance(told, dict) or told.get("schema") != tables.SCHEMA:
        raise PackageUnreadable(file=name, why=f"不是 {tables.SCHEMA} 的包")
    listed = told.get("tables")
    if not isinstance(listed, list) or not all(
        isinstance(one, dict) and one.get("table") in tables.BY_KEY and isinstance(one.get("rows"), int)
        for one in listed
    ):
        raise PackageUnreadable(file=name, why=f"{MANIFEST} 里的 tables 写得不对")
    return told


def verify(content: IO[bytes], *, name: str, tell: Callable[[int, int], None]) -> Checked:
    """Read a package whole: digests, counts, every cell, and what the rows refer to. Raises: PackageUnreadable."""
    checked = Checked()
    with opened(content, name) as archive:
        listed = {one["table"]: one for one in read_manifest(archive, name)["tables"]}
        links, done, total = tables.Links(), 0, sum(one["rows"] for one in listed.values())
        for table in tables.TABLES:
            stated = listed.get(table.key)
            if stated is None:
                checked.add([Fault(table.key, 0, "", f"{MANIFEST} 里没有列出这张表")])
                continue
            digest, count, last = hashlib.sha256(), 0, ""
            for count, raw in enumerate(_lines(archive, table, name), start=1):
                digest.update(raw)
                row = _checked_line(table, count, raw, checked)
                if row is not None:
                    checked.add(links.told(table, count, row))
                    if row["unit"] < last:
                        checked.add([Fault(table.key, count, "unit", "没有按不动产单元代码排序")])
                    last = row["unit"]
                done += 1
                tell(done, total)
            checked.counts[table.key] = count
            if count != stated["rows"]:
                checked.add([Fault(table.key, 0, "", f"清单写 {stated['rows']} 行，实有 {count} 行")])
            if digest.hexdigest() != stated.get("sha256"):
                checked.add([Fault(table.key, 0, "", "摘要（SHA-256）与清单不符，文件在传递中被改动过")])
        checked.add(links.left())
    return checked


def opened(content: IO[bytes], name: str) -> zipfile.ZipFile:
    """The archive. Raises: PackageUnreadable."""
    try:
        return zipfile.ZipFile(content)
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise PackageUnreadable(file=name, why="压缩包打不开") from error


def _lines(archive: zipfile.ZipFile, table: Table, name: str) -> Iterator[bytes]:
    try:
        with archive.open(file_of(table)) as part:
            while line := part.readline(LONGEST_LINE):
                yield line
    except KeyError:
        raise PackageUnreadable(file=name, why=f"压缩包里没有 {file_of(table)}") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise PackageUnreadable(file=name, why=f"{file_of(table)} 已损坏") from error


def _checked_line(table: Table, line: int, raw: bytes, checked: Checked) -> dict[str, Any] | None:
    """The values of a line; None when something is wrong with it."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        checked.add([Fault(table.key, line, "", "不是一个 JSON 对象")])
        return None
    strange = sorted(set(told) - set(table.names))
    values, wrong = read_row(table, told)
    if shape := values.get("geometry"):
        wrong += _outline_faults(str(shape))
    checked.add(Fault(table.key, line, name, what) for name, what in wrong)
    checked.add(Fault(table.key, line, "", f"没有“{one[:30]}”这个字段") for one in strange[:3])
    return None if wrong or strange else values


def _outline_faults(text: str) -> Sequence[tuple[str, str]]:
    try:
        shape = shapely.from_wkb(bytes.fromhex(text))
    except (ValueError, shapely.errors.ShapelyError):
        return [("geometry", "不是 WKB 十六进制")]
    if shape is None or shape.geom_type != "MultiPolygon" or not shape.is_valid:
        return [("geometry", "不是有效的多面（MultiPolygon）")]
    return []


def raw_rows(archive: zipfile.ZipFile, table: Table, name: str, wanted: Container[int]) -> dict[int, dict[str, Any]]:
    """Some lines of a table as they stand in the package; a line that is no object is left out. Raises: PackageUnreadable."""
    found = {}
    for number, raw in enumerate(_lines(archive, table, name), start=1):
        if number not in wanted:
            continue
        try:
            told = json.loads(raw)
        except (ValueError, RecursionError):
            continue  # its fault says that it is none
        if isinstance(told, dict):
            found[number] = told
    return found


def rows_of(archive: zipfile.ZipFile, table: Table, name: str) -> Iterator[dict[str, Any]]:
    """The values of a table's sound lines. Raises: PackageUnreadable at the first that is not sound."""
    checked = Checked()
    for number, raw in enumerate(_lines(archive, table, name), start=1):
        row = _checked_line(table, number, raw, checked)
        if row is None:
            one = checked.faults[0]
            raise PackageUnreadable(file=name, why=f"{table.title}第 {number} 行：{one.what}")
        yield row
