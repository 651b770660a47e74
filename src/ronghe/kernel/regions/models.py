"""Tables of divisions and org units. Codes are those of the National Bureau of Statistics (统计用区划代码)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from .scope import ScopedQuerySet


class Level(models.TextChoices):
    """行政层级: the five levels of statistics, from province to village, and functional zones beside them."""

    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县（区）"
    TOWN = "town", "镇（街道）"
    VILLAGE = "village", "村（社区）"
    FUNCTIONAL = "functional", "功能区"


#: Rank by level, so that "at least a county" can be asked; a functional zone ranks with counties.
RANK = {"province": 1, "city": 2, "county": 3, "functional": 3, "town": 4, "village": 5}


class Stated(models.Model):
    """A row that packs state: none takes away or changes what another still states.

    ``stated_by`` names them by slug. It is empty where no pack states the row any more, or none has since before this
    was kept; whichever states it next may say what it is.
    """

    stated_by = ArrayField(models.CharField(max_length=60), default=list, verbose_name="载明的数据包")

    class Meta:
        abstract = True
        constraints = [
            # A pack without a name could never take its statement back.
            models.CheckConstraint(name="%(class)s_names_its_packs", condition=~Q(stated_by__contains=[""])),
        ]


class DivisionQuerySet(ScopedQuerySet["Division"]):
    """Divisions are public: their names and codes are published by the state."""

    public = Q()

    def below(self, code: str) -> "DivisionQuerySet":
        """The division ``code`` itself and everything below it, functional ties included."""
        return self.filter(ancestors__ancestor_id=code).distinct()


class Division(Stated):
    """行政区划: a province, city, county, town, village, or a functional zone without a national code.

    ``code`` is the 12-digit statistical code; a functional zone carries a local code of the form ``<county or city
    code>-<slug>`` and ``is_local`` says so, so that nobody takes it for a code of the state.
    Source: 统计用区划代码和城乡划分代码编制规则 (国家统计局).
    """

    code = models.CharField(
        "区划代码",
        max_length=24,
        primary_key=True,
        validators=[RegexValidator(r"^(\d{12}|\d{6}-[a-z0-9-]{1,16})$")],
    )
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=12, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children", verbose_name="上级")
    is_local = models.BooleanField("本地代码", default=False)
    pinyin = models.CharField("拼音排序", max_length=200, default="", db_index=True)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        constraints = [
            *Stated.Meta.constraints,
            models.CheckConstraint(
                name="division_code_is_12_digits_or_marked_local",
                condition=Q(is_local=False, code__regex=r"^[0-9]{12}$")
                | Q(is_local=True, code__regex=r"^[0-9]{6}-[a-z0-9-]{1,16}$"),
            ),
            models.CheckConstraint(
                name="division_only_provinces_have_no_parent",
                condition=Q(level="province", parent=None) | (~Q(level="province") & Q(parent__isnull=False)),
            ),
        ]
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class FormerName(Stated):
    """曾用名称和代码: what a division was called before, and under which code it was counted."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="former_names")
    name = models.CharField("曾用名", max_length=60)
    code = models.CharField("曾用代码", max_length=24, default="")
    until = models.DateField("用至", null=True)
    source = models.CharField("来源", max_length=200)

    class Meta:
        constraints = [
            *Stated.Meta.constraints,
            models.UniqueConstraint(name="former_name_once", fields=["division", "name", "code"]),
        ]


class Tie(models.TextChoices):
    """隶属关系: what makes one division lie under another."""

    ADMINISTRATIVE = "administrative", "行政隶属"
    FUNCTIONAL = "functional", "功能区托管"


class DivisionClosure(models.Model):
    """隶属闭包: every division under every ancestor, itself included, so that "and below" is one join.

    Functional zones overlap districts: a town may lie under its district (administrative) and under a functional
    zone that manages it (functional).
    """

    pk = models.CompositePrimaryKey("ancestor_id", "descendant_id", "kind")
    ancestor = models.ForeignKey(Division, models.PROTECT, related_name="descendants")
    descendant = models.ForeignKey(Division, models.PROTECT, related_name="ancestors")
    kind = models.CharField("关系", max_length=16, choices=Tie)
    distance = models.PositiveSmallIntegerField("层数")

    class Meta:
        indexes = [models.Index(name="closure_by_descendant", fields=["descendant", "ancestor"])]


class FunctionalTie(Stated):
    """功能区托管关系: a division that a functional zone manages although it lies in a district."""

    zone = models.ForeignKey(Division, models.PROTECT, related_name="managed_ties", verbose_name="功能区")
    division = models.ForeignKey(Division, models.PROTECT, related_name="managing_ties", verbose_name="托管区划")
    source = models.CharField("来源", max_length=200)

    class Meta:
        constraints = [
            *Stated.Meta.constraints,
            models.UniqueConstraint(name="functional_tie_once", fields=["zone", "division"]),
            models.CheckConstraint(name="functional_tie_joins_two", condition=~Q(zone=models.F("division"))),
        ]


class OrgUnitQuerySet(ScopedQuerySet["OrgUnit"]):
    """Org units are public: their names stand in published documents."""

    public = Q()


class OrgUnit(Stated):
    """机构 (单位): a department, government, committee, bank branch or company that a plan gives work to.

    A unit belongs to the division that it serves; the same short name (市财政局) names other units elsewhere.
    """

    class Kind(models.TextChoices):
        DEPARTMENT = "department", "部门单位"
        GOVERNMENT = "government", "政府及派出机构"
        PARTY_ORGAN = "party_organ", "党群机关"
        BANK = "bank", "金融机构"
        ENTERPRISE = "enterprise", "企业"
        GROUP = "group", "单位组"

    division = models.ForeignKey(Division, models.PROTECT, related_name="org_units", verbose_name="所属区划")
    name = models.CharField("名称", max_length=80)
    aliases = ArrayField(models.CharField(max_length=80), default=list, verbose_name="别名")
    kind = models.CharField("类别", max_length=12, choices=Kind, default=Kind.DEPARTMENT)
    level = models.CharField("层级", max_length=12, choices=Level)
    pinyin = models.CharField("拼音排序", max_length=300, default="")

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        constraints = [
            *Stated.Meta.constraints,
            models.UniqueConstraint(name="org_unit_name_once_in_division", fields=["division", "name"]),
        ]
        indexes = [
            GinIndex(name="org_unit_aliases", fields=["aliases"]),
            models.Index(name="org_unit_by_pinyin", fields=["pinyin", "id"]),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(Stated):
    """单位组成员: what 一区两市 or 各镇办 stands for; a member is a unit or a whole division."""

    group = models.ForeignKey(OrgUnit, models.PROTECT, related_name="members")
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="groups")
    division = models.ForeignKey(Division, models.PROTECT, null=True, related_name="+")
    source = models.CharField("依据", max_length=200, default="")

    class Meta:
        constraints = [
            *Stated.Meta.constraints,
            models.CheckConstraint(
                name="group_member_is_a_unit_or_a_division",
                condition=Q(unit__isnull=False, division=None) | Q(unit=None, division__isnull=False),
            ),
            models.UniqueConstraint(name="group_unit_once", fields=["group", "unit"], condition=Q(unit__isnull=False)),
            models.UniqueConstraint(
                name="group_division_once", fields=["group", "division"], condition=Q(division__isnull=False)
            ),
            models.CheckConstraint(name="group_is_not_its_own_member", condition=~Q(group=models.F("unit"))),
        ]
