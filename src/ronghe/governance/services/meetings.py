"""联席会议: call, set the agenda, notify, hold, and issue the minutes, by which what was decided becomes tasks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.db import refuses
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.inbox.services import tell
from ronghe.kernel.papers.blocks import Sheet
from ronghe.kernel.papers.services import issue_paper, sheet_of
from ronghe.kernel.regions.models import OrgUnit
from ronghe.policy.models import Zone

from ..errors import (
    AgendaItemNotFound,
    AlreadyOnAgenda,
    LedgerTaskNotFound,
    MeetingIncomplete,
    MeetingNotFound,
    MeetingNotInState,
)
from ..models import AgendaItem, Assignment, Meeting, Task
from ..papers import MINUTES
from ..queries.basis import office_of
from ..queries.meetings import stuck_tasks
from ..rules.ledger import State
from .ledger import address_of, new_task, staff_of
from .moving import move

_OPEN = (Meeting.State.CALLED, Meeting.State.NOTIFIED)
#: Out of the way of every order that an agenda has, while it is set anew.
_ASIDE = 10_000
MOST_PROPOSED = 20


@dataclass(frozen=True, slots=True)
class Decided:
    """议定: what was decided on one item; with a unit and a day it becomes a task."""

    item_id: int
    decision: str
    unit_id: int | None = None
    due: date | None = None


def meeting_address(meeting: Meeting) -> str:
    """The page of a meeting."""
    return f"/office/meetings/{meeting.pk}/"


# -- called and prepared -------------------------------------------------------------------------------------------


@transaction.atomic
def call_meeting(
    *, zone: Zone, title: str = "", on: date, place: str, convener: str, actor: Actor, at: datetime
) -> Meeting:
    """Call a joint meeting (召集联席会议), numbered within its zone. Locks: the zone. Raises: Forbidden, MeetingIncomplete."""
    if not reaches(actor, zone.seat_id):
        raise Forbidden()
    Zone.objects.select_for_update().get(pk=zone.pk)
    number = (Meeting.objects.filter(zone=zone).aggregate(last=Max("number"))["last"] or 0) + 1
    told = _head(title or f"{zone.title}第{number}次联席会议", on, place, convener)
    _refuse_past(on, at)
    made = Meeting.objects.create(
        zone=zone, division_id=zone.seat_id, number=number, made_by_id=actor.user_id, made_at=at, **told
    )
    record(verb="governance.meeting.called", subject=made, actor=actor, at=at, facts={"number": number, "on": on})
    return made


def _head(title: str, on: date, place: str, convener: str) -> dict[str, Any]:
    told = {name: " ".join(text.split()) for name, text in (("title", title), ("place", place), ("convener", convener))}
    names = {"title": "会议名称", "place": "地点", "convener": "召集人"}
    _refuse_lacking([names[name] for name, text in told.items() if not text])
    return {"title": told["title"][:120], "place": told["place"][:120], "convener": told["convener"][:80], "on": on}


def _refuse_past(on: date, at: datetime) -> None:
    _refuse_lacking(["今天或以后的会议日期"] if on < legal_day(at) else [])


def _refuse_lacking(lacking: Sequence[str]) -> None:
    if lacking:
        raise MeetingIncomplete(listing="、".join(lacking))


def _locked(meeting_id: int, actor: Actor) -> Meeting:
    """The meeting, locked. Raises: MeetingNotFound, Forbidden for who does not call the zone's meetings."""
    seen = Meeting.objects.visible_to(actor).filter(pk=meeting_id).exists()
    found = Meeting.objects.select_for_update(of=("self",)).filter(pk=meeting_id).first() if seen else None
    if found is None:
        raise MeetingNotFound(meeting=meeting_id)
    if not reaches(actor, found.division_id):
        raise Forbidden()
    return found


def _refuse_unless(meeting: Meeting, states: Iterable[str], what: str) -> None:
    if meeting.state not in states:
        raise MeetingNotInState(title=meeting.title, state=meeting.get_state_display(), what=what)


def _changed(meeting: Meeting, what: str, *, actor: Actor, at: datetime, **facts: Any) -> None:
    facts = {"what": what, **facts}
    record(verb="governance.meeting.changed", subject=meeting, actor=actor, at=at, facts=facts)


@transaction.atomic
def change_meeting(
    *, meeting_id: int, title: str, on: date, place: str, convener: str, actor: Actor, at: datetime
) -> Meeting:
    """Change when and where a meeting is; who was notified hears of another day or place. A repeat changes nothing.

    Locks: Meeting. Raises: MeetingNotFound, Forbidden, MeetingNotInState, MeetingIncomplete.
    """
    meeting = _locked(meeting_id, actor)
    _refuse_unless(meeting, _OPEN, "修改时间和地点")
    told = _head(title, on, place, convener)
    if on != meeting.on:
        _refuse_past(on, at)
    changed = [name for name, value in told.items() if getattr(meeting, name) != value]
    if not changed:
        return meeting
    for name in changed:
        setattr(meeting, name, told[name])
    meeting.save(update_fields=changed)
    _changed(meeting, "head", actor=actor, at=at, fields=",".join(changed))
    if meeting.state == Meeting.State.NOTIFIED and {"on", "place"} & set(changed):
        _tell(meeting, "联席会议改期改址", at=at)
    return meeting


@transaction.atomic
def propose_agenda(*, meeting_id: int, most: int = MOST_PROPOSED, actor: Actor, at: datetime) -> int:
    """Put the stuck tasks on the agenda (生成议题), the most urgent first; returns how many. A repeat adds none twice.

    Locks: Meeting. Raises: MeetingNotFound, Forbidden, MeetingNotInState.
    """
    meeting = _locked(meeting_id, actor)
    _refuse_unless(meeting, _OPEN, "增加议题")
    there = set(meeting.items.exclude(task=None).values_list("task_id", flat=True))
    found = [one for one in stuck_tasks(meeting.zone, day=legal_day(at)) if one.task.pk not in there][:most]
    first = _last_order(meeting) + 1
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, order=order, task=one.task, matter=_matter(one.task), situation=one.situation)
        for order, one in enumerate(found, start=first)
    )
    if found:
        _changed(meeting, "proposed", actor=actor, at=at, count=len(found))
    return len(found)


def _matter(task: Task) -> str:
    return f"{task.label} {task.title}".strip()[:200]


def _last_order(meeting: Meeting) -> int:
    return int(meeting.items.aggregate(last=Max("order"))["last"] or 0)


@transaction.atomic
def add_item(
    *, meeting_id: int, matter: str = "", situation: str = "", task_id: int | None = None, actor: Actor, at: datetime
) -> AgendaItem:
    """Put a matter on the agenda, about a task or none. Locks: Meeting.

    Raises: MeetingNotFound, Forbidden, MeetingNotInState, LedgerTaskNotFound, AlreadyOnAgenda, MeetingIncomplete.
    """
    meeting = _locked(meeting_id, actor)
    _refuse_unless(meeting, _OPEN, "增加议题")
    task = Task.objects.visible_to(actor).filter(pk=task_id, zone=meeting.zone_id).first() if task_id else None
    if task_id and task is None:
        raise LedgerTaskNotFound(task=task_id)
    matter = " ".join(matter.split()) or (_matter(task) if task else "")
    _refuse_lacking([] if matter else ["议题"])
    with refuses({"agenda_task_once": AlreadyOnAgenda(title=matter)}):
        made = AgendaItem.objects.create(
            meeting=meeting, order=_last_order(meeting) + 1, task=task, matter=matter[:200], situation=situation.strip()
        )
    _changed(meeting, "item_added", actor=actor, at=at, item=made.pk)
    return made


def _item(meeting: Meeting, item_id: int) -> AgendaItem:
    found = meeting.items.filter(pk=item_id).first()
    if found is None:
        raise AgendaItemNotFound(item=item_id)
    return found


@transaction.atomic
def change_item(
    *, meeting_id: int, item_id: int, matter: str, situation: str, actor: Actor, at: datetime
) -> AgendaItem:
    """Word an item of the agenda anew. Locks: Meeting. Raises: as ``add_item``, AgendaItemNotFound."""
    meeting = _locked(meeting_id, actor)
    _refuse_unless(meeting, _OPEN, "修改议题")
    item = _item(meeting, item_id)
    matter = " ".join(matter.split())
    _refuse_lacking([] if matter else ["议题"])
    if (item.matter, item.situation) != (matter[:200], situation.strip()):
        item.matter, item.situation = matter[:200], situation.strip()
        item.save(update_fields=["matter", "situation"])
        _changed(meeting, "item_changed", actor=actor, at=at, item=item.pk)
    return item


@transaction.atomic
def remove_item(*, meeting_id: int, item_id: int, actor: Actor, at: datetime) -> None:
    """Take an item off the agenda. Locks: Meeting. Raises: MeetingNotFound, Forbidden, MeetingNotInState, AgendaItemNotFound."""
    meeting = _locked(meeting_id, actor)
    _refuse_unless(meeting, _OPEN, "移出议题")
    _item(meeting, item_id).delete()
    _renumber(meeting, list(meeting.items.order_by("order").values_list("pk", flat=True)))
    _changed(meeting, "item_removed", actor=actor, at=at, item=item_id)


@transaction.atomic
def reorder_items(*, meeting_id: int, item_ids: Sequence[int], actor: Actor, at: datetime) -> None:
    """Set the order of the agenda; items that are not named follow as they stood. Locks: Meeting.

    Raises: MeetingNotFound, Forbidden, MeetingNotInState, AgendaItemNotFound.
    """
    meeting = _locked(meeting_id, actor)
    _refuse_unless(meeting, _OPEN, "调整议题顺序")
    stand = list(meeting.items.order_by("order").values_list("pk", flat=True))
    named = list(dict.fromkeys(item_ids))
    for pk in named:
        if pk not in stand:
            raise AgendaItemNotFound(item=pk)
    wanted = [*named, *(pk for pk in stand if pk not in named)]
    if wanted != stand:
        _renumber(meeting, wanted)
        _changed(meeting, "reordered", actor=actor, at=at)


def _renumber(meeting: Meeting, item_ids: Sequence[int]) -> None:
    meeting.items.update(order=F("order") + _ASIDE)
    for order, pk in enumerate(item_ids, start=1):
        meeting.items.filter(pk=pk).update(order=order)


@transaction.atomic
def notify_meeting(*, meeting_id: int, actor: Actor, at: datetime) -> Meeting:
    """Notify the staff of the units concerned (通知与会单位). A repeat notifies nobody. Locks: Meeting.

    Raises: MeetingNotFound, Forbidden, MeetingNotInState, MeetingIncomplete without an item on the agenda.
    """
    meeting = _locked(meeting_id, actor)
    if meeting.state == Meeting.State.NOTIFIED:
        return meeting
    _refuse_unless(meeting, [Meeting.State.CALLED], "通知")
    _refuse_lacking([] if meeting.items.exists() else ["至少一项议题"])
    meeting.state = Meeting.State.NOTIFIED
    meeting.save(update_fields=["state"])
    _changed(meeting, "notified", actor=actor, at=at)
    _tell(meeting, "联席会议通知", at=at)
    return meeting


def _tell(meeting: Meeting, what: str, *, text: str = "", at: datetime) -> None:
    units = Assignment.objects.filter(task__in=meeting.items.values("task"), ended_at=None).values_list(
        "unit", flat=True
    )
    text = text or f"{meeting.on} 在{meeting.place}召开，召集人：{meeting.convener}"
    users = staff_of(set(units), on=legal_day(at))
    tell(users, title=f"{what}：{meeting.title[:80]}", text=text, href=meeting_address(meeting), at=at)


@transaction.atomic
def cancel_meeting(*, meeting_id: int, reason: str, actor: Actor, at: datetime) -> Meeting:
    """Cancel a meeting that was not held (取消会议); who was notified hears why. Locks: Meeting.

    Raises: MeetingNotFound, Forbidden, MeetingNotInState, MeetingIncomplete.
    """
    meeting = _locked(meeting_id, actor)
    _refuse_unless(meeting, _OPEN, "取消")
    _refuse_lacking([] if reason.strip() else ["取消的原因"])
    was_notified = meeting.state == Meeting.State.NOTIFIED
    meeting.state, meeting.opening = Meeting.State.CANCELLED, reason.strip()
    meeting.save(update_fields=["state", "opening"])
    _changed(meeting, "cancelled", actor=actor, at=at)
    if was_notified:
        _tell(meeting, "联席会议取消", text=reason.strip()[:400], at=at)
    return meeting


# -- held and minuted ----------------------------------------------------------------------------------------------


@transaction.atomic
def hold_meeting(
    *, meeting_id: int, attendance: str, opening: str, decided: Sequence[Decided] = (), actor: Actor, at: datetime
) -> Meeting:
    """Record how a meeting went and what it decided (会议记录); until the minutes it may be recorded again. Locks: Meeting.

    Raises: MeetingNotFound, Forbidden, MeetingNotInState, AgendaItemNotFound, MeetingIncomplete.
    """
    meeting = _locked(meeting_id, actor)
    _refuse_unless(meeting, (Meeting.State.NOTIFIED, Meeting.State.HELD), "记录会议情况（须先通知与会单位）")
    if meeting.on > legal_day(at):
        raise MeetingNotInState(title=meeting.title, state=f"定于 {meeting.on} 召开", what="提前记录会议情况")
    _refuse_lacking(
        [name for name, text in (("参加单位和人员", attendance), ("会议概况", opening)) if not text.strip()]
    )
    meeting.state, meeting.attendance, meeting.opening = Meeting.State.HELD, attendance.strip(), opening.strip()
    meeting.save(update_fields=["state", "attendance", "opening"])
    known = set(
        OrgUnit.objects.filter(pk__in={one.unit_id for one in decided if one.unit_id}).values_list("pk", flat=True)
    )
    for one in decided:
        item = _item(meeting, one.item_id)
        _refuse_lacking(_lacking_of(item.order, one, known, legal_day(at)))
        item.decision, item.unit_id, item.due = one.decision.strip(), one.unit_id, one.due
        item.save(update_fields=["decision", "unit", "due"])
    _changed(meeting, "held", actor=actor, at=at, decided=len(decided))
    return meeting


def _lacking_of(order: int, one: Decided, known: set[int], day: date) -> list[str]:
    """What a decision lacks: unit and day come together, with words, and the day lies ahead."""
    lacking = []
    if (one.unit_id or one.due) and not one.decision.strip():
        lacking.append("议定事项")
    if one.due and one.unit_id not in known:
        lacking.append("落实单位")
    if one.unit_id and one.due is None:
        lacking.append("完成期限")
    if one.due and one.due <= day:
        lacking.append("今天以后的完成期限")
    return [f"第 {order} 项议题的{what}" for what in lacking]


@transaction.atomic
def issue_minutes(*, meeting_id: int, actor: Actor, at: datetime) -> Meeting:
    """Issue the minutes (印发会议纪要) as a numbered paper; each decision with unit and day becomes a task, handed out at once.

    A repeat issues nothing more. Locks: Meeting, the zone, the number series.
    Raises: MeetingNotFound, Forbidden, MeetingNotInState, MeetingIncomplete, and what papers refuse.
    Source: minutes bear no signature and no seal: GB/T 9704-2012 10.3.
    """
    meeting = _locked(meeting_id, actor)
    if meeting.state == Meeting.State.MINUTED:
        return meeting
    _refuse_unless(meeting, [Meeting.State.HELD], "印发纪要（须先记录会议情况）")
    items = list(meeting.items.select_related("task", "unit").order_by("order"))
    _refuse_unready(items, day=legal_day(at))
    facts = minutes_facts(meeting, items)
    subject = ("governance.meeting", meeting.pk)
    meeting.paper = issue_paper(
        MINUTES.key, facts=facts, division=meeting.division_id, subject=subject, actor=actor, at=at
    )
    meeting.state = Meeting.State.MINUTED
    meeting.save(update_fields=["state", "paper"])
    made = [_made(meeting, item, actor=actor, at=at) for item in items if item.unit_id and item.due]
    told = {"paper": meeting.paper.pk, "tasks": len(made)}
    record(verb="governance.meeting.minuted", subject=meeting, actor=actor, at=at, facts=told)
    return meeting


def _refuse_unready(items: Sequence[AgendaItem], *, day: date) -> None:
    lacking = [f"第 {item.order} 项议题的议定事项" for item in items if not item.decision]
    lacking += [f"第 {item.order} 项议题今天以后的完成期限" for item in items if item.due and item.due <= day]
    _refuse_lacking(lacking)


def _made(meeting: Meeting, item: AgendaItem, *, actor: Actor, at: datetime) -> Task:
    """The task that an item has become, handed out."""
    assert item.unit_id is not None
    assert item.due is not None
    title = item.decision.splitlines()[0].partition("。")[0]
    made = new_task(meeting.zone, title=title, due=item.due, unit_ids=[item.unit_id], like=item.task)
    item.made = made
    item.save(update_fields=["made"])
    move(made, State.ISSUED, reason=f"{meeting.title}议定"[:400], actor=actor, at=at)
    tell(staff_of([item.unit_id], on=legal_day(at)), title=f"{made.title[:80]}：待签收", href=address_of(made), at=at)
    return made


def minutes_facts(meeting: Meeting, items: Iterable[AgendaItem]) -> dict[str, Any]:
    """What the minutes say, as plain data."""
    return {
        "zone": meeting.zone.title,
        "office": office_of(meeting.zone, on=meeting.on),
        "title": meeting.title,
        "number": meeting.number,
        "on": meeting.on.isoformat(),
        "place": meeting.place,
        "convener": meeting.convener,
        "attendance": meeting.attendance,
        "opening": meeting.opening,
        "items": [
            {
                "matter": item.matter,
                "situation": item.situation,
                "decision": item.decision,
                "unit": item.unit.name if item.unit else "",
                "due": item.due.isoformat() if item.due else "",
            }
            for item in items
        ],
    }


def minutes_draft(meeting: Meeting, *, at: datetime) -> Sheet:
    """The minutes as they would be issued now, marked as a draft."""
    facts: Mapping[str, Any] = minutes_facts(meeting, meeting.items.select_related("unit").order_by("order"))
    return sheet_of(MINUTES, facts, unit_id=None, at=at, is_draft=True)
