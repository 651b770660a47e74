"""Domain errors that reach the edge become answers."""

from collections.abc import Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase

from ronghe.kernel.errors import DomainError

from . import errorpages


class DomainErrorMiddleware:
    """Answer a :class:`DomainError` that a view raised with its page or problem details."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return errorpages.refused(request, exception) if isinstance(exception, DomainError) else None
