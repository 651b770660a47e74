"""Domain errors that reach the edge become answers; programs get every error as problem details."""

from collections.abc import Awaitable, Callable
from typing import cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase

from ronghe.kernel.errors import DomainError

from . import errorpages
from .problems import MethodNotAllowed, of_error

Answer = HttpResponseBase


class DomainErrorMiddleware:
    """Answer a :class:`DomainError` that a view raised with its page or problem details."""

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
        return _for_programs(request, cast(Answer, self.get_response(request)))

    async def _later(self, request: HttpRequest) -> Answer:
        return _for_programs(request, await cast(Awaitable[Answer], self.get_response(request)))

    def process_exception(self, request: HttpRequest, exception: Exception) -> Answer | None:
        return errorpages.refused(request, exception) if isinstance(exception, DomainError) else None


def _for_programs(request: HttpRequest, answer: Answer) -> Answer:
    """Ninja answers a wrong method with bare words."""
    if answer.status_code != 405 or not request.path.startswith("/api/"):
        return answer
    allowed = answer.headers.get("Allow", "")
    told = of_error(request, MethodNotAllowed(method=request.method, allowed=allowed))
    told["Allow"] = allowed
    return told
