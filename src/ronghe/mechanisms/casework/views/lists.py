"""Workbench, list of cases, procedures and the opening of a case."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.accounts.roles import TITLES, Role
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Filter, Listing, Option
from ronghe.kernel.parties.models import Party
from ronghe.kernel.regions.models import Division
from ronghe.policy import queries as policy

from .. import deadlines, queries, services
from ..declared import PROCEDURES, WORKING, Procedure, told_period
from ..models import Case
from ..permissions import CASE_WORK
from ..picture import picture
from ..services.moving import procedure_of

#: Of the divisions that a case may be opened for, a form lists so many; where there are more one types the code.
MOST_PLACES = 400


def address_of(found: Case) -> str:
    return reverse("casework:case", args=[found.pk])


def _listing(title: str, empty: str, empty_next: str, *, filters: bool = True) -> Listing[Case]:
    names = queries.place_titles()
    known = sorted(PROCEDURES.values(), key=lambda p: p.title)

    def place(row: Case) -> str:
        return names.get((row.procedure, row.step), row.step)

    def kind(row: Case) -> str:
        found = PROCEDURES.get(row.procedure)
        return found.title if found else row.procedure

    return Listing(
        title=title,
        columns=[
            Column("number", "编号", lambda c: c.number, kind="code"),
            Column("title", "事项", lambda c: c.title, link=address_of, wide=True),
            Column("procedure", "程序", kind),
            Column("step", "环节", place, template="casework/_step.html"),
            Column("due", "期限", lambda c: c.due, order=("due",), kind="date", template="casework/_due.html"),
            Column("division", "区划", lambda c: c.division.name),
            Column("holder", "承办人", lambda c: str(c.holder or "")),
            Column("opened", "提出日", lambda c: clock.legal_day(c.opened_at), order=("pk",), kind="date"),
        ],
        filters=[
            Filter("text", "编号、事项或申请人", kind="text"),
            Filter("procedure", "程序", options=[Option(p.key, p.title) for p in known]),
            Filter("state", "状态", options=[Option(value, label) for value, label in Case.State.choices]),
        ]
        if filters
        else [],
        order=("-pk",),
        empty=empty,
        empty_next=empty_next,
        row_link=address_of,
    )


_EMPTY = {
    "todo": ("没有待办", "新的办件到您的岗位时，会出现在这里并发消息给您。"),
    "overdue": ("没有逾期", "办理期限内都已办完。"),
    "unit": ("没有在办件", "本岗位当前没有在办的事项。"),
    "done": ("还没有办过", "您处理过的办件会列在这里。"),
    "mine": ("没有提出过办件", "从“可办事项”选择一项开始。"),
}


@require_safe
@allows(CASE_WORK)
def workbench(request: HttpRequest) -> HttpResponse:
    """工作台: what waits for me, what is late, what my unit has, what I did, what I asked for."""
    actor, day = actor_of(request), clock.legal_day(clock.now())
    tab = request.GET.get("tab", "")
    if tab not in queries.TABS:
        tab = "mine" if actor.role == Role.SELF else "todo"
    listing = _listing(queries.TABS[tab], *_EMPTY[tab], filters=False)
    asked = listing.asked(request.GET)
    numbers = queries.counts(actor, day=day)
    context = {
        "lead": "按期限办理；点开一件，看要做什么。",
        "today": day,
        "tabs": [
            (_with_count(label, numbers.get(key)), f"{reverse('casework:workbench')}?tab={key}", key == tab)
            for key, label in queries.TABS.items()
        ],
        "may_open": bool(queries.may_open(actor)),
    }
    rows = queries.workbench(actor, tab, day=day)
    return listing.respond(request, asked, rows, template="casework/workbench.html", context=context)


def _with_count(label: str, number: int | None) -> str:
    if not number:
        return label
    return f"{label} {queries.MOST_COUNTED}+" if number > queries.MOST_COUNTED else f"{label} {number}"


@require_safe
@allows(CASE_WORK)
def all_cases(request: HttpRequest) -> HttpResponse:
    """All cases that one may see."""
    actor = actor_of(request)
    listing = _listing("办件", "还没有办件", "从“可办事项”选择一项开始。")
    asked = listing.asked(request.GET)
    rows = queries.cases(actor, text=asked.text("text"), procedure=asked.text("procedure"), state=asked.text("state"))
    context = {
        "today": clock.legal_day(clock.now()),
        "crumbs": [("办件", reverse("casework:workbench")), ("全部办件", None)],
    }
    return listing.respond(request, asked, rows, context=context)


@require_safe
@allows(CASE_WORK)
def procedures(request: HttpRequest) -> HttpResponse:
    """可办事项: every procedure, those first that one may open."""
    own = queries.may_open(actor_of(request))
    others = sorted((p for p in PROCEDURES.values() if p not in own), key=lambda p: p.title)
    context = {"own": own, "others": others, "crumbs": [("办件", reverse("casework:workbench")), ("可办事项", None)]}
    return render(request, "casework/procedures.html", context)


@require_safe
@allows(CASE_WORK)
def procedure(request: HttpRequest, procedure: str) -> HttpResponse:
    """One procedure: its picture, and step by step who does what in how many days with which materials."""
    found = procedure_of(procedure)
    context = {
        "procedure": found,
        "picture": picture(found),
        "steps": [
            (
                step,
                "、".join(TITLES[role] for role in sorted(step.roles)),
                [one.label for one in step.actions if one.by_hand],
                told_period(step.period),
                told_period(step.notice.period) if step.notice else "",
            )
            for step in found.steps
        ],
        "opens": "、".join(TITLES[role] for role in sorted(found.opens)),
        "may_open": found in queries.may_open(actor_of(request)),
        "new_url": new_address(found, actor_of(request)),
        "unit": WORKING,
        "crumbs": [
            ("办件", reverse("casework:workbench")),
            ("可办事项", reverse("casework:procedures")),
            (found.title, None),
        ],
    }
    return render(request, "casework/procedure.html", context)


def new_address(found: Procedure, actor: Actor) -> str:
    """Where the actor opens such a case: by the general form, or by the page of its room."""
    return found.opened_at(actor.role) or reverse("casework:new", args=[found.key])


class OpeningForm(forms.Form):
    """What every case needs to be opened."""

    title = forms.CharField(label="事项名称", max_length=160, help_text="例如：张家宅基地使用权登记")
    division = forms.ChoiceField(label="所在区划")

    def __init__(self, *args: object, actor: Actor, **given: object) -> None:
        super().__init__(*args, **given)  # type: ignore[arg-type]
        self.fields["division"].choices = places(actor)  # type: ignore[attr-defined]


def places(actor: Actor) -> list[tuple[str, str]]:
    """The divisions that the actor may open a case for."""
    if actor.on_behalf_of_id is not None:
        party = Party.objects.visible_to(actor).filter(pk=actor.on_behalf_of_id).select_related("division").first()
        return [(party.division_id, party.division.name)] if party else []
    below = Division.objects.visible_to(actor).below(actor.division or "").exclude(level="village").order_by("code")
    return [(code, name) for code, name in below.values_list("code", "name")[:MOST_PLACES]]


@require_http_methods(["GET", "HEAD", "POST"])
@allows(CASE_WORK)
def new_case(request: HttpRequest, procedure: str) -> HttpResponse:
    """Open a case."""
    actor, found = actor_of(request), procedure_of(procedure)
    if page := found.opened_at(actor.role):
        return redirect(page)
    form = OpeningForm(request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_case(
                found.key,
                title=form.cleaned_data["title"],
                division=form.cleaned_data["division"],
                actor=actor,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, f"已提出，编号 {made.number}。")
            return redirect(address_of(made))
    context = {
        "form": form,
        "title": f"提出{found.title}",
        "submit": "提出办件",
        "cancel_url": reverse("casework:procedure", args=[found.key]),
        "crumbs": [
            ("办件", reverse("casework:workbench")),
            (found.title, reverse("casework:procedure", args=[found.key])),
            ("提出", None),
        ],
    }
    return render(request, "portal/form.html", context, status=400 if form.errors else 200)


def days_left(found: Case) -> int | None:
    """Working days until the deadline of a case."""
    return deadlines.days_left(found, day=clock.legal_day(clock.now()), known=policy.calendar())
