"""裁量结论与依据 (Ruling): the answer of a rule with the steps that led there, each with its figures and its clause.

Pure: a ruling is made from facts and parameters alone, so the same ones give the same ruling years later.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Verdict(StrEnum):
    """结论: what a gate says."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDABLE = "undecidable"


@dataclass(frozen=True, slots=True)
class Clause:
    """条款引用: a clause as people cite it: the document's key in its pack and the path within it.

    ``Clause("qingdao-2020", "三(二)3")`` and ``Clause("land-law-2019", "第六十三条第二款")`` stand in the clause index.
    """

    document: str
    path: str

    def __str__(self) -> str:
        return f"{self.document} {self.path}"


@dataclass(frozen=True, slots=True)
class Step:
    """推导步骤: one line of the derivation.

    ``ok`` is True for a check passed, False for one failed, None where nothing is checked (a line of a calculation)
    or where ``missing`` names what the check lacks: a fact (``area_mu``) or a parameter without a value
    (``entry.agreement.area_max``; ids of parameters have dots, names of facts have none).
    """

    cite: tuple[Clause, ...]
    finding: str
    ok: bool | None = None
    missing: tuple[str, ...] = ()

    @property
    def is_undecidable(self) -> bool:
        return bool(self.missing)


class LateStep(Step):
    """推导步骤, put into words only where somebody reads it: a rule over a million rows is asked for its verdicts alone.

    Like any other step in every way else: equal to one of the same words, and replaced, copied and pickled as one.
    """

    __slots__ = ("_words",)

    _words: str | Callable[[], str]

    def __init__(
        self,
        cite: tuple[Clause, ...],
        finding: str | Callable[[], str],
        ok: bool | None = None,
        missing: tuple[str, ...] = (),
    ) -> None:
        put = object.__setattr__
        put(self, "cite", cite)
        put(self, "_words", finding)
        put(self, "ok", ok)
        put(self, "missing", missing)

    @property
    def finding(self) -> str:
        words = self._words
        return words if isinstance(words, str) else words()

    def __reduce__(self) -> tuple[object, ...]:
        return Step, (self.cite, self.finding, self.ok, self.missing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Step) and self.__reduce__()[1] == (other.cite, other.finding, other.ok, other.missing)

    def __hash__(self) -> int:
        return hash(self.__reduce__()[1])


@dataclass(frozen=True, slots=True)
class Ruling(Generic[T_co]):
    """裁量结论: ``value`` with its steps; ``verdict`` is None where the rule calculates and does not judge."""

    value: T_co
    steps: tuple[Step, ...]
    verdict: Verdict | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """What the undecidable steps lack, each once, in the order of the steps."""
        return tuple(dict.fromkeys(name for step in self.steps for name in step.missing))


def gate(steps: Iterable[Step | None]) -> Ruling[bool | None]:
    """关口: failed when a check failed, else undecidable when one lacks something, else passed.

    ``None`` among the steps is a check that this zone does not ask for. A gate of no checks at all passes nobody: it is
    undecidable, because nothing was stated.
    """
    made = tuple([step for step in steps if step is not None])
    checks = [step.ok for step in made]
    if False in checks:
        return Ruling(False, made, Verdict.FAILED)
    if True not in checks or any(step.missing for step in made):
        return Ruling(None, made, Verdict.UNDECIDABLE)
    return Ruling(True, made, Verdict.PASSED)


def calculated(value: T, steps: Iterable[Step]) -> Ruling[T]:
    """计算结果: a value that judges nothing."""
    return Ruling(value, tuple(steps))


def cannot_say(*steps: Step) -> Ruling[None]:
    """无法判定: a calculation that lacks a fact or a parameter; the steps name it."""
    return Ruling(None, steps, Verdict.UNDECIDABLE)
