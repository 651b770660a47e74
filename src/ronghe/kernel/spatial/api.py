"""The API of layers: their features and versions, files in and out, analyses.

The content of a layer also stands under ``/layers/<slug>.geojson`` and ``/tiles/``.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, BinaryIO, Literal, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import BeforeValidator

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Number, Size, Slug, file_of
from ronghe.kernel.files.services import attached
from ronghe.kernel.paging import page

from . import exports, queries, services
from .addresses import tiles_template
from .models import Analysis, Layer, LayerImport
from .permissions import LAYERS_ANALYSE, LAYERS_EDIT, LAYERS_OPEN
from .topology import Tolerance

router = Router(tags=["一张图"])

Text = Annotated[str, Field(max_length=400, pattern=WITHOUT_NUL)]
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=WITHOUT_NUL)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Epsg = Annotated[int, Field(ge=1, le=99_999, description="4490，或 CGCS2000 三度带 4513–4554")]


def _plain_number(given: Any) -> Any:
    """JSON's own numbers alone: pydantic would take ``true`` and ``"1"`` too."""
    if isinstance(given, bool | str):
        raise ValueError("应当是数")
    return given


Real = Annotated[float, BeforeValidator(_plain_number), Field(allow_inf_nan=False)]
Position = Annotated[list[Real], Field(min_length=2, max_length=3, description="经度、纬度")]
Rings = list[Annotated[list[Position], Field(max_length=200_000)]]


class PolygonIn(Schema):
    """面（RFC 7946 Polygon）."""

    type: Literal["Polygon"]
    coordinates: Rings


class MultiPolygonIn(Schema):
    """多面（RFC 7946 MultiPolygon）."""

    type: Literal["MultiPolygon"]
    coordinates: list[Rings]


Geometry = Annotated[PolygonIn | MultiPolygonIn, Field(discriminator="type")]


class LayerOut(Schema):
    """图层."""

    slug: str = Field(description="标识")
    title: str
    kind: str
    division: str | None = Field(alias="division_id", description="区划代码")
    source: str = Field(description="来源")
    note: str = Field(description="说明")
    crs_note: str = Field(description="坐标系说明")
    version: int
    feature_count: int = Field(description="要素个数")
    public: bool
    shared_below: bool = Field(description="下级可见")
    attributes: list[dict[str, str]] = Field(alias="schema", description="属性字段")
    geojson: str = Field(description="GeoJSON 地址")
    tiles: str = Field(description="矢量瓦片地址模板")

    @staticmethod
    def resolve_geojson(layer: Layer) -> str:
        return reverse("spatial:geojson", args=[layer.slug])

    @staticmethod
    def resolve_tiles(layer: Layer) -> str:
        return tiles_template(layer)


class LayerIn(Schema):
    """新建图层."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9][-a-z0-9]*$", max_length=40)]
    title: Annotated[str, Field(min_length=1, max_length=60, pattern=WITHOUT_NUL)]
    division: Annotated[str, Field(pattern=r"^\d{12}$")]
    kind: Literal["reference", "planning", "red_line", "working"] = "working"
    source: Text = ""
    note: Text = ""
    public: bool = False
    shared_below: bool = False


class FeatureOut(Schema):
    """一个要素."""

    type: str
    id: str = Field(description="代码")
    bbox: list[float]
    properties: dict[str, Any]
    geometry: dict[str, Any] = Field(description="CGCS2000 经纬度，经度在前")


class FeaturesOut(Schema):
    """一页要素."""

    version: int
    items: list[FeatureOut]
    next: str | None = Field(description="下一页的翻页标记")


class FeatureIn(Schema):
    """要素的内容."""

    code: Code
    name: Annotated[str, Field(max_length=80, pattern=WITHOUT_NUL)] = ""
    geometry: Geometry
    attributes: dict[Annotated[str, Field(max_length=40, pattern=WITHOUT_NUL)], Text | float | None] = {}


class PutIn(Schema):
    """写入要素."""

    features: Annotated[list[FeatureIn], Field(min_length=1, max_length=1000)]
    crs: Literal["CGCS2000", "WGS84", "GCJ-02"] = "CGCS2000"
    seen: Annotated[int, Field(ge=0, le=2**31 - 1, description="所见版本")]
    note: Text = ""


class RemoveIn(Schema):
    """删除要素."""

    codes: Annotated[list[Code], Field(min_length=1, max_length=1000)]
    seen: Version
    note: Text = ""


class LayerVersionOut(Schema):
    """一个版本."""

    number: int
    feature_count: int
    added: int
    changed: int
    removed: int
    origin: str
    note: str
    at: datetime


class LayerVersionsOut(Schema):
    """一页版本."""

    items: list[LayerVersionOut]
    next: str | None


class LayerImportIn(Schema):
    """对文件的说明；没有说明而文件里也看不出的，作为错误答复."""

    mode: Literal["merge", "replace"] = "merge"
    crs: Annotated[str, Field(max_length=20, pattern=r"^(EPSG:\d{4,6}|GCJ-02)?$")] = ""
    axes: Literal["", "xy", "yx"] = ""
    datum: Literal["", "as_is"] = ""
    encoding: Literal["", "UTF-8", "GBK"] = ""
    part: Annotated[str, Field(max_length=100, pattern=WITHOUT_NUL)] = ""
    code_field: Annotated[str, Field(max_length=60, pattern=WITHOUT_NUL)] = ""
    name_field: Annotated[str, Field(max_length=60, pattern=WITHOUT_NUL)] = ""
    outside: Literal["refuse", "warn"] = "refuse"


class LayerImportOut(Schema):
    """一次导入."""

    id: int
    state: str = Field(description="checking, asking, faulty, ready, applying, applied")
    mode: str
    counts: dict[str, int]
    groups: list[list[Any]] = Field(description="[程度, 情况, 要素个数]")
    remarks: list[list[Any]] = Field(description="[序号, 程度, 代码, 说明]，最多 200 个")
    failure: str
    version: int | None = Field(description="形成的版本")
    job: int | None = Field(alias="job_id")


class AnalysisIn(Schema):
    """提出空间分析."""

    kind: Literal["topology", "overlay"]
    other: Annotated[str, Field(max_length=40, pattern=r"^[-a-zA-Z0-9_]*$", description="另一图层的标识")] = ""
    tolerance_m2: Annotated[Real, Field(ge=0, le=1e6)] = 1.0
    width_m: Annotated[Real, Field(ge=0, le=1000)] = 0.05


class AnalysisOut(Schema):
    """一次空间分析."""

    id: int
    kind: str
    version: int
    other_version: int | None
    counts: dict[str, Any]
    made_at: datetime
    done_at: datetime | None
    job: int | None = Field(alias="job_id")


class FindingOut(Schema):
    """找到的一处."""

    number: int
    kind: str = Field(description="overlap, gap, outside, hit")
    code_a: str
    code_b: str
    area_m2: Decimal
    width_m: Decimal
    share_a: float | None
    share_b: float | None


class FindingsOut(Schema):
    """一页结果."""

    items: list[FindingOut]
    next: str | None


class OverlayIn(Schema):
    """一块图形."""

    geometry: Geometry
    crs: Literal["CGCS2000", "WGS84", "GCJ-02"] = "CGCS2000"


class HitOut(Schema):
    """压到的一个要素."""

    code: str
    name: str
    area_m2: Decimal
    share_of_given: float
    share_of_feature: float


class OverlayOut(Schema):
    """叠加结果."""

    area_m2: Decimal
    covered_m2: Decimal
    free_m2: Decimal
    hits: list[HitOut]


class PageQuery(Schema):
    """翻页."""

    cursor: Cursor = None
    size: Size = 50


class FeaturesQuery(PageQuery):
    """怎样收窄要素."""

    text: Annotated[str, Field(max_length=80, pattern=WITHOUT_NUL)] = ""


class ExportQuery(Schema):
    """怎样导出."""

    form: Literal["geojson", "gpkg", "shp"] = "gpkg"
    epsg: Epsg = 4490


class LayerExportQuery(ExportQuery):
    """怎样导出图层."""

    version: Version | None = None


_FILES = file_of("application/geopackage+sqlite3", "application/zip")
_FILES["responses"][200]["content"]["application/geo+json"] = {"schema": {"type": "object"}}
_FILES["responses"] |= CONFLICT["responses"]


def _editable(request: HttpRequest, slug: str) -> Layer:
    return queries.editable(slug, actor=actor_of(request))


@router.get("/layers", response=list[LayerOut], summary="图层")
@allows(LAYERS_OPEN)
def layers(request: HttpRequest) -> Any:
    """全部可见图层."""
    return queries.all_layers(actor_of(request))


@router.post("/layers", response={201: LayerOut}, summary="新建图层", openapi_extra=CONFLICT)
@allows(LAYERS_EDIT)
def create_layer(request: HttpRequest, given: LayerIn) -> Any:
    """Make an empty layer of a division."""
    actor = actor_of(request)
    require(actor, LAYERS_EDIT, division=given.division)
    told = services.LayerTold(**given.dict(exclude={"slug", "division"}))
    made = services.create_layer(slug=given.slug, division=given.division, told=told, actor=actor, at=clock.now())
    return Status(201, made)


@router.get("/layers/{slug}", response=LayerOut, summary="一个图层")
@allows(LAYERS_OPEN)
def get_layer(request: HttpRequest, slug: Slug) -> Layer:
    """One layer."""
    return queries.layer(slug, actor=actor_of(request))


@router.get("/layers/{slug}/features", response=FeaturesOut, summary="图层的要素")
@allows(LAYERS_OPEN)
def list_features(request: HttpRequest, slug: Slug, asked: Query[FeaturesQuery]) -> Any:
    """The features that stand, by code."""
    actor = actor_of(request)
    of = queries.layer(slug, actor=actor)
    rows = queries.features(slug, actor=actor, text=asked.text)
    found = page(rows, order=("code",), cursor=asked.cursor, size=asked.size)
    return {
        "version": of.version, "items": [queries.feature_as_geojson(row) for row in found.rows], "next": found.next
    }  # fmt: skip


@router.post("/layers/{slug}/features", response=LayerOut, summary="写入要素", openapi_extra=CONFLICT)
@allows(LAYERS_EDIT)
def put_features(request: HttpRequest, slug: Slug, given: PutIn) -> Layer:
    """Add or change features, all or none; refused when somebody has changed the layer since ``seen``."""
    _editable(request, slug)
    features = [services.FeatureGiven(f.code, f.name, f.geometry.dict(), f.attributes) for f in given.features]
    return services.put_features(
        slug=slug, features=features, crs=given.crs, seen_version=given.seen, note=given.note,
        actor=actor_of(request), at=clock.now(),
    )  # fmt: skip


@router.post("/layers/{slug}/features/remove", response=LayerOut, summary="删除要素", openapi_extra=CONFLICT)
@allows(LAYERS_EDIT)
def remove_features(request: HttpRequest, slug: Slug, given: RemoveIn) -> Layer:
    """Take features off a layer, all or none; what they were stays in history."""
    _editable(request, slug)
    return services.remove_features(
        slug=slug, codes=given.codes, seen_version=given.seen, note=given.note, actor=actor_of(request),
        at=clock.now(),
    )  # fmt: skip


@router.get("/layers/{slug}/versions", response=LayerVersionsOut, summary="图层的版本")
@allows(LAYERS_OPEN)
def list_versions(request: HttpRequest, slug: Slug, asked: Query[PageQuery]) -> Any:
    """The changes of a layer, the latest first."""
    actor = actor_of(request)
    rows = queries.versions(queries.layer(slug, actor=actor), actor=actor)
    found = page(rows, order=("-number",), cursor=asked.cursor, size=asked.size)
    return {"items": found.rows, "next": found.next}


@router.get("/layers/{slug}/export", response={200: None}, summary="导出图层", openapi_extra=_FILES)
@allows(LAYERS_OPEN)
def export_layer(request: HttpRequest, slug: Slug, asked: Query[LayerExportQuery]) -> HttpResponse:
    """A layer as a file, as it stands or as it was known at a version."""
    actor = actor_of(request)
    of = queries.layer(slug, actor=actor)
    if not of.public:
        require(actor, LAYERS_ANALYSE)
    form = exports.Format(asked.form)
    made = exports.export_layer(of, form=form, epsg=asked.epsg, version=asked.version, actor=actor, at=clock.now())
    return attached(made.content, name=made.name, media_type=made.media_type)


@router.post("/layers/{slug}/imports", response={202: LayerImportOut}, summary="上传并核对", openapi_extra=CONFLICT)
@allows(LAYERS_EDIT)
def take_layer_file(
    request: HttpRequest, slug: Slug, stated: Form[LayerImportIn], file: Annotated[UploadedFile, File()]
) -> Any:
    """Give a file of features; it is checked in the background."""
    of = _editable(request, slug)
    told = services.Statement(**stated.dict(exclude={"mode"}), asks=False)
    made = services.take_file(
        layer=of, content=cast(BinaryIO, file.file), name=file.name or "", mode=stated.mode, stated=told,
        actor=actor_of(request), at=clock.now(),
    )  # fmt: skip
    return Status(202, made)


@router.get("/layers/{slug}/imports/{import_id}", response=LayerImportOut, summary="导入的情况")
@allows(LAYERS_EDIT)
def get_layer_import(request: HttpRequest, slug: Slug, import_id: Number) -> LayerImport:
    """What was found in a file, and what became of it."""
    return queries.one_import(_editable(request, slug), import_id, actor=actor_of(request))


@router.post(
    "/layers/{slug}/imports/{import_id}/apply", response={202: LayerImportOut}, summary="导入", openapi_extra=CONFLICT
)
@allows(LAYERS_EDIT)
def apply_layer_import(request: HttpRequest, slug: Slug, import_id: Number) -> Any:
    """Have a sound file written, whole or not at all."""
    queries.one_import(_editable(request, slug), import_id, actor=actor_of(request))
    return Status(202, services.start_apply(import_id=import_id, actor=actor_of(request), at=clock.now()))


@router.post("/layers/{slug}/analyses", response={202: AnalysisOut}, summary="提出空间分析", openapi_extra=CONFLICT)
@allows(LAYERS_ANALYSE)
def create_analysis(request: HttpRequest, slug: Slug, given: AnalysisIn) -> Any:
    """Have the topology of a layer checked, or the layer overlaid with another, in the background."""
    actor = actor_of(request)
    of = queries.layer(slug, actor=actor)
    other = queries.layer(given.other, actor=actor) if given.other else None
    tolerance = Tolerance(given.tolerance_m2, given.width_m)
    made = services.analyse(kind=given.kind, layer=of, other=other, tolerance=tolerance, actor=actor, at=clock.now())
    return Status(202, made)


@router.post("/layers/{slug}/overlay", response=OverlayOut, summary="叠加一块图形")
@allows(LAYERS_ANALYSE)
def overlay(request: HttpRequest, slug: Slug, given: OverlayIn) -> Any:
    """What a geometry meets on a layer: areas and shares."""
    of = queries.layer(slug, actor=actor_of(request))
    done = services.overlay_geometry(of, given.geometry.dict(), crs=given.crs)
    return {
        "area_m2": done.given.area_m2, "covered_m2": done.covered_m2, "free_m2": done.free_m2, "hits": done.hits
    }  # fmt: skip


@router.get("/analyses/{analysis_id}", response=AnalysisOut, summary="一次空间分析")
@allows(LAYERS_ANALYSE)
def get_analysis(request: HttpRequest, analysis_id: Number) -> Analysis:
    """An analysis and its sums."""
    return queries.analysis(analysis_id, actor=actor_of(request))


@router.get("/analyses/{analysis_id}/findings", response=FindingsOut, summary="空间分析的结果")
@allows(LAYERS_ANALYSE)
def list_findings(request: HttpRequest, analysis_id: Number, asked: Query[PageQuery]) -> Any:
    """What an analysis found, the largest first."""
    actor = actor_of(request)
    rows = queries.findings(queries.analysis(analysis_id, actor=actor), actor=actor)
    found = page(rows, order=("-area_m2", "pk"), cursor=asked.cursor, size=asked.size)
    return {"items": found.rows, "next": found.next}


@router.get("/analyses/{analysis_id}/export", response={200: None}, summary="导出空间分析的结果", openapi_extra=_FILES)
@allows(LAYERS_ANALYSE)
def export_analysis(request: HttpRequest, analysis_id: Number, asked: Query[ExportQuery]) -> HttpResponse:
    """What an analysis found as a file."""
    actor = actor_of(request)
    of = queries.analysis(analysis_id, actor=actor)
    made = exports.export_findings(of, form=exports.Format(asked.form), epsg=asked.epsg, actor=actor, at=clock.now())
    return attached(made.content, name=made.name, media_type=made.media_type)
