"""What this room puts into the header and on one's desk."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import ListedRow, NavItem, Panel, Told
from ronghe.policy.permissions import PLAN_VIEW
from ronghe.policy.queries import zones_by_name

from .layers import TONES, URGENT
from .models import Sheet, Task
from .permissions import LEDGER_VIEW, MEETING_VIEW, PLAN_INTAKE, REPORT_VIEW
from .queries.ledger import LedgerFilter, ledger, light_of, limits_for
from .rules.ledger import AT_WORK, Light, Limits, State

NAV = (
    NavItem("驾驶舱", "zone_office:cockpit", "activity", LEDGER_VIEW, in_zone=True, order=12),
    NavItem("任务台账", "zone_office:ledger", "clipboard-list", LEDGER_VIEW, in_zone=True, order=15),
    NavItem("比较", "zone_office:comparison", "git-compare", PLAN_VIEW, in_zone=True, order=45),
    NavItem("督办", "governance:sheets", "speakerphone", LEDGER_VIEW, order=66),
    NavItem("联席会议", "governance:meetings", "users", MEETING_VIEW, order=67),
    NavItem("通报和报告", "governance:reports", "report", REPORT_VIEW, order=68),
    NavItem("方案入库", "governance:plans", "file-import", PLAN_INTAKE, order=70),
)

#: As many of each kind stand on the desk.
FEW = 5


def waiting(actor: Actor, day: date) -> Sequence[Told]:
    """What waits for this person: tasks of the unit, and, for office and leader, what the zone is stuck on."""
    told: list[Told] = []
    leads = actor.role in (Role.ZONE_OFFICE, Role.LEADER)
    for zone in zones_by_name(actor):
        seen = Task.objects.visible_to(actor).filter(zone=zone)
        if not seen.exists():
            continue
        limits = limits_for(zone, on=day)

        def rows_of(wanted: LedgerFilter, zone: Any = zone, limits: Limits = limits) -> Any:
            return ledger(zone, actor=actor, wanted=wanted, day=day, limits=limits)

        office = leads and reaches(actor, zone.seat_id)
        mine = None if office else actor.org_unit_id
        asked: list[tuple[str, Any, dict[str, str]]] = []
        if not office:
            unsigned = rows_of(LedgerFilter(mine=mine)).filter(
                state__in=[State.ISSUED, *AT_WORK], units__unit=mine, units__signed_at=None, units__ended_at=None
            )
            asked.append(("待签收", unsigned.distinct(), {"state": "issued", "unit": str(mine)}))
        for light in (Light.OVERDUE, Light.BEHIND, Light.NEAR):
            given = {"light": light.value} | ({} if office else {"unit": str(mine)})
            asked.append((light.title, rows_of(LedgerFilter(mine=mine, light=light.value)), given))
        if office:
            asked.append(("需要协调", rows_of(LedgerFilter(needs_help=True)), {"help": "yes"}))
            asked.append(("待交办", rows_of(LedgerFilter(state=State.LISTED.value)), {"state": "listed"}))
        for title, rows, given in asked:
            one = _told(f"{zone.short}：{title}", rows, zone.slug, given, day=day, limits=limits)
            if one is not None:
                told.append(one)
    return [*_sheets(actor, day), *told]


def _told(title: str, rows: Any, slug: str, given: dict[str, str], *, day: date, limits: Limits) -> Told | None:
    first = list(rows.order_by("due", "order")[:FEW])
    if not first:
        return None
    count = rows.count() if len(first) == FEW else len(first)
    listed = []
    for task in first:
        light, why = light_of(task, day=day, limits=limits)
        word = light.title if light in URGENT else ""
        href = reverse("zone_office:task", args=[slug, task.pk])
        listed.append(ListedRow(task.title, why, href, TONES[light], word))
    return Told(title, listed, count, f"{reverse('zone_office:ledger', args=[slug])}?{urlencode(given)}")


def _sheets(actor: Actor, day: date) -> list[Told]:
    """Sheets that this person's unit must answer, or, for the office, that wait to be closed or raised."""
    rows = Sheet.objects.visible_to(actor).select_related("task", "unit")
    if actor.role in (Role.ZONE_OFFICE, Role.LEADER):
        late = rows.filter(state=Sheet.State.OPEN, reply_by__lt=day)
        asked = [
            ("督办单到期未回复", late, "open"),
            ("督办单待办结", rows.filter(state=Sheet.State.ANSWERED), "answered"),
        ]
    else:
        own = rows.filter(state=Sheet.State.OPEN, unit=actor.org_unit_id)
        asked = [("督办单待回复", own, "open")]
    told = []
    for title, found, state in asked:
        first = list(found.order_by("reply_by", "pk")[:FEW])
        if first:
            listed = [
                ListedRow(
                    sheet.task.title, f"{sheet.colour}色 · {sheet.unit.name} · {sheet.reply_by} 前回复",
                    reverse("governance:sheet", args=[sheet.pk]), "bad" if sheet.reply_by < day else "warn",
                    "已到期" if sheet.reply_by < day else "待处理",
                )
                for sheet in first
            ]  # fmt: skip
            told.append(Told(title, listed, found.count(), f"{reverse('governance:sheets')}?state={state}"))
    return told


DESK = (Panel("governance.ledger", LEDGER_VIEW, 20, waiting),)
