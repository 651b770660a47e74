"""Analyses (空间分析): topology of a layer, overlay of two, in the background; the overlay of one geometry at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import shapely
from django.db import connection, transaction
from django.db.models import BinaryField
from django.db.models.functions import Cast

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.jobs import Work
from ronghe.kernel.jobs import services as jobs

from .. import rules, topology
from ..content import refuse_drawn
from ..errors import GeometryRefused, LayerChangedMeanwhile, LayerEmpty, LayerTooLarge, OverlayNeedsAnother, UnknownCrs
from ..fields import written
from ..models import Analysis, Feature, Finding, Layer
from ..zones import Plane

#: The most features that one analysis takes of a layer, and the most findings that it keeps.
MOST_FEATURES, MOST_FINDINGS = 300_000, 200_000


def analyse(
    *,
    kind: str,
    layer: Layer,
    other: Layer | None,
    tolerance: topology.Tolerance,
    actor: Actor,
    at: datetime,
) -> Analysis:
    """Have a layer checked, or overlaid with another, as both stand now. The caller has asked whether both may be seen.

    Raises: LayerEmpty, LayerTooLarge, LayerDrawnElsewhere, OverlayNeedsAnother.
    """
    for one in filter(None, (layer, other)):
        refuse_drawn(one)
        if not one.feature_count:
            raise LayerEmpty(layer=one.title)
        if one.feature_count > MOST_FEATURES:
            raise LayerTooLarge(layer=one.title, number=one.feature_count, most=MOST_FEATURES)
    if other == layer or (kind == Analysis.Kind.OVERLAY and other is None):
        raise OverlayNeedsAnother(layer=layer.title)
    with transaction.atomic():
        made = Analysis.objects.create(
            kind=kind, layer=layer, version=layer.version, other=other, other_version=other.version if other else None,
            division_id=actor.division, tolerance_m2=Decimal(str(tolerance.area_m2)),
            width_m=Decimal(str(tolerance.width_m)), user_id=actor.user_id, made_at=at,
        )  # fmt: skip
        title = f"{made.get_kind_display()} {layer.title}" + (f" × {other.title}" if other else "")
        made.job = jobs.start(
            "spatial.analyse", args={"analysis_id": made.pk}, title=title, href=f"/layers/analyses/{made.pk}/",
            actor=actor, at=at,
        )  # fmt: skip
        made.save(update_fields=["job"])
        facts = {"kind": kind, "layer": layer.slug, "other": other.slug if other else ""}
        record(verb="spatial.analysis.asked", subject=made, actor=actor, at=at, facts=facts)
    return made


def run_analysis(work: Work, *, analysis_id: int, at: datetime) -> dict[str, Any]:
    """Find, and write what was found, whole; a repeat writes it anew.

    Raises: LayerChangedMeanwhile when a layer has changed since the analysis was asked for.
    """
    of = Analysis.objects.select_related("layer", "other").get(pk=analysis_id)
    if of.done_at is not None:
        return dict(of.counts)
    work.progress(0, 100, "正在读取要素")
    own = _loaded(of.layer, of.version)
    others = _loaded(of.other, of.other_version) if of.other else None
    plane = topology.plane_of(own.shapes)
    tolerance = topology.Tolerance(float(of.tolerance_m2), float(of.width_m))
    shapes = shapely.transform(own.shapes, plane.project)
    beside = None if others is None else shapely.transform(others.shapes, plane.project)

    def told(note: str, share: float) -> None:
        work.progress(int(10 + 80 * share), 100, note)

    if of.kind == Analysis.Kind.OVERLAY and beside is not None:
        places = topology.overlay(shapes, beside, tolerance=tolerance, told=told)
    else:
        places = topology.check_topology(shapes, parents=beside, tolerance=tolerance, told=told)
    work.progress(90, 100, "正在写入结果")
    b_codes = own.codes if others is None or of.kind == Analysis.Kind.TOPOLOGY else others.codes
    b_shapes = shapes if b_codes is own.codes else beside
    counts = _counts(places, of)
    with transaction.atomic():
        Finding.objects.filter(analysis=of).delete()
        _keep(of, places.found[:MOST_FINDINGS], plane, own.codes, b_codes, shapely.area(shapes), shapely.area(b_shapes))
        Analysis.objects.filter(pk=of.pk).update(counts=counts, done_at=at)
    return counts


@dataclass(frozen=True, slots=True)
class _Loaded:
    codes: Sequence[str]
    shapes: topology.Shapes


def _loaded(layer: Layer, version: int | None) -> _Loaded:
    """All features of a layer, in one statement: as one version has them."""
    rows = list(
        layer.features.annotate(wkb=Cast("geometry", BinaryField()))
        .order_by("code")
        .values_list("code", "wkb", "layer__version")
    )
    if not rows:
        raise LayerEmpty(layer=layer.title)
    if rows[0][2] != version:
        raise LayerChangedMeanwhile(layer=layer.title, seen=version, version=rows[0][2])
    return _Loaded([row[0] for row in rows], shapely.from_wkb([bytes(row[1]) for row in rows]))


def _counts(places: topology.Places, of: Analysis) -> dict[str, Any]:
    told: dict[str, Any] = {"within_tolerance": places.within_tolerance, "found": len(places.found)}
    kinds = ("hit",) if of.kind == Analysis.Kind.OVERLAY else ("overlap", "gap", "outside")
    for kind in kinds:
        some = [place.area_m2 for place in places.found if place.kind == kind]
        told[kind] = {"number": len(some), "area_m2": round(sum(some), 2)}
    return told


def _keep(
    of: Analysis,
    found: Sequence[topology.Place],
    plane: Plane,
    a_codes: Sequence[str],
    b_codes: Sequence[str],
    a_areas: Any,
    b_areas: Any,
) -> None:
    if not found:
        return
    shapes = shapely.transform(np.array([place.shape for place in found], dtype=object), plane.back)
    # Back from the plane, a last digit may cross another line.
    for i in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        shapes[i] = rules.as_multipolygon(shapes[i])[0]
    bounds, wkb = shapely.bounds(shapes), shapely.to_wkb(shapes, byte_order=1)
    columns = "analysis_id, number, kind, code_a, code_b, area_m2, width_m, share_a, share_b, geometry, box"
    with connection.cursor() as cursor, cursor.copy(f"COPY spatial_finding ({columns}) FROM STDIN") as out:
        for i, place in enumerate(found):
            share_a = place.area_m2 / float(a_areas[place.a]) if place.a >= 0 and place.kind != "gap" else None
            share_b = place.area_m2 / float(b_areas[place.b]) if place.b >= 0 else None
            out.write_row(
                (of.pk, i + 1, place.kind, a_codes[place.a] if place.a >= 0 else "",
                 b_codes[place.b] if place.b >= 0 else "", rules.in_m2(place.area_m2), f"{place.width_m:.3f}",
                 share_a, share_b, wkb[i], written(rules.Box(*bounds[i].tolist())))
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """相交: one feature that a geometry meets: the common area, its share of the geometry and of the feature."""

    code: str
    name: str
    area_m2: Decimal
    share_of_given: float
    share_of_feature: float
    geometry: shapely.Geometry


@dataclass(frozen=True, slots=True)
class GeometryOverlay:
    """一块图形与图层的叠加: the geometry as it was taken, its area, the hits, and what nothing of the layer covers."""

    given: rules.Converted
    hits: Sequence[Hit]
    covered_m2: Decimal
    free_m2: Decimal


def overlay_geometry(layer: Layer, geometry: Mapping[str, Any], *, crs: str = "CGCS2000") -> GeometryOverlay:
    """What a geometry meets on a layer now. The caller has asked whether the layer may be seen.

    Raises: LayerDrawnElsewhere, GeometryRefused, UnknownCrs.
    """
    refuse_drawn(layer)
    try:
        known = rules.Crs(crs)
    except ValueError:
        raise UnknownCrs(crs=crs, known="、".join(rules.Crs)) from None
    try:
        given = rules.converted(geometry, known)
    except rules.BadOutline as error:
        raise GeometryRefused(why=str(error)) from error
    box = rules.Box(*given.geometry.bounds)
    rows = list(Feature.objects.filter(layer=layer, box__overlaps=box).order_by("code")[:MOST_FEATURES])
    plane = Plane(box)
    own = shapely.transform(given.geometry, plane.project)
    if not rows:
        return GeometryOverlay(given, (), Decimal("0.00"), given.area_m2)
    others = shapely.transform(np.array([row.geometry for row in rows], dtype=object), plane.project)
    places = topology.overlay(np.array([own], dtype=object), others, tolerance=topology.Tolerance(0.0, 0.0))
    covered = shapely.union_all([place.shape for place in places.found]).area
    hits = [
        Hit(
            rows[p.b].code, rows[p.b].name, rules.in_m2(p.area_m2), p.area_m2 / own.area,
            p.area_m2 / others[p.b].area, shapely.transform(p.shape, plane.back),
        )
        for p in sorted(places.found, key=lambda p: -p.area_m2)
    ]  # fmt: skip
    return GeometryOverlay(given, hits, rules.in_m2(covered), rules.in_m2(max(own.area - covered, 0.0)))
