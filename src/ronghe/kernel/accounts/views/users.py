"""Pages of the system administrator: the logins of a division and below."""

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel import clock
from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Column, Filter, Listing, Option

from .. import queries, rules, services
from ..access import Request, allows
from ..errors import UserNotFound
from ..forms import UserForm
from ..models import User
from ..permissions import USER_MANAGE


def _address(of: User) -> str:
    return reverse("accounts:user", kwargs={"user_id": of.pk})


LIST: Listing[User] = Listing(
    title="用户",
    columns=(
        Column("username", "用户名", lambda u: u.username, order=("username",), kind="code", link=_address),
        Column("display_name", "姓名", lambda u: u.display_name, order=("display_name",)),
        Column("state", "状态", lambda u: "启用" if u.is_active else "已停用"),
        Column("last_login", "最近登录", lambda u: day(u.last_login), order=("last_login",), kind="date"),
        Column("created_at", "创建时间", lambda u: day(u.created_at), order=("created_at",), kind="date"),
    ),
    filters=(
        Filter("q", "用户名或姓名", kind="text"),
        Filter("state", "状态", options=(Option("active", "启用"), Option("inactive", "已停用"))),
    ),
    order=("username", "pk"),
    empty="没有符合条件的用户。",
    empty_next="请放宽筛选条件，或新增用户。",
)


def day(at: datetime | None) -> date | None:
    """The legal day of an instant, for a column."""
    return clock.legal_day(at) if at else None


@require_safe
@allows(USER_MANAGE)
def users(request: Request) -> HttpResponse:
    """The list of logins."""
    asked = LIST.asked(request.GET)
    rows = queries.users(request.actor, text=asked.text("q"), state=asked.text("state"))
    return LIST.respond(request, asked, rows, template="accounts/users.html")


@never_cache
@require_http_methods(["GET", "POST"])
@allows(USER_MANAGE)
def new_user(request: Request) -> HttpResponse:
    """Make a login; its temporary password is shown this once."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        secret = rules.temporary_password()
        try:
            user = services.create_user(
                username=form.cleaned_data["username"],
                display_name=form.cleaned_data["display_name"],
                password=secret,
                actor=request.actor,
                at=request.at,
            )
        except DomainError as error:
            form.add_error("username", error.text)
        else:
            return render(request, "accounts/secret.html", {"of": user, "secret": secret, "created": True})
    context = {
        "form": form,
        "title": "新增用户",
        "submit": "新增用户",
        "note": "系统会生成一个临时密码，只显示一次。岗位由安全管理员另行授予。",
        "cancel_url": reverse("accounts:users"),
    }
    return render(request, "portal/form.html", context, status=422 if form.errors else 200)


@require_safe
@allows(USER_MANAGE)
def user(request: Request, user_id: int) -> HttpResponse:
    """One login: its state, its posts, when it was last used."""
    of = _seen(request, user_id)
    context = {
        "of": of,
        "posts": of.memberships.visible_to(request.actor).select_related("org_unit", "division").order_by("-pk"),
    }
    return render(request, "accounts/user.html", context)


@require_POST
@allows(USER_MANAGE)
def set_active(request: Request, user_id: int) -> HttpResponse:
    """Deactivate a login, or open it again."""
    if request.POST.get("active") == "1":
        of = services.activate_user(user_id=user_id, actor=request.actor, at=request.at)
        messages.success(request, f"用户 {of.username} 已重新启用。")
    else:
        of = services.deactivate_user(user_id=user_id, actor=request.actor, at=request.at)
        messages.success(request, f"用户 {of.username} 已停用，其登录已退出，访问令牌已撤销。")
    return redirect("accounts:user", user_id=of.pk)


@never_cache
@require_POST
@allows(USER_MANAGE)
def reset_password(request: Request, user_id: int) -> HttpResponse:
    """Give a temporary password, shown this once."""
    secret = rules.temporary_password()
    of = services.reset_password(user_id=user_id, password=secret, actor=request.actor, at=request.at)
    return render(request, "accounts/secret.html", {"of": of, "secret": secret, "created": False})


def _seen(request: Request, user_id: int) -> User:
    of: User | None = User.objects.visible_to(request.actor).filter(pk=user_id).first()
    if of is None:
        raise UserNotFound(user=user_id)
    return of
