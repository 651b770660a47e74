"""后台任务: one's long work, one of it with its progress."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, signed_in
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.pages.record import Tone

from . import queries, services
from .models import Job

TONES: dict[str, Tone] = {"done": "good", "failed": "bad", "cancelled": "warn", "running": "place"}


def address_of(found: Job) -> str:
    return reverse("jobs:job", args=[found.pk])


def _listing() -> Listing[Job]:
    return Listing(
        title="后台任务",
        columns=[
            Column("made_at", "提出日", lambda j: clock.legal_day(j.made_at), order=("made_at",), kind="date"),
            Column("title", "任务", lambda j: j.title, link=address_of, wide=True),
            Column("state", "状态", lambda j: j.get_state_display(), template="jobs/_state.html"),
            Column("done", "已完成", lambda j: j.done_count, kind="number"),
        ],
        filters=[Filter("state", "状态", options=[Option(value, label) for value, label in Job.State.choices])],
        order=("-pk",),
        empty="没有后台任务",
        empty_next="导入、核对、批量制证等较长的工作会在后台进行，可以离开页面，稍后从这里找到。",
        row_link=address_of,
    )


@require_safe
@signed_in
def jobs(request: HttpRequest) -> HttpResponse:
    """One's jobs."""
    listing = _listing()
    asked = listing.asked(request.GET)
    rows = queries.jobs(actor_of(request), state=asked.text("state"))
    return listing.respond(request, asked, rows, context={"crumbs": [("后台任务", None)]})


@require_safe
@signed_in
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One job."""
    found = queries.job(job_id, actor=actor_of(request))
    context = {
        "job": found,
        "title": found.title,
        "state": State(found.get_state_display(), TONES.get(found.state, "plain")),
        "facts": [Fact("编号", found.pk), Fact("提出日", clock.legal_day(found.made_at).isoformat())],
        "crumbs": [("后台任务", reverse("jobs:jobs")), (found.title, None)],
    }
    return render(request, "jobs/job.html", context)


@require_safe
@signed_in
def progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far a job is, asked for again and again by a page; when it is over, the page comes anew."""
    found = queries.job(job_id, actor=actor_of(request))
    answer = render(request, "jobs/_progress.html", {"job": found})
    if found.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@signed_in
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Cancel one's job."""
    found = services.cancel(job_id=job_id, actor=actor_of(request), at=clock.now())
    messages.success(request, f"已取消：{found.title}。没有写入的内容不会生效。")
    return redirect(found.href or address_of(found))
