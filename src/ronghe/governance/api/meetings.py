"""The API of joint meetings: the list, one with its agenda, which tasks are stuck, and every act on a meeting."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.api_types import CONFLICT, WITHOUT_NUL, Cursor, Day, Number, Size
from ronghe.kernel.paging import page

from .. import services
from ..errors import MeetingIncomplete
from ..permissions import MEETING_EDIT, MEETING_VIEW, MINUTES_ISSUE
from ..queries import meetings as queries
from ..queries.basis import own_zones

router = Router(tags=["联席会议"])

Line = Annotated[str, Field(max_length=200, pattern=WITHOUT_NUL)]
Text = Annotated[str, Field(max_length=4000, pattern=WITHOUT_NUL)]
Slug = Annotated[str, Field(max_length=40, pattern="^[a-z0-9-]+$")]


class AgendaItemOut(Schema):
    """一项议题."""

    id: int
    order: int
    task: int | None = Field(alias="task_id", description="相关任务")
    matter: str
    situation: str
    decision: str
    unit: int | None = Field(alias="unit_id", description="落实单位")
    due: date | None
    made: int | None = Field(alias="made_id", description="形成的任务")


class MeetingOut(Schema):
    """一次联席会议."""

    id: int
    zone: str = Field(alias="zone_id")
    number: int
    title: str
    state: str = Field(description="called, notified, held, minuted, cancelled")
    on: date
    place: str
    convener: str
    paper: int | None = Field(alias="paper_id", description="纪要")


class MeetingDetailOut(MeetingOut):
    """一次联席会议和议程."""

    attendance: str
    opening: str
    items: list[AgendaItemOut]

    @staticmethod
    def resolve_items(obj: Any) -> Any:
        return list(obj.items.all())


class MeetingsOut(Schema):
    """一页会议."""

    items: list[MeetingOut]
    next: str | None = Field(description="下一页的翻页标记")


class StuckOut(Schema):
    """一项卡点任务."""

    task: int
    title: str
    reasons: list[str]
    decided_last: bool = Field(description="上次会议已经议定")


class StuckTasksOut(Schema):
    """卡点任务，按急缓排列."""

    items: list[StuckOut]


class MeetingHeadIn(Schema):
    """会议的时间和地点."""

    title: Annotated[str, Field(max_length=120, pattern=WITHOUT_NUL)] = ""
    on: Day
    place: Annotated[str, Field(max_length=120, pattern=WITHOUT_NUL)]
    convener: Annotated[str, Field(max_length=80, pattern=WITHOUT_NUL)]


class MeetingIn(MeetingHeadIn):
    """召集会议."""

    zone: Slug


class ItemIn(Schema):
    """增加或改写议题."""

    task: Number | None = None
    matter: Line = ""
    situation: Text = ""


class OrderIn(Schema):
    """议程的新顺序."""

    items: Annotated[list[Number], Field(max_length=500)]


class DecidedIn(Schema):
    """一项议定."""

    item: Number
    decision: Text
    unit: Number | None = None
    due: Day | None = None


class HoldIn(Schema):
    """会议记录."""

    attendance: Text
    opening: Text
    decided: Annotated[list[DecidedIn], Field(max_length=500)] = []


class CancelIn(Schema):
    """取消会议."""

    reason: Annotated[str, Field(max_length=400, pattern=WITHOUT_NUL)]


def _detail(request: HttpRequest, meeting_id: int) -> Any:
    return queries.meeting(meeting_id, actor=actor_of(request))


@router.get("/meetings", response=MeetingsOut, summary="联席会议列表")
@allows(MEETING_VIEW)
def list_meetings(request: HttpRequest, cursor: Cursor = None, size: Size = 50) -> Any:
    """The meetings that one may see, newest first."""
    found = page(queries.meetings(actor_of(request)), order=("-pk",), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post("/meetings", response={201: MeetingDetailOut}, summary="召集联席会议", openapi_extra=CONFLICT)
@allows(MEETING_EDIT)
def call_meeting(request: HttpRequest, given: MeetingIn) -> Any:
    """Call a meeting of a zone."""
    actor = actor_of(request)
    zone = own_zones(actor).filter(pk=given.zone).first()
    if zone is None:
        raise MeetingIncomplete(listing="由您的区划主管的试验区")
    made = services.call_meeting(**{**given.dict(), "zone": zone}, actor=actor, at=clock.now())
    return Status(201, _detail(request, made.pk))


@router.get("/meetings/{meeting_id}", response=MeetingDetailOut, summary="一次联席会议")
@allows(MEETING_VIEW)
def get_meeting(request: HttpRequest, meeting_id: Number) -> Any:
    """One meeting with its agenda and what was decided."""
    return _detail(request, meeting_id)


@router.put("/meetings/{meeting_id}", response=MeetingDetailOut, summary="修改时间和地点", openapi_extra=CONFLICT)
@allows(MEETING_EDIT)
def change_meeting(request: HttpRequest, meeting_id: Number, given: MeetingHeadIn) -> Any:
    """Change when and where a meeting is."""
    services.change_meeting(meeting_id=meeting_id, **given.dict(), actor=actor_of(request), at=clock.now())
    return _detail(request, meeting_id)


@router.get("/meetings/{meeting_id}/stuck", response=StuckTasksOut, summary="卡点任务")
@allows(MEETING_EDIT)
def list_stuck(request: HttpRequest, meeting_id: Number) -> Any:
    """The tasks of the meeting's zone that are stuck today, with the reasons."""
    found = queries.stuck_tasks(_detail(request, meeting_id).zone, day=clock.legal_day(clock.now()))
    return {
        "items": [
            {
                "task": one.task.pk, "title": one.task.title, "reasons": [reason.text for reason in one.reasons],
                "decided_last": one.was_decided,
            }
            for one in found
        ]
    }  # fmt: skip


@router.post(
    "/meetings/{meeting_id}/agenda", response=MeetingDetailOut, summary="按卡点生成议题", openapi_extra=CONFLICT
)
@allows(MEETING_EDIT)
def propose_agenda(request: HttpRequest, meeting_id: Number) -> Any:
    """Put the stuck tasks on the agenda."""
    services.propose_agenda(meeting_id=meeting_id, actor=actor_of(request), at=clock.now())
    return _detail(request, meeting_id)


@router.post("/meetings/{meeting_id}/items", response=MeetingDetailOut, summary="增加议题", openapi_extra=CONFLICT)
@allows(MEETING_EDIT)
def add_item(request: HttpRequest, meeting_id: Number, given: ItemIn) -> Any:
    """Put a matter on the agenda, about a task or none."""
    services.add_item(
        meeting_id=meeting_id, task_id=given.task, matter=given.matter, situation=given.situation,
        actor=actor_of(request), at=clock.now(),
    )  # fmt: skip
    return _detail(request, meeting_id)


@router.put("/meetings/{meeting_id}/items", response=MeetingDetailOut, summary="调整议程顺序", openapi_extra=CONFLICT)
@allows(MEETING_EDIT)
def reorder_items(request: HttpRequest, meeting_id: Number, given: OrderIn) -> Any:
    """Set the order of the agenda."""
    services.reorder_items(meeting_id=meeting_id, item_ids=given.items, actor=actor_of(request), at=clock.now())
    return _detail(request, meeting_id)


@router.put(
    "/meetings/{meeting_id}/items/{item_id}", response=MeetingDetailOut, summary="改写议题", openapi_extra=CONFLICT
)
@allows(MEETING_EDIT)
def change_item(request: HttpRequest, meeting_id: Number, item_id: Number, given: ItemIn) -> Any:
    """Word an item of the agenda anew; its task stays."""
    told = {"matter": given.matter, "situation": given.situation}
    services.change_item(meeting_id=meeting_id, item_id=item_id, **told, actor=actor_of(request), at=clock.now())
    return _detail(request, meeting_id)


@router.delete(
    "/meetings/{meeting_id}/items/{item_id}", response=MeetingDetailOut, summary="移出议题", openapi_extra=CONFLICT
)
@allows(MEETING_EDIT)
def remove_item(request: HttpRequest, meeting_id: Number, item_id: Number) -> Any:
    """Take an item off the agenda."""
    services.remove_item(meeting_id=meeting_id, item_id=item_id, actor=actor_of(request), at=clock.now())
    return _detail(request, meeting_id)


@router.post("/meetings/{meeting_id}/notify", response=MeetingDetailOut, summary="通知与会单位", openapi_extra=CONFLICT)
@allows(MEETING_EDIT)
def notify_meeting(request: HttpRequest, meeting_id: Number) -> Any:
    """Notify the staff of the units concerned; a repeat notifies nobody."""
    services.notify_meeting(meeting_id=meeting_id, actor=actor_of(request), at=clock.now())
    return _detail(request, meeting_id)


@router.post("/meetings/{meeting_id}/hold", response=MeetingDetailOut, summary="记录会议", openapi_extra=CONFLICT)
@allows(MEETING_EDIT)
def hold_meeting(request: HttpRequest, meeting_id: Number, given: HoldIn) -> Any:
    """Record how a meeting went and what it decided; until the minutes it may be recorded again."""
    decided = [services.Decided(one.item, one.decision, one.unit, one.due) for one in given.decided]
    services.hold_meeting(
        meeting_id=meeting_id, attendance=given.attendance, opening=given.opening, decided=decided,
        actor=actor_of(request), at=clock.now(),
    )  # fmt: skip
    return _detail(request, meeting_id)


@router.post("/meetings/{meeting_id}/minutes", response=MeetingDetailOut, summary="印发纪要", openapi_extra=CONFLICT)
@allows(MINUTES_ISSUE)
def issue_minutes(request: HttpRequest, meeting_id: Number) -> Any:
    """Issue the minutes; what was decided with a unit and a day becomes tasks. A repeat issues nothing more."""
    services.issue_minutes(meeting_id=meeting_id, actor=actor_of(request), at=clock.now())
    return _detail(request, meeting_id)


@router.post("/meetings/{meeting_id}/cancel", response=MeetingDetailOut, summary="取消会议", openapi_extra=CONFLICT)
@allows(MEETING_EDIT)
def cancel_meeting(request: HttpRequest, meeting_id: Number, given: CancelIn) -> Any:
    """Cancel a meeting that was not held."""
    services.cancel_meeting(meeting_id=meeting_id, reason=given.reason, actor=actor_of(request), at=clock.now())
    return _detail(request, meeting_id)
