"""How the parts of the ledger look: lights, states, listings; what every page of a zone's office has in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from ronghe.kernel.accounts.access import actor_of
from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day, now
from ronghe.kernel.pages import Asked, Column, Filter, Listing, Option
from ronghe.kernel.pages.record import Tone
from ronghe.policy import queries as policy
from ronghe.policy.models import Clause, Duty, Room, Topic, Zone

from ..models import Assignment, Task
from ..queries.ledger import NO_CHAPTER, LedgerFilter, ledger, light_of, limits_for, units_in, with_units
from ..rules.ledger import LIGHT_TITLES, TITLES, Light, Limits, State

Crumbs = list[tuple[str, str | None]]

STATE_TONES: dict[State, Tone] = {
    State.CLOSED: "good",
    State.VERIFIED: "good",
    State.RETURNED: "warn",
    State.STOPPED: "plain",
    State.LISTED: "plain",
}
#: Red is only for what is overdue or refused; the colours of a zone say no more than these words.
CSS = {"红": "red", "橙": "orange", "黄": "amber", "蓝": "blue", "绿": "green", "灰": "grey"}


@dataclass(frozen=True, slots=True)
class Lamp:
    """A light as pages draw it: the zone's colour, the word, and why."""

    light: Light
    css: str
    colour: str
    word: str
    why: str = ""


def lamp(light: str, limits: Limits, why: str = "") -> Lamp:
    """The lamp of a light by the zone's colours."""
    one = Light(light)
    colour = limits.colour(one)
    return Lamp(one, CSS.get(colour, "grey"), colour, one.title, why)


def legend(limits: Limits) -> list[Lamp]:
    """The lamps in the order of urgency."""
    return [lamp(one.value, limits) for one in (Light.OVERDUE, Light.BEHIND, Light.NEAR, Light.NORMAL)]


@dataclass(frozen=True)
class Place:
    """Where a request looks: the zone, who looks, the day, and the limits that hold there then."""

    zone: Zone
    actor: Actor
    day: date
    limits: Limits

    def address(self, name: str, **asked: object) -> str:
        """A page of this zone's office, with what it should show."""
        base = reverse(f"zone_office:{name}", args=[self.zone.slug])
        given = "&".join(f"{key}={value}" for key, value in asked.items() if value not in (None, ""))
        return f"{base}?{given}" if given else base

    def crumbs(self, *more: tuple[str, str | None]) -> Crumbs:
        zone = (self.zone.title, reverse("portal:zone", args=[self.zone.slug]))
        return [("全部试验区", reverse("portal:home")), zone, *more]


def place_of(request: HttpRequest, slug: str) -> Place:
    """The zone of a page and its limits today. Raises: ZoneNotFound."""
    actor = actor_of(request)
    zone = policy.zone(slug, actor=actor)
    day = legal_day(now())
    return Place(zone, actor, day, limits_for(zone, on=day))


def task_address(task: Task) -> str:
    """The page of a task."""
    return reverse("zone_office:task", args=[task.zone_id, task.pk])


#: The forms in which the same tasks are shown.
FORMS = {
    "ledger": "列表", "tree": "章节", "gantt": "甘特图", "calendar": "日历", "board": "看板",
}  # fmt: skip


def tabs(here: Place, shown: str, request: HttpRequest) -> list[tuple[str, str, bool]]:
    """The other forms of the same tasks, narrowed alike; and the map."""
    asked = request.GET.copy()
    for name in ("cursor", "sort", "export", "month", "open"):
        asked.pop(name, None)
    query = f"?{asked.urlencode()}" if asked else ""
    forms = [(label, here.address(name) + query, name == shown) for name, label in FORMS.items()]
    return [*forms, ("地图", f"{reverse('portal:map', args=[here.zone.slug])}?theme=lights", False)]


def listing_of(here: Place) -> Listing[Task]:
    """The ledger as a list: its columns and filters; those that nothing fills are not offered."""
    units = units_in(here.zone)
    chapters = Clause.objects.filter(document__zone=here.zone, depth=1).order_by("document", "order")
    columns: list[Column[Any]] = [
        Column("light", "亮灯", lambda t: Light(t.light).title, template="governance/_row_lamp.html"),
        Column("label", "条款", lambda t: t.label, order=("order",), kind="code"),
        Column("title", "任务", lambda t: t.title, order=("title",), link=task_address, wide=True),
        Column("units", "牵头或责任单位", _answering, template="governance/_row_answering.html", wide=True),
        Column("state", "状态", lambda t: State(t.state).title, order=("state",)),
        Column("percent", "进度", lambda t: f"{t.percent}%", order=("percent",), kind="number", template="governance/_row_percent.html"),
        Column("due", "期限", lambda t: t.due, order=("due",), kind="date"),
        Column("reported", "最近上报", lambda t: t.reported_on, order=("reported_on",), kind="date"),
    ]  # fmt: skip
    filters = [
        Filter("text", "任务或条款", kind="text"),
        Filter("light", "亮灯", options=[Option(one.value, _lit(one, here.limits)) for one in LIGHT_TITLES]),
        Filter("state", "状态", options=[Option(one.value, title) for one, title in TITLES.items()]),
        Filter("unit", "单位", options=[Option(str(pk), name) for pk, name in units.values_list("pk", "name")]),
        Filter("duty", "职责", options=[Option(d.value, str(d.label)) for d in Duty]),
        Filter("topic", "试验任务领域", options=[Option(str(t.code), t.title) for t in Topic.objects.all()]),
        Filter("room", "业务领域", options=[Option(r.value, str(r.label)) for r in Room]),
        Filter(
            "chapter",
            "章",
            options=[
                *(Option(c.path[0], f"{c.label} {c.title}") for c in chapters),
                Option(NO_CHAPTER, "会议议定和其他任务"),
            ],
        ),
        Filter(
            "area",
            "区域",
            options=[Option(d.code, d.name) for d in here.zone.divisions.order_by("is_local", "code")],
        ),
        Filter("parts", "层级", options=[Option("whole", "文件任务"), Option("part", "子任务")]),
        Filter("help", "需要协调", options=[Option("yes", "需要")]),
        Filter("due_from", "期限从", kind="date"),
        Filter("due_to", "期限至", kind="date"),
    ]
    return Listing(
        title="任务台账",
        columns=columns,
        filters=filters,
        order=("order", "pk"),
        empty="台账里还没有任务",
        empty_next="方案入库后，任务自动列入台账；专班核定期限、交办后，各单位才能看到。",
        row_link=task_address,
    )


def _lit(light: Light, limits: Limits) -> str:
    return light.title if light is Light.NONE else f"{limits.colour(light)} {light.title}"


def _answering(task: Any) -> str:
    return "、".join(row.unit.name for row in answering(task))


def answering(task: Any) -> list[Assignment]:
    """The units that answer for a task: who leads, else who is responsible, else who helps."""
    rows = list(task.units.all())
    for duty in (Duty.LEAD, Duty.RESPONSIBLE, Duty.COOPERATING):
        found = [row for row in rows if row.duty == duty]
        if found:
            return found
    return []


def wanted_of(asked: Asked) -> LedgerFilter:
    """What the address narrows the ledger by."""
    return LedgerFilter(
        text=asked.text("text"), unit=asked.number("unit"), duty=asked.text("duty"), topic=asked.number("topic"),
        room=asked.text("room"), chapter=asked.text("chapter"), area=asked.text("area"), state=asked.text("state"),
        light=asked.text("light"), due_from=asked.day("due_from"), due_to=asked.day("due_to"),
        parts=asked.text("parts"), needs_help=asked.text("help") == "yes",
    )  # fmt: skip


def rows_of(here: Place, asked: Asked) -> Any:
    """The tasks that the address asks for, with their lights."""
    return ledger(here.zone, actor=here.actor, wanted=wanted_of(asked), day=here.day, limits=here.limits)


def listed(here: Place, asked: Asked) -> Any:
    """The same with their units, for a list."""
    return with_units(rows_of(here, asked))


def lamp_of(task: Task, here: Place) -> Lamp:
    """The lamp of one task, and why."""
    light, why = light_of(task, day=here.day, limits=here.limits)
    return lamp(light.value, here.limits, why)


def shell(here: Place, **more: Any) -> Mapping[str, Any]:
    """What every page of the ledger needs."""
    return {
        "zone": here.zone,
        "here": here,
        "limits": here.limits,
        "legend": legend(here.limits),
        "today": here.day,
        **more,
    }
