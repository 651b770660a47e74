"""Evaluation: a rule over many facts under one or two sets of parameters, row by row; pure, and as long as the table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from ronghe.kernel.errors import DomainError
from ronghe.policy.rulebook import Given, Rule
from ronghe.policy.ruling import Ruling
from ronghe.policy.values import written

Row = TypeVar("Row")

#: The outcome of a rule that calculates and does not judge.
VALUE = "value"


class Change(StrEnum):
    """变化: what the second set of parameters makes of a row, compared with the first."""

    GAINED = "gained"  # not passed, then passed; or a larger figure
    LOST = "lost"  # passed, then no longer; or a smaller figure
    OTHER = "other"  # between failed and undecidable, or another value
    SAME = "same"


class Outcome(NamedTuple):
    """What a rule says of one row: the verdict (or ``value``), and the value in its written form where there is one."""

    verdict: str
    value: str = ""
    number: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One row under both sets; ``b`` and ``change`` are None where there is but one."""

    a: Outcome
    b: Outcome | None
    change: Change | None


class RowFailed(Exception):
    """The rule itself broke on the facts of a row: our bug, or facts that no rule can mean."""

    def __init__(self, row: Any, error: Exception) -> None:
        super().__init__(row, error)
        self.row = row
        #: Facts that no rule can mean (more votes than voters) are ValueErrors of the rules; anything else is our bug.
        self.is_ours = not isinstance(error, ValueError | DomainError)
        told = error.text if isinstance(error, DomainError) else f"{type(error).__name__}: {error}"
        self.why = told if not isinstance(error, ValueError) else f"规则不能接受这一行的事实（{error}）"


def evaluate(rule: Rule, rows: Iterable[tuple[Row, Any]], a: Given, b: Given | None) -> Iterator[tuple[Row, Compared]]:
    """The outcome of every row, in order; nothing is kept, so a million rows need the memory of one.

    Args: ``rows`` are whatever names a row, and its facts as the rule takes them.
    Raises: RowFailed.
    """
    function = rule.function
    for row, facts in rows:
        try:
            first = outcome(function(facts, a))
            second = None if b is None else outcome(function(facts, b))
        except Exception as error:
            raise RowFailed(row, error) from error
        yield row, Compared(first, second, None if second is None else change(first, second))


def outcome(ruling: Ruling[Any]) -> Outcome:
    """What is kept of a ruling; its steps are derived again where somebody asks for them."""
    value, verdict = ruling.value, ruling.verdict
    if verdict is not None and (value is None or isinstance(value, bool)):
        return Outcome(verdict.value)
    told = "" if value is None else _written(value)
    number = Fraction(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None
    return Outcome(VALUE if verdict is None else verdict.value, told, number)


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        return "、".join(f"{name}={number}" for name, number in value.items())
    return "、".join(written(value))


def change(a: Outcome, b: Outcome) -> Change:
    """Who gains and who loses: facts are the same in both, so whoever now passes gains by the parameters alone."""
    if a == b:
        return Change.SAME
    if a.verdict != b.verdict:
        return Change.GAINED if b.verdict == "passed" else Change.LOST if a.verdict == "passed" else Change.OTHER
    if a.number is not None and b.number is not None:
        return Change.GAINED if b.number > a.number else Change.LOST
    return Change.OTHER
