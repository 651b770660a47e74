"""What stands in the register of some units at once: their forms, rights, burdens and certificates, in five queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from ronghe.kernel.actors import Actor
from ronghe.kernel.parties.queries import in_whose_names

from ..models import BAUnit, Certificate, Restriction, Right, SpatialUnitVersion, UnitGround
from ..models.units import BAUnitQuerySet
from ..rules.kinds import GroundKind

#: As many units are shown, and proved, at once.
MOST_AT_ONCE = 100


@dataclass(slots=True)
class Holding:
    """名下的一个单元: all of one unit on one day, by today's register."""

    unit: BAUnit
    forms: list[SpatialUnitVersion] = field(default_factory=list)
    rights: list[Right] = field(default_factory=list)
    burdens: list[Restriction] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)

    def burdens_of(self, rrr_id: int) -> list[Restriction]:
        """What burdens one right: restrictions of it, and those of the whole unit."""
        return [row for row in self.burdens if row.rrr.parent_id in (None, rrr_id)]

    @property
    def land(self) -> list[SpatialUnitVersion]:
        return [form for form in self.forms if form.spatial_unit.kind != GroundKind.BUILDING]

    @property
    def buildings(self) -> list[SpatialUnitVersion]:
        return [form for form in self.forms if form.spatial_unit.kind == GroundKind.BUILDING]


def holdings(units: Sequence[BAUnit], *, on: date) -> list[Holding]:
    """What stands of each of these units on a day, in their order. The caller got them by ``visible_to``."""
    by_unit = {unit.pk: Holding(unit) for unit in units}
    for right in (
        Right.objects.current().as_of(on).filter(baunit__in=by_unit).select_related("party", "rrr").order_by("pk")
    ):
        by_unit[right.baunit_id].rights.append(right)
    burdens = Restriction.objects.current().as_of(on).filter(baunit__in=by_unit).select_related("party", "rrr")
    for burden in burdens.order_by("pk"):
        by_unit[burden.baunit_id].burdens.append(burden)
    for certificate in Certificate.objects.filter(baunit__in=by_unit, recalled_on=None).order_by("pk"):
        by_unit[certificate.baunit_id].certificates.append(certificate)
    grounds = list(UnitGround.objects.filter(baunit__in=by_unit).order_by("pk").values_list("spatial_unit", "baunit"))
    forms = SpatialUnitVersion.objects.current().as_of(on).filter(spatial_unit__in=[ground for ground, _ in grounds])
    found = {form.spatial_unit_id: form for form in forms.select_related("spatial_unit").defer("grams")}
    for ground, unit in grounds:
        if ground in found:
            by_unit[unit].forms.append(found[ground])
    return [by_unit[unit.pk] for unit in units]


def units_held_by(parties: Collection[int], *, on: date, actor: Actor) -> BAUnitQuerySet:
    """The units in which one of these parties holds a right on a day, of those that the actor may see."""
    held = Right.objects.visible_to(actor).current().as_of(on).filter(party__in=parties)
    return BAUnit.objects.visible_to(actor).filter(pk__in=held.values("baunit")).select_related("division")


def own(actor: Actor, *, on: date, most: int = MOST_AT_ONCE) -> tuple[list[int], list[Holding], int]:
    """In whose names the actor's rights stand, the first of what they are, and of how many units in all.

    Nothing for who acts for nobody: a collective owns the land of a whole village.
    """
    if actor.on_behalf_of_id is None:
        return [], [], 0
    parties = in_whose_names(actor.on_behalf_of_id, on=on)
    rows = units_held_by(parties, on=on, actor=actor)
    first = list(rows.order_by("kind", "code")[: most + 1])
    count = len(first) if len(first) <= most else rows.count()
    return parties, holdings(first[:most], on=on), count
