"""Commands on the ledger of tasks: keep it in step with the plan, hand tasks out, take them over, report, divide, stop."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO

from django.db import transaction
from django.db.models import Max

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.accounts.models import Membership
from ronghe.kernel.accounts.roles import BUSINESS, Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import digest_of, record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.inbox.services import tell
from ronghe.kernel.regions.models import Division, OrgUnit
from ronghe.policy.models import Duty, Zone

from ..errors import (
    LedgerTaskNotFound,
    NotYetSigned,
    NotYourTask,
    ProgressBackwards,
    ReportInFuture,
    TaskIncomplete,
)
from ..models import Assignment, Evidence, Node, ProgressReport, Task, TaskPlace
from ..rules.ledger import AT_WORK, EDGES, State
from .moving import locked, move, percent_of, refuse_unless

#: What shows that something was done.
EVIDENCE = frozenset(
    {FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.OFD, FileKind.DOCX, FileKind.XLSX, FileKind.ZIP}
)
EVIDENCE_LIMIT = 20 * 1024 * 1024


def address_of(task: Task) -> str:
    """The page of a task."""
    return f"/z/{task.zone_id}/ledger/{task.pk}/"


def staff_of(unit_ids: Iterable[int], *, on: date) -> list[int]:
    """The users who work for the units today."""
    posts = Membership.objects.in_force(on).filter(
        org_unit__in=list(unit_ids), role__in=[role.value for role in BUSINESS]
    )
    return sorted(set(posts.values_list("user_id", flat=True)))


@transaction.atomic
def issue_tasks(*, zone: Zone, task_ids: Sequence[int] | None, actor: Actor, at: datetime) -> int:
    """Hand listed tasks out to their units (交办); returns how many. A repeat hands out nothing more.

    Args: ``task_ids`` None means all that are listed. Locks: the tasks, in order. Raises: Forbidden, TaskIncomplete when one
        of them names no unit or no deadline.
    """
    rows = Task.objects.visible_to(actor).filter(zone=zone, state=State.LISTED)
    if task_ids is not None:
        rows = rows.filter(pk__in=list(task_ids))
    found = list(rows.order_by("pk").select_for_update(of=("self",)))
    _refuse_elsewhere(actor, zone.seat_id)
    _refuse_unready(found, day=legal_day(at))
    for task in found:
        move(task, State.ISSUED, actor=actor, at=at)
    told: dict[int, int] = {}
    units = Assignment.objects.filter(task__in=found, ended_at=None).values_list("unit_id", flat=True)
    for unit in units:
        told[unit] = told.get(unit, 0) + 1
    for unit, count in sorted(told.items()):
        title = f"{zone.short}：{count} 项任务待签收"
        tell(staff_of([unit], on=legal_day(at)), title=title, href="/office/tasks/?state=issued", at=at)
    if found:
        facts = {"count": len(found), "tasks": digest_of(task.pk for task in found)}
        record(verb="governance.tasks.issued", subject=zone, actor=actor, at=at, facts=facts, division=zone.seat_id)
    return len(found)


def _refuse_elsewhere(actor: Actor, division: str) -> None:
    if not reaches(actor, division):
        raise Forbidden()


def _refuse_unready(tasks: Sequence[Task], *, day: date) -> None:
    assigned = set(Assignment.objects.filter(task__in=tasks, ended_at=None).values_list("task_id", flat=True))
    lacking = [f"{task.label} {task.title} 的责任单位".strip() for task in tasks if task.pk not in assigned]
    for task in tasks:
        if task.due is None or task.due < day:
            why = f"（{task.due} 已过）" if task.due else ""
            lacking.append(f"{task.label} {task.title} 的完成期限{why}".strip())
    if lacking:
        raise TaskIncomplete(listing="、".join(lacking[:5]) + (f"等 {len(lacking)} 处" if len(lacking) > 5 else ""))


@transaction.atomic
def set_due(*, zone: Zone, task_ids: Sequence[int], due: date, actor: Actor, at: datetime) -> int:
    """Give listed tasks their deadline (核定期限) where the document gives none, or one that has passed; returns how many.

    Locks: the tasks, in order. Raises: Forbidden, TaskIncomplete when the day has passed, TaskNotInState.
    """
    _refuse_elsewhere(actor, zone.seat_id)
    if due <= legal_day(at):
        raise TaskIncomplete(listing="今天以后的完成期限")
    rows = Task.objects.visible_to(actor).filter(zone=zone, pk__in=list(task_ids))
    found = list(rows.order_by("pk").select_for_update(of=("self",)))
    for task in found:
        refuse_unless(task, (State.LISTED,), "核定期限", "交办以后须由责任单位申请延期。")
        task.due = task.first_due = due
        task.due_is_set = True
        task.save()
        _renew_nodes(task, due=due, day=legal_day(at))
    if found:
        facts = {"count": len(found), "tasks": digest_of(task.pk for task in found), "due": due}
        record(verb="governance.tasks.due_set", subject=zone, actor=actor, at=at, facts=facts, division=zone.seat_id)
    return len(found)


def _renew_nodes(task: Task, *, due: date, day: date) -> None:
    """Nodes whose day has passed before the task was handed out give way to its new last day."""
    task.nodes.filter(due__lt=day).delete()
    if not task.nodes.filter(due=due).exists():
        last = task.nodes.aggregate(last=Max("order"))["last"] or 0
        Node.objects.create(task=task, order=last + 1, due=due, text="完成任务")


@transaction.atomic
def sign_for(*, task_id: int, actor: Actor, at: datetime) -> Task:
    """Take a task over for one's unit (签收). A repeat changes nothing. Locks: Task.

    A task is signed for when each unit that leads it has done so; where nobody leads, when the first has.
    Raises: LedgerTaskNotFound, TaskNotInState, NotYourTask.
    """
    task = locked(task_id, actor=actor)
    own = _own(task, actor, "签收")
    refuse_unless(task, (State.ISSUED, *AT_WORK), "签收", "须由专班先交办。" if task.state == State.LISTED else "")
    unsigned = [one for one in own if one.signed_at is None]
    for one in unsigned:
        one.signed_at, one.signed_by_id = at, actor.user_id
        one.save(update_fields=["signed_at", "signed_by"])
    if unsigned:
        facts = {"unit": actor.org_unit_id}
        record(verb="governance.task.signed_for", subject=task, actor=actor, at=at, facts=facts)
    leads = Assignment.objects.filter(task=task, ended_at=None, duty=Duty.LEAD)
    if task.state == State.ISSUED and not leads.filter(signed_at=None).exists():
        move(task, State.SIGNED, actor=actor, at=at)
    return task


def _own(task: Task, actor: Actor, what: str) -> list[Assignment]:
    """The duties of the actor's unit. Raises: NotYourTask."""
    rows = list(Assignment.objects.filter(task=task, unit=actor.org_unit_id, ended_at=None).order_by("order"))
    if not rows:
        raise NotYourTask(title=task.title, duty="牵头、责任和配合单位", unit=unit_name(actor), what=what)
    return rows


def unit_name(actor: Actor) -> str:
    """What the actor's unit is called."""
    return OrgUnit.objects.filter(pk=actor.org_unit_id or 0).values_list("name", flat=True).first() or "未登记单位"


def report_progress(
    *,
    task_id: int,
    on: date,
    percent: int,
    text: str,
    trouble: str = "",
    needs_help: bool = False,
    is_stage_result: bool = False,
    node_id: int | None = None,
    evidence: Sequence[tuple[str, bytes | IO[bytes]]] = (),
    actor: Actor,
    at: datetime,
) -> ProgressReport:
    """Report what one's unit has done by a day (上报进展), with files that show it. Locks: Task.

    Files are checked and kept before the task is locked. Raises: LedgerTaskNotFound, TaskNotInState, NotYourTask,
    NotYetSigned, ReportInFuture, TaskIncomplete, ProgressBackwards, and what ``files.store`` refuses.
    """
    if evidence:  # nobody leaves files with the task of another
        if not Task.objects.visible_to(actor).filter(pk=task_id).exists():
            raise LedgerTaskNotFound(task=task_id)
        _own(Task.objects.get(pk=task_id), actor, "上报进展")
    kept = [
        (files.plain_name(name), files.store(content, name=name, kinds=EVIDENCE, limit=EVIDENCE_LIMIT, at=at))
        for name, content in evidence
    ]
    with transaction.atomic():
        task = locked(task_id, actor=actor)
        own = _own(task, actor, "上报进展")
        refuse_unless(task, AT_WORK, "上报进展", _mend(task))
        if any(one.signed_at is None for one in own):
            raise NotYetSigned(title=task.title, what="上报进展")
        text, trouble = text.strip(), trouble.strip()
        node = _node(task, node_id)
        _refuse_report(
            own, on=on, percent=percent, text=text, trouble=trouble, needs_help=needs_help, day=legal_day(at)
        )
        for one in own:
            one.percent = percent
        Assignment.objects.bulk_update(own, ["percent"])
        task.percent = percent_of(task)
        task.reported_on, task.needs_help, task.reminded = legal_day(at), needs_help, ""
        made = ProgressReport.objects.create(
            task=task, unit_id=own[0].unit_id, on=on, percent=percent, text=text, trouble=trouble,
            needs_help=needs_help, is_stage_result=is_stage_result, total=task.percent, node=node,
            user_id=actor.user_id, at=at,
        )  # fmt: skip
        Evidence.objects.bulk_create([Evidence(report=made, blob=blob, name=name) for name, blob in dict(kept).items()])
        if node is not None and node.reached_on is None:
            node.reached_on = on
            node.save(update_fields=["reached_on"])
        _move_by_report(task, is_stage_result=is_stage_result, actor=actor, at=at)
        facts = {"report": made.pk, "unit": actor.org_unit_id, "percent": percent, "total": task.percent}
        record(verb="governance.progress.reported", subject=task, actor=actor, at=at, facts=facts)
        return made


def _mend(task: Task) -> str:
    return {
        State.LISTED: "须由专班先交办。",
        State.ISSUED: "请先签收。",
        State.APPLIED: "办结申请正在审核，撤回或退回后才能再上报。",
        State.VERIFIED: "核查已经通过，等待批准销号。",
    }.get(State(task.state), "")


def _node(task: Task, node_id: int | None) -> Node | None:
    found = Node.objects.filter(task=task, pk=node_id).first() if node_id is not None else None
    if node_id is not None and found is None:
        raise TaskIncomplete(listing="属于这项任务的节点")
    return found


def _refuse_report(
    own: Sequence[Assignment], *, on: date, percent: int, text: str, trouble: str, needs_help: bool, day: date
) -> None:
    if on > day:
        raise ReportInFuture(on=on, today=day)
    lacking = [] if text else ["进展"]
    lacking += [] if 0 <= percent <= 100 else ["0 到 100 之间的完成进度"]
    lacking += ["存在问题（需要协调的，请写明什么问题）"] if needs_help and not trouble else []
    if lacking:
        raise TaskIncomplete(listing="、".join(lacking))
    before = max((one.percent or 0 for one in own), default=0)
    if percent < before and not trouble:
        raise ProgressBackwards(before=before, now=percent)


def _move_by_report(task: Task, *, is_stage_result: bool, actor: Actor, at: datetime) -> None:
    """A report begins the work, goes on with what was returned, or marks a stage result."""
    to = State.STAGED if is_stage_result else State.WORKING
    if task.state == to or (task.state == State.STAGED and not is_stage_result):
        task.save()
    else:
        move(task, to, actor=actor, at=at)


@transaction.atomic
def add_part(
    *,
    task_id: int,
    title: str,
    unit_ids: Sequence[int],
    due: date,
    divisions: Sequence[str] = (),
    actor: Actor,
    at: datetime,
) -> Task:
    """Divide a task (分解): a part with its own units and deadline, handed out at once. Locks: the task it belongs to.

    By the office, or by a unit that leads the task or answers for it. Its deadline lies within that of the whole.
    Raises: LedgerTaskNotFound, TaskNotInState, NotYourTask, TaskIncomplete.
    """
    whole = locked(task_id, actor=actor)
    refuse_unless(whole, (State.ISSUED, *AT_WORK), "分解子任务", _mend(whole))
    if actor.role != Role.ZONE_OFFICE:
        _own(whole, actor, "分解子任务")
    title = " ".join(title.split())
    units = list(OrgUnit.objects.filter(pk__in=list(unit_ids)).order_by("pinyin"))
    lacking = [] if title else ["子任务名称"]
    lacking += [] if units and len(units) == len(set(unit_ids)) else ["责任单位"]
    if whole.due is not None and due > whole.due:
        lacking.append(f"不晚于上级任务期限 {whole.due} 的完成期限")
    elif due <= legal_day(at):
        lacking.append("今天以后的完成期限")
    if lacking:
        raise TaskIncomplete(listing="、".join(lacking))
    part = _new_task(whole.zone, title=title, due=due, like=whole, parent=whole)
    assign(part, [(unit.pk, Duty.RESPONSIBLE, unit.name) for unit in units])
    places = Division.objects.filter(pk__in=list(divisions)).values_list("pk", "name")
    TaskPlace.objects.bulk_create([TaskPlace(task=part, division_id=pk, written=name) for pk, name in places])
    record(verb="governance.task.divided", subject=whole, actor=actor, at=at, facts={"part": part.pk})
    move(part, State.ISSUED, actor=actor, at=at)
    told = [user for user in staff_of([unit.pk for unit in units], on=legal_day(at)) if user != actor.user_id]
    tell(told, title=f"{part.title[:80]}：待签收", href=address_of(part), at=at)
    return part


def _new_task(
    zone: Zone, *, title: str, due: date | None, like: Task | None = None, parent: Task | None = None
) -> Task:
    """A task of the ledger that no clause orders directly; it stands after all others. Locks: the zone's last order."""
    last = Task.objects.filter(zone=zone).aggregate(last=Max("order"))["last"] or 0
    return Task.objects.create(
        zone=zone, division_id=zone.seat_id, parent=parent, order=last + 1, title=title[:200],
        label=like.label if like else "", chapter=like.chapter if like else "", topic_id=like.topic_id if like else None,
        room=like.room if like else "GOV", first_due=due, due=due, due_is_set=True,
    )  # fmt: skip


def new_task(zone: Zone, *, title: str, due: date, unit_ids: Sequence[int], like: Task | None = None) -> Task:
    """A task that was decided, not ordered by a clause, with units that answer for it. The caller records."""
    Zone.objects.select_for_update().get(pk=zone.pk)
    made = _new_task(zone, title=title, due=due, like=like)
    names = dict(OrgUnit.objects.filter(pk__in=list(unit_ids)).values_list("pk", "name"))
    assign(made, [(pk, Duty.RESPONSIBLE, names[pk]) for pk in unit_ids])
    return made


def assign(task: Task, units: Sequence[tuple[int, str, str]]) -> None:
    """Give units their duties: (unit, duty, as written), in this order."""
    Assignment.objects.bulk_create(
        [
            Assignment(task=task, unit_id=unit, duty=duty, order=order, written=written[:80])
            for order, (unit, duty, written) in enumerate(units, start=1)
        ]
    )


@transaction.atomic
def add_node(*, task_id: int, due: date, text: str, actor: Actor, at: datetime) -> Node:
    """Add a node to a task (倒排工期): a dated goal before its last day. Locks: Task.

    Raises: LedgerTaskNotFound, TaskNotInState, NotYourTask, TaskIncomplete.
    """
    task = locked(task_id, actor=actor)
    refuse_unless(task, (State.LISTED, State.ISSUED, *AT_WORK), "增加节点", _mend(task))
    if actor.role != Role.ZONE_OFFICE:
        _own(task, actor, "增加节点")
    text = " ".join(text.split())
    lacking = [] if text else ["节点目标"]
    lacking += [f"不晚于任务期限 {task.due} 的日期"] if task.due is not None and due > task.due else []
    if lacking:
        raise TaskIncomplete(listing="、".join(lacking))
    last = task.nodes.aggregate(last=Max("order"))["last"] or 0
    made = Node.objects.create(task=task, order=last + 1, due=due, text=text[:200])
    record(verb="governance.node.added", subject=task, actor=actor, at=at, facts={"node": made.pk, "due": due})
    return made


@transaction.atomic
def stop_task(*, task_id: int, reason: str, actor: Actor, at: datetime) -> Task:
    """Stop a task (中止), by the office, with the reason. Locks: Task. Raises: LedgerTaskNotFound, TaskNotInState, TaskIncomplete."""
    task = locked(task_id, actor=actor)
    _refuse_elsewhere(actor, task.division_id)
    if not reason.strip():
        raise TaskIncomplete(listing="中止的理由")
    mend = "办结申请正在审核，请先退回。" if task.state in (State.APPLIED, State.VERIFIED) else ""
    refuse_unless(
        task, tuple(s for s in EDGES if s not in (State.STOPPED, State.APPLIED, State.VERIFIED)), "中止", mend
    )
    move(task, State.STOPPED, reason=reason.strip(), actor=actor, at=at)
    return task


@transaction.atomic
def resume_task(*, task_id: int, reason: str, actor: Actor, at: datetime) -> Task:
    """Go on with a stopped task (恢复), where it stood. Locks: Task. Raises: LedgerTaskNotFound, TaskNotInState, TaskIncomplete."""
    task = locked(task_id, actor=actor)
    _refuse_elsewhere(actor, task.division_id)
    if not reason.strip():
        raise TaskIncomplete(listing="恢复的理由")
    refuse_unless(task, (State.STOPPED,), "恢复")
    before = task.history.order_by("-number").values_list("from_state", flat=True).first()
    to = State(before) if before in (State.LISTED, State.ISSUED) else State.WORKING
    move(task, to, reason=reason.strip(), actor=actor, at=at)
    return task


__all__ = [
    "EVIDENCE", "add_node", "add_part", "address_of", "assign", "issue_tasks", "new_task", "report_progress",
    "resume_task", "set_due", "sign_for", "staff_of", "stop_task",
]  # fmt: skip
