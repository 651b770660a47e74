"""What this room puts into the header."""

from ronghe.kernel.pages import NavItem

from .permissions import EVENT_VIEW

NAV = (
    NavItem("审计记录", "audit:events", "history", EVENT_VIEW, order=920),
    NavItem("封存与核验", "audit:seal", "shield-check", EVENT_VIEW, order=921),
)
