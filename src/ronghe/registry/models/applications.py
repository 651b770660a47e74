"""登记申请: what is asked for in a case of the register, by whom it shall be held, and what came of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet
from ronghe.kernel.spatial.fields import MultiPolygonField

from ..rules.changing import PART_ACT_TITLES, PartAct
from ..rules.kinds import SOURCE_TITLES
from ..rules.matters import CAUSE_TITLES, MATTERS, Cause, Matter
from ..rules.pledging import Shown
from .rights import RIGHT_KINDS

MATTER_CHOICES = [(matter.value, told.title) for matter, told in MATTERS.items()]
CAUSE_CHOICES = [(cause.value, title) for cause, title in CAUSE_TITLES.items()]


class ApplicationQuerySet(ScopedQuerySet["Application"]):
    """Applications are seen with their cases: by the staff of the division and above, by whoever acts for the applicant."""

    scope = "case__division_id"

    def visible_to(self, actor: Actor) -> "ApplicationQuerySet":
        if actor.on_behalf_of_id is not None:
            return self.filter(case__applicant=actor.on_behalf_of_id)
        return super().visible_to(actor)


class Application(models.Model):
    """登记申请: one case of the register with all that is to be entered.

    What is asked for stays as it was handed in; consents and proofs may still come while the case is open, and nothing
    changes once it is over (trigger). ``basis`` are the rows of the book for which it was applied, by number.
    """

    case = models.OneToOneField(
        "casework.Case", models.PROTECT, related_name="application", verbose_name="办件", primary_key=True
    )
    matter = models.CharField("登记事项", max_length=20, choices=MATTER_CHOICES)
    baunit = models.ForeignKey(
        "registry.BAUnit", models.PROTECT, related_name="applications", verbose_name="不动产单元"
    )
    rrr = models.ForeignKey("registry.RRR", models.PROTECT, null=True, related_name="+", verbose_name="所针对的权利")
    right_kind = models.PositiveSmallIntegerField("权利类型", choices=RIGHT_KINDS, null=True)
    basis = ArrayField(models.BigIntegerField(), default=list, verbose_name="申请时的登记")
    cause = models.CharField("登记原因", max_length=14, choices=CAUSE_CHOICES)
    is_joint = models.BooleanField("双方共同申请", default=False)
    is_ex_officio = models.BooleanField("依职权", default=False)
    source_kind = models.CharField(
        "来源材料类别", max_length=14, choices=[(k.value, t) for k, t in SOURCE_TITLES.items()]
    )
    source_title = models.CharField("来源材料名称", max_length=160)
    source_number = models.CharField("文号或编号", max_length=60, default="")
    source_issued_on = models.DateField("形成日期")
    source_issuer = models.CharField("形成单位", max_length=80, default="")
    term_first = models.DateField("起始日", null=True)
    term_until = models.DateField("止期（不含当日）", null=True)
    party = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+", verbose_name="限制权人")
    holder = models.CharField("限制权人名称", max_length=120, default="")
    amount_fen = models.BigIntegerField("被担保债权（分）", null=True)
    text = models.CharField("说明", max_length=400, default="")
    deed_tax_proof = models.BooleanField("已交契税凭证", default=False)
    mortgagee_consents = models.BooleanField("抵押权人书面同意", default=False)
    notice_holder_consents = models.BooleanField("预告登记权利人书面同意", default=False)
    shown = ArrayField(models.CharField(max_length=20), default=list, verbose_name="登记查明的事实")
    fee_fen = models.BigIntegerField("登记费（分）", null=True)
    fee_note = models.CharField("登记费说明", max_length=200, default="")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="application_matter_is_known", condition=Q(matter__in=[m.value for m in Matter])
            ),
            models.CheckConstraint(name="application_cause_is_known", condition=Q(cause__in=[c.value for c in Cause])),
            models.CheckConstraint(name="application_rests_on_a_source", condition=~Q(source_title="")),
            models.CheckConstraint(
                name="application_term_has_an_order",
                condition=Q(term_first=None) | Q(term_until=None) | Q(term_until__gt=F("term_first")),
            ),
            models.CheckConstraint(
                name="application_amount_is_some", condition=Q(amount_fen=None) | Q(amount_fen__gt=0)
            ),
            models.CheckConstraint(
                name="application_shown_is_known", condition=Q(shown__contained_by=[one.value for one in Shown])
            ),
            models.CheckConstraint(
                name="application_fee_is_none_or_some", condition=Q(fee_fen=None) | Q(fee_fen__gte=0)
            ),
        ]
        indexes = [models.Index(name="application_by_unit", fields=["baunit", "matter"])]
        ordering = ("-case",)

    def __str__(self) -> str:
        return f"{self.get_matter_display()} {self.baunit_id}"

    @property
    def what(self) -> Matter:
        return Matter(self.matter)


class ApplicationHolder(AppendOnly):
    """申请取得权利的人: with its share; without one it holds jointly with the others."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="holders", verbose_name="申请")
    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="权利人")
    share_num = models.PositiveIntegerField("份额分子", null=True)
    share_den = models.PositiveIntegerField("份额分母", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="application_holder_once", fields=["application", "party"]),
            models.CheckConstraint(
                name="application_share_is_a_part",
                condition=Q(share_num=None, share_den=None)
                | Q(share_num__isnull=False, share_den__isnull=False, share_num__gt=0, share_den__gte=F("share_num")),
            ),
        ]
        ordering = ("pk",)


class ApplicationPart(AppendOnly):
    """申请中的部分: a part into which a unit is divided, a unit that is joined to it, the house or the ground that changes."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="parts", verbose_name="申请")
    baunit = models.ForeignKey(
        "registry.BAUnit", models.PROTECT, null=True, related_name="+", verbose_name="并入的单元"
    )
    act = models.CharField(
        "变更方式",
        max_length=10,
        choices=[(k.value, t) for k, t in PART_ACT_TITLES.items()],
        default=PartAct.CHANGED.value,
    )
    ground = models.ForeignKey(
        "registry.SpatialUnit", models.PROTECT, null=True, related_name="+", verbose_name="变更的土地或房屋"
    )
    geometry = MultiPolygonField("界址图形", null=True)
    registered_area_m2 = models.DecimalField("登记面积（平方米）", max_digits=16, decimal_places=2, null=True)
    floor_area_m2 = models.DecimalField("建筑面积（平方米）", max_digits=12, decimal_places=2, null=True)
    use = models.CharField("用途", max_length=40, default="")
    location = models.CharField("坐落", max_length=200, default="")
    north = models.CharField("北至", max_length=60, default="")
    east = models.CharField("东至", max_length=60, default="")
    south = models.CharField("南至", max_length=60, default="")
    west = models.CharField("西至", max_length=60, default="")
    structure = models.CharField("房屋结构", max_length=40, default="")
    floors = models.PositiveSmallIntegerField("层数", null=True)
    party = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+", verbose_name="权利人")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="application_part_has_an_area",
                condition=Q(registered_area_m2=None) | Q(registered_area_m2__gt=0),
            ),
            models.CheckConstraint(
                name="application_part_act_is_known", condition=Q(act__in=[one.value for one in PartAct])
            ),
            models.CheckConstraint(
                name="application_part_names_what_is_no_more",
                condition=Q(act=PartAct.CHANGED.value)
                | Q(act=PartAct.ADDED.value, ground__isnull=True)
                | Q(act=PartAct.DEMOLISHED.value, ground__isnull=False),
            ),
        ]
        ordering = ("pk",)


class ApplicationEntry(AppendOnly):
    """登簿记录: when what was applied for was entered, and on what source; the right or restriction that came of it."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="entry", verbose_name="申请")
    source = models.ForeignKey(
        "registry.AdministrativeSource", models.PROTECT, related_name="+", verbose_name="来源材料"
    )
    rrr = models.ForeignKey("registry.RRR", models.PROTECT, null=True, related_name="+", verbose_name="权利或限制")
    on = models.DateField("登簿日")
    at = models.DateTimeField("登簿时间")


class LapseFact(AppendOnly):
    """失效事实: on what the life of an objection or an advance notice depends: that a suit was brought, that one can register."""

    class Kind(models.TextChoices):
        SUIT = "suit", "已提起诉讼"
        REGISTRABLE = "registrable", "能够进行不动产登记"

    rrr = models.ForeignKey("registry.RRR", models.PROTECT, related_name="lapse_facts", verbose_name="限制")
    kind = models.CharField("事实", max_length=11, choices=Kind)
    on = models.DateField("日期")
    text = models.CharField("凭证", max_length=200)
    at = models.DateTimeField("记录时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="lapse_fact_once", fields=["rrr", "kind"]),
            models.CheckConstraint(name="lapse_fact_says_on_what", condition=~Q(text="")),
        ]
