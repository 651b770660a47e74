"""The outlines that stand in a part of the map now, of units that the actor may see."""

from typing import Any

from django.db.models import F, QuerySet

from ronghe.kernel.actors import Actor
from ronghe.kernel.spatial.rules import Box

from ..models import BAUnit, SpatialUnitVersion
from ..rules.kinds import GroundKind


def parcels_in(box: Box, *, actor: Actor) -> "QuerySet[Any]":
    """Land whose box meets ``box``, with ``code`` and ``kind`` of its unit, by code."""
    unit = "spatial_unit__baunits__baunit"
    there = BAUnit.objects.visible_to(actor).filter(ended_on=None)
    rows = SpatialUnitVersion.objects.current().filter(valid__upper_inf=True, box__overlaps=box)
    rows = rows.exclude(spatial_unit__kind=GroundKind.BUILDING).filter(**{f"{unit}__in": there})
    return rows.annotate(code=F(f"{unit}__code"), kind=F(f"{unit}__kind")).order_by("code")
