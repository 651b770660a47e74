"""权属来源材料 and 测绘成果: what every right and every outline rests on."""

from django.db import models

from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet

from ..rules.kinds import SOURCE_TITLES

SOURCE_KINDS = [(kind.value, title) for kind, title in SOURCE_TITLES.items()]


class AdministrativeSourceQuerySet(ScopedQuerySet["AdministrativeSource"]):
    """Sources by their division."""

    scope = "division_id"


class AdministrativeSource(AppendOnly):
    """权属来源材料 (LA_AdministrativeSource): contract, approval, judgment, application …

    A contract of contracted land bears its code (承包合同代码) as ``number``; its rights name it.
    """

    kind = models.CharField("类别", max_length=14, choices=SOURCE_KINDS)
    number = models.CharField("文号或编号", max_length=60, default="")
    title = models.CharField("名称", max_length=160)
    issued_on = models.DateField("形成日期")
    issuer = models.CharField("形成单位", max_length=80, default="")
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+", verbose_name="办件")
    blob = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="文件")
    #: Of a certificate or proof that another register issued: the right or restriction that it proves.
    proves = models.ForeignKey(
        "registry.RRR",
        models.PROTECT,
        null=True,
        related_name="papers",
        db_index=False,
        verbose_name="所证明的权利或限制",
    )

    objects = AdministrativeSourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="source_has_a_title", condition=~models.Q(title="")),
            models.CheckConstraint(
                name="source_that_proves_has_a_number",
                condition=models.Q(proves=None) | (models.Q(kind="other", blob__isnull=False) & ~models.Q(number="")),
            ),
        ]
        indexes = [
            models.Index(name="source_by_number", fields=["number"], condition=~models.Q(number="")),
            models.Index(name="source_by_what_it_proves", fields=["proves"], condition=models.Q(proves__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title


class SpatialSourceQuerySet(ScopedQuerySet["SpatialSource"]):
    """Surveys by their division."""

    scope = "division_id"


class SpatialSource(AppendOnly):
    """测绘成果 (LA_SpatialSource): the survey or map that outlines come from."""

    title = models.CharField("名称", max_length=160)
    surveyor = models.CharField("测绘单位", max_length=80, default="")
    surveyed_on = models.DateField("测绘日期")
    method = models.CharField("测量方法", max_length=60, default="")
    crs = models.CharField("原坐标系", max_length=200, default="")
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+", verbose_name="办件")
    blob = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="文件")

    objects = SpatialSourceQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="survey_has_a_title", condition=~models.Q(title=""))]

    def __str__(self) -> str:
        return self.title
