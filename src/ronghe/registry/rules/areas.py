"""图形面积与实测面积: whether what is drawn and what is declared agree, and what a gross difference looks like."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ronghe.policy.checks import lacks
from ronghe.policy.rulebook import Given, InForce, fact, rule
from ronghe.policy.ruling import Clause, Ruling, Step, gate

WARN_SHARE, WARN_M2 = "registration.area.warn_share", "registration.area.warn_m2"
FAULT_SHARE = "registration.area.fault_share"
PARAMETERS = (WARN_SHARE, WARN_M2, FAULT_SHARE)
#: 界址和面积材料 are what an application must bring.
AREA_ART = Clause("registration-regulation-2019", "第十六条")
#: What a number was written in instead of m²: how often the wrong one is contained in the right one, and what to say.
SLIPS: tuple[tuple[Fraction, str], ...] = (
    (Fraction(100), "差约 100 倍，可能把平方米写成了公亩，或者小数点错了两位"),
    (Fraction(10), "差约 10 倍，可能小数点错了一位"),
    (Fraction(2000, 3), "差约 667 倍，可能把亩写成了平方米"),
    (Fraction(10_000), "差约 1 万倍，可能把公顷写成了平方米"),
    (Fraction(15), "差约 15 倍，可能公顷和亩混用"),
)
#: A slip of the pen is one when the areas agree to so much once it is undone.
_SLIP_SHARE = Fraction(1, 10)


class AreaLevel(StrEnum):
    """程度: they agree, differ noticeably, or too much."""

    GOOD = ""
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class AreaLimits:
    """从什么程度起: shares of the declared area, and m²."""

    warn_share: Fraction
    warn_m2: Fraction
    fault_share: Fraction


def working(value: InForce) -> Fraction | None:
    """A number that is in use, or the design value that stands until a place decides (待地方确定)."""
    number = value.value if value.value is not None else value.idle
    return None if number is None else Fraction(number)  # type: ignore[arg-type]  # the parameter is a number


def limits_of(given: Given) -> AreaLimits | None:
    """The limits that a zone works with; None where no pack states them."""
    warn, least, fault = (working(given[name]) for name in PARAMETERS)
    return None if warn is None or least is None or fault is None else AreaLimits(warn, least, fault)


def area_level(drawn: Fraction, declared: Fraction, limits: AreaLimits) -> AreaLevel:
    """Whether two areas in m² agree. 超过 does not include the limit itself (民法典 第一千二百五十九条).

    Raises: ValueError for an area that is none.
    """
    if drawn <= 0 or declared <= 0:
        raise ValueError("an area is above nought")
    apart = abs(drawn - declared)
    if apart > limits.fault_share * declared:
        return AreaLevel.FAULT
    if apart > max(limits.warn_share * declared, limits.warn_m2):
        return AreaLevel.NOTE
    return AreaLevel.GOOD


def slip(drawn: Fraction, declared: Fraction) -> str:
    """What a gross difference looks like, in words; empty when it looks like nothing known."""
    larger, smaller = max(drawn, declared), min(drawn, declared)
    for times, words in SLIPS:
        if abs(larger / smaller / times - 1) <= _SLIP_SHARE:
            return f"相{words}"
    return ""


@dataclass(frozen=True, slots=True)
class DrawnAreaFacts:
    """The two areas of a parcel."""

    drawn_m2: Fraction | None = fact("图形面积", unit="m2")
    declared_m2: Fraction | None = fact("实测面积", unit="m2")


@rule("registration.drawn_area", "图形面积与实测面积相符", room="REG", covers=(), parameters=PARAMETERS)
def drawn_area(facts: DrawnAreaFacts, given: Given) -> Ruling[bool | None]:
    """Whether the outline of a parcel has the area that its survey declares, but for the error of measuring.

    Source: 不动产登记暂行条例 第十六条.
    """
    limits = limits_of(given)
    if limits is None:
        return gate([lacks(*PARAMETERS, finding="没有图形面积与实测面积相差的限度", cite=(AREA_ART,))])
    drawn, declared = facts.drawn_m2, facts.declared_m2
    missing = [name for name in ("drawn_m2", "declared_m2") if not getattr(facts, name)]
    if missing or drawn is None or declared is None:
        return gate([lacks(*missing, finding="不知道图形面积或实测面积", cite=(AREA_ART,))])
    level = area_level(drawn, declared, limits)
    told = difference(drawn, declared)
    if level is AreaLevel.FAULT:
        like = slip(drawn, declared)
        return gate([Step((AREA_ART,), f"{told}{'，' + like if like else ''}", False)])
    return gate([Step((AREA_ART,), told + ("，请留意" if level is AreaLevel.NOTE else ""), True)])


def difference(drawn: Fraction, declared: Fraction) -> str:
    """How far the two are apart, for people."""
    share = 100 * abs(drawn - declared) / declared
    return (
        f"图形面积 {float(drawn):,.2f} m²，实测面积 {float(declared):,.2f} m²，"
        f"相差 {float(abs(drawn - declared)):,.2f} m²（{float(share):,.2f} %）"
    )
