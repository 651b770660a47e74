"""Pages of what came out: the list of trials, one with its progress or its summary, its rows, and a row's reasons."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State
from ronghe.policy import queries as policy
from ronghe.policy.rulebook import Given, all_rules
from ronghe.policy.ruling import Ruling
from ronghe.policy.values import shown
from ronghe.policy.views import basis_of

from .. import exports, queries, services
from ..models import Trial, TrialRow
from ..permissions import TRIAL_RUN
from ..running import givens
from ..shown import summary_of
from ..titles import STATE_TONES, VERDICT_TONES, VERDICTS, change_titles, shown_value, verdict_title
from .making import own_zones


def address_of(trial: Trial) -> str:
    return reverse("trials:trial", args=[trial.pk])


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [("试算", reverse("trials:trials")), *more]


def _tabs(trial: Trial, here: str) -> list[tuple[str, str, bool]]:
    parts = [("trial", "汇总"), ("rows", "逐行结果")]
    return [(label, reverse(f"trials:{name}", args=[trial.pk]), name == here) for name, label in parts]


# -- the list ------------------------------------------------------------------------------------------------------


def _trial_listing(actor: Actor) -> Listing[Trial]:
    return Listing(
        title="试算",
        columns=[
            Column("pk", "编号", lambda t: t.pk, order=("pk",), kind="code"),
            Column("title", "规则", lambda t: t.title, order=("title",), link=address_of, wide=True),
            Column("subject", "事由", lambda t: t.subject),
            Column("zone", "试验区", lambda t: t.zone.short, order=("zone",)),
            Column("on", "依据日", lambda t: t.on, order=("on",), kind="date"),
            Column("rows", "行数", lambda t: t.row_count, order=("row_count",), kind="number"),
            Column("state", "状态", lambda t: t.get_state_display(), order=("state",), template="trials/_state.html"),
            Column("made_at", "建立日", lambda t: clock.legal_day(t.made_at), order=("made_at",), kind="date"),
            Column("who", "经办人", lambda t: str(t.actor_user or "系统")),
        ],
        filters=[
            Filter("text", "规则、事由或文件", kind="text"),
            Filter("zone", "试验区", options=[Option(zone.slug, zone.short) for zone in own_zones(actor)]),
            Filter("state", "状态", options=[Option(value, title) for value, title in Trial.State.choices]),
        ],
        order=("-pk",),
        empty="还没有试算",
        empty_next="政策出台前，可以先用一份表格试算：选规则，上传事实，看谁受益、谁受影响。",
        row_link=address_of,
    )


@require_safe
@allows(TRIAL_RUN)
def trials(request: HttpRequest) -> HttpResponse:
    """The trials of one's division and below."""
    actor = actor_of(request)
    listing = _trial_listing(actor)
    asked = listing.asked(request.GET)
    rows = queries.trials(actor=actor, text=asked.text("text"), zone=asked.text("zone"), state=asked.text("state"))
    lead = "把一条规则用在整份表格上：现行参数和另一组参数并排，看谁受益、谁受影响。"
    return listing.respond(request, asked, rows, template="trials/list.html", context={"lead": lead})


# -- one trial -----------------------------------------------------------------------------------------------------


@require_safe
@allows(TRIAL_RUN)
def trial(request: HttpRequest, trial_id: int) -> HttpResponse:
    """Progress while it runs; then the summary, with what it rested on."""
    actor = actor_of(request)
    found = queries.trial(trial_id, actor=actor)
    rows_at = reverse("trials:rows", args=[found.pk])
    a, b = givens(found)
    rule = all_rules().get(found.rule)
    known = {one.name: one.meaning for one in rule.facts} if rule else {}
    context = {
        **_head(found),
        "summary": summary_of(found, lambda **narrowed: f"{rows_at}?{urlencode(narrowed)}"),
        "parameters": _side_by_side(found, a, b),
        "columns": [known.get(name, name) for name in found.table.columns],
        "lacking": [meaning for name, meaning in known.items() if name not in found.table.columns],
        "again": f"{reverse('trials:new')}?"
        + urlencode({"rule": found.rule, "zone": found.zone_id, "date": found.on.isoformat(), "from": found.pk}),
        "has_rule": rule is not None,
        "tabs": _tabs(found, "trial") if found.summary else None,
        "crumbs": _crumbs((f"第 {found.pk} 号", None)),
    }
    return render(request, "trials/trial.html", context)


def _head(found: Trial) -> dict[str, Any]:
    return {
        "trial": found,
        "state": State(found.get_state_display(), STATE_TONES[found.state]),
        "facts": [
            Fact("试验区", found.zone.short),
            Fact("依据日", found.on.isoformat()),
            Fact("行数", f"{found.row_count:,}"),
            Fact("经办人", str(found.actor_user or "系统")),
        ],
    }


def _side_by_side(found: Trial, a: Given, b: Given | None) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "title": one.title,
            "a": str(one),
            "b": "" if b is None else shown(b[one.id].value, kind=one.kind, unit=one.unit),
            "is_changed": one.id in found.changed,
        }
        for one in a.values()
    ]


@require_safe
@allows(TRIAL_RUN)
def progress(request: HttpRequest, trial_id: int) -> HttpResponse:
    """How far a trial is, asked for again and again by its page; when it is over, the page comes anew."""
    found = queries.trial(trial_id, actor=actor_of(request))
    answer = render(request, "trials/_progress.html", {"trial": found})
    if found.is_over:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@allows(TRIAL_RUN)
def cancel(request: HttpRequest, trial_id: int) -> HttpResponse:
    """Stop a trial that waits or runs."""
    actor = actor_of(request)
    found = queries.trial(trial_id, actor=actor)
    require(actor, TRIAL_RUN, division=found.zone.seat_id)
    found = services.cancel_trial(trial_id=found.pk, actor=actor, at=clock.now())
    messages.success(request, f"已取消。算好的 {found.done_count:,} 行结果保留。")
    return redirect("trials:trial", found.pk)


# -- rows ----------------------------------------------------------------------------------------------------------


def _row_listing(found: Trial) -> Listing[TrialRow]:
    def link(row: TrialRow) -> str:
        return reverse("trials:row", args=[found.pk, row.line])

    titles = change_titles(found)
    groups = (found.summary or {}).get("groups", [])
    seen_a = {group[0] for group in groups}
    seen_b = {group[1] for group in groups if group[1]}
    has_values = bool((found.summary or {}).get("figures")) or "value" in seen_a | seen_b
    columns: list[Column[TrialRow]] = [
        Column("line", "行号", lambda r: r.line, order=("line",), kind="code"),
        Column("name", "名称", lambda r: r.name or f"第 {r.line} 行", order=("name",), link=link),
        Column("verdict_a", "现行结论", lambda r: verdict_title(r.verdict_a), template="trials/_verdict_a.html"),
    ]
    if has_values:
        columns.append(
            Column(
                "value_a",
                "现行结果",
                lambda r: shown_value(r.value_a, is_number=r.number_a is not None),
                order=("number_a",),
                kind="number",
            )
        )
    if found.is_compared:
        columns.append(
            Column("verdict_b", "试算结论", lambda r: verdict_title(r.verdict_b), template="trials/_verdict_b.html")
        )
        if has_values:
            columns.append(
                Column(
                    "value_b",
                    "试算结果",
                    lambda r: shown_value(r.value_b, is_number=r.number_b is not None),
                    order=("number_b",),
                    kind="number",
                )
            )
        columns.append(Column("change", "变化", lambda r: titles.get(r.change, "")))
    filters = [
        Filter("text", "名称", kind="text"),
        Filter("verdict_a", "现行结论", options=[Option(v, t) for v, t in VERDICTS.items() if v in seen_a]),
    ]
    if found.is_compared:
        filters += [
            Filter("verdict_b", "试算结论", options=[Option(v, t) for v, t in VERDICTS.items() if v in seen_b]),
            Filter("change", "变化", options=[Option(code, title) for code, title in titles.items()]),
        ]
    return Listing(
        title="逐行结果",
        columns=columns,
        filters=filters,
        order=("line",),
        empty="还没有结果",
        empty_next="试算还没有算到第一行，或者在开始之前就取消了。",
        row_link=link,
    )


@require_safe
@allows(TRIAL_RUN)
def rows(request: HttpRequest, trial_id: int) -> HttpResponse:
    """The results, row by row."""
    actor = actor_of(request)
    found = queries.trial(trial_id, actor=actor)
    listing = _row_listing(found)
    asked = listing.asked(request.GET)
    narrowed = {name: asked.text(name) for name in ("text", "verdict_a", "verdict_b", "change")}
    context = {
        "trial": found,
        "csv": f"{reverse('trials:csv', args=[found.pk])}?{urlencode({k: v for k, v in narrowed.items() if v})}",
        "tabs": _tabs(found, "rows"),
        "crumbs": _crumbs((f"第 {found.pk} 号", address_of(found)), ("逐行结果", None)),
    }
    wanted = queries.rows(found, actor=actor, **narrowed)
    return listing.respond(request, asked, wanted, template="trials/rows.html", context=context)


@require_safe
@allows(TRIAL_RUN)
async def rows_csv(request: HttpRequest, trial_id: int) -> StreamingHttpResponse:
    """The same as CSV with the facts beside, however many rows: written piece by piece while it is sent."""
    actor = actor_of(request)
    found = await sync_to_async(queries.trial)(trial_id, actor=actor)
    asked = _row_listing(found).asked(request.GET)
    narrowed = {name: asked.text(name) for name in ("text", "verdict_a", "verdict_b", "change")}
    pieces = exports.results(found, actor=actor, **narrowed)

    @sync_to_async
    def following() -> bytes | None:
        return next(pieces, None)

    async def sent() -> AsyncIterator[bytes]:
        while (piece := await following()) is not None:
            yield piece

    answer = StreamingHttpResponse(sent(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'试算{found.pk}-逐行结果.csv')}"
    return answer


@require_safe
@allows(TRIAL_RUN)
def row(request: HttpRequest, trial_id: int, line: int) -> HttpResponse:
    """Why a row came out as it did, under both sets of parameters."""
    actor = actor_of(request)
    found = queries.trial(trial_id, actor=actor)
    told = queries.reasons(found, line, actor=actor)
    rule = all_rules().get(found.rule)
    meanings = {one.name: one.meaning for one in rule.facts} if rule else {}
    zones = {zone.slug: zone for zone in policy.zones_by_name(actor)}

    def panel(ruling: Ruling[Any] | None, given: Given | None) -> Any:
        if ruling is None or given is None:
            return None
        basis = basis_of(ruling, given.values(), meanings=meanings, zones=zones, actor=actor)
        lacking = [
            f"参数“{given[name].title}”还没有定" if name in given else f"事实“{meanings.get(name, name)}”表格里没有填"
            for name in ruling.missing
        ]
        return replace(basis, missing=tuple(lacking))

    change = change_titles(found).get(told.row.change, "")
    panels = [
        ("a", "现行参数", panel(told.ruling_a, told.given_a)),
        ("b", "试算参数", panel(told.ruling_b, told.given_b)),
    ]
    return render(
        request,
        "trials/row.html",
        {
            "trial": found,
            "told": told,
            "name": told.row.name or f"第 {line} 行",
            "change": change,
            "outcomes": [
                (
                    title,
                    verdict_title(verdict),
                    VERDICT_TONES[verdict],
                    shown_value(value, is_number=number is not None),
                )
                for title, verdict, value, number in (
                    ("现行参数", told.row.verdict_a, told.row.value_a, told.row.number_a),
                    ("试算参数", told.row.verdict_b, told.row.value_b, told.row.number_b),
                )
                if verdict
            ],
            "panels": [one for one in panels if one[2]],
            "crumbs": _crumbs(
                (f"第 {found.pk} 号", address_of(found)),
                ("逐行结果", reverse("trials:rows", args=[found.pk])),
                (f"第 {line} 行", None),
            ),
        },
    )
