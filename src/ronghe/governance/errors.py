"""Refusals of the zone's office: what cannot be done to a task, why, and what can."""

from ronghe.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class LedgerTaskNotFound(NotFound):
    """No such task in the ledger, or none that the actor may see."""

    code = "governance.task_not_found"
    message = "没有找到编号为 {task} 的任务：可能编号有误，或者不在您的单位和区划范围内。"


class TaskNotInState(Conflict):
    """The state of the task does not allow it."""

    code = "governance.task_not_in_state"
    message = "“{title}”现在是“{state}”，不能这样处理：{what}。{mend}"


class NotYourTask(Forbidden):
    """A unit acts on its own duties alone."""

    code = "governance.not_your_task"
    message = "“{title}”的{duty}里没有您的单位“{unit}”，不能{what}。需要调整职责分工的，请联系专班。"


class NotYetSigned(Conflict):
    """Who has not taken a task over does not report on it."""

    code = "governance.not_yet_signed"
    message = "您的单位还没有签收“{title}”。请先签收，再{what}。"


class TaskIncomplete(Invalid):
    """Something that a task, a report or a sheet needs is not given."""

    code = "governance.task_incomplete"
    message = "还缺：{listing}。请补充后重新提交，已填写的内容没有丢失。"


class ProgressBackwards(Invalid):
    """Progress does not shrink without a word."""

    code = "governance.progress_backwards"
    message = "本单位上次上报的进度是 {before}%，这次写的是 {now}%。进度确实倒退的，请在“存在问题”里写明原因。"


class ReportInFuture(Invalid):
    """Nobody reports what has not happened."""

    code = "governance.report_in_future"
    message = "截至日期 {on} 晚于今天（{today}）。请改为今天或更早的日期。"


class PartsStillOpen(Conflict):
    """A task is not closed before its parts."""

    code = "governance.parts_still_open"
    message = "“{title}”还有 {count} 项子任务没有销号或中止：{listing}。请先办结子任务。"


class ProgressNotWhole(Conflict):
    """A task that is not done is not closed."""

    code = "governance.progress_not_whole"
    message = "“{title}”的进度是 {percent}%（{listing}），还不到 100%，不能申请办结。请先上报完成情况。"


class ExtensionTooLate(Conflict):
    """An extension is asked for before the last day has passed; afterwards the first deadline counts."""

    code = "governance.extension_too_late"
    message = "“{title}”的期限 {due} 已过，延期须在期限届满前提出。逾期任务按原期限考核，请尽快办结并在进展里说明原因。"


class ExtensionNotLater(Invalid):
    """A new deadline lies after the present one."""

    code = "governance.extension_not_later"
    message = "申请的新期限 {asked} 不晚于现期限 {due}。请填写更晚的日期。"


class AlreadyAsked(Conflict):
    """The same is being decided already."""

    code = "governance.already_asked"
    message = "“{title}”已有一件{what}正在办理（{number}）。请等待办理结果，或先撤回该件。"


class SheetRunning(Conflict):
    """One matter, one sheet."""

    code = "governance.sheet_running"
    message = "“{title}”对“{unit}”已有一份{colour}色督办单（{number}）正在督办，一事一单。回复期限 {reply_by} 届满未回复的，可以升级。"


class SheetNotFound(NotFound):
    """No such sheet, or none that the actor may see."""

    code = "governance.sheet_not_found"
    message = "没有找到编号为 {sheet} 的督办单：可能编号有误，或者不在您的权限范围内。"


class SheetNotInState(Conflict):
    """The state of the sheet does not allow it."""

    code = "governance.sheet_not_in_state"
    message = "这份督办单“{state}”，不能{what}。"


class MeetingNotFound(NotFound):
    """No such meeting, or none that the actor may see."""

    code = "governance.meeting_not_found"
    message = "没有找到编号为 {meeting} 的会议：可能编号有误，或者不在您的权限范围内。"


class MeetingNotInState(Conflict):
    """The state of the meeting does not allow it."""

    code = "governance.meeting_not_in_state"
    message = "“{title}”{state}，不能{what}。请刷新页面，看现在可以做什么。"


class WorkReportNotFound(NotFound):
    """No such report, or none that the actor may see."""

    code = "governance.report_not_found"
    message = "没有找到编号为 {report} 的报告：可能编号有误，或者不在您的权限范围内。"


class WorkReportNotInState(Conflict):
    """The state of the report does not allow it."""

    code = "governance.report_not_in_state"
    message = "“{title}”{state}，不能{what}。请刷新页面，看现在可以做什么。"


class PeriodNotOver(Invalid):
    """Figures of a period are frozen when it has ended."""

    code = "governance.period_not_over"
    message = "报告期的最后一天 {last} 还没有过完，数据还会变化。请在 {next} 以后生成。"


class ReportChanged(Conflict):
    """Somebody else has saved another version since the page was opened."""

    code = "governance.report_changed"
    message = "这份报告已有第 {now} 稿，您看到的是第 {seen} 稿。您写的内容在下面，没有保存；请对照新稿后再保存。"


class SamePersonApproves(Forbidden):
    """Who wrote a report does not approve it."""

    code = "governance.same_person_approves"
    message = "报告由您起草或送审，须由另一人审定。"


class MeetingIncomplete(Invalid):
    """Something that a meeting, its agenda or its minutes need is not given."""

    code = "governance.meeting_incomplete"
    message = "会议还缺：{listing}。请补充后重新提交，已填写的内容没有丢失。"


class AgendaItemNotFound(NotFound):
    """No such item in the agenda of a meeting that the actor may see."""

    code = "governance.agenda_item_not_found"
    message = "没有找到编号为 {item} 的议题：可能已被移出议程，或者会议不在您的权限范围内。"


class AlreadyOnAgenda(Conflict):
    """A task comes before a meeting once."""

    code = "governance.already_on_agenda"
    message = "“{title}”已经在这次会议的议程里。"


class PeriodUnknown(Invalid):
    """Not a period, or not one of the length that this kind of report is about."""

    code = "governance.period_unknown"
    message = "“{period}”不是{kind}的报告期。通报写作 2026-10，季度报告写作 2026-Q3，年度报告写作 2026。"


class WorkReportIncomplete(Invalid):
    """Something that a report needs is not given."""

    code = "governance.report_incomplete"
    message = "报告还缺：{listing}。请补充后重新提交。"


class ZoneNotForDemonstration(NotFound):
    """A demonstration is made in zones that come with the program alone."""

    code = "governance.zone_not_for_demonstration"
    message = "“{zone}”不是随程序提供的试验区，不在其中建立演示数据。请填写随程序提供的试验区。"
