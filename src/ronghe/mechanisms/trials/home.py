"""What trials add to the navigation."""

from ronghe.kernel.pages import NavItem

from .permissions import TRIAL_RUN

NAV = (NavItem("试算", "trials:trials", "chart-bar", TRIAL_RUN, order=46),)
