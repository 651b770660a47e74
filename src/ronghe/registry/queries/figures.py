"""Parameters as they are in a place: those of the zone in which a division lies, else the nation's."""

from collections.abc import Sequence
from datetime import date

from ronghe.policy.models import Zone
from ronghe.policy.queries.rulings import values_for_nation, values_side_by_side
from ronghe.policy.rulebook import Given, InForce
from ronghe.policy.values import Kind


def given_in(division: str, parameters: Sequence[str], *, on: date) -> Given:
    """The named parameters for a division on a day; one that no pack defines has no value.

    Of several zones around a division the smallest counts (高青 before 淄博).
    """
    zones = Zone.objects.filter(divisions__descendants__descendant_id=division).distinct().prefetch_related("divisions")
    found = sorted(zones, key=lambda zone: (len(zone.divisions.all()), zone.slug))
    stated = (
        values_side_by_side(found[:1], on=on, parameters=parameters)[0]
        if found
        else values_for_nation(on=on, parameters=parameters)
    )
    return Given(stated.get(name) or InForce(name, name, Kind.NUMBER) for name in parameters)
