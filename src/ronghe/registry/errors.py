"""What the register refuses, and what to do then."""

from ronghe.kernel.errors import Conflict, Invalid, NotFound


class UnitNotFound(NotFound):
    code = "registry.unit_not_found"
    message = "没有找到不动产单元 {unit}，或者它不在您的管辖范围内。请核对代码，或用权利人姓名、坐落查找。"


class RightNotFound(NotFound):
    code = "registry.right_not_found"
    message = "没有找到第 {rrr} 号权利、限制或责任，或者它不在您的管辖范围内。请回到登记簿重新选择。"


class CodeTaken(Conflict):
    """A code is given once."""

    code = "registry.code_taken"
    message = "代码 {taken} 已经用过。代码一经使用不再给别的单元，请改用未用过的代码，或由平台编号。"


class CodeWrong(Invalid):
    code = "registry.code_wrong"
    message = "代码不能使用：{why}。请核对后重新填写。"


class UnitOver(Conflict):
    code = "registry.unit_over"
    message = "不动产单元 {unit} 已于 {day} 终止，不能再登记。请查看沿革，在承接它的单元上办理。"


class SharesWrong(Invalid):
    code = "registry.shares_wrong"
    message = "权利人和份额不能成立：{why}。请核对共有方式，各人份额相加不能超过 1。"


class SharesPassTheWhole(Conflict):
    code = "registry.shares_pass_the_whole"
    message = "不动产单元 {unit} 的“{kind}”份额超过一个整体，或者已有单独权利人。请先办理转移或注销，再登记新的权利人。"


class HolderGone(Invalid):
    code = "registry.holder_gone"
    message = "权利人“{name}”{why}，不能取得权利。请核对权利人；继承的，请登记给继承人。"


class HolderUnfit(Invalid):
    code = "registry.holder_unfit"
    message = "“{kind}”不能登记给“{name}”：{why}。请改选权利人。"


class TermWrong(Invalid):
    code = "registry.term_wrong"
    message = "权利期限不能成立：{why}。请核对起止日期。"


class TermBeyondParent(Conflict):
    code = "registry.term_beyond_parent"
    message = "期限 {term} 超出所依附的“{parent}”的期限 {around}。请把期限改在这个范围以内。"


class KindUnfitForUnit(Invalid):
    code = "registry.kind_unfit_for_unit"
    message = "“{unit_kind}”单元上不能登记“{kind}”。请核对单元和权利类型。"


class ParentNeeded(Invalid):
    code = "registry.parent_needed"
    message = "“{kind}”须依附于{wanted}，这个单元上没有这样的权利，或者没有选择。请先登记它所依附的权利。"


class NotInForce(Conflict):
    code = "registry.not_in_force"
    message = "“{kind}”（第 {rrr} 号）在 {day} 不在有效期内。请核对日期，或查看登记簿上的历史。"


class LaterEntries(Conflict):
    """What is recorded of later days must be mended first."""

    code = "registry.later_entries"
    message = "“{kind}”（第 {rrr} 号）在 {day} 以后另有登记。请把日期改到它之后，或先更正后来的登记。"


class DayInFuture(Invalid):
    code = "registry.day_in_future"
    message = "{what} {day} 在今天以后。登记簿只记载已经发生的事，请改为今天或以前的日期。"


class RegistrationBlocked(Conflict):
    """What stands in the register bars the act."""

    code = "registry.blocked"
    message = "不动产单元 {unit} 现在不能办理{matter}：{reasons}"


class GroundMissing(Invalid):
    code = "registry.ground_missing"
    message = "不动产单元至少要有一个空间单元（宗地、地块、林地或设施）。请补充界址和面积。"


class PartsDoNotFill(Invalid):
    """A split keeps the area."""

    code = "registry.parts_do_not_fill"
    message = "分割（合并）前后不一致：{why}。请核对图形，使各部分正好拼成原来的范围，登记面积之和不变。"


class PartsTooFew(Invalid):
    code = "registry.parts_too_few"
    message = "{what}至少要有两个部分，现有 {count} 个。请补充后再提交。"


class MergeUnfit(Conflict):
    code = "registry.merge_unfit"
    message = "这些单元不能合并：{why}。请先办理转移或变更，使它们一致。"


class CertificateNotFound(NotFound):
    code = "registry.certificate_not_found"
    message = "没有找到证书（证明）{number}，或者它不在您的管辖范围内。请核对证号。"


class CertificateStands(Conflict):
    code = "registry.certificate_stands"
    message = "“{kind}”已有未收回的证书 {number}。需要换证、补证时，请先收回或作废原证。"


class ReasonNeeded(Invalid):
    code = "registry.reason_needed"
    message = "没有写明{what}的原因。请补写，至少 {least} 个字。"


class ContractNotFound(NotFound):
    code = "registry.contract_not_found"
    message = "没有找到第 {contract} 号承包合同，或者它不在您的管辖范围内。请在承包合同台账中按合同代码或承包方查找。"


class PlaceUnknown(Invalid):
    code = "registry.place_unknown"
    message = "没有区划“{place}”，或者它不在您的管辖范围内。请改用管辖范围内的区划代码。"


class NothingHeld(Conflict):
    """There is nothing to prove."""

    code = "registry.nothing_held"
    message = "登记簿上现在没有登记在您名下的权利，不能出具证明。认为有遗漏的，请到镇（街道）登记窗口查询。"


class KnownAtWrong(Invalid):
    code = "registry.known_at_wrong"
    message = "“{text}”不是能查的时刻。请写成 2026-11-22 或 2026-11-22T09:30 的样子，不晚于现在。"


class TooMuchHeld(Conflict):
    """A proof of a whole village's land is no leaf of paper."""

    code = "registry.too_much_held"
    message = "名下登记了 {count} 个不动产单元，超过一份证明可列的 {most} 个。请到登记窗口办理查询。"


class ProofNotFound(NotFound):
    code = "registry.proof_not_found"
    message = "没有找到第 {paper} 号证明，或者它不是为您出具的。请在“我的产权”里重新出具。"
