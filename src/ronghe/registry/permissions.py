"""What the registry lets each role do."""

from ronghe.kernel.accounts.roles import BUSINESS, Role, permit

BOOK_VIEW = permit("registry.book.view", "查看登记簿、证书和办理情况", BUSINESS)
OWN_VIEW = permit("registry.own.view", "查看名下的权利和证明", {Role.SELF})
INTAKE = permit("registry.intake", "受理登记申请、导入调查成果", {Role.TOWN_WINDOW, Role.DEPARTMENT})
REVIEW = permit("registry.review", "审核登记申请、登簿和发证", {Role.DEPARTMENT})
RESTRICT = permit("registry.restrict", "登记查封、异议和解除", {Role.DEPARTMENT})
EXCHANGE = permit("registry.exchange", "导出、汇交和对账", {Role.DEPARTMENT, Role.TOWN_WINDOW})
PUBLIC_QUERY = permit("registry.public.query", "查询登记信息（按公开级别）", {Role.PUBLIC})
APPLY = permit("registry.apply", "提出登记申请", {Role.TOWN_WINDOW, Role.DEPARTMENT, Role.SELF})
APPLICATION_VIEW = permit("registry.application.view", "查看登记申请和证书", {*BUSINESS, Role.SELF})
CERTIFICATE_ISSUE = permit("registry.certificate.issue", "打印和收回证书", {Role.DEPARTMENT, Role.TOWN_WINDOW})
