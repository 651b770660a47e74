"""The API of cases: procedures, open, list, one, act, claim, hand over, materials, the package, notices and objections."""

from datetime import date, datetime
from typing import Annotated, Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Number, Size, file_of
from ronghe.kernel.files import services as files
from ronghe.kernel.paging import page

from . import queries, services
from .declared import PROCEDURES, told_period
from .errors import MaterialNotFound, OpenedElsewhere, ProcedureNotOffered
from .models import Case, Notice
from .permissions import CASE_WORK, NOTICE_READ

router = Router(tags=["办件"])

Key = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9_.]+$")]
Text = Annotated[str, Field(max_length=160, pattern=WITHOUT_NUL)]
Long = Annotated[str, Field(max_length=2000, pattern=WITHOUT_NUL)]
Code = Annotated[str, Field(max_length=24, pattern=r"^[0-9a-z-]+$")]


class ActionOut(Schema):
    """一种处理."""

    key: str
    label: str
    to: str
    outcome: str = Field(description="advance 前进, return 退回, refuse 不予通过, withdraw 撤回")
    needs_reason: bool


class CaseStepOut(Schema):
    """一个环节."""

    key: str
    title: str
    asks: str
    roles: list[str]
    period: str | None
    materials: list[str]
    actions: list[ActionOut]


class ProcedureOut(Schema):
    """一个办理程序."""

    key: str
    title: str
    summary: str
    opens: list[str]
    steps: list[CaseStepOut]


class ProceduresOut(Schema):
    """全部办理程序."""

    items: list[ProcedureOut]


class DecisionOut(Schema):
    """一次处理."""

    number: int
    action: str
    label: str
    from_step: str
    to_step: str
    reason: str
    mend: list[str]
    ruling: dict[str, Any] | None
    role: str
    at: datetime


class MaterialOut(Schema):
    """一份材料."""

    id: int
    key: str
    title: str
    file_name: str
    sha256: str = Field(alias="blob_id")
    removed_at: datetime | None


class CaseOut(Schema):
    """一个办件."""

    id: int
    number: str
    procedure: str
    title: str
    state: str = Field(description="open, paused, done, refused, withdrawn")
    step: str
    moves: int = Field(description="流转次数；处理时作为 seen 送回")
    division: str = Field(alias="division_id")
    zone: str | None = Field(alias="zone_id")
    due: date | None
    due_is_provisional: bool
    opened_at: datetime
    closed_at: datetime | None


class CaseObjectionOut(Schema):
    """对公示的一项异议."""

    id: int
    name: str
    text: str
    state: str = Field(description="open, upheld, dismissed")
    answer: str
    at: datetime


class CaseFileOut(CaseOut):
    """一个办件的全卷."""

    facts: dict[str, Any]
    decisions: list[DecisionOut]
    materials: list[MaterialOut]
    objections: list[CaseObjectionOut] = Field(description="给经办人员；申请人看不到异议人")
    allowed: list[ActionOut] = Field(description="您现在可以做的处理")


class CasesOut(Schema):
    """一页办件."""

    items: list[CaseOut]
    next: str | None = Field(description="下一页的翻页标记")


class OpenIn(Schema):
    """提出办件."""

    procedure: Key
    title: Text
    division: Code


class ActIn(Schema):
    """一次处理."""

    action: Key
    seen: Annotated[int, Field(ge=0, le=10**6, description="所见办件的流转次数 moves")]
    reason: Long = ""
    mend: Annotated[list[Key], Field(max_length=50)] = []


class HandOverIn(Schema):
    """移交."""

    to: Number | None = Field(None, description="接办用户编号；空为放回本单位")
    reason: Text


class ObjectionIn(Schema):
    """公示异议."""

    name: Annotated[str, Field(max_length=60, pattern=WITHOUT_NUL)]
    contact: Annotated[str, Field(max_length=120, pattern=WITHOUT_NUL)]
    text: Long


class ObjectionOut(Schema):
    """已收到的异议."""

    id: int
    state: str


class AnswerIn(Schema):
    """对异议的处理."""

    upheld: bool = Field(description="异议成立；不成立写 false")
    answer: Long


class FilingOut(Schema):
    """归档的后台任务."""

    job: int


class NoticeOut(Schema):
    """一次公示."""

    id: int
    title: str
    text: str
    first_day: date
    last_day: date
    is_provisional: bool
    ended_at: datetime | None


class NoticesOut(Schema):
    """一页公示."""

    items: list[NoticeOut]
    next: str | None = Field(description="下一页的翻页标记")


class CaseQuery(Schema):
    """怎样收窄列表."""

    text: Text = ""
    procedure: Annotated[str, Field(max_length=60, pattern=WITHOUT_NUL)] = ""
    state: Annotated[str, Field(max_length=12, pattern=WITHOUT_NUL)] = ""
    tab: Annotated[str, Field(pattern="^(todo|overdue|unit|done|mine)?$", description="工作台的一栏")] = ""
    cursor: Cursor = None
    size: Size = 50


def _action(one: Any) -> dict[str, Any]:
    return {"key": one.key, "label": one.label, "to": one.to, "outcome": one.outcome, "needs_reason": one.asks_reason}


def _file(found: Case, request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    file = queries.file_of(found)
    allowed = services.allowed_actions(found, actor=actor, at=clock.now()) if file.procedure else []
    plain = CaseOut.from_orm(found).dict(by_alias=True)
    return {
        **plain,
        "facts": found.facts,
        "decisions": list(file.decisions),
        "materials": list(file.materials),
        "objections": [] if actor.role == Role.SELF else list(file.objections),
        "allowed": [_action(one) for one in allowed],
    }


@router.get("/procedures", response=ProceduresOut, summary="办理程序")
@allows(CASE_WORK)
def list_procedures(request: HttpRequest) -> Any:
    """Every declared procedure, step by step."""
    return {
        "items": [
            {
                "key": one.key,
                "title": one.title,
                "summary": one.summary,
                "opens": sorted(one.opens),
                "steps": [
                    {
                        "key": step.key,
                        "title": step.title,
                        "asks": step.asks,
                        "roles": sorted(step.roles),
                        "period": told_period(step.period) or None,
                        "materials": [m.title for m in step.materials],
                        "actions": [_action(a) for a in step.actions],
                    }
                    for step in one.steps
                ],
            }
            for one in sorted(PROCEDURES.values(), key=lambda p: p.key)
        ]
    }


@router.get("/cases", response=CasesOut, summary="办件列表")
@allows(CASE_WORK)
def list_cases(request: HttpRequest, asked: Query[CaseQuery]) -> Any:
    """The cases that one may see, newest first."""
    actor = actor_of(request)
    if asked.tab:
        rows = queries.workbench(actor, asked.tab, day=clock.legal_day(clock.now()))
    else:
        rows = queries.cases(actor, text=asked.text, procedure=asked.procedure, state=asked.state)
    found = page(rows, order=("-pk",), cursor=asked.cursor, size=asked.size)
    return {"items": found.rows, "next": found.next}


@router.post("/cases", response={201: CaseFileOut}, summary="提出办件", openapi_extra=CONFLICT)
@allows(CASE_WORK)
def open_case(request: HttpRequest, given: OpenIn) -> Any:
    """Open a case in the first step of its procedure."""
    if given.procedure not in PROCEDURES:
        raise ProcedureNotOffered(key=given.procedure)
    actor = actor_of(request)
    if page := PROCEDURES[given.procedure].opened_at(actor.role):
        raise OpenedElsewhere(procedure=PROCEDURES[given.procedure].title, page=page)
    made = services.open_case(given.procedure, title=given.title, division=given.division, actor=actor, at=clock.now())
    return Status(201, _file(made, request))


@router.get("/cases/{case_id}", response=CaseFileOut, summary="办件全卷")
@allows(CASE_WORK)
def get_case(request: HttpRequest, case_id: Number) -> Any:
    """One case with its decisions, materials, and what one may do now."""
    return _file(queries.case(case_id, actor=actor_of(request)), request)


@router.post("/cases/{case_id}/act", response=CaseFileOut, summary="处理办件", openapi_extra=CONFLICT)
@allows(CASE_WORK)
def act(request: HttpRequest, case_id: Number, given: ActIn) -> Any:
    """Take a decision; refused when somebody has acted since ``seen``."""
    actor = actor_of(request)
    services.act(
        case_id=case_id, action=given.action, seen=given.seen, reason=given.reason, mend=given.mend, actor=actor,
        at=clock.now(),
    )  # fmt: skip
    return _file(queries.case(case_id, actor=actor), request)


@router.post("/cases/{case_id}/claim", response=CaseFileOut, summary="领办", openapi_extra=CONFLICT)
@allows(CASE_WORK)
def claim(request: HttpRequest, case_id: Number) -> Any:
    """Take the case to oneself."""
    actor = actor_of(request)
    services.claim(case_id=case_id, actor=actor, at=clock.now())
    return _file(queries.case(case_id, actor=actor), request)


@router.post("/cases/{case_id}/hand-over", response=CaseFileOut, summary="移交", openapi_extra=CONFLICT)
@allows(CASE_WORK)
def hand_over(request: HttpRequest, case_id: Number, given: HandOverIn) -> Any:
    """Hand the case to somebody who may act in its step."""
    actor = actor_of(request)
    services.hand_over(case_id=case_id, to_user_id=given.to, reason=given.reason, actor=actor, at=clock.now())
    return _file(queries.case(case_id, actor=actor), request)


@router.post("/cases/{case_id}/materials", response={201: MaterialOut}, summary="提交材料", openapi_extra=CONFLICT)
@allows(CASE_WORK)
def attach(
    request: HttpRequest, case_id: Number, key: Annotated[Key, Form()], file: Annotated[UploadedFile, File()]
) -> Any:
    """Attach a file to the present step."""
    content = cast(BinaryIO, file.file)
    made = services.attach(
        case_id=case_id, key=key, content=content, name=file.name or "", actor=actor_of(request), at=clock.now()
    )
    return Status(201, made)


@router.get(
    "/cases/{case_id}/materials/{material_id}", response={200: None}, summary="下载材料", openapi_extra=file_of("*/*")
)
@allows(CASE_WORK)
def get_material(request: HttpRequest, case_id: Number, material_id: Number) -> HttpResponse:
    """The file of a material."""
    found = queries.material(queries.case(case_id, actor=actor_of(request)), material_id)
    return files.answer(found.blob_id, name=found.file_name)


@router.post(
    "/cases/{case_id}/materials/{material_id}/remove",
    response=MaterialOut,
    summary="撤换材料",
    openapi_extra=CONFLICT,
)
@allows(CASE_WORK)
def remove_material(request: HttpRequest, case_id: Number, material_id: Number) -> Any:
    """Take a file back: it no longer counts, and stays in the record."""
    return services.remove_material(case_id=case_id, material_id=material_id, actor=actor_of(request), at=clock.now())


@router.post("/cases/{case_id}/archive", response={202: FilingOut}, summary="归档", openapi_extra=CONFLICT)
@allows(CASE_WORK)
def archive(request: HttpRequest, case_id: Number) -> Any:
    """Have the package of a closed case made in the background."""
    job = services.file_case(case_id=case_id, actor=actor_of(request), at=clock.now())
    return Status(202, {"job": job.pk})


@router.get(
    "/cases/{case_id}/archive", response={200: None}, summary="归档包", openapi_extra=file_of("application/zip")
)
@allows(CASE_WORK)
def get_archive(request: HttpRequest, case_id: Number) -> HttpResponse:
    """The newest package of a closed case."""
    found = queries.case(case_id, actor=actor_of(request))
    package = found.archives.order_by("-pk").first()
    if package is None:
        raise MaterialNotFound(case=found.number, material_id="归档包")
    return files.answer(package.blob_id, name=f"{found.pk}.zip")


@router.post("/objections/{objection_id}/answer", response=ObjectionOut, summary="处理异议", openapi_extra=CONFLICT)
@allows(CASE_WORK)
def answer_objection(request: HttpRequest, objection_id: Number, given: AnswerIn) -> Any:
    """Answer an objection; when it was the last open one the case goes on."""
    return services.answer_objection(
        objection_id=objection_id, upheld=given.upheld, answer=given.answer, actor=actor_of(request), at=clock.now()
    )


@router.get("/notices", response=NoticesOut, summary="公示")
@allows(NOTICE_READ)
def list_notices(request: HttpRequest, cursor: Cursor = None, size: Size = 50) -> Any:
    """What is told to the public, newest first."""
    rows = queries.notices(actor_of(request), day=clock.legal_day(clock.now()))
    found = page(rows, order=("-last_day", "-pk"), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/notices/{notice_id}", response=NoticeOut, summary="一次公示")
@allows(NOTICE_READ)
def get_notice(request: HttpRequest, notice_id: Number) -> Notice:
    """One notice."""
    return queries.notice(notice_id, actor=actor_of(request))


@router.post(
    "/notices/{notice_id}/objections", response={201: ObjectionOut}, summary="提出异议", openapi_extra=CONFLICT
)
@allows(NOTICE_READ)
def object_to(request: HttpRequest, notice_id: Number, given: ObjectionIn) -> Any:
    """Object to what a notice says: the case pauses until somebody answers."""
    made = services.object_to(notice_id=notice_id, actor=actor_of(request), at=clock.now(), **given.dict())
    return Status(201, made)
