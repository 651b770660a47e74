"""A confirmed draft as a pack folder: written by the same writer and read by the same checks as every other pack."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from .drafting import Current, UnitChoice
from .pack_writer import write_draft
from .packs.build import MEMBER_DIVISION
from .packs.files import schema

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
    draft: Current, folder: Path, *, key: str, divisions: Sequence[KnownDivision], base: Path | None, number: int
) -> None:
    """Write the pack of a draft into ``folder``, which is new.

    Args: ``key`` is the document's key; ``divisions`` are all that the pack names, with those above them; ``base`` is the
        zone's present pack when the draft revises a document of it: what else it states is taken over unchanged;
        ``number`` counts the versions.
    """
    tasks = tuple(
        replace(one.task, measure_index=measure) for one, measure in zip(draft.kept, _measures(draft), strict=True)
    )
    reading = replace(draft.reading, document=draft.document, tasks=tasks, discrepancies=(), unread=())
    write_draft(reading, folder)
    _rewrite(folder / "clauses.csv", lambda rows: [{**r, "document": key} for r in rows])
    _rewrite(folder / "tasks.csv", lambda rows: list(_tasks(rows, draft, key)))
    if (folder / "annex.csv").exists():
        _rewrite(folder / "annex.csv", lambda rows: [{**r, "document": key} for r in rows])
    level = next((one.level for one in divisions if one.code == draft.zone.seat), "county")
    _write(folder, "units.csv", _units(draft, level))
    _write(folder, "areas.csv", _areas(draft))
    _write(folder, "divisions.csv", _divisions(divisions))
    doubts = [
        {"document": key, "kind": one.kind[:40], "text": f"{one.text}；处理：{one.settled}"[:400]}
        for one in draft.doubts
    ]
    _write(folder, "discrepancies.csv", doubts)
    head = _head(draft, key)
    if base is None:
        zone = draft.zone
        told: dict[str, object] = {
            "slug": zone.slug, "title": zone.title, "short": zone.short, "parent": zone.parent or None,
            "seat": zone.seat, "divisions": list(zone.divisions), "version": f"{LOCAL_VERSION}.{number}",
            "published": zone.published, "documents": [head],
        }  # fmt: skip
    else:
        told = _merged(folder, base, head, number)
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


def _tasks(rows: Iterable[Mapping[str, str]], draft: Current, key: str) -> Iterable[dict[str, object]]:
    for row, one in zip(rows, draft.kept, strict=True):
        yield {**row, "document": key, "topic": one.topic or "", "room": one.room, "keywords": row.get("keywords", "")}


def _units(draft: Current, level: str) -> Iterable[dict[str, object]]:
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
            by_unit[member] = UnitChoice(member, level=level, division=draft.zone.seat)
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


#: Tables that a revision replaces for its document, or adds to; every other file of the base is taken over as it is.
_BY_DOCUMENT = ("clauses.csv", "tasks.csv", "annex.csv", "discrepancies.csv")
_BY_KEY = {"units.csv": "name", "areas.csv": "written", "divisions.csv": "code"}


def _merged(folder: Path, base: Path, head: Mapping[str, object], number: int) -> dict[str, object]:
    """Put what the base states of everything else beside what the revision states of its document."""
    told: dict[str, object] = yaml.safe_load((base / "zone.yaml").read_text("utf-8"))
    documents = told["documents"]
    assert isinstance(documents, list)
    told["documents"] = [dict(head) if one["key"] == head["key"] else one for one in documents]
    told["version"] = f"{LOCAL_VERSION}.{number}"
    for path in sorted(base.rglob("*")):
        name = path.relative_to(base).as_posix()
        if path.is_dir() or name == "zone.yaml":
            continue
        target = folder / name
        if name in _BY_DOCUMENT:
            rest = [row for row in _read(path) if row["document"] != head["key"]]
            _write(folder, name, [*rest, *(_read(target) if target.exists() else [])])
        elif name in _BY_KEY:
            own = _with_aliases(_read(target), _read(path)) if name == "units.csv" else _read(target)
            taken = _taken(own, _BY_KEY[name])
            _write(folder, name, [*own, *(row for row in _read(path) if not _taken([row], _BY_KEY[name]) & taken)])
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return told


def _with_aliases(own: list[dict[str, str]], base: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Other spellings of a unit that other documents of the zone use stay."""
    before = {row["name"]: row["aliases"].split("|") for row in base}
    used = _taken(own, "name")
    for row in own:
        more = [name for name in before.get(row["name"], ()) if name and name not in used]
        row["aliases"] = "|".join([*filter(None, row["aliases"].split("|")), *more])
    return own


def _taken(rows: Iterable[Mapping[str, str]], column: str) -> set[str]:
    """The keys of rows, and the aliases of units, which must be free too."""
    return {name for row in rows for name in (row[column], *row.get("aliases", "").split("|")) if name}


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(folder: Path, file: str, rows: Iterable[Mapping[str, object]]) -> None:
    columns = list(schema()[file]["properties"])
    with (folder / file).open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _rewrite(path: Path, change: Callable[[list[dict[str, str]]], Iterable[Mapping[str, object]]]) -> None:
    _write(path.parent, path.name, change(_read(path)))
