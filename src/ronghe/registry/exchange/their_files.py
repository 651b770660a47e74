"""The other side's file for a reconciliation: units one after the other, from a workbook, a CSV, or a package."""

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import IO, Any

from openpyxl import load_workbook

from ronghe.kernel.files.kinds import FileKind

from ..errors import ExchangeFileUnreadable
from ..rules import package_tables
from ..rules.codes import BadCode, cleaned
from ..rules.kinds import RIGHT_TITLES, USE_RIGHTS, RightKind
from ..rules.tables import Field, Table, Type, read_row
from . import packages

#: What a file of the other side may state of a unit; a column that is missing is not compared.
UNITS = Table(
    "units", "对方的单元",
    (
        Field("code", "不动产单元代码", width=40), Field("holder", "权利人", width=400), Field("kind", "权利类型", width=40),
        Field("area_m2", "面积", Type.DECIMAL, 16, 2), Field("certificate", "证号", width=60),
    ),
    ("code",),
)  # fmt: skip
COLUMNS = tuple(UNITS.names)
_HEADS = {
    "code": ("单元代码", "不动产单元号", "不动产单元代码", "code", "unit"),
    "holder": ("权利人", "权利人姓名", "权利人名称", "holder"),
    "kind": ("权利类型", "kind"),
    "area_m2": ("面积", "登记面积", "面积（平方米）", "登记面积（平方米）", "area", "area_m2"),
    "certificate": ("证号", "不动产权证号", "证书号", "不动产权证书号", "certificate"),
}
_BY_HEAD = {text: name for name, texts in _HEADS.items() for text in texts}
_KINDS = {title: int(kind) for kind, title in RIGHT_TITLES.items()}
KINDS = frozenset({FileKind.XLSX, FileKind.CSV, FileKind.ZIP})
#: The most units that are compared at once.
MOST_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Theirs:
    """对方的一个单元, in the form in which it is compared."""

    line: int
    code: str
    holder: str
    kind: int | None
    area_m2: Decimal | None
    certificate: str


def holder_text(names: Sequence[str]) -> str:
    """Holders in one order; a household is compared by its head's name."""
    plain = {"".join(name.split()).removesuffix("户") for name in names}
    return "、".join(sorted(filter(None, plain)))


def read_units(content: IO[bytes], *, kind: FileKind, name: str) -> tuple[frozenset[str], Iterator[Theirs]]:
    """Which columns the file has, and its units one after the other. Raises: ExchangeFileUnreadable, PackageUnreadable."""
    if kind is FileKind.ZIP:
        return frozenset(COLUMNS), _package(content, name)
    rows = _sheet(content, name) if kind is FileKind.XLSX else _csv(content, name)
    places: dict[str, int] = {}
    head_line = 0
    for head_line, row in rows:
        places = _places(row)
        if "code" in places or "certificate" in places:
            break
        if head_line >= 10:
            break
    if "code" not in places and "certificate" not in places:
        raise ExchangeFileUnreadable(file=name, why="前 10 行里没有表头，至少要有“单元代码”或“证号”一列")
    if len(places) < 2:
        raise ExchangeFileUnreadable(file=name, why="只有一列可以对账；请加上权利人、权利类型、面积或证号")
    return frozenset(places), _units(rows, places, name)


def _places(row: Sequence[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        told = _BY_HEAD.get("".join(str(cell or "").split()).replace("(", "（").replace(")", "）"))
        if told is not None and told not in found:
            found[told] = place
    return found


def _sheet(content: IO[bytes], name: str) -> Iterator[tuple[int, Sequence[Any]]]:
    """Rows of the first sheet, read as they are asked for."""
    try:
        book = load_workbook(content, read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile) as error:
        raise ExchangeFileUnreadable(file=name, why="工作簿打不开，请另存为 xlsx") from error
    yield from enumerate(sheet.iter_rows(values_only=True), start=1)


def _csv(content: IO[bytes], name: str) -> Iterator[tuple[int, Sequence[Any]]]:
    encoding = _encoding(content)
    try:
        # No character of these encodings has the byte of a line feed in it: lines may be decoded one by one.
        yield from enumerate(csv.reader(line.decode(encoding) for line in content), start=1)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ExchangeFileUnreadable(file=name, why="文字编码认不出来，请另存为 UTF-8 的 CSV 或 xlsx") from error


def _encoding(content: IO[bytes]) -> str:
    head = content.read(1 << 20)
    content.seek(0)
    try:
        head[: head.rfind(b"\n") + 1].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _units(rows: Iterator[tuple[int, Sequence[Any]]], places: dict[str, int], name: str) -> Iterator[Theirs]:
    count = 0
    for line, row in rows:
        given = {field: row[place] if place < len(row) else None for field, place in places.items()}
        if not any(value not in (None, "") and str(value).strip() for value in given.values()):
            continue
        count += 1
        if count > MOST_ROWS:
            raise ExchangeFileUnreadable(file=name, why=f"超过 {MOST_ROWS:,} 行，请按区划分成几份")
        values, wrong = read_row(UNITS, given)
        if not wrong and not (values["code"] or values["certificate"]):
            wrong = [("code", "单元代码和证号都没有")]
        kind = None
        if not wrong:
            try:
                kind = kind_number(str(values["kind"] or ""))
            except BadCode as error:
                wrong = [("kind", str(error))]
        if wrong:
            field, what = wrong[0]
            raise ExchangeFileUnreadable(file=name, why=f"第 {line} 行“{UNITS.field(field).label}”{what}")
        area = values["area_m2"]
        yield Theirs(
            line, cleaned(str(values["code"] or ""))[:28], holder_text(str(values["holder"] or "").replace(",", "、").replace("，", "、").replace(";", "、").split("、")),
            kind, area if isinstance(area, Decimal) else None, "".join(str(values["certificate"] or "").split()),
        )  # fmt: skip


def kind_number(text: str) -> int | None:
    """The number of a kind of right, written as number or title; None when nothing is written. Raises: BadCode."""
    plain = "".join(text.split()).replace("/", "及")
    if not plain:
        return None
    if plain in _KINDS:
        return _KINDS[plain]
    number = plain.removesuffix(".0")
    if number.isascii() and number.isdecimal() and int(number) in RIGHT_TITLES:
        return int(number)
    raise BadCode(f"没有“{plain[:20]}”这种权利类型")


def _package(content: IO[bytes], name: str) -> Iterator[Theirs]:
    """The units of a package: its tables stand in the order of unit codes, so that they are read side by side."""
    with packages.opened(content, name) as archive:
        packages.read_manifest(archive, name)
        parts = {
            key: _Beside(packages.rows_of(archive, package_tables.BY_KEY[key], name))
            for key in ("parcel", "right", "certificate")
        }
        for line, unit in enumerate(packages.rows_of(archive, package_tables.UNIT, name), start=1):
            code = unit["unit"]
            rights = parts["right"].of(code)
            main = _main_right(rights)
            area = sum((row["area_m2"] for row in parts["parcel"].of(code)), Decimal(0))
            own = {row["rrr"] for row in main}
            proofs = sorted(row["number"] for row in parts["certificate"].of(code) if row["rrr"] in own)
            yield Theirs(
                line, code, holder_text([row["holder"] for row in main]), int(main[0]["kind"]) if main else None,
                area or None, proofs[0] if proofs else "",
            )  # fmt: skip


def _main_right(rights: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The right of using the ground, else the ownership."""
    uses = [row for row in rights if RightKind(int(row["kind"])) in USE_RIGHTS]
    return uses or [row for row in rights if int(row["kind"]) == RightKind.COLLECTIVE_OWNERSHIP]


class _Beside:
    """A table that is read along with the units."""

    def __init__(self, rows: Iterator[dict[str, Any]]) -> None:
        self._groups = ((code, list(own)) for code, own in groupby(rows, key=lambda row: row["unit"]))
        self._held: tuple[str, list[dict[str, Any]]] | None = next(self._groups, None)

    def of(self, code: str) -> list[dict[str, Any]]:
        while self._held is not None and self._held[0] < code:
            self._held = next(self._groups, None)
        return self._held[1] if self._held is not None and self._held[0] == code else []
