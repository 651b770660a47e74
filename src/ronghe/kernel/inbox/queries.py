"""Reads of messages."""

from django.db.models import QuerySet

from ronghe.kernel.actors import Actor

from .models import Message

#: Beyond this the header says "99+".
MOST_SHOWN = 99


def messages(actor: Actor, *, state: str = "") -> QuerySet[Message]:
    """One's messages, newest first; ``state`` unread or read."""
    rows = Message.objects.visible_to(actor)
    if state:
        rows = rows.filter(read_at__isnull=state == "unread")
    return rows


def unread_count(actor: Actor) -> int:
    """How many of one's messages are unread, counted no further than the header shows."""
    return Message.objects.visible_to(actor).filter(read_at=None).order_by()[: MOST_SHOWN + 1].count()
