"""Compares the answers of the plan reader with answers written down by hand.

The expected files are YAML. Of a task only the fields that hold something are written:
measure_index is 1, names are [], deadline is null, milestones are [] and areas_expanded is the same
as areas when they are left out. ``{any: [a, b]}`` in the place of a value accepts each of them.
Text is compared without white space and with width, quotes and dashes folded; paths, dates and
numbers are compared as they are.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

REPO = Path(__file__).resolve().parents[2]
SHARED = REPO.parent / "shared"
POLICIES = SHARED / "policies"
HERE = Path(__file__).resolve().parent

DASHES = re.compile(r"[-‐‑‒–—―─━－]+")
QUOTES = re.compile(r"[“”„‟\"'‘’＂「」『』]")

# What a discrepancy may be called. The schema leaves the words open, so the tests only ask that the
# kind is recognisable; `about` words must stand in the text.
KINDS = {
    "numbering": r"chapter|number|gap|skip|sequence|duplic|repeat|missing|缺|跳|编号|序号|章|重",
    "damaged": r"damag|mojibake|garbl|lost|odd|char|foreign|corrupt|乱码|损|缺字|异常",
    "annex": r"annex|attach|table|row|shift|附件|附表|表",
    "missing annex": r"annex|attach|附件|附表",
    "alias": r"alias|spell|variant|similar|annex|名称|别名|简称|写法",
    "bracket": r"bracket|paren|括号",
    "date": r"date|deadline|时限|日期",
}

FIELDS = (
    "document",
    "tasks",
    "unannotated",
    "annex_rows",
    "inline_deadlines",
    "discrepancies",
    "unread",
    "units",
    "places",
    "schema",
)


def fold(value: Any) -> str:
    """The text with everything removed that two careful writers may write differently."""
    text = unicodedata.normalize("NFKC", str(value))
    text = QUOTES.sub('"', text)
    text = DASHES.sub("-", text)
    return re.sub(r"\s+", "", text)


def title_fold(value: Any) -> str:
    return fold(value).rstrip(".。:;,!")


def any_of(expected: Any) -> list[Any]:
    if isinstance(expected, dict) and set(expected) == {"any"}:
        return list(expected["any"])
    return [expected]


def same(expected: Any, got: Any, key: Callable[[Any], Any] = fold) -> bool:
    for choice in any_of(expected):
        if choice is None or got is None:
            if choice is None and got is None:
                return True
        elif isinstance(choice, list):
            if [key(x) for x in choice] == [key(x) for x in got]:
                return True
        elif key(choice) == key(got):
            return True
    return False


def show(value: Any) -> str:
    if isinstance(value, list):
        return "[" + "、".join(str(x) for x in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def path_text(path: Iterable[Any]) -> str:
    """第三条 and 三 are the same marker; all else is compared as written."""
    return "".join(re.sub(r"^第(.+)[章节条]$", r"\1", str(x)) + "/" for x in path)[:-1]


def load(path: Path) -> dict[str, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    for task in data["tasks"]:
        task["path"] = [str(x) for x in task["path"]]
        task.setdefault("measure_index", 1)
        for key in ("lead", "cooperating", "responsible", "areas", "milestones"):
            task.setdefault(key, [])
        task.setdefault("areas_expanded", task["areas"])
        task.setdefault("deadline", None)
    return data


@functools.cache
def answer(path: Path) -> dict[str, Any]:
    """The reader's answer for one text, as plain JSON values."""
    from ronghe.policy.reader import read_plan

    result = read_plan(text_of(path)).to_json()
    if isinstance(result, str):
        result = json.loads(result)
    return json.loads(json.dumps(result, ensure_ascii=False))


@functools.cache
def text_of(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as handle:
        return handle.read()


def reader_missing() -> str | None:
    try:
        from ronghe.policy.reader import read_plan  # noqa: F401
    except (ImportError, AttributeError) as error:
        return f"the plan reader is not there yet: {error}"
    return None


# --- one comparison per field -------------------------------------------------------------------


def diff_document(expected: dict[str, Any], got: dict[str, Any], text: str) -> list[str]:
    out = []
    for key, value in expected["document"].items():
        have = got["document"].get(key)
        exact = key in ("number", "date_made", "date_issued", "index_number")
        if not same(value, have, key=str if exact else fold):
            out.append(f"document.{key}: expected {show(value)}, got {show(have)}")
    return out


def diff_tasks(expected: dict[str, Any], got: dict[str, Any], text: str) -> list[str]:
    by_order = bool(expected.get("table_tasks"))

    # A task is known by its path; the second with the same path meets the second with that path.
    # Rows of a table have no path of the text and are known by their order.
    def keyed(tasks: list[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
        seen: dict[str, int] = {}
        result = {}
        for task in tasks:
            k = "row" if by_order else path_text(task["path"])
            seen[k] = seen.get(k, 0) + 1
            result[(k, seen[k])] = task
        return result

    have = keyed(got["tasks"])
    read = {path_text(task["path"]) for task in got["tasks"]}
    wanted = []
    for task in expected["tasks"]:
        if "or_path" in task and path_text(task["or_path"]) in read:
            task = {**task, "path": task["or_path"], "measure_index": 1}
        wanted.append(task)
    want = keyed(wanted)
    out = []
    for k, task in want.items():
        label = f"task {k[0]}" + (f" #{k[1]}" if k[1] > 1 else "")
        if k not in have:
            out.append(f"{label}: missing ({show(task['title'])})")
            continue
        out += [f"{label}: {line}" for line in diff_task(task, have[k])]
    for k, task in have.items():
        if k not in want:
            out.append(f"task {k[0]} #{k[1]}: not expected ({show(task['title'])})")
    if not out and list(want) != list(have):
        out.append("tasks: not in document order")
    return out


def diff_task(want: dict[str, Any], have: dict[str, Any]) -> list[str]:
    out = []
    if not same(want["measure_index"], have["measure_index"], key=int):
        out.append(f"measure_index: expected {show(want['measure_index'])}, got {have['measure_index']}")
    if not same(want["title"], have["title"], key=title_fold):
        out.append(f"title: expected {show(want['title'])}, got {show(have['title'])}")
    for key in ("lead", "cooperating", "responsible", "areas", "areas_expanded"):
        if not same(want[key], have[key]):
            out.append(f"{key}: expected {show(want[key])}, got {show(have[key])}")
    if not same(want["deadline"], have["deadline"]):
        out.append(f"deadline: expected {show(want['deadline'])}, got {show(have['deadline'])}")
    marks = have["milestones"]
    if not any(
        len(choice) == len(marks)
        and all(
            date == m["date"] and fold(goal) in fold(m["text"]) for (date, goal), m in zip(choice, marks, strict=True)
        )
        for choice in any_of(want["milestones"])
    ):
        out.append(f"milestones: expected {show(want['milestones'])}, got {show(marks)}")
    else:
        whole = fold(have["deadline"] or "")
        for mark in marks:
            if fold(mark["text"]) not in whole:
                out.append(f"milestones: {show(mark['text'])} is not part of the deadline")
    return out


def diff_unannotated(expected: dict[str, Any], got: dict[str, Any], text: str) -> list[str]:
    want = [path_text(path) for path in expected["unannotated"]]
    optional = [path_text(path) for path in expected.get("unannotated_optional", [])]
    have = [path_text(item["path"]) for item in got["unannotated"]]
    out = [f"unannotated: {p} missing" for p in want if p not in have]
    out += [f"unannotated: {p} not expected" for p in have if p not in want and p not in optional]
    return out


def diff_annex_rows(expected: dict[str, Any], got: dict[str, Any], text: str) -> list[str]:
    if expected.get("annex_rows_ignored"):
        return []
    want, have = expected["annex_rows"], got["annex_rows"]
    out = []
    if len(want) != len(have):
        out.append(f"annex rows: expected {len(want)}, got {len(have)}")
    defaults = {"cooperating": [], **expected.get("annex_defaults", {})}
    for i, (raw, row) in enumerate(zip(want, have, strict=False), 1):
        item = {**defaults, **raw}
        label = f"annex row {i} (table {item['table']})"
        if not same(item["table"], row["table"], key=int):
            out.append(f"{label}: table got {row['table']}")
        if not fold(row["measure"]).startswith(fold(item["measure"])):
            out.append(f"{label}: measure should begin with {show(item['measure'])}, got {show(row['measure'][:20])}")
        for key in ("trial_task", "work_task"):
            if key in item and not same(item[key], row[key], key=title_fold):
                out.append(f"{label}: {key}: expected {show(item[key])}, got {show(row[key])}")
        for key in ("lead", "cooperating", "responsible"):
            if key in item and not same(item[key], row[key]):
                out.append(f"{label}: {key}: expected {show(item[key])}, got {show(row[key])}")
        if "body_path" in item and not same(item["body_path"], row.get("body_path"), key=str):
            out.append(f"{label}: body_path: expected {show(item['body_path'])}, got {show(row.get('body_path'))}")
    return out


def diff_inline_deadlines(expected: dict[str, Any], got: dict[str, Any], text: str) -> list[str]:
    def hit(want: dict[str, Any], have: dict[str, Any]) -> bool:
        a, b = fold(want["text"]), fold(have["text"])
        return (
            path_text(want["path"]) == path_text(have["path"]) and want["date"] == have["date"] and (a in b or b in a)
        )

    want = expected["inline_deadlines"]
    optional = expected.get("inline_optional", [])
    have = got["inline_deadlines"]
    out = []
    for item in want:
        if not any(hit(item, h) for h in have):
            near = [h["date"] for h in have if path_text(h["path"]) == path_text(item["path"])]
            out.append(
                f"inline deadline {path_text(item['path'])} {item['date']} {item['text']}: missing (there: {near})"
            )
    for h in have:
        if not any(hit(item, h) for item in [*want, *optional]):
            out.append(f"inline deadline {path_text(h['path'])} {h['date']} {show(h['text'][:30])}: not expected")
    return out


def diff_discrepancies(expected: dict[str, Any], got: dict[str, Any], text: str) -> list[str]:
    have = got["discrepancies"]
    out = []
    for item in expected["discrepancies"]:
        about = item.get("about", [])
        words = about if isinstance(about, list) else [about]
        found = [
            d
            for d in have
            if re.search(KINDS[item["kind"]], d["kind"], re.IGNORECASE)
            and all(any(fold(w) in fold(d["text"] + _spot(d, text)) for w in any_of(word)) for word in words)
        ]
        if len(found) < item.get("at_least", 1):
            out.append(
                f"discrepancy {item['kind']} about {show(words)}: expected {item.get('at_least', 1)}, got {len(found)}"
            )
    if out or (expected.get("clean") and have):
        if expected.get("clean"):
            out.append("discrepancies: none expected in a clean document")
        out += [f"  there is: {d['kind']}: {d['text'][:60]}" for d in have[:12]]
    return out


def _spot(discrepancy: dict[str, Any], text: str) -> str:
    place = discrepancy.get("place")
    return text[place["start"] : place["end"]][:200] if place else ""


def diff_unread(expected: dict[str, Any], got: dict[str, Any], text: str) -> list[str]:
    if expected.get("unread_ok"):
        return []
    return [f"unread: {show(text[p['start'] : p['end']][:60])}" for p in got["unread"]]


def diff_units(expected: dict[str, Any], got: dict[str, Any], text: str) -> list[str]:
    if "units" in expected:
        want = expected["units"]
    else:
        want = []
        for task in expected["tasks"]:
            for key in ("lead", "cooperating", "responsible"):
                want += any_of(task[key])[0]
    optional = {fold(u) for u in expected.get("units_optional", [])}
    wanted, have = {fold(u) for u in want}, {fold(u) for u in got["units"]}
    out = [f"units: {u} missing" for u in sorted(wanted - have - optional)]
    out += [f"units: {u} not expected" for u in sorted(have - wanted - optional)]
    if len(got["units"]) != len(set(got["units"])):
        out.append("units: names repeated")
    return out


def diff_places(expected: dict[str, Any], got: dict[str, Any], text: str) -> list[str]:
    """Each task must point at its own paragraph: the stretch holds its title or one of its units."""
    out = []
    last = -1
    loose = expected.get("places") == "loose"
    for task in got["tasks"]:
        start, end = task["place"]["start"], task["place"]["end"]
        label = f"place of {path_text(task['path'])} #{task['measure_index']}"
        if not 0 <= start < end <= len(text):
            out.append(f"{label}: {start}..{end} outside the text ({len(text)})")
            continue
        if start < last:
            out.append(f"{label}: begins before the one above")
        last = start
        stretch = fold(text[start:end])
        heads = [
            fold(task["title"])[:6],
            *(fold(u) for k in ("lead", "cooperating", "responsible") for u in task[k]),
        ]
        if not loose and not any(h and h in stretch for h in heads):
            out.append(f"{label}: {show(text[start : start + 40])} holds neither its title nor a unit")
    for item in got["unannotated"]:
        start, end = item["place"]["start"], item["place"]["end"]
        if not 0 <= start < end <= len(text):
            out.append(f"place of unannotated {path_text(item['path'])}: {start}..{end} outside the text")
    return out


def diff_schema(expected: dict[str, Any], got: dict[str, Any], text: str) -> list[str]:
    import jsonschema

    for place in (
        SHARED / "spec" / "policy-reader.schema.json",
        REPO / "src/ronghe/policy/reader/schema.json",
    ):
        if place.exists():
            validator = jsonschema.Draft202012Validator(json.loads(place.read_text(encoding="utf-8")))
            return [
                f"schema: {'/'.join(map(str, e.path))}: {e.message[:100]}"
                for e in list(validator.iter_errors(got))[:10]
            ]
    return []


COMPARE: dict[str, Callable[[dict[str, Any], dict[str, Any], str], list[str]]] = {
    "document": diff_document,
    "tasks": diff_tasks,
    "unannotated": diff_unannotated,
    "annex_rows": diff_annex_rows,
    "inline_deadlines": diff_inline_deadlines,
    "discrepancies": diff_discrepancies,
    "unread": diff_unread,
    "units": diff_units,
    "places": diff_places,
    "schema": diff_schema,
}


def compare(expected_file: Path, text_file: Path, field: str) -> list[str]:
    return COMPARE[field](load(expected_file), answer(text_file), text_of(text_file))
