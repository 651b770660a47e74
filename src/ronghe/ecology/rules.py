"""生态的规则: what a project may add to the air and water, who is of bad standing, carbon of forests, deadlines."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from ronghe.policy.checks import (
    absent,
    asked_for,
    lacks,
    none_among,
    not_stated,
    on_time,
    one_of,
    one_of_or,
    unknown,
)
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate
from ronghe.policy.values import figure

REPLACEMENT = "ecology.emission.replacement_required"
MULTIPLE = "ecology.emission.replacement_multiple"
NO_MOVE = "ecology.pollution.no_move_to_countryside"
BAD_CONDUCT = "ecology.credit.bad_conduct"
LINKED = "ecology.credit.linked"
STANDARDS = "ecology.forest_carbon.standards"
GOVERNMENT_LED = "ecology.forest_carbon.government_led"
GEP_FIRST = "ecology.gep.first_areas"
GEP_FIRST_BY = "ecology.gep.first_deadline"
GEP_AREAS = "ecology.gep.areas"
GEP_BY = "ecology.gep.deadline"
CENTRE_BY = "ecology.carbon_centre.deadline"


@dataclass(frozen=True, slots=True)
class AdmissionFacts:
    """What a construction project adds of one pollutant, and what is cut elsewhere for it."""

    emission_t: Fraction | None = fact("新增排放量", unit="吨/年")
    replacement_t: Fraction | None = fact("落实的削减替代量", unit="吨/年")
    required_t: Fraction | None = fact("环评批复核定的削减替代量", unit="吨/年", required=False)
    moves_city_pollution: bool | None = fact("把城市污染转移到农村")


@rule(
    "ecology.project_admission",
    "总量削减替代和城市污染不下乡",
    room="ECO",
    covers=("R-146",),
    parameters=(REPLACEMENT, MULTIPLE, NO_MOVE),
)
def project_admission(facts: AdmissionFacts, given: Given) -> Ruling[bool | None]:
    """Whether a project's emission of a pollutant is replaced by cuts elsewhere, and brings no city pollution along.

    Where nothing new is emitted nothing has to be replaced, whatever the multiple. A cut below the new emission cuts
    nothing from the total; above that, the amount that the approval fixed decides, else the zone's multiple.
    Source: 淄博 二(六)3、二(七)1; 高青 四(四)14.
    """
    if not given.flag(REPLACEMENT) and not given.flag(NO_MOVE):
        return gate([not_stated("削减替代和城市污染转移", REPLACEMENT, NO_MOVE)])
    no_move = given[NO_MOVE]
    otherwise = "不得转移；在城市收运处置体系内处理"
    return gate(
        [
            _replaced(facts, given) if given.flag(REPLACEMENT) else None,
            absent(facts, "moves_city_pollution", *no_move.cite, otherwise=otherwise) if given.flag(NO_MOVE) else None,
        ]
    )


def _replaced(facts: AdmissionFacts, given: Given) -> Step:
    cite, emission, cut = given[REPLACEMENT].cite, facts.emission_t, facts.replacement_t
    if emission == 0:
        return _nothing_new(facts, cite)
    if emission is None or cut is None:
        return lacks(*unknown(facts, "emission_t", "replacement_t"), finding="不知道新增排放量和削减替代量", cite=cite)
    known = f"新增排放 {figure(emission)} 吨/年，削减替代 {figure(cut)} 吨/年"
    if cut < emission:
        return Step(cite, f"{known}，还差 {figure(emission - cut)} 吨/年；先落实削减替代", False)
    multiple = given.number(MULTIPLE)
    required = facts.required_t
    if required is None and multiple is not None:
        required = emission * multiple
    if required is None:
        finding = f"{known}；削减替代的倍数{given[MULTIPLE]}，也没有核定的削减替代量"
        return lacks("required_t", MULTIPLE, finding=finding, cite=given[MULTIPLE].cite or cite)
    ok = cut >= required
    how = "达到" if ok else f"还差 {figure(required - cut)} 吨/年，没有达到"
    return Step(cite, f"{known}，{how}要求的 {figure(required)} 吨/年", ok)


def _nothing_new(facts: AdmissionFacts, cite: tuple[Clause, ...]) -> Step:
    if facts.required_t:
        finding = f"新增排放 0 吨/年，核定的削减替代量 {figure(facts.required_t)} 吨/年；两个数不相符，请核对后重填"
        return lacks("emission_t", "required_t", finding=finding, cite=cite)
    return Step(cite, "没有新增排放，不需要削减替代", True)


@dataclass(frozen=True, slots=True)
class CreditFacts:
    """What has been found of a person's or firm's conduct towards nature."""

    conduct: frozenset[str] | None = fact("已认定的失信行为", choices=("破坏生态环境", "超过资源环境承载能力开发"))


@rule(
    "ecology.good_standing",
    "生态信用没有列入失信的行为",
    room="ECO",
    covers=("R-143",),
    parameters=(BAD_CONDUCT, LINKED),
)
def good_standing(facts: CreditFacts, given: Given) -> Ruling[bool | None]:
    """Whether nothing puts a person or firm on the list of bad ecological standing.

    Source: 淄博 二(六)2; 高青 四(四)13.
    """
    bad, linked = given[BAD_CONDUCT], given[LINKED]
    if not bad.is_stated:
        return gate([not_stated("纳入失信范围的生态行为", BAD_CONDUCT)])
    step = none_among(facts, "conduct", bad)
    if step.ok is False and linked.is_stated:
        step = replace(step, cite=(*step.cite, *linked.cite), finding=f"{step.finding}；列入后与{linked}联动")
    return gate([step])


@dataclass(frozen=True, slots=True)
class ForestCarbonFacts:
    """A trade of forest carbon."""

    standard: str | None = fact("采用的核证方式")
    is_recognised: bool | None = fact("主管部门认可这种核证方式", required=False)
    is_government_led: bool | None = fact("由政府牵头")


@rule(
    "ecology.forest_carbon",
    "林业碳汇交易的核证方式和牵头",
    room="ECO",
    covers=("R-148",),
    parameters=(STANDARDS, GOVERNMENT_LED),
)
def forest_carbon(facts: ForestCarbonFacts, given: Given) -> Ruling[bool | None]:
    """Whether forest carbon is traded by a standard that the zone names or the authority recognises, led by government.

    The document lists its standards with 等, so another one is not excluded: the authority says whether it will do.
    Source: 济南 七(四)2.
    """
    standards = given[STANDARDS]
    if not standards.is_stated:
        return gate([not_stated("林业碳汇的核证方式", STANDARDS)])
    otherwise = "换用列明的方式，或先请主管部门认可"
    listed = one_of_or(facts, "standard", standards, "is_recognised", otherwise=otherwise)
    led = asked_for(facts, "is_government_led", given[GOVERNMENT_LED], otherwise="由政府牵头和引导后再交易")
    return gate([listed, led])


@dataclass(frozen=True, slots=True)
class AccountingFacts:
    """An accounting of gross ecosystem product that has been done."""

    area: str | None = fact("核算的区域")
    finished_on: date | None = fact("完成核算的日期")


@rule(
    "ecology.gep_on_time",
    "生态系统生产总值核算按期完成",
    room="ECO",
    covers=("R-142",),
    parameters=(GEP_FIRST, GEP_FIRST_BY, GEP_AREAS, GEP_BY),
)
def gep_on_time(facts: AccountingFacts, given: Given) -> Ruling[bool | None]:
    """Whether an area's ecosystem product was accounted for by its deadline; the areas that go first have an earlier one.

    Source: 济南 七(二)1.
    """
    if not given[GEP_BY].is_stated and not given[GEP_FIRST_BY].is_stated:
        return gate([not_stated("核算的期限", GEP_FIRST_BY, GEP_BY)])
    if facts.area is None:
        return gate([lacks("area", finding="不知道是哪个区域的核算", cite=given[GEP_BY].cite)])
    if facts.area in given.members(GEP_FIRST):
        return gate([on_time(facts, "finished_on", given[GEP_FIRST_BY])])
    return gate([one_of(facts, "area", given[GEP_AREAS]), on_time(facts, "finished_on", given[GEP_BY])])


@dataclass(frozen=True, slots=True)
class CarbonCentreFacts:
    """The regional centre for carbon services."""

    founded_on: date | None = fact("区域性碳排放服务中心建立的日期")


@rule(
    "ecology.carbon_centre",
    "碳排放服务中心按期建立",
    room="ECO",
    covers=("R-149",),
    parameters=(CENTRE_BY,),
)
def carbon_centre(facts: CarbonCentreFacts, given: Given) -> Ruling[bool | None]:
    """Whether the regional carbon centre was founded by its deadline.

    Source: 济南 七(二)2.
    """
    deadline = given[CENTRE_BY]
    if not deadline.is_stated:
        return gate([not_stated("建立碳排放服务中心", CENTRE_BY)])
    return gate([on_time(facts, "founded_on", deadline)])
