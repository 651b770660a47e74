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
        "registry.demo.loaded": "载入演示数据",
        "registry.survey.taken": "上传调查成果",
        "registry.survey.stated": "说明后重新核对调查成果",
        "registry.survey.judged": "人工判定调查成果",
        "registry.survey.submitted": "提交批量首次登记",
        "registry.survey.entered": "批量首次登记登簿",
        "registry.certificate.printed": "打印证书",
        "registry.application.opened": "提出登记申请",
        "registry.application.amended": "补正登记申请",
        "registry.application.entered": "登簿",
        "registry.restriction.lapsed": "限制失效",
        "registry.restriction.kept": "记录限制是否失效的事实",
        "registry.member.entered": "成员入册",
        "registry.member.left": "成员出册",
        "registry.membership.applied": "申请成员身份确认或注销",
        "registry.membership.stated": "补充成员身份事实",
        "registry.filing.made": "转移备案",
        "registry.filing.renewed": "转移备案续办",
        "registry.filing.ended": "转移备案终止",
    }
)
