"""Pages of papers: the list, one with its files, a batch; and for everybody the check by code."""

import hashlib

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.audit.queries import events_of
from ronghe.kernel.audit.verbs import title_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State

from . import codes, queries, services
from .declared import TEMPLATES
from .errors import CodeMalformed, PaperNotFound
from .models import Batch, Paper
from .permissions import PAPER_CHECK, PAPER_REVOKE, PAPER_VIEW

_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMS = {
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}


def address_of(found: Paper) -> str:
    return reverse("papers:paper", args=[found.pk])


@require_safe
@allows(PAPER_VIEW)
def papers(request: HttpRequest) -> HttpResponse:
    """The papers of one's division and below."""
    kinds = sorted(TEMPLATES.values(), key=lambda one: one.title)
    listing: Listing[Paper] = Listing(
        title="文书",
        columns=[
            Column("number", "编号", lambda p: p.number, kind="code", link=address_of, wide=True),
            Column("title", "文书", lambda p: p.title),
            Column("unit", "出具单位", lambda p: str(p.org_unit or "")),
            Column("at", "出具日", lambda p: clock.legal_day(p.issued_at), order=("issued_at",), kind="date"),
            Column("state", "状态", lambda p: "已作废" if hasattr(p, "revocation") else "有效"),
        ],
        filters=[
            Filter("text", "编号、名称或核验码", kind="text"),
            Filter("template", "文书", options=[Option(one.key, one.title) for one in kinds]),
        ],
        order=("-pk",),
        empty="还没有文书",
        empty_next="在存档结论、办结的办件等页面出具文书后，会列在这里。",
        row_link=address_of,
    )
    asked = listing.asked(request.GET)
    rows = queries.papers(actor_of(request), text=asked.text("text"), template=asked.text("template"))
    return listing.respond(request, asked, rows, context={"crumbs": [("文书", None)]})


@require_safe
@allows(PAPER_VIEW)
def paper(request: HttpRequest, paper_id: int) -> HttpResponse:
    """One paper."""
    return _page(request, paper_id)


def _page(request: HttpRequest, paper_id: int, *, fault: str = "", status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    found = queries.paper(paper_id, actor=actor)
    revoked = getattr(found, "revocation", None)
    context = {
        "paper": found,
        "revoked": revoked,
        "title": found.title,
        "state": State("已作废", "bad") if revoked else State("有效", "good"),
        "facts": [
            Fact("核验码", codes.spaced(found.code), url=reverse("papers:check_code", args=[codes.spaced(found.code)])),
            Fact("出具单位", str(found.org_unit or "—")),
            Fact("出具日", clock.legal_day(found.issued_at).isoformat(), note=str(found.issued_by or "")),
        ],
        "events": [(e, title_of(e.verb)) for e in events_of(found)[:50]],
        "fault": fault,
        "crumbs": [("文书", reverse("papers:papers")), (found.number, None)],
    }
    return render(request, "papers/paper.html", context, status=status)


@require_safe
@allows(PAPER_VIEW)
def download(request: HttpRequest, paper_id: int, form: str) -> HttpResponse:
    """A paper as PDF (what counts), DOCX or XLSX (to work on)."""
    found = queries.paper(paper_id, actor=actor_of(request))
    if form == "pdf":
        return files.answer(found.pdf_id, name=f"{found.number}.pdf", inline=True)
    if form not in FORMS:
        raise PaperNotFound(paper_id=paper_id)
    answer = HttpResponse(services.copy_of(found, form), content_type=FORMS[form])
    answer["Content-Disposition"] = f"attachment; filename=paper-{found.pk}.{form}"
    return answer


@require_POST
@allows(PAPER_REVOKE)
def revoke(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Revoke a paper."""
    actor = actor_of(request)
    found = queries.paper(paper_id, actor=actor)
    require(actor, PAPER_REVOKE, division=found.division_id)
    reason = request.POST.get("reason", "").replace("\x00", "")
    try:
        services.revoke_paper(paper_id=paper_id, reason=reason, actor=actor, at=clock.now())
    except DomainError as error:
        return _page(request, paper_id, fault=error.text, status=error.status)
    messages.success(request, "已作废；核验时会显示理由。")
    return redirect(address_of(found))


@require_safe
@allows(PAPER_VIEW)
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: progress, then its package."""
    found = queries.batches(actor_of(request)).filter(pk=batch_id).first()
    if found is None:
        raise PaperNotFound(paper_id=batch_id)
    context = {
        "batch": found,
        "job": found.job,
        "title": found.title,
        "state": State(found.get_state_display(), {"done": "good", "failed": "bad"}.get(found.state, "place")),  # type: ignore[arg-type]
        "facts": [Fact("份数", f"{found.count:,}")],
        "crumbs": [("文书", reverse("papers:papers")), (found.title, None)],
    }
    return render(request, "papers/batch.html", context)


@require_safe
@allows(PAPER_VIEW)
def package(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The papers of a batch in one package."""
    found: Batch | None = queries.batches(actor_of(request)).filter(pk=batch_id).first()
    if found is None or found.package_id is None:
        raise PaperNotFound(paper_id=batch_id)
    return files.answer(found.package_id, name=f"{found.title}.zip")


class CheckForm(forms.Form):
    """A code, as typed."""

    code = forms.CharField(label="核验码", max_length=40, help_text="文书右下角的 16 位字母和数字，不分大小写。")


@never_cache
@require_safe
@allows(PAPER_CHECK)
def check(request: HttpRequest) -> HttpResponse:
    """证照核验: the form for a code."""
    if "code" in request.GET:
        code = codes.plain(request.GET["code"])
        if code:
            return redirect("papers:check_code", codes.spaced(code))
        form = CheckForm(request.GET)
        form.full_clean()
        if not form.errors:
            form.add_error("code", CodeMalformed(code=request.GET["code"][:24]).text)
        return render(request, "papers/check.html", {"form": form}, status=400)
    return render(request, "papers/check.html", {"form": CheckForm()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@allows(PAPER_CHECK)
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """What a code says to everybody; a PDF that one has is compared with the one that was issued."""
    try:
        answer = queries.answer(code)
    except CodeMalformed as error:
        form = CheckForm({"code": code[:40]})
        form.full_clean()
        form.add_error("code", error.text)
        return render(request, "papers/check.html", {"form": form}, status=400)
    same: bool | None = None
    upload = request.FILES.get("file")
    if request.method == "POST" and upload is not None:
        digest = hashlib.sha256()
        for piece in upload.chunks():
            digest.update(piece)
        same = digest.hexdigest() == answer.sha256
    status = 404 if answer.state == "unknown" else 200
    return render(request, "papers/answer.html", {"answer": answer, "code": code, "same": same}, status=status)
