"""Tables that leave the house: the template of a rule's facts, and the results of a trial with the facts beside them."""

import csv
import io
import re
from collections.abc import Iterator, Set
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ronghe.kernel.actors import Actor
from ronghe.kernel.pages.workbook import FORMULA_SIGNS
from ronghe.policy.rulebook import Rule, all_rules
from ronghe.policy.values import HINTS, Kind

from . import archive, queries
from .models import TableChunk, Trial, TrialRow
from .table import heads, label
from .titles import change_titles, spelled, verdict_title

#: Rows of a template that offer the choices of their columns.
_TEMPLATE_ROWS = 10_000


def template(rule: Rule) -> bytes:
    """An empty table of the rule's facts, with drop-downs where a fact has choices, and a sheet that explains it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "事实"
    sheet.append(heads(rule))
    sheet.freeze_panes = "B2"
    for place, head in enumerate(heads(rule), start=1):
        letter = get_column_letter(place)
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[letter].width = max(14, 2 * len(head) + 2)
    for place, one in enumerate(rule.facts, start=2):
        options = ["是", "否"] if one.kind is Kind.BOOLEAN else list(one.choices) if one.kind is Kind.TEXT else []
        told = ",".join(options)
        # A list of choices in a cell may have 255 characters; longer ones stand in the explanation alone.
        if options and len(told) <= 250 and not any("," in option for option in options):
            choice = DataValidation(type="list", formula1=f'"{told}"', allow_blank=True, showErrorMessage=True)
            choice.error = f"请从这些里选：{told}"[:200]
            letter = get_column_letter(place)
            choice.add(f"{letter}2:{letter}{_TEMPLATE_ROWS}")
            sheet.add_data_validation(choice)
    help_sheet = book.create_sheet("填写说明")
    help_sheet.append(["列", "类型", "怎么写", "可选项", "说明"])
    for cell in help_sheet[1]:
        cell.font = Font(bold=True)
    help_sheet.append(["名称", "文字", "这一行的名称或编号，可不填", "", ""])
    for one in rule.facts:
        how = "写“是”或“否”，不知道的留空" if one.kind is Kind.BOOLEAN else _how(one.kind)
        note = "必填" if one.required else "视情况填写"
        help_sheet.append([label(one), one.kind.title, how, "、".join(one.choices), note])
    for letter, width in zip("ABCDE", (28, 10, 44, 44, 14), strict=True):
        help_sheet.column_dimensions[letter].width = width
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _how(kind: Kind) -> str:
    if kind in (Kind.NUMBER, Kind.INTEGER):
        return "写数值；单位与列名不同时，把列名括号里的单位改成所用的单位"
    if kind in (Kind.SET, Kind.LIST):
        return "几项之间用顿号隔开"
    return HINTS[kind]


def results(
    of: Trial, *, actor: Actor, text: str = "", verdict_a: str = "", verdict_b: str = "", change: str = ""
) -> Iterator[bytes]:
    """The results as CSV, a piece for each archived chunk, so that a million rows need the memory of a thousand."""
    rule = all_rules().get(of.rule)
    known = {one.name: label(one) for one in rule.facts} if rule else {}
    numbers = {one.name for one in rule.facts if one.kind in (Kind.NUMBER, Kind.INTEGER)} if rule else set()
    titles = change_titles(of)
    head = [
        "行号",
        "名称",
        *(known.get(name, name) for name in of.table.columns),
        *of.table.notes,
        "现行结论",
        "现行结果",
    ]
    head += ["试算结论", "试算结果", "变化"] if of.is_compared else []
    yield b"\xef\xbb\xbf" + _piece([head])
    wanted = queries.rows(of, actor=actor, text=text, verdict_a=verdict_a, verdict_b=verdict_b, change=change).order_by(
        "line"
    )
    for content in _contents(of):
        archived = {one.line: one for one in archive.unpacked(content)}
        found = wanted.filter(line__gte=min(archived), line__lte=max(archived))
        if piece := _piece(_line(of, row, archived[row.line], titles, numbers) for row in found):
            yield piece


def _contents(of: Trial) -> Iterator[bytes]:
    chunks = TableChunk.objects.filter(table=of.table_id)
    for pk in chunks.values_list("pk", flat=True):
        yield bytes(chunks.values_list("content", flat=True).get(pk=pk))


def _line(
    of: Trial, row: TrialRow, archived: archive.ArchivedRow, titles: dict[str, str], numbers: Set[str]
) -> list[str]:
    facts = [
        "、".join(fact) if isinstance(fact, list) else spelled(fact, is_number=name in numbers) if fact else ""
        for name, fact in zip(of.table.columns, archived.facts, strict=True)
    ]
    told = [str(row.line), row.name, *facts, *archived.notes]
    told += [verdict_title(row.verdict_a), spelled(row.value_a, is_number=row.number_a is not None)]
    if of.is_compared:
        told += [verdict_title(row.verdict_b), spelled(row.value_b, is_number=row.number_b is not None)]
        told.append(titles.get(row.change, ""))
    return told


def _piece(lines: Iterator[list[str]] | list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_harmless(cell) for cell in line] for line in lines)
    return out.getvalue().encode()


def _harmless(cell: str) -> str:
    """Text that a spreadsheet program would take for a formula gets an apostrophe; figures stay figures."""
    if cell[:1] in FORMULA_SIGNS and not re.fullmatch(r"[-+]?[\d.,/]+", cell):
        return f"'{cell}"
    return cell
