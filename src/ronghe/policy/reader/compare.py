"""The body against its table (正文与分工表核对): which row belongs to which task, and where the two disagree.

Rows are matched by the text of the measure, because merged cells may have been shifted («003» table 2: the measure of
task 4 stands beside the name of task 5). The body stays the ledger; differences are listed for a person.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ronghe.policy.reader.reading import AnnexRow, Discrepancy, Task
from ronghe.policy.reader.units import spelling_key

_NOISE = re.compile(r"[\s\W_]+")
_PIECE = re.compile(r"[^，。；：、“”\"]{4,}")
_GRAM = 5
_COMMON = 12
_ENOUGH = 0.5
#: A row is looked for in the whole text of its measure: in one as long as a plan that would take too long.
_MAX_COMPARED = 20_000
#: What a person reads of a list of bodies.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the body: its task and its full text, ``plain`` without punctuation and blanks."""

    task: Task
    plain: str

    @classmethod
    def of(cls, task: Task, text: str) -> Measure:
        """The measure with its text as it is compared."""
        return cls(task, _plain(text))


def link(rows: Sequence[AnnexRow], measures: Sequence[Measure]) -> list[AnnexRow]:
    """Give every row the path of the body's measure that its text comes from."""
    index = _index([m.plain for m in measures])
    linked = []
    for row in rows:
        best = _best(row.measure, index)
        if best is None:
            linked.append(row)
        else:
            task = measures[best].task
            linked.append(replace(row, body_path=task.path, body_measure=task.measure_index))
    return linked


def _plain(text: str) -> str:
    return _NOISE.sub("", text)


def _index(plain: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The texts that each gram stands in; of a common gram only so many that it is known for one."""
    index: dict[str, tuple[int, ...]] = {}
    for i, text in enumerate(plain):
        own = (i,)
        for gram in _grams(text):
            owners = index.setdefault(gram, own)
            if owners is not own and len(owners) <= _COMMON:
                index[gram] = owners + own
    return index


def _grams(plain: str) -> set[str]:
    return {plain[i : i + _GRAM] for i in range(max(1, len(plain) - _GRAM + 1))}


def _best(text: str, index: Mapping[str, tuple[int, ...]]) -> int | None:
    """The text that shares most with this one; half of it at least."""
    grams = _grams(_plain(text))
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
    titles = _index([_plain(m.task.title) for m in measures])
    own = {(m.task.path, m.task.title) for m in measures}
    bodies: dict[tuple[object, ...], set[str]] = {}
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
        yield from _names(row, measure.task, told, bodies)
        yield from _wording(row, measure)
        yield from _shifted(row, measures, titles, own, told)
    for key, rows_of in by_row.items():
        yield from _split(by_task[key].task, rows_of)
    for key, measure in by_task.items():
        if key not in by_row:
            yield Discrepancy(
                "body_only",
                f"正文{_path(measure.task)}“{measure.task.title}”在分工表中没有对应的行",
                measure.task.place,
            )


def _names(
    row: AnnexRow, task: Task, told: set[tuple[object, ...]], bodies: dict[tuple[object, ...], set[str]]
) -> Iterator[Discrepancy]:
    """Other bodies; ``bodies`` keeps those of each task, because many rows may belong to one."""
    for field, label in (("lead", "牵头单位"), ("responsible", "责任单位"), ("cooperating", "配合单位")):
        mine, theirs = getattr(task, field), getattr(row, field)
        if not mine or not theirs:
            continue
        of_task = (field, task.path, task.measure_index)
        if of_task not in bodies:
            bodies[of_task] = {spelling_key(n) for n in mine}
        if bodies[of_task] == {spelling_key(n) for n in theirs}:
            continue
        body, table = _listed(mine), _listed(theirs)
        key = (field, task.path[: -1 if field == "lead" else None], body, table)
        if key not in told:  # the lead of a whole group is told once
            told.add(key)
            yield Discrepancy(
                "body_vs_annex", f"正文{_path(task)}的{label}为{body}，分工表第{row.table}表为{table}", row.place
            )


def _wording(row: AnnexRow, measure: Measure) -> Iterator[Discrepancy]:
    if len(measure.plain) > _MAX_COMPARED:
        return
    odd = [p for p in _PIECE.findall(row.measure) if _plain(p) not in measure.plain]
    if odd:
        pieces = "”“".join(odd[:3])
        yield Discrepancy(
            "body_vs_annex", f"分工表第{row.table}表的措辞“{pieces}”与正文{_path(measure.task)}不同", row.place
        )


def _shifted(
    row: AnnexRow,
    measures: Sequence[Measure],
    titles: Mapping[str, tuple[int, ...]],
    own: Collection[tuple[tuple[str, ...] | None, str]],
    told: set[tuple[object, ...]],
) -> Iterator[Discrepancy]:
    """The work task beside a measure names another task of the body: its merged cell was moved.

    ``own`` are the titles of the body's tasks by their path.
    """
    if row.work_task is None:
        return
    best = _best(row.work_task, titles)
    if best is None or measures[best].task.path == row.body_path:
        return
    task = measures[best].task
    key = ("shifted", row.table, row.work_task, row.body_path)
    if key in told or (row.body_path, task.title) in own:
        return
    told.add(key)
    yield Discrepancy(
        "shifted_merge",
        f"分工表第{row.table}表工作任务“{_short(row.work_task, 200)}”（正文{_path(task)}）旁的措施在正文中属于{'、'.join(row.body_path or ())}，合并单元格可能错位",
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


def _short(text: str, limit: int = 24) -> str:
    return text if len(text) <= limit else text[:limit] + "…"


def _listed(names: Sequence[str]) -> str:
    return "、".join(names[:_SHOWN]) + (f"等 {len(names)} 个" if len(names) > _SHOWN else "")
