"""集体收益分配权: the shares that a collective has set up, which household holds how many, what proves it, and its cases.

A share in a collective is no right in land: these rows stand beside those of units (decision 0021).
"""

from django.db import models
from django.db.models import Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.parties.queries import same_parties
from ronghe.kernel.regions.scope import ScopedQuerySet
from ronghe.kernel.versions import Versioned, VersionQuerySet, once_per_time

from ..rules.income import CAUSE_TITLES, IncomeMatter, share_words
from .scope import in_ones_name, of_ones_household

_CAUSES = [(one.value, title) for one, title in CAUSE_TITLES.items()]
_MATTERS = [(one.value, one.title) for one in IncomeMatter]


class IncomeRightQuerySet(VersionQuerySet["IncomeRight"], ScopedQuerySet["IncomeRight"]):  # type: ignore[override]  # managers of both
    """Rights are seen with their collective; whoever acts for a party sees its household's, a collective all of its own."""

    scope = "collective__division_id"

    def visible_to(self, actor: Actor) -> "IncomeRightQuerySet":
        if actor.on_behalf_of_id is not None:
            names = in_ones_name(actor.on_behalf_of_id)
            return self.filter(Q(holder__in=names) | Q(collective__in=same_parties([actor.on_behalf_of_id])))
        return super().visible_to(actor)


class IncomeSharesQuerySet(VersionQuerySet["IncomeShares"], ScopedQuerySet["IncomeShares"]):  # type: ignore[override]
    """Set-ups are seen with their collective, and by whoever holds a share of it."""

    scope = "collective__division_id"

    def visible_to(self, actor: Actor) -> "IncomeSharesQuerySet":
        if actor.on_behalf_of_id is not None:
            held = IncomeRight.objects.visible_to(actor).values("collective")
            return self.filter(Q(collective__in=held) | Q(collective__in=same_parties([actor.on_behalf_of_id])))
        return super().visible_to(actor)


class IncomeShares(Versioned):
    """股权设置: how many shares a collective has divided its income into, by a resolution of its members.

    ``is_static`` says 静态管理: births and deaths change no share. Source: 农村集体经济组织法 第四十条.
    """

    collective = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="集体经济组织")
    total_hundredths = models.BigIntegerField("总份数（百分之一份）")
    is_static = models.BooleanField("静态管理")
    source = models.ForeignKey("registry.AdministrativeSource", models.PROTECT, related_name="+", verbose_name="决议")
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+", verbose_name="办件")

    objects = IncomeSharesQuerySet.as_manager()

    class Meta:
        constraints = [
            *Versioned.Meta.constraints,
            once_per_time("income_shares_once_per_time", "collective"),
            models.CheckConstraint(name="income_shares_are_some", condition=Q(total_hundredths__gt=0)),
            models.CheckConstraint(name="income_shares_have_a_first_day", condition=Q(valid__startswith__isnull=False)),
        ]


class IncomeRight(Versioned):
    """集体收益分配权: how many shares of its collective a household holds, from one legal day to another.

    Rows are closed, never changed. In force they never pass the collective's total (deferred trigger from both sides);
    a holder is a household with somebody on the roll, an heir may be another (trigger).
    """

    collective = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="集体经济组织")
    holder = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="农户")
    shares_hundredths = models.BigIntegerField("份额（百分之一份）")
    cause = models.CharField("登记原因", max_length=11, choices=_CAUSES)
    source = models.ForeignKey("registry.AdministrativeSource", models.PROTECT, related_name="+", verbose_name="来源")
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+", verbose_name="办件")

    objects = IncomeRightQuerySet.as_manager()

    class Meta:
        constraints = [
            *Versioned.Meta.constraints,
            once_per_time("income_right_once_per_household_and_time", "collective", "holder"),
            models.CheckConstraint(name="income_right_has_shares", condition=Q(shares_hundredths__gt=0)),
            models.CheckConstraint(name="income_right_has_a_first_day", condition=Q(valid__startswith__isnull=False)),
            models.CheckConstraint(
                name="income_right_cause_is_known", condition=Q(cause__in=[value for value, _ in _CAUSES])
            ),
        ]
        indexes = [
            models.Index(name="income_right_by_collective", fields=["collective", "holder"]),
            models.Index(name="income_right_by_holder", fields=["holder"]),
        ]

    @property
    def words(self) -> str:
        """How many, as people read it."""
        return share_words(self.shares_hundredths)


class IncomeCertificateQuerySet(ScopedQuerySet["IncomeCertificate"]):
    """Certificates are seen with their collective; by whoever acts for a party, those of its household."""

    scope = "collective__division_id"

    def visible_to(self, actor: Actor) -> "IncomeCertificateQuerySet":
        if actor.on_behalf_of_id is not None:
            names = in_ones_name(actor.on_behalf_of_id)
            return self.filter(Q(holder__in=names) | Q(collective__in=same_parties([actor.on_behalf_of_id])))
        return super().visible_to(actor)


class IncomeCertificate(models.Model):
    """集体收益分配权证: what proves a household's share to others, until the share is another or no more.

    Only its printing and its recall are written later (trigger).
    """

    number = models.CharField("证号", max_length=60)
    collective = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="集体经济组织")
    holder = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="农户")
    shares_hundredths = models.BigIntegerField("份额（百分之一份）")
    issued_on = models.DateField("发证日期")
    issued_at = models.DateTimeField("生成时间")
    paper = models.ForeignKey("papers.Paper", models.PROTECT, null=True, related_name="+", verbose_name="文书")
    recalled_on = models.DateField("收回或作废日期", null=True)
    recalled_at = models.DateTimeField("收回登记时间", null=True)
    recall_reason = models.CharField("收回原因", max_length=120, default="")

    objects = IncomeCertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="income_certificate_number_once", fields=["number"]),
            models.UniqueConstraint(
                name="income_certificate_one_in_force", fields=["collective", "holder"], condition=Q(recalled_on=None)
            ),
            models.CheckConstraint(name="income_certificate_has_shares", condition=Q(shares_hundredths__gt=0)),
            models.CheckConstraint(
                name="income_certificate_recall_is_whole",
                condition=Q(recalled_on=None, recalled_at=None, recall_reason="")
                | (Q(recalled_on__isnull=False, recalled_at__isnull=False) & ~Q(recall_reason="")),
            ),
        ]
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.number


class IncomeApplicationQuerySet(ScopedQuerySet["IncomeApplication"]):
    """Cases are seen where they belong; by whoever acts for a party, those of its household or of the collective itself."""

    scope = "case__division_id"

    def visible_to(self, actor: Actor) -> "IncomeApplicationQuerySet":
        if actor.on_behalf_of_id is not None:
            home, own = of_ones_household(actor.on_behalf_of_id), same_parties([actor.on_behalf_of_id])
            return self.filter(Q(holder__in=home) | Q(taker__in=home) | Q(collective__in=own))
        return super().visible_to(actor)


class IncomeApplication(models.Model):
    """收益分配权办件: what is asked for in a case: the set-up of a collective with its list, or one household's change."""

    case = models.OneToOneField(
        "casework.Case", models.PROTECT, related_name="+", primary_key=True, verbose_name="办件"
    )
    matter = models.CharField("事项", max_length=8, choices=_MATTERS)
    collective = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="集体经济组织")
    source_title = models.CharField("来源材料", max_length=160)
    source_number = models.CharField("文号或编号", max_length=60, default="")
    source_issued_on = models.DateField("形成日期")
    counted_on = models.DateField("统计基准日", null=True)
    total_hundredths = models.BigIntegerField("总份数（百分之一份）", null=True)
    is_static = models.BooleanField("静态管理", null=True)
    holder = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+", verbose_name="农户")
    taker = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+", verbose_name="取得一方")
    cause = models.CharField("登记原因", max_length=11, choices=_CAUSES, default="first")
    shares_hundredths = models.BigIntegerField("份额（百分之一份）", null=True)
    holder_applies = models.BooleanField("由本户书面申请", null=True)
    #: What the last table that was brought got wrong, marked in it.
    marked = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="标注的清单")
    charter_allows_heir = models.BooleanField("允许非成员继承", null=True)

    objects = IncomeApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="income_application_fits_its_matter",
                condition=Q(
                    matter="first", cause="first", counted_on__isnull=False, total_hundredths__isnull=False,
                    total_hundredths__gt=0, is_static__isnull=False, holder=None, taker=None, shares_hundredths=None,
                )
                | Q(
                    matter="transfer", cause__in=("inheritance", "division", "gift", "sale"), counted_on=None,
                    total_hundredths=None, is_static=None, holder__isnull=False, taker__isnull=False,
                    shares_hundredths__isnull=False, shares_hundredths__gt=0, holder_applies__isnull=False,
                )
                | Q(
                    Q(matter="transfer", cause="exit")
                    | Q(matter="cancel", cause__in=("waiver", "extinction", "judgment")),
                    counted_on=None, total_hundredths=None, is_static=None, holder__isnull=False, taker=None,
                    shares_hundredths__isnull=False, shares_hundredths__gt=0, holder_applies__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="income_application_goes_to_another",
                condition=Q(taker=None) | Q(holder=None) | ~Q(taker=models.F("holder")),
            ),
        ]  # fmt: skip


class IncomeLineQuerySet(ScopedQuerySet["IncomeLine"]):
    """Lines are seen with their case, by those who work on it: a household sees its right, not its neighbours' lines."""

    scope = "application__case__division_id"

    def visible_to(self, actor: Actor) -> "IncomeLineQuerySet":
        if actor.on_behalf_of_id is not None:
            return self.filter(application__collective__in=same_parties([actor.on_behalf_of_id]))
        return super().visible_to(actor)


class IncomeLine(models.Model):
    """清单上的一户: how many living members it had on the roll on the day of counting, and what it shall get.

    Written and taken away only while the list is being drawn up (trigger).
    """

    application = models.ForeignKey(IncomeApplication, models.PROTECT, related_name="lines", verbose_name="办件")
    household = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="农户")
    members = models.PositiveIntegerField("在册的在世成员")
    shares_hundredths = models.BigIntegerField("份额（百分之一份）")

    objects = IncomeLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="income_line_once", fields=["application", "household"]),
            models.CheckConstraint(name="income_line_is_not_negative", condition=Q(shares_hundredths__gte=0)),
        ]
        ordering = ("pk",)
