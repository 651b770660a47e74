"""The API of reports: the list, one with its words, the figures that it rests on and whether they hold, every act on it."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Number, Size
from ronghe.kernel.paging import page

from .. import services
from ..errors import WorkReportIncomplete
from ..models import WorkReport
from ..permissions import REPORT_APPROVE, REPORT_EDIT, REPORT_VIEW
from ..queries import reports as queries
from ..queries.basis import own_zones

router = Router(tags=["通报和报告"])

Slug = Annotated[str, Field(max_length=40, pattern="^[a-z0-9-]+$")]
Key = Annotated[str, Field(max_length=20, pattern="^[a-z]+$")]
Words = Annotated[str, Field(max_length=20_000, pattern=WITHOUT_NUL)]


class ReportOut(Schema):
    """一份通报或报告."""

    id: int
    zone: str = Field(alias="zone_id")
    kind: str = Field(description="bulletin, quarterly, yearly")
    title: str
    state: str = Field(description="draft, submitted, archived")
    first: date = Field(alias="figures.first")
    last: date = Field(alias="figures.last")
    paper: int | None = Field(alias="paper_id")
    made_at: datetime


class SectionOut(Schema):
    """报告的一个部分."""

    key: str
    title: str
    text: str


class ReportDetailOut(ReportOut):
    """一份通报或报告和最新一稿."""

    version: int
    sections: list[SectionOut]
    returned_for: str
    digest: str = Field(alias="figures.digest", description="期末数据的摘要（SHA-256）")

    @staticmethod
    def resolve_version(obj: Any) -> int:
        return int(obj.versions.all()[0].number)

    @staticmethod
    def resolve_sections(obj: Any) -> Any:
        return obj.versions.all()[0].sections


class ReportsOut(Schema):
    """一页报告."""

    items: list[ReportOut]
    next: str | None = Field(description="下一页的翻页标记")


class FiguresOut(Schema):
    """冻结的期末数据."""

    first: date
    last: date
    digest: str
    made_at: datetime
    told: dict[str, Any] = Field(description="sums 是合计，tasks 是期末每项任务的情况")


class FigureDifferenceOut(Schema):
    """一处差异."""

    what: str
    frozen: str
    recorded: str


class VerificationOut(Schema):
    """按记录重算核对的结果."""

    same: bool
    whole: bool = Field(description="数据与摘要相符")
    differences: list[FigureDifferenceOut]


class ReportIn(Schema):
    """起草报告."""

    zone: Slug
    kind: Annotated[str, Field(pattern="^(bulletin|quarterly|yearly)$")]
    period: Annotated[str, Field(max_length=10, pattern=WITHOUT_NUL, description="2026-10, 2026-Q3, 2026")]


class VersionIn(Schema):
    """保存新稿."""

    seen: Number
    texts: dict[Key, Words]


class ReturnIn(Schema):
    """退改."""

    reason: Annotated[str, Field(max_length=400, pattern=WITHOUT_NUL)]


def _detail(request: HttpRequest, report_id: int) -> WorkReport:
    return queries.work_report(report_id, actor=actor_of(request))


@router.get("/reports", response=ReportsOut, summary="通报和报告列表")
@allows(REPORT_VIEW)
def list_reports(request: HttpRequest, cursor: Cursor = None, size: Size = 50) -> Any:
    """The reports that one may see, newest first."""
    found = page(queries.work_reports(actor_of(request)), order=("-pk",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post("/reports", response={201: ReportDetailOut}, summary="起草报告", openapi_extra=CONFLICT)
@allows(REPORT_EDIT)
def write_report(request: HttpRequest, given: ReportIn) -> Any:
    """Freeze the figures of a period that has ended and draft a report on them; what is in hand is given again."""
    actor = actor_of(request)
    zone = own_zones(actor).filter(pk=given.zone).first()
    if zone is None:
        raise WorkReportIncomplete(listing="由您的区划主管的试验区")
    made = services.write_report(zone=zone, kind=given.kind, period=given.period, actor=actor, at=clock.now())
    return Status(201, _detail(request, made.pk))


@router.get("/reports/{report_id}", response=ReportDetailOut, summary="一份报告")
@allows(REPORT_VIEW)
def get_report(request: HttpRequest, report_id: Number) -> Any:
    """One report with its newest words."""
    return _detail(request, report_id)


@router.get("/reports/{report_id}/figures", response=FiguresOut, summary="期末数据")
@allows(REPORT_VIEW)
def get_figures(request: HttpRequest, report_id: Number) -> Any:
    """The frozen figures: the counts, and each task as it was at the end of the period."""
    return _detail(request, report_id).figures


@router.get("/reports/{report_id}/verification", response=VerificationOut, summary="按记录重算核对")
@allows(REPORT_VIEW)
def verify(request: HttpRequest, report_id: Number) -> Any:
    """Tell the figures again from the record, and where they differ."""
    found = queries.verify_figures(_detail(request, report_id).figures)
    return {
        "same": found.is_same,
        "whole": found.is_whole,
        "differences": [{"what": d.what, "frozen": d.frozen, "recorded": d.recorded} for d in found.differences],
    }


@router.post("/reports/{report_id}/versions", response=ReportDetailOut, summary="保存新稿", openapi_extra=CONFLICT)
@allows(REPORT_EDIT)
def save_version(request: HttpRequest, report_id: Number, given: VersionIn) -> Any:
    """Save other words, written on the version that was seen."""
    services.save_version(
        report_id=report_id, seen=given.seen, texts=given.texts, actor=actor_of(request), at=clock.now()
    )
    return _detail(request, report_id)


@router.post("/reports/{report_id}/submit", response=ReportDetailOut, summary="送审", openapi_extra=CONFLICT)
@allows(REPORT_EDIT)
def submit(request: HttpRequest, report_id: Number) -> Any:
    """Hand a draft in for approval."""
    services.submit_report(report_id=report_id, actor=actor_of(request), at=clock.now())
    return _detail(request, report_id)


@router.post("/reports/{report_id}/return", response=ReportDetailOut, summary="退改", openapi_extra=CONFLICT)
@allows(REPORT_APPROVE)
def give_back(request: HttpRequest, report_id: Number, given: ReturnIn) -> Any:
    """Give a report back with what has to be changed."""
    services.return_report(report_id=report_id, reason=given.reason, actor=actor_of(request), at=clock.now())
    return _detail(request, report_id)


@router.post("/reports/{report_id}/approve", response=ReportDetailOut, summary="审定", openapi_extra=CONFLICT)
@allows(REPORT_APPROVE)
def approve(request: HttpRequest, report_id: Number) -> Any:
    """Approve a report that somebody else has written: it becomes a numbered paper."""
    services.approve_report(report_id=report_id, actor=actor_of(request), at=clock.now())
    return _detail(request, report_id)
