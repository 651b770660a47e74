"""登记簿页: one unit, as of any day, as it was known at any instant."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ronghe.kernel.accounts.access import allows
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.audit.verbs import title_of
from ronghe.kernel.clock import LEGAL_ZONE
from ronghe.kernel.pages import Fact, State
from ronghe.kernel.spatial import queries as spatial
from ronghe.kernel.spatial.addresses import tiles_template
from ronghe.kernel.spatial.drawing import Outline, middle_of
from ronghe.policy.queries.library import cited

from ..actions import actions_for
from ..drawn import slug_of
from ..models import Restriction
from ..permissions import APPLICATION_VIEW, BOOK_AUDIT, BOOK_VIEW, OWN_VIEW
from ..picture import lineage_picture
from ..queries import book
from ..queries.book import Barred, HeldRight, UnitPage
from ..queries.easements import easements_for
from ..queries.evidence import Told, of_unit
from ..rules.boundary import boundary
from ..rules.codes import printed
from ..rules.kinds import GroundKind
from ..rules.telling import area_words, term_words
from .book_shown import Crumbs, Reader, address_of, day_asked, drawing_of, instant_asked, reader_of


@require_safe
@allows(BOOK_VIEW, BOOK_AUDIT, OWN_VIEW)
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: ``?on=`` a legal day; ``?known=`` an instant, for staff and auditors."""
    reader = reader_of(request)
    on, fault = day_asked(request.GET.get("on", ""), today=reader.day)
    known_at = instant_asked(request.GET.get("known", ""), now=reader.at) if reader.is_staff else None
    page = book.unit_page(code, actor=reader.actor, on=on, known_at=known_at)
    if book.is_own(page, reader.own):
        reader = replace(reader, in_full=True)
    barred = book.barred(page.burdens)
    opens = reader.is_staff and may(reader.actor.role, APPLICATION_VIEW)
    context = {
        "page": page,
        "unit": page.unit,
        "title": f"{page.unit.get_kind_display()} {printed(page.unit.code)}",
        "printed": printed(page.unit.code),
        "state": _state(page),
        "facts": _facts(page),
        "headline": page.headline(reader.called) if not (page.is_over or page.is_not_yet) else [],
        "day_fault": fault,
        "is_today": on == reader.day,
        "may_look_back": reader.is_staff,
        "may_check_lines": may(reader.actor.role, BOOK_VIEW) and not page.is_over,
        "may_open": opens,
        "known": "" if known_at is None else known_at.astimezone(LEGAL_ZONE).strftime("%Y-%m-%dT%H:%M"),
        "rights": [right for one in page.rights for right in _rights(one, reader)],
        "burdens": [_burden(row, reader) for row in page.burdens],
        "easements": [
            {**_burden(row, reader), "servient": row.baunit, "href": address_of(row.baunit) if reader.is_staff else ""}
            for row in easements_for(page.unit, on=on, known_at=known_at, lineage=page.lineage)
        ],
        "former_burdens": [_burden(row, reader) for row in page.former_burdens],
        "barred": _barred(barred, reader),
        "ground": [(form, area_words(form.registered_area_m2)) for form in page.forms],
        "lineage": [_link(one, page) for one in page.lineage],
        "picture": lineage_picture(page.lineage, page.unit),
        "evidence": [Told(one) for one in of_unit(page.unit, actor=reader.actor, known_at=page.known_at)],
        "cases": book.cases_of(page.unit, actor=reader.actor) if opens else [],
        "events": [(e, title_of(e.verb)) for e in book.history_of(page.unit)] if reader.is_staff else [],
        "actions": actions_for(page.unit, actor=reader.actor, standing=frozenset(row.kind for row in page.burdens)),
        "crumbs": _crumbs(page, reader),
        **_map(page, reader),
    }
    return render(request, "registry/unit.html", context)


def _state(page: UnitPage) -> State:
    if page.is_not_yet:
        return State("还没有设立", "plain")
    if page.is_over:
        return State(f"{page.ended_on} 终止", "warn")
    return State("有限制", "bad") if page.burdens else State("在册", "good")


def _facts(page: UnitPage) -> list[Fact]:
    land = [form for form in page.forms if form.spatial_unit.kind != GroundKind.BUILDING]
    facts = [Fact("坐落", (land[0].location if land else "") or page.unit.division.name)]
    if land:
        facts.append(Fact("登记面积", area_words(sum((form.registered_area_m2 for form in land), start=Decimal(0)))))
    facts.append(Fact("设立", page.unit.opened_on.isoformat(), note=f"终止 {page.ended_on}" if page.ended_on else ""))
    return facts


def _crumbs(page: UnitPage, reader: Reader) -> Crumbs:
    if not reader.is_staff:
        return [("我的产权", reverse("registry:mine")), (page.unit.code[12:19], None)]
    above: Crumbs = [("产权登记", reverse("registry:units"))]
    listed = reverse("registry:units")
    for one in page.places[-2:]:
        above.append((one.name, f"{listed}?{urlencode({'place': one.code})}"))
    return [*above, (page.unit.code[12:19], None)]


def _rights(one: HeldRight, reader: Reader, depth: int = 0) -> list[dict[str, Any]]:
    """A right and what derives from it, parents first, each with how deep it stands."""
    told = {
        "kind": one.kind.title,
        "depth": depth,
        "right": one,
        "holders": "、".join(book.holder_words(row, reader.called) for row in one.rows),
        "way": one.rows[0].get_co_ownership_display() if len(one.rows) > 1 else "",
        "term": term_words(one.rows[0].valid.lower, one.rows[0].valid.upper) if one.rows else "",
        "source": one.rows[0].source if one.rows else None,
        "history": [
            (
                term_words(span.since, span.until),
                "、".join(book.holder_words(row, reader.called) for row in span.holders),
                span.is_now,
                span.holders[0].source,
            )
            for span in one.history
        ],
        "burdens": [_burden(row, reader) for row in one.burdens],
    }
    return [told, *(deeper for child in one.derived for deeper in _rights(child, reader, depth + 1))]


def _burden(row: Restriction, reader: Reader) -> dict[str, Any]:
    return {
        "kind": row.get_kind_display(),
        "who": book.burden_holder(row, reader.called),
        "term": term_words(row.valid.lower, row.valid.upper),
        "amount": "" if row.amount_fen is None else f"{row.amount_fen / 100:,.2f} 元",
        "rank": row.rank,
        "text": row.text,
        "source": row.source,
    }


def _barred(barred: list[Barred], reader: Reader) -> list[dict[str, Any]]:
    """What is barred, grouped by why, each reason with its clauses as links."""
    links = cited({cite for one in barred for step in one.steps for cite in step.cite}, actor=reader.actor)
    by_reason: dict[str, dict[str, Any]] = {}
    for one in barred:
        for step in one.steps:
            cites = [links[cite] for cite in step.cite if cite in links]
            by_reason.setdefault(step.finding, {"why": step.finding, "cites": cites, "matters": []})["matters"].append(
                one.matter
            )
    return list(by_reason.values())


def _link(link: Any, page: UnitPage) -> dict[str, Any]:
    return {
        "on": link.on,
        "kind": link.get_kind_display(),
        "before": link.before,
        "after": link.after,
        "before_href": address_of(link.before),
        "after_href": address_of(link.after),
        "is_here": page.unit.pk in (link.before_id, link.after_id),
    }


def _boundaries(page: UnitPage, around: Sequence[Any]) -> list[dict[str, Any]]:
    """The points of each piece of land, with what lies beyond its sides on that day."""
    beside = {form.spatial_unit.code: form.geometry for form in around if form.geometry is not None}
    told = []
    for form in page.forms:
        if form.geometry is not None and form.spatial_unit.kind != GroundKind.BUILDING:
            zone, points = boundary(form.geometry, beside)
            told.append({"code": form.spatial_unit.code, "zone": zone, "points": points})
    return told


def _map(page: UnitPage, reader: Reader) -> dict[str, Any]:
    """The picture for all, and for staff the live map of today's parcels; of another day the picture alone is true."""
    around = book.neighbours(page, actor=reader.actor)
    boxes = [form.box for form in page.forms if form.box is not None]
    told: dict[str, Any] = {
        "boundaries": _boundaries(page, around),
        "drawing": drawing_of(page.forms, around, title=f"{page.unit.code} 的界址"),
        "neighbour_count": len(around),
    }
    layer = (
        spatial.layers(reader.actor).filter(slug=slug_of(page.unit.division_id)).first() if reader.is_staff else None
    )
    if layer is None or not boxes or page.on != reader.day or page.known_at is not None or page.is_over:
        return told
    land = next(form for form in page.forms if form.geometry is not None)
    told["tiles"] = tiles_template(layer)
    told["map_data"] = {
        "bounds": list(book.around(boxes, more=0.8)),
        "layer": layer.slug,
        "everything": True,
        "areas": [
            {
                "code": page.unit.code, "name": page.unit.code[12:19], "value": None, "label": "", "fill": "#9abbe1",
                "href": address_of(page.unit), "at": middle_of(Outline("", "", land.geometry)),
            }
        ],
        "open": f"{reverse('registry:open_unit')}?text=",
    }  # fmt: skip
    return told
