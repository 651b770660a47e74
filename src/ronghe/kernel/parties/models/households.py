"""Members of households, with both clocks."""

from django.db import models
from django.db.models import Q

from ronghe.kernel.versions import Versioned, VersionQuerySet, once_per_time

from ..rules import HEAD, RELATIONS
from .party import Party


class HouseholdMember(Versioned):
    """农户成员: a person in a household, from one legal day to another, and what it is to the head.

    Source: 农村土地承包法 第十六条 (农户内家庭成员依法平等享有各项权益); relations GB/T 4761-2008.
    """

    class Cause(models.TextChoices):
        REGISTERED = "registered", "首次登记"
        BIRTH = "birth", "出生"
        MARRIAGE = "marriage", "婚姻"
        MOVE = "move", "迁移"
        SPLIT = "split", "分户"
        DEATH = "death", "死亡"
        HEAD_CHANGE = "head_change", "户主变更"
        MERGE = "merge", "合并重复登记"
        CORRECTION = "correction", "更正"

    household = models.ForeignKey(Party, models.PROTECT, related_name="members", verbose_name="农户")
    person = models.ForeignKey(Party, models.PROTECT, related_name="memberships", verbose_name="成员")
    relation = models.CharField("与户主关系", max_length=2, choices=list(RELATIONS.items()))
    is_head = models.BooleanField("户主", default=False)
    begun_by = models.CharField("起因", max_length=12, choices=Cause)
    ended_by = models.CharField("止因", max_length=12, choices=Cause, default="")

    objects = VersionQuerySet["HouseholdMember"].as_manager()

    class Meta:
        constraints = [
            *Versioned.Meta.constraints,
            once_per_time("household_member_in_one_household", "person"),
            once_per_time("household_has_one_head", "household", condition=Q(is_head=True)),
            models.CheckConstraint(
                name="household_member_relation_is_known", condition=Q(relation__in=list(RELATIONS))
            ),
            models.CheckConstraint(
                name="household_head_is_called_head",
                condition=Q(is_head=True, relation=HEAD) | (Q(is_head=False) & ~Q(relation=HEAD)),
            ),
            models.CheckConstraint(
                name="household_member_has_a_first_day", condition=Q(valid__startswith__isnull=False)
            ),
            models.CheckConstraint(
                name="household_member_end_has_a_cause",
                condition=Q(valid__upper_inf=True, ended_by="") | (Q(valid__upper_inf=False) & ~Q(ended_by="")),
            ),
        ]
        indexes = [models.Index(name="household_member_by_person", fields=["person"])]
        ordering = ("-is_head", "relation", "pk")
