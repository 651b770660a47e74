"""Who does the work of the demonstration's register: its users where they fit, else colleagues who never sign in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from ronghe.kernel.accounts.demo import demo_posts, make_colleague
from ronghe.kernel.accounts.models import Membership
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import LEGAL_ZONE
from ronghe.kernel.regions.models import Division, OrgUnit
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Case

from .layout import Drawn
from .loading import Village

Made = tuple[Village, Drawn]

#: Since when colleagues hold their posts.
BEGIN = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Office:
    """The bureaus of a county: one for farming, one for land, where one examines what another enters."""

    county: str
    farming: OrgUnit
    land: OrgUnit
    bureau: Actor
    reviewer: Actor
    registrar: Actor
    at: datetime

    def window(self, village: str) -> Actor:
        """Whoever stands at the window of a village's town."""
        town = Division.objects.get(pk=Division.objects.values_list("parent", flat=True).get(pk=village))
        posts = demo_posts(org_unit_id=self.farming.pk, roles=(Role.TOWN_WINDOW,))
        own = [one for one in posts if one.division == town.code]
        return own[0] if own else make_colleague(
            username=f"demo.window.{town.code}", display_name=f"{town.name}窗口", role=Role.TOWN_WINDOW,
            org_unit_id=self.farming.pk, division=town.code, from_day=BEGIN, at=self.at,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the work is done: the people of the county, the villages that it concerns, and a paper for whatever is asked."""

    office: Office
    villages: Sequence[Made]
    today: date
    paper: bytes

    def at(self, days_ago: int, hour: int = 10) -> datetime:
        """So many days before the last of the history."""
        return datetime.combine(self.today - timedelta(days=days_ago), time(hour), LEGAL_ZONE)

    def act(self, case: int, action: str, by: Actor, at: datetime, **given: Any) -> Case:
        """One move of a case."""
        casework.act(case_id=case, action=action, seen=None, actor=by, at=at, **given)
        return Case.objects.get(pk=case)

    def attach(self, case: int, by: Actor, at: datetime, *keys: str) -> None:
        """The papers that a step asks for."""
        for key in keys:
            casework.attach(case_id=case, key=key, content=self.paper, name="演示材料.pdf", actor=by, at=at)


def office_of(county: str, *, at: datetime) -> Office | None:
    """The office of a county (six digits); none where the packs know no bureaus for farming and for land."""
    code = f"{county}000000"
    units = OrgUnit.objects.filter(division=code, kind=OrgUnit.Kind.DEPARTMENT).order_by("pk")
    farming = units.filter(name__contains="农业农村").first()
    land = units.filter(name__contains="自然资源").first()
    if farming is None or land is None:
        return None
    first, second = (_of(land, code, nth, at) for nth in range(2))
    return Office(county, farming, land, _of(farming, code, 0, at), first, second, at)


def window_town(county: str) -> str:
    """The town in which a user of the demonstration stands at the window; empty where none does."""
    rows = Membership.objects.filter(
        role=Role.TOWN_WINDOW, division__ancestors__ancestor=f"{county}000000", valid__endswith=None,
        user__is_active=True, user__display_name__endswith="（演示）",
    )  # fmt: skip
    return (
        rows.exclude(user__username__startswith="demo.").order_by("pk").values_list("division", flat=True).first() or ""
    )


def _of(unit: OrgUnit, division: str, nth: int, at: datetime) -> Actor:
    own = [one for one in demo_posts(org_unit_id=unit.pk, roles=(Role.DEPARTMENT,)) if one.division == division]
    return own[nth] if nth < len(own) else make_colleague(
        username=f"demo.{unit.pk}.registry{nth}", display_name=f"{unit.name[:24]}登记{'复核' if nth else '经办'}",
        role=Role.DEPARTMENT, org_unit_id=unit.pk, division=division, from_day=BEGIN, at=at,
    )  # fmt: skip
