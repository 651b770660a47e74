"""What the portal adds to the navigation of a zone."""

from ronghe.kernel.pages import NavItem
from ronghe.policy.permissions import PLAN_VIEW

NAV = (
    NavItem("概况", "portal:zone", "layout-dashboard", PLAN_VIEW, in_zone=True, order=10),
    NavItem("一张图", "portal:map", "map-2", PLAN_VIEW, in_zone=True, order=50),
)
