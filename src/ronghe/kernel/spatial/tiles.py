"""Vector tiles (Mapbox Vector Tile 2.1) of a layer, cut from its features in Web Mercator."""

from functools import lru_cache
from typing import Any, NamedTuple

import mapbox_vector_tile
import numpy as np
import shapely
from numpy.typing import NDArray

from .models import Feature
from .rules import Box

#: The deepest zoom that is cut; maps enlarge it beyond.
DEEPEST = 14
#: Units along the side of a tile, and how many more are cut on every side so that lines join without seams.
EXTENT, BUFFER = 4096, 128
#: How far a line may be from the true one, in units: a quarter of a pixel of a 512-pixel tile.
TOLERANCE = 2.0
#: How far around a tile features are fetched, in tiles, so that neighbouring tiles simplify common lines alike.
MARGIN = 0.5


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


@lru_cache(maxsize=4096)
def tile(layer_id: int, layer_slug: str, version: int, digest: str, address: Address) -> bytes:
    """The tile as bytes, empty when nothing lies in it.

    Kept in this process by version and digest of the layer: another version is another tile, and the old ones fall
    out as they are no longer asked for.
    """
    features = list(
        Feature.objects.filter(layer_id=layer_id, box__overlaps=box_of(address, MARGIN))
        .order_by("code")
        .only("code", "name", "geometry", "area_m2")
    )
    if not features:
        return b""
    side = EXTENT * 2**address.z
    corner = np.array((address.x * EXTENT, address.y * EXTENT), dtype=np.float64)

    def to_units(points: NDArray[np.float64]) -> Any:
        return mercator(points) * side - corner

    units = np.array([shapely.transform(f.geometry, to_units) for f in features], dtype=object)
    window = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    pieces = shapely.intersection(shapely.coverage_simplify(units, TOLERANCE), window)
    cut = [
        {"geometry": piece, "properties": {"code": f.code, "name": f.name, "area_m2": float(f.area_m2)}}
        for f, piece in zip(features, map(_polygons, pieces), strict=True)
        if not piece.is_empty
    ]
    if not cut:
        return b""
    encoded: bytes = mapbox_vector_tile.encode(
        {"name": layer_slug, "features": cut},
        default_options={
            "extents": EXTENT,
            "y_coord_down": True,
            "on_invalid_geometry": mapbox_vector_tile.encoder.on_invalid_geometry_make_valid,
        },
    )
    return encoded


def _polygons(geometry: shapely.Geometry) -> shapely.Geometry:
    """The parts with an area: a cut may leave lines and points along the window."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    return shapely.multipolygons([p for p in shapely.get_parts(geometry).tolist() if p.geom_type == "Polygon"])
