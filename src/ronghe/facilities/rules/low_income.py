"""低保标准: one standard for town and country, or one that follows what people spend."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import lacks, not_stated, share_at_least, unknown
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate
from ronghe.policy.values import figure

UNIFIED = "service.low_income.unified"
LINKED_TO = "service.low_income.linked_to"
SHARE = "service.low_income.share_of_consumption"


@dataclass(frozen=True, slots=True)
class LowIncomeFacts:
    """The standards of a year, per person and month."""

    urban_yuan: Fraction | None = fact("城镇低保标准", unit="元")
    rural_yuan: Fraction | None = fact("农村低保标准", unit="元")
    consumption_yuan: Fraction | None = fact("人均月消费支出", unit="元")


@rule(
    "service.low_income_standard",
    "城乡低保标准",
    room="SVC",
    matter="D26",
    covers=("R-187", "R-188"),
    parameters=(UNIFIED, LINKED_TO, SHARE),
)
def low_income_standard(facts: LowIncomeFacts, given: Given) -> Ruling[bool | None]:
    """Whether the low-income standards of a year are as the zone's document wants them.

    Minhou: the same in town and country. Zibo: both at least the share of consumption that the place has fixed.
    Source: 闽侯 二(六)4; 淄博 二(七)5.
    """
    if not (given[UNIFIED].is_stated or given[LINKED_TO].is_stated):
        return gate([not_stated("低保标准", UNIFIED, LINKED_TO)])
    return gate(
        [
            _same(facts, given) if given.flag(UNIFIED) else None,
            *(_follows(facts, given, name) for name in ("urban_yuan", "rural_yuan") if given[LINKED_TO].is_stated),
        ]
    )


def _same(facts: LowIncomeFacts, given: Given) -> Step:
    cite, urban, rural = given[UNIFIED].cite, facts.urban_yuan, facts.rural_yuan
    if urban is None or rural is None:
        missing = unknown(facts, "urban_yuan", "rural_yuan")
        return lacks(*missing, finding="不知道城镇或农村的低保标准", cite=cite)
    ok = urban == rural
    finding = f"城镇 {figure(urban)} 元，农村 {figure(rural)} 元，{'标准统一' if ok else '标准不统一，应当统一'}"
    return Step(cite, finding, ok)


def _follows(facts: LowIncomeFacts, given: Given, name: str) -> Step:
    """The share is for the place to fix: a document that orders the link without it leaves the check undecidable."""
    return share_at_least(facts, name, "consumption_yuan", given[SHARE], within=False, otherwise="应当调高")
