"""What stands between a room's refusal and the person or program that met it."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse

from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages.answers import error_page

#: Beside the message, what helps for this status.
STEPS = {
    403: ("用有权限的岗位登录，或在页首切换岗位。", "联系本单位的安全管理员授权。"),
    404: ("检查地址是否完整。", "用页首的搜索查找任务、条款、单位或文件。"),
    409: ("返回上一页并刷新，查看最新情况。",),
    422: ("返回上一页，按提示改正后重新提交。",),
    502: ("稍后再试；如一直不成功，请联系系统管理员。",),
}


class DomainErrorMiddleware:
    """Turns a :class:`DomainError` of a view into problem details for programs and a helpful page for people."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this also for asynchronous views, in a thread."""
        if not isinstance(error, DomainError):
            return None
        if is_for_programs(request):
            from .api import refused

            return refused(request, error)
        return error_page(
            request, status=error.status, what=error.text, steps=STEPS.get(error.status, ()), code=error.code
        )


def is_for_programs(request: HttpRequest) -> bool:
    """Whether the answer is read by a program: the API's addresses."""
    return request.path.startswith("/api/")
