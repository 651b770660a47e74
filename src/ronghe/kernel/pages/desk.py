"""What a room puts on one's desk, in its ``home.py``: ``DESK = (Panel(…),)``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ronghe.kernel.actors import Actor

from .maps import ListedRow


@dataclass(frozen=True, slots=True)
class Told:
    """What a panel shows now: the first things, how many there are, where all of them are."""

    title: str
    rows: Sequence[ListedRow]
    count: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """工作台的一块: what waits for somebody; ``of`` gives what it tells this actor on a day, nothing where nothing waits."""

    key: str
    permission: str
    order: int
    of: Callable[[Actor, date], Sequence[Told]]
