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
from ..errors import NoticeNotFound, NoticeOver, ObjectionAnswered, ObjectionInvalid, ObjectionNotFound, ReasonMissing
from ..models import Case, Notice, Objection
from .acting import act, refuse_actor
from .moving import address_of, locked, procedure_of


@transaction.atomic
def object_to(*, notice_id: int, name: str, contact: str, text: str, actor: Actor, at: datetime) -> Objection:
    """Object to what a notice says (提出异议): the case pauses until somebody answers. Anybody may. Locks: Case, Notice.

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
    if notice.ended_at is not None or notice.last_day < day:
        raise NoticeOver(notice_id=notice_id, last_day=notice.last_day)
    made = Objection.objects.create(
        notice=notice, name=name[:60], contact=b"", text=text[:2000], by_user_id=actor.user_id, at=at
    )
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

    One that is upheld changes nothing by itself: the case goes on so that it can be returned or refused, with a reason.
    Locks: Case. Raises: ObjectionNotFound, ObjectionAnswered, ReasonMissing, NotYourStep, HeldByAnother.
    """
    known = Objection.objects.select_related("notice").filter(pk=objection_id).first()
    if known is None or not Case.objects.visible_to(actor).filter(pk=known.notice.case_id).exists():
        raise ObjectionNotFound(objection_id=objection_id)
    case = locked(known.notice.case_id, actor)
    found = Objection.objects.select_related("notice").get(pk=objection_id)
    if found.state != Objection.State.OPEN:
        raise ObjectionAnswered(objection_id=objection_id, state=found.get_state_display())
    procedure = procedure_of(case.procedure)
    step = procedure.step(case.step)
    if step is not None:
        refuse_actor(case, procedure, step, actor)
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
    waits = Objection.objects.filter(notice__case=case, state=Objection.State.OPEN).exists()
    if case.state == Case.State.PAUSED and not waits:
        _go_on(case, at)
    return found


def _go_on(case: Case, at: datetime) -> None:
    day = legal_day(at)
    assert case.paused_on is not None
    for notice in Notice.objects.filter(case=case, ended_at=None):
        last = deadlines.moved(notice.last_day, paused_on=case.paused_on, day=day)
        notice.last_day, notice.is_provisional = last.day, last.is_provisional
        notice.save(update_fields=["last_day", "is_provisional"])
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

    Each is a transaction of its own; one whose procedure refuses stays where it is and is told in the log of the worker.
    """
    day = legal_day(at)
    due = Notice.objects.filter(ended_at=None, last_day__lt=day, case__state=Case.State.OPEN).select_related("case")
    moved, refused = 0, list[DomainError]()
    for notice in due.order_by("pk"):
        step = procedure_of(notice.case.procedure).step(notice.step)
        if step is None or step.notice is None or notice.case.step != step.key:
            continue
        try:
            act(case_id=notice.case_id, action=step.notice.then, seen=notice.case.moves, actor=SYSTEM, at=at)
        except DomainError as error:
            refused.append(error)
        else:
            moved += 1
    if refused and not moved:
        raise refused[0]
    return moved
