"""What a zone's own documents say of how its office works: values of parameters with their clauses, for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.regions.models import DivisionClosure
from ronghe.policy.models import Zone
from ronghe.policy.queries import Cited, cited, values_in_force

#: 统筹协调机构, who calls it, what stands above it (R-212 to R-215).
COORDINATION = (
    "governance.coordination.body",
    "governance.coordination.caller",
    "governance.coordination.under",
    "governance.coordination.head",
    "governance.coordination.members",
)
#: 报告与评估的周期 and what follows upon it (R-198 to R-202).
CYCLES = (
    "governance.evaluation.cycles",
    "governance.supervision",
    "governance.monitoring.dynamic",
    "governance.assessment.effects",
    "governance.assessment.sanctions",
)


@dataclass(frozen=True, slots=True)
class Stated:
    """依据: one value that a document states, with its clauses."""

    id: str
    title: str
    value: str
    cites: tuple[Cited, ...]


def stated(zone: Zone, parameters: Sequence[str], *, on: date, actor: Actor) -> list[Stated]:
    """The named values that are stated for a zone on a day, in the order of their names given."""
    found = values_in_force(zone, on=on, parameters=parameters)
    values = [found[name] for name in parameters if name in found and found[name].is_stated]
    links = cited((cite for value in values for cite in value.cite), actor=actor)
    return [Stated(v.id, v.title, str(v), tuple(links[c] for c in v.cite if c in links)) for v in values]


def own_zones(actor: Actor) -> QuerySet[Zone]:
    """The zones whose office the actor may speak for: their seat lies in the actor's division or below."""
    rows = Zone.objects.visible_to(actor).order_by("slug")
    if actor.role == SYSTEM_ROLE:
        return rows
    below = DivisionClosure.objects.filter(ancestor_id=actor.division or "").values("descendant_id")
    return rows.filter(seat__in=below)


def office_of(zone: Zone, *, on: date) -> str:
    """Who sends out the office's papers: who calls the coordinating body by the zone's document; else the zone's 专班."""
    caller = values_in_force(zone, on=on, parameters=["governance.coordination.caller"])
    values = [str(one.value) for one in caller.values() if one.value]
    return values[0] if values else f"{zone.title}专班"
