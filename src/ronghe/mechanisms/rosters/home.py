"""What this room puts into the header."""

from ronghe.kernel.pages import NavItem

from .permissions import ROSTERS_OPEN

NAV = (NavItem("台账", "rosters:index", "table", ROSTERS_OPEN, order=47),)
