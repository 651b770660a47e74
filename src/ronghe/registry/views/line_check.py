"""规划与管制核对: a unit of the register, or an outline, held against control lines and planned use (REG-14)."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows, require
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import State
from ronghe.kernel.spatial.rules import BadOutline

from ..errors import OutlineUnreadable
from ..line_forms import LineCheckForm
from ..models import BAUnit
from ..permissions import BOOK_VIEW
from ..queries import book
from ..queries import line_check as queries
from ..queries.legacy import zone_of
from ..queries.line_check import Checked
from ..queries.surveys import places
from ..rules.codes import printed
from ..rules.kinds import UnitKind
from ..surveying.given_outline import read_outline
from .book_shown import address_of
from .roll_shown import panel

_STATES = {True: State("通过", "good"), False: State("不通过", "bad"), None: State("待人工判定", "warn")}
_AREAS = (
    ("farmland_m2", "永久基本农田内"), ("ecology_m2", "生态保护红线内"), ("boundary_m2", "城镇开发边界内"),
    ("fitting_m2", "与拟用类别相符的规划用途内"),
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@allows(BOOK_VIEW)
def line_check(request: HttpRequest) -> HttpResponse:
    """The form and, once something is asked, its answer; ``?unit=`` comes from the page of a unit. Nothing is kept."""
    actor, on = actor_of(request), clock.legal_day(clock.now())
    asked: Any = request.POST if request.method == "POST" else request.GET if request.GET.get("unit") else None
    form = LineCheckForm(
        asked, request.FILES if request.method == "POST" else None, actor=actor,
        initial={"division": queries.places_for(actor)},
    )  # fmt: skip
    found: Checked | None = None
    unit: BAUnit | None = None
    if asked is not None and form.is_valid():
        given = form.cleaned_data
        kind = UnitKind(given["kind"]) if given["kind"] else None
        try:
            if given["text"]:
                require(actor, BOOK_VIEW, division=given["division"])
                found = _of_outline(given, kind or UnitKind.CONSTRUCTION, on)
            else:
                unit = book.unit_of(given["unit"], actor=actor)
                found = queries.check_unit(unit, kind=kind, on=on)
        except DomainError as error:
            form.add_error(None, error.text)
    context = {
        "title": "规划与管制核对", "form": form, "submit": "核对", "action": reverse("registry:line_check"),
        "lead": "把登记簿上的单元，或者给出的图形，对照永久基本农田、生态保护红线、城镇开发边界和规划用途核对。只核对，不登记、不保存。",
        "places": [(one.code, f"{one.parent.name if one.parent else ''}{one.name}") for one in places(actor)[:2_000]],
        "crumbs": [("产权登记", reverse("registry:units")), ("规划与管制核对", None)],
        **(_answer(found, unit, actor) if found is not None else {}),
    }  # fmt: skip
    return render(request, "registry/line_check.html", context, status=422 if form.errors else 200)


def _of_outline(given: dict[str, Any], kind: UnitKind, on: Any) -> Checked:
    try:
        shape = read_outline(given["text"], crs=given["crs"] or "EPSG:4490")
    except BadOutline as error:
        raise OutlineUnreadable(why=str(error)) from error
    return queries.check_outline(shape, kind=kind, division=given["division"], on=on)


def _answer(found: Checked, unit: BAUnit | None, actor: Actor) -> dict[str, Any]:
    zone = zone_of(found.division, actor=actor)
    made = panel(found.ruling, found.given.values(), rule=queries.RULE, zone=zone, actor=actor)
    lacking = tuple(f"图层“{one}”：本县区还没有载入，由自然资源主管部门载入后再核对" for one in found.missing)
    whole = found.facts.area_m2 or Fraction(0)
    areas = []
    for name, title in _AREAS:
        inside = getattr(found.facts, name)
        share = "" if inside is None or not whole else f"{float(100 * inside / whole):.1f} %"
        areas.append((title, "没有图层" if inside is None else f"{float(inside):,.2f} m²", share))
    return {
        "state": _STATES[found.ruling.value],
        "what": printed(unit.code) if unit is not None else "给出的图形",
        "unit_page": address_of(unit) if unit is not None else "",
        "kind": found.kind.title,
        "whole": f"{float(whole):,.2f} m²",
        "areas": areas,
        "uses": found.facts.planned_told,
        "basis": replace(made, missing=lacking),
    }
