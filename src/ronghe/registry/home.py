"""What this room puts into the header."""

from ronghe.kernel.pages import NavItem

from .permissions import WINDOW_VIEW

NAV = (NavItem("成员和台账", "registry:rolls", "users", WINDOW_VIEW, order=33),)
