"""Reads of the map: layers and features that an actor may see."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

import shapely
from django.db import connection
from django.db.models import Q, QuerySet

from ronghe.kernel.accounts.access import reaches, require
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import PUBLIC, Actor

from . import crs
from .content import refuse_drawn
from .drawing import Outline, simplified
from .errors import AnalysisNotFound, FeatureNotFound, ImportNotFound, LayerKeptByPacks, LayerNotFound, VersionNotKept
from .models import Analysis, Feature, FeatureVersion, Finding, Layer, LayerImport, LayerVersion
from .permissions import LAYERS_EDIT
from .rules import Box
from .tiles import cells_of, features_of


def layers(actor: Actor) -> QuerySet[Layer]:
    """The loaded layers that the actor may see."""
    return Layer.objects.visible_to(actor).filter(version__gt=0)


def all_layers(actor: Actor, *, text: str = "", kind: str = "", division: str = "") -> QuerySet[Layer]:
    """The layers that the actor may see, empty ones too, narrowed."""
    rows = Layer.objects.visible_to(actor).select_related("division")
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(slug__icontains=text))
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(division=division) if division else rows


def layer(slug: str, *, actor: Actor) -> Layer:
    """One layer. Raises: LayerNotFound."""
    found = Layer.objects.visible_to(actor).filter(slug=slug).first()
    if found is None:
        raise LayerNotFound(slug=slug)
    return found


def may_edit(of: Layer, actor: Actor) -> bool:
    """Whether the actor may bring features into the layer: its division is theirs, and no pack keeps it."""
    division = of.division_id
    return (
        division is not None
        and may(actor.role, LAYERS_EDIT)
        and reaches(actor, division)
        and not (of.content or of.is_kept_by_packs)
    )


def editable(slug: str, *, actor: Actor) -> Layer:
    """A layer that the actor may write.

    Raises: LayerNotFound, LayerKeptByPacks, LayerDrawnElsewhere, SignInFirst, Forbidden.
    """
    of = layer(slug, actor=actor)
    require(actor, LAYERS_EDIT)
    refuse_drawn(of)
    if of.is_kept_by_packs:
        raise LayerKeptByPacks(layer=of.title)
    require(actor, LAYERS_EDIT, division=of.division_id)
    return of


def features(
    slug: str, *, actor: Actor, codes: Collection[str] | None = None, box: Box | None = None, text: str = ""
) -> QuerySet[Feature]:
    """Features of a layer, by code; only those with one of ``codes``, whose box meets ``box``, or with ``text`` in code
    or name, when given."""
    found = Feature.objects.visible_to(actor).filter(layer__slug=slug).order_by("code")
    if codes is not None:
        found = found.filter(code__in=codes)
    if text:
        found = found.filter(Q(code__icontains=text) | Q(name__icontains=text))
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


def geojson(
    slug: str,
    *,
    actor: Actor,
    codes: Collection[str] | None = None,
    box: Box | None = None,
    version: int | None = None,
) -> dict[str, Any]:
    """A layer as a GeoJSON FeatureCollection (RFC 7946) with its origin; coordinates to 1e-6 degrees (0.1 m).

    Args: ``version`` gives the layer as it was known at that version. Raises: LayerNotFound, VersionNotKept.
    """
    about = layer(slug, actor=actor)
    rows: Iterable[Feature | FeatureVersion]
    if version is None or version == about.version:
        rows = features(slug, actor=actor, codes=codes, box=box)
    else:
        rows = known_at(about, version, actor=actor, codes=codes, box=box)
    return {
        "type": "FeatureCollection",
        "title": about.title,
        "source": about.source,
        "note": about.note,
        "crs_note": about.crs_note,
        "version": about.version if version is None else version,
        "features": [feature_as_geojson(row) for row in rows],
    }


def feature_as_geojson(row: Feature | FeatureVersion) -> dict[str, Any]:
    """One feature as GeoJSON."""
    return {
        "type": "Feature",
        "id": row.code,
        "bbox": [round(number, 6) for number in row.box],
        "properties": {"code": row.code, "name": row.name, "area_m2": float(row.area_m2), **row.attributes},
        "geometry": shapely.geometry.mapping(shapely.transform(row.geometry, lambda points: points.round(6))),
    }


def known_at(
    of: Layer, version: int, *, actor: Actor, codes: Collection[str] | None = None, box: Box | None = None
) -> list[Feature | FeatureVersion]:
    """The features of a layer as they were known at a version, by code. Raises: VersionNotKept."""
    kept = LayerVersion.objects.visible_to(actor).filter(layer=of).order_by("number").values_list("number", flat=True)
    if version not in set(kept):
        raise VersionNotKept(layer=of.title, version=version, first=kept[0] if kept else 0, last=of.version)
    now = Feature.objects.visible_to(actor).filter(layer=of, since__lte=version)
    then = FeatureVersion.objects.visible_to(actor).filter(layer=of, since__lte=version, until__gt=version)
    if codes is not None:
        now, then = now.filter(code__in=codes), then.filter(code__in=codes)
    if box is not None:
        now, then = now.filter(box__overlaps=box), then.filter(box__overlaps=box)
    return sorted([*now, *then], key=lambda row: row.code)


def feature(of: Layer, code: str, *, actor: Actor) -> Feature:
    """One feature as it stands. Raises: FeatureNotFound."""
    found = Feature.objects.visible_to(actor).filter(layer=of, code=code).select_related("division").first()
    if found is None:
        raise FeatureNotFound(layer=of.title, feature=code)
    return found


def feature_numbered(of: Layer, number: int, *, actor: Actor) -> Feature:
    """The same by the number of its row. Raises: FeatureNotFound."""
    found = Feature.objects.visible_to(actor).filter(layer=of, pk=number).select_related("division").first()
    if found is None:
        raise FeatureNotFound(layer=of.title, feature=number)
    return found


def former(of: Layer, code: str, *, actor: Actor) -> QuerySet[FeatureVersion]:
    """The former forms of a feature, the latest first."""
    return FeatureVersion.objects.visible_to(actor).filter(layer=of, code=code).order_by("-since")


def versions(of: Layer, *, actor: Actor) -> QuerySet[LayerVersion]:
    """The changes of a layer, the latest first."""
    return LayerVersion.objects.visible_to(actor).filter(layer=of).select_related("user").order_by("-number")


def imports(of: Layer, *, actor: Actor) -> QuerySet[LayerImport]:
    """The imports into a layer, the latest first."""
    return LayerImport.objects.visible_to(actor).filter(layer=of).select_related("user").order_by("-pk")


def one_import(of: Layer, import_id: int, *, actor: Actor) -> LayerImport:
    """One import into a layer. Raises: ImportNotFound."""
    found = imports(of, actor=actor).select_related("job", "layer", "user").filter(pk=import_id).first()
    if found is None:
        raise ImportNotFound(import_id=import_id)
    return found


def analyses(of: Layer, *, actor: Actor) -> QuerySet[Analysis]:
    """The analyses of a layer, the latest first."""
    rows = Analysis.objects.visible_to(actor).filter(layer=of)
    return rows.select_related("layer", "other", "user", "job").order_by("-pk")


def analysis(analysis_id: int, *, actor: Actor) -> Analysis:
    """One analysis. Raises: AnalysisNotFound."""
    rows = Analysis.objects.visible_to(actor).select_related("layer", "other", "user", "job")
    found = rows.filter(pk=analysis_id).first()
    if found is None:
        raise AnalysisNotFound(analysis_id=analysis_id)
    return found


def findings(of: Analysis, *, actor: Actor, kind: str = "", text: str = "") -> QuerySet[Finding]:
    """What an analysis found, narrowed by kind, or by the code of a feature."""
    rows = Finding.objects.visible_to(actor).filter(analysis=of)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(Q(code_a__icontains=text) | Q(code_b__icontains=text)) if text else rows


def bounds_of_layer(of: Layer) -> Box | None:
    """The box around all features of a layer that the caller has got by ``layer``; ``None`` when it has none."""
    if of.content:
        # A register moves its version all day long: that it lies in its county is known without looking at every row.
        return _bounds_of_division(of.division_id) or _bounds_drawn(of.pk, of.slug, of.content, of.digest)
    return _bounds(of.pk, of.version, of.digest)


@lru_cache(maxsize=256)
def _bounds(layer_id: int, version: int, digest: str) -> Box | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min((box[1])[0]), min((box[1])[1]), max((box[0])[0]), max((box[0])[1]) "
            "FROM spatial_feature WHERE layer_id = %s",
            [layer_id],
        )
        row = cursor.fetchone()
    return None if row is None or row[0] is None else Box(*row)


@lru_cache(maxsize=64)
def _bounds_drawn(layer_id: int, slug: str, content: str, digest: str) -> Box | None:
    sql, given = features_of(layer_id, slug, content).boxes().order_by().values("box").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min((b[1])[0]), min((b[1])[1]), max((b[0])[0]), max((b[0])[1]) FROM ({sql}) AS of_layer (b)",
            given,
        )
        row = cursor.fetchone()
    return None if row is None or row[0] is None else Box(*row)


#: Up to so many features a picture shows their outlines; of more it shows where they lie.
MOST_DRAWN = 400


def picture(of: Layer, *, actor: Actor) -> list[Outline]:
    """What a page draws of a layer without script: outlines, or squares in which features lie when there are many."""
    bounds = bounds_of_layer(of)
    if bounds is None:
        return []
    found = features_of(of.pk, of.slug, of.content)
    if of.content and of.feature_count <= MOST_DRAWN:
        return [Outline(row.code, row.name, row.geometry) for row in found.rows()]
    if of.feature_count <= MOST_DRAWN:
        side = max(bounds.east - bounds.west, bounds.north - bounds.south)
        return outlines(of.slug, actor=actor, tolerance=side / 1600)
    # A little wider, so that nothing lies on the edge.
    wide = Box(bounds.west, bounds.south, bounds.east + 1e-6, bounds.north + 1e-6)
    cells = cells_of(found, wide, 1e9, 96)
    squares = [(shapely.multipolygons([shapely.box(*box)]), count) for box, count in cells]
    return [Outline(str(i), f"{count} 个要素", shape) for i, (shape, count) in enumerate(squares)]


def crs_choices(of: Layer) -> list[tuple[str, str]]:
    """The coordinate systems that a page offers, those about the layer, or its division, first."""
    bounds = bounds_of_layer(of) or _bounds_of_division(of.division_id)
    return crs.choices((bounds.west + bounds.east) / 2 if bounds else None)


def _bounds_of_division(code: str | None) -> Box | None:
    boxes = Feature.objects.visible_to(PUBLIC).filter(division=code).values_list("box", flat=True)[:1]
    return next(iter(boxes), None)
