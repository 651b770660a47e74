"""What an event keeps of the units that an act makes, so that the book can be told again from the events alone.

Words and outlines are kept by their digests: an event holds no prose, and whoever has the book's row compares.
"""

import hashlib
from typing import Any

import shapely

from ..models import BAUnit, Right, SpatialUnitVersion

_WORDS = ("use", "location", "north", "east", "south", "west", "structure", "floors")


def form_told(form: SpatialUnitVersion) -> dict[str, Any]:
    """A form of a piece of ground."""
    words = "\n".join(str(getattr(form, name)) for name in _WORDS)
    outline = None if form.geometry is None else hashlib.sha256(shapely.to_wkb(form.geometry)).hexdigest()
    return {
        "area_m2": form.registered_area_m2, "floor_area_m2": form.floor_area_m2, "outline": outline,
        "words": hashlib.sha256(words.encode()).hexdigest(),
    }  # fmt: skip


def grounds_told(unit: BAUnit) -> list[dict[str, Any]]:
    """The pieces of ground of a unit, each with the form in which it begins."""
    rows = SpatialUnitVersion.objects.current().filter(spatial_unit__baunits__baunit=unit).order_by("pk")
    return [{"ground": row.spatial_unit_id, "from": row.valid.lower, **form_told(row)} for row in rows]


def unit_told(unit: BAUnit) -> dict[str, Any]:
    """A unit that came of others: its ground, and its rights with their holders."""
    rights: dict[int, dict[str, Any]] = {}
    for row in Right.objects.current().filter(baunit=unit).select_related("rrr").order_by("rrr", "pk"):
        told = {
            "rrr": row.rrr_id, "kind": row.kind, "parent": row.rrr.parent_id, "holders": [], "from": row.valid.lower,
            "to": row.valid.upper,
        }  # fmt: skip
        share = None if row.share_num is None else f"{row.share_num}/{row.share_den}"
        rights.setdefault(row.rrr_id, told)["holders"].append([row.party_id, share])
    return {"unit": unit.pk, "code": unit.code, "grounds": grounds_told(unit), "rights": list(rights.values())}
