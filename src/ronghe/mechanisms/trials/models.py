"""Trials: the tables they rest on, what was asked of them, and what came out row by row."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet

from .evaluation import Change


class FactTable(AppendOnly):
    """事实表: a table as it was read, kept so that every trial on it can be done again; its rows are in chunks."""

    rule = models.CharField("规则代码", max_length=60)
    file_name = models.CharField("文件名", max_length=120)
    file_digest = models.CharField("文件摘要 SHA-256", max_length=64)
    rows_digest = models.CharField("数据摘要 SHA-256", max_length=64)
    columns = ArrayField(models.CharField(max_length=60), verbose_name="事实")
    notes = ArrayField(models.CharField(max_length=400), default=list, verbose_name="备注列")
    row_count = models.PositiveIntegerField("行数")
    is_demo = models.BooleanField("演示数据", default=False)
    loaded_at = models.DateTimeField("载入时间")

    class Meta:
        constraints = [models.CheckConstraint(name="fact_table_has_rows", condition=Q(row_count__gt=0))]


class TableChunk(AppendOnly):
    """事实表分段: some thousand rows of a table, compressed, in the order of the file."""

    table = models.ForeignKey(FactTable, models.PROTECT, related_name="chunks")
    first_line = models.PositiveIntegerField("首行")
    row_count = models.PositiveIntegerField("行数")
    content = models.BinaryField("内容")

    class Meta:
        constraints = [models.UniqueConstraint(name="table_chunk_once", fields=["table", "first_line"])]
        ordering = ("table", "first_line")


class TrialQuerySet(ScopedQuerySet["Trial"]):
    """Trials are for the staff of the zone's seat and above."""

    scope = "zone__seat_id"


class Trial(models.Model):
    """试算: one rule over one table, with the values in force and perhaps with others beside them."""

    class State(models.TextChoices):
        DRAFT = "draft", "尚未开始"
        QUEUED = "queued", "排队中"
        RUNNING = "running", "计算中"
        DONE = "done", "已完成"
        CANCELLED = "cancelled", "已取消"
        FAILED = "failed", "已中断"

    OVER = (State.DONE, State.CANCELLED, State.FAILED)

    zone = models.ForeignKey("policy.Zone", models.PROTECT, related_name="+", verbose_name="试验区")
    rule = models.CharField("规则代码", max_length=60)
    title = models.CharField("规则", max_length=80)
    on = models.DateField("依据日")
    subject = models.CharField("事由", max_length=120, default="")
    table = models.ForeignKey(FactTable, models.PROTECT, related_name="trials", verbose_name="事实表")
    given_a = models.JSONField("参数 A：现行值")
    given_b = models.JSONField("参数 B：试算值", null=True)
    changed = ArrayField(models.CharField(max_length=80), default=list, verbose_name="改动的参数")
    state = models.CharField("状态", max_length=9, choices=State, default=State.DRAFT)
    row_count = models.PositiveIntegerField("行数")
    done_count = models.PositiveIntegerField("已算行数", default=0)
    summary = models.JSONField("汇总", null=True)
    failure = models.CharField("中断原因", max_length=400, default="")
    actor_user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("建立时间")
    started_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="trial_state_is_known",
                condition=Q(state__in=("draft", "queued", "running", "done", "cancelled", "failed")),
            ),
            models.CheckConstraint(name="trial_progress_within_rows", condition=Q(done_count__lte=F("row_count"))),
            models.CheckConstraint(
                name="trial_done_has_every_row", condition=~Q(state="done") | Q(done_count=F("row_count"))
            ),
            models.CheckConstraint(
                name="trial_over_has_its_end",
                condition=Q(state__in=("done", "cancelled", "failed"), ended_at__isnull=False)
                | Q(state__in=("draft", "queued", "running"), ended_at=None),
            ),
            models.CheckConstraint(
                name="trial_failed_says_why",
                condition=(Q(state="failed") & ~Q(failure="")) | (~Q(state="failed") & Q(failure="")),
            ),
            models.CheckConstraint(
                name="trial_second_set_has_changes",
                condition=Q(changed=[], given_b=None) | (~Q(changed=[]) & Q(given_b__isnull=False)),
            ),
        ]
        indexes = [models.Index(name="trial_by_zone", fields=["zone", "-id"])]
        ordering = ("-pk",)

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def is_compared(self) -> bool:
        """Whether there is a second set of parameters."""
        return self.given_b is not None

    @property
    def left_count(self) -> int:
        return self.row_count - self.done_count

    @property
    def percent(self) -> int:
        return 100 * self.done_count // self.row_count


class TrialRowQuerySet(ScopedQuerySet["TrialRow"]):
    """Rows are seen with their trial."""

    scope = "trial__zone__seat_id"


class TrialRow(AppendOnly):
    """试算结果行: what the rule said of one line of the table; its reasons are derived again on demand."""

    trial = models.ForeignKey(Trial, models.PROTECT, related_name="rows", db_index=False)
    line = models.PositiveIntegerField("行号")
    name = models.CharField("名称", max_length=120, default="")
    verdict_a = models.CharField("现行", max_length=11)
    verdict_b = models.CharField("试算", max_length=11, default="")
    change = models.CharField("变化", max_length=6, default="", choices=[(c.value, c.value) for c in Change])
    value_a = models.TextField("现行结果", default="")
    value_b = models.TextField("试算结果", default="")
    # For sorting and charts alone: the exact figure stands in its written form beside it.
    number_a = models.FloatField("现行数值", null=True)
    number_b = models.FloatField("试算数值", null=True)

    objects = TrialRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="trial_row_once", fields=["trial", "line"]),
            models.CheckConstraint(
                name="trial_row_change_has_two_sides",
                condition=Q(verdict_b="", change="") | (~Q(verdict_b="") & ~Q(change="")),
            ),
        ]
        indexes = [models.Index(name="trial_row_by_change", fields=["trial", "change", "line"])]
        ordering = ("trial", "line")
