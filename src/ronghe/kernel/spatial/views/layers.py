"""The list of layers, one layer with its picture, its features and versions, and its files to take away."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files.services import attached
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option

from .. import exports, queries, services
from ..addresses import tiles_template
from ..content import CONTENTS
from ..drawing import Outline, draw
from ..errors import ExportRefused
from ..forms import LayerForm, divisions_below
from ..models import Feature, Layer, LayerVersion
from ..permissions import LAYERS_ANALYSE, LAYERS_EDIT, LAYERS_OPEN
from ..zones import FIRST_ZONE, LAST_ZONE, Zone, zone_area_m2, zone_for

Crumbs = list[tuple[str, str | None]]


def crumbs(of: Layer, *more: tuple[str, str | None]) -> Crumbs:
    """The way from all layers to here."""
    own = reverse("spatial:layer", args=[of.slug]) if more else None
    return [("图层", reverse("spatial:layers")), (of.title, own), *more]


def seen(request: HttpRequest, slug: str) -> Layer:
    """A layer that the reader may see. Raises: LayerNotFound."""
    return queries.layer(slug, actor=actor_of(request))


def editable(request: HttpRequest, slug: str) -> Layer:
    """A layer that the actor may write. Raises: LayerNotFound, LayerKeptByPacks, Forbidden."""
    return queries.editable(slug, actor=actor_of(request))


def drawn(outlines: Sequence[Outline], title: str, *, labels: bool = True) -> SafeString:
    """A picture without script; ``draw`` quotes every name that it writes."""
    return mark_safe(draw(outlines, width=760, height=520, title=title, padding=12, labels=labels))


def _address(of: Layer) -> str:
    return reverse("spatial:layer", args=[of.slug])


LAYERS: Listing[Layer] = Listing(
    title="图层",
    columns=[
        Column("title", "名称", lambda one: one.title, order=("title",), link=_address, wide=True),
        Column("kind", "类别", lambda one: one.get_kind_display(), order=("kind",)),
        Column("division", "区划", lambda one: str(one.division or "全部试验区")),
        Column("count", "要素", lambda one: one.feature_count, order=("feature_count",), kind="number"),
        Column("version", "版本", lambda one: one.version, kind="number"),
        Column("reach", "公开", lambda one: "公开" if one.public else "下级可见" if one.shared_below else "本级及上级"),
    ],
    filters=[
        Filter("text", "名称", kind="text"),
        Filter("kind", "类别", options=[Option(*one) for one in Layer.Kind.choices]),
    ],
    order=("slug",),
    empty="没有符合条件的图层",
    empty_next="放宽筛选条件；有维护权限的岗位可以新建图层，再导入数据。",
    row_link=_address,
)


@require_safe
@allows(LAYERS_OPEN)
def layers(request: HttpRequest) -> HttpResponse:
    """The layers that one may see."""
    actor = actor_of(request)
    asked = LAYERS.asked(request.GET)
    rows = queries.all_layers(actor, text=asked.text("text"), kind=asked.text("kind"))
    context = {
        "lead": "图层是同一来源、同一类别的图形：界线、规划、红线、调查成果。每次改动形成一个版本，以前的版本可以查看和导出。",
        "may_make": may(actor.role, LAYERS_EDIT),
        "crumbs": [("图层", None)],
    }
    return LAYERS.respond(request, asked, rows, template="spatial/layers.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(LAYERS_EDIT)
def new_layer(request: HttpRequest) -> HttpResponse:
    """Make an empty layer."""
    actor = actor_of(request)
    form = LayerForm(request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.create_layer(
                slug=given["slug"], division=given["division"], told=form.told(), actor=actor, at=clock.now()
            )
        except DomainError as error:
            form.add_error("slug", error.text)
        else:
            return redirect("spatial:layer", made.slug)
    context = {
        "form": form, "title": "新建图层", "submit": "新建图层", "cancel_url": reverse("spatial:layers"),
        "divisions": divisions_below(actor)[:1000], "crumbs": [("图层", reverse("spatial:layers")), ("新建", None)],
    }  # fmt: skip
    return render(request, "spatial/layer_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(LAYERS_EDIT)
def edit_layer(request: HttpRequest, layer: str) -> HttpResponse:
    """Change what a layer says of itself, and who sees it."""
    actor = actor_of(request)
    of = editable(request, layer)
    is_sent = request.method == "POST"
    now = {name: getattr(of, name) for name in LayerForm.base_fields if name != "division"}
    form = LayerForm(request.POST if is_sent else None, initial=now, actor=actor, is_new=False)
    if is_sent and form.is_valid():
        services.change_layer(slug=of.slug, told=form.told(), actor=actor, at=clock.now())
        return redirect("spatial:layer", of.slug)
    context = {
        "form": form, "title": f"修改“{of.title}”", "submit": "保存", "cancel_url": _address(of),
        "crumbs": crumbs(of, ("修改", None)),
    }  # fmt: skip
    return render(request, "spatial/layer_form.html", context, status=400 if form.errors else 200)


@require_safe
@allows(LAYERS_OPEN)
def a_layer(request: HttpRequest, layer: str) -> HttpResponse:
    """One layer: what it is, where it lies, how it came to be, and what may be done with it."""
    actor = actor_of(request)
    of = seen(request, layer)
    may_edit = queries.may_edit(of, actor)
    bounds = queries.bounds_of_layer(of)
    outlines = queries.picture(of, actor=actor)
    is_staff = not actor.is_anonymous
    context: dict[str, Any] = {
        "layer": of,
        "title": of.title,
        "facts": [
            Fact("类别", of.get_kind_display()),
            Fact("区划", of.division or "全部试验区"),
            Fact("要素", f"{of.feature_count:,}", url=reverse("spatial:features", args=[of.slug])),
            Fact("版本", of.version, url=reverse("spatial:versions", args=[of.slug])),
        ],
        "drawing": drawn(outlines, of.title, labels=of.feature_count <= 40),
        "are_squares": of.feature_count > queries.MOST_DRAWN,
        "tiles": tiles_template(of),
        "map_data": bounds
        and {
            "bounds": list(bounds),
            "layer": of.slug,
            "everything": True,
            "areas": [],
            "open": f"{reverse('spatial:features', args=[of.slug])}?text=",
        },
        "may_edit": may_edit,
        "may_analyse": is_staff and may(actor.role, LAYERS_ANALYSE) and of.feature_count > 0 and not of.content,
        "versions": queries.versions(of, actor=actor)[:5],
        "imports": queries.imports(of, actor=actor)[:5] if may_edit else [],
        "analyses": queries.analyses(of, actor=actor)[:5] if is_staff else [],
        "formats": FORMATS,
        "zones": zone_choices(of),
        "crumbs": crumbs(of),
    }
    return render(request, "spatial/layer.html", context)


FORMATS = [("gpkg", "GeoPackage"), ("shp", "Shapefile"), ("geojson", "GeoJSON（只用经纬度）")]


def zone_choices(of: Layer) -> list[tuple[int, str]]:
    """The coordinate systems of an export: degrees, then the zones of the place, then the others."""
    bounds = queries.bounds_of_layer(of)
    middle = round((bounds.west + bounds.east) / 6) if bounds else FIRST_ZONE
    numbers = sorted(range(FIRST_ZONE, LAST_ZONE + 1), key=lambda n: (abs(n - middle), n))
    zones = [Zone(n, with_prefix=p) for n in numbers for p in (True, False)]
    return [(4490, "CGCS2000 经纬度（EPSG:4490）"), *((z.epsg, z.title) for z in zones)]


@require_safe
@allows(LAYERS_OPEN)
def export(request: HttpRequest, layer: str) -> HttpResponse:
    """A layer as a file: ``?form=gpkg|shp|geojson&epsg=4528&version=3``."""
    actor = actor_of(request)
    of = seen(request, layer)
    form, epsg, version = asked_export(request)
    if not of.public:
        require(actor, LAYERS_ANALYSE)
    made = exports.export_layer(of, form=form, epsg=epsg, version=version, actor=actor, at=clock.now())
    return attached(made.content, name=made.name, media_type=made.media_type)


def asked_export(request: HttpRequest) -> tuple[exports.Format, int, int | None]:
    """What kind of file is asked for. Raises: ExportRefused."""
    try:
        form = exports.Format(request.GET.get("form", "geojson"))
    except ValueError:
        raise ExportRefused(why="格式可以是 geojson、gpkg 或 shp") from None
    numbers = []
    for name, usual in (("epsg", "4490"), ("version", "0")):
        text = request.GET.get(name) or usual
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise ExportRefused(why=f"“{name}”应当是数字")
        numbers.append(int(text))
    return form, numbers[0], numbers[1] or None


@require_safe
@allows(LAYERS_OPEN)
def features(request: HttpRequest, layer: str) -> HttpResponse:
    """The features of a layer; those of a room's tables are listed by the room."""
    actor = actor_of(request)
    of = seen(request, layer)
    if of.content:
        text = request.GET.get("text", "")
        return redirect(CONTENTS[of.content].listed() + (f"?{urlencode({'text': text})}" if text else ""))

    def address(row: Feature) -> str:
        return reverse("spatial:feature", args=[of.slug, row.pk])

    listing: Listing[Feature] = Listing(
        title=f"{of.title}的要素",
        columns=[
            Column("code", "代码", lambda f: f.code, order=("code",), kind="code", link=address),
            Column("name", "名称", lambda f: f.name, order=("name",), wide=True),
            Column("area", "面积（平方米）", lambda f: f.area_m2, order=("area_m2",), kind="number"),
            *(Column(one["name"], one["label"], _attribute(one["name"])) for one in of.schema[:3]),
            Column("since", "自版本", lambda f: f.since, kind="number"),
        ],
        filters=[Filter("text", "代码或名称", kind="text")],
        order=("code",),
        empty="没有要素",
        empty_next="图层还是空的，或者筛选条件太窄。",
        row_link=address,
    )
    asked = listing.asked(request.GET)
    rows = queries.features(of.slug, actor=actor, text=asked.text("text")).defer("geometry")
    return listing.respond(request, asked, rows, context={"crumbs": crumbs(of, ("要素", None))})


def _attribute(name: str) -> Any:
    return lambda row: row.attributes.get(name)


@require_safe
@allows(LAYERS_OPEN)
def a_feature(request: HttpRequest, layer: str, number: int) -> HttpResponse:
    """One feature: its outline, its areas, its attributes, what it was before."""
    actor = actor_of(request)
    of = seen(request, layer)
    found = queries.feature_numbered(of, number, actor=actor)
    zone = zone_for(found.geometry)
    plane = zone_area_m2(found.geometry, zone)
    labels = {one["name"]: one["label"] for one in of.schema}
    context = {
        "layer": of,
        "found": found,
        "title": found.name,
        "facts": [
            Fact("椭球面积", f"{found.area_m2:,} m²", note=f"合 {found.area_m2 / 10_000 * 15:,.2f} 亩"),
            Fact("投影面积", f"{plane:,} m²", note=f"三度带第 {zone.number} 带（EPSG:{zone.epsg}）"),
            Fact("自版本", found.since),
        ],
        "drawing": drawn([Outline(found.code, found.name, found.geometry)], found.name),
        "attributes": [(labels.get(name, name), value) for name, value in found.attributes.items()],
        "former": queries.former(of, found.code, actor=actor).defer("geometry")[:50],
        "crumbs": crumbs(of, ("要素", reverse("spatial:features", args=[of.slug])), (found.code, None)),
    }
    return render(request, "spatial/feature.html", context)


@require_safe
@allows(LAYERS_OPEN)
def versions(request: HttpRequest, layer: str) -> HttpResponse:
    """The changes of a layer, the latest first."""
    actor = actor_of(request)
    of = seen(request, layer)
    listing: Listing[LayerVersion] = Listing(
        title=f"{of.title}的版本",
        columns=[
            Column("number", "版本", lambda v: v.number, order=("number",), kind="number"),
            Column("origin", "出处", lambda v: v.origin, wide=True),
            Column("added", "新增", lambda v: v.added, kind="number"),
            Column("changed", "修改", lambda v: v.changed, kind="number"),
            Column("removed", "删除", lambda v: v.removed, kind="number"),
            Column("count", "要素", lambda v: v.feature_count, kind="number"),
            Column("at", "日期", lambda v: clock.legal_day(v.at), kind="date"),
            Column("file", "导出", lambda v: "GeoPackage", link=lambda v: _of_version(of, v)),
        ],
        order=("-number",),
        empty="还没有版本",
        empty_next="导入数据后形成第一个版本。",
    )
    rows = queries.versions(of, actor=actor)
    return listing.respond(request, listing.asked(request.GET), rows, context={"crumbs": crumbs(of, ("版本", None))})


def _of_version(of: Layer, version: LayerVersion) -> str:
    return f"{reverse('spatial:export', args=[of.slug])}?form=gpkg&version={version.number}"
