"""Search across everything that the actor may see: what the rooms declare in their ``search.py``, grouped by kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import Invalid
from ronghe.kernel.pages.search import EACH, Hit, Sought
from ronghe.policy import queries

from .declared import finders

#: The longest text that is searched for.
LONGEST = 100


class ZoneNotSearched(Invalid):
    """A program asks for what is in a zone that is not there, or not for its eyes."""

    code = "portal.zone_not_searched"
    message = "没有名为“{zone}”的试验区，或它尚未公布。请去掉 zone 搜索全部试验区，或换成试验区列表里的标识。"


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; ``more`` says that there is more than is shown."""

    title: str
    hits: Sequence[Hit]
    more: bool


def plain(text: str) -> str:
    """A text as it is searched for: single spaces, no more than is looked at."""
    return " ".join(text.replace("\x00", "").split())[:LONGEST]


def search(text: str, *, actor: Actor, day: date, zone: str = "") -> list[Group]:
    """Everything whose name holds ``text``; only in one zone, which the actor may see, when ``zone`` is given."""
    sought = Sought(text, actor, day, zone, queries.codes_within(zone) if zone else None)
    groups = []
    for finder in finders() if text else ():
        hits = finder.find(sought) if may(actor.role, finder.permission) else ()
        if hits:
            groups.append(Group(finder.title, hits[:EACH], len(hits) > EACH))
    return groups
