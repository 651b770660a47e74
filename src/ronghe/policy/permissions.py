"""What the policy room lets each role do."""

from ronghe.kernel.accounts.roles import BUSINESS, Role, permit

PLAN_VIEW = permit("policy.plan.view", "查看已公布的方案、条款、任务、单位和规则", {Role.PUBLIC})
PLAN_READ = permit("policy.plan.read", "解读方案文件", BUSINESS)
VALUE_ENTER = permit("policy.value.enter", "录入和撤下本地参数值", {Role.ZONE_OFFICE})
RULING_KEEP = permit("policy.ruling.keep", "存档裁量结论", BUSINESS)
RULING_VIEW = permit("policy.ruling.view", "查看存档的裁量结论", BUSINESS)
WORKDAYS_EDIT = permit("policy.workdays.edit", "改动工作日历", {Role.ZONE_OFFICE})
