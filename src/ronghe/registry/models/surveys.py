"""Survey batches: a file of parcels on its way into the register, what was found in it, and who settled what."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.lookups import Exact

from ronghe.kernel.regions.scope import ScopedQuerySet
from ronghe.kernel.spatial.fields import MULTIPOLYGON_WKB, BoxField, LiesInChina, MultiPolygonField, StartOfWkb

from ..rules.kinds import CoOwnership
from .units import UNIT_KINDS


class SurveyBatchQuerySet(ScopedQuerySet["SurveyBatch"]):
    """Batches are for the staff of their division and above."""

    scope = "division_id"


class SurveyBatch(models.Model):
    """权籍调查批次: the surveyed parcels of a village, or of the villages below a division, that are registered together.

    What was given last is staged in ``SurveyedParcel``; each file that was given before stays as a ``SurveyAttempt``.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "核对中"
        ASKING = "asking", "待说明"
        FAULTY = "faulty", "有错待改"
        JUDGING = "judging", "待人工判定"
        READY = "ready", "可以提交"
        IN_CASE = "in_case", "办理中"
        ENTERING = "entering", "登簿中"
        ENTERED = "entered", "已登簿"
        CLOSED = "closed", "已终止"

    #: A mended file may be given.
    MENDABLE = (State.ASKING, State.FAULTY, State.JUDGING, State.READY)
    OVER = (State.ENTERED, State.CLOSED)

    title = models.CharField("名称", max_length=120)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    kind = models.CharField("单元类别", max_length=12, choices=UNIT_KINDS)
    state = models.CharField("状态", max_length=8, choices=State, default=State.CHECKING)
    surveyor = models.CharField("调查单位", max_length=80)
    surveyed_on = models.DateField("调查日期")
    method = models.CharField("测量方法", max_length=60, default="")
    #: Whether holders whom the register of parties does not know are registered on entry.
    admits_new = models.BooleanField("登记新的权利人", default=False)
    attempt = models.PositiveSmallIntegerField("第几次核对", default=0)
    case = models.ForeignKey("casework.Case", models.PROTECT, null=True, related_name="+", verbose_name="办件")
    survey = models.ForeignKey(
        "registry.SpatialSource", models.PROTECT, null=True, related_name="+", verbose_name="测绘成果"
    )
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+", verbose_name="后台任务")
    parcels_count = models.PositiveIntegerField("宗数", default=0)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("建立时间")
    entered_at = models.DateTimeField("登簿时间", null=True)

    objects = SurveyBatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="survey_batch_state_is_known",
                condition=Q(
                    state__in=(
                        "checking",
                        "asking",
                        "faulty",
                        "judging",
                        "ready",
                        "in_case",
                        "entering",
                        "entered",
                        "closed",
                    )
                ),
            ),
            models.CheckConstraint(
                name="survey_batch_kind_is_known", condition=Q(kind__in=[kind for kind, _ in UNIT_KINDS])
            ),
            models.CheckConstraint(
                name="survey_batch_entered_is_whole",
                condition=Q(state="entered", entered_at__isnull=False, survey__isnull=False, case__isnull=False)
                | (~Q(state="entered") & Q(entered_at=None)),
            ),
            models.UniqueConstraint(name="survey_batch_of_one_case", fields=["case"], condition=Q(case__isnull=False)),
        ]
        indexes = [models.Index(name="survey_batch_by_division", fields=["division", "-id"])]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER


class SurveyAttempt(models.Model):
    """调查成果核对记录: one file that was given for a batch, what was stated of it and what was found in it."""

    class Verdict(models.TextChoices):
        CHECKING = "checking", "核对中"
        ASKING = "asking", "待说明"
        FAULTY = "faulty", "有错"
        JUDGING = "judging", "待人工判定"
        SOUND = "sound", "通过"

    batch = models.ForeignKey(SurveyBatch, models.PROTECT, related_name="attempts", verbose_name="批次")
    number = models.PositiveSmallIntegerField("第几次")
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="文件")
    file_name = models.CharField("文件名", max_length=120)
    #: A table whose lines belong to the outlines of the file by their code.
    table = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="属性表")
    table_name = models.CharField("属性表文件名", max_length=120, default="")
    #: What the person has stated of the file: crs, axes, datum, encoding, part.
    stated = models.JSONField("说明", default=dict)
    #: What was read of it: crs, which column is which field, a question that is open.
    found = models.JSONField("读到的情况", default=dict)
    verdict = models.CharField("结论", max_length=8, choices=Verdict, default=Verdict.CHECKING)
    failure = models.CharField("没有完成的原因", max_length=400, default="")
    counts = models.JSONField("计数", default=dict)
    #: ``[[level, kind, number of places], …]``: shown; no rule reads it.
    groups = models.JSONField("归类", default=list)
    annotated = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="标注的文件")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("提交时间")
    checked_at = models.DateTimeField("核对时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="survey_attempt_number_once", fields=["batch", "number"]),
            models.CheckConstraint(
                name="survey_attempt_verdict_is_known",
                condition=Q(verdict__in=("checking", "asking", "faulty", "judging", "sound")),
            ),
        ]
        ordering = ("batch", "number")


class StagedQuerySet(ScopedQuerySet["SurveyedParcel"]):
    """What is staged is seen with its batch."""

    scope = "batch__division_id"


class SurveyedParcel(models.Model):
    """调查成果: one surveyed parcel of a batch as its file states it, with what the platform measured.

    Rows come by COPY; another file of the batch takes their place. Once entered, ``code`` is that of the unit.
    """

    class Level(models.TextChoices):
        GOOD = "", "通过"
        NOTE = "note", "请留意"
        PERSON = "person", "待人工判定"
        FAULT = "fault", "有错"

    batch = models.ForeignKey(SurveyBatch, models.PROTECT, related_name="parcels", db_index=False, verbose_name="批次")
    number = models.PositiveIntegerField("文件中的序号")
    line = models.PositiveIntegerField("文件中的行")
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="村")
    code = models.CharField("不动产单元代码", max_length=28, default="")
    ground_code = models.CharField("宗地（地块）代码", max_length=19, default="")
    geometry = MultiPolygonField("界址图形", null=True)
    box = BoxField("外包矩形", of="geometry", null=True)  # type: ignore[misc]  # its stub knows no NULL
    drawn_m2 = models.DecimalField("图形面积（平方米）", max_digits=16, decimal_places=2, null=True)
    declared_m2 = models.DecimalField("实测面积（平方米）", max_digits=16, decimal_places=2, null=True)
    holders_text = models.CharField("权利人", max_length=200, default="")
    co_ownership = models.PositiveSmallIntegerField("共有方式", default=CoOwnership.SOLE.value)
    use = models.CharField("用途", max_length=40, default="")
    location = models.CharField("坐落", max_length=200, default="")
    north = models.CharField("北至", max_length=60, default="")
    east = models.CharField("东至", max_length=60, default="")
    south = models.CharField("南至", max_length=60, default="")
    west = models.CharField("西至", max_length=60, default="")
    structure = models.CharField("房屋结构", max_length=40, default="")
    floors = models.PositiveSmallIntegerField("层数", null=True)
    house_m2 = models.DecimalField("建筑占地面积（平方米）", max_digits=12, decimal_places=2, null=True)
    floor_area_m2 = models.DecimalField("建筑面积（平方米）", max_digits=12, decimal_places=2, null=True)
    first_day = models.DateField("权利起始日", null=True)
    until = models.DateField("权利终止日的次日", null=True)
    contract_code = models.CharField("承包合同代码", max_length=60, default="")
    level = models.CharField("程度", max_length=6, choices=Level, default="", blank=True)

    objects = StagedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="surveyed_parcel_number_once", fields=["batch", "number"]),
            models.CheckConstraint(
                name="surveyed_parcel_outline_is_whole",
                condition=Q(geometry=None, box=None, drawn_m2=None)
                | (
                    Q(geometry__isnull=False, box__isnull=False, drawn_m2__isnull=False, drawn_m2__gt=0)
                    & Q(Exact(StartOfWkb(F("geometry")), Value(MULTIPOLYGON_WKB)))
                    & Q(LiesInChina(F("box")))
                ),
            ),
            models.CheckConstraint(
                name="surveyed_parcel_level_is_known", condition=Q(level__in=("", "note", "person", "fault"))
            ),
        ]
        ordering = ("batch", "number")

    def __str__(self) -> str:
        return self.code or self.ground_code or f"第 {self.number} 宗"

    @property
    def has_building(self) -> bool:
        return self.floor_area_m2 is not None


class SurveyedHolder(models.Model):
    """调查的权利人: who holds a surveyed parcel, by the party that was found, or by the number of one not yet registered.

    A number is never staged in the open: ``blind`` finds it, and ``sealed`` keeps that of a new party until entry.
    """

    batch = models.ForeignKey(SurveyBatch, models.PROTECT, related_name="holders", db_index=False, verbose_name="批次")
    number = models.PositiveIntegerField("宗地序号")
    place = models.PositiveSmallIntegerField("第几个权利人")
    name = models.CharField("姓名或名称", max_length=120)
    masked = models.CharField("证件掩码", max_length=40, default="")
    blind = models.BinaryField("盲索引", max_length=32, null=True)
    sealed = models.BinaryField("密文", null=True)
    #: Who holds: a household where the person named lives in one and the right is the household's.
    party = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+", verbose_name="权利人")
    share_num = models.PositiveIntegerField("份额分子", null=True)
    share_den = models.PositiveIntegerField("份额分母", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="surveyed_holder_place_once", fields=["batch", "number", "place"]),
            models.CheckConstraint(
                name="surveyed_holder_share_is_whole",
                condition=Q(share_num=None, share_den=None)
                | Q(share_num__isnull=False, share_den__isnull=False, share_num__gt=0, share_den__gt=0),
            ),
        ]
        ordering = ("batch", "number", "place")


class SurveyFindingQuerySet(ScopedQuerySet["SurveyFinding"]):
    """Findings are seen with their batch."""

    scope = "batch__division_id"


class SurveyFinding(models.Model):
    """核对发现: what was found of one parcel (or, without a number, of the whole file), and how it is mended.

    What needs a person is settled with a reason; a fault is settled by another file alone.
    """

    class Level(models.TextChoices):
        FAULT = "fault", "有错"
        PERSON = "person", "待人工判定"
        NOTE = "note", "请留意"

    batch = models.ForeignKey(SurveyBatch, models.PROTECT, related_name="findings", db_index=False, verbose_name="批次")
    number = models.PositiveIntegerField("宗地序号", null=True)
    line = models.PositiveIntegerField("行", null=True)
    code = models.CharField("代码", max_length=28, default="")
    level = models.CharField("程度", max_length=6, choices=Level)
    kind = models.CharField("类别", max_length=24)
    field = models.CharField("字段", max_length=40, default="")
    text = models.CharField("说明", max_length=300)
    mend = models.CharField("怎样改", max_length=200, default="")
    settled_reason = models.CharField("判定理由", max_length=200, default="")
    settled_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="判定人")
    settled_at = models.DateTimeField("判定时间", null=True)

    objects = SurveyFindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="survey_finding_level_is_known", condition=Q(level__in=("fault", "person", "note"))
            ),
            models.CheckConstraint(
                name="survey_finding_settled_is_whole",
                condition=Q(settled_at=None, settled_reason="")
                | (Q(level="person", settled_at__isnull=False) & ~Q(settled_reason="")),
            ),
        ]
        indexes = [models.Index(name="survey_finding_by_batch", fields=["batch", "level", "number"])]
        ordering = ("batch", "level", "number")
