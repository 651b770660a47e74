"""Reads of plan drafts: the list, and one."""

from django.db.models import QuerySet

from ronghe.kernel.actors import Actor

from ..models import PlanDraft
from ..services.drafts import DraftNotFound


def drafts(actor: Actor, *, state: str = "") -> QuerySet[PlanDraft]:
    """The drafts that the actor may see, newest first."""
    rows = PlanDraft.objects.visible_to(actor).select_related("division", "made_by", "zone", "job").defer("reading")
    return rows.filter(state=state) if state else rows


def draft(draft_id: int, *, actor: Actor) -> PlanDraft:
    """One draft. Raises: DraftNotFound."""
    rows = PlanDraft.objects.visible_to(actor).select_related("division", "made_by", "zone", "job", "confirmed_by")
    found = rows.filter(pk=draft_id).first()
    if found is None:
        raise DraftNotFound(draft_id=draft_id)
    return found
