"""What this room puts into the header."""

from ronghe.kernel.pages import NavItem

from .permissions import PLAN_INTAKE

NAV = (NavItem("方案入库", "governance:plans", "file-import", PLAN_INTAKE, order=70),)
