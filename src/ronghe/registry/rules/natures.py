"""权利性质: how a right came to be held, by the number of the registries' dictionary. Pure.

Source of the numbers: domain facts a5 (registries' dictionary); what follows from the kind of right is read from
土地管理法 第九、四十四条 and 农村土地承包法 第三、四十八条.
"""

from enum import IntEnum

from .kinds import RightKind, UnitKind

_R = RightKind


class Nature(IntEnum):
    """权利性质."""

    STATE = 100
    ALLOCATED = 101
    GRANTED = 102
    STATE_CONTRIBUTED = 103
    LEASED = 104
    AUTHORISED = 105
    COLLECTIVE = 200
    HOUSEHOLD_CONTRACT = 201
    OTHER_CONTRACT = 202
    APPROVED = 203
    CONTRIBUTED = 204
    JOINTLY_RUN = 205

    @property
    def title(self) -> str:
        return NATURE_TITLES[self]


NATURE_TITLES: dict[int, str] = {
    Nature.STATE: "国有", Nature.ALLOCATED: "划拨", Nature.GRANTED: "出让", Nature.STATE_CONTRIBUTED: "作价出资（入股）",
    Nature.LEASED: "国有土地租赁", Nature.AUTHORISED: "授权经营", Nature.COLLECTIVE: "集体",
    Nature.HOUSEHOLD_CONTRACT: "家庭承包", Nature.OTHER_CONTRACT: "其他方式承包", Nature.APPROVED: "批准拨用",
    Nature.CONTRIBUTED: "入股", Nature.JOINTLY_RUN: "联营",
}  # fmt: skip
#: Land that a household, or an enterprise of the collective, uses by approval.
_BY_APPROVAL = frozenset({_R.HOMESTEAD_USE, _R.HOMESTEAD_HOUSE, _R.COLLECTIVE_USE, _R.COLLECTIVE_HOUSE})
_CONTRACTS = frozenset({_R.CONTRACT, _R.CONTRACT_TREES})


def nature_of(kind: RightKind, unit: UnitKind, *, by_households: bool) -> Nature:
    """The nature of a right when it is first entered, as far as its kind tells it; of state land no more than that it is.

    Args: ``by_households`` says that its holders are households: contracted by them it is 家庭承包, by others 其他方式承包.
    """
    if unit is UnitKind.STATE:
        return Nature.STATE
    if kind in _CONTRACTS:
        return Nature.HOUSEHOLD_CONTRACT if by_households else Nature.OTHER_CONTRACT
    return Nature.APPROVED if kind in _BY_APPROVAL else Nature.COLLECTIVE
