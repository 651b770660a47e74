"""Long work with its progress."""

from django.db import models
from django.db.models import F, Q

from ronghe.kernel.actors import SYSTEM_ROLE, Actor


class JobQuerySet(models.QuerySet["Job"]):
    """Whoever asked for a job sees it; what it made is seen by the rules of the room that made it."""

    def visible_to(self, actor: Actor) -> "JobQuerySet":
        if actor.role == SYSTEM_ROLE:
            return self.all()
        return self.none() if actor.user_id is None else self.filter(user_id=actor.user_id)


class Job(models.Model):
    """长任务: one piece of long work, asked for by somebody, done by a worker."""

    class State(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "没有完成"
        CANCELLED = "cancelled", "已取消"

    OVER = (State.DONE, State.FAILED, State.CANCELLED)

    kind = models.CharField("种类", max_length=60)
    title = models.CharField("标题", max_length=120)
    args = models.JSONField("参数", default=dict)
    href = models.CharField("结果地址", max_length=200, default="")
    state = models.CharField("状态", max_length=9, choices=State, default=State.QUEUED)
    done_count = models.PositiveIntegerField("已完成", default=0)
    total_count = models.PositiveIntegerField("总数", null=True)
    note = models.CharField("进展", max_length=120, default="")
    result = models.JSONField("结果", null=True)
    failure_code = models.CharField("失败代码", max_length=80, default="")
    failure = models.TextField("失败原因", default="")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    division = models.ForeignKey("regions.Division", models.PROTECT, null=True, related_name="+", verbose_name="区划")
    made_at = models.DateTimeField("提出时间")
    started_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="job_state_is_known", condition=Q(state__in=("queued", "running", "done", "failed", "cancelled"))
            ),
            models.CheckConstraint(
                name="job_over_has_its_end",
                condition=Q(state__in=("done", "failed", "cancelled"), ended_at__isnull=False)
                | Q(state__in=("queued", "running"), ended_at=None),
            ),
            models.CheckConstraint(
                name="job_failed_says_why",
                condition=(Q(state="failed") & ~Q(failure="")) | (~Q(state="failed") & Q(failure="")),
            ),
            models.CheckConstraint(
                name="job_progress_within_total", condition=Q(total_count=None) | Q(done_count__lte=F("total_count"))
            ),
            models.CheckConstraint(name="job_leads_inside", condition=Q(href="") | Q(href__regex=r"^/([^/]|$)")),
        ]
        indexes = [
            models.Index(name="job_by_user", fields=["user", "-id"]),
            models.Index(name="job_running", fields=["id"], condition=Q(state="running")),
        ]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def percent(self) -> int | None:
        """How much is done, where the whole is known."""
        return 100 * self.done_count // self.total_count if self.total_count else None
