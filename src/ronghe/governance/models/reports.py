"""报告: frozen figures of a period, and the bulletin or report that is written on them."""

from django.db import models
from django.db.models import F, Q

from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet


class Figures(AppendOnly):
    """期末数据: what the ledger said at the end of a period, with the digest of it; the record can say it again years later."""

    zone = models.ForeignKey("policy.Zone", models.PROTECT, related_name="+", verbose_name="试验区")
    first = models.DateField("起")
    last = models.DateField("止")
    told = models.JSONField("数据")
    digest = models.CharField("摘要", max_length=64)
    made_at = models.DateTimeField("冻结时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="figures_once_per_period_and_digest", fields=["zone", "first", "last", "digest"]
            ),
            models.CheckConstraint(name="figures_period_is_one", condition=Q(last__gte=F("first"))),
        ]
        ordering = ("zone", "last", "id")


class WorkReportQuerySet(ScopedQuerySet["WorkReport"]):
    """The staff of the place."""

    scope = "division_id"


class WorkReport(models.Model):
    """通报、季度报告、年度报告: written on frozen figures, edited by the office, approved by another, then archived as a paper."""

    class Kind(models.TextChoices):
        BULLETIN = "bulletin", "工作进展通报"
        QUARTERLY = "quarterly", "季度报告"
        YEARLY = "yearly", "年度报告"

    class State(models.TextChoices):
        DRAFT = "draft", "起草中"
        SUBMITTED = "submitted", "待审定"
        ARCHIVED = "archived", "已印发归档"

    zone = models.ForeignKey("policy.Zone", models.PROTECT, related_name="+", verbose_name="试验区")
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    kind = models.CharField("种类", max_length=9, choices=Kind)
    title = models.CharField("标题", max_length=120)
    figures = models.ForeignKey(Figures, models.PROTECT, related_name="+", verbose_name="期末数据")
    state = models.CharField("状态", max_length=9, choices=State, default=State.DRAFT)
    paper = models.OneToOneField("papers.Paper", models.PROTECT, null=True, related_name="+", verbose_name="文书")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("建立时间")
    submitted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    returned_for = models.CharField("退改意见", max_length=400, default="")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = WorkReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="report_archived_has_its_paper",
                condition=Q(state="archived", paper__isnull=False) | (~Q(state="archived") & Q(paper=None)),
            ),
        ]
        indexes = [models.Index(name="report_by_zone", fields=["zone", "-id"])]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title


class ReportVersion(AppendOnly):
    """报告稿: the words of a report as somebody left them; the newest counts."""

    report = models.ForeignKey(WorkReport, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("第几稿")
    sections = models.JSONField("各部分")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [models.UniqueConstraint(name="report_version_once", fields=["report", "number"])]
        ordering = ("report", "number")
