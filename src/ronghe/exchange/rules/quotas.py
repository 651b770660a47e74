"""指标与用地: the floor for rural industry, who comes first, how far a quota may travel, and which land may carry what."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ronghe.policy.checks import (
    amount_of,
    asked_for,
    holds,
    lacks,
    listed_or_added,
    not_stated,
    one_of,
    share_at_least,
    share_at_most,
    unknown,
)
from ronghe.policy.rulebook import Given, InForce, fact, rule
from ronghe.policy.ruling import Ruling, Step, calculated, cannot_say, gate

MIN_SHARE = "quota.rural_industry.min_share"
NEW_LAND = "quota.priority.new_land"
MATURE = "quota.priority.mature"
VERIFIED_TOPUP = "quota.priority.verified_topup"
LINKAGE = "quota.priority.linkage"
SCOPE = "quota.circulation.scope"
AUTHORITY_SOUGHT = "quota.circulation.authority_sought"
CHANNEL = "quota.circulation.channel"
INDICATORS = "quota.paid_transfer.indicators"
CONSTRUCTION_LAND = "quota.facility.construction_land"
PRESENT_USE = "quota.facility.present_use"
PARK_LAND = "quota.farm_park.land_classes"
PARK_FACILITIES = "quota.farm_park.facilities"
PARK_PROCEDURES = "quota.farm_park.procedures"
PARK_NECESSARY = "quota.farm_park.necessary"
QUANTITY_KEPT = "quota.basic_farmland.quantity_kept"
QUALITY_RAISED = "quota.basic_farmland.quality_raised"
VILLAGE_PLAN = "quota.basic_farmland.village_plan"
HOUSING_SHARE = "quota.reclamation.housing_share_max"
FARMLAND_GROWS = "quota.reclamation.farmland_grows"

# -- shares and priority ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RuralIndustryShareFacts:
    """How a year's plan of new construction land is shared out."""

    new_quota_mu: Fraction | None = fact("年度新增建设用地指标", unit="亩")
    rural_industry_mu: Fraction | None = fact("安排给乡村产业的指标", unit="亩")


@rule(
    "quota.rural_industry_share",
    "新增指标用于乡村产业的最低比例",
    room="EXC",
    matter="D9",
    covers=("R-045", "R-046"),
    parameters=(MIN_SHARE,),
)
def rural_industry_share(facts: RuralIndustryShareFacts, given: Given) -> Ruling[bool | None]:
    """Whether a year's plan gives rural industry at least its share of new construction quota.

    Source: 青岛 九(二); 闽侯 二(三)2.
    """
    return gate([share_at_least(facts, "rural_industry_mu", "new_quota_mu", given[MIN_SHARE])])


NEW, TOPUP, LINKED = "新增建设用地计划指标", "区县核补指标", "增减挂钩指标"


@dataclass(frozen=True, slots=True)
class PriorityFacts:
    """A project that asks for a quota."""

    quota: str | None = fact("申请的指标", choices=(NEW, TOPUP, LINKED))
    project: str | None = fact(
        "项目类别", choices=("乡村产业项目", "点状供地项目", "特色小镇", "城乡产业协同发展先行区", "其他")
    )
    is_mature: bool | None = fact("成熟度高", required=False)
    is_ready_for_supply: bool | None = fact("达到供地条件", required=False)


_PRIORITY = {NEW: NEW_LAND, TOPUP: VERIFIED_TOPUP, LINKED: LINKAGE}


@rule(
    "quota.priority",
    "用地指标的优先保障",
    room="EXC",
    matter="D9",
    covers=("R-047", "R-048"),
    parameters=(NEW_LAND, MATURE, VERIFIED_TOPUP, LINKAGE),
)
def quota_priority(facts: PriorityFacts, given: Given) -> Ruling[bool | None]:
    """Whether a project comes first for the quota that it asks for.

    A no is no refusal: the project waits its turn.
    Source: 济南 八(一)、六(二); 青岛 二(一)1.
    """
    if facts.quota is None:
        return gate([lacks("quota", finding="不知道申请的是哪种指标")])
    favoured = given[_PRIORITY[facts.quota]]
    first = [one_of(facts, "project", favoured, otherwise="不在优先之列，按一般次序安排")]
    if facts.quota == NEW and given.flag(MATURE):
        first += [holds(facts, name, *given[MATURE].cite) for name in ("is_mature", "is_ready_for_supply")]
    return gate(first)


# -- circulation -----------------------------------------------------------------------------------------------------

IN_COUNTY, IN_CITY, BEYOND = "同一区县内", "本市跨区县", "跨市"
_COVERS = {"区县内": (IN_COUNTY,), "市域": (IN_COUNTY, IN_CITY), "跨区县": (IN_COUNTY, IN_CITY)}


@dataclass(frozen=True, slots=True)
class CirculationFacts:
    """A saved quota on its way from one place to another."""

    reach: str | None = fact("指标流转的范围", choices=(IN_COUNTY, IN_CITY, BEYOND))
    channel: str | None = fact("交易场所")


@rule(
    "quota.circulation",
    "节余指标流转的范围",
    room="EXC",
    matter="D5",
    covers=("R-025", "R-048", "R-049", "R-050"),
    parameters=(SCOPE, AUTHORITY_SOUGHT, CHANNEL),
)
def quota_circulation(facts: CirculationFacts, given: Given) -> Ruling[bool | None]:
    """Whether a saved quota may travel so far, and where it must be traded.

    A document that only seeks cross-county trade (Jinan) opens nothing: the answer is no until a scope is entered.
    Source: 青岛 四(二)3; 淄博 二(一)2(2)、二(二)3; 济南 三(二)3.
    """
    channel = given[CHANNEL]
    at_channel = one_of(facts, "channel", channel, otherwise=f"应在{channel}交易") if channel.is_stated else None
    return gate([_within(facts, given), at_channel])


def _within(facts: CirculationFacts, given: Given) -> Step:
    scope, sought = given[SCOPE], given[AUTHORITY_SOUGHT]
    if facts.reach is None:
        return lacks("reach", finding="不知道指标流转的范围", cite=scope.cite or sought.cite)
    if scope.value is None:
        if sought.value is True and facts.reach != IN_COUNTY:
            return Step(sought.cite, f"{facts.reach}流转尚待授权；取得授权后由地方填入流转范围再办理", False)
        return lacks(SCOPE, finding=f"{scope.title}：{scope}", cite=scope.cite or sought.cite)
    ok = facts.reach in _COVERS[str(scope.value)]
    return Step(scope.cite, f"{facts.reach}流转{'在' if ok else '超出'}{scope.title}（{scope}）", ok)


@dataclass(frozen=True, slots=True)
class PaidTransferFacts:
    """An indicator that one district gives to another."""

    indicator: str | None = fact("指标种类", choices=("土地", "能耗", "排放", "其他"))
    is_paid: bool | None = fact("有偿调剂")


@rule("quota.paid_transfer", "指标跨区县有偿调剂", room="EXC", covers=("R-051",), parameters=(INDICATORS,))
def paid_transfer(facts: PaidTransferFacts, given: Given) -> Ruling[bool | None]:
    """Whether an indicator may be moved between districts, for pay.

    Source: 淄博 二(五)1.
    """
    indicators = given[INDICATORS]
    paid = holds(facts, "is_paid", *indicators.cite, otherwise="约定价款后再调剂") if indicators.is_stated else None
    return gate([one_of(facts, "indicator", indicators, otherwise=listed_or_added("指标")), paid])


# -- land and facilities ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FacilityFacts:
    """One part of a farm park or a tourism project."""

    part: str | None = fact("用地部分", choices=("永久性设施", "自然景观", "农牧渔业种植养殖"))


@rule(
    "quota.facility_land",
    "农业园区和旅游项目用地的管理类别",
    room="EXC",
    covers=("R-052",),
    parameters=(CONSTRUCTION_LAND, PRESENT_USE),
)
def facility_land(facts: FacilityFacts, given: Given) -> Ruling[str] | Ruling[None]:
    """By which rules a part of a farm park or tourism project is managed: construction land, or its present use.

    Source: 闽侯 二(三)2.
    """
    if facts.part is None:
        return cannot_say(lacks("part", finding="不知道是哪一部分用地"))
    for name, managed in ((CONSTRUCTION_LAND, "按建设用地管理"), (PRESENT_USE, "按现用途管理")):
        if facts.part in given.members(name):
            return calculated(managed, [Step(given[name].cite, f"{facts.part}：{managed}")])
    return cannot_say(not_stated(f"{facts.part}用地怎样管理", CONSTRUCTION_LAND, PRESENT_USE))


@dataclass(frozen=True, slots=True)
class FarmParkFacts:
    """A facility that a farm park wants to build on farmland."""

    land_class: str | None = fact("使用的耕地", choices=("一般耕地", "永久基本农田"))
    facility: str | None = fact("设施类别", choices=("加工", "研发", "展销", "其他"))
    is_necessary: bool | None = fact("属于园区必须配套")
    has_procedures: bool | None = fact("已依法办理建设用地手续")


@rule(
    "quota.farm_park_facilities",
    "农业园区配套设施使用耕地",
    room="EXC",
    covers=("R-053",),
    parameters=(PARK_LAND, PARK_FACILITIES, PARK_NECESSARY, PARK_PROCEDURES),
)
def farm_park_facilities(facts: FarmParkFacts, given: Given) -> Ruling[bool | None]:
    """Whether a farm park may put a facility on farmland: ordinary farmland only, necessary, with lawful procedures.

    Source: 济南 六(四).
    """
    return gate(
        [
            one_of(facts, "land_class", given[PARK_LAND], otherwise="另行选址"),
            one_of(facts, "facility", given[PARK_FACILITIES], otherwise=listed_or_added("设施")),
            asked_for(facts, "is_necessary", given[PARK_NECESSARY], otherwise="不是必须配套的不得使用耕地"),
            asked_for(facts, "has_procedures", given[PARK_PROCEDURES], otherwise="先办理建设用地手续"),
        ]
    )


@dataclass(frozen=True, slots=True)
class BasicFarmlandFacts:
    """Permanent basic farmland before and after an adjustment of its parcels."""

    area_before_mu: Fraction | None = fact("调整前面积", unit="亩")
    area_after_mu: Fraction | None = fact("调整后面积", unit="亩")
    quality_before: Fraction | None = fact("调整前质量评定分（分高为优）")
    quality_after: Fraction | None = fact("调整后质量评定分（分高为优）")
    follows_village_plan: bool | None = fact("依据村庄规划和土地利用现状")


@rule(
    "quota.basic_farmland_adjustment",
    "永久基本农田地块调整",
    room="EXC",
    covers=("R-054",),
    parameters=(QUANTITY_KEPT, QUALITY_RAISED, VILLAGE_PLAN),
)
def basic_farmland_adjustment(facts: BasicFarmlandFacts, given: Given) -> Ruling[bool | None]:
    """Whether parcels of permanent basic farmland may be adjusted: no less of it, and of higher quality. A hard veto.

    数量不变 is read as a floor: more is allowed, less is not. 质量有提高: the same quality is not enough.
    Source: 济南 八(一).
    """
    kept, raised = given[QUANTITY_KEPT], given[QUALITY_RAISED]
    if not kept.is_stated and not raised.is_stated:
        return gate([not_stated("永久基本农田的地块调整", QUANTITY_KEPT, QUALITY_RAISED)])
    return gate(
        [
            _change(facts, "area_before_mu", "area_after_mu", kept, or_equal=True),
            _change(facts, "quality_before", "quality_after", raised, or_equal=False),
            asked_for(facts, "follows_village_plan", given[VILLAGE_PLAN], otherwise="按村庄规划重新拟定"),
        ]
    )


def _change(facts: Any, before: str, after: str, demand: InForce, *, or_equal: bool) -> Step | None:
    """A figure must rise (or at least not fall) where the zone asks for it."""
    if demand.value is not True:
        return None
    was, now = getattr(facts, before), getattr(facts, after)
    if was is None or now is None:
        return lacks(
            *unknown(facts, before, after),
            finding=f"{demand.title}：{amount_of(facts, before)}，{amount_of(facts, after)}",
            cite=demand.cite,
        )
    ok = now >= was if or_equal else now > was
    mend = "" if ok else "；不符合，先调整方案"
    return Step(demand.cite, f"{demand.title}：{amount_of(facts, before)}，{amount_of(facts, after)}{mend}", ok)


@dataclass(frozen=True, slots=True)
class ReclamationFacts:
    """A demolition area that is partly built over again and partly reclaimed."""

    demolition_mu: Fraction | None = fact("拆旧区面积", unit="亩")
    housing_mu: Fraction | None = fact("其中用于安置房、保障房的面积", unit="亩")
    farmland_before_mu: Fraction | None = fact("复垦前符合要求的耕地面积", unit="亩")
    farmland_after_mu: Fraction | None = fact("复垦后符合要求的耕地面积", unit="亩")


@rule(
    "quota.reclamation",
    "拆旧区建安置房与复垦平衡",
    room="EXC",
    covers=("R-055",),
    parameters=(HOUSING_SHARE, FARMLAND_GROWS),
)
def reclamation_balance(facts: ReclamationFacts, given: Given) -> Ruling[bool | None]:
    """Whether part of a demolition area may carry resettlement homes: within the share, and farmland must increase.

    增加: farmland that only stays the same is not enough.
    Source: 济南 八(七).
    """
    if not given[HOUSING_SHARE].is_stated and not given[FARMLAND_GROWS].is_stated:
        return gate([not_stated("拆旧区建安置房", HOUSING_SHARE, FARMLAND_GROWS)])
    return gate(
        [
            _change(facts, "farmland_before_mu", "farmland_after_mu", given[FARMLAND_GROWS], or_equal=False),
            share_at_most(facts, "housing_mu", "demolition_mu", given[HOUSING_SHARE]),
        ]
    )
