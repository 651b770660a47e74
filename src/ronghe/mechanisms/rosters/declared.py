"""Declaring a roster (台账): its fields, its key, who may do what; list, record, form, template, import, export follow.

A room declares in its ``rosters.py`` on a model of its own (``models.Record``), so that columns are typed and the
database holds what it can hold.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ronghe.kernel.accounts.roles import PERMISSIONS
from ronghe.kernel.actors import Actor

if TYPE_CHECKING:
    from .models import Record


class Kind(StrEnum):
    """字段类型."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    FLAG = "flag"
    URL = "url"
    USCC = "uscc"
    TELEPHONE = "telephone"
    DIVISION = "division"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Field:
    """字段: one fact of each record. ``name`` is the attribute of the model; a ``secret`` is shown masked."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    hint: str = ""
    example: str = ""
    limit: int = 200
    places: int = 2
    secret: bool = False
    in_list: bool = True
    is_filter: bool = False

    @property
    def attribute(self) -> str:
        """Where the model keeps it: foreign keys by their column."""
        return f"{self.name}_id" if self.kind in (Kind.DIVISION, Kind.ZONE) else self.name

    @property
    def head(self) -> str:
        """The column's head in workbooks, with the unit."""
        return f"{self.label}（{self.unit}）" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Transition:
    """状态转换: one way from a state to the next; who wrote a record does not judge it where ``by_another`` says so."""

    key: str
    label: str
    from_states: tuple[str, ...]
    to: str
    permission: str
    needs_reason: bool = False
    by_another: bool = False


Check = Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]
Complete = Callable[[Sequence["Record"]], None]
Follow = Callable[[Sequence["Record"], Actor, datetime], None]


@dataclass(frozen=True)
class Roster:
    """台账: what is kept, how it is known, and who may see, change, import and export it.

    ``key_fields`` tell records apart: an import changes the record of the same key. ``checks`` are faults across fields,
    as (field, what is wrong). ``complete`` sets what follows from the fields, for many records at once; ``follow`` brings
    about elsewhere what follows from records that were written, moved or ended, in their transaction. Where states are a
    judgement, a change takes the record back to the first; where they are its progress (``is_progress``), it stays.
    ``needed`` are the fields that a record of a state must have.
    """

    key: str
    title: str
    noun: str
    summary: str
    model: type["Record"]
    fields: tuple[Field, ...]
    key_fields: tuple[str, ...]
    name_field: str
    view: str
    edit: str
    empty: str
    checks: tuple[Check, ...] = ()
    complete: Complete | None = None
    follow: Follow | None = None
    states: tuple[tuple[str, str], ...] = ()
    transitions: tuple[Transition, ...] = ()
    is_progress: bool = False
    needed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _by_name: dict[str, Field] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({one.name: one for one in self.fields})
        columns = {one.name for one in self.model._meta.get_fields()}
        faults = [f"no column {one.name}" for one in self.fields if one.name not in columns]
        faults += [
            f"no sealed column for {one.name}"
            for one in self.fields
            if one.secret and f"{one.name}_sealed" not in columns
        ]
        faults += [f"{name} is no field" for name in (*self.key_fields, self.name_field) if name not in self._by_name]
        faults += [f"{one.name} has no choices" for one in self.fields if one.kind is Kind.CHOICE and not one.choices]
        faults += [f"no permission {name}" for name in (self.view, self.edit) if name not in PERMISSIONS]
        faults += [f"{t.key} leads nowhere" for t in self.transitions if t.to not in dict(self.states)]
        faults += [f"no state {state}" for state in self.needed if state not in dict(self.states)]
        faults += [
            f"{name} is no field" for names in self.needed.values() for name in names if name not in self._by_name
        ]
        if "division" not in self._by_name:
            faults.append("no division: nobody would know who sees a record")
        if faults:
            raise ValueError(f"the roster {self.key} cannot work: " + "; ".join(faults))

    def field(self, name: str) -> Field:
        """The field of that name."""
        return self._by_name[name]

    @property
    def version(self) -> str:
        """What a template was made for: other columns are another version."""
        from hashlib import sha256

        told = [(one.name, one.label, one.kind.value, one.required, one.choices) for one in self.fields]
        return sha256(repr(told).encode()).hexdigest()[:10]

    @property
    def first_state(self) -> str:
        return self.states[0][0] if self.states else ""

    def state_after_change(self, state: str) -> str:
        """Where a record stands once its facts are others: what was judged is no longer what stands there."""
        return state if self.is_progress else self.first_state

    def missing(self, state: str, values: Mapping[str, Any]) -> list[Field]:
        """The fields that a record of the state must have and these values lack."""
        return [self.field(name) for name in self.needed.get(state, ()) if values.get(name) in (None, "")]


ROSTERS: dict[str, Roster] = {}


def declare(roster: Roster) -> Roster:
    """Make a roster known. Raises: ValueError when its key is taken: our bug."""
    known = ROSTERS.setdefault(roster.key, roster)
    if known is not roster and known.version != roster.version:
        raise ValueError(f"the roster {roster.key} is declared twice")
    return known
