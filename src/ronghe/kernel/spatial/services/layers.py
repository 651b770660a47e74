"""Making a layer, and changing what it says of itself."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.db import refuses

from ..content import refuse_drawn
from ..errors import LayerKeptByPacks, LayerSlugTaken
from ..models import Layer
from .versions import locked_layer


@dataclass(frozen=True, slots=True)
class LayerTold:
    """What a person says of a layer."""

    title: str
    kind: str
    source: str = ""
    note: str = ""
    public: bool = False
    shared_below: bool = False


@transaction.atomic
def create_layer(*, slug: str, division: str, told: LayerTold, actor: Actor, at: datetime) -> Layer:
    """Make an empty layer of a division. Raises: LayerSlugTaken."""
    with refuses({"spatial_layer_slug_key": LayerSlugTaken(slug=slug)}), transaction.atomic():
        made = Layer.objects.create(
            slug=slug,
            division_id=division,
            title=told.title,
            kind=told.kind,
            source=told.source,
            note=told.note,
            crs_note="CGCS2000（EPSG:4490），经度在前、纬度在后",
            public=told.public,
            shared_below=told.shared_below,
        )
    record(verb="spatial.layer.created", subject=made, actor=actor, at=at, facts={"slug": slug, "kind": told.kind})
    return made


@transaction.atomic
def change_layer(*, slug: str, told: LayerTold, actor: Actor, at: datetime) -> Layer:
    """Change what a layer says of itself and who sees it; its features stay. A repeat changes nothing. Locks: Layer.

    Raises: LayerNotFound, LayerKeptByPacks.
    """
    found = locked_layer(slug)
    refuse_kept_by_packs(found)
    names = ("title", "kind", "source", "note", "public", "shared_below")
    different = [name for name in names if getattr(found, name) != getattr(told, name)]
    if not different:
        return found
    for name in different:
        setattr(found, name, getattr(told, name))
    found.save(update_fields=different)
    record(verb="spatial.layer.changed", subject=found, actor=actor, at=at, facts={"changed": different})
    return found


def refuse_kept_by_packs(layer: Layer) -> None:
    """Raises: LayerKeptByPacks for a layer whose content data packs give, LayerDrawnElsewhere for one of a room's data."""
    refuse_drawn(layer)
    if layer.is_kept_by_packs:
        raise LayerKeptByPacks(layer=layer.title)
