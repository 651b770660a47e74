"""Tables of the policy room: what was ordered."""

from .plans import (
    AnnexRow,
    Clause,
    ClauseQuerySet,
    Discrepancy,
    DocumentQuerySet,
    Duty,
    Milestone,
    OrderedTask,
    PolicyDocument,
    Room,
    TaskArea,
    TaskQuerySet,
    TaskUnit,
    Topic,
    Zone,
    ZoneQuerySet,
)

__all__ = [
    "AnnexRow",
    "Clause",
    "ClauseQuerySet",
    "Discrepancy",
    "DocumentQuerySet",
    "Duty",
    "Milestone",
    "OrderedTask",
    "PolicyDocument",
    "Room",
    "TaskArea",
    "TaskQuerySet",
    "TaskUnit",
    "Topic",
    "Zone",
    "ZoneQuerySet",
]
