"""What parties let each role do.

Leaders see and do not open numbers. Merging joins what two windows have registered, so that the department does it and
not one of the two. Personal data are erased by the security administrator, who cannot read them (三员分立): nobody who
works with a record can make it unreadable.
"""

from ronghe.kernel.accounts.roles import BUSINESS, Role, permit

PARTY_VIEW = permit("parties.view", "查看管辖范围内的权利人；代理人查看所代理的权利人", BUSINESS | {Role.SELF})
PARTY_EDIT = permit("parties.edit", "登记和变更权利人、农户成员和证件号码", {Role.TOWN_WINDOW, Role.DEPARTMENT})
PARTY_UNMASK = permit(
    "parties.unmask", "写明用途后查看证件号码明文", {Role.TOWN_WINDOW, Role.DEPARTMENT, Role.ZONE_OFFICE}
)
PARTY_MERGE = permit("parties.merge", "合并重复的权利人，撤销合并", {Role.DEPARTMENT})
PARTY_ERASE = permit("parties.erase", "依申请删除权利人的个人信息", {Role.SECURITY_ADMIN})
