"""The party itself, its names, and who represents it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.scope import ScopedQuerySet
from ronghe.kernel.versions import Versioned, VersionQuerySet, once_per_time


class PartyQuerySet(ScopedQuerySet["Party"]):
    """A party is seen by the staff of its division, and by whoever acts for it; nobody else lists parties.

    A mandate names the party for which it was given. When that party was merged into another, the mandate reaches
    both: what it says stays as it was given.
    """

    scope = "division_id"

    def visible_to(self, actor: Actor) -> "PartyQuerySet":
        if actor.on_behalf_of_id is not None:
            return self.filter(Q(pk=actor.on_behalf_of_id) | Q(absorbed__pk=actor.on_behalf_of_id)).distinct()
        return super().visible_to(actor)


class Party(models.Model):
    """权利人 (LA_Party): a person, household, collective, enterprise or agency. Never a login."""

    class Kind(models.TextChoices):
        PERSON = "person", "自然人"
        HOUSEHOLD = "household", "农户"
        COLLECTIVE = "collective", "农村集体经济组织"
        COOPERATIVE = "cooperative", "农民专业合作社"
        ENTERPRISE = "enterprise", "企业"
        AGENCY = "agency", "机关事业单位"
        BANK = "bank", "金融机构"

    class State(models.TextChoices):
        ACTIVE = "active", "有效"
        ENDED = "ended", "已终止"
        MERGED = "merged", "已并入"

    class Sex(models.TextChoices):
        MALE = "male", "男"
        FEMALE = "female", "女"

    BODIES = (Kind.COLLECTIVE, Kind.COOPERATIVE, Kind.ENTERPRISE, Kind.AGENCY, Kind.BANK)

    kind = models.CharField("类别", max_length=12, choices=Kind)
    name = models.CharField("名称", max_length=120)
    pinyin = models.CharField("拼音排序", max_length=400, default="")
    letters = models.CharField("拼音检索", max_length=400, default="")
    pairs = ArrayField(models.CharField(max_length=2), default=list, verbose_name="名称检索")
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="所属区划")
    state = models.CharField("状态", max_length=6, choices=State, default=State.ACTIVE)
    ended_on = models.DateField("终止日期", null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="absorbed", verbose_name="并入")
    sex = models.CharField("性别", max_length=6, choices=Sex, default="")
    birth_date = models.DateField("出生日期", null=True)
    registered_at = models.DateTimeField("登记时间", null=True)
    erased_at = models.DateTimeField("个人信息删除时间", null=True)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = PartyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="party_kind_is_known",
                condition=Q(
                    kind__in=("person", "household", "collective", "cooperative", "enterprise", "agency", "bank")
                ),
            ),
            models.CheckConstraint(name="party_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="party_state_has_its_facts",
                condition=Q(state="active", ended_on=None, merged_into=None)
                | Q(state="ended", ended_on__isnull=False, merged_into=None)
                | Q(state="merged", merged_into__isnull=False),
            ),
            models.CheckConstraint(
                name="party_not_merged_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="party_only_persons_are_born",
                condition=Q(kind="person", sex__in=("", "male", "female")) | Q(sex="", birth_date=None),
            ),
            models.CheckConstraint(
                name="party_dies_after_birth",
                condition=Q(ended_on=None) | Q(birth_date=None) | Q(ended_on__gte=F("birth_date")),
            ),
            models.CheckConstraint(
                name="party_erased_keeps_no_personal_facts",
                condition=Q(erased_at=None) | Q(sex="", birth_date=None, letters="", pairs=[]),
            ),
        ]
        indexes = [
            models.Index(name="party_by_division", fields=["division", "name"]),
            models.Index(name="party_by_division_sorted", fields=["division", "pinyin", "id"]),
            models.Index(name="party_sorted", fields=["pinyin", "id"]),
            models.Index(name="party_by_name", fields=["name"], opclasses=["varchar_pattern_ops"]),
            models.Index(name="party_by_birth", fields=["birth_date", "name"], condition=Q(birth_date__isnull=False)),
            GinIndex(name="party_by_pairs", fields=["pairs"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_body(self) -> bool:
        return self.kind in self.BODIES

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE and self.erased_at is None


class PartyName(Versioned):
    """名称沿革: what a party was called, from which day to which; the present name stands in the party too."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="names", verbose_name="权利人")
    name = models.CharField("名称", max_length=120)
    reason = models.CharField("变更原因", max_length=60, default="")

    objects = VersionQuerySet["PartyName"].as_manager()

    class Meta:
        constraints = [*Versioned.Meta.constraints, once_per_time("party_name_once_per_time", "party")]
        ordering = ("valid",)


class Representative(Versioned):
    """法定代表人: the person who represents a body by law or charter. Source: 民法典 第六十一条."""

    body = models.ForeignKey(Party, models.PROTECT, related_name="representatives", verbose_name="组织")
    person = models.ForeignKey(Party, models.PROTECT, related_name="represented", verbose_name="法定代表人")

    objects = VersionQuerySet["Representative"].as_manager()

    class Meta:
        constraints = [*Versioned.Meta.constraints, once_per_time("representative_one_per_time", "body")]
        ordering = ("valid",)
