"""Problem details for HTTP APIs (RFC 9457): the one form of error that programs get."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse


def problem(
    request: HttpRequest, *, status: int, code: str, detail: str, facts: dict[str, Any] | None = None
) -> HttpResponse:
    """``code`` is public and stable; ``detail`` is for people, in Chinese; ``facts`` are the same as data."""
    body: dict[str, Any] = {
        "type": f"/help/#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
    }
    if facts:
        body["facts"] = {k: _plain(v) for k, v in facts.items()}
    return JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value if isinstance(value, int | float | bool | None) else str(value)
