"""What people see when an address or a request is wrong, and when we are."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from ronghe.kernel.pages.answers import error_page

from .middleware import STEPS, is_for_programs

log = logging.getLogger("ronghe.site")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request cannot be read."""
    if is_for_programs(request):
        return _problem(request, 400, "ronghe.bad_request", "请求无法识别。")
    what = "浏览器发来的请求无法识别：可能表单已经过期，或地址里有多余的字符。"
    return error_page(request, status=400, what=what, steps=("返回上一页，刷新后再试一次。",))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the role does not allow it."""
    if is_for_programs(request):
        return _problem(request, 403, "ronghe.forbidden", "当前的岗位没有这项权限。")
    what = "您当前的岗位没有打开这一页的权限。"
    return error_page(request, status=403, what=what, steps=STEPS[403])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form without the proof that our own page sent it."""
    if is_for_programs(request):
        return _problem(request, 403, "ronghe.csrf", "缺少或不符的 CSRF 令牌。请刷新页面后重试，程序调用请用访问令牌。")
    what = "表单没有提交：页面打开的时间太久，或者浏览器没有保存本站的 Cookie。您填写的内容没有被保存。"
    steps = ("返回上一页，刷新后重新填写并提交。", "请允许浏览器为本站保存 Cookie。")
    return error_page(request, status=403, what=what, steps=steps, title="表单已失效")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing stands at this address."""
    if is_for_programs(request):
        return _problem(request, 404, "ronghe.not_found", "没有这个接口地址或内容。")
    what = "这个地址没有对应的页面：可能输入有误，或者内容已经移动。"
    return error_page(request, status=404, what=what, steps=STEPS[404])


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our own fault. Needs neither the database nor a session; the number leads to the line in the log."""
    number = secrets.token_hex(4)
    log.error("error %s at %s %s", number, request.method, request.path)
    if is_for_programs(request):
        detail = f"系统出错，编号 {number}。请把编号告诉系统管理员。"
        return _problem(request, 500, "ronghe.server_error", detail)
    return HttpResponse(render_to_string("portal/500.html", {"number": number}), status=500)


def _problem(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    from .api import problem

    return problem(request, status=status, code=code, detail=detail)
