"""集体表决: whether the collective has agreed to bring its land to market."""

from dataclasses import dataclass

from ronghe.mechanisms.meetings.rules import QUORUM
from ronghe.policy.checks import asked_for, lacks, mismatch, not_stated, share_at_least
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate

THRESHOLD = "entry.consent.threshold"
PARTY = "entry.consent.party_discussion"
CHARTER = "entry.consent.charter_for_representatives"

ASSEMBLY, REPRESENTATIVES = "成员大会", "成员代表大会"


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """The figures of a vote on market entry."""

    body: str | None = fact("由谁表决", choices=(ASSEMBLY, REPRESENTATIVES))
    entitled: int | None = fact("应到人数（全体成员或全体代表）", unit="人")
    consenting: int | None = fact("同意人数", unit="人")
    attending: int | None = fact("到会人数", unit="人")
    is_authorised_by_charter: bool | None = fact("章程授权成员代表大会表决", required=False)
    was_discussed_by_party: bool | None = fact("表决前已经党组织研究讨论")


@rule(
    "entry.collective_consent",
    "入市的集体表决",
    room="EXC",
    covers=(),
    parameters=(THRESHOLD, QUORUM, PARTY, CHARTER),
)
def collective_consent(facts: ConsentFacts, given: Given) -> Ruling[bool | None]:
    """Whether two thirds of all members, or of all representatives, agreed.

    The base is everyone entitled, not those who came; 以上 includes the number itself. From 2025-05-01 an assembly needs
    two thirds present, representatives need the charter's word, and the party organisation discusses first.
    Source: 土地管理法 第六十三条第二款; 农村集体经济组织法 第二十六至二十八条; 民法典 第一千二百五十九条.
    """
    threshold = given[THRESHOLD]
    if not threshold.is_stated:
        return gate([not_stated("集体表决的比例", THRESHOLD)])
    return gate(
        [
            _body(facts, given),
            _attendance(facts, given) if facts.body == ASSEMBLY else None,
            asked_for(facts, "is_authorised_by_charter", given[CHARTER], otherwise="改由成员大会表决")
            if facts.body == REPRESENTATIVES
            else None,
            asked_for(facts, "was_discussed_by_party", given[PARTY], otherwise="先经党组织研究讨论"),
            share_at_least(facts, "consenting", "entitled", threshold),
        ]
    )


def _body(facts: ConsentFacts, given: Given) -> Step | None:
    """Who votes matters only where the two bodies follow different rules."""
    if facts.body is None and (given[QUORUM].is_stated or given[CHARTER].is_stated):
        return lacks("body", finding="不知道由成员大会还是成员代表大会表决", cite=given[THRESHOLD].cite)
    return None


def _attendance(facts: ConsentFacts, given: Given) -> Step | None:
    demand = given[QUORUM]
    if not demand.is_stated:
        return None
    slip = mismatch(facts, "consenting", "attending", *demand.cite)
    return slip or share_at_least(facts, "attending", "entitled", demand)
