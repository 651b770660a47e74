"""Reads of what towns and villages have: registration windows, village plans."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Count, Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.models import Division
from ronghe.policy.models import Zone
from ronghe.policy.queries import values_in_force
from ronghe.policy.rulebook import Given, InForce
from ronghe.policy.ruling import Ruling

from ..models import RegistrationWindow, VillagePlan
from ..rules import WindowFacts, windows
from .rolls import given_in

RULE = "registration.windows"
AREAS = "registration.windows.areas"


@dataclass(frozen=True, slots=True)
class WindowCoverage:
    """窗口覆盖: the towns that must have a window, those that lack one, and what the rule says."""

    areas: InForce
    towns: tuple[Division, ...]
    without: tuple[Division, ...]
    windows: tuple[RegistrationWindow, ...]
    given: Given
    ruling: Ruling[bool | None]


def window_coverage(zone: Zone, *, actor: Actor, day: date) -> WindowCoverage:
    """Whether each town has a window, in the areas that the zone's document names, else in the whole zone."""
    areas = values_in_force(zone, on=day, parameters=[AREAS])[AREAS]
    here = zone.divisions.values("code")
    towns = Division.objects.visible_to(actor).filter(level="town", ancestors__ancestor__in=here)
    if areas.value is not None:
        named = cast(frozenset[str], areas.value)
        around = Division.objects.visible_to(actor).filter(name__in=named, ancestors__ancestor__in=here).values("code")
        towns = towns.filter(ancestors__ancestor__in=around)
    found = list(towns.select_related("parent").distinct().order_by("code"))
    rows = RegistrationWindow.objects.visible_to(actor).filter(ended_at=None, division__in=[t.code for t in found])
    kept = list(rows.select_related("division").order_by("division", "name"))
    having = {one.division_id for one in kept}
    given = given_in(zone, on=day, rule=RULE)
    facts = WindowFacts(towns=len(found), towns_with_window=sum(town.code in having for town in found))
    without = tuple(town for town in found if town.code not in having)
    return WindowCoverage(areas, tuple(found), without, tuple(kept), given, windows(facts, given))


@dataclass(frozen=True, slots=True)
class TownPlans:
    """一个镇的村庄规划: its villages, those with an approved plan, and those where one is being made."""

    name: str
    county: str
    villages: int
    approved: int
    started: int


def plan_coverage(zone: Zone, *, actor: Actor) -> list[TownPlans]:
    """The towns of a zone, each with its villages and how many of them have a plan, at what stage."""
    here = zone.divisions.values("code")
    below = Q(children__level="village")
    towns = Division.objects.visible_to(actor).filter(level="town", ancestors__ancestor__in=here).distinct()
    approved = VillagePlan.objects.visible_to(actor).filter(ended_at=None, state="approved")
    started = VillagePlan.objects.visible_to(actor).filter(ended_at=None).exclude(state="approved")
    counted = towns.annotate(
        villages=Count("children", filter=below, distinct=True),
        approved=Count("children", filter=below & Q(children__in=approved.values("division")), distinct=True),
        started=Count(
            "children",
            filter=below & Q(children__in=started.values("division")) & ~Q(children__in=approved.values("division")),
            distinct=True,
        ),
    )
    rows = counted.order_by("code").values_list("name", "parent__name", "villages", "approved", "started")
    return [TownPlans(*row) for row in rows]
