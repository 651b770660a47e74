"""Reads of the map: layers and features that an actor may see."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import shapely
from django.db.models import Count, QuerySet

from ronghe.kernel.actors import Actor

from .drawing import Outline, simplified
from .errors import LayerNotFound
from .models import Feature, Layer
from .rules import Box


@dataclass(frozen=True, slots=True)
class LayerRow:
    """图层一行: a layer in the list of layers."""

    slug: str
    title: str
    source: str
    note: str
    crs_note: str
    version: int
    feature_count: int


def layers(actor: Actor) -> QuerySet[Layer]:
    """The loaded layers that the actor may see."""
    return Layer.objects.visible_to(actor).filter(version__gt=0)


def layer_rows(actor: Actor) -> list[LayerRow]:
    """The same with their numbers of features, for the list of layers."""
    rows = layers(actor).annotate(count=Count("features"))
    columns = ("slug", "title", "source", "note", "crs_note", "version", "count")
    return [LayerRow(*row) for row in rows.values_list(*columns)]


def layer(slug: str, *, actor: Actor) -> Layer:
    """One layer. Raises: LayerNotFound."""
    found = Layer.objects.visible_to(actor).filter(slug=slug).first()
    if found is None:
        raise LayerNotFound(slug=slug)
    return found


def features(
    slug: str, *, actor: Actor, codes: Collection[str] | None = None, box: Box | None = None
) -> QuerySet[Feature]:
    """Features of a layer, by code; only those with one of ``codes``, or whose box meets ``box``, when given."""
    found = Feature.objects.visible_to(actor).filter(layer__slug=slug).order_by("code")
    if codes is not None:
        found = found.filter(code__in=codes)
    return found if box is None else found.filter(box__overlaps=box)


def outlines(
    slug: str, *, actor: Actor, codes: Collection[str] | None = None, tolerance: float = 0.0005
) -> list[Outline]:
    """Features as outlines for drawing, neighbours simplified together.

    Args: ``tolerance`` in degrees; 0.0005 is about 50 m, half a pixel of a county on a page.
    """
    rows = list(features(slug, actor=actor, codes=codes).only("code", "name", "geometry"))
    if not rows:
        return []
    shapes = simplified([row.geometry for row in rows], tolerance)
    return [Outline(row.code, row.name, shape) for row, shape in zip(rows, shapes, strict=True)]


def geojson(slug: str, *, actor: Actor, codes: Collection[str] | None = None, box: Box | None = None) -> dict[str, Any]:
    """A layer as a GeoJSON FeatureCollection (RFC 7946) with its origin; coordinates to 1e-6 degrees (0.1 m)."""
    about = layer(slug, actor=actor)
    rows = features(slug, actor=actor, codes=codes, box=box)
    return {
        "type": "FeatureCollection",
        "title": about.title,
        "source": about.source,
        "note": about.note,
        "crs_note": about.crs_note,
        "version": about.version,
        "features": [
            {
                "type": "Feature",
                "id": row.code,
                "bbox": [round(number, 6) for number in row.box],
                "properties": {"code": row.code, "name": row.name, "area_m2": float(row.area_m2)},
                "geometry": shapely.geometry.mapping(shapely.transform(row.geometry, lambda points: points.round(6))),
            }
            for row in rows
        ],
    }
