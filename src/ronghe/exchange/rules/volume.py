"""入市规模: the yearly ceiling of what comes to market, and the quota that a village plan may keep in reserve."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import not_stated, share_at_most
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, gate

from .checks import sum_at_most

PLANS = "entry.volume.plans"
CAPS = {
    "土地利用年度计划": "entry.volume.land_use_cap",
    "建设用地供应计划": "entry.volume.supply_cap",
    "新增建设用地计划": "entry.volume.new_land_cap",
}
RESERVE_SHARE = "entry.village_plan.reserve_share"


@dataclass(frozen=True, slots=True)
class VolumeFacts:
    """What has come to market this year, and what is to come now."""

    entered_mu: Fraction | None = fact("本年度已入市面积", unit="亩")
    area_mu: Fraction | None = fact("本次入市面积", unit="亩")


@rule(
    "entry.annual_volume",
    "年度入市规模",
    room="EXC",
    covers=("R-019", "R-020", "R-021"),
    parameters=(PLANS, *CAPS.values()),
)
def annual_volume(facts: VolumeFacts, given: Given) -> Ruling[bool | None]:
    """Whether the year's ceiling leaves room for this parcel, in every plan that the zone counts it in.

    The ceiling is fixed each year; until a person enters it, nothing can be said.
    Source: 土地管理法 第二十三条; 青岛 三(一)4; 淄博 二(一)1(3); 济南 四(一)4.
    """
    plans = given[PLANS]
    if not plans.is_stated:
        return gate([not_stated("管理入市规模的年度计划", PLANS)])
    counted = given.members(PLANS)
    return gate(
        [sum_at_most(facts, ("entered_mu", "area_mu"), given[cap]) for plan, cap in CAPS.items() if plan in counted]
    )


@dataclass(frozen=True, slots=True)
class ReserveFacts:
    """What a village plan keeps in reserve."""

    reserved_mu: Fraction | None = fact("预留机动指标", unit="亩")
    construction_land_mu: Fraction | None = fact("村庄规划的建设用地规模", unit="亩")


@rule(
    "entry.village_plan_quota",
    "村庄规划预留机动指标",
    room="EXC",
    covers=("R-033",),
    parameters=(RESERVE_SHARE,),
)
def village_plan_quota(facts: ReserveFacts, given: Given) -> Ruling[bool | None]:
    """Whether the quota that a village plan reserves stays within the zone's share of its construction land.

    Source: 青岛 三(四)2; 淄博 二(一)4(3).
    """
    share = given[RESERVE_SHARE]
    if not share.is_stated:
        return gate([not_stated("村庄规划预留机动指标", RESERVE_SHARE)])
    return gate([share_at_most(facts, "reserved_mu", "construction_land_mu", share)])
