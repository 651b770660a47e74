"""Import into a layer (pages archetype 9): upload, check with progress, a question when something is open, what was
mended and what is wrong, apply all or nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.pages import Fact, State, import_listing
from ronghe.kernel.pages.record import Tone

from .. import exports, queries, services
from ..errors import ImportNotFound
from ..forms import AnswerForm, UploadForm
from ..models import LayerImport
from ..permissions import LAYERS_EDIT
from .layers import FORMATS, asked_export, crumbs, editable

TONES: dict[str, Tone] = {"faulty": "bad", "asking": "warn", "ready": "place", "applied": "good"}
_LEVELS = {"mended": "已修复", "doubtful": "请留意", "fault": "有错"}


@require_safe
@allows(LAYERS_EDIT)
def imports(request: HttpRequest, layer: str) -> HttpResponse:
    """The imports into a layer."""
    of = editable(request, layer)

    def address(row: LayerImport) -> str:
        return reverse("spatial:import", args=[of.slug, row.pk])

    listing = import_listing(
        f"{of.title}的导入",
        address=address,
        counted=("features", "要素"),
        empty_next="上传 GeoJSON、GeoPackage、Shapefile 或 DXF；整份核对无误才会写入。",
    )
    rows = queries.imports(of, actor=actor_of(request))
    return listing.respond(request, listing.asked(request.GET), rows, context={"crumbs": crumbs(of, ("导入", None))})


@require_http_methods(["GET", "HEAD", "POST"])
@allows(LAYERS_EDIT)
def new_import(request: HttpRequest, layer: str) -> HttpResponse:
    """Give a file."""
    of = editable(request, layer)
    is_sent = request.method == "POST"
    given = (request.POST, request.FILES) if is_sent else (None, None)
    form = UploadForm(*given, systems=queries.crs_choices(of))
    if is_sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            made = services.take_file(
                layer=of, content=upload.file, name=upload.name, mode=form.cleaned_data["mode"], stated=form.stated(),
                actor=actor_of(request), at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error("file", error.text)
        else:
            return redirect("spatial:import", of.slug, made.pk)
    context = {
        "layer": of, "form": form, "title": f"导入“{of.title}”", "submit": "上传并核对",
        "cancel_url": reverse("spatial:layer", args=[of.slug]),
        "crumbs": crumbs(of, ("导入", reverse("spatial:imports", args=[of.slug])), ("上传", None)),
    }  # fmt: skip
    return render(request, "spatial/new_import.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(LAYERS_EDIT)
def an_import(request: HttpRequest, layer: str, import_id: int) -> HttpResponse:
    """One import: progress, then what is asked or was found, then what was written. A POST answers what is asked."""
    of = editable(request, layer)
    found = queries.one_import(of, import_id, actor=actor_of(request))
    answer = None
    if found.state == LayerImport.State.ASKING:
        sent = request.POST if request.method == "POST" else None
        answer = AnswerForm(sent, question=found.found["question"], found=found.found, systems=queries.crs_choices(of))
    if request.method == "POST" and (answer is None or answer.is_valid()):
        told = answer.cleaned_data if answer else {}
        _try(request, lambda: services.check_start(
            import_id=import_id, stated=services.restated(found, **told), actor=actor_of(request), at=clock.now()
        ))  # fmt: skip
        return redirect("spatial:import", of.slug, import_id)
    counts: dict[str, Any] = found.counts
    context = {
        "layer": of,
        "found": found,
        "job": found.job,
        "is_working": found.job is not None and not found.job.is_over,
        "title": found.file_name,
        "state": State(found.get_state_display(), TONES.get(found.state, "plain")),
        "facts": [
            Fact("坐标系", found.found.get("crs", "")),
            Fact("要素", f"{counts.get('features', 0):,}"),
            Fact("新增", f"{counts.get('new', 0):,}"),
            Fact("更新", f"{counts.get('changed', 0):,}"),
            Fact("删除", f"{counts.get('removed', 0):,}"),
            Fact("已修复", f"{counts.get('mended', 0):,}"),
            Fact("有错", f"{counts.get('bad', 0):,}"),
        ]
        if counts
        else [],
        "form": answer,
        "groups": [(_LEVELS[level], kind, number) for level, kind, number in found.groups],
        "remarks": [(number, _LEVELS[level], code, text) for number, level, code, text in found.remarks],
        "writes": sum(counts.get(name, 0) for name in ("new", "changed", "removed")),
        "formats": FORMATS,
        "crumbs": crumbs(of, ("导入", reverse("spatial:imports", args=[of.slug])), (f"第 {found.pk} 号", None)),
    }
    return render(request, "spatial/import.html", context, status=400 if answer and answer.errors else 200)


@require_POST
@allows(LAYERS_EDIT)
def apply(request: HttpRequest, layer: str, import_id: int) -> HttpResponse:
    """Have a sound file written."""
    of = editable(request, layer)
    queries.one_import(of, import_id, actor=actor_of(request))
    _try(request, lambda: services.start_apply(import_id=import_id, actor=actor_of(request), at=clock.now()))
    return redirect("spatial:import", of.slug, import_id)


def _try(request: HttpRequest, act: Any) -> None:
    """Do it, or say on the next page why not."""
    try:
        act()
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, error.text)


@require_safe
@allows(LAYERS_EDIT)
def marked(request: HttpRequest, layer: str, import_id: int) -> HttpResponse:
    """The features that something was said of, with what was said: ``?form=gpkg|shp|geojson``."""
    of = editable(request, layer)
    found = queries.one_import(of, import_id, actor=actor_of(request))
    if found.annotated_id is None:
        raise ImportNotFound(import_id=import_id)
    form, _, _ = asked_export(request)
    stem = found.file_name.rpartition(".")[0] or found.file_name
    made = exports.marked_as(files.content(found.annotated_id), form, title=f"{stem}-标注")
    return files.attached(made.content, name=made.name, media_type=made.media_type)
