"""Layers whose features stand in the tables of another room: drawn from there, not copied.

A room declares in its ``drawn.py``; a layer names the declaration in its ``content``. Such a layer has a version, which
the room moves in the transaction of whatever changes an outline (``services.draw_anew``), and no features of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet

from ronghe.kernel.accounts.roles import may
from ronghe.kernel.actors import Actor

from .errors import LayerDrawnElsewhere


@dataclass(frozen=True, slots=True)
class Content:
    """图层内容: where the features of a layer stand.

    ``rows`` are they, by the slug of the layer: with ``code``, ``name``, ``area_m2``, ``geometry``, ``box``, and what
    ``more`` names, all of which go into the tiles. ``boxes`` are the same rows with nothing asked of them but ``box``:
    what is counted from afar. ``listed`` is where people find the features; ``?text=<code>`` leads to one.
    Who has none of the ``permissions`` does not see the layer, whatever its division.
    """

    key: str
    rows: Callable[[str], "QuerySet[Any]"]
    boxes: Callable[[str], "QuerySet[Any]"]
    listed: Callable[[], str]
    permissions: frozenset[str]
    more: tuple[str, ...] = ()


CONTENTS: dict[str, Content] = {}


def declare(content: Content) -> Content:
    """Make a content known. Raises: ValueError when its key is taken: our bug."""
    if CONTENTS.setdefault(content.key, content) is not content:
        raise ValueError(f"the content {content.key} is declared twice")
    return content


def open_to(actor: Actor) -> list[str]:
    """The contents that the actor's role may see; a layer of its own features has none."""
    return ["", *(key for key, one in CONTENTS.items() if any(may(actor.role, name) for name in one.permissions))]


class Titled(Protocol):
    """A layer, as far as it is asked here: the tables import this module."""

    content: Any
    title: Any


def refuse_drawn(layer: Titled) -> None:
    """Raises: LayerDrawnElsewhere for a layer that has no features of its own."""
    if layer.content:
        raise LayerDrawnElsewhere(layer=layer.title)
