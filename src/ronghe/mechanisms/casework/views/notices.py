"""公示 for everybody: what is told, until when, how to object; and the answer of the staff."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Filter, Listing, Option
from ronghe.policy import queries as policy
from ronghe.policy.rules.periods import working_days_between

from .. import queries, services
from ..errors import AnswerUnclear
from ..models import Case, Notice, Objection
from ..permissions import CASE_WORK, NOTICE_READ


def _address(found: Notice) -> str:
    return reverse("casework:notice", args=[found.pk])


@require_safe
@allows(NOTICE_READ)
def notices(request: HttpRequest) -> HttpResponse:
    """The notices, newest first."""
    day = clock.legal_day(clock.now())
    listing: Listing[Notice] = Listing(
        title="公示",
        columns=[
            Column("title", "公示", lambda n: n.title, link=_address, wide=True),
            Column("division", "区划", lambda n: n.case.division.name),
            Column("first", "开始日", lambda n: n.first_day, kind="date"),
            Column("last", "截止日", lambda n: n.last_day, order=("last_day",), kind="date"),
            Column("state", "状态", lambda n: "公示中" if queries.is_running(n, day=day) else "已结束"),
        ],
        filters=[Filter("state", "状态", options=[Option("open", "公示中"), Option("over", "已结束")])],
        order=("-last_day", "-pk"),
        empty="没有公示",
        empty_next="需要公示的事项在公示期内列在这里，任何人都可以查看和提出异议。",
        row_link=_address,
    )
    asked = listing.asked(request.GET)
    rows = queries.notices(actor_of(request), day=day, state=asked.text("state"))
    lead = "公示期内如有异议，可以直接在公示页提出；异议处理完之前，有关办件中止。"
    return listing.respond(request, asked, rows, context={"lead": lead, "crumbs": [("公示", None)]})


class ObjectionForm(forms.Form):
    """Who objects, how to reach them, and why."""

    name = forms.CharField(label="姓名或名称", max_length=60)
    contact = forms.CharField(
        label="联系电话或地址", max_length=120, help_text="加密保存，只有办理人员可以看到，用于核实和答复。"
    )
    text = forms.CharField(label="异议内容", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))


@require_http_methods(["GET", "HEAD", "POST"])
@allows(NOTICE_READ)
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice, with the form to object while it runs."""
    actor, at = actor_of(request), clock.now()
    found = queries.notice(notice_id, actor=actor)
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.object_to(notice_id=notice_id, actor=actor, at=at, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, f"异议已收到，编号 {made.pk}。办理单位核实后会按您留的联系方式答复。")
            return redirect(_address(found))
    day = clock.legal_day(at)
    is_open = queries.is_running(found, day=day)
    context = {
        "notice": found,
        "form": form,
        "is_open": is_open,
        "waits": found.case.state == Case.State.PAUSED,
        "left": working_days_between(day, found.last_day, policy.calendar()) if is_open else 0,
        "submit": "提出异议",
        "crumbs": [("公示", reverse("casework:notices")), (found.title, None)],
    }
    return render(request, "casework/notice.html", context, status=400 if form.errors else 200)


@require_POST
@allows(CASE_WORK)
def answer(request: HttpRequest, objection_id: int) -> HttpResponse:
    """Answer an objection."""
    actor = actor_of(request)
    said = {"yes": True, "no": False}.get(request.POST.get("upheld", ""))
    try:
        if said is None:
            raise AnswerUnclear(objection_id=objection_id)
        done: Objection = services.answer_objection(
            objection_id=objection_id,
            upheld=said,
            answer=request.POST.get("answer", "").replace("\x00", ""),
            actor=actor,
            at=clock.now(),
        )
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, error.text)
        found = Objection.objects.select_related("notice").get(pk=objection_id)
        return redirect("casework:case", found.notice.case_id)
    messages.success(request, "异议已处理。")
    return redirect("casework:case", done.notice.case_id)
