"""汇交包的标注答复: a workbook with every line that is wrong as the package has it, its bad cells marked and explained in words."""

from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from ..rules import package_tables as tables
from ..rules.tables import Fault, Table
from .contract_files import FAULT_HEAD
from .packages import opened, raw_rows
from .sheets import copied

_BAD = PatternFill("solid", fgColor="F8C9C5")
_LINE = "行号"
#: An outline is told by its beginning: nobody reads the rest.
_LONGEST_CELL = 200


def label_of(fault: Fault) -> str:
    """How a page names where a fault is."""
    table = tables.BY_KEY[fault.table]
    return f"{table.title}·{table.field(fault.field).label}" if fault.field else table.title


def annotated(content: IO[bytes], faults: Sequence[Fault], *, name: str) -> bytes:
    """The workbook that is given back. What is wrong with a table as a whole stands in a sheet of its own."""
    by_table: dict[str, dict[int, list[Fault]]] = defaultdict(lambda: defaultdict(list))
    whole = [one for one in faults if not one.line]
    for one in faults:
        if one.line:
            by_table[one.table][one.line].append(one)
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = FAULT_HEAD
    copied(first, [["表", "行", "错误"], *([label_of(one), "", one.what] for one in whole)])
    first.column_dimensions["C"].width = 80
    content.seek(0)
    with opened(content, name) as archive:
        for table in tables.TABLES:
            wanted = by_table.get(table.key)
            if wanted:
                rows = raw_rows(archive, table, name, set(wanted))
                _sheet(book.create_sheet(table.title[:31]), table, rows, wanted)
    if not whole:
        book.remove(first)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(sheet: Any, table: Table, rows: dict[int, dict[str, Any]], wrong: dict[int, list[Fault]]) -> None:
    words = len(table.fields) + 2
    told: list[list[object]] = [[_LINE, *(one.label for one in table.fields), FAULT_HEAD]]
    for line in sorted(wrong):
        cells = [_cell(rows.get(line, {}).get(name)) for name in table.names]
        said = "；".join(f"{label_of(one).partition('·')[2] or table.title}：{one.what}" for one in wrong[line])
        told.append([line, *cells, said])
    copied(sheet, told)
    sheet.freeze_panes = "B2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, line in enumerate(sorted(wrong), start=2):
        for one in wrong[line]:
            if one.field:
                cell = sheet.cell(number, table.names.index(one.field) + 2)
                cell.fill, cell.comment = _BAD, Comment(one.what, "融合")
        cell = sheet.cell(number, words)
        cell.fill, cell.alignment = _BAD, Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions[sheet.cell(1, words).column_letter].width = 60


def _cell(value: Any) -> object:
    if value is None or isinstance(value, int):
        return value
    text = str(value)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"


__all__ = ["annotated", "label_of"]
