"""Reads of cases: the workbench, the list, one with everything that belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from ronghe.kernel.accounts.models import User
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.grams import holds

from . import people
from .declared import ENDS, PROCEDURES, Procedure, Step
from .errors import CaseNotFound, MaterialNotFound, NoticeNotFound
from .models import Archive, Case, Decision, Handover, Material, Notice, Objection

OPEN = (Case.State.OPEN, Case.State.PAUSED)
#: The tabs of the workbench.
TABS = {"todo": "待办", "overdue": "逾期", "unit": "本单位在办", "done": "已办", "mine": "我提出的"}
#: Beyond this a tab says "99+".
MOST_COUNTED = 99


def cases(
    actor: Actor, *, text: str = "", procedure: str = "", state: str = "", step: str = "", division: str = ""
) -> QuerySet[Case]:
    """The cases that the actor may see, narrowed."""
    rows = _with_names(Case.objects.visible_to(actor))
    if text:
        rows = rows.filter(holds(text, column="grams", of=("number", "title", "applicant__name")))
    for name, value in (("procedure", procedure), ("state", state), ("step", step), ("division", division)):
        if value:
            rows = rows.filter(**{name: value})
    return rows


def workbench(actor: Actor, tab: str, *, day: date) -> QuerySet[Case]:
    """The cases of one tab for one actor."""
    rows = _with_names(Case.objects.visible_to(actor))
    mine = Q(roles__contains=[actor.role]) & (Q(holder=None) | Q(holder_id=actor.user_id))
    mine &= Q(org_unit=None) | Q(org_unit_id=actor.org_unit_id)
    if tab == "todo":
        return rows.filter(mine, state__in=OPEN)
    if tab == "overdue":
        return rows.filter(mine, state=Case.State.OPEN, due__lt=day)
    if tab == "unit":
        return rows.filter(roles__contains=[actor.role], state__in=OPEN)
    if tab == "done":
        return rows.filter(pk__in=Decision.objects.filter(user=actor.user_id).values("case_id"))
    # For whoever acts for a party, its own cases, whoever brought them to the counter.
    return rows if actor.role == Role.SELF else rows.filter(opened_by_id=actor.user_id)


def counts(actor: Actor, *, day: date) -> dict[str, int]:
    """How many cases each tab that asks for work has, counted no further than a page shows."""
    return {
        tab: workbench(actor, tab, day=day).select_related(None).order_by()[: MOST_COUNTED + 1].count()
        for tab in ("todo", "overdue", "unit")
    }


def _with_names(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("division", "applicant", "holder")


def case(case_id: int, *, actor: Actor) -> Case:
    """One case. Raises: CaseNotFound."""
    rows = Case.objects.visible_to(actor).select_related(
        "division", "zone", "applicant", "holder", "org_unit", "opened_by"
    )
    found = rows.filter(pk=case_id).first()
    if found is None:
        raise CaseNotFound(case=case_id)
    return found


@dataclass(frozen=True, slots=True)
class File:
    """全卷: everything that belongs to a case, for its page and the API."""

    case: Case
    procedure: Procedure | None
    step: Step | None
    decisions: tuple[Decision, ...]
    materials: tuple[Material, ...]
    handovers: tuple[Handover, ...]
    notices: tuple[Notice, ...]
    objections: tuple[Objection, ...]
    archives: tuple[Archive, ...]


def file_of(found: Case) -> File:
    """The whole file of a case that the actor may see."""
    procedure = PROCEDURES.get(found.procedure)
    return File(
        case=found,
        procedure=procedure,
        step=procedure.step(found.step) if procedure else None,
        decisions=tuple(found.decisions.select_related("user", "org_unit")),
        materials=tuple(found.materials.select_related("blob", "added_by")),
        handovers=tuple(found.handovers.select_related("from_user", "to_user")),
        notices=tuple(found.notices.order_by("-pk")),
        objections=tuple(Objection.objects.filter(notice__case=found).select_related("answered_by", "notice")),
        archives=tuple(found.archives.order_by("-pk")),
    )


def material(found: Case, material_id: int) -> Material:
    """A material of a case that the actor may see. Raises: MaterialNotFound."""
    row = Material.objects.filter(case=found, pk=material_id).select_related("blob").first()
    if row is None:
        raise MaterialNotFound(case=found.number, material_id=material_id)
    return row


def colleagues(found: Case, step: Step, *, day: date) -> QuerySet[User]:
    """Whom a case may be handed to, by name."""
    found_users: QuerySet[User] = User.objects.filter(pk__in=people.staff_of(step, found, on=day))
    return found_users.order_by("display_name")


def notices(actor: Actor, *, day: date, state: str = "") -> QuerySet[Notice]:
    """What is told to the public, newest first; ``state`` open or over."""
    rows = Notice.objects.visible_to(actor).select_related("case", "case__division")
    running = Q(ended_at=None) & (Q(last_day__gte=day) | Q(case__state=Case.State.PAUSED))
    return rows.filter(running) if state == "open" else rows.exclude(running) if state == "over" else rows


def is_running(found: Notice, *, day: date) -> bool:
    """Whether one may still object: until the last day, and while the case waits for an answer."""
    return found.ended_at is None and (found.last_day >= day or found.case.state == Case.State.PAUSED)


def standing_notice(case: Case) -> Notice | None:
    """The notice of a case that has not ended; the caller got the case by ``visible_to``."""
    return Notice.objects.filter(case=case, ended_at=None).order_by("-pk").first()


def notice(notice_id: int, *, actor: Actor) -> Notice:
    """One notice. Raises: NoticeNotFound."""
    rows = Notice.objects.visible_to(actor).select_related("case", "case__division", "case__org_unit")
    found = rows.filter(pk=notice_id).first()
    if found is None:
        raise NoticeNotFound(notice_id=notice_id)
    return found


def may_open(actor: Actor) -> list[Procedure]:
    """The procedures that the actor may open, by title."""
    return sorted((p for p in PROCEDURES.values() if actor.role in p.opens), key=lambda p: p.title)


def place_titles() -> Mapping[tuple[str, str], str]:
    """What steps and ends are called, by procedure and key."""
    return {
        (p.key, place): p.title_of(place) for p in PROCEDURES.values() for place in [*(s.key for s in p.steps), *ENDS]
    }
