"""What the casework room lets each role do; which steps of a case, its procedure says."""

from ronghe.kernel.accounts.roles import BUSINESS, Role, permit

CASE_WORK = permit("casework.case.work", "查看和办理办件", {*BUSINESS, Role.SELF})
NOTICE_READ = permit("casework.notice.read", "查看公示、提出异议", {Role.PUBLIC})
