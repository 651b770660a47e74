"""入市范围: which land may come to market, for which uses, and what must be on the map first."""

from dataclasses import dataclass

from ronghe.policy.checks import all_present, conditions, not_stated
from ronghe.policy.rulebook import Given, InForce, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate

from .uses import BUSINESS, PLANNED

NAMED = "entry.uses.named"
OTHER_BUSINESS = "entry.uses.other_business"
CONDITIONS = "entry.eligibility.conditions"
NATIONAL_CONDITIONS = "entry.eligibility.national_conditions"
MAP_FIELDS = "entry.map.fields"

MEND = "补齐后再办"

#: The condition that each fact answers.
_ANSWERS = {
    "fits_development_plan": "符合经济社会发展规划",
    "fits_spatial_plan": "符合国土空间规划",
    "fits_village_plan": "符合村庄规划",
    "meets_industry_admission": "符合产业准入要求",
    "meets_ecology_requirements": "符合生态环境保护要求",
    "has_clear_title": "产权明晰",
    "has_registered_ownership": "已办理土地所有权登记",
    "has_infrastructure": "具备基础设施配套",
}


@dataclass(frozen=True, slots=True)
class EligibilityFacts:
    """What is known of a parcel that is to come to market."""

    planned_use: str | None = fact("规划用途", choices=PLANNED)
    fits_spatial_plan: bool | None = fact("符合国土空间规划和用途管制")
    has_registered_ownership: bool | None = fact("已依法办理土地所有权登记")
    meets_industry_admission: bool | None = fact("符合产业准入要求")
    meets_ecology_requirements: bool | None = fact("符合生态环境保护要求")
    fits_development_plan: bool | None = fact("符合经济社会发展规划")
    fits_village_plan: bool | None = fact("符合村庄规划")
    has_clear_title: bool | None = fact("产权明晰")
    has_infrastructure: bool | None = fact("具备开发建设所需的基础设施配套")


@rule(
    "entry.eligibility",
    "入市资格与准许用途",
    room="EXC",
    matter="D1",
    covers=("R-001", "R-002", "R-017", "R-018"),
    parameters=(NAMED, OTHER_BUSINESS, CONDITIONS, NATIONAL_CONDITIONS),
)
def eligibility(facts: EligibilityFacts, given: Given) -> Ruling[bool | None]:
    """Whether a parcel of collective land may come to market at all.

    The planned use is a business use, and every condition of the law and of the zone's own document holds.
    Source: 土地管理法 第六十三条第一款; 实施条例 第三十八、三十九条; 青岛 三(一)1、三(二)1; 淄博 二(一)1(2)、二(一)2(1).
    """
    return gate(
        [
            _use(facts, given[NAMED], given[OTHER_BUSINESS]),
            *conditions(facts, _ANSWERS, given[NATIONAL_CONDITIONS], given[CONDITIONS], otherwise=MEND),
        ]
    )


def _use(facts: EligibilityFacts, named: InForce, other: InForce) -> Step:
    """等经营性用途: a business use that is not named is allowed where the list is open."""
    use = facts.planned_use
    if not named.is_stated:
        return not_stated("准许的入市用途", NAMED)
    if use is None or named.value is None:
        lacking = (*(("planned_use",) if use is None else ()), *((named.id,) if named.value is None else ()))
        return Step(named.cite, f"规划用途：{use or '未知'}；{named.title}：{named}", None, lacking)
    assert isinstance(named.value, frozenset)
    if use in named.value:
        return Step(named.cite, f"规划用途“{use}”属于{named.title}（{named}）", True)
    if other.value is True and use in BUSINESS:
        return Step(other.cite, f"规划用途“{use}”没有点名，属于其他经营性用途", True)
    return Step(named.cite, f"规划用途“{use}”不是准许入市的经营性用途（{named}）；先依法调整规划用途", False)


@dataclass(frozen=True, slots=True)
class MapFacts:
    """What the one map says of a parcel."""

    recorded: frozenset[str] | None = fact("已纳入“一张图”的信息", choices=("坐落", "四至", "权属"))


@rule(
    "entry.map_record",
    "宗地信息先纳入“一张图”",
    room="REG",
    covers=("R-044",),
    parameters=(MAP_FIELDS,),
)
def map_record(facts: MapFacts, given: Given) -> Ruling[bool | None]:
    """Whether a parcel's location, boundaries and ownership are on the one map, so that a path can be chosen.

    Source: 青岛 三(二)2.
    """
    fields = given[MAP_FIELDS]
    if not fields.is_stated:
        return gate([not_stated("须纳入“一张图”的信息", MAP_FIELDS)])
    return gate([all_present(facts, "recorded", fields, otherwise=MEND)])
