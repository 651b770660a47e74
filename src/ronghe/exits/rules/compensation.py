"""补偿: what a household is offered for a right, how its worth is found, and that the money comes in time and in full."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from ronghe.policy.checks import holds, lacks, listed_or_added, one_of, unknown, without_value
from ronghe.policy.rulebook import Given, InForce, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate
from ronghe.policy.values import yuan

from .conditions import all_conditions, contains_all
from .voluntary import RIGHTS

OPTIONS = "exit.compensation.options"
VALUATION = "exit.valuation.methods"
IN_TIME_IN_FULL = "exit.compensation.in_time_in_full"
PAY_WITHIN = "exit.compensation.pay_within"
FUND_RIGHTS = "exit.fund.rights"
FUND_ADVANCE = "exit.fund.advance"
FORMS = "exit.qualification.forms"
HOUSING = "exit.housing_security.conditions"
INSURANCE = "exit.insurance.kept"


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """What a household chooses for its homestead."""

    option: str | None = fact(
        "安置补偿方式", choices=("农村居民点集中安置", "镇区住房安置", "城区住房安置", "货币补偿", "其他")
    )


@rule(
    "exit.compensation_option",
    "宅基地退出的安置补偿方式",
    room="EXI",
    matter="D16",
    covers=("R-091", "R-092"),
    parameters=(OPTIONS,),
)
def compensation_option(facts: OptionFacts, given: Given) -> Ruling[bool | None]:
    """Whether a way of compensation is among those that the zone's document names.

    Source: 青岛 四(二)2; 高青 四(二)5; 淄博 二(二)3.
    """
    return gate([one_of(facts, "option", given[OPTIONS], otherwise=listed_or_added("方式"))])


@dataclass(frozen=True, slots=True)
class ValuationFacts:
    """How the worth of a right is found."""

    method: str | None = fact("价值认定方式", choices=("补偿标准", "政府购买第三方评估", "其他"))


@rule("exit.valuation", "退出权益的价值认定", room="EXI", covers=("R-103",), parameters=(VALUATION,))
def valuation_method(facts: ValuationFacts, given: Given) -> Ruling[bool | None]:
    """Whether the worth of a right is found by a set standard or by an appraiser whom the government pays.

    Source: 青岛 四(四)2; 济南 三(四)2.
    """
    return gate([one_of(facts, "method", given[VALUATION], otherwise="按补偿标准认定，或由政府购买第三方评估")])


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """What was agreed and what was paid."""

    agreed_fen: int | None = fact("约定的补偿", unit="分")
    due_on: date | None = fact("约定的付款日")
    paid_fen: int | None = fact("已付的补偿", unit="分")
    paid_on: date | None = fact("付清日")
    signed_on: date | None = fact("签约日")


@rule(
    "exit.paid_in_time",
    "退出补偿及时足额到位",
    room="EXI",
    covers=("R-100",),
    parameters=(IN_TIME_IN_FULL, PAY_WITHIN),
)
def paid_in_time_and_in_full(facts: PaymentFacts, given: Given) -> Ruling[bool | None]:
    """Whether compensation came in full and not after the day that was agreed.

    及时 has no number of days in the documents; once one is entered, the agreed day must lie within it too.
    Source: 淄博 二(二)5; 济南 三(四)2.
    """
    demand = given[IN_TIME_IN_FULL]
    if demand.value is not True:
        return gate([without_value(demand)])
    within = _agreed_within(facts, given[PAY_WITHIN]) if given[PAY_WITHIN].value is not None else None
    return gate([_in_full(facts, demand), _in_time(facts, demand), within])


def _in_full(facts: PaymentFacts, demand: InForce) -> Step:
    agreed, paid = facts.agreed_fen, facts.paid_fen
    if agreed is None or paid is None:
        missing = unknown(facts, "agreed_fen", "paid_fen")
        return lacks(*missing, finding="约定和已付的补偿没有填全", cite=demand.cite)
    short = "" if paid >= agreed else f"，还差 {yuan(agreed - paid)} 元，先补足"
    return Step(demand.cite, f"约定 {yuan(agreed)} 元，已付 {yuan(paid)} 元{short}", paid >= agreed)


def _in_time(facts: PaymentFacts, demand: InForce) -> Step:
    due, paid = facts.due_on, facts.paid_on
    if due is None or paid is None:
        missing = unknown(facts, "due_on", "paid_on")
        return lacks(*missing, finding="付款日没有填全", cite=demand.cite)
    late = (paid - due).days
    finding = f"约定 {due.isoformat()} 付清，实际 {paid.isoformat()}"
    return Step(demand.cite, finding if late <= 0 else f"{finding}，晚 {late} 天", late <= 0)


def _agreed_within(facts: PaymentFacts, days: InForce) -> Step:
    signed, due = facts.signed_on, facts.due_on
    if signed is None or due is None:
        missing = unknown(facts, "signed_on", "due_on")
        return lacks(*missing, finding=f"签约日和付款日没有填全；{days.title}：{days}", cite=days.cite)
    waited = (due - signed).days
    ok = waited <= cast(int, days.value)
    mend = "" if ok else "，提前约定的付款日"
    return Step(days.cite, f"签约{'后' if waited >= 0 else '前'} {abs(waited)} 日付款，{days.title} {days}{mend}", ok)


@dataclass(frozen=True, slots=True)
class FundFacts:
    """An advance that a special fund is asked for."""

    right: str | None = fact("退出的权益", choices=RIGHTS)
    is_eligible: bool | None = fact("符合退出条件")
    advance_fen: int | None = fact("垫付金额", unit="分")
    balance_fen: int | None = fact("专项基金余额", unit="分")


@rule(
    "exit.fund_advance",
    "专项基金先行垫付",
    room="EXI",
    matter="D18",
    covers=("R-095", "R-096"),
    parameters=(FUND_RIGHTS, FUND_ADVANCE),
)
def fund_may_advance(facts: FundFacts, given: Given) -> Ruling[bool | None]:
    """Whether a special fund may advance the compensation: a fund for this right, an eligible exit, money enough.

    Source: 淄博 二(二)3; 济南 三(四)2.
    """
    rights, advance = given[FUND_RIGHTS], given[FUND_ADVANCE]
    if not rights.is_stated:
        return gate([without_value(rights)])
    return gate(
        [
            one_of(facts, "right", rights, otherwise="先设立这项权益的专项基金"),
            holds(facts, "is_eligible", *advance.cite, otherwise="不符合条件的不得垫付"),
            _enough(facts, rights),
        ]
    )


def _enough(facts: FundFacts, rights: InForce) -> Step:
    advance, balance = facts.advance_fen, facts.balance_fen
    if advance is None or balance is None:
        missing = unknown(facts, "advance_fen", "balance_fen")
        return lacks(*missing, finding="垫付金额和基金余额没有填全", cite=rights.cite)
    finding = f"垫付 {yuan(advance)} 元，基金余额 {yuan(balance)} 元"
    return Step(rights.cite, finding if advance <= balance else f"{finding}，先补足基金", advance <= balance)


# -- what stands in for a homestead, and what a household keeps --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What a household asks for in place of a homestead."""

    form: str | None = fact("资格权的实现形式", choices=("公共租赁住房", "换股权", "换货币", "其他"))
    is_eligible: bool | None = fact("农民符合条件")


@rule(
    "exit.qualification_form",
    "宅基地资格权的实现形式",
    room="EXI",
    matter="D17",
    covers=("R-093",),
    parameters=(FORMS,),
)
def qualification_form(facts: FormFacts, given: Given) -> Ruling[bool | None]:
    """Whether the qualification for a homestead may be realised in this form.

    Source: 济南 三(二)1.
    """
    forms = given[FORMS]
    listed = one_of(facts, "form", forms, otherwise=listed_or_added("形式"))
    return gate([listed, holds(facts, "is_eligible", *forms.cite) if forms.is_stated else None])


@dataclass(frozen=True, slots=True)
class HousingFacts:
    """A household without a homestead that asks for housing security in town."""

    cannot_get_homestead: bool | None = fact("在原地无法享受宅基地资格权")
    fits_housing_security: bool | None = fact("符合城镇住房保障条件")
    has_no_reserve_land: bool | None = fact("没有后备土地提供宅基地")


#: The condition that each fact answers.
_HOUSING = {
    "cannot_get_homestead": "无法享受宅基地资格权",
    "fits_housing_security": "符合城镇住房保障条件",
    "has_no_reserve_land": "没有后备土地提供宅基地",
}


@rule(
    "exit.housing_security",
    "农户纳入城镇住房保障",
    room="EXI",
    matter="D17",
    covers=("R-093", "R-094"),
    parameters=(HOUSING,),
)
def housing_security(facts: HousingFacts, given: Given) -> Ruling[bool | None]:
    """Whether a household that cannot have a homestead is taken into the housing security of the town.

    Source: 青岛 四(二)1; 济南 三(二)1.
    """
    return gate(all_conditions(facts, _HOUSING, given[HOUSING], otherwise="不纳入城镇住房保障"))


@dataclass(frozen=True, slots=True)
class InsuranceFacts:
    """What an exited household is insured for."""

    insured: frozenset[str] | None = fact("退出农户能够参加的社会保险", choices=("医疗保险", "养老保险", "失业保险"))


@rule(
    "exit.insurance_kept",
    "退出农户的社会保险",
    room="EXI",
    matter="D19",
    covers=("R-104",),
    parameters=(INSURANCE,),
)
def insurance_kept(facts: InsuranceFacts, given: Given) -> Ruling[bool | None]:
    """Whether an exited household keeps access to every insurance that the zone's document names.

    Source: 青岛 四(四)2; 淄博 二(二)5.
    """
    return gate([contains_all(facts, "insured", given[INSURANCE], otherwise="先落实参保")])
