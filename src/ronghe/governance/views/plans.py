"""方案入库: the list of plans, taking one in, and the workspace with the tree beside the marked text."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.pages.record import Tone
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.drafting import Current
from ronghe.policy.models import PlanDraft
from ronghe.policy.queries import drafts as queries
from ronghe.policy.reader.intake.limits import FILE_BYTES, MB
from ronghe.policy.revising import differences
from ronghe.policy.services import drafts

from .. import services
from ..marked import marks, pieces
from ..permissions import PLAN_INTAKE
from ..procedures import CHECK, CONFIRM, refuse_corrector

TONES: dict[str, Tone] = {"reading": "place", "checking": "place", "confirmed": "good", "unreadable": "bad"}


def address_of(draft: PlanDraft) -> str:
    return reverse("governance:plan", args=[draft.pk])


@require_safe
@allows(PLAN_INTAKE)
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of one's division and below."""
    listing: Listing[PlanDraft] = Listing(
        title="方案入库",
        columns=[
            Column("pk", "编号", lambda d: d.pk, order=("pk",), kind="code"),
            Column("file", "方案", lambda d: d.file_name, link=address_of, wide=True),
            Column("state", "状态", lambda d: d.get_state_display(), template="governance/_plan_state.html"),
            Column("zone", "试验区", lambda d: d.zone.short if d.zone else ""),
            Column("division", "区划", lambda d: d.division.name),
            Column("by", "提交人", lambda d: str(d.made_by or "")),
            Column("at", "提交日", lambda d: clock.legal_day(d.made_at), order=("made_at",), kind="date"),
        ],
        filters=[Filter("state", "状态", options=[Option(value, label) for value, label in PlanDraft.State.choices])],
        order=("-pk",),
        empty="还没有方案",
        empty_next="上传一份实施方案，平台读出条款和任务，校核确认后即成为试验区。",
        row_link=address_of,
    )
    asked = listing.asked(request.GET)
    rows = queries.drafts(actor_of(request), state=asked.text("state"))
    lead = "实施方案从文件到任务台账：阅读、校核、确认，三步两人。"
    context = {"lead": lead, "may_take": actor_of(request).role == "zone_office"}
    return listing.respond(request, asked, rows, template="governance/plans.html", context=context)


class PlanForm(forms.Form):
    """The file of a plan."""

    file = forms.FileField(
        label="实施方案",
        help_text=f"txt、docx、pdf（有文字层）或 html，不超过 {FILE_BYTES // MB} MB。扫描件请先做文字识别。",
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.docx,.pdf,.html,.htm"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allows(PLAN_INTAKE)
def new_plan(request: HttpRequest) -> HttpResponse:
    """Take a plan in."""
    is_sent = request.method == "POST"
    form = PlanForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            draft, case = services.take_plan(
                content=upload.file, name=upload.name, actor=actor_of(request), at=clock.now()
            )
        except DomainError as error:
            form.add_error("file", error.text)
        else:
            messages.success(request, f"已提交，办件编号 {case.number}。平台正在阅读。")
            return redirect(address_of(draft))
    context = {
        "form": form,
        "title": "提交实施方案",
        "lead": "平台读出条款、任务、单位和时限，您再对照原文校核。",
        "submit": "提交方案",
        "cancel_url": reverse("governance:plans"),
        "crumbs": [("方案入库", reverse("governance:plans")), ("提交", None)],
    }
    return render(request, "portal/form.html", context, status=400 if form.errors else 200)


@require_safe
@allows(PLAN_INTAKE)
def plan(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The workspace: the tree of tasks beside the text, everything that was read marked in its place."""
    draft = queries.draft(draft_id, actor=actor_of(request))
    context = head_of(request, draft, "text")
    if draft.reading is None:
        return render(request, "governance/plan_wait.html", context)
    here: Current = context["draft"]
    text = files.content(draft.text_id or "").decode("utf-8")
    chapters: dict[str, list[Any]] = {}
    titles = {clause.path: clause.title for clause in here.reading.clauses}
    for one in here.tasks:
        chapters.setdefault(one.task.path[0], []).append(one)
    context |= {
        "chapters": [(mark, titles.get((mark,), ""), tasks) for mark, tasks in chapters.items()],
        "pieces": pieces(text, marks(here)),
        "doubts": [one for one in here.doubts if not one.settled],
        "settled": [one for one in here.doubts if one.settled],
        "wants": sum(one.wants_a_look for one in here.kept),
    }
    return render(request, "governance/plan.html", context)


def head_of(request: HttpRequest, draft: PlanDraft, tab: str) -> dict[str, Any]:
    """What every page of a plan shows: its case, its checks, the way to its other pages."""
    case = services.case_of(draft)
    here = drafts.current_of(draft) if draft.reading is not None else None
    checks = drafts.all_checks(here) if here is not None and draft.state == PlanDraft.State.CHECKING else []
    refusal = _refusal(case, draft, request)
    places = [("text", "对照原文", "plan"), ("names", "单位和区域", "names"), ("zone", "试验区和文件", "zone")]
    places += [("changes", "差异和改动", "changes")]
    return {
        "plan": draft,
        "draft": here,
        "case": case,
        "job": draft.job,
        "may_change": _may_change(case, request) and draft.state == PlanDraft.State.CHECKING,
        "title": (here.document.title if here else None) or draft.file_name,
        "state": State(draft.get_state_display(), TONES.get(draft.state, "plain")),
        "facts": _facts(draft, here, case),
        "checks": checks,
        "open_checks": [one for one in checks if not one.ok],
        "tab_urls": {key: reverse(f"governance:{name}", args=[draft.pk]) for key, _, name in places},
        "tabs": [(label, reverse(f"governance:{name}", args=[draft.pk]), key == tab) for key, label, name in places]
        if here
        else None,
        "is_revision": here is not None and here.zone.mode == "revision",
        "differences": differences(here) if here is not None and tab == "changes" else [],
        "may_act": refusal is None and case is not None and not case.is_over,
        "refusal": refusal,
        "is_stuck": draft.state == PlanDraft.State.READING and (draft.job is None or draft.job.is_over),
        "crumbs": [("方案入库", reverse("governance:plans")), (f"第 {draft.pk} 号", None)],
    }


def _refusal(case: Case | None, draft: PlanDraft, request: HttpRequest) -> DomainError | None:
    """Why the actor may not act in the present step, so that the page says it before somebody tries."""
    if case is None or case.is_over:
        return None
    actor = actor_of(request)
    refusal = casework.may_see_step(case, actor=actor, at=clock.now())
    if refusal is None and case.step == CONFIRM:
        try:
            refuse_corrector(draft, actor)
        except DomainError as error:
            return error
    return refusal


def _may_change(case: Case | None, request: HttpRequest) -> bool:
    if case is None or case.step != CHECK or case.is_over:
        return False
    return casework.may_see_step(case, actor=actor_of(request), at=clock.now()) is None


def _facts(draft: PlanDraft, here: Current | None, case: Case | None) -> list[Fact]:
    facts = [Fact("文件", draft.file_name)]
    if here is not None:
        facts += [Fact("任务", f"{len(here.kept)} 项"), Fact("改动", f"{draft.change_count} 次")]
    if case is not None:
        facts.append(Fact("办件", case.number, url=reverse("casework:case", args=[case.pk])))
    if draft.zone is not None:
        facts.append(Fact("试验区", draft.zone.short, url=reverse("portal:zone", args=[draft.zone_id])))
    return facts
