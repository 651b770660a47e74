"""What the clock does: notices end, people are reminded, deadlines are counted again."""

from procrastinate.contrib.django import app

from ronghe.kernel import clock

from . import services


@app.periodic(cron="7 * * * *")
@app.task(name="casework.end_notices", queueing_lock="casework.end_notices")
def end_notices(timestamp: int) -> int:
    """Cases whose notice has ended without objection go on; its end is counted by what is known this minute."""
    services.recount_deadlines(at=clock.now())
    return services.end_due_notices(at=clock.now())


@app.periodic(cron="12 0 * * *")
@app.task(name="casework.remind", queueing_lock="casework.remind")
def remind(timestamp: int) -> int:
    """Reminders of what is due soon, and of what is overdue."""
    return services.remind(at=clock.now())


@app.periodic(cron="22 * * * *")
@app.task(name="casework.recount", queueing_lock="casework.recount")
def recount(timestamp: int) -> int:
    """Deadlines in years that were announced meanwhile."""
    return services.recount_deadlines(at=clock.now())
