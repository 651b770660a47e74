"""改革风险: who is excused for a failed trial, and what a major reform must go through before and after."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import asked_for, holds, lacks, not_stated
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate
from ronghe.policy.values import figure

APPLIES = "governance.tolerance.applies"
BOTTOM_LINES = "governance.tolerance.keeps_bottom_lines"
WITHIN_POWERS = "governance.tolerance.within_powers"
CONSULT = "governance.major_reform.consult_before"
EVALUATE = "governance.major_reform.evaluate_after"
METHOD = "governance.coop_risk.method"
RATIO_BELOW = "governance.ahp.cr_below"


@dataclass(frozen=True, slots=True)
class ToleranceFacts:
    """What is known of an error made in the pilot."""

    is_trial_error: bool | None = fact("属于改革探索中的失误")
    kept_bottom_lines: bool | None = fact("守住了土地、耕地、农民利益和生态底线")
    within_powers: bool | None = fact("没有超出试验区的事权")


@rule(
    "governance.fault_tolerance",
    "改革创新容错",
    room="GOV",
    covers=("R-210",),
    parameters=(APPLIES, BOTTOM_LINES, WITHIN_POWERS),
)
def fault_tolerance(facts: ToleranceFacts, given: Given) -> Ruling[bool | None]:
    """Whether an error counts as one of an honest trial, as far as the zone's document draws the line.

    Source: 青岛 九(二); 淄博 一(二)、四(二); 济南 九(四).
    """
    if not given[APPLIES].is_stated:
        return gate([not_stated("容错纠错", APPLIES)])
    return gate(
        [
            asked_for(facts, "is_trial_error", given[APPLIES], otherwise="不适用容错"),
            asked_for(facts, "kept_bottom_lines", given[BOTTOM_LINES], otherwise="突破底线的不予容错"),
            asked_for(facts, "within_powers", given[WITHIN_POWERS], otherwise="超出事权的不予容错"),
        ]
    )


@dataclass(frozen=True, slots=True)
class PlannedReformFacts:
    """What is known of a reform measure that is to be issued."""

    is_major: bool | None = fact("属于重大改革举措或政策")
    is_consulted: bool | None = fact("已经事前咨询论证")


@dataclass(frozen=True, slots=True)
class DoneReformFacts:
    """What is known of a reform measure that has been carried out."""

    is_major: bool | None = fact("属于重大改革举措或政策")
    is_evaluated: bool | None = fact("已经事后跟踪评估")


@rule("governance.reform_before", "重大改革出台前的咨询论证", room="GOV", covers=("R-211",), parameters=(CONSULT,))
def reform_before(facts: PlannedReformFacts, given: Given) -> Ruling[bool | None]:
    """Whether a reform may be issued: a major one has been consulted on. Source: 淄博 四(四); 济南 九(四)."""
    return _reviewed(facts, given, CONSULT, "is_consulted", "先组织咨询论证")


@rule("governance.reform_after", "重大改革实施后的跟踪评估", room="GOV", covers=("R-211",), parameters=(EVALUATE,))
def reform_after(facts: DoneReformFacts, given: Given) -> Ruling[bool | None]:
    """Whether a reform may be closed: a major one has been evaluated. Source: 淄博 四(四); 济南 九(四)."""
    return _reviewed(facts, given, EVALUATE, "is_evaluated", "先组织跟踪评估")


def _reviewed(
    facts: PlannedReformFacts | DoneReformFacts, given: Given, name: str, fact_name: str, otherwise: str
) -> Ruling[bool | None]:
    demand = given[name]
    if not demand.is_stated:
        return gate([not_stated(f"{demand.title}", name)])
    if facts.is_major is False:
        return gate([Step(demand.cite, "不是重大改革举措，不要求", True)])
    review = holds(facts, fact_name, *demand.cite, otherwise=otherwise)
    if facts.is_major is None and not review.ok:
        return gate([lacks("is_major", finding="不知道是否属于重大改革举措或政策", cite=demand.cite)])
    return gate([review])


@dataclass(frozen=True, slots=True)
class ConsistencyFacts:
    """What is known of a judgment matrix of the analytic hierarchy process."""

    order: int | None = fact("判断矩阵的阶数", unit="阶")
    consistency_ratio: Fraction | None = fact("一致性比率")


@rule(
    "governance.ahp_consistency",
    "层次分析法判断矩阵的一致性",
    room="GOV",
    covers=("R-209",),
    parameters=(METHOD, RATIO_BELOW),
)
def ahp_consistency(facts: ConsistencyFacts, given: Given) -> Ruling[bool | None]:
    """Whether a judgment matrix is consistent enough to be used: its ratio is below the limit, not at it.

    A matrix of one or two rows is always consistent. The limit stands in no document and is off until a person enters it.
    Source: 高青 四(三)10.
    """
    limit = given[RATIO_BELOW]
    if not given[METHOD].is_stated:
        return gate([not_stated("用层次分析法", METHOD)])
    cite = (*given[METHOD].cite, *limit.cite)
    if facts.order is None or (facts.order == 0):
        return gate([lacks("order", finding="不知道判断矩阵的阶数", cite=cite)])
    if facts.order <= 2:
        return gate([Step(cite, f"{facts.order} 阶判断矩阵总是一致的", True)])
    below, ratio = given.number(RATIO_BELOW), facts.consistency_ratio
    if below is None or ratio is None:
        wanting = (*(("consistency_ratio",) if ratio is None else ()), *((RATIO_BELOW,) if below is None else ()))
        known = "未知" if ratio is None else figure(ratio)
        return gate([lacks(*wanting, finding=f"一致性比率 {known}，{limit.title}：{limit}", cite=cite)])
    ok = ratio < below
    otherwise = "" if ok else "，请修正判断后重算"
    return gate([Step(cite, f"一致性比率 {figure(ratio)} {'<' if ok else '≥'} {figure(below)}{otherwise}", ok)])
