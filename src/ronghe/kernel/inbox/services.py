"""Telling users, and their marking what they have read."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from ronghe.kernel.actors import Actor

from .errors import MessageNotFound
from .models import Message


def tell(user_ids: Iterable[int | None], *, title: str, text: str = "", href: str = "", at: datetime) -> None:
    """Leave a message for each of the users, once each, in the transaction of the act that it tells of.

    A message repeats no personal values: it says what has happened and leads there.
    """
    Message.objects.bulk_create(
        [
            Message(user_id=user, title=title[:120], text=text[:400], href=href, at=at)
            for user in sorted({user for user in user_ids if user is not None})
        ],
        batch_size=1000,
    )


@transaction.atomic
def mark_read(*, message_id: int, actor: Actor, at: datetime) -> Message:
    """Mark one's message as read. A repeat keeps the first time. Raises: MessageNotFound."""
    found = Message.objects.visible_to(actor).filter(pk=message_id).first()
    if found is None:
        raise MessageNotFound(message_id=message_id)
    Message.objects.filter(pk=found.pk, read_at=None).update(read_at=at)
    found.refresh_from_db(fields=["read_at"])
    return found


def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """Mark all one's messages as read; returns how many were not."""
    return Message.objects.visible_to(actor).filter(read_at=None).update(read_at=at)
