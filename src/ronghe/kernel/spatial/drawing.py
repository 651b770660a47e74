"""Outlines drawn as SVG on the server: what a page shows without script. Pure: outlines in, text out.

Colours and sizes are presentation attributes, which any style sheet overrides; there is no ``style`` attribute, so a
strict Content-Security-Policy lets the drawing through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon

from .rules import Box

#: How wide a drawing is shown on a telephone of 360 pixels.
NARROW = 320


@dataclass(frozen=True, slots=True)
class Outline:
    """轮廓: one feature to draw, longitude before latitude.

    ``label`` stands on the drawing (default: the name), ``value`` below it; ``title`` is what hovering shows;
    ``href`` makes the outline a link; ``css`` are class names; ``fill`` a colour.
    """

    code: str
    name: str
    geometry: MultiPolygon
    label: str | None = None
    value: str = ""
    title: str = ""
    href: str = ""
    css: str = ""
    fill: str = "#dbe5f1"

    @property
    def text(self) -> str:
        return self.name if self.label is None else self.label


@dataclass(frozen=True, slots=True)
class _Frame:
    """From degrees to units of the drawing: a degree of longitude is shorter than one of latitude by cos(latitude)."""

    west: float
    north: float
    shrink: float
    scale: float
    left: float
    top: float

    def __call__(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        x = (points[:, 0] - self.west) * self.shrink * self.scale + self.left
        y = (self.north - points[:, 1]) * self.scale + self.top
        return np.column_stack((x, y))


def bounds_of(outlines: Sequence[Outline]) -> Box:
    """The box around all outlines. Raises: ValueError when there is none."""
    if not outlines:
        raise ValueError("no outline: no bounds")
    return Box(*map(float, shapely.total_bounds([o.geometry for o in outlines])))


def middle_of(outline: Outline) -> tuple[float, float]:
    """Longitude and latitude where a label of the outline sits well, to 1e-5 degrees."""
    shrink = cos(radians((outline.geometry.bounds[1] + outline.geometry.bounds[3]) / 2))
    x, y = _middle(shapely.transform(outline.geometry, lambda points: points * (shrink, 1.0)), tolerance=0.001)
    return round(x / shrink, 5), round(y, 5)


def draw(
    outlines: Sequence[Outline],
    *,
    width: int = 640,
    height: int = 480,
    padding: int = 8,
    title: str = "",
    labels: bool = True,
    font_size: int = 14,
    detail: float = 0.6,
) -> str:
    """The outlines as one SVG element, as large as fits ``width`` by ``height``; empty text when there is none.

    Args: ``detail`` is how far a line may be from the true one, in units of the drawing. Neighbours are simplified
    together and keep their common lines. A label without room is left out; its outline still has a title.
    """
    if not outlines:
        return ""
    box = bounds_of(outlines)
    shrink = cos(radians((box.south + box.north) / 2))
    wide, high = max((box.east - box.west) * shrink, 1e-9), max(box.north - box.south, 1e-9)
    scale = min((width - 2 * padding) / wide, (height - 2 * padding) / high)
    shown_width, shown_height = round(wide * scale + 2 * padding, 1), round(high * scale + 2 * padding, 1)
    frame = _Frame(box.west, box.north, shrink, scale, padding, padding)
    shapes = [shapely.transform(o.geometry, frame) for o in outlines]
    simple = simplified(shapes, detail)
    linked = any(o.href for o in outlines)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="outlines" viewBox="0 0 {shown_width:g} {shown_height:g}" '
        f'role="{"group" if linked else "img"}" aria-label={quoteattr(title or "、".join(o.name for o in outlines))}>'
    ]
    parts += [_shape(o, s) for o, s in zip(outlines, simple, strict=True)]
    if labels:
        size = shown_width, shown_height
        parts.append(_labels(outlines, shapes, size, font_size, "outline-labels"))
        # A style sheet shows these instead of the others on a narrow screen, where a wide drawing shrinks.
        narrow = round(font_size * max(1.0, shown_width / NARROW))
        parts.append(_labels(outlines, shapes, size, narrow, "outline-labels-narrow", values=False))
    parts.append("</svg>")
    return "".join(parts)


def simplified(shapes: Sequence[MultiPolygon], tolerance: float) -> list[MultiPolygon]:
    """Fewer points, common lines of neighbours the same on both sides; every shape keeps some area."""
    # coverage_simplify takes the square root of the area of a triangle that may go.
    done = shapely.coverage_simplify(np.array(shapes, dtype=object), tolerance)
    return [new if not new.is_empty and new.area > 0 else old for new, old in zip(done, shapes, strict=True)]


def _shape(outline: Outline, shape: MultiPolygon) -> str:
    css = f"outline {outline.css}".strip()
    tip = escape(outline.title or outline.name)
    drawn = (
        f"<path class={quoteattr(css)} data-area={quoteattr(outline.code)} fill={quoteattr(outline.fill)} "
        f'fill-rule="evenodd" stroke="#7890ab" stroke-width="1" stroke-linejoin="round" d="{_path(shape)}">'
        f"<title>{tip}</title></path>"
    )
    if not outline.href:
        return drawn
    return (
        f"<a href={quoteattr(outline.href)} data-area={quoteattr(outline.code)} aria-label={quoteattr(tip)}>{drawn}</a>"
    )


def _path(shape: MultiPolygon) -> str:
    rings = []
    for polygon in shapely.get_parts(shape):
        for ring in (polygon.exterior, *polygon.interiors):
            tenths = np.rint(shapely.get_coordinates(ring) * 10).astype(int)
            steps = np.diff(tenths, axis=0)[:-1]  # "z" draws the last one
            steps = steps[steps.any(axis=1)]
            if len(steps) < 2:
                continue
            line = " ".join(f"{_tenths(x)},{_tenths(y)}" for x, y in steps.tolist())
            rings.append(f"M{_tenths(tenths[0][0])},{_tenths(tenths[0][1])}l{line}z")
    return "".join(rings)


def _tenths(number: int) -> str:
    return f"{number / 10:g}"


def _labels(
    outlines: Sequence[Outline],
    shapes: Sequence[MultiPolygon],
    size: tuple[float, float],
    font_size: int,
    css: str,
    values: bool = True,
) -> str:
    """Names, largest outline first; one that would touch another moves up or down, or is left out."""
    taken: list[Box] = []
    written: dict[int, str] = {}
    line = font_size * 1.25
    for i in sorted(range(len(outlines)), key=lambda i: -shapes[i].area):
        lines = [text for text in (outlines[i].text, outlines[i].value if values else "") if text]
        if not lines:
            continue
        wide, tall = max(_text_width(text, font_size) for text in lines), line * len(lines)
        x, y = _middle(shapes[i])
        for shift in (0.0, -0.6, 0.6, -1.1, 1.1):
            left = min(max(x - wide / 2, 0.0), max(size[0] - wide, 0.0))
            top = min(max(y + shift * tall - tall / 2, 0.0), max(size[1] - tall, 0.0))
            place = Box(left, top, left + wide, top + tall)
            if shift and not shapes[i].intersects(shapely.box(*place)):
                continue
            if not any(_touch(place, other) for other in taken):
                taken.append(place)
                written[i] = _label(outlines[i], lines, place, font_size, line)
                break
    hidden = "" if values else ' display="none"'
    inner = "".join(written[i] for i in sorted(written))
    return (
        f'<g class="{css}"{hidden} font-size="{font_size}" text-anchor="middle" pointer-events="none" '
        f'aria-hidden="true">{inner}</g>'
    )


def _label(outline: Outline, lines: Sequence[str], place: Box, size: int, line: float) -> str:
    x = (place.west + place.east) / 2
    rows = "".join(
        f'<text class="{css}" x="{x:.1f}" y="{place.south + line * n + size:.1f}" fill="#1b2a3d" stroke="#fff" '
        f'stroke-width="3" stroke-linejoin="round" paint-order="stroke">{escape(text)}</text>'
        for n, (text, css) in enumerate(zip(lines, ("outline-name", "outline-value"), strict=False))
    )
    return f"<g data-area={quoteattr(outline.code)}>{rows}</g>"


def _middle(shape: MultiPolygon, tolerance: float = 1.0) -> tuple[float, float]:
    """Where a label sits well: the middle of the largest circle inside the largest part."""
    largest = max(shapely.get_parts(shape).tolist(), key=lambda p: p.area)
    centre = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, tolerance=tolerance))[0]
    return float(centre[0]), float(centre[1])


def _text_width(text: str, size: int) -> float:
    return sum(size if ord(c) > 0x2E7F else size * 0.56 for c in text)


def _touch(a: Box, b: Box) -> bool:
    return a.west < b.east and b.west < a.east and a.south < b.north and b.south < a.north
