"""The API of 集体收益分配权: what a collective has set up, who holds how many on a day, cases with what the rule says."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Day, Number, Size
from ronghe.kernel.paging import page

from .. import services
from ..permissions import MEMBER_VIEW, MEMBER_WORK, OWN_CASES, OWN_VIEW
from ..queries import income as queries
from ..queries.rolls import collective
from ..rules.income import MOST_HUNDREDTHS, WHOLE, IncomeCause
from ..services import IncomeChange, IncomeOrigin

router = Router(tags=["集体收益分配权"])

Shares = Annotated[Decimal, Field(gt=0, le=MOST_HUNDREDTHS // WHOLE, decimal_places=2, description="份")]
SharesOrNone = Annotated[Decimal, Field(ge=0, le=MOST_HUNDREDTHS // WHOLE, decimal_places=2, description="份")]
Text = Annotated[str, Field(min_length=1, max_length=160, pattern=WITHOUT_NUL)]
Cause = Literal["inheritance", "division", "gift", "sale", "exit", "waiver", "extinction", "judgment"]


def _shares(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths).scaleb(-2)


class IncomeCollectiveOut(Schema):
    """一个集体的股权设置和颁证情况."""

    collective: int = Field(alias="pk")
    name: str
    division: str = Field(alias="division_id")
    total: Decimal | None = Field(description="总份数；尚未设置的没有")
    households: int = Field(description="登记户数")
    certified: int = Field(description="有证户数")

    @staticmethod
    def resolve_total(obj: Any) -> Decimal | None:
        return _shares(obj.total)

    @staticmethod
    def resolve_households(obj: Any) -> int:
        return int(obj.households or 0)

    @staticmethod
    def resolve_certified(obj: Any) -> int:
        return int(obj.certified or 0)


class IncomeCollectivesOut(Schema):
    """一页集体."""

    items: list[IncomeCollectiveOut]
    next: str | None = Field(description="下一页的翻页标记")


class IncomeRightOut(Schema):
    """一户的收益分配权."""

    collective: int = Field(alias="collective_id")
    holder: int = Field(alias="holder_id")
    name: str = Field(alias="holder.name")
    shares: Decimal = Field(description="份")
    since: date
    cause: str
    certificate: str | None = Field(alias="certificate_number", description="证号；还没有发证的没有")

    @staticmethod
    def resolve_shares(obj: Any) -> Decimal | None:
        return _shares(obj.shares_hundredths)

    @staticmethod
    def resolve_since(obj: Any) -> date:
        day: date = obj.valid.lower
        return day


class IncomeRightsOut(Schema):
    """一页农户."""

    items: list[IncomeRightOut]
    next: str | None = Field(description="下一页的翻页标记")


class OwnIncomeRightOut(Schema):
    """登记在本人或本户名下的份额."""

    collective: int = Field(alias="collective_id")
    collective_name: str = Field(alias="collective.name")
    holder: int = Field(alias="holder_id")
    shares: Decimal = Field(description="份")
    since: date

    @staticmethod
    def resolve_shares(obj: Any) -> Decimal | None:
        return _shares(obj.shares_hundredths)

    @staticmethod
    def resolve_since(obj: Any) -> date:
        day: date = obj.valid.lower
        return day


class IncomeLineOut(Schema):
    """清单上的一户."""

    household: int = Field(alias="household_id")
    name: str = Field(alias="household.name")
    members: int = Field(description="在册的在世成员")
    shares: Decimal = Field(description="份")

    @staticmethod
    def resolve_shares(obj: Any) -> Decimal | None:
        return _shares(obj.shares_hundredths)


class IncomeCaseOut(Schema):
    """一件收益分配权办件，和规则核对的结果."""

    case: int = Field(alias="pk", description="办件编号 id；在 /cases/{case_id} 办理")
    number: str = Field(alias="case.number")
    matter: str = Field(description="first, transfer, cancel")
    collective: int = Field(alias="collective_id")
    holder: int | None = Field(alias="holder_id")
    taker: int | None = Field(alias="taker_id")
    cause: str
    shares: Decimal | None = Field(description="转移或注销的份额")
    total: Decimal | None = Field(description="首次登记的总份数")
    counted_on: date | None
    may_be_entered: bool | None = Field(description="规则的结论；不能判定的没有")
    missing: list[str]
    findings: list[str]

    @staticmethod
    def resolve_shares(obj: Any) -> Decimal | None:
        return _shares(obj.shares_hundredths)

    @staticmethod
    def resolve_total(obj: Any) -> Decimal | None:
        return _shares(obj.total_hundredths)

    @staticmethod
    def resolve_may_be_entered(obj: Any) -> bool | None:
        value: bool | None = _asked(obj).value
        return value

    @staticmethod
    def resolve_missing(obj: Any) -> list[str]:
        return list(_asked(obj).missing)

    @staticmethod
    def resolve_findings(obj: Any) -> list[str]:
        return [step.finding for step in _asked(obj).steps]


def _asked(obj: Any) -> Any:
    """The ruling of a case, asked once for an answer."""
    if not hasattr(obj, "_ruling"):
        obj._ruling = queries.asked(obj, day=clock.legal_day(clock.now())).ruling
    return obj._ruling


class IncomeLinesOut(Schema):
    """首次登记的清单."""

    items: list[IncomeLineOut]


class IncomeOriginIn(Schema):
    """来源材料."""

    title: Text
    number: Annotated[str, Field(max_length=60, pattern=WITHOUT_NUL)] = ""
    issued_on: Day


class IncomeFirstIn(Schema):
    """开办首次登记；总份数和每人份数至少写一项."""

    counted_on: Day = Field(description="统计基准日")
    total: Shares | None = None
    per_member: Shares | None = None
    is_static: bool = Field(True, description="静态管理：增人不增份，减人不减份")
    origin: IncomeOriginIn


class IncomeLineIn(Schema):
    """一户的份额."""

    household: Number
    shares: SharesOrNone


class IncomeLinesIn(Schema):
    """填写清单；没有写的农户不变."""

    items: Annotated[list[IncomeLineIn], Field(max_length=20_000)]
    total: Shares | None = None


class IncomeChangeIn(Schema):
    """转移、退出或注销一户的份额."""

    holder: Number
    cause: Cause
    shares: Shares
    taker: Number | None = None
    holder_applies: bool = True
    charter_allows_heir: bool | None = None
    origin: IncomeOriginIn


def _hundredths(shares: Decimal | None) -> int | None:
    return None if shares is None else int(shares.scaleb(2))


def _origin(given: IncomeOriginIn) -> IncomeOrigin:
    return IncomeOrigin(given.title, given.issued_on, given.number)


@router.get("/registry/income", response=IncomeCollectivesOut, summary="集体收益分配权：各集体")
@allows(MEMBER_VIEW)
def list_income(
    request: HttpRequest,
    q: Annotated[str, Field(max_length=60, pattern=WITHOUT_NUL)] = "",
    day: Day | None = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> dict[str, Any]:
    """The collectives that the caller may see, as of a day; today without one."""
    rows = queries.collectives_with_shares(actor_of(request), day=day or clock.legal_day(clock.now()), text=q)
    found = page(rows, order=("pk",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.get("/registry/income/mine", response=list[OwnIncomeRightOut], summary="我家的集体收益分配权")
@allows(OWN_VIEW)
def list_own_income(request: HttpRequest) -> Any:
    """What stands in one's own name or one's household's today."""
    return queries.own_rights(actor_of(request), day=clock.legal_day(clock.now()))


@router.get("/registry/income/{collective_id}", response=IncomeRightsOut, summary="一个集体的收益分配权")
@allows(MEMBER_VIEW)
def list_income_rights(
    request: HttpRequest, collective_id: int, day: Day | None = None, cursor: Cursor = None, size: Size = 50
) -> dict[str, Any]:
    """Who held how many shares on a day; today without one."""
    actor = actor_of(request)
    of = collective(collective_id, actor=actor)
    rows = queries.rights(of, actor=actor, day=day or clock.legal_day(clock.now()))
    found = page(rows, order=("pk",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post(
    "/registry/income/{collective_id}/first",
    response={201: IncomeCaseOut},
    summary="开办首次登记",
    openapi_extra=CONFLICT,
)
@allows(MEMBER_WORK)
def post_income_first(request: HttpRequest, collective_id: int, given: IncomeFirstIn) -> Status[Any]:
    """Open the first registration of a collective with a list counted from its roll."""
    actor = actor_of(request)
    of = collective(collective_id, actor=actor)
    require(actor, MEMBER_WORK, division=of.division_id)
    made = services.open_income_first(
        collective_id=of.pk, counted_on=given.counted_on, total_hundredths=_hundredths(given.total),
        per_member_hundredths=_hundredths(given.per_member), is_static=given.is_static, origin=_origin(given.origin),
        actor=actor, at=clock.now(),
    )  # fmt: skip
    return Status(201, queries.application(made.pk, actor=actor))


@router.post(
    "/registry/income/{collective_id}/changes",
    response={201: IncomeCaseOut},
    summary="申请转移、退出或注销",
    openapi_extra=CONFLICT,
)
@allows(MEMBER_WORK)
def post_income_change(request: HttpRequest, collective_id: int, given: IncomeChangeIn) -> Status[Any]:
    """Ask that a household's share go to another, back to the collective, or end."""
    actor = actor_of(request)
    of = collective(collective_id, actor=actor)
    require(actor, MEMBER_WORK, division=of.division_id)
    change = IncomeChange(
        cause=IncomeCause(given.cause), shares_hundredths=_hundredths(given.shares) or 0, taker_id=given.taker,
        holder_applies=given.holder_applies, charter_allows_heir=given.charter_allows_heir,
    )  # fmt: skip
    made = services.open_income_change(
        collective_id=of.pk, holder_id=given.holder, change=change, origin=_origin(given.origin), actor=actor,
        at=clock.now(),
    )  # fmt: skip
    return Status(201, queries.application(made.pk, actor=actor))


@router.get("/registry/income-cases/{income_case_id}", response=IncomeCaseOut, summary="一件收益分配权办件")
@allows(MEMBER_VIEW, OWN_CASES)
def get_income_case(request: HttpRequest, income_case_id: int) -> Any:
    """A case with what the rule says of it."""
    return queries.application(income_case_id, actor=actor_of(request))


@router.get("/registry/income-cases/{income_case_id}/lines", response=IncomeLinesOut, summary="首次登记的清单")
@allows(MEMBER_VIEW)
def list_income_lines(request: HttpRequest, income_case_id: int) -> dict[str, Any]:
    """The list of a first registration, by household."""
    actor = actor_of(request)
    return {"items": queries.lines_of(queries.application(income_case_id, actor=actor), actor=actor)}


@router.put(
    "/registry/income-cases/{income_case_id}/lines",
    response=IncomeCaseOut,
    summary="填写首次登记的清单",
    openapi_extra=CONFLICT,
)
@allows(MEMBER_WORK)
def put_income_lines(request: HttpRequest, income_case_id: int, given: IncomeLinesIn) -> Any:
    """Write the shares of the households that are named, all or none."""
    actor = actor_of(request)
    found = queries.application(income_case_id, actor=actor)
    require(actor, MEMBER_WORK, division=found.case.division_id)
    services.set_income_lines(
        case_id=found.pk, shares={one.household: _hundredths(one.shares) or 0 for one in given.items},
        total_hundredths=_hundredths(given.total), actor=actor, at=clock.now(),
    )  # fmt: skip
    return queries.application(income_case_id, actor=actor)
