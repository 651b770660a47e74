"""What acts are called on pages. A room names its own in its ``verbs.py``; an act without a name shows its code."""

from collections.abc import Mapping

TITLES: dict[str, str] = {}


def name_verbs(titles: Mapping[str, str]) -> None:
    """Add the Chinese names of a room's acts. Raises: ValueError when one has another name already."""
    for verb, title in titles.items():
        if TITLES.setdefault(verb, title) != title:
            raise ValueError(f"{verb} is named twice: {TITLES[verb]}, {title}")


def title_of(verb: str) -> str:
    """The name of an act, or its code."""
    return TITLES.get(verb, verb)


name_verbs(
    {
        "audit.seal.exported": "导出封存",
        "audit.record.verified": "核验审计记录",
        "audit.queue.mended": "漏封事件放回待封存之列",
    }
)
