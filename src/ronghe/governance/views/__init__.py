"""Pages of the zone's office."""

from .cockpit import cockpit
from .comparison import ours_alone, theirs_alone
from .ledger import issue, ledger_board, ledger_calendar, ledger_gantt, ledger_list, ledger_tree, my_tasks
from .meetings import (
    meeting,
    meeting_act,
    meeting_edit,
    meeting_hold,
    meeting_issue,
    meeting_minutes,
    meetings,
    new_meeting,
)
from .plan_parts import added_task, change_task, changes, match, names, read_again, settle, task, undo, zone
from .plans import new_plan, plan, plans
from .reports import (
    new_report,
    report_check,
    report_decide,
    report_draft,
    report_edit,
    report_submit,
    report_tasks,
    report_workbook,
    reports,
    work_report,
)
from .sheets import sheet, sheet_answer, sheet_close, sheets
from .working import close, divide, evidence, extend, ledger_task, node, report, sheet_new, sign, stop

__all__ = [
    "added_task", "change_task", "changes", "close", "cockpit", "divide", "evidence", "extend", "issue",
    "ledger_board", "ledger_calendar", "ledger_gantt", "ledger_list", "ledger_task", "ledger_tree", "match",
    "meeting", "meeting_act", "meeting_edit", "meeting_hold", "meeting_issue", "meeting_minutes", "meetings",
    "my_tasks", "names", "new_meeting", "new_plan", "new_report", "node", "ours_alone", "plan", "plans", "read_again", "report",
    "report_check", "report_decide", "report_draft", "report_edit", "report_submit", "report_tasks",
    "report_workbook", "reports", "settle", "sheet", "sheet_answer", "sheet_close", "sheet_new", "sheets", "sign",
    "stop", "task", "theirs_alone", "undo", "work_report", "zone",
]  # fmt: skip
