"""Who has a case: taken out of the unit's pool, handed over, given back."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.accounts.models import User
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.inbox.services import tell

from ..declared import Procedure, Step
from ..errors import HandoverRefused, NotYourStep, ReasonMissing
from ..models import Case, Handover
from .moving import address_of, locked, procedure_of, titles
from .refusing import may_take, present_step, refuse_actor, refuse_stale

_Refusal = Callable[[Case, Procedure, Step, Actor, datetime], None]


@transaction.atomic
def claim(*, case_id: int, actor: Actor, at: datetime) -> Case:
    """Take a case to oneself (领办). A repeat changes nothing. Locks: Case.

    Raises: CaseNotFound, CaseClosed, StepGone, NotYourStep, OwnMatter, HeldByAnother, SamePerson.
    """
    return _pass_on(case_id, to=actor.user_id, reason="", actor=actor, at=at, refuse=_refuse_claim)


@transaction.atomic
def hand_over(*, case_id: int, to_user_id: int | None, reason: str, actor: Actor, at: datetime) -> Case:
    """Hand a case to somebody who may act in its step, or back into the pool with ``None`` (移交). Locks: Case.

    Whoever may act does it, and a leader whose post reaches the case: so that no absence stops it.
    Raises: as ``claim``; ReasonMissing; HandoverRefused.
    """
    if not reason.strip():
        raise ReasonMissing(action="移交")
    return _pass_on(case_id, to=to_user_id, reason=reason.strip(), actor=actor, at=at, refuse=refuse_handover)


def _refuse_claim(case: Case, procedure: Procedure, step: Step, actor: Actor, at: datetime) -> None:
    """Taking a case out of the pool is for the staff: an applicant acts without it."""
    if actor.role == Role.SELF:
        raise NotYourStep(case=case.number, step=step.title, roles=titles(step.roles - {Role.SELF}) or "工作人员")
    refuse_actor(case, procedure, step, actor, at=at)


def refuse_handover(case: Case, procedure: Procedure, step: Step, actor: Actor, at: datetime) -> None:
    """Refuse whoever may not say who has the case. Raises: NotYourStep, OwnMatter, HeldByAnother, SamePerson."""
    if actor.role == Role.LEADER and reaches(actor, case.division_id):
        return
    _refuse_claim(case, procedure, step, actor, at)


def may_hand_over(case: Case, *, actor: Actor, at: datetime) -> bool:
    """Whether the actor may say who has the case, for its page; ``hand_over`` asks the same again."""
    if case.is_over:
        return False
    procedure = procedure_of(case.procedure)
    try:
        refuse_handover(case, procedure, present_step(case, procedure), actor, at)
    except DomainError:
        return False
    return True


def _pass_on(case_id: int, *, to: int | None, reason: str, actor: Actor, at: datetime, refuse: _Refusal) -> Case:
    case = locked(case_id, actor)
    procedure = procedure_of(case.procedure)
    refuse_stale(case, procedure, None)
    step = present_step(case, procedure)
    refuse(case, procedure, step, actor, at)
    if case.holder_id == to:
        return case
    if to is not None and not may_take(case, procedure, step, to, day=legal_day(at)):
        who = User.objects.filter(pk=to).values_list("display_name", flat=True).first() or f"第 {to} 号用户"
        raise HandoverRefused(to=who, roles=titles(step.roles - {Role.SELF}))
    before = case.holder_id
    Handover.objects.create(case=case, from_user_id=before or actor.user_id, to_user_id=to, reason=reason[:200], at=at)
    case.holder_id = to
    case.save(update_fields=["holder"])
    record(verb="casework.case.handed_over", subject=case, actor=actor, at=at, facts={"to": to or 0})
    if to not in (None, actor.user_id):
        tell([to], title=f"{case.title}：移交给您", text=f"{case.number} {reason}", href=address_of(case), at=at)
    if before not in (None, to, actor.user_id):
        tell([before], title=f"{case.title}：已从您移交", text=f"{case.number} {reason}", href=address_of(case), at=at)
    return case
