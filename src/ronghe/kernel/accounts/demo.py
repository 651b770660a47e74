"""Users of the demonstration (演示数据). The command that makes them is composed above, where zones are known."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from ronghe.kernel.actors import SYSTEM, Actor

from . import rules, services
from .models import Mandate, Membership, User
from .roles import Role

#: Ends the name of every user of the demonstration.
_MARK = "（演示）"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A demonstration user and the password that it has now; empty when the user existed before."""

    user: User
    role: Role
    password: str

    @property
    def line(self) -> str:
        """As ``ronghe demo`` prints it: role · username · password."""
        return f"{self.role.title} · {self.user.username} · {self.password or '（密码不变）'}"


def make_user(
    *,
    username: str,
    display_name: str,
    role: Role,
    org_unit_id: int,
    division: str,
    at: datetime,
    password: str = "",
    from_day: date | None = None,
) -> DemoUser:
    """A demonstration user with one post, held from today unless a day is given; ``password`` is random unless given.

    A repeat changes nothing.
    """
    user, secret = _user(username, display_name, password, at)
    if not Membership.objects.filter(
        user=user, role=role.value, org_unit_id=org_unit_id, division_id=division
    ).exists():
        services.grant_membership(
            user_id=user.pk,
            org_unit_id=org_unit_id,
            role=role,
            division=division,
            actor=SYSTEM,
            at=at,
            from_day=from_day,
        )
    return DemoUser(user, role, secret)


def make_colleague(
    *, username: str, display_name: str, role: Role, org_unit_id: int, division: str, from_day: date, at: datetime
) -> Actor:
    """Somebody whom the history of the demonstration names and who never signs in. A repeat changes nothing."""
    user = User.objects.filter(username=username).first() or services.create_user(
        username=username, display_name=f"{display_name}{_MARK}", password=None, must_change_password=False,
        actor=SYSTEM, at=at,
    )  # fmt: skip
    actor = Actor(user.pk, role.value, org_unit_id, division)
    if actor not in demo_posts(org_unit_id=org_unit_id, roles=(role,)):
        services.grant_membership(
            user_id=user.pk,
            org_unit_id=org_unit_id,
            role=role,
            division=division,
            actor=SYSTEM,
            at=at,
            from_day=from_day,
        )
    return actor


def demo_posts(*, org_unit_id: int, roles: Collection[Role]) -> list[Actor]:
    """The posts of demonstration users in a unit, the oldest first."""
    rows = Membership.objects.filter(
        org_unit=org_unit_id, role__in=[role.value for role in roles], valid__endswith=None, user__is_active=True,
        user__display_name__endswith=_MARK,
    )  # fmt: skip
    return [Actor(row.user_id, row.role, row.org_unit_id, row.division_id) for row in rows.order_by("pk")]


def is_of_demonstration(user_id: int | None) -> bool:
    """Whether somebody is a user of the demonstration: what such a one brings is made up."""
    return user_id is not None and User.objects.filter(pk=user_id, display_name__endswith=_MARK).exists()


def make_party_user(
    *,
    username: str,
    display_name: str,
    party_id: int,
    kind: Mandate.Kind,
    at: datetime,
    password: str = "",
) -> DemoUser:
    """A demonstration user who acts for a party. A repeat changes nothing."""
    user, secret = _user(username, display_name, password, at)
    if not Mandate.objects.filter(user=user, party_id=party_id, kind=kind).exists():
        services.give_mandate(user_id=user.pk, party_id=party_id, kind=kind, source="演示数据", actor=SYSTEM, at=at)
    return DemoUser(user, Role.SELF, secret)


def close_users(*, password_of: Callable[[str], str], at: datetime) -> None:
    """Close the logins of the demonstration. Whoever has chosen a password of his own is no longer part of it."""
    for user in _with_its_password(password_of, is_active=True):
        services.deactivate_user(user_id=user.pk, actor=SYSTEM, at=at)


def reopen_users(*, password_of: Callable[[str], str], at: datetime) -> None:
    """Open the logins again that ``close_users`` has closed."""
    for user in _with_its_password(password_of, is_active=False):
        services.activate_user(user_id=user.pk, actor=SYSTEM, at=at)


def _with_its_password(password_of: Callable[[str], str], *, is_active: bool) -> Iterator[User]:
    marked = User.objects.filter(display_name__endswith=_MARK, is_active=is_active)
    for user in marked.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("pk"):
        if user.check_password(password_of(user.username)):
            yield user


def _user(username: str, display_name: str, password: str, at: datetime) -> tuple[User, str]:
    found: User | None = User.objects.filter(username=username).first()
    if found is not None:
        return found, ""
    secret = password or rules.temporary_password()
    user = services.create_user(
        username=username,
        display_name=f"{display_name.removesuffix(_MARK)}{_MARK}",
        password=secret,
        must_change_password=False,
        actor=SYSTEM,
        at=at,
    )
    return user, secret
