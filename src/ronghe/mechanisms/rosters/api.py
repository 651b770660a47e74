"""The API of lists: the same for every list; its declaration says what its records hold."""

from datetime import datetime
from typing import Annotated, Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Number, Size, Slug, file_of
from ronghe.kernel.files import services as files
from ronghe.kernel.paging import page

from . import queries, services
from .declared import Roster
from .errors import ImportNotFound
from .models import Import, Record
from .permissions import ROSTERS_OPEN
from .services.records import values_of

router = Router(tags=["台账"])

Text = Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)]


class FieldOut(Schema):
    """一个字段."""

    name: str
    label: str
    kind: str
    required: bool
    choices: list[list[str]]
    unit: str
    secret: bool = Field(description="列表和记录里只给掩码")


class RosterOut(Schema):
    """一个台账."""

    key: str
    title: str
    summary: str
    key_fields: list[str] = Field(description="这些字段相同的是同一条记录")
    fields: list[FieldOut]
    states: list[list[str]]
    may_edit: bool


class RostersOut(Schema):
    """可以查看的台账."""

    items: list[RosterOut]


class RecordOut(Schema):
    """一条记录."""

    id: int
    version: int = Field(description="修改时作为 seen 送回")
    state: str
    values: dict[str, Any]
    changed_at: datetime
    ended_at: datetime | None


class RecordsOut(Schema):
    """一页记录."""

    items: list[RecordOut]
    next: str | None = Field(description="下一页的翻页标记")


class VersionOut(Schema):
    """一个版本."""

    number: int
    values: dict[str, Any]
    changed: list[str]
    act: str
    reason: str
    at: datetime


class HistoryOut(Schema):
    """一条记录的全部版本."""

    items: list[VersionOut]


class ImportOut(Schema):
    """一次导入."""

    id: int
    state: str = Field(description="checking, faulty, ready, applying, applied, failed")
    counts: dict[str, int]
    groups: list[list[Any]] = Field(description="[列, 错误, 处数]")
    faults: list[list[Any]] = Field(description="[行, 字段, 列, 错误]，最多 200 处")
    failure: str
    job: int | None = Field(alias="job_id")


class ValuesIn(Schema):
    """记录的内容."""

    values: dict[Annotated[str, Field(max_length=40)], str | int | bool | None]


class ChangeIn(ValuesIn):
    """修改."""

    seen: Annotated[int, Field(ge=1, le=10**6, description="所见版本")]
    reason: Text = ""


class EndIn(Schema):
    """终止."""

    seen: Annotated[int, Field(ge=1, le=10**6)]
    reason: Text


class MoveIn(Schema):
    """状态转换."""

    transition: Annotated[str, Field(max_length=40, pattern=WITHOUT_NUL)]
    seen: Annotated[int, Field(ge=1, le=10**6)]
    reason: Text = ""


class RecordsQuery(Schema):
    """怎样收窄列表."""

    text: Text = ""
    state: Annotated[str, Field(max_length=12, pattern=WITHOUT_NUL)] = ""
    cursor: Cursor = None
    size: Size = 50


def _roster(of: Roster, request: HttpRequest) -> dict[str, Any]:
    return {
        "key": of.key,
        "title": of.title,
        "summary": of.summary,
        "key_fields": list(of.key_fields),
        "fields": [
            {
                "name": one.name,
                "label": one.label,
                "kind": one.kind.value,
                "required": one.required,
                "choices": [list(pair) for pair in one.choices],
                "unit": one.unit,
                "secret": one.secret,
            }
            for one in of.fields
        ],
        "states": [list(pair) for pair in of.states],
        "may_edit": queries.may_edit(of, None, actor_of(request)),
    }


def _record(of: Roster, found: Record) -> dict[str, Any]:
    return {
        "id": found.pk,
        "version": found.version,
        "state": found.state,
        "values": values_of(of, found),
        "changed_at": found.changed_at,
        "ended_at": found.ended_at,
    }


def _editable(request: HttpRequest, key: str) -> Roster:
    actor = actor_of(request)
    of = queries.roster(key, actor=actor)
    require(actor, of.edit)
    return of


@router.get("/rosters", response=RostersOut, summary="台账目录")
@allows(ROSTERS_OPEN)
def list_rosters(request: HttpRequest) -> Any:
    """The lists that one may see, with their fields."""
    return {"items": [_roster(one, request) for one in queries.rosters(actor_of(request))]}


@router.get("/rosters/{key}", response=RosterOut, summary="台账的字段")
@allows(ROSTERS_OPEN)
def get_roster(request: HttpRequest, key: Slug) -> Any:
    """One list with its fields."""
    return _roster(queries.roster(key, actor=actor_of(request)), request)


@router.get("/rosters/{key}/records", response=RecordsOut, summary="台账记录")
@allows(ROSTERS_OPEN)
def list_records(request: HttpRequest, key: Slug, asked: Query[RecordsQuery]) -> Any:
    """The records in force that one may see, newest first."""
    actor = actor_of(request)
    of = queries.roster(key, actor=actor)
    rows = queries.records(of, actor=actor, text=asked.text, state=asked.state)
    found = page(rows, order=("-pk",), cursor=asked.cursor, size=asked.size)
    return {"items": [_record(of, row) for row in found.rows], "next": found.next}


@router.post("/rosters/{key}/records", response={201: RecordOut}, summary="新增记录", openapi_extra=CONFLICT)
@allows(ROSTERS_OPEN)
def create_record(request: HttpRequest, key: Slug, given: ValuesIn) -> Any:
    """Add a record."""
    of = _editable(request, key)
    made = services.create_record(of, given=given.values, actor=actor_of(request), at=clock.now())
    return Status(201, _record(of, made))


@router.get("/rosters/{key}/records/{record_id}", response=RecordOut, summary="一条记录")
@allows(ROSTERS_OPEN)
def get_record(request: HttpRequest, key: Slug, record_id: Number) -> Any:
    """One record."""
    actor = actor_of(request)
    of = queries.roster(key, actor=actor)
    return _record(of, queries.record(of, record_id, actor=actor))


@router.patch("/rosters/{key}/records/{record_id}", response=RecordOut, summary="修改记录", openapi_extra=CONFLICT)
@allows(ROSTERS_OPEN)
def change_record(request: HttpRequest, key: Slug, record_id: Number, given: ChangeIn) -> Any:
    """Change the given fields of a record; refused when somebody has changed it since ``seen``."""
    of = _editable(request, key)
    done = services.change_record(
        of, record_id=record_id, given=given.values, seen=given.seen, reason=given.reason, actor=actor_of(request),
        at=clock.now(),
    )  # fmt: skip
    return _record(of, done)


@router.post("/rosters/{key}/records/{record_id}/end", response=RecordOut, summary="终止记录", openapi_extra=CONFLICT)
@allows(ROSTERS_OPEN)
def end_record(request: HttpRequest, key: Slug, record_id: Number, given: EndIn) -> Any:
    """End a record; its history stays."""
    of = _editable(request, key)
    done = services.end_record(
        of, record_id=record_id, seen=given.seen, reason=given.reason, actor=actor_of(request), at=clock.now()
    )
    return _record(of, done)


@router.post("/rosters/{key}/records/{record_id}/move", response=RecordOut, summary="状态转换", openapi_extra=CONFLICT)
@allows(ROSTERS_OPEN)
def move_record(request: HttpRequest, key: Slug, record_id: Number, given: MoveIn) -> Any:
    """Move a record to its next state."""
    actor = actor_of(request)
    of = queries.roster(key, actor=actor)
    done = services.move_record(
        of, record_id=record_id, transition=given.transition, seen=given.seen, reason=given.reason, actor=actor,
        at=clock.now(),
    )  # fmt: skip
    return _record(of, done)


@router.get("/rosters/{key}/records/{record_id}/history", response=HistoryOut, summary="记录的历史")
@allows(ROSTERS_OPEN)
def get_history(request: HttpRequest, key: Slug, record_id: Number) -> Any:
    """Every version of a record, newest first; for the staff, as on the pages."""
    actor = actor_of(request)
    of = queries.roster(key, actor=actor)
    found = queries.record(of, record_id, actor=actor)
    told = [] if actor.is_anonymous else queries.versions(of, found, actor=actor)
    return {"items": [one.row for one in told]}


@router.post("/rosters/{key}/imports", response={202: ImportOut}, summary="上传并核对", openapi_extra=CONFLICT)
@allows(ROSTERS_OPEN)
def take_file(request: HttpRequest, key: Slug, file: Annotated[UploadedFile, File()]) -> Any:
    """Give a file; it is checked in the background."""
    of = _editable(request, key)
    content = cast(BinaryIO, file.file)
    made = services.take_file(of, content=content, name=file.name or "", actor=actor_of(request), at=clock.now())
    return Status(202, made)


@router.get("/rosters/{key}/imports/{import_id}", response=ImportOut, summary="导入的情况")
@allows(ROSTERS_OPEN)
def get_import(request: HttpRequest, key: Slug, import_id: Number) -> Import:
    """What was found in a file, and what became of it."""
    return queries.one_import(_editable(request, key), import_id, actor=actor_of(request))


@router.post(
    "/rosters/{key}/imports/{import_id}/apply", response={202: ImportOut}, summary="导入", openapi_extra=CONFLICT
)
@allows(ROSTERS_OPEN)
def apply_import(request: HttpRequest, key: Slug, import_id: Number) -> Any:
    """Have a sound file written, whole or not at all."""
    queries.one_import(_editable(request, key), import_id, actor=actor_of(request))
    return Status(202, services.start_apply(import_id=import_id, actor=actor_of(request), at=clock.now()))


@router.get(
    "/rosters/{key}/imports/{import_id}/annotated",
    response={200: None},
    summary="标注的文件",
    openapi_extra=file_of("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
@allows(ROSTERS_OPEN)
def get_annotated(request: HttpRequest, key: Slug, import_id: Number) -> HttpResponse:
    """The given file with every bad cell marked."""
    found = queries.one_import(_editable(request, key), import_id, actor=actor_of(request))
    if found.annotated_id is None:
        raise ImportNotFound(import_id=import_id)
    return files.answer(found.annotated_id, name="annotated.xlsx")
