"""Bringing rows in step with what a pack states, touching only what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a pack did: rows added, changed and removed; all zero when it was loaded already."""

    slug: str
    added: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(self.slug, self.added + other.added, self.changed + other.changed, self.removed + other.removed)

    @property
    def counts(self) -> dict[str, int]:
        """The same as facts of an event."""
        return {"added": self.added, "changed": self.changed, "removed": self.removed}


def sync(
    rows: models.QuerySet[Any],
    wanted: Mapping[tuple[Any, ...], Mapping[str, Any]],
    key: tuple[str, ...],
    fixed: Mapping[str, Any] | None = None,
) -> Loaded:
    """Make ``rows`` be what is ``wanted``: add, change and remove by key, touching only what differs."""
    stored = {tuple(getattr(row, name) for name in key): row for row in rows.all()}
    new, changed = [], []
    columns: set[str] = set()
    for values_of_key, values in wanted.items():
        row = stored.pop(values_of_key, None)
        if row is None:
            new.append(rows.model(**dict(zip(key, values_of_key, strict=True)), **values, **(fixed or {})))
        elif different := {name for name, value in values.items() if getattr(row, name) != value}:
            for name in different:
                setattr(row, name, values[name])
            columns |= different
            changed.append(row)
    removed = len(stored)
    if stored:
        rows.model._default_manager.filter(pk__in=[row.pk for row in stored.values()]).delete()
    if changed:
        rows.model._default_manager.bulk_update(changed, [name.removesuffix("_id") for name in columns])
    rows.model._default_manager.bulk_create(new)
    return Loaded("", len(new), len(changed), removed)
