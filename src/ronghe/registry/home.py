"""What the register puts into the header and on one's desk."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse

from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import ListedRow, NavItem, Panel, Told

from .models import Appointment, KeptRightsFiling, MembershipCase, Right
from .permissions import (
    APPLICATION_VIEW,
    APPOINTMENT_OWN,
    APPOINTMENT_WORK,
    BOOK_AUDIT,
    BOOK_VIEW,
    OWN_CASES,
    OWN_VIEW,
    PUBLIC_QUERY,
    WINDOW_VIEW,
)
from .queries.appointments import appointments
from .queries.holdings import own
from .rules.codes import printed
from .rules.kinds import PASSED_ON
from .rules.telling import last_day

NAV = (
    NavItem("产权登记", "registry:units", "certificate", BOOK_VIEW, order=50),
    NavItem("产权登记", "registry:units", "certificate", BOOK_AUDIT, order=50),
    NavItem("登记申请", "registry:applications", "file-text", APPLICATION_VIEW, order=51),
    NavItem("权籍调查", "registry:surveys", "file-import", BOOK_VIEW, order=52),
    NavItem(
        "成员和台账", "registry:rolls", "users", WINDOW_VIEW, order=53,
        beside=(
            "registry:members", "registry:income", "registry:filings", "registry:legacy", "registry:windows",
            "registry:village_plans", "registry:appointments",
        ),
    ),
    NavItem("登记信息查询", "registry:query", "search", PUBLIC_QUERY, order=54),
    NavItem("我的产权", "registry:mine", "building-cottage", OWN_VIEW, order=20, beside=("registry:own_appointments",)),
)  # fmt: skip

#: As many of each kind stand on the desk; rights that end within so many days are told.
FEW, SOON_DAYS = 5, 60


def mine(actor: Actor, day: date) -> Sequence[Told]:
    """What stands in one's name."""
    parties, held, count = own(actor, on=day, most=FEW)
    if not held:
        return ()
    rows = [
        ListedRow(
            "、".join(dict.fromkeys(row.get_kind_display() for row in one.rights if row.party_id in parties)),
            (one.land[0].location if one.land else "") or one.unit.division.name,
            reverse("registry:unit", args=[one.unit.code]),
            "bad" if one.burdens else "good", "有限制" if one.burdens else "",
        )
        for one in held
    ]  # fmt: skip
    return (Told("我名下的产权", rows, count, reverse("registry:mine")),)


def ending(actor: Actor, day: date) -> Sequence[Told]:
    """Operation and letting that end soon: parties want to know whether they go on."""
    soon = (day + timedelta(days=1), day + timedelta(days=SOON_DAYS))
    rights = Right.objects.visible_to(actor).current().filter(kind__in=PASSED_ON, valid__endswith__range=soon)
    first = list(rights.select_related("baunit", "party").order_by("valid__endswith", "pk")[:FEW])
    if not first:
        return ()
    rows = [
        ListedRow(
            f"{right.party.name} 的{right.get_kind_display()}", f"{printed(right.baunit.code)} · 到 {last_day(right.valid.upper)}",
            reverse("registry:unit", args=[right.baunit.code]), "warn", "将到期",
        )
        for right in first
    ]  # fmt: skip
    count = rights.count() if len(first) == FEW else len(first)
    return (Told(f"{SOON_DAYS} 天内到期的流转权利", rows, count, reverse("registry:units")),)


def own_cases(actor: Actor, day: date) -> Sequence[Told]:
    """Applications for membership and filings of one's household, the newest first."""
    asked = MembershipCase.objects.visible_to(actor)
    kept = KeptRightsFiling.objects.visible_to(actor)
    cases = [
        ListedRow(
            one.case.title, one.case.number, reverse("registry:membership_case", args=[one.case_id]), "plain",
            one.case.get_state_display(),
        )
        for one in asked.select_related("case").order_by("-case")[:FEW]
    ]  # fmt: skip
    filings = [
        ListedRow(
            f"{one.household.name}转移备案", f"{one.filed_on} 备案", reverse("registry:filing", args=[one.pk]),
            "plain" if one.ended_on else "good", one.get_ended_by_display() or "有效",
        )
        for one in kept.select_related("household").order_by("-pk")[:FEW]
    ]  # fmt: skip
    told = (
        Told("我家的成员身份申请", cases, asked.count()),
        Told("我家的转移备案", filings, kept.count(), reverse("registry:filings")),
    )
    return [one for one in told if one.rows]


def own_appointments(actor: Actor, day: date) -> Sequence[Told]:
    """When one is to come to which window."""
    coming = appointments(actor, since=day).filter(Appointment.OPEN)
    rows = [_appointed(one, f"{one.window.name} · {one.purpose}") for one in coming[:FEW]]
    count = len(rows) if len(rows) < FEW else coming.count()
    return (Told("我的窗口预约", rows, count, reverse("registry:own_appointments")),) if rows else ()


def appointed_today(actor: Actor, day: date) -> Sequence[Told]:
    """Who is still to come to the window today."""
    today = appointments(actor, day=day).filter(Appointment.OPEN)
    rows = [_appointed(one, f"{one.name} · {one.purpose}") for one in today[:FEW]]
    count = len(rows) if len(rows) < FEW else today.count()
    return (Told("今天的窗口预约", rows, count, reverse("registry:appointments")),) if rows else ()


def _appointed(one: Appointment, told: str) -> ListedRow:
    """An appointment on the desk: when, and who or where."""
    address = reverse("registry:appointment", args=[one.pk])
    return ListedRow(f"{one.day} {one.slot}", told, address, "place", one.state)


DESK = (
    Panel("registry.mine", OWN_VIEW, 10, mine),
    Panel("registry.own_appointments", APPOINTMENT_OWN, 11, own_appointments),
    Panel("registry.appointed_today", APPOINTMENT_WORK, 40, appointed_today),
    Panel("registry.own_cases", OWN_CASES, 12, own_cases),
    Panel("registry.ending", BOOK_VIEW, 60, ending),
)
