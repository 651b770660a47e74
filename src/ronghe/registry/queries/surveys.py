"""Reads of survey batches: the list with how far each place has come, one batch with its parcels and findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.models import Division
from ronghe.kernel.spatial import crs
from ronghe.kernel.spatial.drawing import Outline

from ..errors import SurveyNotFound
from ..models import SurveyAttempt, SurveyBatch, SurveyedParcel, SurveyFinding

#: As many parcels are drawn on the page of a batch.
MOST_DRAWN = 1_200
FILLS = {"": "#cfe6d3", "note": "#f5e3b3", "person": "#f0b860", "fault": "#d9483b"}
#: Colour never alone: the mark that the title of an outline begins with.
LEVEL_WORDS = {"": "通过", "note": "请留意", "person": "待人工判定", "fault": "有错"}


def batches(
    actor: Actor,
    *,
    text: str = "",
    kind: str = "",
    state: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[SurveyBatch]:
    """Batches, newest first; ``since`` and ``until`` are days of the survey."""
    rows = SurveyBatch.objects.visible_to(actor).select_related("division", "user")
    if text:
        inside = SurveyedParcel.objects.filter(division=text).values("batch")
        named = Q(division__name__icontains=text) | Q(title__icontains=text) | Q(division=text)
        rows = rows.filter(named | Q(pk__in=inside))
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if since:
        rows = rows.filter(surveyed_on__gte=since)
    return rows.filter(surveyed_on__lte=until) if until else rows


def batch(batch_id: int, *, actor: Actor) -> SurveyBatch:
    """One batch. Raises: SurveyNotFound."""
    rows = SurveyBatch.objects.visible_to(actor).select_related("division", "case", "job", "user", "survey")
    found = rows.filter(pk=batch_id).first()
    if found is None:
        raise SurveyNotFound(batch=batch_id)
    return found


def attempts(of: SurveyBatch) -> list[SurveyAttempt]:
    """What was given for a batch, the last first."""
    return list(of.attempts.select_related("user").order_by("-number"))


_BY_GRAVITY = Case(
    When(level="fault", then=Value(0)),
    When(level="person", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def findings(
    of: SurveyBatch, *, actor: Actor, level: str = "", kind: str = "", settled: str = "", number: int | None = None
) -> QuerySet[SurveyFinding]:
    """What was found, the gravest first."""
    rows = SurveyFinding.objects.visible_to(actor).filter(batch=of).select_related("settled_by")
    if level:
        rows = rows.filter(level=level)
    if kind:
        rows = rows.filter(kind=kind)
    if settled:
        rows = rows.filter(settled_at__isnull=settled == "no")
    if number is not None:
        rows = rows.filter(number=number)
    return rows.annotate(gravity=_BY_GRAVITY).order_by("gravity", "number", "pk")


def parcels(of: SurveyBatch, *, actor: Actor, text: str = "", level: str = "") -> QuerySet[SurveyedParcel]:
    """What is staged of a batch."""
    rows = SurveyedParcel.objects.visible_to(actor).filter(batch=of).select_related("division")
    if text:
        rows = rows.filter(
            Q(holders_text__icontains=text) | Q(code__startswith=text.upper()) | Q(ground_code__startswith=text.upper())
            | Q(location__icontains=text)
        )  # fmt: skip
    return rows.filter(level=level) if level else rows


@dataclass(frozen=True, slots=True)
class ToJudge:
    """待判定的一类: the findings of one kind that wait for a person, the first of them."""

    kind: str
    count: int
    first: Sequence[SurveyFinding]


def to_judge(of: SurveyBatch, *, actor: Actor, most: int = 30) -> list[ToJudge]:
    """What waits for a person, by kind."""
    waiting = findings(of, actor=actor, level="person", settled="no")
    kinds = waiting.order_by("kind").values_list("kind").annotate(count=Count("pk"))
    return [
        ToJudge(kind, count, list(waiting.filter(kind=kind).order_by("number", "pk")[:most])) for kind, count in kinds
    ]


def drawn(of: SurveyBatch, *, actor: Actor, address: Any) -> list[Outline]:
    """Parcels of a batch to draw, those with faults first. Args: ``address`` gives the findings of one."""
    rows = parcels(of, actor=actor).filter(geometry__isnull=False).annotate(gravity=_BY_GRAVITY)
    return [
        Outline(
            str(row.number), f"第 {row.number} 宗", row.geometry, label="", fill=FILLS[row.level],
            title=f"第 {row.number} 宗 {row.holders_text}：{LEVEL_WORDS[row.level]}",
            href=address(row.number) if row.level else "", css=f"parcel-{row.level or 'good'}",
        )
        for row in rows.order_by("gravity", "number")[:MOST_DRAWN]
    ]  # fmt: skip


def places(actor: Actor) -> QuerySet[Division]:
    """Where the actor may bring a survey from: villages, and what lies above them up to its own division."""
    rows = Division.objects.below(actor.division or "").filter(level__in=("village", "town", "county"), is_local=False)
    return rows.select_related("parent").order_by("code")


def systems(longitude: float | None = None) -> list[tuple[str, str]]:
    """Coordinate systems to choose from."""
    return crs.choices(longitude)
