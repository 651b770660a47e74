"""Tables as workbooks (XLSX) that spreadsheet programs open without running anything."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from ronghe.kernel.clock import LEGAL_ZONE

#: What spreadsheet programs take for the beginning of a formula.
FORMULA_SIGNS = frozenset("=+-@＝＋－＠")
#: Characters that XML, and so a workbook, cannot hold.
UNHOLDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


def workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet with a bold, frozen head.

    Text is written as text whatever it begins with: ``=1+1`` stays four characters and is never a formula.
    """
    return workbook_of([(title, head, rows)])


def workbook_of(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[object]]]]) -> bytes:
    """Several sheets (title, head, rows), each as of :func:`workbook`."""
    out = BytesIO()
    save_workbook(sheets, out)
    return out.getvalue()


def save_workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[object]]]], out: IO[bytes]) -> None:
    """The same into an open file: rows are written as they come, so that memory stays flat however many there are."""
    book = Workbook(write_only=True)
    for title, head, rows in sheets:
        _fill(book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31]), head, rows)
    book.save(out)


def _fill(sheet: Any, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet.freeze_panes = "A2"
    for place, label in enumerate(head):
        sheet.column_dimensions[_letter(place)].width = 40 if place == 1 else max(12, 2 * len(label) + 4)

    def cell(value: object, *, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet, value=None)
        if isinstance(value, datetime):
            made.value = (value.astimezone(LEGAL_ZONE) if value.tzinfo else value).replace(tzinfo=None)
        elif isinstance(value, int | float | date):
            made.value = value
        elif value is not None:
            made.value = UNHOLDABLE.sub("", str(value))
            made.data_type = "s"
            # Stays text also after somebody has edited the cell.
            made.quotePrefix = made.value.lstrip()[:1] in FORMULA_SIGNS
        if bold:
            made.font = Font(bold=True)
        made.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
        return made

    sheet.append([cell(label, bold=True) for label in head])
    for row in rows:
        sheet.append([cell(value) for value in row])


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(place + 1)
