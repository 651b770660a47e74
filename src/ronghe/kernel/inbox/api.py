"""The API of messages: one's own, newest first."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, signed_in
from ronghe.kernel.api_types import Cursor, Number, Size
from ronghe.kernel.paging import page

from . import queries, services

router = Router(tags=["消息"])


class MessageOut(Schema):
    """一条消息."""

    id: int
    at: datetime
    title: str
    text: str
    href: str = Field(description="站内地址")
    read_at: datetime | None


class MessagesOut(Schema):
    """一页消息."""

    items: list[MessageOut]
    next: str | None = Field(description="下一页的翻页标记")


@router.get("/messages", response=MessagesOut, summary="我的消息")
@signed_in
def list_messages(request: HttpRequest, cursor: Cursor = None, size: Size = 50) -> Any:
    """One's messages."""
    found = page(queries.messages(actor_of(request)), order=("-at", "-pk"), cursor=cursor, size=size)
    return {"items": found.rows, "next": found.next}


@router.post("/messages/{message_id}/read", response=MessageOut, summary="标为已读")
@signed_in
def read_message(request: HttpRequest, message_id: Number) -> Any:
    """Mark one as read."""
    return services.mark_read(message_id=message_id, actor=actor_of(request), at=clock.now())
