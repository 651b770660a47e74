"""Import (pages archetype 9): template, upload, check with progress, summary, annotated file, apply all or nothing."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.pages import Fact, State, import_listing
from ronghe.kernel.pages.record import Tone

from .. import queries, services
from ..declared import Roster
from ..errors import ImportNotFound
from ..models import Import
from ..permissions import ROSTERS_OPEN
from ..services import places_of
from ..workbooks import template as empty_template
from .records import crumbs

TONES: dict[str, Tone] = {"faulty": "bad", "failed": "bad", "ready": "place", "applied": "good"}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _editable(request: HttpRequest, key: str) -> Roster:
    actor = actor_of(request)
    of = queries.roster(key, actor=actor)
    require(actor, of.edit)
    return of


@require_safe
@allows(ROSTERS_OPEN)
def template(request: HttpRequest, roster: str) -> HttpResponse:
    """The empty workbook of a list."""
    of = _editable(request, roster)
    answer = HttpResponse(empty_template(of, places_of(actor_of(request))), content_type=_XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{of.title}模板.xlsx')}"
    return answer


@require_safe
@allows(ROSTERS_OPEN)
def imports(request: HttpRequest, roster: str) -> HttpResponse:
    """The imports into a list."""
    of = _editable(request, roster)

    def address(row: Import) -> str:
        return reverse("rosters:import", args=[of.key, row.pk])

    listing = import_listing(
        f"{of.title}导入",
        address=address,
        counted=("rows", "行数"),
        empty_next="下载模板填写后上传；整份核对无误才会写入。",
    )
    rows = queries.imports(of, actor=actor_of(request))
    context = {"crumbs": crumbs(of, ("导入", None))}
    return listing.respond(request, listing.asked(request.GET), rows, context=context)


class UploadForm(forms.Form):
    """The file of records."""

    file = forms.FileField(
        label="填好的文件",
        help_text="xlsx 或 csv，不超过 100 MB、20 万行。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allows(ROSTERS_OPEN)
def new_import(request: HttpRequest, roster: str) -> HttpResponse:
    """Give a file."""
    of = _editable(request, roster)
    is_sent = request.method == "POST"
    form = UploadForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            made = services.take_file(
                of, content=upload.file, name=upload.name, actor=actor_of(request), at=clock.now()
            )
        except DomainError as error:
            form.add_error("file", error.text)
        else:
            return redirect("rosters:import", of.key, made.pk)
    context = {
        "roster": of, "form": form, "title": f"导入{of.title}", "submit": "上传并核对",
        "cancel_url": reverse("rosters:records", args=[of.key]),
        "crumbs": crumbs(of, ("导入", reverse("rosters:imports", args=[of.key])), ("上传", None)),
    }  # fmt: skip
    return render(request, "rosters/new_import.html", context, status=400 if form.errors else 200)


@require_safe
@allows(ROSTERS_OPEN)
def an_import(request: HttpRequest, roster: str, import_id: int) -> HttpResponse:
    """One import: progress, then what was found, then what was written."""
    of = _editable(request, roster)
    found = queries.one_import(of, import_id, actor=actor_of(request))
    counts: dict[str, Any] = found.counts
    context = {
        "roster": of,
        "found": found,
        "job": found.job,
        "is_working": found.job is not None and not found.job.is_over,
        "title": found.file_name,
        "state": State(found.get_state_display(), TONES.get(found.state, "plain")),
        "facts": [
            Fact("行数", f"{counts.get('rows', 0):,}"),
            Fact("新增", f"{counts.get('new', 0):,}"),
            Fact("更新", f"{counts.get('changed', 0):,}"),
            Fact("不变", f"{counts.get('same', 0):,}"),
            Fact("有错的行", f"{counts.get('bad', 0):,}"),
        ]
        if counts
        else [],
        "writes": counts.get("new", 0) + counts.get("changed", 0),
        "crumbs": crumbs(of, ("导入", reverse("rosters:imports", args=[of.key])), (f"第 {found.pk} 号", None)),
    }
    return render(request, "rosters/import.html", context)


@require_POST
@allows(ROSTERS_OPEN)
def apply(request: HttpRequest, roster: str, import_id: int) -> HttpResponse:
    """Have a sound file written."""
    of = _editable(request, roster)
    queries.one_import(of, import_id, actor=actor_of(request))
    try:
        services.start_apply(import_id=import_id, actor=actor_of(request), at=clock.now())
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, error.text)
    return redirect("rosters:import", of.key, import_id)


@require_safe
@allows(ROSTERS_OPEN)
def annotated(request: HttpRequest, roster: str, import_id: int) -> HttpResponse:
    """The person's own file with every bad cell marked."""
    of = _editable(request, roster)
    found = queries.one_import(of, import_id, actor=actor_of(request))
    if found.annotated_id is None:
        raise ImportNotFound(import_id=import_id)
    stem = found.file_name.rpartition(".")[0] or found.file_name
    return files.answer(found.annotated_id, name=f"{stem}-标注.xlsx")
