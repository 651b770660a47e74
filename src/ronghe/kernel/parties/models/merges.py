"""What was done when two rows turned out to be one party, in enough detail to undo it."""

from django.db import models
from django.db.models import F, Q

from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet

from .party import Party


class PartyMergeQuerySet(ScopedQuerySet["PartyMerge"]):
    """Seen by the staff of the division in which the remaining party is kept."""

    scope = "target__division_id"


class PartyMerge(models.Model):
    """合并重复权利人: the source became part of the target; undone when ``undone_at`` says so."""

    source = models.ForeignKey(Party, models.PROTECT, related_name="merges_away", verbose_name="被并入的登记")
    target = models.ForeignKey(Party, models.PROTECT, related_name="merges_in", verbose_name="保留的登记")
    source_state = models.CharField("合并前状态", max_length=6, choices=Party.State)
    reason = models.CharField("理由", max_length=200)
    at = models.DateTimeField("合并时间")
    user_id = models.BigIntegerField("经办人", null=True)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_reason = models.CharField("撤销理由", max_length=200, default="")

    objects = PartyMergeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="merge_joins_two", condition=~Q(source=F("target"))),
            models.CheckConstraint(name="merge_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="merge_undone_says_why",
                condition=Q(undone_at=None, undone_reason="") | (Q(undone_at__isnull=False) & ~Q(undone_reason="")),
            ),
            models.UniqueConstraint(name="merge_once_at_a_time", fields=["source"], condition=Q(undone_at=None)),
        ]
        indexes = [models.Index(name="merge_by_target", fields=["target", "-at"])]
        ordering = ("-at", "-pk")


class MergeMove(AppendOnly):
    """合并移动项: one row that the merge moved.

    A plain reference (``model``.``field`` of row ``old_id``) was pointed at the target. A versioned row was closed
    (``old_id``) and written anew for the target (``new_id``; none where the target said the same already).
    """

    merge = models.ForeignKey(PartyMerge, models.PROTECT, related_name="moves")
    model = models.CharField("表", max_length=80)
    field = models.CharField("字段", max_length=60)
    old_id = models.BigIntegerField("原行")
    new_id = models.BigIntegerField("新行", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="merge_moves_once", fields=["merge", "model", "field", "old_id"])]
        ordering = ("pk",)
