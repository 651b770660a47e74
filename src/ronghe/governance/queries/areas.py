"""Which lights the tasks of each area of a zone show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.kernel.regions.models import Division, DivisionClosure
from ronghe.policy.models import Zone

from ..models import TaskPlace


@dataclass(frozen=True, slots=True)
class AreaLights:
    """The tasks of one area by light."""

    division: Division
    lights: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.lights.values())


def lights_by_area(zone: Zone, rows: QuerySet[Any]) -> tuple[list[AreaLights], int]:
    """For each part of the zone the lights of the tasks that hold there; and how many hold in all of it or name no area.

    A task that holds everywhere says nothing about one area; it is counted apart.
    """
    divisions = list(zone.divisions.order_by("is_local", "code"))
    lights: dict[int, str] = dict(rows.order_by().values_list("pk", "light"))
    places = TaskPlace.objects.filter(task__in=rows.order_by().values("pk")).values_list("division_id", "task_id")
    at: dict[str, set[int]] = {}
    for code, task in places:
        at.setdefault(code, set()).add(task)
    ours = {d.code for d in divisions}
    holds: dict[str, set[int]] = {code: set() for code in ours}
    related = DivisionClosure.objects.filter(
        Q(ancestor__in=ours, descendant__in=at) | Q(descendant__in=ours, ancestor__in=at)
    )
    for above, below in related.values_list("ancestor_id", "descendant_id"):
        for code, other in ((above, below), (below, above)):
            if code in ours:
                holds[code] |= at.get(other, set())
    everywhere = set.intersection(*holds.values()) if len(holds) > 1 else set()
    found = []
    for division in divisions:
        counted: dict[str, int] = {}
        for task in holds[division.code] - everywhere:
            counted[lights[task]] = counted.get(lights[task], 0) + 1
        found.append(AreaLights(division, counted))
    named = set().union(*holds.values()) - everywhere if holds else set()
    return found, len(lights) - len(named & set(lights))
