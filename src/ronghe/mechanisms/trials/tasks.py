"""Jobs of trials: run one in the background; take up those whose worker is gone."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.job_context import JobContext

from ronghe.kernel import clock


@app.task(name="trials.run", pass_context=True)
def run(context: JobContext, trial_id: int) -> bool:
    """Run a trial; does nothing where another worker has it or it is over."""
    from .running import run_trial

    return run_trial(trial_id=trial_id, now=clock.now, stop=context.should_abort)


@app.periodic(cron="* * * * *")
@app.task(name="trials.take_up", queueing_lock="trials.take_up", pass_context=False)
def take_up(timestamp: int) -> int:
    """Queue again what runs without a runner: its worker was stopped or killed. Returns how many there were."""
    from .queries import left_behind

    found = left_behind()
    for trial_id in found:
        try:
            with transaction.atomic():
                run.configure(queueing_lock=f"trials.run.{trial_id}").defer(trial_id=trial_id)
        except AlreadyEnqueued:
            continue  # waits already, behind other work
    return len(found)
