"""``Idempotency-Key``: a command is done once for each key of an actor; a repeat is given the first answer.

The command and its answer are one transaction: either both are kept or neither. A repeat that comes while the first is
still at work waits for it.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from ronghe.kernel import clock, crypto
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import Conflict, Invalid

from .models import FirstAnswer

HEADER = "Idempotency-Key"
_COMMANDS = ("POST", "PUT", "PATCH", "DELETE")
_LONGEST = 120
_ABOUT = "first answer"

Run = Callable[..., HttpResponse]


class KeyReused(Conflict):
    """The same key with another command: one of the two is a mistake."""

    code = "ronghe.idempotency_key_reused"
    message = "幂等键“{key}”已经用在另一个请求上，这次没有处理。请为每个新的命令换一个键；重复同一命令时内容要一样。"


class KeyMalformed(Invalid):
    """A key that cannot be kept."""

    code = "ronghe.idempotency_key_malformed"
    message = "幂等键不合要求，没有处理：应为 1 至 120 个可见的 ASCII 字符，例如一个 UUID。"


def replaying(identify: Callable[[HttpRequest], Actor]) -> Callable[[Run], Run]:
    """Wrap the operations of the API; ``identify`` says who calls."""

    def decorate(run: Run) -> Run:
        @wraps(run)
        def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            key = request.headers.get(HEADER)
            if key is None or request.method not in _COMMANDS:
                return run(request, *args, **kwargs)
            if not 1 <= len(key) <= _LONGEST or not key.isascii() or not key.isprintable():
                raise KeyMalformed()
            user_id = identify(request).user_id
            if user_id is None:
                return run(request, *args, **kwargs)
            return _once(user_id, key, request, lambda: run(request, *args, **kwargs))

        return once

    return decorate


def _once(user_id: int, key: str, request: HttpRequest, run: Callable[[], HttpResponse]) -> HttpResponse:
    asked = _digest(request)
    with transaction.atomic():
        row = FirstAnswer(user_id=user_id, key=key, request=asked, at=clock.now())
        FirstAnswer.objects.bulk_create([row], ignore_conflicts=True)
        kept = FirstAnswer.objects.select_for_update(of=("self",)).get(user_id=user_id, key=key)
        if kept.request != asked:
            raise KeyReused(key=key)
        if kept.status is not None and kept.content is not None:
            content = crypto.opened(bytes(kept.content), key=_key(), about=_ABOUT)
            answer = HttpResponse(content, status=kept.status, content_type=kept.content_type)
            answer["Idempotency-Replayed"] = "true"
            return answer
        answer = run()
        if answer.status_code >= 500 or answer.streaming:
            # Our own failure is no answer: the program may try again.
            transaction.set_rollback(True)
            return answer
        kept.status, kept.content_type = answer.status_code, answer.headers.get("Content-Type", "")
        kept.content = crypto.seal(answer.content, key=_key(), about=_ABOUT)
        kept.save(update_fields=["status", "content_type", "content"])
        return answer


def _key() -> bytes:
    return crypto.purpose_key("site.first_answer")


def _digest(request: HttpRequest) -> str:
    """What was asked: method, address, and the content, of files by their bytes."""
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        for name, values in sorted(request.POST.lists()):
            told.update(repr((name, values)).encode())
        for name, given in sorted(request.FILES.items()):
            upload = cast("UploadedFile[Any]", given)
            told.update(repr((name, upload.name)).encode())
            for piece in upload.chunks():
                told.update(piece)
            upload.seek(0)
    else:
        told.update(request.body)
    return told.hexdigest()
