"""What binds: the catalogue of rules, the parameters with their values by zone and day, and rulings that were kept."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet

from ..rulebook import Basis
from ..values import Kind
from .plans import Clause, PolicyDocument, Room, Zone


class Matter(models.Model):
    """对比事项: one matter on which zones rule differently: a row of the comparison."""

    key = models.CharField("编号", max_length=4, primary_key=True)
    order = models.PositiveSmallIntegerField("顺序")
    title = models.CharField("事项", max_length=60)

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.title


class RuleItem(models.Model):
    """规则条目: one rule of the inventory. A zone states it by :class:`RuleStatement`."""

    class Scope(models.TextChoices):
        COMMON = "common", "各地相同"
        DIFFERS = "differs", "各地不同"
        SINGLE = "single", "一地规定"

    id = models.CharField("编号", max_length=5, primary_key=True)
    title = models.CharField("规则", max_length=80)
    room = models.CharField("业务领域", max_length=3, choices=Room)
    modules = ArrayField(models.CharField(max_length=6), default=list, verbose_name="系统")
    scope = models.CharField("适用", max_length=8, choices=Scope)
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="rules", verbose_name="事项")
    without = models.CharField("软件不承载的理由", max_length=200, default="")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title


class StatementQuerySet(ScopedQuerySet["RuleStatement"]):
    """Statements are seen with their document."""

    scope = "document__zone__seat_id"
    public = Q(document__zone__published=True)


class RuleStatement(models.Model):
    """规则出处: the clauses of one document that state a rule."""

    rule = models.ForeignKey(RuleItem, models.PROTECT, related_name="statements", verbose_name="规则")
    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="rule_statements", verbose_name="文件")
    clauses = models.ManyToManyField(Clause, related_name="rule_statements", verbose_name="条款")

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="rule_stated_once_per_document", fields=["rule", "document"])]
        ordering = ("rule", "document")


class Parameter(models.Model):
    """参数: a number, date, list … that rules take; what it is, not what it is worth anywhere."""

    id = models.CharField("标识", max_length=80, primary_key=True)
    title = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=8, choices=[(k.value, k.title) for k in Kind])
    unit = models.CharField("单位", max_length=20, default="")
    basis = models.CharField("依据日", max_length=12, choices=[(b.value, b.title) for b in Basis])
    room = models.CharField("业务领域", max_length=3, choices=Room)
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="parameters", verbose_name="事项")
    choices = ArrayField(models.CharField(max_length=60), default=list, verbose_name="可选项")
    meaning = models.CharField("说明", max_length=200, default="")
    pack = models.SlugField("定义所在数据包", max_length=40)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title


class ValueQuerySet(ScopedQuerySet["ParameterValue"]):
    """Values of the nation and of published zones are public, what a person entered included."""

    scope = "zone__seat_id"
    public = Q(zone=None) | Q(zone__published=True)

    def in_force(self) -> "ValueQuerySet":
        """Those that no later entry has taken back."""
        return self.filter(withdrawn_at=None)


class ParameterValue(models.Model):
    """参数值: what a parameter is for a zone (or the nation) from a day on. Rows are taken back, never changed."""

    class Status(models.TextChoices):
        SET = "set", "已定"
        UNSET = "unset", "待地方确定"
        ASSUMED = "assumed", "参考值"

    class Origin(models.TextChoices):
        LOCAL = "local", "本地录入"
        PACK = "pack", "数据包"

    parameter = models.ForeignKey(Parameter, models.PROTECT, related_name="values", verbose_name="参数")
    zone = models.ForeignKey(Zone, models.PROTECT, null=True, related_name="parameter_values", verbose_name="试验区")
    origin = models.CharField("来源类别", max_length=5, choices=Origin)
    starts = models.DateField("起始日")
    status = models.CharField("状态", max_length=7, choices=Status)
    in_use = models.BooleanField("启用", default=True)
    written = ArrayField(models.CharField(max_length=200), default=list, verbose_name="值")
    rules = ArrayField(models.CharField(max_length=5), default=list, verbose_name="规则编号")
    clauses = models.ManyToManyField(
        Clause, through="ValueClause", related_name="parameter_values", verbose_name="依据条款"
    )
    source = models.CharField("来源", max_length=200, default="")
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间")
    withdrawn_at = models.DateTimeField("撤下时间", null=True)

    objects = ValueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="parameter_one_value_a_day",
                fields=["parameter", "zone", "origin", "starts"],
                condition=Q(withdrawn_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="parameter_unset_has_no_value",
                condition=(Q(status="unset") & Q(written=[])) | (~Q(status="unset") & ~Q(written=[])),
            ),
            models.CheckConstraint(
                name="parameter_local_value_names_its_author",
                condition=Q(origin="pack", author=None)
                | (Q(origin="local", zone__isnull=False, author__isnull=False) & ~Q(source="")),
            ),
            models.CheckConstraint(
                name="parameter_value_is_taken_back_later", condition=Q(withdrawn_at__gte=F("recorded_at"))
            ),
        ]
        indexes = [models.Index(name="value_by_zone_and_parameter", fields=["zone", "parameter", "starts"])]
        ordering = ("parameter", "zone", "starts", "pk")


class ValueClause(AppendOnly):
    """参数值的依据: a clause that states a value; it stays as long as the value does, withdrawn or not."""

    value = models.ForeignKey(ParameterValue, models.PROTECT, related_name="cites")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField("顺序")

    class Meta:
        constraints = [models.UniqueConstraint(name="value_cites_clause_once", fields=["value", "clause"])]
        ordering = ("value", "order")


class KeptRulingQuerySet(ScopedQuerySet["KeptRuling"]):
    """Kept rulings are for the staff of the zone's seat and above."""

    scope = "zone__seat_id"


class KeptRuling(AppendOnly):
    """存档的裁量结论: a ruling with all that it rested on, so that the same answer can be given years later."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="kept_rulings", verbose_name="试验区")
    rule = models.CharField("规则代码", max_length=60)
    title = models.CharField("规则", max_length=80)
    on = models.DateField("依据日")
    facts = models.JSONField("事实")
    parameters = models.JSONField("参数快照")
    verdict = models.CharField("结论", max_length=11, default="")
    value = models.JSONField("结果", null=True)
    steps = models.JSONField("推导步骤")
    subject = models.CharField("事项", max_length=120, default="")
    actor_user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("时间")

    objects = KeptRulingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(name="kept_ruling_by_zone", fields=["zone", "-id"])]
        ordering = ("-pk",)


class SpecialDay(models.Model):
    """调休安排: a weekday off or a weekend day of work, as announced by the State Council's office for a year.

    A year of which no day is listed is not announced yet: deadlines in it are provisional (待节假日安排公布).
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "放假"
        WORKDAY = "workday", "上班"
        ORDINARY = "ordinary", "按周历"

    day = models.DateField("日期", primary_key=True)
    kind = models.CharField("安排", max_length=8, choices=Kind)
    name = models.CharField("节日", max_length=40)
    source = models.CharField("来源", max_length=200)
    origin = models.CharField("来源类别", max_length=5, choices=ParameterValue.Origin)
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        ordering = ("day",)
