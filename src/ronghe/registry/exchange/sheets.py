"""Rows written to a sheet so that nothing in them is taken for a formula."""

from collections.abc import Sequence
from typing import Any

from ronghe.kernel.pages.workbook import FORMULA_SIGNS, UNHOLDABLE


def copied(sheet: Any, rows: Sequence[Sequence[Any]]) -> None:
    """Lay rows down in a sheet, text as text."""
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            if value in (None, ""):
                continue
            cell = sheet.cell(number, place)
            cell.value = UNHOLDABLE.sub("", value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = value.lstrip()[:1] in FORMULA_SIGNS
