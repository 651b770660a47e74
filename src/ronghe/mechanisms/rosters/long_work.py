"""Long work on lists."""

from typing import Any

from ronghe.kernel import clock
from ronghe.kernel.actors import Actor
from ronghe.kernel.jobs import Work, job

from . import services


@job("rosters.check", title="核对台账文件")
def check(work: Work, *, import_id: int) -> dict[str, Any]:
    """Check a file whole."""
    return services.check_import(work, import_id=import_id, at=clock.now())


@job("rosters.apply", title="导入台账")
def apply(work: Work, *, import_id: int, by: dict[str, Any]) -> dict[str, Any]:
    """Write a sound file whole."""
    return services.apply_import(work, import_id=import_id, actor=Actor.from_args(by), at=clock.now())
