"""协议入市: when a parcel may be traded by agreement instead of tender, auction or listing."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import asked_for, at_most, holds, not_stated
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import LateStep, Ruling, Step, gate

from .checks import approved

AREA_MAX = "entry.agreement.area_max"
SCATTERED = "entry.agreement.scattered"
CONSENT = "entry.agreement.collective_consent"
APPROVAL = "entry.agreement.approval"


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What is known of a parcel that is to be traded by agreement."""

    area_mu: Fraction | None = fact("宗地面积", unit="亩")
    is_scattered: bool | None = fact("属于零星地块")
    has_collective_consent: bool | None = fact("已经农村集体同意")
    has_approval: bool | None = fact("已经批准机关批准")


@rule(
    "entry.agreement_exception",
    "小面积或零星地块协议入市",
    room="EXC",
    matter="D3",
    covers=("R-009", "R-010", "R-011"),
    parameters=(AREA_MAX, SCATTERED, CONSENT, APPROVAL),
)
def agreement_exception(facts: AgreementFacts, given: Given) -> Ruling[bool | None]:
    """Whether a parcel may, as an exception, be traded by agreement.

    Small (the area does not pass the zone's limit, 以下 includes the number) or scattered; then the collective's consent
    and the approval that the zone's document asks for.
    Source: 青岛 三(二)3; 淄博 二(一)2(3); 济南 四(一)3; 民法典 第一千二百五十九条.
    """
    if not any(given[name].is_stated for name in (AREA_MAX, SCATTERED, APPROVAL)):
        return gate([not_stated("协议入市，依公开交易办理", AREA_MAX, APPROVAL)])
    return gate(
        [
            _small_or_scattered(facts, given),
            asked_for(facts, "has_collective_consent", given[CONSENT], otherwise="先经农村集体同意"),
            approved(facts, "has_approval", given[APPROVAL]),
        ]
    )


def _small_or_scattered(facts: AgreementFacts, given: Given) -> Step | None:
    """One of the two is enough; where neither can be told, what is missing is named."""
    limit, scattered = given[AREA_MAX], given[SCATTERED]
    if not limit.is_stated and not scattered.is_stated:
        return None  # Jinan states no size: approval alone decides
    by_area = at_most(facts, "area_mu", limit)
    if by_area.ok or not given.flag(SCATTERED):
        return by_area
    by_kind = holds(facts, "is_scattered", *scattered.cite)
    if by_kind.ok:
        return by_kind
    ok = False if by_area.ok is False and by_kind.ok is False else None
    return LateStep(
        limit.cite or scattered.cite,
        lambda: f"{by_area.finding}；{by_kind.finding}",
        ok,
        (*by_area.missing, *by_kind.missing) if ok is None else (),
    )
