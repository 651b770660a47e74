"""What keeps shares in the income of a collective (集体收益分配权) out of the book, said so that it can be mended."""

from ronghe.kernel.errors import Conflict, Invalid, NotFound


class IncomeCaseNotFound(NotFound):
    code = "registry.income_case_not_found"
    message = "没有找到第 {case} 号收益分配权办件，或者它不在您的管辖范围内。请回到集体的收益分配权页面重新选择。"


class IncomeCertificateNotFound(NotFound):
    code = "registry.income_certificate_not_found"
    message = "没有找到第 {certificate} 号收益分配权证，或者它不在您的管辖范围内。请从集体的收益分配权页面打开。"


class IncomeRightNotFound(NotFound):
    """The household holds nothing of this collective today."""

    code = "registry.income_right_not_found"
    message = "这一户现在没有登记{collective}的收益分配权，不能转移或注销。请核对所选的农户和集体。"


class IncomeSharesStand(Conflict):
    code = "registry.income_shares_stand"
    message = "{collective}已有登记的股权设置，不能再作首次登记。份额变动请在农户名下办理转移或注销。"


class IncomeCaseOpen(Conflict):
    code = "registry.income_case_open"
    message = "{collective}的同一事项已有在办的办件 {number}。请先办结或撤回，再重新提出。"


class IncomeCaseFixed(Conflict):
    code = "registry.income_case_fixed"
    message = "办件 {number} 的清单已经提交，不能改动。需要改的，请先把办件退回“编制清单”。"


class IncomeRollEmpty(Conflict):
    """Nobody stands on the roll who lives in a household."""

    code = "registry.income_roll_empty"
    message = "{collective}的成员名册在 {day} 没有可以按户统计的在世成员。请先确认成员、登记农户，再编制清单。"


class IncomeAskedWrong(Invalid):
    code = "registry.income_asked_wrong"
    message = "填写的内容不能成立：{why}。请改正后重新提交。"


class IncomeTakerUnfit(Invalid):
    code = "registry.income_taker_unfit"
    message = "取得份额的一方不能成立：{why}。请选择本集体的另一农户；继承的也可以是个人。"


class IncomeNotFit(Conflict):
    """What was reviewed does not hold any more on the day of the entry."""

    code = "registry.income_not_fit"
    message = "登簿当日重新核对，不能登记：{why}。请退回核对后再办。"


class IncomePassesTotal(Conflict):
    code = "registry.income_passes_total"
    message = "{collective}各户份额合计将超过总份数，没有登簿。请核对在办的其他办件后重新办理。"
