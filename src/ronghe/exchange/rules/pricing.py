"""入市地价: the appraisal of the land before it comes to market."""

from dataclasses import dataclass

from ronghe.policy.checks import holds, not_stated, one_of
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate

REQUIRED = "entry.appraisal.required"
APPOINTED_BY = "entry.appraisal.appointed_by"
BASE_PRICES = "entry.appraisal.base_prices"


@dataclass(frozen=True, slots=True)
class AppraisalFacts:
    """Who appraised the land, and for whom."""

    is_appraised: bool | None = fact("入市地价已经评估")
    is_appraiser_qualified: bool | None = fact("评估中介有资质")
    appointed_by: str | None = fact("评估的委托人", choices=("农村集体经济组织", "其他"))


@rule(
    "entry.appraisal",
    "入市地价评估",
    room="EXC",
    covers=("R-031", "R-032"),
    parameters=(REQUIRED, APPOINTED_BY, BASE_PRICES),
)
def appraisal(facts: AppraisalFacts, given: Given) -> Ruling[bool | None]:
    """Whether the price was appraised by a qualified agency that the collective itself appointed.

    Source: 青岛 三(一)3; 济南 四(三)1.
    """
    required, client, bases = given[REQUIRED], given[APPOINTED_BY], given[BASE_PRICES]
    if required.value is not True:
        return gate([not_stated("入市地价评估", REQUIRED)])
    return gate(
        [
            holds(facts, "is_appraised", *required.cite, otherwise="先委托评估"),
            holds(facts, "is_appraiser_qualified", *required.cite, otherwise="另行委托有资质的中介"),
            one_of(facts, "appointed_by", client) if client.is_stated else None,
            Step(bases.cite, f"评估参照基准地价：{bases}") if bases.is_stated else None,
        ]
    )
