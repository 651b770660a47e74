"""What a room adds to the navigation, in its ``home.py``: ``NAV = (NavItem(…),)``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: shown to the roles that have ``permission``; ``in_zone`` entries stand below a zone."""

    label: str
    url_name: str
    icon: str
    permission: str
    in_zone: bool = False
    order: int = 50
    #: Lists that stand below this entry though their addresses do not.
    beside: tuple[str, ...] = ()
