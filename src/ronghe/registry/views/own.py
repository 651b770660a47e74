"""我的产权: what stands in one's own name, or in one's household's, in plain words, and the proof of it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.errors import DomainError
from ronghe.kernel.files import services as files
from ronghe.kernel.pages import State
from ronghe.kernel.papers import codes

from .. import services
from ..models import IncomeCertificate, IncomeRight
from ..permissions import OWN_VIEW
from ..queries import holdings as queries
from ..queries import income, proofs
from ..queries.book import burden_holder, holder_words
from ..queries.holdings import Holding
from ..rules.income import share_words
from ..rules.kinds import CoOwnership
from ..rules.telling import area_words, last_day
from .book_shown import address_of, drawing_of


@require_safe
@allows(OWN_VIEW)
def mine(request: HttpRequest) -> HttpResponse:
    """What stands in my name."""
    return _page(request)


def _page(request: HttpRequest, *, fault: str = "", status: int = 200) -> HttpResponse:
    actor, day = actor_of(request), clock.legal_day(clock.now())
    parties, held, count = queries.own(actor, on=day)
    cards = [card for one in held for card in _cards(one, parties)]
    context = {
        "title": "我的产权",
        "cards": cards,
        "count": count,
        "shown": len(held),
        "incomes": _incomes(income.own_rights(actor, day=day), day),
        "proofs": [(one, codes.spaced(one.code)) for one in proofs.own_proofs(actor)[:5]],
        "fault": fault,
        "crumbs": [("我的产权", None)],
    }
    return render(request, "registry/mine.html", context, status=status)


def _incomes(rows: list[IncomeRight], day: date) -> list[dict[str, Any]]:
    """What stands of the collective's income in my household's name, in the words of every day."""
    papers = income.standing_certificates(rows)
    told = []
    for row in rows:
        paper = papers.get((row.collective_id, row.holder_id))
        total = income.total_of(row.collective_id, day=day)
        told.append(
            {
                "key": f"i{row.pk}",
                "collective": row.collective.name,
                "holder": row.holder.name,
                "shares": row.words,
                "total": "" if total is None else share_words(total),
                "since": row.valid.lower,
                "certificate": paper.number if paper else "",
                "check": _checked(paper),
            }
        )
    return told


def _checked(paper: IncomeCertificate | None) -> str:
    """Where everybody checks the certificate, once it is printed."""
    if paper is None or paper.paper is None:
        return ""
    return reverse("papers:check_code", args=[codes.spaced(paper.paper.code)])


def _cards(held: Holding, parties: list[int]) -> list[dict[str, Any]]:
    """One card for each right that is mine in a unit, in the words of every day."""
    cards = []
    land = held.land[0] if held.land else None
    for rrr in dict.fromkeys(row.rrr_id for row in held.rights if row.party_id in parties):
        rows = [row for row in held.rights if row.rrr_id == rrr]
        mine = next(row for row in rows if row.party_id in parties)
        others = [holder_words(row) for row in rows if row.party_id not in parties]
        until = last_day(mine.valid.upper)
        cards.append(
            {
                "key": f"r{rrr}",
                "kind": mine.get_kind_display(),
                "href": address_of(held.unit),
                "code": held.unit.code,
                "where": (land.location if land else "") or held.unit.division.name,
                "area": area_words(land.registered_area_m2) if land else "",
                "house": "、".join(
                    f"{row.floor_area_m2 or row.registered_area_m2:,} m²" + (f"，{row.structure}" if row.structure else "")
                    for row in held.buildings
                ),
                "holder": holder_words(mine),
                "with": "、".join(others),
                "way": CoOwnership(mine.co_ownership).title if others else "",
                "until": f"到 {until}" if until else "长期",
                "certificate": next((one.number for one in held.certificates if one.rrr_id == rrr), ""),
                "burdens": [f"{row.get_kind_display()} {burden_holder(row)}".strip() for row in held.burdens_of(rrr)],
                "passed_on": [
                    f"{row.get_kind_display()}：{holder_words(row)}" + (f"，到 {last_day(row.valid.upper)}" if row.valid.upper else "")
                    for row in held.rights
                    if row.rrr.parent_id == rrr and row.party_id not in parties
                ],
                "drawing": drawing_of(held.forms, title=f"{mine.get_kind_display()}的位置和形状", small=True),
            }
        )  # fmt: skip
    return cards


@require_POST
@allows(OWN_VIEW)
def prove(request: HttpRequest) -> HttpResponse:
    """Have the proof made, or the one of today shown again."""
    try:
        made = services.issue_extract(actor=actor_of(request), at=clock.now())
    except DomainError as error:
        return _page(request, fault=error.text, status=error.status)
    messages.success(request, "证明已出具。别人扫描二维码或输入核验码，就能查它是不是真的。")
    return redirect("registry:proof", made.pk)


@require_safe
@allows(OWN_VIEW)
def proof(request: HttpRequest, paper_id: int) -> HttpResponse:
    """One of one's own proofs: the code to check it, what a checker sees, the PDF."""
    paper = proofs.own_proof(paper_id, actor=actor_of(request))
    revoked = getattr(paper, "revocation", None)
    context = {
        "paper": paper,
        "title": paper.title,
        "state": State("已作废", "bad") if revoked else State("有效", "good"),
        "code": codes.spaced(paper.code),
        "check": settings.PUBLIC_URL + reverse("papers:check_code", args=[codes.spaced(paper.code)]),
        "crumbs": [("我的产权", reverse("registry:mine")), (paper.number, None)],
    }
    return render(request, "registry/proof.html", context)


@require_safe
@allows(OWN_VIEW)
def proof_pdf(request: HttpRequest, paper_id: int) -> HttpResponse:
    """The PDF of one of one's own proofs."""
    paper = proofs.own_proof(paper_id, actor=actor_of(request))
    return files.answer(paper.pdf_id, name=f"{paper.number}.pdf", inline=True)
