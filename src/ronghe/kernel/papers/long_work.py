"""Long work on papers."""

from typing import Any

from ronghe.kernel import clock
from ronghe.kernel.actors import Actor
from ronghe.kernel.jobs import Work, job

from . import services


@job("papers.batch", title="批量制证")
def batch(work: Work, *, batch_id: int, by: dict[str, Any]) -> dict[str, Any]:
    """Issue the papers of a batch."""
    return services.make_batch(work, batch_id=batch_id, actor=Actor.from_args(by), at=clock.now())
