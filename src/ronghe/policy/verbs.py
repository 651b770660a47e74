"""What the acts of the policy room are called on pages."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs(
    {
        "policy.pack.loaded": "载入数据包",
        "policy.value.entered": "录入本地参数值",
        "policy.value.taken_back": "撤下本地参数值",
        "policy.ruling.kept": "存档裁量结论",
        "policy.workday.changed": "改动工作日历中的一天",
        "policy.workyear.entered": "录入全年节假日安排",
        "policy.draft.taken": "提交方案",
        "policy.draft.corrected": "更正方案草稿",
        "policy.draft.abandoned": "放弃方案草稿",
        "policy.draft.confirmed": "确认方案入库",
    }
)
