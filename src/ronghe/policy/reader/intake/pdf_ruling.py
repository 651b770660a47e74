"""Tables of a PDF page from their ruled lines: what stands between the same lines is one cell.

Converters draw each border as a line or a thin rectangle; edges closer than ``_SAME`` are one. A cell is merged with
its neighbour where the border between them is missing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Self

from ronghe.policy.reader.intake.limits import TABLE_CELLS

_SAME: Final = 3.0  # points
_SHORTEST: Final = 6.0
_STRAIGHT: Final = 1.0


class Segment(NamedTuple):
    """A straight line: across at height ``at`` from ``start`` to ``end``, or upright at x ``at``."""

    direction: Literal["across", "upright"]
    at: float
    start: float
    end: float

    @classmethod
    def between(cls, x1: float, y1: float, x2: float, y2: float) -> Self | None:
        """The segment between two points, if it is straight and long enough to be a border."""
        if abs(y1 - y2) <= _STRAIGHT and abs(x1 - x2) >= _SHORTEST:
            return cls("across", (y1 + y2) / 2, min(x1, x2), max(x1, x2))
        if abs(x1 - x2) <= _STRAIGHT and abs(y1 - y2) >= _SHORTEST:
            return cls("upright", (x1 + x2) / 2, min(y1, y2), max(y1, y2))
        return None


@dataclass(frozen=True)
class Grid:
    """A ruled table: its borders, left to right and top to bottom; ``first`` names each cell's merged area."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]  # falling
    first: dict[tuple[int, int], tuple[int, int]]

    @property
    def top(self) -> float:
        return self.ys[0]

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The (first) cell in which a point lies: row, column."""
        if not (self.xs[0] < x < self.xs[-1] and self.ys[-1] < y < self.ys[0]):
            return None
        column = sum(border < x for border in self.xs) - 1
        row = sum(border > y for border in self.ys) - 1
        return self.first.get((row, column))


def grids(segments: Iterable[Segment]) -> list[Grid]:
    """The tables of a page with at least two columns, from top to bottom."""
    found = []
    for group in _connected(_merged(segments)):
        across = [s for s in group if s.direction == "across"]
        upright = [s for s in group if s.direction == "upright"]
        xs = _borders(s.at for s in upright)
        ys = _borders(s.at for s in across)[::-1]
        if len(xs) >= 3 and len(ys) >= 2 and len(xs) * len(ys) <= TABLE_CELLS // 50:
            found.append(Grid(tuple(xs), tuple(ys), _areas(xs, ys, across, upright)))
    return sorted(found, key=lambda grid: -grid.top)


def _merged(segments: Iterable[Segment]) -> list[Segment]:
    """Segments on one line that touch, as one: many converters draw each cell's borders by itself."""
    on_line: dict[tuple[str, int], list[Segment]] = defaultdict(list)
    for segment in sorted(segments, key=lambda s: (s.direction, s.at, s.start)):
        on_line[segment.direction, round(segment.at / _SAME)].append(segment)
    out: list[Segment] = []
    for group in on_line.values():
        group.sort(key=lambda s: s.start)
        current = group[0]
        for segment in group[1:]:
            if segment.start <= current.end + _SAME:
                current = current._replace(end=max(current.end, segment.end))
            else:
                out.append(current)
                current = segment
        out.append(current)
    return out


def _connected(segments: list[Segment]) -> list[list[Segment]]:
    """Groups of segments that cross or touch."""
    across = [s for s in segments if s.direction == "across"]
    parent: dict[Segment, Segment] = {s: s for s in segments}

    def root(segment: Segment) -> Segment:
        while parent[segment] != segment:
            parent[segment] = parent[parent[segment]]
            segment = parent[segment]
        return segment

    for upright in segments:
        if upright.direction == "upright":
            for line in across:
                if (
                    line.start - _SAME <= upright.at <= line.end + _SAME
                    and upright.start - _SAME <= line.at <= upright.end + _SAME
                ):
                    parent[root(line)] = root(upright)
    groups: dict[Segment, list[Segment]] = defaultdict(list)
    for segment in parent:
        groups[root(segment)].append(segment)
    return list(groups.values())


def _borders(positions: Iterable[float]) -> list[float]:
    borders: list[float] = []
    for position in sorted(positions):
        if not borders or position - borders[-1] > _SAME:
            borders.append(position)
    return borders


def _areas(
    xs: list[float], ys: list[float], across: list[Segment], upright: list[Segment]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Each cell's area, named by its first cell in reading order."""
    first = {(row, column): (row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)}

    def root(cell: tuple[int, int]) -> tuple[int, int]:
        while first[cell] != cell:
            first[cell] = first[first[cell]]
            cell = first[cell]
        return cell

    def union(one: tuple[int, int], other: tuple[int, int]) -> None:
        low, high = sorted((root(one), root(other)))
        first[high] = low

    for row, column in list(first):
        middle_y, middle_x = (ys[row] + ys[row + 1]) / 2, (xs[column] + xs[column + 1]) / 2
        if column + 2 < len(xs) and not _drawn(upright, xs[column + 1], middle_y):
            union((row, column), (row, column + 1))
        if row + 2 < len(ys) and not _drawn(across, ys[row + 1], middle_x):
            union((row, column), (row + 1, column))
    return {cell: root(cell) for cell in first}


def _drawn(segments: list[Segment], at: float, through: float) -> bool:
    return any(abs(s.at - at) <= _SAME and s.start - _SAME <= through <= s.end + _SAME for s in segments)
