"""Maps of zones: outlines coloured by a theme that a room declares, drawn on the server and live in the browser, and the
layers that can be laid over them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import AreaFigure, AreaTheme
from ronghe.kernel.pages.record import TONE_ICONS, Tone
from ronghe.kernel.spatial.addresses import tiles_template
from ronghe.kernel.spatial.drawing import Outline, bounds_of, draw, middle_of
from ronghe.kernel.spatial.models import Layer
from ronghe.kernel.spatial.queries import bounds_of_layer, layers, outlines
from ronghe.kernel.spatial.rules import Box
from ronghe.policy.models import Zone

from . import declared

#: Where the outlines of counties are.
LAYER = "county-boundaries"

#: Four steps from few to many; the darkest still carries dark letters.
FILLS = ("#dbe7f4", "#bdd3ec", "#9abbe1", "#739fd2")
#: Where nothing is known.
BLANK = "#e9ecee"
#: States, what wants attention first: the order of the ranking and of the legend. All carry dark letters.
TONE_FILLS: dict[Tone, str] = {
    "bad": "#f3b9b3",
    "warn": "#f8dc9c",
    "place": "#bdd3ec",
    "good": "#bfe0ca",
    "plain": "#dfe3e7",
}

#: Layers laid over the map differ by colour and by hatching: lines across a tile of 8 by 8.
INKS = ("#8a2d00", "#5b2a86", "#00594f", "#6b4e00", "#1f1f1f", "#8c1d4b")
HATCHES = ("M-2,2L2,-2M0,8L8,0M6,10L10,6", "M-2,6L2,10M0,0L8,8M6,-2L10,2", "M0,4H8M4,0V8", "M0,2H8M0,6H8")


@dataclass(frozen=True, slots=True)
class Area:
    """One part of a zone: what the theme says of it, where a click leads, its colour, and whether it has an outline."""

    code: str
    name: str
    figure: AreaFigure
    href: str
    fill: str
    is_chosen: bool
    has_outline: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the colours of a quantity: from how many to how many."""

    fill: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One line of the legend: a colour, what it means, and the icon of a state."""

    fill: str
    words: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Overlay:
    """叠加图层: a layer that can be laid over the map, told from others by ``ink`` and ``hatch``."""

    slug: str
    title: str
    tiles: str
    href: str
    open: str
    ink: str
    hatch: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Address:
    """What the address of a map holds: the theme unless it is the first, the layers that are on, the chosen area."""

    zone: str
    theme: str = ""
    overlays: tuple[str, ...] = ()

    def __call__(self, area: str = "") -> str:
        given = [("theme", self.theme), *(("overlay", slug) for slug in self.overlays), ("area", area)]
        query = urlencode([(name, value) for name, value in given if value])
        return reverse("portal:map", args=[self.zone]) + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True)
class Map:
    """What a map page shows: the drawing without script, the tiles and colours for the live map, the list beside it."""

    theme: AreaTheme
    drawing: SafeString
    areas: Sequence[Area]
    legend: Sequence[Mark]
    left_out: str
    everywhere: str
    overlays: Sequence[Overlay]
    title: str
    note: str
    crs_note: str
    tiles: str
    data: dict[str, Any]

    @property
    def has_outlines(self) -> bool:
        return bool(self.drawing)

    @property
    def chosen(self) -> Area | None:
        return next((area for area in self.areas if area.is_chosen), None)


def themes(actor: Actor) -> list[AreaTheme]:
    """The themes that the actor's role may see, in order."""
    return [theme for theme in declared.themes() if may(actor.role, theme.permission)]


def zone_map(
    zone: Zone,
    theme: AreaTheme,
    *,
    actor: Actor,
    day: date,
    address: Address | None = None,
    chosen: str = "",
    width: int = 820,
    height: int = 560,
) -> Map:
    """The zone's parts, coloured by what the theme says of each, ranked by it."""
    address = address or Address(zone.slug)
    told = theme.of(zone.slug, actor, day)
    figures = {figure.code: figure for figure in told.figures}
    divisions = list(zone.divisions.order_by("is_local", "code"))
    found = {o.code: o for o in outlines(LAYER, actor=actor, codes=[d.code for d in divisions])}
    steps = legend([f.value for f in told.figures if f.value is not None]) if theme.kind == "quantity" else []

    def area(code: str, name: str) -> Area:
        figure = figures.get(code, AreaFigure(code, None, ""))
        return Area(
            code=code,
            name=name,
            figure=figure,
            href=address(code),
            fill=_fill(theme, figure, steps, is_told=code in figures) if figures else FILLS[1],
            is_chosen=code == chosen,
            has_outline=code in found,
        )

    areas = _ranked(theme, [area(d.code, d.name) for d in divisions])
    # The chosen one last, so that no neighbour's line lies over its own.
    drawn = [_drawn(found[a.code], a, theme) for a in sorted(areas, key=lambda a: a.is_chosen) if a.has_outline]
    seen = {layer.slug: layer for layer in layers(actor)}
    base = seen.pop(LAYER, None)
    bounds = bounds_of(drawn) if drawn else None
    overlays = _overlays(seen.values(), bounds, address.overlays) if bounds else []
    return Map(
        theme=theme,
        drawing=_safe(draw(drawn, width=width, height=height, title=f"{zone.title}各区县的{theme.title}", padding=12)),
        areas=areas,
        legend=_marks(theme, areas, steps) if figures else [],
        left_out=told.note,
        everywhere=address(),
        overlays=overlays,
        title=base.title if base else "",
        note=base.note if base else "",
        crs_note=base.crs_note if base else "",
        tiles=tiles_template(base) if base else "",
        data={
            "layer": LAYER,
            "bounds": list(bounds or ()),
            "areas": [_live(a, found[a.code]) for a in areas if a.has_outline],
            "overlays": [
                {"slug": o.slug, "title": o.title, "tiles": o.tiles, "open": o.open, "ink": o.ink, "hatch": o.hatch}
                for o in overlays
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


def legend(values: Sequence[int]) -> list[Step]:
    """Up to four even steps from the smallest value to the largest; the colours show order, not proportion."""
    if not values:
        return []
    least, most = min(values), max(values)
    number = min(len(FILLS), most - least + 1)
    edges = [least + round(i * (most + 1 - least) / number) for i in range(number + 1)]
    fills = FILLS[1:2] if number == 1 else [FILLS[round(i * (len(FILLS) - 1) / (number - 1))] for i in range(number)]
    return [Step(fills[i], edges[i], edges[i + 1] - 1) for i in range(number)]


def fill_of(value: int | None, steps: Sequence[Step]) -> str:
    """The colour of a value; blank where nothing is known."""
    return BLANK if value is None else next((step.fill for step in steps if value <= step.last), FILLS[1])


def _fill(theme: AreaTheme, figure: AreaFigure, steps: Sequence[Step], *, is_told: bool) -> str:
    if theme.kind == "quantity":
        return fill_of(figure.value, steps)
    return TONE_FILLS[figure.tone] if is_told else BLANK


def _ranked(theme: AreaTheme, areas: Sequence[Area]) -> list[Area]:
    """The largest value first, or what wants attention first; equal ones as they came, the unknown last."""
    tones = list(TONE_FILLS)

    def rank(area: Area) -> tuple[int, int]:
        value = area.figure.value
        by_value = 1 if value is None else -value
        if theme.kind == "quantity":
            return int(value is None), by_value
        return tones.index(area.figure.tone) if area.figure.label else len(tones), by_value

    return sorted(areas, key=rank)


def _marks(theme: AreaTheme, areas: Sequence[Area], steps: Sequence[Step]) -> list[Mark]:
    """What the colours mean, the unknown only where there is some."""
    if theme.kind == "quantity":
        spans = [f"{s.first}" if s.first == s.last else f"{s.first}–{s.last}" for s in steps]
        marks = [Mark(step.fill, span) for step, span in zip(steps, spans, strict=True)]
    else:
        marks = [Mark(TONE_FILLS[t], theme.words[t], TONE_ICONS[t]) for t in TONE_FILLS if t in theme.words]
    return [*marks, Mark(BLANK, "没有数据")] if any(area.fill == BLANK for area in areas) else marks


def _drawn(outline: Outline, area: Area, theme: AreaTheme) -> Outline:
    label = area.figure.label
    return replace(
        outline,
        value=label,
        title=f"{area.name}：{theme.title} {label}" if label else area.name,
        href=area.href,
        css="here" if area.is_chosen else "",
        fill=area.fill,
    )


def _live(area: Area, outline: Outline) -> dict[str, Any]:
    """What the live map says of an area."""
    return {
        "code": area.code,
        "name": area.name,
        "value": area.figure.value,
        "label": area.figure.label,
        "fill": area.fill,
        "href": area.href,
        "at": middle_of(outline),
    }


def _overlays(seen: Iterable[Layer], bounds: Box, on: Collection[str]) -> list[Overlay]:
    """The layers that have something near the zone; each keeps its colour whichever others are on."""
    near = [layer for layer in seen if _meet(bounds_of_layer(layer), bounds)]
    return [
        Overlay(
            slug=layer.slug,
            title=layer.title,
            tiles=tiles_template(layer),
            href=reverse("spatial:layer", args=[layer.slug]),
            open=f"{reverse('spatial:features', args=[layer.slug])}?text=",
            ink=INKS[i % len(INKS)],
            hatch=HATCHES[i % len(HATCHES)],
            is_on=layer.slug in on,
        )
        for i, layer in enumerate(near)
    ]


def _meet(a: Box | None, b: Box) -> bool:
    return a is not None and a.west <= b.east and b.west <= a.east and a.south <= b.north and b.south <= a.north


def _safe(drawing: str) -> SafeString:
    # ``draw`` quotes every name that it writes.
    return mark_safe(drawing)
