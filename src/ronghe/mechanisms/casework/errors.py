"""Refusals of casework: what cannot be done, why, and what can."""

from ronghe.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class ProcedureUnknown(NotFound):
    """No room declares it."""

    code = "casework.procedure_unknown"
    message = "没有“{key}”这个办理程序。请从可办事项里选择。"


class ProcedureNotOffered(Invalid):
    """A command names a procedure that no room declares."""

    code = "casework.procedure_not_offered"
    message = "“{key}”不是可以办理的程序，没有提出办件。请从 /api/v1/procedures 列出的程序里选择。"


class CaseNotFound(NotFound):
    """No such case, or none that the actor may see."""

    code = "casework.case_not_found"
    message = "没有找到办件 {case}：可能编号有误，或者不在您的权限范围内。"


class CaseMoved(Conflict):
    """Somebody else has acted since the page was opened."""

    code = "casework.case_moved"
    message = "办件 {case} 刚由{who}处理过（{what}），现在在“{step}”环节。您的操作没有生效，请刷新后再办。"


class CaseClosed(Conflict):
    """Nothing more happens to it."""

    code = "casework.case_closed"
    message = "办件 {case} 已经{state}，不能再办理。"


class CasePaused(Conflict):
    """It waits for the answer to an objection."""

    code = "casework.case_paused"
    message = "办件 {case} 因公示异议中止。请先处理异议，再继续办理。"


class ActionUnknown(Conflict):
    """The step has no such action: the procedure allows no such move."""

    code = "casework.action_unknown"
    message = "办件 {case} 在“{step}”环节，不能“{action}”。这个环节可以：{allowed}。"


class NotYourStep(Forbidden):
    """Another post acts here."""

    code = "casework.not_your_step"
    message = "办件 {case} 的“{step}”环节由{roles}办理，您当前的岗位不能办理。"


class HeldByAnother(Forbidden):
    """Somebody has taken the case."""

    code = "casework.held_by_another"
    message = "办件 {case} 由{holder}承办。请由承办人办理，或先移交。"


class SamePerson(Forbidden):
    """职责分离: whoever did the earlier step may not do this one."""

    code = "casework.same_person"
    message = "您已经办理过办件 {case} 的“{earlier}”环节，按职责分离要求，“{step}”须由另一人办理。"


class MayNotOpen(Forbidden):
    """Another post opens such cases."""

    code = "casework.may_not_open"
    message = "“{procedure}”由{roles}提出，您当前的岗位不能提出。"


class OwnMatter(Forbidden):
    """回避: whoever acts for the applicant decides nothing in the same case."""

    code = "casework.own_matter"
    message = "您是办件 {case} 申请人的本人或代理人，按回避要求，须由其他工作人员办理。"


class StepGone(Conflict):
    """The procedure was declared anew without the step in which the case stands."""

    code = "casework.step_gone"
    message = "办件 {case} 停在“{step}”环节，现行的“{procedure}”程序已经没有这个环节。请联系系统管理员恢复该环节，或由申请人撤回后重新提出。"


class NoticeRunning(Conflict):
    """The public may still object."""

    code = "casework.notice_running"
    message = "办件 {case} 的公示到 {last_day} 才结束，公示期不能缩短。期满无异议的，系统自动转入下一环节。"


class ObjectionStands(Conflict):
    """An objection was found to be right: the case cannot go on as if nobody had objected."""

    code = "casework.objection_stands"
    message = "办件 {case} 的公示异议已经认定成立，不能按原样继续办理。请退回重新办理或不予通过，并写明理由。"


class ReasonMissing(Invalid):
    """Whoever returns or refuses says why."""

    code = "casework.reason_missing"
    message = "“{action}”要写明理由，理由会告诉申请人。请填写后再提交。"


class MaterialMissing(Invalid):
    """What must be attached is not."""

    code = "casework.material_missing"
    message = "还缺材料：{listing}。请上传后再提交。"


class MaterialUnknown(Invalid):
    """The step asks for no such material."""

    code = "casework.material_unknown"
    message = "“{step}”环节不收“{material}”。请从列出的材料里选择。"


class MaterialNotFound(NotFound):
    """No such material in this case."""

    code = "casework.material_not_found"
    message = "办件 {case} 里没有第 {material_id} 号材料。"


class GateClosed(Conflict):
    """A rule says no, or cannot say."""

    code = "casework.gate_closed"
    message = "不能“{action}”，规则没有通过：{findings}。请先补齐事实或改正后再办。"


class HandoverRefused(Invalid):
    """The person could not act on the case."""

    code = "casework.handover_refused"
    message = "不能移交给{to}：对方今天没有能办理这个环节的岗位。请选择{roles}的人员。"


class NoticeNotFound(NotFound):
    """No such notice."""

    code = "casework.notice_not_found"
    message = "没有找到第 {notice_id} 号公示。"


class NoticeOver(Conflict):
    """The days for objections have passed."""

    code = "casework.notice_over"
    message = "第 {notice_id} 号公示已于 {last_day} 结束，不能再提异议。如仍有不同意见，请直接联系承办单位。"


class ObjectionInvalid(Invalid):
    """An objection without name, contact or reason."""

    code = "casework.objection_invalid"
    message = "异议没有提交：请填写{listing}，以便核实和答复。"


class AnswerUnclear(Invalid):
    """An answer that says neither yes nor no."""

    code = "casework.answer_unclear"
    message = "没有处理第 {objection_id} 号异议：请选择异议成立还是不成立。"


class WithdrawalUnconfirmed(Invalid):
    """Nothing brings a case back that was withdrawn."""

    code = "casework.withdrawal_unconfirmed"
    message = "没有撤回：撤回后不能恢复，请在确认栏写“撤回”二字再提交。"


class WithdrawalTooLate(Conflict):
    """What was asked for has been brought about."""

    code = "casework.withdrawal_too_late"
    message = "办件 {case} 已到“{step}”环节，申请的事项已经生效，不能撤回。需要改变的，请另行申请。"


class NoticePeriodUnset(Conflict):
    """Nobody has fixed how long the public is told."""

    code = "casework.notice_period_unset"
    message = "办件 {case} 不能进入“{step}”：没有规定公示多长时间。请由试验区专班在政策库中确定这项参数，再继续办理。"


class OpenedElsewhere(Invalid):
    """Such a case needs more than a title: its room has a form, and an operation, of its own."""

    code = "casework.opened_elsewhere"
    message = "“{procedure}”不能只凭名称提出，没有提出办件。请在 {page} 提出，或调用它自己的接口。"


class ObjectionNotFound(NotFound):
    """No such objection in a case that the actor may see."""

    code = "casework.objection_not_found"
    message = "没有找到第 {objection_id} 号异议。"


class ObjectionAnswered(Conflict):
    """It has its answer."""

    code = "casework.objection_answered"
    message = "第 {objection_id} 号异议已经处理（{state}），不能重复处理。"


class CaseStillOpen(Conflict):
    """Only what is over is filed."""

    code = "casework.case_still_open"
    message = "办件 {case} 还没有办结，不能归档。"


class CaseIncomplete(Invalid):
    """What the form of a case lacks."""

    code = "casework.case_incomplete"
    message = "办件没有提出：请填写{listing}。"
