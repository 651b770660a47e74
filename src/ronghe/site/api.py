"""The API of the whole house: routers of the rooms under ``/api/v1/``, one form of error (RFC 9457)."""

import json
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.security.base import AuthBase

from ronghe import __version__
from ronghe.governance.api import router as governance
from ronghe.kernel.accounts.access import access_of, actor_of, authenticate_bearer
from ronghe.kernel.accounts.roles import PERMISSIONS
from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import DomainError, NotFound
from ronghe.kernel.inbox.api import router as inbox
from ronghe.kernel.jobs.api import router as jobs
from ronghe.kernel.papers.api import router as papers
from ronghe.kernel.parties.api import router as parties
from ronghe.kernel.spatial.api import router as spatial
from ronghe.mechanisms.casework.api import router as casework
from ronghe.mechanisms.rosters.api import router as rosters
from ronghe.mechanisms.trials.api import router as trials
from ronghe.policy.api import router as policy
from ronghe.portal.api import router as portal
from ronghe.registry.api import router as registry

from .problems import CONTENT_TYPE, SCHEMA, BadRequest, Malformed, MissingCsrf, PasswordFirst, of_error, problem
from .replays import replaying


class Identify(AuthBase):
    """Who calls: the bearer of a token, else the browser's session, else the public.

    What the caller may do is asked by the operation itself (``@allows``). Raises: BadToken, MissingCsrf, PasswordFirst.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor:
        if request.headers.get("Authorization"):
            request.actor = authenticate_bearer(request.headers["Authorization"])  # type: ignore[attr-defined]
        elif request.method not in ("GET", "HEAD", "OPTIONS") and not actor_of(request).is_anonymous:
            refused = CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, HttpResponse, (), {})
            if refused is not None:
                raise MissingCsrf()
            if getattr(request.user, "must_change_password", False):
                raise PasswordFirst()
        return actor_of(request)


class Description(OpenAPISchema):
    """The interface as OpenAPI, with what ninja leaves out: the errors of each operation, and who may call it."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        details: dict[str, Any] = super().operation_details(operation)
        access = access_of(operation.view_func)
        public = access is not None and (
            access.kind == "public" or (bool(access.permission) and PERMISSIONS[access.permission].is_public)
        )
        for parameter in details["parameters"]:
            parameter["schema"] = _without_null(parameter["schema"])
        given = {parameter["in"] for parameter in details["parameters"]}
        statuses = [401]
        statuses += [404] if "path" in given else []
        statuses += [] if public else [403]
        statuses += [400, 413] if "requestBody" in details else []
        statuses += [422] if given or "requestBody" in details else []
        content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        details["responses"] = {str(status): answer for status, answer in details["responses"].items()} | {
            str(status): {"description": HTTPStatus(status).phrase, "content": content} for status in sorted(statuses)
        }
        details["security"] = ([{}] if public else []) + [{"token": []}, {"session": []}]
        return details

    def get_components(self) -> dict[str, Any]:
        components: dict[str, Any] = super().get_components()
        components["schemas"] = dict(sorted((components["schemas"] | {"Problem": SCHEMA}).items()))
        components["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "访问令牌：ronghe token create，或“我的账户”"},
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "浏览器登录；写操作还须带 X-CSRFToken",
            },
        }
        return components


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter of an address is given or not: it is never null."""
    if "anyOf" not in schema:
        return schema
    real = [one for one in schema["anyOf"] if one != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return rest | (real[0] if len(real) == 1 else {"anyOf": real})


class Exact(Parser):
    """Bodies with their decimals as written: a float would blur the last places of an area or a share."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, parse_float=Decimal)


class Api(NinjaAPI):
    """Ninja's API with our description."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        return Description(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)


_IDENTIFY = Identify()
api = Api(
    title="Ronghe 融合",
    version=__version__,
    description="城乡融合发展试验区平台接口。错误按 RFC 9457 返回；列表用翻页标记 cursor 翻页。",
    docs_url=None,
    auth=_IDENTIFY,
    parser=Exact(),
    urls_namespace="api",
)
api.add_decorator(replaying(_IDENTIFY), mode="view")
api.add_router("", policy)
api.add_router("", trials)
api.add_router("", rosters)
api.add_router("", casework)
api.add_router("", registry)
api.add_router("", governance)
api.add_router("", parties)
api.add_router("", papers)
api.add_router("", spatial)
api.add_router("", jobs)
api.add_router("", inbox)
api.add_router("", portal)


@api.exception_handler(DomainError)
def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    return of_error(request, error)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    where = [{"at": ".".join(str(p) for p in e["loc"]), "what": e["msg"]} for e in error.errors]
    listed = "；".join(f"{w['at']}：{w['what']}" for w in where)
    return of_error(request, Malformed(count=len(where), listed=listed, errors=where))


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return of_error(request, NotFound())


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja itself refuses, above all a body that is no JSON."""
    return problem(request, status=error.status_code, code=BadRequest.code, detail=BadRequest().text)
