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
