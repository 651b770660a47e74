"""权益独立: leaving one right leaves the others alone, and no right may be asked for as the price of leaving another."""

from collections.abc import Mapping
from dataclasses import dataclass

from ronghe.policy.checks import lacks, without_value
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate

UNTIED_HOMESTEAD = "exit.untied.homestead"
UNTIED_LAND = "exit.untied.land"
UNTIED_SHARES = "exit.untied.shares"

HOMESTEAD, LAND, INCOME = "宅基地资格权", "土地承包经营权", "集体收益分配权"
THREE_RIGHTS = (HOMESTEAD, LAND, INCOME)

#: For each right that is left, the parameter that names what must stay untouched.
_UNTIED: Mapping[str, str] = {HOMESTEAD: UNTIED_HOMESTEAD, LAND: UNTIED_LAND, INCOME: UNTIED_SHARES}


@dataclass(frozen=True, slots=True)
class IndependenceFacts:
    """What a household leaves, what it is asked to leave with it, and what it loses with it."""

    exited: frozenset[str] | None = fact("农户自愿退出的权益", choices=THREE_RIGHTS)
    demanded: frozenset[str] | None = fact("被作为退出条件要求一并退出的权益（没有则为空）", choices=THREE_RIGHTS)
    changed: frozenset[str] | None = fact("因退出而被改变的其他权益（没有则为空）", choices=THREE_RIGHTS)


@rule(
    "exit.independence",
    "三项权益独立，不得关联强制退出",
    room="EXI",
    covers=("R-081", "R-082", "R-083"),
    parameters=(UNTIED_HOMESTEAD, UNTIED_LAND, UNTIED_SHARES),
)
def rights_stay_independent(facts: IndependenceFacts, given: Given) -> Ruling[bool | None]:
    """Whether each exited right is left by itself, in all three directions. A hard veto.

    A household may leave one or more rights of its own will; even then none of them may be the condition of another.
    Source: 青岛 四(四)1; 淄博 二(二)3、二(二)4(3)、二(二)5; 济南 三(四)1.
    """
    if not facts.exited:
        return gate([lacks("exited", finding="不知道农户退出哪一项权益")])
    steps: list[Step] = []
    for right in THREE_RIGHTS:
        if right in facts.exited:
            steps += _direction(right, facts, given)
    return gate(steps)


def _direction(right: str, facts: IndependenceFacts, given: Given) -> list[Step]:
    untied = given[_UNTIED[right]]
    if untied.value is None:
        return [without_value(untied)]
    protected = given.members(untied.id)
    exited = facts.exited or frozenset()
    return [
        _untouched(
            untied.cite,
            "demanded",
            None if facts.demanded is None else facts.demanded & protected,
            f"退出{right}没有附带退出其他权益的条件",
            f"不得以退出{{}}作为退出{right}的条件，撤销这项要求",
        ),
        _untouched(
            untied.cite,
            "changed",
            None if facts.changed is None else (facts.changed - exited) & protected,
            f"退出{right}不改变其他权益",
            f"退出{right}不得改变{{}}，恢复原状",
        ),
    ]


def _untouched(cite: tuple[Clause, ...], name: str, tied: frozenset[str] | None, fine: str, broken: str) -> Step:
    if tied is None:
        what = "是否被要求一并退出其他权益" if name == "demanded" else "其他权益是否因退出而改变"
        return lacks(name, finding=f"不知道{what}", cite=cite)
    return Step(cite, broken.format("、".join(sorted(tied))) if tied else fine, not tied)
