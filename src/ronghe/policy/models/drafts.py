"""Plans on their way to become zones: the file, what was read in it, and every correction by a person."""

from django.db import models
from django.db.models import Q

from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet


class PlanDraftQuerySet(ScopedQuerySet["PlanDraft"]):
    """Drafts are seen by the staff of the division that took the plan in, and above."""

    scope = "division_id"

    def visible_to(self, actor: Actor) -> "PlanDraftQuerySet":
        if actor.role not in (SYSTEM_ROLE, "zone_office", "leader"):
            return self.none()
        return super().visible_to(actor)


class PlanDraft(models.Model):
    """方案草稿: a plan as it was taken in and read. The reading stays as it is; a person's corrections stand beside it."""

    class State(models.TextChoices):
        READING = "reading", "阅读中"
        UNREADABLE = "unreadable", "读不了"
        CHECKING = "checking", "校核中"
        CONFIRMED = "confirmed", "已确认"
        ABANDONED = "abandoned", "已放弃"

    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="文件")
    file_name = models.CharField("文件名", max_length=120)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    state = models.CharField("状态", max_length=10, choices=State, default=State.READING)
    text = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="文字")
    reading = models.JSONField("解读结果", null=True)
    suggested = models.JSONField("建议", default=dict)
    notes = models.JSONField("提示", default=list)
    failure = models.TextField("读不了的原因", default="")
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+", verbose_name="后台任务")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="提交人")
    made_at = models.DateTimeField("提交时间")
    change_count = models.PositiveIntegerField("改动数", default=0)
    zone = models.ForeignKey("policy.Zone", models.PROTECT, null=True, related_name="drafts", verbose_name="试验区")
    pack = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="数据包")
    confirmed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True)

    objects = PlanDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="plan_draft_state_is_known",
                condition=Q(state__in=("reading", "unreadable", "checking", "confirmed", "abandoned")),
            ),
            models.CheckConstraint(
                name="plan_draft_checked_was_read",
                condition=~Q(state__in=("checking", "confirmed")) | Q(reading__isnull=False, text__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_draft_confirmed_has_its_zone",
                condition=Q(state="confirmed", zone__isnull=False, pack__isnull=False, confirmed_at__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_at=None)),
            ),
            models.CheckConstraint(
                name="plan_draft_unreadable_says_why",
                condition=(Q(state="unreadable") & ~Q(failure="")) | (~Q(state="unreadable") & Q(failure="")),
            ),
        ]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"方案草稿 {self.pk}"


class DraftChange(AppendOnly):
    """草稿改动: one correction of one fact of a draft, or the undoing of one. Nothing is overwritten."""

    draft = models.ForeignKey(PlanDraft, models.PROTECT, related_name="changes", verbose_name="草稿")
    number = models.PositiveIntegerField("第几次")
    target = models.CharField("对象", max_length=8)
    key = models.CharField("标识", max_length=120)
    field = models.CharField("字段", max_length=20)
    value = models.JSONField("新值", null=True)
    before = models.JSONField("原值", null=True)
    reason = models.CharField("理由", max_length=200, default="")
    undoes = models.PositiveIntegerField("撤销第几次", null=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="改动人")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="draft_change_once", fields=["draft", "number"]),
            models.UniqueConstraint(name="draft_change_undone_once", fields=["draft", "undoes"]),
            models.CheckConstraint(
                name="draft_change_target_is_known",
                condition=Q(target__in=("head", "task", "unit", "area", "doubt", "zone", "match", "undo")),
            ),
            models.CheckConstraint(
                name="draft_change_undoes_an_earlier",
                condition=Q(undoes=None) | Q(undoes__lt=models.F("number"), target="undo"),
            ),
        ]
        ordering = ("draft", "number")
