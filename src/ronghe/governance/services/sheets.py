"""督办: reminders before a deadline, and sheets in the zone's colours: one matter, one sheet, answered and closed."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from ronghe.kernel.accounts.access import reaches
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.db import refuses
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.inbox.services import tell
from ronghe.kernel.papers.services import issue_paper
from ronghe.policy import queries as policy
from ronghe.policy.rules.periods import WORKING, period_end

from ..errors import NotYourTask, SheetNotFound, SheetNotInState, SheetRunning, TaskIncomplete
from ..models import Assignment, Sheet, Task
from ..papers import SUPERVISION
from ..queries.ledger import lights_of, limits_for
from ..rules.ledger import AT_WORK, IN_REVIEW, Light, State
from .ledger import address_of, staff_of
from .moving import locked, refuse_unless

RUNNING = (Sheet.State.OPEN, Sheet.State.ANSWERED)


@transaction.atomic
def issue_sheet(
    *, task_id: int, unit_id: int, rank: int, matter: str, demand: str, actor: Actor, at: datetime
) -> Sheet:
    """Issue a supervision sheet (签发督办单) to a unit of the task, as a paper, with the day by which to answer.

    A sheet of a higher rank takes the place of the running one of the same unit once its answer is overdue or its rank is
    exceeded; otherwise one matter has one sheet. Locks: Task, the number series.
    Raises: LedgerTaskNotFound, TaskNotInState, Forbidden, NotYourTask, SheetRunning, TaskIncomplete.
    """
    task = locked(task_id, actor=actor)
    if not reaches(actor, task.division_id):
        raise Forbidden()
    refuse_unless(task, (State.ISSUED, *AT_WORK, *IN_REVIEW), "督办")
    assigned = Assignment.objects.filter(task=task, unit=unit_id, ended_at=None).select_related("unit").first()
    if assigned is None:
        raise NotYourTask(title=task.title, duty="牵头、责任和配合单位", unit=f"编号 {unit_id}", what="被督办")
    day = legal_day(at)
    limits = limits_for(task.zone, on=day)
    lacking = [name for name, value in (("事由", matter), ("要求", demand)) if not value.strip()]
    lacking += [] if 1 <= rank <= len(limits.ladder) else [f"1 到 {len(limits.ladder)} 之间的级别"]
    if lacking:
        raise TaskIncomplete(listing="、".join(lacking))
    before = Sheet.objects.filter(task=task, unit=unit_id, state__in=RUNNING).select_for_update().first()
    if before is not None:
        _follow(before, rank=rank, day=day)
    running = SheetRunning(title=task.title, unit=assigned.unit.name, colour="", number="", reply_by="")
    with refuses({"sheet_one_matter_one_sheet": running}):
        made = Sheet.objects.create(
            task=task, unit_id=unit_id, rank=rank, colour=limits.ladder[rank - 1], matter=matter.strip()[:400],
            demand=demand.strip(), reply_by=period_end(day, limits.reply_days, WORKING, policy.calendar()).day,
            follows=before, issued_by_id=actor.user_id, issued_at=at,
        )  # fmt: skip
    made.paper = issue_paper(
        SUPERVISION.key, facts=_told(made, assigned.unit.name), division=task.division_id,
        subject=("governance.sheet", made.pk), actor=actor, at=at,
    )  # fmt: skip
    made.save(update_fields=["paper"])
    facts = {"task": task.pk, "unit": unit_id, "rank": rank, "reply_by": made.reply_by}
    record(verb="governance.sheet.issued", subject=made, actor=actor, at=at, facts=facts, division=task.division_id)
    title = f"{made.colour}色督办单：{task.title[:60]}"
    tell(staff_of([unit_id], on=day), title=title, text=f"请于 {made.reply_by} 前回复", href=sheet_address(made), at=at)
    return made


def sheet_address(sheet: Sheet) -> str:
    """The page of a sheet."""
    return f"/office/sheets/{sheet.pk}/"


def _follow(before: Sheet, *, rank: int, day: date) -> None:
    """Let a running sheet give way to one of a higher rank. Raises: SheetRunning."""
    if rank <= before.rank:
        number = before.paper.number if before.paper else before.pk
        raise SheetRunning(
            title=before.task.title,
            unit=before.unit.name,
            colour=before.colour,
            number=number,
            reply_by=before.reply_by,
        )
    before.state = Sheet.State.FOLLOWED
    before.save(update_fields=["state"])


def _told(sheet: Sheet, unit: str) -> dict[str, object]:
    task = sheet.task
    return {
        "zone": task.zone.title,
        "colour": sheet.colour,
        "rank": sheet.rank,
        "unit": unit,
        "task": f"{task.label} {task.title}".strip(),
        "due": task.due.isoformat() if task.due else "未定",
        "percent": task.percent,
        "matter": sheet.matter,
        "demand": sheet.demand,
        "reply_by": sheet.reply_by.isoformat(),
        "follows": sheet.follows.paper.number if sheet.follows and sheet.follows.paper else "",
    }


def _locked(sheet_id: int, actor: Actor) -> Sheet:
    seen = Sheet.objects.visible_to(actor).filter(pk=sheet_id).exists()
    found = Sheet.objects.select_for_update(of=("self",)).filter(pk=sheet_id).first() if seen else None
    if found is None:
        raise SheetNotFound(sheet=sheet_id)
    return found


@transaction.atomic
def answer_sheet(*, sheet_id: int, answer: str, actor: Actor, at: datetime) -> Sheet:
    """Answer a sheet for one's unit (回复督办). Locks: Sheet. Raises: SheetNotFound, NotYourTask, SheetNotInState, TaskIncomplete."""
    sheet = _locked(sheet_id, actor)
    if sheet.unit_id != actor.org_unit_id:
        raise NotYourTask(title=sheet.task.title, duty="被督办单位", unit="本岗位所在单位", what="回复")
    if sheet.state != Sheet.State.OPEN:
        raise SheetNotInState(state=sheet.get_state_display(), what="再回复")
    if not answer.strip():
        raise TaskIncomplete(listing="回复内容")
    sheet.state, sheet.answer = Sheet.State.ANSWERED, answer.strip()
    sheet.answered_by_id, sheet.answered_at = actor.user_id, at
    sheet.save()
    record(verb="governance.sheet.answered", subject=sheet, actor=actor, at=at, division=sheet.task.division_id)
    tell([sheet.issued_by_id], title=f"督办已回复：{sheet.task.title[:60]}", href=sheet_address(sheet), at=at)
    return sheet


@transaction.atomic
def close_sheet(*, sheet_id: int, outcome: str, actor: Actor, at: datetime) -> Sheet:
    """Close an answered sheet (督办办结), by the office. Locks: Sheet. Raises: SheetNotFound, Forbidden, SheetNotInState, TaskIncomplete."""
    sheet = _locked(sheet_id, actor)
    if not reaches(actor, sheet.task.division_id):
        raise Forbidden()
    if sheet.state != Sheet.State.ANSWERED:
        raise SheetNotInState(state=sheet.get_state_display(), what="办结（须先由被督办单位回复）")
    if not outcome.strip():
        raise TaskIncomplete(listing="办结意见")
    sheet.state, sheet.outcome, sheet.ended_at = Sheet.State.CLOSED, outcome.strip()[:400], at
    sheet.save()
    record(verb="governance.sheet.closed", subject=sheet, actor=actor, at=at, division=sheet.task.division_id)
    return sheet


def remind_tasks(*, at: datetime) -> int:
    """Remind units of tasks whose light has turned, once per light; returns how many tasks. A repeat reminds nobody."""
    day = legal_day(at)
    told = 0
    for task_id, light in list(lights_of(day=day, wanted=(Light.NEAR, Light.BEHIND, Light.OVERDUE))):
        told += _remind(task_id, light, day=day, at=at)
    return told


@transaction.atomic
def _remind(task_id: int, light: Light, *, day: date, at: datetime) -> int:
    task = Task.objects.select_for_update(of=("self",)).get(pk=task_id)
    if task.reminded == light.value or not task.is_open:
        return 0
    task.reminded = light.value
    task.save()
    units = Assignment.objects.filter(task=task, ended_at=None).values_list("unit_id", flat=True)
    title = f"{light.title}：{task.title[:80]}"
    tell(_staff(units, day), title=title, text=f"期限 {task.due}，进度 {task.percent}%", href=address_of(task), at=at)
    record(verb="governance.task.reminded", subject=task, actor=SYSTEM, at=at, facts={"light": light.value})
    return 1


def _staff(units: Iterable[int], day: date) -> list[int]:
    return staff_of(units, on=day)
