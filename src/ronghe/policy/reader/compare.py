"""The body against its table (正文与分工表核对): which row belongs to which task, and where the two disagree.

Rows are matched by the text of the measure, because merged cells may have been shifted («003» table 2: the measure of
task 4 stands beside the name of task 5). The body stays the ledger; differences are listed for a person.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ronghe.policy.reader.reading import AnnexRow, Discrepancy, Task
from ronghe.policy.reader.units import spelling_key

_NOISE = re.compile(r"[\s\W_]+")
_PIECE = re.compile(r"[^，。；：、“”\"]{4,}")
_GRAM = 5
_COMMON = 12
_ENOUGH = 0.5


@dataclass(frozen=True)
class Measure:
    """A measure of the body: its task and its full text."""

    task: Task
    text: str


def link(rows: Sequence[AnnexRow], measures: Sequence[Measure]) -> list[AnnexRow]:
    """Give every row the path of the body's measure that its text comes from."""
    index = _index([m.text for m in measures])
    linked = []
    for row in rows:
        best = _best(row.measure, index)
        if best is None:
            linked.append(row)
        else:
            task = measures[best].task
            linked.append(replace(row, body_path=task.path, body_measure=task.measure_index))
    return linked


def _index(texts: Sequence[str]) -> dict[str, set[int]]:
    index: dict[str, set[int]] = defaultdict(set)
    for i, text in enumerate(texts):
        for gram in _grams(text):
            index[gram].add(i)
    return index


def _grams(text: str) -> set[str]:
    plain = _NOISE.sub("", text)
    return {plain[i : i + _GRAM] for i in range(max(1, len(plain) - _GRAM + 1))}


def _best(text: str, index: Mapping[str, set[int]]) -> int | None:
    """The text that shares most with this one; half of it at least."""
    grams = _grams(text)
    votes: Counter[int] = Counter()
    for gram in grams:
        owners = index.get(gram, ())
        if len(owners) <= _COMMON:
            votes.update(owners)
    if not votes:
        return None
    best, count = max(votes.items(), key=lambda x: (x[1], -x[0]))
    return best if count >= _ENOUGH * len(grams) else None


def differences(rows: Sequence[AnnexRow], measures: Sequence[Measure]) -> Iterator[Discrepancy]:
    """Where body and table disagree: bodies, wording, shifted cells, and what only one of them has."""
    by_task = {(m.task.path, m.task.measure_index): m for m in measures}
    titles = _index([m.task.title for m in measures])
    by_row: dict[tuple[tuple[str, ...], int], list[AnnexRow]] = defaultdict(list)
    told: set[tuple[object, ...]] = set()
    for row in rows:
        if row.body_path is None:
            yield Discrepancy(
                "annex_only", f"分工表第{row.table}表“{_short(row.measure)}”在正文中没有找到对应措施", row.place
            )
            continue
        measure = by_task[(row.body_path, row.body_measure or 1)]
        by_row[(row.body_path, row.body_measure or 1)].append(row)
        yield from _names(row, measure.task, told)
        yield from _wording(row, measure)
        yield from _shifted(row, measures, titles, told)
    for key, rows_of in by_row.items():
        yield from _split(by_task[key].task, rows_of)
    for key, measure in by_task.items():
        if key not in by_row:
            yield Discrepancy(
                "body_only",
                f"正文{_path(measure.task)}“{measure.task.title}”在分工表中没有对应的行",
                measure.task.place,
            )


def _names(row: AnnexRow, task: Task, told: set[tuple[object, ...]]) -> Iterator[Discrepancy]:
    for field, label in (("lead", "牵头单位"), ("responsible", "责任单位"), ("cooperating", "配合单位")):
        mine, theirs = getattr(task, field), getattr(row, field)
        if not mine or not theirs or {spelling_key(n) for n in mine} == {spelling_key(n) for n in theirs}:
            continue
        key = (field, task.path[: -1 if field == "lead" else None], mine, theirs)
        if key not in told:  # the lead of a whole group is told once
            told.add(key)
            body, table = "、".join(mine), "、".join(theirs)
            yield Discrepancy(
                "body_vs_annex", f"正文{_path(task)}的{label}为{body}，分工表第{row.table}表为{table}", row.place
            )


def _wording(row: AnnexRow, measure: Measure) -> Iterator[Discrepancy]:
    plain = _NOISE.sub("", measure.text)
    odd = [p for p in _PIECE.findall(row.measure) if _NOISE.sub("", p) not in plain]
    if odd:
        pieces = "”“".join(odd[:3])
        yield Discrepancy(
            "body_vs_annex", f"分工表第{row.table}表的措辞“{pieces}”与正文{_path(measure.task)}不同", row.place
        )


def _shifted(
    row: AnnexRow, measures: Sequence[Measure], titles: Mapping[str, set[int]], told: set[tuple[object, ...]]
) -> Iterator[Discrepancy]:
    """The work task beside a measure names another task of the body: its merged cell was moved."""
    if row.work_task is None:
        return
    best = _best(row.work_task, titles)
    if best is None or measures[best].task.path == row.body_path:
        return
    task = measures[best].task
    key = ("shifted", row.table, row.work_task, row.body_path)
    if key in told or any(m.task.path == row.body_path and m.task.title == task.title for m in measures):
        return
    told.add(key)
    yield Discrepancy(
        "shifted_merge",
        f"分工表第{row.table}表工作任务“{row.work_task}”（正文{_path(task)}）旁的措施在正文中属于{'、'.join(row.body_path or ())}，合并单元格可能错位",
        row.place,
    )


def _split(task: Task, rows: Sequence[AnnexRow]) -> Iterator[Discrepancy]:
    if len({r.responsible for r in rows}) > 1:
        yield Discrepancy(
            "body_vs_annex", f"正文{_path(task)}一处责任标注，分工表分为{len(rows)}行且责任单位不同", rows[0].place
        )


def _path(task: Task) -> str:
    measure = f"第{task.measure_index}段" if task.measure_index > 1 else ""
    return "·".join(task.path) + measure


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:24] + "…"
