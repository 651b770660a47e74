"""A survey as it may be given: two parcels side by side with every column that the reader knows, made up throughout."""

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from ronghe.kernel.spatial.rules import area_m2

from ..rules.kinds import FIRST_RIGHT, TERMED, UnitKind
from .fields import SurveyField, wanted

CRS, LAYER = "EPSG:4490", "example"
#: Where the example lies: in the sea, so that nobody takes it for land of a village.
_WEST, _SOUTH, _SIDE = 122.0, 36.0, 0.0002
_LEFT_OUT = frozenset({"wkt", "points", "area_mu", "neighbours", "unit_code", "parcel_code", "contractor", "contract"})
_MADE_UP = {
    "holder": ("示例甲", "示例乙"), "identity": ("", ""), "share": ("", ""), "village": ("", ""),
    "plot_code": ("", ""), "location": ("示例村 1 号", "示例村 2 号"),
    "north": ("示例路", "示例路"), "east": ("示例乙", "沟"), "south": ("空地", "空地"), "west": ("渠", "示例甲"),
}  # fmt: skip
_USES = {
    UnitKind.HOMESTEAD: "农村宅基地", UnitKind.CONSTRUCTION: "商服用地", UnitKind.CONTRACTED: "旱地", UnitKind.CONTRACTED_FOREST: "乔木林地",
    UnitKind.FOREST: "乔木林地",
}  # fmt: skip


def example(kind: UnitKind) -> bytes:
    """A GeoPackage in CGCS2000 with two parcels for a kind of unit; areas are those of the outlines."""
    shapes = [shapely.box(x, _SOUTH, x + _SIDE, _SOUTH + _SIDE) for x in (_WEST, _WEST + _SIDE)]
    fields = [one for one in wanted(kind) if one.name not in _LEFT_OUT]
    columns = [np.array([_cell(one, kind, n, shapes[n]) for n in (0, 1)], dtype=object) for one in fields]
    with tempfile.TemporaryDirectory(prefix="ronghe-example-") as folder:
        file = Path(folder) / "example.gpkg"
        pyogrio.raw.write(
            file, shapely.to_wkb(np.array(shapes, dtype=object)), columns, [one.label for one in fields],
            driver="GPKG", crs=CRS, geometry_type="Polygon", layer=LAYER,
        )  # fmt: skip
        return file.read_bytes()


def _cell(of: SurveyField, kind: UnitKind, n: int, shape: shapely.Geometry) -> str:
    if of.name == "area":
        return str(area_m2(shapely.multipolygons([shape])))
    if of.name == "use":
        return _USES.get(kind, "")
    if of.name in ("first_day", "last_day") and FIRST_RIGHT[kind][0] not in TERMED:
        return ""
    if of.name == "first_day":
        return date(2020, 1, 1).isoformat()
    if of.name == "last_day":
        return date(2049, 12, 31).isoformat()
    return _MADE_UP[of.name][n] if of.name in _MADE_UP else of.example
