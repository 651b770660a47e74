"""The page of one task, and every act on it."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.audit.queries import events_of
from ronghe.kernel.audit.verbs import title_of
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.pages import Fact, State
from ronghe.policy import queries as policy

from .. import services
from ..errors import LedgerTaskNotFound
from ..forms import CloseForm, DivideForm, ExtendForm, NodeForm, ReportForm, SheetForm, StopForm
from ..models import Evidence, Task
from ..permissions import LEDGER_VIEW, SHEET_ISSUE, TASK_ISSUE, TASK_WORK
from ..queries import ledger as queries
from ..queries.cases import cases_of
from ..rules.ledger import AT_WORK, IN_REVIEW, LIGHT_TITLES
from ..rules.ledger import State as TaskState
from .shown import STATE_TONES, Place, lamp_of, place_of, shell, task_address


def _found(request: HttpRequest, zone: str, task_id: int) -> tuple[Place, Task]:
    """The task of a page. Raises: ZoneNotFound, LedgerTaskNotFound."""
    here = place_of(request, zone)
    task = queries.task(task_id, actor=here.actor)
    if task.zone_id != here.zone.slug:
        raise LedgerTaskNotFound(task=task_id)
    return here, task


@require_safe
@allows(LEDGER_VIEW)
def ledger_task(request: HttpRequest, zone: str, task_id: int) -> HttpResponse:
    """One task: what was ordered, of whom, how far it is, why its light is what it is, what may be done now."""
    here, task = _found(request, zone, task_id)
    file = queries.file_of(task, day=here.day, limits=here.limits)
    state = TaskState(task.state)
    shown = lamp_of(task, here)
    clause = task.ordered.clause if task.ordered else None
    context = shell(
        here,
        task=task,
        title=task.title,
        state=State(state.title, STATE_TONES.get(state, "place")),
        facts=_facts(task),
        lamp=shown,
        basis_href=_basis_of(here, task),
        file=file,
        nodes=list(task.nodes.all()),
        lineage=policy.clause_lineage(clause) if clause else [],
        clause=clause,
        cases=list(cases_of(task, actor=here.actor)[:20]),
        acts=_acts(here, task),
        events=[(event, title_of(event.verb)) for event in events_of(task)[:60]],
        crumbs=here.crumbs(("任务台账", here.address("ledger")), (task.label or "任务", None)),
    )
    return render(request, "governance/task.html", context)


def _basis_of(here: Place, task: Any) -> str:
    """依据 of the light: the rule with this task's facts, its steps, parameters and clauses."""
    facts = asdict(queries.facts_of(task, day=here.day))
    asked = {f"f-{name}": value for name, value in facts.items() if value is not None}
    told = {"zone": here.zone.slug, "date": here.day, **asked}
    return f"{reverse('library:calculator', args=['governance.light'])}?{urlencode(told)}"


def _facts(task: Any) -> list[Fact]:
    facts = [Fact("进度", f"{task.percent}%", note="牵头单位平均" if _has_lead(task) else "责任单位平均")]
    if task.due:
        left = (task.due - clock.legal_day(clock.now())).days
        note = f"还有 {left} 天" if left >= 0 else f"已过 {-left} 天"
        facts.append(Fact("完成期限", task.due.isoformat(), note=note if task.is_open else ""))
        if task.first_due and task.first_due != task.due:
            facts.append(Fact("原定期限", task.first_due.isoformat(), note="考核按原定期限的，以此为准"))
    if task.ordered and task.ordered.deadline:
        facts.append(Fact("文件时限", task.ordered.deadline))
    if task.closed_on:
        facts.append(Fact("销号日", task.closed_on.isoformat()))
    elif task.reported_on:
        facts.append(Fact("最近上报", task.reported_on.isoformat()))
    return facts


def _has_lead(task: Any) -> bool:
    return any(row.duty == "lead" for row in task.units.all())


def _acts(here: Place, task: Any) -> list[dict[str, Any]]:
    """What this person may do to the task now: (label, address, icon, is the main one, by a form of its own)."""
    actor, state = here.actor, TaskState(task.state)
    own = [row for row in task.units.all() if row.unit_id == actor.org_unit_id]
    works = may(actor.role, TASK_WORK)
    found: list[dict[str, Any]] = []

    def add(label: str, name: str, icon: str, *, main: bool = False, post: bool = False) -> None:
        href = reverse(f"zone_office:{name}", args=[task.zone_id, task.pk])
        found.append({"label": label, "href": href, "icon": icon, "main": main, "post": post})

    unsigned = any(row.signed_at is None for row in own)
    if works and own and unsigned and state in (TaskState.ISSUED, *AT_WORK):
        add("签收", "sign", "check", main=True, post=True)
    if works and own and not unsigned and state in AT_WORK:
        add("上报进展", "report", "send", main=True)
        if any(row.duty != "cooperating" for row in own):
            add("申请办结", "close", "circle-check", main=task.percent == 100)
            add("申请延期", "extend", "hourglass")
    office = may(actor.role, TASK_ISSUE) and reaches(actor, task.division_id)
    if (works and own and not unsigned and state in AT_WORK) or (office and state in (TaskState.ISSUED, *AT_WORK)):
        add("分解子任务", "divide", "hierarchy")
        add("增加节点", "node", "flag")
    if (
        may(actor.role, SHEET_ISSUE)
        and reaches(actor, task.division_id)
        and state in (TaskState.ISSUED, *AT_WORK, *IN_REVIEW)
    ):
        add("签发督办单", "sheet_new", "speakerphone")
    if office and state is TaskState.STOPPED:
        add("恢复任务", "stop", "player-play")
    elif office and state not in (TaskState.CLOSED, *IN_REVIEW):
        add("中止任务", "stop", "player-pause")
    return found


@require_POST
@allows(TASK_WORK)
def sign(request: HttpRequest, zone: str, task_id: int) -> HttpResponse:
    """Take the task over for one's unit."""
    _, task = _found(request, zone, task_id)
    try:
        services.sign_for(task_id=task.pk, actor=actor_of(request), at=clock.now())
        messages.success(request, "已签收。请按节点推进，并按时上报进展。")
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, error.text)
    return redirect(task_address(task))


Do = Callable[[dict[str, Any]], str]


def _formed(
    request: HttpRequest,
    here: Place,
    task: Task,
    form: django_forms.Form,
    do: Do,
    *,
    title: str,
    submit: str,
    lead: str = "",
) -> HttpResponse:
    """Ask, do, and lead back to the task; what is refused stands above the form, and nothing typed is lost."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, do(form.cleaned_data))
                return redirect(task_address(task))
            except DomainError as error:
                if error.status == 404:
                    raise
                form.add_error(None, error.text)
                status = error.status
    context = shell(
        here,
        title=title,
        submit=submit,
        lead=lead or f"{task.label} {task.title}".strip(),
        form=form,
        cancel_url=task_address(task),
        crumbs=here.crumbs(
            ("任务台账", here.address("ledger")), (task.label or task.title[:20], task_address(task)), (title, None)
        ),
    )
    return render(request, "portal/form.html", context, status=status)


def _given(form: type[django_forms.Form], request: HttpRequest, **more: Any) -> Any:
    if request.method == "POST":
        more.pop("initial", None)
        return form(request.POST, request.FILES, **more)
    return form(**more)


def _files(given: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(one.name or "文件", one.file) for one in given.get("evidence") or ()]


@require_http_methods(["GET", "HEAD", "POST"])
@allows(TASK_WORK)
def report(request: HttpRequest, zone: str, task_id: int) -> HttpResponse:
    """上报进展."""
    here, task = _found(request, zone, task_id)
    own = [row.percent or 0 for row in task.units.all() if row.unit_id == here.actor.org_unit_id]
    form = _given(ReportForm, request, task=task, initial={"on": here.day, "percent": max(own, default=0)})

    def do(given: dict[str, Any]) -> str:
        made = services.report_progress(
            task_id=task.pk, on=given["on"], percent=given["percent"], text=given["text"], trouble=given["trouble"],
            needs_help=given["needs_help"], is_stage_result=given["is_stage_result"], node_id=given.get("node"),
            evidence=_files(given), actor=here.actor, at=clock.now(),
        )  # fmt: skip
        return f"已上报，任务总进度 {made.total}%。"

    return _formed(request, here, task, form, do, title="上报进展", submit="上报进展")


@require_http_methods(["GET", "HEAD", "POST"])
@allows(TASK_WORK)
def close(request: HttpRequest, zone: str, task_id: int) -> HttpResponse:
    """申请办结."""
    here, task = _found(request, zone, task_id)

    def do(given: dict[str, Any]) -> str:
        case = services.apply_to_close(
            task_id=task.pk, statement=given["statement"], evidence=_files(given), actor=here.actor, at=clock.now()
        )
        return f"已提交办结申请 {case.number}。审核、核查的结果会发消息告诉您。"

    return _formed(request, here, task, _given(CloseForm, request), do, title="申请办结", submit="提交办结申请")


@require_http_methods(["GET", "HEAD", "POST"])
@allows(TASK_WORK)
def extend(request: HttpRequest, zone: str, task_id: int) -> HttpResponse:
    """申请延期."""
    here, task = _found(request, zone, task_id)

    def do(given: dict[str, Any]) -> str:
        case = services.ask_extension(
            task_id=task.pk, until=given["until"], reason=given["reason"], actor=here.actor, at=clock.now()
        )
        return f"已提交延期申请 {case.number}。批准以前，期限仍是 {task.due}。"

    lead = f"{task.label} {task.title}。现期限 {task.due}；延期须在期限届满前提出，逾期不再受理。"
    return _formed(
        request, here, task, _given(ExtendForm, request), do, title="申请延期", submit="提交延期申请", lead=lead
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allows(TASK_WORK)
def divide(request: HttpRequest, zone: str, task_id: int) -> HttpResponse:
    """分解子任务."""
    here, task = _found(request, zone, task_id)
    form = _given(DivideForm, request, task=task, initial={"due": task.due})

    def do(given: dict[str, Any]) -> str:
        part = services.add_part(
            task_id=task.pk, title=given["title"], unit_ids=[unit.pk for unit in given["units"]], due=given["due"],
            divisions=[one.pk for one in given["areas"]], actor=here.actor, at=clock.now(),
        )  # fmt: skip
        return f"已分解并交办子任务“{part.title}”。"

    return _formed(request, here, task, form, do, title="分解子任务", submit="分解并交办")


@require_http_methods(["GET", "HEAD", "POST"])
@allows(TASK_WORK)
def node(request: HttpRequest, zone: str, task_id: int) -> HttpResponse:
    """增加节点."""
    here, task = _found(request, zone, task_id)

    def do(given: dict[str, Any]) -> str:
        services.add_node(task_id=task.pk, due=given["due"], text=given["text"], actor=here.actor, at=clock.now())
        return "已增加节点。"

    return _formed(request, here, task, _given(NodeForm, request), do, title="增加节点", submit="增加节点")


@require_http_methods(["GET", "HEAD", "POST"])
@allows(TASK_ISSUE)
def stop(request: HttpRequest, zone: str, task_id: int) -> HttpResponse:
    """中止 a task, or 恢复 it."""
    here, task = _found(request, zone, task_id)
    stopped = task.state == TaskState.STOPPED

    def do(given: dict[str, Any]) -> str:
        act = services.resume_task if stopped else services.stop_task
        act(task_id=task.pk, reason=given["reason"], actor=here.actor, at=clock.now())
        return "任务已恢复。" if stopped else "任务已中止。"

    title = "恢复任务" if stopped else "中止任务"
    return _formed(request, here, task, _given(StopForm, request), do, title=title, submit=title)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(SHEET_ISSUE)
def sheet_new(request: HttpRequest, zone: str, task_id: int) -> HttpResponse:
    """签发督办单: the rank that the rule asks for is chosen beforehand, with why."""
    here, task = _found(request, zone, task_id)
    shown = lamp_of(task, here)
    running = [s for s in task.sheets.select_related("unit") if s.state in ("open", "answered")]
    asked = queries.sheet_due(task, running=running, here_light=shown.light, zone=here.zone, day=here.day)
    units = [(row.unit_id, f"{row.unit.name}（{row.get_duty_display()}）") for row in task.units.all()]
    initial = {"rank": asked.rank or 1, "matter": f"{LIGHT_TITLES[shown.light]}：{shown.why}"}
    form = _given(SheetForm, request, units=list(dict(units).items()), ladder=here.limits.ladder, initial=initial)

    def do(given: dict[str, Any]) -> str:
        made = services.issue_sheet(
            task_id=task.pk, unit_id=given["unit"], rank=given["rank"], matter=given["matter"], demand=given["demand"],
            actor=here.actor, at=clock.now(),
        )  # fmt: skip
        assert made.paper is not None
        return f"已签发{made.colour}色督办单 {made.paper.number}，请于 {made.reply_by} 前回复。"

    lead = f"{task.label} {task.title}。按规则：{asked.why}。"
    return _formed(request, here, task, form, do, title="签发督办单", submit="签发督办单", lead=lead)


@require_safe
@allows(LEDGER_VIEW)
def evidence(request: HttpRequest, zone: str, task_id: int, evidence_id: int) -> HttpResponse:
    """A file that shows what was done."""
    _, task = _found(request, zone, task_id)
    found = get_object_or_404(Evidence, pk=evidence_id, report__task=task)
    return files.answer(found.blob_id, name=found.name, inline="save" not in request.GET)
