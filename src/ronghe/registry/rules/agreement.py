"""对账: whether two registers say the same of an area; a rule of the rulebook, with its tolerance as parameters."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import lacks, not_stated, without_value
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate

AREA_SHARE = "registration.exchange.area_share"
AREA_FLOOR = "registration.exchange.area_floor"


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """One area, as two registers state it."""

    ours: Fraction | None = fact("登记簿的面积", unit="平方米")
    theirs: Fraction | None = fact("对方的面积", unit="平方米")


@rule(
    "registration.area_agreement",
    "两个登记簿的面积是否一致",
    room="REG",
    covers=(),
    parameters=(AREA_SHARE, AREA_FLOOR),
)
def area_agreement(facts: AreaFacts, given: Given) -> Ruling[bool | None]:
    """Whether the areas differ by no more than a share of ours, or than a floor for small parcels.

    No national tolerance was found: the values are assumed, and a zone may set its own.
    Source: 不动产登记暂行条例 第八条 (登记簿记载界址、面积).
    """
    share, floor = given[AREA_SHARE], given[AREA_FLOOR]
    if not (share.is_stated and floor.is_stated):
        return gate([not_stated("面积容差", AREA_SHARE, AREA_FLOOR)])
    if share.value is None or floor.value is None:
        return gate([without_value(share if share.value is None else floor)])
    if facts.ours is None or facts.theirs is None:
        missing = tuple(name for name in ("ours", "theirs") if getattr(facts, name) is None)
        return gate([lacks(*missing, finding="有一方没有面积")])
    assert isinstance(share.value, Fraction)
    within = max(facts.ours * share.value, Fraction(floor.value))  # type: ignore[arg-type]  # a number, by its kind
    gap = abs(facts.ours - facts.theirs)
    ok = gap <= within
    finding = f"相差 {float(gap):.2f} 平方米，容差 {float(within):.2f} 平方米"
    return gate([Step((*share.cite, *floor.cite), finding, ok)])
