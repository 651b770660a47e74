"""入市收益: when the levy is due, who shares in it, what it may be spent on, and who gets what is left.

The amounts follow the rate tables of local rules; what stands here is decided without them.
"""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import at_most, holds, lacks, listed_or_added, one_of, unknown
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, calculated, cannot_say, gate
from ronghe.policy.values import yuan

ON_ENTRY = "proceeds.levy.on_entry"
ALTERNATIVES = "proceeds.levy.alternatives"
RESALE_ACTS = "proceeds.levy.resale_acts"
INCREMENT_ACTS = "proceeds.levy.increment_acts"
CITY_SHARE = "proceeds.levy.city_share"
PURPOSES = "proceeds.levy.purposes"
REVOLVING = "proceeds.levy.revolving"
REMAINDER_TO = "proceeds.increment.remainder_to"

ENTRY, OTHER_RESALE = "入市交易", "其他方式再转让"
_RESALES = ("转让", "互换", "赠与", OTHER_RESALE)
_INCREMENTS = ("改变土地用途", "提高容积率")


@dataclass(frozen=True, slots=True)
class LevyFacts:
    """What is done with collective construction land."""

    act: str | None = fact("行为", choices=(ENTRY, *_RESALES, *_INCREMENTS))
    has_gain: bool | None = fact("取得再转让收益或增值收益")


@rule(
    "proceeds.levy_due",
    "应否缴纳土地增值收益调节金",
    room="PRO",
    matter="D10",
    covers=("R-058", "R-061", "R-065", "R-069", "R-070"),
    parameters=(ON_ENTRY, ALTERNATIVES, RESALE_ACTS, INCREMENT_ACTS),
)
def levy_due(facts: LevyFacts, given: Given) -> Ruling[bool | None]:
    """Whether an act makes the levy due: market entry, resale with a gain, or a change that raises the land's value.

    In Jinan entry makes the levy or land value-added tax due; which of them, ``proceeds.levy_or_vat`` checks.
    The documents name the ways of resale with 等: any other way makes the levy due too.
    Source: 青岛 三(三)1、三(三)2; 淄博 二(一)3(1)、二(一)3(3); 济南 四(三)2.
    """
    if facts.act is None:
        return gate([lacks("act", finding="不知道是哪一种行为")])
    if facts.act == ENTRY:
        return gate([_due_on_entry(given)])
    acts = given[RESALE_ACTS if facts.act in _RESALES else INCREMENT_ACTS]
    gain = holds(facts, "has_gain", *acts.cite, otherwise="没有收益，不需缴纳") if acts.is_stated else None
    if facts.act == OTHER_RESALE and acts.value is not None:
        return gate([Step(acts.cite, f"{acts.title}（{acts}）以“等”列举，其他方式再转让一样缴纳", True), gain])
    return gate([one_of(facts, "act", acts), gain])


def _due_on_entry(given: Given) -> Step:
    entry, either = given[ON_ENTRY], given[ALTERNATIVES]
    if entry.value is not None:
        return Step(entry.cite, f"{entry.title}：{entry}", entry.value is True)
    if either.value is not None:
        return Step(either.cite, f"入市主体应在{either}中择一缴纳", True)
    return lacks(ON_ENTRY, finding=f"{entry.title}：{entry}", cite=entry.cite)


@dataclass(frozen=True, slots=True)
class LevyOrVatFacts:
    """What the body that brings land to market pays."""

    pays_levy: bool | None = fact("缴纳土地增值收益调节金")
    pays_vat: bool | None = fact("缴纳土地增值税")


@rule(
    "proceeds.levy_or_vat",
    "调节金与土地增值税择一缴纳",
    room="PRO",
    matter="D10",
    covers=("R-065",),
    parameters=(ALTERNATIVES,),
)
def levy_or_vat(facts: LevyOrVatFacts, given: Given) -> Ruling[bool | None]:
    """Whether exactly one of the levy and land value-added tax is paid on entry.

    Source: 济南 四(三)2.
    """
    either = given[ALTERNATIVES]
    missing = (*unknown(facts, "pays_levy", "pays_vat"), *((ALTERNATIVES,) if either.value is None else ()))
    if missing:
        return gate([lacks(*missing, finding=f"{either.title}：{either}；缴纳情况没有填全", cite=either.cite)])
    if facts.pays_levy and facts.pays_vat:
        return gate([Step(either.cite, f"{either}只缴一种，退还或抵减多缴的一种", False)])
    ok = bool(facts.pays_levy or facts.pays_vat)
    return gate([Step(either.cite, f"{either}{'已缴其中一种' if ok else '都没有缴纳，应择一缴纳'}", ok)])


@dataclass(frozen=True, slots=True)
class CityShareFacts:
    """How the levy is divided between levels of government."""

    city_share: Fraction | None = fact("市级分享调节金的比例")
    is_pilot_period: bool | None = fact("在试验期内")


@rule(
    "proceeds.city_share",
    "市级不参与调节金分成",
    room="PRO",
    matter="D11",
    covers=("R-059",),
    parameters=(CITY_SHARE,),
)
def city_share_allowed(facts: CityShareFacts, given: Given) -> Ruling[bool | None]:
    """Whether the city's share of the levy is allowed: none in the pilot period. A hard veto.

    After the pilot period the document limits nothing.
    Source: 青岛 三(三)1.
    """
    limit = given[CITY_SHARE]
    within = at_most(facts, "city_share", limit)
    if within.ok is not False or facts.is_pilot_period is True:
        return gate([within])
    if facts.is_pilot_period is None:
        return gate([lacks("is_pilot_period", finding=f"{within.finding}；不知道是否在试验期内", cite=limit.cite)])
    return gate([Step(limit.cite, "试验期已满，文件不再限制市级分成", True)])


@dataclass(frozen=True, slots=True)
class LevySpendingFacts:
    """A payment out of the levy."""

    purpose: str | None = fact(
        "支出用途",
        choices=(
            "乡村振兴", "城乡融合发展", "城镇基础设施", "农村基础设施", "农村环境整治", "土地前期开发",
            "土地开发整理周转垫付", "困难群众社保补贴", "特困救助", "其他",
        ),
    )  # fmt: skip
    is_to_be_repaid: bool | None = fact("垫付资金已有归还安排", required=False)


@rule(
    "proceeds.levy_spending",
    "调节金的准许用途",
    room="PRO",
    matter="D12",
    covers=("R-060", "R-062", "R-063"),
    parameters=(PURPOSES, REVOLVING),
)
def levy_spending(facts: LevySpendingFacts, given: Given) -> Ruling[bool | None]:
    """Whether the levy may be spent so: only for a purpose that the zone's document lists. A hard veto.

    主要用于 and 等 leave the lists open; opening them is for the zone's office, not for whoever pays.
    Money that is only advanced must come back (周转垫付).
    Source: 青岛 三(三)1; 淄博 二(一)3(2); 高青 四(二)6.
    """
    revolving = given[REVOLVING]
    advanced = facts.purpose is not None and facts.purpose in given.members(REVOLVING)
    repaid = holds(facts, "is_to_be_repaid", *revolving.cite, otherwise="先定归还安排") if advanced else None
    listed = one_of(facts, "purpose", given[PURPOSES], otherwise=listed_or_added("用途"))
    return gate([listed, repaid])


@dataclass(frozen=True, slots=True)
class RemainderFacts:
    """The increment that a change of use or a higher plot ratio made, and the levy on it."""

    increment_fen: int | None = fact("土地增值收益", unit="分")
    levy_fen: int | None = fact("应缴调节金", unit="分")


@rule(
    "proceeds.increment_remainder",
    "增值收益余额归土地所有权人",
    room="PRO",
    covers=("R-071",),
    parameters=(REMAINDER_TO,),
)
def increment_remainder(facts: RemainderFacts, given: Given) -> Ruling[int] | Ruling[None]:
    """What is left of the increment after the levy, in fen; it goes to the landowner.

    Source: 青岛 三(三)2.
    """
    owner = given[REMAINDER_TO]
    increment, levy = facts.increment_fen, facts.levy_fen
    if increment is None or levy is None or owner.value is None:
        names = (*unknown(facts, "increment_fen", "levy_fen"), *((REMAINDER_TO,) if owner.value is None else ()))
        return cannot_say(lacks(*names, finding=f"{owner.title}：{owner}", cite=owner.cite))
    if levy > increment:
        finding = "应缴调节金大于增值收益，请核对两个数"
        return cannot_say(lacks("increment_fen", "levy_fen", finding=finding, cite=owner.cite))
    left = increment - levy
    return calculated(left, [Step(owner.cite, f"{yuan(increment)} − {yuan(levy)} = {yuan(left)} 元，支付给{owner}")])
