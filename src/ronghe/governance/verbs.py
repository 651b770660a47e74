"""What the acts of this room are called."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs(
    {
        "governance.ledger.kept": "任务列入台账",
        "governance.tasks.due_set": "核定任务期限",
        "governance.tasks.issued": "交办任务",
        "governance.task.moved": "任务状态变动",
        "governance.task.signed_for": "签收任务",
        "governance.task.divided": "分解子任务",
        "governance.task.extended": "任务延期",
        "governance.task.reminded": "任务提醒",
        "governance.node.added": "增加任务节点",
        "governance.progress.reported": "上报进展",
        "governance.sheet.issued": "签发督办单",
        "governance.sheet.answered": "回复督办单",
        "governance.sheet.closed": "办结督办单",
        "governance.meeting.called": "召集联席会议",
        "governance.meeting.changed": "修改会议",
        "governance.meeting.minuted": "印发会议纪要",
        "governance.figures.frozen": "冻结期末数据",
        "governance.report.written": "撰写报告",
        "governance.report.submitted": "报告送审",
        "governance.report.returned": "报告退改",
        "governance.report.archived": "报告审定归档",
    }
)
