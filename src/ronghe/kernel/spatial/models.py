"""Tables of the map: layers, where their content comes from, and their features."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.lookups import Exact

from ronghe.kernel.regions.scope import ScopedQuerySet

from .fields import MULTIPOLYGON_WKB, BoxField, LiesInChina, MultiPolygonField, StartOfWkb
from .rules import Crs


class LayerQuerySet(ScopedQuerySet["Layer"]):
    """Public layers are for everybody; the others for whoever acts for the platform itself."""

    public = Q(public=True)


class Layer(models.Model):
    """图层: features of one kind with a common origin, drawn and cached as a whole.

    ``digest`` says what the features are, ``version`` how often that has changed: tiles are cached by both.
    """

    slug = models.SlugField("标识", max_length=40, unique=True)
    title = models.CharField("名称", max_length=60)
    source = models.CharField("来源", max_length=400, default="")
    note = models.CharField("说明", max_length=400, default="")
    crs_note = models.CharField("坐标系说明", max_length=200, default="")
    version = models.PositiveIntegerField("版本", default=0)
    digest = models.CharField("内容摘要", max_length=64, default="")
    public = models.BooleanField("公开", default=False)

    objects = LayerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="layer_digest_is_sha256_once_loaded",
                condition=Q(version=0, digest="") | Q(version__gt=0, digest__regex=r"^[0-9a-f]{64}$"),
            )
        ]
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.title


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


class FeatureQuerySet(ScopedQuerySet["Feature"]):
    """Features of public layers are for everybody; others for the staff of their division and those above."""

    scope = "division"
    public = Q(layer__public=True)


class Feature(models.Model):
    """要素: one thing on a layer, with its outline in CGCS2000. ``digest`` tells one outline from the next."""

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="features", verbose_name="图层")
    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=80)
    geometry = MultiPolygonField("图形")
    box = BoxField("外包矩形", of="geometry")
    area_m2 = models.DecimalField("面积（平方米）", max_digits=16, decimal_places=2)
    division = models.ForeignKey("regions.Division", models.PROTECT, null=True, related_name="+", verbose_name="区划")
    repaired = models.CharField("修复说明", max_length=200, default="")
    digest = models.CharField("内容摘要", max_length=64)
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
        ]
        indexes = [
            GistIndex(name="feature_by_box", fields=["box"]),
            models.Index(name="feature_by_division", fields=["division", "layer"]),
        ]
        ordering = ("layer", "code")

    def __str__(self) -> str:
        return self.name
