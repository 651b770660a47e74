"""A survey's file as columns by field, and outlines: from a drawing, from a table with outlines in it, or from both."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from python_calamine import CalamineError, CalamineWorkbook
from shapely.errors import ShapelyError

from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.spatial.checking import BLOCK, Block
from ronghe.kernel.spatial.reading import read
from ronghe.kernel.spatial.reading.opened import KINDS as OUTLINE_KINDS

from ..errors import SurveyFileWrong
from .fields import KEYS, LABELS, plain, recognised

KINDS = OUTLINE_KINDS | {FileKind.XLSX}
MOST_ROWS = 200_000
#: The column that our annotated copy adds; it is passed over when the copy is given again.
FAULT_HEAD = "错误说明"
HELP_SHEET = "填写说明"
_NUMBER = r"-?\d+(?:\.\d+)?"
_POINT = re.compile(rf"({_NUMBER})[\s,，]+({_NUMBER})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """表格的版面: where its head stands and which column is which field, so that the copy can be marked."""

    name: str
    head: int
    columns: dict[str, int]
    rows: Sequence[Sequence[Any]]


def _nothing_told(i: int) -> Mapping[str, Any]:
    raise IndexError(i)


def _no_block(start: int, stop: int) -> Block:
    raise IndexError(start)


@dataclass(frozen=True, slots=True)
class SurveyFile:
    """读到的调查成果: what is told of each outline, by field; the outlines as they stand, block by block; the line of each.

    ``parts`` several and ``part`` empty: nothing is read until one is chosen. Numbers of ``told`` run from 0.
    """

    number: int = 0
    fields: Sequence[str] = ()
    told: Callable[[int], Mapping[str, Any]] = _nothing_told
    block: Callable[[int, int], Block] = _no_block
    lines: Sequence[int] = ()
    crs: str = ""
    parts: Sequence[str] = ()
    part: str = ""
    sheet: Sheet | None = None
    left_out: Sequence[str] = ()
    #: Lines of the table that belong to no outline, and outlines that no line of the table belongs to.
    loose: Sequence[tuple[int, str]] = ()
    bare: frozenset[int] = frozenset()

    def blocks(self) -> Iterator[Block]:
        """All outlines, so many at a time."""
        return (self.block(start, start + BLOCK) for start in range(0, self.number, BLOCK))


def read_survey(
    content: Iterable[bytes], *, kind: FileKind, name: str, table: bytes | None = None, table_name: str = "",
    part: str = "", encoding: str = "",
) -> SurveyFile:  # fmt: skip
    """Read a survey, piece by piece, with the table that belongs to it where there is one.

    Raises: SurveyFileWrong, and what reading a file of features refuses.
    """
    if kind is FileKind.XLSX:
        return _from_table(b"".join(content), name)
    given = read(content, kind=kind, name=name, part=part, encoding=encoding)
    if not given.part:
        return SurveyFile(parts=given.parts)
    at, strange = recognised(given.fields)

    def told(i: int) -> Mapping[str, Any]:
        row = given.row(i)
        return {known: row[place] for known, place in at.items()}

    drawn = SurveyFile(
        given.number, list(at), told, given.block, range(1, given.number + 1), given.crs, given.parts, given.part, None,
        strange,
    )  # fmt: skip
    return drawn if table is None else _joined(drawn, _sheet(table, table_name), table_name)


def _sheet(content: bytes, name: str) -> tuple[Sheet, list[str]]:
    """The first sheet with a head. Raises: SurveyFileWrong."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
    except (CalamineError, OSError, ValueError) as error:
        raise SurveyFileWrong(file=name, why="工作簿打不开，请用 Excel 或 WPS 另存为 xlsx") from error
    for title in book.sheet_names:
        if title == HELP_SHEET:
            continue
        rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
        heads = [(len(recognised(row)[0]), -place) for place, row in enumerate(rows[:10])]
        hits, place = max(heads, default=(0, 0))
        if hits >= 2:
            columns, strange = recognised(rows[-place])
            if len(rows) + place - 1 > MOST_ROWS:
                raise SurveyFileWrong(file=name, why=f"超过 {MOST_ROWS:,} 行，请按村分成几份")
            return Sheet(title, 1 - place, columns, rows), [one for one in strange if plain(one) != plain(FAULT_HEAD)]
    raise SurveyFileWrong(file=name, why="没有找到表头，至少要有“权利人”和“实测面积”这样的两列；请下载模板填写")


def _lines(sheet: Sheet) -> list[int]:
    """The lines that are not empty, as people count them."""
    return [
        number
        for number in range(sheet.head + 1, len(sheet.rows) + 1)
        if any(cell is not None and str(cell).strip() for cell in _cells(sheet, number).values())
    ]


def _cells(sheet: Sheet, line: int) -> dict[str, Any]:
    """The cells of a line by field."""
    row = sheet.rows[line - 1]
    return {name: row[place] if place < len(row) else None for name, place in sheet.columns.items()}


def _from_table(content: bytes, name: str) -> SurveyFile:
    sheet, strange = _sheet(content, name)
    lines = _lines(sheet)
    if not lines:
        raise SurveyFileWrong(file=name, why="只有表头，没有一行记录")
    if "wkt" not in sheet.columns and "points" not in sheet.columns:
        raise SurveyFileWrong(
            file=name,
            why=f"没有“{LABELS['wkt']}”或“{LABELS['points']}”列；请补上，或把图形文件和这份表一起上传，平台按代码对应",
        )

    def told(i: int) -> Mapping[str, Any]:
        return _cells(sheet, lines[i])

    def block(start: int, stop: int) -> Block:
        here = [told(i) for i in range(start, min(stop, len(lines)))]
        shapes: NDArray[np.object_] = np.empty(len(here), dtype=object)
        broken = np.zeros(len(here), dtype=bool)
        for k, cells in enumerate(here):
            try:
                shapes[k] = _drawn(str(cells.get("wkt") or "").strip(), str(cells.get("points") or "").strip())
            except (ShapelyError, ValueError):
                broken[k] = True
        return Block(shapely.force_2d(shapes), broken, np.zeros(len(here), dtype=bool))

    return SurveyFile(
        len(lines), list(sheet.columns), told, block, lines, sheet=sheet, part="1", left_out=strange
    )  # fmt: skip


def _drawn(wkt: str, points: str) -> shapely.Geometry | None:
    if wkt:
        return shapely.from_wkt(wkt)
    if not points:
        return None
    corners = [(float(x), float(y)) for x, y in _POINT.findall(points)]
    if len(corners) < 3:
        raise ValueError("an outline has three corners at least")
    return shapely.polygons(corners if corners[0] == corners[-1] else [*corners, corners[0]])


def key_of(told: Mapping[str, Any], keys: Sequence[str] = KEYS) -> str:
    """The code by which a line belongs to an outline: that of the unit, else of the parcel, else of the plot."""
    for name in keys:
        text = "".join(str(told.get(name) or "").split()).upper()
        if text:
            return text
    return ""


def _joined(drawn: SurveyFile, by: tuple[Sheet, list[str]], name: str) -> SurveyFile:
    """An outline with what the table's line of the same code says of it; the table's word goes before the drawing's."""
    sheet, strange = by
    lines = _lines(sheet)
    common = [key for key in KEYS if key in drawn.fields and key in sheet.columns]
    if not common:
        listed = "、".join(LABELS[one] for one in KEYS)
        raise SurveyFileWrong(file=name, why=f"图形和属性表没有共同的代码列（{listed}），不能对应")
    rows: dict[str, int] = {}
    for line in lines:
        rows.setdefault(key_of(_cells(sheet, line), common), line)
    rows.pop("", None)
    place = [rows.get(key_of(drawn.told(i), common), 0) for i in range(drawn.number)]

    def told(i: int) -> Mapping[str, Any]:
        return {**drawn.told(i), **(_cells(sheet, place[i]) if place[i] else {})}

    used = set(place)
    return replace(
        drawn, fields=[*drawn.fields, *(one for one in sheet.columns if one not in drawn.fields)], told=told,
        left_out=[*drawn.left_out, *strange], loose=[(line, key) for key, line in rows.items() if line not in used],
        bare=frozenset(i + 1 for i, line in enumerate(place) if not line),
    )  # fmt: skip
