"""One's own account: capacities, password, tokens, sessions."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.errors import Conflict, Invalid

from .. import queries, rules, services
from ..access import Request, signed_in, signed_in_even_with_a_temporary_password
from ..errors import NetworkHeldOff, ViewOfAnotherSite, WeakPassword
from ..forms import PasswordForm, TokenForm
from ..models import User
from .sign_in import device, held_off, proven


@require_safe
@signed_in
def me(request: Request) -> HttpResponse:
    """My account: in what capacities I act, my tokens, where I am signed in."""
    return _me(request, None)


def _me(request: Request, form: TokenForm | None, status: int = 200) -> HttpResponse:
    user = _user(request)
    having = queries.capacities(user, on=clock.legal_day(request.at))
    context = {
        "capacities": having,
        "present": next((c.key for c in having if c.actor == request.actor), None),
        "past": queries.past_posts(user, on=clock.legal_day(request.at)),
        "tokens": queries.tokens(user, at=request.at),
        "form": form or TokenForm(capacities=having),
        "sign_ins": queries.sign_ins(user, at=request.at),
        "session_key": request.session.session_key,
    }
    return render(request, "accounts/me.html", context, status=status)


@require_POST
@signed_in
def switch(request: Request) -> HttpResponse:
    """Act in another capacity from now on."""
    capacity = services.switch_capacity(
        user=_user(request),
        key=request.POST.get("capacity", ""),
        session_key=request.session.session_key or "",
        device=device(request.headers.get("User-Agent", "")),
        actor=request.actor,
        at=request.at,
    )
    messages.success(request, f"已切换为：{capacity.title}，{capacity.place}。")
    return redirect("portal:desk")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@signed_in_even_with_a_temporary_password
def password(request: Request) -> HttpResponse:
    """Change one's own password. Trying the old one is throttled like a login."""
    user = _user(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            known = proven(request, username=user.username, password=form.cleaned_data["old"]) is not None
        except NetworkHeldOff as error:
            return held_off(request, error)
        if not known:
            form.add_error("old", "现在的密码不正确，请重新输入。")
        else:
            try:
                changed = services.change_password(
                    user_id=user.pk, password=form.cleaned_data["new"], actor=request.actor, at=request.at
                )
            except WeakPassword as error:
                form.add_error("new", error.text)
            else:
                before = request.session.session_key or ""
                update_session_auth_hash(request, changed)
                services.keep_only_sign_in(
                    user_id=user.pk,
                    before=before,
                    session_key=request.session.session_key or "",
                    device=device(request.headers.get("User-Agent", "")),
                    at=request.at,
                )
                messages.success(request, "密码已修改；您在其他设备上的登录已经退出。")
                return redirect("accounts:me")
    context = {
        "form": form,
        "title": "修改密码",
        "submit": "修改密码",
        "note": "修改后，您在其他设备上的登录会自动退出。",
        "help": rules.PASSWORD_HELP,
        "forced": user.must_change_password,
    }
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
@signed_in
def create_token(request: Request) -> HttpResponse:
    """Make a token and show it this once."""
    user = _user(request)
    having = queries.capacities(user, on=clock.legal_day(request.at))
    form = TokenForm(request.POST, capacities=having)
    if form.is_valid():
        try:
            token, text = services.create_token(
                user_id=user.pk,
                capacity=form.cleaned_data["capacity"],
                name=form.cleaned_data["name"],
                days=form.cleaned_data["days"],
                actor=request.actor,
                at=request.at,
            )
        except Invalid as error:
            form.add_error(None, error.text)
        else:
            return render(request, "accounts/token.html", {"token": token, "text": text})
    return _me(request, form, 422)


@require_POST
@signed_in
def revoke_token(request: Request, token_id: int) -> HttpResponse:
    token = services.revoke_token(token_id=token_id, actor=request.actor, at=request.at)
    messages.success(request, f"令牌“{token.name}”已撤销，使用它的程序不能再访问。")
    return redirect("accounts:me")


@require_POST
@signed_in
def end_sign_in(request: Request, sign_in_id: int) -> HttpResponse:
    services.end_sign_in(sign_in_id=sign_in_id, actor=request.actor, at=request.at)
    messages.success(request, "该设备上的登录已退出。")
    return redirect("accounts:me")


@require_POST
@signed_in
def save_view(request: Request) -> HttpResponse:
    """保存当前筛选: keep the filters of a list, and come back to it as it was."""
    path, query = request.POST.get("path", ""), request.POST.get("query", "")
    if not _leads_somewhere(path):
        raise ViewOfAnotherSite()
    try:
        view = services.save_view(
            path=path, query=query, name=request.POST.get("name", ""), actor=request.actor, at=request.at
        )
    except (Invalid, Conflict) as error:
        messages.error(request, error.text)
        return HttpResponseRedirect(f"{path}?{rules.view_query(query)}")
    messages.success(request, f"已保存筛选“{view.name}”。")
    return HttpResponseRedirect(view.href)


@require_POST
@signed_in
def rename_view(request: Request, view_id: int) -> HttpResponse:
    view = queries.saved_view(_user(request), view_id)
    try:
        services.rename_view(view_id=view.pk, name=request.POST.get("name", ""), actor=request.actor, at=request.at)
    except (Invalid, Conflict) as error:
        messages.error(request, error.text)
    return HttpResponseRedirect(view.path)


@require_POST
@signed_in
def remove_view(request: Request, view_id: int) -> HttpResponse:
    return HttpResponseRedirect(services.remove_view(view_id=view_id, actor=request.actor, at=request.at))


def _leads_somewhere(path: str) -> bool:
    """Whether a page of this site has this address."""
    try:
        return rules.is_own_path(path) and bool(resolve(path))
    except Resolver404:
        return False


def _user(request: Request) -> User:
    assert isinstance(request.user, User)
    return request.user
