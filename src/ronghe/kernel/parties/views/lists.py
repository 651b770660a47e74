"""The list of parties, and finding one by a number."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ronghe.kernel.accounts.access import Request, allows
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.pages import Column, Filter, Listing, Option

from .. import queries
from ..forms import divisions_below
from ..models import Party
from ..permissions import PARTY_EDIT, PARTY_MERGE, PARTY_VIEW
from .shown import address, state_of

#: Kinds of which the list says what may be registered.
KINDS = tuple((kind.value, str(kind.label)) for kind in Party.Kind)
STATES = (*((state.value, str(state.label)) for state in Party.State), ("all", "全部"))


def listing_of(request: Request) -> Listing[Party]:
    """The list with the divisions of the actor to choose from."""
    towns = divisions_below(request.actor, "county", "town", "functional")
    return Listing(
        title="权利人",
        columns=(
            Column("name", "名称", lambda p: p.name, order=("pinyin",), link=address, wide=True),
            Column("kind", "类别", lambda p: p.get_kind_display()),
            Column("division", "所属区划", lambda p: p.division.name),
            Column("birth", "出生日期", lambda p: p.birth_date, kind="date"),
            Column("state", "状态", lambda p: state_of(p).label, template="parties/_state.html"),
            Column("id", "编号", lambda p: p.pk, order=("pk",), kind="code"),
        ),
        filters=(
            Filter("q", "名称或拼音", kind="text"),
            Filter("kind", "类别", options=tuple(Option(*one) for one in KINDS)),
            Filter("division", "区划（含以下）", options=tuple(Option(t.code, t.name) for t in towns)),
            Filter("state", "状态", options=tuple(Option(*one) for one in STATES), empty="有效"),
        ),
        order=("pinyin", "pk"),
        empty="这里还没有权利人。",
        empty_next="请登记第一个，或请上级确认您的管辖区划。",
        row_link=address,
    )


@require_safe
@allows(PARTY_VIEW)
def parties(request: Request) -> HttpResponse:
    """The list."""
    listing = listing_of(request)
    asked = listing.asked(request.GET)
    rows = queries.parties(
        request.actor,
        text=asked.text("q"),
        kind=asked.text("kind"),
        state=asked.text("state") or ("all" if request.actor.on_behalf_of_id else ""),
        division=asked.text("division"),
    )
    context = {
        "can_edit": may(request.actor.role, PARTY_EDIT),
        "can_merge": may(request.actor.role, PARTY_MERGE),
        "bodies": [(kind.value, kind.label) for kind in Party.BODIES],
        "has_number": sum(letter.isdigit() for letter in asked.text("q")) >= 8,
    }
    return listing.respond(request, asked, rows, template="parties/parties.html", context=context)


@require_POST
@allows(PARTY_VIEW)
def find(request: Request) -> HttpResponse:
    """Find a party by a number. It is posted, so that it stays in no address, history or log."""
    found = queries.parties_with_number(request.POST.get("number", "")[:60], actor=request.actor)
    if len(found) == 1:
        return redirect(address(found[0]))
    context = {
        "found": [(party, address(party), state_of(party)) for party in found],
        "crumbs": [("权利人", reverse("parties:parties")), ("按号码查找", "")],
        "can_edit": may(request.actor.role, PARTY_EDIT),
    }
    return render(request, "parties/found.html", context)
