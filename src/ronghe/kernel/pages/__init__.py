"""pages: the archetypes of pages as declarations: what a list shows, what a record's head says, what a room adds to
the navigation and to the search.

How they look is the portal's matter; its templates are named by path. See docs/decisions/0002.
"""

from .imports import import_listing
from .listing import Asked, Cell, Column, Filter, Listing, Option, workbook_response
from .navigation import NavItem
from .record import Fact, State
from .search import Finder, Hit, Sought

__all__ = [
    "Asked",
    "Cell",
    "Column",
    "Fact",
    "Filter",
    "Finder",
    "Hit",
    "Listing",
    "NavItem",
    "Option",
    "Sought",
    "State",
    "import_listing",
    "workbook_response",
]
