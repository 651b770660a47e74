"""The API of survey batches: give a file, see what was found, judge what needs a person, hand in."""

from datetime import date, datetime
from typing import Annotated, Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Day, Number, Size, file_of
from ronghe.kernel.files import services as files
from ronghe.kernel.paging import page

from .. import services
from ..errors import SurveyIncomplete, SurveyNotFound
from ..models import SurveyBatch
from ..permissions import BOOK_VIEW, INTAKE
from ..queries import surveys as queries
from ..rules.kinds import UnitKind

router = Router(tags=["权籍调查"])

Line = Annotated[str, Field(max_length=80, pattern=WITHOUT_NUL)]
Word = Annotated[str, Field(max_length=24, pattern=WITHOUT_NUL)]


class SurveyAttemptOut(Schema):
    """一次核对."""

    number: int
    file_name: str
    verdict: str = Field(description="checking, asking, faulty, judging, sound")
    failure: str
    found: dict[str, Any] = Field(description="读到的情况；question 是待说明的事项")
    counts: dict[str, int]
    groups: list[list[Any]] = Field(description="[程度, 类别, 处数]")
    at: datetime


class SurveyOut(Schema):
    """一个调查批次."""

    id: int
    title: str
    division: str = Field(alias="division_id")
    kind: str
    state: str = Field(description="checking, asking, faulty, judging, ready, in_case, entering, entered, closed")
    surveyor: str
    surveyed_on: date
    parcels: int = Field(alias="parcels_count")
    case: int | None = Field(alias="case_id")
    job: int | None = Field(alias="job_id")
    entered_at: datetime | None


class SurveyDetailOut(SurveyOut):
    """一个调查批次和历次核对."""

    attempts: list[SurveyAttemptOut]

    @staticmethod
    def resolve_attempts(obj: Any) -> Any:
        return queries.attempts(obj)


class SurveysOut(Schema):
    """一页调查批次."""

    items: list[SurveyOut]
    next: str | None = Field(description="下一页的翻页标记")


class SurveyFindingOut(Schema):
    """一处核对发现."""

    id: int
    number: int | None = Field(description="宗序号；整份文件的没有")
    line: int | None
    code: str
    level: str = Field(description="fault, person, note")
    kind: str
    field: str
    text: str
    mend: str
    settled_reason: str


class SurveyFindingsOut(Schema):
    """一页核对发现."""

    items: list[SurveyFindingOut]
    next: str | None = Field(description="下一页的翻页标记")


class SurveysQuery(Schema):
    """怎样收窄列表."""

    text: Line = ""
    state: Word = ""
    kind: Word = ""
    cursor: Cursor = None
    size: Size = 50


class SurveyFindingsQuery(Schema):
    """怎样收窄核对发现."""

    level: Word = ""
    kind: Word = ""
    cursor: Cursor = None
    size: Size = 50


class SurveyIn(Schema):
    """新批次的说明."""

    division: Annotated[str, Field(max_length=24, pattern=r"^[0-9a-z-]+$")]
    kind: UnitKind
    surveyor: Line
    surveyed_on: Day
    method: Annotated[str, Field(max_length=60, pattern=WITHOUT_NUL)] = ""
    admits_new: bool = False
    crs: Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)] = ""
    axes: Annotated[str, Field(pattern="^(xy|yx)?$")] = ""


class JudgeIn(Schema):
    """人工判定：一类全部，或列出的几处."""

    reason: Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)]
    kind: Word = ""
    findings: Annotated[list[Number], Field(max_length=1000)] = []


@router.get("/registry/surveys", response=SurveysOut, summary="权籍调查批次")
@allows(BOOK_VIEW)
def list_surveys(request: HttpRequest, asked: Query[SurveysQuery]) -> Any:
    """Batches that one may see, newest first."""
    rows = queries.batches(actor_of(request), text=asked.text, kind=asked.kind, state=asked.state)
    found = page(rows, order=("-pk",), cursor=asked.cursor, size=asked.size)
    return {"items": found.rows, "next": found.next}


@router.post("/registry/surveys", response={202: SurveyDetailOut}, summary="上传调查成果", openapi_extra=CONFLICT)
@allows(INTAKE)
def take_survey(
    request: HttpRequest,
    told: Form[SurveyIn],
    file: Annotated[UploadedFile, File()],
    table: Annotated[UploadedFile | None, File()] = None,
) -> Any:
    """Give the survey of a village; it is checked in the background. What is open is refused, not asked."""
    actor = actor_of(request)
    if not queries.places(actor).filter(code=told.division).exists():
        raise SurveyIncomplete(why="您管理的范围内没有这个区划")
    require(actor, INTAKE, division=told.division)
    names = ("division", "kind", "surveyor", "surveyed_on", "method", "admits_new")
    given = services.SurveyGiven(
        cast(BinaryIO, file.file), file.name or "", cast(BinaryIO, table.file) if table else None,
        (table.name or "") if table else "",
    )  # fmt: skip
    made = services.take_survey(
        told=services.SurveyTold(**{name: getattr(told, name) for name in names}), given=given,
        stated=services.SurveyStatement(crs=told.crs, axes=told.axes, asks=False), actor=actor, at=clock.now(),
    )  # fmt: skip
    return Status(202, made)


def _batch(request: HttpRequest, batch_id: int) -> SurveyBatch:
    return queries.batch(batch_id, actor=actor_of(request))


@router.get("/registry/surveys/{batch_id}", response=SurveyDetailOut, summary="一个调查批次")
@allows(BOOK_VIEW)
def get_survey(request: HttpRequest, batch_id: Number) -> Any:
    """One batch with its attempts."""
    return _batch(request, batch_id)


@router.get("/registry/surveys/{batch_id}/findings", response=SurveyFindingsOut, summary="核对发现")
@allows(BOOK_VIEW)
def list_survey_findings(request: HttpRequest, batch_id: Number, asked: Query[SurveyFindingsQuery]) -> Any:
    """What was found of a batch, the gravest first."""
    rows = queries.findings(_batch(request, batch_id), actor=actor_of(request), level=asked.level, kind=asked.kind)
    found = page(rows, order=("gravity", "number", "pk"), cursor=asked.cursor, size=asked.size)
    return {"items": found.rows, "next": found.next}


@router.get(
    "/registry/surveys/{batch_id}/marked",
    response={200: None},
    summary="标注的文件",
    openapi_extra=file_of("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/geo+json"),
)
@allows(BOOK_VIEW)
def get_survey_marked(request: HttpRequest, batch_id: Number) -> HttpResponse:
    """The last file with what was found of it."""
    last = queries.attempts(_batch(request, batch_id))[0]
    if last.annotated_id is None or last.annotated is None:
        raise SurveyNotFound(batch=batch_id)
    return files.answer(last.annotated_id, name=f"marked.{last.annotated.as_kind.suffixes[0]}")


@router.post("/registry/surveys/{batch_id}/judge", response=SurveyDetailOut, summary="人工判定", openapi_extra=CONFLICT)
@allows(INTAKE)
def judge_survey(request: HttpRequest, batch_id: Number, given: JudgeIn) -> Any:
    """Settle what needs a person, with a reason."""
    _batch(request, batch_id)
    services.judge_survey(
        batch_id=batch_id, reason=given.reason, kind=given.kind, findings=given.findings, actor=actor_of(request),
        at=clock.now(),
    )  # fmt: skip
    return _batch(request, batch_id)


@router.post(
    "/registry/surveys/{batch_id}/submit", response=SurveyDetailOut, summary="提交审核", openapi_extra=CONFLICT
)
@allows(INTAKE)
def submit_survey(request: HttpRequest, batch_id: Number) -> Any:
    """Hand a batch in for review."""
    _batch(request, batch_id)
    services.submit_survey(batch_id=batch_id, actor=actor_of(request), at=clock.now())
    return _batch(request, batch_id)
