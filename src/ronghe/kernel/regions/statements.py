"""What several packs state of the same rows: each row knows its packs, and they must agree on its facts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from .models import Level, OrgUnit, Stated

#: What the facts of divisions and org units are called in messages.
FACTS = {
    "name": "名称",
    "level": "层级",
    "parent_id": "上级",
    "is_local": "本地代码",
    "until": "曾用名用至",
    "kind": "类别",
    "members": "成员",
}

#: What the words of closed lists are called in messages; no two lists share a word.
WORDS = {**dict(Level.choices), **dict(OrgUnit.Kind.choices)}


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that a pack states otherwise than the packs in ``stated_by``.

    It is a fact of the division ``code``, or of its org unit ``unit``.
    """

    place: str
    code: str
    fact: str
    given: str
    stored: str
    stated_by: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a pack states of one row: facts, in which packs must agree, and where it has them from.

    ``place`` is where the pack states it (file and line), for people to read; ``unit`` the name of an org unit.
    """

    place: str
    facts: Mapping[str, Any]
    source: str | None = None
    unit: str = ""


@dataclass(slots=True)
class Step:
    """The rows of one table to write, so that it is in step with a pack; their new values are set.

    ``rows`` are all that were looked at or are new, by key. Of ``restated`` rows only the packs that state them are
    others, ``gone`` are stated by none any more; ``moved`` says that a parent changed.
    """

    model: type[Stated]
    rows: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    new: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    restated: list[Any] = field(default_factory=list)
    gone: list[Any] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    moved: bool = False


def compared(
    model: type[Stated],
    key: tuple[str, ...],
    wanted: Mapping[tuple[Any, ...], Statement],
    *,
    pack: str,
    follow: Collection[str],
    within: Collection[Any] = (),
) -> Step:
    """What to write so that a table is in step with a pack; nothing is written here.

    Args: ``key`` are the columns that tell rows apart; packs that ``follow`` may differ, for they are compared in their
    turn; rows are looked at whose first column stands in ``wanted`` or ``within``, or which the pack states.
    """
    step = Step(model)
    first = {*within, *(names[0] for names in wanted)}
    rows = model._default_manager.filter(Q(**{f"{key[0]}__in": first}) | Q(stated_by__contains=[pack]))
    stored = {tuple(getattr(row, name) for name in key): row for row in rows}
    step.rows.update(stored)
    for names, stated in wanted.items():
        values = dict(stated.facts) if stated.source is None else {**stated.facts, "source": stated.source}
        row = stored.pop(names, None)
        if row is None:
            step.rows[names] = model(**dict(zip(key, names, strict=True)), **values, stated_by=[pack])
            step.new.append(step.rows[names])
            continue
        different = {name: getattr(row, name) for name, value in values.items() if getattr(row, name) != value}
        others = others_of(row, pack=pack, follow=follow)
        if others:
            # Where others have it from stays as they say; the facts must be the same.
            step.differences += [
                Difference(stated.place, names[0], FACTS[name], _told(values[name]), _told(old), others, stated.unit)
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


def others_of(row: Stated, *, pack: str, follow: Collection[str]) -> tuple[str, ...]:
    """The packs with which ``pack`` must agree on ``row``: those that state it and do not ``follow``."""
    return tuple(other for other in row.stated_by if other != pack and other not in follow)


def _told(value: Any) -> str:
    """A fact as a message shows it."""
    match value:
        case None | "":
            return "（空）"
        case bool():
            return "是" if value else "否"
        case _:
            return str(WORDS.get(value, value))
