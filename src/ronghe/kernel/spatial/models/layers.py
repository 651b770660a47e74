"""Layers, where their content comes from, their features now and before, and the tiles that were cut of them."""

from django.apps import apps
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q, QuerySet, Value
from django.db.models.lookups import Exact

from ronghe.kernel.actors import Actor
from ronghe.kernel.db import AppendOnly, Queue
from ronghe.kernel.regions.scope import Row, ScopedQuerySet

from ..content import open_to
from ..fields import MULTIPOLYGON_WKB, BoxField, LiesInChina, MultiPolygonField, StartOfWkb
from ..rules import Crs


def above(actor: Actor) -> QuerySet[models.Model]:
    """The ties from the actor's division to itself and to all above it."""
    return apps.get_model("regions", "DivisionClosure").objects.filter(descendant_id=actor.division)


class LayerQuerySet(ScopedQuerySet["Layer"]):
    """Public layers are for everybody; the others for the staff of their division and above, and of those below when
    the layer says so. A layer without a division that is not public is for the platform itself alone. What is drawn from
    a room's tables is for the roles that the room names, and never public."""

    scope = "division_id"
    public = Q(public=True, content="")

    def _within(self, actor: Actor) -> Q | None:
        own = super()._within(actor)
        if own is None:
            return None
        near = own | Q(shared_below=True, division_id__in=above(actor).values("ancestor_id"))
        return near & Q(content__in=open_to(actor))


class Layer(models.Model):
    """图层: features of one kind with a common origin, seen, drawn and versioned as a whole.

    ``digest`` says what the features are, ``version`` how often that has changed. With a ``content`` the features stand
    in a room's own tables (see ``content.py``); the digest then only tells one version from the next.
    """

    class Kind(models.TextChoices):
        REFERENCE = "reference", "基础"
        PLANNING = "planning", "规划"
        RED_LINE = "red_line", "红线"
        WORKING = "working", "工作"

    slug = models.SlugField("标识", max_length=40, unique=True)
    title = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=9, choices=Kind, default=Kind.REFERENCE)
    division = models.ForeignKey("regions.Division", models.PROTECT, null=True, related_name="+", verbose_name="区划")
    source = models.CharField("来源", max_length=400, default="")
    note = models.CharField("说明", max_length=400, default="")
    crs_note = models.CharField("坐标系说明", max_length=200, default="")
    #: ``[{"name", "label", "type": "text" | "number"}, …]``: shown and exported; no rule reads it.
    schema = models.JSONField("属性字段", default=list)
    version = models.PositiveIntegerField("版本", default=0)
    feature_count = models.PositiveIntegerField("要素个数", default=0)
    digest = models.CharField("内容摘要", max_length=64, default="")
    content = models.CharField("内容来源", max_length=40, default="")
    public = models.BooleanField("公开", default=False)
    shared_below = models.BooleanField("下级可见", default=False)

    objects = LayerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="layer_digest_is_sha256_once_loaded",
                condition=Q(version=0, digest="") | Q(version__gt=0, digest__regex=r"^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="layer_kind_is_known", condition=Q(kind__in=("reference", "planning", "red_line", "working"))
            ),
            models.CheckConstraint(name="layer_drawn_is_not_public", condition=Q(content="") | Q(public=False)),
        ]
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.title

    @property
    def is_kept_by_packs(self) -> bool:
        """Whether data packs give the content: a person's change would be lost."""
        return self.division_id is None or self.sources.exists()


class LayerSource(models.Model):
    """图层来源: one giver of features (a zone pack, a survey) and what it last gave, so that a repeat is seen.

    Several may give to one layer, and may give the same feature: a county stands in its city's pack and in its own.
    """

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="sources", verbose_name="图层")
    key = models.CharField("来源标识", max_length=60)
    origin = models.CharField("出处", max_length=200)
    note = models.CharField("说明", max_length=400, default="")
    crs = models.CharField("原坐标系", max_length=12, choices=[(c.value, c.value) for c in Crs])
    digest = models.CharField("内容摘要", max_length=64)
    loaded_at = models.DateTimeField("载入时间")

    class Meta:
        constraints = [models.UniqueConstraint(name="layer_source_once", fields=["layer", "key"])]
        ordering = ("layer", "key")


class OfLayerQuerySet(ScopedQuerySet[Row]):
    """Rows that are seen with their layer."""

    public = Q(layer__public=True)

    def _within(self, actor: Actor) -> Q | None:
        return None if actor.division is None else Q(layer__in=Layer.objects.visible_to(actor))


class LayerVersionQuerySet(OfLayerQuerySet["LayerVersion"]):
    """Versions are seen with their layer."""


class LayerVersion(AppendOnly):
    """图层版本: one change of a layer: who made it, when, from what, and how many features it touched."""

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="versions", db_index=False, verbose_name="图层")
    number = models.PositiveIntegerField("版本")
    digest = models.CharField("内容摘要", max_length=64)
    feature_count = models.PositiveIntegerField("要素个数")
    added = models.PositiveIntegerField("新增")
    changed = models.PositiveIntegerField("修改")
    removed = models.PositiveIntegerField("删除")
    origin = models.CharField("出处", max_length=200, default="")
    note = models.CharField("说明", max_length=400, default="")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("时间")

    objects = LayerVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="layer_version_once", fields=["layer", "number"])]
        ordering = ("layer", "-number")


class FeatureQuerySet(ScopedQuerySet["Feature"]):
    """Features are seen with their layer; those of another layer by the staff of their own division and above."""

    scope = "division"
    public = Q(layer__public=True)

    def _within(self, actor: Actor) -> Q | None:
        own = super()._within(actor)
        if own is None:
            return None
        return own | Q(layer__in=Layer.objects.visible_to(actor))


class FeatureFacts(models.Model):
    """What a feature is at one time."""

    layer: models.ForeignKey[Layer, Layer]
    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=80)
    geometry = MultiPolygonField("图形")
    box = BoxField("外包矩形", of="geometry")
    area_m2 = models.DecimalField("面积（平方米）", max_digits=16, decimal_places=2)
    attributes = models.JSONField("属性", default=dict)
    repaired = models.CharField("修复说明", max_length=200, default="")
    digest = models.CharField("内容摘要", max_length=64)
    #: The version of the layer with which this form came.
    since = models.PositiveIntegerField("自版本", default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Feature(FeatureFacts):
    """要素: one thing on a layer, with its outline in CGCS2000. ``digest`` tells one form from the next.

    Changing or removing a row leaves its former form in ``FeatureVersion``: a trigger writes it.
    """

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="features", verbose_name="图层")
    division = models.ForeignKey("regions.Division", models.PROTECT, null=True, related_name="+", verbose_name="区划")
    sources = models.ManyToManyField(LayerSource, related_name="features", verbose_name="来源")

    objects = FeatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="feature_code_once_in_layer", fields=["layer", "code"]),
            models.CheckConstraint(
                name="feature_geometry_is_a_multipolygon",
                condition=Q(Exact(StartOfWkb(F("geometry")), Value(MULTIPOLYGON_WKB))),
            ),
            models.CheckConstraint(name="feature_lies_in_china", condition=Q(LiesInChina(F("box")))),
            models.CheckConstraint(name="feature_has_an_area", condition=Q(area_m2__gt=0)),
            models.CheckConstraint(name="feature_stands_since_a_version", condition=Q(since__gt=0)),
        ]
        indexes = [
            GistIndex(name="feature_by_box", fields=["box"]),
            models.Index(name="feature_by_division", fields=["division", "layer"]),
        ]
        ordering = ("layer", "code")


class FeatureVersionQuerySet(OfLayerQuerySet["FeatureVersion"]):
    """Former forms are seen with their layer."""


class FeatureVersion(FeatureFacts, AppendOnly):
    """要素旧版: a form that a feature had from version ``since`` of its layer up to, not including, ``until``."""

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="former", db_index=False, verbose_name="图层")
    division = models.ForeignKey("regions.Division", models.PROTECT, null=True, related_name="+", verbose_name="区划")
    until = models.PositiveIntegerField("至版本")

    objects = FeatureVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="feature_version_ends_after_it_begins", condition=Q(until__gt=F("since"))),
            models.UniqueConstraint(name="feature_version_once", fields=["layer", "code", "since"]),
        ]
        indexes = [models.Index(name="feature_version_by_range", fields=["layer", "until", "since"])]
        ordering = ("layer", "code", "since")


class Tile(Queue):
    """瓦片: a tile as it was last cut, kept until a feature changes in ``box``, the place that it was cut from."""

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="+", db_index=False, verbose_name="图层")
    z = models.PositiveSmallIntegerField("级别")
    x = models.PositiveIntegerField("列")
    y = models.PositiveIntegerField("行")
    box = BoxField("取数范围", of="")
    content = models.BinaryField("内容")

    class Meta:
        constraints = [models.UniqueConstraint(name="tile_once", fields=["layer", "z", "x", "y"])]
        indexes = [GistIndex(name="tile_by_box", fields=["box"])]
