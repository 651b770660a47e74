"""Calculators: a form for every rule, its answer with the whole derivation; and the answers that were kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches, require
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Filter, Listing, Option
from ronghe.kernel.papers.queries import holding_subjects, papers_of
from ronghe.kernel.papers.services import issue_many, issue_paper

from .. import queries, ruling, services
from ..forms import FactsForm, RulingPapersForm
from ..models import KeptRuling, Room, Zone
from ..papers import RULING, facts_of, rows_of
from ..permissions import PLAN_VIEW, RULING_KEEP, RULING_VIEW
from ..rulebook import FactsInvalid, InForce, all_rules, rule_named
from ..values import Kind, figure, percent, shown
from .library import STATUS_TITLES, STATUS_TONES, library_crumbs, library_tabs

VERDICT_TITLES = {"passed": "通过", "failed": "未通过", "undecidable": "无法判定"}
VERDICT_TONES = {"passed": "good", "failed": "bad", "undecidable": "warn"}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One line of the derivation as pages show it."""

    finding: str
    word: str
    tone: str
    cites: tuple[queries.Cited, ...]


@dataclass(frozen=True, slots=True)
class ShownParameter:
    """One parameter that the derivation used."""

    id: str
    title: str
    value: str
    status: str
    tone: str
    whence: str
    cites: tuple[queries.Cited, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """依据: the answer in large type, the derivation, the parameters, and what is missing, ready for the panel."""

    result: str
    tone: str
    steps: tuple[ShownStep, ...]
    parameters: tuple[ShownParameter, ...]
    missing: tuple[str, ...]


def basis_of(
    answer: ruling.Ruling[Any],
    given: Iterable[InForce],
    *,
    meanings: Mapping[str, str],
    zones: Mapping[str, Zone],
    actor: Actor,
) -> Basis:
    """The panel of a ruling: every line with its clauses as links."""
    values = list(given)
    cites = {cite for step in answer.steps for cite in step.cite} | {cite for value in values for cite in value.cite}
    links = queries.cited(cites, actor=actor)

    def linked(of: Iterable[ruling.Clause]) -> tuple[queries.Cited, ...]:
        return tuple(links[cite] for cite in of if cite in links)

    words = {True: ("通过", "good"), False: ("未通过", "bad")}
    steps = []
    for step in answer.steps:
        lacking = "缺事实" if any(name in meanings for name in step.missing) else "待定"
        word, tone = words.get(step.ok, (lacking, "warn") if step.missing else ("计算", "plain"))  # type: ignore[arg-type]
        steps.append(ShownStep(step.finding, word, tone, linked(step.cite)))
    titles = {value.id: value.title for value in values}
    missing = []
    for name in answer.missing:
        if name in titles:
            missing.append(f"参数“{titles[name]}”：本试验区还没有定，由试验区专班在参数页录入")
        else:
            missing.append(f"事实“{meanings.get(name, name)}”：请在左侧补充")
    shown_values = []
    for value in values:
        place = zones[value.zone].short if value.zone in zones else ("全国" if value.zone else "")
        since = f"{value.starts} 起" if value.starts else ""
        who = f"{value.author}录入：{value.source}" if value.author else value.source
        shown_values.append(
            ShownParameter(
                value.id,
                value.title,
                shown(value.value, kind=value.kind, unit=value.unit) if value.value is not None else "",
                STATUS_TITLES[value.status],
                STATUS_TONES[value.status],
                "，".join(filter(None, [place, since, who])),
                linked(value.cite),
            )
        )
    return Basis(_result(answer), _tone(answer), tuple(steps), tuple(shown_values), tuple(missing))


def _result(answer: ruling.Ruling[Any]) -> str:
    if answer.verdict:
        return VERDICT_TITLES[answer.verdict]
    value = answer.value
    if isinstance(value, bool) or value is None or isinstance(value, str | date | frozenset | tuple):
        return shown(value, kind=Kind.LIST if isinstance(value, tuple) else Kind.SET) or "没有"
    if isinstance(value, Mapping):
        return "，".join(f"{name} {_number(number)}" for name, number in value.items())
    return _number(value)


def _number(value: Any) -> str:
    number = Fraction(value)
    return percent(number) if number.denominator > 10_000 else figure(number)


def _tone(answer: ruling.Ruling[Any]) -> str:
    return VERDICT_TONES[answer.verdict] if answer.verdict else "place"


@require_safe
@allows(PLAN_VIEW)
def calculators(request: HttpRequest) -> HttpResponse:
    """All calculators by room, narrowed by a word."""
    text = request.GET.get("q", "").strip()[:100]
    rules = [
        rule
        for rule in all_rules().values()
        if not text or text in rule.title or text in rule.code or text in rule.covers
    ]
    groups = [
        (room.label, [rule for rule in rules if rule.room == room.value])
        for room in Room
        if any(rule.room == room.value for rule in rules)
    ]
    return render(
        request,
        "policy/calculators.html",
        {
            "text": text,
            "count": len(rules),
            "groups": groups,
            "tabs": library_tabs(actor_of(request), "calculators"),
            "crumbs": library_crumbs(("计算器", None)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allows(PLAN_VIEW)
def calculator(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: its facts as a form, the answer with its derivation, and what other zones would say.

    Asking is a GET, so that a question can be sent to a colleague as a link; POST keeps the answer.
    """
    actor, now = actor_of(request), clock.now()
    rule = rule_named(code)
    zones = {zone.slug: zone for zone in queries.zones_side_by_side(actor)}
    given = request.POST if request.method == "POST" else request.GET
    zone = zones.get(given.get("zone", ""))
    on, day_fault = _asked_day(given.get("date", ""), clock.legal_day(now))
    form = FactsForm(given if zone else None, rule=rule)
    context: dict[str, Any] = {
        "rule": rule,
        "form": form,
        "zones": zones.values(),
        "chosen": zone,
        "on": on,
        "day_fault": day_fault,
        "may_keep": zone is not None and may(actor.role, RULING_KEEP) and reaches(actor, zone.seat_id),
        "covers": rule.covers,
        "crumbs": library_crumbs(("计算器", reverse("library:calculators")), (rule.title, None)),
    }
    if zone is None or day_fault or not form.is_valid():
        return render(request, "policy/calculator.html", context, status=422 if zone and form.errors else 200)
    facts = form.stated()
    try:
        answer, *others = queries.answers(
            code, [zone, *(other for other in zones.values() if other != zone)], on=on, facts=facts
        )
    except FactsInvalid as error:
        for fault in error.facts["faults"]:
            form.add_error(fault["fact"], fault["what"])
        return render(request, "policy/calculator.html", context, status=422)
    if request.method == "POST":
        require(actor, RULING_KEEP, division=zone.seat_id)
        kept = services.keep_ruling(answer=answer, subject=given.get("subject", "").strip(), actor=actor, at=now)
        messages.success(request, f"已存档，编号 {kept.pk}。")
        return redirect("library:ruling", kept.pk)
    meanings = {one.name: one.meaning for one in rule.facts}
    context["basis"] = basis_of(answer.ruling, answer.given.values(), meanings=meanings, zones=zones, actor=actor)
    context["elsewhere"] = [_elsewhere(other, given.copy()) for other in others]
    context["asked_pairs"] = [(name, value) for name in given for value in given.getlist(name)]
    return render(request, "policy/calculator.html", context)


def _asked_day(text: str, today: date) -> tuple[date, str]:
    if not text:
        return today, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return today, f"“{text[:20]}”不是日期，请写成 2026-11-22 的样子"


def _elsewhere(answer: queries.Answer, asked: QueryDict) -> dict[str, Any]:
    """What another zone says of the same facts: its answer, and the first step that decides it."""
    asked["zone"] = answer.zone.slug
    steps = answer.ruling.steps
    deciding = next((s for s in steps if s.ok is False), None) or next((s for s in steps if s.missing), None)
    return {
        "zone": answer.zone,
        "asked": asked.urlencode(),
        "result": _result(answer.ruling),
        "tone": _tone(answer.ruling),
        "why": deciding.finding if deciding else (steps[0].finding if steps else ""),
    }


# -- kept rulings --------------------------------------------------------------------------------------------------


def _ruling_listing(zones: Iterable[Zone]) -> Listing[KeptRuling]:
    def address(one: KeptRuling) -> str:
        return reverse("library:ruling", args=[one.pk])

    return Listing(
        title="存档结论",
        columns=[
            Column("pk", "编号", lambda k: k.pk, order=("pk",), kind="code"),
            Column("title", "规则", lambda k: k.title, order=("title",), link=address, wide=True),
            Column("subject", "事项", lambda k: k.subject),
            Column("zone", "试验区", lambda k: k.zone.short, order=("zone",)),
            Column("on", "依据日", lambda k: k.on, order=("on",), kind="date"),
            Column("verdict", "结论", lambda k: VERDICT_TITLES.get(k.verdict, "计算结果")),
            Column("made_at", "存档日", lambda k: clock.legal_day(k.made_at), order=("made_at",), kind="date"),
            Column("who", "经办人", lambda k: str(k.actor_user or "")),
        ],
        filters=[
            Filter("text", "规则或事项", kind="text"),
            Filter("zone", "试验区", options=[Option(z.slug, z.short) for z in zones]),
            Filter(
                "verdict", "结论", options=[Option(v, t) for v, t in {**VERDICT_TITLES, "value": "计算结果"}.items()]
            ),
        ],
        order=("-pk",),
        empty="还没有存档的结论",
        empty_next="在计算器里得到结论后，可以把它连同事实、参数和依据一起存档。",
        row_link=address,
    )


@require_safe
@allows(RULING_VIEW)
def kept_rulings(request: HttpRequest) -> HttpResponse:
    """The kept rulings of one's division and below."""
    actor = actor_of(request)
    listing = _ruling_listing(queries.zones_side_by_side(actor))
    asked = listing.asked(request.GET)
    rows = queries.kept_rulings(
        actor=actor, text=asked.text("text"), zone=asked.text("zone"), verdict=asked.text("verdict")
    )
    context = {
        "tabs": library_tabs(actor, "rulings"), "may_issue": may(actor.role, RULING_KEEP),
        "crumbs": library_crumbs(("存档结论", None)),
    }  # fmt: skip
    return listing.respond(request, asked, rows, template="policy/kept_rulings.html", context=context)


@require_safe
@allows(RULING_VIEW)
def kept_ruling(request: HttpRequest, number: int) -> HttpResponse:
    """One kept ruling as it was, and whether the rule gives the same today from what was kept."""
    actor = actor_of(request)
    kept = queries.kept_ruling(number, actor=actor)
    given = [queries.from_snapshot(one) for one in kept.parameters]
    rule = all_rules().get(kept.rule)
    meanings = {one.name: one.meaning for one in rule.facts} if rule else {}
    zones = {zone.slug: zone for zone in queries.zones_side_by_side(actor)}
    return render(
        request,
        "policy/kept_ruling.html",
        {
            "kept": kept,
            "rule": rule,
            "facts": [(meanings.get(name, name), value) for name, value in kept.facts.items()],
            "basis": basis_of(queries.stored_ruling(kept), given, meanings=meanings, zones=zones, actor=actor),
            "papers": papers_of(kept._meta.label_lower, kept.pk, actor=actor),
            "may_issue": may(actor.role, RULING_KEEP),
            "unchanged": queries.is_unchanged(kept) if rule else None,
            "crumbs": library_crumbs(("存档结论", reverse("library:rulings")), (f"第 {kept.pk} 号", None)),
        },
    )


@require_POST
@allows(RULING_KEEP)
def ruling_paper(request: HttpRequest, number: int) -> HttpResponse:
    """Issue the paper of a kept ruling; the one that holds is shown again. Raises: GlyphMissing."""
    actor = actor_of(request)
    kept = queries.kept_ruling(number, actor=actor)
    require(actor, RULING_KEEP, division=kept.zone.seat_id)
    known = papers_of(kept._meta.label_lower, kept.pk, actor=actor).filter(revocation=None).first()
    if known is None:
        try:
            known = issue_paper(
                RULING.key,
                facts=facts_of(kept),
                division=kept.zone.seat_id,
                subject=(kept._meta.label_lower, kept.pk),
                actor=actor,
                at=clock.now(),
            )
        except DomainError as error:
            messages.error(request, error.text)
            return redirect("library:ruling", kept.pk)
        messages.success(request, f"已出具 {known.number}。")
    return redirect("papers:paper", known.pk)


#: So many papers at most in one batch.
MOST_PAPERS = 5_000


@require_http_methods(["GET", "HEAD", "POST"])
@allows(RULING_KEEP)
def ruling_papers(request: HttpRequest) -> HttpResponse:
    """Issue the papers of many kept rulings in the background: of all that have none which holds."""
    actor = actor_of(request)
    zones = {zone.slug: zone for zone in queries.zones_side_by_side(actor) if reaches(actor, zone.seat_id)}
    form = RulingPapersForm(request.POST if request.method == "POST" else None, zones=zones, verdicts=VERDICT_TITLES)
    if request.method == "POST" and form.is_valid():
        given, zone = form.cleaned_data, zones[form.cleaned_data["zone"]]
        rows = queries.kept_rulings(actor=actor, zone=zone.slug, verdict=given["verdict"], text=given["text"])
        known = holding_subjects(KeptRuling._meta.label_lower, actor=actor)
        left = [one for one in rows.order_by("pk") if str(one.pk) not in known]
        if not left:
            form.add_error(None, "没有需要出具的结论：符合条件的都已有结果书，或者条件太窄。")
        elif len(left) > MOST_PAPERS:
            form.add_error(None, f"有 {len(left):,} 份要出具，一次最多 {MOST_PAPERS:,} 份。请用规则或结论收窄。")
        else:
            title = f"{zone.short}规则适用结果书 {len(left)} 份"
            made = issue_many(
                RULING.key, rows=rows_of(left), title=title, division=zone.seat_id, actor=actor, at=clock.now()
            )
            return redirect("papers:batch", made.pk)
    context = {
        "form": form, "title": "批量出具结果书", "submit": "开始出具", "cancel_url": reverse("library:rulings"),
        "lead": "为符合条件、还没有结果书的存档结论各出一份，在后台办理，全部成功或者一份也不出。",
        "crumbs": library_crumbs(("存档结论", reverse("library:rulings")), ("批量出具", None)),
    }  # fmt: skip
    return render(request, "portal/form.html", context, status=400 if form.errors else 200)
