"""What of the register the search finds: units by code, location and holder; for others what is their own."""

from collections.abc import Sequence

from django.urls import reverse

from ronghe.kernel.pages.search import MOST, Finder, Hit, Sought
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import named

from .models import IncomeRight
from .permissions import BOOK_AUDIT, BOOK_VIEW, MEMBER_VIEW, OWN_VIEW
from .queries.holdings import own
from .queries.units import units
from .rules.codes import printed


def _units(sought: Sought) -> Sequence[Hit]:
    if len(sought.text) < 2:
        return ()
    found = units(sought.actor, on=sought.day, text=sought.text)
    if sought.divisions is not None:
        found = found.filter(division__in=sought.divisions)
    return [
        Hit(
            printed(one.code),
            f"{one.get_kind_display()} · {one.division.name}",
            reverse("registry:unit", args=[one.code]),
        )
        for one in found.select_related("division").order_by("code")[:MOST]
    ]


def _own(sought: Sought) -> Sequence[Hit]:
    _, held, _ = own(sought.actor, on=sought.day)
    text = sought.text.upper()
    found = []
    for one in held:
        where = (one.land[0].location if one.land else "") or one.unit.division.name
        kinds = "、".join(dict.fromkeys(row.get_kind_display() for row in one.rights))
        if text in f"{one.unit.code} {where} {kinds} {one.unit.get_kind_display()}".upper():
            found.append(Hit(one.unit.get_kind_display(), where, reverse("registry:unit", args=[one.unit.code])))
    return found[:MOST]


def _income(sought: Sought) -> Sequence[Hit]:
    """Shares in the income of collectives, by holder."""
    if len(sought.text) < 2:
        return ()
    rows = IncomeRight.objects.visible_to(sought.actor).current().as_of(sought.day)
    rows = rows.filter(holder__in=Party.objects.visible_to(sought.actor).filter(named(sought.text)))
    if sought.divisions is not None:
        rows = rows.filter(collective__division__in=sought.divisions)
    return [
        Hit(
            f"{row.holder.name} {row.words}",
            f"集体收益分配权 · {row.collective.name}",
            reverse("registry:income_holder", args=[row.collective_id, row.holder_id]),
        )
        for row in rows.select_related("holder", "collective").order_by("pk")[:MOST]
    ]


FINDERS = (
    Finder("不动产单元", 30, _units, BOOK_VIEW),
    Finder("不动产单元", 30, _units, BOOK_AUDIT),
    Finder("集体收益分配权", 31, _income, MEMBER_VIEW),
    Finder("我的产权", 30, _own, OWN_VIEW),
)
