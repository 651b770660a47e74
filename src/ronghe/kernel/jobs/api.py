"""The API of long work: follow a job, cancel it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, signed_in
from ronghe.kernel.api_types import CONFLICT, Cursor, Number, Size
from ronghe.kernel.paging import page

from . import queries, services

router = Router(tags=["后台任务"])


class JobOut(Schema):
    """一项后台任务."""

    id: int
    kind: str
    title: str
    state: str = Field(description="queued, running, done, failed, cancelled")
    done: int = Field(alias="done_count")
    total: int | None = Field(alias="total_count")
    note: str
    result: dict[str, Any] | None
    failure_code: str
    failure: str
    href: str = Field(description="结果的站内地址")
    made_at: datetime
    ended_at: datetime | None


class JobsOut(Schema):
    """一页后台任务."""

    items: list[JobOut]
    next: str | None = Field(description="下一页的翻页标记")


@router.get("/jobs", response=JobsOut, summary="我的后台任务")
@signed_in
def list_jobs(request: HttpRequest, cursor: Cursor = None, size: Size = 50) -> Any:
    """One's jobs, newest first."""
    found = page(queries.jobs(actor_of(request)), order=("-pk",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/jobs/{job_id}", response=JobOut, summary="后台任务进度")
@signed_in
def get_job(request: HttpRequest, job_id: Number) -> Any:
    """How far a job is, and what came out."""
    return queries.job(job_id, actor=actor_of(request))


@router.post("/jobs/{job_id}/cancel", response=JobOut, summary="取消后台任务", openapi_extra=CONFLICT)
@signed_in
def cancel_job(request: HttpRequest, job_id: Number) -> Any:
    """Cancel one's job."""
    return services.cancel(job_id=job_id, actor=actor_of(request), at=clock.now())
