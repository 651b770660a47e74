"""The one door through which a case moves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError
from ronghe.policy.ruling import Ruling, Verdict

from .. import people
from ..declared import WITHDRAW, WITHDRAWN, Action, Outcome, Procedure, Step
from ..errors import (
    ActionUnknown,
    CaseClosed,
    CaseMoved,
    CasePaused,
    GateClosed,
    HeldByAnother,
    MaterialMissing,
    NotYourStep,
    ReasonMissing,
    SamePerson,
)
from ..models import Case, Decision
from .moving import locked, move, procedure_of, titles

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
    Raises: CaseNotFound, CaseMoved, CaseClosed, CasePaused, ActionUnknown, NotYourStep, HeldByAnother, SamePerson,
        ReasonMissing, MaterialMissing, GateClosed, and whatever the procedure's hook refuses.
    """
    case = locked(case_id, actor)
    procedure = procedure_of(case.procedure)
    refuse_stale(case, procedure, seen)
    step = procedure.step(case.step)
    chosen = _WITHDRAWAL if action == WITHDRAW else step.action(action) if step else None
    if step is None or chosen is None or (not chosen.by_hand and actor.role != SYSTEM_ROLE):
        allowed = "、".join(one.label for one in (step.actions if step else ()) if one.by_hand)
        where = procedure.title_of(case.step)
        raise ActionUnknown(case=case.number, step=where, action=action[:40], allowed=allowed or "无人工处理")
    if case.state == Case.State.PAUSED and chosen.outcome is Outcome.ADVANCE:
        raise CasePaused(case=case.number)
    if chosen is _WITHDRAWAL:
        _refuse_others_withdrawal(case, step, actor, at)
    else:
        refuse_actor(case, procedure, step, actor)
    reason = reason.strip()
    if chosen.asks_reason and not reason:
        raise ReasonMissing(action=chosen.label)
    if chosen.outcome is Outcome.ADVANCE:
        refuse_missing_materials(case, step)
    ruling = _passed(chosen, case)
    known = {one.key for one in step.materials} | {m for s in procedure.steps for m in (k.key for k in s.materials)}
    return move(
        case,
        chosen,
        procedure=procedure,
        reason=reason,
        mend=[key for key in mend if key in known],
        ruling=ruling,
        actor=actor,
        at=at,
    )


def allowed_actions(case: Case, *, actor: Actor, at: datetime) -> list[Action]:
    """What the actor may do to the case now, for its page; ``act`` asks the same again."""
    if case.is_over:
        return []
    procedure = procedure_of(case.procedure)
    step = procedure.step(case.step)
    if step is None:
        return []
    found: list[Action] = []
    if not _refused(lambda: refuse_actor(case, procedure, step, actor)):
        found = [one for one in step.actions if one.by_hand]
        if case.state == Case.State.PAUSED:
            found = [one for one in found if one.outcome is not Outcome.ADVANCE]
    if not _refused(lambda: _refuse_others_withdrawal(case, step, actor, at)):
        found.append(_WITHDRAWAL)
    return found


def may_see_step(case: Case, *, actor: Actor) -> DomainError | None:
    """Why the actor may not act in the present step; nothing when it may."""
    procedure = procedure_of(case.procedure)
    step = procedure.step(case.step)
    try:
        if step is not None:
            refuse_actor(case, procedure, step, actor)
    except DomainError as error:
        return error
    return None


def refuse_stale(case: Case, procedure: Procedure, seen: int | None) -> None:
    """Refuse whoever acts on what was seen before somebody else acted. Raises: CaseMoved, CaseClosed."""
    if seen is not None and seen != case.moves:
        last = Decision.objects.filter(case=case).select_related("user").order_by("-number").first()
        who = str(last.user or "系统") if last else "他人"
        what = last.label if last else "处理"
        raise CaseMoved(case=case.number, who=who, what=what, step=procedure.title_of(case.step))
    if case.is_over:
        raise CaseClosed(case=case.number, state=case.get_state_display())


def refuse_actor(case: Case, procedure: Procedure, step: Step, actor: Actor) -> None:
    """Refuse whoever may not act in the step. Raises: NotYourStep, HeldByAnother, SamePerson."""
    if actor.role == SYSTEM_ROLE:
        return
    own = actor.role == Role.SELF and Role.SELF in step.roles and case.applicant_id == actor.on_behalf_of_id
    staff = actor.role in step.roles and actor.role != Role.SELF and reaches(actor, case.division_id)
    if staff and case.org_unit_id is not None and actor.org_unit_id != case.org_unit_id:
        staff = False
    if not own and not staff:
        raise NotYourStep(case=case.number, step=step.title, roles=titles(step.roles))
    if case.holder_id not in (None, actor.user_id):
        raise HeldByAnother(case=case.number, holder=str(case.holder))
    for earlier in step.apart_from:
        if _did(case, procedure, earlier, actor):
            raise SamePerson(case=case.number, earlier=procedure.title_of(earlier), step=step.title)


def _did(case: Case, procedure: Procedure, step: str, actor: Actor) -> bool:
    """Whether the actor decided in the step; opening the case counts as deciding in its first."""
    if step == procedure.first.key and case.opened_by_id is not None and case.opened_by_id == actor.user_id:
        return True
    return Decision.objects.filter(case=case, from_step=step, user=actor.user_id).exclude(user=None).exists()


def _refuse_others_withdrawal(case: Case, step: Step, actor: Actor, at: datetime) -> None:
    if actor.role == SYSTEM_ROLE:
        return
    if actor.user_id is None or actor.user_id not in people.applicants(case, on=legal_day(at)):
        raise NotYourStep(case=case.number, step=step.title, roles="申请人（撤回）")


def refuse_missing_materials(case: Case, step: Step) -> None:
    """Refuse to go on without what the step asks for. Raises: MaterialMissing."""
    given = set(case.materials.filter(removed_at=None).values_list("key", flat=True))
    missing = [one.title for one in step.materials if one.required and one.key not in given]
    if missing:
        raise MaterialMissing(listing="、".join(missing))


def _passed(action: Action, case: Case) -> Ruling[Any] | None:
    """What the gate says, when it lets through. Raises: GateClosed with each check that failed or could not be made."""
    if action.gate is None:
        return None
    ruling = action.gate(case)
    if ruling.verdict is Verdict.PASSED:
        return ruling
    wrong = [step.finding for step in ruling.steps if step.ok is False or step.is_undecidable]
    raise GateClosed(action=action.label, findings="；".join(wrong) or "没有可以判定的事实")


def _refused(check: Any) -> bool:
    try:
        check()
    except DomainError:
        return True
    return False
