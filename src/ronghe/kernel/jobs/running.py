"""Running a job: by one runner at a time, with its progress on a connection of its own.

The work itself may be one long transaction (all or nothing); its progress must be seen meanwhile, and a cancel heard.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from ronghe.kernel.errors import DomainError
from ronghe.kernel.inbox.services import tell

from .declared import KINDS, Cancelled
from .models import Job

log = logging.getLogger(__name__)

#: First half of the advisory lock of a job's runner ("jobs" in ASCII); the second is the job's number.
RUNNER_LOCK = 0x6A6F6273
#: Progress is told about twice a second: often enough for a person, seldom enough for the database.
SECONDS_BETWEEN = 0.5

Now = Callable[[], datetime]


class Runner:
    """The hand that a running job has on its own row."""

    def __init__(self, job_id: int, line: BaseDatabaseWrapper, stop: Callable[[], bool]) -> None:
        self.job_id, self._line, self._stop = job_id, line, stop
        self._told_at = 0.0

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """Raises: Cancelled."""
        moment = time.monotonic()
        if moment - self._told_at < SECONDS_BETWEEN and done != total:
            return
        self._told_at = moment
        with self._line.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_job SET done_count = %s, total_count = %s, note = %s WHERE id = %s AND state = 'running'",
                [min(done, total) if total is not None else done, total, note[:120], self.job_id],
            )
            if not cursor.rowcount:
                raise Cancelled

    def must_stop(self) -> bool:
        return self._stop()


def run_job(*, job_id: int, now: Now, stop: Callable[[], bool] = lambda: False) -> bool:
    """Run a job to its end; False when another runner has it, it is over, or the worker must go."""
    with _only_runner(job_id) as mine:
        if not mine:
            return False
        if not _claimed(job_id, at=now()):
            return False
        found = Job.objects.get(pk=job_id)
        try:
            with _own_line() as line:
                result = KINDS[found.kind].function(Runner(job_id, line, stop), **found.args)
        except Cancelled:
            return True
        except DomainError as error:
            _end(found, Job.State.FAILED, at=now(), failure=error.text, failure_code=error.code)
        except Exception:
            # The person gets a plain word, the log the whole story; the worker goes on with other work.
            log.exception("job %s (%s) failed", job_id, found.kind)
            text = f"平台内部错误，已记入日志（后台任务 {job_id}）。请联系系统管理员。"
            _end(found, Job.State.FAILED, at=now(), failure=text, failure_code="ronghe.error")
        else:
            if stop() and result is None:
                return False
            _end(found, Job.State.DONE, at=now(), result=dict(result) if result else None)
    return True


@contextmanager
def _own_line() -> Iterator[BaseDatabaseWrapper]:
    """A connection beside the one that works; inside a caller's transaction the same, for nothing else sees the job."""
    if connection.in_atomic_block:
        yield connection
        return
    line = connection.copy()
    try:
        yield line
    finally:
        line.close()


@contextmanager
def _only_runner(job_id: int) -> Iterator[bool]:
    """Whether this connection alone runs the job; the database gives the lock back when a killed runner is gone."""
    key = [RUNNER_LOCK, job_id & 0x7FFFFFFF]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def has_runner(job_id: int) -> bool:
    """Whether somebody runs the job at this moment."""
    with _only_runner(job_id) as mine:
        return not mine


@transaction.atomic
def _claimed(job_id: int, *, at: datetime) -> bool:
    """Whether the job waits, or was left by a runner that is gone; from now on it runs."""
    if Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(state=Job.State.RUNNING, started_at=at):
        return True
    return Job.objects.filter(pk=job_id, state=Job.State.RUNNING).exists()


@transaction.atomic
def _end(found: Job, state: Job.State, *, at: datetime, **facts: Any) -> None:
    """Write the end, unless it was cancelled meanwhile, and tell whoever asked for it."""
    running = Job.objects.filter(pk=found.pk, state=Job.State.RUNNING)
    if not running.update(state=state, ended_at=at, **facts):
        return
    title = f"{found.title}：{state.label}"
    tell([found.user_id], title=title, text=str(facts.get("failure", ""))[:400], href=address_of(found), at=at)


def address_of(found: Job) -> str:
    """Where the job or its result is seen."""
    return found.href or f"/jobs/{found.pk}/"
