"""Maps of zones: outlines with the number of tasks that hold in each part, drawn on the server and live in the browser."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from ronghe.kernel.actors import Actor
from ronghe.kernel.spatial.addresses import tiles_template
from ronghe.kernel.spatial.drawing import Outline, bounds_of, draw, middle_of
from ronghe.kernel.spatial.queries import layers, outlines
from ronghe.policy import queries
from ronghe.policy.models import Zone

#: Where the outlines of counties are.
LAYER = "county-boundaries"

#: Four steps from few to many; the darkest still carries dark letters.
FILLS = ("#dbe7f4", "#bdd3ec", "#9abbe1", "#739fd2")


@dataclass(frozen=True, slots=True)
class Area:
    """One part of a zone: how many tasks hold there, where a click leads, its colour, and whether it has an outline."""

    code: str
    name: str
    tasks: int
    href: str
    fill: str
    is_chosen: bool
    has_outline: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the legend: from how many tasks to how many."""

    fill: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Map:
    """What a map page shows: the drawing without script, the tiles and colours for the live map, the list beside it."""

    drawing: SafeString
    areas: Sequence[Area]
    without_area: int
    steps: Sequence[Step]
    title: str
    note: str
    crs_note: str
    tiles: str
    data: dict[str, Any]

    @property
    def has_outlines(self) -> bool:
        return bool(self.drawing)


def zone_map(zone: Zone, *, actor: Actor, chosen: str = "", width: int = 820, height: int = 560) -> Map:
    """The zone's parts, coloured by how many tasks hold there."""
    counts, without = queries.tasks_by_area(zone, actor=actor)
    found = {o.code: o for o in outlines(LAYER, actor=actor, codes=[c.division.code for c in counts])}
    # Where no task names an area, noughts all over the map would say less than nothing.
    steps = legend([c.tasks for c in counts]) if any(c.tasks for c in counts) else []
    here = reverse("portal:map", args=[zone.slug])
    areas = [
        Area(
            code=c.division.code,
            name=c.division.name,
            tasks=c.tasks,
            href=f"{here}?area={c.division.code}",
            fill=fill_of(c.tasks, steps),
            is_chosen=c.division.code == chosen,
            has_outline=c.division.code in found,
        )
        for c in counts
    ]
    drawn = [_drawn(found[a.code], a, counted=bool(steps)) for a in areas if a.has_outline]
    layer = layers(actor).filter(slug=LAYER).first()
    bounds = list(bounds_of(drawn)) if drawn else []
    return Map(
        drawing=_safe(draw(drawn, width=width, height=height, title=f"{zone.title}各区县的任务数", padding=12)),
        areas=areas,
        without_area=without,
        steps=steps,
        title=layer.title if layer else "",
        note=layer.note if layer else "",
        crs_note=layer.crs_note if layer else "",
        tiles=tiles_template(layer) if layer else "",
        data={
            "layer": LAYER,
            "bounds": bounds,
            "areas": [
                {
                    "code": a.code,
                    "name": a.name,
                    "tasks": a.tasks if steps else None,
                    "fill": a.fill,
                    "href": a.href,
                    "at": middle_of(found[a.code]),
                }
                for a in areas
                if a.has_outline
            ],
        },
    )


def small_drawings(zones: Sequence[Zone], *, actor: Actor) -> dict[str, SafeString]:
    """Each zone's outline by slug, drawn small and each to its own scale; one query for all."""
    codes = {d.code for zone in zones for d in zone.divisions.all()}
    found = {o.code: o for o in outlines(LAYER, actor=actor, codes=codes, tolerance=0.002)}
    drawings = {}
    for zone in zones:
        parts = [replace(found[d.code], fill=FILLS[1]) for d in zone.divisions.all() if d.code in found]
        drawing = draw(parts, width=180, height=130, padding=2, labels=False, detail=0.5, title=f"{zone.short}轮廓")
        drawings[zone.slug] = _safe(drawing)
    return drawings


def legend(counts: Sequence[int]) -> list[Step]:
    """Up to four even steps from the smallest count to the largest; the colours show order, not proportion."""
    if not counts:
        return []
    least, most = min(counts), max(counts)
    number = min(len(FILLS), most - least + 1)
    edges = [least + round(i * (most + 1 - least) / number) for i in range(number + 1)]
    fills = FILLS[1:2] if number == 1 else [FILLS[round(i * (len(FILLS) - 1) / (number - 1))] for i in range(number)]
    return [Step(fills[i], edges[i], edges[i + 1] - 1) for i in range(number)]


def fill_of(count: int, steps: Sequence[Step]) -> str:
    """The colour of a count; one colour for all where nothing is counted."""
    return next((step.fill for step in steps if count <= step.last), FILLS[1])


def _drawn(outline: Outline, area: Area, *, counted: bool) -> Outline:
    return replace(
        outline,
        value=f"{area.tasks} 项" if counted else "",
        title=f"{area.name}：{area.tasks} 项任务" if counted else area.name,
        href=area.href,
        css="here" if area.is_chosen else "",
        fill=area.fill,
    )


def _safe(drawing: str) -> SafeString:
    # ``draw`` quotes every name that it writes.
    return mark_safe(drawing)
