"""产权登记: the list of units, and the way from a code to its page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, allows
from ronghe.kernel.accounts.roles import may
from ronghe.kernel.pages import Column, Filter, Listing, Option
from ronghe.kernel.spatial.errors import BadBox
from ronghe.kernel.spatial.rules import Box

from ..errors import UnitNotFound
from ..models import BAUnit
from ..permissions import BOOK_AUDIT, BOOK_VIEW
from ..queries import book
from ..queries.units import holders, land_form, with_what_is_shown
from ..queries.units import units as found_units
from ..rules.codes import printed
from ..rules.kinds import UNIT_TITLES
from .book_shown import address_of


def _of_form(name: str) -> Any:
    return lambda unit: getattr(land_form(unit), name, None)


UNITS: Listing[BAUnit] = Listing(
    title="不动产单元",
    columns=[
        Column("code", "不动产单元代码", lambda u: printed(u.code), order=("code",), kind="code", link=address_of),
        Column("kind", "类别", lambda u: u.get_kind_display()),
        Column("holder", "权利人", lambda u: "、".join(holders(u)), wide=True),
        Column("location", "坐落", _of_form("location")),
        Column("area", "登记面积（m²）", _of_form("registered_area_m2"), kind="number"),
        Column("place", "所在村", lambda u: u.division.name),
        Column("state", "状态", lambda u: f"{u.ended_on} 终止" if u.ended_on else "在册"),
    ],
    filters=[
        Filter("text", "代码、权利人或坐落", kind="text"),
        Filter("place", "镇村（名称或代码）", kind="text"),
        Filter("kind", "类别", options=[Option(kind.value, title) for kind, title in UNIT_TITLES.items()]),
        Filter("state", "状态", options=[Option("ended", "已终止"), Option("all", "全部")], empty="在册"),
        Filter(
            "certified", "证书", options=[Option("yes", "有证"), Option("no", "无证"), Option("due", "应颁证而无证")]
        ),
        Filter("box", "范围（西,南,东,北）", kind="text"),
    ],
    order=("code",),
    empty="登记簿里还没有单元",
    empty_next="导入调查成果并登簿后显示在这里。",
    row_link=address_of,
)


def box_asked(text: str) -> Box | None:
    """A box as an address writes it. Raises: BadBox."""
    if not text:
        return None
    try:
        box = Box(*map(float, text.split(",")))
    except (ValueError, TypeError):
        raise BadBox(text=text[:80]) from None
    if not (-180 <= box.west <= box.east <= 180 and -90 <= box.south <= box.north <= 90):
        raise BadBox(text=text[:80])
    return box


@require_safe
@allows(BOOK_VIEW, BOOK_AUDIT)
def units(request: HttpRequest) -> HttpResponse:
    """The units of one's division and below."""
    actor, day = actor_of(request), clock.legal_day(clock.now())
    asked = UNITS.asked(request.GET)
    rows = found_units(
        actor, on=day, text=asked.text("text"), kind=asked.text("kind"), place=asked.text("place"),
        state=asked.text("state"), certified=asked.text("certified"), box=box_asked(asked.text("box")),
    )  # fmt: skip
    context = {
        "lead": "登记簿上的宗地、承包地块、林地和房屋。按代码、权利人、坐落或所在镇村查找，点开看权利、限制和历史。",
        "crumbs": [("产权登记", None)],
        "may_exchange": may(actor.role, BOOK_VIEW),
    }
    return UNITS.respond(
        request, asked, with_what_is_shown(rows, on=day), template="registry/units.html", context=context
    )


@require_safe
@allows(BOOK_VIEW, BOOK_AUDIT)
def open_unit(request: HttpRequest) -> HttpResponse:
    """From a code (``?text=``), such as a click on the map gives, to its page; to the list where it is no whole code."""
    text = request.GET.get("text", "").replace("\x00", "")[:60]
    try:
        return redirect(address_of(book.unit_of(text, actor=actor_of(request))))
    except UnitNotFound:
        return redirect(f"{reverse('registry:units')}?{request.GET.urlencode()}")
