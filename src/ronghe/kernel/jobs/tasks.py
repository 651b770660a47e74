"""The worker's side of jobs: run one; take up those whose worker is gone."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.job_context import JobContext

from ronghe.kernel import clock

from .models import Job
from .running import has_runner, run_job


@app.task(name="jobs.run", pass_context=True)
def run(context: JobContext, job_id: int) -> bool:
    """Run a job; does nothing where another worker has it or it is over."""
    return run_job(job_id=job_id, now=clock.now, stop=context.should_abort)


@app.periodic(cron="* * * * *")
@app.task(name="jobs.take_up", queueing_lock="jobs.take_up")
def take_up(timestamp: int) -> int:
    """Queue again what runs without a runner: its worker was stopped or killed. Returns how many there were."""
    running = Job.objects.filter(state=Job.State.RUNNING).values_list("pk", flat=True)
    found = [job_id for job_id in running if not has_runner(job_id)]
    for job_id in found:
        try:
            with transaction.atomic():
                run.configure(queueing_lock=f"jobs.run.{job_id}").defer(job_id=job_id)
        except AlreadyEnqueued:
            continue  # waits already, behind other work
    return len(found)
