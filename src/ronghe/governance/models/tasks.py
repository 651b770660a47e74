"""任务台账: what became of each ordered task: who took it over, how far it is, what was asked, chased, closed.

``policy`` owns what a document orders; a row here is that order at work. What follows from acts is append-only (moves,
reports, extensions); the columns of :class:`Task` that repeat their outcome are kept by the services and held by triggers.
"""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.models import DivisionClosure
from ronghe.kernel.regions.scope import ScopedQuerySet
from ronghe.policy.models import Duty, Room

from ..rules.ledger import EDGES, State

STATES = [(state.value, state.title) for state in State]


class LedgerTaskQuerySet(ScopedQuerySet["Task"]):
    """Staff of the place and above see its tasks; a unit, and whoever is set over it, sees what the unit was given."""

    scope = "division_id"

    def _within(self, actor: Actor) -> Q | None:
        seen = super()._within(actor)
        if actor.org_unit_id is None or actor.division is None:
            return seen
        below = DivisionClosure.objects.filter(ancestor_id=actor.division).values("descendant_id")
        units = Q(unit=actor.org_unit_id) | Q(unit__division__in=below)
        given = Assignment.objects.filter(units, task=OuterRef("pk"), ended_at=None)
        own = Q(Exists(given)) & ~Q(state=State.LISTED)
        return own if seen is None else seen | own


class Task(models.Model):
    """任务 (台账): one matter that units were made answerable for: of the plan, part of another, or decided in a meeting."""

    zone = models.ForeignKey("policy.Zone", models.PROTECT, related_name="+", verbose_name="试验区")
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="主管区划")
    #: Empty where a revision has dropped what was ordered, and for tasks that no clause orders.
    ordered = models.OneToOneField(
        "policy.OrderedTask", models.SET_NULL, null=True, related_name="+", verbose_name="文件所定任务"
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts", verbose_name="上级任务")
    label = models.CharField("条款", max_length=60, default="")
    chapter = models.CharField("章", max_length=12, default="")
    order = models.PositiveIntegerField("顺序")
    title = models.CharField("任务", max_length=200)
    topic = models.ForeignKey("policy.Topic", models.PROTECT, null=True, related_name="+", verbose_name="试验任务领域")
    room = models.CharField("业务领域", max_length=3, choices=Room)
    state = models.CharField("状态", max_length=8, choices=STATES, default="listed")
    moves = models.PositiveIntegerField("流转次数", default=0)
    percent = models.PositiveSmallIntegerField("进度", default=0)
    #: The first day of work, from which the share of elapsed time counts; and the last, with what it was at first.
    issued_on = models.DateField("交办日", null=True)
    first_due = models.DateField("原定期限", null=True)
    due = models.DateField("完成期限", null=True)
    #: Whether the office has set the deadline, because the document gives none or one that has passed.
    due_is_set = models.BooleanField("期限由专班核定", default=False)
    applied_on = models.DateField("申请办结日", null=True)
    closed_on = models.DateField("销号日", null=True)
    reported_on = models.DateField("最近上报", null=True)
    needs_help = models.BooleanField("需要协调", default=False)
    reminded = models.CharField("已提醒", max_length=16, default="")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = LedgerTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="ledger_task_order_once", fields=["zone", "order"]),
            models.CheckConstraint(name="ledger_task_percent_is_one", condition=Q(percent__lte=100)),
            models.CheckConstraint(name="ledger_task_is_not_its_own_part", condition=~Q(pk=F("parent"))),
            models.CheckConstraint(
                name="ledger_task_state_is_known", condition=Q(state__in=[state.value for state in State])
            ),
            models.CheckConstraint(
                name="ledger_task_closed_has_its_day",
                condition=Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on=None)),
            ),
            models.CheckConstraint(
                name="ledger_task_issued_has_its_day",
                condition=Q(state__in=("listed", "stopped")) | Q(issued_on__isnull=False),
            ),
            models.CheckConstraint(
                name="ledger_task_extended_only_later",
                condition=Q(first_due=None) | Q(due__gte=F("first_due")) | Q(state="listed"),
            ),
        ]
        indexes = [
            models.Index(name="ledger_by_zone_due", fields=["zone", "due", "id"]),
            models.Index(name="ledger_by_zone_state", fields=["zone", "state", "order", "id"]),
            models.Index(name="ledger_by_division", fields=["division", "state"]),
        ]
        ordering = ("zone", "order")

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state not in (State.CLOSED, State.STOPPED)


class TaskMove(AppendOnly):
    """任务流转: one change of state, with who, why and the case behind it. A task moves only together with its row here."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="history", verbose_name="任务")
    number = models.PositiveIntegerField("第几次")
    from_state = models.CharField("自状态", max_length=8, choices=STATES)
    to_state = models.CharField("至状态", max_length=8, choices=STATES)
    reason = models.CharField("说明", max_length=400, default="")
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+", verbose_name="办件")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    role = models.CharField("岗位", max_length=24)
    org_unit = models.ForeignKey("regions.OrgUnit", models.PROTECT, null=True, related_name="+", verbose_name="单位")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="task_move_number_once", fields=["task", "number"]),
            models.CheckConstraint(
                name="task_move_is_allowed",
                condition=Q(
                    *(
                        Q(from_state=source.value, to_state__in=[to.value for to in ends])
                        for source, ends in EDGES.items()
                    ),
                    _connector=Q.OR,
                ),
            ),
        ]
        ordering = ("task", "number")


class Assignment(models.Model):
    """任务单位: one unit's duty in a task, and that it has taken it over (签收)."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="units")
    unit = models.ForeignKey("regions.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    duty = models.CharField("职责", max_length=12, choices=Duty)
    order = models.PositiveSmallIntegerField("顺序")
    written = models.CharField("原文写法", max_length=80)
    signed_at = models.DateTimeField("签收时间", null=True)
    signed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="签收人")
    percent = models.PositiveSmallIntegerField("本单位进度", null=True)
    ended_at = models.DateTimeField("调整移出", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="assignment_once", fields=["task", "unit", "duty"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(name="assignment_percent_is_one", condition=Q(percent=None) | Q(percent__lte=100)),
        ]
        indexes = [models.Index(name="assignment_by_unit", fields=["unit", "task"], condition=Q(ended_at=None))]
        ordering = ("task", "order")


class TaskPlace(models.Model):
    """任务区域: a division in which a task is to be done; a task without one is done in the whole zone."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="places")
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    written = models.CharField("原文写法", max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(name="task_place_once", fields=["task", "division"])]
        indexes = [models.Index(name="task_place_by_division", fields=["division", "task"])]


class Node(models.Model):
    """节点: one dated goal on the way (里程碑), and the day on which a report said that it was reached."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="nodes")
    order = models.PositiveSmallIntegerField("顺序")
    due = models.DateField("计划日期")
    text = models.CharField("目标", max_length=200)
    reached_on = models.DateField("实际完成", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="task_node_order_once", fields=["task", "order"])]
        indexes = [models.Index(name="task_node_by_due", fields=["due", "task"])]
        ordering = ("task", "order")


class ProgressReport(AppendOnly):
    """进展上报: what a unit has done by a day, what is in the way, what shows it."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="reports", verbose_name="任务")
    unit = models.ForeignKey("regions.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    on = models.DateField("截至日期")
    percent = models.PositiveSmallIntegerField("完成进度")
    text = models.TextField("进展")
    trouble = models.TextField("存在问题", default="")
    needs_help = models.BooleanField("需要协调", default=False)
    is_stage_result = models.BooleanField("取得阶段成效", default=False)
    #: What counted for the whole task after this report.
    total = models.PositiveSmallIntegerField("任务总进度")
    node = models.ForeignKey(Node, models.PROTECT, null=True, related_name="+", verbose_name="完成的节点")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="上报人")
    at = models.DateTimeField("上报时间")

    class Meta:
        constraints = [
            models.CheckConstraint(name="progress_percent_is_one", condition=Q(percent__lte=100) & Q(total__lte=100)),
            models.CheckConstraint(name="progress_says_something", condition=~Q(text="")),
        ]
        indexes = [
            models.Index(name="progress_by_task", fields=["task", "-id"]),
            models.Index(name="progress_by_time", fields=["at", "task"]),
        ]
        ordering = ("-id",)


class Evidence(AppendOnly):
    """佐证: a file that belongs to a progress report."""

    report = models.ForeignKey(ProgressReport, models.PROTECT, related_name="files")
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="文件")
    name = models.CharField("文件名", max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(name="evidence_once", fields=["report", "blob"])]


class Extension(AppendOnly):
    """延期: a later deadline that was asked for before the earlier one had passed, and granted."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="extensions")
    case = models.OneToOneField("casework.Case", models.PROTECT, related_name="+", verbose_name="办件")
    before = models.DateField("原期限")
    after = models.DateField("新期限")
    asked_on = models.DateField("申请日")
    at = models.DateTimeField("批准时间")

    class Meta:
        constraints = [
            models.CheckConstraint(name="extension_leads_on", condition=Q(after__gt=F("before"))),
            models.CheckConstraint(name="extension_asked_in_time", condition=Q(asked_on__lte=F("before"))),
        ]


class SheetQuerySet(ScopedQuerySet["Sheet"]):
    """The staff of the place; the unit that must answer."""

    scope = "task__division_id"

    def _within(self, actor: Actor) -> Q | None:
        seen = super()._within(actor)
        if actor.org_unit_id is None:
            return seen
        own = Q(unit_id=actor.org_unit_id)
        return own if seen is None else seen | own


class Sheet(models.Model):
    """督办单: one matter, one sheet: what is wrong, what is asked, until when; answered by the unit, closed by the office."""

    class State(models.TextChoices):
        OPEN = "open", "待回复"
        ANSWERED = "answered", "已回复"
        CLOSED = "closed", "已办结"
        FOLLOWED = "followed", "已升级"

    task = models.ForeignKey(Task, models.PROTECT, related_name="sheets", verbose_name="任务")
    unit = models.ForeignKey("regions.OrgUnit", models.PROTECT, related_name="+", verbose_name="被督办单位")
    rank = models.PositiveSmallIntegerField("级别")
    colour = models.CharField("颜色", max_length=4)
    matter = models.CharField("事由", max_length=400)
    demand = models.TextField("要求")
    reply_by = models.DateField("回复期限")
    follows = models.OneToOneField("self", models.PROTECT, null=True, related_name="followed_by", verbose_name="承接")
    paper = models.OneToOneField("papers.Paper", models.PROTECT, null=True, related_name="+", verbose_name="文书")
    state = models.CharField("状态", max_length=8, choices=State, default=State.OPEN)
    answer = models.TextField("回复", default="")
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("回复时间", null=True)
    outcome = models.CharField("办结意见", max_length=400, default="")
    issued_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField("签发时间")
    ended_at = models.DateTimeField("办结时间", null=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints = [
            # 一事一单: while one is running, the same task and unit get no second.
            models.UniqueConstraint(
                name="sheet_one_matter_one_sheet", fields=["task", "unit"], condition=Q(state__in=("open", "answered"))
            ),
            models.CheckConstraint(name="sheet_rank_is_known", condition=Q(rank__gte=1, rank__lte=3)),
            models.CheckConstraint(
                name="sheet_answered_has_its_answer",
                condition=~Q(state="answered") | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(name="sheet_by_state", fields=["state", "reply_by"])]
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.colour}色督办单：{self.task_id}"
