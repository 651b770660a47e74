"""The register's outlines as GeoPackage, Shapefile or GeoJSON, written some at a time: memory stays flat."""

import csv
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from ronghe.kernel.actors import Actor
from ronghe.kernel.spatial.exports import Format

from ..models import BAUnit
from ..rules.kinds import GroundKind, RestrictionKind, RightKind
from .register import Numbers, Wanted, grounds_of, in_chunks, restrictions_of, rights_of

CRS = "EPSG:4490"
#: Field of the file, what it means, and whether it holds numbers. Names are short enough for a Shapefile.
COLUMNS: Sequence[tuple[str, str, bool]] = (
    ("unit", "不动产单元代码", False),
    ("code", "空间单元代码", False),
    ("kind", "单元类别", False),
    ("ground", "空间单元类别", False),
    ("area_m2", "登记面积（平方米）", True),
    ("use", "用途", False),
    ("location", "坐落", False),
    ("holders", "权利人", False),
    ("numbers", "权利人号码", False),
    ("rights", "权利类型", False),
    ("limits", "限制", False),
)
_DRIVERS = {Format.GPKG: "GPKG", Format.SHP: "ESRI Shapefile"}
Feature = tuple[shapely.Geometry, Mapping[str, Any]]


def features(
    wanted: Wanted, numbers: Numbers, *, actor: Actor, tell: Callable[[int], None]
) -> Iterator[Sequence[Feature]]:
    """Land and buildings that have an outline, with what stands in their unit, some units at a time."""
    for units in in_chunks(wanted, actor=actor, tell=tell):
        grounds = grounds_of(units, wanted)
        rows = rights_of(units, wanted)
        named = numbers.of(rows)
        rights, limits = _by_unit(rows), _by_unit(restrictions_of(units, wanted))
        found: list[Feature] = []
        for unit in units:
            own = rights.get(unit.pk, [])
            told = {
                "holders": "、".join(dict.fromkeys(named[row.party_id].name for row in own)),
                "numbers": "、".join(dict.fromkeys(filter(None, (named[row.party_id].number for row in own)))),
                "rights": "、".join(dict.fromkeys(RightKind(row.kind).title for row in own)),
                "limits": "、".join(dict.fromkeys(RestrictionKind(row.kind).title for row in limits.get(unit.pk, ()))),
            }
            found += [_feature(unit, row, told) for row in grounds.get(unit.pk, ()) if row.geometry is not None]
        yield found


def _by_unit(rows: Sequence[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.baunit_id, []).append(row)
    return found


def _feature(unit: BAUnit, row: Any, told: Mapping[str, Any]) -> Feature:
    return row.geometry, {
        "unit": unit.code,
        "code": row.spatial_unit.code,
        "kind": unit.get_kind_display(),
        "ground": GroundKind(row.spatial_unit.kind).title,
        "area_m2": float(row.registered_area_m2),
        "use": row.use,
        "location": row.location,
        **told,
    }


def write_features(folder: Path, chunks: Iterator[Sequence[Feature]], *, form: Format) -> tuple[Path, int]:
    """The file, and how many features it holds; without any there is no file to speak of."""
    if form is Format.GEOJSON:
        return _geojson(folder, chunks)
    file = folder / f"register.{form.value}"
    count = 0
    for chunk in chunks:
        if not chunk:
            continue
        append_features(file, chunk, COLUMNS, form=form, layer="register", append=count > 0)
        count += len(chunk)
    return (_zipped(folder, file) if form is Format.SHP and count else file), count


def append_features(
    file: Path,
    chunk: Sequence[Feature],
    columns: Sequence[tuple[str, str, bool]],
    *,
    form: Format,
    layer: str,
    append: bool,
) -> None:
    """Write some features into a file, or behind those that it holds."""
    shapes = np.array([shape for shape, _ in chunk], dtype=object)
    told = [facts for _, facts in chunk]
    pyogrio.raw.write(
        file, shapely.to_wkb(shapes), [_values(told, name, is_number) for name, _, is_number in columns],
        [name for name, *_ in columns], driver=_DRIVERS[form], crs=CRS, geometry_type="MultiPolygon", layer=layer,
        encoding="UTF-8" if form is Format.SHP else None, append=append,
    )  # fmt: skip


def _values(told: Sequence[Mapping[str, Any]], name: str, is_number: bool) -> NDArray[Any]:
    if is_number:
        return np.array([row[name] for row in told], dtype=np.float64)
    return np.array([row[name] for row in told], dtype=object)


def _geojson(folder: Path, chunks: Iterator[Sequence[Feature]]) -> tuple[Path, int]:
    """RFC 7946: longitude before latitude, no statement of the coordinate system."""
    file, count = folder / "register.geojson", 0
    with file.open("w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[')
        for chunk in chunks:
            for shape, facts in chunk:
                out.write(",\n" if count else "\n")
                properties = json.dumps(facts, ensure_ascii=False)
                out.write(f'{{"type":"Feature","geometry":{shapely.to_geojson(shape)},"properties":{properties}}}')
                count += 1
        out.write("\n]}\n")
    return file, count


def _zipped(folder: Path, file: Path) -> Path:
    """The parts of a Shapefile with the meaning of its fields; texts are UTF-8, and ``.cpg`` says so."""
    file.with_suffix(".cpg").write_text("UTF-8", "ascii")
    key = folder / "字段说明.csv"
    with key.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("字段", "含义"))
        writer.writerows((name, label) for name, label, _ in COLUMNS)
    archive = folder / "register.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in sorted([*folder.glob("register.*"), key]):
            if part != archive:
                packed.write(part, part.name)
    return archive
