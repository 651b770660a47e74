"""Pages of the system administrator: the logins of a division and below."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronghe.kernel.errors import DomainError
from ronghe.kernel.pages import Choice, Column, Empty, Listing, Search

from .. import queries, rules, services
from ..access import Request, allows
from ..errors import UserNotFound
from ..forms import UserForm
from ..models import User
from ..permissions import USER_MANAGE

LIST = Listing(
    title="用户",
    unit="个",
    columns=(
        Column("username", "用户名", kind="code", sort=("username",), main=True, link=lambda u: _address(u)),
        Column("display_name", "姓名", sort=("display_name",)),
        Column("state", "状态", value=lambda u: "启用" if u.is_active else "已停用"),
        Column("last_login", "最近登录", kind="date", sort=("last_login",)),
        Column("created_at", "创建时间", kind="date", sort=("created_at",)),
    ),
    filters=(
        Search(placeholder="用户名或姓名"),
        Choice("state", "状态", choices=(("active", "启用"), ("inactive", "已停用"))),
    ),
    order=("username", "pk"),
    empty=Empty("还没有符合条件的用户。", "新增用户", "accounts:new_user"),
)


def _address(of: User) -> str:
    return reverse("accounts:user", kwargs={"user_id": of.pk})


@require_safe
@allows(USER_MANAGE)
def users(request: Request) -> HttpResponse:
    """The list of logins."""
    return LIST.respond(
        request,
        lambda chosen: queries.users(request.actor, text=chosen.get("q", ""), state=chosen.get("state", "")),
        template="accounts/users.html",
    )


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
    return render(request, "accounts/user_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@allows(USER_MANAGE)
def user(request: Request, user_id: int) -> HttpResponse:
    """One login: its state, its posts, when it was last used."""
    of = _seen(request, user_id)
    context = {"of": of, "posts": of.memberships.select_related("org_unit", "division").order_by("-pk")}
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
