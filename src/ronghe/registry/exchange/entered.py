"""登簿摘要: one digest over all that an import entered, which anybody comes to again from the rows of the register.

The rows are read as the register knew them at the instant of the entry: whatever is done with them later changes nothing.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import shapely

from ..models import AdministrativeSource, BAUnit, Restriction, Right, SpatialUnitVersion, UnitGround

_CHUNK = 1_000


def units_entered(blob_id: str, at: datetime) -> list[int]:
    """The units that were entered from a file at an instant, by their codes: those whose ground rests on that file."""
    forms = SpatialUnitVersion.objects.filter(source__blob=blob_id, recorded__startswith=at)
    held = UnitGround.objects.filter(spatial_unit__in=forms.values("spatial_unit"))
    rows = BAUnit.objects.filter(opened_at=at, pk__in=held.values("baunit")).order_by("code")
    return list(rows.values_list("pk", flat=True))


def digest_of_entry(blob_id: str, at: datetime) -> str:
    """SHA-256 over what was entered from a file at an instant, some lines for each unit in the order of codes."""
    made, units = hashlib.sha256(), units_entered(blob_id, at)
    for start in range(0, len(units), _CHUNK):
        for line in _lines(units[start : start + _CHUNK], at):
            made.update(f"{line}\n".encode())
    return made.hexdigest()


def _lines(units: list[int], at: datetime) -> Iterator[str]:
    told: dict[int, list[str]] = defaultdict(list)
    held = UnitGround.objects.filter(baunit__in=units)
    of = {ground: unit for unit, ground in held.values_list("baunit", "spatial_unit")}
    forms = SpatialUnitVersion.objects.known_at(at).filter(spatial_unit__in=of).select_related("spatial_unit")
    for form in forms.order_by("spatial_unit__code", "valid"):
        shape = "" if form.geometry is None else hashlib.sha256(shapely.to_wkb(form.geometry)).hexdigest()
        told[of[form.spatial_unit_id]].append(
            f"ground|{form.spatial_unit.code}|{form.registered_area_m2}|{shape}|{form.valid.lower}|{form.valid.upper}"
        )
    for right in Right.objects.known_at(at).filter(baunit__in=units).order_by("rrr", "pk"):
        told[right.baunit_id].append(
            f"right|{right.kind}|{right.party_id}|{right.share_num}/{right.share_den}|{right.valid.lower}"
            f"|{right.valid.upper}|{right.source_id}"
        )
    for one in Restriction.objects.known_at(at).filter(baunit__in=units).order_by("rrr", "pk"):
        told[one.baunit_id].append(
            f"restriction|{one.kind}|{one.party_id or one.holder}|{one.amount_fen}|{one.valid.lower}|{one.valid.upper}"
            f"|{one.source_id}"
        )
    papers = AdministrativeSource.objects.filter(proves__baunit__in=units, proves__opened_at=at)
    for unit, number, issued_on in papers.order_by("pk").values_list("proves__baunit", "number", "issued_on"):
        told[unit].append(f"paper|{number}|{issued_on}")
    for one_unit in BAUnit.objects.filter(pk__in=units).order_by("code"):
        yield f"unit|{one_unit.code}|{one_unit.kind}|{one_unit.division_id}|{one_unit.opened_on}"
        yield from told[one_unit.pk]


__all__ = ["digest_of_entry", "units_entered"]
