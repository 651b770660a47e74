"""确权登记的规则: certificates by the deadline, homesteads, windows in the towns."""

from dataclasses import dataclass
from datetime import date

from ronghe.policy.checks import absent, asked_for, at_most, holds, lacks, not_stated, on_time, one_of, share_at_least
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate

DEADLINE = "registration.certification.deadline"
RATE = "registration.certification.rate"
SURVEY = "registration.survey.complete"
ILLEGAL_BARRED = "registration.homestead.illegal_occupation_barred"
LEGACY = "registration.homestead.legacy_cases"
QUALIFICATION_UNIT = "registration.homestead.qualification_unit"
PER_HOUSEHOLD = "registration.homestead.per_household_max"
WINDOWS = "registration.windows.coverage"


@dataclass(frozen=True, slots=True)
class CertificationFacts:
    """How far surveying and certification have come."""

    is_survey_complete: bool | None = fact("农村不动产权籍调查已全部完成")
    registrable: int | None = fact("应登记的宅基地和集体建设用地", unit="宗")
    certified: int | None = fact("已发证的宅基地和集体建设用地", unit="宗")
    reached_on: date | None = fact("达到发证率并完成调查的日期", required=False)


@rule(
    "registration.certification",
    "农村不动产调查和发证率按期达标",
    room="REG",
    matter="D13",
    covers=("R-073", "R-074"),
    parameters=(RATE, DEADLINE, SURVEY),
)
def certification(facts: CertificationFacts, given: Given) -> Ruling[bool | None]:
    """Whether the survey is complete and enough parcels are certified, and whether that was so by the deadline.

    The day is asked for only once both are reached: until then the answer is no, and says how many are lacking.
    Source: 淄博 二(二)2(2); 济南 三(一)1; 民法典 第一千二百五十九条.
    """
    rate, deadline = given[RATE], given[DEADLINE]
    if not rate.is_stated:
        return gate([not_stated("发证率和期限", RATE, DEADLINE)])
    survey = asked_for(facts, "is_survey_complete", given[SURVEY], otherwise="先完成权籍调查")
    certified = share_at_least(facts, "certified", "registrable", rate)
    is_reached = certified.ok and (survey is None or survey.ok)
    in_time = on_time(facts, "reached_on", deadline) if is_reached and deadline.is_stated else None
    return gate([survey, certified, in_time])


@dataclass(frozen=True, slots=True)
class ConfirmationFacts:
    """What is known of a homestead whose use right is to be confirmed."""

    is_illegal_occupation: bool | None = fact("属于违法占用")
    legacy_case: str | None = fact("历史遗留情形", required=False, choices=("一户多宅", "面积超标"))


@rule(
    "registration.homestead_confirmation",
    "违法占用的不予确认宅基地使用权",
    room="REG",
    covers=("R-075",),
    parameters=(ILLEGAL_BARRED, LEGACY),
)
def homestead_confirmation(facts: ConfirmationFacts, given: Given) -> Ruling[bool | None]:
    """Whether nothing bars a homestead's use right from being confirmed: illegal occupation does.

    A legacy case (several homesteads, too large an area) is no bar where the zone looks for its own way to handle it;
    illegal occupation bars that case too.
    Source: 淄博 二(二)2(2); 济南 三(一)1.
    """
    barred, legacy = given[ILLEGAL_BARRED], given[LEGACY]
    if not given.flag(ILLEGAL_BARRED):
        return gate([not_stated("违法占用宅基地的确认", ILLEGAL_BARRED, cite=barred.cite)])
    note = None
    if facts.legacy_case in given.members(LEGACY):
        note = Step(legacy.cite, f"历史形成的{facts.legacy_case}，按当地探索的办法处理，不因此不予确认")
    veto = absent(facts, "is_illegal_occupation", *barred.cite, otherwise="不予确认；先依法处理违法占用")
    return gate([veto, note])


@dataclass(frozen=True, slots=True)
class QualificationFacts:
    """What is known of a homestead qualification that is to be recognised."""

    held_by: str | None = fact("登记资格权的单位", choices=("户", "成员"))
    has_member: bool | None = fact("户内有本集体经济组织成员")
    homesteads: int | None = fact("该户拥有的宅基地（含这一处）", unit="处")


@rule(
    "registration.homestead_qualification",
    "宅基地资格权以户为单位",
    room="REG",
    covers=("R-077",),
    parameters=(QUALIFICATION_UNIT, PER_HOUSEHOLD),
)
def homestead_qualification(facts: QualificationFacts, given: Given) -> Ruling[bool | None]:
    """Whether a homestead qualification stands in the name of a household of members that holds no more than one.

    Source: 济南 三(二)1; 土地管理法(2019) 第六十二条第一款.
    """
    unit, most = given[QUALIFICATION_UNIT], given[PER_HOUSEHOLD]
    if not unit.is_stated and not most.is_stated:
        return gate([lacks(QUALIFICATION_UNIT, PER_HOUSEHOLD, finding="没有规定宅基地资格权的持有单位")])
    return gate(
        [
            one_of(facts, "held_by", unit) if unit.is_stated else None,
            holds(facts, "has_member", *unit.cite, otherwise="先认定成员身份") if unit.is_stated else None,
            at_most(facts, "homesteads", most) if most.is_stated else None,
        ]
    )


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """Where rural real estate can be registered."""

    towns: int | None = fact("镇（街道）", unit="个")
    towns_with_window: int | None = fact("设有农村不动产登记窗口的镇（街道）", unit="个")


@rule(
    "registration.windows",
    "农村不动产登记窗口覆盖镇街",
    room="REG",
    covers=("R-076",),
    parameters=(WINDOWS,),
)
def windows(facts: WindowFacts, given: Given) -> Ruling[bool | None]:
    """Whether the towns have their registration windows.

    Source: 青岛 四(一)2.
    """
    coverage = given[WINDOWS]
    if not coverage.is_stated:
        return gate([not_stated("登记窗口的覆盖", WINDOWS)])
    return gate([share_at_least(facts, "towns_with_window", "towns", coverage)])
