"""颁证率: by place down to the village, by day, against the target of the zone."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import cos, radians
from typing import Any
from urllib.parse import urlencode

import shapely
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from shapely.affinity import scale

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, reaches
from ronghe.kernel.actors import Actor
from ronghe.kernel.pages import workbook_response
from ronghe.kernel.regions.models import Division
from ronghe.kernel.regions.queries import lineage
from ronghe.kernel.spatial.drawing import Outline, draw
from ronghe.kernel.spatial.queries import outlines
from ronghe.policy.queries.rulings import zone_chain
from ronghe.policy.views.calculators import Basis, basis_of

from ..permissions import BOOK_AUDIT, BOOK_VIEW
from ..queries import rates as queries
from ..queries.rates import Counted, Progress, Spot, Target
from .step_line import step_line


@require_safe
@allows(BOOK_VIEW, BOOK_AUDIT)
def rates(request: HttpRequest) -> HttpResponse:
    """A place and its parts: how many units have their certificate; ``?place=`` is a division within reach."""
    actor, day = actor_of(request), clock.legal_day(clock.now())
    asked = request.GET.get("place", "").replace("\x00", "")[:24]
    here, fault = actor.division or "", ""
    if asked and asked != here:
        if Division.objects.filter(pk=asked).exists() and reaches(actor, asked):
            here = asked
        else:
            fault = f"没有区划“{asked}”，或者它不在您的管辖范围内；现显示您的管辖范围。"
    target = queries.target_of(queries.zone_of(here, actor=actor), on=day)
    counted = queries.by_village(actor, place=here, kinds=target.kinds)
    whole, parts = queries.sum_up(counted, place=here)
    parts.sort(key=lambda one: (one.rate or 0, one.division.code))
    if request.GET.get("export") == "xlsx":
        return _workbook(whole, parts)
    made = queries.progress(actor, place=here, target=target, registrable_now=whole.registrable)
    surveys = queries.surveys_in(actor, place=here, kinds=target.kinds)
    stated = {"yes": True, "no": False}.get(request.GET.get("survey", ""))
    complete = surveys.is_complete if surveys.is_complete is not None else stated
    answer = queries.ruling(
        target, whole, made.reached_on, on=day, is_survey_complete=complete, surveyed_on=surveys.last
    )
    context = {
        "title": f"{whole.division.name}颁证率",
        "whole": whole,
        "percent": _percent(whole.rate),
        "target": target,
        "target_percent": _percent(target.rate),
        "parts": [_part(one, target) for one in parts],
        "bars": [(one.division.name, int((one.rate or 0) * 100), _way(one)) for one in parts],
        "bars_caption": f"{'各村' if whole.division.level == 'town' else '各地'}颁证率（%），低的在前",
        "picture": _picture(here, queries.spots(counted), target, actor) if parts else "",
        "chart": _line(made, whole, target),
        "days": [(day, total, _percent(Fraction(total, whole.registrable))) for day, total in made.days[-60:][::-1]],
        "fault": fault,
        "basis": answer and _basis(answer, actor),
        "without": _listed(here, certified="due"),
        "waiting": reverse("registry:surveys"),
        "surveys": surveys,
        "stated": stated,
        "here": here,
        "export": f"{request.path}?{urlencode({'place': here, 'export': 'xlsx'})}",
        "crumbs": _crumbs(here, actor.division or ""),
    }
    return render(request, "registry/rates.html", context)


def _crumbs(here: str, top: str) -> list[tuple[str, str | None]]:
    crumbs: list[tuple[str, str | None]] = [
        ("产权登记", reverse("registry:units")),
        ("颁证率", reverse("registry:rates")),
    ]
    above = [one for one in lineage(here) if one.code not in (here, top)]
    inside = {one.code for one in lineage(top)}
    crumbs += [(one.name, _address(one.code)) for one in above if one.code not in inside]
    return [*crumbs, (here, None)] if here != top else [crumbs[0], ("颁证率", None)]


def _address(place: str) -> str:
    return f"{reverse('registry:rates')}?{urlencode({'place': place})}"


def _listed(place: str, **more: str) -> str:
    return f"{reverse('registry:units')}?{urlencode({'place': place, **more})}"


def _percent(rate: Fraction | None) -> str:
    """To the tenth, rounded down: 89.96 % is not yet 90 %."""
    if rate is None:
        return "—"
    tenths = rate.numerator * 1000 // rate.denominator
    return f"{tenths // 10}.{tenths % 10}%"


def _way(one: Counted) -> str:
    """Down: to the parts of a place, and from a village to its units without a certificate."""
    is_village = one.division.level == "village"
    return _listed(one.division.pk, certified="due") if is_village else _address(one.division.pk)


def _part(one: Counted, target: Target) -> dict[str, Any]:
    reached = target.rate is not None and one.rate is not None and one.rate >= target.rate
    return {
        "name": one.division.name,
        "href": _way(one),
        "registrable": one.registrable,
        "certified": one.certified,
        "lacking": one.lacking,
        "surveyed": one.surveyed,
        "percent": _percent(one.rate),
        "without": _listed(one.division.pk, certified="due"),
        "word": "" if target.rate is None else "达标" if reached else "未达标",
        "tone": "good" if reached else "warn",
    }


def _basis(answer: Any, actor: Any) -> Basis:
    """The panel; what is lacking is said where it comes from on this page."""
    meanings = {fact.name: fact.meaning for fact in answer.rule.facts}
    zones = {zone.slug: zone for zone in zone_chain(answer.zone) if zone is not None}
    made = basis_of(answer.ruling, answer.given.values(), meanings=meanings, zones=zones, actor=actor)
    return replace(made, missing=tuple(one.replace("请在左侧补充", "请在“权籍调查”下说明") for one in made.missing))


#: On the map a village that has reached the target is a green disc, one that has not an orange lozenge.
_LAYER = "county-boundaries"
_REACHED, _SHORT, _UNTOLD = "#5fae80", "#e08a3c", "#7aa0d4"


def _picture(here: str, spots: Sequence[Spot], target: Target, actor: Actor) -> SafeString:
    """The villages where they lie, inside the outline of the place where it is known. The table says the same in words."""
    if not spots:
        return SafeString("")
    outline = next(iter(outlines(_LAYER, actor=actor, codes=[here])), None)
    middles = shapely.points([spot.middle for spot in spots])
    west, south, east, north = shapely.total_bounds(middles if outline is None else outline.geometry).tolist()
    few = len(spots) <= 24  # then each mark has room for its name
    size = max(east - west, north - south, 0.01) / (28 if few else 55)
    wider = 1 / cos(radians((south + north) / 2))  # a degree of longitude is the shorter one
    drawn = [] if outline is None else [replace(outline, label="", fill="#eef2f6")]
    for spot in spots:
        one = spot.counted
        reached = target.rate is None or (one.rate or 0) >= target.rate
        shape = scale(shapely.Point(spot.middle).buffer(size, quad_segs=8 if reached else 1), wider, 1)
        told = f"{one.division.name}：{_percent(one.rate)}（{one.certified}/{one.registrable}）"
        fill = _UNTOLD if target.rate is None else _REACHED if reached else _SHORT
        name = _short(one.division.name) if few else ""
        drawn.append(
            Outline(
                one.division.pk, one.division.name, shapely.multipolygons([shape]), label=name,
                value=_percent(one.rate) if few else "", title=told, fill=fill,
            )
        )  # fmt: skip
    # Everything that stands in it is escaped by the drawing.
    return mark_safe(draw(drawn, width=760, height=460, title=f"{len(spots)} 个村的颁证率", padding=24, detail=0.2))


def _short(village: str) -> str:
    """The village of a committee's name, as people say it."""
    bare = village.removesuffix("村民委员会").removesuffix("村委会")
    return village if bare == village else bare if bare.endswith("村") else f"{bare}村"


def _line(made: Progress, whole: Counted, target: Target) -> SafeString:
    """Certificates in force by the day of issue, summed up, from nought to all that are to have one; the target across."""
    aim = None if target.rate is None else (float(target.rate) * whole.registrable, f"目标 {_percent(target.rate)}")
    return step_line(made.days, whole.registrable, "按发证日累计的有证单元", aim=aim)


def _workbook(whole: Counted, parts: Sequence[Counted]) -> HttpResponse:
    head = ["区划代码", "区划", "应颁证", "已颁证", "未颁证", "其中已调查未登簿", "颁证率"]
    rows = [
        [
            one.division.pk,
            one.division.name,
            one.registrable,
            one.certified,
            one.lacking,
            one.surveyed,
            _percent(one.rate),
        ]
        for one in (whole, *parts)
    ]
    return workbook_response(f"{whole.division.name}颁证率", head, rows)
