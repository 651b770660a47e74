"""公共设施管护: whether the upkeep of a village's facilities has all that it needs and covers all that it must."""

from dataclasses import dataclass

from ronghe.policy.checks import all_present, not_stated
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, gate

REQUIREMENTS = "service.maintenance.requirements"
SERVICES = "service.maintenance.services"


@dataclass(frozen=True, slots=True)
class MaintenanceFacts:
    """What a village has for the upkeep of its facilities."""

    has: frozenset[str] | None = fact("已具备的管护条件", choices=("制度", "标准", "队伍", "经费", "督查"))
    covers: frozenset[str] | None = fact(
        "管护覆盖的内容", choices=("农村污水治理", "生活垃圾收运处理", "道路修护", "绿化养护", "公共设施维护")
    )


@rule(
    "service.maintenance",
    "公共基础设施管护",
    room="SVC",
    covers=("R-191",),
    parameters=(REQUIREMENTS, SERVICES),
)
def maintenance(facts: MaintenanceFacts, given: Given) -> Ruling[bool | None]:
    """Whether upkeep is complete: every condition met and every service covered. Source: 闽侯 二(五)3."""
    if not (given[REQUIREMENTS].is_stated or given[SERVICES].is_stated):
        return gate([not_stated("公共设施管护", REQUIREMENTS, SERVICES)])
    return gate(
        [
            all_present(facts, "has", given[REQUIREMENTS], otherwise="先配齐"),
            all_present(facts, "covers", given[SERVICES], otherwise="纳入管护"),
        ]
    )
