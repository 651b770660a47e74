"""The check of a file (核对): what is read of it, what a person must say, what was found; nothing of the layer is written."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import numpy as np
import shapely
from django.apps import apps
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.jobs import Work

from .. import checking, crs, rules
from ..checking import Level, Remark
from ..fields import written
from ..models import Feature, ImportFeature, Layer, LayerImport
from ..reading import Read, read
from .features import feature_digest
from .imports import Statement
from .versions import digests_of

#: Of the remarks on a file, as many stand on its page; faults come first, and the marked copy has more.
MOST_SHOWN, MOST_MARKED = 200, 5_000
#: How far outside of a division's outline a feature may lie, in degrees (about 2 km): the outlines are schematic.
ROOM_AROUND = 0.02
_FROM_PACKS = "county-boundaries"


class OpenQuestion(Exception):
    """Something of the file is not known, and only a person can say it."""

    def __init__(self, question: str, text: str, **facts: Any) -> None:
        self.question, self.text, self.facts = question, text, facts
        super().__init__(text)


def check_import(work: Work, *, import_id: int, at: datetime) -> dict[str, Any]:
    """Check a file whole. Nothing is written to the layer; a repeat checks anew."""
    found = LayerImport.objects.select_related("layer", "blob").get(pk=import_id)
    S = LayerImport.State
    if found.state in (S.APPLYING, S.APPLIED):
        return {"state": found.state}
    stated = Statement(**found.stated)
    given: Read | None = None
    try:
        work.progress(0, 4, "正在读取文件")
        given = read(
            files.pieces(found.blob_id), kind=found.blob.as_kind, name=found.file_name, part=stated.part,
            encoding=stated.encoding,
        )  # fmt: skip
        system, way = way_of(given, stated)
    except OpenQuestion as open_:
        asks = stated.asks
        facts = {"question": open_.question, "text": open_.text, **open_.facts, **_about(given)}
        _settle(found, S.ASKING if asks else S.FAULTY, failure="" if asks else open_.text, found=facts)
        return {"state": "asking" if asks else "faulty"}
    except DomainError as error:
        _settle(found, S.FAULTY, failure=error.text, found={})
        return {"state": "faulty"}
    return _check_read(work, found, given, stated, system, way, at)


def _about(given: Read | None) -> dict[str, Any]:
    if given is None:
        return {}
    return {"parts": list(given.parts), "part": given.part, "fields": list(given.fields), "encoding": given.encoding}


Way = Callable[[checking.Points], checking.Points]


class Located(Protocol):
    """What a file says of where its outlines lie."""

    @property
    def parts(self) -> Sequence[str]: ...
    @property
    def part(self) -> str: ...
    @property
    def crs(self) -> str: ...
    @property
    def number(self) -> int: ...
    def block(self, start: int, stop: int) -> checking.Block: ...


class Said(Protocol):
    """What a person states of it."""

    @property
    def crs(self) -> str: ...
    @property
    def axes(self) -> str: ...
    @property
    def datum(self) -> str: ...


def way_of(given: Located, stated: Said) -> tuple[crs.Known, Way]:
    """The coordinate system of a file and the way to CGCS2000. Raises: OpenQuestion with the question that is left."""
    if not given.part:
        listed = "、".join(given.parts)
        raise OpenQuestion(
            "part", f"文件里有 {len(given.parts)} 个图层（{listed}），请说明导入哪一个。", parts=list(given.parts)
        )
    points = shapely.get_coordinates(given.block(0, 5_000).shapes)
    points = points[np.isfinite(points).all(axis=1)]
    looks = crs.guess(points)
    hint = f"从坐标看：{looks.why}。" if looks else ""
    suggested = {"guess": looks.crs if looks else "", "why": looks.why if looks else ""}
    said = stated.crs or given.crs
    if not said:
        raise OpenQuestion("crs", f"文件没有说明坐标系。{hint}请说明后继续。", **suggested)
    system = crs.known(said)
    if system is None or system.standing is crs.Standing.UNKNOWN:
        title = system.title if system else said[:80]
        raise OpenQuestion(
            "crs", f"文件的坐标系是“{title}”，平台不能换算。{hint}请转为 CGCS2000，或说明实际的坐标系。", **suggested
        )
    if system.standing is crs.Standing.SHIFTED and stated.datum != "as_is":
        text = (
            f"文件的坐标系是{system.title}。它与 CGCS2000 的换算需要当地的转换参数（由测绘主管部门掌握），"
            "不换算会偏移几十至一百多米。请先用参数转为 CGCS2000 再上传；只作示意时，可声明按原坐标直接使用。"
        )
        raise OpenQuestion("datum", text, system=system.title, **suggested)
    swapped = stated.axes == "yx"
    if not stated.axes and crs.looks_swapped(points, system):
        order = "纵坐标（北）在前、横坐标（东）在后" if system.is_projected else "纬度在前、经度在后"
        raise OpenQuestion("axes", f"坐标像是{order}，与图形数据的惯例相反。请确认坐标的先后。", **suggested)
    return system, crs.to_cgcs2000(system.key, axes_swapped=swapped)


def _check_read(
    work: Work, found: LayerImport, given: Read, stated: Statement, system: crs.Known, way: Way, at: datetime
) -> dict[str, Any]:
    work.progress(1, 4, "正在核对图形")
    layer = found.layer
    outlines = checking.check_outlines(
        given.blocks(),
        way=way,
        within=outline_of(layer.division_id),
        outside_is_fault=stated.outside != "warn",
        lines_as_areas=found.blob.kind == "dxf",
    )
    work.progress(2, 4, "正在核对代码和属性")
    code_field = stated.code_field or checking.field_like(given.fields, checking.CODE_FIELDS)
    name_field = stated.name_field or checking.field_like(given.fields, checking.NAME_FIELDS)
    schema = layer.schema or _schema_of(given, code_field, name_field)
    told = checking.check_told(
        given.columns(), given.fields, number=given.number, code_field=code_field, name_field=name_field,
        schema=schema, skipped=outlines.skipped,
    )  # fmt: skip
    remarks = sorted([*outlines.remarks, *told.remarks], key=lambda r: (r.level is not Level.FAULT, r.number))
    unknown = [f for f in given.fields if f not in {one["name"] for one in schema} | {code_field, name_field}]
    about = _about(given) | {
        "crs": system.title, "crs_key": system.key[:200], "code_field": code_field, "name_field": name_field,
        "schema": schema, "left_out": unknown, "datum": stated.datum,
    }  # fmt: skip
    work.progress(3, 4, "正在与现有要素比较")
    with transaction.atomic():
        ImportFeature.objects.filter(of_import=found).delete()
        is_faulty = any(r.level is Level.FAULT for r in remarks)
        counts, version = _compared(found, outlines, told, write=not is_faulty)
        marked = _marked(outlines, told, remarks, at) if remarks else None
        counts |= {
            "bad": len({r.number for r in remarks if r.level is Level.FAULT}),
            "skipped": int(outlines.skipped.sum()),
        }
        _settle(
            found, LayerImport.State.FAULTY if is_faulty else LayerImport.State.READY, failure="", found=about,
            counts=counts, groups=_groups(remarks), annotated=marked, seen_version=version,
            remarks=[[r.number, r.level, told.codes[r.number - 1][:40], r.text] for r in remarks[:MOST_SHOWN]],
        )  # fmt: skip
    return {"state": "faulty" if is_faulty else "ready", **counts}


def _settle(of: LayerImport, state: str, **facts: Any) -> None:
    """Write what a check has found, unless the import has gone on meanwhile."""
    blank: dict[str, Any] = {"counts": {}, "groups": [], "remarks": [], "annotated": None}
    if facts.get("seen_version") is None:
        ImportFeature.objects.filter(of_import=of).delete()
    waiting = LayerImport.objects.filter(pk=of.pk, state__in=("checking", "asking", "faulty", "ready"))
    waiting.update(state=state, **(blank | facts))


def _groups(remarks: Sequence[Remark]) -> list[list[Any]]:
    numbers = Counter((r.level, r.kind) for r in remarks)
    ranked = sorted(numbers.items(), key=lambda item: (list(Level)[::-1].index(item[0][0]), -item[1]))
    return [[level, checking.KINDS[kind], number] for (level, kind), number in ranked]


def _schema_of(given: Read, code_field: str, name_field: str) -> list[dict[str, str]]:
    """The attributes of a layer that has none yet: all fields of its first file."""
    return [
        {"name": name[:40], "label": name[:40], "type": kind}
        for name, kind in zip(given.fields, given.kinds, strict=True)
        if name not in (code_field, name_field)
    ]


def outline_of(division: str | None) -> shapely.Geometry | None:
    """The outline of a division with room around, from the counties that the packs give; ``None`` when they give none.

    A town lies in its county: there the county's outline counts.
    """
    closure = apps.get_model("regions", "DivisionClosure").objects
    inside = closure.filter(ancestor_id=division).values("descendant_id")
    standing = Feature.objects.filter(layer__slug=_FROM_PACKS)
    shapes = [f.geometry for f in standing.filter(division__in=inside)]
    if not shapes:
        around = closure.filter(descendant_id=division).values("ancestor_id")
        shapes = [f.geometry for f in standing.filter(division__in=around)]
    return shapely.union_all(shapes).buffer(ROOM_AROUND) if shapes else None


def _compared(
    found: LayerImport, outlines: checking.Outlines, told: checking.Told, *, write: bool
) -> tuple[dict[str, int], int]:
    """How the file differs from the layer; its features are laid down for the apply when ``write``."""
    layer = Layer.objects.get(pk=found.layer_id)
    known = digests_of(layer)
    counts = {"features": 0, "new": 0, "changed": 0, "same": 0, "removed": 0, "mended": 0}
    rows = list[tuple[Any, ...]]()
    bounds = shapely.bounds(outlines.shapes)
    wkb = shapely.to_wkb(outlines.shapes, byte_order=1)
    for i, shape in enumerate(outlines.shapes):
        if outlines.skipped[i]:
            continue
        counts["features"] += 1
        if shape is None:
            continue
        digest = feature_digest(told.names[i], shape, told.attributes[i])
        was = known.get(told.codes[i])
        way = "new" if was is None else "changed" if was != digest else "same"
        counts[way] += 1
        counts["mended"] += bool(outlines.mended[i])
        rows.append(
            (found.pk, i + 1, told.codes[i], told.names[i], wkb[i], written(rules.Box(*bounds[i].tolist())),
             rules.in_m2(float(outlines.areas_m2[i])), Jsonb(told.attributes[i]), outlines.mended[i], digest)
        )  # fmt: skip
    if found.mode == LayerImport.Mode.REPLACE:
        counts["removed"] = len(known.keys() - {row[2] for row in rows})
    if write:
        columns = "of_import_id, number, code, name, geometry, box, area_m2, attributes, repaired, digest"
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY spatial_importfeature ({columns}) FROM STDIN") as out,
        ):
            for row in rows:
                out.write_row(row)
    return counts, layer.version


def _marked(outlines: checking.Outlines, told: checking.Told, remarks: Sequence[Remark], at: datetime) -> Any:
    """The features that something was said of, as GeoJSON with what was said."""
    said: dict[int, list[Remark]] = {}
    for remark in remarks:
        if len(said) < MOST_MARKED or remark.number in said:
            said.setdefault(remark.number, []).append(remark)
    features = []
    for number, about in sorted(said.items()):
        shape = outlines.given[number - 1]
        usable = shape is not None and bool(np.isfinite(shapely.get_coordinates(shape)).all())
        properties = {
            "序号": number,
            "代码": told.codes[number - 1],
            "名称": told.names[number - 1],
            "程度": "有错" if any(r.level is Level.FAULT for r in about) else "已修复或请留意",
            "说明": "；".join(r.text for r in about),
        }
        geometry = json.loads(shapely.to_geojson(shape)) if usable else None
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return files.store(body.encode(), name="标注.geojson", at=at)
