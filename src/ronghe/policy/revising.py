"""What a revision of a document changes, clause by clause (修订差异)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ronghe.kernel.grams import grams

from .drafting import Current, DraftTask
from .models import Duty, OrderedTask

#: So much of the pairs of characters two titles must share to be one measure under another number.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact that a revision changes, as pages show it."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Difference:
    """修订差异: one measure before and after."""

    kind: Literal["same", "changed", "moved", "added", "removed"]
    old_label: str
    new_label: str
    title: str
    facts: tuple[FactChange, ...] = ()
    task_id: int | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class _Stated:
    key: tuple[str, int]
    title: str
    facts: tuple[tuple[str, str], ...]
    task_id: int | None = None


def differences(here: Current) -> list[Difference]:
    """The revision against the loaded document, in the order of the revision; what it drops stands at the end.

    A measure is the same where its clause keeps its label and its title is alike; one of another label is matched by its
    title, and a person confirms the match.
    """
    if here.zone.mode != "revision":
        return []
    old = {one.key: one for one in _loaded(here.zone.slug, here.zone.revises)}
    new = [_stated(one, n) for one, n in _numbered(here.kept)]
    pairs = _pairs(list(old.values()), new, here)
    matched = {was.key for was in pairs.values() if was is not None}
    rows = [_difference(pairs[one.key], one, here) for one in new]
    gone = [one for one in old.values() if one.key not in matched]
    return rows + [Difference("removed", one.key[0], "", one.title, (), one.task_id) for one in gone]


def _numbered(tasks: Sequence[DraftTask]) -> list[tuple[DraftTask, int]]:
    seen: dict[str, int] = {}
    found = []
    for one in tasks:
        seen[one.label] = seen.get(one.label, 0) + 1
        found.append((one, seen[one.label]))
    return found


def _stated(one: DraftTask, measure: int) -> _Stated:
    task = one.task
    facts = (
        ("牵头单位", "、".join(task.lead)),
        ("配合单位", "、".join(task.cooperating)),
        ("责任单位", "、".join(task.responsible)),
        ("完成时限", task.deadline or ""),
        ("试点区域", "、".join(task.areas)),
    )
    return _Stated((one.label, measure), task.title, facts)


def _loaded(slug: str, key: str) -> list[_Stated]:
    rows = (
        OrderedTask.objects.filter(zone=slug, clause__document__key=key)
        .select_related("clause")
        .prefetch_related("units", "areas")
        .order_by("order")
    )
    found = []
    for task in rows:
        by_duty = {duty: "、".join(u.written for u in task.units.all() if u.duty == duty) for duty in Duty.values}
        facts = (
            ("牵头单位", by_duty["lead"]),
            ("配合单位", by_duty["cooperating"]),
            ("责任单位", by_duty["responsible"]),
            ("完成时限", task.deadline),
            ("试点区域", "、".join(a.written for a in task.areas.all())),
        )
        found.append(_Stated((task.clause.label, task.measure), task.title, facts, task.pk))
    return found


def _pairs(old: list[_Stated], new: list[_Stated], here: Current) -> dict[tuple[str, int], _Stated | None]:
    """What each measure of the revision was before: as a person matched, else at the same place, else by its title."""
    free = {one.key: one for one in old}
    found: dict[tuple[str, int], _Stated | None] = {}
    for was, label in here.matches.items():
        for one in new:
            if one.key[0] == label and (was, one.key[1]) in free:
                found[one.key] = free.pop((was, one.key[1]))
    for one in new:
        was_here = free.get(one.key)
        if one.key not in found and was_here is not None and _alike(was_here.title, one.title) >= _ALIKE:
            found[one.key] = free.pop(one.key)
    for one in new:
        if one.key not in found:
            rest = [o for o in free.values() if o.key[0] not in here.unmatched]
            best = max(rest, key=lambda o: _alike(o.title, one.title), default=None)
            if best is not None and _alike(best.title, one.title) >= _ALIKE:
                found[one.key] = free.pop(best.key)
    for one in new:
        # The same place with other words is still the same measure, when nothing else claims it.
        found.setdefault(one.key, free.pop(one.key, None))
    return found


def _alike(one: str, other: str) -> float:
    left, right = set(grams(one)), set(grams(other))
    return len(left & right) / max(1, min(len(left), len(right)))


def _difference(was: _Stated | None, now: _Stated, here: Current) -> Difference:
    if was is None:
        return Difference("added", "", now.key[0], now.title)
    facts = [
        FactChange(label, old, new) for (label, old), (_, new) in zip(was.facts, now.facts, strict=True) if old != new
    ]
    if was.title != now.title:
        facts.insert(0, FactChange("任务", was.title, now.title))
    moved = was.key[0] != now.key[0]
    kind: Literal["same", "changed", "moved"] = "moved" if moved else "changed" if facts else "same"
    confirmed = here.matches.get(was.key[0]) == now.key[0]
    return Difference(kind, was.key[0], now.key[0], now.title, tuple(facts), was.task_id, confirmed)
