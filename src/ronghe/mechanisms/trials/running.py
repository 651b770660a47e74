"""Running a trial: chunk by chunk from the archived table into rows of results, by one runner at a time.

A chunk's rows and the progress they make are one transaction. So a trial whose worker was killed goes on behind the last
kept row, a cancelled one keeps what was kept, and memory holds a few chunks however long the table is.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.services import record
from ronghe.kernel.errors import DomainError
from ronghe.policy import queries as policy
from ronghe.policy.rulebook import Given, rule_named

from . import archive
from .evaluation import Compared, RowFailed, evaluate
from .models import TableChunk, Trial
from .summary import summarised

#: Rows are kept, and progress told, about twice a second: often enough for a person, seldom enough for the database.
SECONDS_BETWEEN = 0.5
#: However fast the rule is, so many rows at most wait in memory.
MOST_WAITING = 20_000

#: First half of the advisory lock of a trial's runner ("tria" in ASCII); the second is the trial's number.
RUNNER_LOCK = 0x74726961

Now = Callable[[], datetime]
Results = list[tuple[archive.ArchivedRow, Compared]]

_COPY = (
    "COPY trials_trialrow "
    "(trial_id, line, name, verdict_a, verdict_b, change, value_a, value_b, number_a, number_b) FROM STDIN"
)


def run_trial(
    *,
    trial_id: int,
    now: Now,
    stop: Callable[[], bool] = lambda: False,
    tell: Callable[[int], None] = lambda done: None,
) -> bool:
    """Run a trial to its end; False when another runner has it, or it is over. A killed runner's trial goes on.

    Args: ``now`` is the edge's clock, for when the work begins and ends; ``stop`` is asked between chunks: a worker
        that must go leaves the trial to the next; ``tell`` hears how many rows are done.
    """
    with _only_runner(trial_id) as mine:
        if not mine or not _claimed(trial_id, at=now()):
            return False
        trial = Trial.objects.select_related("zone", "table").get(pk=trial_id)
        try:
            if _work(trial, stop, tell):
                _finish(trial, at=now())
        except RowFailed as error:
            _fail(trial, f"第 {error.row.line:,} 行：{error.why}", at=now())
            if error.is_ours:
                raise
        except DomainError as error:
            _fail(trial, error.text, at=now())
    return True


@contextmanager
def _only_runner(trial_id: int) -> Iterator[bool]:
    """Whether this connection alone runs the trial; the database gives the lock back when a killed runner is gone."""
    key = [RUNNER_LOCK, trial_id & 0x7FFFFFFF]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def has_runner(trial_id: int) -> bool:
    """Whether somebody runs the trial at this moment."""
    with _only_runner(trial_id) as mine:
        return not mine


@transaction.atomic
def _claimed(trial_id: int, *, at: datetime) -> bool:
    """Whether the trial waits, or was left by a runner that is gone; from now on it runs."""
    waiting = Trial.objects.filter(pk=trial_id, state__in=(Trial.State.DRAFT, Trial.State.QUEUED))
    if waiting.update(state=Trial.State.RUNNING, started_at=at):
        return True
    return Trial.objects.filter(pk=trial_id, state=Trial.State.RUNNING).exists()


def _work(trial: Trial, stop: Callable[[], bool], tell: Callable[[int], None]) -> bool:
    """Compute what is not yet computed; False when it was cancelled, or the runner must go."""
    rule = rule_named(trial.rule)
    a, b = givens(trial)
    read = archive.facts_reader(rule, trial.table.columns)
    done = trial.done_count
    waiting: Results = []
    kept_at = time.monotonic()
    for rows in _chunks(trial):
        waiting += evaluate(rule, ((row, read(row.facts)) for row in rows), a, b)
        if len(waiting) < MOST_WAITING and time.monotonic() - kept_at < SECONDS_BETWEEN:
            continue
        if not _keep(trial, done, waiting):
            return False
        done += len(waiting)
        tell(done)
        waiting, kept_at = [], time.monotonic()
        if stop():
            return False
    if waiting:
        if not _keep(trial, done, waiting):
            return False
        tell(done + len(waiting))
    return True


def givens(trial: Trial) -> tuple[Given, Given | None]:
    """Both sets of parameters as they were archived."""
    a = Given(policy.from_snapshot(one) for one in trial.given_a)
    return a, None if trial.given_b is None else Given(policy.from_snapshot(one) for one in trial.given_b)


def _chunks(trial: Trial) -> Iterator[list[archive.ArchivedRow]]:
    """The rows behind those that are done. Results are kept by whole chunks, so that this is a boundary of chunks."""
    before = 0
    for pk, count in TableChunk.objects.filter(table=trial.table_id).values_list("pk", "row_count"):
        before += count
        if before > trial.done_count:
            yield list(archive.unpacked(bytes(TableChunk.objects.values_list("content", flat=True).get(pk=pk))))


@transaction.atomic
def _keep(trial: Trial, done: int, results: Results) -> bool:
    """Write rows and progress together; False, and nothing written, when the trial runs no more or went on elsewhere."""
    here = Trial.objects.filter(pk=trial.pk, state=Trial.State.RUNNING, done_count=done)
    if not here.update(done_count=done + len(results)):
        return False
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row, found in results:
            copy.write_row(_columns(trial.pk, row, found))
    return True


def _columns(trial_id: int, row: archive.ArchivedRow, found: Compared) -> tuple[Any, ...]:
    a, b = found.a, found.b
    return (
        trial_id,
        row.line,
        row.name,
        a.verdict,
        "" if b is None else b.verdict,
        "" if found.change is None else found.change.value,
        a.value,
        "" if b is None else b.value,
        None if a.number is None else float(a.number),
        None if b is None or b.number is None else float(b.number),
    )


@transaction.atomic
def _finish(trial: Trial, *, at: datetime) -> None:
    here = Trial.objects.filter(pk=trial.pk, state=Trial.State.RUNNING)
    if here.update(state=Trial.State.DONE, ended_at=at, summary=summarised(trial)):
        facts = {"rows": trial.row_count}
        record(
            verb="trials.trial.finished", subject=trial, actor=SYSTEM, at=at, division=trial.zone.seat_id, facts=facts
        )


@transaction.atomic
def _fail(trial: Trial, why: str, *, at: datetime) -> None:
    here = Trial.objects.filter(pk=trial.pk, state=Trial.State.RUNNING)
    if here.update(state=Trial.State.FAILED, ended_at=at, failure=why[:400], summary=summarised(trial)):
        facts = {"rows": trial.row_count}
        record(verb="trials.trial.failed", subject=trial, actor=SYSTEM, at=at, division=trial.zone.seat_id, facts=facts)
