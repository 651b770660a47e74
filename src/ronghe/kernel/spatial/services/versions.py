"""One change of a layer, whatever makes it: the next version, what it says of itself, and the tiles that it spoils."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from ronghe.kernel.actors import Actor

from .. import tiles
from ..errors import LayerNotFound
from ..models import Layer, LayerVersion
from ..rules import Box, content_digest


@dataclass(frozen=True, slots=True)
class Change:
    """变更: how many features a change adds, changes and removes, where, and the digest of each feature after it."""

    added: int
    changed: int
    removed: int
    boxes: Collection[Box]
    digests: Mapping[str, str]

    @property
    def is_nothing(self) -> bool:
        return not (self.added or self.changed or self.removed)


def locked_layer(slug: str) -> Layer:
    """The layer, locked until the transaction ends. Raises: LayerNotFound."""
    found = Layer.objects.select_for_update(of=("self",)).filter(slug=slug).first()
    if found is None:
        raise LayerNotFound(slug=slug)
    return found


def digests_of(layer: Layer) -> dict[str, str]:
    """The digest of each feature that stands, by code."""
    return dict(layer.features.values_list("code", "digest"))


def begin_version(
    layer: Layer, change: Change, *, origin: str, note: str = "", actor: Actor | None = None, at: datetime
) -> int:
    """Make the next version of a locked layer, before its features are written: they begin with it.

    The tiles that were cut from where something changes go in the same transaction; the others stay.
    """
    layer.version += 1
    layer.digest = content_digest(sorted([code, digest] for code, digest in change.digests.items()))
    layer.feature_count = len(change.digests)
    layer.save(update_fields=["version", "digest", "feature_count"])
    LayerVersion.objects.create(
        layer=layer,
        number=layer.version,
        digest=layer.digest,
        feature_count=layer.feature_count,
        added=change.added,
        changed=change.changed,
        removed=change.removed,
        origin=origin[:200],
        note=note[:400],
        user_id=None if actor is None else actor.user_id,
        at=at,
    )
    tiles.forget(layer, change.boxes)
    return layer.version
