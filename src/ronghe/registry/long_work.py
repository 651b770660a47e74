"""Long work of the register."""

from typing import Any

from ronghe.kernel import clock
from ronghe.kernel.actors import Actor
from ronghe.kernel.jobs import Work, job

from .services import legacy


@job("registry.find_legacy", title="查找宅基地历史遗留")
def find_legacy(work: Work, *, division: str, by: dict[str, Any]) -> dict[str, Any]:
    """Search the register for households with more than one homestead and plots above the standard."""
    return legacy.list_found(work, division=division, actor=Actor.from_args(by), at=clock.now())
