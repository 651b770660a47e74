"""预约: the hours at which windows see people, and who is to come when."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from ronghe.kernel.accounts.roles import BUSINESS
from ronghe.kernel.actors import Actor
from ronghe.kernel.db import AppendOnly
from ronghe.kernel.regions.scope import ScopedQuerySet

from ..rules.appointing import MOST_SEATS, PURPOSES
from .scope import in_ones_name


class AppointmentPlan(AppendOnly):
    """预约安排: the hours of a window as they were stated at one time, from a day on. What is stated later replaces it.

    A plan without hours says that the window takes no appointments from that day on. Everybody may know it.
    """

    window = models.ForeignKey(
        "registry.RegistrationWindow", models.PROTECT, related_name="plans", verbose_name="登记窗口"
    )
    begins_on = models.DateField("起用日期")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    stated_at = models.DateTimeField("登记时间")

    class Meta:
        indexes = [models.Index(name="appointment_plan_by_window", fields=["window", "-begins_on", "-id"])]
        ordering = ("-begins_on", "-pk")

    if TYPE_CHECKING:
        window_id: int
        user_id: int | None


class AppointmentHours(AppendOnly):
    """预约时段: one slot of a plan: on a weekday (1 is Monday), from when to when, how many people."""

    plan = models.ForeignKey(AppointmentPlan, models.PROTECT, related_name="hours", verbose_name="预约安排")
    weekday = models.PositiveSmallIntegerField("星期")
    begins = models.TimeField("开始")
    ends = models.TimeField("结束")
    capacity = models.PositiveSmallIntegerField("可约人数")

    class Meta:
        constraints = [
            models.CheckConstraint(name="appointment_hours_on_a_weekday", condition=Q(weekday__range=(1, 7))),
            models.CheckConstraint(name="appointment_hours_last", condition=Q(ends__gt=F("begins"))),
            models.CheckConstraint(
                name="appointment_hours_seat_somebody", condition=Q(capacity__gte=1, capacity__lte=MOST_SEATS)
            ),
        ]
        ordering = ("weekday", "begins")

    if TYPE_CHECKING:
        plan_id: int


class AppointmentQuerySet(ScopedQuerySet["Appointment"]):
    """Appointments are seen by the staff of the place of the window and above; by whoever made one, and at home."""

    scope = "window__division_id"

    def _within(self, actor: Actor) -> Q | None:
        if actor.on_behalf_of_id is not None:
            return Q(party__in=in_ones_name(actor.on_behalf_of_id))
        return super()._within(actor) if actor.role in BUSINESS else None

    def standing(self) -> "AppointmentQuerySet":
        """Those that nobody has cancelled: each keeps its seat."""
        return self.filter(cancelled_at=None)


class Appointment(models.Model):
    """预约: somebody is to come to a window on a day, in a slot, for a matter.

    What became of it is told by facts that come once and stay: cancelled, missed (未到), come (已到; also late, after it was
    marked as missed). The seat is one of those that the hours of the day have: the database gives none twice, and none
    that is not there. The telephone is sealed, shown masked, and found by ``telephone_blind``.
    """

    window = models.ForeignKey(
        "registry.RegistrationWindow", models.PROTECT, related_name="appointments", verbose_name="登记窗口"
    )
    day = models.DateField("日期")
    begins = models.TimeField("开始")
    ends = models.TimeField("结束")
    seat = models.PositiveSmallIntegerField("席位")
    party = models.ForeignKey("parties.Party", models.PROTECT, null=True, related_name="+", verbose_name="权利人")
    name = models.CharField("来人姓名", max_length=120)
    matter = models.CharField("办理事项", max_length=20)
    baunit = models.ForeignKey(
        "registry.BAUnit", models.PROTECT, null=True, related_name="+", verbose_name="不动产单元"
    )
    telephone = models.CharField("联系电话（掩码）", max_length=40)
    telephone_sealed = models.BinaryField("联系电话（加密）")
    telephone_blind = models.BinaryField("联系电话（索引）", max_length=32)
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("预约时间")
    cancelled_at = models.DateTimeField("取消时间", null=True)
    came_at = models.DateTimeField("标记已到时间", null=True)
    missed_at = models.DateTimeField("标记未到时间", null=True)

    objects = AppointmentQuerySet.as_manager()

    #: 尚未办结: nobody has said yet what became of it.
    OPEN: ClassVar[Q] = Q(cancelled_at=None, came_at=None, missed_at=None)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="appointment_seat_once", fields=["window", "day", "begins", "seat"], condition=Q(cancelled_at=None)
            ),
            models.UniqueConstraint(
                name="appointment_one_of_a_party",
                fields=["window", "day", "party"],
                condition=Q(cancelled_at=None, came_at=None, missed_at=None, party__isnull=False),
            ),
            # Somebody of whom no record is kept yet: known by name and telephone.
            models.UniqueConstraint(
                name="appointment_one_of_a_caller",
                fields=["window", "day", "name", "telephone_blind"],
                condition=Q(cancelled_at=None, came_at=None, missed_at=None, party=None),
            ),
            models.CheckConstraint(name="appointment_has_a_seat", condition=Q(seat__gte=1, seat__lte=MOST_SEATS)),
            models.CheckConstraint(name="appointment_lasts", condition=Q(ends__gt=F("begins"))),
            models.CheckConstraint(name="appointment_names_somebody", condition=~Q(name="") & ~Q(telephone="")),
            models.CheckConstraint(name="appointment_matter_is_known", condition=Q(matter__in=tuple(PURPOSES))),
            models.CheckConstraint(
                name="appointment_ends_once", condition=Q(cancelled_at=None) | Q(came_at=None, missed_at=None)
            ),
        ]
        indexes = [models.Index(name="appointment_by_party", fields=["party", "-day"])]
        ordering = ("day", "begins", "seat")

    if TYPE_CHECKING:
        window_id: int
        party_id: int | None
        baunit_id: int | None
        made_by_id: int | None

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """预约号: by which it is told at the counter."""
        return f"YY{self.day:%Y%m%d}-{self.pk:05d}"

    @property
    def purpose(self) -> str:
        return PURPOSES[self.matter]

    @property
    def slot(self) -> str:
        return f"{self.begins:%H:%M}—{self.ends:%H:%M}"

    @property
    def is_open(self) -> bool:
        return self.cancelled_at is None and self.came_at is None and self.missed_at is None

    @property
    def state(self) -> str:
        """已预约、已到、未到 or 已取消, by the facts."""
        if self.cancelled_at is not None:
            return "已取消"
        if self.came_at is not None:
            return "已到"
        return "已预约" if self.missed_at is None else "未到"

    @property
    def about(self) -> str:
        """Of what the telephone is sealed: it opens nowhere else."""
        return f"registry.appointment:{self.window_id}:{self.day}:{self.begins:%H:%M}:{self.seat}"
