"""Survey batches (pages archetype 9): upload, check with progress, findings on a map and in a list, judge, hand in."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.kernel.pages.record import Tone
from ronghe.kernel.pages.workbook import workbook_of
from ronghe.kernel.spatial.drawing import draw
from ronghe.kernel.spatial.forms import AnswerForm
from ronghe.mechanisms.casework.declared import PROCEDURES
from ronghe.mechanisms.casework.models import Case
from ronghe.mechanisms.casework.queries import standing_notice
from ronghe.mechanisms.casework.services.moving import address_of as case_address

from .. import services
from ..errors import SurveyNotFound
from ..models import SurveyBatch, SurveyedParcel, SurveyFinding
from ..models.units import UNIT_KINDS
from ..permissions import BOOK_VIEW, INTAKE
from ..queries import survey_progress as progress
from ..queries import surveys as queries
from ..queries.evidence import counted, share_of
from ..rules.kinds import UnitKind
from ..survey_forms import SurveyFileForm, SurveyForm
from ..surveying.example import example
from ..surveying.fields import wanted
from ..surveying.findings import KINDS as FINDING_KINDS
from ..surveying.reading import HELP_SHEET
from .step_line import step_line

TONES: dict[str, Tone] = {
    "faulty": "bad", "asking": "warn", "judging": "warn", "ready": "place", "in_case": "place", "entering": "place",
    "entered": "good",
}  # fmt: skip
#: So many villages stand in the chart, and in the table at once; the others are folded away.
MOST_BARS, MOST_VILLAGES = 20, 40
_LEVELS = dict(SurveyFinding.Level.choices)
_ROOT = ("权籍调查", "registry:surveys")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def trail(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    title, name = _ROOT
    return [(title, reverse(name) if more else None), *more]


def address_of(batch: SurveyBatch) -> str:
    return reverse("registry:survey", args=[batch.pk])


_LISTING: Listing[SurveyBatch] = Listing(
    title="权籍调查",
    columns=[
        Column("title", "批次", lambda b: b.title, link=address_of, wide=True),
        Column("division", "区划", lambda b: b.division.name, order=("division",)),
        Column("kind", "单元类别", lambda b: b.get_kind_display(), order=("kind",)),
        Column("state", "状态", lambda b: b.get_state_display(), order=("state",)),
        Column("parcels", "宗数", lambda b: b.parcels_count, order=("parcels_count",), kind="number"),
        Column("surveyed_on", "调查日期", lambda b: b.surveyed_on, order=("surveyed_on",), kind="date"),
        Column("surveyor", "调查单位", lambda b: b.surveyor),
    ],
    filters=[
        Filter("text", "村或名称", kind="text"),
        Filter("kind", "单元类别", options=[Option(*one) for one in UNIT_KINDS]),
        Filter("state", "状态", options=[Option(*map(str, one)) for one in SurveyBatch.State.choices]),
        Filter("since", "调查日期自", kind="date"),
        Filter("until", "调查日期至", kind="date"),
    ],
    order=("-pk",),
    empty="还没有权籍调查批次",
    empty_next="上传一个村的调查成果；整份核对无误，经审核、公告后登簿发证。",
    row_link=address_of,
)


@require_safe
@allows(BOOK_VIEW)
def surveys(request: HttpRequest) -> HttpResponse:
    """The batches, and how far each place has come; narrowed by day, so is the chart."""
    actor, asked = actor_of(request), _LISTING.asked(request.GET)
    rows = queries.batches(
        actor, text=asked.text("text"), kind=asked.text("kind"), state=asked.text("state"), since=asked.day("since"),
        until=asked.day("until"),
    )  # fmt: skip
    villages, days = progress.by_village(rows, actor=actor), progress.by_day(rows)
    context = {
        "crumbs": trail(),
        "bars": [(p.name, p.percent, f"{reverse('registry:surveys')}?text={p.division}") for p in villages[:MOST_BARS]],
        "villages": villages[:MOST_VILLAGES],
        "more_villages": villages[MOST_VILLAGES:],
        "chart": step_line(days, days[-1][1], "按调查日累计的合格宗数") if days else "",
        "days": days[-60:][::-1],
        "may_bring": may(actor.role, INTAKE),
    }
    return _LISTING.respond(request, asked, rows, template="registry/surveys.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(INTAKE)
def new_survey(request: HttpRequest) -> HttpResponse:
    """A new batch with its file."""
    actor = actor_of(request)
    sent = request.method == "POST"
    form = SurveyForm(*((request.POST, request.FILES) if sent else (None, None)), actor=actor)
    if sent and form.is_valid():
        told = form.told()
        require(actor, INTAKE, division=told.division)
        try:
            made = services.take_survey(
                told=told, given=_given(form), stated=form.stated(), actor=actor, at=clock.now()
            )
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            return redirect("registry:survey", made.pk)
    context = {
        "form": form, "title": "上传权籍调查成果", "submit": "上传并核对", "cancel_url": reverse("registry:surveys"),
        "places": [(one.code, f"{one.parent.name if one.parent else ''}{one.name}") for one in queries.places(actor)[:2_000]],
        "kinds": UNIT_KINDS, "crumbs": trail(("上传", None)),
    }  # fmt: skip
    return render(request, "registry/new_survey.html", context, status=422 if form.errors else 200)


def _given(form: SurveyFileForm) -> services.SurveyGiven:
    file, table = form.cleaned_data["file"], form.cleaned_data["table"]
    return services.SurveyGiven(file.file, file.name, table.file if table else None, table.name if table else "")


@require_safe
@allows(INTAKE)
def survey_template(request: HttpRequest) -> HttpResponse:
    """An empty table for a kind of unit: ``?kind=homestead``."""
    given = request.GET.get("kind", "")
    kind = UnitKind(given) if given in set(UnitKind) else UnitKind.HOMESTEAD
    fields = [one for one in wanted(kind) if one.name not in ("points", "neighbours", "area_mu")]
    help_rows = [[one.label, "、".join(one.heads[1:]), one.example] for one in wanted(kind)]
    book = workbook_of([
        (f"{kind.title}调查成果", [one.label for one in fields], []),
        (HELP_SHEET, ["列", "也认识的列名", "例子"], help_rows),
    ])  # fmt: skip
    answer = HttpResponse(book, content_type=_XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{kind.title}调查成果.xlsx')}"
    return answer


@require_safe
@allows(INTAKE)
def survey_example(request: HttpRequest) -> HttpResponse:
    """A file of outlines as it may be given, for a kind of unit: ``?kind=homestead``."""
    given = request.GET.get("kind", "")
    kind = UnitKind(given) if given in set(UnitKind) else UnitKind.HOMESTEAD
    return files.attached(example(kind), name=f"{kind.title}调查成果示例.gpkg", media_type=FileKind.GPKG.media_type)


@require_http_methods(["GET", "HEAD", "POST"])
@allows(BOOK_VIEW)
def survey(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: where it stands, what was found, what is to be done. A POST answers what is asked, or checks again."""
    actor = actor_of(request)
    found = queries.batch(batch_id, actor=actor)
    history = queries.attempts(found)
    last, answer = history[0], None
    if found.state == SurveyBatch.State.ASKING:
        sent = request.POST if request.method == "POST" else None
        answer = AnswerForm(sent, question=last.found["question"], found=last.found, systems=queries.systems())
    if request.method == "POST":
        require(actor, INTAKE)
        if answer is None or answer.is_valid():
            said = answer.cleaned_data if answer else {}
            _try(request, lambda: services.state_survey(batch_id=batch_id, actor=actor, at=clock.now(), **said))
            return redirect("registry:survey", batch_id)
    rows = queries.findings(found, actor=actor)
    outlines = queries.drawn(found, actor=actor, address=lambda number: f"{_findings(found)}?number={number}")
    context = {
        "batch": found,
        "last": last,
        "history": history[1:],
        "title": found.title,
        "state": State(found.get_state_display(), TONES.get(found.state, "plain")),
        "facts": _facts(found, last.counts),
        "job": found.job,
        "is_working": found.job is not None and not found.job.is_over,
        "form": answer,
        "groups": [(_LEVELS[level], kind, number) for level, kind, number in last.groups],
        "findings": list(rows[:20]),
        "more_findings": rows.count() > 20,
        "judging": [(FINDING_KINDS.get(one.kind, one.kind), one) for one in queries.to_judge(found, actor=actor)]
        if found.state == SurveyBatch.State.JUDGING
        else [],
        "drawing": mark_safe(draw(outlines, title="宗地图：红为有错，橙为待判定，黄为留意，绿为通过", labels=False)),
        "cut_off": len(outlines) < found.parcels_count,
        "share": share_of(found, actor=actor, on=clock.legal_day(clock.now())) if found.parcels_count else None,
        "may_bring": may(actor.role, INTAKE),
        "may_mend": may(actor.role, INTAKE) and found.state in SurveyBatch.MENDABLE,
        **_standing(found.case),
        "crumbs": trail((f"第 {found.pk} 批", None)),
    }
    return render(request, "registry/survey.html", context, status=422 if answer and answer.errors else 200)


def _standing(case: Case | None) -> dict[str, Any]:
    """Where the case of a batch stands."""
    if case is None:
        return {"case_url": "", "step": "", "notice": None}
    notice = standing_notice(case)
    return {"case_url": case_address(case), "step": PROCEDURES[case.procedure].title_of(case.step), "notice": notice}


def _facts(found: SurveyBatch, counts: dict[str, Any]) -> list[Fact]:
    facts = [
        Fact("区划", found.division.name),
        Fact("单元类别", found.get_kind_display()),
        Fact("调查单位", found.surveyor, note=f"{found.surveyed_on} {found.method}".strip()),
        Fact("宗数", f"{found.parcels_count:,}", url=reverse("registry:survey_parcels", args=[found.pk])),
    ]
    if counts:
        waits = found.state in (SurveyBatch.State.JUDGING, SurveyBatch.State.FAULTY)
        judged = Fact("待判定" if waits else "人工判定", f"{counts['judge']:,}")
        facts += [Fact("有错", f"{counts['bad']:,}"), judged]
    return facts


def _findings(of: SurveyBatch) -> str:
    return reverse("registry:survey_findings", args=[of.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@allows(INTAKE)
def mend_survey(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Give a mended file for a batch."""
    actor = actor_of(request)
    found = queries.batch(batch_id, actor=actor)
    sent = request.method == "POST"
    given = (request.POST, request.FILES) if sent else (None, None)
    form = SurveyFileForm(*given, initial={"admits_new": found.admits_new})
    if sent and form.is_valid():
        try:
            services.mend_survey(
                batch_id=batch_id, given=_given(form), stated=form.stated(), admits_new=form.cleaned_data["admits_new"],
                actor=actor, at=clock.now(),
            )  # fmt: skip
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            return redirect("registry:survey", batch_id)
    context = {
        "form": form, "title": f"重新上传“{found.title}”", "submit": "上传并核对", "cancel_url": address_of(found),
        "lead": "新的文件代替上一次的整份文件；以前的文件和核对结果保留在历次核对里。",
        "crumbs": trail((f"第 {found.pk} 批", address_of(found)), ("重新上传", None)),
    }  # fmt: skip
    return render(request, "registry/mend_survey.html", context, status=422 if form.errors else 200)


@require_POST
@allows(INTAKE)
def judge_survey(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Settle what needs a person, with a reason: all of a kind, or those that were ticked."""
    actor = actor_of(request)
    queries.batch(batch_id, actor=actor)
    ticked = [int(one) for one in request.POST.getlist("finding") if one.isdecimal() and len(one) < 19]
    kind = request.POST.get("kind", "")[:24].replace("\x00", "") if request.POST.get("scope") == "all" else ""
    if _try(
        request,
        lambda: services.judge_survey(
            batch_id=batch_id, reason=request.POST.get("reason", "").replace("\x00", ""), findings=ticked, kind=kind,
            actor=actor, at=clock.now(),
        ),
    ):  # fmt: skip
        messages.success(request, "已记录判定和理由。")
    return redirect("registry:survey", batch_id)


@require_POST
@allows(INTAKE)
def submit_survey(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Hand a batch in for review."""
    actor = actor_of(request)
    queries.batch(batch_id, actor=actor)
    if _try(request, lambda: services.submit_survey(batch_id=batch_id, actor=actor, at=clock.now())):
        messages.success(request, "已提交审核。")
    return redirect("registry:survey", batch_id)


def _try(request: HttpRequest, act: Any) -> bool:
    """Do it, or say on the next page why not."""
    try:
        act()
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, error.text)
        return False
    return True


@require_safe
@allows(BOOK_VIEW)
def survey_marked(request: HttpRequest, batch_id: int, number: int) -> HttpResponse:
    """The file of an attempt with what was found of it."""
    found = queries.batch(batch_id, actor=actor_of(request))
    attempt = found.attempts.select_related("annotated").filter(number=number).first()
    if attempt is None or attempt.annotated is None:
        raise SurveyNotFound(batch=batch_id)
    stem = attempt.file_name.rpartition(".")[0] or attempt.file_name
    return files.answer(attempt.annotated_id or "", name=f"{stem}-标注.{attempt.annotated.as_kind.suffixes[0]}")


_FINDINGS: Listing[SurveyFinding] = Listing(
    title="核对发现",
    columns=[
        Column("number", "宗", lambda f: f.number or "整份", order=("number",), kind="number"),
        Column("line", "行", lambda f: f.line, order=("line",), kind="number"),
        Column("code", "代码", lambda f: f.code, kind="code"),
        Column("level", "程度", lambda f: f.get_level_display(), order=("gravity",)),
        Column("kind", "类别", lambda f: FINDING_KINDS.get(f.kind, f.kind), order=("kind",)),
        Column("field", "字段", lambda f: f.field),
        Column("text", "说明", lambda f: f.text, wide=True),
        Column("mend", "怎样改", lambda f: f.mend),
        Column("settled", "判定理由", lambda f: f.settled_reason),
    ],
    filters=[
        Filter("level", "程度", options=[Option(*map(str, one)) for one in SurveyFinding.Level.choices]),
        Filter("kind", "类别", options=[Option(*one) for one in FINDING_KINDS.items()]),
        Filter("settled", "判定", options=[Option("yes", "已判定"), Option("no", "未判定")]),
        Filter("number", "宗序号", kind="text"),
    ],
    order=("gravity", "number", "pk"),
    empty="没有发现问题",
    empty_next="可以回到批次继续办理。",
)


@require_safe
@allows(BOOK_VIEW)
def survey_findings(request: HttpRequest, batch_id: int) -> HttpResponse:
    """What was found, to narrow, sort and export."""
    actor = actor_of(request)
    found, asked = queries.batch(batch_id, actor=actor), _FINDINGS.asked(request.GET)
    wanted_number = asked.text("number")
    number = int(wanted_number) if wanted_number.isdecimal() and len(wanted_number) < 9 else None
    rows = queries.findings(
        found, actor=actor, level=asked.text("level"), kind=asked.text("kind"), settled=asked.text("settled"),
        number=number,
    )  # fmt: skip
    crumbs = trail((f"第 {found.pk} 批", address_of(found)), ("核对发现", None))
    return _FINDINGS.respond(request, asked, rows, context={"crumbs": crumbs, "lead": found.title})


def parcel_address(row: SurveyedParcel) -> str:
    """The page of a surveyed parcel."""
    return reverse("registry:survey_parcel", args=[row.batch_id, row.number])


_PARCELS: Listing[SurveyedParcel] = Listing(
    title="调查的宗地",
    columns=[
        Column("number", "宗", lambda p: p.number, order=("number",), kind="number", link=parcel_address),
        Column("code", "代码", lambda p: p.code or p.ground_code or "待编号", order=("code",), kind="code"),
        Column("holders", "权利人", lambda p: p.holders_text, order=("holders_text",)),
        Column("location", "坐落", lambda p: p.location, wide=True),
        Column("village", "村", lambda p: p.division.name, order=("division",)),
        Column("declared", "实测面积（m²）", lambda p: p.declared_m2, order=("declared_m2",), kind="number"),
        Column("drawn", "图形面积（m²）", lambda p: p.drawn_m2, order=("drawn_m2",), kind="number"),
        Column("use", "用途", lambda p: p.use),
        Column("evidence", "佐证（件）", lambda p: p.evidence_count, order=("evidence_count",), kind="number"),  # type: ignore[attr-defined]
        Column("level", "程度", lambda p: p.get_level_display(), order=("level",)),
    ],
    filters=[
        Filter("text", "权利人、代码或坐落", kind="text"),
        Filter("level", "程度", options=[Option(*map(str, one)) for one in SurveyedParcel.Level.choices if one[0]]),
    ],
    order=("number",),
    empty="还没有读到宗地",
    empty_next="核对完成后在这里列出。",
    row_link=parcel_address,
)


@require_safe
@allows(BOOK_VIEW)
def survey_parcels(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The parcels of a batch."""
    actor = actor_of(request)
    found, asked = queries.batch(batch_id, actor=actor), _PARCELS.asked(request.GET)
    rows = counted(queries.parcels(found, actor=actor, text=asked.text("text"), level=asked.text("level")))
    crumbs = trail((f"第 {found.pk} 批", address_of(found)), ("宗地", None))
    return _PARCELS.respond(request, asked, rows, context={"crumbs": crumbs, "lead": found.title})
