"""Who may come in: every routed view says ``@allows("room.thing.act")``, ``@signed_in`` or ``@public``.

Rooms below this one use it too (their pages need it), so it knows no table at import: only roles and the actor that
the middleware has found.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from django.apps import apps
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from ronghe.kernel.actors import PUBLIC, SYSTEM_ROLE, Actor
from ronghe.kernel.errors import Forbidden

from . import roles
from .errors import SignInFirst

View = TypeVar("View", bound=Callable[..., Any])


class Request(HttpRequest):
    """A request as views get it: the middleware has found who acts, and read the clock once."""

    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Access:
    """What a view asks of whoever opens it. ``permission`` is empty when a login is enough, or nothing is asked.

    One of ``others`` does as well: administrators share no permission with those whose work they read.
    """

    kind: str  # "public", "signed_in" or "permission"
    permission: str = ""
    before_password_change: bool = False
    others: tuple[str, ...] = ()

    def admits(self, role: str) -> bool:
        """Whether the role has what is asked, a login left aside."""
        return not self.permission or any(roles.may(role, one) for one in (self.permission, *self.others))

    def refuses(self, request: HttpRequest) -> HttpResponse | None:
        """An answer to give instead of the view's: the way to the login. Raises: Forbidden, SignInFirst."""
        actor = actor_of(request)
        if self.kind == "public" or (self.permission and roles.may(roles.Role.PUBLIC, self.permission)):
            return None
        if actor.is_anonymous:
            return _to_login(request)
        if not self.admits(actor.role):
            raise Forbidden()
        user = getattr(request, "user", None)
        if not self.before_password_change and getattr(user, "must_change_password", False):
            return _go(request, resolve_url("accounts:password"))
        return None


def allows(permission: str, *others: str) -> Callable[[View], View]:
    """Only for actors whose role has ``permission``, or one of ``others``: strangers are led to the login, others get 403."""

    def decorate(view: View) -> View:
        return _guard(view, Access("permission", permission, others=others))

    return decorate


def signed_in(view: View) -> View:
    """For everybody who has signed in, whatever the role: one's own account."""
    return _guard(view, Access("signed_in"))


def signed_in_even_with_a_temporary_password(view: View) -> View:
    """For everybody who has signed in, also before the temporary password has been changed."""
    return _guard(view, Access("signed_in", before_password_change=True))


def public(view: View) -> View:
    """For everybody. Written out, so that nothing is public by forgetting."""
    return _guard(view, Access("public"))


def access_of(view: Callable[..., Any]) -> Access | None:
    """What a routed view asks; ``None`` when it does not say: the house test fails then."""
    return getattr(getattr(view, "view_class", None), "access", None) or getattr(view, "access", None)


def _guard(view: View, access: Access) -> View:
    guarded: Callable[..., Any]
    if iscoroutinefunction(view):
        later = cast(Callable[..., Awaitable[HttpResponseBase]], view)

        @wraps(view)
        async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            # The middleware has resolved actor and user before an async view runs: nothing here touches the database.
            refusal = access.refuses(request)
            return _private(await later(request, *args, **kwargs), access) if refusal is None else refusal
    else:

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = access.refuses(request)
            return _private(view(request, *args, **kwargs), access) if refusal is None else refusal

    guarded.access = access  # type: ignore[attr-defined]
    return cast(View, guarded)


def _private(answer: Any, access: Access) -> Any:
    """What is not public must not be kept by the browser for the next person at the same counter."""
    if isinstance(answer, HttpResponseBase) and access.kind != "public" and not answer.has_header("Cache-Control"):
        add_never_cache_headers(cast(HttpResponse, answer))
        patch_vary_headers(cast(HttpResponse, answer), ["Cookie"])
    return answer


def _to_login(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        raise SignInFirst()
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    if request.headers.get("HX-Request") == "true":
        # A fragment cannot show a login: come back to the page that asked for it.
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = f"{page.path}?{page.query}" if page.query else page.path
    return _go(request, resolve_url("accounts:login") + (f"?{urlencode({'next': back})}" if back else ""))


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """Lead the whole page there, also when htmx asked for a fragment only."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    answer = HttpResponse(status=302, headers={"Location": address})
    add_never_cache_headers(answer)
    return answer


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request: found by ``ActorMiddleware``, or by the bearer's token; else the public."""
    return getattr(request, "actor", PUBLIC)


def authenticate_bearer(header: str) -> Actor:
    """The actor of an ``Authorization: Bearer …`` header. Raises: BadToken."""
    from ronghe.kernel import clock

    from . import services

    return services.actor_of_token(header=header, at=clock.now())


def require(actor: Actor, permission: str, *, division: str | None = None) -> None:
    """Refuse unless the actor's role has ``permission`` and, when ``division`` is given, reaches it.

    Raises: SignInFirst for strangers, Forbidden for others.
    """
    if not roles.may(actor.role, permission):
        raise SignInFirst() if actor.is_anonymous else Forbidden()
    if division is not None and not roles.may(roles.Role.PUBLIC, permission) and not reaches(actor, division):
        raise Forbidden()


def reaches(actor: Actor, division: str) -> bool:
    """Whether ``division`` is the one that the actor's role was granted for, or lies below it."""
    if actor.role == SYSTEM_ROLE:
        return True
    if actor.division is None:
        return False
    closure = apps.get_model("regions", "DivisionClosure").objects
    return bool(closure.filter(ancestor_id=actor.division, descendant_id=division).exists())
