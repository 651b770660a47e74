"""What the clock does: units are reminded of tasks whose light has turned."""

from procrastinate.contrib.django import app

from ronghe.kernel import clock

from . import services


@app.periodic(cron="17 0 * * *")
@app.task(name="governance.remind", queueing_lock="governance.remind")
def remind(timestamp: int) -> int:
    """Reminders of tasks that are near their deadline, behind, or overdue, once per light."""
    return services.remind_tasks(at=clock.now())
