"""农村产权抵押: which rural rights may secure a loan in a zone."""

from dataclasses import dataclass

from ronghe.policy.checks import asked_for, listed_or_added, not_stated, one_of, one_of_or
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate

RIGHTS = "finance.mortgage.rights"
ENTERED = "finance.mortgage.entered_land"
OTHER_DWELLING = "finance.mortgage.house_needs_other_dwelling"

HOUSE = "农民住房财产权"
BUSINESS_LAND = "集体经营性建设用地使用权"
KINDS = ("农村承包土地经营权", "宅基地使用权", HOUSE, BUSINESS_LAND, "农村集体资产股权", "集体林权")


@dataclass(frozen=True, slots=True)
class MortgageFacts:
    """What is known of a right that is to secure a loan."""

    right: str | None = fact("用于抵押（质押）的权利", choices=KINDS)
    is_entered: bool | None = fact("该建设用地已依法入市", required=False)
    has_other_dwelling: bool | None = fact("另有长期稳定的居住场所", required=False)


@rule(
    "finance.mortgageable_right",
    "可抵押的农村产权",
    room="FIN",
    matter="D23",
    covers=("R-106", "R-159", "R-160", "R-161", "R-162"),
    parameters=(RIGHTS, ENTERED, OTHER_DWELLING),
)
def mortgageable_right(facts: MortgageFacts, given: Given) -> Ruling[bool | None]:
    """Whether a rural right may secure a loan in the zone.

    The zone's list decides; construction land that has entered the market is as good as state land where the document says
    so; Jinan takes a house only from whoever has another lasting dwelling.
    Source: 青岛 三(二)4、八(二)1; 淄博 二(一)1(3)、二(一)2(4)、二(三)2(2); 闽侯 二(三)3; 济南 三(二)1、四(三)1、八(二).
    """
    if not given[RIGHTS].is_stated:
        return gate([not_stated("可抵押的农村产权", RIGHTS)])
    is_house = facts.right == HOUSE
    return gate(
        [
            _listed_or_entered(facts, given),
            asked_for(facts, "has_other_dwelling", given[OTHER_DWELLING], otherwise="先落实其他住所")
            if is_house
            else None,
        ]
    )


def _listed_or_entered(facts: MortgageFacts, given: Given) -> Step:
    rights, entered = given[RIGHTS], given[ENTERED]
    if facts.right != BUSINESS_LAND or entered.value is not True:
        return one_of(facts, "right", rights, otherwise=listed_or_added("权利"))
    return one_of_or(facts, "right", rights, "is_entered", *entered.cite, otherwise="依法入市后再抵押")
