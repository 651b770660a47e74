"""宅基地历史遗留: several homesteads of one household, plots above the standard: by their cause, what is proposed."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import lacks, not_stated, unknown
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, calculated, cannot_say

from .areas import working
from .certification import ILLEGAL_BARRED, PER_HOUSEHOLD

AREA_MAX = "registration.homestead.area_max_m2"
PAID_USE = "registration.homestead.paid_use"
GROUPS, ORDERLY = "exit.guidance.groups", "exit.guidance.orderly"

INHERITED, HISTORICAL, BOUGHT, ILLEGAL, UNDIVIDED, OTHERWISE = (
    "继承", "历史形成", "买卖", "违法占用", "分户未办", "其他",
)  # fmt: skip
CAUSES = (INHERITED, HISTORICAL, BOUGHT, ILLEGAL, UNDIVIDED, OTHERWISE)
CONFIRM, PAY, EXIT, REFUSE = "确认", "有偿使用", "退出", "不予确认"
TREATMENTS = (CONFIRM, PAY, EXIT, REFUSE)

ONE_EACH = Clause("land-law-2019", "第六十二条第一款")
OF_FREE_WILL = Clause("land-law-2019", "第六十二条")
INHERITANCE = Clause("civil-code-2020", "第二百三十条")


@dataclass(frozen=True, slots=True)
class LegacyFacts:
    """What is known of one homestead of a household."""

    homesteads: int | None = fact("该户拥有的宅基地（含这一处）", unit="处")
    area_m2: Fraction | None = fact("这一处的登记面积", unit="m2")
    cause: str | None = fact("成因", required=False, choices=CAUSES)
    is_illegal_occupation: bool | None = fact("属于违法占用")
    holder_is_member: bool | None = fact("权利人是本集体成员", required=False)
    exits_voluntarily: bool | None = fact("权利人愿意有偿退出", required=False)


@rule(
    "registration.homestead_legacy",
    "一户多宅和面积超标的处理",
    room="REG",
    covers=("R-075",),
    parameters=(PER_HOUSEHOLD, AREA_MAX, ILLEGAL_BARRED, PAID_USE, GROUPS, ORDERLY),
)
def homestead_legacy(facts: LegacyFacts, given: Given) -> Ruling[str | None]:
    """What is proposed for a homestead: confirm, paid use, exit, or no confirmation.

    Illegal occupation is never confirmed. Who wants to leave for pay may; nobody is made to. What was inherited is
    confirmed, unless the zone leads such a plot of a non-member to an orderly exit; a household that has not been
    divided yet is divided first. Whatever else is too much is led to exit where the zone says so, else used for pay;
    where the zone has not said, nothing is proposed and the value is asked for. A standard of area that nobody has
    verified yet is worked with until the place enters its own, and is told as such.
    Source: 土地管理法 第六十二条; 民法典 第二百三十条; 济南 三(一)1、三(二)2; 淄博 二(二)2(2)、二(二)3.
    """
    illegal = _illegal(facts, given)
    if illegal is not None:
        return calculated(REFUSE, [illegal]) if illegal.ok is False else cannot_say(illegal)
    several, large = _several(facts, given), _large(facts, given)
    if several.missing or (large.missing and several.ok):
        return cannot_say(several, large)
    if large.missing:  # one homestead too many is dealt with by its cause, however large it is
        large = Step(large.cite, f"{large.finding}，不影响一户多宅的处理")
    found = [several, large]
    if several.ok and large.ok:
        return calculated(CONFIRM, found)
    if facts.exits_voluntarily:
        return calculated(EXIT, [*found, Step((OF_FREE_WILL,), "权利人自愿有偿退出")])
    if several.ok is False:
        return _of_several(facts, given, found)
    return _paid(given, found, "超出面积标准的部分")


def _illegal(facts: LegacyFacts, given: Given) -> Step | None:
    """The line that ends the matter: failed where the plot is occupied illegally."""
    barred = given[ILLEGAL_BARRED]
    if facts.is_illegal_occupation is None and facts.cause != ILLEGAL:
        return lacks("is_illegal_occupation", finding="不知道是否属于违法占用", cite=barred.cite)
    if not facts.is_illegal_occupation and facts.cause != ILLEGAL:
        return None
    if not given.flag(ILLEGAL_BARRED):
        return not_stated("违法占用宅基地的处理", ILLEGAL_BARRED, cite=barred.cite)
    return Step(barred.cite, "属于违法占用，不予确认；先依法处理违法占用", False)


def _several(facts: LegacyFacts, given: Given) -> Step:
    most, number = given[PER_HOUSEHOLD], facts.homesteads
    limit = given.number(PER_HOUSEHOLD)
    if number is None or limit is None:
        missing = (*unknown(facts, "homesteads"), *((PER_HOUSEHOLD,) if limit is None else ()))
        return lacks(*missing, finding="不知道该户有几处宅基地，或一户可有几处", cite=most.cite)
    ok = number <= limit
    return Step(most.cite, f"该户有 {number} 处宅基地，一户可有 {most}{'' if ok else '：一户多宅'}", ok)


def _large(facts: LegacyFacts, given: Given) -> Step:
    standard = given[AREA_MAX]
    limit = working(standard)
    if facts.area_m2 is None or limit is None:
        missing = (*unknown(facts, "area_m2"), *((AREA_MAX,) if limit is None else ()))
        return lacks(*missing, finding=f"面积标准：{standard}", cite=(ONE_EACH, *standard.cite))
    ok = facts.area_m2 <= limit
    area = f"{float(facts.area_m2):.2f} m²"
    over = "" if ok else f"，超出 {float(facts.area_m2 - limit):.2f} m²：面积超标"
    told = f"{standard}" if standard.value is not None else f"{float(limit):g} m²（参考值，待地方确定）"
    return Step((ONE_EACH, *standard.cite), f"登记面积 {area}，标准 {told}{over}", ok)


def _of_several(facts: LegacyFacts, given: Given, found: list[Step]) -> Ruling[str | None]:
    """By cause, what becomes of one homestead too many."""
    cause = facts.cause
    if cause is None:
        return cannot_say(*found, lacks("cause", finding="一户多宅的成因：未知", cite=(ONE_EACH,)))
    if cause == UNDIVIDED:
        return calculated(CONFIRM, [*found, Step((ONE_EACH,), "符合分户条件而未办的，先办理分户，再各户确认一处")])
    if cause == INHERITED:
        return _of_inherited(facts, given, found)
    if cause == BOUGHT and facts.holder_is_member is None:
        return cannot_say(*found, lacks("holder_is_member", finding="买受人是否本集体成员：未知", cite=(ONE_EACH,)))
    guided = _guided(facts, given)
    if guided is not None and facts.exits_voluntarily is not False:
        return calculated(EXIT, [*found, guided])
    if cause == BOUGHT and not facts.holder_is_member:
        return calculated(REFUSE, [*found, Step((ONE_EACH,), "买受人不是本集体成员，不能取得宅基地使用权", False)])
    return _paid(given, found, "多占的宅基地")


def _of_inherited(facts: LegacyFacts, given: Given, found: list[Step]) -> Ruling[str | None]:
    if facts.holder_is_member is None:
        return cannot_say(*found, lacks("holder_is_member", finding="继承人是否本集体成员：未知", cite=(INHERITANCE,)))
    orderly = given[ORDERLY]
    if (
        not facts.holder_is_member
        and facts.exits_voluntarily is not False
        and "非成员继承或以其他方式取得的宅基地" in given.members(ORDERLY)
    ):
        return calculated(EXIT, [*found, Step(orderly.cite, "非成员继承的宅基地，引导有序退出，不得强迫")])
    words = "因继承取得房屋，地随房走予以确认，登记簿附记继承取得；房屋灭失后不再重建"
    return calculated(CONFIRM, [*found, Step((INHERITANCE,), words)])


def _guided(facts: LegacyFacts, given: Given) -> Step | None:
    """The line of a zone that leads such plots to a voluntary, paid exit."""
    if "一户多宅的多宅部分" in given.members(ORDERLY):
        return Step(given[ORDERLY].cite, "一户多宅的多宅部分，引导有序退出，不得强迫")
    if "一户多宅农户" in given.members(GROUPS):
        return Step(given[GROUPS].cite, "一户多宅农户，引导自愿有偿退出，不得强迫")
    return None


def _paid(given: Given, found: list[Step], what: str) -> Ruling[str | None]:
    paid = given[PAID_USE]
    if paid.value is None:
        return cannot_say(*found, lacks(PAID_USE, finding=f"{what}怎样处理：{paid}", cite=paid.cite))
    if paid.value is True:
        return calculated(PAY, [*found, Step(paid.cite, f"{what}有偿使用")])
    return calculated(CONFIRM, [*found, Step(paid.cite, f"{what}不收费，按标准面积确认并附记实际情况")])
