"""不动产单元 and what it consists of, each with its life, its forms and its descent."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Substr
from django.db.models.lookups import Exact

from ronghe.kernel.db import AppendOnly
from ronghe.kernel.spatial.fields import MULTIPOLYGON_WKB, BoxField, LiesInChina, MultiPolygonField, StartOfWkb
from ronghe.kernel.versions import Versioned, VersionQuerySet, once_per_time

from ..rules.kinds import GROUND_TITLES, UNIT_TITLES
from .scope import RegisterQuerySet

UNIT_KINDS = [(kind.value, title) for kind, title in UNIT_TITLES.items()]
GROUND_KINDS = [(kind.value, title) for kind, title in GROUND_TITLES.items()]


class Living(models.Model):
    """What begins once and ends at most once, in law and in the register. Its code is given once and never again."""

    opened_on = models.DateField("设立日")
    opened_at = models.DateTimeField("登簿时间")
    ended_on = models.DateField("终止日", null=True)
    ended_at = models.DateTimeField("终止登簿时间", null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_whole_and_after_it_began",
                condition=Q(ended_on=None, ended_at=None)
                | Q(
                    ended_on__isnull=False,
                    ended_at__isnull=False,
                    ended_on__gte=F("opened_on"),
                    ended_at__gte=F("opened_at"),
                ),
            ),
        ]


class BAUnitQuerySet(RegisterQuerySet["BAUnit"]):
    """Units by their division."""

    scope = "division_id"

    def standing(self, day: object) -> "BAUnitQuerySet":
        """What stands on a legal day, by today's register."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), opened_on__lte=day)


class BAUnit(Living):
    """不动产单元 (LA_BAUnit): what rights attach to: land, and the buildings on it with it (房地一体).

    ``code`` has 28 characters (GB/T 37346-2019). A unit that is divided or joined ends, and others begin: ``Lineage``.
    """

    code = models.CharField("不动产单元代码", max_length=28)
    kind = models.CharField("单元类别", max_length=12, choices=UNIT_KINDS)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = BAUnitQuerySet.as_manager()

    class Meta:
        constraints = [
            *Living.Meta.constraints,
            models.UniqueConstraint(name="baunit_code_once", fields=["code"]),
            models.CheckConstraint(
                name="baunit_code_is_written_right",
                condition=Q(code__regex=r"^[0-9]{12}[GJZ][A-Y][0-9]{5}(W0{8}|[FLQ][0-9]{8})$"),
            ),
            models.CheckConstraint(name="baunit_kind_is_known", condition=Q(kind__in=[k for k, _ in UNIT_KINDS])),
        ]
        indexes = [
            models.Index(name="baunit_by_division", fields=["division", "kind", "code"]),
            models.Index(name="baunit_by_code", fields=["code"], opclasses=["varchar_pattern_ops"]),
            # A code is also looked for from its area, its feature and its number on: the groups in which it is printed.
            *(
                models.Index(
                    OpClass(Substr("code", place), name="text_pattern_ops"), name=f"baunit_by_code_from_{place}"
                )
                for place in (7, 13, 15)
            ),
        ]
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code

    @property
    def is_over(self) -> bool:
        return self.ended_on is not None


class SpatialUnitQuerySet(RegisterQuerySet["SpatialUnit"]):
    """Ground by its division."""

    scope = "division_id"
    unit = "baunits__baunit"


class SpatialUnit(Living):
    """空间单元 (LA_SpatialUnit): a parcel, a contracted plot, forest land, a building; its forms are its versions.

    ``code`` has 19 characters for parcels (宗地代码) and plots (承包地块代码), 28 for buildings.
    """

    code = models.CharField("空间单元代码", max_length=28)
    kind = models.CharField("空间单元类别", max_length=10, choices=GROUND_KINDS)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")

    objects = SpatialUnitQuerySet.as_manager()

    class Meta:
        constraints = [
            *Living.Meta.constraints,
            models.UniqueConstraint(name="spatial_unit_code_once", fields=["code"]),
            models.CheckConstraint(
                name="spatial_unit_kind_is_known", condition=Q(kind__in=[k for k, _ in GROUND_KINDS])
            ),
        ]
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class UnitGround(AppendOnly):
    """单元构成: what ground a unit consists of, for as long as it stands."""

    baunit = models.ForeignKey(BAUnit, models.PROTECT, related_name="grounds", verbose_name="不动产单元")
    spatial_unit = models.ForeignKey(SpatialUnit, models.PROTECT, related_name="baunits", verbose_name="空间单元")

    class Meta:
        constraints = [models.UniqueConstraint(name="unit_ground_once", fields=["baunit", "spatial_unit"])]


class SpatialUnitVersion(Versioned):
    """空间单元的形态: outline, areas, use, place, neighbours, and the survey that says so.

    ``area_m2`` is that of the outline; ``registered_area_m2`` is what the register states (登记面积).
    """

    spatial_unit = models.ForeignKey(SpatialUnit, models.PROTECT, related_name="versions", verbose_name="空间单元")
    geometry = MultiPolygonField("界址图形", null=True)
    box = BoxField("外包矩形", of="geometry", null=True)  # type: ignore[misc]  # its stub knows no NULL
    area_m2 = models.DecimalField("图形面积（平方米）", max_digits=16, decimal_places=2, null=True)
    registered_area_m2 = models.DecimalField("登记面积（平方米）", max_digits=16, decimal_places=2)
    floor_area_m2 = models.DecimalField("建筑面积（平方米）", max_digits=12, decimal_places=2, null=True)
    use = models.CharField("用途", max_length=40, default="")
    location = models.CharField("坐落", max_length=200, default="")
    north = models.CharField("北至", max_length=60, default="")
    east = models.CharField("东至", max_length=60, default="")
    south = models.CharField("南至", max_length=60, default="")
    west = models.CharField("西至", max_length=60, default="")
    structure = models.CharField("房屋结构", max_length=40, default="")
    floors = models.PositiveSmallIntegerField("层数", null=True)
    source = models.ForeignKey("registry.SpatialSource", models.PROTECT, related_name="+", verbose_name="测绘成果")
    grams = ArrayField(models.CharField(max_length=2), default=list, verbose_name="检索字对")

    objects = VersionQuerySet["SpatialUnitVersion"].as_manager()

    class Meta:
        constraints = [
            *Versioned.Meta.constraints,
            once_per_time("spatial_unit_has_one_form", "spatial_unit"),
            models.CheckConstraint(
                name="spatial_unit_outline_is_whole",
                condition=Q(geometry=None, box=None, area_m2=None)
                | (
                    Q(geometry__isnull=False, box__isnull=False, area_m2__isnull=False, area_m2__gt=0)
                    & Q(Exact(StartOfWkb(F("geometry")), Value(MULTIPOLYGON_WKB)))
                    & Q(LiesInChina(F("box")))
                ),
            ),
            models.CheckConstraint(name="spatial_unit_has_an_area", condition=Q(registered_area_m2__gt=0)),
        ]
        indexes = [
            GistIndex(name="spatial_unit_by_box", fields=["box"], condition=Q(recorded__upper_inf=True)),
            GinIndex(name="spatial_unit_by_grams", fields=["grams"]),
        ]


class Lineage(AppendOnly):
    """沿革: which unit came of which, and by what."""

    class Kind(models.TextChoices):
        SPLIT = "split", "分割"
        MERGE = "merge", "合并"
        RECODE = "recode", "换码"

    before = models.ForeignKey(BAUnit, models.PROTECT, related_name="became", verbose_name="原单元")
    after = models.ForeignKey(BAUnit, models.PROTECT, related_name="came_of", verbose_name="新单元")
    kind = models.CharField("方式", max_length=6, choices=Kind)
    on = models.DateField("日期")
    at = models.DateTimeField("登簿时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="lineage_once", fields=["before", "after"]),
            models.CheckConstraint(name="lineage_leads_elsewhere", condition=~Q(before=F("after"))),
        ]
        ordering = ("on", "pk")
