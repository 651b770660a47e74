"""给出的图形: an outline as a person pastes or uploads it: GeoJSON, WKT, or a list of boundary points. Pure."""

import json
import re
from typing import Any

import shapely
from shapely.errors import ShapelyError

from ronghe.kernel.spatial.crs import to_cgcs2000
from ronghe.kernel.spatial.rules import BadOutline, Crs, converted

#: Characters of a text, and corners of an outline, that are looked at.
MOST_CHARACTERS, MOST_CORNERS = 500_000, 20_000
_NUMBER = r"-?\d+(?:\.\d+)?"
#: A point stands on a line of its own, or between semicolons; its number may stand before it ("J1 117.81 37.17").
_POINT = re.compile(rf"(?:[A-Za-z一-龥]+\d*[\s,，:：]+)?({_NUMBER})[\s,，]+({_NUMBER})")


def read_outline(text: str, *, crs: str = "EPSG:4490") -> shapely.MultiPolygon:
    """An outline in CGCS2000. Several polygons are one outline together.

    Raises: BadOutline for what is none, crosses itself, or does not lie in China by the coordinate system that is stated.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadOutline(f"超过 {MOST_CHARACTERS:,} 个字符；整批的图形请用权籍调查导入")
    drawn = _drawn(text.strip())
    if drawn.is_empty or shapely.get_num_coordinates(drawn) > MOST_CORNERS:
        raise BadOutline("没有面" if drawn.is_empty else f"界址点超过 {MOST_CORNERS:,} 个")
    try:
        turned = shapely.transform(shapely.force_2d(drawn), to_cgcs2000(crs))
    except ValueError as error:
        raise BadOutline("坐标不能按所选的坐标系换算") from error
    found = converted(shapely.geometry.mapping(turned), Crs.CGCS2000)
    if found.repair is not None:
        raise BadOutline("图形自相交，面积不能确定；请改正界址点的次序")
    return found.geometry


def _drawn(text: str) -> Any:
    if not text:
        raise BadOutline("没有内容")
    if text.startswith("{"):
        return _whole(_of_geojson(text))
    if re.match(r"(SRID=\d+;\s*)?(MULTI)?POLYGON", text, re.IGNORECASE):
        try:
            return shapely.from_wkt(text.partition(";")[2] if text.upper().startswith("SRID") else text)
        except ShapelyError as error:
            raise BadOutline("WKT 写得不对，请检查括号和坐标是否成对") from error
    corners = [tuple(map(float, found.groups())) for found in map(_POINT.fullmatch, _lines(text)) if found]
    if len(corners) < len(_lines(text)):
        raise BadOutline("界址点每行写一个：经度,纬度（或 横坐标,纵坐标）；前面可以有点号")
    if len(set(corners)) < 3:
        raise BadOutline("界址点至少要三个")
    return shapely.Polygon(corners)


def _lines(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"[\n;；]", text) if one.strip()]


def _of_geojson(text: str) -> list[Any]:
    """The polygons of a geometry, a feature or a collection."""
    try:
        told = json.loads(text)
        features = told.get("features") if told.get("type") == "FeatureCollection" else [told]
        shapes = [one["geometry"] if one.get("type") == "Feature" else one for one in features]
        return [shapely.geometry.shape(one) for one in shapes]
    except (ValueError, RecursionError, TypeError, KeyError, IndexError, AttributeError, ShapelyError) as error:
        raise BadOutline("不是有效的 GeoJSON") from error


def _whole(shapes: list[Any]) -> Any:
    if not shapes or any(one.geom_type not in ("Polygon", "MultiPolygon") for one in shapes):
        raise BadOutline("不是面（Polygon 或 MultiPolygon），或者是空的")
    try:
        return shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)
    except ShapelyError as error:
        raise BadOutline("几个面合不起来，请检查是否自相交") from error
