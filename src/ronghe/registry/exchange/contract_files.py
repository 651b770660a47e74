"""Files of contracted land: the workbook with a sheet for each table, the outlines beside it, the marked answer."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import shapely
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineError, CalamineWorkbook

from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.spatial import crs
from ronghe.kernel.spatial.reading import read
from ronghe.kernel.spatial.rules import BadOutline, as_multipolygon

from ..errors import ExchangeFileUnreadable
from ..rules.contract_tables import CBDKXX, TABLES
from ..rules.tables import Fault, Table, Type, read_row
from .dbf_tables import dbf_names, workbook_of_dbf
from .sheets import copied

#: The most rows of one table, and beyond how many the person's own workbook is copied plain instead of marked as it is.
MOST_ROWS, MOST_REBUILT = 200_000, 5_000
HELP_SHEET, FAULT_HEAD, OUTLINES = "填写说明", "错误说明", "图形"
_HEAD = PatternFill("solid", fgColor="14488F")
_BAD = PatternFill("solid", fgColor="F8C9C5")


@dataclass
class SheetRead:
    """读到的一张表: where its columns stand, its cells as they were, and the sound values of its lines."""

    table: Table
    sheet: str
    head: int
    columns: dict[str, int]
    cells: list[list[Any]]
    lines: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


def read_workbook(content: bytes, *, name: str) -> tuple[dict[str, SheetRead], list[Fault]]:
    """Every table of a workbook, and what is wrong with its cells. Raises: ExchangeFileUnreadable."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
    except (CalamineError, OSError, ValueError) as error:
        raise ExchangeFileUnreadable(file=name, why="工作簿打不开，请用 Excel 或 WPS 另存为 xlsx") from error
    found: dict[str, SheetRead] = {}
    faults: list[Fault] = []
    for sheet_name in book.sheet_names:
        table = _table_of(sheet_name)
        if table is None:
            continue
        if table.key in found:
            raise ExchangeFileUnreadable(file=name, why=f"有两个工作表都是“{table.title}”")
        cells = book.get_sheet_by_name(sheet_name).to_python(skip_empty_area=False)
        one = _columns(table, sheet_name, cells, name)
        if one is None:
            continue
        if len(cells) - one.head > MOST_ROWS:
            raise ExchangeFileUnreadable(file=name, why=f"“{table.title}”超过 {MOST_ROWS:,} 行，请按村分成几份")
        for number, row in enumerate(cells[one.head :], start=one.head + 1):
            given = {field: row[place] if place < len(row) else None for field, place in one.columns.items()}
            if not any(value not in (None, "") and str(value).strip() for value in given.values()):
                continue
            values, wrong = read_row(table, given)
            faults += [Fault(table.key, number, field, what) for field, what in wrong]
            one.lines.append((number, values))
        found[table.key] = one
    if not found:
        listed = "、".join(f"{one.key}（{one.title}）" for one in TABLES)
        raise ExchangeFileUnreadable(file=name, why=f"没有找到交换表的工作表，应有：{listed}")
    return found, faults


def _table_of(sheet: str) -> Table | None:
    plain = "".join(sheet.split()).upper()
    for one in TABLES:
        if plain in (one.key, one.title, f"{one.key}{one.title}", f"{one.title}{one.key}"):
            return one
    return None


def _columns(table: Table, sheet: str, cells: list[list[Any]], name: str) -> SheetRead | None:
    """The head is the line within the first five that names most fields, by name or by label."""
    known = {text.upper(): one.name for one in table.fields for text in (one.name, one.label, f"{one.label}{one.name}")}
    best, places = 0, dict[str, int]()
    for number, row in enumerate(cells[:5], start=1):
        here: dict[str, int] = {}
        for place, cell in enumerate(row):
            told = known.get("".join(str(cell).split()).upper().replace("(", "（").replace(")", "）").strip("*"))
            if told is not None and told in here:
                raise ExchangeFileUnreadable(file=name, why=f"“{sheet}”有两列都是 {told}")
            if told is not None:
                here[told] = place
        if len(here) > len(places):
            best, places = number, here
    if not places:
        if any(any(cell not in (None, "") for cell in row) for row in cells):
            raise ExchangeFileUnreadable(
                file=name, why=f"“{sheet}”没有表头，第一行应为字段名，如 {table.fields[0].name}"
            )
        return None
    missing = [f"{one.name}（{one.label}）" for one in table.fields if one.required and one.name not in places]
    if missing:
        raise ExchangeFileUnreadable(file=name, why=f"“{sheet}”缺少必填的列：{'、'.join(missing)}")
    return SheetRead(table, sheet, best, places, cells)


def read_outlines(content: bytes, *, kind: FileKind, name: str) -> tuple[dict[str, shapely.Geometry], list[Fault]]:
    """Outlines by plot code, in CGCS2000, and what is wrong with them. Raises: ExchangeFileUnreadable and those of ``read``."""
    given = read([content], kind=kind, name=name)
    if not given.part:
        raise ExchangeFileUnreadable(file=name, why=f"有几个图层（{'、'.join(given.parts)}），请只留承包地块一层")
    column = next((place for place, one in enumerate(given.fields) if one.upper() == "DKBM"), None)
    if column is None:
        raise ExchangeFileUnreadable(file=name, why="没有 DKBM（地块代码）字段")
    system = crs.known(given.crs or "EPSG:4490")
    if system is None or system.standing is not crs.Standing.TAKEN:
        title = system.title if system else given.crs[:60]
        raise ExchangeFileUnreadable(file=name, why=f"坐标系是{title}，请转换为 CGCS2000 后再交")
    way = crs.to_cgcs2000(system.key)
    found: dict[str, shapely.Geometry] = {}
    faults = []
    shapes = (shape for block in given.blocks() for shape in block.shapes)
    for number, shape in enumerate(shapes, start=1):
        told = str(given.row(number - 1)[column] or "").strip()
        try:
            if shape is None or shape.is_empty or shape.geom_type not in ("Polygon", "MultiPolygon"):
                raise BadOutline("不是面")
            if not shape.is_valid:
                raise BadOutline(f"图形无效：{shapely.is_valid_reason(shape)[:60]}")
            placed = as_multipolygon(shapely.transform(shape, way))[0]
            _refuse_elsewhere(placed)
        except BadOutline as error:
            faults.append(Fault(OUTLINES, number, "DKBM", f"地块 {told[:19]}：{error}"))
            continue
        if told in found:
            faults.append(Fault(OUTLINES, number, "DKBM", f"地块 {told[:19]} 有两个图形"))
        found[told] = placed
    return found, faults


def _refuse_elsewhere(shape: shapely.Geometry) -> None:
    west, south, east, north = shape.bounds
    if not (72 <= west <= east <= 138 and 0.8 <= south <= north <= 56):
        raise BadOutline("坐标不在中国的经纬度范围内")


# -- what is given back ----------------------------------------------------------------------------------------------


def template() -> bytes:
    """An empty workbook: a sheet for each table with its field names, code lists to pick from, and how to fill it in."""
    book = Workbook()
    help_sheet = book.active
    assert help_sheet is not None
    help_sheet.title = HELP_SHEET
    help_sheet.append(["表", "字段", "含义", "类型和宽度", "是否必填", "代码表"])
    for table in TABLES:
        sheet = book.create_sheet(table.key)
        for place, one in enumerate(table.fields, start=1):
            cell = sheet.cell(1, place, one.name)
            cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
            cell.comment = Comment(f"{one.label}；{one.kind}；{'必填' if one.required else '可不填'}", "融合")
            letter = get_column_letter(place)
            sheet.column_dimensions[letter].width = max(12, one.width if one.width < 30 else 30)
            if one.codes is not None and sum(len(code) + 1 for code in one.codes) < 250:
                rule = DataValidation("list", formula1=f'"{",".join(one.codes)}"', allow_blank=True)
                sheet.add_data_validation(rule)
                rule.add(f"{letter}2:{letter}5000")
            if one.type in (Type.CODE, Type.TEXT):
                for row in range(2, 202):  # text stays text: a code must not lose its leading noughts
                    sheet.cell(row, place).number_format = "@"
            codes = "" if one.codes is None else "；".join(f"{code} {title}" for code, title in one.codes.items())
            help_sheet.append([table.key, one.name, one.label, one.kind, "必填" if one.required else "", codes[:2000]])
        sheet.freeze_panes = "A2"
    help_sheet.append([])
    help_sheet.append(
        [
            "面积以平方米为准，1 亩 = 2000/3 平方米；两种面积都写的，应当一致。图形另交 GeoPackage、Shapefile 或 GeoJSON，字段 DKBM。"
        ]
    )
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def annotated(content: bytes, sheets: Mapping[str, SheetRead], faults: Iterable[Fault]) -> bytes:
    """The person's own workbook with each bad cell marked and explained, and a last column that says it in words.

    What is wrong with a table as a whole, or with the outlines, stands in a sheet of its own.
    """
    listed = list(faults)
    rebuilt = sum(len(one.cells) for one in sheets.values()) <= MOST_REBUILT
    book = load_workbook(BytesIO(content)) if rebuilt else Workbook()
    if not rebuilt:
        book.remove(book.worksheets[0])
        for one in sheets.values():
            copied(book.create_sheet(one.sheet[:31]), one.cells)
    for key, one in sheets.items():
        _mark(book[one.sheet[:31] if not rebuilt else one.sheet], one, [f for f in listed if f.table == key and f.line])
    rest = [f for f in listed if not f.line or f.table not in sheets]
    if FAULT_HEAD in book.sheetnames:
        book.remove(book[FAULT_HEAD])
    if rest:
        sheet = book.create_sheet(FAULT_HEAD, 0)
        sheet.append(["表", "行", "错误"])
        for fault in rest:
            sheet.append([fault.table, fault.line or "", fault.what])
        sheet.column_dimensions["C"].width = 80
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _mark(sheet: Any, one: SheetRead, faults: Sequence[Fault]) -> None:
    words = max(one.columns.values()) + 2
    head = one.cells[one.head - 1]
    for place, cell in enumerate(head, start=1):
        if cell == FAULT_HEAD:
            words = place
            break
    else:
        words = max(words, len(head) + 1)
    for row in range(one.head + 1, sheet.max_row + 1):
        if sheet.cell(row, words).value is not None:
            sheet.cell(row, words).value = None  # what an earlier check said
    if not faults:
        return
    sheet.cell(one.head, words, FAULT_HEAD).font = Font(bold=True, color="B0251D")
    sheet.column_dimensions[get_column_letter(words)].width = 50
    by_line: dict[int, list[Fault]] = {}
    for fault in faults:
        by_line.setdefault(fault.line, []).append(fault)
    for line, found in by_line.items():
        for fault in found:
            if fault.field in one.columns:
                cell = sheet.cell(line, one.columns[fault.field] + 1)
                cell.fill, cell.comment = _BAD, Comment(fault.what, "融合")
        cell = sheet.cell(line, words, "；".join(f"{_label(one.table, fault.field)}：{fault.what}" for fault in found))
        cell.fill, cell.alignment = _BAD, Alignment(wrap_text=True, vertical="top")


def _label(table: Table, name: str) -> str:
    return next((one.label for one in table.fields if one.name == name), table.title)


def label_of(fault: Fault) -> str:
    """How a page names where a fault is."""
    table = next((one for one in TABLES if one.key == fault.table), None)
    if table is None:
        return fault.table
    return f"{table.title}·{_label(table, fault.field)}" if fault.field else table.title


def tables_in(content: bytes) -> tuple[bytes, bytes | None, str]:
    """The workbook and the outlines of a zip: one that this platform wrote, or one of dBASE tables; a bare workbook is itself.

    Raises: ExchangeFileUnreadable, and what reading a dBASE table refuses.
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" in names:
            return content, None, ""
        book = next((name for name in names if name.lower().endswith(".xlsx")), "")
        outlines = next((name for name in names if name.lower().endswith(".gpkg")), "")
        drawn = archive.read(outlines) if outlines else None
        if book:
            return archive.read(book), drawn, outlines
        tables = dbf_names(names)
        if not tables:
            listed = "、".join(f"{one.key}.dbf" for one in TABLES)
            why = f"压缩包里没有交换表：应有一个工作簿（xlsx），或以表名命名的 DBF（{listed}）；mdb 请先导出为其中一种"
            raise ExchangeFileUnreadable(file="", why=why)
        return workbook_of_dbf(archive, tables), drawn, outlines


__all__ = [
    "CBDKXX", "SheetRead", "annotated", "label_of", "read_outlines", "read_workbook", "tables_in", "template",
]  # fmt: skip
