"""通报和报告: the list, one report with its charts and the tasks behind each number, drafting, approval, check."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.pages.record import Tone
from ronghe.kernel.pages.workbook import workbook_of
from ronghe.kernel.papers import setting
from ronghe.policy import queries as policy

from .. import services
from ..errors import ReportChanged, WorkReportNotFound
from ..models import WorkReport
from ..papers import GROUP_SERIES, LIGHT_SERIES, group_values, state_rows
from ..permissions import REPORT_APPROVE, REPORT_EDIT, REPORT_VIEW
from ..queries import reports as queries
from ..queries.basis import CYCLES, own_zones, stated
from ..rules import ledger as words
from ..rules import reporting

TONES: dict[str, Tone] = {"draft": "place", "submitted": "warn", "archived": "good"}
#: As many units the chart shows, and as many tasks the page of a number; the workbook has all.
MOST_UNITS = 15
MOST_TASKS = 500
_OFFICE = "application/vnd.openxmlformats-officedocument"
_WORKBOOK = f"{_OFFICE}.spreadsheetml.sheet"
_DOCUMENT = f"{_OFFICE}.wordprocessingml.document"


def address_of(report: WorkReport) -> str:
    return reverse("governance:work_report", args=[report.pk])


@require_safe
@allows(REPORT_VIEW)
def reports(request: HttpRequest) -> HttpResponse:
    """The reports that one may see, newest first."""
    actor = actor_of(request)
    listing: Listing[Any] = Listing(
        title="通报和报告",
        columns=[
            Column("title", "标题", lambda r: r.title, link=address_of, wide=True),
            Column("zone", "试验区", lambda r: r.zone.short),
            Column("kind", "种类", lambda r: r.get_kind_display(), order=("kind",)),
            Column("last", "数据截至", lambda r: r.figures.last, order=("figures__last",), kind="date"),
            Column("state", "状态", lambda r: r.get_state_display(), order=("state",), template="governance/_row_report.html"),
            Column("version", "稿次", lambda r: r.version, kind="number"),
            Column("paper", "编号", lambda r: r.paper.number if r.paper else "", kind="code"),
        ],
        filters=[
            Filter("zone", "试验区", options=[Option(z.slug, z.short) for z in policy.zones_by_name(actor)]),
            Filter("kind", "种类", options=[Option(value, label) for value, label in WorkReport.Kind.choices]),
            Filter("state", "状态", options=[Option(value, label) for value, label in WorkReport.State.choices]),
        ],
        order=("-pk",),
        empty="还没有通报和报告",
        empty_next="报告期过完以后，专班起草：平台按记录冻结数据、写出初稿，经另一人审定后印发归档。",
        row_link=address_of,
    )  # fmt: skip
    asked = listing.asked(request.GET)
    rows = queries.work_reports(actor, **{name: asked.text(name) for name in ("zone", "kind", "state")})
    context = {
        "lead": "数字取自冻结的期末数据，任何时候都可以按记录重算核对。",
        "may_edit": may(actor.role, REPORT_EDIT),
        "crumbs": [("工作台", reverse("portal:desk")), ("通报和报告", None)],
    }
    return listing.respond(request, asked, rows, template="governance/reports.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(REPORT_EDIT)
def new_report(request: HttpRequest) -> HttpResponse:
    """Choose what to report on: a kind and a period that has ended."""
    actor, at = actor_of(request), clock.now()
    zones = {zone.slug: zone for zone in own_zones(actor)}
    here = zones.get(request.POST.get("zone") or request.GET.get("zone", "")) or next(iter(zones.values()), None)
    fault, status = "", 200
    if request.method == "POST":
        kind, _, period = request.POST.get("choice", "").replace("\x00", "").partition(" ")
        if here is None or kind not in WorkReport.Kind.values:
            fault, status = "请选择试验区、种类和报告期。", 422
        else:
            try:
                made = services.write_report(zone=here, kind=kind, period=period, actor=actor, at=at)
            except DomainError as error:
                fault, status = error.text, error.status
            else:
                return redirect(address_of(made))
    begun = queries.begun_on(here) if here else None
    today = clock.legal_day(at)
    kinds = [
        (value, label, reporting.ended_periods(reporting.LENGTH[value], begun=begun, today=today))
        for value, label in WorkReport.Kind.choices
    ]
    context = {
        "zones": list(zones.values()), "here": here, "kinds": kinds, "begun": begun, "fault": fault,
        "basis": stated(here, CYCLES, on=today, actor=actor) if here else [],
        "title": "起草通报或报告",
        "crumbs": [("通报和报告", reverse("governance:reports")), ("起草", None)],
    }  # fmt: skip
    return render(request, "governance/report_new.html", context, status=status)


# -- one report ----------------------------------------------------------------------------------------------------


@require_safe
@allows(REPORT_VIEW)
def work_report(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report: its words, and the charts of its figures."""
    return _page(request, queries.work_report(report_id, actor=actor_of(request)))


def _page(
    request: HttpRequest,
    found: WorkReport,
    *,
    fault: str = "",
    status: int = 200,
    check: queries.Verification | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    own = reaches(actor, found.division_id)
    versions = list(found.versions.all())
    writes = own and may(actor.role, REPORT_EDIT)
    decides = own and may(actor.role, REPORT_APPROVE) and found.state == WorkReport.State.SUBMITTED
    is_author = actor.user_id in {found.made_by_id, found.submitted_by_id, *(one.user_id for one in versions)}
    sums = found.figures.told["sums"]
    context = {
        "report": found,
        "title": found.title,
        "state": State(found.get_state_display(), TONES[found.state]),
        "facts": [
            Fact("种类", found.get_kind_display()),
            Fact("报告期", f"{found.figures.first} 至 {found.figures.last}"),
            Fact("稿次", f"第 {versions[0].number} 稿", note=f"{versions[0].user or '系统'} {clock.legal_day(versions[0].at)}"),
            Fact("数据冻结", clock.legal_day(found.figures.made_at).isoformat(), note=f"摘要 {found.figures.digest[:12]}"),
        ],
        "sections": [(one["title"], one["text"].splitlines()) for one in versions[0].sections],
        "versions": versions,
        "figures": _headline(found, sums),
        "lights": [(s.name, sums["lights"][light.value], tasks_address(found, light=light.value)) for light, s in LIGHT_SERIES],
        "lights_most": max((sums["lights"][light.value] for light, _ in LIGHT_SERIES), default=0),
        "states": [(t, n, tasks_address(found, state=words.STATE_OF[t].value)) for t, n in state_rows(sums)],
        "states_most": max((n for _, n in state_rows(sums)), default=0),
        "chapters": [_bar(found, group, "chapter") for group in sums["chapters"]],
        "units": [_bar(found, group, "unit") for group in sums["units"][:MOST_UNITS]],
        "unit_count": len(sums["units"]),
        "most_units": MOST_UNITS,
        "period": _period(sums["period"]),
        "may_edit": writes and found.state == WorkReport.State.DRAFT,
        "may_decide": decides,
        "is_author": decides and is_author,
        "may_preview": own and (writes or decides) and found.state != WorkReport.State.ARCHIVED,
        "basis": stated(found.zone, CYCLES, on=found.figures.last, actor=actor),
        "check": check,
        "fault": fault,
        "crumbs": [("通报和报告", reverse("governance:reports")), (found.title, None)],
    }  # fmt: skip
    return render(request, "governance/report.html", context, status=status)


def tasks_address(report: WorkReport, **asked: str) -> str:
    """The tasks of the frozen figures that a number counts."""
    return f"{reverse('governance:report_tasks', args=[report.pk])}?{urlencode(asked)}"


def _headline(found: WorkReport, sums: Mapping[str, Any]) -> list[tuple[int, str, str]]:
    closed, overdue = sums["states"]["closed"], sums["lights"]["overdue"]
    return [
        (sums["total"], "项任务", tasks_address(found)),
        (closed, f"项已销号（{reporting.percent(closed, sums['total'])}）", tasks_address(found, state="closed")),
        (overdue, "项已逾期", tasks_address(found, light="overdue")),
        (sums["lights"]["behind"], "项进度滞后", tasks_address(found, light="behind")),
        (sums["stuck"], "项有卡点", tasks_address(found, stuck="yes")),
    ]


_CSS = {"closed": "done", "open": "green", "overdue": "red", "idle": "grey"}


def _bar(found: WorkReport, group: Mapping[str, Any], by: str) -> dict[str, Any]:
    """A stacked bar of a group; each piece leads to the tasks that it counts."""
    at, pieces = 0, []
    for (key, series), n in zip(GROUP_SERIES, group_values(group), strict=True):
        if n:
            href = tasks_address(found, **{by: group["key"] or "none", "part": key})
            pieces.append({"css": _CSS[key], "word": series.name, "n": n, "href": href, "at": at})
            at += n
    href = tasks_address(found, **{by: group["key"] or "none"})
    return {"label": group["label"], "total": group["total"], "pieces": pieces, "href": href}


_ACTS = (
    ("issued", "交办"), ("closed", "销号"), ("returned", "退回办结申请"), ("extended", "批准延期"), ("stopped", "中止"),
    ("reports", "进展上报"), ("reported_tasks", "上报涉及的任务"), ("sheets", "签发督办单"),
)  # fmt: skip


def _period(of: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What happened within the period, by name."""
    colours = [(f"其中{colour}色督办单", n) for colour, n in of["colours"].items()]
    return [*((name, of[key]) for key, name in _ACTS), *colours]


_IDLE = ("listed", "stopped")
_PARTS: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "closed": lambda t: t["state"] == "closed",
    "overdue": lambda t: t["light"] == "overdue",
    "idle": lambda t: t["state"] in _IDLE,
    "open": lambda t: t["state"] not in ("closed", *_IDLE) and t["light"] != "overdue",
}
_TESTS: dict[str, Callable[[Mapping[str, Any], str], bool]] = {
    "state": lambda t, v: t["state"] == v,
    "light": lambda t, v: t["light"] == v,
    "chapter": lambda t, v: (t["chapter"][0] or "none") == v,
    "topic": lambda t, v: (t["topic"][0] or "none") == v,
    "unit": lambda t, v: any(str(pk) == v for pk, _ in t["units"]),
    "part": lambda t, v: v in _PARTS and _PARTS[v](t),
    "stuck": lambda t, v: bool(t["stuck"]),
}


def _picked(tasks: Iterable[Mapping[str, Any]], asked: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The frozen tasks that the address asks for."""
    wanted = [(_TESTS[name], asked[name]) for name in _TESTS if asked.get(name)]
    return [task for task in tasks if all(test(task, value) for test, value in wanted)]


@require_safe
@allows(REPORT_VIEW)
def report_tasks(request: HttpRequest, report_id: int) -> HttpResponse:
    """The tasks behind a number, as they were at the end of the period."""
    found = queries.work_report(report_id, actor=actor_of(request))
    rows = _picked(found.figures.told["tasks"], request.GET)
    context = {
        "report": found,
        "title": f"{found.figures.last} 的任务",
        "count": len(rows),
        "most": MOST_TASKS,
        "rows": [
            {
                **task,
                "state": words.TITLES[words.State(task["state"])],
                "lit": words.Light(task["light"]).title,
                "names": "、".join(name for _, name in task["units"]),
                "reasons": [text for _, text in task["stuck"]],
                "href": reverse("zone_office:task", args=[found.zone_id, task["id"]]),
            }
            for task in rows[:MOST_TASKS]
        ],
        "narrowed": bool(request.GET),
        "crumbs": [("通报和报告", reverse("governance:reports")), (found.title, address_of(found)), ("任务", None)],
    }
    return render(request, "governance/report_tasks.html", context)


@require_safe
@allows(REPORT_VIEW)
def report_check(request: HttpRequest, report_id: int) -> HttpResponse:
    """Tell the figures again from the record and compare."""
    found = queries.work_report(report_id, actor=actor_of(request))
    return _page(request, found, check=queries.verify_figures(found.figures))


# -- written and approved ------------------------------------------------------------------------------------------


class TextForm(forms.Form):
    """The words of a report, one field for each part, and the version on which they were written."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, sections: Sequence[Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in sections:
            rows = min(24, 3 + len(one["text"]) // 40 + one["text"].count("\n"))
            self.fields[one["key"]] = forms.CharField(
                label=one["title"], widget=forms.Textarea(attrs={"rows": rows}), max_length=20_000, initial=one["text"]
            )


@require_http_methods(["GET", "HEAD", "POST"])
@allows(REPORT_EDIT)
def report_edit(request: HttpRequest, report_id: int) -> HttpResponse:
    """Edit the words of a draft; a version that somebody else has saved meanwhile is not overwritten."""
    actor = actor_of(request)
    found = queries.work_report(report_id, actor=actor)
    newest = found.versions.all()[0]
    sections = newest.sections
    form = TextForm(
        request.POST if request.method == "POST" else None, sections=sections, initial={"seen": newest.number}
    )
    status, other = 200, []
    if form.is_bound:
        status = 422
        if form.is_valid():
            texts = {one["key"]: form.cleaned_data[one["key"]] for one in sections}
            try:
                services.save_version(
                    report_id=found.pk, seen=form.cleaned_data["seen"], texts=texts, actor=actor, at=clock.now()
                )
            except ReportChanged as error:
                form, status, other = _again(form, error, sections, newest.number), error.status, sections
            except DomainError as error:
                form.add_error(None, error.text)
                status = error.status
            else:
                messages.success(request, "报告稿已保存。")
                return redirect(address_of(found))
    context = {
        "report": found, "form": form, "other": other, "number": newest.number, "title": f"修改：{found.title}",
        "cancel_url": address_of(found), "submit": "保存为新稿",
        "lead": "每段一行。图表和表格取自冻结的数据，不随文字改动。",
        "crumbs": [("通报和报告", reverse("governance:reports")), (found.title, address_of(found)), ("修改", None)],
    }  # fmt: skip
    return render(request, "governance/report_edit.html", context, status=status)


def _again(form: TextForm, error: DomainError, sections: Sequence[Mapping[str, str]], number: int) -> TextForm:
    """The same words again, now beside the version that has come between."""
    given = {**form.data.dict(), "seen": str(number)}  # type: ignore[attr-defined]
    again = TextForm(given, sections=sections)
    again.full_clean()
    again.add_error(None, error.text)
    return again


@require_POST
@allows(REPORT_EDIT)
def report_submit(request: HttpRequest, report_id: int) -> HttpResponse:
    """Hand a draft in."""
    found = queries.work_report(report_id, actor=actor_of(request))
    return _done(request, found, services.submit_report, "已送审，须由另一人审定。")


@require_POST
@allows(REPORT_APPROVE)
def report_decide(request: HttpRequest, report_id: int) -> HttpResponse:
    """Approve a report, or give it back."""
    found = queries.work_report(report_id, actor=actor_of(request))
    if request.POST.get("act") == "return":
        reason = request.POST.get("reason", "").replace("\x00", "")
        return _done(request, found, services.return_report, "已退改，起草人会收到消息。", reason=reason)
    return _done(request, found, services.approve_report, "已审定，文书已编号归档。")


def _done(request: HttpRequest, found: WorkReport, do: Any, said: str, **given: Any) -> HttpResponse:
    try:
        do(report_id=found.pk, actor=actor_of(request), at=clock.now(), **given)
    except DomainError as error:
        return _page(request, found, fault=error.text, status=error.status)
    messages.success(request, said)
    return redirect(address_of(found))


# -- files ---------------------------------------------------------------------------------------------------------


@require_safe
@allows(REPORT_VIEW)
def report_draft(request: HttpRequest, report_id: int, form: str) -> HttpResponse:
    """A draft as PDF or DOCX, marked as one; what was archived is downloaded as its paper."""
    actor, at = actor_of(request), clock.now()
    found = queries.work_report(report_id, actor=actor)
    if form not in ("pdf", "docx") or not reaches(actor, found.division_id):
        raise WorkReportNotFound(report=report_id)
    sheet = services.report_draft(found, at=at)
    if form == "docx":
        return _file(setting.docx(sheet), f"report-{found.pk}.docx", _DOCUMENT)
    return _file(setting.pdf(sheet, at=at), f"report-{found.pk}.pdf", "application/pdf", how="inline")


def _file(content: bytes, name: str, kind: str, *, how: str = "attachment") -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f"{how}; filename={name}"
    return answer


@require_safe
@allows(REPORT_VIEW)
def report_workbook(request: HttpRequest, report_id: int) -> HttpResponse:
    """All figures, and the tasks as they were at the end of the period."""
    found = queries.work_report(report_id, actor=actor_of(request))
    told, sums = found.figures.told, found.figures.told["sums"]
    head = ("任务", "已销号", "在办", "已逾期", "待交办或中止", "平均进度（%）")
    groups = [("章", "chapters"), ("试验任务领域", "topics"), ("牵头、责任单位", "units")]
    tasks = (
        (
            t["label"], t["title"], "、".join(name for _, name in t["units"]), t["chapter"][1], t["topic"][1],
            words.TITLES[words.State(t["state"])], words.Light(t["light"]).title, t["percent"], t["issued_on"], t["due"],
            t["first_due"], t["late_days"], t["extended"], t["closed_on"], "；".join(text for _, text in t["stuck"]),
        )
        for t in told["tasks"]
    )  # fmt: skip
    columns = (
        "条款", "任务", "牵头、责任单位", "章", "试验任务领域", "状态", "亮灯", "进度（%）", "交办日", "期限", "原定期限", "逾期（天）",
        "延期次数", "销号日", "卡点",
    )  # fmt: skip
    content = workbook_of(
        [
            ("数据", ("项目", "内容", "数量"), _figure_rows(found, sums)),
            *((what, (what, *head), _group_rows(sums[key])) for what, key in groups),
            (f"任务（{found.figures.last}）", columns, tasks),
        ]
    )
    return _file(content, f"figures-{found.figures_id}.xlsx", _WORKBOOK)


def _figure_rows(found: WorkReport, sums: Mapping[str, Any]) -> Iterable[tuple[object, ...]]:
    yield ("标题", found.title, None)
    yield ("报告期", f"{found.figures.first} 至 {found.figures.last}", None)
    yield ("数据摘要（SHA-256）", found.figures.digest, None)
    yield ("任务", "合计", sums["total"])
    yield from (("任务状态", title, n) for title, n in state_rows(sums))
    yield from (("亮灯", words.Light(key).title, n) for key, n in sums["lights"].items())
    yield ("卡点", "有卡点的任务", sums["stuck"])
    yield from (("期内情况", name, n) for name, n in _period(sums["period"]))


def _group_rows(groups: Iterable[Mapping[str, Any]]) -> Iterable[tuple[object, ...]]:
    for group in groups:
        yield (group["label"], group["total"], *group_values(group), group["percents"] // group["total"])
