"""Which references follow a party that is merged into another. Rooms register theirs when they are loaded.

A reference that may not change (the applicant of a case, the party of a mandate) is not registered: it stays as it was
and its readers follow ``merged_into``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """``field`` of ``model`` (``app.Model``) names a party; ``title`` is what pages call such rows."""

    model: str
    field: str
    title: str


_REFERENCES: dict[tuple[str, str], Reference] = {}


def register(model: str, field: str, *, title: str) -> None:
    """Let ``field`` of ``model`` follow merged parties: its rows are pointed at the target, and back when undone."""
    _REFERENCES[(model, field)] = Reference(model, field, title)


def references() -> tuple[Reference, ...]:
    """Everything registered, in a fixed order."""
    return tuple(_REFERENCES[key] for key in sorted(_REFERENCES))


# Who had been merged into the source before belongs to the target now: one step leads to the party that remains.
register("parties.Party", "merged_into", title="先前的合并")
