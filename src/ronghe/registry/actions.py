"""What may be applied for on a unit, from its page: declared here, shown where the address exists."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor

from .models import BAUnit
from .permissions import INTAKE, RESTRICT

URL_NAME = "registry:apply"


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of application, for the roles that take it in."""

    kind: str
    label: str
    permission: str


ACTIONS = (
    Action("transfer", "转移登记", INTAKE),
    Action("change", "变更登记", INTAKE),
    Action("mortgage", "抵押登记", INTAKE),
    Action("correction", "更正登记", INTAKE),
    Action("cancellation", "注销登记", INTAKE),
    Action("objection", "异议登记", RESTRICT),
    Action("seizure", "查封登记", RESTRICT),
)


def actions_for(unit: BAUnit, *, actor: Actor) -> list[tuple[str, str]]:
    """(label, address) of what this actor may apply for on a standing unit; nothing while no such page is routed."""
    if unit.ended_on is not None:
        return []
    found = []
    for one in ACTIONS:
        if may(actor.role, one.permission):
            try:
                found.append((one.label, reverse(URL_NAME, args=[unit.code, one.kind])))
            except NoReverseMatch:
                return []
    return found
