"""What a room adds to 一张图, in its ``layers.py``: ``LAYERS = (AreaTheme(…),)``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ronghe.kernel.actors import Actor

from .record import Tone

#: The most rows that the map lists of one area; the whole list is one click away.
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """What a theme says of one division: ``label`` in words, ``value`` for the steps of colour and the ranking.

    ``value`` is absent where nothing is known, which is not nought; ``href`` leads to what stands behind the figure;
    ``tone`` colours a state.
    """

    code: str
    value: int | None
    label: str
    href: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """The figures of a zone's divisions, and a line that says what they leave out. Divisions without one stay blank."""

    figures: Sequence[AreaFigure]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One thing in an area: its name, a few words of context, where it is; ``word`` is its state, in ``tone``."""

    title: str
    context: str = ""
    href: str = ""
    tone: Tone = "plain"
    word: str = ""


@dataclass(frozen=True, slots=True)
class AreaList:
    """The first things in an area, at most ``MOST_ROWS``, how many there are, and where the whole list is."""

    rows: Sequence[ListedRow]
    count: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class AreaTheme:
    """专题: one thing that the map of a zone can show of its divisions, to the roles that have ``permission``.

    ``quantity`` is told in steps of one colour with ranges; ``state`` in tones with the ``words`` of the legend.
    ``unit`` and ``things`` make "45 项任务"; ``lead`` says what the theme shows, ``area_lead`` what the list of one area
    holds, ``empty`` that it holds nothing.

    Raises: ValueError when a state has no words: its colours would stand alone.
    """

    key: str
    title: str
    permission: str
    order: int
    unit: str
    of: Callable[[str, Actor, date], AreaFigures]
    rows: Callable[[str, Actor, date, str], AreaList] | None = None
    kind: Literal["quantity", "state"] = "quantity"
    words: Mapping[Tone, str] = field(default_factory=dict)
    things: str = ""
    lead: str = ""
    area_lead: str = ""
    empty: str = "这里没有记录。"

    def __post_init__(self) -> None:
        if self.kind == "state" and not self.words:
            raise ValueError(f"the theme {self.key} has tones and no words for them")
