"""Housekeeping of the room: failures that hold nobody off any more."""

from procrastinate.contrib.django import app

from ronghe.kernel import clock


@app.periodic(cron="53 2 * * *")
@app.task(name="accounts.forget_failures", queueing_lock="accounts.forget_failures")
def forget_failures(timestamp: int) -> int:
    """Clear away failed logins that count no more; returns how many rows went."""
    from . import services

    return services.forget_failures(at=clock.now())
