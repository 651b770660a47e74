"""What every record of a list has, its versions, and imports with the rows that they would write."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet


class RecordQuerySet(ScopedQuerySet[Any]):
    """A record is seen by the staff of its division and those above; a model may make some public."""

    scope = "division_id"

    def in_force(self) -> "RecordQuerySet":
        """Those that have not ended."""
        return self.filter(ended_at=None)


class Record(models.Model):
    """台账记录: what the records of all lists have. Changes go through services: each is a :class:`Version`."""

    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="所属区划")
    state = models.CharField("状态", max_length=12, default="", blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="建立人")
    changed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="改动人")
    made_at = models.DateTimeField("建立时间")
    changed_at = models.DateTimeField("改动时间")
    ended_at = models.DateTimeField("终止时间", null=True)
    end_reason = models.CharField("终止原因", max_length=200, default="", blank=True)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ended_says_why",
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
            models.CheckConstraint(name="%(app_label)s_%(class)s_counts_versions", condition=Q(version__gte=1)),
        ]

    if TYPE_CHECKING:
        division_id: str
        made_by_id: int | None
        changed_by_id: int | None


class Version(AppendOnly):
    """台账版本: a record as it stood after one change; secrets are masked here and sealed in the record alone."""

    roster = models.CharField("台账", max_length=40)
    record_id = models.BigIntegerField("记录")
    number = models.PositiveIntegerField("版本")
    values = models.JSONField("内容")
    changed = ArrayField(models.CharField(max_length=40), default=list, verbose_name="改动的字段")
    act = models.CharField("行为", max_length=12)
    reason = models.CharField("理由", max_length=200, default="")
    of_import = models.ForeignKey("rosters.Import", models.PROTECT, null=True, related_name="+", verbose_name="导入")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="改动人")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [models.UniqueConstraint(name="roster_version_once", fields=["roster", "record_id", "number"])]
        ordering = ("roster", "record_id", "number")


class Unmasking(AppendOnly):
    """完整查看: somebody saw the whole of a secret, and said what for. The event of the act names this row."""

    roster = models.CharField("台账", max_length=40)
    record_id = models.BigIntegerField("记录")
    field = models.CharField("字段", max_length=40)
    purpose = models.CharField("用途", max_length=200)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="查看人")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [models.CheckConstraint(name="unmasking_says_what_for", condition=~Q(purpose=""))]
        indexes = [models.Index(name="unmasking_by_record", fields=["roster", "record_id"])]


class ImportQuerySet(ScopedQuerySet["Import"]):
    """Imports are seen by the staff of the division that made them, and above."""

    scope = "division_id"


class Import(models.Model):
    """台账导入: a file on its way into a list: checked whole, then applied whole or not at all."""

    class State(models.TextChoices):
        CHECKING = "checking", "核对中"
        FAULTY = "faulty", "有错待改"
        READY = "ready", "可以导入"
        APPLYING = "applying", "导入中"
        APPLIED = "applied", "已导入"
        FAILED = "failed", "没有完成"

    roster = models.CharField("台账", max_length=40)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="文件")
    file_name = models.CharField("文件名", max_length=120)
    state = models.CharField("状态", max_length=8, choices=State, default=State.CHECKING)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+", verbose_name="后台任务")
    counts = models.JSONField("行数", default=dict)
    groups = models.JSONField("错误归类", default=list)
    faults = models.JSONField("错误", default=list)
    failure = models.TextField("没有完成的原因", default="")
    annotated = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="标注的文件")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("提交时间")
    applied_at = models.DateTimeField("导入时间", null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="roster_import_state_is_known",
                condition=Q(state__in=("checking", "faulty", "ready", "applying", "applied", "failed")),
            ),
            models.CheckConstraint(
                name="roster_import_applied_has_its_time",
                condition=Q(state="applied", applied_at__isnull=False) | (~Q(state="applied") & Q(applied_at=None)),
            ),
        ]
        indexes = [models.Index(name="roster_import_by_roster", fields=["roster", "-id"])]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"导入 {self.pk}"


class ImportRow(models.Model):
    """待导入行: what one line of a sound file would write. The rows go when the import is applied or a new one is checked."""

    of_import = models.ForeignKey(Import, models.PROTECT, related_name="rows", db_index=False)
    line = models.PositiveIntegerField("行号")
    record_id = models.BigIntegerField("记录", null=True)
    seen_version = models.PositiveIntegerField("所见版本", null=True)
    values = models.JSONField("内容")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="roster_import_row_once", fields=["of_import", "line"]),
            models.CheckConstraint(
                name="roster_import_row_knows_its_version",
                condition=Q(record_id=None, seen_version=None) | Q(record_id__isnull=False, seen_version__isnull=False),
            ),
        ]
