"""Pages of the zone's office."""

from .cockpit import cockpit
from .ledger import issue, ledger_board, ledger_calendar, ledger_gantt, ledger_list, ledger_tree, my_tasks
from .plan_parts import added_task, change_task, changes, match, names, read_again, settle, task, undo, zone
from .plans import new_plan, plan, plans
from .sheets import sheet, sheet_answer, sheet_close, sheets
from .task import close, divide, evidence, extend, ledger_task, node, report, sheet_new, sign, stop

__all__ = [
    "added_task", "change_task", "changes", "close", "cockpit", "divide", "evidence", "extend", "issue", "ledger_board",
    "ledger_calendar", "ledger_gantt", "ledger_list", "ledger_task", "ledger_tree", "match", "my_tasks", "names", "new_plan",
    "node", "plan", "plans", "read_again", "report", "settle", "sheet", "sheet_answer", "sheet_close", "sheet_new", "sheets",
    "sign", "stop", "task", "undo", "zone",
]  # fmt: skip
