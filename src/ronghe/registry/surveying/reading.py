"""A survey's file as columns by field, and outlines: from a drawing, from a table with outlines in it, or from both."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from python_calamine import CalamineError, CalamineWorkbook
from shapely.errors import ShapelyError

from ronghe.kernel.files.kinds import FileKind
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


@dataclass(frozen=True, slots=True)
class SurveyFile:
    """读到的调查成果: columns by field, outlines as they stand, and the line of each in the file.

    ``parts`` several and ``part`` empty: nothing is read until one is chosen.
    """

    columns: dict[str, Sequence[Any]]
    geometries: NDArray[np.object_]
    broken: NDArray[np.bool_]
    unclosed: NDArray[np.bool_]
    lines: Sequence[int]
    crs: str = ""
    parts: Sequence[str] = ()
    part: str = ""
    sheet: Sheet | None = None
    left_out: Sequence[str] = ()
    #: Lines of the table that belong to no outline, and outlines that no line of the table belongs to.
    loose: Sequence[tuple[int, str]] = field(default_factory=tuple)
    bare: frozenset[int] = frozenset()

    @property
    def number(self) -> int:
        return len(self.geometries)


def read_survey(
    content: bytes, *, kind: FileKind, name: str, table: bytes | None = None, table_name: str = "", part: str = "",
    encoding: str = "",
) -> SurveyFile:  # fmt: skip
    """Read a survey, with the table that belongs to it where there is one.

    Raises: SurveyFileWrong, and what reading a file of features refuses.
    """
    if kind is FileKind.XLSX:
        return _from_table(content, name)
    given = read(content, kind=kind, name=name, part=part, encoding=encoding)
    if not given.part:
        return SurveyFile({}, *_nothing(), (), parts=given.parts)
    at, strange = recognised(given.fields)
    columns = {known: given.columns[place] for known, place in at.items()}
    drawn = SurveyFile(
        columns, given.geometries, given.broken, given.unclosed, range(1, len(given.geometries) + 1), given.crs,
        given.parts, given.part, None, strange,
    )  # fmt: skip
    return drawn if table is None else _joined(drawn, _sheet(table, table_name), table_name)


def _nothing() -> tuple[Any, Any, Any]:
    return np.array([], dtype=object), np.array([], dtype=bool), np.array([], dtype=bool)


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


def _lines(sheet: Sheet) -> tuple[list[int], dict[str, list[Any]]]:
    """The lines that are not empty, with their cells by field."""
    lines: list[int] = []
    columns: dict[str, list[Any]] = {name: [] for name in sheet.columns}
    for number, row in enumerate(sheet.rows[sheet.head :], start=sheet.head + 1):
        cells = {name: row[place] if place < len(row) else None for name, place in sheet.columns.items()}
        if all(cell in (None, "") or not str(cell).strip() for cell in cells.values()):
            continue
        lines.append(number)
        for name, cell in cells.items():
            columns[name].append(cell)
    return lines, columns


def _from_table(content: bytes, name: str) -> SurveyFile:
    sheet, strange = _sheet(content, name)
    lines, columns = _lines(sheet)
    if not lines:
        raise SurveyFileWrong(file=name, why="只有表头，没有一行记录")
    if "wkt" not in columns and "points" not in columns:
        raise SurveyFileWrong(
            file=name,
            why=f"没有“{LABELS['wkt']}”或“{LABELS['points']}”列；请补上，或把图形文件和这份表一起上传，平台按代码对应",
        )
    wkt, points = columns.pop("wkt", [None] * len(lines)), columns.pop("points", [None] * len(lines))
    shapes: NDArray[np.object_] = np.empty(len(lines), dtype=object)
    broken = np.zeros(len(lines), dtype=bool)
    for i, (text, listed) in enumerate(zip(wkt, points, strict=True)):
        try:
            shapes[i] = _drawn(str(text or "").strip(), str(listed or "").strip())
        except (ShapelyError, ValueError):
            broken[i] = True
    return SurveyFile(
        dict(columns), shapely.force_2d(shapes), broken, np.zeros(len(lines), dtype=bool), lines, sheet=sheet, part="1",
        left_out=strange,
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


def key_of(columns: dict[str, Sequence[Any]], i: int) -> str:
    """The code by which a line belongs to an outline: that of the unit, else of the parcel, else of the plot."""
    for name in KEYS:
        text = "".join(str(columns[name][i] or "").split()).upper() if name in columns else ""
        if text:
            return text
    return ""


def _joined(drawn: SurveyFile, told: tuple[Sheet, list[str]], name: str) -> SurveyFile:
    """An outline with what the table's line of the same code says of it; the table's word goes before the drawing's."""
    sheet, strange = told
    lines, cells = _lines(sheet)
    columns: dict[str, Sequence[Any]] = dict(cells)
    if not set(KEYS) & set(columns) & set(drawn.columns):
        listed = "、".join(LABELS[one] for one in KEYS)
        raise SurveyFileWrong(file=name, why=f"图形和属性表没有共同的代码列（{listed}），不能对应")
    rows: dict[str, int] = {}
    common = {key: drawn.columns[key] for key in KEYS if key in drawn.columns and key in columns}
    for i in range(len(lines)):
        rows.setdefault(key_of({key: columns[key] for key in common}, i), i)
    rows.pop("", None)
    place = [rows.get(key_of(common, i), -1) for i in range(drawn.number)]
    joined: dict[str, Sequence[Any]] = dict(drawn.columns)
    for field_name, values in columns.items():
        own = drawn.columns.get(field_name)
        joined[field_name] = [
            values[p] if p >= 0 else (own[i] if own is not None else None) for i, p in enumerate(place)
        ]
    used = set(place)
    loose = [(lines[i], key) for key, i in rows.items() if i not in used]
    bare = frozenset(i + 1 for i, p in enumerate(place) if p < 0)
    return SurveyFile(
        joined, drawn.geometries, drawn.broken, drawn.unclosed, drawn.lines, drawn.crs, drawn.parts, drawn.part, None,
        [*drawn.left_out, *strange], loose, bare,
    )  # fmt: skip
