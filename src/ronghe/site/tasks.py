"""Housekeeping jobs: what has ended is cleared away, so that tables do not grow for ever."""

from datetime import timedelta

from django.core.management import call_command
from procrastinate.contrib.django import app

from ronghe.kernel import clock

#: Hours that a finished job stays to be looked at.
KEEP_JOBS_HOURS = 24 * 7


@app.periodic(cron="41 2 * * *")
@app.task(name="site.clear_sessions", queueing_lock="site.clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Remove sessions that have expired."""
    call_command("clearsessions")


@app.periodic(cron="47 2 * * *")
@app.task(name="site.clear_jobs", queueing_lock="site.clear_jobs", pass_context=True)
async def clear_jobs(context: object, timestamp: int) -> None:
    """Remove jobs that ended well some days ago; failed ones stay until somebody has looked at them."""
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_JOBS_HOURS)


@app.periodic(cron="59 2 * * *")
@app.task(name="site.clear_answers", queueing_lock="site.clear_answers")
def clear_answers(timestamp: int) -> int:
    """Forget first answers that nobody repeats any more; returns how many."""
    from .models import FirstAnswer

    before = clock.now() - timedelta(hours=KEEP_JOBS_HOURS)
    return FirstAnswer.objects.filter(at__lt=before).delete()[0]
