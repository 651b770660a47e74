"""What the accounts room lets each role do. Every room has such a file; it is loaded when the platform starts."""

from .roles import Role, permit

USER_MANAGE = permit("accounts.user.manage", "新增、停用用户，重置密码", {Role.SYSTEM_ADMIN})
MEMBERSHIP_GRANT = permit("accounts.membership.grant", "授予和终止岗位、代理关系", {Role.SECURITY_ADMIN})
