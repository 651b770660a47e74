"""消息: one's messages; opening one marks it and leads to its place."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.accounts.access import actor_of, signed_in
from ronghe.kernel.pages import Column, Filter, Listing, Option

from . import queries, services
from .models import Message


def _listing() -> Listing[Message]:
    return Listing(
        title="消息",
        columns=[
            Column("at", "时间", lambda m: clock.legal_day(m.at), order=("at",), kind="date"),
            Column("title", "消息", lambda m: m.title, template="inbox/_message.html", wide=True),
            Column("state", "状态", lambda m: "已读" if m.read_at else "未读"),
        ],
        filters=[Filter("state", "状态", options=[Option("unread", "未读"), Option("read", "已读")])],
        order=("-at", "-pk"),
        empty="没有消息",
        empty_next="有新的待办、到期提醒或后台工作完成时，会在这里告诉您。",
    )


@require_safe
@signed_in
def messages(request: HttpRequest) -> HttpResponse:
    """One's messages."""
    actor = actor_of(request)
    listing = _listing()
    asked = listing.asked(request.GET)
    rows = queries.messages(actor, state=asked.text("state"))
    context = {"unread": queries.unread_count(actor), "crumbs": [("消息", None)]}
    return listing.respond(request, asked, rows, template="inbox/messages.html", context=context)


@require_POST
@signed_in
def open_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Mark a message as read and go where it leads."""
    found = services.mark_read(message_id=message_id, actor=actor_of(request), at=clock.now())
    return redirect(found.href or reverse("inbox:messages"))


@require_POST
@signed_in
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    services.mark_all_read(actor=actor_of(request), at=clock.now())
    return redirect("inbox:messages")
