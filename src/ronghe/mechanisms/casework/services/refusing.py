"""Why something cannot be done to a case now. Each refusal is asked under the lock of the case; pages ask the same."""

from datetime import date, datetime

from django.apps import apps
from django.db.models import Max, Q

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.accounts.models import Mandate
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import Forbidden

from .. import people
from ..declared import DONE, Action, Outcome, Procedure, Step
from ..errors import (
    CaseClosed,
    CaseMoved,
    CasePaused,
    HeldByAnother,
    MaterialMissing,
    NoticeRunning,
    NotYourStep,
    ObjectionStands,
    OwnMatter,
    SamePerson,
    StepGone,
    WithdrawalTooLate,
)
from ..models import Case, Decision, Notice, Objection
from .moving import titles


def refuse_stale(case: Case, procedure: Procedure, seen: int | None) -> None:
    """Refuse whoever acts on what was seen before somebody else acted. Raises: CaseMoved, CaseClosed."""
    if seen is not None and seen != case.moves:
        last = Decision.objects.filter(case=case).select_related("user").order_by("-number").first()
        who = str(last.user or "系统") if last else "他人"
        what = last.label if last else "处理"
        raise CaseMoved(case=case.number, who=who, what=what, step=procedure.title_of(case.step))
    if case.is_over:
        raise CaseClosed(case=case.number, state=case.get_state_display())


def present_step(case: Case, procedure: Procedure) -> Step:
    """The step in which an open case stands. Raises: StepGone when the procedure was declared anew without it."""
    step = procedure.step(case.step)
    if step is None:
        raise StepGone(case=case.number, step=case.step, procedure=procedure.title)
    return step


def refuse_actor(case: Case, procedure: Procedure, step: Step, actor: Actor, *, at: datetime) -> None:
    """Refuse whoever may not act in the step. Raises: NotYourStep, OwnMatter, HeldByAnother, SamePerson.

    A holder who has left the post keeps nobody from acting.
    """
    if actor.role == SYSTEM_ROLE:
        return
    day = legal_day(at)
    own = actor.role == Role.SELF and Role.SELF in step.roles and case.applicant_id == actor.on_behalf_of_id
    if not own:
        refuse_post(case, step, actor, day=day)
    if case.holder_id not in (None, actor.user_id) and people.may_act(case.holder_id or 0, step, case, on=day):
        raise HeldByAnother(case=case.number, holder=str(case.holder))
    for earlier in step.apart_from:
        if did(case, procedure, earlier, actor.user_id):
            raise SamePerson(case=case.number, earlier=procedure.title_of(earlier), step=step.title)


def refuse_post(case: Case, step: Step, actor: Actor, *, day: date) -> None:
    """Refuse whoever holds no post that acts in the step, or acts for the applicant. Raises: NotYourStep, OwnMatter."""
    if actor.role == SYSTEM_ROLE:
        return
    staff = actor.role in step.roles and actor.role != Role.SELF and reaches(actor, case.division_id)
    if not staff or (case.org_unit_id is not None and actor.org_unit_id != case.org_unit_id):
        raise NotYourStep(case=case.number, step=step.title, roles=titles(step.roles))
    if acts_for_applicant(case, actor.user_id, day=day):
        raise OwnMatter(case=case.number)


def acts_for_applicant(case: Case, user_id: int | None, *, day: date) -> bool:
    """回避: whether the user stands on the other side of the counter in this very case."""
    if case.applicant_id is None or user_id is None:
        return False
    return Mandate.objects.in_force(day).filter(user_id=user_id, party_id=case.applicant_id).exists()


def did(case: Case, procedure: Procedure, step: str, user_id: int | None) -> bool:
    """Whether the user decided in the step; opening the case counts as deciding in its first."""
    if user_id is None:
        return False
    if step == procedure.first.key and case.opened_by_id == user_id:
        return True
    return Decision.objects.filter(case=case, from_step=step, user=user_id).exists()


def may_take(case: Case, procedure: Procedure, step: Step, user_id: int, *, day: date) -> bool:
    """Whether a case may be handed to the user: a post that acts in the step, and nothing that keeps them apart."""
    return (
        people.may_act(user_id, step, case, on=day)
        and not acts_for_applicant(case, user_id, day=day)
        and not any(did(case, procedure, earlier, user_id) for earlier in step.apart_from)
    )


def refuse_others_withdrawal(case: Case, procedure: Procedure, actor: Actor, *, at: datetime) -> None:
    """Refuse a withdrawal by anybody but the applicant or whoever opened the case, and one that comes too late.

    Raises: NotYourStep, WithdrawalTooLate.
    """
    if actor.role == SYSTEM_ROLE:
        return
    step = procedure.step(case.step)
    if step is not None and not step.is_withdrawable:
        raise WithdrawalTooLate(case=case.number, step=step.title)
    if actor.user_id is None or actor.user_id not in people.applicants(case, on=legal_day(at)):
        raise NotYourStep(case=case.number, step=procedure.title_of(case.step), roles="申请人（撤回）")


def refuse_missing_materials(case: Case, procedure: Procedure, step: Step) -> None:
    """Refuse to go on without what the step asks for, and what a return asked for anew. Raises: MaterialMissing."""
    newest = dict(case.materials.filter(removed_at=None).order_by().values_list("key").annotate(Max("added_at")))
    returned: dict[str, datetime] = {}
    for at, keys in case.decisions.filter(outcome=Outcome.RETURN.value).order_by("number").values_list("at", "mend"):
        returned |= dict.fromkeys(keys, at)
    missing, needed = [], procedure.needed(case, step)
    for one in step.materials:
        given, asked = newest.get(one.key), returned.get(one.key)
        if asked is not None and (given is None or given <= asked):
            missing.append(f"{one.title}（退回后须重新提交）")
        elif one.key in needed and given is None:
            missing.append(one.title)
    if missing:
        raise MaterialMissing(listing="、".join(missing))


def refuse_objected(case: Case, procedure: Procedure, step: Step, action: Action, *, at: datetime) -> None:
    """Refuse to go on while the public may still object, or has and nobody answered, or was right.

    A return or a refusal is always possible. Raises: CasePaused, NoticeRunning, ObjectionStands.
    """
    if action.outcome is not Outcome.ADVANCE:
        return
    if case.state == Case.State.PAUSED:
        raise CasePaused(case=case.number)
    running = Notice.objects.filter(case=case, ended_at=None).first() if step.notice else None
    if running is not None and running.last_day >= legal_day(at):
        raise NoticeRunning(case=case.number, last_day=running.last_day)
    said = Objection.objects.filter(notice__case=case)
    if running is not None and said.filter(notice=running, state=Objection.State.UPHELD).exists():
        raise ObjectionStands(case=case.number)
    target = procedure.step(action.to)
    ends = action.to == DONE or (target is not None and target.notice is not None)
    if ends and said.filter(state=Objection.State.OPEN).exists():
        raise CasePaused(case=case.number)


def refuse_answer(case: Case, procedure: Procedure, notice: Notice, actor: Actor, *, at: datetime) -> None:
    """Refuse an answer by anybody but the staff of the step that told the public; never the applicant.

    Raises: NotYourStep, OwnMatter, HeldByAnother, SamePerson.
    """
    step = procedure.step(notice.step) or present_step(case, procedure)
    refuse_post(case, step, actor, day=legal_day(at))
    if not case.is_over and case.step == step.key:
        refuse_actor(case, procedure, step, actor, at=at)


def refuse_elsewhere(party_id: int, division: str) -> None:
    """Refuse an application to a place that has nothing to do with the party: not its own, none above, none below.

    Raises: Forbidden.
    """
    home = apps.get_model("parties", "Party").objects.filter(pk=party_id).values("division")
    lines = apps.get_model("regions", "DivisionClosure").objects.filter(
        Q(ancestor__in=home, descendant=division) | Q(ancestor=division, descendant__in=home)
    )
    if not lines.exists():
        raise Forbidden()
