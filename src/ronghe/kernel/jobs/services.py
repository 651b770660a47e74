"""Commands on jobs: start one, cancel one; run one in the foreground."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ronghe.kernel import clock
from ronghe.kernel.actors import Actor

from .declared import KINDS
from .errors import JobNotFound, JobOver
from .models import Job
from .running import run_job


@transaction.atomic
def start(
    kind: str,
    *,
    args: Mapping[str, Any],
    title: str = "",
    href: str = "",
    division: str | None = None,
    actor: Actor,
    at: datetime,
) -> Job:
    """Queue a job in the transaction of the act that needs it: it is there exactly when the act is.

    Raises: ValueError for a kind that no room declares: our bug.
    """
    from . import tasks

    if kind not in KINDS:
        raise ValueError(f"no room declares the job {kind}")
    made = Job.objects.create(
        kind=kind,
        title=(title or KINDS[kind].title)[:120],
        args=dict(args),
        href=href,
        user_id=actor.user_id,
        division_id=division or actor.division,
        made_at=at,
    )
    tasks.run.defer(job_id=made.pk)
    return made


def run_here(job_id: int) -> Job:
    """Run a job in the foreground, without a worker: command line, measurements, tests. Raises: JobNotFound."""
    run_job(job_id=job_id, now=clock.now)
    found = Job.objects.filter(pk=job_id).first()
    if found is None:
        raise JobNotFound(job_id=job_id)
    return found


@transaction.atomic
def cancel(*, job_id: int, actor: Actor, at: datetime) -> Job:
    """Cancel one's job: what it has not yet written for good is undone. A repeat changes nothing. Locks: Job.

    Raises: JobNotFound, JobOver.
    """
    found = Job.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=job_id).first()
    if found is None:
        raise JobNotFound(job_id=job_id)
    if found.state == Job.State.CANCELLED:
        return found
    if found.is_over:
        raise JobOver(job_id=job_id, state=found.get_state_display())
    found.state, found.ended_at = Job.State.CANCELLED, at
    found.save(update_fields=["state", "ended_at"])
    return found
