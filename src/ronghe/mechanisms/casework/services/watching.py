"""What the clock does to cases: reminders before and after a deadline, deadlines counted again when a year is known."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.inbox.services import tell
from ronghe.policy import queries as policy
from ronghe.policy.rules.periods import Calendar, after_working_days

from .. import deadlines, people
from ..declared import PROCEDURES
from ..models import Case, Notice
from .moving import address_of

#: Working days before the deadline on which people are reminded.
SOON_DAYS = 2
_SOON, _OVERDUE = "soon", "overdue"


def remind(*, at: datetime) -> int:
    """Remind of what is due soon and of what is overdue, once each; returns how many cases. A repeat reminds nobody."""
    day = legal_day(at)
    soon = after_working_days(day, SOON_DAYS, policy.calendar()).day
    told = 0
    for pk in _ids(Case.objects.filter(state=Case.State.OPEN, due__lt=day).exclude(reminded=_OVERDUE)):
        told += _remind(pk, _OVERDUE, at)
    for pk in _ids(Case.objects.filter(state=Case.State.OPEN, due__range=(day, soon), reminded="")):
        told += _remind(pk, _SOON, at)
    return told


def _ids(rows: object) -> Iterator[int]:
    yield from rows.order_by("pk").values_list("pk", flat=True)  # type: ignore[attr-defined]


@transaction.atomic
def _remind(case_id: int, what: str, at: datetime) -> int:
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    procedure = PROCEDURES.get(case.procedure)
    step = procedure.step(case.step) if procedure else None
    if case.state != Case.State.OPEN or case.reminded == what or step is None:
        return 0
    case.reminded = what
    case.save(update_fields=["reminded"])
    word = "已超过办理期限" if what == _OVERDUE else "即将到期"
    told = people.concerned(step, case, on=legal_day(at))
    tell(told, title=f"{case.title}：{word}", text=f"{case.number} 期限 {case.due}", href=address_of(case), at=at)
    return 1


def recount_deadlines(*, at: datetime) -> int:
    """Count again what rests on years that were not announced; returns how many deadlines changed.

    A deadline that a year's announcement moves is another legal date: each change is an event of its case.
    """
    known, changed = policy.calendar(), 0
    for pk in _ids(Case.objects.filter(due_is_provisional=True).exclude(state__in=Case.OVER)):
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",)).get(pk=pk)
            before = case.due
            if case.is_over or not deadlines.count(case, known):
                continue
            case.save(update_fields=["due", "due_is_provisional", "reminded"])
            facts = {"before": before, "after": case.due}
            record(verb="casework.deadline.recounted", subject=case, actor=SYSTEM, at=at, facts=facts)
            changed += 1
    for pk in Notice.objects.filter(is_provisional=True, ended_at=None).order_by("pk").values_list("pk", flat=True):
        changed += _recount_notice(pk, known, at)
    return changed


@transaction.atomic
def _recount_notice(notice_id: int, known: Calendar, at: datetime) -> int:
    """Count the end of a notice again; one that waits for an answer is counted when it goes on. Locks: Case, Notice."""
    case = Case.objects.select_for_update(of=("self",)).get(notices__pk=notice_id)
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    before = notice.last_day
    if notice.ended_at or case.state == Case.State.PAUSED or not deadlines.count_notice(notice, known):
        return 0
    notice.save(update_fields=["last_day", "is_provisional"])
    facts = {"notice": notice.pk, "before": before, "after": notice.last_day}
    record(verb="casework.deadline.recounted", subject=case, actor=SYSTEM, at=at, facts=facts)
    return 1
