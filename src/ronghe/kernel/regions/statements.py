"""What several packs state of the same rows: each row knows its packs, and they must agree on its facts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from .models import Level, Stated

#: What the facts of divisions are called in messages.
FACTS = {"name": "名称", "level": "层级", "parent_id": "上级", "is_local": "本地代码", "until": "曾用名用至"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of a division that a pack states otherwise than the packs in ``stated_by``."""

    place: str
    code: str
    fact: str
    given: str
    stored: str
    stated_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a pack states of one row: facts, in which packs must agree, and where it has them from.

    ``place`` is where the pack states it (file and line), for people to read.
    """

    place: str
    facts: Mapping[str, Any]
    source: str | None = None


@dataclass(slots=True)
class Step:
    """The rows of one table to write, so that it is in step with a pack; their new values are set.

    Of ``restated`` rows only the packs that state them are others, ``gone`` are stated by none any more; ``moved``
    says that a parent changed.
    """

    model: type[Stated]
    new: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    restated: list[Any] = field(default_factory=list)
    gone: list[Any] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    moved: bool = False


def compared(
    model: type[Stated],
    key: tuple[str, ...],
    wanted: Mapping[tuple[str, ...], Statement],
    *,
    pack: str,
    follow: Collection[str],
) -> Step:
    """What to write so that a table is in step with a pack; nothing is written here.

    Args: ``key`` are the columns that tell rows apart, the first of them the division; packs that ``follow`` may
    differ, for they are compared in their turn.
    """
    step = Step(model)
    first = key[0]
    rows = model._default_manager.filter(Q(**{f"{first}__in": {k[0] for k in wanted}}) | Q(stated_by__contains=[pack]))
    stored = {tuple(getattr(row, name) for name in key): row for row in rows}
    for names, stated in wanted.items():
        values = dict(stated.facts) if stated.source is None else {**stated.facts, "source": stated.source}
        row = stored.pop(names, None)
        if row is None:
            step.new.append(model(**dict(zip(key, names, strict=True)), **values, stated_by=[pack]))
            continue
        different = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
        others = tuple(other for other in row.stated_by if other != pack and other not in follow)
        if others:
            # Where others have it from stays as they say; the facts must be the same.
            step.differences += [
                Difference(stated.place, names[0], FACTS[name], _told(values[name]), _told(old), others)
                for name, old in different.items()
                if name in stated.facts
            ]
            different = {}
        for name in different:
            setattr(row, name, values[name])
        step.moved |= "parent_id" in different
        known = pack in row.stated_by
        if not known:
            row.stated_by.append(pack)
        if different:
            step.changed.append(row)
        elif not known:
            step.restated.append(row)
    for row in stored.values():
        if pack in row.stated_by:
            row.stated_by.remove(pack)
            (step.restated if row.stated_by else step.gone).append(row)
    return step


def _told(value: Any) -> str:
    """A fact as a message shows it."""
    match value:
        case None | "":
            return "（空）"
        case bool():
            return "是" if value else "否"
        case _:
            return str(Level(value).label) if value in Level.values else str(value)
