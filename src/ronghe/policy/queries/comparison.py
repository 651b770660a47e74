"""Measures of all zones side by side, through the eyes of one actor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Count, F, Func, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from ronghe.kernel.actors import Actor

from ..comparing import Likeness, Measure, sides
from ..models import OrderedTask, Topic, Zone
from .plans import TaskFilter, narrowed, with_parts, zones_by_name

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Placed(TypedDict):
        place: int

    PlacedTask = WithAnnotations[OrderedTask, Placed]

Side = Literal["theirs", "ours"]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic with the number of measures of each zone, in the order of the zones; ``topic`` None is none of the eleven."""

    topic: Topic | None
    counts: tuple[int, ...]


def measures_by_topic(actor: Actor) -> tuple[list[Zone], list[TopicRow]]:
    """各试验区 × 领域: how many measures each zone orders in each topic; the row of none only where one has some."""
    zones = list(zones_by_name(actor))
    counted = OrderedTask.objects.visible_to(actor).order_by().values_list("zone", "topic").annotate(n=Count("pk"))
    found: dict[tuple[str, int | None], int] = {(zone, topic): n for zone, topic, n in counted}

    def row(topic: Topic | None) -> TopicRow:
        code = topic.code if topic else None
        return TopicRow(topic, tuple(found.get((zone.slug, code), 0) for zone in zones))

    rows = [row(topic) for topic in (*Topic.objects.all(), None)]
    return zones, [one for one in rows if one.topic or any(one.counts)]


@dataclass(frozen=True, slots=True)
class MeasuresCompared:
    """What only one side orders: the measures with their likeness by task, and the nearest tasks of the other side.

    ``compared`` measures were set ``against`` so many of the other side.
    """

    side: Side
    alone: Mapping[int, Likeness]
    compared: int
    against: int
    nearest: Mapping[int, OrderedTask]

    def nearest_to(self, task_id: int) -> OrderedTask | None:
        """The task of the other side that is worded most like this one; None when no word is shared."""
        near = self.alone[task_id].nearest
        return self.nearest[near.id] if near else None


def measures_compared(zone: Zone, *, side: Side, actor: Actor) -> MeasuresCompared:
    """What other zones order and ``zone`` does not (``theirs``), or what it alone orders (``ours``).

    Where no other zone orders anything, nothing is its own alone: there is nobody to compare with.
    """
    rows = OrderedTask.objects.visible_to(actor).order_by("zone", "order", "pk")
    measures = [Measure(*row[:3], tuple(row[3])) for row in rows.values_list("pk", "zone", "title", "keywords")]
    both = sides(zone.slug, measures)
    found, others = (both.theirs, both.ours) if side == "theirs" else (both.ours, both.theirs)
    alone = {one.measure.id: one for one in found if one.stands_alone and both.theirs}
    named = {one.nearest.id for one in alone.values() if one.nearest}
    near = OrderedTask.objects.visible_to(actor).filter(pk__in=named).select_related("clause", "zone")
    return MeasuresCompared(side, alone, len(found), len(others), {task.pk: task for task in near})


def tasks_alone(found: MeasuresCompared, *, wanted: TaskFilter, zone: str = "", actor: Actor) -> "QuerySet[PlacedTask]":
    """The tasks of what only one side orders, narrowed; ``place`` orders them by likeness, the most foreign first."""
    ids = sorted(found.alone, key=lambda one: (found.alone[one].similarity, one))
    rows = OrderedTask.objects.visible_to(actor).filter(pk__in=ids)
    if zone:
        rows = rows.filter(zone=zone)
    listed = Cast(Value(ids), ArrayField(BigIntegerField()))
    place = Func(listed, F("pk"), function="array_position", output_field=IntegerField())
    return with_parts(narrowed(rows, wanted)).select_related("zone", "clause__document").annotate(place=place)
