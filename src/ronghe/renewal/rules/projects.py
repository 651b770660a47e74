"""改造方式与安置: how a village is renewed, what must be decided first, and what stays for those who live there."""

from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from ronghe.policy.checks import asked_for, conditions, lacks, not_stated, share_at_least
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate
from ronghe.policy.values import figure, percent

FULL = "renewal.full.conditions"
PARTIAL = "renewal.partial.methods"
PLAN_STEPS = "renewal.project.plan_steps"
RESERVE = "renewal.reserve.share"
RESETTLEMENT_FIRST = "renewal.reserve.resettlement_first"
BALANCE_FIRST = "renewal.reserve.balance_first"
LIVING_FIRST = "renewal.reserve.living_first"
MUST_IMPROVE = "renewal.housing.must_improve"
MIN_GAIN = "renewal.housing.min_gain"
FACILITIES = "renewal.public_facilities.share"
MUNICIPAL = "renewal.municipal_works.simultaneous"

#: The condition that each fact answers.
_CONDITIONS = {"can_be_rebuilt_whole": "具备整体拆除重建条件", "is_needed": "具有改造必要"}


@dataclass(frozen=True, slots=True)
class FullRenewalFacts:
    """What is known of a village that is to be renewed as a whole."""

    can_be_rebuilt_whole: bool | None = fact("具备整体拆除重建条件")
    is_needed: bool | None = fact("具有改造必要")


@rule(
    "renewal.full_renewal",
    "全面改造的条件",
    room="REN",
    covers=("R-113",),
    parameters=(FULL, PARTIAL),
)
def full_renewal(facts: FullRenewalFacts, given: Given) -> Ruling[bool | None]:
    """Whether a village may be renewed as a whole: only where that is possible and needed, else by parts.

    Source: 青岛 五(二)1; 淄博 二(四)2(2); 济南 五(二).
    """
    demanded, partial = given[FULL], given[PARTIAL]
    if demanded.value is None:
        return gate([not_stated("全面改造的条件", FULL, cite=demanded.cite)])
    instead = f"改用局部改造：{partial}" if partial.is_stated else "不实施全面改造"
    return gate(conditions(facts, _CONDITIONS, demanded, otherwise=instead))


@dataclass(frozen=True, slots=True)
class ProjectStartFacts:
    """What a project has been through before work starts."""

    done: tuple[str, ...] | None = fact("已办结的步骤（按先后）")


@rule(
    "renewal.project_start",
    "项目改造方案实施前的审批和备案",
    room="REN",
    covers=("R-117",),
    parameters=(PLAN_STEPS,),
)
def project_start(facts: ProjectStartFacts, given: Given) -> Ruling[bool | None]:
    """Whether a project may start: its plan has been through every step, one after the other.

    Source: 淄博 二(四)1.
    """
    steps = given[PLAN_STEPS]
    if not steps.is_stated:
        return gate([not_stated("项目改造方案的步骤", PLAN_STEPS)])
    demanded = cast(tuple[str, ...], steps.value or ())
    if not demanded or facts.done is None:
        missing = ("done",) if demanded else (PLAN_STEPS,)
        return gate([lacks(*missing, finding=f"不知道项目办结了哪些步骤；应为：{steps}", cite=steps.cite)])
    done = tuple(step for step in facts.done if step in demanded)
    if todo := [step for step in demanded if step not in done]:
        return gate([Step(steps.cite, f"还没有办结：{'、'.join(todo)}；办结后再实施", False)])
    ok = done == demanded
    return gate([Step(steps.cite, f"已办结：{'→'.join(done)}{'' if ok else f'；次序应为：{steps}'}", ok)])


@dataclass(frozen=True, slots=True)
class ReserveFacts:
    """What a project leaves to the collective, and what is settled before."""

    are_resettled_first: bool | None = fact("村民优先安置已有保障")
    is_balanced: bool | None = fact("项目资金已能平衡")
    are_living_conditions_secured: bool | None = fact("村民居住条件已有保障")
    reserved_m2: Fraction | None = fact("留给村集体的土地（房产）", unit="m2")
    project_m2: Fraction | None = fact("项目的土地（房产）", unit="m2")


@rule(
    "renewal.collective_reserve",
    "先安置和平衡，再为村集体留用",
    room="REN",
    covers=("R-120", "R-121"),
    parameters=(RESERVE, RESETTLEMENT_FIRST, BALANCE_FIRST, LIVING_FIRST),
)
def collective_reserve(facts: ReserveFacts, given: Given) -> Ruling[bool | None]:
    """Whether a project leaves enough to the collective, after villagers are resettled and the project is balanced.

    Source: 青岛 五(三); 淄博 二(四)3.
    """
    share = given[RESERVE]
    if not share.is_stated:
        return gate([not_stated("为村集体留用土地", RESERVE)])
    return gate(
        [
            asked_for(facts, "are_resettled_first", given[RESETTLEMENT_FIRST], otherwise="先落实村民安置"),
            asked_for(facts, "is_balanced", given[BALANCE_FIRST], otherwise="先做到资金平衡"),
            asked_for(facts, "are_living_conditions_secured", given[LIVING_FIRST], otherwise="先保障居住条件"),
            share_at_least(facts, "reserved_m2", "project_m2", share),
        ]
    )


@dataclass(frozen=True, slots=True)
class HousingFacts:
    """The homes of the residents before and after."""

    before_m2: Fraction | None = fact("改造前人均住房面积", unit="m2")
    after_m2: Fraction | None = fact("改造后人均住房面积", unit="m2")


@rule(
    "renewal.housing_improvement",
    "居民住房条件明显改善",
    room="REN",
    covers=("R-122",),
    parameters=(MUST_IMPROVE, MIN_GAIN),
)
def housing_improvement(facts: HousingFacts, given: Given) -> Ruling[bool | None]:
    """Whether the residents' homes have clearly improved, by floor area per head.

    No gain at all is no improvement; how much of a gain is a clear one, a person must say.
    Source: 淄博 二(四)2(4).
    """
    must, least = given[MUST_IMPROVE], given[MIN_GAIN]
    if not given.flag(MUST_IMPROVE):
        return gate([not_stated("居民住房条件的改善", MUST_IMPROVE, cite=must.cite)])
    before, after = facts.before_m2, facts.after_m2
    if not before or after is None:
        missing = [name for name, known in (("before_m2", before), ("after_m2", after is not None)) if not known]
        return gate([lacks(*missing, finding="不知道改造前后的人均住房面积（改造前须大于 0）", cite=must.cite)])
    known = f"人均住房面积由 {figure(before)} m2 变为 {figure(after)} m2"
    if after <= before:
        return gate([Step(must.cite, f"{known}，没有改善；调整安置方案", False)])
    gain, bound = after / before - 1, given.number(MIN_GAIN)
    finding = f"{known}，增加 {percent(gain)}，{least.title} {'待地方确定' if bound is None else percent(bound)}"
    if bound is None:
        return gate([lacks(MIN_GAIN, finding=finding, cite=least.cite or must.cite)])
    return gate([Step(least.cite, finding, gain >= bound)])


@dataclass(frozen=True, slots=True)
class FacilityFacts:
    """What a project builds for the public."""

    facilities_m2: Fraction | None = fact("配套公共服务设施用地", unit="m2")
    project_m2: Fraction | None = fact("项目用地", unit="m2")
    is_municipal_simultaneous: bool | None = fact("市政设施同步建设")


@rule(
    "renewal.public_facilities",
    "公共服务设施用地比例和市政同步",
    room="REN",
    covers=("R-125",),
    parameters=(FACILITIES, MUNICIPAL),
)
def public_facilities(facts: FacilityFacts, given: Given) -> Ruling[bool | None]:
    """Whether enough of a project's land serves the public and municipal works keep pace.

    Source: 青岛 五(一)1.
    """
    share, municipal = given[FACILITIES], given[MUNICIPAL]
    if not share.is_stated and not municipal.is_stated:
        return gate([not_stated("改造项目的公共服务设施", FACILITIES, MUNICIPAL)])
    return gate(
        [
            share_at_least(facts, "facilities_m2", "project_m2", share) if share.is_stated else None,
            asked_for(facts, "is_municipal_simultaneous", municipal, otherwise="市政设施列入同一建设计划"),
        ]
    )
