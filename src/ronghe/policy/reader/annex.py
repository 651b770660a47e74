"""Tables of tasks (任务分工表): head rows, merged cells, rows.

A row is a line with its cells divided by tabs, a merged cell is empty from its second row on («003» annex). A cell
is filled from above where the cell to its left that it hangs on goes on as well; lead and responsible bodies are
always filled, because a task without them is not meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from ronghe.policy.reader.allowance import Allowance
from ronghe.policy.reader.areas import read_areas
from ronghe.policy.reader.fields import Fields, read_fields
from ronghe.policy.reader.lines import Line
from ronghe.policy.reader.normalise import EMPTY, Mapped, joined
from ronghe.policy.reader.reading import AnnexRow, Place
from ronghe.policy.reader.vocabulary import LABELS, is_label_like, is_who_label, label_field

_SERIAL = {"序号", "编号", "序列", "项目序号", "任务序号"}
_TRIAL = {
    "试验任务",
    "试点任务",
    "改革任务",
    "任务类别",
    "类别",
    "领域",
    "工作领域",
    "一级任务",
    "任务大类",
    "板块",
    "试验内容",
    "分类",
    "任务领域",
    "项目类别",
}
_WORK = {
    "工作任务",
    "重点任务",
    "主要任务",
    "重点工作",
    "任务名称",
    "工作事项",
    "重点事项",
    "事项",
    "任务",
    "项目",
    "工作项目",
    "改革事项",
    "任务分解",
    "二级任务",
    "试点内容",
    "工作内容",
    "项目名称",
    "目标任务",
    "试验事项",
    "任务事项",
}
_MEASURE = {"具体措施", "工作措施", "主要措施", "工作举措", "具体举措", "主要内容", "具体内容", "任务内容", "工作要求", "具体任务", "改革举措", "试验举措",
            "推进措施", "落实措施", "主要举措", "重点举措", "措施", "举措", "内容", "任务措施", "三级任务", "具体工作", "建设内容", "工作目标", "具体要求"}  # fmt: skip
#: Companies and centres are projects as often as bodies; these are always bodies.
_DEPARTMENT_END = re.compile(r"(?:局|委|办|办公室|厅|政府|管委会|分局)$")
_SPACE = re.compile(r"\s")
_SECTION = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|第.{1,3}[章节部])")


#: A table of tasks has ten columns; one of thousands is no table of tasks, and each of its rows would be as wide.
_MAX_COLUMNS = 50
#: More digits than any serial number has.
_MAX_DIGITS = 9


@dataclass
class _Column:
    kind: str
    above: Mapped = EMPTY


@dataclass
class _Table:
    """A table while it is read; ``section`` is the last heading across it."""

    number: int
    columns: list[_Column]
    section: Mapped = EMPTY


@dataclass
class Tables:
    """The rows read, and the lines of tables whose head was not understood."""

    rows: list[AnnexRow]
    unread: list[Line]
    columns: list[Mapped] = field(default_factory=list)  # heads of columns that the ledger has no field for
    allowance: Allowance = field(default_factory=Allowance)


def read_tables(annexes: Sequence[Sequence[Line]], own_places: Collection[str]) -> Tables:
    """Read all tables of a document; a table does not go on from one annex into the next. Raises: FileTooRepetitive."""
    out = Tables([], [])
    number = 0
    for lines in annexes:
        number = _read_annex(lines, number, own_places, out)
    return out


def _read_annex(lines: Sequence[Line], number: int, own_places: Collection[str], out: Tables) -> int:
    """Each head row begins a table, unless the page only repeated it; returns the number of the last table."""
    table = _Table(number, [])
    repeated = False
    for line in lines:
        head = _head(line)
        if head and [c.kind for c in table.columns] == head:
            repeated = True
        elif head:
            table = _Table(table.number + 1, [_Column(kind) for kind in head])
            out.columns += [c for c, kind in zip(line.cells, head, strict=True) if kind == "other" and _is_ours(c)]
            repeated = False
        elif not table.columns:
            if _names_bodies(line):
                out.unread.append(line)
        else:
            if repeated and not _goes_on(line, table.columns):
                table = _Table(table.number + 1, [_Column(c.kind) for c in table.columns])
            repeated = False
            row = _row(line, table, own_places, out)
            if row is not None:
                out.rows.append(row)
    return table.number


def _names_bodies(line: Line) -> bool:
    """Whether a row of a table without a known head holds bodies or a label of bodies: then it may be a ledger."""
    return any(_DEPARTMENT_END.search(c.key) or is_who_label(c.key) for c in line.cells)


def _goes_on(line: Line, columns: Sequence[_Column]) -> bool:
    """Whether a row behind a repeated head goes on with the table: its first cell is merged, or counts on."""
    first = next((i for i, c in enumerate(columns) if c.kind in {"serial", "trial", "work"}), None)
    if first is None or first >= len(line.cells):
        return True
    cell, above = line.cells[first].key, columns[first].above.key
    if columns[first].kind == "serial" and _is_number(cell) and _is_number(above):
        return int(cell) == int(above) + 1
    return not cell or cell == above


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _MAX_DIGITS


def _head(line: Line) -> list[str] | None:
    """The kinds of the columns, when the row is a head row: two known labels at least, one of them a body's."""
    if len(line.cells) > _MAX_COLUMNS:
        return None
    kinds = [_kind(_SPACE.sub("", c.key)) for c in line.cells]
    known = [k for k in kinds if k not in {"other", ""}]
    who = {"lead", "responsible", "cooperating"} & set(kinds)
    what = {"trial", "work", "measure"} & set(kinds)
    if len(known) < 2 or not who or not what:
        return None
    return _one_measure(kinds)


def _kind(label: str) -> str:
    if not label or len(label) > 14:
        return ""
    plain = re.sub(r"（.*?）|^(?:省|市|县|区)(?:级|直)", "", label)
    for words, kind in ((_SERIAL, "serial"), (_TRIAL, "trial"), (_WORK, "work"), (_MEASURE, "measure")):
        if plain in words:
            return kind
    parts = re.split(r"[及和与/]", plain)
    if (parts[0] in LABELS or is_who_label(parts[0])) and label_field(parts[0]) != "other":
        return label_field(parts[0])
    return "other"


def _is_ours(head: Mapped) -> bool:
    return is_label_like(_SPACE.sub("", head.key))


def _one_measure(kinds: list[str]) -> list[str]:
    """The innermost text column is the measure, whatever it is called."""
    texts = [i for i, k in enumerate(kinds) if k in {"trial", "work", "measure"}]
    result = list(kinds)
    if "measure" not in kinds:
        result[texts[-1]] = "measure"
        texts = texts[:-1]
        if texts:
            result[texts[0]] = "trial"
        return result
    seen = False
    for i in reversed(texts):  # a second column of measures is a remark to the first
        if result[i] == "measure":
            if seen:
                result[i] = "work" if "work" not in result else "other"
            seen = True
    return result


def _row(line: Line, table: _Table, own_places: Collection[str], out: Tables) -> AnnexRow | None:
    columns = table.columns
    cells = [*line.cells, *[EMPTY] * (len(columns) - len(line.cells))]
    filled: set[str] = set()
    values: dict[str, Mapped] = {}
    if _is_section(cells, columns):
        for column in columns:
            if column.kind in {"trial", "work"}:
                column.above = EMPTY
        table.section = next(c for c in cells if c)
        return None
    goes_on = True
    for column, cell in zip(columns, cells, strict=False):
        structural = column.kind in {"trial", "work", "serial"}
        if cell:
            column.above = cell
            goes_on = goes_on and not structural
        elif column.above and _may_fill(column.kind, goes_on):
            filled.add(column.kind)
            cell = column.above
        elif not structural:
            column.above = EMPTY
        if column.kind not in values or not values[column.kind]:
            values[column.kind] = cell
    measure = values.get("measure", EMPTY)
    if not measure or "measure" in filled:
        return None
    out.allowance.take(*(cell.text for cell in values.values()))
    fields = _names(values, own_places)
    if fields.doubtful:
        out.unread.append(line)
    start = next(c.offsets[0] for c in cells if c)
    return AnnexRow(
        table=table.number,
        measure=measure.text,
        place=Place(start, max(c.offsets[-1] for c in cells if c) + 1),
        trial_task=_text(values.get("trial") or table.section),
        work_task=_text(values.get("work")),
        serial=_text(values.get("serial")),
        lead=tuple(n.name for n in fields.lead),
        cooperating=tuple(n.name for n in fields.cooperating),
        responsible=tuple(n.name for n in fields.responsible),
        deadline=_text(values.get("deadline")),
        areas=tuple(read_areas(values["areas"])) if values.get("areas") else (),
        filled=tuple(sorted(filled)),
    )


def _may_fill(kind: str, goes_on: bool) -> bool:
    if kind == "measure":
        return False
    return goes_on or kind in {"lead", "responsible", "trial", "work"}


def _is_section(cells: Sequence[Mapped], columns: Sequence[_Column]) -> bool:
    """A row with one filled cell that is not the measure's: a heading across the table."""
    full = [(c, k.kind) for c, k in zip(cells, columns, strict=False) if c]
    if len(full) != 1:
        return False
    return full[0][1] in {"serial", "trial"} or (full[0][1] != "measure" and _SECTION.match(full[0][0].key) is not None)


def _names(values: dict[str, Mapped], own_places: Collection[str]) -> Fields:
    """Lead, cooperating and responsible cells read as one annotation, so that a prefix is shared among them."""
    labels = {"lead": "牵头单位：", "cooperating": "配合单位：", "responsible": "责任单位："}
    parts: list[Mapped] = []
    for kind, label in labels.items():
        cell = values.get(kind)
        if cell:
            parts += [Mapped(label, [cell.offsets[0]] * len(label)), cell, Mapped("；", [cell.offsets[-1]])]
    text = joined(parts)
    return read_fields(text, 0, len(text), own_places)


def _text(cell: Mapped | None) -> str | None:
    return cell.text if cell else None
