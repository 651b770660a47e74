"""How surveyed parcels lie: among themselves, beside what the register holds, within the lines of planning.

Layers of lines are those of ``kernel.spatial`` whose slugs follow this convention, with the first six digits of the county:

- ``pbf-<county>``  永久基本农田 (kind red_line)
- ``erl-<county>``  生态保护红线 (kind red_line)
- ``udb-<county>``  城镇开发边界 (kind planning)
- ``plan-<county>`` 规划用途 (kind planning); the use stands in the attribute 规划用途, GHYT or use, else in the name

A layer that is not there, or is empty, judges nothing: a person does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from ronghe.kernel.spatial.models import Feature, Layer
from ronghe.kernel.spatial.rules import Box
from ronghe.kernel.spatial.topology import Told, Tolerance, overlaps, overlay, plane_of
from ronghe.policy.rulebook import Given

from ..models import SpatialUnitVersion
from ..queries.occupied import Spot, occupied
from ..rules.kinds import GroundKind, UnitKind
from ..rules.lines import LineFacts, lines
from ..rules.planned_uses import fits
from .findings import FAULT, NOTE, PERSON, Findings
from .outlines import KeptOutlines, Shapes

#: What lies twice under two surveys of one border within the accuracy of measuring.
TOLERANCE = Tolerance()
#: Parcels are looked at in the order of cells of so many degrees (about 1 km), so that a chunk lies together.
_CELL = 0.01
#: What lies outside by less is how the same border is drawn twice.
_WHOLE_M2 = 0.005
LAYERS = {"farmland_m2": "pbf", "ecology_m2": "erl", "boundary_m2": "udb", "planned_use": "plan"}
_LAYER_TITLES = {
    "farmland_m2": "永久基本农田", "ecology_m2": "生态保护红线", "boundary_m2": "城镇开发边界", "planned_use": "规划用途",
}  # fmt: skip
_USE_ATTRIBUTES = ("规划用途", "GHYT", "ghyt", "use", "用途")


def in_chunks(bounds: NDArray[np.float64], size: int) -> Iterator[NDArray[np.intp]]:
    """The numbers of all shapes with these bounds, those that lie together together; those without an outline come last."""
    with np.errstate(invalid="ignore"):
        cells = np.nan_to_num(np.floor(bounds[:, :2] / _CELL), nan=1e9)
    order = np.lexsort((bounds[:, 0], cells[:, 0], cells[:, 1]))
    for start in range(0, len(order), size):
        yield order[start : start + size]


def find_overlaps(outlines: KeptOutlines, findings: Findings, told: Told, *, size: int = 10_000) -> None:
    """Say which parcels of one file lie on one another."""
    for a, b, area in overlapping(outlines, told, size=size):
        for one, other in ((a, b), (b, a)):
            findings.add(
                one + 1, FAULT, "overlap_file", "图形", f"与本文件第 {other + 1} 宗重叠 {area:,.2f} m²",
                "核对两宗的共同界线，使界址点一致",
            )  # fmt: skip


def overlapping(outlines: KeptOutlines, told: Told, *, size: int = 10_000) -> list[tuple[int, int, float]]:
    """Pairs of one file (by number from 0) that lie on one another, with the area in m², the largest first: part by part
    with what lies about it, so that only a part of the file is ever in memory."""
    present = np.flatnonzero(~np.isnan(outlines.bounds[:, 0]))
    bounds = outlines.bounds[present]
    pairs: list[tuple[int, int, float]] = []
    for nth, order in enumerate(in_chunks(bounds, size)):
        mine = np.zeros(len(present), dtype=bool)
        mine[order] = True
        about = _about(bounds, order)
        near = outlines.take(present[about])
        flat = shapely.transform(near, plane_of(near).project)
        for place in overlaps(flat, tolerance=TOLERANCE).found:
            a, b = sorted((int(about[place.a]), int(about[place.b])))
            if mine[a]:  # a pair across two parts is told by that of the first
                pairs.append((int(present[a]), int(present[b]), place.area_m2))
        told("正在查找重叠", min(1.0, (nth + 1) * size / len(present)))
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


def _about(bounds: NDArray[np.float64], some: NDArray[np.intp]) -> NDArray[np.intp]:
    """Which of all boxes meet one of some of them."""
    west, south = bounds[some, :2].min(axis=0)
    east, north = bounds[some, 2:].max(axis=0)
    meets = (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    close = np.flatnonzero(meets)
    tree = shapely.STRtree(shapely.box(*bounds[some].T))
    hits: NDArray[np.intp] = tree.query(shapely.box(*bounds[close].T))[0]
    return close[np.unique(hits)]


def standing_ground(box: Box, *, kind: UnitKind, on: date, since: Any = None) -> tuple[Shapes, list[str]]:
    """What the register holds in a box that a parcel of this kind may not lie on, with its codes.

    Collective ownership lies under everything: it is compared with ownership alone. ``since``: only what was recorded
    from then on.
    """
    rows = SpatialUnitVersion.objects.current().as_of(on).filter(box__overlaps=box, spatial_unit__ended_on=None)
    rows = rows.exclude(spatial_unit__kind=GroundKind.BUILDING)
    of = {"spatial_unit__baunits__baunit__kind": UnitKind.OWNERSHIP}
    rows = rows.filter(**of) if kind is UnitKind.OWNERSHIP else rows.exclude(**of)
    if since is not None:
        rows = rows.filter(recorded__startswith__gte=since)
    found = list(rows.order_by().values_list("geometry", "spatial_unit__code"))
    shapes: Shapes = np.empty(len(found), dtype=object)
    shapes[:] = [shape for shape, _ in found]
    return shapes, [code for _, code in found]


def find_neighbours(
    chunk: NDArray[np.intp], shapes: Shapes, findings: Findings, *, kind: UnitKind, on: date, since: Any = None
) -> None:
    """Say which parcels of a chunk lie on what the register holds. Args: the numbers of a chunk, and its shapes."""
    for number, code, area in lying_on(chunk, shapes, kind=kind, on=on, since=since):
        findings.add(
            number + 1, FAULT, "overlap_register", "图形", f"与登记簿上的 {code} 重叠 {area:,.2f} m²",
            "核对界线；登记簿有错的，先办理更正登记",
        )  # fmt: skip


def find_occupied(
    chunk: NDArray[np.intp], codes: Sequence[str], shapes: Shapes, findings: Findings, spots: Sequence[Spot]
) -> None:
    """Say which parcels of a chunk lie where the list of illegal occupation has an open record.

    Args: the numbers of a chunk, the codes of its ground where the file gives them, and its shapes.
    Source: 淄博 二(二)2(2); 济南 三(一)1; 不动产登记暂行条例 第二十二条.
    """
    for place, spot in occupied(spots, codes, shapes):
        findings.add(
            int(chunk[place]) + 1, FAULT, "occupied", "图形", f"在违法占用台账 {spot.number}（{spot.place[:60]}）的位置上，处理完毕前不予登记",
            "先依法处理违法占用，台账办结后重新核对",
        )  # fmt: skip


def lying_on(
    chunk: NDArray[np.intp], shapes: Shapes, *, kind: UnitKind, on: date, since: Any = None
) -> Iterator[tuple[int, str, float]]:
    """Parcels of a chunk that lie on what the register holds: the number from 0, the code there, and the area in m²."""
    mine, shapes = _present(chunk, shapes)
    if not len(mine):
        return
    box = Box(*shapely.total_bounds(shapes).tolist())
    others, codes = standing_ground(box, kind=kind, on=on, since=since)
    if not len(others):
        return
    plane = plane_of(shapes)
    ours = shapely.transform(shapes, plane.project)
    theirs = shapely.transform(others, plane.project)
    for place in overlay(ours, theirs, tolerance=TOLERANCE).found:
        yield int(mine[place.a]), codes[place.b], place.area_m2


def _present(chunk: NDArray[np.intp], shapes: Shapes) -> tuple[NDArray[np.intp], Shapes]:
    """Those that have an outline."""
    here = ~shapely.is_missing(shapes)
    return chunk[here], shapes[here]


@dataclass(frozen=True, slots=True)
class Lines:
    """The layers of a county that judge parcels, by the fact that they give; those that are not there are absent."""

    layers: Mapping[str, int]
    kind: UnitKind
    given: Given

    @property
    def missing(self) -> list[str]:
        """What no layer says."""
        needed = [one for one in LAYERS if not (one == "planned_use" and self.kind is UnitKind.OWNERSHIP)]
        return [_LAYER_TITLES[one] for one in needed if one not in self.layers]


def lines_of(division: str, kind: UnitKind, given: Given) -> Lines:
    """The layers of lines of a division's county."""
    slugs = {f"{prefix}-{division[:6]}": name for name, prefix in LAYERS.items()}
    found = Layer.objects.filter(slug__in=slugs, feature_count__gt=0).values_list("slug", "pk")
    return Lines({slugs[slug]: pk for slug, pk in found}, kind, given)


def judge_lines(chunk: NDArray[np.intp], shapes: Shapes, findings: Findings, by: Lines) -> None:
    """What the layers of lines say of the parcels of a chunk. Args: the numbers of a chunk, and its shapes."""
    mine, shapes = _present(chunk, shapes)
    if not len(mine) or not by.layers:
        return
    box = Box(*shapely.total_bounds(shapes).tolist())
    plane = plane_of(shapes)
    flat = shapely.transform(shapes, plane.project)
    areas = shapely.area(flat)
    inside = {
        name: _inside(flat, areas, layer, box, plane) for name, layer in by.layers.items() if name != "planned_use"
    }
    planned = by.layers.get("planned_use")
    uses = None if planned is None else _planned(flat, areas, planned, box, plane, by.kind)
    nothing = np.zeros(len(mine))
    farmland, ecology, boundary = (
        np.round(inside.get(name, nothing), 2) for name in ("farmland_m2", "ecology_m2", "boundary_m2")
    )
    within = (boundary > 0).tolist()
    whole = (boundary == 0) | (boundary == np.round(areas, 2))
    plain = ((farmland == 0) & (ecology == 0) & whole).tolist()
    fitted = [False] * len(mine) if uses is None else (areas - uses.fitting < _WHOLE_M2).tolist()
    clear: dict[tuple[bool, bool], bool] = {}
    for k, number in enumerate((mine + 1).tolist()):
        # What touches no line and lies wholly in uses that fit is all alike: it is judged once.
        alike, key = plain[k] and (uses is None or fitted[k]), (fitted[k], within[k])
        if alike and clear.get(key):
            continue
        said = _say(number, _facts(k, by, areas, inside, uses), by, findings)
        if alike:
            clear[key] = not said


def facts_of(shape: shapely.Geometry, by: Lines) -> LineFacts:
    """What the layers say of one parcel, in the facts of the rule."""
    shapes: Shapes = np.empty(1, dtype=object)
    shapes[0] = shape
    box, plane = Box(*shapely.bounds(shape).tolist()), plane_of(shapes)
    flat = shapely.transform(shapes, plane.project)
    areas = shapely.area(flat)
    inside = {
        name: _inside(flat, areas, layer, box, plane) for name, layer in by.layers.items() if name != "planned_use"
    }
    planned = by.layers.get("planned_use")
    uses = None if planned is None else _planned(flat, areas, planned, box, plane, by.kind)
    return _facts(0, by, areas, inside, uses)


def _parts(
    flat: Shapes, areas: NDArray[np.float64], layer: int, box: Box, plane: Any
) -> Iterator[tuple[str, NDArray[np.intp], NDArray[np.float64], NDArray[np.bool_], Shapes]]:
    """Feature by feature of a layer its use (else its name), the shapes that it meets, the area of each inside it, whether
    it covers each, and the pieces of those that it does not cover."""
    rows = list(
        Feature.objects.filter(layer=layer, box__overlaps=box)
        .order_by("pk")
        .values_list("geometry", "name", "attributes")
    )
    tree = shapely.STRtree(flat)
    for geometry, name, attributes in rows:
        outline = shapely.transform(geometry, plane.project)
        shapely.prepare(outline)
        hits = tree.query(outline, predicate="intersects")
        if not len(hits):
            continue
        covered = shapely.covers(outline, flat[hits])
        pieces = shapely.intersection(outline, flat[hits[~covered]])
        part = areas[hits].copy()
        part[~covered] = shapely.area(pieces)
        use = next((str(attributes[key]) for key in _USE_ATTRIBUTES if attributes.get(key)), name)
        yield use, hits, part, covered, pieces


def _inside(flat: Shapes, areas: NDArray[np.float64], layer: int, box: Box, plane: Any) -> NDArray[np.float64]:
    """Of each shape the area inside a layer."""
    total = np.zeros(len(flat))
    for _, hits, part, _, _ in _parts(flat, areas, layer, box, plane):
        total[hits] += part
    return np.minimum(total, areas)


@dataclass(frozen=True, slots=True)
class _Planned:
    """What is planned on each shape: the area of each use by its name, and the area in uses that fit, in m²."""

    uses: list[dict[str, float]]
    fitting: NDArray[np.float64]


def _planned(flat: Shapes, areas: NDArray[np.float64], layer: int, box: Box, plane: Any, kind: UnitKind) -> _Planned:
    """The planned uses of shapes. Where features of uses that fit lie on one another, their ground counts once."""
    uses: list[dict[str, float]] = [{} for _ in flat]
    fitting = np.zeros(len(flat))
    pieces_of: dict[int, list[Any]] = {}
    for use, hits, part, covered, pieces in _parts(flat, areas, layer, box, plane):
        for i, own in zip(hits.tolist(), part.tolist(), strict=True):
            if own > 0:
                uses[i][use] = uses[i].get(use, 0.0) + own
        if fits(use, kind.title):
            fitting[hits] = np.maximum(fitting[hits], part)
            for i, piece in zip(hits[~covered].tolist(), pieces, strict=True):
                pieces_of.setdefault(i, []).append(piece)
    for i, found in pieces_of.items():
        if len(found) > 1 and fitting[i] < areas[i]:
            fitting[i] = shapely.area(shapely.union_all(found))
    return _Planned(uses, np.minimum(fitting, areas))


def _facts(
    k: int,
    by: Lines,
    areas: NDArray[np.float64],
    inside: Mapping[str, NDArray[np.float64]],
    planned: _Planned | None,
) -> LineFacts:
    def of(name: str) -> Fraction | None:
        return _hundredths(inside[name][k]) if name in inside else None

    uses = [] if planned is None else sorted(planned.uses[k].items(), key=lambda one: (-one[1], one[0]))
    return LineFacts(
        kind=by.kind.title,
        area_m2=_hundredths(areas[k]),
        farmland_m2=of("farmland_m2"),
        ecology_m2=of("ecology_m2"),
        boundary_m2=of("boundary_m2"),
        planned_use=None if planned is None else uses[0][0] if uses else "",
        fitting_m2=None if planned is None else _hundredths(planned.fitting[k]),
        planned_told="、".join(f"“{use[:30]}” {own:,.2f} m²（{100 * own / areas[k]:.1f} %）" for use, own in uses[:5]),
    )


def _hundredths(area_m2: float) -> Fraction:
    return Fraction(round(float(area_m2) * 100), 100)


def _say(number: int, facts: LineFacts, by: Lines, findings: Findings) -> bool:
    """Say what the rule finds; whether there was anything. What no layer says is said once for the file, not here."""
    said = False
    for step in lines(facts, by.given).steps:
        if step.ok is False:
            findings.add(number, FAULT, "lines", "图形", step.finding, "调整范围；确有依据的，先依法办理用地审批")
        elif step.ok is None and not any(getattr(facts, name) is None for name in step.missing):
            findings.add(number, PERSON, "lines", "图形", step.finding, "核对规划后写明判定理由")
        elif step.ok and step.finding.startswith("压"):
            findings.add(number, NOTE, "lines", "图形", step.finding)
        else:
            continue
        said = True
    return said
