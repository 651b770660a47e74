"""Pages for what went wrong: what happened, and what to do next. Programs get problem details instead."""

import logging
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from ronghe.kernel.errors import DomainError

from .problems import problem

log = logging.getLogger("ronghe.errors")

TITLES = {
    400: "请求有误",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    409: "当前状态不允许",
    413: "内容过大",
    422: "内容有误",
    429: "操作过于频繁",
    500: "系统出错",
    502: "外部服务没有应答",
}


def answer(
    request: HttpRequest, *, status: int, code: str, text: str, facts: dict[str, Any] | None = None
) -> HttpResponse:
    """The error as a page, or as problem details below ``/api/``."""
    if request.path.startswith("/api/"):
        return problem(request, status=status, code=code, detail=text, facts=facts)
    title = TITLES.get(status, "操作没有完成")
    content = render_to_string("portal/error.html", {"status": status, "title": title, "text": text}, request)
    return HttpResponse(content, status=status)


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A domain error as an answer."""
    return answer(request, status=error.status, code=error.code, text=error.text, facts=error.facts)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return answer(
        request, status=400, code="ronghe.bad_request", text="浏览器发来的请求不完整或不合规，请返回上一页重试。"
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: above all a form whose page was open for too long."""
    return answer(
        request,
        status=403,
        code="ronghe.forbidden",
        text="这次提交没有通过安全检查，可能是页面打开太久或已退出登录。请返回上一页，刷新后再提交。",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return answer(
        request,
        status=404,
        code="ronghe.not_found",
        text="没有这个页面：地址可能写错了，或者内容已经移走。可以在上方搜索，或回到首页。",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our own bug. Needs neither database nor session; the number finds the entry in the log."""
    number = uuid.uuid4().hex[:8]
    log.error("error %s at %s", number, request.path)
    text = f"系统在处理时出错，您提交的内容没有生效。请稍后再试；如仍出错，请把编号 {number} 告诉管理员。"
    if request.path.startswith("/api/"):
        return problem(request, status=500, code="ronghe.server_error", detail=text, facts={"number": number})
    context = {"status": 500, "title": TITLES[500], "text": text}
    return HttpResponse(render_to_string("portal/error_plain.html", context), status=500)
