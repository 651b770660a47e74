"""自愿有偿: what holds for every exit of every right: freely, for pay, lawfully, and never as the price of a town register."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ronghe.policy.checks import at_least, holds, lacks, not_stated, without_value
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate

PRINCIPLES = "exit.principles"
WRITTEN_APPLICATION = "exit.written_application"
HOUSEHOLD_CONSENT = "exit.household_consent"
NOTICE_MONTHS = "exit.land.notice_months"
KEPT_RIGHTS = "exit.settlement.kept_rights"

_HOMESTEAD_LAW = Clause("land-law-2019", "第六十二条")
_LAND_LAW = Clause("contracting-law-2018", "第二十七条")
_LAND_NOTICE = Clause("contracting-law-2018", "第三十条")

HOMESTEAD, LAND, SHARES = "宅基地", "承包地", "集体资产股权"
RIGHTS = (HOMESTEAD, LAND, SHARES)


@dataclass(frozen=True, slots=True)
class VoluntaryFacts:
    """How a household comes to leave a right."""

    is_lawful: bool | None = fact("依法办理")
    is_voluntary: bool | None = fact("农户自愿")
    is_compensated: bool | None = fact("有偿")


_MEND: Mapping[str, tuple[str, str]] = {
    "依法": ("is_lawful", "补齐依法应有的手续"),
    "自愿": ("is_voluntary", "不得强制退出，终止办理"),
    "有偿": ("is_compensated", "先约定补偿"),
}


@rule("exit.voluntary", "依法自愿有偿退出", room="EXI", covers=("R-080",), parameters=(PRINCIPLES,))
def exit_is_voluntary(facts: VoluntaryFacts, given: Given) -> Ruling[bool | None]:
    """Whether an exit is lawful, voluntary and paid. A hard veto in every zone: no exit is ever compulsory.

    Where a zone's document leaves one of the three out (Minhou does not write 自愿), the law says it.
    Source: 青岛 四、四(二)2; 淄博 二(二)、二(二)3; 闽侯 二(一)2、二(二)2; 高青 四(二)、四(二)5; 济南 三、三(二)2;
        土地管理法 第六十二条; 农村土地承包法 第二十七条.
    """
    named, cite = given.members(PRINCIPLES), given[PRINCIPLES].cite
    return gate(
        holds(facts, name, *(cite if principle in named else (_HOMESTEAD_LAW, _LAND_LAW)), otherwise=mend)
        for principle, (name, mend) in _MEND.items()
    )


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """Who has asked for the exit, and when."""

    right: str | None = fact("退出的权益", choices=RIGHTS)
    has_written_application: bool | None = fact("农户已书面申请（承包地为书面通知发包方）")
    adults: int | None = fact("成年家庭成员", unit="人", required=False)
    consenting_adults: int | None = fact("同意的成年家庭成员", unit="人", required=False)
    notice_months: int | None = fact("提前书面通知的时间（整月）", unit="个月", required=False)


@rule(
    "exit.consent",
    "农户退出的申请与同意",
    room="EXI",
    covers=("R-080",),
    parameters=(WRITTEN_APPLICATION, HOUSEHOLD_CONSENT, NOTICE_MONTHS),
)
def household_consents(facts: ConsentFacts, given: Given) -> Ruling[bool | None]:
    """Whether the household itself asks for the exit: for contracted land in writing, half a year ahead.

    No law asks for the writing where a homestead or shares are left, and none for all adults of the household to agree:
    both are asked for only where somebody has put that into force.
    Source: 农村土地承包法 第三十条.
    """
    return gate(_consent(facts, given))


def _consent(facts: ConsentFacts, given: Given) -> Iterator[Step]:
    if facts.right is None:
        yield lacks("right", finding="不知道退出哪一项权益")
    elif facts.right == LAND:
        yield holds(facts, "has_written_application", _LAND_NOTICE, otherwise="由农户书面通知发包方")
        yield at_least(facts, "notice_months", given[NOTICE_MONTHS])
    elif given.flag(WRITTEN_APPLICATION):
        yield holds(facts, "has_written_application", *given[WRITTEN_APPLICATION].cite, otherwise="由农户书面申请")
    elif not given.flag(HOUSEHOLD_CONSENT):
        yield not_stated(f"退出{facts.right}的申请和同意", WRITTEN_APPLICATION, HOUSEHOLD_CONSENT)
    if given.flag(HOUSEHOLD_CONSENT):
        yield _all_agree(facts, given[HOUSEHOLD_CONSENT].cite)


def _all_agree(facts: ConsentFacts, cite: tuple[Clause, ...]) -> Step:
    total, agreed = facts.adults, facts.consenting_adults
    if not total or agreed is None or agreed > total:
        finding = "成年家庭成员和同意人数没有填全或互相矛盾，请核对"
        return lacks("adults", "consenting_adults", finding=finding, cite=cite)
    ok = agreed == total
    mend = "" if ok else "；须全体同意"
    return Step(cite, f"成年家庭成员 {total} 人，同意 {agreed} 人{mend}", ok)


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """What a household that settles in town is asked to give up."""

    demanded: frozenset[str] | None = fact(
        "进城落户时被要求退出的权益（没有则为空）", choices=("宅基地", "土地承包经营权", "集体收益分配权")
    )


@rule(
    "exit.settlement_protection",
    "进城落户不得以退出权益为条件",
    room="EXI",
    covers=("R-105",),
    parameters=(KEPT_RIGHTS,),
)
def settlement_costs_no_right(facts: SettlementFacts, given: Given) -> Ruling[bool | None]:
    """Whether settling in town leaves the farmer's rights alone. A hard veto.

    Source: 青岛 四(一)1; 闽侯 二(一)2; 农村土地承包法 第二十七条; 土地管理法实施条例 第三十六条.
    """
    kept = given[KEPT_RIGHTS]
    if kept.value is None:
        return gate([without_value(kept)])
    if facts.demanded is None:
        return gate([lacks("demanded", finding="不知道进城落户时是否被要求退出权益", cite=kept.cite)])
    tied = sorted(facts.demanded & given.members(KEPT_RIGHTS))
    if tied:
        return gate([Step(kept.cite, f"不得以退出{'、'.join(tied)}作为进城落户的条件，撤销这项要求", False)])
    if facts.demanded:
        other = "、".join(sorted(facts.demanded))
        return gate([lacks(KEPT_RIGHTS, finding=f"要求退出{other}，{kept.title}中没有写明", cite=kept.cite)])
    return gate([Step(kept.cite, "进城落户没有要求退出权益", True)])
