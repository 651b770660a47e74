"""Pages of the zone's office."""

from .plan_parts import added_task, change_task, changes, match, names, read_again, settle, task, undo, zone
from .plans import new_plan, plan, plans

__all__ = [
    "added_task", "change_task", "changes", "match", "names", "new_plan", "plan", "plans", "read_again", "settle", "task",
    "undo", "zone",
]  # fmt: skip
