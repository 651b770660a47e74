"""Certificates and proofs, and the series in which parcels are numbered."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from ronghe.kernel.actors import Actor

from .rights import RRR, Restriction, Right
from .scope import RegisterQuerySet, in_ones_name


class CodeSeries(models.Model):
    """宗地顺序号: the last number that was given in a cadastral sub-area and feature. It only grows: none is given twice."""

    series = models.CharField("地籍子区和特征码", max_length=16, primary_key=True)
    last = models.PositiveIntegerField("末号", default=0)


class CertificateQuerySet(RegisterQuerySet["Certificate"]):
    """Certificates are seen with their unit; by whoever acts for a party, those that prove its own.

    A right that was sold is another's from then on, and so is what proves it; what burdens a right is its holder's too.
    """

    scope = "baunit__division_id"
    unit = "baunit"

    def _within(self, actor: Actor) -> Q | None:
        if actor.on_behalf_of_id is None:
            return super()._within(actor)
        names = in_ones_name(actor.on_behalf_of_id)
        held = Right.objects.current().filter(party__in=names, valid__contains=OuterRef("issued_on"))
        protected = Restriction.objects.current().filter(rrr=OuterRef("rrr"), party__in=names)
        burdened = Q(Exists(held.filter(baunit=OuterRef("baunit")))) & Q(rrr__sort=RRR.Sort.RESTRICTION)
        return Q(Exists(held.filter(rrr=OuterRef("rrr")))) | Q(Exists(protected)) | burdened


class Certificate(models.Model):
    """不动产权证书 or 不动产登记证明: what proves a right or a restriction to others, until it is recalled.

    Only its printing and its recall are written later (trigger).
    """

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", "不动产权证书"
        PROOF = "proof", "不动产登记证明"

    kind = models.CharField("类别", max_length=11, choices=Kind)
    number = models.CharField("证号", max_length=60)
    rrr = models.ForeignKey("registry.RRR", models.PROTECT, related_name="certificates", verbose_name="权利或限制")
    baunit = models.ForeignKey(
        "registry.BAUnit", models.PROTECT, related_name="certificates", verbose_name="不动产单元"
    )
    issued_on = models.DateField("发证日期")
    issued_at = models.DateTimeField("生成时间")
    paper = models.ForeignKey("papers.Paper", models.PROTECT, null=True, related_name="+", verbose_name="文书")
    recalled_on = models.DateField("收回或作废日期", null=True)
    recalled_at = models.DateTimeField("收回登记时间", null=True)
    recall_reason = models.CharField("收回原因", max_length=120, default="")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="certificate_number_once", fields=["number"]),
            models.UniqueConstraint(name="certificate_one_in_force", fields=["rrr"], condition=Q(recalled_on=None)),
            models.CheckConstraint(
                name="certificate_recall_is_whole",
                condition=Q(recalled_on=None, recalled_at=None, recall_reason="")
                | (Q(recalled_on__isnull=False, recalled_at__isnull=False) & ~Q(recall_reason="")),
            ),
        ]
        indexes = [models.Index(name="certificate_by_unit", fields=["baunit"])]
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.number
