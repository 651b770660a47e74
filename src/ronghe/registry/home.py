"""What the register puts into the header."""

from ronghe.kernel.pages import NavItem

from .permissions import APPLICATION_VIEW

NAV = (NavItem("登记申请", "registry:applications", "file-certificate", APPLICATION_VIEW, order=32),)
