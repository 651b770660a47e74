"""Tables of users, their posts and their mandates. A post or mandate is ended by its date, never deleted."""

from datetime import date
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When

from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.regions.scope import ScopedQuerySet

from .roles import STAFF_CHOICES, Role
from .rules import LONGEST_NAME, LONGEST_PATH, LONGEST_QUERY, OWN_PATH


def _single(field: str) -> Func:
    """A number as a range of itself, so that GiST in core PostgreSQL can compare it for equality."""
    return Func(F(field), F(field), Value("[]"), function="int8range")


def _single_text(field: str) -> Func:
    """A text as a range of itself (type ``accounts_textrange``, made by the first migration)."""
    return Func(F(field), F(field), Value("[]"), function="accounts_textrange")


def _apart(role: Role) -> Case:
    """[0, 1) for ``role`` and [1, 2) for every other: adjacent exactly when one of two rows is ``role``."""
    return Case(
        When(role=role, then=Func(Value(0), Value(1), function="int4range")),
        default=Func(Value(1), Value(2), function="int4range"),
    )


class UserQuerySet(ScopedQuerySet["User"]):
    """Logins are seen by the system administrator who keeps them and the security administrator who grants posts."""

    scope = "created_in_id"

    def visible_to(self, actor: Actor) -> "UserQuerySet":
        """The users made, with a post, or acting for a party, in the actor's division or below, whenever that was.

        Only the system and the security administrator list users; anybody else sees none. Logins of which nothing says
        where they belong (made at the server, no post yet) are seen by the administrators of a province.
        """
        if actor.role == SYSTEM_ROLE:
            return self.all()
        if actor.role not in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN) or actor.division is None:
            return self.none()
        posts = Membership.objects.filter(user=models.OuterRef("pk"))
        mandates = Mandate.objects.filter(user=models.OuterRef("pk"))
        top = apps.get_model("regions", "Division").objects.filter(pk=actor.division, parent=None)
        nowhere = Q(created_in=None) & ~models.Exists(posts) & ~models.Exists(mandates)
        return self.filter(
            self._within(actor)
            | models.Exists(posts.visible_to(actor))
            | models.Exists(mandates.of_parties_below(actor.division))
            | (nowhere & models.Exists(top))
        )


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Finds users by their login name. Users are made by ``services.create_user``, which also records the act."""


class User(AbstractBaseUser):
    """用户: a login. Never a Party: whom a user acts for is said by a Mandate, in what post by a Membership."""

    username = models.CharField(
        "用户名",
        max_length=40,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9_.-]{2,39}$",
                "用户名由 3 至 40 个小写字母、数字、点、横线或下划线组成，以字母开头。",
            )
        ],
    )
    display_name = models.CharField("姓名", max_length=40)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须改密码", default=False)
    created_at = models.DateTimeField("创建时间")
    #: The division of the administrator who made the login; none when it was made at the server.
    created_in = models.ForeignKey(
        "regions.Division", models.PROTECT, null=True, related_name="+", verbose_name="创建人管辖区划"
    )
    password_set_at = models.DateTimeField("密码设置时间", null=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects: ClassVar[Any] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="username_once", fields=["username"]),
            models.CheckConstraint(name="username_is_plain", condition=Q(username__regex=r"^[a-z][a-z0-9_.-]{2,39}$")),
        ]
        ordering = ("username",)

    def __str__(self) -> str:
        return self.display_name


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    """Posts are seen by the administrators of their division; a user's own through ``queries``."""

    scope = "division_id"

    def visible_to(self, actor: Actor) -> "MembershipQuerySet":
        if actor.role not in (SYSTEM_ROLE, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
            return self.none()
        return super().visible_to(actor)

    def in_force(self, on: date) -> "MembershipQuerySet":
        """Those whose validity covers the day ``on``, of users who are active."""
        return self.filter(valid__contains=on, user__is_active=True)


class Membership(models.Model):
    """岗位授权: a user holds a role in an org unit, for a division and everything below it, in a time.

    三员分立 is kept by the database: three exclusion constraints (one per administrator's role) refuse any other role
    of the same user in an overlapping time. The range of one role is adjacent to the range of "another role"; a
    range is never adjacent to itself, so the same role may be held in several divisions.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name="用户")
    org_unit = models.ForeignKey("regions.OrgUnit", models.PROTECT, related_name="+", verbose_name="单位")
    role = models.CharField("岗位", max_length=24, choices=STAFF_CHOICES)
    division = models.ForeignKey("regions.Division", models.PROTECT, related_name="+", verbose_name="管辖区划")
    valid = DateRangeField("有效期")  # [from, to)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="授权人")
    granted_at = models.DateTimeField("授权时间")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_role_is_a_post", condition=Q(role__in=[role for role, _ in STAFF_CHOICES])
            ),
            # Empty: undone before it held on any day.
            models.CheckConstraint(
                name="membership_has_a_first_day",
                condition=Q(valid__startswith__isnull=False) | Q(valid__isempty=True),
            ),
            models.CheckConstraint(
                name="membership_not_granted_to_oneself",
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
            ),
            ExclusionConstraint(
                name="membership_once_per_time",
                expressions=[
                    (_single("user"), "&&"),
                    (_single("org_unit"), "&&"),
                    (_single_text("role"), "&&"),
                    (_single_text("division"), "&&"),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            *(
                ExclusionConstraint(
                    name=f"membership_{role}_holds_no_other_role",
                    expressions=[
                        (_single("user"), "&&"),
                        ("valid", RangeOperators.OVERLAPS),
                        (_apart(role), RangeOperators.ADJACENT_TO),
                    ],
                )
                for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
            ),
        ]
        indexes = [models.Index(name="membership_by_division", fields=["division", "role"])]

    def __str__(self) -> str:
        return f"{Role(self.role).title}（{self.division_id}）"


class MandateQuerySet(ScopedQuerySet["Mandate"]):
    """Mandates are seen by the security administrator of the party's division; a user's own through ``queries``."""

    scope = "party__division_id"

    def visible_to(self, actor: Actor) -> "MandateQuerySet":
        if actor.role not in (SYSTEM_ROLE, Role.SECURITY_ADMIN):
            return self.none()
        return super().visible_to(actor)

    def of_parties_below(self, division: str) -> "MandateQuerySet":
        """Those for parties of the division and everything below it."""
        return self.filter(party__division__ancestors__ancestor=division)

    def in_force(self, on: date) -> "MandateQuerySet":
        """Those whose validity covers the day ``on``, of users who are active."""
        return self.filter(valid__contains=on, user__is_active=True)


class Mandate(models.Model):
    """代理关系: a user may act for a party: for itself, or by law, agency or guardianship; ``source`` says on what.

    Source: 民法典 第六十一条 (法定代表人), 第一百六十二条 (代理), 第三十四条 (监护人).
    """

    class Kind(models.TextChoices):
        SELF = "self", "本人"
        LEGAL_REPRESENTATIVE = "legal_representative", "法定代表人"
        AGENT = "agent", "委托代理人"
        GUARDIAN = "guardian", "监护人"

    user = models.ForeignKey(User, models.PROTECT, related_name="mandates", verbose_name="用户")
    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name="权利人")
    kind = models.CharField("关系", max_length=24, choices=Kind)
    source = models.CharField("依据材料", max_length=200)
    valid = DateRangeField("有效期")  # [from, to)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    granted_at = models.DateTimeField("登记时间")

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mandate_kind_is_known",
                condition=Q(kind__in=["self", "legal_representative", "agent", "guardian"]),
            ),
            models.CheckConstraint(name="mandate_names_its_source", condition=~Q(source="")),
            # Empty: undone before it held on any day.
            models.CheckConstraint(
                name="mandate_has_a_first_day",
                condition=Q(valid__startswith__isnull=False) | Q(valid__isempty=True),
            ),
            models.CheckConstraint(
                name="mandate_not_given_to_oneself",
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
            ),
            ExclusionConstraint(
                name="mandate_once_per_time",
                expressions=[
                    (_single("user"), "&&"),
                    (_single("party"), "&&"),
                    (_single_text("kind"), "&&"),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            # 本人: one login is one person.
            ExclusionConstraint(
                name="mandate_one_self_per_time",
                expressions=[(_single("user"), "&&"), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(kind="self"),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class SignIn(models.Model):
    """登录会话: which sessions a user has open, so that he sees them and can end those that are not his.

    ``capacity`` is the key of the capacity chosen in the session, empty before a choice. It stands here and not in the
    session's own data: those are written as a whole, so that of two requests at once the slower would undo a choice.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField("登录时间")
    device = models.CharField("设备", max_length=60, default="")
    capacity = models.CharField("所选身份", max_length=40, default="")

    class Meta:
        indexes = [models.Index(name="sign_in_by_user", fields=["user", "at"])]


class LoginSource(models.Model):
    """登录来源: how many logins from one network have failed, whatever the names, in the hour that began at ``since``.

    ``failures`` also counts those that are being checked. ``held_off_at`` is when the network was last held off: the
    record of acts names the row, which stays until that need not be known any more.
    """

    network = models.CharField("来源网络", max_length=43, unique=True)
    since = models.DateTimeField("计数起点")
    failures = models.PositiveIntegerField("失败次数", default=0)
    held_off_at = models.DateTimeField("最近一次暂停", null=True)

    class Meta:
        indexes = [models.Index(name="login_source_by_time", fields=["since"])]

    def __str__(self) -> str:
        return self.network


class ApiToken(models.Model):
    """接口令牌: lets a program act as one user in one post or under one mandate; only its digest is kept.

    ``prefix`` is the public part that finds the row; the secret part is 256 random bits, so that a plain SHA-256
    is enough: nothing can be guessed from a digest.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="tokens", verbose_name="用户")
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+", verbose_name="岗位")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+", verbose_name="代理关系")
    name = models.CharField("用途", max_length=60)
    prefix = models.CharField("前缀", max_length=12, unique=True)
    digest = models.BinaryField(max_length=32)
    created_at = models.DateTimeField("创建时间")
    expires_at = models.DateTimeField("到期时间")
    last_used_at = models.DateTimeField("最近使用", null=True)
    revoked_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="token_expires_after_creation", condition=Q(expires_at__gt=F("created_at"))),
            models.CheckConstraint(
                name="token_acts_in_one_post_or_mandate",
                condition=Q(membership__isnull=False, mandate=None) | Q(membership=None, mandate__isnull=False),
            ),
        ]
        indexes = [models.Index(name="token_by_user", fields=["user", "created_at"])]

    def __str__(self) -> str:
        return f"{self.name}（{self.prefix}…）"


class SavedView(models.Model):
    """保存的筛选: the filters of a list as one user has named them, to come back to; seen by nobody else."""

    user = models.ForeignKey(User, models.PROTECT, related_name="saved_views", verbose_name="用户")
    path = models.CharField("列表地址", max_length=LONGEST_PATH)
    name = models.CharField("名称", max_length=LONGEST_NAME)
    query = models.CharField("筛选条件", max_length=LONGEST_QUERY)
    made_at = models.DateTimeField("保存时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="saved_view_name_once", fields=["user", "path", "name"]),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="saved_view_narrows_something", condition=~Q(query="")),
            models.CheckConstraint(name="saved_view_is_of_this_site", condition=Q(path__regex=OWN_PATH)),
        ]
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def href(self) -> str:
        """The list with these filters."""
        return f"{self.path}?{self.query}"
