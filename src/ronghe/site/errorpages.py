"""Pages for what went wrong: what happened, and what to do next. Programs get problem details instead."""

import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from ronghe.kernel.errors import DomainError

from .problems import ServerError, of_error, problem

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

#: What helps, beside what the message itself says.
STEPS = {
    400: ("返回上一页，刷新后再试一次。",),
    403: ("用有权限的岗位登录，或在“我的账户”切换身份。", "确有需要时，请联系本单位的安全管理员授权。"),
    404: ("检查地址是否完整。", "搜索任务、条款、单位、文件或区划的名称。"),
    409: ("返回上一页并刷新，查看最新情况。",),
    422: ("返回上一页，按上面的提示改正后重新提交。",),
    502: ("稍后再试；如一直不成功，请联系系统管理员。",),
}


def answer(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    text: str,
    facts: dict[str, Any] | None = None,
    title: str = "",
    steps: Sequence[str] | None = None,
) -> HttpResponse:
    """The error as a page, or as problem details below ``/api/``."""
    if request.path.startswith("/api/"):
        return problem(request, status=status, code=code, detail=text, facts=facts)
    context = {
        "status": status,
        "title": title or TITLES.get(status, "操作没有完成"),
        "text": text,
        "steps": STEPS.get(status, ()) if steps is None else steps,
        "code": code,
    }
    return HttpResponse(render_to_string("portal/error.html", context, request), status=status)


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A domain error as an answer."""
    return answer(request, status=error.status, code=error.code, text=error.text, facts=error.facts)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    text = "浏览器发来的请求不完整或不合规，没有处理。"
    return answer(request, status=400, code="ronghe.bad_request", text=text)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    text = "您当前的岗位没有打开这一页的权限。"
    return answer(request, status=403, code="ronghe.forbidden", text=text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without proof that our own page sent it, above all one that was open for too long."""
    return answer(
        request,
        status=403,
        code="ronghe.csrf",
        title="表单已失效",
        text="这次提交没有通过安全检查，可能是页面打开太久，或已经退出登录。您填写的内容没有保存。",
        steps=("返回上一页，刷新后重新填写并提交。", "请允许浏览器为本站保存 Cookie。"),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    text = "没有这个页面：地址可能写错了，或者内容已经移走。"
    return answer(request, status=404, code="ronghe.not_found", text=text)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our own bug. Needs neither database nor session; the number finds the entry in the log."""
    number = uuid.uuid4().hex[:8]
    log.error("error %s at %s", number, request.path)
    text = "系统在处理时出错，您提交的内容没有生效。这是系统的错误，不是您的错误。"
    if request.path.startswith("/api/"):
        return of_error(request, ServerError(number=number))
    context = {"status": 500, "title": TITLES[500], "text": text, "number": number}
    return HttpResponse(render_to_string("portal/error_plain.html", context), status=500)
