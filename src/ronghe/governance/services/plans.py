"""Commands of the zone's office: take a plan in as a case, and bring the case on when the plan is read."""

from datetime import datetime
from typing import IO, Any

from django.db import transaction

from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.errors import Conflict
from ronghe.kernel.jobs import Work
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.declared import PROCEDURES
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.models import DraftChange, PlanDraft
from ronghe.policy.services import drafts

from ..procedures import CHECK, KEY, READ

_SUBJECT = "policy.plandraft"


class PlanNotInCheck(Conflict):
    """Its case is with somebody else: what one confirms does not change under one's hands."""

    code = "governance.plan_not_in_check"
    message = "这份方案现在在“{step}”环节，不能这样处理。已提交确认、需要改动时，请先由确认人退回校核。"


@transaction.atomic
def take_plan(*, content: bytes | IO[bytes], name: str, actor: Actor, at: datetime) -> tuple[PlanDraft, Case]:
    """Take a plan in (提交方案): its draft, the case around it, and its reading in the background, in one act.

    Raises: MayNotOpen, Forbidden, and whatever ``files.store`` refuses.
    """
    draft = drafts.take_plan(content=content, name=name, reader="governance.read_plan", actor=actor, at=at)
    case = casework.open_case(
        KEY,
        title=f"方案入库：{draft.file_name}",
        division=draft.division_id,
        subject=(_SUBJECT, draft.pk),
        actor=actor,
        at=at,
    )
    return draft, case


def read_plan(work: Work, *, draft_id: int, at: datetime) -> dict[str, Any]:
    """Read a plan and bring its case on; a repeat does nothing more."""
    result = drafts.read_draft(work, draft_id=draft_id, at=at)
    draft = PlanDraft.objects.get(pk=draft_id)
    case = case_of(draft)
    if case is not None and case.step == READ and not case.is_over:
        readable = draft.state == PlanDraft.State.CHECKING
        action, reason = ("read", "") if readable else ("unreadable", draft.failure or draft.get_state_display())
        casework.act(case_id=case.pk, action=action, seen=None, reason=reason, actor=SYSTEM, at=at)
    return result


def case_of(draft: PlanDraft) -> Case | None:
    """The case of a draft."""
    return Case.objects.filter(subject_type=_SUBJECT, subject_id=str(draft.pk)).order_by("-pk").first()


def read_again(*, draft_id: int, actor: Actor, at: datetime) -> PlanDraft:
    """Have a plan read again whose reading was cancelled or has failed (重新阅读).

    Raises: DraftNotFound, DraftNotOpen, and what the procedure refuses in its first step.
    """
    with transaction.atomic():
        _locked_case(draft_id, READ, actor, at)
        return drafts.read_again(draft_id=draft_id, reader="governance.read_plan", actor=actor, at=at)


def correct(
    *, draft_id: int, target: str, key: str, field: str, value: Any, reason: str = "", actor: Actor, at: datetime
) -> DraftChange | None:
    """Correct one fact of a plan (更正) while it is in check, and only by whoever may act in that step.

    Locks: Case, PlanDraft: what is submitted does not change any more.
    Raises: PlanNotInCheck, NotYourStep, HeldByAnother, and what ``drafts.correct`` raises.
    """
    with transaction.atomic():
        _locked_case(draft_id, CHECK, actor, at)
        return drafts.correct(
            draft_id=draft_id, target=target, key=key, field=field, value=value, reason=reason, actor=actor, at=at
        )


def undo(*, draft_id: int, number: int, actor: Actor, at: datetime) -> DraftChange:
    """Undo one correction of a plan in check. Locks and raises as ``correct``."""
    with transaction.atomic():
        _locked_case(draft_id, CHECK, actor, at)
        return drafts.undo(draft_id=draft_id, number=number, actor=actor, at=at)


def _locked_case(draft_id: int, step: str, actor: Actor, at: datetime) -> None:
    """Lock the case of a plan when it stands in ``step`` and the actor may act there.

    Raises: PlanNotInCheck, NotYourStep, HeldByAnother. A plan without a case, taken in by a program, is left to the draft.
    """
    of = Case.objects.filter(subject_type=_SUBJECT, subject_id=str(draft_id)).order_by("-pk")
    case = of.select_for_update(of=("self",)).first()
    if case is None:
        return
    if case.step != step:
        raise PlanNotInCheck(step=PROCEDURES[case.procedure].title_of(case.step))
    refusal = casework.may_see_step(case, actor=actor, at=at)
    if refusal is not None:
        raise refusal
