"""覆盖率: whether a service reaches as many villages or towns as the zone has promised."""

from dataclasses import dataclass

from ronghe.policy.checks import lacks, not_stated, share_at_least
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, gate

#: Which parameter holds the promise for which service.
PROMISES = {
    "通户道路": "service.roads.household_rate",
    "临时救助备用金": "service.relief.petty_fund_coverage",
    "居家养老服务站": "service.elderly.home_station_coverage",
    "村卫生室房屋公有": "service.clinics.public_ownership",
}


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """How many places have the service."""

    service: str | None = fact("服务", choices=tuple(PROMISES))
    covered: int | None = fact("已覆盖的村、镇（街道）或卫生室", unit="个")
    total: int | None = fact("全部村、镇（街道）或卫生室", unit="个")


@rule(
    "service.coverage",
    "公共服务覆盖率",
    room="SVC",
    covers=("R-185", "R-189", "R-190", "R-192"),
    parameters=tuple(PROMISES.values()),
)
def coverage(facts: CoverageFacts, given: Given) -> Ruling[bool | None]:
    """Whether a service reaches the promised share of places. A promise without a figure is for a person to fix.

    Source: 淄博 二(七)1、二(七)5; 闽侯 二(六)3; 济南 八(四).
    """
    if facts.service is None:
        return gate([lacks("service", finding="不知道是哪一项服务")])
    target = given[PROMISES[facts.service]]
    if not target.is_stated:
        return gate([not_stated(f"{target.title}", target.id)])
    return gate([share_at_least(facts, "covered", "total", target)])
