"""入市年限: the longest term of a use, and flexible terms in stages that together must not pass it."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import lacks, listed_or_added, not_stated, one_of, unknown
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate
from ronghe.policy.values import figure

from .uses import OTHER, TERMED

OWN = "entry.term.max_years"
FOLLOWS = "entry.term.follows_state_land"
STATE = "entry.term.state_land_max_years"
LEASE = "entry.term.lease_max_years"
RENEWABLE = "entry.term.renewable"
COLLECTIVE = "entry.term.flexible.collective"
INDUSTRY = "entry.term.flexible.industry"
NEW_INDUSTRIAL = "entry.term.flexible.new_industrial"
POINT = "entry.term.flexible.point"

_OF_KIND = {
    "集体经营性建设用地": COLLECTIVE,
    "产业用地": INDUSTRY,
    "新增工业用地": NEW_INDUSTRIAL,
    "点状用地": POINT,
}
FLEXIBLE, LONG_LEASE, LEASE_THEN_GRANT, PART_LEASE = "弹性年期", "长期租赁", "先租后让", "租让结合"


@dataclass(frozen=True, slots=True)
class TermFacts:
    """The term that a contract is to have."""

    use: str | None = fact("用途", choices=TERMED)
    years: Fraction | None = fact("使用年限", unit="年")
    mode: str | None = fact("有偿使用方式", required=False, choices=("出让", "出租", "作价出资（入股）"))


@rule(
    "entry.max_term",
    "入市最高年限",
    room="EXC",
    matter="D4",
    covers=("R-012", "R-013", "R-014"),
    parameters=(OWN, FOLLOWS, STATE, LEASE),
)
def max_term(facts: TermFacts, given: Given) -> Ruling[bool | None]:
    """Whether a term stays within the longest for its use, and a lease within one lease's longest.

    Where the mode is not known, what a lease may last is told and judges nothing: a grant may last longer.
    The zone's own table comes first; a use that it does not name follows state land of the same use.
    Source: 土地管理法 第六十三条第四款; 国务院令第55号 第十二条; 民法典 第七百零五条; 青岛 三(四)1; 淄博 二(一)1(3); 济南 四(二)2.
    """
    return gate(
        [
            within_longest(facts.use, facts.years, given, names=("use", "years")),
            _lease(facts.years, given) if facts.mode == "出租" else None,
            _if_leased(facts.years, given) if facts.mode is None else None,
        ]
    )


def longest(use: str, given: Given) -> tuple[Fraction, tuple[Clause, ...]] | None:
    """The longest term of a use in years with its clauses; None where nothing says so."""
    own, follows, state = given[OWN], given[FOLLOWS], given[STATE]
    if use in (table := given.table(OWN)):
        return table[use], own.cite
    national = given.table(STATE)
    if not follows.is_stated or OTHER not in national:
        return None
    return national.get(use, national[OTHER]), (*follows.cite, *state.cite)


def within_longest(use: str | None, years: Fraction | None, given: Given, *, names: tuple[str, ...]) -> Step:
    """检查: years may reach the longest term of the use. Args: ``names`` are the facts of use and years."""
    known_use, *known_years = names
    if use is None:
        unknown = [known_use, *(known_years if years is None else [])]
        return lacks(*unknown, finding="不知道用途，不能确定最高年限", cite=given[OWN].cite or given[FOLLOWS].cite)
    found = longest(use, given)
    if found is None:
        return not_stated(f"{use}的最高年限", OWN, STATE)
    limit, cite = found
    if years is None:
        return lacks(*known_years, finding=f"{use}的最高年限 {figure(limit)} 年，使用年限未知", cite=cite)
    if years <= limit:
        return Step(cite, f"使用年限 {figure(years)} 年 ≤ {use}的最高年限 {figure(limit)} 年", True)
    finding = f"使用年限 {figure(years)} 年 > {use}的最高年限 {figure(limit)} 年；缩短到 {figure(limit)} 年以内"
    return Step(cite, finding, False)


def _lease(years: Fraction | None, given: Given) -> Step | None:
    limit, bound = given[LEASE], given.number(LEASE)
    if bound is None or years is None:
        return None  # an unknown term is told by the check of the use
    if years <= bound:
        return Step(limit.cite, f"出租 {figure(years)} 年 ≤ 一次出租最长 {figure(bound)} 年", True)
    finding = f"出租 {figure(years)} 年 > 一次出租最长 {figure(bound)} 年，超过的部分无效；到期可以续订"
    return Step(limit.cite, finding, False)


def _if_leased(years: Fraction | None, given: Given) -> Step | None:
    """A line without judgement beyond what one lease may last."""
    lease = _lease(years, given)
    if lease is None or lease.ok:
        return None
    return Step(lease.cite, f"没有说明有偿使用方式，如果是出租：{lease.finding}")


@dataclass(frozen=True, slots=True)
class FlexibleFacts:
    """A term in stages."""

    land_kind: str | None = fact("用地类型", choices=tuple(_OF_KIND))
    arrangement: str | None = fact("年期方式", choices=(FLEXIBLE, LONG_LEASE, LEASE_THEN_GRANT, PART_LEASE))
    use: str | None = fact("用途", choices=TERMED)
    first_years: Fraction | None = fact("首段年期", unit="年")
    later_years: Fraction | None = fact("以后各段年期合计", unit="年")


@rule(
    "entry.flexible_term",
    "弹性年期与分段年期",
    room="EXC",
    matter="D4",
    covers=("R-015", "R-016"),
    parameters=(COLLECTIVE, INDUSTRY, NEW_INDUSTRIAL, POINT, RENEWABLE, OWN, FOLLOWS, STATE, LEASE),
)
def flexible_term(facts: FlexibleFacts, given: Given) -> Ruling[bool | None]:
    """Whether this land may have its term in this way, and all stages together stay within the longest of the use.

    What is left up to the longest is told. The first stage of a long lease or of lease-then-grant is itself one lease.
    Source: 青岛 三(四)1、二(一)1; 淄博 二(一)1(3)、二(五)1; 济南 四(二)2、八(一); 民法典 第七百零五条.
    """
    if not any(given[name].is_stated for name in _OF_KIND.values()):
        return gate([not_stated("灵活年期方式", *_OF_KIND.values())])
    first, later, renewable = facts.first_years, facts.later_years, given[RENEWABLE]
    total = None if first is None or later is None else first + later
    names = ("use", *unknown(facts, "first_years", "later_years"))
    return gate(
        [
            _arrangement(facts, given),
            within_longest(facts.use, total, given, names=names),
            _lease(first, given) if facts.arrangement in (LONG_LEASE, LEASE_THEN_GRANT) else None,
            _left(facts.use, total, given),
            Step(renewable.cite, renewable.title) if renewable.value is True else None,
        ]
    )


def _arrangement(facts: FlexibleFacts, given: Given) -> Step:
    if facts.land_kind is None:
        cite = next((given[name].cite for name in _OF_KIND.values() if given[name].is_stated), ())
        return lacks("land_kind", finding="不知道用地类型，不能确定准许的年期方式", cite=cite)
    return one_of(facts, "arrangement", given[_OF_KIND[facts.land_kind]], otherwise=listed_or_added("方式"))


def _left(use: str | None, total: Fraction | None, given: Given) -> Step | None:
    found = longest(use, given) if use is not None else None
    if found is None or total is None or total > found[0]:
        return None
    limit, cite = found
    return Step(cite, f"剩余可用年期 {figure(limit)} − {figure(total)} = {figure(limit - total)} 年")
