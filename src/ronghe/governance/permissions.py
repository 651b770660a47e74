"""What the governance room lets each role do."""

from ronghe.kernel.accounts.roles import BUSINESS, Role, permit

PLAN_INTAKE = permit("governance.plan.intake", "方案入库：提交、校核、确认", {Role.ZONE_OFFICE, Role.LEADER})
UNIT_VIEW = permit(
    "governance.unit.view", "查看单位名录", {Role.ZONE_OFFICE, Role.DEPARTMENT, Role.TOWN_WINDOW, Role.LEADER}
)
UNIT_EDIT = permit("governance.unit.edit", "维护和导入单位名录", {Role.ZONE_OFFICE})
EXPERIENCE_VIEW = permit("governance.experience.view", "查看典型经验", {Role.PUBLIC})
EXPERIENCE_EDIT = permit("governance.experience.edit", "撰写典型经验", {Role.ZONE_OFFICE, Role.DEPARTMENT})
EXPERIENCE_REVIEW = permit("governance.experience.review", "审核典型经验", {Role.ZONE_OFFICE, Role.LEADER})
EXPERIENCE_PUBLISH = permit("governance.experience.publish", "公布典型经验", {Role.LEADER})
LEDGER_VIEW = permit("governance.ledger.view", "查看任务台账和驾驶舱", BUSINESS)
TASK_ISSUE = permit("governance.task.issue", "核定期限、交办、中止和恢复任务", {Role.ZONE_OFFICE})
TASK_WORK = permit(
    "governance.task.work",
    "签收任务、上报进展、分解、申请延期和办结",
    {Role.ZONE_OFFICE, Role.DEPARTMENT, Role.TOWN_WINDOW},
)
SHEET_ISSUE = permit("governance.sheet.issue", "签发和办结督办单", {Role.ZONE_OFFICE, Role.LEADER})
INSTRUMENT_VIEW = permit("governance.instrument.view", "查看配套制度清单", {Role.PUBLIC})
INSTRUMENT_EDIT = permit("governance.instrument.edit", "登记配套制度及其起草进度", {Role.ZONE_OFFICE, Role.DEPARTMENT})
INSTRUMENT_ISSUE = permit(
    "governance.instrument.issue", "登记配套制度印发、评估、修订和废止", {Role.ZONE_OFFICE, Role.LEADER}
)
MEETING_VIEW = permit("governance.meeting.view", "查看联席会议", BUSINESS)
MEETING_EDIT = permit("governance.meeting.edit", "召集联席会议、编排议程、记录会议", {Role.ZONE_OFFICE})
MINUTES_ISSUE = permit("governance.meeting.minutes", "印发会议纪要", {Role.ZONE_OFFICE, Role.LEADER})
REPORT_VIEW = permit("governance.report.view", "查看通报和报告", BUSINESS)
REPORT_EDIT = permit("governance.report.edit", "起草和送审通报、报告", {Role.ZONE_OFFICE})
REPORT_APPROVE = permit("governance.report.approve", "审定通报、报告", {Role.LEADER, Role.ZONE_OFFICE})
