"""The API of the comparison of zones: what only one side orders."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.api_types import WITHOUT_NUL, Cursor, Size, Slug
from ronghe.kernel.paging import page
from ronghe.policy import queries
from ronghe.policy.comparing import ALIKE
from ronghe.policy.models import OrderedTask
from ronghe.policy.permissions import PLAN_VIEW

from ..queries.experiences import published_experiences

router = Router(tags=["比较"])


class TopicCountsOut(Schema):
    """一个领域里各试验区的任务数."""

    topic: int | None = Field(description="国家方案十一项试验任务的序号；空：不属于十一项")
    tasks: dict[str, int] = Field(description="试验区 → 任务数")


class NearestOut(Schema):
    """对方用字最相近的任务."""

    id: int
    zone: str
    clause: str
    title: str


class AloneOut(Schema):
    """对方没有相近任务的一项任务."""

    id: int
    zone: str
    clause: str
    title: str
    topic: int | None
    similarity: float = Field(description="和对方最相近的任务的相近度，0 至 1")
    nearest: NearestOut | None
    experiences: list[int] = Field(description="这项任务已公布的典型经验")
    experiences_of_topic: int = Field(description="同领域其他任务已公布的典型经验条数")


class MeasuresComparedOut(Schema):
    """一个试验区和其他试验区的比较."""

    threshold: float = Field(description="相近度不到这个数的，列为没有相近任务")
    topics: list[TopicCountsOut]
    items: list[AloneOut]
    next: str | None = Field(description="下一页的翻页标记")


class MeasuresQuery(Schema):
    """比较哪一面、怎样收窄."""

    side: Literal["theirs", "ours"] = Field("theirs", description="theirs：他区有而本区没有；ours：本区独有")
    topic: Annotated[int, Field(ge=0, le=11, description="0：不属于十一项")] | None = None
    other: str = Field("", max_length=40, pattern=WITHOUT_NUL, description="只看这个试验区的")
    text: str = Field("", max_length=100, pattern=WITHOUT_NUL)


@router.get("/zones/{slug:slug}/comparison", response=MeasuresComparedOut, summary="和其他试验区比较")
@allows(PLAN_VIEW)
def get_comparison(
    request: HttpRequest, slug: Slug, asked: Query[MeasuresQuery], cursor: Cursor = None, size: Size = 50
) -> Any:
    """What others order and this zone does not, or what it alone orders, the most foreign first."""
    actor = actor_of(request)
    zone = queries.zone(slug, actor=actor)
    found = queries.measures_compared(zone, side=asked.side, actor=actor)
    wanted = queries.TaskFilter(text=asked.text, topic=asked.topic)
    rows = queries.tasks_alone(found, wanted=wanted, zone=asked.other, actor=actor)
    listed = page(rows, order=("place", "pk"), cursor=cursor, size=size)
    zones, topics = queries.measures_by_topic(actor)
    experiences = published_experiences(actor)

    def alone(task: OrderedTask) -> dict[str, Any]:
        near, told = found.nearest_to(task.pk), experiences.told_of(task)
        return {
            "id": task.pk,
            "zone": task.zone_id,
            "clause": task.clause.label,
            "title": task.title,
            "topic": task.topic_id,
            "similarity": round(found.alone[task.pk].similarity, 4),
            "nearest": near and {"id": near.pk, "zone": near.zone_id, "clause": near.clause.label, "title": near.title},
            "experiences": [one.pk for one in told.own],
            "experiences_of_topic": told.others,
        }

    return {
        "threshold": ALIKE,
        "topics": [
            {
                "topic": row.topic.code if row.topic else None,
                "tasks": {zone.slug: count for zone, count in zip(zones, row.counts, strict=True)},
            }
            for row in topics
        ],
        "items": [alone(task) for task in listed.rows],
        "next": listed.next,
    }
