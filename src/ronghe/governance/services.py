"""Commands of the zone's office: take a plan in as a case, and bring the case on when the plan is read."""

from datetime import datetime
from typing import IO, Any

from django.db import transaction

from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.errors import Conflict
from ronghe.kernel.jobs import Work
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.models import PlanDraft
from ronghe.policy.services import drafts

from .procedures import CHECK, KEY, READ

_SUBJECT = "policy.plandraft"


class PlanNotInCheck(Conflict):
    """Its case is with somebody else: what one confirms does not change under one's hands."""

    code = "governance.plan_not_in_check"
    message = "这份方案现在在“{step}”环节，不能改动。需要改动时，请先由确认人退回校核。"


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


def refuse_outside_check(draft: PlanDraft) -> None:
    """Refuse corrections while somebody else has the plan. Raises: PlanNotInCheck."""
    case = case_of(draft)
    if case is not None and case.step != CHECK:
        from ronghe.mechanisms.casework.declared import PROCEDURES

        raise PlanNotInCheck(step=PROCEDURES[case.procedure].title_of(case.step))
