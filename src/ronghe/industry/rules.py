"""产业的规则: thresholds of towns and zones, the ceiling of a subsidy, model towns and their deadlines."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ronghe.policy.checks import (
    all_present,
    asked_for,
    at_least,
    more_than,
    not_stated,
    on_time,
    share_at_least,
    share_at_most,
)
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, gate

POPULATION = "industry.new_town.population"
OUTPUT = "industry.new_town.output"
FISCAL = "industry.new_town.fiscal_income"
PLANTED = "industry.leading_zone.min_area"
SUBSIDY = "industry.processing.subsidy_max"
NEW_ONLY = "industry.processing.new_only"
MODELS = "industry.model_town.per_county"
MODELS_BY = "industry.model_town.deadline"
BEAUTIFUL = "industry.beautiful_town.share"
BEAUTIFUL_BY = "industry.beautiful_town.deadline"
FEATURES = "industry.characteristic_town.features"


@dataclass(frozen=True, slots=True)
class NewTownFacts:
    """The size of a town."""

    population: int | None = fact("人口", unit="人")
    output_yuan: Fraction | None = fact("年产值", unit="元")
    fiscal_income_yuan: Fraction | None = fact("年财政收入", unit="元")


@rule(
    "industry.new_market_town",
    "新市镇的规模",
    room="IND",
    covers=("R-132",),
    parameters=(POPULATION, OUTPUT, FISCAL),
)
def new_market_town(facts: NewTownFacts, given: Given) -> Ruling[bool | None]:
    """Whether a town has passed the three sizes of a new market town; 过 does not include the number itself.

    Source: 青岛 二(一)1; 民法典 第一千二百五十九条.
    """
    sizes = (("population", POPULATION), ("output_yuan", OUTPUT), ("fiscal_income_yuan", FISCAL))
    if not any(given[limit].is_stated for _, limit in sizes):
        return gate([not_stated("新市镇的规模", POPULATION, OUTPUT, FISCAL)])
    return gate(more_than(facts, name, given[limit]) for name, limit in sizes if given[limit].is_stated)


@dataclass(frozen=True, slots=True)
class LeadingZoneFacts:
    """A zone of a leading crop, of one town or of several together."""

    planted_mu: Fraction | None = fact("主导产业种植规模", unit="亩")


@rule(
    "industry.leading_zone",
    "重点项目落户的主导产业区规模",
    room="IND",
    covers=("R-134",),
    parameters=(PLANTED,),
)
def leading_zone(facts: LeadingZoneFacts, given: Given) -> Ruling[bool | None]:
    """Whether a zone is large enough for key projects to be brought to it; 以上 includes the number.

    Source: 青岛 二(三); 民法典 第一千二百五十九条.
    """
    least = given[PLANTED]
    if not least.is_stated:
        return gate([not_stated("主导产业区的规模", PLANTED)])
    return gate([at_least(facts, "planted_mu", least)])


@dataclass(frozen=True, slots=True)
class SubsidyFacts:
    """A subsidy for a project of primary processing."""

    is_new_processing: bool | None = fact("属于新上农产品初加工项目")
    investment_yuan: Fraction | None = fact("实际投资额", unit="元")
    subsidy_yuan: Fraction | None = fact("建设补助", unit="元")


@rule(
    "industry.processing_subsidy",
    "初加工项目建设补助的上限",
    room="IND",
    covers=("R-136",),
    parameters=(SUBSIDY, NEW_ONLY),
)
def processing_subsidy(facts: SubsidyFacts, given: Given) -> Ruling[bool | None]:
    """Whether a subsidy keeps to its ceiling of what was really invested; planned investment does not count.

    Source: 济南 六(五); 民法典 第一千二百五十九条.
    """
    ceiling = given[SUBSIDY]
    if not ceiling.is_stated:
        return gate([not_stated("初加工项目的建设补助", SUBSIDY)])
    return gate(
        [
            asked_for(facts, "is_new_processing", given[NEW_ONLY], otherwise="不属于补助范围"),
            share_at_most(facts, "subsidy_yuan", "investment_yuan", ceiling, within=False),
        ]
    )


@dataclass(frozen=True, slots=True)
class ModelTownFacts:
    """The model towns of one district or county."""

    models: int | None = fact("本区县已建成的美丽城镇样板", unit="个")
    reached_on: date | None = fact("建成所需样板的日期", required=False)


@rule(
    "industry.model_towns",
    "每个区县的美丽城镇样板",
    room="IND",
    covers=("R-138",),
    parameters=(MODELS, MODELS_BY),
)
def model_towns(facts: ModelTownFacts, given: Given) -> Ruling[bool | None]:
    """Whether a district has its model town, and had it by the deadline.

    Source: 淄博 二(五)2(3).
    """
    least, deadline = given[MODELS], given[MODELS_BY]
    if not least.is_stated:
        return gate([not_stated("美丽城镇样板", MODELS, MODELS_BY)])
    built = at_least(facts, "models", least)
    return gate([built, on_time(facts, "reached_on", deadline) if built.ok and deadline.is_stated else None])


@dataclass(frozen=True, slots=True)
class BeautifulTownFacts:
    """The small towns of a city."""

    towns: int | None = fact("全市小城镇", unit="个")
    beautiful: int | None = fact("达到美丽城镇要求的小城镇", unit="个")
    reached_on: date | None = fact("达到比例的日期", required=False)


@rule(
    "industry.beautiful_towns",
    "小城镇达到美丽城镇要求",
    room="IND",
    covers=("R-138",),
    parameters=(BEAUTIFUL, BEAUTIFUL_BY),
)
def beautiful_towns(facts: BeautifulTownFacts, given: Given) -> Ruling[bool | None]:
    """Whether the small towns meet the standard, and did by the deadline.

    Source: 淄博 二(五)2(3).
    """
    share, deadline = given[BEAUTIFUL], given[BEAUTIFUL_BY]
    if not share.is_stated:
        return gate([not_stated("小城镇达标的比例", BEAUTIFUL, BEAUTIFUL_BY)])
    met = share_at_least(facts, "beautiful", "towns", share)
    return gate([met, on_time(facts, "reached_on", deadline) if met.ok and deadline.is_stated else None])


@dataclass(frozen=True, slots=True)
class CharacteristicTownFacts:
    """What an assessment found of a characteristic town."""

    features: frozenset[str] | None = fact(
        "经评定具备的特征",
        choices=("产业特而强", "功能聚而合", "形态聚而拢", "形态小而美", "机制新而活"),
    )


@rule(
    "industry.characteristic_town",
    "特色小镇的四项特征",
    room="IND",
    matter="D22",
    covers=("R-139",),
    parameters=(FEATURES,),
)
def characteristic_town(facts: CharacteristicTownFacts, given: Given) -> Ruling[bool | None]:
    """Whether a characteristic town has all the features that the zone asks for; the form differs between zones.

    Source: 青岛 二(一)2; 淄博 二(五)2(1); 济南 六(二).
    """
    features = given[FEATURES]
    if not features.is_stated:
        return gate([not_stated("特色小镇的特征", FEATURES)])
    return gate([all_present(facts, "features", features)])
