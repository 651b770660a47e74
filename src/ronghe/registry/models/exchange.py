"""What goes out of the register and comes in: exchanges, reconciliations, queries by the public, sheets of parcels."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet
from ronghe.kernel.versions import Versioned, VersionQuerySet, once_per_time

from ..rules.parcel_sheet import PATHS
from .scope import RegisterQuerySet


class ExchangeQuerySet(ScopedQuerySet["Exchange"]):
    """Exchanges are seen by the staff of the division whose register they concern, and above."""

    scope = "division_id"


class Exchange(models.Model):
    """数据汇交: a file that is made of the register, or one that is given to it: checked whole, applied whole or not at all."""

    class Kind(models.TextChoices):
        REGISTER = "register", "登记簿导出"
        CONTRACTS_OUT = "contracts_out", "承包交换表导出"
        CONTRACTS_IN = "contracts_in", "承包交换表导入"
        PACKAGE_OUT = "package_out", "汇交包导出"
        PACKAGE_CHECK = "package_check", "汇交包核验"
        PACKAGE_IN = "package_in", "汇交包导入"

    class State(models.TextChoices):
        WORKING = "working", "进行中"
        FAULTY = "faulty", "有错待改"
        READY = "ready", "可以导入"
        APPLYING = "applying", "导入中"
        DONE = "done", "已完成"
        FAILED = "failed", "没有完成"

    #: What is entered in the register once it is sound.
    ENTERED: ClassVar = (Kind.CONTRACTS_IN, Kind.PACKAGE_IN)
    GIVEN: ClassVar = (*ENTERED, Kind.PACKAGE_CHECK)

    kind = models.CharField("种类", max_length=14, choices=Kind)
    state = models.CharField("状态", max_length=8, choices=State, default=State.WORKING)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    form = models.CharField("格式", max_length=8, default="")
    unit_kind = models.CharField("单元类别", max_length=12, default="")
    on = models.DateField("截至日期")
    is_official = models.BooleanField("含完整号码", default=False)
    purpose = models.CharField("用途", max_length=200, default="")
    file_name = models.CharField("文件名", max_length=120, default="")
    given = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="交来的文件")
    outlines = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="交来的图形")
    made = models.ForeignKey("files.Blob", models.PROTECT, null=True, related_name="+", verbose_name="生成的文件")
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+", verbose_name="后台任务")
    counts = models.JSONField("行数", default=dict)
    groups = models.JSONField("错误归类", default=list)
    faults = models.JSONField("错误", default=list)
    #: What rules leave to a person, told as ``faults`` are; ``judged`` says how a person has judged it.
    doubts = models.JSONField("待人工判定", default=list)
    judged = models.CharField("判定理由", max_length=200, default="")
    failure = models.TextField("没有完成的原因", default="")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    applied_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="导入人")
    made_at = models.DateTimeField("提出时间")
    done_at = models.DateTimeField("完成时间", null=True)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exchange_kind_is_known",
                condition=Q(
                    kind__in=("register", "contracts_out", "contracts_in", "package_out", "package_check", "package_in")
                ),
            ),
            models.CheckConstraint(
                name="exchange_state_is_known",
                condition=Q(state__in=("working", "faulty", "ready", "applying", "done", "failed")),
            ),
            models.CheckConstraint(
                name="exchange_done_has_its_time",
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at=None)),
            ),
            models.CheckConstraint(
                name="exchange_whole_numbers_have_a_purpose",
                condition=Q(is_official=False) | Q(purpose__regex=r"^.{4,}$"),
            ),
            models.CheckConstraint(
                name="exchange_is_applied_by_another",
                condition=Q(applied_by=None) | Q(user=None) | ~Q(applied_by=F("user")),
            ),
            models.CheckConstraint(
                name="exchange_doubts_are_judged",
                condition=Q(doubts=[]) | Q(applied_by=None) | Q(judged__regex=r"^.{4,}$"),
            ),
        ]
        indexes = [models.Index(name="exchange_by_division", fields=["division", "-id"])]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_given(self) -> bool:
        return self.kind in self.GIVEN

    @property
    def made_name(self) -> str:
        """What the file that was made is called: of a file that was given, its marked copy."""
        return f"{self.file_name.rpartition('.')[0] or self.file_name}-标注.xlsx" if self.is_given else self.file_name


class ContractedCode(AppendOnly):
    """承包要素代码: the code under which a party or a plot is known in the tables of contracted land. Given once.

    A code that came with a file is kept here with what it stands for; whatever is handed over without one gets the next.
    """

    code = models.CharField("代码", max_length=19, primary_key=True)
    party = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+", verbose_name="承包方")
    spatial_unit = models.ForeignKey(
        "registry.SpatialUnit", models.PROTECT, null=True, related_name="+", verbose_name="承包地块"
    )
    at = models.DateTimeField("登记时间")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="contracted_code_stands_for_one_thing",
                condition=Q(party__isnull=False, spatial_unit=None, code__regex=r"^[0-9]{18}$")
                | Q(party=None, spatial_unit__isnull=False, code__regex=r"^[0-9]{19}$"),
            ),
            models.UniqueConstraint(
                name="contracted_code_one_of_a_plot", fields=["spatial_unit"], condition=Q(spatial_unit__isnull=False)
            ),
        ]
        indexes = [models.Index(name="contracted_code_by_party", fields=["party"])]


class ReconciliationQuerySet(ScopedQuerySet["Reconciliation"]):
    """Reconciliations are seen by the staff of their division, and above."""

    scope = "division_id"


class Reconciliation(models.Model):
    """对账: the register of a division beside the other side's file: what only one of them has, and where they differ."""

    class State(models.TextChoices):
        WORKING = "working", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "没有完成"

    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="区划")
    unit_kind = models.CharField("单元类别", max_length=12, default="")
    on = models.DateField("截至日期")
    area_share_num = models.PositiveIntegerField("面积容差比例分子")
    area_share_den = models.PositiveIntegerField("面积容差比例分母")
    area_floor_m2 = models.DecimalField("面积容差下限（平方米）", max_digits=9, decimal_places=2)
    other = models.CharField("对方", max_length=80, default="")
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+", verbose_name="对方的文件")
    file_name = models.CharField("文件名", max_length=120)
    state = models.CharField("状态", max_length=8, choices=State, default=State.WORKING)
    job = models.ForeignKey("jobs.Job", models.PROTECT, null=True, related_name="+", verbose_name="后台任务")
    counts = models.JSONField("结果", default=dict)
    fields = models.JSONField("不一致的字段", default=dict)
    failure = models.TextField("没有完成的原因", default="")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("提出时间")
    done_at = models.DateTimeField("完成时间", null=True)

    objects = ReconciliationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reconciliation_state_has_its_facts",
                condition=Q(state="working", done_at=None, failure="")
                | Q(state="done", done_at__isnull=False, failure="")
                | (Q(state="failed", done_at=None) & ~Q(failure="")),
            ),
            models.CheckConstraint(
                name="reconciliation_tolerance_is_a_share",
                condition=Q(area_share_den__gt=0, area_share_num__lt=F("area_share_den"), area_floor_m2__gte=0),
            ),
        ]
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"对账 {self.pk}"


class StagedUnit(models.Model):
    """待比较的单元: one unit as one side states it: ours names the unit, theirs the line. The rows go once they are compared."""

    of = models.ForeignKey(Reconciliation, models.PROTECT, related_name="+", db_index=False)
    line = models.PositiveIntegerField("对方行号", null=True)
    baunit = models.ForeignKey("registry.BAUnit", models.PROTECT, null=True, related_name="+", db_index=False)
    code = models.CharField("单元代码", max_length=28, default="")
    holder = models.CharField("权利人", max_length=400, default="")
    kind = models.PositiveSmallIntegerField("权利类型", null=True)
    area_m2 = models.DecimalField("面积（平方米）", max_digits=16, decimal_places=2, null=True)
    certificate = models.CharField("证号", max_length=60, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="staged_unit_line_once", fields=["of", "line"]),
            models.UniqueConstraint(name="staged_unit_once", fields=["of", "baunit"]),
            models.CheckConstraint(
                name="staged_unit_is_of_one_side",
                condition=Q(line=None, baunit__isnull=False) | Q(line__isnull=False, baunit=None),
            ),
        ]
        indexes = [models.Index(name="staged_unit_by_code", fields=["of", "code"])]


class ReconciliationRowQuerySet(ScopedQuerySet["ReconciliationRow"]):
    """Rows are seen with their reconciliation."""

    scope = "of__division_id"


class ReconciliationRow(models.Model):
    """对账结果: one unit that only one side has, or of which the two say different things."""

    class Outcome(models.TextChoices):
        ONLY_HERE = "only_here", "只有本平台有"
        ONLY_THERE = "only_there", "只有对方有"
        DIFFERENT = "different", "不一致"

    of = models.ForeignKey(Reconciliation, models.PROTECT, related_name="rows", db_index=False)
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    code = models.CharField("单元代码", max_length=28, default="")
    baunit = models.ForeignKey("registry.BAUnit", models.PROTECT, null=True, related_name="+", db_index=False)
    line = models.PositiveIntegerField("对方行号", null=True)
    differs = ArrayField(models.CharField(max_length=12), default=list, verbose_name="不一致的字段")
    ours = models.JSONField("本平台", default=dict)
    theirs = models.JSONField("对方", default=dict)

    objects = ReconciliationRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reconciliation_row_fits_its_outcome",
                condition=Q(outcome="only_here", baunit__isnull=False, line=None)
                | Q(outcome="only_there", baunit=None, line__isnull=False)
                | (Q(outcome="different", baunit__isnull=False, line__isnull=False) & ~Q(differs=[])),
            ),
        ]
        indexes = [models.Index(name="reconciliation_row_by_code", fields=["of", "code"])]
        ordering = ("code", "pk")


class QueryNetwork(models.Model):
    """查询来源: how often one network has asked the public query service in the time that began at ``since``."""

    network = models.CharField("来源网络", max_length=43, unique=True)
    since = models.DateTimeField("计数起点")
    asked = models.PositiveIntegerField("次数", default=0)

    class Meta:
        indexes = [models.Index(name="query_network_by_time", fields=["since"])]


class BookQueryQuerySet(RegisterQuerySet["BookQuery"]):
    """Queries are seen with their unit."""

    scope = "baunit__division_id"
    unit = "baunit"


class BookQuery(AppendOnly):
    """登记信息查询记录: somebody was told of a unit at level 2 or 3, and for what. The event of the act names this row."""

    baunit = models.ForeignKey("registry.BAUnit", models.PROTECT, related_name="queries", verbose_name="不动产单元")
    level = models.PositiveSmallIntegerField("级别", choices=[(2, "权利摘要"), (3, "登记簿内容")])
    purpose = models.CharField("用途", max_length=200, default="")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="查询人")
    at = models.DateTimeField("时间")

    objects = BookQueryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="book_query_whole_says_what_for",
                condition=Q(level=2) | Q(level=3, user__isnull=False, purpose__regex=r"^.{4,}$"),
            ),
        ]
        indexes = [models.Index(name="book_query_by_unit", fields=["baunit", "-at"])]
        ordering = ("-pk",)


class ParcelProfileQuerySet(VersionQuerySet["ParcelProfile"], RegisterQuerySet["ParcelProfile"]):  # type: ignore[override]
    """Profiles are seen with their unit."""

    scope = "baunit__division_id"
    unit = "baunit"


class ParcelProfile(Versioned):
    """地块入市信息: planned use, services, and the way to the market of a parcel of collective construction land (REG-13)."""

    baunit = models.ForeignKey("registry.BAUnit", models.PROTECT, related_name="profiles", verbose_name="不动产单元")
    planned_use = models.CharField("规划用途", max_length=40, default="")
    services = ArrayField(models.CharField(max_length=10), default=list, verbose_name="基础设施状况")
    note = models.CharField("说明", max_length=200, default="")
    path = models.CharField("入市途径", max_length=10, choices=list(PATHS.items()), default="undecided")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="填报人")

    objects = ParcelProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            *Versioned.Meta.constraints,
            once_per_time("parcel_profile_one_per_time", "baunit"),
            models.CheckConstraint(name="parcel_profile_path_is_known", condition=Q(path__in=list(PATHS))),
        ]
