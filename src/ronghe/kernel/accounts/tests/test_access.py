"""Every routed view says whom it lets in, and keeps to it for every role."""

import re
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from ronghe.kernel.accounts.access import access_of, allows, public, signed_in
from ronghe.kernel.accounts.errors import SignInFirst
from ronghe.kernel.accounts.permissions import USER_MANAGE
from ronghe.kernel.accounts.roles import PERMISSIONS, STAFF, Role, may
from ronghe.kernel.actors import PUBLIC, Actor
from ronghe.kernel.errors import Forbidden

from .factories import mandate, post

#: Views of others, which have their own way of asking: django-ninja's (``auth=`` of the API).
NOT_OURS = ("ninja.", "django.")

FILLED = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-4000-8000-000000000000"}


def routed(patterns=None, before="/"):
    """Address (with sample values) and view of every pattern of the project."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = before + re.sub(r"<(?:(\w+):)?\w+>", lambda m: FILLED.get(m[1] or "str", "1"), str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from routed(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern):
            made_by = getattr(pattern.callback, "func", pattern.callback).__module__  # a partial has none of its own
            if not made_by.startswith(NOT_OURS):
                yield address, pattern.callback


VIEWS = list(routed())
GUARDED = [(a, v) for a, v in VIEWS if access_of(v) is not None and access_of(v).kind != "public"]


def named(value):
    return value if isinstance(value, str) else ""


def test_every_routed_view_says_whom_it_lets_in():
    silent = sorted(f"{a} ({v!r})" for a, v in VIEWS if access_of(v) is None)
    assert silent == []


def test_every_permission_that_a_view_asks_for_is_registered():
    asked = {name for _, v in GUARDED for name in (access_of(v).permission, *access_of(v).others)}
    assert asked - {""} <= set(PERMISSIONS)


@pytest.fixture
def clients(places):
    """A signed-in browser per role, and one of somebody without any post."""
    made = {}
    for role in (*sorted(STAFF), Role.SELF, Role.PUBLIC):
        if role in STAFF:
            of = post(role).user
        elif role == Role.SELF:
            of = mandate().user
        else:
            from .factories import user

            of = user()
        made[role] = Client()
        made[role].force_login(of, backend="django.contrib.auth.backends.ModelBackend")
    return made


def knock(client, address):
    """GET, or POST where the view takes nothing else."""
    answer = client.get(address)
    return client.post(address) if answer.status_code == 405 else answer


@pytest.mark.parametrize(("address", "view"), GUARDED, ids=named)
def test_no_view_lets_in_a_role_that_may_not(clients, address, view):
    access = access_of(view)
    answer = knock(Client(), address)
    if access.permission and may(Role.PUBLIC, access.permission):
        assert answer.status_code not in (302, 403)
        return
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login")
    for role, client in clients.items():
        if not access.admits(role):
            answer = knock(client, address)
            assert answer.status_code == 403, role
            assert "安全管理员授权" in answer.content.decode()


# -- the decorators themselves -------------------------------------------------------------------------------------


@allows(USER_MANAGE)
def sync_view(request):
    return HttpResponse("in")


@allows(USER_MANAGE)
async def async_view(request):
    return HttpResponse("in")


ADMIN = Actor(user_id=1, role="system_admin", division="370322000000")
LEADER = Actor(user_id=2, role="leader", division="370322000000")


def ask(view, actor, *, path="/x/?a=1", changing=False, **headers):
    request = RequestFactory().get(path, headers=headers)
    request.actor = actor
    request.user = SimpleNamespace(is_authenticated=actor.user_id is not None, must_change_password=changing)
    return (async_to_sync(view) if view is async_view else view)(request)


@pytest.mark.parametrize("view", [sync_view, async_view])
def test_the_decorator_lets_in_who_may_and_nobody_else(view):
    answer = ask(view, ADMIN)
    assert answer.content == b"in"
    assert "no-store" in answer["Cache-Control"]
    with pytest.raises(Forbidden):
        ask(view, LEADER)
    stranger = ask(view, PUBLIC)
    assert (stranger.status_code, stranger["Location"]) == (302, "/accounts/login?next=%2Fx%2F%3Fa%3D1")
    assert access_of(view).permission == USER_MANAGE


def test_a_program_gets_401_instead_of_a_login_page():
    with pytest.raises(SignInFirst):
        ask(sync_view, PUBLIC, path="/api/v1/x")


def test_a_fragment_leads_the_whole_page_to_the_login():
    answer = ask(sync_view, PUBLIC, **{"HX-Request": "true", "HX-Current-URL": "http://testserver/here?b=2"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/accounts/login?next=%2Fhere%3Fb%3D2"


def test_a_temporary_password_opens_nothing_but_its_change():
    assert ask(sync_view, ADMIN, changing=True)["Location"] == "/accounts/password"
    assert ask(public(lambda request: HttpResponse("in")), ADMIN, changing=True).content == b"in"


def test_signed_in_asks_for_a_login_and_nothing_more():
    view = signed_in(lambda request: HttpResponse("in"))
    assert ask(view, LEADER).content == b"in"
    assert ask(view, Actor(user_id=3, role="public")).content == b"in"
    assert ask(view, PUBLIC).status_code == 302
