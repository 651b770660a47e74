"""列入台账: the ledger of a zone follows what its documents order; what is at work is never taken away."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.regions.models import Division, OrgUnit
from ronghe.kernel.regions.queries import members_of
from ronghe.kernel.regions.services import ensure_units
from ronghe.policy.models import Duty, OrderedTask, Zone
from ronghe.policy.queries import tasks

from ..models import Assignment, Node, Task, TaskPlace
from ..rules.ledger import State
from .moving import move

_FIRST = {Duty.LEAD: 0, Duty.RESPONSIBLE: 1, Duty.COOPERATING: 2}


@transaction.atomic
def keep_ledger(*, zone: Zone, actor: Actor = SYSTEM, at: datetime) -> int:
    """Bring the ledger in step with the tasks that the zone's documents order; returns how many rows it touched.

    New tasks are listed; tasks that nobody has handed out follow the document; those at work keep deadline and units, and
    take new units in; those that a revision has dropped are stopped, or go where nothing was done. A repeat changes
    nothing. Locks: the zone.
    """
    Zone.objects.select_for_update().get(pk=zone.pk)
    rows = tasks(zone, actor=SYSTEM).prefetch_related("areas__divisions").order_by("order")
    ordered = {task.pk: task for task in rows}
    kept = {task.ordered_id: task for task in Task.objects.filter(zone=zone).exclude(ordered=None)}
    units = _Units()
    touched = 0
    top = max([task.order for task in Task.objects.filter(zone=zone)], default=0)
    for pk, one in ordered.items():
        found = kept.get(pk)
        if found is None:
            top += 1
            made = Task.objects.create(zone=zone, division_id=zone.seat_id, ordered=one, order=top, **_head(one))
            _fill(made, one, units)
            touched += 1
        else:
            touched += _follow(found, one, units, at=at)
    touched += _dropped(zone, actor=actor, at=at)
    if touched:
        facts = {"touched": touched, "tasks": len(ordered)}
        record(verb="governance.ledger.kept", subject=zone, actor=actor, at=at, facts=facts, division=zone.seat_id)
    return touched


def _head(one: OrderedTask) -> dict[str, object]:
    title = one.title if one.measure == 1 else f"{one.title}（第 {one.measure} 项措施）"
    return {
        "label": one.clause.label, "chapter": one.clause.path[0] if one.clause.path else "", "title": title[:200],
        "topic_id": one.topic_id, "room": one.room, "first_due": one.due, "due": one.due,
    }  # fmt: skip


def government_of(division: Division) -> OrgUnit:
    """The government of a division as a unit; made where no pack names it. The caller records."""
    own = OrgUnit.objects.filter(division=division, kind=OrgUnit.Kind.GOVERNMENT).order_by("pk").first()
    if own is None:
        # A functional area without a code of its own (高新区) is run by a committee, not a government.
        called = "政府" if division.code.isdigit() else "管委会"
        wanted = (division.code, f"{division.name}{called}", OrgUnit.Kind.GOVERNMENT.value, division.level)
        own = OrgUnit.objects.get(pk=ensure_units([wanted])[division.code, wanted[1]])
    return own


class _Units:
    """Groups (各区县政府) taken apart into those that can sign, each once; looked up once per unit."""

    def __init__(self) -> None:
        self._known: dict[int, list[OrgUnit]] = {}

    def of(self, unit: OrgUnit) -> list[OrgUnit]:
        if unit.pk not in self._known:
            self._known[unit.pk] = self._apart(unit)
        return self._known[unit.pk]

    def _apart(self, unit: OrgUnit) -> list[OrgUnit]:
        if unit.kind != OrgUnit.Kind.GROUP:
            return [unit]
        members = members_of(unit)
        found = list(members.units)
        for division in members.divisions:
            found.append(government_of(division))
        return found or [unit]


def _duties(one: OrderedTask, units: _Units) -> list[tuple[int, str, str]]:
    """(unit, duty, as written) in the order lead, responsible, cooperating; each unit once per duty."""
    rows: dict[tuple[int, str], str] = {}
    for row in sorted(one.units.all(), key=lambda r: (_FIRST[Duty(r.duty)], r.order)):
        for unit in units.of(row.unit):
            rows.setdefault((unit.pk, row.duty), row.written)
    return [(unit, duty, written) for (unit, duty), written in rows.items()]


def _places(one: OrderedTask) -> dict[str, str]:
    return {d.code: area.written for area in one.areas.all() for d in area.divisions.all()}


def _fill(task: Task, one: OrderedTask, units: _Units) -> None:
    Assignment.objects.bulk_create(
        Assignment(task=task, unit_id=unit, duty=duty, order=order, written=written)
        for order, (unit, duty, written) in enumerate(_duties(one, units), start=1)
    )
    TaskPlace.objects.bulk_create(
        TaskPlace(task=task, division_id=code, written=written) for code, written in _places(one).items()
    )
    Node.objects.bulk_create(Node(task=task, order=m.order, due=m.due, text=m.text) for m in one.milestones.all())


def _follow(task: Task, one: OrderedTask, units: _Units, *, at: datetime) -> int:
    """Bring a known task in step; whether anything differed."""
    head = _head(one)
    at_work = task.state != State.LISTED
    if at_work or task.due_is_set:
        # Its deadline is what was handed out, or what the office has set meanwhile.
        head = {name: value for name, value in head.items() if name not in ("first_due", "due")}
    changed = {name: value for name, value in head.items() if getattr(task, name) != value}
    for name, value in changed.items():
        setattr(task, name, value)
    if changed:
        task.save()
    own = task.units.filter(ended_at=None)
    stands = {(unit, duty): order for unit, duty, order in own.values_list("unit_id", "duty", "order")}
    wanted = _duties(one, units)
    new = [(unit, duty, written) for unit, duty, written in wanted if (unit, duty) not in stands]
    gone = set(stands) - {(unit, duty) for unit, duty, _ in wanted}
    if new:
        first = max(stands.values(), default=0)
        Assignment.objects.bulk_create(
            Assignment(task=task, unit_id=unit, duty=duty, order=first + n, written=written)
            for n, (unit, duty, written) in enumerate(new, start=1)
        )
    for unit, duty in gone:
        rows = own.filter(unit=unit, duty=duty)
        if at_work:
            rows.update(ended_at=at)
        else:
            rows.delete()
    return int(bool(changed or new or gone) | _follow_parts(task, one, own_nodes=at_work or task.due_is_set))


def _follow_parts(task: Task, one: OrderedTask, *, own_nodes: bool) -> bool:
    """Places and nodes; nodes of a task at work, or with a deadline of the office, are its own."""
    places = _places(one)
    stands = dict(task.places.values_list("division_id", "written"))
    if stands != places:
        task.places.all().delete()
        TaskPlace.objects.bulk_create(TaskPlace(task=task, division_id=c, written=w) for c, w in places.items())
    if own_nodes:
        return stands != places
    nodes = [(m.order, m.due, m.text) for m in one.milestones.all()]
    same = list(task.nodes.order_by("order").values_list("order", "due", "text")) == nodes
    if not same:
        task.nodes.all().delete()
        Node.objects.bulk_create(Node(task=task, order=order, due=due, text=text) for order, due, text in nodes)
    return stands != places or not same


def _dropped(zone: Zone, *, actor: Actor, at: datetime) -> int:
    """Tasks that the documents order no more: what nobody has begun goes, what is at work is stopped with the reason."""
    rows = Task.objects.filter(zone=zone, ordered=None, parent=None, decided_by=None).exclude(label="")
    count = 0
    for task in rows.exclude(state__in=(State.STOPPED, State.CLOSED)).order_by("pk").select_for_update(of=("self",)):
        if task.moves == 0:
            for part in (task.units, task.places, task.nodes):
                part.all().delete()
            task.delete()
        else:
            move(task, State.STOPPED, reason="方案修订后不再列为任务", actor=actor, at=at)
        count += 1
    return count


def keep_all(zones: Iterable[Zone], *, at: datetime) -> Mapping[str, int]:
    """The ledgers of many zones, by slug."""
    return {zone.slug: keep_ledger(zone=zone, at=at) for zone in zones}


__all__: Sequence[str] = ("government_of", "keep_all", "keep_ledger")
