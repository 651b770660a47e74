"""What the register puts into the header and on one's desk."""

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import ListedRow, NavItem, Panel, Told

from .models import KeptRightsFiling, MembershipCase, Right
from .permissions import APPLICATION_VIEW, BOOK_AUDIT, BOOK_VIEW, OWN_CASES, OWN_VIEW, PUBLIC_QUERY, WINDOW_VIEW
from .queries.holdings import own
from .rules.codes import printed
from .rules.kinds import RightKind
from .rules.telling import last_day

NAV = (
    NavItem("产权登记", "registry:units", "certificate", BOOK_VIEW, order=50),
    NavItem("产权登记", "registry:units", "certificate", BOOK_AUDIT, order=50),
    NavItem("登记申请", "registry:applications", "file-text", APPLICATION_VIEW, order=51),
    NavItem("权籍调查", "registry:surveys", "file-import", BOOK_VIEW, order=52),
    NavItem(
        "成员和台账", "registry:rolls", "users", WINDOW_VIEW, order=53,
        beside=("registry:members", "registry:income", "registry:filings", "registry:legacy", "registry:windows", "registry:village_plans"),
    ),
    NavItem("登记信息查询", "registry:query", "search", PUBLIC_QUERY, order=54),
    NavItem("我的产权", "registry:mine", "building-cottage", OWN_VIEW, order=20),
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
    """Operation rights that end soon: parties want to know whether they go on."""
    soon = (day + timedelta(days=1), day + timedelta(days=SOON_DAYS))
    rights = Right.objects.visible_to(actor).current().filter(kind=RightKind.OPERATION, valid__endswith__range=soon)
    first = list(rights.select_related("baunit", "party").order_by("valid__endswith", "pk")[:FEW])
    if not first:
        return ()
    rows = [
        ListedRow(
            f"{right.party.name} 的土地经营权", f"{printed(right.baunit.code)} · 到 {last_day(right.valid.upper)}",
            reverse("registry:unit", args=[right.baunit.code]), "warn", "将到期",
        )
        for right in first
    ]  # fmt: skip
    count = rights.count() if len(first) == FEW else len(first)
    listed = f"{reverse('registry:units')}?{urlencode({'kind': 'contracted'})}"
    return (Told(f"{SOON_DAYS} 天内到期的土地经营权", rows, count, listed),)


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


DESK = (
    Panel("registry.mine", OWN_VIEW, 10, mine),
    Panel("registry.own_cases", OWN_CASES, 12, own_cases),
    Panel("registry.ending", BOOK_VIEW, 60, ending),
)
