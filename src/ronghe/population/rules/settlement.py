"""落户: on what ground somebody may settle in a town of the zone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import asked_for, at_least, holds, lacks, not_stated, one_of
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, calculated, cannot_say, gate
from ronghe.policy.values import figure

HOME = "population.settlement.home_kind"
HOME_AREA = "population.settlement.home_area"
MIGRANTS_ONLY = "population.settlement.migrants_only"
FAMILY = "population.settlement.home_family"
KEY_GROUPS = "population.settlement.key_groups"
YEARS = "population.settlement.years_min"
OPEN = "population.settlement.open_areas"
POINTS = "population.settlement.points_relaxed"
ZERO = "population.settlement.zero_threshold"
RENTAL = "population.settlement.registered_rental"
LINKED = "population.land_link.by_settled"
PER_PERSON = "population.land_link.m2_per_person"

LOCAL, OUTSIDE = "本市户籍", "外地户籍"
RENTED = "登记备案的租赁私有住房"
BY_YEARS, WITH_FAMILY = "进城就业生活满规定年限", "举家迁徙"
OTHER_GROUPS = ("稳定就业的新生代农民工", "农村学生升学进城", "参军进城")


@dataclass(frozen=True, slots=True)
class SettlementFacts:
    """What is known of a person who wants to settle; every fact opens a way of its own."""

    place: str | None = fact("落户地（区、市、县）")
    origin: str | None = fact("户籍来源", choices=(LOCAL, OUTSIDE))
    home: str | None = fact("合法固定住所", choices=("商品住宅", RENTED, "没有"))
    is_home_in_area: bool | None = fact("合法固定住所位于文件写明的城区")
    relation: str | None = fact("与住所权利人的关系", required=False, choices=("本人", "配偶", "未婚子女", "其他"))
    years: Fraction | None = fact("进城就业生活年限", unit="年")
    whole_family: bool | None = fact("举家迁徙")
    group: str | None = fact("所属人群", choices=(*OTHER_GROUPS, "其他"))
    joins_kin: bool | None = fact("投靠近亲属")
    is_rural_migrant: bool | None = fact("属于农业转移人口")


@rule(
    "population.settlement",
    "落户条件",
    room="POP",
    matter="D25",
    covers=("R-170", "R-171", "R-172", "R-173"),
    parameters=(HOME, HOME_AREA, MIGRANTS_ONLY, FAMILY, KEY_GROUPS, YEARS, OPEN, POINTS, ZERO, RENTAL),
)
def settlement(facts: SettlementFacts, given: Given) -> Ruling[bool | None]:
    """Whether a person may settle: one of the ways that the zone opens is enough.

    By a home in the city proper a rural migrant of this city settles without more; from elsewhere the home also carries
    spouse and unmarried children. Years of work and moving as a family open a way to rural migrants alone too; the three
    counties are open to everybody.
    Whoever meets no way is not refused for good where points are counted leniently: the finding says so.
    Source: 青岛 七(一)1; 闽侯 二(一)1.
    """
    ways = list(_ways(facts, given))
    if not ways:
        return gate([not_stated("落户条件", OPEN, HOME, KEY_GROUPS, ZERO)])
    return gate([next((way for way in ways if way.ok), None) or _none_met(ways, given)])


def _none_met(ways: list[Step], given: Given) -> Step:
    """No way is met: undecidable while one of them lacks a fact, else a no that says what else there is."""
    cite = tuple(dict.fromkeys(clause for way in ways for clause in way.cite))
    finding = "；".join(way.finding for way in ways)
    if missing := tuple(dict.fromkeys(name for way in ways for name in way.missing)):
        return lacks(*missing, finding=finding, cite=cite)
    points = "，可以申请赋分落户" if given.flag(POINTS) else ""
    return Step(cite, f"{finding}；不符合直接落户的条件{points}", False)


def _ways(facts: SettlementFacts, given: Given) -> Iterator[Step]:
    if given[OPEN].is_stated:
        yield one_of(facts, "place", given[OPEN])
    if given[HOME].is_stated:
        yield _by_home(facts, given)
    if given[KEY_GROUPS].is_stated:
        yield from _by_group(facts, given)
    if given[ZERO].is_stated:
        yield from _by_zero_threshold(facts, given)
    if given.flag(RENTAL):
        yield _stated(facts.home, "home", facts.home == RENTED, f"住所：{facts.home or '未知'}", given, RENTAL)


def _by_home(facts: SettlementFacts, given: Given) -> Step:
    """A home of the kind and at the place that the zone takes, however small, of a person whom it carries."""
    area, migrants = given[HOME_AREA], given[MIGRANTS_ONLY]
    demands = [
        one_of(facts, "home", given[HOME]),
        holds(facts, "is_home_in_area", *area.cite, otherwise=f"须位于{area}") if area.is_stated else None,
        asked_for(facts, "is_rural_migrant", migrants),
        _carried(facts, given),
    ]
    return _all_of(demands)


def _carried(facts: SettlementFacts, given: Given) -> Step | None:
    """A person of this city needs the home alone; one from elsewhere is the owner, the spouse or an unmarried child."""
    if facts.origin == LOCAL:
        return None
    if facts.origin is None:
        return lacks("origin", finding="不知道户籍来源", cite=given[FAMILY].cite)
    return one_of(facts, "relation", given[FAMILY])


def _all_of(demands: Sequence[Step | None]) -> Step:
    """The demands of one way as one step: one that fails closes the way, one that lacks a fact leaves it open."""
    made = [step for step in demands if step is not None]
    shut = [step for step in made if step.ok is False]
    told = shut or [step for step in made if step.missing] or made
    cite = tuple(dict.fromkeys(clause for step in told for clause in step.cite))
    missing = () if shut else tuple(dict.fromkeys(name for step in told for name in step.missing))
    return Step(cite, "；".join(step.finding for step in told), None if missing else not shut, missing)


def _by_group(facts: SettlementFacts, given: Given) -> Iterator[Step]:
    groups, cite = given.members(KEY_GROUPS), given[KEY_GROUPS].cite
    migrant = asked_for(facts, "is_rural_migrant", given[MIGRANTS_ONLY])
    if BY_YEARS in groups:
        yield _all_of([at_least(facts, "years", given[YEARS]), migrant])
    if WITH_FAMILY in groups:
        yield _all_of([holds(facts, "whole_family", *cite), migrant])
    if groups & set(OTHER_GROUPS):
        yield one_of(facts, "group", given[KEY_GROUPS])


def _by_zero_threshold(facts: SettlementFacts, given: Given) -> Iterator[Step]:
    ways = given.members(ZERO)
    if "市外迁入" in ways:
        yield _stated(
            facts.origin, "origin", facts.origin == OUTSIDE, f"户籍来源：{facts.origin or '未知'}", given, ZERO
        )
    if "近亲属投靠" in ways:
        yield holds(facts, "joins_kin", *given[ZERO].cite)


def _stated(value: str | None, name: str, ok: bool, finding: str, given: Given, parameter: str) -> Step:
    cite = given[parameter].cite
    return lacks(name, finding=finding, cite=cite) if value is None else Step(cite, finding, ok)


@dataclass(frozen=True, slots=True)
class LandLinkFacts:
    """How many people settled in the year."""

    settled: int | None = fact("上一年度吸纳落户的农业转移人口", unit="人")


@rule(
    "population.linked_land",
    "与落户数挂钩的城镇建设用地",
    room="POP",
    covers=("R-176",),
    parameters=(LINKED, PER_PERSON),
)
def linked_land(facts: LandLinkFacts, given: Given) -> Ruling[Fraction | None]:
    """The growth of town construction land that the number settled earns, in m².

    The documents order the link and leave the figure to the place. Source: 青岛 七(一)2; 闽侯 二(一)2.
    """
    figure_set = given[PER_PERSON]
    if not given[LINKED].is_stated:
        return cannot_say(not_stated("建设用地与落户数挂钩", LINKED))
    per_person = given.number(PER_PERSON)
    if facts.settled is None or per_person is None:
        wanting = (*(("settled",) if facts.settled is None else ()), *((PER_PERSON,) if per_person is None else ()))
        settled = "未知" if facts.settled is None else f"{facts.settled} 人"
        finding = f"落户 {settled}，{figure_set.title}：{figure_set}"
        return cannot_say(lacks(*wanting, finding=finding, cite=given[LINKED].cite))
    area = facts.settled * per_person
    finding = f"{facts.settled} 人 × {figure(per_person)} m2/人 = {figure(area)} m2"
    return calculated(area, [Step(figure_set.cite, finding)])
