"""What parties add to the navigation."""

from ronghe.kernel.pages import NavItem

from .permissions import PARTY_ERASE, PARTY_VIEW

NAV = (
    NavItem("权利人", "parties:parties", "users", PARTY_VIEW, order=30),
    NavItem("删除个人信息", "parties:erase", "shield-check", PARTY_ERASE, order=60),
)
