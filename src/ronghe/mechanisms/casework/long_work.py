"""Long work on cases."""

from typing import Any

from ronghe.kernel import clock
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.jobs import Work, job

from . import services


@job("casework.archive", title="归档办件")
def archive(work: Work, *, case_id: int) -> dict[str, Any]:
    """Make the package of a closed case."""
    made = services.build_archive(case_id=case_id, actor=SYSTEM, at=clock.now())
    return {"sha256": made.blob_id}
