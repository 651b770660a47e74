"""What this room puts into the header."""

from ronghe.kernel.pages import NavItem

from .permissions import CASE_WORK, NOTICE_READ

NAV = (
    NavItem("办件", "casework:workbench", "clipboard-list", CASE_WORK, order=60),
    NavItem("公示", "casework:notices", "speakerphone", NOTICE_READ, order=46),
)
