"""Commands on logins: create, deactivate, passwords, sessions."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet

from ronghe.kernel import clock
from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.audit import services as audit
from ronghe.kernel.db import refuses

from .. import rules
from ..access import reaches
from ..errors import (
    BadUsername,
    HoldsPostsElsewhere,
    NoSuchCapacity,
    ResetAtTheServer,
    UsernameTaken,
    UserNotFound,
    WeakPassword,
)
from ..models import ApiToken, Mandate, Membership, SignIn, User
from ..queries import Capacity, capacities
from ..roles import ADMINISTRATORS, Role
from .duties import locked_user, not_oneself, only

#: The end of a session in use is moved on in steps of this, so that most requests write nothing.
MOVE_ON = timedelta(minutes=1)


@transaction.atomic
def create_user(
    *,
    username: str,
    display_name: str,
    password: str | None,
    actor: Actor,
    at: datetime,
    must_change_password: bool = True,
) -> User:
    """Make a login without any post: it may do what the public may, until the security administrator grants one.

    Without a password (``None``) nobody signs in with it until one is set.
    It is kept where it was made, and above, as long as no post or mandate gives it to somebody else.
    Raises: NotAnAdministratorsMatter, BadUsername, WeakPassword, UsernameTaken.
    """
    only(Role.SYSTEM_ADMIN, actor)
    user = User(
        username=username,
        display_name=display_name.strip(),
        must_change_password=must_change_password,
        created_at=at,
        created_in_id=actor.division,
        password_set_at=at if password is not None else None,
    )
    if password is not None:
        refuse_weak(password, user)
    user.set_password(password)
    with (
        refuses(
            {
                "username_once": UsernameTaken(username=username),
                "username_is_plain": BadUsername(username=username),
            }
        ),
        transaction.atomic(),
    ):
        user.save(force_insert=True)
    audit.record(verb="accounts.user.created", subject=user, actor=actor, at=at)
    return user


@transaction.atomic
def deactivate_user(*, user_id: int, actor: Actor, at: datetime) -> User:
    """Close a login: it can no longer sign in, its sessions end at once, its tokens are revoked. Posts stay on record.

    A repeat changes nothing. Locks: User.
    Raises: NotAnAdministratorsMatter, NotToOneself, UserNotFound, HoldsPostsElsewhere.
    """
    user = _keepable(user_id, actor, at)
    if not user.is_active:
        return user
    user.is_active = False
    user.save(update_fields=["is_active"])
    tokens = _revoke_all_tokens(user, at)
    sessions = _end_sessions(user)
    facts = {"sessions": sessions, "tokens": tokens}
    audit.record(verb="accounts.user.deactivated", subject=user, actor=actor, at=at, facts=facts)
    return user


@transaction.atomic
def activate_user(*, user_id: int, actor: Actor, at: datetime) -> User:
    """Open a closed login again; posts that are still valid count again, tokens stay revoked.

    A repeat changes nothing. Locks: User.
    Raises: NotAnAdministratorsMatter, NotToOneself, UserNotFound, HoldsPostsElsewhere.
    """
    user = _keepable(user_id, actor, at)
    if user.is_active:
        return user
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(verb="accounts.user.activated", subject=user, actor=actor, at=at)
    return user


@transaction.atomic
def reset_password(*, user_id: int, password: str, actor: Actor, at: datetime) -> User:
    """Give a user a temporary password that must be changed at the next login; sessions and tokens end.

    The password of one of the 三员 is reset at the server only (``ronghe user reset``): whoever could set it could act
    as that administrator. Locks: User.
    Raises: NotAnAdministratorsMatter, NotToOneself, UserNotFound, HoldsPostsElsewhere, ResetAtTheServer, WeakPassword.
    """
    user = _keepable(user_id, actor, at)
    if (
        actor.role != SYSTEM_ROLE
        and _from_now(Membership.objects.filter(user=user), at).filter(role__in=ADMINISTRATORS).exists()
    ):
        raise ResetAtTheServer(user=user.username)
    refuse_weak(password, user)
    user.set_password(password)
    user.must_change_password = True
    user.password_set_at = at
    user.save(update_fields=["password", "must_change_password", "password_set_at"])
    facts = {"sessions": _end_sessions(user), "tokens": _revoke_all_tokens(user, at)}
    audit.record(verb="accounts.password.reset", subject=user, actor=actor, at=at, facts=facts)
    return user


@transaction.atomic
def change_password(*, user_id: int, password: str, actor: Actor, at: datetime) -> User:
    """Change one's own password; every other session of the user ends (its hash no longer fits).

    The caller has checked the old password (throttled, like a login). Locks: User. Raises: UserNotFound, WeakPassword.
    """
    if actor.user_id != user_id:
        raise UserNotFound(user=user_id)
    user = locked_user(user_id)
    if user.check_password(password):
        raise WeakPassword(reasons="新密码与现在的密码相同，请换一个。")
    refuse_weak(password, user)
    user.set_password(password)
    user.must_change_password = False
    user.password_set_at = at
    user.save(update_fields=["password", "must_change_password", "password_set_at"])
    audit.record(verb="accounts.password.changed", subject=user, actor=actor, at=at)
    return user


def keep_session(*, session_key: str, at: datetime) -> None:
    """Move the end of a session in use on, once a minute at most; what it holds is not written.

    A session that was ended meanwhile stays ended.
    """
    end = at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    Session.objects.filter(session_key=session_key, expire_date__lt=end - MOVE_ON).update(expire_date=end)


@transaction.atomic
def log_in(*, user_id: int, session_key: str, device: str, actor: Actor, at: datetime) -> SignIn:
    """Note a login, with no capacity chosen yet, and forget those whose sessions are gone."""
    user = locked_user(user_id)
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    SignIn.objects.filter(user=user).exclude(session_key__in=alive).delete()
    sign_in, _ = SignIn.objects.update_or_create(
        session_key=session_key, defaults={"user": user, "at": at, "device": device[:60], "capacity": ""}
    )
    audit.record(verb="accounts.session.opened", subject=user, actor=actor, at=at)
    return sign_in


@transaction.atomic
def log_out(*, session_key: str, actor: Actor, at: datetime) -> None:
    """Note a logout; the view ends the session itself."""
    if actor.user_id is None:
        return
    SignIn.objects.filter(session_key=session_key, user_id=actor.user_id).delete()
    audit.record(verb="accounts.session.closed", subject=("accounts.user", actor.user_id), actor=actor, at=at)


@transaction.atomic
def end_sign_in(*, sign_in_id: int, actor: Actor, at: datetime) -> None:
    """End another session of one's own, at once; a repeat changes nothing."""
    sign_in = SignIn.objects.select_for_update().filter(pk=sign_in_id).first()
    if sign_in is None or sign_in.user_id != actor.user_id:
        return
    Session.objects.filter(session_key=sign_in.session_key).delete()
    sign_in.delete()
    audit.record(verb="accounts.session.ended", subject=("accounts.user", sign_in.user_id), actor=actor, at=at)


@transaction.atomic
def keep_only_sign_in(*, user_id: int, before: str, session_key: str, device: str, at: datetime) -> None:
    """After a change of password: forget the other sessions (they are dead), keep this one under its new key.

    The capacity chosen under the key ``before`` stays chosen. Locks: User, SignIn.
    """
    user = locked_user(user_id)
    sign_ins = SignIn.objects.filter(user=user)
    chosen = sign_ins.select_for_update().filter(session_key=before).values_list("capacity", flat=True).first()
    Session.objects.filter(session_key__in=sign_ins.exclude(session_key=session_key).values("session_key")).delete()
    sign_ins.delete()
    SignIn.objects.create(user=user, session_key=session_key, at=at, device=device[:60], capacity=chosen or "")


@transaction.atomic
def switch_capacity(*, user: User, key: str, session_key: str, device: str, actor: Actor, at: datetime) -> Capacity:
    """Choose in which capacity one acts from now on in this session. Locks: SignIn. Raises: NoSuchCapacity."""
    for capacity in capacities(user, on=clock.legal_day(at)):
        if capacity.key == key:
            SignIn.objects.update_or_create(
                session_key=session_key,
                defaults={"capacity": key},
                create_defaults={"user": user, "at": at, "device": device[:60], "capacity": key},
            )
            facts = {"capacity": key}
            audit.record(verb="accounts.session.switched", subject=user, actor=capacity.actor, at=at, facts=facts)
            return capacity
    raise NoSuchCapacity()


def refuse_weak(password: str, user: User) -> None:
    """Refuse a password that breaks the house's rules or Django's (common, similar to the user's data).

    Raises: WeakPassword with every reason at once.
    """
    reasons = rules.password_faults(password, username=user.username)
    try:
        validate_password(password, user)
    except ValidationError as error:
        # Length is told once, by our own rule.
        reasons += [m for e in error.error_list if e.code != "password_too_short" for m in e.messages]
    if reasons:
        raise WeakPassword(reasons="".join(reasons))


def _keepable(user_id: int, actor: Actor, at: datetime) -> User:
    """The locked user, when it is the actor's to keep: seen by him, not himself, and nobody else's.

    Whoever sets a password could act in every post and for every party of the user. So all that is in force, or will
    be, must lie in the actor's reach; where nothing is, the login belongs to where it was made.
    """
    only(Role.SYSTEM_ADMIN, actor)
    user = locked_user(user_id)
    not_oneself(user, actor)
    if actor.role == SYSTEM_ROLE:
        return user
    if actor.division is None or not User.objects.visible_to(actor).filter(pk=user_id).exists():
        raise UserNotFound(user=user_id)
    posts, mandates = _from_now(Membership.objects.filter(user=user), at), _from_now(user.mandates.all(), at)
    elsewhere = (
        posts.exclude(pk__in=Membership.objects.visible_to(actor).values("pk")).exists()
        or mandates.exclude(pk__in=Mandate.objects.of_parties_below(actor.division).values("pk")).exists()
    )
    made_here = user.created_in_id is None or reaches(actor, user.created_in_id)
    if elsewhere or not (made_here or posts.exists() or mandates.exists()):
        raise HoldsPostsElsewhere(user=user.username)
    return user


def _from_now(rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    """What is in force or will be."""
    return rows.filter(valid__overlap=DateRange(clock.legal_day(at), None))


def _revoke_all_tokens(user: User, at: datetime) -> int:
    return ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=at)


def _end_sessions(user: User) -> int:
    keys = list(SignIn.objects.filter(user=user).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return SignIn.objects.filter(user=user).delete()[0]
