"""The roll of a collective, and the applications that lead to it or from it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ronghe.kernel.actors import Actor
from ronghe.kernel.parties.queries import same_parties
from ronghe.kernel.regions.scope import ScopedQuerySet
from ronghe.kernel.versions import Versioned, VersionQuerySet, once_per_time

from ..rules.membership import HOUSEHOLD_REGISTER, SITUATIONS, WAYS
from .scope import of_ones_household


class MemberQuerySet(VersionQuerySet["CollectiveMember"], ScopedQuerySet["CollectiveMember"]):  # type: ignore[override]  # managers of both
    """Members are seen with their collective; whoever acts for a party sees its own membership, or that of its members."""

    scope = "collective__division_id"

    def visible_to(self, actor: Actor) -> "MemberQuerySet":
        if actor.on_behalf_of_id is not None:
            who = same_parties([actor.on_behalf_of_id])
            return self.filter(Q(collective__in=who) | Q(person__in=who))
        return super().visible_to(actor)


class CollectiveMember(Versioned):
    """集体成员: a person in a rural collective, from one legal day to another, how it came and how it left.

    One person is a member of one collective at a time (exclusion). Source: 农村集体经济组织法 第十一、十二、十七条.
    """

    class Entry(models.TextChoices):
        ORIGINAL = "original", "原有成员"
        BIRTH = "birth", "成员生育"
        MARRIAGE = "marriage", "与成员结婚"
        ADOPTION = "adoption", "成员收养"
        RESETTLEMENT = "resettlement", "政策性移民"
        OTHER = "other", "其他"

    class Exit(models.TextChoices):
        DEATH = "death", "死亡"
        NATIONALITY = "nationality", "丧失国籍"
        ELSEWHERE = "elsewhere", "取得其他集体成员身份"
        CIVIL_SERVANT = "civil_servant", "成为公务员"
        VOLUNTARY = "voluntary", "自愿退出"
        CHARTER = "charter", "法律法规或章程规定的其他情形"

    collective = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="集体经济组织")
    person = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="成员")
    begun_by = models.CharField("取得原因", max_length=13, choices=Entry)
    ended_by = models.CharField("丧失原因", max_length=13, choices=Exit, default="")
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+", verbose_name="确认办件")
    ended_case = models.ForeignKey(
        "casework.Case", models.PROTECT, null=True, related_name="+", verbose_name="丧失办件"
    )

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            *Versioned.Meta.constraints,
            once_per_time("member_in_one_collective", "person"),
            models.CheckConstraint(
                name="member_entry_is_known",
                condition=Q(begun_by__in=("original", "birth", "marriage", "adoption", "resettlement", "other")),
            ),
            models.CheckConstraint(
                name="member_exit_has_a_cause",
                condition=Q(valid__upper_inf=True, ended_by="", ended_case=None)
                | Q(
                    valid__upper_inf=False,
                    ended_by__in=("death", "nationality", "elsewhere", "civil_servant", "voluntary", "charter"),
                ),
            ),
            models.CheckConstraint(name="member_has_a_first_day", condition=Q(valid__startswith__isnull=False)),
        ]
        indexes = [
            models.Index(name="member_by_collective", fields=["collective", "person"]),
            models.Index(name="member_by_person", fields=["person"]),
        ]


class MembershipCaseQuerySet(ScopedQuerySet["MembershipCase"]):
    """Applications are seen as their case; by whoever lives in one household with the applicant too."""

    scope = "case__division_id"

    def visible_to(self, actor: Actor) -> "MembershipCaseQuerySet":
        if actor.on_behalf_of_id is not None:
            return self.filter(case__applicant__in=of_ones_household(actor.on_behalf_of_id))
        return super().visible_to(actor)


class MembershipCase(models.Model):
    """成员身份申请: what is stated of a person in a case of membership; what the register knows itself is asked of it.

    A fact that nobody has stated is unknown (NULL), never "no".
    """

    class Matter(models.TextChoices):
        CONFIRM = "confirm", "确认成员身份"
        LOSE = "lose", "丧失成员身份"

    case = models.OneToOneField(
        "casework.Case", models.PROTECT, related_name="+", primary_key=True, verbose_name="办件"
    )
    matter = models.CharField("事项", max_length=7, choices=Matter)
    collective = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="集体经济组织")
    person = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="本人")
    on = models.DateField("取得或丧失日期")
    exit = models.CharField("丧失原因", max_length=13, choices=CollectiveMember.Exit, default="")
    came_by = models.CharField("方式", max_length=8, choices=[(one, one) for one in WAYS], default="")
    household_register = models.CharField(
        "户籍", max_length=6, choices=[(one, one) for one in HOUSEHOLD_REGISTER], default=""
    )
    has_stable_duties = models.BooleanField("与本集体形成稳定的权利义务关系", null=True)
    lives_on_collective_land = models.BooleanField("以本集体所有的土地等财产为基本生活保障", null=True)
    has_lost_nationality = models.BooleanField("丧失中国国籍", null=True)
    is_member_elsewhere = models.BooleanField("已取得其他农村集体经济组织成员身份", null=True)
    is_civil_servant = models.BooleanField("已成为公务员", null=True)
    is_contract_civil_servant = models.BooleanField("属于聘任制公务员", null=True)
    has_other_loss = models.BooleanField("有法律法规或章程规定的其他丧失情形", null=True)
    has_left = models.BooleanField("书面申请自愿退出并经同意", null=True)
    situations = ArrayField(
        models.CharField(max_length=4, choices=[(one, one) for one in SITUATIONS]), default=list, verbose_name="情况"
    )

    objects = MembershipCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_case_states_its_cause",
                condition=Q(matter="confirm", exit="") & ~Q(came_by="") | (Q(matter="lose") & ~Q(exit="")),
            ),
        ]
