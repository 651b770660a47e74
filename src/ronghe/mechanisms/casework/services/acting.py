"""The one door through which a case moves."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction

from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError
from ronghe.policy.ruling import Ruling, Verdict

from ..declared import WITHDRAW, WITHDRAWN, Action, Outcome, Procedure, Step
from ..errors import ActionUnknown, GateClosed, ReasonMissing
from ..models import Case, Decision
from .moving import locked, move, procedure_of
from .refusing import (
    present_step,
    refuse_actor,
    refuse_missing_materials,
    refuse_objected,
    refuse_others_withdrawal,
    refuse_stale,
)

_WITHDRAWAL = Action(
    WITHDRAW, "撤回申请", WITHDRAWN, Outcome.WITHDRAW, warning="撤回后本件即告终结，需要时须重新提出。"
)


@transaction.atomic
def act(
    *,
    case_id: int,
    action: str,
    seen: int | None,
    reason: str = "",
    mend: Sequence[str] = (),
    actor: Actor,
    at: datetime,
) -> Decision:
    """Do one of the step's actions (处理): check, decide, move, bring about, record, tell; all of it or nothing.

    Args: ``seen`` is the number of moves that the actor saw, ``None`` where nobody saw a page (jobs); ``mend`` the keys of
        the materials that must come anew when a case is returned. Locks: Case; hooks lock after it.
    Raises: CaseNotFound, CaseMoved, CaseClosed, StepGone, ActionUnknown, CasePaused, NoticeRunning, ObjectionStands,
        NotYourStep, OwnMatter, HeldByAnother, SamePerson, ReasonMissing, MaterialMissing, GateClosed,
        WithdrawalTooLate, NoticePeriodUnset, and whatever the procedure's hook refuses.
    """
    case = locked(case_id, actor)
    procedure = procedure_of(case.procedure)
    refuse_stale(case, procedure, seen)
    reason = reason.strip()
    if action == WITHDRAW:
        refuse_others_withdrawal(case, procedure, actor, at=at)
        return move(case, _WITHDRAWAL, procedure=procedure, reason=reason, mend=(), ruling=None, actor=actor, at=at)
    step = present_step(case, procedure)
    chosen = _chosen(case, procedure, step, action, actor)
    refuse_actor(case, procedure, step, actor, at=at)
    refuse_objected(case, procedure, step, chosen, at=at)
    if chosen.asks_reason and not reason:
        raise ReasonMissing(action=chosen.label)
    if chosen.outcome is Outcome.ADVANCE:
        refuse_missing_materials(case, procedure, step)
    known = {one.key for each in procedure.steps for one in each.materials}
    return move(
        case,
        chosen,
        procedure=procedure,
        reason=reason,
        mend=[key for key in mend if key in known] if chosen.outcome is Outcome.RETURN else (),
        ruling=_passed(chosen, case, legal_day(at)),
        actor=actor,
        at=at,
    )


def _chosen(case: Case, procedure: Procedure, step: Step, action: str, actor: Actor) -> Action:
    """The action of the step. Raises: ActionUnknown, also when a person tries what a job does."""
    chosen = step.action(action)
    if chosen is None or not _is_open_to(chosen, case) or (not chosen.by_hand and actor.role != SYSTEM_ROLE):
        allowed = "、".join(one.label for one in step.actions if one.by_hand and _is_open_to(one, case))
        where = procedure.title_of(case.step)
        raise ActionUnknown(case=case.number, step=where, action=action[:40], allowed=allowed or "无人工处理")
    return chosen


def _is_open_to(action: Action, case: Case) -> bool:
    return action.only_if is None or action.only_if(case)


def allowed_actions(case: Case, *, actor: Actor, at: datetime) -> list[Action]:
    """What the actor may do to the case now, for its page; ``act`` asks the same again."""
    if case.is_over:
        return []
    procedure = procedure_of(case.procedure)
    step = procedure.step(case.step)
    found: list[Action] = []
    if step is not None and may_see_step(case, actor=actor, at=at) is None:
        for one in step.actions:
            if (
                one.by_hand
                and _is_open_to(one, case)
                and not _refused(partial(refuse_objected, case, procedure, step, one, at=at))
            ):
                found.append(one)
    if not _refused(partial(refuse_others_withdrawal, case, procedure, actor, at=at)):
        found.append(_WITHDRAWAL)
    return found


def may_see_step(case: Case, *, actor: Actor, at: datetime) -> DomainError | None:
    """Why the actor may not act in the present step; nothing when it may."""
    procedure = procedure_of(case.procedure)
    try:
        refuse_actor(case, procedure, present_step(case, procedure), actor, at=at)
    except DomainError as error:
        return error
    return None


def _passed(action: Action, case: Case, day: date) -> Ruling[Any] | None:
    """What the gate says on the day, when it lets through. Raises: GateClosed with each check that failed or could not be made."""
    if action.gate is None:
        return None
    ruling = action.gate(case, day)
    if ruling.verdict is Verdict.PASSED:
        return ruling
    wrong = [step.finding for step in ruling.steps if step.ok is False or step.is_undecidable]
    raise GateClosed(action=action.label, findings="；".join(wrong) or "没有可以判定的事实")


def _refused(check: Callable[[], None]) -> bool:
    try:
        check()
    except DomainError:
        return True
    return False
