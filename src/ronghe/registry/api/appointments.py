"""The API of appointments: what is free at a window, make, cancel, who comes on a day, who came."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Day, Number, Size
from ronghe.kernel.paging import page

from ..models import Appointment
from ..permissions import APPOINTMENT_OWN, APPOINTMENT_VIEW, APPOINTMENT_WORK, WINDOW_EDIT, WINDOW_VIEW
from ..queries import appointments as queries
from ..queries.applications import unit_named
from ..rules.appointing import LEAST_MINUTES, MOST_SEATS, MOST_SLOTS, Slot, last_day
from ..services import appointing

router = Router(tags=["窗口预约"])

Hour = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="时刻，如 09:00")]
Purpose = Literal[
    "inquiry", "query", "first", "change", "split", "merge", "house", "transfer", "cancellation", "correction",
    "objection", "objection_end", "advance_notice", "advance_notice_end", "seizure", "seizure_end", "mortgage",
    "mortgage_end", "operation", "operation_end", "residence", "residence_end",
]  # fmt: skip


def _told(hour: time) -> str:
    return f"{hour:%H:%M}"


class FreeSlotOut(Schema):
    """一个时段和它的余位."""

    begins: str
    ends: str
    capacity: int
    free: int

    @staticmethod
    def resolve_begins(obj: Any) -> str:
        return _told(obj.begins)

    @staticmethod
    def resolve_ends(obj: Any) -> str:
        return _told(obj.ends)


class WindowDayOut(Schema):
    """一个工作日的时段."""

    day: date
    slots: list[FreeSlotOut]


class WindowSlotsOut(Schema):
    """窗口可以预约的日期和时段."""

    window: int
    ahead_days: int = Field(description="最多提前多少天")
    ahead_is_confirmed: bool = Field(description="这个天数已由当地确定")
    until: date = Field(description="现在能约到的最后一天")
    days: list[WindowDayOut]


class WindowHourIn(Schema):
    """一周里的一个预约时段."""

    weekday: Annotated[int, Field(ge=1, le=7, description="1 为周一")]
    begins: Hour
    ends: Hour = Field(description=f"结束时刻；一个时段至少 {LEAST_MINUTES} 分钟")
    capacity: Annotated[int, Field(ge=1, le=MOST_SEATS)]


class WindowHoursIn(Schema):
    """从某一天起用的预约时段；一个也没有的，从这天起停止预约."""

    begins_on: Day
    slots: Annotated[list[WindowHourIn], Field(max_length=MOST_SLOTS)]


class WindowHoursOut(Schema):
    """公布的预约时段."""

    id: int
    window: int = Field(alias="window_id")
    begins_on: date
    stated_at: datetime


class AppointmentIn(Schema):
    """预约窗口."""

    window: Number
    day: Day
    begins: Hour
    matter: Purpose = Field(description="来办什么：inquiry 咨询，query 查询登记信息，其余为登记事项")
    telephone: Annotated[str, Field(min_length=1, max_length=40, pattern=WITHOUT_NUL)]
    name: Annotated[str, Field(max_length=120, pattern=WITHOUT_NUL)] = Field(
        "", description="来人姓名；本人预约和写明权利人的不用写"
    )
    party: Number | None = Field(None, description="权利人编号，由窗口代为预约时写")
    unit: Annotated[str, Field(max_length=40, pattern=WITHOUT_NUL)] = Field("", description="28 位不动产单元代码")


class AppointmentOut(Schema):
    """一个预约."""

    id: int
    number: str
    window: int = Field(alias="window_id")
    window_name: str = Field(alias="window.name")
    address: str = Field(alias="window.address")
    day: date
    begins: str
    ends: str
    name: str
    party: int | None = Field(alias="party_id")
    matter: str
    unit: str | None = Field(description="不动产单元代码")
    telephone: str = Field(description="掩码")
    state: str = Field(description="已预约、已到、未到、已取消")
    made_at: datetime
    cancelled_at: datetime | None
    came_at: datetime | None
    missed_at: datetime | None
    bring: list[str] = Field(description="来的时候要带的材料")

    @staticmethod
    def resolve_begins(obj: Any) -> str:
        return _told(obj.begins)

    @staticmethod
    def resolve_ends(obj: Any) -> str:
        return _told(obj.ends)

    @staticmethod
    def resolve_unit(obj: Any) -> str | None:
        return obj.baunit.code if obj.baunit is not None else None

    @staticmethod
    def resolve_bring(obj: Any) -> list[str]:
        return [title for title, _ in queries.what_to_bring(obj.matter)]


class AppointmentsOut(Schema):
    """一页预约."""

    items: list[AppointmentOut]
    next: str | None = Field(description="下一页的翻页标记")


@router.get("/registry/windows/{window_id}/slots", response=WindowSlotsOut, summary="窗口可预约的时段")
@allows(WINDOW_VIEW)
def list_slots(request: HttpRequest, window_id: Number) -> dict[str, Any]:
    """The working days that may be appointed now, with what is free of each slot; open to everybody."""
    at = clock.now()
    today = clock.legal_day(at)
    window = queries.window(window_id, actor=actor_of(request))
    ahead = queries.ahead_of(window, on=today)
    days = queries.coming_days(window, at=at, ahead=ahead.days)
    return {
        "window": window.pk,
        "ahead_days": ahead.days,
        "ahead_is_confirmed": not ahead.doubt,
        "until": last_day(today, ahead.days),
        "days": [one for one in days if one.slots],
    }


@router.post(
    "/registry/windows/{window_id}/hours",
    response={201: WindowHoursOut},
    summary="公布预约时段",
    openapi_extra=CONFLICT,
)
@allows(WINDOW_EDIT)
def post_hours(request: HttpRequest, window_id: Number, given: WindowHoursIn) -> Status[Any]:
    """State at which hours a window sees people, from a day on."""
    actor = actor_of(request)
    window = queries.window(window_id, actor=actor)
    require(actor, WINDOW_EDIT, division=window.division_id)
    slots = [
        Slot(one.weekday, time.fromisoformat(one.begins), time.fromisoformat(one.ends), one.capacity)
        for one in given.slots
    ]
    made = appointing.state_appointment_hours(
        window_id=window.pk, begins_on=given.begins_on, slots=slots, actor=actor, at=clock.now()
    )
    return Status(201, made)


@router.get("/registry/appointments", response=AppointmentsOut, summary="窗口预约列表")
@allows(APPOINTMENT_VIEW, APPOINTMENT_OWN)
def list_appointments(
    request: HttpRequest,
    window: Number | None = None,
    day: Day | None = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> dict[str, Any]:
    """The appointments that the caller may see, by their time: of a window, of a day."""
    rows = queries.appointments(actor_of(request), window_id=window, day=day)
    found = page(rows, order=("day", "begins", "pk"), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post("/registry/appointments", response={201: AppointmentOut}, summary="预约窗口", openapi_extra=CONFLICT)
@allows(APPOINTMENT_WORK, APPOINTMENT_OWN)
def post_appointment(request: HttpRequest, given: AppointmentIn) -> Status[Any]:
    """Make an appointment: for oneself, or at the window for whoever asks for one."""
    actor = actor_of(request)
    window = queries.window_named(given.window, actor=actor)
    if actor.role != Role.SELF:
        require(actor, APPOINTMENT_WORK, division=window.division_id)
    made = appointing.make_appointment(
        window_id=window.pk, day=given.day, begins=time.fromisoformat(given.begins), matter=given.matter,
        telephone=given.telephone, name=given.name, party_id=given.party,
        unit_id=unit_named(given.unit, actor=actor).pk if given.unit.strip() else None, actor=actor, at=clock.now(),
    )  # fmt: skip
    return Status(201, queries.appointment(made.pk, actor=actor))


@router.get("/registry/appointments/{appointment_id}", response=AppointmentOut, summary="一个预约")
@allows(APPOINTMENT_VIEW, APPOINTMENT_OWN)
def get_appointment(request: HttpRequest, appointment_id: Number) -> Any:
    """One appointment, with what to bring."""
    return queries.appointment(appointment_id, actor=actor_of(request))


def _at_window(request: HttpRequest, appointment_id: int) -> Appointment:
    """An appointment at a window of the caller's place, or one's own."""
    actor = actor_of(request)
    found = queries.appointment(appointment_id, actor=actor)
    if actor.role != Role.SELF:
        require(actor, APPOINTMENT_WORK, division=found.window.division_id)
    return found


@router.post(
    "/registry/appointments/{appointment_id}/cancellation",
    response=AppointmentOut,
    summary="取消预约",
    openapi_extra=CONFLICT,
)
@allows(APPOINTMENT_WORK, APPOINTMENT_OWN)
def post_cancellation(request: HttpRequest, appointment_id: Number) -> Any:
    """Give the seat back."""
    actor, found = actor_of(request), _at_window(request, appointment_id)
    appointing.cancel_appointment(appointment_id=found.pk, actor=actor, at=clock.now())
    return queries.appointment(found.pk, actor=actor)


@router.post(
    "/registry/appointments/{appointment_id}/arrival",
    response=AppointmentOut,
    summary="标记已到",
    openapi_extra=CONFLICT,
)
@allows(APPOINTMENT_WORK)
def post_arrival(request: HttpRequest, appointment_id: Number) -> Any:
    """Whoever was to come has come."""
    actor, found = actor_of(request), _at_window(request, appointment_id)
    appointing.mark_came(appointment_id=found.pk, actor=actor, at=clock.now())
    return queries.appointment(found.pk, actor=actor)


@router.post(
    "/registry/appointments/{appointment_id}/absence",
    response=AppointmentOut,
    summary="标记未到",
    openapi_extra=CONFLICT,
)
@allows(APPOINTMENT_WORK)
def post_absence(request: HttpRequest, appointment_id: Number) -> Any:
    """The slot is over, and nobody came."""
    actor, found = actor_of(request), _at_window(request, appointment_id)
    appointing.mark_missed(appointment_id=found.pk, actor=actor, at=clock.now())
    return queries.appointment(found.pk, actor=actor)
