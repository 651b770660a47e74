"""Reads of jobs."""

from django.db.models import QuerySet

from ronghe.kernel.actors import Actor

from .errors import JobNotFound
from .models import Job


def jobs(actor: Actor, *, state: str = "") -> QuerySet[Job]:
    """One's jobs, newest first."""
    rows = Job.objects.visible_to(actor)
    return rows.filter(state=state) if state else rows


def job(job_id: int, *, actor: Actor) -> Job:
    """One's job. Raises: JobNotFound."""
    found = Job.objects.visible_to(actor).filter(pk=job_id).first()
    if found is None:
        raise JobNotFound(job_id=job_id)
    return found
