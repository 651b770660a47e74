"""Two workers, two persons, one trial: at the same moment."""

import threading

from ronghe.kernel.actors import SYSTEM
from ronghe.mechanisms.trials import running, services
from ronghe.mechanisms.trials.models import Trial, TrialRow
from ronghe.policy.tests.factories import load
from ronghe.site.testing import in_parallel

from .factories import HEAD, NOON, trial

MANY = HEAD + "".join(f"{n},{n % 12},否,是,是\n" for n in range(3_000))


def test_a_second_worker_does_nothing(fresh_database, monkeypatch):
    """Seen to fail with the advisory lock taken out: both compute the first rows."""
    load("national", "qingdao")
    made = trial(MANY)
    computing: list[int] = []
    begun = threading.Event()
    both_asked = threading.Barrier(2, timeout=10)
    usual = running._work

    def work(of, stop, tell):
        computing.append(of.pk)
        begun.set()
        both_asked.wait()
        return usual(of, stop, tell)

    monkeypatch.setattr(running, "_work", work)

    def second() -> bool:
        assert begun.wait(10)
        done = running.run_trial(trial_id=made.pk, now=lambda: NOON)
        both_asked.wait()
        return done

    outcomes = in_parallel(lambda: running.run_trial(trial_id=made.pk, now=lambda: NOON), second)
    assert outcomes == [True, False]
    assert computing == [made.pk]
    assert TrialRow.objects.filter(trial=made).count() == 3_000


def test_a_cancel_amid_the_work_keeps_whole_chunks_and_nothing_after(fresh_database, monkeypatch):
    """Seen to fail with the state taken out of the condition under which rows are kept: they come after the end, which
    the database's trigger refuses."""
    load("national", "qingdao")
    made = trial(MANY)
    monkeypatch.setattr(running, "SECONDS_BETWEEN", 0)
    first_rows, cancelled = threading.Event(), threading.Event()

    def tell(done: int) -> None:
        first_rows.set()
        assert cancelled.wait(10)

    def cancel() -> Trial:
        assert first_rows.wait(10)
        found = services.cancel_trial(trial_id=made.pk, actor=SYSTEM, at=NOON)
        cancelled.set()
        return found

    outcomes = in_parallel(lambda: running.run_trial(trial_id=made.pk, now=lambda: NOON, tell=tell), cancel)
    assert outcomes[0] is True
    made.refresh_from_db()
    assert (made.state, made.done_count) == ("cancelled", 1_000)
    assert TrialRow.objects.filter(trial=made).count() == 1_000
    assert sum(group[3] for group in made.summary["groups"]) == 1_000


def test_a_start_repeated_at_once_queues_one_job(fresh_database):
    """Seen to fail with ``select_for_update`` taken out of ``_locked``: two jobs wait."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    load("national", "qingdao")
    made = trial()
    outcomes = in_parallel(*[lambda: services.start_trial(trial_id=made.pk, actor=SYSTEM, at=NOON) for _ in range(3)])
    assert {type(one) for one in outcomes} == {Trial}
    assert ProcrastinateJob.objects.filter(task_name="trials.run").count() == 1
