"""Cases, every decision on them, what was attached, what was told to the public and who objected."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet


class ProcedureEdge(AppendOnly):
    """程序流转关系: a move that some version of a procedure allows. The database lets no case make another."""

    procedure = models.CharField("程序", max_length=60)
    version = models.CharField("版本", max_length=12)
    from_step = models.CharField("自环节", max_length=40)
    action = models.CharField("处理", max_length=40)
    to_step = models.CharField("至环节", max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="procedure_edge_once", fields=["procedure", "version", "from_step", "action", "to_step"]
            )
        ]


class CaseQuerySet(ScopedQuerySet["Case"]):
    """Staff see the cases of their division and below; whoever acts for a party, its own."""

    scope = "division_id"

    def visible_to(self, actor: Actor) -> "CaseQuerySet":
        if actor.on_behalf_of_id is not None:
            return self.filter(applicant_id=actor.on_behalf_of_id)
        if actor.role not in (SYSTEM_ROLE, "zone_office", "department", "town_window", "leader"):
            return self.none()
        return super().visible_to(actor)


class Case(models.Model):
    """办件: one matter on its way through a procedure.

    ``step`` and ``state`` move only together with a :class:`Decision` that the procedure allows (trigger); ``moves``
    counts them, so that whoever acts says which state of the case was seen. A closed case never changes again.
    """

    class State(models.TextChoices):
        OPEN = "open", "办理中"
        PAUSED = "paused", "中止"
        DONE = "done", "办结"
        REFUSED = "refused", "不予通过"
        WITHDRAWN = "withdrawn", "已撤回"

    OVER = (State.DONE, State.REFUSED, State.WITHDRAWN)

    number = models.CharField("办件编号", max_length=60)
    procedure = models.CharField("程序", max_length=60)
    title = models.CharField("事项", max_length=160)
    zone = models.ForeignKey("policy.Zone", models.PROTECT, null=True, related_name="+", verbose_name="试验区")
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    applicant = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+", verbose_name="申请人")
    subject_type = models.CharField("对象类型", max_length=80, default="")
    subject_id = models.CharField("对象编号", max_length=64, default="")
    facts = models.JSONField("申请内容", default=dict)
    opened_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="提出人")
    opened_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=9, choices=State, default=State.OPEN)
    step = models.CharField("环节", max_length=40)
    moves = models.PositiveIntegerField("流转次数", default=0)
    roles = ArrayField(models.CharField(max_length=24), default=list, verbose_name="可办理岗位")
    org_unit = models.ForeignKey(
        "regions.OrgUnit", models.PROTECT, null=True, related_name="+", verbose_name="承办单位"
    )
    holder = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="承办人")
    step_since = models.DateTimeField("环节开始时间")
    due_from = models.DateField("期限起算日", null=True)
    due_length = models.PositiveSmallIntegerField("期限长度", null=True)
    due_unit = models.CharField("期限单位", max_length=3, default="")
    due = models.DateField("办理期限", null=True)
    due_is_provisional = models.BooleanField("期限待定", default=False)
    paused_on = models.DateField("中止日", null=True)
    reminded = models.CharField("已提醒", max_length=8, default="")
    closed_at = models.DateTimeField("办结时间", null=True)
    grams = ArrayField(models.CharField(max_length=2), default=list, verbose_name="检索字对")

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="case_number_once", fields=["number"]),
            models.CheckConstraint(
                name="case_state_is_known", condition=Q(state__in=("open", "paused", "done", "refused", "withdrawn"))
            ),
            models.CheckConstraint(
                name="case_over_has_its_end",
                condition=Q(state__in=("done", "refused", "withdrawn"), closed_at__isnull=False, step=F("state"))
                | (Q(state__in=("open", "paused"), closed_at=None) & ~Q(step__in=("done", "refused", "withdrawn"))),
            ),
            models.CheckConstraint(
                name="case_paused_has_its_day",
                condition=Q(state="paused", paused_on__isnull=False) | (~Q(state="paused") & Q(paused_on=None)),
            ),
            models.CheckConstraint(
                name="case_deadline_is_whole",
                condition=Q(due_from=None, due_length=None, due=None)
                | Q(due_from__isnull=False, due_length__isnull=False, due__isnull=False),
            ),
        ]
        indexes = [
            # The workbench: what is open, by place and deadline.
            models.Index(
                name="case_open_by_division",
                fields=["division", "due", "id"],
                condition=Q(state__in=("open", "paused")),
            ),
            models.Index(name="case_open_by_due", fields=["due", "id"], condition=Q(state="open")),
            models.Index(name="case_by_division", fields=["division", "-id"]),
            models.Index(name="case_by_applicant", fields=["applicant", "-id"]),
            models.Index(name="case_by_holder", fields=["holder", "-id"], condition=Q(holder__isnull=False)),
            models.Index(name="case_by_opener", fields=["opened_by", "-id"]),
            models.Index(name="case_by_subject", fields=["subject_type", "subject_id"]),
            GinIndex(name="case_by_grams", fields=["grams"]),
            models.Index(name="case_by_procedure", fields=["procedure", "-id"]),
        ]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER


class Decision(AppendOnly):
    """处理决定: one move of a case: who took it in what post, when, why, and on what ruling it rests."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions", verbose_name="办件")
    number = models.PositiveIntegerField("第几次")
    procedure = models.CharField("程序", max_length=60)
    version = models.CharField("程序版本", max_length=12)
    from_step = models.CharField("自环节", max_length=40)
    action = models.CharField("处理", max_length=40)
    to_step = models.CharField("至环节", max_length=40)
    label = models.CharField("处理名称", max_length=40)
    outcome = models.CharField("结果", max_length=8)
    reason = models.TextField("理由", default="")
    mend = ArrayField(models.CharField(max_length=40), default=list, verbose_name="须补正的材料")
    ruling = models.JSONField("依据", null=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="处理人")
    role = models.CharField("岗位", max_length=24)
    org_unit = models.ForeignKey("regions.OrgUnit", models.PROTECT, null=True, related_name="+", verbose_name="单位")
    at = models.DateTimeField("时间")

    class Meta:
        constraints = [models.UniqueConstraint(name="decision_number_once", fields=["case", "number"])]
        indexes = [models.Index(name="decision_by_user", fields=["user", "-at", "-id"])]
        ordering = ("case", "number")


class Material(models.Model):
    """材料: one file attached to a case. One that is taken back no longer counts and stays in the record."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="materials", verbose_name="办件")
    step = models.CharField("环节", max_length=40)
    key = models.CharField("材料", max_length=40)
    title = models.CharField("材料名称", max_length=80)
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="文件")
    file_name = models.CharField("文件名", max_length=120)
    added_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="提交人")
    added_at = models.DateTimeField("提交时间")
    removed_at = models.DateTimeField("撤换时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="material_file_once", fields=["case", "key", "blob"], condition=Q(removed_at=None)
            )
        ]
        ordering = ("case", "pk")


class Handover(AppendOnly):
    """移交: a case passes from one holder to another, or back into the pool of its unit."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="handovers", verbose_name="办件")
    from_user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="移交人")
    to_user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="接办人")
    reason = models.CharField("原因", max_length=200, default="")
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ("case", "pk")


class NoticeQuerySet(ScopedQuerySet["Notice"]):
    """What was told to the public, everybody may read."""

    scope = "case__division_id"
    public = Q()


class Notice(models.Model):
    """公示: what a case tells the public and until which day; whoever disagrees may object until then."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notices", verbose_name="办件")
    step = models.CharField("环节", max_length=40)
    title = models.CharField("标题", max_length=160)
    text = models.TextField("内容")
    first_day = models.DateField("公示开始日")
    #: From which day, how long and in which unit it is counted: after a pause, what was left.
    counted_from = models.DateField("期限起算日")
    length = models.PositiveSmallIntegerField("期限长度")
    unit = models.CharField("期限单位", max_length=3)
    last_day = models.DateField("公示截止日")
    is_provisional = models.BooleanField("截止日待定", default=False)
    ended_at = models.DateTimeField("结束时间", null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="notice_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))),
            models.UniqueConstraint(name="notice_one_open_per_case", fields=["case"], condition=Q(ended_at=None)),
        ]
        indexes = [models.Index(name="notice_by_last_day", fields=["-last_day", "-id"])]
        ordering = ("-last_day", "-pk")


class Objection(models.Model):
    """异议: somebody disagrees with what a notice says; the case waits until it is answered."""

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        UPHELD = "upheld", "成立"
        DISMISSED = "dismissed", "不成立"

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections", verbose_name="公示")
    name = models.CharField("异议人", max_length=60)
    #: Telephone or address, sealed: only whoever works on the case reads it.
    contact = models.BinaryField("联系方式（加密）")
    text = models.TextField("异议内容")
    by_user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="登录用户")
    at = models.DateTimeField("提出时间")
    state = models.CharField("处理结果", max_length=9, choices=State, default=State.OPEN)
    answer = models.TextField("处理说明", default="")
    answered_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="处理人")
    answered_at = models.DateTimeField("处理时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="objection_answer_is_whole",
                condition=Q(state="open", answer="", answered_at=None)
                | (~Q(state="open") & ~Q(answer="") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(name="objection_says_something", condition=~Q(text="") & ~Q(name="")),
        ]
        ordering = ("notice", "pk")


class Archive(AppendOnly):
    """归档包: the whole file of a closed case in one package, with the hash of each part."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="archives", verbose_name="办件")
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="文件")
    made_at = models.DateTimeField("生成时间")

    class Meta:
        constraints = [models.UniqueConstraint(name="archive_once", fields=["case", "blob"])]
