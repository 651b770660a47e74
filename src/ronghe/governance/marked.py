"""The text of a plan with what was read in it marked in place."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ronghe.policy.drafting import Current
from ronghe.policy.reader import Place

#: What a mark says, in the order in which one covers another.
TITLES = {"annotation": "责任标注", "doubt": "存疑", "unread": "没有读懂", "task": "任务", "clause": "条款"}


@dataclass(frozen=True, slots=True)
class Mark:
    """标记: from where to where, what it is, and to which task or doubt it belongs."""

    place: Place
    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One run of text under one mark; ``is_first`` where the mark of its key begins, so that it can be jumped to."""

    text: str
    kind: str = ""
    key: str = ""
    is_first: bool = False

    @property
    def title(self) -> str:
        return TITLES.get(self.kind, "")


def marks(draft: Current) -> list[Mark]:
    """Every mark of a draft; a task that was taken out is no longer marked."""
    found: list[Mark] = []
    for one in draft.tasks:
        if one.is_added or one.is_removed:
            continue
        found.append(Mark(one.task.place, "task", one.key))
        if one.task.annotation is not None:
            found.append(Mark(one.task.annotation, "annotation", one.key))
    for doubt in draft.doubts:
        if doubt.place is not None and not doubt.settled:
            found.append(Mark(doubt.place, "unread" if doubt.kind == "unread" else "doubt", doubt.key))
    return found


def pieces(text: str, found: Iterable[Mark]) -> Iterator[Piece]:
    """The whole text in pieces; where marks overlap the one that says more stands above."""
    rank = {kind: n for n, kind in enumerate(TITLES)}
    inside = sorted((m for m in found if 0 <= m.place.start < m.place.end <= len(text)), key=lambda m: rank[m.kind])
    edges = sorted({0, len(text), *(m.place.start for m in inside), *(m.place.end for m in inside)})
    begun: set[tuple[str, str]] = set()
    for start, end in itertools.pairwise(edges):
        above = _above(inside, start, end)
        if above is None:
            yield Piece(text[start:end])
            continue
        first = (above.kind, above.key) not in begun
        begun.add((above.kind, above.key))
        yield Piece(text[start:end], above.kind, above.key, first)


def _above(inside: Sequence[Mark], start: int, end: int) -> Mark | None:
    return next((m for m in inside if m.place.start <= start and end <= m.place.end), None)
