"""No request is larger than the platform can use: refused before it is read into memory or onto the disk."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ronghe.kernel.files.limits import LIMIT as FILE_BYTES
from ronghe.kernel.files.limits import MB

from .problems import CONTENT_TYPE, BodyTooLarge, body

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

#: The largest file that the platform takes, and what a form needs around it.
LIMIT = FILE_BYTES + MB


def bounded(app: App, limit: int = LIMIT) -> App:
    """The application behind a bound on the bytes of a request: 413 beyond ``limit``, told or counted."""

    async def answer(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if _told(scope) > limit:
            await _refuse(scope, send, limit)
            return
        read, refused = 0, False

        async def counted() -> Message:
            nonlocal read, refused
            message = await receive()
            read += len(message.get("body", b""))
            if read <= limit:
                return message
            if not refused:
                refused = True
                await _refuse(scope, send, limit)
            # Django gives a request up whose client has gone.
            return {"type": "http.disconnect"}

        async def unless_refused(message: Message) -> None:
            if not refused:
                await send(message)

        await app(scope, counted, unless_refused)

    return answer


def _told(scope: dict[str, Any]) -> int:
    """The length that the request says it has."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:18])
    return 0


async def _refuse(scope: dict[str, Any], send: Send, limit: int) -> None:
    error = BodyTooLarge(limit_mb=limit // MB)
    told = body(status=413, code=error.code, detail=error.text, instance=scope["path"], facts=error.facts)
    is_api = scope["path"].startswith("/api/")
    content = json.dumps(told, ensure_ascii=False).encode() if is_api else f"{error.text}\n".encode()
    kind = CONTENT_TYPE if is_api else "text/plain; charset=utf-8"
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": content})
