"""Reading a file of records: which sheet, which column is which field, line by line; what is wrong with it as a whole.

Workbooks are read by calamine (a hundred thousand rows in a second or two), CSV in UTF-8 or GB 18030.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import BytesIO, StringIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from .declared import Field, Roster
from .errors import TableWrong

#: The most rows that one import takes; more are split by whoever gives them.
MOST_ROWS = 200_000
#: Sheets of our own template that hold no records.
HELP_SHEET, LISTS_SHEET = "填写说明", "选项"
#: The column that our annotated copy adds; it is passed over when the copy is given again.
FAULT_HEAD = "错误说明"
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds which field; the head stands in line ``head`` (counted from 1)."""

    sheet: str
    head: int
    by_name: dict[str, int]


@dataclass(frozen=True, slots=True)
class Table:
    """A file as it was found good to read."""

    columns: Columns
    rows: list[list[Any]]

    def lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """(line, raw values by field) of each row that is not empty."""
        at = self.columns.by_name
        for number, row in enumerate(self.rows[self.columns.head :], start=self.columns.head + 1):
            given = {name: row[place] if place < len(row) else None for name, place in at.items()}
            if any(value not in (None, "") and str(value).strip() for value in given.values()):
                yield number, given


def read_file(content: bytes, *, name: str, roster: Roster) -> Table:
    """Read a workbook or a CSV. Raises: TableWrong with what is wrong and how to mend it."""
    if content[:2] == b"PK":
        return _workbook(content, name, roster)
    return _csv(content, name, roster)


def _workbook(content: bytes, name: str, roster: Roster) -> Table:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
    except (CalamineError, OSError, ValueError) as error:
        raise TableWrong(file=name, why="工作簿打不开，请用 Excel 或 WPS 另存为 xlsx 后再上传") from error
    names = [one for one in book.sheet_names if one not in (HELP_SHEET, LISTS_SHEET)]
    problems: list[TableWrong] = []
    for sheet_name in sorted(names, key=lambda one: one != roster.title[:31]):
        sheet = book.get_sheet_by_name(sheet_name)
        rows = sheet.to_python(skip_empty_area=False)
        if not any(any(cell not in ("", None) for cell in row) for row in rows):
            continue
        merged = sheet.merged_cell_ranges or []
        try:
            columns = _columns(rows, sheet_name, name, roster)
        except TableWrong as error:
            problems.append(_merged_head(sheet_name, name) if any(first[0] < 10 for first, _ in merged) else error)
            continue
        # A merged cell holds one value for several lines: which of them it is meant for nobody can say.
        if any(first[0] < columns.head for first, _ in merged):
            raise _merged_head(sheet_name, name)
        if any(last[0] >= columns.head for _, last in merged):
            line = min(first[0] for first, last in merged if last[0] >= columns.head) + 1
            raise TableWrong(file=name, why=f"“{sheet_name}”第 {line} 行起有合并单元格，请取消合并，逐行填写")
        return _bounded(Table(columns, rows), name)
    if problems:
        raise problems[0]
    raise TableWrong(file=name, why=f"工作簿里没有数据；请把记录填在“{roster.title[:31]}”工作表里")


def _merged_head(sheet: str, name: str) -> TableWrong:
    """Of merged cells only the first has a value: columns seem to be missing that a person sees."""
    return TableWrong(file=name, why=f"“{sheet}”的表头有合并单元格，请取消合并，每列一个表头")


def _csv(content: bytes, name: str, roster: Roster) -> Table:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        rows: list[list[Any]] = [list(row) for row in csv.reader(StringIO(text))]
        return _bounded(Table(_columns(rows, "", name, roster), rows), name)
    raise TableWrong(file=name, why="文字编码认不出来，请另存为 UTF-8 或 GB 18030 的 CSV，或 xlsx")


def _bounded(table: Table, name: str) -> Table:
    if len(table.rows) - table.columns.head > MOST_ROWS:
        raise TableWrong(file=name, why=f"超过 {MOST_ROWS:,} 行，请拆成几份分别导入")
    if not any(True for _ in table.lines()):
        raise TableWrong(file=name, why="只有表头，没有一行记录")
    return table


def _columns(rows: Sequence[Sequence[Any]], sheet: str, name: str, roster: Roster) -> Columns:
    """The head is the line within the first ten that names most fields; order is free, every other head is a fault."""
    known = {_plain(label): one for one in roster.fields for label in (one.head, one.label)}
    best, found = 0, 0
    for number, row in enumerate(rows[:10], start=1):
        hits = sum(_plain(cell) in known for cell in row)
        if hits > found:
            best, found = number, hits
    if not best:
        heads = "、".join(one.head for one in roster.fields)
        where = f"工作表“{sheet}”" if sheet else "文件"
        raise TableWrong(file=name, why=f"{where}里没有找到表头，应有：{heads}。请下载模板填写")
    by_name: dict[str, int] = {}
    strange = []
    for place, cell in enumerate(rows[best - 1]):
        head = _plain(cell)
        if not head or head == _plain(FAULT_HEAD):
            continue
        one = known.get(head)
        if one is None:
            strange.append((str(cell).strip(), _like(head, known)))
        elif one.name in by_name:
            raise TableWrong(file=name, why=f"有两列都叫“{one.label}”，请只留一列")
        else:
            by_name[one.name] = place
    if strange:
        told = "；".join(f"“{head[:20]}”" + (f"（是不是“{like}”？）" if like else "") for head, like in strange[:6])
        raise TableWrong(file=name, why=f"有台账里没有的列：{told}。请改成模板的列名，或删去这些列")
    missing = [one.head for one in roster.fields if one.required and one.name not in by_name]
    if missing:
        raise TableWrong(file=name, why=f"缺少必填的列：{'、'.join(missing)}。请下载模板填写")
    return Columns(sheet, best, by_name)


def _plain(cell: Any) -> str:
    text = "".join(str(cell if cell is not None else "").replace("（", "(").replace("）", ")").split())
    return text.strip("*＊").lower()


def _like(head: str, known: dict[str, Field]) -> str:
    close = get_close_matches(head, known, n=1, cutoff=0.5)
    return known[close[0]].head if close else ""
