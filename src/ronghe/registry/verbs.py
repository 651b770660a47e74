"""What the acts of this room are called."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs(
    {
        "registry.unit.opened": "设立不动产单元",
        "registry.unit.ended": "终止不动产单元",
        "registry.unit.split": "分割不动产单元",
        "registry.unit.merged": "合并不动产单元",
        "registry.unit.recoded": "房地一体换码",
        "registry.ground.changed": "空间单元变更",
        "registry.right.granted": "权利登簿",
        "registry.right.transferred": "权利转移",
        "registry.right.ended": "权利注销",
        "registry.right.corrected": "权利更正",
        "registry.restriction.placed": "限制登簿",
        "registry.restriction.lifted": "限制解除",
        "registry.duty.entered": "责任登簿",
        "registry.certificate.issued": "发证",
        "registry.certificate.recalled": "收回证书",
        "registry.exchange.asked": "提出导出登记簿",
        "registry.exchange.taken": "接收汇交文件",
        "registry.exchange.made": "生成导出文件",
        "registry.exchange.read": "下载导出文件",
        "registry.exchange.verified": "核验汇交包",
        "registry.exchange.applied": "导入承包交换表",
        "registry.reconciliation.asked": "提出对账",
        "registry.reconciliation.made": "完成对账",
        "registry.book.queried": "查询登记信息",
        "registry.parcel.described": "填报地块入市信息",
    }
)
