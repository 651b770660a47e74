"""Long work on layers."""

from typing import Any

from ronghe.kernel import clock
from ronghe.kernel.actors import Actor
from ronghe.kernel.jobs import Work, job

from . import services


@job("spatial.check", title="核对图层文件")
def check(work: Work, *, import_id: int) -> dict[str, Any]:
    """Check a file whole."""
    return services.check_import(work, import_id=import_id, at=clock.now())


@job("spatial.apply", title="导入图层")
def apply(work: Work, *, import_id: int, by: dict[str, Any]) -> dict[str, Any]:
    """Write a sound file whole."""
    return services.apply_import(work, import_id=import_id, actor=Actor.from_args(by), at=clock.now())


@job("spatial.analyse", title="空间分析")
def analyse(work: Work, *, analysis_id: int) -> dict[str, Any]:
    """Check the topology of a layer, or overlay two."""
    return services.run_analysis(work, analysis_id=analysis_id, at=clock.now())
