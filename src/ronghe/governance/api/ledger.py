"""The API of the ledger: tasks with their lights, one with all that belongs to it, and every act on it."""

from datetime import date, datetime
from typing import Annotated, Any, BinaryIO, cast

from django.http import HttpRequest
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Day, Number, Size
from ronghe.kernel.paging import page
from ronghe.policy import queries as policy

from .. import services
from ..models import Sheet
from ..permissions import LEDGER_VIEW, SHEET_ISSUE, TASK_ISSUE, TASK_WORK
from ..queries import ledger as queries
from ..queries.areas import lights_by_area
from ..queries.cases import cases_of

router = Router(tags=["任务台账"])

Text = Annotated[str, Field(min_length=1, max_length=2000, pattern=WITHOUT_NUL)]
Slug = Annotated[str, Field(max_length=40, pattern="^[a-z0-9-]+$")]
Numbers = Annotated[list[Number], Field(min_length=1, max_length=1000)]


class LedgerDutyOut(Schema):
    """一个单位在任务里的职责."""

    unit: int = Field(alias="unit_id")
    name: str = Field(alias="unit.name")
    duty: str = Field(description="lead, responsible, cooperating")
    signed_at: datetime | None
    percent: int | None


class LedgerTaskOut(Schema):
    """台账里的一项任务."""

    id: int
    zone: str = Field(alias="zone_id")
    label: str = Field(description="条款号")
    title: str
    parent: int | None = Field(alias="parent_id")
    ordered: int | None = Field(alias="ordered_id", description="文件所定任务的编号")
    topic: int | None = Field(alias="topic_id")
    room: str
    state: str
    light: str = Field(description="overdue, behind, near, normal, none")
    percent: int
    issued_on: date | None
    first_due: date | None
    due: date | None
    applied_on: date | None
    closed_on: date | None
    reported_on: date | None
    needs_help: bool
    units: list[LedgerDutyOut]


class LedgerOut(Schema):
    """一页任务."""

    items: list[LedgerTaskOut]
    next: str | None = Field(description="下一页的翻页标记")


class TaskProgressOut(Schema):
    """一次进展."""

    id: int
    unit: int = Field(alias="unit_id")
    on: date
    percent: int
    total: int
    text: str
    trouble: str
    needs_help: bool
    is_stage_result: bool
    at: datetime


class TaskMoveOut(Schema):
    """一次状态变动."""

    number: int
    from_state: str
    to_state: str
    reason: str
    case: int | None = Field(alias="case_id")
    at: datetime


class TaskNodeOut(Schema):
    """一个节点."""

    id: int
    due: date
    text: str
    reached_on: date | None


class TaskExtensionOut(Schema):
    """一次延期."""

    before: date
    after: date
    asked_on: date
    case: int = Field(alias="case_id")


class SheetOut(Schema):
    """一份督办单."""

    id: int
    task: int = Field(alias="task_id")
    unit: int = Field(alias="unit_id")
    rank: int
    colour: str
    state: str
    matter: str
    demand: str
    reply_by: date
    answer: str
    outcome: str
    follows: int | None = Field(alias="follows_id")
    paper: int | None = Field(alias="paper_id")


class SheetsOut(Schema):
    """一页督办单."""

    items: list[SheetOut]
    next: str | None = Field(description="下一页的翻页标记")


class LedgerTaskDetailOut(LedgerTaskOut):
    """一项任务和它的全部内容."""

    why: str = Field(description="亮灯的原因")
    reports: list[TaskProgressOut]
    history: list[TaskMoveOut]
    nodes: list[TaskNodeOut]
    extensions: list[TaskExtensionOut]
    sheets: list[SheetOut]
    parts: list[int]
    cases: list[int] = Field(description="办结和延期申请的办件编号")


class AreaLightsOut(Schema):
    """一个区域的亮灯."""

    division: str
    name: str
    lights: dict[str, int]


class CockpitOut(Schema):
    """驾驶舱."""

    on: date
    total: int
    states: dict[str, int]
    lights: dict[str, int]
    areas: list[AreaLightsOut]
    everywhere: int = Field(description="在全部区域实施、不计入单个区域的任务")


class LedgerAsk(Schema):
    """筛选条件."""

    text: Annotated[str, Field(max_length=100, pattern=WITHOUT_NUL)] = ""
    unit: Number | None = None
    duty: Annotated[str, Field(pattern="^(|lead|responsible|cooperating)$")] = ""
    topic: Annotated[int, Field(ge=1, le=99)] | None = None
    chapter: Annotated[str, Field(max_length=12, pattern=WITHOUT_NUL)] = ""
    area: Annotated[str, Field(max_length=24, pattern="^[0-9a-z-]*$")] = ""
    state: Annotated[str, Field(max_length=8, pattern="^[a-z]*$")] = ""
    light: Annotated[str, Field(max_length=8, pattern="^[a-z]*$")] = ""
    due_from: Day | None = None
    due_to: Day | None = None


class TaskDueIn(Schema):
    """核定期限."""

    tasks: Numbers
    due: Day


class TaskIssueIn(Schema):
    """交办."""

    tasks: Numbers


class TaskCountOut(Schema):
    """处理了几项."""

    count: int


class TaskExtensionIn(Schema):
    """申请延期."""

    until: Day
    reason: Text


class TaskPartIn(Schema):
    """分解子任务."""

    title: Annotated[str, Field(min_length=1, max_length=200, pattern=WITHOUT_NUL)]
    units: Annotated[list[Number], Field(min_length=1, max_length=50)]
    due: Day
    divisions: Annotated[list[Annotated[str, Field(max_length=24, pattern="^[0-9a-z-]+$")]], Field(max_length=100)] = []


class TaskNodeIn(Schema):
    """增加节点."""

    due: Day
    text: Annotated[str, Field(min_length=1, max_length=200, pattern=WITHOUT_NUL)]


class TaskReasonIn(Schema):
    """理由."""

    reason: Annotated[str, Field(min_length=1, max_length=400, pattern=WITHOUT_NUL)]


class SheetIn(Schema):
    """签发督办单."""

    unit: Number
    rank: Annotated[int, Field(ge=1, le=3)]
    matter: Annotated[str, Field(min_length=1, max_length=400, pattern=WITHOUT_NUL)]
    demand: Text


class SheetAnswerIn(Schema):
    """回复督办."""

    answer: Text


class SheetOutcomeIn(Schema):
    """督办办结意见."""

    outcome: Annotated[str, Field(min_length=1, max_length=400, pattern=WITHOUT_NUL)]


class CaseStartedOut(Schema):
    """形成的办件."""

    case: int
    number: str
    step: str


def _here(request: HttpRequest, slug: str) -> Any:
    found = policy.zone(slug, actor=actor_of(request))
    day = clock.legal_day(clock.now())
    return found, day, queries.limits_for(found, on=day)


def _detail(request: HttpRequest, task_id: int) -> dict[str, Any]:
    task = queries.task(task_id, actor=actor_of(request))
    day = clock.legal_day(clock.now())
    limits = queries.limits_for(task.zone, on=day)
    light, why = queries.light_of(task, day=day, limits=limits)
    task.light = light.value
    file = queries.file_of(task, day=day, limits=limits)
    plain = LedgerTaskOut.from_orm(task).dict(by_alias=True)
    return {
        **plain, "why": why, "reports": file.reports, "history": file.history, "nodes": list(task.nodes.all()),
        "extensions": file.extensions, "sheets": file.sheets, "parts": [part.pk for part in file.parts],
        "cases": list(cases_of(task, actor=actor_of(request)).values_list("pk", flat=True)[:100]),
    }  # fmt: skip


@router.get("/zones/{slug}/ledger", response=LedgerOut, summary="任务台账")
@allows(LEDGER_VIEW)
def list_ledger(request: HttpRequest, slug: Slug, ask: Query[LedgerAsk], cursor: Cursor = None, size: Size = 50) -> Any:
    """The tasks of a zone that one may see, in the order of the documents, narrowed, with their lights today."""
    found, day, limits = _here(request, slug)
    wanted = queries.LedgerFilter(**ask.dict())
    rows = queries.with_units(queries.ledger(found, actor=actor_of(request), wanted=wanted, day=day, limits=limits))
    shown = page(rows, order=("order", "pk"), cursor=cursor, size=size)
    return {"items": shown.rows, "next": shown.next}


@router.get("/zones/{slug}/cockpit", response=CockpitOut, summary="驾驶舱")
@allows(LEDGER_VIEW)
def get_cockpit(request: HttpRequest, slug: Slug) -> Any:
    """How a zone stands today: states, lights, areas."""
    found, day, limits = _here(request, slug)
    wanted = queries.LedgerFilter()
    rows = queries.ledger(found, actor=actor_of(request), wanted=wanted, day=day, limits=limits)
    states: dict[str, int] = {}
    lights: dict[str, int] = {}
    for state, light in rows.order_by().values_list("state", "light"):
        states[state] = states.get(state, 0) + 1
        lights[light] = lights.get(light, 0) + 1
    areas, everywhere = lights_by_area(found, rows)
    told = [{"division": a.division.code, "name": a.division.name, "lights": dict(a.lights)} for a in areas]
    return {"on": day, "total": sum(states.values()), "states": states, "lights": lights, "areas": told, "everywhere": everywhere}  # fmt: skip


@router.post("/zones/{slug}/ledger/due", response=TaskCountOut, summary="核定期限", openapi_extra=CONFLICT)
@allows(TASK_ISSUE)
def set_due(request: HttpRequest, slug: Slug, given: TaskDueIn) -> Any:
    """Give listed tasks their deadline."""
    found = policy.zone(slug, actor=actor_of(request))
    count = services.set_due(zone=found, task_ids=given.tasks, due=given.due, actor=actor_of(request), at=clock.now())
    return {"count": count}


@router.post("/zones/{slug}/ledger/issue", response=TaskCountOut, summary="交办任务", openapi_extra=CONFLICT)
@allows(TASK_ISSUE)
def issue_tasks(request: HttpRequest, slug: Slug, given: TaskIssueIn) -> Any:
    """Hand listed tasks out to their units."""
    found = policy.zone(slug, actor=actor_of(request))
    count = services.issue_tasks(zone=found, task_ids=given.tasks, actor=actor_of(request), at=clock.now())
    return {"count": count}


@router.get("/ledger-tasks/{task_id}", response=LedgerTaskDetailOut, summary="一项任务")
@allows(LEDGER_VIEW)
def get_task(request: HttpRequest, task_id: Number) -> Any:
    """One task with its reports, history, nodes, extensions, sheets, parts and cases; and why its light is what it is."""
    return _detail(request, task_id)


@router.post("/ledger-tasks/{task_id}/sign", response=LedgerTaskDetailOut, summary="签收任务", openapi_extra=CONFLICT)
@allows(TASK_WORK)
def sign_task(request: HttpRequest, task_id: Number) -> Any:
    """Take a task over for one's unit."""
    services.sign_for(task_id=task_id, actor=actor_of(request), at=clock.now())
    return _detail(request, task_id)


class TaskProgressIn(Schema):
    """上报进展."""

    on: Day
    percent: Annotated[int, Field(ge=0, le=100)]
    text: Text
    trouble: Annotated[str, Field(max_length=2000, pattern=WITHOUT_NUL)] = ""
    needs_help: bool = False
    is_stage_result: bool = False
    node: Number | None = None


@router.post(
    "/ledger-tasks/{task_id}/reports", response={201: TaskProgressOut}, summary="上报进展", openapi_extra=CONFLICT
)
@allows(TASK_WORK)
def report_progress(
    request: HttpRequest,
    task_id: Number,
    given: Form[TaskProgressIn],
    files: Annotated[list[UploadedFile], File()] = [],  # noqa: B006
) -> Any:
    """Report what one's unit has done by a day, with files that show it."""
    told = given.dict()
    made = services.report_progress(
        task_id=task_id, node_id=told.pop("node"), evidence=_attached(files), actor=actor_of(request), at=clock.now(),
        **told,
    )  # fmt: skip
    return Status(201, made)


def _attached(files: list[UploadedFile]) -> list[tuple[str, BinaryIO]]:
    return [(one.name or "文件", cast(BinaryIO, one.file)) for one in files]


class TaskCloseIn(Schema):
    """申请办结."""

    statement: Text


@router.post(
    "/ledger-tasks/{task_id}/close", response={201: CaseStartedOut}, summary="申请办结", openapi_extra=CONFLICT
)
@allows(TASK_WORK)
def apply_to_close(
    request: HttpRequest, task_id: Number, given: Form[TaskCloseIn], files: Annotated[list[UploadedFile], File()]
) -> Any:
    """Apply to have a task closed, with evidence; the case goes on by its own API."""
    case = services.apply_to_close(
        task_id=task_id, statement=given.statement, evidence=_attached(files), actor=actor_of(request), at=clock.now()
    )
    return Status(201, {"case": case.pk, "number": case.number, "step": case.step})


@router.post(
    "/ledger-tasks/{task_id}/extensions", response={201: CaseStartedOut}, summary="申请延期", openapi_extra=CONFLICT
)
@allows(TASK_WORK)
def ask_extension(request: HttpRequest, task_id: Number, given: TaskExtensionIn) -> Any:
    """Ask for a later deadline, before the present one has passed."""
    case = services.ask_extension(
        task_id=task_id, until=given.until, reason=given.reason, actor=actor_of(request), at=clock.now()
    )
    return Status(201, {"case": case.pk, "number": case.number, "step": case.step})


@router.post(
    "/ledger-tasks/{task_id}/parts", response={201: LedgerTaskDetailOut}, summary="分解子任务", openapi_extra=CONFLICT
)
@allows(TASK_WORK)
def add_part(request: HttpRequest, task_id: Number, given: TaskPartIn) -> Any:
    """Divide a task: a part with its own units and deadline, handed out at once."""
    made = services.add_part(
        task_id=task_id, title=given.title, unit_ids=given.units, due=given.due, divisions=given.divisions,
        actor=actor_of(request), at=clock.now(),
    )  # fmt: skip
    return Status(201, _detail(request, made.pk))


@router.post("/ledger-tasks/{task_id}/nodes", response={201: TaskNodeOut}, summary="增加节点", openapi_extra=CONFLICT)
@allows(TASK_WORK)
def add_node(request: HttpRequest, task_id: Number, given: TaskNodeIn) -> Any:
    """Add a dated goal to a task."""
    made = services.add_node(task_id=task_id, due=given.due, text=given.text, actor=actor_of(request), at=clock.now())
    return Status(201, made)


@router.post("/ledger-tasks/{task_id}/stop", response=LedgerTaskDetailOut, summary="中止任务", openapi_extra=CONFLICT)
@allows(TASK_ISSUE)
def stop_task(request: HttpRequest, task_id: Number, given: TaskReasonIn) -> Any:
    """Stop a task, with the reason."""
    services.stop_task(task_id=task_id, reason=given.reason, actor=actor_of(request), at=clock.now())
    return _detail(request, task_id)


@router.post("/ledger-tasks/{task_id}/resume", response=LedgerTaskDetailOut, summary="恢复任务", openapi_extra=CONFLICT)
@allows(TASK_ISSUE)
def resume_task(request: HttpRequest, task_id: Number, given: TaskReasonIn) -> Any:
    """Go on with a stopped task."""
    services.resume_task(task_id=task_id, reason=given.reason, actor=actor_of(request), at=clock.now())
    return _detail(request, task_id)


@router.post("/ledger-tasks/{task_id}/sheets", response={201: SheetOut}, summary="签发督办单", openapi_extra=CONFLICT)
@allows(SHEET_ISSUE)
def issue_sheet(request: HttpRequest, task_id: Number, given: SheetIn) -> Any:
    """Issue a supervision sheet to a unit of the task."""
    made = services.issue_sheet(
        task_id=task_id, unit_id=given.unit, rank=given.rank, matter=given.matter, demand=given.demand,
        actor=actor_of(request), at=clock.now(),
    )  # fmt: skip
    return Status(201, made)


@router.get("/supervision-sheets", response=SheetsOut, summary="督办单列表")
@allows(LEDGER_VIEW)
def list_sheets(
    request: HttpRequest,
    state: Annotated[str, Field(pattern="^(|open|answered|closed|followed)$")] = "",
    cursor: Cursor = None,
    size: Size = 50,
) -> Any:
    """The sheets that one may see, newest first."""
    rows = Sheet.objects.visible_to(actor_of(request))
    shown = page(rows.filter(state=state) if state else rows, order=("-pk",), cursor=cursor, size=size)
    return {"items": shown.rows, "next": shown.next}


@router.post("/supervision-sheets/{sheet_id}/answer", response=SheetOut, summary="回复督办单", openapi_extra=CONFLICT)
@allows(TASK_WORK)
def answer_sheet(request: HttpRequest, sheet_id: Number, given: SheetAnswerIn) -> Any:
    """Answer a sheet for one's unit."""
    return services.answer_sheet(sheet_id=sheet_id, answer=given.answer, actor=actor_of(request), at=clock.now())


@router.post("/supervision-sheets/{sheet_id}/close", response=SheetOut, summary="办结督办单", openapi_extra=CONFLICT)
@allows(SHEET_ISSUE)
def close_sheet(request: HttpRequest, sheet_id: Number, given: SheetOutcomeIn) -> Any:
    """Close an answered sheet."""
    return services.close_sheet(sheet_id=sheet_id, outcome=given.outcome, actor=actor_of(request), at=clock.now())
