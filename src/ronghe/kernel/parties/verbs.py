"""What the acts of parties are called on pages."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs(
    {
        "parties.party.registered": "登记权利人",
        "parties.many.registered": "成批登记权利人",
        "parties.party.renamed": "变更名称",
        "parties.party.ended": "终止权利人",
        "parties.party.merged": "合并重复权利人",
        "parties.party.unmerged": "撤销合并",
        "parties.party.erased": "删除个人信息",
        "parties.identifier.set": "登记或变更证件号码",
        "parties.identifier.closed": "注销证件号码",
        "parties.identifier.unmasked": "查看证件号码明文",
        "parties.representative.set": "变更法定代表人",
        "parties.household.joined": "成员迁入",
        "parties.household.left": "成员迁出",
        "parties.household.married_in": "成员婚入",
        "parties.household.born": "成员出生",
        "parties.household.died": "成员死亡",
        "parties.household.split": "分户",
        "parties.household.head_changed": "户主变更",
    }
)
