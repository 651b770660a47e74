"""期末数据: what the ledger of a zone was at the end of a day, reproduced from what happened up to then, and counted.

Acts come as rows with the day of their instant; a row of a later day changes nothing. What no act records (title, chapter,
units, first deadline: they follow the zone's documents) stands in the head of each task.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from .ledger import IN_REVIEW, Light, LightFacts, State, why_light
from .meetings import Reason, Situation, Unanswered, why_stuck

#: The form of what is frozen: another number where a later program counts differently.
FORM = 1
#: Of the overdue tasks, as many are named first.
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Head:
    """What a task is called, where it stands in the document, who answers for it, and its first deadline."""

    id: int
    label: str
    title: str
    #: Chapter and topic: by what they are found, and how they are called.
    chapter: tuple[str, str]
    topic: tuple[str, str]
    first_due: date | None
    units: tuple[tuple[int, str], ...] = ()
    #: Divided from another or decided in a meeting: it was not there before it was handed out.
    is_made: bool = False
    order: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """One change of state, in the order in which they happened."""

    task: int
    to: State
    on: date


@dataclass(frozen=True, slots=True)
class Reported:
    """One progress report, in the order in which they were made; ``total`` is what counted for the task after it."""

    task: int
    total: int
    needs_help: bool
    trouble: str
    on: date


@dataclass(frozen=True, slots=True)
class Extended:
    """One granted extension, by the day of its grant."""

    task: int
    after: date
    on: date


@dataclass(frozen=True, slots=True)
class Refused:
    """One extension that was asked for and refused."""

    task: int
    on: date


@dataclass(frozen=True, slots=True)
class Chased:
    """One sheet: issued, perhaps answered, and ended by being closed or raised."""

    task: int
    unit: str
    colour: str
    reply_by: date
    on: date
    answered_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened to the tasks of a zone."""

    moves: Iterable[Moved] = ()
    reports: Iterable[Reported] = ()
    extensions: Iterable[Extended] = ()
    refusals: Iterable[Refused] = ()
    sheets: Iterable[Chased] = ()


@dataclass(frozen=True, slots=True)
class LightLimits:
    """The limits of lights, frozen with the figures that rest on them."""

    near_days: int
    behind_by: Fraction


@dataclass(slots=True)
class _Course:
    """What happened to one task up to the day."""

    state: State = State.LISTED
    issued_on: date | None = None
    applied_on: date | None = None
    closed_on: date | None = None
    percent: int = 0
    needs_help: bool = False
    trouble: str = ""
    due: date | None = None
    extended: int = 0
    extended_on: date | None = None
    refused_on: date | None = None
    sheets: tuple[Chased, ...] = ()

    def move(self, to: State, on: date) -> None:
        self.state = to
        if to is State.ISSUED and self.issued_on is None:
            self.issued_on = on
        if to is State.APPLIED:
            self.applied_on = on
        elif to in (State.RETURNED, State.WORKING):
            self.applied_on = None
        self.closed_on = on if to is State.CLOSED else None


def told(heads: Sequence[Head], history: History, *, first: date, last: date, limits: LightLimits) -> dict[str, Any]:
    """The figures of a period as plain data: each task at the end of the last day, and the counts.

    The states add up to the total, and so do the lights, chapters and topics; a task counts for each unit that answers for it.
    """
    history = _up_to(history, last)
    courses = _courses(history)
    shown = [_shown(head, courses.get(head.id, _Course()), last, limits) for head in _there(heads, courses)]
    return {
        "form": FORM,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "limits": {"near_days": limits.near_days, "behind_by": str(limits.behind_by)},
        "sums": _sums(shown, history, first),
        "tasks": shown,
    }


def _up_to(history: History, last: date) -> History:
    return History(
        moves=[one for one in history.moves if one.on <= last],
        reports=[one for one in history.reports if one.on <= last],
        extensions=[one for one in history.extensions if one.on <= last],
        refusals=[one for one in history.refusals if one.on <= last],
        sheets=[one for one in history.sheets if one.on <= last],
    )


def _courses(history: History) -> dict[int, _Course]:
    found: dict[int, _Course] = {}

    def of(task: int) -> _Course:
        return found.setdefault(task, _Course())

    for move in history.moves:
        of(move.task).move(move.to, move.on)
    for report in history.reports:
        course = of(report.task)
        course.percent, course.needs_help, course.trouble = report.total, report.needs_help, report.trouble
    for extension in history.extensions:
        course = of(extension.task)
        course.due, course.extended_on, course.extended = extension.after, extension.on, course.extended + 1
    for refusal in history.refusals:
        of(refusal.task).refused_on = refusal.on
    for sheet in history.sheets:
        of(sheet.task).sheets += (sheet,)
    return found


def _there(heads: Sequence[Head], courses: Mapping[int, _Course]) -> list[Head]:
    """The tasks that were in the ledger on the day, in its order."""
    return sorted((h for h in heads if not h.is_made or h.id in courses), key=lambda h: (h.order, h.id))


def _shown(head: Head, course: _Course, last: date, limits: LightLimits) -> dict[str, Any]:
    due = course.due or head.first_due
    facts = LightFacts(
        on=last, state=course.state.title, due=due, issued_on=course.issued_on, percent=course.percent,
        applied_on=course.applied_on if course.state in IN_REVIEW else None,
    )  # fmt: skip
    light, why = why_light(facts, near_days=limits.near_days, behind_by=limits.behind_by)
    reasons = _reasons(course, light, why, due, last)
    return {
        "id": head.id,
        "order": head.order,
        "label": head.label,
        "title": head.title,
        "chapter": list(head.chapter),
        "topic": list(head.topic),
        "units": [list(unit) for unit in head.units],
        "is_made": head.is_made,
        "first_due": _written(head.first_due),
        "state": course.state.value,
        "percent": course.percent,
        "due": _written(due),
        "light": light.value,
        "issued_on": _written(course.issued_on),
        "closed_on": _written(course.closed_on),
        "late_days": (last - due).days if light is Light.OVERDUE and due is not None else 0,
        "extended": course.extended,
        "stuck": [[one.kind, one.text] for one in reasons],
    }


def _reasons(course: _Course, light: Light, why: str, due: date | None, last: date) -> tuple[Reason, ...]:
    if course.state in (State.LISTED, State.CLOSED, State.STOPPED):
        return ()
    refused = course.refused_on
    if refused is not None and course.extended_on is not None and course.extended_on >= refused:
        refused = None
    unanswered = [Unanswered(s.colour, s.unit, s.reply_by) for s in course.sheets if _is_unanswered(s, last)]
    return why_stuck(
        Situation(light, why, due, trouble=course.trouble, needs_help=course.needs_help, sheets=unanswered,
                  refused_on=refused)
    )  # fmt: skip


def _is_unanswered(sheet: Chased, last: date) -> bool:
    is_over = any(day is not None and day <= last for day in (sheet.answered_on, sheet.ended_on))
    return sheet.reply_by < last and not is_over


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


# -- counted -------------------------------------------------------------------------------------------------------


def _sums(shown: Sequence[Mapping[str, Any]], history: History, first: date) -> dict[str, Any]:
    late = sorted((t for t in shown if t["late_days"]), key=lambda t: (-t["late_days"], t["order"], t["id"]))
    return {
        "total": len(shown),
        "made": sum(t["is_made"] for t in shown),
        "states": {state.value: sum(t["state"] == state for t in shown) for state in State},
        "lights": {light.value: sum(t["light"] == light for t in shown) for light in Light},
        "chapters": _grouped(shown, lambda t: [t["chapter"]]),
        "topics": _grouped(shown, lambda t: [t["topic"]]),
        "units": sorted(
            _grouped(shown, lambda t: [(str(pk), name) for pk, name in t["units"]]),
            key=lambda g: (-g["overdue"], -g["behind"], -g["total"], g["key"]),
        ),
        "period": _period(history, first, {t["id"] for t in shown}),
        "extended": sum(t["extended"] > 0 for t in shown),
        "stuck": sum(bool(t["stuck"]) for t in shown),
        "late": [t["id"] for t in late[:MOST_NAMED]],
    }


def _grouped(shown: Sequence[Mapping[str, Any]], keys: Any) -> list[dict[str, Any]]:
    """Tasks counted by a key, in the order in which the keys come; closed, overdue and the rest add up to the total."""
    found: dict[str, dict[str, Any]] = {}
    for task in shown:
        for key, label in dict(keys(task)).items():
            group = found.setdefault(key, {"key": key, "label": label, **dict.fromkeys(_COUNTED, 0)})
            group["total"] += 1
            group["closed"] += task["state"] == State.CLOSED
            group["stopped"] += task["state"] == State.STOPPED
            group["listed"] += task["state"] == State.LISTED
            group["overdue"] += task["light"] == Light.OVERDUE
            group["behind"] += task["light"] == Light.BEHIND
            group["percents"] += task["percent"] if task["state"] != State.CLOSED else 100
    return [{**group, "open": _open(group)} for group in found.values()]


_COUNTED = ("total", "closed", "stopped", "listed", "overdue", "behind", "percents")


def _open(group: Mapping[str, int]) -> int:
    """At work and not overdue."""
    return group["total"] - group["closed"] - group["stopped"] - group["listed"] - group["overdue"]


def _period(history: History, first: date, known: set[int]) -> dict[str, Any]:
    """What happened within the period, by acts."""
    moves = [m for m in history.moves if m.on >= first and m.task in known]
    sheets = [s for s in history.sheets if s.on >= first and s.task in known]
    reports = [r for r in history.reports if r.on >= first and r.task in known]
    extensions = [e for e in history.extensions if e.on >= first and e.task in known]
    colours: dict[str, int] = {}
    for sheet in sheets:
        colours[sheet.colour] = colours.get(sheet.colour, 0) + 1
    return {
        "issued": sum(m.to is State.ISSUED for m in moves),
        "closed": sum(m.to is State.CLOSED for m in moves),
        "returned": sum(m.to is State.RETURNED for m in moves),
        "stopped": sum(m.to is State.STOPPED for m in moves),
        "extended": len(extensions),
        "reports": len(reports),
        "reported_tasks": len({r.task for r in reports}),
        "sheets": len(sheets),
        "colours": dict(sorted(colours.items())),
    }


# -- told again ----------------------------------------------------------------------------------------------------


def heads_of(figures: Mapping[str, Any]) -> list[Head]:
    """The heads that frozen figures rest on."""
    return [
        Head(
            id=t["id"], label=t["label"], title=t["title"], chapter=tuple(t["chapter"]), topic=tuple(t["topic"]),
            first_due=date.fromisoformat(t["first_due"]) if t["first_due"] else None,
            units=tuple((pk, name) for pk, name in t["units"]), is_made=t["is_made"], order=t["order"],
        )
        for t in figures["tasks"]
    ]  # fmt: skip


def limits_of(figures: Mapping[str, Any]) -> LightLimits:
    """The limits that frozen figures rest on."""
    return LightLimits(figures["limits"]["near_days"], Fraction(figures["limits"]["behind_by"]))


@dataclass(frozen=True, slots=True)
class Difference:
    """差异: what is frozen, and what the record says."""

    what: str
    frozen: str
    recorded: str


#: What of a task the record can say again, by what it is called.
_SAID = {
    "state": "状态", "percent": "进度", "due": "期限", "light": "亮灯", "issued_on": "交办日", "closed_on": "销号日",
    "late_days": "逾期天数", "extended": "延期次数", "stuck": "卡点",
}  # fmt: skip
_COUNTS = {"states": "各状态任务数", "lights": "各亮灯任务数", "chapters": "分章", "topics": "分领域", "units": "分单位",
           "period": "期内情况", "total": "任务总数", "stuck": "卡点任务数", "late": "逾期名单", "made": "分解和议定任务数",
           "extended": "延期任务数"}  # fmt: skip


def differences(frozen: Mapping[str, Any], history: History) -> list[Difference]:
    """Where frozen figures differ from what the record says of the same days; none when they are the same."""
    first, last = date.fromisoformat(frozen["first"]), date.fromisoformat(frozen["last"])
    again = told(heads_of(frozen), history, first=first, last=last, limits=limits_of(frozen))
    found = []
    then, now = ({t["id"]: t for t in one["tasks"]} for one in (frozen, again))
    for pk, task in then.items():
        other = now.get(pk)
        if other is None:
            found.append(Difference(f"{task['label']} {task['title']}".strip(), "在册", "没有交办记录"))
            continue
        for key, name in _SAID.items():
            if task[key] != other[key]:
                where = f"{task['label']} {task['title']}".strip()
                found.append(Difference(f"{where}：{name}", str(task[key]), str(other[key])))
    unknown = sorted({m.task for m in _up_to(history, last).moves} - set(then))
    found += [Difference(f"编号 {pk} 的任务", "没有", "期末以前已有流转记录") for pk in unknown]
    for key, name in _COUNTS.items():
        if frozen["sums"][key] != again["sums"][key]:
            found.append(Difference(name, str(frozen["sums"][key]), str(again["sums"][key])))
    return found


def digest_of(figures: Mapping[str, Any]) -> str:
    """SHA-256 of figures in canonical JSON: keys sorted, no spaces."""
    plain = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
