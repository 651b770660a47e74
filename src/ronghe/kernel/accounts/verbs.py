"""What this room's acts are called on the auditors' pages."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs(
    {
        "accounts.user.created": "新增用户",
        "accounts.user.deactivated": "停用用户",
        "accounts.user.activated": "重新启用用户",
        "accounts.password.changed": "修改密码",
        "accounts.password.reset": "重置密码",
        "accounts.login.failed": "登录失败",  # in older records only: failures are counted, not recorded one by one
        "accounts.login.locked": "登录锁定",
        "accounts.network.held_off": "暂停来源网络登录",
        "accounts.session.opened": "登录",
        "accounts.session.closed": "退出登录",
        "accounts.session.ended": "退出其他设备",
        "accounts.session.switched": "切换身份",
        "accounts.membership.granted": "授予岗位",
        "accounts.membership.ended": "终止岗位",
        "accounts.mandate.given": "登记代理关系",
        "accounts.mandate.ended": "终止代理关系",
        "accounts.token.created": "创建访问令牌",
        "accounts.token.revoked": "撤销访问令牌",
        "accounts.view.saved": "保存列表筛选",
        "accounts.view.renamed": "改列表筛选的名称",
        "accounts.view.removed": "删除列表筛选",
    }
)
