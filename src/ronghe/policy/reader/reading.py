"""What a plan says, as data (方案解读结果): the answer of the reader.

The shape is ``schema.json``. Beyond it a reading carries the tree of clauses (条款), the groups that the text defines,
other spellings of bodies, and for every task the names as they were written before a shared prefix was put on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

#: In ``Task.others``: beside which word a task keeps the rule for all that was applied to it.
RULE_FOR_ALL = "通则"


@dataclass(frozen=True, slots=True)
class Place:
    """Half-open code-point offsets in the decoded original."""

    start: int
    end: int

    def to_json(self) -> dict[str, int]:
        """The place as the schema writes it."""
        return {"start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Document:
    """Facts of the head (公文要素)."""

    title: str | None = None
    notice_title: str | None = None
    number: str | None = None
    issuer: str | None = None
    date_made: date | None = None
    date_issued: date | None = None
    index_number: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The head as the schema writes it."""
        return {
            "title": self.title,
            "notice_title": self.notice_title,
            "number": self.number,
            "issuer": self.issuer,
            "date_made": _iso(self.date_made),
            "date_issued": _iso(self.date_issued),
            "index_number": self.index_number,
        }


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day and what is to be done by it."""

    date: date
    text: str

    def to_json(self) -> dict[str, str]:
        """The milestone as the schema writes it."""
        return {"date": self.date.isoformat(), "text": self.text}


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered clause: what citations point to. ``level`` counts from 1 at the chapters."""

    path: tuple[str, ...]
    title: str
    level: int
    place: Place

    @property
    def parent(self) -> tuple[str, ...] | None:
        """Path of the clause around it."""
        return self.path[:-1] or None

    def to_json(self) -> dict[str, Any]:
        """The clause with its parent's path."""
        parent = list(self.parent) if self.parent else None
        return {
            "path": list(self.path),
            "title": self.title,
            "level": self.level,
            "parent": parent,
            "place": self.place.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Task:
    """A measure that somebody is ordered to do (任务台账的一行).

    ``confidence`` is 1.0 for a labelled annotation in balanced brackets or on a line of its own; each weakness takes
    some off (``tasks._COST``): no labels 0.05, no verb of duty either 0.15, brackets of two kinds 0.03, broken over
    paragraphs 0.02, a label inside running text 0.1, everything inherited 0.1, shared by several items 0.1, a bracket
    lost 0.2, characters lost 0.3, a name that does not end as bodies do 0.1, one that was left unread 0.1, a deadline without a readable day 0.05
    (standing duties excepted), figures of one that were not read 0.1. A row of a table that is the only ledger has 0.95, with filled cells 0.9.
    """

    path: tuple[str, ...]
    measure_index: int
    title: str
    place: Place
    confidence: float
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    deadline: str | None = None
    milestones: tuple[Milestone, ...] = ()
    areas: tuple[str, ...] = ()
    areas_expanded: tuple[str, ...] = ()
    as_written: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    inherited: tuple[str, ...] = ()
    annotation: Place | None = None

    def to_json(self) -> dict[str, Any]:
        """The task as the schema writes it, and ours beyond it."""
        return {
            "path": list(self.path),
            "measure_index": self.measure_index,
            "title": self.title,
            "lead": list(self.lead),
            "cooperating": list(self.cooperating),
            "responsible": list(self.responsible),
            "deadline": self.deadline,
            "milestones": [m.to_json() for m in self.milestones],
            "areas": list(self.areas),
            "areas_expanded": list(self.areas_expanded),
            "place": self.place.to_json(),
            "confidence": self.confidence,
            "annotation_place": self.annotation.to_json() if self.annotation else None,
            "as_written": dict(self.as_written),
            "others": dict(self.others),
            "inherited": list(self.inherited),
        }


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """A row of a table of tasks (任务分工表), merged cells filled, linked to the body by the text of its measure."""

    table: int
    measure: str
    place: Place
    trial_task: str | None = None
    work_task: str | None = None
    serial: str | None = None
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()
    responsible: tuple[str, ...] = ()
    deadline: str | None = None
    areas: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    body_path: tuple[str, ...] | None = None
    body_measure: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The row as the schema writes it, and ours beyond it."""
        return {
            "table": self.table,
            "trial_task": self.trial_task,
            "work_task": self.work_task,
            "measure": self.measure,
            "lead": list(self.lead),
            "cooperating": list(self.cooperating),
            "responsible": list(self.responsible),
            "body_path": list(self.body_path) if self.body_path is not None else None,
            "body_measure": self.body_measure,
            "serial": self.serial,
            "deadline": self.deadline,
            "areas": list(self.areas),
            "filled": list(self.filled),
            "place": self.place.to_json(),
        }


@dataclass(frozen=True, slots=True)
class InlineDeadline:
    """A deadline in running text, with the clause it stands in."""

    path: tuple[str, ...]
    text: str
    date: date
    place: Place

    def to_json(self) -> dict[str, Any]:
        """The deadline as the schema writes it."""
        return {
            "path": list(self.path),
            "text": self.text,
            "date": self.date.isoformat(),
            "place": self.place.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something for a person to look at; ``kind`` is a slug, ``text`` says it in Chinese."""

    kind: str
    text: str
    place: Place | None = None

    def to_json(self) -> dict[str, Any]:
        """The discrepancy as the schema writes it."""
        return {"kind": self.kind, "text": self.text, "place": self.place.to_json() if self.place else None}


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """What a group word stands for: its members (一区两市), or the note that explains it (各区县政府，含…)."""

    name: str
    members: tuple[str, ...] = ()
    note: str | None = None
    place: Place | None = None

    def to_json(self) -> dict[str, Any]:
        """The group with its members or its note."""
        place = self.place.to_json() if self.place else None
        return {"name": self.name, "members": list(self.members), "note": self.note, "place": place}


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read in one document; what could not be read is in ``unread``, never dropped."""

    document: Document = field(default_factory=Document)
    tasks: tuple[Task, ...] = ()
    unannotated: tuple[Clause, ...] = ()
    annex_rows: tuple[AnnexRow, ...] = ()
    inline_deadlines: tuple[InlineDeadline, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()
    unread: tuple[Place, ...] = ()
    units: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    groups: tuple[UnitGroup, ...] = ()
    aliases: dict[str, str] = field(default_factory=dict)
    attachments: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The reading as plain data; valid under ``schema.json``."""
        whole: dict[str, Any] = {"document": self.document.to_json(), "aliases": dict(self.aliases)}
        return whole | {name: list(items) for name, items in self._lists()}

    def written(self) -> Iterator[str]:
        """The text of ``to_json()``, one item of a list a line; it never stands in memory as a whole."""
        yield '{"document": ' + _text(self.document.to_json())
        yield ',\n"aliases": ' + _text(self.aliases)
        for name, items in self._lists():
            yield f',\n"{name}": ['
            for i, item in enumerate(items):
                yield (",\n " if i else "\n ") + _text(item)
            yield "]"
        yield "}\n"

    def _lists(self) -> Iterator[tuple[str, Iterable[Any]]]:
        yield "tasks", (x.to_json() for x in self.tasks)
        yield (
            "unannotated",
            ({"path": list(c.path), "title": c.title, "place": c.place.to_json()} for c in self.unannotated),
        )
        yield "annex_rows", (x.to_json() for x in self.annex_rows)
        yield "inline_deadlines", (x.to_json() for x in self.inline_deadlines)
        yield "discrepancies", (x.to_json() for x in self.discrepancies)
        yield "unread", (x.to_json() for x in self.unread)
        yield "units", self.units
        yield "clauses", (x.to_json() for x in self.clauses)
        yield "groups", (x.to_json() for x in self.groups)
        yield "attachments", self.attachments


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
