"""Records of the lists of this room: legacy homesteads, illegal occupation, windows, village plans."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.mechanisms.rosters.models import Record, RecordQuerySet

from ..rules.legacy import CAUSES, TREATMENTS


class WorkingListQuerySet(RecordQuerySet):
    """Lists that name people: the staff of the place sees them, those alone who work on its matters."""


class LegacyHomestead(Record):
    """宅基地历史遗留: a homestead too many, or too large, with its cause, what is proposed and what was decided."""

    class Situation(models.TextChoices):
        SEVERAL = "several", "一户多宅"
        LARGE = "large", "面积超标"
        BOTH = "both", "一户多宅且面积超标"

    code = models.CharField("不动产单元代码", max_length=28)
    unit = models.ForeignKey("registry.BAUnit", models.PROTECT, related_name="+", verbose_name="不动产单元")
    holder = models.CharField("权利人", max_length=120)
    situation = models.CharField("情形", max_length=7, choices=Situation)
    homesteads = models.PositiveSmallIntegerField("该户宅基地（处）")
    area_m2 = models.DecimalField("登记面积", max_digits=12, decimal_places=2)
    cause = models.CharField("成因", max_length=8, default="", blank=True)
    holder_is_member = models.BooleanField("权利人是本集体成员", null=True)
    exits_voluntarily = models.BooleanField("愿意有偿退出", null=True)
    treatment = models.CharField("处理方式", max_length=8, default="", blank=True)
    decision = models.TextField("处理决定", default="", blank=True)
    decided_on = models.DateField("决定日期", null=True)
    departs_because = models.CharField("与建议不同的理由", max_length=400, default="", blank=True)
    #: What the rule proposed when it was decided, with its facts, values and steps; the note in the book that followed.
    proposed = models.CharField("作出决定时的建议", max_length=8, default="", blank=True)
    ruling = models.JSONField("作出决定时的规则结论", null=True)
    duty = models.ForeignKey(
        "registry.RRR", models.PROTECT, null=True, related_name="+", verbose_name="登簿的附记或责任"
    )

    objects: ClassVar[Any] = WorkingListQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(name="legacy_homestead_key_once", fields=["code"], condition=Q(ended_at=None)),
            models.CheckConstraint(name="legacy_cause_is_known", condition=Q(cause__in=("", *CAUSES))),
            models.CheckConstraint(name="legacy_treatment_is_known", condition=Q(treatment__in=("", *TREATMENTS))),
            models.CheckConstraint(name="legacy_proposed_is_known", condition=Q(proposed__in=("", *TREATMENTS))),
            models.CheckConstraint(
                name="legacy_departure_says_why",
                condition=Q(ruling__isnull=True) | Q(treatment=F("proposed")) | ~Q(departs_because=""),
            ),
            models.CheckConstraint(
                name="legacy_state_is_known", condition=Q(state__in=("found", "classified", "decided", "carried_out"))
            ),
        ]
        indexes = [models.Index(name="legacy_by_division", fields=["division", "state"])]

    def __str__(self) -> str:
        return self.code


class IllegalOccupation(Record):
    """违法占用和“历史两违”: land taken, or a house put up, against the law: what was found, what is done about it.

    While it is open its unit carries a restriction of illegal occupation; ``restriction`` is the one that it placed. Where
    no unit stands yet, the code of the parcel or a point in it (CGCS2000, degrees) bars that one is registered.
    """

    class Kind(models.TextChoices):
        LAND = "land", "违法用地"
        BUILDING = "building", "违法建设"
        BOTH = "both", "违法用地并建设"

    class Measure(models.TextChoices):
        DEMOLISH = "demolish", "拆除"
        CONFISCATE = "confiscate", "没收"
        RESTORE = "restore", "恢复原状"
        FINE = "fine", "罚款"
        REGULARISE = "regularise", "补办手续"
        SUSPEND = "suspend", "暂缓处置"

    number = models.CharField("编号", max_length=40)
    #: Of the unit (28 characters), or of a parcel that has none yet (19).
    code = models.CharField("不动产单元或宗地代码", max_length=28, default="", blank=True)
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=6, null=True)
    unit = models.ForeignKey("registry.BAUnit", models.PROTECT, null=True, related_name="+", verbose_name="不动产单元")
    restriction = models.ForeignKey("registry.RRR", models.PROTECT, null=True, related_name="+", verbose_name="限制")
    occupier = models.CharField("占用人", max_length=120)
    place = models.CharField("坐落", max_length=200)
    kind = models.CharField("违法类型", max_length=8, choices=Kind)
    area_m2 = models.DecimalField("占用面积", max_digits=12, decimal_places=2)
    found_on = models.DateField("发现日期")
    measure = models.CharField("处置措施", max_length=10, choices=Measure, default="", blank=True)
    decision = models.CharField("处置文书", max_length=120, default="", blank=True)
    settled_on = models.DateField("办结日期", null=True)
    note = models.TextField("备注", default="", blank=True)

    objects: ClassVar[Any] = WorkingListQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                name="illegal_occupation_key_once", fields=["division", "number"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="illegal_state_is_known", condition=Q(state__in=("open", "handling", "settled"))
            ),
            models.CheckConstraint(
                name="illegal_restricts_its_unit", condition=Q(restriction=None) | Q(unit__isnull=False)
            ),
            models.CheckConstraint(
                name="illegal_place_is_whole",
                condition=Q(longitude=None, latitude=None)
                | Q(
                    longitude__isnull=False, latitude__isnull=False, longitude__range=(73, 136), latitude__range=(3, 54)
                ),
            ),
        ]
        indexes = [models.Index(name="illegal_by_unit", fields=["unit"])]

    def __str__(self) -> str:
        return self.number


class WindowQuerySet(RecordQuerySet):
    """Everybody may know where to go."""

    public = Q(ended_at=None)


class RegistrationWindow(Record):
    """镇办不动产登记窗口: where a town takes in applications for rural real estate."""

    name = models.CharField("窗口名称", max_length=80)
    address = models.CharField("地址", max_length=200)
    telephone = models.CharField("咨询电话", max_length=20)
    hours = models.CharField("办公时间", max_length=120)
    matters = models.TextField("受理事项", default="", blank=True)
    opened_on = models.DateField("设立日期", null=True)

    objects: ClassVar[Any] = WindowQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                name="registration_window_key_once", fields=["division", "name"], condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VillagePlanQuerySet(RecordQuerySet):
    """What is approved, everybody reads; before that the staff of the place."""

    public = Q(ended_at=None, state="approved")


class VillagePlan(Record):
    """村庄规划: whether a village has a plan, and how far it has come."""

    title = models.CharField("规划名称", max_length=120)
    years = models.CharField("规划期限", max_length=20, default="", blank=True)
    compiler = models.CharField("编制单位", max_length=120, default="", blank=True)
    approved_on = models.DateField("批复日期", null=True)
    number = models.CharField("批复文号", max_length=60, default="", blank=True)
    link = models.CharField("文本网址", max_length=200, default="", blank=True)

    objects: ClassVar[Any] = VillagePlanQuerySet.as_manager()

    class Meta(Record.Meta):
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                name="village_plan_key_once", fields=["division", "title"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="village_plan_state_is_known",
                condition=Q(state__in=("listed", "drafting", "shown", "submitted", "approved")),
            ),
        ]

    def __str__(self) -> str:
        return self.title
