"""Refusals of long work."""

from ronghe.kernel.errors import Conflict, NotFound


class JobNotFound(NotFound):
    """No such job, or somebody else's."""

    code = "jobs.job_not_found"
    message = "没有找到第 {job_id} 号后台任务。"


class JobOver(Conflict):
    """It has ended: nothing is left to cancel."""

    code = "jobs.job_over"
    message = "第 {job_id} 号后台任务{state}，不能再取消。"
