"""登记申请: choosing what to apply for, the form of each matter, the list, one application with what came of it."""

from datetime import date, datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches, require
from ronghe.kernel.accounts.roles import Role, may
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.pages.record import Tone
from ronghe.mechanisms.casework import services as casework
from ronghe.mechanisms.casework.declared import PROCEDURES, Outcome
from ronghe.mechanisms.casework.models import Case
from ronghe.mechanisms.casework.queries import standing_notice

from .. import services
from ..application_forms import AmendForm, ApplicationForm, LapseFactForm, UnitCodeForm
from ..models import RRR, Application, BAUnit, Certificate, LapseFact
from ..permissions import APPLICATION_VIEW, APPLY, CERTIFICATE_ISSUE, RESTRICT
from ..procedures.shown import facts_of
from ..queries import applications as queries
from ..rules.codes import printed
from ..rules.kinds import RestrictionKind
from ..rules.matters import MATTERS, Matter, proofs_asked
from ..services.blocking import hindrance_ruling
from ..services.notifying import paper_due

TONES: dict[str, Tone] = {"open": "place", "paused": "warn", "done": "good", "refused": "bad", "withdrawn": "plain"}


def address_of(found: Application) -> str:
    return reverse("registry:application", args=[found.pk])


def matters_for(actor: Actor, procedure: str = "") -> list[Matter]:
    """What the actor may apply for, in one procedure or in all."""
    return [
        matter
        for matter, told in MATTERS.items()
        if procedure in ("", told.procedure)
        and actor.role in PROCEDURES[f"registry.{told.procedure}"].opens
        and (actor.role != Role.SELF or told.is_for_applicants)
    ]


def _listing() -> Listing[Application]:
    return Listing(
        title="登记申请",
        columns=[
            Column("number", "办件编号", lambda a: a.case.number, kind="code", link=address_of),
            Column("matter", "登记事项", lambda a: a.get_matter_display(), order=("matter",)),
            Column("unit", "不动产单元", lambda a: printed(a.baunit.code), kind="code", order=("baunit__code",), wide=True),
            Column("applicant", "申请人", lambda a: a.case.applicant.name if a.case.applicant else ""),
            Column("division", "区划", lambda a: a.case.division.name),
            Column("step", "环节", lambda a: PROCEDURES[a.case.procedure].title_of(a.case.step)),
            Column("due", "期限", lambda a: a.case.due, order=("case__due",), kind="date"),
            Column("opened", "申请日", lambda a: clock.legal_day(a.case.opened_at), order=("pk",), kind="date"),
        ],
        filters=[
            Filter("text", "单元代码或办件编号", kind="text"),
            Filter("matter", "登记事项", options=[Option(m.value, m.title) for m in Matter]),
            Filter("state", "状态", options=[Option(value, label) for value, label in Case.State.choices]),
        ],
        order=("-pk",),
        empty="还没有登记申请",
        empty_next="在不动产单元页上选择要办理的登记，或从“可办事项”开始。",
        row_link=address_of,
    )  # fmt: skip


@require_safe
@allows(APPLICATION_VIEW)
def applications(request: HttpRequest) -> HttpResponse:
    """The applications that one may see, newest first."""
    actor, listing = actor_of(request), _listing()
    asked = listing.asked(request.GET)
    rows = queries.applications(actor, text=asked.text("text"), matter=asked.text("matter"), state=asked.text("state"))
    context = {
        "lead": "点开一件，看申请的内容、登记簿上的限制和办理结果。",
        "crumbs": [("登记申请", None)],
        "may_apply": may(actor.role, APPLY),
    }
    return listing.respond(request, asked, rows, template="registry/applications.html", context=context)


@require_safe
@allows(APPLY)
def choose(request: HttpRequest, procedure: str) -> HttpResponse:
    """On which unit one applies, and for what; the form of the matter follows."""
    actor = actor_of(request)
    matters = matters_for(actor, procedure)
    if not matters:
        raise Http404
    form = UnitCodeForm(request.GET if "code" in request.GET else None, matters=matters)
    if form.is_bound and form.is_valid():
        try:
            matter = Matter(form.cleaned_data["matter"])
            unit = queries.unit_of_code(
                form.cleaned_data["code"], actor=actor, matter=matter, on=clock.legal_day(clock.now())
            )
        except DomainError as error:
            form.add_error("code", error.text)
        else:
            return redirect("registry:apply", unit.code, form.cleaned_data["matter"])
    title = PROCEDURES[f"registry.{procedure}"].title
    context = {
        "form": form,
        "title": title,
        "lead": PROCEDURES[f"registry.{procedure}"].summary,
        "submit": "打开申请表",
        "crumbs": [("登记申请", reverse("registry:applications")), (title, None)],
    }
    return render(request, "registry/choose.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(APPLY)
def apply(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The form of a matter on a unit; what the book bars is said before anything is typed."""
    actor, at = actor_of(request), clock.now()
    matter = next((one for one in matters_for(actor) if one.value == kind), None)
    if matter is None:
        raise Http404
    day = clock.legal_day(at)
    unit = queries.unit_of_code(code, actor=actor, matter=matter, on=day)
    posted = request.method == "POST"
    form = ApplicationForm(
        request.POST if posted else None, request.FILES if posted else None, unit=unit, matter=matter, actor=actor,
        on=day, initial={} if posted else {"source_issued_on": day},
    )  # fmt: skip
    status = 200
    if posted:
        status = 422
        if form.is_valid():
            try:
                made = services.open_application(
                    baunit_id=unit.pk, asked=form.asked(), applicant_id=form.cleaned_data.get("applicant"),
                    actor=actor, at=at,
                )  # fmt: skip
            except DomainError as error:
                form.add_error(None, error.text)
                status = error.status
            else:
                messages.success(request, f"已提出申请，编号 {made.case.number}。请上传材料后提交。")
                return redirect("casework:case", made.pk)
    context = _apply_context(unit, matter, form, day)
    context["sees"] = BAUnit.objects.visible_to(actor).filter(pk=unit.pk).exists()
    return render(request, "registry/apply.html", context, status=status)


def _bars(unit: BAUnit, matter: Matter, day: date) -> tuple[list[str], list[str]]:
    """What bars a matter until it has been lifted, and what only as long as the applicant brings nobody's consent."""
    if not matter.told.bars:
        return [], []
    alone = hindrance_ruling(unit, matter=matter.told.bars, on=day)
    agreed = hindrance_ruling(
        unit, matter=matter.told.bars, on=day, mortgagee_consents=True, notice_holder_consents=True, holder_applies=True
    )
    found = [(a.finding, b.ok is False) for a, b in zip(alone.steps, agreed.steps, strict=True) if a.ok is False]
    return [words for words, lasts in found if lasts], [words for words, lasts in found if not lasts]


def _apply_context(unit: BAUnit, matter: Matter, form: ApplicationForm, day: date) -> dict[str, Any]:
    bars, with_consent = _bars(unit, matter, day)
    choices = form.fields["rrr"].choices if "rrr" in form.fields else None  # type: ignore[attr-defined]
    return {
        "form": form,
        "unit": unit,
        "code": printed(unit.code),
        "title": matter.title,
        "bars": bars,
        "with_consent": with_consent,
        "nothing": choices is not None and not list(choices),
        "submit": f"提出{matter.title}申请",
        "cancel_url": reverse("registry:applications"),
        "crumbs": [("登记申请", reverse("registry:applications")), (matter.title, None)],
    }


@require_safe
@allows(APPLICATION_VIEW)
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    """One application: what is asked for, where its case stands, what came of it."""
    return _page(request, queries.application(application_id, actor=actor_of(request)))


def _page(
    request: HttpRequest,
    found: Application,
    *,
    amend: django_forms.Form | None = None,
    fact: django_forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    case, entry = found.case, getattr(found, "entry", None)
    mends = case.step in ("apply", "accept") and casework.may_see_step(case, actor=actor, at=at) is None
    lapses = _lapses(found, actor)
    context = {
        "application": found,
        "case": case,
        "title": found.get_matter_display(),
        "code": printed(found.baunit.code),
        "state": State(case.get_state_display(), TONES[case.state]),
        "facts": [
            Fact("办件", case.number, url=reverse("casework:case", args=[case.pk])),
            Fact("环节", _title_of(case)),
            *_due(case),
            Fact("申请人", case.applicant.name if case.applicant else "—"),
        ],
        **_reason(case),
        "content": facts_of(found),
        "entry": entry,
        "certificates": _certificates(found, actor),
        "amend": amend or (_amending(found) if mends else None),
        "fact_form": fact or (LapseFactForm(initial={"on": clock.legal_day(at)}) if lapses else None),
        "fact_title": lapses or "记录失效事实",
        "lapse_facts": LapseFact.objects.filter(rrr=entry.rrr_id) if entry is not None else (),
        "paper": paper_due(found) if may(actor.role, CERTIFICATE_ISSUE) and reaches(actor, case.division_id) else "",
        "crumbs": [("登记申请", reverse("registry:applications")), (case.number, None)],
    }
    return render(request, "registry/application.html", context, status=status)


def _amending(found: Application) -> django_forms.Form | None:
    """The form for what may still come; none where nothing may."""
    asked = proofs_asked(found.what)
    return AmendForm(matter=found.what, initial={name: getattr(found, name) for name in asked}) if asked else None


def _due(case: Case) -> list[Fact]:
    """By when it must be done, or until when the public is told."""
    if case.is_over:
        return []
    notice = standing_notice(case)
    if notice is not None:
        return [Fact("公告期满", str(notice.last_day), note="无异议的转入登簿")]
    if case.step in ("apply", "accept"):
        return [Fact("办理期限", "受理后起算")]
    return [Fact("办理期限", str(case.due or "没有期限"))]


def _reason(case: Case) -> dict[str, str]:
    """Why it was given back or refused, as long as that is the last word."""
    last = case.decisions.order_by("-number").first()
    if last is None or last.outcome not in (Outcome.RETURN.value, Outcome.REFUSE.value):
        return {"reason": "", "reason_title": ""}
    title = case.get_state_display() if last.outcome == Outcome.REFUSE.value else f"已退回“{_title_of(case)}”"
    return {"reason": last.reason, "reason_title": title}


def _title_of(case: Case) -> str:
    return PROCEDURES[case.procedure].title_of(case.step)


def _certificates(found: Application, actor: Actor) -> list[Certificate]:
    """What was issued by the entry of an application, at the same instant."""
    entry = getattr(found, "entry", None)
    if entry is None:
        return []
    return list(Certificate.objects.visible_to(actor).filter(issued_at=entry.at, baunit__in=_after(found)).distinct())


def _after(found: Application) -> list[int]:
    """The unit, and what it became by the entry."""
    return [found.baunit_id, *found.baunit.became.values_list("after_id", flat=True)]


def _lapses(found: Application, actor: Actor) -> str:
    """What may be recorded of the restriction that was entered, by whoever registers restrictions."""
    entry = getattr(found, "entry", None)
    if entry is None or not may(actor.role, RESTRICT) or not reaches(actor, found.case.division_id):
        return ""
    titles = {Matter.OBJECTION: "记录已提起诉讼", Matter.ADVANCE_NOTICE: "记录能够进行不动产登记之日"}
    return titles.get(found.what, "")


@require_POST
@allows(APPLY)
def amend(request: HttpRequest, application_id: int) -> HttpResponse:
    """Consents and proofs that have come."""
    found = queries.application(application_id, actor=actor_of(request))
    form = AmendForm(request.POST, matter=found.what)
    form.is_valid()

    def do(actor: Actor, at: datetime) -> None:
        services.amend_application(application_id=found.pk, given=form.cleaned_data, actor=actor, at=at)

    return _done(request, found, form, do, "已补正。", name="amend")


@require_POST
@allows(RESTRICT)
def record_fact(request: HttpRequest, application_id: int) -> HttpResponse:
    """That a suit was brought, or that one can register now."""
    actor = actor_of(request)
    found, form = queries.application(application_id, actor=actor), LapseFactForm(request.POST)
    require(actor, RESTRICT, division=found.case.division_id)
    entry = getattr(found, "entry", None)

    def do(actor: Actor, at: datetime) -> None:
        rrr = entry.rrr_id if entry is not None and _is_restriction(entry.rrr_id) else 0
        services.record_lapse_fact(
            rrr_id=rrr, on=form.cleaned_data["on"], text=form.cleaned_data["text"], actor=actor, at=at
        )

    return _done(request, found, form, do, "已记录。", name="fact")


def _is_restriction(rrr_id: int | None) -> bool:
    kinds = (int(RestrictionKind.OBJECTION), int(RestrictionKind.ADVANCE_NOTICE))
    return RRR.objects.filter(pk=rrr_id or 0, sort=RRR.Sort.RESTRICTION, kind__in=kinds).exists()


def _done(
    request: HttpRequest, found: Application, form: django_forms.Form, do: Any, said: str, *, name: str
) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            do(actor_of(request), clock.now())
        except DomainError as error:
            form.add_error(None, error.text)
            status = error.status
        else:
            messages.success(request, said)
            return redirect(address_of(found))
    return _page(request, found, status=status, **{name: form})


@require_POST
@allows(CERTIFICATE_ISSUE)
def notify(request: HttpRequest, application_id: int) -> HttpResponse:
    """The notice that an application was taken in or refused."""
    actor = actor_of(request)
    found = queries.application(application_id, actor=actor)
    require(actor, CERTIFICATE_ISSUE, division=found.case.division_id)
    try:
        paper = services.notify_applicant(application_id=found.pk, actor=actor, at=clock.now())
    except DomainError as error:
        messages.error(request, error.text)
        return redirect(address_of(found))
    return redirect("papers:paper", paper.pk)
