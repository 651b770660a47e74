"""表决: whether a collective has decided, counted against all who are entitled and never against those present."""

from dataclasses import dataclass

from ronghe.policy.checks import absent, holds, lacks, mismatch, not_stated, share_at_least
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Clause, Ruling, gate

QUORUM = "meeting.members.quorum"
MEMBERS = "meeting.members.threshold"
REPRESENTATIVES = "meeting.representatives.threshold"
RESERVED = "meeting.representatives.reserved"
TRANSFER = "meeting.village_transfer.threshold"
VOLUNTARY = "meeting.village_transfer.voluntary"

_TRANSFER_LAW = Clause("contracting-law-2018", "第三十八条")

MEMBERS_ASSEMBLY = "成员大会"
REPRESENTATIVES_ASSEMBLY = "成员代表大会"


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What is known of a decision of a rural collective economic organisation."""

    body: str | None = fact("作出决定的会议", choices=(MEMBERS_ASSEMBLY, REPRESENTATIVES_ASSEMBLY))
    entitled: int | None = fact("应到人数（具有完全民事行为能力的全体成员，或全体成员代表）", unit="人")
    present: int | None = fact("到会人数", unit="人")
    consenting: int | None = fact("同意人数", unit="人")
    is_reserved: bool | None = fact("属于只能由成员大会决定的事项", required=False)


@rule(
    "meeting.collective_decision",
    "农村集体经济组织的决定",
    room="COL",
    covers=("R-098",),
    parameters=(QUORUM, MEMBERS, REPRESENTATIVES, RESERVED),
)
def collective_decision(facts: DecisionFacts, given: Given) -> Ruling[bool | None]:
    """Whether a members' assembly or a representatives' assembly has validly decided.

    Members: two thirds of all with full capacity present, and two thirds of all agreeing. Representatives: two thirds of
    all representatives agreeing, and nothing that is reserved to the members.
    Source: 农村集体经济组织法 第二十六条、第二十七条、第二十八条; 青岛 四(三)3; 淄博 二(二)5; 济南 三(三)4.
    """
    if facts.body is None:
        return gate([lacks("body", finding="不知道由哪个会议作出决定", cite=given[MEMBERS].cite)])
    if facts.body == MEMBERS_ASSEMBLY:
        threshold = given[MEMBERS]
        return gate(
            [
                share_at_least(facts, "present", "entitled", given[QUORUM]),
                mismatch(facts, "consenting", "present", *threshold.cite)
                or share_at_least(facts, "consenting", "entitled", threshold),
            ]
        )
    reserved = given[RESERVED]
    return gate(
        [
            absent(facts, "is_reserved", *reserved.cite, otherwise=f"交成员大会决定（{reserved}）")
            if reserved.value is not None
            else lacks(RESERVED, finding=f"成员代表大会不能决定哪些事项：{reserved}"),
            share_at_least(facts, "consenting", "entitled", given[REPRESENTATIVES]),
        ]
    )


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """What is known of the will of the farmers whose land would be transferred as a whole village."""

    is_voluntary: bool | None = fact("尊重农民意愿，没有强迫")
    entitled: int | None = fact("涉及的全部承包农户", unit="户")
    consenting: int | None = fact("书面同意的农户", unit="户")


@rule(
    "meeting.village_transfer",
    "整村土地流转的农民意愿",
    room="EXC",
    covers=("R-110",),
    parameters=(VOLUNTARY, TRANSFER),
)
def village_transfer(facts: TransferFacts, given: Given) -> Ruling[bool | None]:
    """Whether a whole village's land may be transferred: by the farmers' will, and nobody is forced whatever the majority.

    The will is a matter of the law, everywhere; how many must agree is for the place to fix where its document asks.
    Source: 淄博 二(二)4(2); 高青 四(二)5; 农村土地承包法 第三十八条.
    """
    voluntary, threshold = given[VOLUNTARY], given[TRANSFER]
    otherwise = "不得推进，先征求农民意愿；不同意的农户保留自己的承包地"
    free = holds(facts, "is_voluntary", *voluntary.cite, _TRANSFER_LAW, otherwise=otherwise)
    if not threshold.is_stated:
        return gate([free, not_stated(threshold.title, TRANSFER)])
    return gate([free, share_at_least(facts, "consenting", "entitled", threshold, otherwise="继续征求意见")])
