"""承包合同台账: the list of contracts, and one with its plots."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.pages import Column, Fact, Filter, Listing, Option, State

from ..permissions import BOOK_AUDIT, BOOK_VIEW
from ..queries import contracts as queries
from ..queries.book import burden_holder, holder_words
from ..rules.kinds import RightKind
from ..rules.telling import area_words, last_day, term_words
from .book_shown import address_of


def _address(row: Any) -> str:
    return reverse("registry:contract", args=[row.pk])


CONTRACTS: Listing[Any] = Listing(
    title="承包合同",
    columns=[
        Column("number", "合同代码", lambda c: c.number or "（无代码）", order=("number",), kind="code", link=_address),
        Column("contractor", "承包方", lambda c: c.contractor, wide=True),
        Column("plots", "地块", lambda c: c.plots, kind="number"),
        Column("since", "起", lambda c: c.since, kind="date"),
        Column("until", "止", lambda c: last_day(c.until), kind="date"),
        Column("place", "所在村", lambda c: c.division.name),
        Column("issued", "签订日期", lambda c: c.issued_on, order=("issued_on",), kind="date"),
    ],
    filters=[
        Filter("text", "合同代码或承包方", kind="text"),
        Filter("place", "镇村（名称或代码）", kind="text"),
        Filter("state", "承包期", options=[Option("running", "承包期内"), Option("ended", "没有在期内的地块")]),
    ],
    order=("number", "pk"),
    empty="台账里还没有承包合同",
    empty_next="登记土地承包经营权时留存的承包合同会列在这里。",
    row_link=_address,
)


@require_safe
@allows(BOOK_VIEW, BOOK_AUDIT)
def contracts(request: HttpRequest) -> HttpResponse:
    """The contracts of one's division and below."""
    day = clock.legal_day(clock.now())
    asked = CONTRACTS.asked(request.GET)
    rows = queries.contracts(
        actor_of(request), on=day, text=asked.text("text"), place=asked.text("place"), state=asked.text("state")
    )
    context = {
        "lead": "承包合同、承包地块和承包期。点开一份合同，看各地块的承包方、流转和抵押。",
        "crumbs": [("产权登记", reverse("registry:units")), ("承包合同台账", None)],
    }
    return CONTRACTS.respond(request, asked, queries.with_terms(rows), context=context)


@require_safe
@allows(BOOK_VIEW, BOOK_AUDIT)
def contract(request: HttpRequest, contract_id: int) -> HttpResponse:
    """One contract: its plots, who farms each, what was passed on or pledged."""
    day = clock.legal_day(clock.now())
    page = queries.contract(contract_id, actor=actor_of(request), on=day)
    source = page.source
    terms = sorted({(row.valid.lower, row.valid.upper) for row in page.rights}, key=str)
    is_running = any(day in row.valid for row in page.rights)
    context = {
        "page": page,
        "title": source.title,
        "state": State("承包期内", "good") if is_running else State("不在承包期内", "plain"),
        "facts": [
            Fact("合同代码", source.number or "—"),
            Fact("承包方", "、".join(dict.fromkeys(holder_words(row) for row in page.rights)) or "—"),
            Fact("承包期", "、".join(term_words(*one) for one in terms[:3]) or "—"),
            Fact("地块", f"{page.count:,}"),
        ],
        "plots": [_plot(one) for one in page.plots],
        "crumbs": [
            ("产权登记", reverse("registry:units")), ("承包合同台账", reverse("registry:contracts")),
            (source.number or source.title, None),
        ],
    }  # fmt: skip
    return render(request, "registry/contract.html", context)


def _plot(one: Any) -> dict[str, Any]:
    land = one.land[0] if one.land else None
    operated = [row for row in one.rights if row.kind == RightKind.OPERATION]
    return {
        "unit": one.unit,
        "href": address_of(one.unit),
        "ground": land.spatial_unit.code if land else "",
        "location": land.location if land else "",
        "area": area_words(land.registered_area_m2) if land else "",
        "operated": [(holder_words(row), term_words(row.valid.lower, row.valid.upper)) for row in operated],
        "burdens": [f"{row.get_kind_display()} {burden_holder(row)}".strip() for row in one.burdens],
        "ended": one.unit.ended_on,
    }
