"""报告期, and the words that the program drafts on frozen figures: every number in them stands in the figures."""

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .ledger import Light, State

MONTH, QUARTER, YEAR = "month", "quarter", "year"
#: Which length of period a kind of report is about.
LENGTH = {"bulletin": MONTH, "quarterly": QUARTER, "yearly": YEAR}
#: As many ended periods are offered.
_OFFERED = {MONTH: 12, QUARTER: 8, YEAR: 5}
_NUMERALS = "一二三四"


@dataclass(frozen=True, slots=True)
class Period:
    """报告期: 2026-10, 2026-Q3 or 2026."""

    key: str
    label: str
    first: date
    last: date


def period(key: str) -> Period:
    """The period that is written so. Raises: ValueError."""
    found = re.fullmatch(r"(20\d\d)(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", key, re.ASCII)
    if found is None:
        raise ValueError(f"not a period: {key}")
    year, quarter, month = int(found[1]), found[2], found[3]
    if quarter:
        number = int(quarter)
        label = f"{year}年第{_NUMERALS[number - 1]}季度"
        return Period(key, label, date(year, 3 * number - 2, 1), _last_day(year, 3 * number))
    if month:
        return Period(key, f"{year}年{int(month)}月", date(year, int(month), 1), _last_day(year, int(month)))
    return Period(key, f"{year}年", date(year, 1, 1), date(year, 12, 31))


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def length_of(key: str) -> str:
    """Which length a period has, by how it is written."""
    return QUARTER if "Q" in key else MONTH if "-" in key else YEAR


def _key(day: date, length: str) -> str:
    if length == QUARTER:
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return f"{day:%Y-%m}" if length == MONTH else f"{day.year}"


def ended_periods(length: str, *, begun: date | None, today: date) -> list[Period]:
    """The periods of a length that have ended, newest first, from the first in which something was handed out."""
    found: list[Period] = []
    here = period(_key(today, length))
    while begun is not None and len(found) < _OFFERED[length]:
        here = period(_key(here.first - timedelta(days=1), length))
        if here.last < begun:
            break
        found.append(here)
    return found


def title_of(kind: str, zone: str, of: Period) -> str:
    """What a report is called."""
    if kind == "bulletin":
        return f"关于{zone}{of.label}试验任务进展情况的通报"
    return f"{zone}{of.label}{'工作进展情况报告' if kind == 'quarterly' else '工作总结评估报告'}"


# -- drafted -------------------------------------------------------------------------------------------------------

#: The parts of every report, in their order.
SECTIONS = (("overall", "总体进展"), ("chapters", "分章进展"), ("problems", "存在问题"), ("next", "下一步工作"))


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report; its paragraphs stand on lines of their own."""

    key: str
    title: str
    text: str


def drafted(figures: Mapping[str, Any], *, zone: str, label: str) -> list[Section]:
    """The first version of a report, from its figures alone."""
    write = {"overall": _overall, "chapters": _chapters, "problems": _problems, "next": _next}
    return [
        Section(key, title, "\n".join(write[key](figures, f"{zone}{label}" if key == "overall" else label)))
        for key, title in SECTIONS
    ]


def percent(part: int, whole: int) -> str:
    """A share in whole tenths of a percent, rounded half up; — of nothing."""
    if not whole:
        return "—"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def _day(written: str) -> str:
    day = date.fromisoformat(written)
    return f"{day.year}年{day.month}月{day.day}日"


def _overall(figures: Mapping[str, Any], label: str) -> list[str]:
    sums = figures["sums"]
    states, lights, period_ = sums["states"], sums["lights"], sums["period"]
    total, closed = sums["total"], states[State.CLOSED]
    if not total:
        return [f"截至{_day(figures['last'])}，任务台账中没有任务。"]
    listed, stopped = states[State.LISTED], states[State.STOPPED]
    review = states[State.APPLIED] + states[State.VERIFIED]
    running = total - closed - listed - stopped - review
    made = f"（其中分解和会议议定 {sums['made']} 项）" if sums["made"] else ""
    parts = [f"已销号 {closed} 项，占 {percent(closed, total)}", f"正在办理 {running} 项"]
    parts += [f"申请办结待核查 {review} 项"] if review else []
    parts += [f"待交办 {listed} 项"] if listed else []
    parts += [f"已中止 {stopped} 项"] if stopped else []
    lines = [f"截至{_day(figures['last'])}，列入台账的任务共 {total} 项{made}，{'，'.join(parts)}。"]
    at_work = total - closed - listed - stopped
    if at_work:
        lit = [
            f"{light.title} {lights[light]} 项"
            for light in (Light.NORMAL, Light.NEAR, Light.BEHIND, Light.OVERDUE)
            if lights[light]
        ]
        lines.append(f"办理中的 {at_work} 项任务，按亮灯情况分：{'，'.join(lit)}。")
    lines.append(_acts(period_))
    return lines


def _acts(of: Mapping[str, Any]) -> str:
    told = [
        (of["issued"], "交办任务 {n} 项"), (of["closed"], "核查销号 {n} 项"), (of["returned"], "退回办结申请 {n} 项"),
        (of["extended"], "批准延期 {n} 项"), (of["stopped"], "中止任务 {n} 项"),
    ]  # fmt: skip
    parts = [text.format(n=n) for n, text in told if n]
    if of["reports"]:
        parts.append(f"收到进展上报 {of['reports']} 次、涉及任务 {of['reported_tasks']} 项")
    if of["sheets"]:
        colours = "、".join(f"{colour}色 {n} 份" for colour, n in of["colours"].items())
        parts.append(f"签发督办单 {of['sheets']} 份（{colours}）")
    return f"本期{'，'.join(parts)}。" if parts else "本期没有新的交办、上报、销号和督办。"


def _chapters(figures: Mapping[str, Any], label: str) -> list[str]:
    lines = []
    for group in figures["sums"]["chapters"]:
        rest = [
            f"{name} {group[key]} 项"
            for key, name in (
                ("closed", "已销号"),
                ("open", "正在办理"),
                ("overdue", "逾期"),
                ("listed", "待交办"),
                ("stopped", "中止"),
            )
            if group[key]
        ]
        mean = group["percents"] // group["total"]
        lines.append(f"{group['label']}：任务 {group['total']} 项，{'，'.join(rest)}；平均进度 {mean}%。")
    return lines or ["本期没有列入台账的任务。"]


def _problems(figures: Mapping[str, Any], label: str) -> list[str]:
    sums = figures["sums"]
    overdue, behind = sums["lights"][Light.OVERDUE], sums["lights"][Light.BEHIND]
    lines = []
    if overdue:
        named = _named(figures, sums["late"][:5], lambda t: f"逾期 {t['late_days']} 天")
        lines.append(f"一是部分任务逾期。已逾期 {overdue} 项{_first(overdue, 5)}：{named}。")
    if behind:
        tasks = [t["id"] for t in figures["tasks"] if t["light"] == Light.BEHIND]
        named = _named(figures, tasks[:5], lambda t: f"进度 {t['percent']}%")
        lines.append(f"{_ordinal(lines)}是部分任务进度滞后。进度滞后 {behind} 项{_first(behind, 5)}：{named}。")
    others = [t for t in figures["tasks"] if any(kind in ("help", "unanswered", "refused") for kind, _ in t["stuck"])]
    if others:
        counted = _counted_reasons(others)
        lines.append(f"{_ordinal(lines)}是部分任务需要协调解决，涉及 {len(others)} 项：{counted}。")
        asked = [(t, text) for t in others for kind, text in t["stuck"] if kind == "help"]
        lines += [f"“{t['title']}”{text.rstrip('。')}。" for t, text in asked[:5]]
    units = [u for u in sums["units"] if u["overdue"]][:3]
    if units:
        told = "、".join(f"{u['label']} {u['overdue']} 项" for u in units)
        lines.append(f"逾期任务较多的责任单位：{told}。")
    return lines or ["截至期末没有逾期、滞后和需要协调的任务。"]


def _ordinal(lines: Sequence[str]) -> str:
    return _NUMERALS[len(lines)]


def _first(count: int, most: int) -> str:
    return f"，前 {most} 项为" if count > most else ""


def _named(figures: Mapping[str, Any], ids: Iterable[int], what: Any) -> str:
    by_id = {t["id"]: t for t in figures["tasks"]}
    return "；".join(f"“{by_id[pk]['title']}”（{_units(by_id[pk])}{what(by_id[pk])}）" for pk in ids)


def _units(task: Mapping[str, Any]) -> str:
    return f"{task['units'][0][1]}{'等' if len(task['units']) > 1 else ''}，" if task["units"] else ""


def _counted_reasons(tasks: Sequence[Mapping[str, Any]]) -> str:
    titles = {"unanswered": "督办单到期未回复", "help": "请求协调", "refused": "延期申请未获同意"}
    counts = {key: sum(any(kind == key for kind, _ in t["stuck"]) for t in tasks) for key in titles}
    return "，".join(f"{titles[key]} {n} 项" for key, n in counts.items() if n)


def _next(figures: Mapping[str, Any], label: str) -> list[str]:
    sums = figures["sums"]
    last = date.fromisoformat(figures["last"])
    until = last + timedelta(days=90)
    due = [t for t in figures["tasks"] if t["due"] and last < date.fromisoformat(t["due"]) <= until and _is_open(t)]
    lines = []
    if sums["lights"][Light.OVERDUE]:
        lines.append(f"对 {sums['lights'][Light.OVERDUE]} 项逾期任务逐项明确完成时限和责任人，按程序督办。")
    if sums["stuck"]:
        lines.append(f"对 {sums['stuck']} 项存在卡点的任务，提请联席会议研究协调。")
    if due:
        named = _named(figures, [t["id"] for t in due[:5]], lambda t: f"期限 {_day(t['due'])}")
        lines.append(f"抓好今后 90 日内到期的 {len(due)} 项任务{_first(len(due), 5) or '，即'}：{named}。")
    if sums["states"][State.LISTED]:
        lines.append(f"对尚未交办的 {sums['states'][State.LISTED]} 项任务核定期限、落实单位，及时交办。")
    return lines or ["继续按任务台账推进，按期上报进展。"]


def _is_open(task: Mapping[str, Any]) -> bool:
    return task["state"] not in (State.CLOSED, State.STOPPED, State.LISTED)
