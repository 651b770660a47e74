"""What the register refuses, and what to do then."""

from ronghe.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


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


class NotPledgeable(Conflict):
    """The law, or the document of the zone, lets nobody pledge it, or not yet."""

    code = "registry.not_pledgeable"
    message = "不动产单元 {unit} 的“{right}”现在不能办理抵押登记：{reasons}"


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


class SplitGivesAway(Conflict):
    """A division moves nothing to others: that is a transfer, with both sides and its tax."""

    code = "registry.split_gives_away"
    message = (
        "单元 {unit} 分割后的部分不能登记给“{name}”：其现在不是这个单元的权利人，分割不改变权利人。"
        "请先按现在的权利人分割，再就分出的单元申请转移登记。"
    )


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
    message = "没有写明{what}的原因，或者写得太短。请写清楚，至少 {least} 个字。"


class SurveyNotFound(NotFound):
    code = "registry.survey_not_found"
    message = "没有找到第 {batch} 号调查批次，或者它不在您的管辖范围内。请从权籍调查列表重新选择。"


class SurveyFileWrong(Invalid):
    """A table that cannot be read as surveyed parcels."""

    code = "registry.survey_file_wrong"
    message = "文件“{file}”不能读取：{why}。"


class SurveyNotReady(Conflict):
    """A batch is not in a state in which this can be done."""

    code = "registry.survey_not_ready"
    message = "第 {batch} 号调查批次现在是“{state}”，不能{what}。请刷新页面查看最新情况。"


class SurveyIncomplete(Invalid):
    code = "registry.survey_incomplete"
    message = "调查批次没有写全：{why}。请补充后再提交。"


class SurveyOvertaken(Conflict):
    """The register has changed since the check."""

    code = "registry.survey_overtaken"
    message = "核对以后登记簿有变化，整批没有登簿：{why}。请退回调查环节，重新核对后再办。"


class NothingToJudge(Conflict):
    code = "registry.nothing_to_judge"
    message = "第 {batch} 号调查批次没有这样的待判定事项，可能已经有人判定过。请刷新页面。"


class ApplicationNotFound(NotFound):
    code = "registry.application_not_found"
    message = "没有找到第 {application} 号登记申请，或者它不在您的权限范围内。请核对编号，或从登记申请列表进入。"


class ApplicationIncomplete(Invalid):
    code = "registry.application_incomplete"
    message = "登记申请没有提出：请补充{listing}。"


class MeasuresDisagree(Conflict):
    """What is drawn and what is stated are not the same ground."""

    code = "registry.measures_disagree"
    message = "单元 {unit} 的界址和面积对不上：{reasons}。请核对测绘成果，改正后再申请。"


class NotQualified(Conflict):
    """The rules of homesteads say no."""

    code = "registry.not_qualified"
    message = "不能在不动产单元 {unit} 上登记“{right}”：{reasons}。请按所列原因办理后再申请。"


class ApplicationUnfit(Conflict):
    """The rule of who may apply, and for what term, says no."""

    code = "registry.application_unfit"
    message = "不能受理{matter}：{reasons}请按所列原因补正后再申请。"


class RightNeeded(Invalid):
    code = "registry.right_needed"
    message = "请在不动产单元 {unit} 上选择{matter}所针对的权利或限制；没有可选的，说明这个单元现在不能办理这项登记。"


class NotYours(Forbidden):
    """Whoever acts for a party applies for what is the party's own."""

    code = "registry.not_yours"
    message = "您不能为不动产单元 {unit} 申请{matter}：这项权利不在您或您家庭户的名下，或者这项登记不由您一方申请。请由权利人申请、双方共同申请，或到镇办窗口咨询。"


class AnotherApplication(Conflict):
    """One at a time."""

    code = "registry.another_application"
    message = (
        "不动产单元 {unit} 上已有在办的{matter}（办件 {case}），不能同时受理。请等它办结，或由申请人撤回后再提出。"
    )


class ChangedSince(Conflict):
    """The book says another thing than when it was applied for."""

    code = "registry.changed_since"
    message = "不动产单元 {unit} 的登记在办件 {case} 申请以后已经变动，没有登簿。请核对登记簿，退回后按现在的登记重新申请，或不予登记。"


class AmendmentTooLate(Conflict):
    code = "registry.amendment_too_late"
    message = "办件 {case} 已经受理，不能再改同意书和凭证。请由审核人退回申请环节，再补正。"


class LapseFactUnfit(Conflict):
    code = "registry.lapse_fact_unfit"
    message = "第 {rrr} 号限制不能记录“{fact}”：{why}。请核对登记簿。"


class CertificateVoid(Conflict):
    code = "registry.certificate_void"
    message = "证书（证明）{number} 已于 {day} 收回或作废，不能打印。请查看现行的证书。"


class NothingToTell(Conflict):
    """Neither taken in nor refused."""

    code = "registry.nothing_to_tell"
    message = (
        "办件 {case} 现在没有可出具的告知书：受理以后出具受理通知书，不予登记以后出具告知书。请查看办件所在的环节。"
    )


class HolderUnclear(Invalid):
    code = "registry.holder_unclear"
    message = "不能确定“{name}”是谁：{why}。请核对姓名（名称）和证件号码；没有登记过的，请先在权利人名册中登记。"


class OutlineWrong(Invalid):
    code = "registry.outline_wrong"
    message = "第 {part} 个部分的界址不能使用：{why}。请改正图形后重新提交。"


class UnitUnknown(Invalid):
    """A command names a unit that is not there: the command, not the address, is wrong."""

    code = "registry.unit_unknown"
    message = "没有找到不动产单元 {unit}，或者它不在您的管辖范围内，申请没有提出。请核对代码。"


class MemberElsewhere(Conflict):
    """One person in one collective at a time."""

    code = "registry.member_elsewhere"
    message = "“{name}”在 {day} 已是一个集体经济组织的成员。一人只在一个集体，请先办理丧失原成员身份，再入册。"


class MemberUnfit(Invalid):
    code = "registry.member_unfit"
    message = "“{name}”不能列入成员名册：{why}。请核对人员和集体。"


class MemberNotFound(NotFound):
    code = "registry.member_not_found"
    message = "“{name}”在 {day} 不在这个集体的成员名册上。请核对人员、集体和日期。"


class RollNotFound(NotFound):
    code = "registry.roll_not_found"
    message = "没有找到第 {collective} 号集体经济组织，或者它不在您的管辖范围内。请从成员名册目录重新选择。"


class MembershipCaseNotFound(NotFound):
    code = "registry.membership_case_not_found"
    message = "没有找到第 {case} 号成员身份办件，或者它不在您的管辖范围内。请从办件列表重新打开。"


class MembershipCaseFixed(Conflict):
    """What was stated stays once the collective has been asked."""

    code = "registry.membership_case_fixed"
    message = "办件 {number} 已经过了“申请核对”，事实不能再改。需要更正的，请先退回申请核对。"


class MembershipCaseOpen(Conflict):
    code = "registry.membership_case_open"
    message = "“{name}”已有一件成员身份申请 {number} 在办。请在那一件里继续办理。"


class FilingNotFound(NotFound):
    code = "registry.filing_not_found"
    message = "没有找到第 {filing} 号转移备案，或者它不在您的管辖范围内。请从备案列表重新选择。"


class HouseholdUnknown(Invalid):
    """A command names a household that is not there: the command, not the address, is wrong."""

    code = "registry.household_unknown"
    message = (
        "没有找到第 {household} 号农户，或者它不在您的管辖范围内，备案没有提出。请核对编号，或先在“权利人”里登记农户。"
    )


class NotYourHousehold(Forbidden):
    """Whoever acts for a party applies for that party and for those it lives with."""

    code = "registry.not_your_household"
    message = "您只能为自己和您家的人申请{matter}，这里写的人或农户不在您家。要替别人办理的，请由本人申请，或到镇（街道）登记窗口办理。"


class FilingCaseOpen(Conflict):
    code = "registry.filing_case_open"
    message = "“{name}”已有一件转移备案申请 {number} 在办。请在那一件里继续办理。"


class FilingStands(Conflict):
    code = "registry.filing_stands"
    message = "“{name}”已有一份有效的转移备案。权益有变化时请续办，不必重新备案。"


class FilingOver(Conflict):
    code = "registry.filing_over"
    message = "这份转移备案已于 {day} 终止，不能再续办或终止。需要时请重新备案。"


class FilingEmpty(Conflict):
    code = "registry.filing_empty"
    message = "“{name}”在 {day} 没有仍然有效的权益可以{act}。请先核对登记簿和成员名册。"


class FilingRightsStand(Conflict):
    """Rights are never tied to one another: leaving one ends the filing of none."""

    code = "registry.filing_rights_stand"
    message = "还有 {count} 项备案权益没有退出，不能以“已退出全部权益”终止备案。各项权益分别退出，没有退出的继续保留。"


class FilingDayWrong(Invalid):
    code = "registry.filing_day_wrong"
    message = "迁移日期 {day} 写得不对：{why}。请按迁移证明填写。"


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


class ExchangeNotFound(NotFound):
    code = "registry.exchange_not_found"
    message = "没有找到第 {exchange} 号数据汇交，或者它不在您的管辖范围内。请回到数据汇交列表重新选择。"


class ExchangeNotReady(Conflict):
    code = "registry.exchange_not_ready"
    message = "第 {exchange} 号数据汇交现在是“{state}”，不能导入。请等它核对完毕；有错的请改正后重新上传整份文件。"


class ExchangeOwnFile(Forbidden):
    code = "registry.exchange_own_file"
    message = "第 {exchange} 号数据汇交是您上传的，须由另一位登记审核人员导入登记簿。"


class ExchangeToJudge(Invalid):
    code = "registry.exchange_to_judge"
    message = "有 {count} 处须人工判定，第一处：{first}。请对照规划核对，写明判定理由（至少 {least} 个字）后导入。"


class ExchangeEmpty(Invalid):
    code = "registry.exchange_empty"
    message = "这个范围内没有可以导出的{what}。请改选区划、类别、日期或格式。"


class ExchangePurposeNeeded(Invalid):
    code = "registry.exchange_purpose_needed"
    message = "含完整证件号码的导出须写明用途，至少 {least} 个字。请写明交给谁、用于什么。"


class ExchangeFaulty(Invalid):
    """What was sound when it was checked is sound no more."""

    code = "registry.exchange_faulty"
    message = "写入前再次核对，发现 {count} 处错误，例如{first}。整份文件没有导入，请下载标注的文件，改正后重新上传。"


class ExchangeFileUnreadable(Invalid):
    code = "registry.exchange_file_unreadable"
    message = "文件“{file}”不能用：{why}。请改正后重新上传整份文件。"


class PackageUnreadable(Invalid):
    code = "registry.package_unreadable"
    message = "汇交包“{file}”不能读取：{why}。请让对方重新生成后再上传。"


class ReconciliationNotFound(NotFound):
    code = "registry.reconciliation_not_found"
    message = "没有找到第 {reconciliation} 号对账，或者它不在您的管辖范围内。请回到对账列表重新选择。"


class ToleranceWrong(Invalid):
    code = "registry.tolerance_wrong"
    message = "面积容差不能成立：{why}。请填写 0 到 1 之间的比例和不小于 0 的平方米数。"


class QueryNotAnswered(Invalid):
    """One and the same answer for what is not there and for what does not match: nobody learns which codes exist."""

    code = "registry.query_not_answered"
    message = "没有与所填信息相符的登记。请核对单元代码或证号、权利人姓名或证件号码末六位，一项不符就不能显示。"


class QueryHeldOff(DomainError):
    """Too many questions from one network."""

    status = 429
    code = "registry.query_held_off"
    message = "这个网络在一小时内已查询 {most} 次，{until:%H:%M} 以后可以再查。着急办理的，请到登记窗口查询。"


class QueryPurposeNeeded(Invalid):
    code = "registry.query_purpose_needed"
    message = "查看登记簿内容须写明用途，至少 {least} 个字。请写明办理什么业务。"


class ProfileInvalid(Invalid):
    code = "registry.profile_invalid"
    message = "地块信息不能保存：{why}。请改正后重新提交。"


class AppointmentWindowNotFound(NotFound):
    code = "registry.appointment_window_not_found"
    message = "没有找到第 {window} 号登记窗口，或者它不在您的管辖范围内。请从“农村不动产登记窗口”重新选择。"


class AppointmentNotFound(NotFound):
    code = "registry.appointment_not_found"
    message = "没有找到第 {appointment} 号预约，或者它不是您的、不在您的管辖范围内。请从预约列表重新选择。"


class AppointmentHoursWrong(Invalid):
    code = "registry.appointment_hours_wrong"
    message = "预约时段没有保存：{why}。请改正后重新提交。"


class AppointmentIncomplete(Invalid):
    code = "registry.appointment_incomplete"
    message = "没有预约成功：{why}。请改正后重新提交。"


class AppointmentWindowClosed(Conflict):
    code = "registry.appointment_window_closed"
    message = "“{window}”{why}，不能预约。请改选别的窗口，或打电话咨询。"


class AppointmentSlotUnknown(Invalid):
    code = "registry.appointment_slot_unknown"
    message = "“{window}”{day} 没有 {begins} 开始的预约时段。请改选{free}。"


class AppointmentSlotFull(Conflict):
    code = "registry.appointment_slot_full"
    message = "“{window}”{day} {begins} 已经约满。请改选{free}。"


class AppointmentPast(Invalid):
    code = "registry.appointment_past"
    message = "{day} {begins} 已经过去，不能预约。请改选{free}。"


class AppointmentDayOff(Invalid):
    code = "registry.appointment_day_off"
    message = "{day} 不是工作日，窗口不办公，不能预约。请改选{free}。"


class AppointmentTooFarAhead(Invalid):
    code = "registry.appointment_too_far_ahead"
    message = "{day} 太远：最多提前 {days} 天预约，现在能约到 {until}。请改选{free}。"


class AlreadyAppointed(Conflict):
    """One at a time: who wants another hour cancels the first."""

    code = "registry.already_appointed"
    message = "“{name}”{day} 在这个窗口已有预约（{number}，{begins}）。要改时间，请先取消原来的预约。"


class AppointmentOver(Conflict):
    code = "registry.appointment_over"
    message = "预约 {number} {why}，不能再{act}。需要时请重新预约。"


class AppointmentNotDue(Conflict):
    code = "registry.appointment_not_due"
    message = "预约 {number} 是 {day} {slot} 的，现在还不能{act}。请到{when}再办。"
