"""再次交易与权能: resale, swap, gift, contribution and mortgage within the term, and powers equal to state land."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import absent, asked_for, holds, lacks, not_stated, one_of
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate
from ronghe.policy.values import figure

KINDS = "entry.resale.kinds"
CONSENT = "entry.resale.owner_consent"
CONTRACT = "entry.resale.written_contract"
NOTICE = "entry.resale.written_notice"
POWERS = "entry.powers.same_as_state_land"

LAND_LAW_63_3 = Clause("land-law-2019", "第六十三条第三款")
GRANT_22 = Clause("land-grant-1990", "第二十二条")


@dataclass(frozen=True, slots=True)
class ResaleFacts:
    """A use right that is to be traded again."""

    kind: str | None = fact("再次交易的方式", choices=("转让", "互换", "出资", "赠与", "抵押"))
    remaining_years: Fraction | None = fact("剩余使用年限", unit="年")
    has_owner_consent: bool | None = fact("已经土地所有权人同意")
    is_forbidden_by_contract: bool | None = fact("出让合同约定不得如此交易")
    has_written_contract: bool | None = fact("已签订书面合同")
    has_owner_notice: bool | None = fact("已书面通知土地所有权人")
    new_term_years: Fraction | None = fact("受让人的使用年限", unit="年", required=False)


@rule(
    "entry.owner_consent",
    "使用权再次交易与所有权人同意",
    room="EXC",
    covers=("R-029",),
    parameters=(KINDS, CONSENT, CONTRACT, NOTICE),
)
def owner_consent(facts: ResaleFacts, given: Given) -> Ruling[bool | None]:
    """Whether a use right may be resold, swapped, contributed, given or mortgaged within its term.

    Where the zone asks for the landowner's consent it is asked for every kind (等方式); everywhere the contract may
    forbid it, and the owner is told in writing.
    Source: 土地管理法 第六十三条第三款; 实施条例 第四十三条; 国务院令第55号 第二十二条; 青岛 三(二)4; 淄博 二(一)2(4).
    """
    kinds = given[KINDS]
    if not kinds.is_stated:
        return gate([not_stated("使用权再次交易", KINDS)])
    return gate(
        [
            one_of(facts, "kind", kinds),
            _within_term(facts),
            asked_for(facts, "has_owner_consent", given[CONSENT], otherwise="先经土地所有权人同意"),
            absent(facts, "is_forbidden_by_contract", LAND_LAW_63_3, otherwise="先与土地所有权人变更合同"),
            asked_for(facts, "has_written_contract", given[CONTRACT], otherwise="先签订书面合同"),
            asked_for(facts, "has_owner_notice", given[NOTICE], otherwise="书面通知土地所有权人"),
        ]
    )


def _within_term(facts: ResaleFacts) -> Step:
    """Only what is left of the term can be passed on."""
    left, wanted = facts.remaining_years, facts.new_term_years
    if left is None:
        return lacks("remaining_years", finding="剩余使用年限未知", cite=(GRANT_22,))
    if left <= 0:
        return Step((GRANT_22,), "使用期限已经届满，不能再次交易；先申请续期", False)
    if wanted is not None and wanted > left:
        finding = f"受让人的使用年限 {figure(wanted)} 年 > 剩余 {figure(left)} 年；缩短到剩余年限以内"
        return Step((GRANT_22,), finding, False)
    return Step((GRANT_22,), f"在使用期限内，剩余 {figure(left)} 年", True)


@dataclass(frozen=True, slots=True)
class PowersFacts:
    """A power that the holder of an entered use right wants to use."""

    power: str | None = fact("权能", choices=("转让", "出租", "抵押"))
    has_entered: bool | None = fact("土地已依法入市")
    is_within_term: bool | None = fact("在使用期限内")


@rule(
    "entry.equal_powers",
    "与国有建设用地同等的权能",
    room="EXC",
    covers=("R-030",),
    parameters=(POWERS,),
)
def equal_powers(facts: PowersFacts, given: Given) -> Ruling[bool | None]:
    """Whether the holder has this power as on state land; how it is used is for ``entry.owner_consent``.

    Source: 淄博 二(一)1(3); 济南 四(三)1.
    """
    powers = given[POWERS]
    if not powers.is_stated:
        return gate([not_stated("与国有建设用地同等的权能", POWERS)])
    return gate(
        [
            holds(facts, "has_entered", *powers.cite, otherwise="先依法入市"),
            holds(facts, "is_within_term", *powers.cite, otherwise="先申请续期"),
            one_of(facts, "power", powers),
        ]
    )
