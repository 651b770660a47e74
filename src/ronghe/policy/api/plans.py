"""The API of zones, documents, clauses, tasks and units: what the public pages show, for programs."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Query, Router, Schema
from ninja.files import UploadedFile

from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.api_types import WITHOUT_NUL, Cursor, Day, Number, Size, Slug
from ronghe.kernel.paging import page

from .. import queries
from ..models import Clause, Duty, OrderedTask, Room, Zone
from ..permissions import PLAN_READ, PLAN_VIEW
from ..reader.intake.limits import FILE_BYTES

router = Router(tags=["政策"])


class ZoneOut(Schema):
    """试验区."""

    slug: str = Field(description="标识")
    title: str
    short: str
    parent: str | None = Field(None, description="上级试验区")
    seat: str = Field(alias="seat_id", description="主管区划代码")
    divisions: list[str] = Field(description="范围: 区划代码")

    @staticmethod
    def resolve_parent(zone: Zone) -> str | None:
        return zone.parent.slug if zone.parent else None

    @staticmethod
    def resolve_divisions(zone: Zone) -> list[str]:
        return [d.code for d in zone.divisions.all()]


class DocumentOut(Schema):
    """政策文件."""

    key: str
    title: str
    notice_title: str
    number: str = Field(description="发文字号")
    issuer: str
    date_made: date
    date_issued: date | None
    index_number: str
    source: str
    clause_count: int
    task_count: int


class ClauseOut(Schema):
    """条款."""

    label: str = Field(description="条款号, 例如 四(二)6")
    path: list[str]
    title: str
    parent: str | None = None

    @staticmethod
    def resolve_parent(clause: Clause) -> str | None:
        return clause.parent.label if clause.parent else None


class UnitRef(Schema):
    """任务单位."""

    id: int = Field(alias="unit_id")
    name: str = Field(alias="unit.name")
    written: str = Field(description="原文写法")
    duty: Duty


class MilestoneOut(Schema):
    """里程碑."""

    due: date
    text: str


class AreaOut(Schema):
    """试点区域."""

    written: str


class TaskOut(Schema):
    """任务 (文件所定)."""

    id: int
    zone: str = Field(alias="zone_id")
    clause: str = Field(alias="clause.label")
    measure: int = Field(description="同一条款下第几项措施, 从 1 起")
    title: str
    topic: int | None = Field(None, alias="topic_id", description="国家方案十一项试验任务的序号")
    room: Room = Field(description="业务领域")
    units: list[UnitRef]
    deadline: str = Field(description="完成时限, 原文写法")
    due: date | None = Field(description="最后期限")
    milestones: list[MilestoneOut]
    areas: list[AreaOut]
    keywords: list[str] = Field(description="主题词: 任务里点到名的办法、平台、资金等")

    @staticmethod
    def resolve_units(task: OrderedTask) -> list[object]:
        return list(task.units.all())

    @staticmethod
    def resolve_milestones(task: OrderedTask) -> list[object]:
        return list(task.milestones.all())

    @staticmethod
    def resolve_areas(task: OrderedTask) -> list[object]:
        return list(task.areas.all())


class TaskPage(Schema):
    """一页任务."""

    items: list[TaskOut]
    next: str | None = Field(description="下一页的翻页标记")


class UnitOut(Schema):
    """单位."""

    id: int
    name: str
    aliases: list[str]
    kind: str
    division: str = Field(alias="division_id")
    task_count: int
    lead_count: int
    responsible_count: int
    cooperating_count: int


class UnitPage(Schema):
    """一页单位."""

    items: list[UnitOut]
    next: str | None


class AreaCountOut(Schema):
    """某一区划内的任务数."""

    division: str
    name: str
    tasks: int


class AreaCountsOut(Schema):
    """各区划的任务数; 未写明区域的任务另计."""

    areas: list[AreaCountOut]
    without_area: int


class TaskQuery(Schema):
    """任务的筛选条件, 均可不填."""

    text: str = Field("", max_length=100, pattern=WITHOUT_NUL)
    topic: int | None = Field(None, ge=1, le=11)
    room: Room | None = None
    unit: Number | None = None
    duty: Duty | None = None
    area: str = Field("", max_length=24, pattern=WITHOUT_NUL, description="区划代码")
    due_from: Day | None = None
    due_to: Day | None = None
    document: str = Field("", max_length=40, pattern=WITHOUT_NUL)


@router.get("/zones", response=list[ZoneOut], summary="试验区")
@allows(PLAN_VIEW)
def list_zones(request: HttpRequest) -> object:
    actor = actor_of(request)
    return queries.zones(actor).prefetch_related(queries.parent_seen_by(actor), "divisions")


@router.get("/zones/{slug:slug}", response=ZoneOut, summary="一个试验区")
@allows(PLAN_VIEW)
def get_zone(request: HttpRequest, slug: Slug) -> object:
    return queries.zone(slug, actor=actor_of(request))


@router.get("/zones/{slug:slug}/documents", response=list[DocumentOut], summary="试验区的文件")
@allows(PLAN_VIEW)
def list_documents(request: HttpRequest, slug: Slug) -> object:
    actor = actor_of(request)
    return queries.documents(queries.zone(slug, actor=actor), actor=actor)


@router.get("/zones/{slug:slug}/documents/{slug:key}/clauses", response=list[ClauseOut], summary="文件的条款")
@allows(PLAN_VIEW)
def list_clauses(request: HttpRequest, slug: Slug, key: Slug) -> object:
    actor = actor_of(request)
    document = queries.document(queries.zone(slug, actor=actor), key, actor=actor)
    return Clause.objects.visible_to(actor).filter(document=document).select_related("parent")


@router.get("/zones/{slug:slug}/tasks", response=TaskPage, summary="试验区的任务")
@allows(PLAN_VIEW)
def list_tasks(
    request: HttpRequest,
    slug: Slug,
    wanted: Query[TaskQuery],
    cursor: Cursor = None,
    size: Size = 50,
) -> object:
    actor = actor_of(request)
    zone = queries.zone(slug, actor=actor)
    given = wanted.model_dump()
    narrowed = queries.TaskFilter(**{**given, "room": given["room"] or "", "duty": given["duty"] or ""})
    found = page(queries.tasks(zone, actor=actor, wanted=narrowed), order=("order", "pk"), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/tasks/{int:task_id}", response=TaskOut, summary="一项任务")
@allows(PLAN_VIEW)
def get_task(request: HttpRequest, task_id: Number) -> object:
    return queries.task(task_id, actor=actor_of(request))


@router.get("/zones/{slug:slug}/units", response=UnitPage, summary="试验区的单位及其任务数")
@allows(PLAN_VIEW)
def list_units(request: HttpRequest, slug: Slug, cursor: Cursor = None, size: Size = 50) -> object:
    actor = actor_of(request)
    zone = queries.zone(slug, actor=actor)
    found = page(queries.units(zone, actor=actor), order=("pinyin", "pk"), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/zones/{slug:slug}/units/{int:unit_id}", response=UnitOut, summary="一个单位")
@allows(PLAN_VIEW)
def get_unit(request: HttpRequest, slug: Slug, unit_id: Number) -> object:
    actor = actor_of(request)
    return queries.unit(queries.zone(slug, actor=actor), unit_id, actor=actor)


@router.get("/zones/{slug:slug}/areas", response=AreaCountsOut, summary="各区划的任务数")
@allows(PLAN_VIEW)
def count_by_area(request: HttpRequest, slug: Slug) -> object:
    actor = actor_of(request)
    counts, without = queries.tasks_by_area(queries.zone(slug, actor=actor), actor=actor)
    return {
        "areas": [{"division": c.division.code, "name": c.division.name, "tasks": c.tasks} for c in counts],
        "without_area": without,
    }


_READING = {"responses": {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}}


@router.post("/policy/read", summary="解读一份方案文件（不保存）", openapi_extra=_READING)
@allows(PLAN_READ)
def read_plan_file(request: HttpRequest, file: File[UploadedFile]) -> HttpResponse:
    """Answers as ``policy-reader.schema.json`` says; nothing is stored."""
    from ..reader import read_plan
    from ..reader.intake import read_text

    reading = read_plan(read_text(file.read(FILE_BYTES + 1), name=file.name or "").text)
    return HttpResponse(reading.written(), content_type="application/json; charset=utf-8")
