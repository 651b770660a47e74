"""A confirmed draft as a pack folder: written by the same writer and read by the same checks as every other pack."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from .draft_merge import merged, read_rows, write_rows
from .drafting import Current, UnitChoice
from .pack_writer import write_draft
from .packs.build import MEMBER_DIVISION

#: How a pack from a person is versioned: what the program ships never overwrites it.
LOCAL_VERSION = "local"


@dataclass(frozen=True, slots=True)
class KnownDivision:
    """A division as the platform knows it, for the pack's own table."""

    code: str
    name: str
    level: str
    parent: str | None
    is_local: bool


def write_pack(
    draft: Current,
    folder: Path,
    *,
    key: str,
    divisions: Sequence[KnownDivision],
    base: Path | None,
    number: int,
    keywords: Sequence[Sequence[str]],
    members: Mapping[str, UnitChoice],
) -> None:
    """Write the pack of a draft into ``folder``, which is new.

    Args: ``key`` is the document's key; ``divisions`` are all that the pack names, with those above them; ``base`` is the
        zone's present pack when the draft revises a document of it: what else it states is taken over unchanged;
        ``number`` counts the versions; ``keywords`` are those of each kept task; ``members``
        are the units of groups that the platform knows.
    """
    tasks = tuple(
        replace(one.task, measure_index=measure) for one, measure in zip(draft.kept, _measures(draft), strict=True)
    )
    reading = replace(draft.reading, document=draft.document, tasks=tasks, discrepancies=(), unread=())
    write_draft(reading, folder)
    _rewrite(folder / "clauses.csv", lambda rows: [{**r, "document": key} for r in rows])
    _rewrite(folder / "tasks.csv", lambda rows: list(_tasks(rows, draft, key, keywords)))
    if (folder / "annex.csv").exists():
        _rewrite(folder / "annex.csv", lambda rows: [{**r, "document": key} for r in rows])
    level = next((one.level for one in divisions if one.code == draft.zone.seat), "county")
    write_rows(folder, "units.csv", _units(draft, level, members))
    write_rows(folder, "areas.csv", _areas(draft))
    write_rows(folder, "divisions.csv", _divisions(divisions))
    doubts = [
        {"document": key, "kind": one.kind[:40], "text": f"{one.text}；处理：{one.settled}"[:400]}
        for one in draft.doubts
    ]
    write_rows(folder, "discrepancies.csv", doubts)
    head = _head(draft, key)
    if base is None:
        zone = draft.zone
        told: dict[str, object] = {
            "slug": zone.slug, "title": zone.title, "short": zone.short, "parent": zone.parent or None,
            "seat": zone.seat, "divisions": list(zone.divisions), "version": f"{LOCAL_VERSION}.{number}",
            "published": zone.published, "documents": [head],
        }  # fmt: skip
    else:
        told = merged(folder, base, head, f"{LOCAL_VERSION}.{number}", draft.matches)
    (folder / "zone.yaml").write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), "utf-8")


def _measures(draft: Current) -> list[int]:
    """Measures of a clause counted from one, also where a person took one out or put one in."""
    seen: dict[tuple[str, ...], int] = {}
    found = []
    for one in draft.kept:
        seen[one.task.path] = seen.get(one.task.path, 0) + 1
        found.append(seen[one.task.path])
    return found


def _head(draft: Current, key: str) -> dict[str, object]:
    head = draft.document
    told: dict[str, object] = {
        "key": key, "title": head.title, "notice_title": head.notice_title, "number": head.number, "issuer": head.issuer,
        "date_made": head.date_made, "date_issued": head.date_issued, "index_number": head.index_number,
        "source": draft.source or "本单位上传的文件",
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _tasks(
    rows: Iterable[Mapping[str, str]], draft: Current, key: str, keywords: Sequence[Sequence[str]]
) -> Iterable[dict[str, object]]:
    for row, one, words in zip(rows, draft.kept, keywords, strict=True):
        yield {**row, "document": key, "topic": one.topic or "", "room": one.room, "keywords": "|".join(words)}


def _units(draft: Current, level: str, known: Mapping[str, UnitChoice]) -> Iterable[dict[str, object]]:
    """Each meant unit once, with the spellings of the plan as its aliases; members of groups are units too."""
    by_unit: dict[str, UnitChoice] = {}
    aliases: dict[str, list[str]] = {}
    for name, choice in draft.units.items():
        meant = choice.unit or name
        by_unit.setdefault(meant, choice)
        if meant != name:
            aliases.setdefault(meant, []).append(name)
    members = [m for c in draft.units.values() for m in c.members if not m.startswith(MEMBER_DIVISION)]
    for member in members:
        if member not in by_unit and not any(member in names for names in aliases.values()):
            by_unit[member] = known.get(member) or UnitChoice(member, level=level, division=draft.zone.seat)
    for name, choice in by_unit.items():
        yield {
            "name": name,
            "kind": choice.kind,
            "level": choice.level or level,
            "division": choice.division or draft.zone.seat,
            "aliases": "|".join(a for a in aliases.get(name, ()) if a not in by_unit),
            "members": "|".join(choice.members) if choice.kind == "group" else "",
            "source": "方案入库时由人员对应",
        }


def _areas(draft: Current) -> Iterable[dict[str, object]]:
    for written, choice in draft.areas.items():
        yield {
            "written": written,
            "divisions": "|".join(choice.divisions),
            "part": "true" if choice.part else "",
            "source": "方案入库时由人员对应",
        }


def _divisions(divisions: Iterable[KnownDivision]) -> Iterable[dict[str, object]]:
    for one in divisions:
        yield {
            "code": one.code, "name": one.name, "level": one.level, "parent": one.parent or "",
            "local": "true" if one.is_local else "", "source": "平台区划表",
        }  # fmt: skip


def _rewrite(path: Path, change: Callable[[list[dict[str, str]]], Iterable[Mapping[str, object]]]) -> None:
    write_rows(path.parent, path.name, change(read_rows(path)))
