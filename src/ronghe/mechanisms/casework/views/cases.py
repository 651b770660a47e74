"""The page of a case (pages archetype 3), and every act on it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.accounts.roles import TITLES, Role, may
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.queries import events_of
from ronghe.kernel.audit.verbs import title_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.pages import Fact, State
from ronghe.kernel.pages.record import Tone
from ronghe.kernel.papers.permissions import PAPER_VIEW
from ronghe.kernel.papers.queries import papers_of
from ronghe.kernel.papers.services import issue_paper
from ronghe.policy import queries as policy
from ronghe.policy.ruling import Step as Finding

from .. import queries, services
from ..declared import WITHDRAW, Outcome, Procedure, Step
from ..errors import CaseNotFound, CaseStillOpen, MaterialNotFound, NotYourStep, WithdrawalUnconfirmed
from ..models import Case, Material, Objection
from ..papers import RESULT, facts_of
from ..permissions import CASE_WORK
from ..picture import picture
from ..services.notices import contact_of
from .lists import address_of, days_left

TONES: dict[str, Tone] = {"open": "place", "paused": "warn", "done": "good", "refused": "bad", "withdrawn": "plain"}


@require_safe
@allows(CASE_WORK)
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case: where it stands, what is asked of me now, what belongs to it."""
    return _page(request, case_id)


def _page(
    request: HttpRequest, case_id: int, *, fault: str = "", given: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    found = queries.case(case_id, actor=actor)
    file = queries.file_of(found)
    if file.procedure is None:
        raise CaseNotFound(case=found.number)
    at = clock.now()
    allowed = services.allowed_actions(found, actor=actor, at=at)
    blocked = services.may_see_step(found, actor=actor, at=at) if not found.is_over else None
    works = blocked is None and not found.is_over
    hands_over = services.may_hand_over(found, actor=actor, at=at)
    passed = frozenset(d.from_step for d in file.decisions)
    context = {
        "case": found,
        "file": file,
        "name": found.title,
        "state": State(found.get_state_display(), TONES[found.state]),
        "facts": _facts(found, file),
        "picture": picture(file.procedure, here=found.step, passed=passed),
        "places": [(s.title, s.key == found.step, s.key in passed) for s in _steps(file.procedure, found, passed)],
        "page": file.procedure.page(found) if file.procedure.page else "",
        "content": _content(found, file, actor),
        "allowed": [a for a in allowed if a.outcome is not Outcome.WITHDRAW],
        "may_turn_down": any(a.outcome in (Outcome.RETURN, Outcome.REFUSE) for a in allowed),
        "withdrawal": next((a for a in allowed if a.outcome is Outcome.WITHDRAW), None),
        "blocked": _blocked(file, actor, blocked),
        "is_applicant": actor.role == Role.SELF,
        "works": works,
        "has_work": bool(works or blocked or allowed or hands_over or file.objections),
        "asked": _asked(file, found) if file.step else [],
        "last_return": _last_return(file, found),
        "may_notify": found.is_over and may(actor.role, PAPER_VIEW),
        "earlier": [m for m in file.materials if m.removed_at or m.step != found.step or not works],
        "timeline": _timeline(file),
        "objections": [_objection(o, found, actor, at) for o in file.objections],
        "may_claim": works and actor.role != Role.SELF and not found.holder_id,
        "may_hand_over": hands_over,
        "colleagues": queries.colleagues(found, file.step, day=clock.legal_day(at)) if hands_over and file.step else [],
        "events": [(e, title_of(e.verb)) for e in events_of(found)[:100]],
        "fault": fault,
        "given": given or {},
        "crumbs": [("办件", reverse("casework:workbench")), (found.number, None)],
    }
    return render(request, "casework/case.html", context, status=status)


def _blocked(file: queries.File, actor: Actor, blocked: DomainError | None) -> str:
    """Why one may not act here; an applicant has handed in, and is told who works on it and that he will hear of it."""
    if isinstance(blocked, NotYourStep) and actor.role == Role.SELF and file.step is not None:
        who = "、".join(TITLES[role] for role in sorted(file.step.roles - {Role.SELF}))
        return f"已经提交，现在由{who}办理“{file.step.title}”。要补材料或者办好了，会发消息告诉您。"
    return blocked.text if blocked else ""


def _steps(procedure: Procedure, found: Case, passed: frozenset[str]) -> list[Step]:
    """The steps that a case goes through: what an applicant does himself is none of a case that the counter opened."""
    own = procedure.by_applicant
    return [s for s in procedure.steps if own is None or s.key != own.step or s.key in (*passed, found.step)]


def _facts(found: Case, file: queries.File) -> list[Fact]:
    left = days_left(found)
    due = "没有期限" if found.due is None else f"{found.due}"
    note = ""
    if left is not None and found.state == Case.State.OPEN:
        note = f"还剩 {left} 个工作日" if left >= 0 else f"已超 {-left} 个工作日"
        note += "，待节假日安排公布" if found.due_is_provisional else ""
    if found.state == Case.State.PAUSED:
        note = f"{found.paused_on} 起中止，不计入期限"
    assert file.procedure is not None
    return [
        Fact("程序", file.procedure.title, url=reverse("casework:procedure", args=[found.procedure])),
        Fact("环节", file.procedure.title_of(found.step)),
        Fact("办理期限", due, note=note),
        Fact("区划", found.division.name),
        Fact("承办人", str(found.holder or "未领办") if not found.is_over else "—"),
    ]


def _content(found: Case, file: queries.File, actor: Actor) -> dict[str, Any] | None:
    """What the case asks for, and what a rule says of it now, each line with the clauses that it rests on."""
    if file.procedure is None or file.procedure.content is None:
        return None
    told = file.procedure.content(found, clock.legal_day(clock.now()))
    steps = told.ruling.steps if told.ruling else ()
    known = policy.cited((clause for step in steps for clause in step.cite), actor=actor)
    return {
        "facts": told.facts,
        "heading": told.heading,
        "steps": [
            (*_mark(step), step.finding, [known[clause] for clause in step.cite if clause in known]) for step in steps
        ],
    }


def _mark(step: Finding) -> tuple[str, Tone]:
    if step.is_undecidable:
        return "缺事实", "warn"
    return ("说明", "plain") if step.ok is None else ("通过", "good") if step.ok else ("未通过", "bad")


def _asked(file: queries.File, found: Case) -> list[dict[str, Any]]:
    """What the step asks to be attached, with what is there."""
    assert file.step is not None
    assert file.procedure is not None
    needed = file.procedure.needed(found, file.step)
    current = [m for m in file.materials if m.removed_at is None]
    return [
        {
            "kind": kind,
            "is_needed": kind.key in needed,
            "files": [m for m in current if m.key == kind.key],
            "accept": ",".join(f".{suffix}" for one in sorted(kind.kinds) for suffix in one.suffixes),
            "kinds": "、".join(one.title for one in sorted(kind.kinds)),
            "limit_mb": kind.limit // 2**20,
        }
        for kind in file.step.materials
    ]


def _objection(one: Objection, found: Case, actor: Actor, at: datetime) -> tuple[Objection, str, bool]:
    """An objection, how to reach whoever made it, and whether the actor answers it; who does not answer sees no contact."""
    answers = services.may_answer(one, found, actor=actor, at=at)
    return one, contact_of(one) if answers else "", answers and one.state == Objection.State.OPEN


def _last_return(file: queries.File, found: Case) -> Any:
    """Why the case has come back, while it stands where it came back to."""
    last = file.decisions[-1] if file.decisions else None
    return last if last is not None and last.outcome == Outcome.RETURN and last.to_step == found.step else None


def _timeline(file: queries.File) -> list[dict[str, Any]]:
    assert file.procedure is not None
    lines = [
        {
            "at": d.at,
            "what": d.label,
            "where": f"{file.procedure.title_of(d.from_step)} → {file.procedure.title_of(d.to_step)}",
            "who": f"{d.user or '系统'}（{TITLES.get(d.role, d.role)}）",
            "why": d.reason,
            "ruling": d.ruling,
        }
        for d in file.decisions
    ]
    lines += [
        {"at": h.at, "what": "移交" if h.to_user_id else "放回", "where": str(h.to_user or "本单位"), "who": str(h.from_user or ""), "why": h.reason}
        for h in file.handovers
    ]  # fmt: skip
    return sorted(lines, key=lambda line: line["at"], reverse=True)


def _done(request: HttpRequest, case_id: int, do: Callable[[Actor], object], done: str) -> HttpResponse:
    """Do something and go back to the case; a refusal shows the case with its reason, and what was typed."""
    try:
        do(actor_of(request))
    except CaseNotFound:
        raise
    except DomainError as error:
        return _page(
            request, case_id, fault=error.text, given={"reason": request.POST.get("reason", "")}, status=error.status
        )
    messages.success(request, done)
    return redirect("casework:case", case_id)


@require_POST
@allows(CASE_WORK)
def act(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take a decision."""
    seen = request.POST.get("seen", "")

    def do(actor: Actor) -> object:
        if request.POST.get("action") == WITHDRAW and request.POST.get("word", "").strip() != "撤回":
            raise WithdrawalUnconfirmed()
        return services.act(
            case_id=case_id,
            action=request.POST.get("action", ""),
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1,
            reason=request.POST.get("reason", "").replace("\x00", "")[:2000],
            mend=request.POST.getlist("mend"),
            actor=actor,
            at=clock.now(),
        )

    return _done(request, case_id, do, "已办理。")


@require_POST
@allows(CASE_WORK)
def claim(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take the case to oneself."""
    return _done(
        request, case_id, lambda actor: services.claim(case_id=case_id, actor=actor, at=clock.now()), "已由您承办。"
    )


@require_POST
@allows(CASE_WORK)
def hand_over(request: HttpRequest, case_id: int) -> HttpResponse:
    """Hand the case to a colleague, or back into the pool."""
    to = request.POST.get("to", "")

    def do(actor: Actor) -> object:
        known = to.isascii() and to.isdigit() and len(to) < 18
        return services.hand_over(
            case_id=case_id,
            # Nobody named is the pool; nobody known is nobody.
            to_user_id=(int(to) if known else 0) if to else None,
            reason=request.POST.get("reason", "").replace("\x00", ""),
            actor=actor,
            at=clock.now(),
        )

    return _done(request, case_id, do, "已移交。")


@require_POST
@allows(CASE_WORK)
def attach(request: HttpRequest, case_id: int) -> HttpResponse:
    """Attach a file."""
    upload = request.FILES.get("file")

    def do(actor: Actor) -> object:
        content: Any = upload.file if upload is not None else b""
        name = (upload.name if upload is not None else "") or "未选择文件"
        return services.attach(
            case_id=case_id, key=request.POST.get("key", ""), content=content, name=name, actor=actor, at=clock.now()
        )

    return _done(request, case_id, do, "材料已提交。")


@require_POST
@allows(CASE_WORK)
def remove(request: HttpRequest, case_id: int, material_id: int) -> HttpResponse:
    """Take a file back."""

    def do(actor: Actor) -> object:
        return services.remove_material(case_id=case_id, material_id=material_id, actor=actor, at=clock.now())

    return _done(request, case_id, do, "材料已撤换；原文件仍留在案卷里。")


@require_safe
@allows(CASE_WORK)
def material(request: HttpRequest, case_id: int, material_id: int) -> HttpResponse:
    """A material of a case that one may see."""
    found: Material = queries.material(queries.case(case_id, actor=actor_of(request)), material_id)
    return files.answer(found.blob_id, name=found.file_name, inline="save" not in request.GET)


@require_POST
@allows(CASE_WORK)
def notify(request: HttpRequest, case_id: int) -> HttpResponse:
    """Issue the notice of what became of a closed case; once, and then it is shown again."""
    actor = actor_of(request)
    found = queries.case(case_id, actor=actor)
    require(actor, PAPER_VIEW, division=found.division_id)
    if not found.is_over:
        return _page(request, case_id, fault=CaseStillOpen(case=found.number).text, status=409)
    known = papers_of(found._meta.label_lower, found.pk, actor=actor).filter(revocation=None).first()
    if known is None:
        try:
            known = issue_paper(
                RESULT.key, facts=facts_of(found), division=found.division_id,
                subject=(found._meta.label_lower, found.pk), actor=actor, at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            return _page(request, case_id, fault=error.text, status=error.status)
        messages.success(request, f"已出具 {known.number}。")
    return redirect("papers:paper", known.pk)


@require_POST
@allows(CASE_WORK)
def archive(request: HttpRequest, case_id: int) -> HttpResponse:
    """Have the package of a closed case made."""
    return _done(
        request,
        case_id,
        lambda actor: services.file_case(case_id=case_id, actor=actor, at=clock.now()),
        "正在归档，完成后在消息里告诉您。",
    )


@require_safe
@allows(CASE_WORK)
def archived(request: HttpRequest, case_id: int) -> HttpResponse:
    """The newest package of a closed case."""
    found = queries.case(case_id, actor=actor_of(request))
    package = found.archives.order_by("-pk").first()
    if package is None:
        raise MaterialNotFound(case=found.number, material_id="归档包")
    return files.answer(package.blob_id, name=f"{found.number}.zip")


__all__ = ["act", "address_of", "archive", "archived", "attach", "case", "claim", "hand_over", "material", "remove"]
