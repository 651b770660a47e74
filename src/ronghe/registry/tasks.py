"""What the clock does: objections and advance notices lapse."""

from procrastinate.contrib.django import app

from ronghe.kernel import clock

from . import services


@app.periodic(cron="27 0 * * *")
@app.task(name="registry.lapse", queueing_lock="registry.lapse")
def lapse(timestamp: int) -> int:
    """Lift the objections on which nobody sued in time, and the advance notices on which nobody acted."""
    return services.lapse_restrictions(at=clock.now())
