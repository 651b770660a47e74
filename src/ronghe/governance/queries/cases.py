"""The cases of a task: applications to close it, requests for another deadline."""

from django.db.models import QuerySet

from ronghe.kernel.actors import Actor
from ronghe.mechanisms.casework.models import Case

from ..models import Task

SUBJECT = "governance.task"
SIGN_OFF_KEY, EXTENSION_KEY = "governance.sign_off", "governance.extension"


def open_case_of(task: Task, procedure: str) -> Case | None:
    """The case of that procedure that is still open."""
    rows = Case.objects.filter(subject_type=SUBJECT, subject_id=str(task.pk), procedure=procedure)
    return rows.exclude(state__in=Case.OVER).order_by("-pk").first()


def cases_of(task: Task, *, actor: Actor) -> QuerySet[Case]:
    """All cases of a task that the actor may see, newest first."""
    rows = Case.objects.visible_to(actor).filter(subject_type=SUBJECT, subject_id=str(task.pk))
    return rows.order_by("-pk")
