"""A layer or the findings of an analysis as a file: GeoJSON, GeoPackage, Shapefile; in degrees or in a zone's plane."""

import csv
import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.db import transaction
from numpy.typing import NDArray

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record

from . import queries
from .content import refuse_drawn
from .errors import ExportRefused, NothingToExport
from .models import Analysis, Layer
from .zones import in_zone, zone_of_epsg

#: The most features that one file takes.
MOST_FEATURES = 300_000


class Format(StrEnum):
    """导出格式."""

    GEOJSON = "geojson"
    GPKG = "gpkg"
    SHP = "shp"


_ABOUT = {
    Format.GEOJSON: ("geojson", "application/geo+json"),
    Format.GPKG: ("gpkg", "application/geopackage+sqlite3"),
    Format.SHP: ("zip", "application/zip"),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """导出的文件."""

    content: bytes
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class _Column:
    """A field of the file: its name, what it means, and whether it holds numbers."""

    name: str
    label: str
    is_number: bool = False


def export_layer(
    of: Layer, *, form: Format, epsg: int = 4490, version: int | None = None, actor: Actor, at: datetime
) -> Exported:
    """A layer as a file, as it stands or as it was known at ``version``.

    Args: ``epsg`` 4490, or the code of a zone of three degrees of CGCS2000 (4513–4554).
    Raises: LayerDrawnElsewhere, ExportRefused, NothingToExport, VersionNotKept.
    """
    refuse_drawn(of)
    if version is None or version == of.version:
        rows: Sequence[Any] = list(queries.features(of.slug, actor=actor)[: MOST_FEATURES + 1])
    else:
        rows = queries.known_at(of, version, actor=actor)
    columns = [
        _Column("code", "代码"),
        _Column("name", "名称"),
        _Column("area_m2", "椭球面积（平方米）", is_number=True),
        *(_Column(one["name"], one["label"], one["type"] == "number") for one in of.schema),
    ]
    told = [{"code": r.code, "name": r.name, "area_m2": float(r.area_m2), **r.attributes} for r in rows]
    title = f"{of.title}-第{version or of.version}版"
    made = _file([row.geometry for row in rows], told, columns, title=title, form=form, epsg=epsg)
    _record(of, {"version": version or of.version, "format": form.value, "epsg": epsg}, actor, at)
    return made


def export_findings(of: Analysis, *, form: Format, epsg: int = 4490, actor: Actor, at: datetime) -> Exported:
    """What an analysis found as a file. Raises: ExportRefused, NothingToExport."""
    rows = list(queries.findings(of, actor=actor)[: MOST_FEATURES + 1])
    columns = [
        _Column("number", "序号", is_number=True),
        _Column("kind", "种类"),
        _Column("code_a", "要素"),
        _Column("code_b", "另一要素"),
        _Column("area_m2", "面积（平方米）", is_number=True),
        _Column("width_m", "平均宽度（米）", is_number=True),
    ]
    told = [
        {"number": r.number, "kind": r.get_kind_display(), "code_a": r.code_a, "code_b": r.code_b,
         "area_m2": float(r.area_m2), "width_m": float(r.width_m)}
        for r in rows
    ]  # fmt: skip
    title = f"{of.layer.title}-{of.get_kind_display()}-{of.pk}"
    made = _file([row.geometry for row in rows], told, columns, title=title, form=form, epsg=epsg)
    _record(of.layer, {"analysis": of.pk, "format": form.value, "epsg": epsg}, actor, at)
    return made


@transaction.atomic
def _record(of: Layer, facts: dict[str, Any], actor: Actor, at: datetime) -> None:
    """Somebody of the staff has taken a file away; what is public everybody may take unseen."""
    if not actor.is_anonymous:
        record(verb="spatial.layer.exported", subject=of, actor=actor, at=at, facts={"layer": of.slug, **facts})


def marked_as(content: bytes, form: Format, *, title: str) -> Exported:
    """The marked copy of an import in another form. Raises: ExportRefused when no outline can be drawn."""
    if form is Format.GEOJSON:
        return Exported(content, f"{title}.geojson", _ABOUT[form][1])
    rows = [one for one in json.loads(content)["features"] if one["geometry"] is not None]
    shapes = [shapely.geometry.shape(one["geometry"]) for one in rows]
    areas = [i for i, shape in enumerate(shapes) if shape.geom_type in ("Polygon", "MultiPolygon")]
    if not areas:
        raise ExportRefused(why="有错的要素都没有可以画出的面；请下载 GeoJSON 查看说明")
    told = [rows[i]["properties"] for i in areas]
    columns = [_Column("序号", "序号", is_number=True), *(_Column(n, n) for n in ("代码", "名称", "程度", "说明"))]
    return _file([shapes[i] for i in areas], told, columns, title=title, form=form, epsg=4490)


def _file(
    shapes: Sequence[shapely.Geometry],
    told: Sequence[Mapping[str, Any]],
    columns: Sequence[_Column],
    *,
    title: str,
    form: Format,
    epsg: int,
) -> Exported:
    if len(shapes) > MOST_FEATURES:
        raise ExportRefused(why=f"要素超过 {MOST_FEATURES:,} 个，请按区县分成几个图层")
    if not shapes:
        raise NothingToExport()
    if epsg != 4490:
        if form is Format.GEOJSON:
            raise ExportRefused(why="GeoJSON 只用经纬度（RFC 7946）；要投影坐标，请选 GeoPackage 或 Shapefile")
        try:
            zone = zone_of_epsg(epsg)
        except ValueError:
            raise ExportRefused(why=f"EPSG:{epsg} 不是 CGCS2000 的三度带（4513–4554）") from None
        shapes = [in_zone(shape, zone) for shape in shapes]
    suffix, media_type = _ABOUT[form]
    multi = np.array([_multi(shape) for shape in shapes], dtype=object)
    with tempfile.TemporaryDirectory(prefix="ronghe-export-") as folder:
        content = _written(Path(folder), multi, told, columns, form, epsg)
    return Exported(content, f"{title}{'' if epsg == 4490 else f'-EPSG{epsg}'}.{suffix}", media_type)


def _multi(shape: shapely.Geometry) -> shapely.Geometry:
    return shape if shape.geom_type == "MultiPolygon" else shapely.multipolygons([shape])


def _written(
    folder: Path,
    shapes: NDArray[np.object_],
    told: Sequence[Mapping[str, Any]],
    columns: Sequence[_Column],
    form: Format,
    epsg: int,
) -> bytes:
    names = _short([c.name for c in columns]) if form is Format.SHP else [c.name for c in columns]
    driver = {Format.GEOJSON: "GeoJSON", Format.GPKG: "GPKG", Format.SHP: "ESRI Shapefile"}[form]
    file = folder / f"layer.{'shp' if form is Format.SHP else form}"
    # RFC 7946 writes no coordinate system; what programs need to know stands in the other two.
    options: dict[str, Any] = {"RFC7946": "YES"} if form is Format.GEOJSON else {}
    pyogrio.raw.write(
        file, shapely.to_wkb(shapes), [_values(told, c) for c in columns], names, driver=driver, crs=f"EPSG:{epsg}",
        geometry_type="MultiPolygon", encoding="UTF-8" if form is Format.SHP else None, layer="layer", **options,
    )  # fmt: skip
    if form is not Format.SHP:
        return file.read_bytes()
    return _zipped(folder, names, columns)


def _values(told: Sequence[Mapping[str, Any]], column: _Column) -> NDArray[Any]:
    if column.is_number:
        return np.array([_number(row.get(column.name)) for row in told], dtype=np.float64)
    return np.array([None if row.get(column.name) is None else str(row[column.name]) for row in told], dtype=object)


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _short(names: Sequence[str]) -> list[str]:
    """Names of at most ten bytes, as the table of a Shapefile has them, each once."""
    taken: list[str] = []
    for name in names:
        short, number = name.encode()[:10].decode("utf-8", "ignore"), 1
        while short in taken:
            number += 1
            short = f"{name.encode()[: 10 - len(str(number))].decode('utf-8', 'ignore')}{number}"
        taken.append(short)
    return taken


def _zipped(folder: Path, names: Sequence[str], columns: Sequence[_Column]) -> bytes:
    """The parts of a Shapefile, with the meaning of its short fields; texts are UTF-8, and ``.cpg`` says so."""
    (folder / "layer.cpg").write_text("UTF-8", "ascii")
    key = StringIO()
    writer = csv.writer(key)
    writer.writerow(("字段", "含义"))
    writer.writerows((name, column.label) for name, column in zip(names, columns, strict=True))
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
        archive.writestr("字段说明.csv", "\ufeff" + key.getvalue())
    return out.getvalue()
