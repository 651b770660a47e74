"""pages: the archetypes of pages as declarations: what a list shows, what a record's head says, what a room adds to
the navigation, to the map, to the search and to one's desk.

How they look is the portal's matter; its templates are named by path. See docs/decisions/0002.
"""

from .desk import Panel, Told
from .imports import import_listing
from .listing import Asked, Cell, Column, Filter, Listing, Option, workbook_response
from .maps import MOST_ROWS, AreaFigure, AreaFigures, AreaList, AreaTheme, ListedRow
from .navigation import NavItem
from .record import Fact, State
from .search import Finder, Hit, Sought

__all__ = [
    "MOST_ROWS",
    "AreaFigure",
    "AreaFigures",
    "AreaList",
    "AreaTheme",
    "Asked",
    "Cell",
    "Column",
    "Fact",
    "Filter",
    "Finder",
    "Hit",
    "ListedRow",
    "Listing",
    "NavItem",
    "Option",
    "Panel",
    "Sought",
    "State",
    "Told",
    "import_listing",
    "workbook_response",
]
