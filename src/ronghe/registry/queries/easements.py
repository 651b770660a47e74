"""地役权 as the dominant unit has it: what other land serves this one, whoever holds it."""

from collections.abc import Sequence
from datetime import date, datetime

from ..models import BAUnit, Lineage, Restriction, Right
from ..rules.kinds import USE_RIGHTS, RestrictionKind


def easements_for(
    unit: BAUnit, *, on: date, known_at: datetime | None = None, lineage: Sequence[Lineage] = ()
) -> list[Restriction]:
    """The easements in force for a unit, or for one that it came of (``lineage``, as far as it is known), with the
    servient unit: what serves the whole serves its parts (民法典 第三百八十二条)."""
    served = {unit.pk}
    for link in sorted(lineage, key=lambda one: (one.on, one.pk), reverse=True):
        if link.after_id in served:
            served.add(link.before_id)
    rows = Restriction.objects.known_at(known_at).as_of(on).filter(dominant__in=served, kind=RestrictionKind.EASEMENT)
    return list(rows.select_related("baunit", "source").order_by("valid", "pk"))


def holders_of(dominant: BAUnit, *, on: date) -> list[Right]:
    """Who has the easements of a unit on a day: whoever uses it, else whoever owns it."""
    rows = Right.objects.current().as_of(on).filter(baunit=dominant).select_related("party").order_by("pk")
    used = [row for row in rows if row.kind in USE_RIGHTS]
    return used or list(rows)
