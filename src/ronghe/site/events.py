"""Signs of life: ``/healthz`` for whoever watches the processes, ``/events/health`` for the open page."""

import asyncio
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ronghe.kernel.accounts.access import public

#: Seconds between two heartbeats of an open stream.
HEARTBEAT_SECONDS = 5

#: Set when this process is asked to stop: open streams then end at once instead of holding it up.
closing = asyncio.Event()


@never_cache
@require_safe
@public
def health(request: HttpRequest) -> HttpResponse:
    """``ok`` when the database answers and is migrated; 503 with the reason in one word otherwise."""
    try:
        if migrations_missing():
            return HttpResponse("migrations\n", content_type="text/plain", status=503)
    except DatabaseError:
        return HttpResponse("database\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


def migrations_missing() -> bool:
    """Whether this version has a migration that the database has not."""
    from .migrating import applied, on_disk

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return not on_disk() <= applied()


@never_cache
@public
async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Server-sent events: a heartbeat every few seconds, until the page or the process goes."""
    answer = StreamingHttpResponse(released(_heartbeats()), content_type="text/event-stream; charset=utf-8")
    answer["X-Accel-Buffering"] = "no"
    return answer


async def released(messages: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The messages of a stream, after the request's database connection has gone back to the pool.

    Django gives it back when the answer ends, and a stream does not end: a few open pages would use up the pool.
    """
    await sync_to_async(connections.close_all)()
    async for message in messages:
        yield message


async def _heartbeats() -> AsyncIterator[bytes]:
    while not closing.is_set():
        yield b"event: heartbeat\ndata: ok\n\n"
        try:
            await asyncio.wait_for(closing.wait(), HEARTBEAT_SECONDS)
        except TimeoutError:
            continue
