"""Tables of the zone's office: lists, the ledger of tasks with what becomes of them, meetings, reports."""

from .lists import Experience, ExperienceQuerySet, Instrument, UnitEntry
from .meetings import AgendaItem, Meeting
from .reports import Figures, ReportVersion, WorkReport
from .tasks import (
    Assignment,
    Evidence,
    Extension,
    Node,
    ProgressReport,
    Sheet,
    Task,
    TaskMove,
    TaskPlace,
)

__all__ = [
    "AgendaItem",
    "Assignment",
    "Evidence",
    "Experience",
    "ExperienceQuerySet",
    "Extension",
    "Figures",
    "Instrument",
    "Meeting",
    "Node",
    "ProgressReport",
    "ReportVersion",
    "Sheet",
    "Task",
    "TaskMove",
    "TaskPlace",
    "UnitEntry",
    "WorkReport",
]
