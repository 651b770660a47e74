"""What the acts of trials are called on pages."""

from ronghe.kernel.audit.verbs import name_verbs

name_verbs(
    {
        "trials.trial.started": "开始试算",
        "trials.trial.cancelled": "取消试算",
        "trials.trial.finished": "完成试算",
        "trials.trial.failed": "试算中断",
    }
)
