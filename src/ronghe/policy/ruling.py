"""裁量结论与依据 (Ruling): the answer of a rule with the steps that led there, each with its figures and its clause.

Pure: a ruling is made from facts and parameters alone, so the same ones give the same ruling years later.
"""

from collections.abc import Iterable
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
    made = tuple(step for step in steps if step is not None)
    if any(step.ok is False for step in made):
        return Ruling(False, made, Verdict.FAILED)
    if not made or any(step.is_undecidable for step in made) or not any(step.ok for step in made):
        return Ruling(None, made, Verdict.UNDECIDABLE)
    return Ruling(True, made, Verdict.PASSED)


def calculated(value: T, steps: Iterable[Step]) -> Ruling[T]:
    """计算结果: a value that judges nothing."""
    return Ruling(value, tuple(steps))


def cannot_say(*steps: Step) -> Ruling[None]:
    """无法判定: a calculation that lacks a fact or a parameter; the steps name it."""
    return Ruling(None, steps, Verdict.UNDECIDABLE)
