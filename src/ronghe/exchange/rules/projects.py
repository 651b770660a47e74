"""项目用地: point supply, case review in the transition of plans, rental housing, companies of land shares."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import absent, asked_for, holds, listed_or_added, not_stated, one_of, share_at_most
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate

ONCE = "entry.point.once"
BY_PLAN = "entry.point.by_plan"
BY_OWNERSHIP = "entry.point.by_ownership"
POINT_MODES = "entry.point.modes"
PERIOD = "entry.review.period"
AREA = "entry.review.area"
LIMIT = "entry.review.limit"
MAY_START = "entry.review.may_start"
RENTAL_AREAS = "entry.rental.areas"
BUILDERS = "entry.rental.builders"
SELF_HELD = "entry.rental.mainly_self_held"
HARD_ONLY = "entry.rental.fringe_hard_only"
FRINGE_SHARE = "entry.rental.fringe_share"
RENTAL_PILOT = "entry.rental.pilot"
COMPANY_OWNERSHIP = "entry.land_company.ownership"
CONTRIBUTIONS = "entry.land_company.contributions"
COORDINATORS = "entry.land_company.coordinators"

PRIORITY_AREA, FRINGE_VILLAGE = "先行区", "城边村"


@dataclass(frozen=True, slots=True)
class PointFacts:
    """A project that asks for point supply."""

    was_supplied_before: bool | None = fact("本项目此前已组织过点状供地")
    fits_plan: bool | None = fact("依据规划实施")
    mode: str | None = fact("供应方式", choices=("划拨", "出让", "出租", "联营合作", "入股"))


@rule(
    "entry.point_supply",
    "点状用地按项目一次供地",
    room="EXC",
    covers=("R-034",),
    parameters=(ONCE, BY_PLAN, BY_OWNERSHIP, POINT_MODES),
)
def point_supply(facts: PointFacts, given: Given) -> Ruling[bool | None]:
    """Whether a project may be given its point land now: once for the whole project, by plan, in a named way.

    Source: 济南 八(一).
    """
    once, modes, parts = given[ONCE], given[POINT_MODES], given[BY_OWNERSHIP]
    if not once.is_stated:
        return gate([not_stated("点状供地", ONCE)])
    return gate(
        [
            absent(facts, "was_supplied_before", *once.cite, otherwise="一个项目只组织一次供地"),
            asked_for(facts, "fits_plan", given[BY_PLAN], otherwise="先纳入规划"),
            one_of(facts, "mode", modes, otherwise=listed_or_added("方式")),
            Step(parts.cite, parts.title) if parts.value is True else None,
        ]
    )


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """A key project in the transition of plans."""

    is_in_transition: bool | None = fact("处在一事一议适用的规划过渡时期")
    is_in_area: bool | None = fact("位于一事一议适用的先行区")
    is_key_project: bool | None = fact("属于城乡融合发展重点项目")
    respects_limit: bool | None = fact("没有突破规定的管控")
    has_passed: bool | None = fact("一事一议已审议通过")
    start_with: str | None = fact("先行启动的工作", choices=("规划编制", "开工建设"))


@rule(
    "entry.case_review",
    "规划过渡期的一事一议",
    room="IND",
    matter="D7",
    covers=("R-036", "R-037"),
    parameters=(PERIOD, AREA, LIMIT, MAY_START),
)
def case_review(facts: ReviewFacts, given: Given) -> Ruling[bool | None]:
    """Whether a key project may start before the spatial plan is in force, and with what.

    Source: 青岛 二(一)1; 济南 六(一).
    """
    period, area, limit, start = (given[name] for name in (PERIOD, AREA, LIMIT, MAY_START))
    if not limit.is_stated:
        return gate([not_stated("一事一议", LIMIT, MAY_START)])
    return gate(
        [
            holds(facts, "is_in_transition", *period.cite, otherwise=f"一事一议只适用于{period}"),
            holds(facts, "is_in_area", *area.cite, otherwise=f"一事一议只适用于{area}"),
            holds(facts, "is_key_project", *limit.cite, otherwise="按一般程序办理"),
            holds(facts, "respects_limit", *limit.cite, otherwise=f"须符合{limit}"),
            holds(facts, "has_passed", *limit.cite, otherwise="先提请审议"),
            one_of(facts, "start_with", start),
        ]
    )


@dataclass(frozen=True, slots=True)
class RentalFacts:
    """Rental homes that a village wants to build on its land."""

    area: str | None = fact("所在区域", choices=(PRIORITY_AREA, FRINGE_VILLAGE, "其他"))
    builder: str | None = fact("建设方式", choices=("自建", "参股", "其他"))
    is_mainly_self_held: bool | None = fact("以自持为主", required=False)
    is_hard_to_renew: bool | None = fact("属于改造难度大的城边村", required=False)
    rental_mu: Fraction | None = fact("入市后建租赁住房的面积", unit="亩", required=False)
    entered_mu: Fraction | None = fact("该村入市的集体经营性建设用地面积", unit="亩", required=False)
    is_in_pilot: bool | None = fact("已列入租赁住房试点")


@rule(
    "entry.rental_housing",
    "集体建设用地建租赁住房",
    room="EXC",
    matter="D8",
    covers=("R-038", "R-039", "R-040"),
    parameters=(RENTAL_AREAS, BUILDERS, SELF_HELD, HARD_ONLY, FRINGE_SHARE, RENTAL_PILOT),
)
def rental_housing(facts: RentalFacts, given: Given) -> Ruling[bool | None]:
    """Whether a village may build, or hold a share in, rental homes here.

    A fringe village's share of land for it is ordered without a number; where a document only names a pilot, being in
    it is all that can be checked.
    Source: 青岛 二(一)1; 闽侯 二(二)1; 济南 六(一)、八(七).
    """
    areas, builders, pilot = given[RENTAL_AREAS], given[BUILDERS], given[RENTAL_PILOT]
    if not areas.is_stated and not pilot.is_stated:
        return gate([not_stated("集体建设用地建租赁住房", RENTAL_AREAS)])
    steps = [
        one_of(facts, "area", areas) if areas.is_stated else None,
        one_of(facts, "builder", builders) if builders.is_stated else None,
        asked_for(facts, "is_in_pilot", pilot, otherwise="先申请列入试点"),
    ]
    if facts.area == PRIORITY_AREA:
        steps.append(asked_for(facts, "is_mainly_self_held", given[SELF_HELD], otherwise="改为自持为主"))
    if facts.area == FRINGE_VILLAGE:
        steps.append(asked_for(facts, "is_hard_to_renew", given[HARD_ONLY], otherwise="仍按城中村、城边村改造办理"))
        if given[FRINGE_SHARE].is_stated:
            steps.append(share_at_most(facts, "rental_mu", "entered_mu", given[FRINGE_SHARE]))
    return gate(steps)


@dataclass(frozen=True, slots=True)
class LandCompanyFacts:
    """A company of land shares that collectives want to form."""

    coordinator: str | None = fact("统筹单位", choices=("镇办", "其他"))
    ownership: str | None = fact("公司的所有制性质", choices=("集体所有", "其他"))
    contribution: str | None = fact("集体入股的财产", choices=("土地使用权", "土地所有权", "其他"))


@rule(
    "entry.land_company",
    "土地股份联营公司",
    room="COL",
    covers=("R-041",),
    parameters=(COMPANY_OWNERSHIP, CONTRIBUTIONS, COORDINATORS),
)
def land_company(facts: LandCompanyFacts, given: Given) -> Ruling[bool | None]:
    """Whether collectives may form this company: coordinated by the town, collectively owned, use rights as shares.

    Ownership of the land is never a contribution.
    Source: 高青 四(二)6.
    """
    ownership = given[COMPANY_OWNERSHIP]
    if not ownership.is_stated:
        return gate([not_stated("土地股份联营公司", COMPANY_OWNERSHIP)])
    return gate(
        [
            one_of(facts, "coordinator", given[COORDINATORS]),
            one_of(facts, "ownership", ownership, otherwise=f"应为{ownership}"),
            one_of(facts, "contribution", given[CONTRIBUTIONS]),
        ]
    )
