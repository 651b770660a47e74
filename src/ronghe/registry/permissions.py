"""What the registry lets each role do."""

from ronghe.kernel.accounts.roles import BUSINESS, Role, permit

BOOK_VIEW = permit("registry.book.view", "查看登记簿、证书和办理情况", BUSINESS)
BOOK_AUDIT = permit("registry.book.audit", "按任一时刻查阅登记簿", {Role.AUDITOR})
OWN_VIEW = permit("registry.own.view", "查看名下的权利和证明", {Role.SELF})
INTAKE = permit("registry.intake", "受理登记申请、导入调查成果", {Role.TOWN_WINDOW, Role.DEPARTMENT})
REVIEW = permit("registry.review", "审核登记申请、登簿和发证", {Role.DEPARTMENT})
RESTRICT = permit("registry.restrict", "登记查封、异议和解除", {Role.DEPARTMENT})
EXCHANGE = permit("registry.exchange", "导出、汇交和对账", {Role.DEPARTMENT, Role.TOWN_WINDOW})
PUBLIC_QUERY = permit("registry.public.query", "查询登记信息（按公开级别）", {Role.PUBLIC})
APPLY = permit("registry.apply", "提出登记申请", {Role.TOWN_WINDOW, Role.DEPARTMENT, Role.SELF})
APPLICATION_VIEW = permit("registry.application.view", "查看登记申请和证书", {*BUSINESS, Role.SELF})
CERTIFICATE_ISSUE = permit("registry.certificate.issue", "打印和收回证书", {Role.DEPARTMENT, Role.TOWN_WINDOW})

MEMBER_VIEW = permit("registry.member.view", "查看集体成员名册和成员身份办件", BUSINESS)
OWN_CASES = permit("registry.own.cases", "查看本人和本户的成员身份办件、转移备案", {Role.SELF})
OWN_APPLY = permit("registry.own.apply", "为本人和本户申请确认成员身份、转移备案", {Role.SELF})
MEMBER_WORK = permit("registry.member.work", "受理成员身份确认和转移备案", {Role.TOWN_WINDOW, Role.DEPARTMENT})
FILING_KEEP = permit("registry.filing.keep", "续办和终止转移备案", {Role.DEPARTMENT})
LEGACY_VIEW = permit("registry.legacy.view", "查看宅基地历史遗留台账", BUSINESS)
LEGACY_EDIT = permit("registry.legacy.edit", "查找、登记和核实宅基地历史遗留", {Role.TOWN_WINDOW, Role.DEPARTMENT})
LEGACY_DECIDE = permit("registry.legacy.decide", "决定宅基地历史遗留的处理", {Role.DEPARTMENT})
ILLEGAL_VIEW = permit("registry.illegal.view", "查看违法占用和“历史两违”台账", BUSINESS)
ILLEGAL_EDIT = permit("registry.illegal.edit", "登记违法占用和“历史两违”", {Role.TOWN_WINDOW, Role.DEPARTMENT})
ILLEGAL_SETTLE = permit("registry.illegal.settle", "办结违法占用和“历史两违”", {Role.DEPARTMENT})
WINDOW_VIEW = permit("registry.window.view", "查看农村不动产登记窗口", {Role.PUBLIC})
WINDOW_EDIT = permit("registry.window.edit", "登记农村不动产登记窗口", {Role.TOWN_WINDOW, Role.DEPARTMENT})
VILLAGE_PLAN_VIEW = permit("registry.village_plan.view", "查看村庄规划", {Role.PUBLIC})
VILLAGE_PLAN_EDIT = permit(
    "registry.village_plan.edit", "登记村庄规划及其编制进度", {Role.TOWN_WINDOW, Role.DEPARTMENT}
)
APPOINTMENT_OWN = permit("registry.appointment.own", "预约登记窗口", {Role.SELF})
APPOINTMENT_VIEW = permit("registry.appointment.view", "查看登记窗口的预约", BUSINESS)
APPOINTMENT_WORK = permit("registry.appointment.work", "代为预约、标记已到未到", {Role.TOWN_WINDOW, Role.DEPARTMENT})
