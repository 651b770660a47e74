"""Declaring a kind of paper (文书): how it is numbered, what stands in it, what everybody may see when it is checked.

A room declares in its ``papers.py``. The facts are plain data, kept with the paper, so that it can be set again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .blocks import Block, Head

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Template:
    """文书样式. ``public`` are the facts that the check page shows to everybody: no personal value in full.

    With a ``head`` it is set as an official document (公文格式); otherwise as a certificate.
    """

    key: str
    title: str
    prefix: str
    body: Callable[[Facts], Sequence[Block]]
    public: Callable[[Facts], Sequence[tuple[str, str]]]
    head: Callable[[Facts], Head] | None = None


TEMPLATES: dict[str, Template] = {}


def declare(template: Template) -> Template:
    """Make a kind of paper known. Raises: ValueError when its key or prefix is taken: our bug."""
    known = TEMPLATES.setdefault(template.key, template)
    if known is not template and known.prefix != template.prefix:
        raise ValueError(f"the paper {template.key} is declared twice")
    if any(one.prefix == template.prefix and one.key != template.key for one in TEMPLATES.values()):
        raise ValueError(f"the numbers of {template.key} begin as those of another paper")
    return known


def masked_name(name: str) -> str:
    """A person's name as strangers see it: 张*三."""
    return name if len(name) < 2 else name[0] + "*" * max(1, len(name) - 2) + (name[-1] if len(name) > 2 else "")
