"""驾驶舱: how the zone stands, on a map and in bars; each figure opens what it counts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from ronghe.kernel.accounts.access import allows
from ronghe.kernel.spatial.drawing import draw
from ronghe.kernel.spatial.queries import outlines
from ronghe.policy.models import Clause

from ..models import Sheet
from ..permissions import LEDGER_VIEW
from ..queries.areas import lights_by_area
from ..queries.ledger import NO_CHAPTER, LedgerFilter, Tally, ledger, tallied, tallied_by_unit, with_units
from ..rules.ledger import TITLES, Light, State
from .shown import Place, lamp, lamp_of, place_of, shell

#: As many of each kind the cockpit names; the list has the rest.
FEW = 6
UNITS = 12
SOON_DAYS = 30
#: Where the outlines of counties are.
OUTLINES = "county-boundaries"
#: Pale, so that dark letters stand on them.
PALE = {
    "red": "#f0b9b5", "orange": "#f3cda6", "amber": "#f3dca0", "blue": "#bdd3ec", "green": "#c3e0cf", "grey": "#e6eaee",
}  # fmt: skip
_URGENT = (Light.OVERDUE, Light.BEHIND, Light.NEAR, Light.NORMAL)


@require_safe
@allows(LEDGER_VIEW)
def cockpit(request: HttpRequest, zone: str) -> HttpResponse:
    """The zone at a glance: totals, lights, areas, chapters, units, what is overdue and what is due soon."""
    here = place_of(request, zone)
    rows = ledger(here.zone, actor=here.actor, wanted=LedgerFilter(), day=here.day, limits=here.limits)
    total = dict.fromkeys(Light, 0)
    states: dict[str, int] = {}
    for light, state, n in rows.order_by().values_list("light", "state").annotate(n=Count("pk")):
        total[Light(light)] += n
        states[state] = states.get(state, 0) + n
    count = sum(states.values())
    areas, everywhere = lights_by_area(here.zone, rows)
    titles = dict(Clause.objects.filter(document__zone=here.zone, depth=1).values_list("path__0", "title"))
    chapters = _in_order(tallied(rows, "chapter"), titles)
    units = tallied_by_unit(rows, most=UNITS)
    sheets = Sheet.objects.visible_to(here.actor).filter(task__zone=here.zone, state=Sheet.State.OPEN)
    late_sheets = sheets.filter(reply_by__lt=here.day).count()
    context = shell(
        here,
        title=f"{here.zone.short}驾驶舱",
        count=count,
        figures=_figures(here, count, total, states),
        lights=[(lamp(o.value, here.limits), total[o], here.address("ledger", light=o.value)) for o in _URGENT],
        areas=[_area(here, one) for one in areas],
        everywhere=everywhere,
        drawing=_drawing(here, areas),
        map_href=f"{reverse('portal:map', args=[here.zone.slug])}?theme=lights",
        chapters=[_bar(here, one, "chapter", titles.get(one.key, "") or "会议议定和其他任务") for one in chapters],
        chapters_most=max((one.total for one in chapters), default=1),
        units=[_bar(here, one, "unit", one.label) for one in units],
        units_most=max((one.total for one in units), default=1),
        states=[(title, states.get(state.value, 0), here.address("ledger", state=state.value)) for state, title in TITLES.items()],
        states_most=max(states.values(), default=0),
        overdue=_named(here, rows.filter(light=Light.OVERDUE.value).order_by("due", "order")),
        soon=_named(here, rows.exclude(light__in=[Light.NONE.value, Light.OVERDUE.value]).filter(due__range=(here.day, here.day + timedelta(days=SOON_DAYS))).order_by("due", "order")),
        soon_href=here.address("ledger", due_from=here.day, due_to=here.day + timedelta(days=SOON_DAYS)),
        soon_days=SOON_DAYS,
        help=_named(here, rows.filter(needs_help=True).exclude(state__in=[State.CLOSED.value, State.STOPPED.value]).order_by("due", "order")),
        help_href=here.address("ledger", help="yes"),
        sheets=sheets.count(),
        late_sheets=late_sheets,
        sheets_href=f"{reverse('governance:sheets')}?zone={here.zone.slug}&state=open",
        crumbs=here.crumbs(("驾驶舱", None)),
    )  # fmt: skip
    return render(request, "governance/cockpit.html", context)


def _figures(here: Place, count: int, total: dict[Light, int], states: dict[str, int]) -> list[tuple[str, str, str]]:
    """(figure, what it counts, where they are listed)."""
    closed = states.get(State.CLOSED.value, 0)
    share = f"{100 * closed // count}%" if count else "—"
    return [
        (str(count), "项任务", here.address("ledger")),
        (f"{closed}", f"项已销号（{share}）", here.address("ledger", state=State.CLOSED.value)),
        (str(total[Light.OVERDUE]), "项已逾期", here.address("ledger", light=Light.OVERDUE.value)),
        (str(total[Light.BEHIND]), "项进度滞后", here.address("ledger", light=Light.BEHIND.value)),
        (str(states.get(State.ISSUED.value, 0)), "项等待签收", here.address("ledger", state=State.ISSUED.value)),
        (str(states.get(State.LISTED.value, 0)), "项还没有交办", here.address("ledger", state=State.LISTED.value)),
    ]


def _in_order(counts: list[Tally], titles: dict[str, str]) -> list[Tally]:
    order = {key: n for n, key in enumerate(titles)}
    return sorted(counts, key=lambda one: order.get(one.key, len(order)))


def _bar(here: Place, one: Tally, by: str, label: str) -> dict[str, Any]:
    """A stacked bar: closed, then by light; each piece leads to what it counts."""
    key = one.key or NO_CHAPTER
    pieces = [("done", "已销号", one.closed, here.address("ledger", **{by: key}, state=State.CLOSED.value))]
    for light in reversed(_URGENT):
        shown = lamp(light.value, here.limits)
        pieces.append(
            (
                shown.css,
                shown.word,
                one.lights.get(light.value, 0),
                here.address("ledger", **{by: key}, light=light.value),
            )
        )
    rest = one.total - sum(n for _, _, n, _ in pieces)
    pieces.append(("grey", "未交办或中止", rest, here.address("ledger", **{by: key}, light=Light.NONE.value)))
    at, shown_pieces = 0, []
    for css, word, n, href in pieces:
        if n:
            shown_pieces.append({"css": css, "word": word, "n": n, "href": href, "at": at})
            at += n
    return {
        "key": key,
        "label": label,
        "total": one.total,
        "pieces": shown_pieces,
        "href": here.address("ledger", **{by: key}),
    }


def _area(here: Place, one: Any) -> dict[str, Any]:
    worst = next((light for light in _URGENT if one.lights.get(light.value)), Light.NONE)
    code = one.division.code
    return {
        "name": one.division.name, "code": code, "lamp": lamp(worst.value, here.limits), "total": one.total,
        "href": here.address("ledger", area=code, light=worst.value) if one.total else "",
        "lights": [(lamp(o.value, here.limits), one.lights[o.value], here.address("ledger", area=code, light=o.value)) for o in _URGENT if one.lights.get(o.value)],
    }  # fmt: skip


def _drawing(here: Place, areas: list[Any]) -> Any:
    """The outlines of the zone's areas, each in the pale colour of its most urgent light, with the number of such tasks."""
    shown = {one.division.code: _area(here, one) for one in areas}
    parts = []
    for outline in outlines(OUTLINES, actor=here.actor, codes=list(shown)):
        area = shown[outline.code]
        lit = area["lights"][:1]
        word = f"{lit[0][0].word} {lit[0][1]}" if lit else "没有任务"
        parts.append(
            replace(
                outline, value=word, title=f"{area['name']}：{word}", href=area["href"], fill=PALE[area["lamp"].css]
            )
        )
    # ``draw`` quotes every name that it writes.
    return mark_safe(draw(parts, width=520, height=360, title=f"{here.zone.title}各区域亮灯", padding=8))


def _named(here: Place, rows: Any) -> list[tuple[Any, Any]]:
    return [(task, lamp_of(task, here)) for task in with_units(rows)[:FEW]]
