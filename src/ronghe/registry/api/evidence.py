"""The API of survey evidence: give photos and documents one by one or by an archive, read them, withdraw them."""

from datetime import date, datetime
from typing import Annotated, Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Number, Size, file_of
from ronghe.kernel.files import services as files
from ronghe.kernel.pages import workbook_response
from ronghe.kernel.paging import page

from ..models import SurveyEvidence
from ..permissions import BOOK_AUDIT, BOOK_VIEW, INTAKE, OWN_VIEW
from ..queries import evidence as queries
from ..queries import surveys
from ..rules.evidence import EvidenceKind
from ..services import evidence as services
from ..services import evidence_archives

router = Router(tags=["权籍调查"])

Word = Annotated[str, Field(max_length=24, pattern=WITHOUT_NUL)]
ParcelNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class EvidenceOut(Schema):
    """一件调查佐证."""

    id: int
    batch: int = Field(alias="batch_id")
    number: int | None = Field(description="宗序号；最近的文件里没有对应宗地的没有")
    kind: str = Field(description="photo, source, pointing, other")
    file_name: str
    media_type: str
    size: int
    sha256: str = Field(alias="blob_id")
    longitude: float | None = Field(description="照片自己记录的拍摄处（没有换算）")
    latitude: float | None
    taken_on: date | None
    unit: int | None = Field(alias="baunit_id", description="登簿后所属的不动产单元")
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str

    @staticmethod
    def resolve_media_type(obj: Any) -> Any:
        return obj.blob.as_kind.media_type

    @staticmethod
    def resolve_size(obj: Any) -> Any:
        return obj.blob.size


class EvidencePageOut(Schema):
    """一页调查佐证."""

    items: list[EvidenceOut]
    next: str | None = Field(description="下一页的翻页标记")


class EvidenceQuery(Schema):
    """怎样收窄列表."""

    number: ParcelNumber | None = None
    kind: Word = ""
    state: Annotated[str, Field(pattern="^(standing|lost|withdrawn)?$")] = ""
    cursor: Cursor = None
    size: Size = 50


class EvidenceIn(Schema):
    """一件佐证的说明."""

    kind: EvidenceKind = EvidenceKind.PHOTO


class EvidenceWithdrawIn(Schema):
    """撤回的理由."""

    reason: Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)]


class EvidenceArchiveIn(Schema):
    """压缩包的说明."""

    documents_as: EvidenceKind = EvidenceKind.SOURCE


class EvidenceLineOut(Schema):
    """压缩包里一个文件的结果."""

    file: str
    number: int | None
    holders: str
    result: str
    text: str
    mend: str


class EvidenceArchiveOut(Schema):
    """一个佐证压缩包和它的核对结果."""

    id: int
    batch: int = Field(alias="batch_id")
    file_name: str
    state: str = Field(description="checking, faulty, applied, failed")
    failure: str
    counts: dict[str, int] = Field(description="files, bad, note, taken")
    lines: list[EvidenceLineOut]
    job: int | None = Field(alias="job_id")
    at: datetime
    checked_at: datetime | None

    @staticmethod
    def resolve_lines(obj: Any) -> Any:
        names = ("file", "number", "holders", "result", "text", "mend")
        return [dict(zip(names, line, strict=True)) for line in queries.answered(obj)]


def _one(request: HttpRequest, evidence_id: int) -> SurveyEvidence:
    return queries.one_evidence(evidence_id, actor=actor_of(request))


@router.get("/registry/surveys/{batch_id}/evidence", response=EvidencePageOut, summary="一个批次的调查佐证")
@allows(BOOK_VIEW)
def list_evidence(request: HttpRequest, batch_id: Number, asked: Query[EvidenceQuery]) -> Any:
    """Evidence of a batch, in the order in which it was given."""
    actor = actor_of(request)
    batch = surveys.batch(batch_id, actor=actor)
    rows = queries.of_batch(batch, actor=actor, number=asked.number, kind=asked.kind, state=asked.state)
    found = page(rows, order=("pk",), cursor=asked.cursor, size=asked.size)
    return {"items": found.rows, "next": found.next}


@router.post(
    "/registry/surveys/{batch_id}/parcels/{parcel_number}/evidence",
    response={201: EvidenceOut},
    summary="提交一件调查佐证",
    openapi_extra=CONFLICT,
)
@allows(INTAKE)
def add_evidence(
    request: HttpRequest,
    batch_id: Number,
    parcel_number: ParcelNumber,
    told: Form[EvidenceIn],
    file: Annotated[UploadedFile, File()],
) -> Any:
    """Give a photo (JPEG, PNG) or a document (PDF) of a surveyed parcel. The same file again changes nothing."""
    actor = actor_of(request)
    surveys.batch(batch_id, actor=actor)
    made = services.add_evidence(
        batch_id=batch_id, number=parcel_number, kind=told.kind, content=cast(BinaryIO, file.file),
        name=file.name or "", actor=actor, at=clock.now(),
    )  # fmt: skip
    return Status(201, _one(request, made.pk))


@router.get("/registry/evidence/{evidence_id}", response=EvidenceOut, summary="一件调查佐证")
@allows(BOOK_VIEW, BOOK_AUDIT, OWN_VIEW)
def get_evidence(request: HttpRequest, evidence_id: Number) -> Any:
    """What is known of one file."""
    return _one(request, evidence_id)


@router.get(
    "/registry/evidence/{evidence_id}/file",
    response={200: None},
    summary="调查佐证的文件",
    openapi_extra=file_of("image/jpeg", "image/png", "application/pdf"),
)
@allows(BOOK_VIEW, BOOK_AUDIT, OWN_VIEW)
def get_evidence_file(request: HttpRequest, evidence_id: Number) -> HttpResponse:
    """The file as it was given."""
    found = _one(request, evidence_id)
    return files.answer(found.blob_id, name=found.file_name)


@router.post(
    "/registry/evidence/{evidence_id}/withdraw",
    response=EvidenceOut,
    summary="撤回一件调查佐证",
    openapi_extra=CONFLICT,
)
@allows(INTAKE)
def withdraw_evidence(request: HttpRequest, evidence_id: Number, given: EvidenceWithdrawIn) -> Any:
    """Withdraw it, with a reason: it counts no more and stays in the record."""
    _one(request, evidence_id)
    services.withdraw_evidence(evidence_id=evidence_id, reason=given.reason, actor=actor_of(request), at=clock.now())
    return _one(request, evidence_id)


@router.post(
    "/registry/surveys/{batch_id}/evidence-archives",
    response={202: EvidenceArchiveOut},
    summary="整批上传调查佐证",
    openapi_extra=CONFLICT,
)
@allows(INTAKE)
def take_evidence_archive(
    request: HttpRequest, batch_id: Number, told: Form[EvidenceArchiveIn], file: Annotated[UploadedFile, File()]
) -> Any:
    """Give a ZIP of files of many parcels; it is checked in the background and taken whole or not at all."""
    actor = actor_of(request)
    surveys.batch(batch_id, actor=actor)
    made = evidence_archives.take_evidence_archive(
        batch_id=batch_id, content=cast(BinaryIO, file.file), name=file.name or "", documents_as=told.documents_as,
        actor=actor, at=clock.now(),
    )  # fmt: skip
    return Status(202, made)


@router.get("/registry/evidence-archives/{archive_id}", response=EvidenceArchiveOut, summary="佐证压缩包的核对结果")
@allows(BOOK_VIEW)
def get_evidence_archive(request: HttpRequest, archive_id: Number) -> Any:
    """The answer to an archive, file by file."""
    return queries.archive(archive_id, actor=actor_of(request))


@router.get(
    "/registry/evidence-archives/{archive_id}/answer",
    response={200: None},
    summary="佐证压缩包的核对结果（XLSX）",
    openapi_extra=file_of(_XLSX),
)
@allows(BOOK_VIEW)
def get_evidence_answer(request: HttpRequest, archive_id: Number) -> HttpResponse:
    """The same as a workbook."""
    found = queries.archive(archive_id, actor=actor_of(request))
    return workbook_response("evidence", queries.ANSWER_HEADS, queries.answered(found))
