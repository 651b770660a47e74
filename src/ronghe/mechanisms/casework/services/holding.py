"""Who has a case: taken out of the unit's pool, handed over, given back."""

from datetime import datetime

from django.db import transaction

from ronghe.kernel.accounts.models import User
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.inbox.services import tell

from .. import people
from ..errors import HandoverRefused, ReasonMissing
from ..models import Case, Handover
from .acting import refuse_actor, refuse_stale
from .moving import address_of, locked, procedure_of, titles


@transaction.atomic
def claim(*, case_id: int, actor: Actor, at: datetime) -> Case:
    """Take a case to oneself (领办). A repeat changes nothing. Locks: Case.

    Raises: CaseNotFound, CaseClosed, NotYourStep, HeldByAnother, SamePerson.
    """
    return _pass_on(case_id, to=actor.user_id, reason="", actor=actor, at=at)


@transaction.atomic
def hand_over(*, case_id: int, to_user_id: int | None, reason: str, actor: Actor, at: datetime) -> Case:
    """Hand a case to somebody who may act in its step, or back into the pool with ``None`` (移交). Locks: Case.

    Raises: as ``claim``; ReasonMissing; HandoverRefused.
    """
    if not reason.strip():
        raise ReasonMissing(action="移交")
    return _pass_on(case_id, to=to_user_id, reason=reason.strip(), actor=actor, at=at)


def _pass_on(case_id: int, *, to: int | None, reason: str, actor: Actor, at: datetime) -> Case:
    case = locked(case_id, actor)
    procedure = procedure_of(case.procedure)
    refuse_stale(case, procedure, None)
    step = procedure.step(case.step)
    assert step is not None  # an open case stands in a step
    refuse_actor(case, procedure, step, actor)
    if case.holder_id == to:
        return case
    if to is not None and to != actor.user_id and not people.may_act(to, step, case, on=legal_day(at)):
        who = User.objects.filter(pk=to).values_list("display_name", flat=True).first() or f"第 {to} 号用户"
        raise HandoverRefused(to=who, roles=titles(step.roles))
    Handover.objects.create(
        case=case, from_user_id=case.holder_id or actor.user_id, to_user_id=to, reason=reason[:200], at=at
    )
    case.holder_id = to
    case.save(update_fields=["holder"])
    record(verb="casework.case.handed_over", subject=case, actor=actor, at=at, facts={"to": to or 0})
    if to not in (None, actor.user_id):
        tell([to], title=f"{case.title}：移交给您", text=f"{case.number} {reason}", href=address_of(case), at=at)
    return case
