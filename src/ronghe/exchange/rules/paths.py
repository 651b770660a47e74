"""入市途径: on site or elsewhere, from idle homesteads and disused public land, after consolidation; favoured places."""

from dataclasses import dataclass

from ronghe.policy.checks import all_present, asked_for, conditions, lacks, listed_or_added, not_stated, one_of
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, calculated, cannot_say, gate

OPTIONS = "entry.path.options"
OBTAINED = "entry.path.lawfully_obtained"
CONFORMITY = "entry.path.plan_conformity"
SCATTERED = "entry.path.offsite_scattered"
RECLAIMED = "entry.path.offsite_reclaimed"
TOOLS = "entry.path.offsite_tools"
SOURCES = "entry.conversion.sources"
PURPOSES = "entry.conversion.purposes"
VOLUNTARY = "entry.conversion.voluntary"
PAID = "entry.conversion.paid_recovery"
PROCEDURE = "entry.conversion.lawful_procedure"
CONDITIONS = "entry.consolidation.conditions"
MEANS = "entry.consolidation.means"
LEVELS = "entry.consolidation.reserve_levels"
APPLICANTS = "entry.consolidation.applicants"
LEADS = "entry.consolidation.leads"
ENCOURAGED = "entry.location.encouraged"
WAY = "entry.location.way"
PARTNERS = "entry.cooperation.partners"
SHARED = "entry.cooperation.shared_income"
LONG_TERM = "entry.cooperation.long_term_income"

OFF_SITE, HOMESTEAD = "异地调整入市", "闲置宅基地"


@dataclass(frozen=True, slots=True)
class PathFacts:
    """The path that a parcel is to take."""

    path: str | None = fact("入市途径", choices=("就地入市", OFF_SITE))
    is_lawfully_obtained: bool | None = fact("土地依法取得")
    fits_plan: bool | None = fact("符合国土空间规划和用途管制")
    is_scattered: bool | None = fact("属于村内零星分散的地块", required=False)
    is_reclaimed: bool | None = fact("原地块已复垦", required=False)
    tool: str | None = fact("异地入市依托的政策", required=False, choices=("增减挂钩", "占补平衡"))


@rule(
    "entry.path",
    "就地入市与异地调整入市",
    room="EXC",
    covers=("R-024", "R-025"),
    parameters=(OPTIONS, OBTAINED, CONFORMITY, SCATTERED, RECLAIMED, TOOLS),
)
def path(facts: PathFacts, given: Given) -> Ruling[bool | None]:
    """Whether a parcel may take this path to market.

    How far an off-site entry may reach is a matter of quotas and decided with them.
    Source: 青岛 三(二)2; 淄博 二(一)2(2); 济南 四(二)1.
    """
    options = given[OPTIONS]
    if not options.is_stated:
        return gate([not_stated("入市途径", OPTIONS)])
    steps: list[Step | None] = [
        one_of(facts, "path", options, otherwise=listed_or_added("途径")),
        asked_for(facts, "is_lawfully_obtained", given[OBTAINED], otherwise="先依法处理土地来源"),
        asked_for(facts, "fits_plan", given[CONFORMITY], otherwise="先依法调整规划"),
    ]
    if facts.path == OFF_SITE:
        tools = given[TOOLS]
        steps += [
            asked_for(facts, "is_scattered", given[SCATTERED], otherwise="改为就地入市"),
            asked_for(facts, "is_reclaimed", given[RECLAIMED], otherwise="先复垦原地块"),
            one_of(facts, "tool", tools) if tools.is_stated else None,
        ]
    return gate(steps)


@dataclass(frozen=True, slots=True)
class ConversionFacts:
    """Land or quota that is to become land for business."""

    source: str | None = fact("来源", choices=(HOMESTEAD, "废弃公益性建设用地", "增减挂钩节余指标"))
    purpose: str | None = fact("转变后的用途", choices=("集体经营性建设用地入市", "农村经营性建设项目"))
    is_voluntary: bool | None = fact("经农民自愿")
    is_paid_for: bool | None = fact("宅基地已有偿收回")
    followed_procedure: bool | None = fact("已依法定程序办理")


@rule(
    "entry.homestead_conversion",
    "闲置宅基地和公益用地转为经营性用地",
    room="EXC",
    covers=("R-022", "R-023"),
    parameters=(SOURCES, PURPOSES, VOLUNTARY, PAID, PROCEDURE),
)
def homestead_conversion(facts: ConversionFacts, given: Given) -> Ruling[bool | None]:
    """Whether idle homesteads, disused public-welfare land or saved quota may become land for business.

    Nobody may be made to give up a homestead; one that is taken back is paid for.
    Source: 实施条例 第三十六条; 青岛 三(二)2; 淄博 二(一)2(2); 济南 三(二)3.
    """
    sources = given[SOURCES]
    if not sources.is_stated:
        return gate([not_stated("可以转为经营性用地的土地", SOURCES)])
    may_be_homestead = facts.source in (None, HOMESTEAD)
    return gate(
        [
            one_of(facts, "source", sources),
            one_of(facts, "purpose", given[PURPOSES]),
            asked_for(facts, "is_voluntary", given[VOLUNTARY], otherwise="未经农民自愿的不得转变"),
            asked_for(facts, "is_paid_for", given[PAID], otherwise="先有偿收回") if may_be_homestead else None,
            asked_for(facts, "followed_procedure", given[PROCEDURE], otherwise="先办妥法定程序"),
        ]
    )


#: The condition that each fact answers.
_CONSOLIDATED = {
    "is_small_and_scattered": "小块零散",
    "is_inefficient": "利用效率不高",
    "serves_industry_or_project": "与产业发展或重大项目供地相关",
}


@dataclass(frozen=True, slots=True)
class ConsolidationFacts:
    """Land that is to be put together before it comes to market."""

    is_small_and_scattered: bool | None = fact("属于小块零散土地")
    is_inefficient: bool | None = fact("利用效率不高")
    serves_industry_or_project: bool | None = fact("与产业发展或重大项目供地相关")
    means: str | None = fact("整备的方式", choices=("收购", "托管"))
    reserve_level: str | None = fact("土地整备库的层级", choices=("市", "区县", "镇办"))
    applicant: str | None = fact("申请入库的主体", choices=("村（居）集体经济组织", "其他"))
    lead: str | None = fact("牵头整备的主体", choices=("农村集体经济组织", "其他"))


@rule(
    "entry.consolidation",
    "整备入市",
    room="EXC",
    matter="D6",
    covers=("R-026", "R-027", "R-028"),
    parameters=(CONDITIONS, MEANS, LEVELS, APPLICANTS, LEADS),
)
def consolidation(facts: ConsolidationFacts, given: Given) -> Ruling[bool | None]:
    """Whether small, scattered, poorly used land may be consolidated for entry, in the zone's way and by its bodies.

    Source: 青岛 三(二)4; 淄博 二(一)4(2); 济南 四(二)2.
    """
    if not given[CONDITIONS].is_stated:
        return gate([not_stated("整备入市", CONDITIONS)])
    bodies = (("means", MEANS), ("reserve_level", LEVELS), ("applicant", APPLICANTS), ("lead", LEADS))
    return gate(
        [
            *conditions(facts, _CONSOLIDATED, given[CONDITIONS], otherwise="按一般途径入市"),
            *(one_of(facts, name, given[demand]) for name, demand in bodies if given[demand].is_stated),
        ]
    )


@dataclass(frozen=True, slots=True)
class LocationFacts:
    """Where a parcel lies."""

    location: str | None = fact(
        "区位", choices=("城中村", "城边村", "产业园区周边", "重点开发区周边", "重点镇（街道）", "其他")
    )


@rule(
    "entry.location",
    "鼓励入市的区位",
    room="EXC",
    covers=("R-042", "R-043"),
    parameters=(ENCOURAGED, WAY),
)
def location(facts: LocationFacts, given: Given) -> Ruling[bool] | Ruling[None]:
    """Whether a parcel lies where entry is encouraged, and in which way; it judges nobody's right to enter.

    Source: 青岛 三(四)3; 济南 四(二)1.
    """
    encouraged, way = given[ENCOURAGED], given[WAY]
    if not encouraged.is_stated:
        return cannot_say(not_stated("鼓励入市的区位", ENCOURAGED))
    if facts.location is None:
        return cannot_say(
            lacks("location", finding=f"区位未知；{encouraged.title}：{encouraged}", cite=encouraged.cite)
        )
    if facts.location not in given.members(ENCOURAGED):
        return calculated(
            False, [Step(encouraged.cite, f"“{facts.location}”不在{encouraged.title}（{encouraged}）之内")]
        )
    finding = f"“{facts.location}”属于{encouraged.title}{f'，{way}' if way.is_stated else ''}"
    return calculated(True, [Step(tuple(dict.fromkeys((*encouraged.cite, *way.cite))), finding)])


@dataclass(frozen=True, slots=True)
class CooperationFacts:
    """Villages that develop land together."""

    partners: frozenset[str] | None = fact("合作的村", choices=("城边村", "远郊村"))
    shares_income: bool | None = fact("约定共享土地开发收益")
    secures_long_term_income: bool | None = fact("约定保障村集体长期收益")


@rule(
    "entry.village_cooperation",
    "城边村与远郊村合作入市",
    room="EXC",
    covers=("R-043",),
    parameters=(PARTNERS, SHARED, LONG_TERM),
)
def village_cooperation(facts: CooperationFacts, given: Given) -> Ruling[bool | None]:
    """Whether a cooperation of a fringe village and a remote one shares its income and secures it for long.

    Source: 济南 四(二)1.
    """
    partners = given[PARTNERS]
    if not partners.is_stated:
        return gate([not_stated("村与村合作入市", PARTNERS)])
    return gate(
        [
            all_present(facts, "partners", partners, otherwise="补齐合作的村"),
            asked_for(facts, "shares_income", given[SHARED], otherwise="在协议中写明分成"),
            asked_for(facts, "secures_long_term_income", given[LONG_TERM], otherwise="在协议中写明长期保障"),
        ]
    )
