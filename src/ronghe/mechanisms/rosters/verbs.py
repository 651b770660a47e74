"""What the acts of this room are called."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs(
    {
        "rosters.record.created": "新增台账记录",
        "rosters.record.changed": "修改台账记录",
        "rosters.record.ended": "终止台账记录",
        "rosters.record.moved": "台账记录状态转换",
        "rosters.secret.unmasked": "查看台账完整内容",
        "rosters.import.taken": "上传台账文件",
        "rosters.import.applied": "导入台账",
        "rosters.list.exported": "导出台账",
    }
)
