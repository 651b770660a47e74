"""Pages of the policy room."""

from .plans import (
    clauses,
    document,
    documents,
    task,
    task_address,
    task_listing,
    tasks,
    unit,
    units,
)

__all__ = [
    "clauses",
    "document",
    "documents",
    "task",
    "task_address",
    "task_listing",
    "tasks",
    "unit",
    "units",
]
