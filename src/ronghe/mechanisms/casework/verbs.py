"""What the acts of this room are called."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs(
    {
        "casework.case.opened": "提出办件",
        "casework.case.moved": "处理办件",
        "casework.case.handed_over": "领办或移交办件",
        "casework.case.archived": "办件归档",
        "casework.material.attached": "提交材料",
        "casework.material.removed": "撤换材料",
        "casework.notice.objected": "提出公示异议",
        "casework.objection.answered": "处理公示异议",
        "casework.deadline.recounted": "重算办理期限",
    }
)
