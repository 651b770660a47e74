"""What the policy room lets each role do."""

from ronghe.kernel.accounts.roles import BUSINESS, Role, permit

PLAN_VIEW = permit("policy.plan.view", "查看已公布的方案、条款、任务和单位", {Role.PUBLIC})
PLAN_READ = permit("policy.plan.read", "解读方案文件", BUSINESS)
