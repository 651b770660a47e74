"""督办单: the list, one sheet, the answer of the unit, the closing by the office."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.pages.record import Tone
from ronghe.policy import queries as policy

from .. import services
from ..errors import SheetNotFound
from ..forms import AnswerForm, OutcomeForm
from ..models import Sheet
from ..permissions import LEDGER_VIEW, SHEET_ISSUE, TASK_WORK
from .shown import CSS, task_address

TONES: dict[str, Tone] = {"open": "warn", "answered": "place", "closed": "good", "followed": "plain"}


def address_of(sheet: Sheet) -> str:
    return reverse("governance:sheet", args=[sheet.pk])


def _listing(zones: list[Any]) -> Listing[Sheet]:
    day = clock.legal_day(clock.now())
    return Listing(
        title="督办单",
        columns=[
            Column("number", "编号", lambda s: s.paper.number if s.paper else s.pk, order=("pk",), kind="code", link=address_of),
            Column("colour", "级别", lambda s: f"{s.colour}色", order=("rank",), template="governance/_row_sheet.html"),
            Column("task", "任务", lambda s: s.task.title, link=lambda s: task_address(s.task), wide=True),
            Column("unit", "被督办单位", lambda s: s.unit.name),
            Column("state", "状态", lambda s: "到期未回复" if s.state == "open" and s.reply_by < day else s.get_state_display(), order=("state",)),
            Column("reply_by", "回复期限", lambda s: s.reply_by, order=("reply_by",), kind="date"),
            Column("issued", "签发", lambda s: clock.legal_day(s.issued_at), order=("issued_at",), kind="date"),
        ],
        filters=[
            Filter("text", "任务或单位", kind="text"),
            Filter("zone", "试验区", options=[Option(z.slug, z.short) for z in zones]),
            Filter("state", "状态", options=[Option(value, label) for value, label in Sheet.State.choices]),
            Filter("rank", "级别", options=[Option(str(n), f"第 {n} 级") for n in (1, 2, 3)]),
        ],
        order=("-pk",),
        empty="还没有督办单",
        empty_next="任务亮灯时，专班在任务页上签发；一事一单，到期未回复的可以升级。",
        row_link=address_of,
    )  # fmt: skip


@require_safe
@allows(LEDGER_VIEW)
def sheets(request: HttpRequest) -> HttpResponse:
    """The sheets that one may see, newest first."""
    actor = actor_of(request)
    listing = _listing(list(policy.zones_by_name(actor)))
    asked = listing.asked(request.GET)
    rows = Sheet.objects.visible_to(actor).select_related("task", "unit", "paper")
    for name, path in (("zone", "task__zone"), ("state", "state"), ("rank", "rank")):
        if asked.text(name):
            rows = rows.filter(**{path: asked.text(name)})
    if text := asked.text("text"):
        rows = rows.filter(task__title__icontains=text) | rows.filter(unit__name__icontains=text)
    return listing.respond(
        request, asked, rows, context={"crumbs": [("工作台", reverse("portal:desk")), ("督办单", None)]}
    )


def _found(request: HttpRequest, sheet_id: int) -> Sheet:
    rows = Sheet.objects.visible_to(actor_of(request)).select_related(
        "task__zone", "unit", "paper", "follows__paper", "followed_by__paper", "issued_by", "answered_by"
    )
    found = rows.filter(pk=sheet_id).first()
    if found is None:
        raise SheetNotFound(sheet=sheet_id)
    return found


@require_safe
@allows(LEDGER_VIEW)
def sheet(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """One sheet."""
    return _page(request, _found(request, sheet_id))


def _page(
    request: HttpRequest, found: Sheet, *, form: django_forms.Form | None = None, status: int = 200
) -> HttpResponse:
    actor, day = actor_of(request), clock.legal_day(clock.now())
    late = found.state == Sheet.State.OPEN and found.reply_by < day
    answers = found.state == Sheet.State.OPEN and found.unit_id == actor.org_unit_id and may(actor.role, TASK_WORK)
    office = may(actor.role, SHEET_ISSUE) and reaches(actor, found.task.division_id)
    closes = found.state == Sheet.State.ANSWERED and office
    context = {
        "sheet": found,
        "title": f"{found.colour}色督办单",
        "css": CSS.get(found.colour, "grey"),
        "state": State("到期未回复", "bad") if late else State(found.get_state_display(), TONES[found.state]),
        "facts": [
            Fact("被督办单位", found.unit.name),
            Fact("任务", found.task.title, url=task_address(found.task)),
            Fact("回复期限", found.reply_by.isoformat()),
            Fact("签发", f"{found.issued_by or '系统'} · {clock.legal_day(found.issued_at)}"),
        ],
        "form": form or (AnswerForm() if answers else OutcomeForm() if closes else None),
        "submit": "提交回复" if answers else "办结督办",
        "action": reverse(f"governance:{'sheet_answer' if answers else 'sheet_close'}", args=[found.pk]),
        "may_raise": late and office and found.rank < 3,
        "raise_href": reverse("zone_office:sheet_new", args=[found.task.zone_id, found.task_id]),
        "crumbs": [("工作台", reverse("portal:desk")), ("督办单", reverse("governance:sheets")), (found.task.title[:24], None)],
    }  # fmt: skip
    return render(request, "governance/sheet.html", context, status=status)


@require_POST
@allows(TASK_WORK)
def sheet_answer(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Answer a sheet for one's unit."""
    found, form = _found(request, sheet_id), AnswerForm(request.POST)
    return _done(request, found, form, lambda given, actor, at: services.answer_sheet(sheet_id=found.pk, answer=given["answer"], actor=actor, at=at), "已回复，专班会收到消息。")  # fmt: skip


@require_POST
@allows(SHEET_ISSUE)
def sheet_close(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Close an answered sheet."""
    found, form = _found(request, sheet_id), OutcomeForm(request.POST)
    return _done(request, found, form, lambda given, actor, at: services.close_sheet(sheet_id=found.pk, outcome=given["outcome"], actor=actor, at=at), "督办已办结。")  # fmt: skip


def _done(request: HttpRequest, found: Sheet, form: django_forms.Form, do: Any, said: str) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            do(form.cleaned_data, actor_of(request), clock.now())
        except DomainError as error:
            form.add_error(None, error.text)
            status = error.status
        else:
            messages.success(request, said)
            return redirect(address_of(found))
    return _page(request, found, form=form, status=status)
