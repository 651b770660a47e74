"""联席会议: what is stuck comes before a meeting; what the meeting decides becomes a task."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.scope import ScopedQuerySet


class MeetingQuerySet(ScopedQuerySet["Meeting"]):
    """The staff of the place; once they were notified, the units whose tasks come before it or to whom it gave one."""

    scope = "division_id"

    def _within(self, actor: Actor) -> Q | None:
        seen = super()._within(actor)
        if actor.org_unit_id is None:
            return seen
        of = Q(unit=actor.org_unit_id) | Q(task__units__unit=actor.org_unit_id, task__units__ended_at=None)
        concerned = AgendaItem.objects.filter(of, meeting=OuterRef("pk"))
        told = Q(Exists(concerned)) & ~Q(state=Meeting.State.CALLED)
        return told if seen is None else seen | told


class Meeting(models.Model):
    """联席会议: called by the zone's office, with an agenda of matters that nobody can settle alone; minutes, no seal."""

    class State(models.TextChoices):
        CALLED = "called", "筹备中"
        NOTIFIED = "notified", "已通知"
        HELD = "held", "已召开"
        MINUTED = "minuted", "纪要已印发"
        CANCELLED = "cancelled", "已取消"

    zone = models.ForeignKey("policy.Zone", models.PROTECT, related_name="+", verbose_name="试验区")
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    number = models.PositiveSmallIntegerField("第几次")
    title = models.CharField("会议名称", max_length=120)
    convener = models.CharField("召集人", max_length=80)
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=120, default="")
    attendance = models.TextField("参加单位和人员", default="")
    opening = models.TextField("会议概况", default="")
    state = models.CharField("状态", max_length=9, choices=State, default=State.CALLED)
    paper = models.OneToOneField("papers.Paper", models.PROTECT, null=True, related_name="+", verbose_name="纪要")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("建立时间")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="meeting_number_once", fields=["zone", "number"]),
            models.CheckConstraint(
                name="meeting_minuted_has_its_paper",
                condition=Q(state="minuted", paper__isnull=False) | (~Q(state="minuted") & Q(paper=None)),
            ),
        ]
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return self.title


class AgendaItem(models.Model):
    """议题: a matter before a meeting, and what was decided: by whom, until when, and the task that it became."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField("顺序")
    task = models.ForeignKey("governance.Task", models.PROTECT, null=True, related_name="+", verbose_name="相关任务")
    matter = models.CharField("议题", max_length=200)
    situation = models.TextField("情况和问题", default="")
    decision = models.TextField("议定事项", default="")
    unit = models.ForeignKey("regions.OrgUnit", models.PROTECT, null=True, related_name="+", verbose_name="落实单位")
    due = models.DateField("完成期限", null=True)
    made = models.OneToOneField(
        "governance.Task", models.PROTECT, null=True, related_name="decided_by", verbose_name="形成的任务"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="agenda_order_once", fields=["meeting", "order"]),
            models.UniqueConstraint(
                name="agenda_task_once", fields=["meeting", "task"], condition=Q(task__isnull=False)
            ),
            models.CheckConstraint(
                name="agenda_task_comes_of_a_decision",
                condition=Q(made=None) | (~Q(decision="") & Q(unit__isnull=False, due__isnull=False)),
            ),
        ]
        ordering = ("meeting", "order")
