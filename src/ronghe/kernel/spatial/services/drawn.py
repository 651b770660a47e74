"""The layers that are drawn from a room's tables: made when first needed, moved on with every change of an outline."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from .. import tiles
from ..models import Layer
from ..rules import Box, content_digest
from .versions import locked_layer


@dataclass(frozen=True, slots=True)
class DrawnLayer:
    """A layer as the room tells of it. Staff of the division see it, above and below."""

    slug: str
    content: str
    division: str
    title: str
    source: str = ""
    note: str = ""


@transaction.atomic
def draw_anew(told: DrawnLayer, *, boxes: Collection[Box], more: int = 0, at: datetime) -> Layer:
    """Outlines have changed in ``boxes``: the layer's next version, in the same transaction; the tiles of there go.

    Args: ``more`` is by how many features there are more or fewer. Locks: Layer, to the end of the transaction: call it
    last. A layer that is not there yet is made.
    """
    Layer.objects.bulk_create(
        [
            Layer(
                slug=told.slug, content=told.content, division_id=told.division, title=told.title, source=told.source,
                note=told.note, kind=Layer.Kind.WORKING, crs_note="CGCS2000（EPSG:4490），经度在前、纬度在后",
                shared_below=True,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    layer = locked_layer(told.slug)
    layer.version += 1
    layer.digest = content_digest([layer.digest, layer.version, at.isoformat()])
    layer.feature_count = max(0, layer.feature_count + more)
    layer.save(update_fields=["version", "digest", "feature_count"])
    tiles.forget(layer, boxes)
    return layer
