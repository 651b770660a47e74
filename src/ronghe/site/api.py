"""The API of the whole house: routers of the rooms under ``/api/v1/``, one form of error (RFC 9457)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from ronghe import __version__
from ronghe.kernel.accounts.access import actor_of, authenticate_bearer
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError, Forbidden
from ronghe.kernel.spatial.api import router as spatial
from ronghe.policy.api import router as policy

from .problems import problem


class MissingCsrf(Forbidden):
    """A browser session must prove that the page, not another site, sends the command."""

    code = "ronghe.csrf"
    message = "缺少或不符的 CSRF 令牌。请刷新页面后重试；程序调用请改用访问令牌（Authorization: Bearer …）。"


class Identify(HttpBearer):
    """Who calls: the bearer of a token, else the browser's session, else the public."""

    def __call__(self, request: HttpRequest) -> Actor:
        if request.headers.get("Authorization"):
            request.actor = authenticate_bearer(request.headers["Authorization"])  # type: ignore[attr-defined]
        elif request.method not in ("GET", "HEAD", "OPTIONS") and not actor_of(request).is_anonymous:
            refused = CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, lambda: None, (), {})
            if refused is not None:
                raise MissingCsrf()
        return actor_of(request)

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        raise NotImplementedError("Identify answers in __call__")


api = NinjaAPI(
    title="Ronghe 融合",
    version=__version__,
    description="城乡融合发展试验区平台接口。错误按 RFC 9457 返回；列表用翻页标记 cursor 翻页。",
    docs_url=None,
    auth=Identify(),
    urls_namespace="api",
)
api.add_router("", policy)
api.add_router("", spatial)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return problem(request, status=error.status, code=error.code, detail=error.text, facts=error.facts)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    where = [{"at": ".".join(str(p) for p in e["loc"]), "what": e["msg"]} for e in error.errors]
    listed = "；".join(f"{w['at']}：{w['what']}" for w in where)
    detail = f"请求里有 {len(where)} 处不合要求：{listed}"
    return problem(request, status=422, code="ronghe.malformed", detail=detail, facts={"errors": where})


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, status=404, code="ronghe.not_found", detail="没有这个接口地址或内容。")


@api.exception_handler(AuthenticationError)
def unknown_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(request, status=401, code="ronghe.not_authenticated", detail="访问令牌无效或已过期，请重新创建。")


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, status=error.status_code, code="ronghe.http_error", detail=str(error))
