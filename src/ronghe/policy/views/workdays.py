"""工作日历: a year on one page, the last day of a period, and what an office changes or enters."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import Request, actor_of, allows
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.errors import DomainError

from .. import queries, services
from ..forms import DueForm, SpecialDayForm, WorkyearForm
from ..permissions import PLAN_VIEW, WORKDAYS_EDIT
from ..rules.periods import Calendar, Due, period_end
from ..services.workdays import FIRST_YEAR, LAST_YEAR
from .library import library_crumbs, library_form, library_tabs


@require_safe
@allows(PLAN_VIEW)
def workdays(request: HttpRequest) -> HttpResponse:
    """A year month by month, and the last day of a period that is asked for."""
    actor, today = actor_of(request), clock.legal_day(clock.now())
    known = queries.calendar_kept_by(request)
    year = _year(request.GET.get("year"), today.year)
    asked = any(name in request.GET for name in ("start", "days"))
    form = DueForm(request.GET if asked else None, initial={"start": today, "days": 10})
    return render(
        request,
        "policy/workdays.html",
        {
            "shown": queries.year_view(year, known),
            "today": today,
            "before": year - 1 if year > FIRST_YEAR else None,
            "after": year + 1 if year < LAST_YEAR else None,
            "first": FIRST_YEAR,
            "last": LAST_YEAR,
            "may_edit": may(actor.role, WORKDAYS_EDIT),
            "form": form,
            "due": _due(form, known) if asked and form.is_valid() else None,
            "tabs": library_tabs(actor, "workdays"),
            "crumbs": library_crumbs(("工作日历", None)),
        },
    )


def _year(written: str | None, otherwise: int) -> int:
    """The year of the address; anything else than a year of the calendar is the present one."""
    if written is None or not (written.isascii() and written.isdigit() and len(written) == 4):
        return otherwise
    return min(max(int(written), FIRST_YEAR), LAST_YEAR)


def _due(form: DueForm, known: Calendar) -> Due | None:
    given = form.cleaned_data
    try:
        return period_end(given["start"], given["days"], given["unit"], known)
    except ValueError:
        form.add_error("start", "起算日和届满日要在 1950 年至 2200 年之间，请改近一些。")
        return None


@require_http_methods(["GET", "POST"])
@allows(WORKDAYS_EDIT)
def change_workday(request: Request) -> HttpResponse:
    """Change one day of the calendar."""
    form = SpecialDayForm(request.POST or None, initial=_present(request.GET.get("day", "")))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            changed = services.change_day(
                day=given["day"],
                kind=given["kind"],
                name=given["name"],
                source=given["source"],
                actor=request.actor,
                at=request.at,
            )
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, f"{changed.day} 改为{changed.get_kind_display()}。")
            return _to_year(changed.day.year)
    lead = "改动对全平台生效，注明录入人和来源；以后载入数据包也不会覆盖。"
    return library_form(request, form, title="改动一天", lead=lead, submit="改动这一天", above=_above())


def _present(day: str) -> dict[str, Any]:
    """What the calendar says of a day, to begin with."""
    row = queries.special_day(day)
    return {"day": day, "kind": row.kind, "name": row.name} if row else {"day": day}


@require_http_methods(["GET", "POST"])
@allows(WORKDAYS_EDIT)
def enter_workyear(request: Request) -> HttpResponse:
    """Enter the arrangement of a year from its notice."""
    year = _year(request.GET.get("year"), clock.legal_day(request.at).year + 1)
    form = WorkyearForm(request.POST or None, initial={"year": year})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            count = services.enter_year(
                year=given["year"], days=given["days"], source=given["source"], actor=request.actor, at=request.at
            )
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, f"已录入 {given['year']} 年的安排，共 {count} 天放假或上班。")
            return _to_year(given["year"])
    lead = "录入后替换这一年原有的全部安排，对全平台生效；此后的期限都按新安排计算。"
    return library_form(request, form, title="录入全年安排", lead=lead, submit="录入全年安排", above=_above())


def _to_year(year: int) -> HttpResponse:
    return redirect(f"{reverse('library:workdays')}?year={year}")


def _above() -> tuple[tuple[str, str], ...]:
    return (("工作日历", reverse("library:workdays")),)
