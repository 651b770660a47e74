"""The API of papers: the list, one, its PDF; and for everybody the check by code."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.api_types import WITHOUT_NUL, Cursor, Number, Size, file_of
from ronghe.kernel.files import services as files
from ronghe.kernel.paging import page

from . import codes, queries
from .models import Paper
from .permissions import PAPER_CHECK, PAPER_VIEW

router = Router(tags=["文书"])

Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z -]+$")]


class PaperOut(Schema):
    """一份文书."""

    id: int
    template: str
    number: str
    code: str
    title: str
    division: str = Field(alias="division_id")
    issued_at: datetime
    revoked: bool
    sha256: str = Field(alias="pdf_id", description="PDF 的 SHA-256")

    @staticmethod
    def resolve_revoked(found: Paper) -> bool:
        return hasattr(found, "revocation")


class PapersOut(Schema):
    """一页文书."""

    items: list[PaperOut]
    next: str | None = Field(description="下一页的翻页标记")


class PaperCheckOut(Schema):
    """核验结果."""

    state: str = Field(description="valid 有效, revoked 已作废, unknown 没有这份文书")
    number: str
    title: str
    unit: str
    issued_on: date | None
    public: list[list[str]]
    reason: str
    revoked_on: date | None
    replaced_by: str
    sha256: str = Field(description="PDF 的 SHA-256")


@router.get("/papers", response=PapersOut, summary="文书列表")
@allows(PAPER_VIEW)
def list_papers(
    request: HttpRequest,
    text: Annotated[str, Field(max_length=80, pattern=WITHOUT_NUL)] = "",
    cursor: Cursor = None,
    size: Size = 50,
) -> Any:
    """The papers that one may see, newest first."""
    found = page(queries.papers(actor_of(request), text=text), order=("-pk",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/papers/check/{code}", response=PaperCheckOut, summary="核验文书")
@allows(PAPER_CHECK)
def check(request: HttpRequest, code: Code) -> Any:
    """What a verification code says to everybody."""
    told = queries.answer(code)
    return {name: getattr(told, name) for name in PaperCheckOut.model_fields} | {
        "public": [list(p) for p in told.public]
    }


@router.get("/papers/{paper_id}", response=PaperOut, summary="一份文书")
@allows(PAPER_VIEW)
def get_paper(request: HttpRequest, paper_id: Number) -> Paper:
    """One paper."""
    return queries.paper(paper_id, actor=actor_of(request))


@router.get(
    "/papers/{paper_id}/pdf", response={200: None}, summary="文书的 PDF", openapi_extra=file_of("application/pdf")
)
@allows(PAPER_VIEW)
def get_pdf(request: HttpRequest, paper_id: Number) -> HttpResponse:
    """The PDF of a paper, always the same bytes."""
    found = queries.paper(paper_id, actor=actor_of(request))
    return files.answer(found.pdf_id, name=f"{codes.spaced(found.code)}.pdf")
