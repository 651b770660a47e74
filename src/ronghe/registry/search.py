"""What of the register the search finds: units by code, location and holder; for others what is their own."""

from collections.abc import Sequence

from django.urls import reverse

from ronghe.kernel.pages.search import MOST, Finder, Hit, Sought

from .permissions import BOOK_AUDIT, BOOK_VIEW, OWN_VIEW
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


FINDERS = (
    Finder("不动产单元", 30, _units, BOOK_VIEW),
    Finder("不动产单元", 30, _units, BOOK_AUDIT),
    Finder("我的产权", 30, _own, OWN_VIEW),
)
