"""What a revision of one document takes over from the zone's present pack: everything else that it states."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import yaml

from .packs import markers
from .packs.files import schema
from .revising import moved_label

#: Tables that a revision replaces for its document, or adds to; every other file of the base is taken over as it is.
_BY_DOCUMENT = ("clauses.csv", "tasks.csv", "annex.csv", "discrepancies.csv")
_BY_KEY = {"units.csv": "name", "areas.csv": "written", "divisions.csv": "code"}


def merged(
    folder: Path, base: Path, head: Mapping[str, object], version: str, matches: Mapping[str, str]
) -> dict[str, object]:
    """Put what the base states of everything else beside what the revision states of its document.

    What the base cites of the document is cited under its new label, and stays in the index of clauses where the revision
    was not read that finely: a value keeps the clause that it rests on.
    """
    told: dict[str, object] = yaml.safe_load((base / "zone.yaml").read_text("utf-8"))
    documents = told["documents"]
    assert isinstance(documents, list)
    told["documents"] = [dict(head) if one["key"] == head["key"] else one for one in documents]
    told["version"] = version
    key = str(head["key"])
    for path in sorted(base.rglob("*")):
        name = path.relative_to(base).as_posix()
        if path.is_dir() or name == "zone.yaml":
            continue
        target = folder / name
        if name in _BY_DOCUMENT:
            rest = [row for row in read_rows(path) if row["document"] != key]
            own = read_rows(target) if target.exists() else []
            if name == "clauses.csv":
                own = _with_cited(own, [row for row in read_rows(path) if row["document"] == key], base, key, matches)
            write_rows(folder, name, [*rest, *own])
        elif name in _BY_KEY:
            own = _with_aliases(read_rows(target), read_rows(path)) if name == "units.csv" else read_rows(target)
            taken = _taken(own, _BY_KEY[name])
            write_rows(
                folder, name, [*own, *(row for row in read_rows(path) if not _taken([row], _BY_KEY[name]) & taken)]
            )
        elif name == "rules.csv":
            write_rows(folder, name, [_restated(row, key, matches) for row in read_rows(path)])
        elif path.suffix == ".yaml":
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_recited(path.read_text("utf-8"), key, matches), "utf-8")
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


def _with_cited(
    own: list[dict[str, str]],
    before: Iterable[Mapping[str, str]],
    base: Path,
    key: str,
    matches: Mapping[str, str],
) -> list[dict[str, str]]:
    """The clauses of the revision, and those finer ones that the base cites, each behind the clause that it lies in."""
    labels = {row["path"] for row in own}
    cited = {moved_label(label, matches) for label in _cited(base, key)} - labels
    kept = [{**row, "path": moved_label(row["path"], matches)} for row in before]
    rows = list(own)
    for one in reversed([row for row in kept if row["path"] in cited]):
        path = markers(one["path"]) or ()
        above = [n for n, row in enumerate(rows) if _lies_in(path, markers(row["path"]) or ())]
        rows.insert(above[-1] + 1 if above else len(rows), dict(one))
    return rows


def _lies_in(path: Sequence[str], other: Sequence[str]) -> bool:
    return 0 < len(other) < len(path) and tuple(path[: len(other)]) == tuple(other)


def _citation(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9-]){re.escape(key)} ([^\s,\]}}\"'|]+)")


def _cited(base: Path, key: str) -> set[str]:
    """The labels of the document that values and rules of the base rest on."""
    found = {
        label for path in base.rglob("parameters/*.yaml") for label in _citation(key).findall(path.read_text("utf-8"))
    }
    if (base / "rules.csv").exists():
        rows = [row for row in read_rows(base / "rules.csv") if row["document"] == key]
        found |= {label for row in rows for label in row["paths"].split("|") if label}
    return found


def _recited(text: str, key: str, matches: Mapping[str, str]) -> str:
    return _citation(key).sub(lambda m: f"{key} {moved_label(m[1], matches)}", text)


def _restated(row: Mapping[str, str], key: str, matches: Mapping[str, str]) -> Mapping[str, str]:
    if row["document"] != key:
        return row
    return {**row, "paths": "|".join(moved_label(label, matches) for label in row["paths"].split("|"))}


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(folder: Path, file: str, rows: Iterable[Mapping[str, object]]) -> None:
    columns = list(schema()[file]["properties"])
    with (folder / file).open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
