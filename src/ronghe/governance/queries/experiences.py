"""典型经验 beside tasks: what is published of a task, and of its topic."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ronghe.kernel.actors import Actor
from ronghe.policy.models import OrderedTask

from ..models import Experience


@dataclass(frozen=True, slots=True)
class Told:
    """The published experiences of a task, and how many others there are in its topic."""

    own: Sequence[Experience]
    others: int

    def __str__(self) -> str:
        """As a workbook says it."""
        parts = ["；".join(one.title for one in self.own), f"同领域 {self.others} 条" if self.others else ""]
        return "；".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Experiences:
    """Published experiences: of a task, and how many of a topic (None: of none of the eleven)."""

    of_task: Mapping[int, Sequence[Experience]]
    of_topic: Mapping[int | None, int]

    def told_of(self, task: OrderedTask) -> Told:
        """What was learned with a task and near it."""
        own = self.of_task.get(task.pk, ())
        return Told(own, self.of_topic.get(task.topic_id, 0) - len(own))


def published_experiences(actor: Actor) -> Experiences:
    """Those that name a task which the actor may see."""
    tasks = OrderedTask.objects.visible_to(actor)
    rows = Experience.objects.visible_to(actor).filter(state="published", ended_at=None, task__in=tasks)
    of_task: dict[int, list[Experience]] = {}
    of_topic: Counter[int | None] = Counter()
    for one in rows.select_related("task").order_by("pk"):
        of_task.setdefault(one.task_id, []).append(one)
        of_topic[one.task.topic_id] += 1
    return Experiences(of_task, of_topic)
