"""What may be applied for on a unit, from its page."""

from dataclasses import dataclass

from django.urls import reverse

from ronghe.kernel.accounts.roles import Role, may
from ronghe.kernel.actors import Actor

from .models import BAUnit
from .permissions import APPLY, RESTRICT
from .rules.kinds import RestrictionKind, UnitKind
from .rules.matters import MATTERS, Matter


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of application, for the roles that take it in, on units of some kinds."""

    matter: Matter
    permission: str = APPLY
    units: frozenset[UnitKind] = frozenset(UnitKind)


_BUILT = frozenset({UnitKind.HOMESTEAD, UnitKind.CONSTRUCTION, UnitKind.STATE})
_HOMES = frozenset({UnitKind.HOMESTEAD})
_FARMED = frozenset({UnitKind.CONTRACTED, UnitKind.CONTRACTED_FOREST, UnitKind.FOREST})
ACTIONS = (
    Action(Matter.TRANSFER),
    Action(Matter.CHANGE),
    Action(Matter.SPLIT),
    Action(Matter.MERGE),
    Action(Matter.HOUSE, units=_BUILT),
    Action(Matter.EXTENSION, units=frozenset(UnitKind) - {UnitKind.OWNERSHIP}),
    Action(Matter.OPERATION, units=_FARMED),
    Action(Matter.MORTGAGE, units=frozenset(UnitKind) - {UnitKind.OWNERSHIP}),
    Action(Matter.EASEMENT),
    Action(Matter.RESIDENCE, units=_BUILT),
    Action(Matter.LETTING, units=_HOMES),
    Action(Matter.ADVANCE_NOTICE),
    Action(Matter.CORRECTION),
    Action(Matter.CANCELLATION),
    Action(Matter.OBJECTION),
    Action(Matter.SEIZURE, RESTRICT),
)
#: What changes or lifts a restriction is offered while one of its kind stands.
LIFTS = (
    (RestrictionKind.MORTGAGE, Action(Matter.MORTGAGE_CHANGE)),
    (RestrictionKind.MORTGAGE, Action(Matter.MORTGAGE_TRANSFER)),
    (RestrictionKind.MORTGAGE, Action(Matter.MORTGAGE_END)),
    (RestrictionKind.EASEMENT, Action(Matter.EASEMENT_END)),
    (RestrictionKind.OBJECTION, Action(Matter.OBJECTION_END)),
    (RestrictionKind.ADVANCE_NOTICE, Action(Matter.ADVANCE_NOTICE_END)),
    (RestrictionKind.SEIZURE, Action(Matter.SEIZURE_END, RESTRICT)),
)


def actions_for(unit: BAUnit, *, actor: Actor, standing: frozenset[int] = frozenset()) -> list[tuple[str, str]]:
    """(label, address) of what this actor may apply for on a unit that stands, where restrictions of the kinds in
    ``standing`` are in force."""
    if unit.ended_on is not None:
        return []
    offered = [*ACTIONS, *(action for kind, action in LIFTS if kind in standing)]
    return [
        (MATTERS[one.matter].title, reverse("registry:apply", args=[unit.code, one.matter.value]))
        for one in offered
        if may(actor.role, one.permission)
        and UnitKind(unit.kind) in one.units
        and (actor.role != Role.SELF or MATTERS[one.matter].is_for_applicants)
    ]
