"""申请办结 and 申请延期: the task's unit opens a case on ``casework``; what the case brings about stands in ``procedures``."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.clock import legal_day
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.models import Duty

from ..errors import (
    AlreadyAsked,
    ExtensionNotLater,
    ExtensionTooLate,
    NotYetSigned,
    NotYourTask,
    PartsStillOpen,
    ProgressNotWhole,
    TaskIncomplete,
    TaskNotInState,
)
from ..models import Assignment, Task
from ..queries.cases import EXTENSION_KEY, SIGN_OFF_KEY, SUBJECT, open_case_of
from ..rules.ledger import AT_WORK, State
from .ledger import unit_name
from .moving import lead_of, locked, open_parts, refuse_unless


def apply_to_close(
    *, task_id: int, statement: str, evidence: Sequence[tuple[str, bytes | IO[bytes]]], actor: Actor, at: datetime
) -> Case:
    """Apply to have a task closed (申请办结), with evidence: opens the case and hands it in, all of it or nothing.

    A task that was returned goes on in the case that returned it. Locks: Task, Case.
    Raises: LedgerTaskNotFound, TaskNotInState, NotYourTask, NotYetSigned, PartsStillOpen, ProgressNotWhole, TaskIncomplete,
        and what casework refuses.
    """
    with transaction.atomic():
        task = locked(task_id, actor=actor)
        unit = _answering_unit(task, actor, "申请办结")
        refuse_unless(task, AT_WORK, "申请办结", "已有办结申请的，请到该办件里处理。" if task.applied_on else "")
        _refuse_unfinished(task)
        if not statement.strip():
            raise TaskIncomplete(listing="完成情况说明")
        case = open_case_of(task, SIGN_OFF_KEY) or casework.open_case(
            SIGN_OFF_KEY,
            title=f"销号：{task.label} {task.title}",
            division=actor.division or task.division_id,
            zone=task.zone_id,
            subject=(SUBJECT, task.pk),
            facts={"statement": statement.strip()[:2000], "unit": unit.unit_id, "lead": lead_of(task)},
            org_unit_id=unit.unit_id,
            actor=actor,
            at=at,
        )
        for name, content in evidence:
            casework.attach(case_id=case.pk, key="evidence", content=content, name=name, actor=actor, at=at)
        straight = case.facts.get("lead") in (None, case.facts.get("unit"))
        casework.act(
            case_id=case.pk, action="submit_to_office" if straight else "submit", seen=None, reason=statement[:400],
            actor=actor, at=at,
        )  # fmt: skip
        case.refresh_from_db()
        return case


def _answering_unit(task: Task, actor: Actor, what: str) -> Assignment:
    """The duty by which the actor's unit answers for a task: it leads, or is responsible, and has signed.

    Raises: NotYourTask, NotYetSigned.
    """
    own = Assignment.objects.filter(task=task, unit=actor.org_unit_id, ended_at=None).exclude(duty=Duty.COOPERATING)
    found = own.select_related("unit").order_by("order").first()
    if found is None:
        raise NotYourTask(title=task.title, duty="牵头和责任单位", unit=unit_name(actor), what=what)
    if found.signed_at is None:
        raise NotYetSigned(title=task.title, what=what)
    return found


def _refuse_unfinished(task: Task) -> None:
    parts = open_parts(task)
    if parts:
        raise PartsStillOpen(title=task.title, count=len(parts), listing="、".join(p.title for p in parts[:3]))
    if task.percent < 100:
        units = Assignment.objects.filter(task=task, ended_at=None).exclude(percent=100).select_related("unit")
        listing = "、".join(f"{u.unit.name} {u.percent or 0}%" for u in units.order_by("order")[:4])
        raise ProgressNotWhole(title=task.title, percent=task.percent, listing=listing or "没有上报")


@transaction.atomic
def ask_extension(*, task_id: int, until: date, reason: str, actor: Actor, at: datetime) -> Case:
    """Ask for a later deadline (申请延期), before the present one has passed: its last day still counts. Locks: Task.

    Raises: LedgerTaskNotFound, TaskNotInState, NotYourTask, NotYetSigned, ExtensionTooLate, ExtensionNotLater,
        TaskIncomplete, AlreadyAsked.
    """
    task = locked(task_id, actor=actor)
    unit = _answering_unit(task, actor, "申请延期")
    refuse_unless(task, AT_WORK, "申请延期")
    if task.due is None:
        raise TaskNotInState(title=task.title, state=State(task.state).title, what="申请延期", mend="它没有期限。")
    if legal_day(at) > task.due:
        raise ExtensionTooLate(title=task.title, due=task.due)
    if until <= task.due:
        raise ExtensionNotLater(asked=until, due=task.due)
    if not reason.strip():
        raise TaskIncomplete(listing="延期的理由")
    running = open_case_of(task, EXTENSION_KEY)
    if running is not None:
        raise AlreadyAsked(title=task.title, what="延期申请", number=running.number)
    return casework.open_case(
        EXTENSION_KEY,
        title=f"延期：{task.label} {task.title}",
        division=actor.division or task.division_id,
        zone=task.zone_id,
        subject=(SUBJECT, task.pk),
        facts={
            "reason": reason.strip()[:2000],
            "before": task.due.isoformat(),
            "after": until.isoformat(),
            "asked_on": legal_day(at).isoformat(),
            "unit": unit.unit_id,
        },
        org_unit_id=None,
        actor=actor,
        at=at,
    )
