"""入市交易: where land is traded, in which mode and by which method."""

from dataclasses import dataclass

from ronghe.policy.checks import all_present, asked_for, holds, lacks, listed_or_added, not_stated, one_of
from ronghe.policy.rulebook import Given, fact, rule
from ronghe.policy.ruling import Ruling, Step, gate

from .agreement import APPROVAL as AGREEMENT_APPROVAL
from .checks import approved
from .plans import APPROVAL

CHANNELS = "entry.platform.channels"
LEVELS = "entry.platform.levels"
PUBLIC_INFORMATION = "entry.platform.information_public"
SAME_STAGES = "entry.platform.same_stages"
MODES = "entry.trade.modes"
METHODS = "entry.trade.public_methods"
WITHOUT_COMPETITION = "entry.trade.without_competition"
ENCOURAGED = "entry.trade.encouraged_modes"

BY_AGREEMENT, BY_PRICE = "协议", "竞价"
#: Auction and listing are price competition by another name; a tender is not, it may weigh other things than price.
PRICE_METHODS = frozenset({"拍卖", "挂牌", BY_PRICE})


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """Where a trade runs."""

    is_competitive: bool | None = fact("属于竞争性交易")
    channel: str | None = fact("交易场所", choices=("公共资源交易平台", "土地有形市场", "其他"))
    level: str | None = fact("平台层级", choices=("市", "区县", "镇街"))
    is_information_public: bool | None = fact("交易信息已公开")
    same_stages: frozenset[str] | None = fact("与国有土地一体化管理的环节", choices=("公告", "交易", "成交公示"))


@rule(
    "entry.platform",
    "竞争性交易进平台",
    room="EXC",
    covers=("R-005", "R-035"),
    parameters=(CHANNELS, LEVELS, PUBLIC_INFORMATION, SAME_STAGES),
)
def platform(facts: PlatformFacts, given: Given) -> Ruling[bool | None]:
    """Whether a competitive trade runs where it must, and in the open.

    Source: 青岛 三(一)2; 淄博 二(一)1(2)、二(一)2(3)、二(一)4(1); 高青 四(二)6; 济南 四(一)3.
    """
    channels, levels, stages = given[CHANNELS], given[LEVELS], given[SAME_STAGES]
    if not channels.is_stated:
        return gate([not_stated("竞争性交易的场所", CHANNELS)])
    if facts.is_competitive is None:
        return gate([lacks("is_competitive", finding="不知道是否属于竞争性交易", cite=channels.cite)])
    if not facts.is_competitive:
        return gate([Step(channels.cite, "不是竞争性交易，不要求进场", True)])
    return gate(
        [
            one_of(facts, "channel", channels, otherwise=f"改在{channels}交易"),
            one_of(facts, "level", levels) if levels.is_stated and facts.channel == "公共资源交易平台" else None,
            asked_for(facts, "is_information_public", given[PUBLIC_INFORMATION], otherwise="公开交易信息"),
            all_present(facts, "same_stages", stages, otherwise="补齐后再交易") if stages.is_stated else None,
        ]
    )


@dataclass(frozen=True, slots=True)
class TradeFacts:
    """How a parcel is to be traded."""

    mode: str | None = fact("有偿使用方式", choices=("出让", "出租", "作价出资（入股）"))
    method: str | None = fact("交易方法", choices=("招标", "拍卖", "挂牌", BY_PRICE, BY_AGREEMENT))
    is_agreement_allowed: bool | None = fact("符合协议入市的例外", required=False)
    has_plan_approval: bool | None = fact("入市方案已经批准机关批准")


@rule(
    "entry.trade_mode",
    "有偿使用方式与交易方法",
    room="EXC",
    matter="D2",
    covers=("R-006", "R-007", "R-008"),
    parameters=(MODES, METHODS, WITHOUT_COMPETITION, ENCOURAGED, APPROVAL, AGREEMENT_APPROVAL),
)
def trade_mode(facts: TradeFacts, given: Given) -> Ruling[bool | None]:
    """Whether a parcel may be traded in this mode by this method.

    Every mode is traded in public, by agreement only as the exception (``entry.agreement_exception``), without
    competition only in the modes that the zone names; where the zone asks for it the plan is approved first.
    Source: 青岛 三(二)3; 淄博 二(一)2(3); 济南 四(一)3、四(二)2.
    """
    modes, encouraged = given[MODES], given[ENCOURAGED]
    if not modes.is_stated:
        return gate([not_stated("入市的有偿使用方式", MODES, METHODS)])
    return gate(
        [
            one_of(facts, "mode", modes, otherwise=listed_or_added("方式")),
            approved(facts, "has_plan_approval", given[APPROVAL]),
            _method(facts, given),
            Step(encouraged.cite, f"鼓励采用{encouraged}") if encouraged.is_stated else None,
        ]
    )


def _method(facts: TradeFacts, given: Given) -> Step:
    free, methods, method = given[WITHOUT_COMPETITION], given[METHODS], facts.method
    if facts.mode is not None and facts.mode in given.members(WITHOUT_COMPETITION):
        return Step(free.cite, f"{facts.mode}的方案批准后不必公开竞价", True)
    if facts.mode is None and free.is_stated:
        return lacks("mode", finding="不知道有偿使用方式，不能确定是否须公开竞价", cite=free.cite)
    if method == BY_AGREEMENT:
        cite = given[AGREEMENT_APPROVAL].cite or methods.cite
        return holds(facts, "is_agreement_allowed", *cite, otherwise="先办妥协议入市的例外，或者改为公开交易")
    if method in PRICE_METHODS - {BY_PRICE} and BY_PRICE in given.members(METHODS):
        return Step(methods.cite, f"{method}以报价竞争确定使用者，属于{BY_PRICE}", True)
    return one_of(facts, "method", methods, otherwise="改为公开交易")
