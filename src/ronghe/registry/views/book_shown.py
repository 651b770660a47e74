"""What the pages of the book share: who reads, how parties are called to whom, how a code is printed, outlines drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of
from ronghe.kernel.accounts.roles import Role, may
from ronghe.kernel.actors import Actor
from ronghe.kernel.papers.declared import masked_name
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.queries import in_whose_names
from ronghe.kernel.spatial.drawing import Outline, draw

from ..errors import KnownAtWrong
from ..models import BAUnit, SpatialUnitVersion
from ..permissions import BOOK_AUDIT, BOOK_VIEW

Crumbs = list[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Reader:
    """谁在看: staff and auditors read names in full, and the register as it was; others what is their own."""

    actor: Actor
    day: date
    at: datetime
    own: tuple[int, ...]
    #: Names in full also of others: a holder reads of its own unit all that is registered there.
    in_full: bool

    @property
    def is_staff(self) -> bool:
        return any(may(self.actor.role, name) for name in (BOOK_VIEW, BOOK_AUDIT))

    def called(self, party: Party) -> str:
        """How a party is named to this reader."""
        if self.in_full or party.pk in self.own:
            return party.name
        return masked_name(party.name) if party.kind in (Party.Kind.PERSON, Party.Kind.HOUSEHOLD) else party.name


def reader_of(request: HttpRequest) -> Reader:
    """Who reads, on what day. Names in full are for the staff; a holder's page says so by itself."""
    actor, at = actor_of(request), clock.now()
    day = clock.legal_day(at)
    own = () if actor.on_behalf_of_id is None else tuple(in_whose_names(actor.on_behalf_of_id, on=day))
    return Reader(actor, day, at, own, in_full=actor.role != Role.SELF)


def address_of(unit: BAUnit) -> str:
    return reverse("registry:unit", args=[unit.code])


def day_asked(text: str, *, today: date) -> tuple[date, str]:
    """The day that an address asks for, and what is wrong with what it says."""
    if not text:
        return today, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today, f"“{text[:20]}”不是日期，请写成 2026-11-22 的样子；现显示今天"
    if not 1900 <= day.year < 2200:
        return today, "日期应在 1900 年至 2199 年之间；现显示今天"
    return day, ""


def instant_asked(text: str, *, now: datetime) -> datetime | None:
    """The instant that an address asks for, a day meaning its end in Beijing. Raises: KnownAtWrong."""
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise KnownAtWrong(text=text[:40]) from None
    if len(text) == 10:
        read = read.replace(hour=23, minute=59, second=59)
    at = read.replace(tzinfo=clock.LEGAL_ZONE) if read.tzinfo is None else read
    if not 1990 <= at.year < 2200 or (at > now and len(text) != 10):
        raise KnownAtWrong(text=text[:40])
    return min(at, now)


def drawing_of(
    forms: Sequence[SpatialUnitVersion], around: Sequence[Any] = (), *, title: str, small: bool = False
) -> SafeString:
    """Forms of one unit, the land below its buildings, among those around it in a paler colour, without script.

    A ``small`` one has no words in it.
    """
    width, height = (260, 160) if small else (760, 520)
    own = [
        Outline(
            row.spatial_unit.code, row.spatial_unit.get_kind_display(), row.geometry,
            label="" if row.spatial_unit.kind == "building" else None, css="here",
            fill="#9abbe1" if row.spatial_unit.kind != "building" else "#d9c7a8",
            title=f"{row.spatial_unit.get_kind_display()} {row.spatial_unit.code}",
        )
        for row in forms
        if row.geometry is not None
    ]  # fmt: skip
    if not own:
        return SafeString("")
    others = [
        Outline(row.spatial_unit.code, row.spatial_unit.code, row.geometry, label="", fill="#eef1f4")
        for row in around
        if row.geometry is not None
    ]
    # ``draw`` quotes every name that it writes.
    return mark_safe(
        draw([*others, *own], width=width, height=height, title=title, padding=12, detail=0.4, labels=not small)
    )
