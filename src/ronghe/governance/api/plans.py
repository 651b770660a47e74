"""The API of plan intake: give a plan, follow its reading, see and correct what was read; the case goes on by its own API."""

from datetime import date, datetime
from typing import Annotated, Any, BinaryIO, cast

from django.http import HttpRequest
from ninja import Field, File, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.actors import Actor
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Number, Size
from ronghe.kernel.paging import page
from ronghe.policy.drafting import Current, DraftTask
from ronghe.policy.models import PlanDraft
from ronghe.policy.queries import drafts as queries
from ronghe.policy.revising import differences
from ronghe.policy.services import drafts

from .. import services
from ..permissions import PLAN_INTAKE

router = Router(tags=["方案入库"])

Name = Annotated[str, Field(max_length=120, pattern=WITHOUT_NUL)]


class PlanOut(Schema):
    """一份方案."""

    id: int
    file_name: str
    state: str = Field(description="reading, unreadable, checking, confirmed, abandoned")
    failure: str
    division: str = Field(alias="division_id")
    zone: str | None = Field(alias="zone_id")
    job: int | None = Field(alias="job_id", description="阅读的后台任务")
    changes: int = Field(alias="change_count")
    made_at: datetime


class PlansOut(Schema):
    """一页方案."""

    items: list[PlanOut]
    next: str | None = Field(description="下一页的翻页标记")


class PlanTaskOut(Schema):
    """读出的一项任务."""

    key: str = Field(description="更正时使用的标识")
    clause: str
    measure: int
    title: str
    lead: list[str]
    cooperating: list[str]
    responsible: list[str]
    deadline: str | None
    milestones: list[list[str]]
    areas: list[str]
    topic: int | None
    room: str
    confidence: float
    start: int = Field(description="在原文里的起点")
    end: int
    removed: bool
    corrected: list[str]


class CheckOut(Schema):
    """确认前的一项检查."""

    text: str
    ok: bool


class DifferenceOut(Schema):
    """修订和现行文件的一处对照."""

    kind: str
    old: str
    new: str
    title: str
    facts: list[list[str]] = Field(description="[字段, 现行, 修订]")


class PlanDetailOut(PlanOut):
    """一份方案读出的全部内容."""

    case: int | None = Field(description="办件编号，用办件接口提交、确认或退回")
    title: str | None
    issuer: str | None
    number: str | None
    date_made: date | None
    tasks: list[PlanTaskOut]
    units: dict[str, dict[str, Any]]
    areas: dict[str, dict[str, Any]]
    doubts: list[dict[str, Any]]
    zone_choice: dict[str, Any]
    checks: list[CheckOut]
    differences: list[DifferenceOut]


class CorrectIn(Schema):
    """一处更正."""

    target: Annotated[str, Field(pattern="^(head|task|unit|area|doubt|zone|match)$")]
    key: Name = ""
    field: Annotated[str, Field(max_length=20, pattern=WITHOUT_NUL)]
    value: str | int | bool | list[str] | dict[str, Any] | None = None
    reason: Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)] = ""


class ChangeOut(Schema):
    """一次改动."""

    number: int
    target: str
    key: str
    field: str
    value: Any = None
    before: Any = None
    reason: str
    undoes: int | None
    at: datetime


class ChangesOut(Schema):
    """全部改动."""

    items: list[ChangeOut]


def _task(one: DraftTask) -> dict[str, Any]:
    task = one.task
    return {
        "key": one.key,
        "clause": one.label,
        "measure": task.measure_index,
        "title": task.title,
        "lead": task.lead,
        "cooperating": task.cooperating,
        "responsible": task.responsible,
        "deadline": task.deadline,
        "milestones": [[m.date.isoformat(), m.text] for m in task.milestones],
        "areas": task.areas,
        "topic": one.topic,
        "room": one.room,
        "confidence": task.confidence,
        "start": task.place.start,
        "end": task.place.end,
        "removed": one.is_removed,
        "corrected": sorted(one.corrected),
    }


def _detail(draft: PlanDraft) -> dict[str, Any]:
    plain = PlanOut.from_orm(draft).dict(by_alias=True)
    case = services.case_of(draft)
    told: dict[str, Any] = {
        **plain, "case": case.pk if case else None, "title": None, "issuer": None, "number": None, "date_made": None,
        "tasks": [], "units": {}, "areas": {}, "doubts": [], "zone_choice": {}, "checks": [], "differences": [],
    }  # fmt: skip
    return told | _read(draft, drafts.current_of(draft)) if draft.reading is not None else told


def _read(draft: PlanDraft, here: Current) -> dict[str, Any]:
    head, zone = here.document, here.zone
    is_open = draft.state == PlanDraft.State.CHECKING
    return {
        "title": head.title,
        "issuer": head.issuer,
        "number": head.number,
        "date_made": head.date_made,
        "tasks": [_task(one) for one in here.tasks],
        "units": {
            name: {"unit": one.unit or name, "kind": one.kind, "level": one.level, "members": list(one.members),
                   "settled": one.is_known or one.is_decided}
            for name, one in here.units.items()
        },
        "areas": {
            name: {"divisions": list(one.divisions), "part": one.part, "settled": one.is_decided}
            for name, one in here.areas.items()
        },
        "doubts": [{"key": one.key, "text": one.text, "settled": one.settled} for one in here.doubts],
        "zone_choice": {
            "mode": zone.mode, "slug": zone.slug, "title": zone.title, "short": zone.short, "seat": zone.seat,
            "divisions": list(zone.divisions), "parent": zone.parent, "published": zone.published, "revises": zone.revises,
        },
        "checks": [{"text": one.text, "ok": one.ok} for one in drafts.all_checks(here)] if is_open else [],
        "differences": [
            {"kind": row.kind, "old": row.old_label, "new": row.new_label, "title": row.title,
             "facts": [[f.label, f.old, f.new] for f in row.facts]}
            for row in differences(here)
        ] if is_open else [],
    }  # fmt: skip


@router.get("/plan-drafts", response=PlansOut, summary="方案列表")
@allows(PLAN_INTAKE)
def list_plans(request: HttpRequest, cursor: Cursor = None, size: Size = 50) -> Any:
    """The plans of one's division and below, newest first."""
    found = page(queries.drafts(actor_of(request)), order=("-pk",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post("/plan-drafts", response={202: PlanDetailOut}, summary="提交方案", openapi_extra=CONFLICT)
@allows(PLAN_INTAKE)
def take_plan(request: HttpRequest, file: Annotated[UploadedFile, File()]) -> Any:
    """Give a plan; it is read in the background, and its case is opened."""
    content = cast(BinaryIO, file.file)
    draft, _ = services.take_plan(content=content, name=file.name or "", actor=actor_of(request), at=clock.now())
    return Status(202, _detail(draft))


@router.get("/plan-drafts/{draft_id}", response=PlanDetailOut, summary="一份方案")
@allows(PLAN_INTAKE)
def get_plan(request: HttpRequest, draft_id: Number) -> Any:
    """What was read in a plan, as it stands after the corrections."""
    return _detail(queries.draft(draft_id, actor=actor_of(request)))


@router.post("/plan-drafts/{draft_id}/corrections", response=PlanDetailOut, summary="更正", openapi_extra=CONFLICT)
@allows(PLAN_INTAKE)
def correct(request: HttpRequest, draft_id: Number, given: CorrectIn) -> Any:
    """Correct one fact of a plan in check: of its head, a task, a unit, an area, a doubt, the zone, or a match."""
    actor: Actor = actor_of(request)
    queries.draft(draft_id, actor=actor)
    services.correct(draft_id=draft_id, actor=actor, at=clock.now(), **given.dict())
    return _detail(queries.draft(draft_id, actor=actor))


@router.get("/plan-drafts/{draft_id}/corrections", response=ChangesOut, summary="全部改动")
@allows(PLAN_INTAKE)
def list_changes(request: HttpRequest, draft_id: Number) -> Any:
    """Every correction, oldest first."""
    return {"items": list(queries.draft(draft_id, actor=actor_of(request)).changes.order_by("number"))}


@router.post(
    "/plan-drafts/{draft_id}/corrections/{number}/undo",
    response=PlanDetailOut,
    summary="撤销改动",
    openapi_extra=CONFLICT,
)
@allows(PLAN_INTAKE)
def undo(request: HttpRequest, draft_id: Number, number: Annotated[int, Field(ge=1, le=10**6)]) -> Any:
    """Undo one correction."""
    actor = actor_of(request)
    queries.draft(draft_id, actor=actor)
    services.undo(draft_id=draft_id, number=number, actor=actor, at=clock.now())
    return _detail(queries.draft(draft_id, actor=actor))
