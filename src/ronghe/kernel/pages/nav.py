"""Navigation: what a room puts into the header, and where a page stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavItem:
    """导航项: a room declares its items as ``NAV`` in its ``home.py``; the header shows those that the role may enter.

    ``in_zone`` says that the address stands under ``/z/<zone>/`` and takes the zone's slug; such an item is shown
    only on pages of a zone. An empty ``permission`` means that everybody may enter. Lower ``order`` comes first.
    """

    label: str
    url_name: str
    icon: str
    permission: str = ""
    in_zone: bool = False
    order: int = 100


@dataclass(frozen=True, slots=True)
class Crumb:
    """面包屑: one step of the place of a page; the last one has no address."""

    label: str
    url: str = ""
