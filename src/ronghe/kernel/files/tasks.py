"""Housekeeping of files."""

from datetime import timedelta

from procrastinate.contrib.django import app

from ronghe.kernel import clock


@app.periodic(cron="53 2 * * *")
@app.task(name="files.sweep", queueing_lock="files.sweep")
def sweep(timestamp: int) -> int:
    """Remove what refused acts left in the storage; a day later nobody can still be about to name it."""
    from . import services

    return services.sweep(before=clock.now() - timedelta(days=1))
