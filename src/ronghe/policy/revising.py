"""What a revision of a document changes, clause by clause (修订差异)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ronghe.kernel.grams import grams

from .drafting import Current, DraftTask
from .models import Duty, OrderedTask
from .packs import markers

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

    kind: Literal["same", "changed", "reworded", "moved", "added", "removed"]
    old_label: str
    new_label: str
    title: str
    facts: tuple[FactChange, ...] = ()
    task_id: int | None = None
    is_confirmed: bool = False
    measure: int = 1

    @property
    def wants_a_word(self) -> bool:
        """Whether a person must say that it is the same measure: under another number, or with another content."""
        return self.kind in ("moved", "reworded") and not self.is_confirmed


@dataclass(frozen=True, slots=True)
class _Stated:
    key: tuple[str, int]
    title: str
    facts: tuple[tuple[str, str], ...]
    task_id: int | None = None


def differences(here: Current) -> list[Difference]:
    """The revision against the loaded document, in the order of the revision; what it drops stands at the end.

    A measure is the same where its clause keeps its label and its title is alike; one of another label, or of the same
    label with another title, is only taken for the same, and a person confirms it: what hangs on a task goes with it.
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

    def take(one: _Stated, among: Sequence[_Stated], least: float) -> None:
        # Of measures that are equally alike the one in the same place is meant.
        best = max(among, key=lambda o: (_alike(o.title, one.title), o.key[1] == one.key[1]), default=None)
        if best is not None and _alike(best.title, one.title) >= least:
            found[one.key] = free.pop(best.key)

    by_new = {label: was for was, label in here.matches.items()}
    for least in (_ALIKE, 0.0):
        for one in new:
            if one.key not in found and one.key[0] in by_new:
                take(one, [o for o in free.values() if o.key[0] == by_new[one.key[0]]], least)
    for one in new:
        if one.key not in found:
            take(one, [o for o in free.values() if o.key[0] == one.key[0] and o.key[0] not in here.unmatched], _ALIKE)
    for one in new:
        if one.key not in found:
            take(one, [o for o in free.values() if o.key[0] not in here.unmatched], _ALIKE)
    for one in new:
        # The same place with other words may be the same measure, when nothing else claims it: a person says so.
        is_free = one.key in free and one.key[0] not in here.unmatched
        found.setdefault(one.key, free.pop(one.key) if is_free else None)
    return found


@lru_cache(maxsize=4096)
def _grams(title: str) -> frozenset[str]:
    return frozenset(grams(title))


def _alike(one: str, other: str) -> float:
    left, right = _grams(one), _grams(other)
    return len(left & right) / max(1, min(len(left), len(right)))


def _difference(was: _Stated | None, now: _Stated, here: Current) -> Difference:
    if was is None:
        return Difference("added", "", now.key[0], now.title, measure=now.key[1])
    facts = [
        FactChange(label, old, new) for (label, old), (_, new) in zip(was.facts, now.facts, strict=True) if old != new
    ]
    if was.title != now.title:
        facts.insert(0, FactChange("任务", was.title, now.title))
    kind: Literal["same", "changed", "reworded", "moved"] = "changed" if facts else "same"
    if was.key[0] != now.key[0]:
        kind = "moved"
    elif _alike(was.title, now.title) < _ALIKE:
        kind = "reworded"
    confirmed = here.matches.get(was.key[0]) == now.key[0]
    return Difference(kind, was.key[0], now.key[0], now.title, tuple(facts), was.task_id, confirmed, now.key[1])


def moved_label(label: str, matches: Mapping[str, str]) -> str:
    """The label that a clause has after the matches: of one that lies below a matched clause the first part changes."""
    if label in matches:
        return matches[label]
    path = markers(label) or ()
    for n in range(len(path) - 1, 0, -1):
        for old, new in matches.items():
            if markers(old) == path[:n]:
                return new + label.removeprefix(old)
    return label
