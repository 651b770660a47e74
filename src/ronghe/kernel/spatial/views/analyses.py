"""Analyses of layers: ask, watch, look at what was found; the overlay of one geometry at once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files.services import attached
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State

from .. import exports, queries, services
from ..drawing import Outline
from ..forms import AnalysisForm, OverlayForm
from ..models import Analysis, Finding, Layer
from ..permissions import LAYERS_ANALYSE
from ..topology import Tolerance
from .layers import FORMATS, asked_export, crumbs, drawn, seen, zone_choices

#: So many of the largest places stand on the picture.
MOST_DRAWN = 200
_FILLS = {"overlap": "#d9663f", "gap": "#e0b040", "outside": "#9d4edd", "hit": "#4f86c1"}


@require_safe
@allows(LAYERS_ANALYSE)
def analyses(request: HttpRequest, layer: str) -> HttpResponse:
    """The analyses of a layer."""
    of = seen(request, layer)

    def address(row: Analysis) -> str:
        return reverse("spatial:analysis", args=[row.pk])

    listing: Listing[Analysis] = Listing(
        title=f"{of.title}的空间分析",
        columns=[
            Column("pk", "编号", lambda a: a.pk, order=("pk",), kind="code", link=address),
            Column("kind", "种类", lambda a: a.get_kind_display()),
            Column("other", "另一图层", lambda a: str(a.other or ""), wide=True),
            Column("found", "找到", lambda a: a.counts.get("found"), kind="number"),
            Column("by", "经办人", lambda a: str(a.user or "")),
            Column("at", "日期", lambda a: clock.legal_day(a.made_at), order=("made_at",), kind="date"),
        ],
        order=("-pk",),
        empty="还没有分析",
        empty_next="可以检查图层的重叠和空隙，或与另一图层叠加。",
        row_link=address,
    )
    rows = queries.analyses(of, actor=actor_of(request))
    return listing.respond(request, listing.asked(request.GET), rows, context={"crumbs": crumbs(of, ("分析", None))})


@require_http_methods(["GET", "HEAD", "POST"])
@allows(LAYERS_ANALYSE)
def new_analysis(request: HttpRequest, layer: str) -> HttpResponse:
    """Ask for a topology check, or an overlay with another layer."""
    actor = actor_of(request)
    of = seen(request, layer)
    others = {one.slug: one for one in queries.layers(actor).exclude(pk=of.pk).filter(feature_count__gt=0)}
    is_sent = request.method == "POST"
    form = AnalysisForm(
        request.POST if is_sent else None,
        others=[(slug, one.title) for slug, one in others.items()],
        initial={"kind": request.GET.get("kind", "topology")},
    )
    if is_sent and form.is_valid():
        given = form.cleaned_data
        tolerance = Tolerance(float(given["tolerance_m2"]), float(given["width_m"]))
        try:
            made = services.analyse(
                kind=given["kind"], layer=of, other=others.get(given["other"]), tolerance=tolerance, actor=actor,
                at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error("other", error.text)
        else:
            return redirect("spatial:analysis", made.pk)
    context = {
        "form": form, "title": f"分析“{of.title}”", "submit": "开始分析",
        "cancel_url": reverse("spatial:layer", args=[of.slug]),
        "crumbs": crumbs(of, ("分析", reverse("spatial:analyses", args=[of.slug])), ("新的分析", None)),
    }  # fmt: skip
    return render(request, "portal/form.html", context, status=400 if form.errors else 200)


@require_safe
@allows(LAYERS_ANALYSE)
def an_analysis(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """One analysis: progress, then how many places and how large, on a picture and in a list."""
    actor = actor_of(request)
    of = queries.analysis(analysis_id, actor=actor)
    kinds = ("hit",) if of.kind == Analysis.Kind.OVERLAY else ("overlap", "gap", "outside")
    labels = dict(Finding.Kind.choices)
    listing: Listing[Finding] = Listing(
        title=f"{of.layer.title}：{of.get_kind_display()}",
        columns=[
            Column("number", "序号", lambda f: f.number, order=("number",), kind="number"),
            Column("kind", "种类", lambda f: f.get_kind_display(), order=("kind",)),
            Column("a", "要素", lambda f: f.code_a, order=("code_a",), kind="code"),
            Column("b", "另一要素", lambda f: f.code_b, order=("code_b",), kind="code"),
            Column("area", "面积（平方米）", lambda f: f.area_m2, order=("area_m2",), kind="number"),
            Column("share_a", "占要素", lambda f: _percent(f.share_a), order=("share_a",), kind="number"),
            Column("share_b", "占另一要素", lambda f: _percent(f.share_b), order=("share_b",), kind="number"),
            Column("width", "平均宽度（米）", lambda f: f.width_m, order=("width_m",), kind="number"),
        ],
        filters=[
            Filter("text", "要素代码", kind="text"),
            Filter("kind", "种类", options=[Option(kind, labels[kind]) for kind in kinds]),
        ],
        order=("-area_m2", "pk"),
        empty="没有找到" if of.done_at else "还没有结果",
        empty_next="在容差之内没有问题。" if of.done_at else "分析完成后显示在这里。",
    )
    asked = listing.asked(request.GET)
    rows = queries.findings(of, actor=actor, kind=asked.text("kind"), text=asked.text("text"))
    context: dict[str, Any] = {
        "of": of,
        "job": of.job,
        "is_working": of.job is not None and not of.job.is_over,
        "lead": f"图层第 {of.version} 版"
        + (f"，{of.other.title}第 {of.other_version} 版" if of.other else "")
        + f"；面积不大于 {of.tolerance_m2.normalize():f} 平方米或平均宽度不大于 {of.width_m.normalize():f} 米的不计。",
        "state": State("已完成", "good") if of.done_at else None,
        "facts": [
            Fact(labels[kind], f"{of.counts[kind]['number']:,} 处", note=f"{of.counts[kind]['area_m2']:,.2f} m²")
            for kind in kinds
            if kind in of.counts
        ]
        + ([Fact("容差之内", f"{of.counts['within_tolerance']:,} 处")] if of.counts else []),
        "drawing": drawn(_places(of, rows, actor), str(of), labels=False) if of.done_at else "",
        "most": MOST_DRAWN,
        "legend": [(labels[kind], _FILLS[kind]) for kind in kinds],
        "formats": FORMATS,
        "zones": zone_choices(of.layer),
        "crumbs": crumbs(
            of.layer, ("分析", reverse("spatial:analyses", args=[of.layer.slug])), (f"第 {of.pk} 号", None)
        ),
    }
    return listing.respond(request, asked, rows, template="spatial/analysis.html", context=context)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.2%}"


def _places(of: Analysis, rows: Any, actor: Any) -> list[Outline]:
    """The layer as the ground, where it is small enough, and the largest places upon it."""
    ground = [
        Outline(one.code, one.name, one.geometry, fill="#eef2f6") for one in queries.picture(of.layer, actor=actor)
    ]
    places = [
        Outline(
            str(one.number), f"{one.get_kind_display()} {one.code_a} {one.code_b}：{one.area_m2:,} m²", one.geometry,
            fill=_FILLS[one.kind],
        )
        for one in rows.order_by("-area_m2")[:MOST_DRAWN]
    ]  # fmt: skip
    return [*ground, *places] if places else []


@require_safe
@allows(LAYERS_ANALYSE)
def export_analysis(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """What an analysis found as a file: ``?form=gpkg|shp|geojson&epsg=4528``."""
    actor = actor_of(request)
    of = queries.analysis(analysis_id, actor=actor)
    form, epsg, _ = asked_export(request)
    made = exports.export_findings(of, form=form, epsg=epsg, actor=actor, at=clock.now())
    return attached(made.content, name=made.name, media_type=made.media_type)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(LAYERS_ANALYSE)
def overlay(request: HttpRequest, layer: str) -> HttpResponse:
    """What a geometry meets on a layer: areas, shares, and what nothing covers."""
    of: Layer = seen(request, layer)
    is_sent = request.method == "POST"
    form = OverlayForm(request.POST if is_sent else None, initial={"crs": "CGCS2000"})
    result = None
    drawing = ""
    if is_sent and form.is_valid():
        try:
            result = services.overlay_geometry(of, form.cleaned_data["geometry"], crs=form.cleaned_data["crs"])
        except DomainError as error:
            form.add_error("geometry", error.text)
        else:
            given = Outline("given", "给定的图形", result.given.geometry, label="", fill="#eef2f6")
            hits = [Outline(hit.code, hit.name, hit.geometry, fill=_FILLS["hit"]) for hit in result.hits[:MOST_DRAWN]]
            drawing = drawn([given, *hits], f"与{of.title}的叠加", labels=len(hits) <= 40)
    context = {
        "layer": of,
        "form": form,
        "result": result,
        "hits": [
            (hit, _percent(hit.share_of_given), _percent(hit.share_of_feature))
            for hit in (result.hits if result else ())
        ],
        "drawing": drawing,
        "crumbs": crumbs(of, ("叠加一块图形", None)),
    }
    return render(request, "spatial/overlay.html", context, status=400 if form.errors else 200)
