"""Problem details for HTTP APIs (RFC 9457): the one form of error that programs get; and what the edge itself refuses."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from ronghe.kernel.errors import DomainError, Forbidden, Invalid

CONTENT_TYPE = "application/problem+json"


class BadRequest(DomainError):
    """What came in is no proper request: a body that does not hold together, a foreign host name."""

    code = "ronghe.bad_request"
    status = 400
    message = "请求不完整或不合规，没有处理。请检查请求的格式后重试。"


class Malformed(Invalid):
    """Parameters or fields that the interface does not describe so; ``errors`` names each with its place."""

    code = "ronghe.malformed"
    message = "请求里有 {count} 处不合要求：{listed}。请对照接口说明 /api/v1/openapi.json 改正后重试。"


class MissingCsrf(Forbidden):
    """A browser session must prove that the page, not another site, sends the command."""

    code = "ronghe.csrf"
    message = "缺少或不符的 CSRF 令牌。请刷新页面后重试；程序调用请改用访问令牌（Authorization: Bearer …）。"


class PasswordFirst(Forbidden):
    """Somebody who has signed in with a temporary password commands something before changing it."""

    code = "ronghe.password_first"
    message = "您还在使用临时密码。请先在“我的账户”中修改密码，再办理业务。"


class MethodNotAllowed(DomainError):
    """The address exists, but not for this method."""

    code = "ronghe.method_not_allowed"
    status = 405
    message = "这个地址不接受 {method} 请求。请改用：{allowed}。"


class BodyTooLarge(DomainError):
    """More bytes than any request needs: refused before they are read."""

    code = "ronghe.body_too_large"
    status = 413
    message = "请求超过 {limit_mb} MB 的上限，没有接收。请减小文件后重试。"


class ServerError(DomainError):
    """Our own bug; ``number`` finds the entry in the log."""

    code = "ronghe.server_error"
    status = 500
    message = "系统在处理时出错，没有完成。请稍后再试；如仍出错，请把编号 {number} 告诉管理员。"


def problem(
    request: HttpRequest, *, status: int, code: str, detail: str, facts: dict[str, Any] | None = None
) -> HttpResponse:
    """``code`` is public and stable; ``detail`` is for people, in Chinese; ``facts`` are the same as data."""
    return JsonResponse(
        body(status=status, code=code, detail=detail, instance=request.path, facts=facts),
        status=status,
        content_type=CONTENT_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )


def of_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A domain error as problem details."""
    return problem(request, status=error.status, code=error.code, detail=error.text, facts=error.facts)


def body(*, status: int, code: str, detail: str, instance: str, facts: dict[str, Any] | None = None) -> dict[str, Any]:
    """The members of problem details; ``type`` leads to the help page."""
    told: dict[str, Any] = {
        "type": f"/help/#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
        "code": code,
    }
    return told | ({"facts": {k: _plain(v) for k, v in facts.items()}} if facts else {})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if isinstance(value, int | float | bool | None) else str(value)


#: The same as a schema, for the interface's description.
SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "错误 (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "description": "说明的地址"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "给人看的说明：出了什么事，为什么，怎么办"},
        "instance": {"type": "string", "description": "请求的路径"},
        "code": {
            "type": "string",
            "pattern": r"^[a-z_]+\.[a-z][a-z0-9_]*$",
            "description": "错误代码，见 docs/errors.md；公开，不会改作他用",
        },
        "facts": {"type": "object", "description": "说明里的数据"},
    },
}
