"""Comparing the measures of zones by their wording: what others order that ours does not. Decision 0019.

Pure: no Django, clock or files. The same measures in the same order give the same answer.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

#: From here on a measure counts as ordered by both (decision 0019).
ALIKE = 0.11
#: The title says what is ordered, a keyword what it touches.
TITLE_WEIGHT = 2


@dataclass(frozen=True, slots=True)
class Measure:
    """A task of a plan, as far as its wording is compared."""

    id: int
    zone: str
    title: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """A measure, the one on the other side that is worded most like it, and how much: 0 to 1."""

    measure: Measure
    nearest: Measure | None
    similarity: float

    @property
    def stands_alone(self) -> bool:
        """Whether the other side orders nothing like it."""
        return self.similarity < ALIKE


@dataclass(frozen=True, slots=True)
class Sides:
    """Measures of other zones against ours, and ours against those of all others; each in the order given."""

    theirs: tuple[Likeness, ...]
    ours: tuple[Likeness, ...]


def sides(zone: str, measures: Sequence[Measure]) -> Sides:
    """Set the measures of ``zone`` against those of all others. Of two that are equally near the earlier is named."""
    ours = [one for one in measures if one.zone == zone]
    theirs = [one for one in measures if one.zone != zone]
    matrix = similarities(theirs, ours)
    return Sides(_nearest(theirs, ours, matrix), _nearest(ours, theirs, matrix.T))


def similarities(left: Sequence[Measure], right: Sequence[Measure]) -> npt.NDArray[np.float64]:
    """How alike the wording of each of ``left`` is to each of ``right``: 1 the same, 0 nothing in common.

    The cosine of the pairs of characters of title and keywords, each weighed by how rare it is among all that are
    compared: what stands in every plan (集体, 建设) tells little.
    """
    pairs = [_pairs(one) for one in (*left, *right)]
    known = Counter(pair for one in pairs for pair in one)
    postings: dict[str, tuple[list[int], list[int]]] = {pair: ([], []) for pair in sorted(known)}
    for place, one in enumerate(pairs):
        side, at = (0, place) if place < len(left) else (1, place - len(left))
        for pair in one:
            postings[pair][side].append(at)
    common = np.zeros((len(left), len(right)))
    squares = np.zeros(len(left)), np.zeros(len(right))
    for pair, (rows, columns) in postings.items():
        rarity = log(1 + len(pairs) / known[pair])
        weights = [
            np.array([pairs[offset + at][pair] for at in places]) * rarity
            for offset, places in ((0, rows), (len(left), columns))
        ]
        squares[0][rows] += weights[0] ** 2
        squares[1][columns] += weights[1] ** 2
        if rows and columns:
            common[np.ix_(rows, columns)] += np.outer(*weights)
    lengths = np.sqrt(np.outer(*squares))
    alike = np.divide(common, lengths, out=np.zeros_like(common), where=lengths > 0)
    return np.minimum(alike, 1.0)


def _pairs(one: Measure) -> dict[str, int]:
    """The pairs of neighbouring characters of a measure with their weight; a word of one character is its own pair."""
    found: dict[str, int] = {}
    for text, weight in ((one.title, TITLE_WEIGHT), *((word, 1) for word in one.keywords)):
        for word in text.lower().split():
            for at in range(max(len(word) - 1, 1)):
                pair = word[at : at + 2]
                found[pair] = max(found.get(pair, 0), weight)
    return found


def _nearest(of: Sequence[Measure], among: Sequence[Measure], matrix: npt.NDArray[np.float64]) -> tuple[Likeness, ...]:
    if not among:
        return tuple(Likeness(one, None, 0.0) for one in of)
    best = matrix.argmax(axis=1) if len(of) else []
    return tuple(
        Likeness(one, among[at] if matrix[row, at] > 0 else None, float(matrix[row, at]))
        for row, (one, at) in enumerate(zip(of, best, strict=True))
    )
