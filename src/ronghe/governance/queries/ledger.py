"""Reads of the ledger of tasks: narrowed, with the light of each on a day, counted by what people ask for."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)

from ronghe.kernel.actors import Actor
from ronghe.kernel.regions.models import DivisionClosure, OrgUnit
from ronghe.policy.models import Zone
from ronghe.policy.queries import given_for
from ronghe.policy.rulebook import Given, rule_named

from ..errors import LedgerTaskNotFound
from ..models import Assignment, Extension, Node, ProgressReport, Sheet, Task, TaskPlace
from ..rules.ledger import IN_REVIEW, EscalationFacts, Light, LightFacts, Limits, State, limits_of, why_light

#: Lights by how urgent they are.
URGENT = (Light.OVERDUE, Light.BEHIND, Light.NEAR)


#: In addresses: the tasks that stand in no chapter of a document.
NO_CHAPTER = "-"


class LimitsMissing(Exception):
    """The national pack lacks the limits of lights: it is older than the program."""


def limits_for(zone: Zone, *, on: date) -> Limits:
    """The limits of lights and sheets of a zone on a day, by its parameters."""
    light, escalation = rule_named("governance.light"), rule_named("governance.escalation")
    values = [*given_for(light, [zone], on=on)[0].values(), *given_for(escalation, [zone], on=on)[0].values()]
    found = limits_of(Given(values))
    if found is None:
        raise LimitsMissing()
    return found


def _days(later: Any, earlier: Any) -> Func:
    """Whole days between two dates, counted by the database."""
    return Func(later, earlier, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


class _Day(Func):
    """A date as the database's own, so that the difference of two is a number of days."""

    template = "%(expressions)s::date"


def light_on(day: date, limits: Limits) -> Case:
    """The light of a task on a day, as ``rules.ledger.why_light`` says; a test holds the two together."""
    today, due, issued = _Day(Value(day.isoformat(), output_field=CharField())), F("due"), F("issued_on")
    share = limits.behind_by
    # gone − percent/100 > n/d, in whole numbers: gone·100·d > whole·(percent·d + 100·n).
    gone = _days(today, issued) * (100 * share.denominator)
    bound = _days(due, issued) * (F("percent") * share.denominator + 100 * share.numerator)
    return Case(
        When(state__in=[State.CLOSED.value, State.STOPPED.value, State.LISTED.value], then=Value(Light.NONE.value)),
        When(due=None, then=Value(Light.NORMAL.value)),
        When(state__in=[state.value for state in IN_REVIEW], applied_on__lte=F("due"), then=Value(Light.NORMAL.value)),
        When(due__lt=day, then=Value(Light.OVERDUE.value)),
        When(
            Q(issued_on__lt=F("due")) & Q(issued_on__lt=day) & Q(_Greater(gone, bound)), then=Value(Light.BEHIND.value)
        ),
        When(_Greater(Value(limits.near_days + 1), _days(due, today)), then=Value(Light.NEAR.value)),
        default=Value(Light.NORMAL.value),
        output_field=CharField(max_length=8),
    )


class _Greater(Func):
    template = "(%(expressions)s)"
    arg_joiner = " > "
    conditional = True

    def __init__(self, *parts: Any) -> None:
        from django.db.models import BooleanField

        super().__init__(*parts, output_field=BooleanField())


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What the ledger may be narrowed by; every field may be left empty."""

    text: str = ""
    unit: int | None = None
    duty: str = ""
    topic: int | None = None
    room: str = ""
    chapter: str = ""
    area: str = ""
    state: str = ""
    light: str = ""
    due_from: date | None = None
    due_to: date | None = None
    mine: int | None = None
    parts: str = ""
    needs_help: bool = False


def ledger(zone: Zone | None, *, actor: Actor, wanted: LedgerFilter, day: date, limits: Limits) -> QuerySet[Any]:
    """The tasks that the actor may see, of one zone or of all, narrowed, each with its ``light`` on the day."""
    rows = Task.objects.visible_to(actor)
    if zone is not None:
        rows = rows.filter(zone=zone)
    return narrowed(rows.annotate(light=light_on(day, limits)), wanted)


def narrowed(rows: QuerySet[Any], wanted: LedgerFilter) -> QuerySet[Any]:
    """Only the tasks that the filter wants."""
    if wanted.text:
        rows = rows.filter(Q(title__icontains=wanted.text) | Q(label=wanted.text))
    if wanted.unit is not None or wanted.duty or wanted.mine is not None:
        duties = Assignment.objects.filter(task=OuterRef("pk"), ended_at=None)
        for unit in (wanted.unit, wanted.mine):
            if unit is not None:
                duties = duties.filter(unit=unit)
        if wanted.duty:
            duties = duties.filter(duty=wanted.duty)
        rows = rows.filter(Exists(duties))
    plain = {
        "topic": wanted.topic, "room": wanted.room, "state": wanted.state,
        "light": wanted.light, "due__gte": wanted.due_from, "due__lte": wanted.due_to,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value not in (None, "")})
    if wanted.chapter:
        rows = rows.filter(chapter="" if wanted.chapter == NO_CHAPTER else wanted.chapter)
    if wanted.area:
        rows = rows.filter(holds_in(wanted.area))
    if wanted.parts:
        rows = rows.filter(parent__isnull=wanted.parts == "whole")
    return rows.filter(needs_help=True) if wanted.needs_help else rows


def holds_in(code: str) -> Q:
    """Tasks that hold in a division: one of their places is it, lies in it, or lies above it; without a place, everywhere."""
    above = DivisionClosure.objects.filter(descendant_id=code).values("ancestor_id")
    below = DivisionClosure.objects.filter(ancestor_id=code).values("descendant_id")
    places = TaskPlace.objects.filter(task=OuterRef("pk"))
    touching = places.filter(Q(division__in=above) | Q(division__in=below))
    return Q(Exists(touching)) | ~Q(Exists(places))


def with_units(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What a list shows of each task besides itself: its units; one query more."""
    units = Assignment.objects.filter(ended_at=None).select_related("unit").order_by("order")
    return rows.select_related("topic").prefetch_related(Prefetch("units", units))


def units_in(zone: Zone) -> QuerySet[OrgUnit]:
    """The units that have a duty in the ledger of a zone, by name."""
    given = Assignment.objects.filter(task__zone=zone, ended_at=None)
    return OrgUnit.objects.filter(pk__in=given.values("unit")).order_by("pinyin", "pk")


def facts_of(task: Task, *, day: date) -> LightFacts:
    """A task as the rule of lights takes it."""
    return LightFacts(
        on=day, state=State(task.state).title, due=task.due, issued_on=task.issued_on, percent=task.percent,
        applied_on=task.applied_on,
    )  # fmt: skip


def light_of(task: Task, *, day: date, limits: Limits) -> tuple[Light, str]:
    """The light of one task on a day, and why."""
    return why_light(facts_of(task, day=day), near_days=limits.near_days, behind_by=limits.behind_by)


def lights_of(*, day: date, wanted: Collection[Light]) -> Iterator[tuple[int, Light]]:
    """Of every zone the open tasks with one of these lights of which their units have not been told yet."""
    for zone in Zone.objects.filter(pk__in=Task.objects.order_by().values("zone").distinct()):
        rows: QuerySet[Any] = Task.objects.filter(zone=zone).annotate(light=light_on(day, limits_for(zone, on=day)))
        rows = rows.filter(light__in=[one.value for one in wanted]).exclude(reminded=F("light"))
        for pk, light in rows.order_by("pk").values_list("pk", "light"):
            yield pk, Light(light)


def task(task_id: int, *, actor: Actor) -> Any:
    """One task with everything its page shows. Raises: LedgerTaskNotFound."""
    rows = with_units(Task.objects.visible_to(actor)).select_related(
        "zone", "division", "parent", "ordered__clause__document", "decided_by__meeting"
    )
    found = rows.prefetch_related("places__division", "nodes").filter(pk=task_id).first()
    if found is None:
        raise LedgerTaskNotFound(task=task_id)
    return found


@dataclass(frozen=True, slots=True)
class TaskFile:
    """全卷 of a task: what was reported, moved, extended and chased."""

    reports: Sequence[ProgressReport]
    history: Sequence[Any]
    extensions: Sequence[Extension]
    sheets: Sequence[Sheet]
    parts: Sequence[Task]


def file_of(found: Task, *, day: date, limits: Limits, most: int = 100) -> TaskFile:
    """Everything that belongs to a task; a fixed number of queries."""
    reports = found.reports.select_related("unit", "user", "node").prefetch_related("files__blob")
    parts = with_units(Task.objects.filter(parent=found).annotate(light=light_on(day, limits)))
    return TaskFile(
        reports=list(reports[:most]),
        history=list(found.history.select_related("user", "org_unit", "case").order_by("-number")[:most]),
        extensions=list(found.extensions.select_related("case").order_by("pk")),
        sheets=list(found.sheets.select_related("unit", "paper").order_by("-pk")),
        parts=list(parts.order_by("order")),
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """One bar: what it counts, the whole, and how many show each light."""

    key: str
    label: str
    total: int
    closed: int
    lights: dict[str, int]


def tallied(rows: QuerySet[Any], by: str, label: str = "") -> list[Tally]:
    """Tasks counted by a column and by light, in the order of the column; one query. Args: ``label`` is a column too."""
    columns = [by, *([label] if label else [])]
    found: dict[str, Tally] = {}
    counted = rows.order_by().values_list(*columns, "light", "state").annotate(n=Count("pk")).order_by(by)
    for row in counted:
        key, light, state, n = row[0], row[-3], row[-2], row[-1]
        name = str("" if key is None else key)
        shown = str(row[1]) if label and row[1] is not None else name
        before = found.get(name) or Tally(name, shown, 0, 0, {})
        lights = {**before.lights, light: before.lights.get(light, 0) + n}
        closed = before.closed + (n if state == State.CLOSED else 0)
        found[name] = Tally(name, shown, before.total + n, closed, lights)
    return list(found.values())


def tallied_by_unit(rows: QuerySet[Any], *, most: int) -> list[Tally]:
    """Tasks by the units that answer for them (lead and responsible), the most urgent first; one query."""
    duties = Assignment.objects.filter(task__in=rows.order_by().values("pk"), ended_at=None).exclude(duty="cooperating")
    lights = rows.order_by().values_list("pk", "light", "state")
    of = {pk: (light, state) for pk, light, state in lights}
    found: dict[int, tuple[str, dict[int, tuple[str, str]]]] = {}
    for unit, name, pk in duties.values_list("unit_id", "unit__name", "task_id"):
        found.setdefault(unit, (name, {}))[1][pk] = of[pk]
    counts = []
    for unit, (name, tasks) in found.items():
        lit: dict[str, int] = {}
        for light, _ in tasks.values():
            lit[light] = lit.get(light, 0) + 1
        closed = sum(1 for _, state in tasks.values() if state == State.CLOSED)
        counts.append(Tally(str(unit), name, len(tasks), closed, lit))
    counts.sort(key=lambda c: (*(-c.lights.get(light.value, 0) for light in URGENT), -c.total, c.label))
    return counts[:most]


def nodes_between(rows: QuerySet[Any], first: date, last: date) -> QuerySet[Node]:
    """The nodes of tasks that fall between two days."""
    found = Node.objects.filter(task__in=rows.order_by().values("pk"), due__range=(first, last))
    return found.select_related("task").order_by("due", "task__order", "order")


@dataclass(frozen=True, slots=True)
class SheetDue:
    """Which rank of sheet the rule asks for now, 0 for none, and why."""

    rank: int
    why: str


def sheet_due(task: Task, *, running: Sequence[Sheet], here_light: Light, zone: Zone, day: date) -> SheetDue:
    """What the rule of escalation says of a task (督办单的级别)."""
    found = rule_named("governance.escalation")
    last = max(running, key=lambda sheet: sheet.rank, default=None)
    facts = EscalationFacts(
        light=here_light.title,
        running_rank=last.rank if last else None,
        is_unanswered=bool(last and last.state == Sheet.State.OPEN and last.reply_by < day),
    )
    ruling = found.function(facts, given_for(found, [zone], on=day)[0])
    return SheetDue(ruling.value or 0, "；".join(step.finding for step in ruling.steps))
