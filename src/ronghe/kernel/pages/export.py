"""Workbooks: a list as XLSX, row by row, with nothing in it that a spreadsheet would run."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from ronghe.kernel.clock import LEGAL_ZONE
from ronghe.kernel.errors import Invalid

MOST_ROWS = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: What spreadsheets take for the beginning of a formula, also after they trimmed the cell.
_FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")


class TooManyRows(Invalid):
    """The list is too long for one workbook."""

    code = "ronghe.too_many_rows"
    message = "列表超过 {most:,} 行，一份表格放不下。请先用筛选缩小范围，再导出。"


def harmless(value: Any) -> Any:
    """The value for a cell: never a formula, and free of characters that XLSX cannot hold.

    A text that a spreadsheet would read as a formula gets an apostrophe in front, which shows it as text.
    """
    if not isinstance(value, str):
        return (
            value.astimezone(LEGAL_ZONE).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
        )
    text = ILLEGAL_CHARACTERS_RE.sub("", value)
    return f"'{text}" if _FORMULA.match(text) else text


def workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], *, note: str = "") -> HttpResponse:
    """A workbook with one sheet as a download. Raises: TooManyRows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31])
    sheet.freeze_panes = "A2"
    for index, head in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = max(12, 2 * len(head) + 4)
    bold = []
    for head in heads:
        cell = WriteOnlyCell(sheet, harmless(head))
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top")
        bold.append(cell)
    sheet.append(bold)
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS)
        sheet.append([harmless(value) for value in row])
    if note:
        about = book.create_sheet("说明")
        about.append(["筛选条件", harmless(note)])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        answer = HttpResponse(file.read(), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename=\"list.xlsx\"; filename*=UTF-8''{quote(title)}.xlsx"
    answer["Cache-Control"] = "private, no-store"
    return answer
