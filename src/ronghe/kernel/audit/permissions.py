"""What the audit room lets each role do."""

from ronghe.kernel.accounts.roles import Role, permit

EVENT_VIEW = permit("audit.event.view", "查看审计记录和封存状态", {Role.AUDITOR})
