"""A draft as it stands: what was read, what the platform suggests, and what people corrected, one above the other.

Pure: the same reading, suggestions and corrections give the same draft. Every part says by whom it stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .packs.facts import label_of
from .reader.reading import Document, Milestone, Place, Reading, Task

#: Below this a task should be looked at by a person.
SURE = 0.9
#: Names of the fields that a person may correct, as pages call them.
TASK_FIELDS = {
    "title": "任务", "lead": "牵头单位", "cooperating": "配合单位", "responsible": "责任单位", "deadline": "完成时限",
    "milestones": "里程碑", "areas": "试点区域", "topic": "试验任务领域", "room": "业务领域", "removed": "不是任务",
}  # fmt: skip
HEAD_FIELDS = {
    "title": "标题", "notice_title": "印发通知", "number": "发文字号", "issuer": "发文机关", "date_made": "成文日期",
    "date_issued": "发布日期", "source": "来源",
}  # fmt: skip
ZONE_FIELDS = {
    "mode": "用途", "slug": "标识", "title": "名称", "short": "简称", "seat": "主管区划", "divisions": "范围",
    "parent": "上级试验区", "published": "是否公布", "revises": "修订的文件",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """改动: one correction as it is stored."""

    number: int
    target: str
    key: str
    field: str
    value: Any
    undoes: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DraftTask:
    """任务草稿: ``key`` stays whatever is corrected; ``corrected`` names the fields that a person changed."""

    key: str
    task: Task
    topic: int | None
    room: str
    is_removed: bool = False
    is_added: bool = False
    corrected: frozenset[str] = frozenset()
    reason: str = ""

    @property
    def label(self) -> str:
        return label_of(self.task.path)

    @property
    def wants_a_look(self) -> bool:
        """Whether the reader was not sure and nobody has corrected or confirmed it yet."""
        return self.task.confidence < SURE and not self.corrected and not self.is_removed


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """单位对应: what a name of the plan means: a known unit, or a new one; a group has members."""

    name: str
    unit: str = ""  # the known unit's name, where it is another spelling or the same
    kind: str = "department"
    level: str = ""
    division: str = ""
    members: tuple[str, ...] = ()
    is_known: bool = False
    is_decided: bool = False


@dataclass(frozen=True, slots=True)
class AreaChoice:
    """区域对应: the divisions that an area of the plan means; ``part`` says it only lies in them."""

    written: str
    divisions: tuple[str, ...] = ()
    part: bool = False
    is_decided: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """存疑: something that a person should look at; ``settled`` says what was found."""

    key: str
    kind: str
    text: str
    place: Place | None
    settled: str = ""


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """试验区: what the plan is to become. ``revises`` is the key of the document that it revises."""

    mode: str = "new"
    slug: str = ""
    title: str = ""
    short: str = ""
    parent: str = ""
    seat: str = ""
    divisions: tuple[str, ...] = ()
    published: bool = False
    revises: str = ""


@dataclass(frozen=True, slots=True)
class Current:
    """草稿现状."""

    reading: Reading
    document: Document
    source: str
    tasks: tuple[DraftTask, ...]
    units: Mapping[str, UnitChoice]
    areas: Mapping[str, AreaChoice]
    doubts: tuple[Doubt, ...]
    zone: ZoneChoice
    matches: Mapping[str, str]
    #: Labels of the loaded document of which a person said that nothing in the revision is the same.
    unmatched: frozenset[str] = frozenset()

    @property
    def kept(self) -> tuple[DraftTask, ...]:
        """The tasks that will be loaded."""
        return tuple(one for one in self.tasks if not one.is_removed)

    def task(self, key: str) -> DraftTask | None:
        return next((one for one in self.tasks if one.key == key), None)


def current(reading: Reading, suggested: Mapping[str, Any], changes: Iterable[Change]) -> Current:
    """The draft after the corrections that nobody has undone, in their order."""
    made = list(changes)
    undone = {one.undoes for one in made if one.undoes is not None}
    live = [one for one in made if one.number not in undone and one.target != "undo"]
    tasks = _tasks(reading, suggested.get("tasks", {}), live)
    names = _names(tasks)
    matched = {c.key: c.value for c in live if c.target == "match"}
    return Current(
        reading=reading,
        document=_head(reading.document, live),
        source=next((c.value for c in reversed(live) if c.target == "head" and c.field == "source"), ""),
        tasks=tasks,
        units=_units(names, suggested.get("units", {}), live),
        areas=_areas(tasks, suggested.get("areas", {}), live),
        doubts=_doubts(reading, live),
        zone=_zone(suggested.get("zone", {}), live),
        matches={key: value for key, value in matched.items() if value},
        unmatched=frozenset(key for key, value in matched.items() if not value),
    )


def _head(document: Document, live: Sequence[Change]) -> Document:
    for change in live:
        if change.target == "head" and change.field != "source":
            is_day = change.field.startswith("date_")
            value = date.fromisoformat(change.value) if is_day and change.value else change.value or None
            given: dict[str, Any] = {change.field: value}
            document = replace(document, **given)
    return document


def _tasks(reading: Reading, suggested: Mapping[str, Any], live: Sequence[Change]) -> tuple[DraftTask, ...]:
    found: dict[str, DraftTask] = {}
    for n, task in enumerate(reading.tasks):
        hint = suggested.get(f"t{n}", {})
        found[f"t{n}"] = DraftTask(f"t{n}", task, hint.get("topic"), hint.get("room", ""))
    places = {clause.path: n for n, clause in enumerate(reading.clauses)}
    order = {key: (n, -1, 0) for n, key in enumerate(found)}
    for change in live:
        if change.target != "task":
            continue
        if change.field == "added":
            given = change.value
            path = tuple(given["path"])
            task = Task(path, given["measure"], given["title"], Place(0, 0), 1.0)
            found[change.key] = DraftTask(change.key, task, None, "", is_added=True, reason=change.reason)
            place = places.get(path, len(places))
            # After the last task that was read at or before its clause.
            before = [n for n, one in enumerate(reading.tasks) if places.get(one.path, -1) <= place]
            order[change.key] = (max(before, default=-1), place, change.number)
        elif change.key in found:
            found[change.key] = _corrected(found[change.key], change)
    return tuple(found[key] for key in sorted(found, key=order.__getitem__))


def _corrected(one: DraftTask, change: Change) -> DraftTask:
    corrected = one.corrected | {change.field}
    value = change.value
    if change.field == "removed":
        return replace(one, is_removed=bool(value), corrected=corrected, reason=change.reason)
    if change.field == "looked":
        return replace(one, corrected=corrected)
    if change.field == "topic":
        return replace(one, topic=value, corrected=corrected)
    if change.field == "room":
        return replace(one, room=value, corrected=corrected)
    if change.field == "milestones":
        value = tuple(Milestone(date.fromisoformat(day), text) for day, text in value)
    elif change.field in ("lead", "cooperating", "responsible", "areas"):
        value = tuple(value)
    return replace(one, task=replace(one.task, **{change.field: value}), corrected=corrected)


def _names(tasks: Iterable[DraftTask]) -> list[str]:
    """Every name of a unit that a kept task names, in the order of the plan."""
    seen: dict[str, None] = {}
    for one in tasks:
        if not one.is_removed:
            for name in (*one.task.lead, *one.task.responsible, *one.task.cooperating):
                seen.setdefault(name)
    return list(seen)


def _units(names: Sequence[str], suggested: Mapping[str, Any], live: Sequence[Change]) -> dict[str, UnitChoice]:
    found = {}
    for name in names:
        hint = suggested.get(name, {})
        found[name] = UnitChoice(name, **_with_tuples(hint))
    for change in live:
        if change.target == "unit" and change.key in found:
            found[change.key] = UnitChoice(change.key, **_with_tuples(change.value), is_decided=True)
    return found


def _areas(tasks: Iterable[DraftTask], suggested: Mapping[str, Any], live: Sequence[Change]) -> dict[str, AreaChoice]:
    found: dict[str, AreaChoice] = {}
    for one in tasks:
        if not one.is_removed:
            for written in one.task.areas:
                hint = suggested.get(written, {})
                found.setdefault(
                    written,
                    AreaChoice(written, tuple(hint.get("divisions", ())), hint.get("part", False), bool(hint)),
                )
    for change in live:
        if change.target == "area" and change.key in found:
            found[change.key] = AreaChoice(change.key, tuple(change.value["divisions"]), change.value["part"], True)
    return found


def _doubts(reading: Reading, live: Sequence[Change]) -> tuple[Doubt, ...]:
    settled = {c.key: c.value for c in live if c.target == "doubt"}
    found = [Doubt(f"d{n}", one.kind, one.text, one.place) for n, one in enumerate(reading.discrepancies)]
    found += [Doubt(f"u{n}", "unread", "像是标注或标题，没有读懂", place) for n, place in enumerate(reading.unread)]
    return tuple(replace(one, settled=settled.get(one.key) or "") for one in found)


def _zone(suggested: Mapping[str, Any], live: Sequence[Change]) -> ZoneChoice:
    given: dict[str, Any] = dict(suggested)
    given.update({c.field: c.value for c in live if c.target == "zone"})
    return ZoneChoice(**_with_tuples({k: v for k, v in given.items() if k in ZONE_FIELDS and v is not None}))


def _with_tuples(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


@dataclass(frozen=True, slots=True)
class Check:
    """确认前的检查: one thing that must hold; ``tab`` leads to where it is mended."""

    text: str
    ok: bool
    tab: str


def checks(draft: Current) -> list[Check]:
    """Everything that must hold before a draft can become a zone."""
    open_units = [name for name, one in draft.units.items() if not one.is_known and not one.is_decided]
    open_areas = [name for name, one in draft.areas.items() if not one.is_decided]
    roomless = [one.label for one in draft.kept if not one.room]
    leaderless = [one.label for one in draft.kept if not one.task.lead and not one.task.responsible]
    unsure = [one.label for one in draft.kept if one.wants_a_look]
    doubts = [one for one in draft.doubts if not one.settled]
    zone, head = draft.zone, draft.document
    missing_head = [HEAD_FIELDS[f] for f in ("title", "issuer", "date_made") if not getattr(head, f)]
    missing_zone = [ZONE_FIELDS[f] for f in ("slug", "title", "short", "seat", "divisions") if not getattr(zone, f)]
    if zone.mode == "revision":
        missing_zone = [ZONE_FIELDS[f] for f in ("slug", "revises") if not getattr(zone, f)]
    return [
        Check(_said("文件信息齐全", "文件信息还缺", missing_head), not missing_head, "zone"),
        Check(_said("试验区信息齐全", "试验区信息还缺", missing_zone), not missing_zone, "zone"),
        Check(f"有 {len(draft.kept)} 项任务" if draft.kept else "没有一项任务", bool(draft.kept), "text"),
        Check(_said("把握不大的任务都看过", "把握不大、还没看过的任务", unsure), not unsure, "text"),
        Check(_said("每项任务都有单位", "没有单位的任务", leaderless), not leaderless, "text"),
        Check(_said("每项任务都有业务领域", "没有业务领域的任务", roomless), not roomless, "text"),
        Check(_said("单位都已对应", "还没有对应的单位", open_units), not open_units, "names"),
        Check(_said("区域都已对应", "还没有对应的区域", open_areas), not open_areas, "names"),
        Check(f"还有 {len(doubts)} 处存疑没有处理" if doubts else "存疑都已处理", not doubts, "text"),
    ]


def _said(good: str, bad: str, left: Sequence[str]) -> str:
    if not left:
        return good
    return f"{bad}：{'、'.join(left[:6])}" + (f" 等 {len(left)} 处" if len(left) > 6 else "")
