"""What the governance room lets each role do."""

from ronghe.kernel.accounts.roles import Role, permit

PLAN_INTAKE = permit("governance.plan.intake", "方案入库：提交、校核、确认", {Role.ZONE_OFFICE, Role.LEADER})
