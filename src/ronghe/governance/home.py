"""What this room puts into the header: of the whole platform, and of a zone."""

from ronghe.kernel.pages import NavItem
from ronghe.policy.permissions import PLAN_VIEW

from .permissions import PLAN_INTAKE

NAV = (
    NavItem("比较", "zone_office:comparison", "git-compare", PLAN_VIEW, in_zone=True, order=45),
    NavItem("方案入库", "governance:plans", "file-import", PLAN_INTAKE, order=70),
)
