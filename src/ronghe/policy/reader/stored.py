"""A reading back from its stored form (``Reading.to_json``): what was read once stays as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

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

Data = Mapping[str, Any]


def reading_of(data: Data) -> Reading:
    """The reading that ``to_json`` wrote; equal to it."""
    return Reading(
        document=document_of(data["document"]),
        tasks=tuple(task_of(one) for one in data["tasks"]),
        unannotated=tuple(
            Clause(tuple(one["path"]), one["title"], len(one["path"]), _place(one["place"]))
            for one in data["unannotated"]
        ),
        annex_rows=tuple(_annex_row(one) for one in data["annex_rows"]),
        inline_deadlines=tuple(
            InlineDeadline(tuple(one["path"]), one["text"], date.fromisoformat(one["date"]), _place(one["place"]))
            for one in data["inline_deadlines"]
        ),
        discrepancies=tuple(
            Discrepancy(one["kind"], one["text"], _place(one["place"]) if one["place"] else None)
            for one in data["discrepancies"]
        ),
        unread=tuple(_place(one) for one in data["unread"]),
        units=tuple(data["units"]),
        clauses=tuple(
            Clause(tuple(one["path"]), one["title"], one["level"], _place(one["place"])) for one in data["clauses"]
        ),
        groups=tuple(
            UnitGroup(one["name"], tuple(one["members"]), one["note"], _place(one["place"]) if one["place"] else None)
            for one in data["groups"]
        ),
        aliases=dict(data["aliases"]),
        attachments=tuple(data["attachments"]),
    )


def document_of(data: Data) -> Document:
    """Facts of the head."""
    facts: dict[str, Any] = {k: _day(v) if k in ("date_made", "date_issued") else v for k, v in data.items()}
    return Document(**facts)


def task_of(data: Data) -> Task:
    """One task."""
    return Task(
        path=tuple(data["path"]),
        measure_index=data["measure_index"],
        title=data["title"],
        place=_place(data["place"]),
        confidence=data["confidence"],
        lead=tuple(data["lead"]),
        cooperating=tuple(data["cooperating"]),
        responsible=tuple(data["responsible"]),
        deadline=data["deadline"],
        milestones=tuple(Milestone(date.fromisoformat(m["date"]), m["text"]) for m in data["milestones"]),
        areas=tuple(data["areas"]),
        areas_expanded=tuple(data["areas_expanded"]),
        as_written=dict(data["as_written"]),
        others=dict(data["others"]),
        inherited=tuple(data["inherited"]),
        annotation=_place(data["annotation_place"]) if data["annotation_place"] else None,
    )


def _annex_row(data: Data) -> AnnexRow:
    return AnnexRow(
        table=data["table"],
        measure=data["measure"],
        place=_place(data["place"]),
        trial_task=data["trial_task"],
        work_task=data["work_task"],
        serial=data["serial"],
        lead=tuple(data["lead"]),
        cooperating=tuple(data["cooperating"]),
        responsible=tuple(data["responsible"]),
        deadline=data["deadline"],
        areas=tuple(data["areas"]),
        filled=tuple(data["filled"]),
        body_path=tuple(data["body_path"]) if data["body_path"] is not None else None,
        body_measure=data["body_measure"],
    )


def _place(data: Data) -> Place:
    return Place(data["start"], data["end"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
