"""Finds who acts, once per request, and ends a login that has lasted too long."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase

from ronghe.kernel import clock
from ronghe.kernel.actors import PUBLIC

from . import queries, services
from .access import Request

#: However busy, nobody stays signed in longer than a day's work.
LONGEST_LOGIN = timedelta(hours=12)

#: Key of the session.
SIGNED_IN_AT = "signed_in_at"

Answer = HttpResponseBase


class ActorMiddleware:
    """Sets ``request.at`` and ``request.actor``; without a session cookie it asks the database nothing.

    Works in both modes; in the asynchronous one everything is resolved before the view runs, so that an async view
    (an event stream) may read ``request.actor`` and ``request.user`` without touching the database.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer | Awaitable[Answer]]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer | Awaitable[Answer]:
        if self.is_async:
            return self._later(request)
        settle(cast(Request, request))
        return self.get_response(request)

    async def _later(self, request: HttpRequest) -> Answer:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            await sync_to_async(settle)(cast(Request, request))
        else:
            settle(cast(Request, request))
        return await cast(Awaitable[Answer], self.get_response(request))


def settle(request: Request) -> None:
    """Find the actor of a request that comes with a session; end the session when its time is over."""
    request.at = clock.now()
    request.actor = PUBLIC
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return
    if _lasted_too_long(request):
        logout(request)
        messages.info(request, "本次登录已满 12 小时，为保障安全已自动退出，请重新登录。")
        return
    key = request.session.session_key or ""
    services.keep_session(session_key=key, at=request.at)
    chosen = queries.chosen_capacity(session_key=key)
    request.actor = queries.chosen(request.user, key=chosen, on=clock.legal_day(request.at))


def _lasted_too_long(request: Request) -> bool:
    began = request.session.get(SIGNED_IN_AT)
    if began is None:
        request.session[SIGNED_IN_AT] = request.at.timestamp()
        return False
    return request.at - datetime.fromtimestamp(began, UTC) >= LONGEST_LOGIN
