"""Files of features for tests."""

import json
import tempfile
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.spatial import services
from ronghe.kernel.spatial.models import Layer, LayerImport
from ronghe.kernel.spatial.services import Statement

from .factories import NOON

Row = tuple[str, str, Any]


def parcels(count: int = 3, *, west: float = 117.0, south: float = 36.0, side: float = 0.001) -> list[Row]:
    """Squares side by side: code, name, shape."""
    return [
        (f"P{i + 1}", f"地块{i + 1}", shapely.box(west + i * side, south, west + (i + 1) * side, south + side))
        for i in range(count)
    ]


def geojson(rows: Sequence[Row], crs: str | None = "urn:ogc:def:crs:OGC:1.3:CRS84", **more: Any) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name, **more},
            "geometry": shape if shape is None or isinstance(shape, dict) else json.loads(shapely.to_geojson(shape)),
        }
        for code, name, shape in rows
    ]
    body: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        body["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(body, ensure_ascii=False).encode()


def written(rows: Sequence[Row], driver: str, crs: str | None = "EPSG:4490", encoding: str | None = None) -> bytes:
    """A GeoPackage, or a Shapefile as an archive."""
    suffix = {"GPKG": "gpkg", "ESRI Shapefile": "shp"}[driver]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"given.{suffix}"
        columns = [np.array([row[i] for row in rows], dtype=object) for i in (0, 1)]
        pyogrio.raw.write(
            file, shapely.to_wkb(np.array([row[2] for row in rows])), columns, ["DKBM", "名称"], driver=driver, crs=crs,
            geometry_type="Polygon", encoding=encoding, layer="given",
        )  # fmt: skip
        if suffix == "gpkg":
            return file.read_bytes()
        return zipped({path.name: path.read_bytes() for path in Path(folder).iterdir()})


def zipped(members: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"数据/{name}", content)
    return out.getvalue()


def dxf(*rings: Sequence[tuple[float, float]], closed: bool = True) -> bytes:
    """A drawing with one polyline per ring."""
    lines = ["0", "SECTION", "2", "ENTITIES"]
    for number, ring in enumerate(rings):
        lines += ["0", "LWPOLYLINE", "5", f"A{number}", "8", "PARCEL", "90", str(len(ring)), "70", str(int(closed))]
        for x, y in ring:
            lines += ["10", str(x), "20", str(y)]
    return "\n".join([*lines, "0", "ENDSEC", "0", "EOF", ""]).encode()


def taken(
    layer: Layer, content: bytes, by: Any, *, name: str = "地块.geojson", mode: str = "merge", **stated: Any
) -> LayerImport:
    """A file given and checked."""
    made = services.take_file(
        layer=layer, content=content, name=name, mode=mode, stated=Statement(**stated), actor=by.actor, at=NOON
    )
    return checked(made)


def checked(made: LayerImport) -> LayerImport:
    run_here(made.job_id)
    made.refresh_from_db()
    return made


def applied(made: LayerImport, by: Any) -> LayerImport:
    made = services.start_apply(import_id=made.pk, actor=by.actor, at=NOON)
    return checked(made)
