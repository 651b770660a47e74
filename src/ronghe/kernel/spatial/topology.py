"""Pure check of a layer's topology, and overlay of two layers: on arrays, with one tree of boxes, in an equal-area plane.

A coverage (parcels side by side) has two kinds of fault inside, overlaps and gaps, and one against the outline that it
should fill: what lies outside. Small or narrow ones, within the tolerance of surveying, are counted but not told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from .rules import Box
from .zones import Plane

Shapes = NDArray[np.object_]
Index = NDArray[np.intp]
Told = Callable[[str, float], None]

#: So many pairs are intersected at a time, between two words on the progress.
_CHUNK = 20_000
#: Cracks narrower than this are looked for beside a shape that has no neighbour along an edge, in metres.
_SNAP = 1e-4
#: Interiors meet: the first place of the intersection matrix of DE-9IM.
_INTERIORS_MEET = "T********"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """容差: a place counts when it is larger than ``area_m2`` and on the average wider than ``width_m``."""

    area_m2: float = 1.0
    width_m: float = 0.05


@dataclass(frozen=True, slots=True)
class Place:
    """一处: what was found, between which shapes (by place in their arrays; -1: none), in the plane."""

    kind: str
    a: int
    b: int
    area_m2: float
    width_m: float
    shape: shapely.Geometry


@dataclass(slots=True)
class Places:
    """结果: the places that count, and how many fell within the tolerance."""

    found: list[Place] = field(default_factory=list)
    within_tolerance: int = 0

    def sort(self) -> None:
        self.found.sort(key=lambda place: (place.kind, -place.area_m2, place.a, place.b))


def plane_of(shapes: Shapes) -> Plane:
    """The plane about the middle of some shapes."""
    return Plane(Box(*shapely.total_bounds(shapes).tolist()))


def check_topology(
    shapes: Shapes, *, parents: Shapes | None = None, tolerance: Tolerance, told: Told = lambda note, share: None
) -> Places:
    """Overlaps between shapes, gaps between them, and what lies outside of the parents or leaves them open.

    Args: ``shapes`` and ``parents`` are valid polygons in one equal-area plane. Without parents a gap is a hole that
    the shapes enclose; with them it is also what they leave open of the parents.
    """
    places = Places()
    suspects = _overlaps(places, shapes, tolerance, told)
    told("正在查找空隙", 0.5)
    whole = _united(shapes, suspects)
    if parents is None:
        _gaps(places, whole, shapes, tolerance)
    else:
        outline = shapely.union_all(parents)
        told("正在与上级范围比较", 0.8)
        _count_parts(places, "gap", shapely.difference(outline, whole), shapes, tolerance)
        _outside(places, shapes, outline, tolerance)
    places.sort()
    return places


def overlaps(shapes: Shapes, *, tolerance: Tolerance, told: Told = lambda note, share: None) -> Places:
    """Overlaps between shapes of one plane alone, as of :func:`check_topology`."""
    places = Places()
    _overlaps(places, shapes, tolerance, told)
    places.sort()
    return places


def overlay(shapes: Shapes, others: Shapes, *, tolerance: Tolerance, told: Told = lambda note, share: None) -> Places:
    """Where shapes of one layer and of another meet, pair by pair; ``shapes`` and ``others`` lie in one plane."""
    places = Places()
    tree = shapely.STRtree(others)
    pairs = tree.query(shapes)
    for a, b, shape in _intersections(shapes, others, pairs, lambda share: told("正在叠加", share)):
        _count(places, "hit", a, b, shape, tolerance)
    places.sort()
    return places


def _overlaps(places: Places, shapes: Shapes, tolerance: Tolerance, told: Told) -> Index:
    """Count the overlaps; returns the shapes that can have some."""
    told("正在查找重叠", 0.0)
    suspects = _suspects(shapes)
    pairs = _meeting(shapes, suspects)
    for a, b, shape in _intersections(shapes, shapes, pairs, lambda share: told("正在查找重叠", share / 2)):
        _count(places, "overlap", a, b, shape, tolerance)
    return suspects


def _suspects(shapes: Shapes) -> Index:
    """Shapes that do not fit their neighbours edge by edge: only they can overlap. One pass over the whole coverage."""
    edges = shapely.coverage_invalid_edges(shapes, gap_width=_SNAP)
    return np.flatnonzero(~shapely.is_empty(edges))


def _meeting(shapes: Shapes, suspects: Index) -> NDArray[np.intp]:
    """Pairs with a suspect in them, each once, whose boxes meet.

    A shape that contains another without touching its lines is no suspect itself: the other is.
    """
    if not len(suspects):
        return np.empty((2, 0), dtype=np.intp)
    a, b = shapely.STRtree(shapes).query(shapes[suspects])
    a = suspects[a]
    pairs = np.stack((np.minimum(a, b), np.maximum(a, b)))[:, a != b]
    return np.unique(pairs, axis=1)


def _intersections(
    shapes: Shapes, others: Shapes, pairs: NDArray[np.intp], told: Callable[[float], None]
) -> Iterator[tuple[int, int, shapely.Geometry]]:
    """The common area of each pair that has one."""
    number = pairs.shape[1]
    for start in range(0, number, _CHUNK):
        a, b = pairs[:, start : start + _CHUNK]
        shapely.prepare(shapes[a])
        meet = shapely.relate_pattern(shapes[a], others[b], _INTERIORS_MEET)
        a, b = a[meet], b[meet]
        common = shapely.intersection(shapes[a], others[b])
        yield from zip(a.tolist(), b.tolist(), common.tolist(), strict=True)
        told(min(1.0, (start + _CHUNK) / number))


def _united(shapes: Shapes, suspects: Index) -> shapely.Geometry:
    """All shapes as one: those that fit are merged as a coverage, which is quick; the others are united with them."""
    fits = np.ones(len(shapes), dtype=bool)
    fits[suspects] = False
    # What a suspect's neighbours share with it may be uneven too; a union bears that.
    merged = [shapely.coverage_union_all(shapes[fits])] if fits.any() else []
    return shapely.union_all([*merged, *shapes[~fits]])


def _gaps(places: Places, whole: shapely.Geometry, shapes: Shapes, tolerance: Tolerance) -> None:
    parts = shapely.get_parts(whole)
    rings = [hole for part in parts.tolist() for hole in part.interiors]
    if rings:
        _count_parts(places, "gap", shapely.union_all(shapely.polygons(rings)), shapes, tolerance)


def _count_parts(places: Places, kind: str, shape: shapely.Geometry, shapes: Shapes, tolerance: Tolerance) -> None:
    """Each part of a shape that no feature fills, with the neighbour along which it is longest."""
    parts = np.array([p for p in shapely.get_parts(shape).tolist() if p.geom_type == "Polygon"], dtype=object)
    if not len(parts):
        return
    tree = shapely.STRtree(shapes)
    part, neighbour = tree.query(parts, predicate="intersects")
    beside: dict[int, int] = {}
    for i, j in zip(part.tolist(), neighbour.tolist(), strict=True):
        beside.setdefault(i, j)
    for i, one in enumerate(parts.tolist()):
        _count(places, kind, beside.get(i, -1), -1, one, tolerance)


def _outside(places: Places, shapes: Shapes, outline: shapely.Geometry, tolerance: Tolerance) -> None:
    shapely.prepare(outline)
    astray = np.flatnonzero(~shapely.covers(outline, shapes))
    beyond = shapely.difference(shapes[astray], outline)
    for i, shape in zip(astray.tolist(), beyond.tolist(), strict=True):
        _count(places, "outside", i, -1, shape, tolerance)


def _count(places: Places, kind: str, a: int, b: int, shape: shapely.Geometry, tolerance: Tolerance) -> None:
    """Keep a place that counts: its parts that are large and wide enough."""
    parts = [p for p in shapely.get_parts(shape).tolist() if p.geom_type == "Polygon" and p.area > 0]
    large = [p for p in parts if p.area > tolerance.area_m2 and mean_width(p) > tolerance.width_m]
    if not large:
        places.within_tolerance += bool(parts)
        return
    kept = shapely.multipolygons(large)
    places.found.append(Place(kind, a, b, float(kept.area), mean_width(kept), kept))


def mean_width(shape: shapely.Geometry) -> float:
    """Mean width of a narrow shape: its area by half of its perimeter."""
    return float(2 * shape.area / shape.length) if shape.length else 0.0
