"""资金平衡与减免: from where a project that does not pay for itself is balanced, and what it need not pay."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, cast

from ronghe.policy.checks import (
    all_among,
    asked_for,
    at_most,
    holds,
    lacks,
    listed_or_added,
    not_stated,
    one_of,
    unknown,
)
from ronghe.policy.rulebook import Given, InForce, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate
from ronghe.policy.values import figure

LADDER = "renewal.balance.ladder"
TOOLS = "renewal.balance.tools"
CAUSES = "renewal.balance.causes"
PLOT_RATIO = "renewal.balance.plot_ratio_by_cost"
EXEMPT = "renewal.fees.exempt"
SHANTYTOWN = "renewal.fees.shantytown_only"
BY_RULES = "renewal.fees.by_rules"
REGULATION = "renewal.capital.regulation_required"
RETURN = "renewal.capital.return_max"

_SCOPES = ("镇街", "区县", "国有建设用地捆绑")
_TOOLS = ("合理确定容积率", "调整保障房政策", "政府补助", "异地安置", "打捆开发")
_CAUSES = ("受双增双减政策影响", "受用地和规划条件限制")


@dataclass(frozen=True, slots=True)
class BalanceScopeFacts:
    """A project that does not pay for itself, and where its balance is to be found."""

    cost_yuan: Fraction | None = fact("项目成本", unit="元")
    income_yuan: Fraction | None = fact("项目收益", unit="元")
    proposed: str | None = fact("拟用的平衡范围", choices=_SCOPES)
    tried: tuple[str, ...] | None = fact("已试过仍难以平衡的范围", required=False, choices=_SCOPES)


@rule(
    "renewal.balance_scope",
    "改造资金平衡范围的次序",
    room="REN",
    matter="D20",
    covers=("R-114", "R-115"),
    parameters=(LADDER,),
)
def balance_scope(facts: BalanceScopeFacts, given: Given) -> Ruling[bool | None]:
    """Whether a project may be balanced within a wider circle: only when it falls short, and the nearer ones did not do.

    Source: 青岛 五(一)2; 淄博 二(四)2(3); 济南 五(三)、八(七).
    """
    ladder = given[LADDER]
    if not ladder.is_stated:
        return gate([not_stated("资金平衡的次序", LADDER)])
    return gate([_shortfall(facts, ladder.cite), _next_on(ladder, facts)])


def _next_on(ladder: InForce, facts: BalanceScopeFacts) -> Step:
    """The proposed rung, when every rung before it has been tried."""
    rungs = cast(tuple[str, ...], ladder.value or ())
    if not rungs or facts.proposed is None:
        missing = ("proposed",) if rungs else (LADDER,)
        return lacks(*missing, finding=f"不知道拟用的平衡范围；{ladder.title}：{ladder}", cite=ladder.cite)
    if facts.proposed not in rungs:
        return Step(ladder.cite, f"“{facts.proposed}”不在{ladder.title}（{ladder}）之内，按次序选用", False)
    before = rungs[: rungs.index(facts.proposed)]
    if before and facts.tried is None:
        finding = f"拟用“{facts.proposed}”，不知道先前的范围（{'→'.join(before)}）是否试过"
        return lacks("tried", finding=finding, cite=ladder.cite)
    if untried := [rung for rung in before if rung not in (facts.tried or ())]:
        return Step(ladder.cite, f"拟用“{facts.proposed}”，先在“{'、'.join(untried)}”范围内平衡", False)
    return Step(ladder.cite, f"拟用“{facts.proposed}”，合乎{ladder.title}（{ladder}）", True)


@dataclass(frozen=True, slots=True)
class BalanceToolFacts:
    """A project that does not pay for itself, and by what means it is to be balanced."""

    cost_yuan: Fraction | None = fact("项目成本", unit="元")
    income_yuan: Fraction | None = fact("项目收益", unit="元")
    tools: frozenset[str] | None = fact("拟用的平衡办法", choices=_TOOLS)
    causes: frozenset[str] | None = fact("不能平衡的原因", choices=_CAUSES)
    is_plot_ratio_by_cost: bool | None = fact("容积率按成本和收益基本平衡确定", required=False)


@rule(
    "renewal.balance_tools",
    "改造资金平衡可用的办法",
    room="REN",
    matter="D20",
    covers=("R-116", "R-127"),
    parameters=(TOOLS, CAUSES, PLOT_RATIO),
)
def balance_tools(facts: BalanceToolFacts, given: Given) -> Ruling[bool | None]:
    """Whether a project that falls short may use these means: they are listed, and its cause is one that opens them.

    Source: 青岛 五(一)2; 济南 五(三).
    """
    tools, causes, by_cost = given[TOOLS], given[CAUSES], given[PLOT_RATIO]
    if not tools.is_stated:
        return gate([not_stated("资金平衡的办法", TOOLS)])
    changes_plot_ratio = "合理确定容积率" in (facts.tools or ())
    return gate(
        [
            _shortfall(facts, tools.cite),
            all_among(facts, "tools", tools, otherwise=listed_or_added("办法")),
            _opened_by(causes, facts) if causes.is_stated else None,
            asked_for(facts, "is_plot_ratio_by_cost", by_cost, otherwise="重新确定容积率")
            if changes_plot_ratio
            else None,
        ]
    )


def _opened_by(causes: InForce, facts: BalanceToolFacts) -> Step:
    """One cause that the document names is enough."""
    if facts.causes is None or causes.value is None:
        missing = ("causes",) if causes.value is not None else (CAUSES,)
        return lacks(*missing, finding=f"不知道不能平衡的原因；{causes.title}：{causes}", cite=causes.cite)
    ok = bool(facts.causes & cast(frozenset[str], causes.value))
    stated = "、".join(sorted(facts.causes)) or "（无）"
    return Step(causes.cite, f"不能平衡的原因：{stated}；{causes.title}：{causes}", ok)


class _Balance(Protocol):
    @property
    def cost_yuan(self) -> Fraction | None: ...
    @property
    def income_yuan(self) -> Fraction | None: ...


def _shortfall(facts: _Balance, cite: tuple[Clause, ...]) -> Step:
    """Only a project whose cost is more than its income needs to be balanced from elsewhere."""
    cost, income = facts.cost_yuan, facts.income_yuan
    if cost is None or income is None:
        missing = unknown(facts, "cost_yuan", "income_yuan")
        return lacks(*missing, finding="不知道项目的成本和收益，无法判断是否平衡", cite=cite)
    known = f"成本 {figure(cost)} 元，收益 {figure(income)} 元"
    if income >= cost:
        return Step(cite, f"{known}，能够平衡，不需要另行统筹", False)
    return Step(cite, f"{known}，缺口 {figure(cost - income)} 元", True)


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """A fee that a renewal project asks to be spared."""

    is_renewal_project: bool | None = fact("属于城中村改造项目")
    fee: str | None = fact("收费的种类", choices=("行政事业性收费", "政府性基金", "经营服务性收费"))
    is_in_shantytown: bool | None = fact("列入棚户区改造范围")
    is_provided_by_rules: bool | None = fact("有关规定列明免收")


@rule(
    "renewal.fee_exemption",
    "改造项目免收行政事业性收费",
    room="REN",
    matter="D21",
    covers=("R-118", "R-119"),
    parameters=(EXEMPT, SHANTYTOWN, BY_RULES),
)
def fee_exemption(facts: FeeFacts, given: Given) -> Ruling[bool | None]:
    """Whether a renewal project is spared a fee.

    Source: 淄博 二(四)2(3); 济南 五(三).
    """
    exempt = given[EXEMPT]
    if not exempt.is_stated:
        return gate([not_stated("改造项目的收费减免", EXEMPT)])
    return gate(
        [
            holds(facts, "is_renewal_project", *exempt.cite),
            one_of(facts, "fee", exempt, otherwise="照常缴费"),
            asked_for(facts, "is_in_shantytown", given[SHANTYTOWN], otherwise="照常缴费，或先申请列入棚户区改造范围"),
            asked_for(facts, "is_provided_by_rules", given[BY_RULES], otherwise="照常缴费"),
        ]
    )


@dataclass(frozen=True, slots=True)
class CapitalFacts:
    """Private capital that comes into a renewal project."""

    has_regulation: bool | None = fact("社会资本参与改造的管理办法已经施行")
    return_rate: Fraction | None = fact("约定的投资回报率")


@rule(
    "renewal.private_capital",
    "社会资本参与城中村改造",
    room="REN",
    covers=("R-130", "R-131"),
    parameters=(REGULATION, RETURN),
)
def private_capital(facts: CapitalFacts, given: Given) -> Ruling[bool | None]:
    """Whether private capital may come in on these terms: the regulation is in force, the return keeps to its ceiling.

    Source: 青岛 五(二)2; 淄博 二(四)2(1); 闽侯 二(二)3; 济南 五(一).
    """
    regulation, ceiling = given[REGULATION], given[RETURN]
    if not regulation.is_stated and not ceiling.is_stated:
        return gate([not_stated("社会资本参与改造", REGULATION, RETURN)])
    return gate(
        [
            asked_for(facts, "has_regulation", regulation, otherwise="先制定管理办法"),
            at_most(facts, "return_rate", ceiling) if ceiling.is_stated else None,
        ]
    )
