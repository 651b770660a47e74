"""The API of exchange: exports, tables of contracted land, packages, reconciliations, the public query, sheets of parcels."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Day, Number, Size, file_of
from ronghe.kernel.files import services as files
from ronghe.kernel.paging import page

from ..errors import ExchangeNotFound
from ..models import BAUnit, Exchange
from ..permissions import BOOK_VIEW, EXCHANGE, INTAKE, PUBLIC_QUERY, REVIEW
from ..queries import exchange as queries
from ..queries import parcels as parcel_queries
from ..rules.kinds import UnitKind
from ..rules.parcel_sheet import PATHS, SERVICES, lacking
from ..services import exchanging, reconciling
from ..services.profiles import set_profile
from ..services.querying import Question, ask

router = Router(tags=["产权登记"])

Line = Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)]
Division = Annotated[str, Field(max_length=40, pattern="^[0-9a-z-]+$")]
UnitKindName = Annotated[str, Field(pattern=f"^({'|'.join(one.value for one in UnitKind)})?$")]
PathName = Annotated[str, Field(pattern=f"^({'|'.join(PATHS)})$")]
ServiceName = Annotated[str, Field(pattern=f"^({'|'.join(SERVICES)})$")]
#: For ``openapi_extra``: an operation that one network may not repeat without end.
TOO_MANY = {
    "responses": {
        429: {
            "description": "Too Many Requests",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }
}


class ExchangeFaultOut(Schema):
    """一处错误."""

    line: int = Field(description="行号；0 为整张表")
    field: str
    where: str
    what: str


class ExchangeOut(Schema):
    """一次数据汇交."""

    id: int
    kind: str = Field(description="register, contracts_out, contracts_in, package_out, package_check, package_in")
    state: str = Field(description="working, faulty, ready, applying, done, failed")
    division: str = Field(alias="division_id")
    unit_kind: str
    on: date
    form: str
    is_official: bool
    purpose: str
    file_name: str
    counts: dict[str, int]
    failure: str
    faults: list[ExchangeFaultOut] = Field(description="前 200 处；全部在标注的文件里")
    doubts: list[ExchangeFaultOut] = Field(description="待人工判定的，前 200 处；导入时写明判定理由")
    judged: str = Field(description="判定理由")
    has_file: bool
    job: int | None = Field(alias="job_id")
    made_at: datetime
    done_at: datetime | None

    @staticmethod
    def resolve_faults(of: Any) -> Any:
        return _told(of.faults)

    @staticmethod
    def resolve_doubts(of: Any) -> Any:
        return _told(of.doubts)

    @staticmethod
    def resolve_has_file(of: Any) -> bool:
        return of.made_id is not None


def _told(places: list[Any]) -> Any:
    return [{"line": line, "field": name, "where": where, "what": what} for line, name, where, what in places]


class ApplyIn(Schema):
    """导入登记簿."""

    judged: Line = Field("", description="判定理由；有待人工判定的，必填")


class ExchangesOut(Schema):
    """一页数据汇交."""

    items: list[ExchangeOut]
    next: str | None = Field(description="下一页的翻页标记")


class ExportIn(Schema):
    """导出的范围和用途."""

    kind: Literal["register", "contracts_out", "package_out"]
    division: Division
    on: Day
    form: Literal["xlsx", "gpkg", "shp", "geojson"] = "xlsx"
    unit_kind: UnitKindName = ""
    is_official: bool = Field(False, description="正式汇交：写出完整证件号码")
    purpose: Line = ""


class ReconciliationIn(Schema):
    """对账的范围和容差."""

    division: Division
    on: Day
    unit_kind: UnitKindName = ""
    other: Annotated[str, Field(max_length=80, pattern=WITHOUT_NUL)] = ""
    area_per_mille: Annotated[Decimal, Field(ge=0, lt=1000, max_digits=6, decimal_places=3)] = Decimal(5)
    area_floor_m2: Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=2)] = Decimal(1)


class ReconciliationOut(Schema):
    """一次对账."""

    id: int
    state: str = Field(description="working, done, failed")
    division: str = Field(alias="division_id")
    on: date
    other: str
    file_name: str
    counts: dict[str, int] = Field(description="ours, theirs, same, different, only_here, only_there")
    fields: dict[str, int] = Field(description="不一致的单元数，按字段")
    failure: str
    job: int | None = Field(alias="job_id")


class ReconciliationsOut(Schema):
    """一页对账."""

    items: list[ReconciliationOut]
    next: str | None = Field(description="下一页的翻页标记")


class ReconciledUnitOut(Schema):
    """一个对不上的单元."""

    code: str
    outcome: str = Field(description="only_here, only_there, different")
    differs: list[str]
    ours: dict[str, str | int | None]
    theirs: dict[str, str | int | None]
    line: int | None = Field(description="对方文件的行号")


class ReconciledUnitsOut(Schema):
    """一页对不上的单元."""

    items: list[ReconciledUnitOut]
    next: str | None = Field(description="下一页的翻页标记")


class BookQuestionIn(Schema):
    """查询申请：单元代码或证号，加权利人姓名或证件号码末六位；查看登记簿内容的，写明用途."""

    unit: Annotated[str, Field(max_length=40, pattern=WITHOUT_NUL)] = ""
    certificate: Annotated[str, Field(max_length=80, pattern=WITHOUT_NUL)] = ""
    name: Annotated[str, Field(max_length=120, pattern=WITHOUT_NUL)]
    tail: Annotated[str, Field(max_length=6, pattern=WITHOUT_NUL)] = ""
    purpose: Line = ""


class BookAnswerOut(Schema):
    """查询结果，按公开级别."""

    level: int = Field(description="1 基本情况，2 权利摘要，3 登记簿内容")
    told: dict[str, str | bool | list[str]]


class ParcelOut(Schema):
    """一块集体建设用地."""

    unit_id: int = Field(alias="pk")
    code: str
    division: str = Field(alias="division_id")
    location: str | None
    north: str | None
    east: str | None
    south: str | None
    west: str | None
    has_outline: bool
    owner: str | None
    area_m2: Decimal | None
    use: str | None
    planned_use: str | None
    services: list[str]
    path: str
    lacking: list[str] = Field(description="坐落、四至、权属中缺少的")

    @staticmethod
    def resolve_services(of: Any) -> list[str]:
        return list(of.services or ())

    @staticmethod
    def resolve_path(of: Any) -> str:
        return of.path or "undecided"

    @staticmethod
    def resolve_lacking(of: BAUnit) -> list[str]:
        return list(lacking(parcel_queries.sheet_of(of)))


class ParcelsOut(Schema):
    """一页集体建设用地."""

    items: list[ParcelOut]
    next: str | None = Field(description="下一页的翻页标记")


class ParcelProfileIn(Schema):
    """地块入市信息."""

    path: PathName
    planned_use: Annotated[str, Field(max_length=40, pattern=WITHOUT_NUL)] = ""
    services: Annotated[list[ServiceName], Field(max_length=len(SERVICES))] = []
    note: Line = ""


@router.get("/registry/exchanges", response=ExchangesOut, summary="数据汇交列表")
@allows(BOOK_VIEW)
def list_exchanges(request: HttpRequest, cursor: Cursor = None, size: Size = 50) -> Any:
    """What went out and came in, newest first."""
    found = page(queries.exchanges(actor_of(request)), order=("-pk",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post("/registry/exchanges", response={201: ExchangeOut}, summary="导出登记簿", openapi_extra=CONFLICT)
@allows(BOOK_VIEW)
def start_export(request: HttpRequest, given: ExportIn) -> Any:
    """Have the register of a division written to a file, in the background; the file is fetched when it is done."""
    actor = actor_of(request)
    if given.is_official or given.kind != "register":
        require(actor, EXCHANGE)
    told = {**given.dict(), "kind": Exchange.Kind(given.kind)}
    made = exchanging.start_export(**told, actor=actor, at=clock.now())
    return Status(201, queries.exchange(made.pk, actor=actor))


@router.post(
    "/registry/exchanges/tables", response={201: ExchangeOut}, summary="上传承包交换表", openapi_extra=CONFLICT
)
@allows(EXCHANGE)
def take_tables(
    request: HttpRequest,
    file: Annotated[UploadedFile, File(description="xlsx；或 ZIP：本平台导出的，或以表名命名的 DBF 打成的包")],
    outlines: Annotated[UploadedFile | None, File(description="地块图形，字段 DKBM")] = None,
) -> Any:
    """Give the tables of contracted land; they are checked whole in the background."""
    assert file.file is not None
    shapes = (outlines.file, outlines.name or "") if outlines is not None and outlines.file is not None else None
    return _taken(request, Exchange.Kind.CONTRACTS_IN, file, shapes)


@router.post(
    "/registry/exchanges/package", response={201: ExchangeOut}, summary="核验或导入汇交包", openapi_extra=CONFLICT
)
@allows(EXCHANGE)
def take_package(
    request: HttpRequest,
    file: Annotated[UploadedFile, File()],
    aim: Annotated[Literal["check", "enter"], Form(description="check 只核验；enter 核对后导入登记簿")] = "check",
) -> Any:
    """Give a package to be verified in the background; one that is to be entered is held against the register too."""
    kind = Exchange.Kind.PACKAGE_IN if aim == "enter" else Exchange.Kind.PACKAGE_CHECK
    return _taken(request, kind, file, None)


def _taken(request: HttpRequest, kind: Exchange.Kind, file: UploadedFile, outlines: Any) -> Any:
    actor = actor_of(request)
    assert file.file is not None
    made = exchanging.take_file(
        kind=kind, content=file.file, name=file.name or "", outlines=outlines, actor=actor, at=clock.now()
    )
    return Status(201, queries.exchange(made.pk, actor=actor))


@router.get("/registry/exchanges/{exchange_id}", response=ExchangeOut, summary="一次数据汇交")
@allows(BOOK_VIEW)
def get_exchange(request: HttpRequest, exchange_id: Number) -> Any:
    """How far it is, and what was made or found."""
    return queries.exchange(exchange_id, actor=actor_of(request))


@router.get(
    "/registry/exchanges/{exchange_id}/file",
    summary="汇交的文件",
    openapi_extra=file_of("application/octet-stream"),
)
@allows(EXCHANGE)
def get_exchange_file(request: HttpRequest, exchange_id: Number) -> HttpResponse:
    """The export, or the marked copy of what was given."""
    actor = actor_of(request)
    found = queries.exchange(exchange_id, actor=actor)
    if found.made_id is None:
        raise ExchangeNotFound(exchange=exchange_id)
    exchanging.note_reading(of=found, actor=actor, at=clock.now())
    return files.attached(files.content(found.made_id), name=found.made_name, media_type="application/octet-stream")


@router.post(
    "/registry/exchanges/{exchange_id}/apply", response=ExchangeOut, summary="导入登记簿", openapi_extra=CONFLICT
)
@allows(REVIEW)
def apply_exchange(request: HttpRequest, exchange_id: Number, given: ApplyIn) -> Any:
    """Have sound tables, or a sound package, entered in the register, by another than who brought them; a repeat starts nothing more."""
    actor = actor_of(request)
    exchanging.start_apply(exchange_id=exchange_id, judged=given.judged, actor=actor, at=clock.now())
    return queries.exchange(exchange_id, actor=actor)


@router.get("/registry/reconciliations", response=ReconciliationsOut, summary="对账列表")
@allows(EXCHANGE)
def list_reconciliations(request: HttpRequest, cursor: Cursor = None, size: Size = 50) -> Any:
    """Reconciliations, newest first."""
    found = page(queries.reconciliations(actor_of(request)), order=("-pk",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post(
    "/registry/reconciliations", response={201: ReconciliationOut}, summary="与对方对账", openapi_extra=CONFLICT
)
@allows(EXCHANGE)
def start_reconciliation(
    request: HttpRequest, given: Form[ReconciliationIn], file: Annotated[UploadedFile, File()]
) -> Any:
    """Compare the register with the other side's file, in the background."""
    actor = actor_of(request)
    assert file.file is not None
    told = given.dict(exclude={"area_per_mille"})
    share = Fraction(given.area_per_mille) / 1000
    made = reconciling.start(
        **told, area_share=share, content=file.file, name=file.name or "", actor=actor, at=clock.now()
    )
    return Status(201, queries.reconciliation(made.pk, actor=actor))


@router.get("/registry/reconciliations/{reconciliation_id}", response=ReconciliationOut, summary="一次对账")
@allows(EXCHANGE)
def get_reconciliation(request: HttpRequest, reconciliation_id: Number) -> Any:
    """One reconciliation with its figures."""
    return queries.reconciliation(reconciliation_id, actor=actor_of(request))


@router.get("/registry/reconciliations/{reconciliation_id}/units", response=ReconciledUnitsOut, summary="对不上的单元")
@allows(EXCHANGE)
def list_reconciled(
    request: HttpRequest,
    reconciliation_id: Number,
    outcome: Annotated[Literal["only_here", "only_there", "different"] | None, Query()] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Any:
    """The units that only one side has, or of which the two say different things."""
    actor = actor_of(request)
    of = queries.reconciliation(reconciliation_id, actor=actor)
    rows = queries.reconciliation_rows(of, actor=actor, outcome=outcome or "")
    found = page(rows, order=("code", "pk"), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post("/registry/query", response=BookAnswerOut, summary="登记信息查询", openapi_extra=TOO_MANY)
@allows(PUBLIC_QUERY)
def query_book(request: HttpRequest, given: BookQuestionIn) -> Any:
    """Ask about a unit; what is not there and what does not match is answered alike."""
    question = Question(**given.dict())
    answered = ask(question, network=request.META.get("REMOTE_ADDR", ""), actor=actor_of(request), at=clock.now())
    told = {name: str(value) if isinstance(value, Decimal) else value for name, value in answered.told.items()}
    return {"level": int(answered.level), "told": told}


@router.get("/registry/parcels", response=ParcelsOut, summary="集体建设用地地块信息")
@allows(BOOK_VIEW)
def list_parcels(request: HttpRequest, cursor: Cursor = None, size: Size = 50) -> Any:
    """Parcels of collective construction land with what is lacking of location, boundaries and ownership."""
    rows = parcel_queries.parcels(actor_of(request), on=clock.legal_day(clock.now()))
    found = page(rows, order=("code",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.put("/registry/parcels/{unit_id}", response=ParcelOut, summary="填报地块入市信息", openapi_extra=CONFLICT)
@allows(INTAKE)
def describe_parcel(request: HttpRequest, unit_id: Number, given: ParcelProfileIn) -> Any:
    """State planned use, services and path of a parcel."""
    actor, at = actor_of(request), clock.now()
    on = clock.legal_day(at)
    parcel_queries.parcel(unit_id, on=on, actor=actor)
    set_profile(baunit_id=unit_id, **given.dict(), actor=actor, at=at)
    return parcel_queries.parcel(unit_id, on=on, actor=actor)
