"""Writing single features of a layer by hand or by program: each call is one version of the layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import shapely
from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import digest_of, record

from .. import rules
from ..errors import (
    AttributesUnknown,
    FeatureNotFound,
    LayerChangedMeanwhile,
    OutlineRefused,
    OutlineTwice,
    TooManyAtOnce,
    UnknownCrs,
)
from ..models import Feature, Layer
from .layers import refuse_kept_by_packs
from .versions import Change, begin_version, digests_of, locked_layer

#: More than this at once is an import.
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class FeatureGiven:
    """一个要素: as a person or a program gives it; ``geometry`` is GeoJSON."""

    code: str
    name: str
    geometry: Mapping[str, Any]
    attributes: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def put_features(
    *,
    slug: str,
    features: Sequence[FeatureGiven],
    crs: str = "CGCS2000",
    seen_version: int | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Layer:
    """Add features or change those that stand, all or none; what they were before stays in history. Locks: Layer.

    A repeat of the same content makes no version.
    Args: ``seen_version`` refuses the change when the layer is no longer the one that was looked at.
    Raises: LayerNotFound, LayerKeptByPacks, LayerChangedMeanwhile, TooManyAtOnce, OutlineTwice, OutlineRefused,
        UnknownCrs, AttributesUnknown.
    """
    layer = _to_change(slug, seen_version, len(features))
    wanted = _wanted(layer, features, crs)
    stored = {f.code: f for f in layer.features.filter(code__in=wanted)}
    new = [f for code, f in wanted.items() if code not in stored]
    changed = [f for code, f in wanted.items() if code in stored and stored[code].digest != f.digest]
    for row in changed:
        row.pk = stored[row.code].pk
    if not new and not changed:
        return layer
    digests = digests_of(layer) | {f.code: f.digest for f in wanted.values()}
    boxes = [rules.Box(*f.geometry.bounds) for f in (*new, *changed)] + [stored[f.code].box for f in changed]
    change = Change(len(new), len(changed), 0, boxes, digests)
    version = begin_version(layer, change, origin="逐个录入", note=note, actor=actor, at=at)
    for row in (*new, *changed):
        row.since = version
    for row in changed:
        row.save(force_update=True)
    Feature.objects.bulk_create(new, batch_size=500)
    facts = {"version": version, "added": len(new), "changed": len(changed), "codes": digest_of(sorted(wanted))}
    record(verb="spatial.layer.features_put", subject=layer, actor=actor, at=at, facts=facts)
    return layer


@transaction.atomic
def remove_features(
    *,
    slug: str,
    codes: Sequence[str],
    seen_version: int | None = None,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> Layer:
    """Take features off a layer; what they were stays in history. Locks: Layer.

    Raises: LayerNotFound, LayerKeptByPacks, LayerChangedMeanwhile, TooManyAtOnce, FeatureNotFound.
    """
    layer = _to_change(slug, seen_version, len(codes))
    gone = list(layer.features.filter(code__in=codes))
    missing = sorted(set(codes) - {f.code for f in gone})
    if missing:
        raise FeatureNotFound(layer=layer.title, feature=missing[0])
    digests = {code: digest for code, digest in digests_of(layer).items() if code not in set(codes)}
    change = Change(0, 0, len(gone), [f.box for f in gone], digests)
    version = begin_version(layer, change, origin="逐个删除", note=note, actor=actor, at=at)
    Feature.objects.filter(pk__in=[f.pk for f in gone]).delete()
    facts = {"version": version, "removed": len(gone), "codes": digest_of(sorted(codes))}
    record(verb="spatial.layer.features_removed", subject=layer, actor=actor, at=at, facts=facts)
    return layer


def _to_change(slug: str, seen_version: int | None, number: int) -> Layer:
    layer = locked_layer(slug)
    refuse_kept_by_packs(layer)
    if seen_version is not None and seen_version != layer.version:
        raise LayerChangedMeanwhile(layer=layer.title, seen=seen_version, version=layer.version)
    if not 0 < number <= MOST_AT_ONCE:
        raise TooManyAtOnce(number=number, most=MOST_AT_ONCE)
    return layer


def _wanted(layer: Layer, features: Sequence[FeatureGiven], crs: str) -> dict[str, Feature]:
    try:
        known = rules.Crs(crs)
    except ValueError:
        raise UnknownCrs(crs=crs, known="、".join(rules.Crs)) from None
    fields = {one["name"] for one in layer.schema}
    wanted: dict[str, Feature] = {}
    for given in features:
        if given.code in wanted:
            raise OutlineTwice(layer=layer.title, feature=given.code)
        unknown = sorted(set(given.attributes) - fields)
        if unknown:
            raise AttributesUnknown(layer=layer.title, field=unknown[0], known="、".join(sorted(fields)) or "（没有）")
        try:
            done = rules.converted(given.geometry, known)
        except rules.BadOutline as error:
            where = f"{given.name}（{given.code}）"
            raise OutlineRefused(layer=layer.title, feature=where, why=str(error)) from error
        wanted[given.code] = Feature(
            layer=layer,
            code=given.code,
            name=given.name or given.code,
            geometry=done.geometry,
            area_m2=done.area_m2,
            attributes=dict(given.attributes),
            repaired=repair_text(done.repair),
            digest=feature_digest(given.name or given.code, done.geometry, given.attributes),
        )
    return wanted


def repair_text(repair: rules.Repair | None) -> str:
    """What was mended, in a line."""
    if repair is None:
        return ""
    return f"{repair.problem}；去掉 {repair.parts_dropped} 处残片，面积变化 {repair.area_change_m2} m²"


def feature_digest(name: str, geometry: shapely.Geometry, attributes: Mapping[str, Any]) -> str:
    """The digest of a feature's name, outline and attributes."""
    wkb = shapely.to_wkb(geometry, hex=True, byte_order=1)
    return rules.content_digest([name, wkb, attributes] if attributes else [name, wkb])
