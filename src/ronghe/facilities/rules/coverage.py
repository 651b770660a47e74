"""覆盖率: whether a service reaches as many villages or towns as the zone has promised."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.rulebook import Given, fact, lacks, rule
from ronghe.policy.ruling import Ruling, Step, gate
from ronghe.policy.values import percent

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
        return gate([lacks(target.id, finding=f"本试验区的文件没有规定{target.title}")])
    counts = (("covered", facts.covered), ("total", facts.total))
    wanting = tuple(name for name, count in counts if count is None)
    promised = given.number(target.id)
    if facts.covered is None or facts.total is None or promised is None:
        unknown = (*wanting, *(() if promised is not None else (target.id,)))
        return gate([lacks(*unknown, finding=f"{target.title}：{target}，覆盖情况待查", cite=target.cite)])
    if facts.total == 0 or facts.covered > facts.total:
        finding = f"已覆盖 {facts.covered} 个，共 {facts.total} 个，数目有误，请核对后重填"
        return gate([lacks("covered", "total", finding=finding, cite=target.cite)])
    share = Fraction(facts.covered, facts.total)
    ok = share >= promised
    short = "" if ok else f"，还差 {-(-facts.total * promised.numerator // promised.denominator) - facts.covered} 个"
    finding = f"{facts.covered}/{facts.total}（{percent(share)}），{target.title} {percent(promised)}{short}"
    return gate([Step(target.cite, finding, ok)])
