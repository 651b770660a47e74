"""Workbooks of a list: the template with drop-downs, and the person's own file with every bad cell marked."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ronghe.kernel.pages.workbook import FORMULA_SIGNS, UNHOLDABLE

from .declared import Kind, Roster
from .reading import FAULT_HEAD, HELP_SHEET, LISTS_SHEET
from .values import Places

#: Drop-downs reach so far down.
_ROWS = 5_000
#: Beyond so many rows the person's own workbook is not rebuilt with its formats: a plain copy is marked instead.
MOST_REBUILT = 5_000
_KINDS = {
    Kind.TEXT: "文字", Kind.LONG_TEXT: "文字", Kind.CHOICE: "从下拉列表选", Kind.INTEGER: "整数", Kind.DECIMAL: "数字",
    Kind.DATE: "日期，如 2026-11-22", Kind.FLAG: "是 或 否", Kind.URL: "网址", Kind.USCC: "18 位统一社会信用代码",
    Kind.TELEPHONE: "电话号码", Kind.DIVISION: "区划名称或 12 位代码", Kind.ZONE: "从下拉列表选",
}  # fmt: skip
_HEAD = PatternFill("solid", fgColor="14488F")
_BAD = PatternFill("solid", fgColor="F8C9C5")


def template(roster: Roster, places: Places) -> bytes:
    """An empty workbook to fill in: head, drop-downs, formats, and a sheet that says how."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = roster.title[:31]
    lists = book.create_sheet(LISTS_SHEET)
    lists.sheet_state = "hidden"
    for place, one in enumerate(roster.fields, start=1):
        letter = get_column_letter(place)
        cell = sheet.cell(1, place, one.head)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.comment = Comment(_hint(one.required, _KINDS[one.kind], one.hint), "融合")
        sheet.column_dimensions[letter].width = max(14, 2 * len(one.head) + 6)
        options = _options(one, places)
        if options:
            for row, option in enumerate(options, start=1):
                lists.cell(row, place, option)
            rule = DataValidation(
                "list", formula1=f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(options)}", allow_blank=True
            )
            rule.error, rule.errorTitle = "请从下拉列表选择", "不在列表里"
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{_ROWS}")
        elif one.kind not in (Kind.INTEGER, Kind.DECIMAL):
            # Text stays text: a code must not lose its leading noughts.
            for row in range(2, 202):
                sheet.cell(row, place).number_format = "@"
    sheet.freeze_panes = "A2"
    _help(book, roster)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _hint(required: bool, kind: str, hint: str) -> str:
    return "；".join(filter(None, ("必填" if required else "可不填", kind, hint)))


def _options(one: Any, places: Places) -> list[str]:
    if one.kind is Kind.CHOICE:
        return [label for _, label in one.choices]
    if one.kind is Kind.FLAG:
        return ["是", "否"]
    if one.kind is Kind.ZONE:
        return list(places.zones.values())
    if one.kind is Kind.DIVISION:
        return [name for code, name in sorted(places.codes.items()) if code.endswith("000")][:500]
    return []


def _help(book: Any, roster: Roster) -> None:
    sheet = book.create_sheet(HELP_SHEET)
    sheet.append([f"{roster.title}：填写说明"])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([roster.summary])
    keys = "、".join(roster.field(name).label for name in roster.key_fields)
    sheet.append([f"每行一条记录；{keys}相同的，导入时更新原记录，其余新增。整份文件全部正确才会导入。"])
    sheet.append([])
    sheet.append(["列", "是否必填", "怎样填", "说明", "例子"])
    for one in roster.fields:
        sheet.append([one.head, "必填" if one.required else "可不填", _KINDS[one.kind], one.hint, one.example])
    sheet.append([])
    sheet.append([f"模板版本 {roster.key} {roster.version}"])
    for letter, width in zip("ABCDE", (24, 10, 24, 60, 24), strict=True):
        sheet.column_dimensions[letter].width = width


def annotated(
    content: bytes, *, sheet_name: str, head: int, columns: Mapping[str, int], rows: Sequence[Sequence[Any]],
    faults: Iterable[tuple[int, str, str, str]],
) -> bytes:  # fmt: skip
    """The person's own file with each bad cell marked and explained, and a last column that says it in words.

    Args: ``faults`` are (line, field, label, what is wrong). A file of very many rows, and a CSV, come back as a plain
        workbook of the same cells.
    """
    by_line: dict[int, list[tuple[str, str, str]]] = {}
    for line, name, label, what in faults:
        by_line.setdefault(line, []).append((name, label, what))
    rebuilt = sheet_name and len(rows) <= MOST_REBUILT
    book = load_workbook(BytesIO(content)) if rebuilt else Workbook()
    sheet: Any = book[sheet_name] if rebuilt else book.active
    if not rebuilt:
        _copied(sheet, rows)
    words = max(columns.values(), default=0) + 2
    for place in range(1, 60):
        if sheet.cell(head, place).value == FAULT_HEAD:
            words = place
            break
    else:
        while sheet.cell(head, words).value not in (None, ""):
            words += 1
    sheet.cell(head, words, FAULT_HEAD).font = Font(bold=True, color="B0251D")
    sheet.column_dimensions[get_column_letter(words)].width = 50
    for row in range(head + 1, sheet.max_row + 1):
        sheet.cell(row, words).value = None  # what an earlier check said
    for line, found in by_line.items():
        for name, _, what in found:
            if name in columns:
                cell = sheet.cell(line, columns[name] + 1)
                cell.fill, cell.comment = _BAD, Comment(what, "融合")
        cell = sheet.cell(line, words, "；".join(f"{label}：{what}" for _, label, what in found))
        cell.fill, cell.alignment = _BAD, Alignment(wrap_text=True, vertical="top")
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _copied(sheet: Any, rows: Sequence[Sequence[Any]]) -> None:
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            if value in (None, ""):
                continue
            cell = sheet.cell(number, place)
            cell.value = UNHOLDABLE.sub("", value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = value.lstrip()[:1] in FORMULA_SIGNS
