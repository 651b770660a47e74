"""Evidence of surveys: the page of a surveyed parcel, all evidence of a batch, archives with their answers, the files."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State, workbook_response
from ronghe.kernel.pages.record import Tone
from ronghe.kernel.spatial.drawing import Outline, draw

from ..errors import EvidenceArchiveNotFound
from ..evidence_forms import EvidenceArchiveForm, EvidenceForm
from ..models import SurveyBatch, SurveyedParcel, SurveyEvidence
from ..models.evidence import EVIDENCE_KINDS
from ..permissions import BOOK_AUDIT, BOOK_VIEW, INTAKE, OWN_VIEW
from ..queries import evidence as queries
from ..queries import surveys
from ..rules.evidence import EvidenceKind
from ..services import evidence as services
from ..services import evidence_archives
from ..surveying.pictures import small_picture
from .surveys import address_of, trail

#: So many lines of an answer stand on its page; all of them are in the workbook.
MOST_LINES = 300
_TONES: dict[str, Tone] = {"faulty": "bad", "failed": "bad", "applied": "good"}


def _list_address(of: SurveyBatch) -> str:
    return reverse("registry:survey_evidence", args=[of.pk])


def _parcel_address(of: SurveyBatch, number: int) -> str:
    return reverse("registry:survey_parcel", args=[of.pk, number])


def _may_change(request: HttpRequest, of: SurveyBatch) -> bool:
    return may(actor_of(request).role, INTAKE) and of.state in services.OPEN


@require_http_methods(["GET", "HEAD", "POST"])
@allows(BOOK_VIEW)
def survey_parcel(request: HttpRequest, batch_id: int, number: int) -> HttpResponse:
    """One surveyed parcel: what the survey says, what was found, its photos and documents. A POST adds one."""
    actor = actor_of(request)
    batch = surveys.batch(batch_id, actor=actor)
    row = queries.parcel(batch, number, actor=actor)
    sent = request.method == "POST"
    form = EvidenceForm(*((request.POST, request.FILES) if sent else (None, None)))
    if sent:
        require(actor, INTAKE)
        if form.is_valid():
            given = form.cleaned_data
            try:
                services.add_evidence(
                    batch_id=batch_id, number=number, kind=EvidenceKind(given["kind"]), content=given["file"].file,
                    name=given["file"].name or "", actor=actor, at=clock.now(),
                )  # fmt: skip
            except DomainError as error:
                form.add_error("file", error.text)
            else:
                messages.success(request, "已增加佐证。")
                return redirect("registry:survey_parcel", batch_id, number)
    context = {
        "batch": batch,
        "row": row,
        "title": f"第 {number} 宗",
        "state": State(row.get_level_display(), _LEVELS.get(row.level, "good")),
        "facts": _facts(row),
        "evidence": queries.of_parcel(batch, row, actor=actor, on=clock.legal_day(clock.now())),
        "findings": surveys.findings(batch, actor=actor, number=number),
        "drawing": _drawing(row),
        "may_change": _may_change(request, batch),
        "may_bring": may(actor.role, INTAKE),
        "form": form,
        "crumbs": trail(
            (f"第 {batch.pk} 批", address_of(batch)),
            ("宗地", reverse("registry:survey_parcels", args=[batch.pk])),
            (f"第 {number} 宗", None),
        ),
    }
    return render(request, "registry/survey_parcel.html", context, status=422 if form.errors else 200)


_LEVELS: dict[str, Tone] = {"fault": "bad", "person": "warn", "note": "warn"}


def _facts(row: SurveyedParcel) -> list[Fact]:
    facts = [
        Fact("代码", row.code or row.ground_code or "待编号"),
        Fact("权利人", row.holders_text or "没有写"),
        Fact("坐落", row.location or row.division.name),
    ]
    if row.declared_m2 is not None:
        facts.append(Fact("实测面积", f"{row.declared_m2:,.2f} m²"))
    return [*facts, Fact("用途", row.use)] if row.use else facts


def _drawing(row: SurveyedParcel) -> str:
    if row.geometry is None:
        return ""
    name = f"第 {row.number} 宗"
    # ``draw`` quotes every name that it writes.
    return mark_safe(
        draw([Outline(str(row.number), name, row.geometry, label="")], title=f"{name}的界址", labels=False)
    )


def _state_of(row: SurveyEvidence) -> str:
    if row.withdrawn_at is not None:
        return "已撤回"
    return "没有对应的宗地" if row.number is None else "在册"


_LISTING: Listing[SurveyEvidence] = Listing(
    title="调查佐证",
    columns=[
        Column("number", "宗", lambda e: e.number or f"原第 {e.given_number} 宗", order=("number",), kind="number",
               link=lambda e: _parcel_address(e.batch, e.number) if e.number else ""),
        Column("name", "文件", lambda e: e.file_name, order=("file_name",), wide=True,
               link=lambda e: reverse("registry:evidence", args=[e.pk])),
        Column("kind", "类别", lambda e: e.get_kind_display(), order=("kind",)),
        Column("taken_on", "拍摄日期", lambda e: e.taken_on, order=("taken_on",), kind="date"),
        Column("user", "提交人", lambda e: str(e.user or "系统")),
        Column("at", "提交日期", lambda e: clock.legal_day(e.at), order=("at",), kind="date"),
        Column("state", "状态", _state_of),
        Column("reason", "撤回理由", lambda e: e.withdrawn_reason),
    ],
    filters=[
        Filter("number", "宗序号", kind="text"),
        Filter("kind", "类别", options=[Option(*one) for one in EVIDENCE_KINDS]),
        Filter("state", "状态", options=[
            Option("standing", "在册"), Option("lost", "没有对应的宗地"), Option("withdrawn", "已撤回"),
        ]),
    ],
    order=("number", "pk"),
    empty="这一批还没有佐证",
    empty_next="打开一宗逐个增加，或用一个压缩包整批上传。",
)  # fmt: skip


@require_safe
@allows(BOOK_VIEW)
def survey_evidence(request: HttpRequest, batch_id: int) -> HttpResponse:
    """All evidence of a batch, and the archives by which it came."""
    actor = actor_of(request)
    batch, asked = surveys.batch(batch_id, actor=actor), _LISTING.asked(request.GET)
    told = asked.text("number")
    number = int(told) if told.isdecimal() and len(told) < 9 else None
    rows = queries.of_batch(batch, actor=actor, number=number, kind=asked.text("kind"), state=asked.text("state"))
    context = {
        "crumbs": trail((f"第 {batch.pk} 批", address_of(batch)), ("佐证", None)),
        "lead": batch.title,
        "batch": batch,
        "share": queries.share_of(batch, actor=actor, on=clock.legal_day(clock.now())),
        "archives": list(queries.archives(batch, actor=actor)[:20]),
        "lost": queries.of_batch(batch, actor=actor, state="lost").order_by("pk")[:50],
        "may_change": _may_change(request, batch),
    }
    rows = rows.select_related("batch", "blob", "user")
    return _LISTING.respond(request, asked, rows, template="registry/survey_evidence.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(INTAKE)
def new_evidence_archive(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Give an archive of photos and documents of many parcels."""
    actor = actor_of(request)
    batch = surveys.batch(batch_id, actor=actor)
    sent = request.method == "POST"
    form = EvidenceArchiveForm(*((request.POST, request.FILES) if sent else (None, None)))
    if sent and form.is_valid():
        given = form.cleaned_data
        try:
            made = evidence_archives.take_evidence_archive(
                batch_id=batch_id, content=given["file"].file, name=given["file"].name or "",
                documents_as=EvidenceKind(given["documents_as"]), actor=actor, at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error("file", error.text)
        else:
            return redirect("registry:evidence_archive", batch_id, made.pk)
    context = {
        "form": form, "title": "整批上传佐证", "submit": "上传并核对", "cancel_url": _list_address(batch),
        "lead": "整包核对，全部没有错才收；有一个文件有错就全部不收，并逐个告诉您错在哪里、怎样改。",
        "crumbs": trail((f"第 {batch.pk} 批", address_of(batch)), ("佐证", _list_address(batch)), ("整批上传", None)),
    }  # fmt: skip
    return render(request, "registry/new_evidence_archive.html", context, status=422 if form.errors else 200)


@require_safe
@allows(BOOK_VIEW)
def evidence_archive(request: HttpRequest, batch_id: int, archive_id: int) -> HttpResponse:
    """The answer to an archive, file by file; ``?export=xlsx`` gives it as a workbook."""
    actor = actor_of(request)
    batch = surveys.batch(batch_id, actor=actor)
    found = queries.archive(archive_id, actor=actor)
    if found.batch_id != batch.pk:
        raise EvidenceArchiveNotFound(archive=archive_id)
    lines = list(queries.answered(found))
    if request.GET.get("export") == "xlsx":
        return workbook_response(f"{found.file_name.rpartition('.')[0]}-核对结果", queries.ANSWER_HEADS, lines)
    counts = found.counts
    facts = [
        Fact("区划", found.batch.division.name),
        Fact("上传", f"{clock.legal_day(found.at)}", note=str(found.user or "")),
    ]
    if counts:
        facts += [
            Fact("文件", f"{counts['files']:,}"),
            Fact("有错", f"{counts['bad']:,}"),
            Fact("已收", f"{counts['taken']:,}"),
        ]
    context = {
        "batch": batch,
        "of": found,
        "job": found.job,
        "is_working": found.is_working,
        "title": found.file_name,
        "state": State(found.get_state_display(), _TONES.get(found.state, "plain")),
        "facts": facts,
        "lines": lines[:MOST_LINES],
        "more_lines": len(lines) > MOST_LINES,
        "may_change": _may_change(request, batch),
        "crumbs": trail(
            (f"第 {batch.pk} 批", address_of(batch)), ("佐证", _list_address(batch)), (f"第 {found.pk} 号压缩包", None)
        ),
    }
    return render(request, "registry/evidence_archive.html", context)


@require_safe
@allows(BOOK_VIEW, BOOK_AUDIT, OWN_VIEW)
def evidence(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """A file that one may see: shown; ``?save`` saves it; ``?small`` is the small picture in it, else the whole."""
    found = queries.one_evidence(evidence_id, actor=actor_of(request))
    if "small" in request.GET:
        small = small_picture(files.content(found.blob_id), found.blob.as_kind)
        if small is not None:
            answer = files.attached(small, name=found.file_name, media_type="image/jpeg")
            answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(found.file_name)}"
            return answer
    return files.answer(found.blob_id, name=found.file_name, inline="save" not in request.GET)


@require_POST
@allows(INTAKE)
def withdraw_evidence(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Withdraw what was given, with a reason."""
    actor = actor_of(request)
    found = queries.one_evidence(evidence_id, actor=actor)
    reason = request.POST.get("reason", "").replace("\x00", "")
    try:
        services.withdraw_evidence(evidence_id=evidence_id, reason=reason, actor=actor, at=clock.now())
    except DomainError as error:
        messages.error(request, error.text)
    else:
        messages.success(request, "已撤回；记录保留。")
    if found.number is None:
        return redirect("registry:survey_evidence", found.batch_id)
    return redirect("registry:survey_parcel", found.batch_id, found.number)
