"""The inside of a move: decision, case, deadline, notice, hooks, messages. Nothing outside this package calls it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from ronghe.kernel.accounts.roles import TITLES, Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.inbox.services import tell
from ronghe.policy.ruling import Ruling

from .. import deadlines, people
from ..declared import ENDS, PROCEDURES, Action, Outcome, Procedure, Step, period_in
from ..errors import CaseNotFound, NoticePeriodUnset, ProcedureUnknown
from ..models import Case, Decision, Notice, ProcedureEdge


def procedure_of(key: str) -> Procedure:
    """The declared procedure. Raises: ProcedureUnknown."""
    found = PROCEDURES.get(key)
    if found is None:
        raise ProcedureUnknown(key=key)
    return found


def locked(case_id: int, actor: Actor) -> Case:
    """The case, locked, as far as the actor may see it. Raises: CaseNotFound."""
    seen = Case.objects.visible_to(actor).filter(pk=case_id).exists()
    found = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first() if seen else None
    if found is None:
        raise CaseNotFound(case=case_id)
    return found


def titles(roles: Iterable[str]) -> str:
    """Roles as people call them."""
    return "、".join(TITLES[str(role)] for role in sorted(roles))


def keep_edges(procedure: Procedure) -> None:
    """Let the database know the moves of this version, once."""
    version = procedure.version
    if ProcedureEdge.objects.filter(procedure=procedure.key, version=version).exists():
        return
    ProcedureEdge.objects.bulk_create(
        [
            ProcedureEdge(procedure=procedure.key, version=version, from_step=source, action=action, to_step=to)
            for source, action, to in procedure.edges()
        ],
        ignore_conflicts=True,
    )


def keep_all_edges() -> None:
    """The same for every procedure, in a transaction of its own: long work side by side then waits for no other's."""
    for procedure in PROCEDURES.values():
        keep_edges(procedure)


def _version_of(procedure: Procedure, edge: tuple[str, str, str]) -> str:
    """The version that allows a move: the present one, or the last that knew a step which is no more."""
    if edge in procedure.edges():
        return procedure.version
    source, action, to = edge
    known = ProcedureEdge.objects.filter(procedure=procedure.key, from_step=source, action=action, to_step=to)
    return known.order_by("-pk").values_list("version", flat=True).first() or procedure.version


def move(
    case: Case,
    action: Action,
    *,
    procedure: Procedure,
    reason: str,
    mend: Sequence[str],
    ruling: Ruling[Any] | None,
    actor: Actor,
    at: datetime,
) -> Decision:
    """Take the decision and bring the locked case to where it leads."""
    keep_edges(procedure)
    number = case.moves + 1
    version = _version_of(procedure, (case.step, action.key, action.to))
    decision = Decision.objects.create(
        case=case, number=number, procedure=procedure.key, version=version,
        from_step=case.step, action=action.key, to_step=action.to, label=action.label, outcome=action.outcome.value,
        reason=reason, mend=list(mend), ruling=as_kept(ruling),
        user_id=actor.user_id, role=actor.role, org_unit_id=actor.org_unit_id, at=at,
    )  # fmt: skip
    left = case.step
    Notice.objects.filter(case=case, ended_at=None).update(ended_at=at)
    case.moves, case.step, case.step_since, case.holder_id, case.reminded = number, action.to, at, None, ""
    case.paused_on = None
    step = procedure.step(action.to)
    day = legal_day(at)
    if step is None:
        case.state, case.closed_at, case.roles = action.to, at, []
        deadlines.begin(case, None, day=day)
    else:
        enter(case, step, day=day)
    case.save()
    if step is not None and step.notice is not None:
        publish(case, step, day=day)
    hook = (procedure.on_end if step is None else procedure.on_enter).get(action.to)
    if hook is not None:
        hook(case=case, actor=actor, at=at)
    record(
        verb="casework.case.moved",
        subject=case,
        actor=actor,
        at=at,
        facts={"number": number, "from": left, "action": action.key, "to": action.to},
    )
    _tell(case, step, action, procedure, day=day, at=at, by=actor.user_id)
    return decision


def enter(case: Case, step: Step, *, day: date) -> None:
    """What a step sets in its case: who may act, and until when."""
    case.state = Case.State.OPEN
    case.roles = sorted(role.value for role in step.roles)
    if step.unit is not None:
        case.org_unit_id = step.unit(case)
    deadlines.begin(case, period_in(step.period, case), day=day)


def publish(case: Case, step: Step, *, day: date) -> Notice:
    """Tell the public, from the day of the move on. Raises: NoticePeriodUnset."""
    assert step.notice is not None
    period = period_in(step.notice.period, case)
    if period is None:
        raise NoticePeriodUnset(case=case.number, step=step.title)
    last = deadlines.last_day(period, day=day)
    return Notice.objects.create(
        case=case,
        step=step.key,
        title=f"{case.title}公示"[:160],
        text=step.notice.text(case),
        first_day=day,
        counted_from=day,
        length=period.length,
        unit=period.unit,
        last_day=last.day,
        is_provisional=last.is_provisional,
    )


def as_kept(ruling: Ruling[Any] | None) -> dict[str, Any] | None:
    """A ruling as it is stored with the decision."""
    if ruling is None:
        return None
    return {
        "verdict": ruling.verdict.value if ruling.verdict else None,
        "steps": [
            {
                "finding": s.finding,
                "ok": s.ok,
                "cite": [[c.document, c.path] for c in s.cite],
                "missing": list(s.missing),
            }
            for s in ruling.steps
        ],
    }


def address_of(case: Case) -> str:
    """The page of a case."""
    return f"/cases/{case.pk}/"


def _tell(
    case: Case, step: Step | None, action: Action, procedure: Procedure, *, day: date, at: datetime, by: int | None
) -> None:
    href = address_of(case)
    if step is None:
        told = [user for user in people.applicants(case, on=day) if user != by]
        tell(told, title=f"{case.title}：{ENDS[action.to]}", text=case.number, href=href, at=at)
        return
    word = "退回补正" if action.outcome is Outcome.RETURN else step.title
    told = [user for user in people.concerned(step, case, on=day) if user != by]
    tell(told, title=f"{case.title}：{word}", text=f"{case.number} {step.asks}", href=href, at=at)
    if action.outcome is Outcome.RETURN and Role.SELF not in step.roles:
        more = [user for user in people.applicants(case, on=day) if user != by and user not in told]
        tell(more, title=f"{case.title}：{word}", text=case.number, href=href, at=at)
