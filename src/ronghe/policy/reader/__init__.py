"""The reader of plans (方案解读): from the text of an official document to its clauses and its ledger of tasks.

It reads by the grammar of official documents and knows no document: names of places and bodies come out of the text.
"""

from ronghe.policy.reader.reader import read_plan
from ronghe.policy.reader.reading import (
    AnnexRow,
    Clause,
    Discrepancy,
    Document,
    InlineDeadline,
    Milestone,
    Place,
    Reading,
    Task,
    UnitGroup,
)

__all__ = [
    "AnnexRow",
    "Clause",
    "Discrepancy",
    "Document",
    "InlineDeadline",
    "Milestone",
    "Place",
    "Reading",
    "Task",
    "UnitGroup",
    "read_plan",
]
