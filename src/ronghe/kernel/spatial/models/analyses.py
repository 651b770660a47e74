"""Analyses of layers, and what they found."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.scope import ScopedQuerySet

from ..fields import BoxField, MultiPolygonField
from .layers import Layer


class AnalysisQuerySet(ScopedQuerySet["Analysis"]):
    """Analyses are for the staff who see both of their layers and the division in which they were asked for."""

    scope = "division_id"

    def visible_to(self, actor: Actor) -> "AnalysisQuerySet":
        seen = Layer.objects.visible_to(actor)
        return super().visible_to(actor).filter(Q(layer__in=seen) & (Q(other=None) | Q(other__in=seen)))


class Analysis(models.Model):
    """空间分析: a topology check of a layer, or its overlay with another, at fixed versions of both."""

    class Kind(models.TextChoices):
        TOPOLOGY = "topology", "拓扑检查"
        OVERLAY = "overlay", "叠加分析"

    kind = models.CharField("种类", max_length=8, choices=Kind)
    layer = models.ForeignKey(Layer, models.PROTECT, related_name="analyses", db_index=False, verbose_name="图层")
    version = models.PositiveIntegerField("图层版本")
    other = models.ForeignKey(Layer, models.PROTECT, null=True, related_name="+", verbose_name="另一图层")
    other_version = models.PositiveIntegerField("另一图层版本", null=True)
    division = models.ForeignKey("regions.Division", models.PROTECT, null=True, related_name="+", verbose_name="区划")
    tolerance_m2 = models.DecimalField("面积容差（平方米）", max_digits=12, decimal_places=2)
    width_m = models.DecimalField("狭长宽度（米）", max_digits=8, decimal_places=3)
    counts = models.JSONField("结果", default=dict)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+", verbose_name="后台任务")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("提出时间")
    done_at = models.DateTimeField("完成时间", null=True)

    objects = AnalysisQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="analysis_kind_is_known", condition=Q(kind__in=("topology", "overlay"))),
            models.CheckConstraint(
                name="analysis_tolerances_are_not_negative", condition=Q(tolerance_m2__gte=0, width_m__gte=0)
            ),
            models.CheckConstraint(
                name="analysis_other_has_its_version",
                condition=Q(other=None, other_version=None) | Q(other__isnull=False, other_version__isnull=False),
            ),
            models.CheckConstraint(
                name="analysis_overlay_has_another_layer", condition=~Q(kind="overlay") | Q(other__isnull=False)
            ),
        ]
        indexes = [models.Index(name="analysis_by_layer", fields=["layer", "-id"])]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class FindingQuerySet(ScopedQuerySet["Finding"]):
    """Findings are seen with their analysis."""

    scope = "analysis__division_id"

    def visible_to(self, actor: Actor) -> "FindingQuerySet":
        return super().visible_to(actor).filter(analysis__in=Analysis.objects.visible_to(actor))


class Finding(models.Model):
    """分析结果: one place that an analysis found, with its outline."""

    class Kind(models.TextChoices):
        OVERLAP = "overlap", "重叠"
        GAP = "gap", "空隙"
        OUTSIDE = "outside", "超出范围"
        HIT = "hit", "相交"

    analysis = models.ForeignKey(Analysis, models.PROTECT, related_name="findings", db_index=False)
    number = models.PositiveIntegerField("序号")
    kind = models.CharField("种类", max_length=7, choices=Kind)
    code_a = models.CharField("要素", max_length=40, default="")
    code_b = models.CharField("另一要素", max_length=40, default="")
    area_m2 = models.DecimalField("面积（平方米）", max_digits=16, decimal_places=2)
    width_m = models.DecimalField("平均宽度（米）", max_digits=12, decimal_places=3)
    share_a = models.FloatField("占要素", null=True)
    share_b = models.FloatField("占另一要素", null=True)
    geometry = MultiPolygonField("图形")
    box = BoxField("外包矩形", of="geometry")

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="finding_once", fields=["analysis", "number"]),
            models.CheckConstraint(
                name="finding_kind_is_known", condition=Q(kind__in=("overlap", "gap", "outside", "hit"))
            ),
        ]
        indexes = [
            GistIndex(name="finding_by_box", fields=["box"]),
            models.Index(name="finding_by_area", fields=["analysis", "-area_m2"]),
        ]
        ordering = ("analysis", "number")
