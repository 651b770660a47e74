"""Pure check of a file's features before any is written: what was mended, what is doubtful, what cannot be taken.

Works on arrays: a file of a hundred thousand parcels is checked in seconds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from .rules import CGCS2000_ELLIPSOID, CHINA

Shapes = NDArray[np.object_]
Points = NDArray[np.float64]

#: One feature of more points would make every tile slow.
MOST_POINTS_OF_ONE = 200_000
#: So many features are read and checked at a time.
BLOCK = 10_000
#: No feature of a zone is larger than its largest prefecture-level city.
LARGEST_M2 = 100_000e6
LONGEST_CODE, LONGEST_NAME = 40, 80
_POLYGON, _MULTIPOLYGON, _LINE = 3, 6, 1


class Level(StrEnum):
    """程度: mended by the platform, doubtful, or a fault that keeps the whole file out."""

    MENDED = "mended"
    DOUBTFUL = "doubtful"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Remark:
    """逐个说明: what was found of the feature with this number in the file, from 1."""

    number: int
    level: Level
    kind: str
    text: str


#: What kinds of remarks are called in the summary.
KINDS = {
    "empty": "没有图形",
    "broken": "图形数据损坏",
    "not_polygon": "不是面",
    "outside_china": "坐标不在中国范围内",
    "outside": "不在本区划范围内",
    "partly_outside": "部分超出本区划范围",
    "crossing": "自相交，已修复",
    "no_area": "修复后没有面积",
    "unclosed": "边线没有闭合，已闭合",
    "repeated": "重复点，已去掉",
    "line_as_area": "闭合线，已作为面",
    "skipped": "不是闭合线或面，没有读取",
    "too_large": "面积过大",
    "too_many_points": "坐标点过多",
    "code_missing": "没有代码",
    "code_long": "代码过长",
    "code_twice": "代码重复",
    "name_long": "名称过长，已截短",
    "field_unknown": "图层没有这个字段，没有读取",
    "value_wrong": "属性值与字段类型不符",
}


class Block(NamedTuple):
    """Some geometries of a file as they stand, those that could not be parsed, and those whose rings were closed for it."""

    shapes: Shapes
    broken: NDArray[np.bool_]
    unclosed: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Outlines:
    """核对后的图形: valid MultiPolygons in CGCS2000 (``None`` where a fault left none), their areas, what was mended
    of each, and as they were given, in CGCS2000, for the marked copy."""

    shapes: Shapes
    areas_m2: NDArray[np.float64]
    mended: Sequence[str]
    given: Shapes
    skipped: NDArray[np.bool_]
    remarks: Sequence[Remark]


_NOTHING = Outlines(
    np.array([], dtype=object), np.array([]), (), np.array([], dtype=object), np.array([], dtype=bool), ()
)


def check_outlines(blocks: Iterable[Block], **how: Any) -> Outlines:
    """Check and mend the geometries of a file, and keep them all; see ``check_blocks``."""
    done = list(check_blocks(blocks, **how)) or [_NOTHING]
    return Outlines(
        np.concatenate([one.shapes for one in done]), np.concatenate([one.areas_m2 for one in done]),
        [told for one in done for told in one.mended], np.concatenate([one.given for one in done]),
        np.concatenate([one.skipped for one in done]), [remark for one in done for remark in one.remarks],
    )  # fmt: skip


def check_blocks(
    blocks: Iterable[Block],
    *,
    way: Callable[[Points], Points],
    within: BaseGeometry | None = None,
    outside_is_fault: bool = True,
    lines_as_areas: bool = False,
) -> Iterator[Outlines]:
    """Check and mend the geometries of a file block by block: each step makes its shapes anew, and a whole file of them
    several times over would fill the memory. Remarks are numbered through.

    Args: ``way`` leads from the file's coordinates to CGCS2000; ``within`` is the outline that features must lie in, with
    room around; ``lines_as_areas`` takes closed lines for areas and leaves out what is neither, as drawings (DXF) need.
    """
    before = 0
    for block in blocks:
        done = _checked(block.shapes, block.broken, block.unclosed, way, within, outside_is_fault, lines_as_areas)
        yield replace(done, remarks=[replace(one, number=one.number + before) for one in done.remarks])
        before += len(block.shapes)


def _checked(
    shapes: Shapes,
    broken: NDArray[np.bool_],
    unclosed: NDArray[np.bool_],
    way: Callable[[Points], Points],
    within: BaseGeometry | None,
    outside_is_fault: bool,
    lines_as_areas: bool,
) -> Outlines:
    """One block; its ``shapes`` are used up."""
    notes = _Notes(len(shapes))
    _take_areas(shapes, broken, lines_as_areas, notes)
    notes.mend(unclosed & notes.good, "unclosed", "边线首尾没有相接，已闭合")
    _convert(shapes, way, notes)
    converted = shapes.copy()
    _mend(shapes, notes)
    areas = areas_m2(shapes)
    notes.fault(notes.good & (areas <= 0), "no_area", "没有面积")
    huge = notes.good & (areas > LARGEST_M2)
    notes.fault(huge, "too_large", f"面积超过 {LARGEST_M2 / 1e6:,.0f} 平方公里，请核对坐标系")
    many = notes.good & (shapely.get_num_coordinates(shapes) > MOST_POINTS_OF_ONE)
    notes.fault(many, "too_many_points", f"一个要素的坐标点超过 {MOST_POINTS_OF_ONE:,} 个，请简化或分开")
    if within is not None:
        _stay_within(shapes, within, outside_is_fault, notes)
    shapes[~notes.good] = None
    # What was not mended is kept once: outlines are most of what a large file takes of the memory.
    same = notes.good & np.array([not told for told in notes.mended], dtype=bool)
    converted[same] = shapes[same]
    return Outlines(
        shapes, areas, notes.mended, converted, notes.skipped, sorted(notes.remarks, key=lambda r: r.number)
    )


class _Notes:
    """What is said of each feature while the check goes on; ``good`` are those that still can be taken."""

    def __init__(self, number: int) -> None:
        self.good = np.ones(number, dtype=bool)
        self.skipped = np.zeros(number, dtype=bool)
        self.mended = [""] * number
        self.remarks: list[Remark] = []

    def fault(self, which: NDArray[np.bool_], kind: str, text: str) -> None:
        for i in np.flatnonzero(which).tolist():
            self.remarks.append(Remark(i + 1, Level.FAULT, kind, text))
        self.good &= ~which

    def doubt(self, which: NDArray[np.bool_], kind: str, text: str) -> None:
        for i in np.flatnonzero(which).tolist():
            self.remarks.append(Remark(i + 1, Level.DOUBTFUL, kind, text))

    def mend(self, which: NDArray[np.bool_], kind: str, text: str | Callable[[int], str]) -> None:
        for i in np.flatnonzero(which).tolist():
            said = text if isinstance(text, str) else text(i)
            self.remarks.append(Remark(i + 1, Level.MENDED, kind, said))
            self.mended[i] = "；".join(filter(None, (self.mended[i], said)))[:200]


def _take_areas(shapes: Shapes, broken: NDArray[np.bool_], lines_as_areas: bool, notes: _Notes) -> None:
    notes.fault(broken, "broken", "图形数据损坏，读不出来")
    missing = notes.good & (shapely.is_missing(shapes) | shapely.is_empty(shapes))
    notes.fault(missing, "empty", "没有图形")
    kinds = shapely.get_type_id(shapes)
    if lines_as_areas:
        closed = notes.good & (kinds == _LINE) & shapely.is_closed(shapes) & (shapely.get_num_points(shapes) >= 4)
        if closed.any():
            shapes[closed] = shapely.polygons(shapely.linearrings([shapely.get_coordinates(s) for s in shapes[closed]]))
        notes.mend(closed, "line_as_area", "闭合线已作为面")
        kinds = shapely.get_type_id(shapes)
        other = notes.good & ~np.isin(kinds, (_POLYGON, _MULTIPOLYGON))
        notes.doubt(other, "skipped", "不是闭合线或面，没有读取")
        notes.skipped |= other
        notes.good &= ~other
    notes.fault(
        notes.good & ~np.isin(kinds, (_POLYGON, _MULTIPOLYGON)), "not_polygon", "不是面（Polygon 或 MultiPolygon）"
    )
    shapes[~notes.good] = None


def _convert(shapes: Shapes, way: Callable[[Points], Points], notes: _Notes) -> None:
    here = notes.good
    if not here.any():
        return
    shapes[here] = shapely.transform(shapes[here], way)
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        inside = (
            (bounds[:, 0] >= CHINA.west) & (bounds[:, 2] <= CHINA.east)
            & (bounds[:, 1] >= CHINA.south) & (bounds[:, 3] <= CHINA.north)
        )  # fmt: skip
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    odd = np.zeros(len(shapes), dtype=bool)
    odd[owner[~np.isfinite(points).all(axis=1)]] = True
    notes.fault(here & (~inside | odd), "outside_china", "坐标不在中国范围内，请核对坐标系和坐标先后")
    shapes[~notes.good] = None


def _mend(shapes: Shapes, notes: _Notes) -> None:
    """Repeated points go, self-crossing rings are rebuilt; every shape becomes a MultiPolygon, outer rings
    counter-clockwise."""
    plain = shapely.remove_repeated_points(shapes, 0.0)
    lost = shapely.get_num_coordinates(shapes) - shapely.get_num_coordinates(plain)
    notes.mend(notes.good & (lost > 0), "repeated", lambda i: f"去掉 {lost[i]} 个重复点")
    shapes[:] = plain
    crossed = notes.good & ~shapely.is_valid(shapes)
    lost_all = np.zeros(len(shapes), dtype=bool)
    texts: dict[int, str] = {}
    for i in np.flatnonzero(crossed).tolist():
        before = shapes[i]
        mended = shapely.make_valid(before, method="structure", keep_collapsed=False)
        parts = [p for g in shapely.get_parts(mended).tolist() for p in shapely.get_parts(g).tolist()]
        faces = [p for p in parts if p.geom_type == "Polygon" and p.area > 0]
        if not faces:
            lost_all[i], shapes[i] = True, None
            continue
        shapes[i] = shapely.multipolygons(faces)
        change = abs(area_of(shapes[i])) - abs(area_of(before))
        why = shapely.is_valid_reason(before).split("[")[0]
        said = {"Self-intersection": "边线自相交", "Ring Self-intersection": "环自相交"}.get(why, f"图形无效（{why}）")
        texts[i] = f"{said}，已修复，面积变化 {change:+,.2f} m²"
    notes.fault(lost_all, "no_area", "自相交，修复后没有面积")
    notes.mend(crossed & notes.good, "crossing", texts.__getitem__)
    single = shapely.get_type_id(shapes) == _POLYGON
    if single.any():
        shapes[single] = shapely.multipolygons(shapes[single], indices=np.arange(int(single.sum())))
    shapes[:] = shapely.orient_polygons(shapes, exterior_cw=False)


def _stay_within(shapes: Shapes, within: BaseGeometry, outside_is_fault: bool, notes: _Notes) -> None:
    shapely.prepare(within)
    covered = shapely.covers(within, shapes)
    apart = notes.good & ~covered & ~shapely.intersects(within, shapes)
    partly = notes.good & ~covered & ~apart
    say = notes.fault if outside_is_fault else notes.doubt
    say(apart, "outside", "不在本区划的范围内（可能在海里或外地），请核对坐标系")
    notes.doubt(partly, "partly_outside", "有一部分超出本区划的范围")


def areas_m2(shapes: Shapes) -> NDArray[np.float64]:
    """Areas on the ellipsoid of CGCS2000, edges as geodesics; 0 where there is no shape.

    Outer rings run counter-clockwise and inner ones clockwise: each ring's signed area adds to its shape's.
    """
    areas = np.zeros(len(shapes))
    present = np.flatnonzero(~shapely.is_missing(shapes))
    if not len(present):
        return areas
    parts, part_of = shapely.get_parts(shapes[present], return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    points, point_of = shapely.get_coordinates(rings, return_index=True)
    cuts = np.searchsorted(point_of, np.arange(len(rings) + 1)).tolist()
    lon, lat = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    measure = CGCS2000_ELLIPSOID.polygon_area_perimeter
    signed = [measure(lon[a : b - 1], lat[a : b - 1])[0] for a, b in pairwise(cuts)]
    np.add.at(areas, present[part_of[ring_of]], signed)
    return areas


def area_of(shape: BaseGeometry) -> float:
    """Area on the ellipsoid of one shape as its rings run."""
    return float(CGCS2000_ELLIPSOID.geometry_area_perimeter(shape)[0])


@dataclass(frozen=True, slots=True)
class Told:
    """核对后的属性: code, name and attributes of each feature, and what was found of them."""

    codes: Sequence[str]
    names: Sequence[str]
    attributes: Sequence[dict[str, Any]]
    remarks: Sequence[Remark]


CODE_FIELDS = ("code", "代码", "编码", "编号", "标识码", "bsm", "dkbm", "zddm", "bdcdyh", "xzqdm", "id", "entityhandle")
NAME_FIELDS = ("name", "名称", "mc", "dkmc", "xzqmc", "zldwmc", "qsdwmc", "text", "layer")


def field_like(fields: Sequence[str], known: Sequence[str]) -> str:
    """The field of a file that is called like one of ``known``; empty when none is."""
    by_name = {field.lower(): field for field in fields}
    return next((by_name[name] for name in known if name in by_name), "")


def check_told(
    columns: Sequence[Sequence[Any]],
    fields: Sequence[str],
    *,
    number: int,
    code_field: str,
    name_field: str,
    schema: Sequence[dict[str, str]],
    skipped: NDArray[np.bool_],
) -> Told:
    """Check codes, names and attributes. Without a ``code_field`` features are numbered as they stand in the file.

    Args: ``schema`` are the attributes of the layer; a field that it does not have is left out, and said.
    """
    remarks = list[Remark]()
    by_field = dict(zip(fields, columns, strict=True))
    given = by_field.get(code_field)
    codes = [str(i + 1) for i in range(number)] if given is None else [_text(value) for value in given]
    named = by_field.get(name_field)
    names = ["" if named is None else _text(named[i]) for i in range(number)]
    first: dict[str, int] = {}
    for i, code in enumerate(codes):
        if skipped[i]:
            continue
        if not code:
            remarks.append(Remark(i + 1, Level.FAULT, "code_missing", f"字段“{code_field}”是空的，没有代码"))
        elif len(code) > LONGEST_CODE:
            remarks.append(Remark(i + 1, Level.FAULT, "code_long", f"代码“{code[:50]}”超过 {LONGEST_CODE} 个字符"))
        elif first.setdefault(code, i) != i:
            text = f"代码“{code}”和第 {first[code] + 1} 个要素相同"
            remarks.append(Remark(i + 1, Level.FAULT, "code_twice", text))
        if len(names[i]) > LONGEST_NAME:
            remarks.append(Remark(i + 1, Level.DOUBTFUL, "name_long", f"名称超过 {LONGEST_NAME} 个字符，已截短"))
            names[i] = names[i][:LONGEST_NAME]
    kept = [one for one in schema if one["name"] in by_field]
    attributes = [dict[str, Any]() for _ in range(number)]
    for one in kept:
        is_number = one["type"] == "number"
        for i, value in enumerate(by_field[one["name"]]):
            if value is None or skipped[i]:
                continue
            read = _number(value) if is_number else _text(value)
            if read is None:
                text = f"“{one['label']}”应当是数，写的是“{str(value)[:40]}”"
                remarks.append(Remark(i + 1, Level.FAULT, "value_wrong", text))
            else:
                attributes[i][one["name"]] = read
    names = [name or code for name, code in zip(names, codes, strict=True)]
    return Told(codes, names, attributes, sorted(remarks, key=lambda r: r.number))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        return None
