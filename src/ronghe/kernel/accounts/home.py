"""What this room puts into the header."""

from ronghe.kernel.pages import NavItem

from .permissions import MEMBERSHIP_GRANT, USER_MANAGE

NAV = (
    NavItem("用户", "accounts:users", "users", USER_MANAGE, order=900),
    NavItem("岗位授权", "accounts:memberships", "id-badge", MEMBERSHIP_GRANT, order=910),
    NavItem("代理关系", "accounts:mandates", "id", MEMBERSHIP_GRANT, order=911),
)
