"""The API of applications and certificates: hand in, list, one, mend, print. Acting on the case is casework's."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Day, Number, Size
from ronghe.kernel.paging import page
from ronghe.kernel.spatial.rules import BadOutline, Crs, converted

from .. import services
from ..errors import OutlineWrong
from ..models import Application
from ..permissions import APPLICATION_VIEW, APPLY, CERTIFICATE_ISSUE
from ..queries import applications as queries
from ..queries.certificates import certificate as found_certificate
from ..queries.certificates import certificate_facts
from ..rules.kinds import RightKind, SourceKind
from ..rules.matters import Cause, Matter
from ..rules.pledging import Shown
from ..services import Asked, Holder, Origin, PartAsked

router = Router(tags=["产权登记"])

Short = Annotated[str, Field(max_length=120, pattern=WITHOUT_NUL)]
Line = Annotated[str, Field(max_length=400, pattern=WITHOUT_NUL)]
UnitCode = Annotated[
    str, Field(pattern=r"^[0-9]{12}[GJZ][A-Y][0-9]{5}[WFLQ][0-9]{8}$", description="28 位不动产单元代码")
]
Share = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,8}/[1-9][0-9]{0,8}$", description="份额，如 1/2")]
Area = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]


class HolderIn(Schema):
    """取得权利的人."""

    party: Number
    share: Share | None = Field(None, description="不写为单独所有（一人）或共同共有（几人）")


class PartIn(Schema):
    """分割的一部分、房屋，或变更后的土地."""

    geometry: dict[str, Any] | None = Field(None, description="GeoJSON 几何，CGCS2000 经纬度")
    registered_area_m2: Area | None = None
    floor_area_m2: Area | None = None
    use: Annotated[str, Field(max_length=40, pattern=WITHOUT_NUL)] = ""
    location: Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)] = ""
    structure: Annotated[str, Field(max_length=40, pattern=WITHOUT_NUL)] = ""
    floors: Annotated[int, Field(ge=1, le=200)] | None = None
    party: Number | None = Field(None, description="这一部分的权利人")


class OriginIn(Schema):
    """来源材料."""

    kind: SourceKind
    title: Annotated[str, Field(min_length=1, max_length=160, pattern=WITHOUT_NUL)]
    issued_on: Day
    number: Annotated[str, Field(max_length=60, pattern=WITHOUT_NUL)] = ""
    issuer: Annotated[str, Field(max_length=80, pattern=WITHOUT_NUL)] = ""


class ApplicationIn(Schema):
    """登记申请."""

    unit: UnitCode
    matter: Matter
    cause: Cause
    origin: OriginIn
    applicant: Number | None = None
    rrr: Number | None = Field(None, description="所针对的权利或限制")
    right_kind: RightKind | None = Field(None, description="首次登记的权利类型")
    holders: Annotated[list[HolderIn], Field(max_length=100)] = []
    parts: Annotated[list[PartIn], Field(max_length=50)] = []
    joined: Annotated[list[UnitCode], Field(max_length=50)] = []
    term_first: Day | None = None
    term_until: Day | None = Field(None, description="止期，不含当日")
    party: Number | None = Field(None, description="限制的权利人")
    holder: Short = Field("", description="限制的权利人（机关）名称")
    amount_fen: Annotated[int, Field(ge=1, le=10**15)] | None = None
    text: Line = ""
    is_joint: bool = False
    is_ex_officio: bool = False
    deed_tax_proof: bool = False
    mortgagee_consents: bool = False
    notice_holder_consents: bool = False
    shown: Annotated[
        list[Shown], Field(max_length=len(Shown), description="抵押登记、承包地转移：有证明材料的事实")
    ] = []


class MendIn(Schema):
    """补正同意书和凭证；不写的不变."""

    deed_tax_proof: bool | None = Field(..., description="已交契税凭证")
    mortgagee_consents: bool | None = None
    notice_holder_consents: bool | None = None


class RegistrationOut(Schema):
    """一件登记申请."""

    id: int = Field(alias="pk", description="也是办件编号 id")
    number: str = Field(alias="case.number")
    matter: str
    unit: str = Field(alias="baunit.code")
    rrr: int | None = Field(alias="rrr_id")
    right_kind: int | None
    cause: str
    is_joint: bool
    term_first: date | None
    term_until: date | None
    amount_fen: int | None
    deed_tax_proof: bool
    mortgagee_consents: bool
    notice_holder_consents: bool
    shown: list[str] = Field(description="登记查明的事实")
    fee_fen: int | None
    fee_note: str
    state: str = Field(alias="case.state")
    step: str = Field(alias="case.step")
    due: date | None = Field(alias="case.due")
    entered_at: datetime | None = None
    made: int | None = Field(None, description="登簿产生的权利或限制")

    @staticmethod
    def resolve_entered_at(obj: Application) -> datetime | None:
        entry = getattr(obj, "entry", None)
        return entry.at if entry is not None else None

    @staticmethod
    def resolve_made(obj: Application) -> int | None:
        entry = getattr(obj, "entry", None)
        return entry.rrr_id if entry is not None else None


class RegistrationsOut(Schema):
    """一页登记申请."""

    items: list[RegistrationOut]
    next: str | None = Field(description="下一页的翻页标记")


class CertificateDetailOut(Schema):
    """一本证书或一份证明."""

    id: int
    kind: str = Field(description="certificate 不动产权证书, proof 不动产登记证明")
    number: str
    rrr: int
    unit: str
    issued_on: date
    recalled_on: date | None
    paper: int | None
    facts: dict[str, Any] = Field(description="记载内容")


class PrintedOut(Schema):
    """印出的文书."""

    paper: int
    number: str
    code: str = Field(description="核验码")


def _part(nth: int, given: PartIn) -> PartAsked:
    try:
        shape = None if given.geometry is None else converted(given.geometry, Crs.CGCS2000).geometry
    except BadOutline as error:
        raise OutlineWrong(part=nth, why=str(error)) from error
    told = given.dict(exclude={"geometry", "party"})
    return PartAsked(geometry=shape, party_id=given.party, **told)


def _asked(given: ApplicationIn, joined: tuple[int, ...]) -> Asked:
    alone = len(given.holders) == 1
    holders = tuple(
        Holder(one.party, Fraction(one.share) if one.share else Fraction(1) if alone else None) for one in given.holders
    )
    plain = given.dict(
        include={
            "matter", "cause", "right_kind", "term_first", "term_until", "holder", "amount_fen", "text", "is_joint",
            "is_ex_officio", "deed_tax_proof", "mortgagee_consents", "notice_holder_consents",
        }
    )  # fmt: skip
    return Asked(
        origin=Origin(**given.origin.dict()), rrr_id=given.rrr, holders=holders, joined=joined, party_id=given.party,
        parts=tuple(_part(nth, one) for nth, one in enumerate(given.parts, start=1)), shown=tuple(given.shown), **plain,
    )  # fmt: skip


@router.get("/registry/applications", response=RegistrationsOut, summary="登记申请列表")
@allows(APPLICATION_VIEW)
def list_applications(
    request: HttpRequest, matter: Matter | None = None, cursor: Cursor = None, size: Size = 50
) -> Any:
    """The applications that one may see, newest first."""
    rows = queries.applications(actor_of(request), matter=matter.value if matter else "")
    found = page(rows.select_related("entry"), order=("-pk",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post("/registry/applications", response={201: RegistrationOut}, summary="提出登记申请", openapi_extra=CONFLICT)
@allows(APPLY)
def open_application(request: HttpRequest, given: ApplicationIn) -> Any:
    """Hand in an application; what the book would refuse is refused at once, with reasons."""
    actor = actor_of(request)
    unit = queries.unit_named(given.unit, actor=actor, matter=given.matter, on=clock.legal_day(clock.now()))
    joined = tuple(queries.unit_named(code, actor=actor).pk for code in given.joined)
    made = services.open_application(
        baunit_id=unit.pk, asked=_asked(given, joined), applicant_id=given.applicant, actor=actor, at=clock.now()
    )
    return Status(201, queries.application(made.pk, actor=actor))


@router.get("/registry/applications/{application_id}", response=RegistrationOut, summary="一件登记申请")
@allows(APPLICATION_VIEW)
def get_application(request: HttpRequest, application_id: Number) -> Any:
    """One application; its case is read under ``/cases/{case_id}`` by the same number."""
    return queries.application(application_id, actor=actor_of(request))


@router.post(
    "/registry/applications/{application_id}/amend",
    response=RegistrationOut,
    summary="补正登记申请",
    openapi_extra=CONFLICT,
)
@allows(APPLY)
def amend_application(request: HttpRequest, application_id: Number, given: MendIn) -> Any:
    """Consents and proofs that came after the application."""
    actor = actor_of(request)
    told = {name: value for name, value in given.dict().items() if value is not None}
    services.amend_application(application_id=application_id, given=told, actor=actor, at=clock.now())
    return queries.application(application_id, actor=actor)


@router.get("/registry/certificates/{certificate_id}", response=CertificateDetailOut, summary="一本证书或一份证明")
@allows(APPLICATION_VIEW)
def get_certificate(request: HttpRequest, certificate_id: Number) -> Any:
    """One certificate or proof with what it says."""
    found = found_certificate(certificate_id, actor=actor_of(request))
    return {
        "id": found.pk,
        "kind": found.kind,
        "number": found.number,
        "rrr": found.rrr_id,
        "unit": found.baunit.code,
        "issued_on": found.issued_on,
        "recalled_on": found.recalled_on,
        "paper": found.paper_id,
        "facts": certificate_facts(found),
    }


@router.post(
    "/registry/certificates/{certificate_id}/print", response=PrintedOut, summary="打印证书", openapi_extra=CONFLICT
)
@allows(CERTIFICATE_ISSUE)
def print_certificate(request: HttpRequest, certificate_id: Number) -> Any:
    """The paper of a certificate; printed again it is the same."""
    actor = actor_of(request)
    found = found_certificate(certificate_id, actor=actor)
    require(actor, CERTIFICATE_ISSUE, division=found.baunit.division_id)
    paper = services.print_certificate(certificate_id=found.pk, actor=actor, at=clock.now())
    return {"paper": paper.pk, "number": paper.number, "code": paper.code}
