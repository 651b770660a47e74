"""公示 and objections: the public is told, may object, and the case waits for the answer."""

from datetime import datetime

from django.db import transaction

from ronghe.kernel import crypto
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.audit.services import record
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError
from ronghe.kernel.inbox.services import tell

from .. import deadlines, people
from ..declared import PROCEDURES
from ..errors import NoticeNotFound, NoticeOver, ObjectionAnswered, ObjectionInvalid, ObjectionNotFound, ReasonMissing
from ..models import Case, Notice, Objection
from .acting import act
from .moving import address_of, locked, procedure_of
from .refusing import refuse_answer


@transaction.atomic
def object_to(*, notice_id: int, name: str, contact: str, text: str, actor: Actor, at: datetime) -> Objection:
    """Object to what a notice says (提出异议): the case pauses until somebody answers. Anybody may. Locks: Case, Notice.

    While the case waits for an earlier objection, the days of the notice wait too. The same again is one objection.
    Raises: NoticeNotFound, NoticeOver, ObjectionInvalid.
    """
    name, contact, text = (" ".join(one.split()) for one in (name, contact, text))
    listing = "、".join(
        label for label, given in (("姓名或名称", name), ("联系电话或地址", contact), ("异议内容", text)) if not given
    )
    if listing:
        raise ObjectionInvalid(listing=listing)
    known = Notice.objects.visible_to(actor).filter(pk=notice_id).first()
    if known is None:
        raise NoticeNotFound(notice_id=notice_id)
    case = Case.objects.select_for_update(of=("self",)).get(pk=known.case_id)
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    day = legal_day(at)
    if notice.ended_at is not None or (notice.last_day < day and case.state != Case.State.PAUSED):
        raise NoticeOver(notice_id=notice_id, last_day=notice.last_day)
    said = {"notice": notice, "name": name[:60], "text": text[:2000], "by_user_id": actor.user_id}
    known_one = Objection.objects.filter(**said, state=Objection.State.OPEN).first()
    if known_one is not None:
        return known_one
    made = Objection.objects.create(**said, contact=b"", at=at)
    # Sealed for this row: the number is known only now.
    made.contact = crypto.seal(contact[:120].encode(), key=_key(), about=f"objection:{made.pk}")
    made.save(update_fields=["contact"])
    if case.state == Case.State.OPEN:
        case.state, case.paused_on = Case.State.PAUSED, day
        case.save(update_fields=["state", "paused_on"])
    record(
        verb="casework.notice.objected",
        subject=case,
        actor=actor,
        at=at,
        facts={"notice": notice.pk, "objection": made.pk},
    )
    step = procedure_of(case.procedure).step(case.step)
    if step is not None:
        told = people.concerned(step, case, on=day)
        tell(told, title=f"{case.title}：收到公示异议", text=f"{case.number} 已中止", href=address_of(case), at=at)
    return made


@transaction.atomic
def answer_objection(*, objection_id: int, upheld: bool, answer: str, actor: Actor, at: datetime) -> Objection:
    """Answer an objection (处理异议). When it was the last open one the case goes on, its days counted anew.

    One that is upheld moves nothing by itself: its days run again, so that the case is returned or refused with a
    reason; the end of the notice brings it on no more. The applicant never answers. Locks: Case.
    Raises: ObjectionNotFound, ObjectionAnswered, ReasonMissing, NotYourStep, OwnMatter, HeldByAnother, SamePerson.
    """
    known = Objection.objects.select_related("notice").filter(pk=objection_id).first()
    if known is None or not Case.objects.visible_to(actor).filter(pk=known.notice.case_id).exists():
        raise ObjectionNotFound(objection_id=objection_id)
    case = locked(known.notice.case_id, actor)
    found = Objection.objects.select_related("notice").get(pk=objection_id)
    if found.state != Objection.State.OPEN:
        raise ObjectionAnswered(objection_id=objection_id, state=found.get_state_display())
    refuse_answer(case, procedure_of(case.procedure), found.notice, actor, at=at)
    if not answer.strip():
        raise ReasonMissing(action="处理异议")
    found.state = Objection.State.UPHELD if upheld else Objection.State.DISMISSED
    found.answer, found.answered_by_id, found.answered_at = answer.strip()[:2000], actor.user_id, at
    found.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record(
        verb="casework.objection.answered",
        subject=case,
        actor=actor,
        at=at,
        facts={"objection": found.pk, "upheld": upheld},
    )
    waits = Objection.objects.filter(notice__case=case, notice__ended_at=None, state=Objection.State.OPEN).exists()
    if case.state == Case.State.PAUSED and not waits:
        _go_on(case, at)
    return found


def may_answer(objection: Objection, case: Case, *, actor: Actor, at: datetime) -> bool:
    """Whether the actor answers objections to that notice, for the page; ``answer_objection`` asks the same again."""
    try:
        refuse_answer(case, procedure_of(case.procedure), objection.notice, actor, at=at)
    except DomainError:
        return False
    return True


def _go_on(case: Case, at: datetime) -> None:
    day = legal_day(at)
    assert case.paused_on is not None
    for notice in Notice.objects.filter(case=case, ended_at=None):
        deadlines.go_on_telling(notice, paused_on=case.paused_on, day=day)
        notice.save(update_fields=["counted_from", "length", "unit", "last_day", "is_provisional"])
    deadlines.go_on(case, day=day)
    case.state, case.paused_on = Case.State.OPEN, None
    case.save()


def contact_of(objection: Objection) -> str:
    """How to reach whoever objected; whether the actor may know was asked by the caller."""
    return crypto.opened(bytes(objection.contact), key=_key(), about=f"objection:{objection.pk}").decode()


def _key() -> bytes:
    return crypto.purpose_key("casework.objection")


def end_due_notices(*, at: datetime) -> int:
    """Move on the cases whose notice has ended and to which nobody objects; returns how many. A repeat moves none.

    Each is a transaction of its own. What one of them cannot do, because its procedure refuses or its room is at fault,
    keeps no other waiting: it is raised when all have been tried, so that the log of the worker tells it.
    """
    day = legal_day(at)
    due = Notice.objects.filter(ended_at=None, last_day__lt=day, case__state=Case.State.OPEN)
    due = due.exclude(objections__state=Objection.State.UPHELD).select_related("case")
    moved, faults = 0, list[Exception]()
    for notice in due.order_by("pk"):
        procedure = PROCEDURES.get(notice.case.procedure)
        step = procedure.step(notice.step) if procedure else None
        if step is None or step.notice is None or notice.case.step != step.key:
            continue
        try:
            act(case_id=notice.case_id, action=step.notice.then, seen=notice.case.moves, actor=SYSTEM, at=at)
        except Exception as fault:  # of whatever room: the others still have their turn
            faults.append(fault)
        else:
            moved += 1
    if faults:
        raise faults[0]
    return moved
