"""收益分配权清单 as a workbook: to fill in the shares of a whole village, and given back with every bad cell marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from ronghe.kernel.pages.workbook import workbook
from ronghe.mechanisms.rosters.workbooks import annotated

from .rules.income import WHOLE, hundredths

HEAD = ("编号", "农户", "在册的在世成员", "份额")
_NUMBER, _NAME, _, _SHARES = HEAD
#: The head stands within the first lines; a longer list is no list of a village.
_HEAD_WITHIN, MOST_ROWS = 10, 20_000


@dataclass(frozen=True, slots=True)
class Fault:
    """一处错误: in which line and column, and what is wrong."""

    line: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """A table as it was read: hundredths by household, or its faults and the marked copy."""

    shares: Mapping[int, int]
    faults: tuple[Fault, ...]
    marked: bytes


def table(rows: Iterable[tuple[int, str, int, int]]) -> bytes:
    """The list to fill in: (number, household, members, hundredths) each."""
    return workbook("清单", HEAD, [[number, name, members, shares / WHOLE] for number, name, members, shares in rows])


def read_table(content: bytes, known: Mapping[int, str]) -> Read:
    """Read a list that was given back. Args: ``known`` are the households of the list, by number.

    Raises: ValueError, in words for whoever gave it, where it is no such list at all.
    """
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        name = book.sheet_names[0]
        rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise ValueError("工作簿打不开，请用 Excel 或 WPS 另存为 xlsx 后再上传") from error
    head = next((n for n, row in enumerate(rows[:_HEAD_WITHIN], start=1) if {_NUMBER, _SHARES} <= set(_texts(row))), 0)
    if not head:
        raise ValueError("没有找到表头“编号”和“份额”，请下载本办件的清单填写")
    if len(rows) - head > MOST_ROWS:
        raise ValueError(f"超过 {MOST_ROWS:,} 行，不是一个集体的清单")
    columns = {text: place for place, text in enumerate(_texts(rows[head - 1])) if text in HEAD}
    shares, faults = _lines(rows, head, columns, known)
    if not shares and not faults:
        raise ValueError("只有表头，没有一行份额")
    told = [(one.line, one.column, one.column, one.text) for one in faults]
    marked = annotated(content, sheet_name=name, head=head, columns=columns, rows=rows, faults=told) if faults else b""
    return Read(shares, tuple(faults), marked)


def _lines(
    rows: Sequence[Sequence[Any]], head: int, columns: Mapping[str, int], known: Mapping[int, str]
) -> tuple[dict[int, int], list[Fault]]:
    shares: dict[int, int] = {}
    faults: list[Fault] = []
    for line, row in enumerate(rows[head:], start=head + 1):
        texts = _texts(row)
        given = {name: texts[place] if place < len(texts) else "" for name, place in columns.items()}
        if not any(given.values()):
            continue
        number = int(given[_NUMBER]) if given[_NUMBER].isascii() and given[_NUMBER].isdigit() else 0
        if number not in known:
            faults.append(Fault(line, _NUMBER, "清单上没有这个编号，请不要改动编号，也不要增加农户"))
            continue
        if number in shares:
            faults.append(Fault(line, _NUMBER, "这个编号前面已经有一行，请只留一行"))
            continue
        if given.get(_NAME, "") not in ("", known[number]):
            faults.append(Fault(line, _NAME, f"这个编号是“{known[number]}”，名称对不上，请核对是不是填错了行"))
        shares[number] = 0
        try:
            shares[number] = hundredths(given[_SHARES])
        except ValueError as error:
            faults.append(Fault(line, _SHARES, str(error)))
    return shares, faults


def _texts(row: Sequence[Any]) -> list[str]:
    """Cells as text; a whole number that the sheet keeps as 3.0 is 3."""
    return [str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip() for cell in row]
