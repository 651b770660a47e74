"""产权登记地块: the layers on which the register's parcels are drawn, one for each county, from the register's own tables.

What a tile tells of a parcel is its code, its kind and its area: no name of anybody.
"""

from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.urls import reverse

from ronghe.kernel.spatial.content import Content, declare

from .models import SpatialUnitVersion
from .permissions import BOOK_AUDIT, BOOK_VIEW
from .rules.kinds import UNIT_TITLES, GroundKind

PREFIX = "registry-"


def slug_of(division: str) -> str:
    """The layer on which the parcels of a division are drawn: that of its county."""
    return f"{PREFIX}{division[:6]}"


def outlines(slug: str) -> "QuerySet[Any]":
    """The outlines that stand in a county now, land alone: today's register, no last day."""
    return (
        SpatialUnitVersion.objects.current()
        .filter(
            valid__upper_inf=True,
            geometry__isnull=False,
            spatial_unit__division__code__startswith=slug.removeprefix(PREFIX),
        )
        .exclude(spatial_unit__kind=GroundKind.BUILDING)
    )


def parcels(slug: str) -> "QuerySet[Any]":
    """The same with the unit that stands on each."""
    unit = "spatial_unit__baunits__baunit"
    # That the unit has a code says that there is one: without it a parcel of which none is left would be drawn too.
    standing = outlines(slug).filter(**{f"{unit}__code__gt": "", f"{unit}__ended_on": None})
    titles = [When(**{f"{unit}__kind": kind.value}, then=Value(title)) for kind, title in UNIT_TITLES.items()]
    named: QuerySet[Any] = standing.annotate(
        code=F(f"{unit}__code"), kind=F(f"{unit}__kind"), name=Case(*titles, output_field=CharField())
    )
    return named


PARCELS = declare(
    Content(
        key="registry.parcels",
        rows=parcels,
        boxes=outlines,
        listed=lambda: reverse("registry:open_unit"),
        permissions=frozenset({BOOK_VIEW, BOOK_AUDIT}),
        more=("kind",),
    )
)
