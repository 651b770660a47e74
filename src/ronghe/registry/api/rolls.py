"""The API of rolls and filings: who is a member on a day, applications, what a household keeps."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Day, Number, Size
from ronghe.kernel.paging import page

from .. import services
from ..models import CollectiveMember, KeptRightsFiling
from ..permissions import FILING_KEEP, MEMBER_VIEW, MEMBER_WORK, OWN_APPLY, OWN_CASES
from ..queries import filings, rolls
from ..queries.own import own_collective
from ..services.membership import STATED

router = Router(tags=["集体成员与转移备案"])

Way = Literal["原有成员", "成员生育", "与成员结婚", "成员收养", "政策性移民", "其他"]
Register = Literal["在本村", "曾在本村", "不在本村"]
Loss = Literal["death", "nationality", "elsewhere", "civil_servant", "voluntary", "charter"]
Situation = Literal["就学", "服役", "务工", "经商", "离婚", "丧偶", "服刑"]


class RollMemberOut(Schema):
    """名册上的一人."""

    person: int = Field(alias="person_id")
    name: str = Field(alias="person.name")
    since: date
    until: date | None = Field(description="丧失日期；仍是成员的没有")
    begun_by: str
    ended_by: str
    case: int | None = Field(alias="case_id")


class RollOut(Schema):
    """一页成员."""

    items: list[RollMemberOut]
    next: str | None = Field(description="下一页的翻页标记")


class MembershipFactsIn(Schema):
    """成员身份的事实；不清楚的不写."""

    household_register: Register | None = None
    has_stable_duties: bool | None = None
    lives_on_collective_land: bool | None = None
    has_lost_nationality: bool | None = None
    is_member_elsewhere: bool | None = None
    is_civil_servant: bool | None = None
    is_contract_civil_servant: bool | None = None
    has_other_loss: bool | None = None
    has_left: bool | None = None
    situations: list[Situation] = []


class MembershipIn(MembershipFactsIn):
    """申请确认成员身份."""

    person: Number
    on: Day
    came_by: Way


class MembershipLossIn(Schema):
    """提出丧失成员身份."""

    person: Number
    on: Day
    cause: Loss
    is_contract_civil_servant: bool | None = None


class MembershipCaseOut(Schema):
    """一件成员身份申请，和规则核对的结果."""

    case: int = Field(alias="case_id")
    matter: str = Field(description="confirm, lose")
    collective: int = Field(alias="collective_id")
    person: int = Field(alias="person_id")
    on: date
    is_member: bool | None = Field(description="规则的结论；不能判定的没有")
    missing: list[str] = Field(description="还缺的事实；assembly_agrees 为成员大会的决定")
    findings: list[str]

    @staticmethod
    def resolve_is_member(obj: Any) -> bool | None:
        return rolls.ruling_of(obj).value

    @staticmethod
    def resolve_missing(obj: Any) -> list[str]:
        return list(rolls.ruling_of(obj).missing)

    @staticmethod
    def resolve_findings(obj: Any) -> list[str]:
        return [step.finding for step in rolls.ruling_of(obj).steps]


class KeptRightOut(Schema):
    """一项备案的权益."""

    title: str
    holder: str
    unit_code: str
    location: str
    area_m2: Decimal | None
    begins: date
    ends: date | None
    is_standing: bool = Field(description="今天仍然有效")


class KeptFilingOut(Schema):
    """一份转移备案."""

    id: int
    household: int = Field(alias="household_id")
    division: str = Field(alias="division_id")
    moved_on: date
    moved_to: str
    filed_on: date
    renewed_on: date | None
    ended_on: date | None
    ended_by: str
    paper: int | None = Field(alias="paper_id", description="备案证")


class KeptFilingDetailOut(KeptFilingOut):
    """一份转移备案和各项权益."""

    renewal_due: date | None = Field(description="应当核验续期的日期；已终止的和没有规定年限的没有")
    items: list[KeptRightOut]

    @staticmethod
    def resolve_renewal_due(obj: Any) -> date | None:
        return filings.renewal_due(obj)

    @staticmethod
    def resolve_items(obj: Any) -> Any:
        day = clock.legal_day(clock.now())
        names = ("title", "holder", "unit_code", "location", "area_m2", "begins", "ends")
        return [
            {name: getattr(item, name) for name in names} | {"is_standing": stands}
            for item, stands in filings.standing_items(obj, day=day)
        ]


class KeptFilingsOut(Schema):
    """一页转移备案."""

    items: list[KeptFilingOut]
    next: str | None = Field(description="下一页的翻页标记")


class KeptFilingIn(Schema):
    """申请转移备案."""

    household: Number
    moved_on: Day = Field(description="户籍迁移日期")
    moved_to: Annotated[str, Field(min_length=1, max_length=120, pattern=WITHOUT_NUL)] = Field(description="迁入地")


class KeptFilingCaseOut(Schema):
    """一件转移备案申请，和规则核对的结果."""

    case: int = Field(alias="pk", description="办件编号 id；在 /cases/{case_id} 办理")
    number: str
    household: int = Field(description="农户")
    step: str
    due: date | None
    may_be_filed: bool | None = Field(description="规则的结论；不能判定的没有")
    findings: list[str]

    @staticmethod
    def resolve_household(obj: Any) -> int:
        return int(obj.subject_id)

    @staticmethod
    def resolve_may_be_filed(obj: Any) -> bool | None:
        return filings.ruling_of(obj, on=clock.legal_day(clock.now())).value

    @staticmethod
    def resolve_findings(obj: Any) -> list[str]:
        return [step.finding for step in filings.ruling_of(obj, on=clock.legal_day(clock.now())).steps]


class KeptFilingEndIn(Schema):
    """终止转移备案."""

    ended_by: Literal["exit", "return", "void"]


@router.get("/registry/collectives/{collective_id}/members", response=RollOut, summary="集体成员名册")
@allows(MEMBER_VIEW)
def list_members(
    request: HttpRequest,
    collective_id: int,
    day: Day | None = None,
    state: Literal["", "left", "all", "dead"] = "",
    cursor: Cursor = None,
    size: Size = 50,
) -> dict[str, Any]:
    """The members of a collective on a day; today without one."""
    actor = actor_of(request)
    of = rolls.collective(collective_id, actor=actor)
    rows = rolls.roll(of, actor=actor, day=day or clock.legal_day(clock.now()), state=state)
    found = page(rows, order=("since", "pk"), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post(
    "/registry/collectives/{collective_id}/membership-cases",
    response={201: MembershipCaseOut},
    summary="申请确认成员身份",
    openapi_extra=CONFLICT,
)
@allows(MEMBER_WORK, OWN_APPLY)
def post_membership(request: HttpRequest, collective_id: int, given: MembershipIn) -> Status[Any]:
    """Apply that a person be confirmed as a member; a farmer for himself and those at home, in his own village."""
    actor, at = actor_of(request), clock.now()
    of = (
        own_collective(collective_id, actor=actor, on=clock.legal_day(at))
        if actor.role == Role.SELF
        else rolls.collective(collective_id, actor=actor)
    )
    facts = {name: getattr(given, name) for name in STATED}
    made = services.apply_for_membership(
        collective_id=of.pk, person_id=given.person, on=given.on, facts=facts, actor=actor, at=at
    )
    return Status(201, rolls.membership_case(made.case_id, actor=actor))


@router.post(
    "/registry/collectives/{collective_id}/losses",
    response={201: MembershipCaseOut},
    summary="提出丧失成员身份",
    openapi_extra=CONFLICT,
)
@allows(MEMBER_WORK)
def post_loss(request: HttpRequest, collective_id: int, given: MembershipLossIn) -> Status[Any]:
    """Bring forward that a member has ceased to be one."""
    actor = actor_of(request)
    of = rolls.collective(collective_id, actor=actor)
    made = services.apply_for_loss(
        collective_id=of.pk, person_id=given.person, on=given.on, cause=CollectiveMember.Exit(given.cause),
        facts={"is_contract_civil_servant": given.is_contract_civil_servant}, actor=actor, at=clock.now(),
    )  # fmt: skip
    return Status(201, rolls.membership_case(made.case_id, actor=actor))


@router.get("/registry/membership-cases/{membership_case_id}", response=MembershipCaseOut, summary="一件成员身份申请")
@allows(MEMBER_VIEW, OWN_CASES)
def get_membership_case(request: HttpRequest, membership_case_id: int) -> Any:
    """An application with what the rule says of it."""
    return rolls.membership_case(membership_case_id, actor=actor_of(request))


@router.get("/registry/filings", response=KeptFilingsOut, summary="转移备案列表")
@allows(MEMBER_VIEW, OWN_CASES)
def list_filings(
    request: HttpRequest,
    q: Annotated[str, Field(max_length=60, pattern=WITHOUT_NUL)] = "",
    state: Literal["", "standing", "over"] = "",
    cursor: Cursor = None,
    size: Size = 50,
) -> dict[str, Any]:
    """The filings that the caller may see, newest first."""
    rows = filings.filings(actor_of(request), text=q, state=state)
    found = page(rows, order=("-pk",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post("/registry/filings", response={201: KeptFilingCaseOut}, summary="申请转移备案", openapi_extra=CONFLICT)
@allows(MEMBER_WORK, OWN_APPLY)
def post_filing(request: HttpRequest, given: KeptFilingIn) -> Status[Any]:
    """Apply for the filing of a household, a farmer for his own; it is filed when its case is decided."""
    made = services.apply_for_filing(
        household_id=given.household, moved_on=given.moved_on, moved_to=given.moved_to, actor=actor_of(request),
        at=clock.now(),
    )  # fmt: skip
    return Status(201, made)


@router.get("/registry/filings/{filing_id}", response=KeptFilingDetailOut, summary="一份转移备案")
@allows(MEMBER_VIEW, OWN_CASES)
def get_filing(request: HttpRequest, filing_id: int) -> Any:
    """One filing with what still stands of it."""
    return filings.filing(filing_id, actor=actor_of(request))


@router.post(
    "/registry/filings/{filing_id}/renewal", response=KeptFilingDetailOut, summary="续办换证", openapi_extra=CONFLICT
)
@allows(FILING_KEEP)
def post_renewal(request: HttpRequest, filing_id: int) -> Any:
    """Issue the certificate anew with what still stands."""
    actor = actor_of(request)
    found = filings.filing(filing_id, actor=actor)
    services.renew_filing(filing_id=found.pk, actor=actor, at=clock.now())
    return filings.filing(filing_id, actor=actor)


@router.post(
    "/registry/filings/{filing_id}/end", response=KeptFilingDetailOut, summary="终止转移备案", openapi_extra=CONFLICT
)
@allows(FILING_KEEP)
def post_filing_end(request: HttpRequest, filing_id: int, given: KeptFilingEndIn) -> Any:
    """End a filing."""
    actor = actor_of(request)
    found = filings.filing(filing_id, actor=actor)
    cause = KeptRightsFiling.End(given.ended_by)
    services.end_filing(filing_id=found.pk, ended_by=cause, actor=actor, at=clock.now())
    return filings.filing(filing_id, actor=actor)
