"""Tables of the record of acts. Nothing here is ever changed or removed; the database refuses it to everybody."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q

from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.db import AppendOnly, Queue

#: The one role that reads the record (see ``accounts.roles``; the audit room knows no other role).
AUDITOR_ROLE = "auditor"


if TYPE_CHECKING:
    _IntField = models.Field[int, int]
else:
    _IntField = models.Field


class Xid8Field(_IntField):
    """A PostgreSQL transaction number with its epoch (``xid8``): it never wraps around."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class EventQuerySet(models.QuerySet["Event"]):
    """The record is read by auditors alone; this room lies below the divisions and asks their closure by name.

    An auditor sees the events of the division of its grant and all below, and every event without a division:
    those concern the platform itself (loading of packs, logins without a post, sealing) and hold no local matter.
    """

    def visible_to(self, actor: Actor) -> "EventQuerySet":
        """The events that ``actor`` may see; none unless it is an auditor."""
        if actor.role == SYSTEM_ROLE:
            return self.all()
        if actor.role != AUDITOR_ROLE or actor.division is None:
            return self.none()
        closure = apps.get_model("regions", "DivisionClosure").objects.filter(ancestor_id=actor.division)
        return self.filter(Q(division__in=closure.values("descendant_id")) | Q(division=""))


class Event(AppendOnly):
    """事件 (审计记录): who did what to which subject, and when; ids, codes and numbers only, no personal values.

    Users, units, parties and divisions are plain numbers and codes, not foreign keys: the record must not depend on
    any other table, and nothing references it, so that it may be partitioned by time.
    ``txid`` is written by the database (trigger), whatever the client says: the sealer relies on it.
    Source: 网络安全法 第二十一条第三项 (日志留存不少于六个月); GB/T 22239-2019 安全审计.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("时间")
    verb = models.CharField("行为", max_length=80)
    subject_type = models.CharField("对象类型", max_length=80)
    subject_id = models.CharField("对象编号", max_length=64)
    user_id = models.BigIntegerField("用户", null=True)
    role = models.CharField("岗位", max_length=24)
    org_unit_id = models.BigIntegerField("单位", null=True)
    on_behalf_of_id = models.BigIntegerField("代表的权利人", null=True)
    division = models.CharField("区划", max_length=24, default="", blank=True)
    facts = models.JSONField("事实", default=dict)
    txid = Xid8Field("事务号", db_default=Func(function="pg_current_xact_id"), editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="event_verb_names_room_thing_and_act",
                condition=Q(verb__regex=r"^[a-z_]+(\.[a-z_]+){1,3}$"),
            ),
            # Neither infinity nor another era: whatever stands here must have one spelling.
            models.CheckConstraint(
                name="event_time_is_of_our_age",
                condition=Q(at__gte=datetime(2000, 1, 1, tzinfo=UTC), at__lt=datetime(3000, 1, 1, tzinfo=UTC)),
            ),
        ]
        indexes = [
            models.Index(name="event_by_time", fields=["at", "id"]),
            models.Index(name="event_by_verb", fields=["verb", "at", "id"]),
            models.Index(name="event_by_user", fields=["user_id", "at", "id"]),
            models.Index(name="event_by_subject", fields=["subject_type", "subject_id", "id"]),
            models.Index(name="event_by_division", fields=["division", "at", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}:{self.subject_id}"


class Waiting(Queue):
    """待封存: the events that have no position yet; filled by trigger, emptied by the sealer.

    With it the sealer needs no search through the whole record, and no assumption about the order of ids or
    transaction numbers, which start anew when a database is restored into another cluster. Triggers let only events
    without a position enter, and only events with one leave. Whoever switches them off may leave an event that is
    neither sealed nor waiting: verification reports it, and ``services.take_back`` lets it wait again.
    """

    event_id = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "audit_waiting"


class Block(AppendOnly):
    """封存块: a run of sealed events, linked to the block before by its SM3 hash.

    The database refuses a block that does not follow the last one, or whose positions are not all there.
    """

    number = models.BigIntegerField("块号", primary_key=True)
    first = models.BigIntegerField("起始位置")
    last = models.BigIntegerField("截止位置")
    previous_hash = models.BinaryField("上一块摘要", max_length=32)
    hash = models.BinaryField("本块摘要", max_length=32)
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        constraints = [
            models.CheckConstraint(name="block_number_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="block_holds_some_positions", condition=Q(last__gte=F("first"))),
            models.UniqueConstraint(name="block_starts_once", fields=["first"]),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 块"


class SealedEvent(AppendOnly):
    """封存位置: the gap-free position of an event, and the SM3 digest that it had when it was sealed.

    ``event_id`` is a plain number, not a foreign key: a partitioned table of events cannot be referenced, and the
    position must survive to testify even when somebody has destroyed the event.
    """

    position = models.BigIntegerField("位置", primary_key=True)
    event_id = models.BigIntegerField("事件")
    block = models.ForeignKey(Block, models.PROTECT, related_name="sealed", verbose_name="封存块")
    digest = models.BinaryField("事件摘要", max_length=32)

    class Meta:
        constraints = [
            models.CheckConstraint(name="sealed_position_from_one", condition=Q(position__gte=1)),
            models.UniqueConstraint(name="sealed_event_once", fields=["event_id"]),
        ]


class Verification(AppendOnly):
    """核验记录: what a run of ``ronghe audit verify`` found, for the auditors' page."""

    at = models.DateTimeField("核验时间")
    user_id = models.BigIntegerField("核验人", null=True)
    blocks = models.BigIntegerField("块数")
    positions = models.BigIntegerField("位置数")
    waiting = models.BigIntegerField("待封存数")
    fault_count = models.BigIntegerField("问题数")
    faults = models.JSONField("问题", default=list)  # the first hundred
    against = ArrayField(models.BigIntegerField(), default=list, verbose_name="对照的已导出封存")

    class Meta:
        indexes = [models.Index(name="verification_by_time", fields=["at"])]
