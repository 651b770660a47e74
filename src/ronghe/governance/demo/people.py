"""Who acts in the demonstration: its users where their unit fits, else colleagues of the unit who never sign in."""

from datetime import date, datetime

from django.db.models import QuerySet

from ronghe.kernel.accounts.demo import demo_posts, make_colleague
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.models import OrgUnit
from ronghe.policy.models import Zone


def office_of(zone: Zone) -> OrgUnit | None:
    """The unit at which the zone's office sits: for development and reform, else the first department of the seat."""
    return unit_of(zone, "发展改革", "发改") or _departments(zone).first()


def unit_of(zone: Zone, *words: str) -> OrgUnit | None:
    """The department of the seat whose name contains one of the words, the first word first."""
    return next((unit for word in words for unit in _departments(zone).filter(name__contains=word)), None)


def _departments(zone: Zone) -> QuerySet[OrgUnit]:
    return OrgUnit.objects.filter(division=zone.seat_id, kind=OrgUnit.Kind.DEPARTMENT).order_by("pk")


class People:
    """The actors of one zone, each looked up or made once."""

    def __init__(self, zone: Zone, office: OrgUnit, *, first: date, at: datetime) -> None:
        self.zone, self.first, self.at = zone, first, at
        self._of: dict[int, Actor] = {}
        #: Two people of the office, so that what one has begun the other checks; and the leader who decides.
        self.office = self._staff(office, Role.ZONE_OFFICE, 0, "专班", "office")
        self.second = self._staff(office, Role.ZONE_OFFICE, 1, "专班复核", "office2")
        self.leader = self._staff(office, Role.LEADER, 0, "分管领导", "leader")

    def of(self, unit: OrgUnit) -> Actor:
        """Somebody who works for a unit."""
        if unit.pk not in self._of:
            posts = demo_posts(org_unit_id=unit.pk, roles=(Role.DEPARTMENT, Role.ZONE_OFFICE))
            own = [one for one in posts if one.role == Role.DEPARTMENT or one.division != self.zone.seat_id]
            self._of[unit.pk] = own[0] if own else self._made(unit, Role.DEPARTMENT, unit.division_id, "经办")
        return self._of[unit.pk]

    def readers(self) -> list[Actor]:
        """Everybody who acts, once."""
        every = (self.office, self.second, self.leader, *self._of.values())
        return list({one.user_id: one for one in every}.values())

    def _staff(self, office: OrgUnit, role: Role, place: int, called: str, post: str) -> Actor:
        own = [one for one in demo_posts(org_unit_id=office.pk, roles=(role,)) if one.division == self.zone.seat_id]
        return own[place] if place < len(own) else self._made(office, role, self.zone.seat_id, called, f".{post}")

    def _made(self, unit: OrgUnit, role: Role, division: str, called: str, post: str = "") -> Actor:
        return make_colleague(
            username=f"demo.{unit.pk}{post}", display_name=f"{unit.name[:26]}{called}", role=role, org_unit_id=unit.pk,
            division=division, from_day=self.first, at=self.at,
        )  # fmt: skip
