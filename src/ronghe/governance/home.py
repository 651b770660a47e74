"""What this room puts into the header."""

from ronghe.kernel.pages import NavItem

from .permissions import LEDGER_VIEW, MEETING_VIEW, PLAN_INTAKE, REPORT_VIEW

NAV = (
    NavItem("驾驶舱", "zone_office:cockpit", "activity", LEDGER_VIEW, in_zone=True, order=12),
    NavItem("任务台账", "zone_office:ledger", "clipboard-list", LEDGER_VIEW, in_zone=True, order=15),
    NavItem("督办", "governance:sheets", "speakerphone", LEDGER_VIEW, order=66),
    NavItem("联席会议", "governance:meetings", "users", MEETING_VIEW, order=67),
    NavItem("通报和报告", "governance:reports", "report", REPORT_VIEW, order=68),
    NavItem("方案入库", "governance:plans", "file-import", PLAN_INTAKE, order=70),
)
