"""股权退出: settings before the first case, what a member loses for good, where the shares go, and how many may be bought back."""

from dataclasses import dataclass
from fractions import Fraction

from ronghe.policy.checks import asked_for, lacks, listed_or_added, one_of, share_at_most, without_value
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate

from .conditions import contains_all

SETTINGS = "exit.shares.required_settings"
INCOME_RIGHT_LOST = "exit.shares.income_right_lost"
DESTINATIONS = "exit.shares.destinations"
VOTE = "exit.shares.vote"
BY_CHARTER = "exit.shares.by_charter"
REDEMPTION_CAP = "exit.shares.redemption_cap"


@dataclass(frozen=True, slots=True)
class SettingsFacts:
    """What a collective has settled before it takes the first case."""

    settled: frozenset[str] | None = fact("已经明确的事项", choices=("范围", "条件", "程序"))


@rule("exit.share_settings", "股权退出前须明确的事项", room="EXI", covers=("R-112",), parameters=(SETTINGS,))
def share_exit_is_settled(facts: SettingsFacts, given: Given) -> Ruling[bool | None]:
    """Whether scope, conditions and procedure are settled, so that share exits may begin.

    Source: 闽侯 二(二)2.
    """
    return gate([contains_all(facts, "settled", given[SETTINGS], otherwise="明确后再受理")])


@dataclass(frozen=True, slots=True)
class IncomeRightFacts:
    """A person who asks for a share in the income of a village collective."""

    has_exited_shares: bool | None = fact("已经退出本村集体资产股权")


@rule(
    "exit.share_income_right",
    "退出股权后的收益分配权",
    room="EXI",
    covers=("R-097",),
    parameters=(INCOME_RIGHT_LOST,),
)
def keeps_income_right(facts: IncomeRightFacts, given: Given) -> Ruling[bool | None]:
    """Whether a person still shares in the income of this collective: whoever left the shares does not, for good.

    Source: 青岛 四(三)3; 济南 三(三)4.
    """
    lost = given[INCOME_RIGHT_LOST]
    if lost.value is not True:
        return gate([without_value(lost)])
    if facts.has_exited_shares is None:
        return gate([lacks("has_exited_shares", finding="不知道是否已经退出股权", cite=lost.cite)])
    if facts.has_exited_shares:
        return gate([Step(lost.cite, "股权已经退出，在本村永久丧失收益分配权，不能恢复", False)])
    return gate([Step(lost.cite, "没有退出股权，收益分配权不变", True)])


@dataclass(frozen=True, slots=True)
class DestinationFacts:
    """What becomes of shares that a member has left."""

    destination: str | None = fact("退出股权的处置", choices=("纳入集体股", "量化到本组织成员", "其他"))
    vote_passed: bool | None = fact("成员（代表）会议讨论通过")
    is_by_charter: bool | None = fact("依据组织章程")


@rule(
    "exit.share_destination",
    "退出股权的处置",
    room="EXI",
    covers=("R-098",),
    parameters=(DESTINATIONS, VOTE, BY_CHARTER),
)
def share_destination(facts: DestinationFacts, given: Given) -> Ruling[bool | None]:
    """Whether left shares may go where the collective wants them: after a vote, to the collective or to its members.

    Source: 青岛 四(三)3; 淄博 二(二)5; 济南 三(三)4.
    """
    return gate(
        [
            one_of(facts, "destination", given[DESTINATIONS], otherwise=listed_or_added("处置方式")),
            asked_for(facts, "vote_passed", given[VOTE], otherwise="先提交成员（代表）会议表决"),
            asked_for(facts, "is_by_charter", given[BY_CHARTER], otherwise="先在章程中规定"),
        ]
    )


@dataclass(frozen=True, slots=True)
class RedemptionFacts:
    """Shares that a collective buys back within a year, this case included."""

    total_shares: Fraction | None = fact("集体资产总股份", unit="股")
    redeemed_shares: Fraction | None = fact("本年度赎回股份（含本次）", unit="股")


@rule(
    "exit.share_redemption",
    "防止大规模赎回股权",
    room="EXI",
    covers=("R-099",),
    parameters=(REDEMPTION_CAP,),
)
def redemption_within_cap(facts: RedemptionFacts, given: Given) -> Ruling[bool | None]:
    """Whether a redemption stays within what the collective may buy back in a year.

    Zibo orders the brake and gives no number: undecidable until one is entered.
    Source: 淄博 二(二)5.
    """
    cap, otherwise = given[REDEMPTION_CAP], "超出的部分留待下一年度"
    return gate([share_at_most(facts, "redeemed_shares", "total_shares", cap, otherwise=otherwise)])
