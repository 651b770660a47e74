"""Long work of the zone's office."""

from typing import Any

from ronghe.kernel import clock
from ronghe.kernel.jobs import Work, job

from . import services


@job("governance.read_plan", title="阅读方案")
def read_plan(work: Work, *, draft_id: int) -> dict[str, Any]:
    """Read a plan that was taken in, and bring its case on."""
    return services.read_plan(work, draft_id=draft_id, at=clock.now())
