"""Files on their way into a layer."""

from django.db import models
from django.db.models import Q

from ronghe.kernel.regions.scope import ScopedQuerySet

from ..fields import BoxField, MultiPolygonField
from .layers import Layer


class LayerImportQuerySet(ScopedQuerySet["LayerImport"]):
    """Imports are for the staff of the layer's division and above."""

    scope = "layer__division_id"


class LayerImport(models.Model):
    """图层导入: a file on its way into a layer: checked whole, then applied whole or not at all."""

    class State(models.TextChoices):
        CHECKING = "checking", "核对中"
        ASKING = "asking", "待说明"
        FAULTY = "faulty", "有错待改"
        READY = "ready", "可以导入"
        APPLYING = "applying", "导入中"
        APPLIED = "applied", "已导入"

    class Mode(models.TextChoices):
        MERGE = "merge", "增加和更新，文件里没有的保留"
        REPLACE = "replace", "整层替换，文件里没有的删除"

    layer = models.ForeignKey(Layer, models.PROTECT, related_name="imports", db_index=False, verbose_name="图层")
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="文件")
    file_name = models.CharField("文件名", max_length=120)
    state = models.CharField("状态", max_length=8, choices=State, default=State.CHECKING)
    mode = models.CharField("方式", max_length=7, choices=Mode, default=Mode.MERGE)
    #: What the person has stated of the file: crs, axes, datum, encoding, part, code, name, outside.
    stated = models.JSONField("说明", default=dict)
    #: What was read of it: crs, its name, fields, parts, a question that is open.
    found = models.JSONField("读到的情况", default=dict)
    counts = models.JSONField("个数", default=dict)
    groups = models.JSONField("归类", default=list)
    remarks = models.JSONField("逐个", default=list)
    failure = models.TextField("没有完成的原因", default="")
    seen_version = models.PositiveIntegerField("核对时的版本", null=True)
    annotated = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="标注的文件")
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+", verbose_name="后台任务")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("提交时间")
    applied_at = models.DateTimeField("导入时间", null=True)
    version = models.PositiveIntegerField("形成的版本", null=True)

    objects = LayerImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="layer_import_state_is_known",
                condition=Q(state__in=("checking", "asking", "faulty", "ready", "applying", "applied")),
            ),
            models.CheckConstraint(
                name="layer_import_applied_has_its_version",
                condition=Q(state="applied", applied_at__isnull=False, version__isnull=False)
                | (~Q(state="applied") & Q(applied_at=None, version=None)),
            ),
            models.CheckConstraint(
                name="layer_import_ready_has_seen_a_version",
                condition=~Q(state__in=("ready", "applying", "applied")) | Q(seen_version__isnull=False),
            ),
        ]
        indexes = [models.Index(name="layer_import_by_layer", fields=["layer", "-id"])]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"导入 {self.pk}"


class ImportFeature(models.Model):
    """待导入要素: what one feature of a sound file would write. It goes when the import is applied or checked anew."""

    of_import = models.ForeignKey(LayerImport, models.PROTECT, related_name="features", db_index=False)
    number = models.PositiveIntegerField("序号")
    code = models.CharField("代码", max_length=40)
    name = models.CharField("名称", max_length=80)
    geometry = MultiPolygonField("图形")
    box = BoxField("外包矩形", of="geometry")
    area_m2 = models.DecimalField("面积（平方米）", max_digits=16, decimal_places=2)
    attributes = models.JSONField("属性", default=dict)
    repaired = models.CharField("修复说明", max_length=200, default="")
    digest = models.CharField("内容摘要", max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="layer_import_feature_once", fields=["of_import", "number"]),
            models.UniqueConstraint(name="layer_import_code_once", fields=["of_import", "code"]),
        ]
