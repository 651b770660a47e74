"""Lists of the zone's office: the units of a place, what was learned, and what is to be drafted."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from ronghe.kernel.regions.models import Level, OrgUnit
from ronghe.mechanisms.rosters.models import Record, RecordQuerySet


class UnitEntry(Record):
    """单位名录: a unit of a place with how to reach it. Each entry is one org unit; a new one makes its unit."""

    unit = models.ForeignKey("regions.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    name = models.CharField("单位名称", max_length=80)
    kind = models.CharField("类别", max_length=12, choices=OrgUnit.Kind)
    level = models.CharField("层级", max_length=12, choices=Level)
    uscc = models.CharField("统一社会信用代码", max_length=18, default="", blank=True)
    contact = models.CharField("联系人", max_length=40, default="", blank=True)
    phone = models.CharField("联系电话（掩码）", max_length=40, default="", blank=True)
    phone_sealed = models.BinaryField("联系电话（加密）", null=True)
    address = models.CharField("地址", max_length=200, default="", blank=True)
    duties = models.CharField("主要职责", max_length=400, default="", blank=True)

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                name="unit_entry_key_once", fields=["division", "name"], condition=Q(ended_at=None)
            ),
            models.UniqueConstraint(name="unit_entry_unit_key_once", fields=["unit"], condition=Q(ended_at=None)),
            models.UniqueConstraint(
                name="unit_entry_uscc_once", fields=["uscc"], condition=~Q(uscc="") & Q(ended_at=None)
            ),
        ]
        indexes = [models.Index(name="unit_entry_by_name", fields=["name", "id"])]

    def __str__(self) -> str:
        return self.name


class ExperienceQuerySet(RecordQuerySet):
    """What is published, everybody reads; before that the staff of the place."""

    public = Q(state="published", ended_at=None)


class Experience(Record):
    """典型经验: a way that has worked in a zone, with its evidence and how far it can be repeated elsewhere."""

    title = models.CharField("经验名称", max_length=120)
    zone = models.ForeignKey("policy.Zone", models.PROTECT, related_name="+", verbose_name="试验区")
    clause = models.CharField("对应任务条款号", max_length=60, default="", blank=True)
    task = models.ForeignKey("policy.OrderedTask", models.PROTECT, null=True, related_name="+", verbose_name="对应任务")
    summary = models.TextField("主要做法")
    evidence = models.TextField("成效和佐证")
    link = models.CharField("佐证网址", max_length=200, default="", blank=True)
    replicability = models.CharField("可复制程度", max_length=12)

    objects: ClassVar[Any] = ExperienceQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="experience_key_once", fields=["zone", "title"], condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="experience_state_is_known", condition=Q(state__in=("draft", "reviewed", "published"))
            ),
        ]
        indexes = [models.Index(name="experience_by_zone", fields=["zone", "state", "-id"])]

    def __str__(self) -> str:
        return self.title


class InstrumentQuerySet(RecordQuerySet):
    """What was issued, everybody reads, also when it is revised or repealed; before that the staff of the place."""

    public = Q(state__in=("issued", "evaluated", "revising", "repealed"), ended_at=None)


class Instrument(Record):
    """配套制度: a set of rules, a scheme, a standard or a list that a clause orders to be drafted, and how far it is."""

    class Kind(models.TextChoices):
        MEASURES = "measures", "办法"
        SCHEME = "scheme", "方案"
        DETAILS = "details", "细则"
        STANDARD = "standard", "标准"
        LIST = "list", "清单"
        PLAN = "plan", "规划"
        OTHER = "other", "其他"

    title = models.CharField("名称", max_length=120)
    zone = models.ForeignKey("policy.Zone", models.PROTECT, related_name="+", verbose_name="试验区")
    clause = models.CharField("条款号", max_length=60, default="", blank=True)
    task = models.ForeignKey("policy.OrderedTask", models.PROTECT, null=True, related_name="+", verbose_name="对应任务")
    kind = models.CharField("类别", max_length=12, choices=Kind)
    drafter = models.CharField("起草单位", max_length=120, default="", blank=True)
    planned_on = models.DateField("计划印发日期", null=True)
    issued_on = models.DateField("印发日期", null=True)
    number = models.CharField("发文字号", max_length=60, default="", blank=True)
    link = models.CharField("文本网址", max_length=200, default="", blank=True)
    review_on = models.DateField("有效期至或评估日期", null=True)
    module = models.CharField("系统编号", max_length=12, default="", blank=True)
    origin = models.CharField("来源", max_length=8, default="", blank=True)
    note = models.TextField("备注", default="", blank=True)

    objects: ClassVar[Any] = InstrumentQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="instrument_key_once", fields=["zone", "title"], condition=Q(ended_at=None)),
            models.CheckConstraint(
                name="instrument_state_is_known",
                condition=Q(
                    state__in=(
                        *("planned", "drafting", "consulting", "reviewing"),
                        *("issued", "evaluated", "revising", "repealed"),
                    )
                ),
            ),
            models.CheckConstraint(
                name="instrument_issued_has_number_and_day",
                condition=Q(state__in=("planned", "drafting", "consulting", "reviewing"))
                | (~Q(number="") & Q(issued_on__isnull=False)),
            ),
        ]
        indexes = [models.Index(name="instrument_by_zone", fields=["zone", "state", "-id"])]

    def __str__(self) -> str:
        return self.title
