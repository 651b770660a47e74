"""联席会议: the list, one meeting with its agenda, the forms to call, change and record one, its minutes."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.pages.record import Tone
from ronghe.kernel.papers import setting
from ronghe.kernel.regions.models import OrgUnit
from ronghe.policy import queries as policy

from .. import services
from ..models import AgendaItem, Meeting
from ..permissions import MEETING_EDIT, MEETING_VIEW, MINUTES_ISSUE
from ..queries import meetings as queries
from ..queries.basis import COORDINATION, own_zones, stated

TONES: dict[str, Tone] = {
    "called": "place",
    "notified": "place",
    "held": "warn",
    "minuted": "good",
    "cancelled": "plain",
}
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_OPEN = (Meeting.State.CALLED, Meeting.State.NOTIFIED)


def address_of(meeting: Meeting) -> str:
    return reverse("governance:meeting", args=[meeting.pk])


@require_safe
@allows(MEETING_VIEW)
def meetings(request: HttpRequest) -> HttpResponse:
    """The meetings that one may see, newest first."""
    actor = actor_of(request)
    listing: Listing[Any] = Listing(
        title="联席会议",
        columns=[
            Column("on", "日期", lambda m: m.on, order=("on",), kind="date"),
            Column("title", "会议", lambda m: m.title, link=address_of, wide=True),
            Column("zone", "试验区", lambda m: m.zone.short),
            Column("state", "状态", lambda m: m.get_state_display(), template="governance/_row_meeting.html"),
            Column("items", "议题", lambda m: m.item_count, kind="number"),
            Column("made", "形成任务", lambda m: m.made_count, kind="number"),
            Column("paper", "纪要", lambda m: m.paper.number if m.paper else "", kind="code"),
        ],
        filters=[
            Filter("zone", "试验区", options=[Option(z.slug, z.short) for z in policy.zones_by_name(actor)]),
            Filter("state", "状态", options=[Option(value, label) for value, label in Meeting.State.choices]),
        ],
        order=("-on", "-pk"),
        empty="还没有联席会议",
        empty_next="专班召集会议，平台把逾期、滞后、请求协调的任务列为议题；议定事项印发纪要后成为任务。",
        row_link=address_of,
    )
    asked = listing.asked(request.GET)
    rows = queries.meetings(actor, zone=asked.text("zone"), state=asked.text("state"))
    context = {
        "lead": "一家解决不了的事上会；会上定了的事进台账。",
        "may_edit": may(actor.role, MEETING_EDIT),
        "crumbs": [("工作台", reverse("portal:desk")), ("联席会议", None)],
    }
    return listing.respond(request, asked, rows, template="governance/meetings.html", context=context)


class MeetingForm(forms.Form):
    """召集联席会议."""

    zone = forms.ChoiceField(label="试验区")
    title = forms.CharField(label="会议名称", max_length=120, required=False, help_text="不填则按次序命名。")
    on = forms.DateField(label="日期", widget=_DAY)
    place = forms.CharField(label="地点", max_length=120)
    convener = forms.CharField(label="召集人", max_length=80, help_text="方案写明由谁召集的，已经填好。")

    def __init__(self, *args: Any, zones: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if zones:
            self.fields["zone"].choices = list(zones.items())  # type: ignore[attr-defined]
        else:
            del self.fields["zone"]


@require_http_methods(["GET", "HEAD", "POST"])
@allows(MEETING_EDIT)
def new_meeting(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    actor, day = actor_of(request), clock.legal_day(clock.now())
    zones = {zone.slug: zone for zone in own_zones(actor)}
    first = next(iter(zones.values()), None)
    callers = stated(first, ("governance.coordination.caller",), on=day, actor=actor) if first else []
    initial = {"on": day + timedelta(days=7), "convener": callers[0].value if callers else ""}
    form = MeetingForm(
        request.POST if request.method == "POST" else None, initial=initial,
        zones={slug: zone.title for slug, zone in zones.items()} or {"": "没有可以召集会议的试验区"},
    )  # fmt: skip

    def do(given: dict[str, Any]) -> Meeting:
        return services.call_meeting(**{**given, "zone": zones[given["zone"]]}, actor=actor, at=clock.now())

    context = {
        "title": "召集联席会议", "submit": "召集会议", "cancel_url": reverse("governance:meetings"),
        "lead": "先定时间、地点，再编排议程、通知单位。",
        "crumbs": [("联席会议", reverse("governance:meetings")), ("召集", None)],
    }  # fmt: skip
    return _formed(request, form, do, context)


def _formed(
    request: HttpRequest, form: forms.Form, do: Callable[[dict[str, Any]], Meeting], context: dict[str, Any]
) -> HttpResponse:
    """A form page that leads to the meeting once its command was done."""
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                return redirect(address_of(do(form.cleaned_data)))
            except DomainError as error:
                form.add_error(None, error.text)
                status = error.status
    return render(request, "portal/form.html", {**context, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(MEETING_EDIT)
def meeting_edit(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Change when and where a meeting is."""
    actor = actor_of(request)
    found = queries.meeting(meeting_id, actor=actor)
    initial = {name: getattr(found, name) for name in ("title", "on", "place", "convener")}
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=initial, zones={})

    def do(given: dict[str, Any]) -> Meeting:
        return services.change_meeting(meeting_id=found.pk, actor=actor, at=clock.now(), **given)

    context = {
        "title": f"修改：{found.title}", "submit": "保存", "cancel_url": address_of(found),
        "lead": "已通知的，改日期或地点会再次通知。" if found.state == Meeting.State.NOTIFIED else "",
        "crumbs": [("联席会议", reverse("governance:meetings")), (found.title, address_of(found)), ("修改", None)],
    }  # fmt: skip
    return _formed(request, form, do, context)


@require_safe
@allows(MEETING_VIEW)
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One meeting: its agenda, what was decided, and what comes next."""
    return _page(request, queries.meeting(meeting_id, actor=actor_of(request)))


def _page(request: HttpRequest, found: Meeting, *, fault: str = "", status: int = 200) -> HttpResponse:
    actor, day = actor_of(request), clock.legal_day(clock.now())
    own = reaches(actor, found.division_id)
    edits = own and may(actor.role, MEETING_EDIT)
    items = list(found.items.all())
    there = {item.task_id for item in items}
    is_open = edits and found.state in _OPEN
    stuck = [one for one in queries.stuck_tasks(found.zone, day=day) if one.task.pk not in there] if is_open else []
    context = {
        "meeting": found,
        "items": items,
        "title": found.title,
        "state": State(found.get_state_display(), TONES[found.state]),
        "facts": [
            Fact("日期", found.on.isoformat()),
            Fact("地点", found.place),
            Fact("召集人", found.convener),
            Fact("议题", f"{len(items)} 项"),
        ],
        "basis": stated(found.zone, COORDINATION, on=found.on, actor=actor),
        "is_open": is_open,
        "stuck": stuck[:12],
        "stuck_count": len(stuck),
        "may_notify": edits and found.state == Meeting.State.CALLED and items,
        "may_hold": edits and found.state in (Meeting.State.NOTIFIED, Meeting.State.HELD) and found.on <= day,
        "may_issue": own and may(actor.role, MINUTES_ISSUE) and found.state == Meeting.State.HELD,
        "may_preview": own and found.state == Meeting.State.HELD,
        "task_count": sum(1 for item in items if item.unit_id and item.due),
        "next_step": _next_step(found, bool(items), found.on <= day),
        "fault": fault,
        "crumbs": [("联席会议", reverse("governance:meetings")), (found.title, None)],
    }
    return render(request, "governance/meeting.html", context, status=status)


def _next_step(found: Meeting, has_items: bool, has_come: bool) -> str:
    if found.state == Meeting.State.CALLED:
        return "通知与会单位" if has_items else "编排议程"
    if found.state == Meeting.State.NOTIFIED:
        return "记录会议情况和议定事项" if has_come else f"{found.on} 开会，会后在这里记录"
    return "印发纪要，议定事项随即成为任务" if found.state == Meeting.State.HELD else ""


def _number(text: str) -> int:
    """A number that a button of our own page sends; 0 for anything else, which nothing has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


@require_POST
@allows(MEETING_EDIT)
def meeting_act(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """One step of preparing a meeting: the button says which."""
    actor, given = actor_of(request), request.POST
    found = queries.meeting(meeting_id, actor=actor)
    try:
        said = _act(found, given.get("act", ""), given, actor)
    except DomainError as error:
        return _page(request, queries.meeting(meeting_id, actor=actor), fault=error.text, status=error.status)
    messages.success(request, said)
    return redirect(address_of(found))


def _act(found: Meeting, act: str, given: Mapping[str, str], actor: Actor) -> str:
    def text(name: str) -> str:
        return given.get(name, "").replace("\x00", "")

    base: dict[str, Any] = {"meeting_id": found.pk, "actor": actor, "at": clock.now()}
    item = _number(given.get("item", ""))
    if act == "propose":
        count = services.propose_agenda(**base)
        return f"已把 {count} 项卡点任务列为议题。" if count else "没有新的卡点任务可以列为议题。"
    if act == "notify":
        services.notify_meeting(**base)
        return "已通知议题涉及的单位。"
    if act == "cancel":
        services.cancel_meeting(reason=text("reason"), **base)
        return "会议已取消。"
    if act == "change":
        services.change_item(item_id=item, matter=text("matter"), situation=text("situation"), **base)
        return "议题已保存。"
    if act == "remove":
        services.remove_item(item_id=item, **base)
        return "议题已移出议程。"
    if act in ("up", "down"):
        services.reorder_items(item_ids=_moved(found, item, -1 if act == "up" else 1), **base)
        return "议程顺序已调整。"
    task = _number(given.get("task", "")) or None
    services.add_item(task_id=task, matter=text("matter"), situation=text("situation"), **base)
    return "已列入议程。"


def _moved(found: Meeting, item: int, by: int) -> list[int]:
    """The order of the agenda with one item moved by a place; an unknown item is left for the service to refuse."""
    order = [one.pk for one in found.items.all()]
    if item not in order:
        return [item]
    at = order.index(item)
    to = min(max(at + by, 0), len(order) - 1)
    order.insert(to, order.pop(at))
    return order


# -- held and minuted ----------------------------------------------------------------------------------------------


class HoldForm(forms.Form):
    """会议记录: who was there, how it went, and per item what was decided, by whom, until when."""

    attendance = forms.CharField(
        label="参加单位和人员", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, help_text="一行一个单位。"
    )
    opening = forms.CharField(label="会议概况", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)

    def __init__(self, *args: Any, items: list[AgendaItem], units: list[OrgUnit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "不形成任务"), *((str(unit.pk), unit.name) for unit in units)]
        self._items = items
        for item in items:
            self.fields[f"decision-{item.pk}"] = forms.CharField(
                label="议定事项", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False,
                initial=item.decision, help_text="第一句作为任务名称。",
            )  # fmt: skip
            self.fields[f"unit-{item.pk}"] = forms.ChoiceField(
                label="落实单位", choices=choices, required=False, initial=str(item.unit_id or _first_unit(item))
            )
            self.fields[f"due-{item.pk}"] = forms.DateField(
                label="完成期限", widget=_DAY, required=False, initial=item.due
            )

    @property
    def head(self) -> list[forms.BoundField]:
        return [self["attendance"], self["opening"]]

    @property
    def groups(self) -> list[tuple[AgendaItem, list[forms.BoundField]]]:
        """The fields of each item."""
        return [(i, [self[f"{name}-{i.pk}"] for name in ("decision", "unit", "due")]) for i in self._items]

    def decided(self) -> list[services.Decided]:
        """What was decided on each item; a unit without a day makes no task."""
        given = self.cleaned_data
        return [
            services.Decided(
                item.pk,
                given[f"decision-{item.pk}"],
                int(given[f"unit-{item.pk}"]) if given[f"unit-{item.pk}"] and given[f"due-{item.pk}"] else None,
                given[f"due-{item.pk}"],
            )
            for item in self._items
        ]


def _first_unit(item: AgendaItem) -> str:
    units = list(item.task.units.all()) if item.task else []
    return str(units[0].unit_id) if units else ""


@require_http_methods(["GET", "HEAD", "POST"])
@allows(MEETING_EDIT)
def meeting_hold(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Record a meeting and what it decided."""
    actor = actor_of(request)
    found = queries.meeting(meeting_id, actor=actor)
    form = HoldForm(
        request.POST if request.method == "POST" else None,
        initial={"attendance": found.attendance, "opening": found.opening},
        items=list(found.items.all()), units=list(queries.units_of(found.zone)),
    )  # fmt: skip
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            head = {name: form.cleaned_data[name] for name in ("attendance", "opening")}
            try:
                services.hold_meeting(meeting_id=found.pk, decided=form.decided(), actor=actor, at=clock.now(), **head)
            except DomainError as error:
                form.add_error(None, error.text)
                status = error.status
            else:
                messages.success(request, "会议记录已保存。请预览纪要，再印发。")
                return redirect(address_of(found))
    context = {
        "meeting": found, "form": form, "title": f"记录：{found.title}", "cancel_url": address_of(found),
        "crumbs": [("联席会议", reverse("governance:meetings")), (found.title, address_of(found)), ("记录", None)],
    }  # fmt: skip
    return render(request, "governance/meeting_hold.html", context, status=status)


@require_POST
@allows(MINUTES_ISSUE)
def meeting_issue(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Issue the minutes."""
    actor = actor_of(request)
    found = queries.meeting(meeting_id, actor=actor)
    try:
        services.issue_minutes(meeting_id=meeting_id, actor=actor, at=clock.now())
    except DomainError as error:
        return _page(request, found, fault=error.text, status=error.status)
    messages.success(request, "纪要已印发，议定事项已经交办。")
    return redirect(address_of(found))


@require_safe
@allows(MEETING_EDIT)
def meeting_minutes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The minutes as they would be issued, marked as a draft."""
    found, at = queries.meeting(meeting_id, actor=actor_of(request)), clock.now()
    answer = HttpResponse(setting.pdf(services.minutes_draft(found, at=at), at=at), content_type="application/pdf")
    answer["Content-Disposition"] = f"inline; filename=minutes-{found.pk}.pdf"
    return answer
