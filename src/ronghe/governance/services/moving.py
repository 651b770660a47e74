"""The inside of a change of a task: lock, move with its history, percent, deadline. Only this room calls it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.models import Duty

from ..errors import LedgerTaskNotFound, TaskNotInState
from ..models import Assignment, Extension, Task, TaskMove
from ..rules.ledger import EDGES, State, UnitProgress, overall_percent


def locked(task_id: int, *, actor: Actor | None = None) -> Task:
    """The task, locked, as far as the actor may see it. Raises: LedgerTaskNotFound."""
    seen = actor is None or Task.objects.visible_to(actor).filter(pk=task_id).exists()
    found = Task.objects.select_for_update(of=("self",)).filter(pk=task_id).first() if seen else None
    if found is None:
        raise LedgerTaskNotFound(task=task_id)
    return found


def refuse_unless(task: Task, states: tuple[State, ...], what: str, mend: str = "") -> None:
    """Refuse what the state does not allow. Raises: TaskNotInState."""
    if State(task.state) not in states:
        raise TaskNotInState(title=task.title, state=State(task.state).title, what=what, mend=mend)


def move(
    task: Task,
    to: State,
    *,
    reason: str = "",
    case: Case | None = None,
    facts: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime,
) -> TaskMove:
    """Bring a locked task to another state, with its history and one event. Raises: TaskNotInState."""
    source = State(task.state)
    if to not in EDGES.get(source, ()):
        raise TaskNotInState(title=task.title, state=source.title, what=f"转为“{to.title}”", mend="")
    made = TaskMove.objects.create(
        task=task, number=task.moves + 1, from_state=source.value, to_state=to.value, reason=reason[:400], case=case,
        user_id=actor.user_id, role=actor.role, org_unit_id=actor.org_unit_id, at=at,
    )  # fmt: skip
    task.moves, task.state = made.number, to.value
    day = legal_day(at)
    if to is State.ISSUED and task.issued_on is None:
        task.issued_on = day
    if to is State.CLOSED:
        task.closed_on = day
    if to is State.APPLIED:
        task.applied_on = day
    elif to in (State.RETURNED, State.WORKING):
        task.applied_on = None
    task.save()
    told = {"number": made.number, "from": source.value, "to": to.value, **(facts or {})}
    record(verb="governance.task.moved", subject=task, actor=actor, at=at, facts=told)
    return made


def apply_for_closing(task: Task, *, case: Case, actor: Actor, at: datetime) -> None:
    """申请办结 of a locked task. Raises: TaskNotInState."""
    move(task, State.APPLIED, case=case, actor=actor, at=at)


def open_parts(task: Task) -> list[Task]:
    """The parts of a task that are neither closed nor stopped."""
    return [part for part in task.parts.order_by("order") if part.is_open]


def percent_of(task: Task) -> int:
    """The progress of a task by what its units reported last."""
    rows = Assignment.objects.filter(task=task, ended_at=None).values_list("duty", "percent")
    return overall_percent(UnitProgress(duty, percent) for duty, percent in rows)


def lead_of(task: Task) -> int | None:
    """The unit that leads a task, the first named where several do; none where the document names none."""
    rows = Assignment.objects.filter(task=task, ended_at=None, duty=Duty.LEAD).order_by("order")
    return rows.values_list("unit_id", flat=True).first()


def extend(task_id: int, *, case: Case, after: date, asked_on: date, actor: Actor, at: datetime) -> Extension:
    """Move the deadline of a task by a granted extension. Locks: Task. Raises: TaskNotInState."""
    task = locked(task_id)
    if not task.is_open or task.due is None or after <= task.due:
        raise TaskNotInState(title=task.title, state=State(task.state).title, what="延期", mend="请查看现期限。")
    made = Extension.objects.create(task=task, case=case, before=task.due, after=after, asked_on=asked_on, at=at)
    task.due, task.reminded = after, ""
    task.save()
    facts = {"before": made.before, "after": after}
    record(verb="governance.task.extended", subject=task, actor=actor, at=at, facts=facts)
    return made
