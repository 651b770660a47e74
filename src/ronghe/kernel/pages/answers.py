"""Error pages that any room may answer with: what happened, why, and what to do next."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: Title of the page by status.
TITLES = {
    400: "请求有误",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种操作",
    409: "现在不能这样做",
    422: "提交的内容有误",
    429: "操作过于频繁",
    500: "系统出了问题",
    502: "外部服务没有应答",
    503: "暂时不能服务",
}


def error_page(
    request: HttpRequest, *, status: int, what: str, steps: Sequence[str] = (), code: str = "", title: str = ""
) -> HttpResponse:
    """The helpful error page: ``what`` happened, and the ``steps`` that help."""
    context = {
        "status": status,
        "title": title or TITLES.get(status, "操作没有完成"),
        "what": what,
        "steps": steps,
        "code": code,
    }
    return render(request, "portal/error.html", context, status=status)
