"""Papers that were issued, what became of them, and batches of them. The paper itself is never changed."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q

from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet


class NumberSeries(models.Model):
    """编号序列: the last number given in a year by a division for one prefix; numbers have no gaps."""

    prefix = models.CharField("字头", max_length=20)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="number_series_once", fields=["prefix", "division", "year"])]


class BatchQuerySet(ScopedQuerySet["Batch"]):
    """Batches are seen by the staff of their division and above."""

    scope = "division_id"


class Batch(models.Model):
    """批量制证: many papers of one kind, issued all or none, in one package."""

    class State(models.TextChoices):
        MAKING = "making", "制作中"
        DONE = "done", "已完成"
        FAILED = "failed", "没有完成"

    template = models.CharField("文书", max_length=60)
    title = models.CharField("标题", max_length=120)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    org_unit = models.ForeignKey("regions.OrgUnit", models.PROTECT, null=True, related_name="+", verbose_name="单位")
    given = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="内容（加密）")
    count = models.PositiveIntegerField("份数")
    state = models.CharField("状态", max_length=6, choices=State, default=State.MAKING)
    failure = models.TextField("没有完成的原因", default="")
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+", verbose_name="后台任务")
    package = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="打包文件")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("提出时间")

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="paper_batch_state_is_known", condition=Q(state__in=("making", "done", "failed"))
            ),
            models.CheckConstraint(
                name="paper_batch_done_has_its_package", condition=~Q(state="done") | Q(package__isnull=False)
            ),
        ]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title


class PaperQuerySet(ScopedQuerySet["Paper"]):
    """Papers are seen by the staff of their division and above; by code everybody learns whether one holds."""

    scope = "division_id"


class Paper(AppendOnly):
    """文书 (证照、通知书): issued once, with a number, a code to check it, and the bytes of its PDF."""

    template = models.CharField("文书", max_length=60)
    number = models.CharField("编号", max_length=80)
    code = models.CharField("核验码", max_length=16)
    title = models.CharField("标题", max_length=120)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    org_unit = models.ForeignKey(
        "regions.OrgUnit", models.PROTECT, null=True, related_name="+", verbose_name="出具单位"
    )
    subject_type = models.CharField("对象类型", max_length=80, default="")
    subject_id = models.CharField("对象编号", max_length=64, default="")
    public = models.JSONField("公开要素")
    facts = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="内容（加密）")
    pdf = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="PDF")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="papers", verbose_name="批次")
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="出具人")
    issued_at = models.DateTimeField("出具时间")
    #: Computed by the database: it also stands for papers that were issued before there was such a column.
    grams = models.GeneratedField(
        expression=Func("number", "title", function="papers_grams"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        verbose_name="检索字对",
    )

    objects = PaperQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="paper_number_once", fields=["number"]),
            models.UniqueConstraint(name="paper_code_once", fields=["code"]),
            models.CheckConstraint(name="paper_code_is_plain", condition=Q(code__regex=r"^[0-9A-HJKMNP-TV-Z]{16}$")),
        ]
        indexes = [
            models.Index(name="paper_by_subject", fields=["subject_type", "subject_id"]),
            models.Index(name="paper_by_division", fields=["division", "-id"]),
            GinIndex(name="paper_by_grams", fields=["grams"]),
        ]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.number


class Revocation(AppendOnly):
    """作废: a paper does not hold any more; another may stand in its place."""

    paper = models.OneToOneField(Paper, models.PROTECT, related_name="revocation", verbose_name="文书")
    reason = models.CharField("理由", max_length=200)
    replaced_by = models.ForeignKey(
        Paper, models.PROTECT, null=True, related_name="replaces", verbose_name="换发的文书"
    )
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.CheckConstraint(name="revocation_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="paper_does_not_replace_itself", condition=~Q(paper=models.F("replaced_by"))),
        ]
