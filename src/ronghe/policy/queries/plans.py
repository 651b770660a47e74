"""Reads of zones, documents, clauses and ordered tasks. Each takes the actor whose eyes it looks through."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import NotFound
from ronghe.kernel.regions.models import Division, DivisionClosure, OrgUnit
from ronghe.kernel.regions.queries import groups_with

from ..models import (
    AnnexRow,
    Clause,
    Discrepancy,
    Duty,
    OrderedTask,
    PolicyDocument,
    TaskArea,
    TaskUnit,
    Topic,
    Zone,
)

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Tasks(TypedDict):
        task_count: int

    class Duties(Tasks):
        lead_count: int
        responsible_count: int
        cooperating_count: int

    CountedZone = WithAnnotations[Zone, Tasks]
    CountedUnit = WithAnnotations[OrgUnit, Duties]


class ZoneNotFound(NotFound):
    """No zone of this name that the actor may see."""

    code = "policy.zone_not_found"
    message = "没有名为“{slug}”的试验区，或它尚未公布。请从首页选择试验区。"


class TaskNotFound(NotFound):
    """No task of this number that the actor may see."""

    code = "policy.task_not_found"
    message = "没有编号为 {task_id} 的任务，或它所在的试验区尚未公布。"


class DocumentNotFound(NotFound):
    """No document of this key in the zone."""

    code = "policy.document_not_found"
    message = "试验区“{slug}”没有标识为“{key}”的文件。"


class UnitNotFound(NotFound):
    """No unit of this number that any document of the zone names."""

    code = "policy.unit_not_found"
    message = "试验区“{slug}”的文件里没有编号为 {unit_id} 的单位。"


def zones(actor: Actor) -> "QuerySet[CountedZone]":
    """The zones that the actor may see, with the number of their tasks."""
    counted = Zone.objects.visible_to(actor).annotate(task_count=Count("tasks", distinct=True)).order_by("slug")
    return cast("QuerySet[CountedZone]", counted)


def parent_seen_by(actor: Actor) -> "Prefetch[str, QuerySet[Zone], str]":
    """The zone above, for ``prefetch_related``: ``zone.parent`` is None where the actor may not see it."""
    return Prefetch("parent", Zone.objects.visible_to(actor))


def zones_by_name(actor: Actor) -> QuerySet[Zone]:
    """The zones that the actor may see, for choosing one: every page asks this, so it counts nothing."""
    return Zone.objects.visible_to(actor).order_by("slug")


def zone(slug: str, *, actor: Actor) -> Zone:
    """One zone. Raises: ZoneNotFound."""
    rows = Zone.objects.visible_to(actor).select_related("seat").prefetch_related(parent_seen_by(actor))
    found = rows.filter(slug=slug).first()
    if found is None:
        raise ZoneNotFound(slug=slug)
    return found


def documents(zone: Zone, *, actor: Actor) -> QuerySet[PolicyDocument]:
    """The zone's documents with the number of clauses and tasks."""
    return (
        PolicyDocument.objects.visible_to(actor)
        .filter(zone=zone)
        .annotate(clause_count=Count("clauses", distinct=True), task_count=Count("clauses__tasks", distinct=True))
        .order_by("date_made", "pk")
    )


def document(zone: Zone, key: str, *, actor: Actor) -> PolicyDocument:
    """One document of the zone. Raises: DocumentNotFound."""
    found = documents(zone, actor=actor).filter(key=key).first()
    if found is None:
        raise DocumentNotFound(slug=zone.slug, key=key)
    return found


@dataclass(frozen=True, slots=True)
class Node:
    """One clause in the tree, with its tasks and how many lie in and below it."""

    clause: Clause
    tasks: tuple[OrderedTask, ...]
    children: tuple["Node", ...]

    @property
    def task_count(self) -> int:
        return len(self.tasks) + sum(child.task_count for child in self.children)


def clause_tree(document: PolicyDocument, *, actor: Actor) -> tuple[Node, ...]:
    """The document's clauses as a tree, in the order of the document; two queries."""
    rows = Clause.objects.visible_to(actor).filter(document=document).order_by("order")
    clauses = list(rows.prefetch_related(Prefetch("tasks", with_parts(OrderedTask.objects.visible_to(actor)))))
    children: dict[int | None, list[Clause]] = {}
    for clause in clauses:
        children.setdefault(clause.parent_id, []).append(clause)

    def node(clause: Clause) -> Node:
        return Node(clause, tuple(clause.tasks.all()), tuple(node(c) for c in children.get(clause.pk, [])))

    return tuple(node(clause) for clause in children.get(None, []))


#: Lead before responsible before cooperating: the order in which documents name them.
_LEAD_FIRST = Case(*(When(duty=duty, then=place) for place, duty in enumerate(Duty)))


def with_parts(tasks: QuerySet[OrderedTask]) -> QuerySet[OrderedTask]:
    """What a list of tasks shows of each: clause, topic, units, milestones, areas; a fixed number of queries."""
    return tasks.select_related("clause", "topic").prefetch_related(
        Prefetch("units", TaskUnit.objects.select_related("unit").order_by(_LEAD_FIRST, "order")),
        "milestones",
        "areas",
    )


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What a list of tasks may be narrowed by; every field may be left empty. Topic 0 are tasks of none of the eleven."""

    text: str = ""
    topic: int | None = None
    room: str = ""
    unit: int | None = None
    duty: str = ""
    area: str = ""
    due_from: date | None = None
    due_to: date | None = None
    document: str = ""
    chapter: str = ""


def tasks(zone: Zone, *, actor: Actor, wanted: TaskFilter | None = None) -> QuerySet[OrderedTask]:
    """The zone's tasks, narrowed as wanted, each with its parts."""
    rows = OrderedTask.objects.visible_to(actor).filter(zone=zone)
    return with_parts(narrowed(rows, wanted or TaskFilter()))


def narrowed(rows: QuerySet[OrderedTask], wanted: TaskFilter) -> QuerySet[OrderedTask]:
    """Only the tasks that the filter wants."""
    if wanted.text:
        rows = rows.alias(words=KEYWORDS).filter(
            named(wanted.text)
            | Q(clause__label=wanted.text)
            | Exists(
                TaskUnit.objects.filter(task=OuterRef("pk")).filter(
                    Q(unit__name__icontains=wanted.text) | Q(written__icontains=wanted.text)
                )
            )
        )
    if wanted.topic is not None:
        rows = rows.filter(topic=wanted.topic or None)
    if wanted.room:
        rows = rows.filter(room=wanted.room)
    if wanted.unit is not None or wanted.duty:
        duties = TaskUnit.objects.filter(task=OuterRef("pk"))
        if wanted.unit is not None:
            duties = duties.filter(unit=wanted.unit)
        if wanted.duty:
            duties = duties.filter(duty=wanted.duty)
        rows = rows.filter(Exists(duties))
    if wanted.area:
        rows = rows.filter(Exists(areas_touching(wanted.area).filter(task=OuterRef("pk"))))
    if wanted.due_from is not None:
        rows = rows.filter(due__gte=wanted.due_from)
    if wanted.due_to is not None:
        rows = rows.filter(due__lte=wanted.due_to)
    if wanted.document:
        rows = rows.filter(clause__document__key=wanted.document)
    if wanted.chapter:
        rows = rows.filter(clause__path__0=wanted.chapter)
    return rows


#: The keywords of a task as one text, for searching: ``tasks.alias(words=KEYWORDS)``.
KEYWORDS = Func("keywords", Value("\n"), function="array_to_string", output_field=CharField())


def named(text: str) -> Q:
    """Tasks (with their ``words`` as alias) whose title or one of whose keywords holds ``text``."""
    return Q(title__icontains=text) | Q(words__icontains=text)


def areas_touching(code: str) -> QuerySet[TaskArea]:
    """Areas that hold in the division: it, what lies above it (全市), or what lies in it (历城区港沟街道)."""
    above = DivisionClosure.objects.filter(descendant_id=code).values("ancestor_id")
    below = DivisionClosure.objects.filter(ancestor_id=code).values("descendant_id")
    return TaskArea.objects.filter(Q(divisions__in=above) | Q(divisions__in=below))


def task(task_id: int, *, actor: Actor) -> OrderedTask:
    """One task with everything that its page shows. Raises: TaskNotFound."""
    rows = OrderedTask.objects.visible_to(actor).filter(pk=task_id)
    found = (
        with_parts(rows)
        .select_related("zone", "clause__document", "clause__parent", "topic")
        .prefetch_related("areas__divisions")
        .first()
    )
    if found is None:
        raise TaskNotFound(task_id=task_id)
    return found


@dataclass(frozen=True, slots=True)
class AreaCount:
    """How many tasks name an area that holds in the division."""

    division: Division
    tasks: int


def tasks_by_area(zone: Zone, *, actor: Actor) -> tuple[list[AreaCount], int]:
    """For each division of the zone the number of tasks that hold there, and how many tasks name no area.

    A task that names no area holds in the whole zone; it is counted apart, so that the map does not claim more than
    the document says.
    """
    own = OrderedTask.objects.visible_to(actor).filter(zone=zone)
    divisions = list(zone.divisions.order_by("is_local", "code"))
    named = TaskArea.divisions.through.objects.filter(taskarea__task__in=own)
    tasks_at: dict[str, set[int]] = {}
    for division_id, task_id in named.values_list("division_id", "taskarea__task_id"):
        tasks_at.setdefault(division_id, set()).add(task_id)
    ours = {d.code for d in divisions}
    touching: dict[str, set[int]] = {code: set() for code in ours}
    related = DivisionClosure.objects.filter(
        Q(ancestor__in=ours, descendant__in=tasks_at) | Q(descendant__in=ours, ancestor__in=tasks_at)
    )
    for above, below in related.values_list("ancestor_id", "descendant_id"):
        for code, other in ((above, below), (below, above)):
            if code in ours:
                touching[code] |= tasks_at.get(other, set())
    counts = [AreaCount(division, len(touching[division.code])) for division in divisions]
    return counts, own.filter(areas=None).count()


@dataclass(frozen=True, slots=True)
class Tally:
    """One bar of a chart: what it counts, how many, and the filter that lists them."""

    key: str
    label: str
    count: int


def tasks_by_topic(zone: Zone, *, actor: Actor) -> list[Tally]:
    """Tasks by the eleven topics of the national plan, all eleven shown, then those of none."""
    own = OrderedTask.objects.visible_to(actor).filter(zone=zone)
    found: dict[int | None, int] = dict(own.order_by().values_list("topic").annotate(n=Count("pk")))
    tallies = [Tally(str(t.code), t.title, found.get(t.code, 0)) for t in Topic.objects.all()]
    return [*tallies, Tally("", "不属于十一项", found[None])] if None in found else tallies


def tasks_by_year(zone: Zone, *, actor: Actor) -> list[Tally]:
    """Tasks by the year of their last deadline; those without one come last."""
    own = OrderedTask.objects.visible_to(actor).filter(zone=zone)
    rows = own.order_by("due__year").values_list("due__year").annotate(n=Count("pk"))
    return [Tally(str(year or ""), f"{year} 年" if year else "未定时限", n) for year, n in rows]


def clause_lineage(clause: Clause) -> list[Clause]:
    """The clause with everything above it, outermost first; one query."""
    labels = ["".join(clause.path[:n]) for n in range(1, len(clause.path) + 1)]
    return list(Clause.objects.filter(document=clause.document_id, label__in=labels).order_by("depth"))


def neighbours(task: OrderedTask, *, actor: Actor) -> tuple[OrderedTask | None, OrderedTask | None]:
    """The tasks before and after this one in the order of the document."""
    own = OrderedTask.objects.visible_to(actor).filter(zone=task.zone_id).select_related("clause")
    before = own.filter(order__lt=task.order).order_by("-order").first()
    return before, own.filter(order__gt=task.order).order_by("order").first()


def units(zone: Zone, *, actor: Actor, text: str = "", kind: str = "") -> "QuerySet[CountedUnit]":
    """The units that the zone's tasks name, with how many tasks each leads, answers for, and helps with."""
    named = TaskUnit.objects.filter(task__zone=zone, task__in=OrderedTask.objects.visible_to(actor))
    of = OuterRef("pk")

    def counted(duty: str | None) -> Coalesce:
        rows = named.filter(unit=of) if duty is None else named.filter(unit=of, duty=duty)
        total = rows.order_by().values("unit").annotate(n=Count("task", distinct=True)).values("n")
        return Coalesce(Subquery(total, output_field=IntegerField()), 0)

    rows = OrgUnit.objects.visible_to(actor).filter(Exists(named.filter(unit=of)))
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(aliases__icontains=text))
    if kind:
        rows = rows.filter(kind=kind)
    counted_rows = rows.select_related("division").annotate(
        task_count=counted(None),
        lead_count=counted(Duty.LEAD),
        responsible_count=counted(Duty.RESPONSIBLE),
        cooperating_count=counted(Duty.COOPERATING),
    )
    return cast("QuerySet[CountedUnit]", counted_rows)


def unit(zone: Zone, unit_id: int, *, actor: Actor) -> "CountedUnit":
    """One unit of the zone. Raises: UnitNotFound."""
    found = units(zone, actor=actor).filter(pk=unit_id).first()
    if found is None:
        raise UnitNotFound(slug=zone.slug, unit_id=unit_id)
    return found


def tasks_of_units(zone: Zone, unit_ids: Iterable[int], *, actor: Actor) -> QuerySet[OrderedTask]:
    """All tasks in which any of the units has a duty."""
    duties = TaskUnit.objects.filter(task=OuterRef("pk"), unit__in=list(unit_ids))
    rows = OrderedTask.objects.visible_to(actor).filter(zone=zone)
    return with_parts(rows.filter(Exists(duties)))


def next_deadline(zone: Zone, *, actor: Actor, day: date) -> date | None:
    """The nearest milestone that is not past on ``day``."""
    own = OrderedTask.objects.visible_to(actor).filter(zone=zone, milestones__due__gte=day)
    return cast("date | None", own.aggregate(due=Min("milestones__due"))["due"])


def annex(document: PolicyDocument) -> QuerySet[AnnexRow]:
    """The rows of the document's own table of duties."""
    return document.annex_rows.select_related("clause").order_by("table", "row")


def discrepancies(document: PolicyDocument) -> QuerySet[Discrepancy]:
    """What a person should look at in the document."""
    return document.discrepancies.order_by("order")


def division_of(zone: Zone, code: str) -> Division | None:
    """The division of this code when it lies in the zone, or above a part of it."""
    if not code:
        return None
    own = zone.divisions.values("code")
    inside = Q(ancestors__ancestor__in=own) | Q(descendants__descendant__in=own)
    return Division.objects.filter(inside, code=code).distinct().first()


def codes_within(slug: str) -> "QuerySet[Any, str]":
    """The codes of the divisions in the zone and below, for rows that know a division but no zone."""
    return DivisionClosure.objects.filter(ancestor__zones=slug).values_list("descendant_id", flat=True)


def own_and_groups(unit_id: int) -> list[int]:
    """The unit and the groups that it belongs to: a task of 各区县政府 is a task of each."""
    unit = OrgUnit.objects.filter(pk=unit_id).first()
    return [] if unit is None else [unit.pk, *groups_with(unit).values_list("pk", flat=True)]
