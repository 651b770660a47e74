"""Long work of the policy room."""

from typing import Any

from ronghe.kernel import clock
from ronghe.kernel.jobs import Work, job

from .services import drafts


@job("policy.read_plan", title="阅读方案")
def read_plan(work: Work, *, draft_id: int) -> dict[str, Any]:
    """Read a plan that was taken in."""
    return drafts.read_draft(work, draft_id=draft_id, at=clock.now())
