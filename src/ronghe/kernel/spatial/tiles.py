"""Vector tiles (Mapbox Vector Tile 2.1) of a layer, cut from its features in Web Mercator."""

import gzip
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import shapely
from django.db import connection, transaction
from django.db.models import BinaryField, Q, QuerySet
from django.db.models.functions import Cast
from numpy.typing import NDArray

from . import mvt
from .content import CONTENTS
from .fields import Side, written
from .models import Feature, Layer, Tile
from .rules import Box

#: The deepest zoom that is cut; maps enlarge it beyond. A unit of it is 0.15 m wide: a homestead keeps its corners.
DEEPEST = 16
#: Units along the side of a tile, and how many more are cut on every side so that lines join without seams.
EXTENT, BUFFER = 4096, 128
#: How far a line may be from the true one, in units: a quarter of a pixel of a 512-pixel tile.
TOLERANCE = 2.0
#: How far around a tile features are fetched, in tiles, so that neighbouring tiles simplify common lines alike.
MARGIN = 0.5
#: The most features that a tile draws one by one; where there are more, those smaller than ``SMALL_PIXELS`` (of a tile
#: of 512) become cells, ``CELLS`` along the side of the tile.
MOST_SHAPES, SMALL_PIXELS, CELLS = 4000, 6, 128
#: From how many features on a tile is kept in the database: others are cut again in a few milliseconds.
KEPT_FROM = 200
#: More places of change than this are taken as one.
MOST_BOXES = 1000


class Address(NamedTuple):
    """瓦片编号: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        return 0 <= self.z <= DEEPEST and 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z


def mercator(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes and latitudes in degrees as Web Mercator, 0 to 1 from west to east and from north to south.

    CGCS2000 is taken as WGS-84, as every web map does: the difference is less than half a metre.
    """
    x = points[:, 0] / 360 + 0.5
    y = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(points[:, 1]) / 2)) / (2 * np.pi)
    return np.column_stack((x, y))


def box_of(address: Address, margin: float = 0.0) -> Box:
    """The box of a tile in degrees, widened by ``margin`` tiles on every side."""
    side = 0.5**address.z
    west, east = ((address.x + dx) * side * 360 - 180 for dx in (-margin, 1 + margin))
    # The tile system ends at 85.0511°; beyond it there is nothing to fetch.
    south, north = (
        float(np.degrees(2 * np.arctan(np.exp((0.5 - min(max((address.y + dy) * side, 0.0), 1.0)) * 2 * np.pi))) - 90)
        for dy in (1 + margin, -margin)
    )
    return Box(west, south, east, north)


@lru_cache(maxsize=512)
def tile(layer_id: int, layer_slug: str, version: int, digest: str, address: Address, content: str = "") -> bytes:
    """The tile as gzipped bytes, empty when nothing lies in it.

    Kept in this process by version and digest of the layer. A tile of many features is also kept in the database,
    until a feature changes where it was cut from: ``forget``. Args: ``content`` is the layer's.
    """
    where = {"layer_id": layer_id, "z": address.z, "x": address.x, "y": address.y}
    kept = Tile.objects.filter(**where).values_list("content", flat=True).first()
    if kept is not None:
        return bytes(kept)
    cut, number = _cut(features_of(layer_id, layer_slug, content), layer_slug, address)
    if not cut:
        return b""
    packed = gzip.compress(cut, 5, mtime=0)
    if number >= KEPT_FROM:
        _keep(layer_id, version, address, packed)
    return packed


def forget(layer: Layer, boxes: Collection[Box]) -> None:
    """Drop the kept tiles of a layer that were cut from where something changes. Called with the layer locked."""
    if not boxes:
        return
    if len(boxes) > MOST_BOXES:
        wests, souths, easts, norths = zip(*boxes, strict=True)
        boxes = [Box(min(wests), min(souths), max(easts), max(norths))]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM spatial_tile t USING unnest(%s::text[]) AS b WHERE t.layer_id = %s AND t.box && b::box",
            [[written(box) for box in boxes], layer.pk],
        )


def _keep(layer_id: int, version: int, address: Address, content: bytes) -> None:
    """Keep a tile, unless the layer has changed since it was read, or is being changed: then nobody would drop it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO spatial_tile (layer_id, z, x, y, box, content) "
            "SELECT id, %s, %s, %s, %s::box, %s FROM spatial_layer WHERE id = %s AND version = %s "
            "FOR SHARE SKIP LOCKED ON CONFLICT DO NOTHING",
            [*address, written(box_of(address, MARGIN)), content, layer_id, version],
        )


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a layer, wherever they stand: to be drawn one by one, and to be counted by their boxes."""

    rows: Callable[[], "QuerySet[Any]"]
    boxes: Callable[[], "QuerySet[Any]"]
    more: tuple[str, ...] = ()


def features_of(layer_id: int, layer_slug: str, content: str) -> Features:
    """Where the features of a layer stand. The caller has asked whether the layer may be seen."""
    if content:
        source = CONTENTS[content]
        return Features(lambda: source.rows(layer_slug), lambda: source.boxes(layer_slug), source.more)
    own = Feature.objects.filter(layer_id=layer_id)
    return Features(own.all, own.all)


def _cut(of: Features, layer_slug: str, address: Address) -> tuple[bytes, int]:
    """The tile's content, and of how many features it was cut."""
    columns = ("code", "name", "area_m2", *of.more, "wkb")
    around = of.rows().filter(box__overlaps=box_of(address, MARGIN))
    rows = list(_raw(around)[: MOST_SHAPES + 1].values_list(*columns))
    number, cells = len(rows), list[tuple[Box, int]]()
    if number > MOST_SHAPES:
        # Too many to draw one by one: what would be a few pixels large is told as cells with a count.
        box = box_of(address)
        least = (box.east - box.west) * SMALL_PIXELS / 512
        rows = list(_raw(_larger(around, least)).values_list(*columns))
        cells = cells_of(of, box, least, CELLS)
        number += len(rows)
    shapes = shapely.from_wkb([bytes(row[-1]) for row in rows]) if rows else np.array([], dtype=object)
    told: list[dict[str, mvt.Value]] = [
        {"code": row[0], "name": row[1], "area_m2": float(row[2]), **dict(zip(of.more, row[3:-1], strict=True))}
        for row in rows
    ]
    return _encoded(layer_slug, address, shapes, told, cells), number


def _raw(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Features in order, their WKB as it stands in the table: all are parsed at once."""
    raw: QuerySet[Any] = rows.annotate(wkb=Cast("geometry", BinaryField())).order_by("code")
    return raw


def _larger(rows: "QuerySet[Any]", least: float) -> "QuerySet[Any]":
    sized = rows.annotate(wide=Side("box", function="width"), high=Side("box", function="height"))
    large: QuerySet[Any] = sized.filter(Q(wide__gte=least) | Q(high__gte=least))
    return large


def _encoded(
    slug: str, address: Address, shapes: Any, told: list[dict[str, mvt.Value]], cells: list[tuple[Box, int]]
) -> bytes:
    side = EXTENT * 2**address.z
    corner = np.array((address.x * EXTENT, address.y * EXTENT), dtype=np.float64)

    def to_units(points: NDArray[np.float64]) -> Any:
        return mercator(points) * side - corner

    pieces = _pieces(shapely.transform(shapes, to_units)) if len(shapes) else shapes
    squares = shapely.transform(np.array([shapely.box(*box) for box, _ in cells], dtype=object), to_units)
    told = told + [{"count": count} for _, count in cells]
    whole = shapely.set_precision(np.concatenate((pieces, squares)), 1.0)
    shown = ~(shapely.is_empty(whole) | shapely.is_missing(whole))
    return mvt.encode(slug, whole[shown], [one for one, here in zip(told, shown, strict=True) if here], extent=EXTENT)


def _pieces(units: Any) -> Any:
    """What of each shape lies in the window of the tile, common lines of neighbours simplified alike."""
    simple = shapely.coverage_simplify(units, TOLERANCE)
    low, high = -BUFFER, EXTENT + BUFFER
    bounds = shapely.bounds(simple)
    crossing = (bounds[:, :2] < low).any(axis=1) | (bounds[:, 2:] > high).any(axis=1)
    pieces = simple.copy()
    pieces[crossing] = shapely.intersection(simple[crossing], shapely.box(low, low, high, high))
    mixed = ~np.isin(shapely.get_type_id(pieces), (3, 6))
    pieces[mixed] = [_polygons(piece) for piece in pieces[mixed]]
    return pieces


def cells_of(of: Features, box: Box, least: float, number: int) -> list[tuple[Box, int]]:
    """Squares of a box, ``number`` along its side, in which features smaller than ``least`` degrees lie, with how many:
    a picture of a place seen from afar. The caller has asked whether the layer may be seen."""
    wide, high = (box.east - box.west) / number, (box.north - box.south) / number
    here, given = of.boxes().filter(box__overlaps=box).order_by().values("box").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT floor(((b[0])[0] + (b[1])[0] - 2 * %s) / (2 * %s))::int AS i,"
            f" floor(((b[0])[1] + (b[1])[1] - 2 * %s) / (2 * %s))::int AS j, count(*) FROM ({here}) AS of_layer (b) "
            "WHERE width(b) < %s AND height(b) < %s GROUP BY 1, 2",
            [box.west, wide, box.south, high, *given, least, least],
        )
        rows = [row for row in cursor.fetchall() if 0 <= row[0] < number and 0 <= row[1] < number]
    west, south = box.west, box.south
    return [
        (Box(west + i * wide, south + j * high, west + (i + 1) * wide, south + (j + 1) * high), count)
        for i, j, count in rows
    ]


def _polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    """The parts with an area: a cut may leave lines and points along the window."""
    return shapely.multipolygons([p for p in shapely.get_parts(geometry).tolist() if p.geom_type == "Polygon"])
