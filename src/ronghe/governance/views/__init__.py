"""Pages of the zone's office."""

from .comparison import ours_alone, theirs_alone
from .plan_parts import added_task, change_task, changes, match, names, read_again, settle, task, undo, zone
from .plans import new_plan, plan, plans

__all__ = [
    "added_task", "change_task", "changes", "match", "names", "new_plan", "ours_alone", "plan", "plans", "read_again",
    "settle", "task", "theirs_alone", "undo", "zone",
]  # fmt: skip
