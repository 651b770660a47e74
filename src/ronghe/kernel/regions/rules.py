"""Pure rules of divisions: what a code says of level and parent, and the closure of "lies under"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEVEL_BY_LENGTH = {2: "province", 4: "city", 6: "county", 9: "town", 12: "village"}


def significant(code: str) -> str:
    """The leading part of a 12-digit code that carries meaning: ``370322000000`` → ``370322``.

    Source: 统计用区划代码和城乡划分代码编制规则: 2 + 2 + 2 + 3 + 3 digits.
    """
    for length in (2, 4, 6, 9):
        if not code[length:].strip("0"):
            return code[:length]
    return code


def level_of(code: str) -> str:
    """The level that a 12-digit code stands for."""
    return LEVEL_BY_LENGTH[len(significant(code))]


def parent_code(code: str) -> str | None:
    """The 12-digit code of the division above, or ``None`` for a province."""
    own = significant(code)
    shorter = [length for length in LEVEL_BY_LENGTH if length < len(own)]
    return own[: max(shorter)].ljust(12, "0") if shorter else None


@dataclass(frozen=True, slots=True)
class Under:
    """``descendant`` lies under ``ancestor``; a division lies under itself at distance 0."""

    ancestor: str
    descendant: str
    kind: str
    distance: int


def closure(parents: Mapping[str, str | None], ties: Iterable[tuple[str, str]] = ()) -> set[Under]:
    """Everything that lies under something.

    Args: ``parents`` maps each code to its parent's; ``ties`` are (functional zone, division that it manages).
    A managed division brings everything below it; what lies above the functional zone is already above the division.
    Raises: ValueError when a division would lie under itself, or a parent is unknown.
    """
    administrative: set[Under] = set()
    for code in parents:
        above: str | None = code
        distance = 0
        while above is not None:
            administrative.add(Under(above, code, "administrative", distance))
            if above not in parents:
                raise ValueError(f"{code}: the parent {above} is not known")
            above = parents[above]
            distance += 1
            if distance > 12:
                raise ValueError(f"{code} lies under itself")
    below: dict[str, list[Under]] = {}
    for row in administrative:
        below.setdefault(row.ancestor, []).append(row)
    functional = {
        Under(zone, row.descendant, "functional", row.distance + 1) for zone, managed in ties for row in below[managed]
    }
    return administrative | functional
