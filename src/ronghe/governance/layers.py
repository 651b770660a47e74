"""What the zone's office adds to 一张图: which lights the tasks of each area show, and which of them."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import MOST_ROWS, AreaFigure, AreaFigures, AreaList, AreaTheme, ListedRow
from ronghe.kernel.pages.record import Tone
from ronghe.policy import queries as policy

from .permissions import LEDGER_VIEW
from .queries.areas import lights_by_area
from .queries.ledger import LedgerFilter, ledger, light_of, limits_for
from .rules.ledger import Light

URGENT = (Light.OVERDUE, Light.BEHIND, Light.NEAR, Light.NORMAL)
TONES: dict[Light, Tone] = {
    Light.OVERDUE: "bad", Light.BEHIND: "warn", Light.NEAR: "place", Light.NORMAL: "good", Light.NONE: "plain",
}  # fmt: skip


def _ledger(zone_slug: str, **asked: str) -> str:
    return f"{reverse('zone_office:ledger', args=[zone_slug])}?{urlencode(asked)}"


def figures(zone_slug: str, actor: Actor, day: date) -> AreaFigures:
    """The most urgent light of each area, with how many tasks show it."""
    zone = policy.zone(zone_slug, actor=actor)
    rows = ledger(zone, actor=actor, wanted=LedgerFilter(), day=day, limits=limits_for(zone, on=day))
    areas, everywhere = lights_by_area(zone, rows)
    found = []
    for one in areas:
        light = next((light for light in URGENT if one.lights.get(light.value)), None)
        code = one.division.code
        if light is not None:
            label = f"{light.title} {one.lights[light.value]} 项"
            href = _ledger(zone_slug, area=code, light=light.value)
            found.append(AreaFigure(code, one.lights[light.value], label, href, TONES[light]))
        else:
            found.append(AreaFigure(code, None, "没有亮灯的任务"))
    note = f"另有 {everywhere} 项任务在全部区域实施，不计入单个区域。" if everywhere else ""
    return AreaFigures(found, note)


def tasks_in(zone_slug: str, actor: Actor, day: date, division_code: str) -> AreaList:
    """The tasks that hold in an area, the most urgent first."""
    zone = policy.zone(zone_slug, actor=actor)
    limits = limits_for(zone, on=day)
    wanted = LedgerFilter(area=division_code)
    rows = ledger(zone, actor=actor, wanted=wanted, day=day, limits=limits).exclude(light=Light.NONE.value)
    found = list(rows.order_by("due", "order")[:MOST_ROWS])
    count = len(found) if len(found) < MOST_ROWS else rows.count()
    found.sort(key=lambda task: URGENT.index(Light(task.light)))
    listed = []
    for task in found:
        light, why = light_of(task, day=day, limits=limits)
        href = reverse("zone_office:task", args=[zone_slug, task.pk])
        listed.append(ListedRow(task.title, why, href, TONES[light], light.title))
    return AreaList(listed, count, _ledger(zone_slug, area=division_code))


LIGHTS = AreaTheme(
    key="lights",
    title="任务亮灯",
    permission=LEDGER_VIEW,
    order=20,
    unit="项",
    of=figures,
    rows=tasks_in,
    kind="state",
    words={TONES[light]: light.title for light in URGENT},
    things="任务",
    lead="各区域最急的灯和亮这种灯的任务数。点选一个区域，查看是哪些任务、为什么亮灯。",
    area_lead="在这里实施的任务，最急的在前。",
    empty="没有亮灯的任务在这里实施。",
)

LAYERS = (LIGHTS,)
