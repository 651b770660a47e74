"""Pages of the policy library: rules, parameters, laws, and zones side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import Request, actor_of, allows, reaches, require
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Filter, Listing, Option, workbook_response

from .. import queries, services
from ..forms import LocalValueForm
from ..models import Matter, Parameter, ParameterValue, Room, RuleItem, Zone
from ..permissions import PLAN_VIEW, RULING_VIEW, VALUE_ENTER
from ..rulebook import InForce, all_rules
from ..values import Kind, shown
from .plans import Crumbs

STATUS_TONES = {"set": "good", "assumed": "warn", "unset": "warn", "absent": "plain"}
STATUS_TITLES = {"set": "已定", "assumed": "参考值", "unset": "待地方确定", "absent": "未规定"}


def library_crumbs(*more: tuple[str, str | None]) -> Crumbs:
    """The place of a page in the library."""
    return [("政策库", reverse("library:rules")), *more]


def library_form(
    request: Request, form: Form, *, title: str, lead: str, submit: str, above: tuple[tuple[str, str], ...]
) -> HttpResponse:
    """A form page of the library; ``above`` are the pages over it, and who gives up goes back to the last of them."""
    context = {
        "title": title,
        "lead": lead,
        "form": form,
        "submit": submit,
        "cancel_url": above[-1][1],
        "crumbs": library_crumbs(*above, (submit, None)),
    }
    return render(request, "portal/form.html", context, status=422 if form.errors else 200)


def library_tabs(actor: Actor, here: str) -> list[tuple[str, str, bool]]:
    """The parts of the library that the actor may open."""
    parts = [
        ("rules", "规则"),
        ("parameters", "参数"),
        ("compare", "地区对比"),
        ("calculators", "计算器"),
        ("workdays", "工作日历"),
        ("laws", "国家法规"),
    ]
    if may(actor.role, RULING_VIEW):
        parts.append(("rulings", "存档结论"))
    return [(label, reverse(f"library:{name}"), name == here) for name, label in parts]


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A stored value as pages show it."""

    row: ParameterValue
    value: str
    status: str
    tone: str
    cites: tuple[queries.Cited, ...]

    @classmethod
    def of(cls, row: ParameterValue) -> "ShownValue":
        value = queries.in_force(row.parameter, row)
        text = shown(value.value, kind=value.kind, unit=value.unit) if value.value is not None else ""
        status = row.status
        title = STATUS_TITLES[status]
        if not row.in_use:
            title = "参考值，未启用" if status == "assumed" else "提出，未启用"
        cites = tuple(queries.cited_row(cite.clause) for cite in row.cites.all())
        return cls(row, text, title, STATUS_TONES[status] if row.in_use else "plain", cites)


# -- rules ---------------------------------------------------------------------------------------------------------


def rule_listing(actor: Actor) -> Listing[RuleItem]:
    """The catalogue of rules: which zone states each, and what it is worth there."""
    values: dict[str, list[ParameterValue]] = {}
    for value in queries.values_of(actor=actor):
        for rule in value.rules:
            values.setdefault(rule, []).append(value)
    zones = {zone.slug: zone for zone in queries.zones_side_by_side(actor)}

    def where(item: RuleItem) -> str:
        shorts = [zones[s.document.zone_id].short for s in item.statements.all() if s.document.zone_id in zones]
        return "、".join(dict.fromkeys(shorts))

    def worth(item: RuleItem) -> str:
        lines = []
        for value in values.get(item.pk, ()):
            made = ShownValue.of(value)
            zone = zones[value.zone_id].short if value.zone_id in zones else "全国"
            lines.append(f"{zone}：{value.parameter.title} {made.value or made.status}")
        return "；".join(lines) or ("软件不承载" if item.without else "按条件判断")

    return Listing(
        title="规则",
        columns=[
            Column("id", "编号", lambda r: r.pk, order=("pk",), kind="code"),
            Column("title", "规则", lambda r: r.title, order=("title",), link=rule_address, wide=True),
            Column("room", "领域", lambda r: r.get_room_display(), order=("room",)),
            Column("where", "规定的地方", where),
            Column("worth", "取值", worth, template="policy/_row_worth.html", wide=True),
            Column("matter", "对比", lambda r: r.matter.title if r.matter else "", template="policy/_row_matter.html"),
        ],
        filters=[
            Filter("text", "规则、编号或系统", kind="text"),
            Filter("zone", "试验区", options=[Option(z.slug, z.short) for z in zones.values()]),
            Filter("room", "业务领域", options=[Option(r.value, str(r.label)) for r in Room]),
            Filter("matter", "对比事项", options=[Option(m.key, f"{m.key} {m.title}") for m in Matter.objects.all()]),
            Filter("status", "状态", options=[Option(s.value, str(s.label)) for s in ParameterValue.Status]),
        ],
        order=("pk",),
        empty="规则目录是空的",
        empty_next="请载入全国数据包（ronghe zone load）。",
        row_link=rule_address,
    )


def rule_address(item: RuleItem) -> str:
    """Where the page of a rule is."""
    return reverse("library:rule", args=[item.pk])


@require_safe
@allows(PLAN_VIEW)
def rule_items(request: HttpRequest) -> HttpResponse:
    """The rules of all zones: by room, matter, zone and status."""
    actor = actor_of(request)
    listing = rule_listing(actor)
    asked = listing.asked(request.GET)
    rows = queries.rule_items(
        actor=actor, **{name: asked.text(name) for name in ("text", "room", "matter", "zone", "status")}
    )
    context = {"tabs": library_tabs(actor, "rules"), "crumbs": [("政策库", None)]}
    return listing.respond(request, asked, rows, template="policy/library_list.html", context=context)


@require_safe
@allows(PLAN_VIEW)
def rule_item(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule: where it stands, what it is worth in each zone, since when, and the calculators that apply it."""
    actor = actor_of(request)
    item = queries.rule_item(rule_id)
    values = [ShownValue.of(row) for row in queries.values_of(actor=actor, rule=item.pk, withdrawn=True)]
    return render(
        request,
        "policy/rule_item.html",
        {
            "item": item,
            "statements": [
                (s, [queries.cited_row(c) for c in s.clauses.all()]) for s in queries.statements(item, actor=actor)
            ],
            "values": [v for v in values if v.row.withdrawn_at is None],
            "earlier": [v for v in values if v.row.withdrawn_at is not None],
            "calculators": [rule for rule in all_rules().values() if item.pk in rule.covers],
            "crumbs": library_crumbs((item.pk, None)),
        },
    )


# -- parameters ----------------------------------------------------------------------------------------------------


@require_safe
@allows(PLAN_VIEW)
def parameters(request: HttpRequest) -> HttpResponse:
    """All parameters, with their value for one zone today when a zone is chosen."""
    actor = actor_of(request)
    zones = {zone.slug: zone for zone in queries.zones_side_by_side(actor)}
    chosen = zones.get(request.GET.get("zone", ""))
    on = clock.legal_day(clock.now())
    now = queries.values_in_force(chosen, on=on) if chosen else {}

    def address(one: Parameter) -> str:
        return reverse("library:parameter", args=[one.pk])

    columns: list[Column[Parameter]] = [
        Column("title", "参数", lambda p: p.title, order=("title",), link=address, wide=True),
        Column("id", "标识", lambda p: p.pk, order=("pk",), kind="code"),
        Column("room", "领域", lambda p: p.get_room_display(), order=("room",)),
        Column("kind", "类型", lambda p: p.get_kind_display() + (f"（{p.unit}）" if p.unit else "")),
    ]
    if chosen:
        columns.append(Column("value", f"{chosen.short}今日", lambda p: str(now[p.pk]), wide=True))
        columns.append(Column("from", "来自", lambda p: queries.whence(now[p.pk], zones)))
    listing = Listing(
        title="参数",
        columns=columns,
        filters=[
            Filter("text", "参数或标识", kind="text"),
            Filter("zone", "试验区", options=[Option(z.slug, z.short) for z in zones.values()], empty="不选"),
            Filter("room", "业务领域", options=[Option(r.value, str(r.label)) for r in Room]),
            Filter("open", "状态", options=[Option("unset", "待地方确定"), Option("set", "已定")]),
        ],
        order=("pk",),
        empty="还没有参数",
        empty_next="请载入全国数据包（ronghe zone load）。",
        row_link=address,
    )
    asked = listing.asked(request.GET)
    rows = queries.parameters(
        actor=actor, text=asked.text("text"), room=asked.text("room"), status=asked.text("open"), zone=chosen
    )
    context = {"tabs": library_tabs(actor, "parameters"), "crumbs": library_crumbs(("参数", None))}
    return listing.respond(request, asked, rows, template="policy/library_list.html", context=context)


@dataclass(frozen=True, slots=True)
class ZoneValue:
    """What a parameter is for one zone today."""

    zone: Zone
    value: InForce
    status: str
    tone: str
    whence: str
    cites: tuple[queries.Cited, ...]
    may_enter: bool


@require_safe
@allows(PLAN_VIEW)
def parameter(request: HttpRequest, parameter_id: str) -> HttpResponse:
    """One parameter: its value in every zone today, its history by date, and the way to enter a local value."""
    actor = actor_of(request)
    found = queries.parameter(parameter_id)
    zones = queries.zones_side_by_side(actor)
    on = clock.legal_day(clock.now())
    stated = queries.values_side_by_side(zones, on=on, parameters=[found.pk])
    now = [(zone, values[found.pk]) for zone, values in zip(zones, stated, strict=True)]
    links = queries.cited((cite for _, value in now for cite in value.cite), actor=actor)
    by_slug = {zone.slug: zone for zone in zones}
    rows = [ShownValue.of(row) for row in queries.values_of(actor=actor, parameter=found.pk, withdrawn=True)]
    return render(
        request,
        "policy/parameter.html",
        {
            "parameter": found,
            "today": on,
            "zone_values": [
                ZoneValue(
                    zone,
                    value,
                    STATUS_TITLES[value.status],
                    STATUS_TONES[value.status],
                    queries.whence(value, by_slug),
                    tuple(links[cite] for cite in value.cite if cite in links),
                    may(actor.role, VALUE_ENTER) and reaches(actor, zone.seat_id),
                )
                for zone, value in now
            ],
            "history": [(v, _may_take_back(actor, v.row)) for v in rows],
            "calculators": [rule for rule in all_rules().values() if found.pk in rule.parameters],
            "rules": sorted({rule for v in rows for rule in v.row.rules}),
            "crumbs": library_crumbs(("参数", reverse("library:parameters")), (found.title, None)),
        },
    )


def _may_take_back(actor: Actor, row: ParameterValue) -> bool:
    return (
        row.origin == ParameterValue.Origin.LOCAL
        and row.withdrawn_at is None
        and row.zone is not None
        and may(actor.role, VALUE_ENTER)
        and reaches(actor, row.zone.seat_id)
    )


@require_http_methods(["GET", "POST"])
@allows(VALUE_ENTER)
def enter_value(request: Request, parameter_id: str) -> HttpResponse:
    """Enter what the zone has decided: value, start day and source."""
    found = queries.parameter(parameter_id)
    zones = [zone for zone in queries.zones_side_by_side(request.actor) if reaches(request.actor, zone.seat_id)]
    form = LocalValueForm(
        request.POST or None,
        parameter=found,
        zones=zones,
        initial={"zone": request.GET.get("zone"), "starts": clock.legal_day(request.at)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        zone = next(z for z in zones if z.slug == given["zone"])
        require(request.actor, VALUE_ENTER, division=zone.seat_id)
        try:
            services.enter_local_value(
                parameter_id=found.pk,
                zone=zone,
                starts=given["starts"],
                written=given["written"],
                source=given["source"],
                actor=request.actor,
                at=request.at,
            )
        except DomainError as error:
            form.add_error(None, error.text)
        else:
            messages.success(request, f"已录入{zone.short}的“{found.title}”，自 {given['starts']} 起使用。")
            return redirect("library:parameter", found.pk)
    return library_form(
        request,
        form,
        title=f"录入本地值：{found.title}",
        lead="录入的值只在所选试验区使用，优先于文件和上级的值，并注明录入人和来源；原有的值都保留在历史里。",
        submit="录入本地值",
        above=(
            ("参数", reverse("library:parameters")),
            (found.title, reverse("library:parameter", args=[found.pk])),
        ),
    )


@require_POST
@allows(VALUE_ENTER)
def take_back_value(request: Request, value_id: int) -> HttpResponse:
    """Take a local value back."""
    zone, title = queries.local_value(value_id, actor=request.actor)
    require(request.actor, VALUE_ENTER, division=zone.seat_id)
    taken = services.take_back_local_value(value_id=value_id, actor=request.actor, at=request.at)
    messages.success(request, f"已撤下{zone.short}的“{title}”本地值；它仍保留在历史里。")
    return redirect("library:parameter", taken.parameter_id)


# -- zones side by side --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of the comparison."""

    zone: Zone
    text: str
    status: str
    tone: str
    note: str
    cites: tuple[queries.Cited, ...]


@require_safe
@allows(PLAN_VIEW)
def compare(request: HttpRequest) -> HttpResponse:
    """Zones side by side: each matter with its parameters, differences marked; XLSX with ``?export=xlsx``."""
    actor = actor_of(request)
    everything = queries.zones_side_by_side(actor)
    slugs = set(request.GET.getlist("zone"))
    zones = [zone for zone in everything if zone.slug in slugs] or everything[:MOST_ZONES]
    matters = list(Matter.objects.all())
    keys = {matter.key for matter in matters}
    matter = request.GET.get("matter", "")
    matter = matter if matter in keys else ""
    on = _day(request.GET.get("on", "")) or clock.legal_day(clock.now())
    only = request.GET.get("differs") == "1"
    compared = queries.comparison(zones, actor=actor, on=on, matters=[matter] if matter else ())
    if only:
        compared = [one for one in compared if one.differs]
    if request.GET.get("export") == "xlsx":
        return _comparison_workbook(zones, compared)
    links = queries.cited(
        (cite for one in compared for row in one.rows for cell in row.cells for cite in cell.cite), actor=actor
    )
    return render(
        request,
        "policy/compare.html",
        {
            "zones": zones,
            "everything": everything,
            "matters": matters,
            "matter": matter,
            "on": on,
            "only": only,
            "compared": [
                (
                    one,
                    [
                        (row, _cells(row, zones, everything, links))
                        for row in one.rows
                        if row.differs or row.is_partial or not only
                    ],
                )
                for one in compared
            ],
            "export": f"?{_with(request, export='xlsx')}",
            "tabs": library_tabs(actor, "compare"),
            "crumbs": library_crumbs(("地区对比", None)),
        },
    )


#: More zones than these do not fit side by side; others are chosen.
MOST_ZONES = 6


def _with(request: HttpRequest, **changes: str) -> str:
    given = request.GET.copy()
    for name, value in changes.items():
        given[name] = value
    return given.urlencode()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _cells(
    row: queries.Compared, zones: Sequence[Zone], everything: Iterable[Zone], links: dict[Any, queries.Cited]
) -> list[ShownCell]:
    shorts = {zone.slug: zone.short for zone in everything}
    made = []
    for zone, cell in zip(zones, row.cells, strict=True):
        note = ""
        if cell.author:
            note = f"本地录入：{cell.author}"
        elif cell.zone and cell.zone != zone.slug:
            note = f"承{shorts.get(cell.zone, '全国')}"
        text = shown(cell.value, kind=Kind(cell.kind), unit=cell.unit) if cell.value is not None else ""
        if cell.idle is not None:
            note = f"提出而未启用：{shown(cell.idle, kind=cell.kind, unit=cell.unit)}"
        cites = tuple(links[cite] for cite in cell.cite if cite in links)
        made.append(ShownCell(zone, text, STATUS_TITLES[cell.status], STATUS_TONES[cell.status], note, cites))
    return made


def _comparison_workbook(zones: Sequence[Zone], compared: Iterable[queries.ComparedMatter]) -> HttpResponse:
    head = ["事项", "参数", "规则编号", "是否不同", *(zone.short for zone in zones), *(f"{z.short}依据" for z in zones)]
    rows = (
        [
            f"{one.matter.key} {one.matter.title}",
            row.parameter.title,
            "、".join(row.rules),
            "不同" if row.differs else "部分规定" if row.is_partial else "相同",
            *(str(cell) for cell in row.cells),
            *("；".join(str(cite) for cite in cell.cite) for cell in row.cells),
        ]
        for one in compared
        for row in one.rows
    )
    return workbook_response("地区对比", head, rows)


# -- laws ----------------------------------------------------------------------------------------------------------


@require_safe
@allows(PLAN_VIEW)
def laws(request: HttpRequest) -> HttpResponse:
    """The laws and national rules that values rest on."""
    actor = actor_of(request)
    context = {
        "laws": queries.laws(actor=actor),
        "tabs": library_tabs(actor, "laws"),
        "crumbs": library_crumbs(("国家法规", None)),
    }
    return render(request, "policy/laws.html", context)


@require_safe
@allows(PLAN_VIEW)
def law(request: HttpRequest, key: str) -> HttpResponse:
    """One law with the articles that are cited."""
    found = queries.law(key, actor=actor_of(request))
    crumbs = library_crumbs(("国家法规", reverse("library:laws")), (found.title, None))
    return render(request, "policy/law.html", {"law": found, "crumbs": crumbs})
