"""Filings of what a household keeps in the village when it moves to town (转移备案)."""

from django.db import models
from django.db.models import Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.db import AppendOnly
from ronghe.kernel.parties.queries import same_parties
from ronghe.kernel.regions.scope import ScopedQuerySet

from .scope import of_ones_household


class KeptRightsQuerySet(ScopedQuerySet["KeptRightsFiling"]):
    """Filings by the village; a household sees its own, and so does each of its people, and whose membership is kept."""

    scope = "division_id"

    def visible_to(self, actor: Actor) -> "KeptRightsQuerySet":
        if actor.on_behalf_of_id is not None:
            home, own = of_ones_household(actor.on_behalf_of_id), same_parties([actor.on_behalf_of_id])
            return self.filter(Q(household__in=home) | Q(items__member__person__in=own)).distinct()
        return super().visible_to(actor)


class KeptRightsFiling(models.Model):
    """转移备案: what a household held in the village on the day on which it moved its registration to town.

    While it stands, no one but the household ends or takes what it lists. Only its paper, its renewal and its end are
    written later (trigger); a household has one at a time. Source: 青岛 四(一)1; 济南 三(一)2.
    """

    class End(models.TextChoices):
        EXIT = "exit", "已自愿退出全部权益"
        RETURN = "return", "户籍迁回本村"
        VOID = "void", "备案有误，作废"

    household = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="农户")
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="村")
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+", verbose_name="办件")
    moved_on = models.DateField("户籍迁移日期")
    moved_to = models.CharField("迁入地", max_length=120)
    filed_on = models.DateField("备案日期")
    filed_at = models.DateTimeField("备案时间")
    paper = models.ForeignKey("papers.Paper", models.PROTECT, null=True, related_name="+", verbose_name="备案证")
    renewed_on = models.DateField("续办日期", null=True)
    ended_on = models.DateField("终止日期", null=True)
    ended_at = models.DateTimeField("终止时间", null=True)
    ended_by = models.CharField("终止原因", max_length=6, choices=End, default="")

    objects = KeptRightsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="filing_one_per_household", fields=["household"], condition=Q(ended_on=None)),
            models.CheckConstraint(
                name="filing_end_is_whole",
                condition=Q(ended_on=None, ended_at=None, ended_by="")
                | Q(ended_on__isnull=False, ended_at__isnull=False, ended_by__in=("exit", "return", "void")),
            ),
            models.CheckConstraint(name="filing_says_where_to", condition=~Q(moved_to="")),
        ]
        indexes = [models.Index(name="filing_by_division", fields=["division", "-id"])]
        ordering = ("-pk",)


class KeptRight(AppendOnly):
    """备案权益: one right, one membership, or one share in the income, as it stood on the day of the move.

    ``right`` with its ``restriction``, or ``member``, or ``income``. The words are kept as they were, whatever becomes of the right.
    """

    filing = models.ForeignKey(KeptRightsFiling, models.PROTECT, related_name="items", verbose_name="备案")
    right = models.ForeignKey("registry.RRR", models.PROTECT, null=True, related_name="+", verbose_name="权利")
    restriction = models.ForeignKey("registry.RRR", models.PROTECT, null=True, related_name="+", verbose_name="限制")
    member = models.ForeignKey(
        "registry.CollectiveMember", models.PROTECT, null=True, related_name="+", verbose_name="成员身份"
    )
    income = models.ForeignKey(
        "registry.IncomeRight", models.PROTECT, null=True, related_name="+", verbose_name="集体收益分配权"
    )
    title = models.CharField("权益", max_length=60)
    holder = models.CharField("权利人", max_length=120)
    unit_code = models.CharField("不动产单元代码", max_length=28, default="")
    location = models.CharField("坐落", max_length=200, default="")
    area_m2 = models.DecimalField("登记面积（平方米）", max_digits=16, decimal_places=2, null=True)
    certificate = models.CharField("证号", max_length=60, default="")
    begins = models.DateField("起")
    ends = models.DateField("止", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="kept_right_once", fields=["filing", "right"], condition=~Q(right=None)),
            models.UniqueConstraint(name="kept_member_once", fields=["filing", "member"], condition=~Q(member=None)),
            models.UniqueConstraint(name="kept_income_once", fields=["filing", "income"], condition=~Q(income=None)),
            models.CheckConstraint(
                name="kept_is_a_right_or_a_membership",
                condition=Q(right__isnull=False, restriction__isnull=False, member=None, income=None)
                | Q(right=None, restriction=None, member__isnull=False, income=None)
                | Q(right=None, restriction=None, member=None, income__isnull=False),
            ),
        ]
        ordering = ("pk",)
