"""权利、限制、责任 (LA_RRR): each an identity for good, and rows that say what it was from when to when."""

from django.contrib.postgres.fields.ranges import RangeEndsWith
from django.db import models
from django.db.models import F, Q

from ronghe.kernel.db import AppendOnly
from ronghe.kernel.versions import Row, Versioned, VersionQuerySet, once_per_time

from ..rules.kinds import EXCLUSIVE, PASSED_ON, RESTRICTION_TITLES, RIGHT_TITLES, CoOwnership, RestrictionKind
from .scope import RegisterQuerySet

RIGHT_KINDS = [(kind.value, title) for kind, title in RIGHT_TITLES.items()]
RESTRICTION_KINDS = [(kind.value, title) for kind, title in RESTRICTION_TITLES.items()]


class RRR(AppendOnly):
    """权利、限制或责任 (LA_RRR): one of them as long as it lives, whatever is corrected in its rows.

    ``parent`` is the right that a derived right derives from, or that a restriction burdens: it ends with it (trigger).
    """

    class Sort(models.TextChoices):
        RIGHT = "right", "权利"
        RESTRICTION = "restriction", "限制"
        RESPONSIBILITY = "duty", "责任"

    sort = models.CharField("类", max_length=11, choices=Sort)
    kind = models.PositiveSmallIntegerField("类型")
    baunit = models.ForeignKey("registry.BAUnit", models.PROTECT, related_name="rrrs", verbose_name="不动产单元")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="derived", verbose_name="所依附的权利")
    opened_at = models.DateTimeField("登簿时间")

    class Meta:
        constraints = [
            models.CheckConstraint(name="rrr_sort_is_known", condition=Q(sort__in=("right", "restriction", "duty"))),
            models.CheckConstraint(name="rrr_is_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("id"))),
        ]


class RRRVersionQuerySet(VersionQuerySet[Row], RegisterQuerySet[Row]):  # type: ignore[override]  # managers of both
    """Rows of rights, restrictions and duties: with both clocks, and seen with their unit."""

    scope = "baunit__division_id"
    unit = "baunit"


class RightQuerySet(RRRVersionQuerySet["Right"]):  # type: ignore[override]
    """Rows of rights."""


class Right(Versioned):
    """权利 (LA_Right): a right of one Party in one BAUnit. Rows are closed, never changed.

    ``valid`` is from when to when the right runs (权利期限). Holders by shares (按份共有) have a row each; joint owners
    (共同共有) have a row each without a share; what a household holds, the household holds alone.
    """

    rrr = models.ForeignKey(RRR, models.PROTECT, related_name="rights", verbose_name="权利")
    baunit = models.ForeignKey("registry.BAUnit", models.PROTECT, related_name="rights", verbose_name="不动产单元")
    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="rights", verbose_name="权利人")
    kind = models.PositiveSmallIntegerField("权利类型", choices=RIGHT_KINDS)
    nature = models.PositiveSmallIntegerField("权利性质", null=True)
    co_ownership = models.PositiveSmallIntegerField(
        "共有方式", choices=[(one.value, one.title) for one in CoOwnership], default=CoOwnership.SOLE.value
    )
    share_num = models.PositiveIntegerField("份额分子", null=True, default=1)
    share_den = models.PositiveIntegerField("份额分母", null=True, default=1)
    source = models.ForeignKey(
        "registry.AdministrativeSource", models.PROTECT, related_name="+", verbose_name="权属来源"
    )

    objects = RightQuerySet.as_manager()

    class Meta:
        constraints = [
            *Versioned.Meta.constraints,
            once_per_time("right_once_per_party_and_time", "baunit", "kind", "party"),
            once_per_time("right_has_one_sole_holder", "baunit", "kind", condition=Q(co_ownership=0)),
            models.CheckConstraint(name="right_kind_is_known", condition=Q(kind__in=[k for k, _ in RIGHT_KINDS])),
            models.CheckConstraint(
                name="right_share_fits_its_way",
                condition=Q(
                    co_ownership=CoOwnership.SOLE.value,
                    share_num__isnull=False,
                    share_den__isnull=False,
                    share_num=1,
                    share_den=1,
                )
                | Q(co_ownership=CoOwnership.JOINT.value, share_num=None, share_den=None)
                | Q(
                    co_ownership=CoOwnership.BY_SHARES.value,
                    share_num__isnull=False,
                    share_den__isnull=False,
                    share_num__gt=0,
                    share_den__gte=F("share_num"),
                ),
            ),
            models.CheckConstraint(
                name="right_exclusive_kinds_have_one_holder",
                condition=~Q(kind__in=sorted(kind.value for kind in EXCLUSIVE)) | Q(co_ownership=0),
            ),
            models.CheckConstraint(name="right_has_a_first_day", condition=Q(valid__startswith__isnull=False)),
        ]
        indexes = [
            models.Index(name="right_by_party", fields=["party", "kind"]),
            models.Index(name="right_by_source", fields=["source"]),
            models.Index(
                RangeEndsWith(F("valid")),
                name="passed_on_right_by_its_end",
                condition=Q(kind__in=sorted(kind.value for kind in PASSED_ON), recorded__upper_inf=True),
            ),
        ]


class RestrictionQuerySet(RRRVersionQuerySet["Restriction"]):  # type: ignore[override]
    """Rows of restrictions."""


class Restriction(Versioned):
    """限制 (LA_Restriction): mortgage, seizure, objection, advance notice, easement, illegal occupation, kept rights.

    An easement serves the ``dominant`` unit, whoever holds that one: it names no party (民法典 第三百八十条).
    """

    rrr = models.ForeignKey(RRR, models.PROTECT, related_name="restrictions", verbose_name="限制")
    baunit = models.ForeignKey(
        "registry.BAUnit", models.PROTECT, related_name="restrictions", verbose_name="不动产单元"
    )
    kind = models.PositiveSmallIntegerField("限制类型", choices=RESTRICTION_KINDS)
    party = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+", verbose_name="限制权人")
    holder = models.CharField("限制权人名称", max_length=120, default="")
    amount_fen = models.BigIntegerField("被担保债权（分）", null=True)
    rank = models.PositiveSmallIntegerField("顺位", null=True)
    text = models.CharField("说明", max_length=400, default="")
    dominant = models.ForeignKey(
        "registry.BAUnit", models.PROTECT, null=True, related_name="easements", verbose_name="需役地单元"
    )
    source = models.ForeignKey(
        "registry.AdministrativeSource", models.PROTECT, related_name="+", verbose_name="依据材料"
    )

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        constraints = [
            *Versioned.Meta.constraints,
            once_per_time("restriction_once_per_time", "rrr"),
            models.CheckConstraint(
                name="restriction_kind_is_known", condition=Q(kind__in=[k for k, _ in RESTRICTION_KINDS])
            ),
            models.CheckConstraint(
                name="restriction_amount_is_some", condition=Q(amount_fen=None) | Q(amount_fen__gt=0)
            ),
            models.CheckConstraint(
                name="restriction_serves_another_unit",
                condition=Q(dominant__isnull=True) & ~Q(kind=RestrictionKind.EASEMENT.value)
                | Q(dominant__isnull=False) & Q(kind=RestrictionKind.EASEMENT.value) & ~Q(dominant=F("baunit")),
            ),
            models.CheckConstraint(name="restriction_has_a_first_day", condition=Q(valid__startswith__isnull=False)),
        ]
        indexes = [models.Index(name="restriction_by_unit", fields=["baunit", "kind"])]


class ResponsibilityQuerySet(RRRVersionQuerySet["Responsibility"]):  # type: ignore[override]
    """Rows of duties."""


class Responsibility(Versioned):
    """责任 (LA_Responsibility): a duty that goes with a right, such as keeping farm land to farming."""

    class Kind(models.IntegerChoices):
        FARM_USE = 1, "保持农业用途"
        NO_WASTE = 2, "不得弃耕抛荒"
        BOUNDARY = 3, "保护界址和设施"
        PAID_USE = 4, "有偿使用"
        NOTE = 5, "登簿附记"
        OTHER = 9, "其他"

    rrr = models.ForeignKey(RRR, models.PROTECT, related_name="responsibilities", verbose_name="责任")
    baunit = models.ForeignKey("registry.BAUnit", models.PROTECT, related_name="duties", verbose_name="不动产单元")
    kind = models.PositiveSmallIntegerField("责任类型", choices=Kind)
    text = models.CharField("内容", max_length=400)
    source = models.ForeignKey(
        "registry.AdministrativeSource", models.PROTECT, related_name="+", verbose_name="依据材料"
    )

    objects = ResponsibilityQuerySet.as_manager()

    class Meta:
        constraints = [
            *Versioned.Meta.constraints,
            once_per_time("responsibility_once_per_time", "rrr"),
            models.CheckConstraint(name="responsibility_has_a_first_day", condition=Q(valid__startswith__isnull=False)),
        ]
        verbose_name = "责任"
