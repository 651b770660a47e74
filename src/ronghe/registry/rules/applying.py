"""申请登记的规则: whether an application may be taken in, whether everything was looked at before entry, what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import at_least, at_most, holds, lacks, without_value
from ronghe.policy.rulebook import Given, InForce, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate

from .hindrances import MATTERS as REGISTRATIONS
from .kinds import UnitKind
from .matters import CAUSE_TITLES, Cause, Matter

ONE_SIDED = "registration.one_sided.causes"
OPERATION_YEARS = "registration.operation_right.min_years"
LETTING_YEARS = "registration.letting.max_years"
DEED_TAX = "registration.deed_tax.proof_required"
FEES = "registration.fee.by_class"
FREE = "registration.fee.free_kinds"
TOGETHER_ART = Clause("registration-regulation-2019", "第十四条")
MATERIALS_ART = Clause("registration-regulation-2019", "第十六条")
#: How fees are told apart (``registration.fee.by_class``).
DWELLING, OTHER_USE = "住宅类", "非住宅类"
_CLASSES = {
    UnitKind.HOMESTEAD: "宅基地",
    UnitKind.CONTRACTED: "承包地",
    UnitKind.CONTRACTED_FOREST: "承包地",
}


@dataclass(frozen=True, slots=True)
class AdmissionFacts:
    """What an application says of itself."""

    matter: str | None = fact("申请的登记", choices=REGISTRATIONS)
    cause: str | None = fact("登记原因", choices=tuple(CAUSE_TITLES.values()))
    is_joint: bool | None = fact("双方共同申请", required=False)
    is_over: bool | None = fact("权利已随权利人死亡（终止）消灭", required=False)
    term_years: int | None = fact("流转期限", unit="年", required=False)


@rule(
    "registration.admission",
    "登记申请由谁提出、能否受理",
    room="REG",
    covers=(),
    parameters=(ONE_SIDED, OPERATION_YEARS, LETTING_YEARS),
)
def admission(facts: AdmissionFacts, given: Given) -> Ruling[bool | None]:
    """Whether an application may be taken in: by both sides, or by one where its cause allows that.

    That a right has ended with its holder one side alone may say, where the book and the roll of persons say so too; that
    the parties have agreed to end it, both say.
    An operation right is registered from the least number of years on; the parties choose whether to register it. A homestead
    is let for no more years than a lease may run, so that no sale hides in it; one contributed to an enterprise is no lease.
    Source: 不动产登记暂行条例 第十四条; 民法典 第三百四十一、七百零五条.
    """
    if facts.matter is None or facts.cause is None:
        return gate([lacks("matter", "cause", finding="没有说明申请的是哪一类登记和登记原因")])
    term = None
    if facts.matter == "经营权登记":
        term = at_least(facts, "term_years", given[OPERATION_YEARS])
    elif facts.matter == "流转登记" and facts.cause == Cause.CONTRACT.title:
        term = at_most(facts, "term_years", given[LETTING_YEARS])
    return gate([_by_whom(facts, given[ONE_SIDED], given.members(ONE_SIDED)), term])


def _by_whom(facts: AdmissionFacts, causes: InForce, members: frozenset[str]) -> Step:
    if facts.is_joint:
        return Step((TOGETHER_ART,), "双方共同申请", True)
    if causes.value is None:
        return without_value(causes)
    if facts.cause in members and facts.cause == Cause.EXPIRY.title and facts.is_over is not True:
        return _not_over(facts, causes)
    if facts.cause in members:
        return Step(causes.cite, f"“{facts.cause}”可由当事人单方申请", True)
    if facts.is_joint is None:
        return lacks(
            "is_joint", finding=f"“{facts.cause}”不是可单方申请的情形，没有说明是否双方共同申请", cite=causes.cite
        )
    return Step(causes.cite, f"“{facts.cause}”须由双方共同申请，请另一方到场或提交双方签字的申请", False)


def _not_over(facts: AdmissionFacts, causes: InForce) -> Step:
    """Where nobody knows that the right has ended, one side alone is not believed."""
    if facts.is_over is None or facts.is_joint is None:
        names = [name for name in ("is_over", "is_joint") if getattr(facts, name) is None]
        return lacks(*names, finding="不知道权利是否已经消灭，也没有说明是否双方共同申请", cite=causes.cite)
    return Step(
        causes.cite,
        "登记簿上期限没有届满，权利人也没有死亡（终止）的记录：请先在权利人名册登记死亡，或由双方共同申请",
        False,
    )


@dataclass(frozen=True, slots=True)
class ExaminationFacts:
    """What was looked at."""

    is_taxed: bool | None = fact("须缴纳契税的转移")
    has_deed_tax_proof: bool | None = fact("已查验契税完税或免税凭证", required=False)
    needs_site_check: bool | None = fact("须实地查看")
    has_site_record: bool | None = fact("已有实地查看记录", required=False)


@rule(
    "registration.examination",
    "登簿前须查验的凭证和现场",
    room="REG",
    covers=(),
    parameters=(DEED_TAX,),
)
def examination(facts: ExaminationFacts, given: Given) -> Ruling[bool | None]:
    """Whether everything was looked at that must be before an entry: deed-tax proof, and the place where it is asked for.

    Source: 契税法 第十一条; 不动产登记暂行条例 第十六条.
    """
    if facts.is_taxed is None or facts.needs_site_check is None:
        names = [name for name in ("is_taxed", "needs_site_check") if getattr(facts, name) is None]
        return gate([lacks(*names, finding="不知道是否须查验契税凭证、是否须实地查看")])
    demand = given[DEED_TAX]
    tax = Step(demand.cite, "不涉及契税", True)
    if facts.is_taxed and given.flag(DEED_TAX):
        tax = holds(facts, "has_deed_tax_proof", *demand.cite, otherwise="请补交契税完税或免税凭证")
    site = Step((MATERIALS_ART,), "不须实地查看", True)
    if facts.needs_site_check:
        site = holds(facts, "has_site_record", MATERIALS_ART, otherwise="请实地查看并上传查看记录")
    return gate([tax, site])


@dataclass(frozen=True, slots=True)
class Fee:
    """登记费: how much, where that is fixed, and the sentence that says whence."""

    fee_fen: int | None
    note: str


def fee_class(registration: str, unit: UnitKind) -> str:
    """By what line of ``registration.fee.by_class`` a registration on such a unit is charged."""
    return _CLASSES.get(unit, DWELLING if registration == Matter.RESIDENCE.told.registration else OTHER_USE)


def fee_of(registration: str, *, unit: UnitKind, values: Mapping[str, InForce]) -> Fee:
    """What a registration costs by the parameters of its zone; nothing where no document that is in use fixes it.

    Args: ``values`` are ``registration.fee.by_class`` (yuan for one piece) and ``registration.fee.free_kinds``.
    """
    free, table = values.get(FREE), values.get(FEES)
    if free is not None and isinstance(free.value, frozenset | tuple | list) and registration in free.value:
        return Fee(0, "不收登记费")
    kind = fee_class(registration, unit)
    lines = table.value if table is not None and isinstance(table.value, Mapping) else {}
    yuan = lines.get(kind)
    if yuan is None:
        return Fee(None, f"登记费（{kind}）：{table if table is not None else '没有规定'}")
    fen = Fraction(yuan) * 100
    return Fee(int(fen), f"{kind}，按件收取")
