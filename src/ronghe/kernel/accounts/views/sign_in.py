"""Login, logout, and the page of somebody who has tried too often."""

import re
from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ronghe.kernel import clock

from .. import queries, services
from ..access import Request, public, signed_in_even_with_a_temporary_password
from ..errors import NetworkHeldOff
from ..forms import LoginForm
from ..middleware import SIGNED_IN_AT
from ..models import User


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
@public
def login_view(request: Request) -> HttpResponse:
    """Sign in; then to the page that asked for it, or to the desk."""
    onward = _onward(request)
    if request.method == "GET":
        if request.user.is_authenticated:
            return redirect(onward)
        return _login_page(request, LoginForm(initial={"next": onward}))
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _login_page(request, form)
    try:
        user = proven(request, username=form.cleaned_data["username"], password=form.cleaned_data["password"])
    except NetworkHeldOff as error:
        return held_off(request, error)
    if user is None:
        form.add_error(None, _why_refused(request))
        return _login_page(request, form)
    login(request, user)
    request.session[SIGNED_IN_AT] = request.at.timestamp()
    actor = queries.chosen(user, key=None, on=clock.legal_day(request.at))
    services.log_in(
        user_id=user.pk,
        session_key=request.session.session_key or "",
        device=device(request.headers.get("User-Agent", "")),
        actor=actor,
        at=request.at,
    )
    if user.must_change_password:
        return redirect("accounts:password")
    return redirect(onward)


def proven(request: Request, *, username: str, password: str) -> User | None:
    """The user whose name and password these are; a failure counts against the name here and against the network.

    Raises: NetworkHeldOff, before the password is looked at.
    """
    source = services.take_try(address=request.META.get("REMOTE_ADDR", ""), at=request.at)
    user = authenticate(request, username=username, password=password)
    locked = bool(getattr(request, "axes_locked_out", False))
    # Without a number of failures the name was locked before, and nothing was tried.
    tried = not locked or getattr(request, "axes_failures_since_start", None) is not None
    if user is not None or not tried:
        services.give_back(source)
    else:
        services.note_failure(source=source, username=username, name_locked=locked, actor=request.actor, at=request.at)
    return user


def _login_page(request: Request, form: LoginForm) -> HttpResponse:
    context = {
        "form": form,
        "title": "登录",
        "submit": "登录",
        "note": "半小时不操作或满 12 小时会自动退出。忘记密码请联系本单位的系统管理员重置。公开内容无需登录。",
    }
    return render(request, "accounts/login.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in_even_with_a_temporary_password
def logout_view(request: Request) -> HttpResponse:
    """Sign out; by POST only, so that no other page can do it by a link."""
    services.log_out(session_key=request.session.session_key or "", actor=request.actor, at=request.at)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def locked_out(request: HttpRequest, *_: Any) -> HttpResponse:
    """Too many wrong passwords for a name: when to try again, and whom to ask. Called by django-axes."""
    at = clock.now()
    return _too_many(request, _locked_until(request, at), at, network=False, limit=settings.AXES_FAILURE_LIMIT)


def held_off(request: Request, error: NetworkHeldOff) -> HttpResponse:
    """Too many wrong passwords from a network: when to try again, and whom to ask."""
    return _too_many(request, error.facts["until"], request.at, network=True, limit=error.facts["limit"])


def _too_many(request: HttpRequest, until: datetime, at: datetime, *, network: bool, limit: int) -> HttpResponse:
    seconds = max(1, int((until - at).total_seconds()))
    context = {"until": until, "minutes": -(-seconds // 60), "limit": limit, "network": network}
    answer = render(request, "accounts/locked.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def _locked_until(request: HttpRequest, at: datetime) -> datetime:
    attempts = AccessAttempt.objects.filter(
        username=str(request.POST.get("username", "")).strip().lower(),
        ip_address=getattr(request, "axes_ip_address", None),
    )
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or at
    return last + (get_cool_off(request) or timedelta(minutes=15))


def _why_refused(request: HttpRequest) -> str:
    left = settings.AXES_FAILURE_LIMIT - (getattr(request, "axes_failures_since_start", 0) or 0)
    return f"用户名或密码不正确，请核对后重试。还可以尝试 {left} 次，之后须等待 15 分钟。忘记密码请联系本单位的系统管理员。"


def _onward(request: HttpRequest) -> str:
    """Where to go after the login: only an address of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Only a whole path: a bare word would be taken for the name of a view.
    return wanted if safe and wanted.startswith("/") else resolve_url(settings.LOGIN_REDIRECT_URL)


def device(agent: str) -> str:
    """What a person recognises of a user agent: browser and system, nothing finer."""
    browsers = (
        ("Edg/", "Edge"),
        ("MicroMessenger", "微信"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (
        (r"HarmonyOS", "鸿蒙"),
        (r"Android", "安卓"),
        (r"iPhone|iPad", "iOS"),
        (r"Windows", "Windows"),
        (r"Mac OS", "macOS"),
        (r"Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in agent), "其他浏览器")
    system = next((name for mark, name in systems if re.search(mark, agent)), "其他系统")
    return f"{browser}，{system}"
