"""承包地、宅基地的去向: how much of the land is left and for how long, reuse, and what outside capital may not touch."""

from dataclasses import dataclass

from ronghe.policy.checks import absent, holds, listed_or_added, one_of, without_value
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, gate

from .conditions import members

EXTENTS = "exit.land.extents"
DURATIONS = "exit.land.durations"
NO_ENCROACHMENT = "exit.outside_capital.no_encroachment"
REUSE = "exit.homestead.reuse"
REUSE_CHECKS = "exit.homestead.reuse_checks"


@dataclass(frozen=True, slots=True)
class LandOptionFacts:
    """How far a household leaves its contracted land."""

    extent: str | None = fact("退出范围", choices=("全部", "部分"))
    duration: str | None = fact("退出期限", choices=("本轮承包期", "永久"))


@rule(
    "exit.land_options",
    "承包地退出的范围和期限",
    room="EXI",
    matter="D15",
    covers=("R-089", "R-090"),
    parameters=(EXTENTS, DURATIONS),
)
def land_option(facts: LandOptionFacts, given: Given) -> Ruling[bool | None]:
    """Whether a household may leave so much of its land for so long.

    Zibo lets it choose all or part, and this term or for good; Jinan says nothing of the duration.
    Source: 淄博 二(二)4(2); 济南 三(三)2.
    """
    durations = given[DURATIONS]
    by_time = one_of(facts, "duration", durations) if durations.is_stated else None
    return gate([one_of(facts, "extent", given[EXTENTS]), by_time])


@dataclass(frozen=True, slots=True)
class CapitalFacts:
    """Outside capital that wants to use homesteads."""

    takes_collective_rights: bool | None = fact("侵占农村集体权益")
    takes_farmer_rights: bool | None = fact("侵占农民权益")


@rule(
    "exit.outside_capital",
    "社会资本盘活宅基地的底线",
    room="EXI",
    covers=("R-111",),
    parameters=(NO_ENCROACHMENT,),
)
def outside_capital(facts: CapitalFacts, given: Given) -> Ruling[bool | None]:
    """Whether outside capital may use homesteads: only if it takes nothing of the collective or of farmers. A hard veto.

    Source: 淄博 二(二)2(4).
    """
    demand = given[NO_ENCROACHMENT]
    if demand.value is not True:
        return gate([without_value(demand)])
    names = ("takes_collective_rights", "takes_farmer_rights")
    return gate(absent(facts, name, *demand.cite, otherwise="不得实施") for name in names)


@dataclass(frozen=True, slots=True)
class ReuseFacts:
    """What a collective wants to do with a homestead that was left."""

    reuse: str | None = fact(
        "利用方式",
        choices=("直接利用", "置换（转让）建设用地指标", "综合开发", "自主开发利用", "增减挂钩", "其他"),
    )
    fits_plan: bool | None = fact("符合规划")
    fits_use_control: bool | None = fact("符合用途管制")


_REUSE_TESTS = {"规划": "fits_plan", "用途管制": "fits_use_control"}


@rule(
    "exit.homestead_reuse",
    "退出宅基地的利用",
    room="EXI",
    covers=("R-107", "R-108", "R-109"),
    parameters=(REUSE, REUSE_CHECKS),
)
def homestead_reuse(facts: ReuseFacts, given: Given) -> Ruling[bool | None]:
    """Whether a collective may use a homestead that was left in this way, within plan and use control where asked.

    Source: 青岛 四(二)3; 淄博 二(二)3; 济南 三(二)3.
    """
    checks = given[REUSE_CHECKS]
    tests = [holds(facts, _REUSE_TESTS[one], *checks.cite, otherwise="先调整方案") for one in members(checks)]
    return gate([one_of(facts, "reuse", given[REUSE], otherwise=listed_or_added("方式")), *tests])
