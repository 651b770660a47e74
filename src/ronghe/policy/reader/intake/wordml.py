"""Small readers for WordprocessingML elements, for both namespaces (Transitional and Strict, ECMA-376 Part 1 and 4)."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

W: Final = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    }
)
_OFF: Final = frozenset({"0", "false", "off", "none"})


def name_of(element: etree._Element) -> str:
    """``p`` for w:p; elements of other namespaces keep a prefix of their address (``…}oMath``); comments are empty."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    namespace, _, local = tag[1:].partition("}")
    return local if namespace in W else tag


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """The child elements w:``name``."""
    for each in () if element is None else element:
        if name_of(each) == name:
            yield each


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child element w:``name``."""
    return next(children(element, name), None)


def attribute(element: etree._Element, name: str) -> str | None:
    """The attribute w:``name``."""
    for namespace in W:
        found = element.get(f"{{{namespace}}}{name}")
        if found is not None:
            return str(found)
    return None


def value(element: etree._Element | None, name: str) -> str | None:
    """``w:val`` of the first child w:``name``."""
    found = child(element, name)
    return None if found is None else attribute(found, "val")


def flag(element: etree._Element | None, name: str) -> bool:
    """Whether the on/off property w:``name`` is set (ECMA-376 Part 1 §17.17.4: present means on)."""
    found = child(element, name)
    return found is not None and attribute(found, "val") not in _OFF


def number(text: str | None) -> int | None:
    """A decimal number as the schema allows it, within sane bounds; anything else is no number."""
    try:
        return max(-1_000_000, min(int((text or "")[:20]), 1_000_000))
    except ValueError:
        return None
