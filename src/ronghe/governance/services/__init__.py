"""Commands of the zone's office."""

from .closing import apply_to_close, ask_extension
from .keeping import government_of, keep_all, keep_ledger
from .ledger import (
    add_node,
    add_part,
    issue_tasks,
    report_progress,
    resume_task,
    set_due,
    sign_for,
    stop_task,
)
from .plans import PlanNotInCheck, case_of, correct, read_again, read_plan, take_plan, undo
from .sheets import answer_sheet, close_sheet, issue_sheet, remind_tasks

__all__ = [
    "PlanNotInCheck",
    "add_node",
    "add_part",
    "answer_sheet",
    "apply_to_close",
    "ask_extension",
    "case_of",
    "close_sheet",
    "correct",
    "government_of",
    "issue_sheet",
    "issue_tasks",
    "keep_all",
    "keep_ledger",
    "read_again",
    "read_plan",
    "remind_tasks",
    "report_progress",
    "resume_task",
    "set_due",
    "sign_for",
    "stop_task",
    "take_plan",
    "undo",
]
