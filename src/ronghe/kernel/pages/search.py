"""What a room adds to the search, in its ``search.py``: ``FINDERS = (Finder(…),)``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from ronghe.kernel.actors import Actor

#: How many of each kind one page shows.
EACH = 12
#: A finder brings one more, which says that there are more.
MOST = EACH + 1


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: a text, through whose eyes, on what day, and whether in one zone only.

    ``divisions`` are the codes of the divisions in that zone, for rows that know a place but no zone.
    """

    text: str
    actor: Actor
    day: date
    zone: str = ""
    divisions: "QuerySet[Any, str] | None" = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. What nothing shows has no ``href``."""

    label: str
    context: str
    href: str


@dataclass(frozen=True, slots=True)
class Finder:
    """One kind of thing that is found: asked for the roles that have ``permission``, shown in the order of ``order``.

    ``find`` asks the database once, through ``visible_to``, for no more than ``MOST`` rows.
    """

    title: str
    order: int
    find: Callable[[Sought], Sequence[Hit]]
    permission: str
