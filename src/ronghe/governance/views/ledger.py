"""The ledger in its forms: list, chapters, Gantt chart, calendar, board; and handing tasks out."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Avg, Count, F, Max, Min, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Filter, Listing, Option
from ronghe.kernel.pages.listing import wants_partial
from ronghe.policy.models import Clause

from .. import services
from ..models import Node, Sheet, Task
from ..permissions import LEDGER_VIEW, TASK_ISSUE
from ..queries.ledger import NO_CHAPTER, LedgerFilter, ledger, light_on, limits_for, tallied, with_units
from ..rules.ledger import TITLES, Light, Limits, State
from .shown import (
    Place,
    lamp,
    listed,
    listing_of,
    place_of,
    rows_of,
    shell,
    tabs,
    task_address,
)

#: As many tasks of a chapter stand open at once; the list has the rest.
MOST_OPEN = 200
#: As many cards a column of the board shows.
CARDS = 8
#: As many things a day of the calendar shows.
PER_DAY = 4


@require_safe
@allows(LEDGER_VIEW)
def ledger_list(request: HttpRequest, zone: str) -> HttpResponse:
    """The ledger as a list."""
    here = place_of(request, zone)
    listing = listing_of(here)
    asked = listing.asked(request.GET)
    context = shell(
        here,
        tabs=tabs(here, "ledger", request),
        crumbs=here.crumbs(("任务台账", None)),
        may_issue=may(here.actor.role, TASK_ISSUE),
    )
    return listing.respond(request, asked, listed(here, asked), template="governance/ledger.html", context=context)


# -- chapters ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Branch:
    """A chapter: how many tasks, how far, which lights; and the tasks themselves where it is open."""

    key: str
    title: str
    total: int
    closed: int
    percent: int
    lights: list[tuple[Any, int, str]]
    href: str
    rows: list[Any]
    more: int


@require_safe
@allows(LEDGER_VIEW)
def ledger_tree(request: HttpRequest, zone: str) -> HttpResponse:
    """The tasks by chapter, with progress rolled up; parts below the task that they belong to."""
    here = place_of(request, zone)
    listing = listing_of(here)
    asked = listing.asked(request.GET)
    rows = rows_of(here, asked)
    titles = dict(Clause.objects.filter(document__zone=here.zone, depth=1).values_list("path__0", "title"))
    counts = tallied(rows, "chapter")
    means = {key: round(mean or 0) for key, mean in rows.order_by().values_list("chapter").annotate(m=Avg("percent"))}
    order = {key: n for n, key in enumerate(titles)}
    counts.sort(key=lambda c: order.get(c.key, len(order)))
    opened = request.GET.get("open", "")
    all_open = sum(c.total for c in counts) <= MOST_OPEN
    branches = []
    for one in counts:
        is_open = all_open or (one.key or NO_CHAPTER) == opened
        found = _nested(with_units(rows.filter(chapter=one.key)).order_by("order")[: MOST_OPEN + 1]) if is_open else []
        ledger_of = f"{here.address('ledger', chapter=one.key or NO_CHAPTER)}&"
        branches.append(
            Branch(
                key=one.key,
                title=titles.get(one.key, "会议议定和其他任务") if one.key else "会议议定和其他任务",
                total=one.total,
                closed=one.closed,
                percent=means.get(one.key, 0),
                lights=_lit(one.lights, here.limits, ledger_of),
                href="" if is_open else f"{request.path}?open={one.key or NO_CHAPTER}",
                rows=found[:MOST_OPEN],
                more=max(0, one.total - MOST_OPEN) if is_open else 0,
            )
        )
    context = shell(
        here,
        **listing.narrowing(request, asked),
        branches=branches,
        tabs=tabs(here, "tree", request),
        crumbs=here.crumbs(("任务台账", here.address("ledger")), ("章节", None)),
    )
    return listing.answer(request, _part(request, "governance/tree.html", "governance/_tree.html"), context)


def _part(request: HttpRequest, whole: str, part: str) -> str:
    return part if wants_partial(request) else whole


def _lit(lights: dict[str, int], limits: Limits, base: str) -> list[tuple[Any, int, str]]:
    urgent = (Light.OVERDUE, Light.BEHIND, Light.NEAR, Light.NORMAL)
    return [(lamp(o.value, limits), lights[o.value], f"{base}light={o.value}") for o in urgent if lights.get(o.value)]


def _nested(rows: Iterable[Any]) -> list[tuple[Any, bool]]:
    """Tasks in their order, each followed by its parts: (task, is a part)."""
    found = list(rows)
    parts: dict[int, list[Any]] = {}
    own = {task.pk for task in found}
    for task in found:
        if task.parent_id in own:
            parts.setdefault(task.parent_id, []).append(task)
    shown: list[tuple[Any, bool]] = []
    for task in found:
        if task.parent_id not in own:
            shown.append((task, False))
            shown += [(part, True) for part in parts.get(task.pk, ())]
    return shown


# -- Gantt chart ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scale:
    """The time that a chart shows, in whole quarters, and where a day lies on it (0 to 1000)."""

    first: date
    last: date

    def at(self, day: date) -> int:
        whole = (self.last - self.first).days
        return min(1000, max(0, round(1000 * (day - self.first).days / whole)))

    @property
    def quarters(self) -> list[tuple[int, str]]:
        """(place, label) of the beginning of each quarter; only years where there are many."""
        found, day = [], self.first
        while day < self.last:
            found.append((self.at(day), f"{day.year}" if day.month == 1 else f"{(day.month - 1) // 3 + 1} 季"))
            day = date(day.year + (day.month > 9), (day.month + 2) % 12 + 1, 1)
        if len(found) > 16:
            return [(place, label) for place, label in found if len(label) == 4]
        return found


@require_safe
@allows(LEDGER_VIEW)
def ledger_gantt(request: HttpRequest, zone: str) -> HttpResponse:
    """Each task from the day it was handed out to its last day, with progress, nodes and today."""
    here = place_of(request, zone)
    listing = listing_of(here)
    asked = listing.asked(request.GET)
    rows = listed(here, asked).prefetch_related("nodes").exclude(due=None)
    scale = _scale(here.day, rows)
    context = shell(
        here,
        scale=scale,
        today_at=scale.at(here.day),
        tabs=tabs(here, "gantt", request),
        crumbs=here.crumbs(("任务台账", here.address("ledger")), ("甘特图", None)),
    )
    return listing.respond(
        request, asked, rows, template="governance/gantt.html", partial="governance/_gantt.html", context=context
    )


def _scale(day: date, rows: Any) -> Scale:
    """From the quarter of the earliest beginning to the end of that of the last deadline, today in it; six years at most."""
    edges = rows.order_by().aggregate(first=Min("issued_on"), last=Max("due"))
    first = max(min(edges["first"] or day, day), day - timedelta(days=3 * 365))
    last = min(max(edges["last"] or day, day), day + timedelta(days=3 * 365))
    begin = date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    after = date(last.year + 1, 1, 1) if last.month > 9 else date(last.year, (last.month - 1) // 3 * 3 + 4, 1)
    return Scale(begin, after)


# -- calendar ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """One thing of a day: a deadline, a node, an answer to a sheet."""

    kind: str
    title: str
    href: str
    css: str


@require_safe
@allows(LEDGER_VIEW)
def ledger_calendar(request: HttpRequest, zone: str) -> HttpResponse:
    """A month: deadlines, nodes and answers to sheets, day by day."""
    here = place_of(request, zone)
    listing = listing_of(here)
    asked = listing.asked(request.GET)
    year, month = _month(request.GET.get("month", ""), here.day)
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    first, last = weeks[0][0], weeks[-1][-1]
    rows = rows_of(here, asked)
    dues: dict[date, list[Due]] = {}
    for task in rows.filter(due__range=(first, last)).order_by("due", "order")[:1000]:
        css = lamp(task.light, here.limits).css
        dues.setdefault(task.due, []).append(Due("期限", f"{task.label} {task.title}".strip(), task_address(task), css))
    nodes = Node.objects.filter(task__in=rows.order_by().values("pk"), due__range=(first, last)).select_related("task")
    for node in nodes.order_by("due", "task__order")[:1000]:
        css = "green" if node.reached_on else "red" if node.due < here.day and node.task.is_open else "blue"
        dues.setdefault(node.due, []).append(
            Due("节点", f"{node.text}（{node.task.title}）", task_address(node.task), css)
        )
    sheets = Sheet.objects.visible_to(here.actor).filter(task__zone=here.zone, reply_by__range=(first, last))
    for sheet in sheets.filter(state=Sheet.State.OPEN).select_related("unit").order_by("reply_by")[:200]:
        href = reverse("governance:sheet", args=[sheet.pk])
        css = "red" if sheet.reply_by < here.day else "amber"
        dues.setdefault(sheet.reply_by, []).append(
            Due("督办回复", f"{sheet.colour}色督办单 {sheet.unit.name}", href, css)
        )
    context = shell(
        here,
        **listing.narrowing(request, asked),
        year=year,
        month=month,
        weeks=[[_day(here, day, dues.get(day, []), month) for day in week] for week in weeks],
        count=sum(len(found) for day, found in dues.items() if day.month == month),
        before=_with_month(request, year, month, -1),
        after=_with_month(request, year, month, 1),
        this=_with_month(request, here.day.year, here.day.month, 0),
        tabs=tabs(here, "calendar", request),
        crumbs=here.crumbs(("任务台账", here.address("ledger")), ("日历", None)),
    )
    return listing.answer(request, _part(request, "governance/calendar.html", "governance/_calendar.html"), context)


def _month(written: str, day: date) -> tuple[int, int]:
    try:
        found = date.fromisoformat(f"{written[:7]}-01")
    except ValueError:
        found = day
    return (found.year, found.month) if 1990 <= found.year < 2190 else (day.year, day.month)


def _with_month(request: HttpRequest, year: int, month: int, by: int) -> str:
    number = year * 12 + month - 1 + by
    asked = request.GET.copy()
    asked["month"] = f"{number // 12}-{number % 12 + 1:02}"
    return f"{request.path}?{asked.urlencode()}"


def _day(here: Place, day: date, found: list[Due], month: int) -> dict[str, Any]:
    iso = day.isoformat()
    return {
        "day": day, "inside": day.month == month, "today": day == here.day, "things": found[:PER_DAY],
        "more": max(0, len(found) - PER_DAY), "href": here.address("ledger", due_from=iso, due_to=iso),
    }  # fmt: skip


# -- board ---------------------------------------------------------------------------------------------------------


@require_safe
@allows(LEDGER_VIEW)
def ledger_board(request: HttpRequest, zone: str) -> HttpResponse:
    """The tasks by state, the nearest deadlines first in each column."""
    here = place_of(request, zone)
    listing = listing_of(here)
    asked = listing.asked(request.GET)
    rows = rows_of(here, asked)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    place = Window(RowNumber(), partition_by=F("state"), order_by=[F("due").asc(nulls_last=True), F("pk").asc()])
    first = list(with_units(rows.annotate(place=place).filter(place__lte=CARDS)).order_by("state", "place"))
    asked_for = request.GET.copy()
    for name in ("state", "cursor", "sort", "export"):
        asked_for.pop(name, None)
    query = f"&{asked_for.urlencode()}" if asked_for else ""
    columns = [
        {
            "state": state.value,
            "title": title,
            "count": counts.get(state.value, 0),
            "cards": [task for task in first if task.state == state.value],
            "href": f"{here.address('ledger', state=state.value)}{query}",
        }
        for state, title in TITLES.items()
    ]
    context = shell(
        here,
        **listing.narrowing(request, asked),
        columns=columns,
        cards=CARDS,
        tabs=tabs(here, "board", request),
        crumbs=here.crumbs(("任务台账", here.address("ledger")), ("看板", None)),
    )
    return listing.answer(request, _part(request, "governance/board.html", "governance/_board.html"), context)


# -- handing out ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@allows(TASK_ISSUE)
def issue(request: HttpRequest, zone: str) -> HttpResponse:
    """交办: the tasks that wait to be handed out; set deadlines for some, hand some out."""
    here = place_of(request, zone)
    fault = _issued(request, here) if request.method == "POST" else ""
    if request.method == "POST" and not fault:
        return redirect(request.path)
    wanted = LedgerFilter(state=State.LISTED.value)
    rows = with_units(ledger(here.zone, actor=here.actor, wanted=wanted, day=here.day, limits=here.limits))
    listing = list(rows.select_related("ordered").order_by("order")[:1000])
    chosen = set(request.POST.getlist("task"))
    context = shell(
        here,
        rows=[(task, str(task.pk) in chosen, task.due is None or task.due < here.day) for task in listing],
        fault=fault,
        given_due=request.POST.get("due", ""),
        crumbs=here.crumbs(("任务台账", here.address("ledger")), ("交办任务", None)),
    )
    return render(request, "governance/issue.html", context, status=422 if fault else 200)


def _issued(request: HttpRequest, here: Place) -> str:
    """Do what the form asks; what was refused, in words."""
    chosen = [int(pk) for pk in request.POST.getlist("task") if pk.isdecimal() and len(pk) < 18]
    if not chosen:
        return "还没有勾选任务。请先勾选要处理的任务。"
    actor, at = actor_of(request), clock.now()
    try:
        if request.POST.get("do") == "due":
            due = date.fromisoformat(request.POST.get("due", ""))
            count = services.set_due(zone=here.zone, task_ids=chosen, due=due, actor=actor, at=at)
            messages.success(request, f"已核定 {count} 项任务的完成期限：{due}。")
        else:
            count = services.issue_tasks(zone=here.zone, task_ids=chosen, actor=actor, at=at)
            messages.success(request, f"已交办 {count} 项任务，并通知了责任单位。")
    except ValueError:
        return "完成期限要写成 2027-06-30 的样子。"
    except DomainError as error:
        if error.status in (403, 404):
            raise
        return error.text
    return ""


# -- across zones --------------------------------------------------------------------------------------------------


@require_safe
@allows(LEDGER_VIEW)
def my_tasks(request: HttpRequest) -> HttpResponse:
    """The tasks of one's unit in every zone."""
    actor = actor_of(request)
    day = clock.legal_day(clock.now())
    rows = ledger_of_unit(actor.org_unit_id or 0, actor=actor, day=day)
    listing: Listing[Any] = Listing(
        title="本单位的任务",
        columns=[
            Column("light", "亮灯", lambda t: Light(t.light).title),
            Column("zone", "试验区", lambda t: t.zone.short, order=("zone",)),
            Column("label", "条款", lambda t: t.label, order=("order",), kind="code"),
            Column("title", "任务", lambda t: t.title, order=("title",), link=task_address, wide=True),
            Column("state", "状态", lambda t: State(t.state).title, order=("state",)),
            Column("percent", "进度", lambda t: f"{t.percent}%", order=("percent",), kind="number"),
            Column("due", "期限", lambda t: t.due, order=("due",), kind="date"),
        ],
        filters=[
            Filter("text", "任务或条款", kind="text"),
            Filter("state", "状态", options=[Option(one.value, title) for one, title in TITLES.items()]),
        ],
        order=("due", "pk"),
        empty="您的单位还没有任务",
        empty_next="专班交办给您单位的任务会列在这里，并发消息给您。",
        row_link=task_address,
    )
    asked = listing.asked(request.GET)
    if asked.text("state"):
        rows = rows.filter(state=asked.text("state"))
    if asked.text("text"):
        rows = rows.filter(title__icontains=asked.text("text")) | rows.filter(label=asked.text("text"))
    return listing.respond(
        request, asked, rows, context={"crumbs": [("工作台", reverse("portal:desk")), ("本单位的任务", None)]}
    )


def ledger_of_unit(unit: int, *, actor: Any, day: date) -> Any:
    """The tasks of a unit in every zone, each lit by the limits of the zone where most of them are."""
    mine = Task.objects.visible_to(actor).filter(units__unit=unit, units__ended_at=None).distinct()
    first = mine.order_by("-pk").select_related("zone").first()
    limits = limits_for(first.zone, on=day) if first else None
    rows = mine.select_related("zone")
    return rows.annotate(light=light_on(day, limits)) if limits else rows.annotate(light=F("state")).none()
