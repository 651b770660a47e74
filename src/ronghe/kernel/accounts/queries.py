"""Reads of users and posts: who acts, in which capacities, and who may list whom."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db.models import Case, Q, QuerySet, Value, When

from ronghe.kernel.actors import Actor
from ronghe.kernel.errors import Forbidden

from .access import reaches
from .errors import OrgUnitNotFound, UserInactive, UserNotFound, ViewNotFound
from .models import ApiToken, Mandate, Membership, SavedView, SignIn, User
from .roles import Role, may


@dataclass(frozen=True, slots=True)
class Capacity:
    """身份: one of the capacities in which a user may act today; ``key`` is what the sign-in remembers."""

    key: str
    title: str
    place: str
    actor: Actor


def capacities(user: User, *, on: date) -> list[Capacity]:
    """Every capacity that ``user`` has on the day ``on``: posts first, in the order of granting, then mandates."""
    posts = Membership.objects.in_force(on).filter(user=user).select_related("org_unit", "division").order_by("pk")
    mandates = Mandate.objects.in_force(on).filter(user=user).select_related("party").order_by("pk")
    return [of_membership(post) for post in posts] + [of_mandate(mandate) for mandate in mandates]


def of_membership(post: Membership) -> Capacity:
    """The capacity that a post gives."""
    return Capacity(
        key=f"post-{post.pk}",
        title=Role(post.role).title,
        place=f"{post.org_unit.name}（{post.division.name}）",
        actor=Actor(user_id=post.user_id, role=post.role, org_unit_id=post.org_unit_id, division=post.division_id),
    )


def of_mandate(mandate: Mandate) -> Capacity:
    """The capacity that a mandate gives: it reaches one party, and no division."""
    return Capacity(
        key=f"mandate-{mandate.pk}",
        title=mandate.get_kind_display(),
        place=mandate.party.name,
        actor=Actor(user_id=mandate.user_id, role=Role.SELF.value, on_behalf_of_id=mandate.party_id),
    )


def without_capacity(user: User) -> Actor:
    """A user who has signed in but holds no post and no mandate today: may do what the public may."""
    return Actor(user_id=user.pk, role=Role.PUBLIC.value)


def chosen_capacity(*, session_key: str) -> str | None:
    """The key of the capacity that was chosen in the session; ``None`` when none was."""
    return SignIn.objects.filter(session_key=session_key).values_list("capacity", flat=True).first() or None


def chosen(user: User, *, key: str | None, on: date) -> Actor:
    """The actor of the capacity that the sign-in remembers; the first one when that has ended or none was chosen."""
    having = capacities(user, on=on)
    for capacity in having:
        if capacity.key == key:
            return capacity.actor
    return having[0].actor if having else without_capacity(user)


def users(actor: Actor, *, text: str = "", state: str = "") -> QuerySet[User]:
    """The logins that ``actor`` may list; ``text`` is part of a login name or name, ``state`` active or inactive."""
    rows: QuerySet[User] = User.objects.visible_to(actor)
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    if state in ("active", "inactive"):
        rows = rows.filter(is_active=state == "active")
    return rows


def memberships(actor: Actor, *, on: date, text: str = "", role: str = "", state: str = "") -> QuerySet[Membership]:
    """The posts that ``actor`` may list; ``state`` in_force, coming or ended on the day ``on``."""
    rows: QuerySet[Membership] = Membership.objects.visible_to(actor).select_related("user", "org_unit", "division")
    if text:
        rows = rows.filter(
            Q(user__username__icontains=text)
            | Q(user__display_name__icontains=text)
            | Q(org_unit__name__icontains=text)
        )
    if role:
        rows = rows.filter(role=role)
    return _in_state(rows, state, on)


def mandates(actor: Actor, *, on: date, text: str = "", kind: str = "", state: str = "") -> QuerySet[Mandate]:
    """The mandates that ``actor`` may list; ``state`` in_force, coming or ended on the day ``on``."""
    rows: QuerySet[Mandate] = Mandate.objects.visible_to(actor).select_related("user", "party")
    if text:
        rows = rows.filter(
            Q(user__username__icontains=text) | Q(user__display_name__icontains=text) | Q(party__name__icontains=text)
        )
    if kind:
        rows = rows.filter(kind=kind)
    return _in_state(rows, state, on)


def _in_state(rows: QuerySet[Any], state: str, on: date) -> QuerySet[Any]:
    """Each row with its state on the day ``on`` (``ended``, ``coming``, ``in_force``), only those in ``state`` if given."""
    rows = rows.annotate(
        state=Case(
            When(Q(valid__endswith__lte=on) | Q(valid__isempty=True), then=Value("ended")),
            When(valid__startswith__gt=on, then=Value("coming")),
            default=Value("in_force"),
        )
    )
    return rows.filter(state=state) if state else rows


def past_posts(user: User, *, on: date) -> QuerySet[Membership]:
    """One's own posts that no longer hold."""
    own = Membership.objects.filter(user=user).select_related("org_unit", "division").order_by("-pk")
    return own.filter(Q(valid__endswith__lte=on) | Q(valid__isempty=True))


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A token as its owner sees it: never the secret."""

    row: ApiToken
    state: str

    @property
    def is_valid(self) -> bool:
        """Whether it still opens anything, as far as it depends on the token."""
        return self.state == "有效"


def tokens(user: User, *, at: datetime) -> list[ShownToken]:
    """The user's tokens, newest first."""
    rows = ApiToken.objects.filter(user=user).order_by("-created_at")[:50]
    return [
        ShownToken(row, "已撤销" if row.revoked_at else "已到期" if row.expires_at <= at else "有效") for row in rows
    ]


def saved_views(user_id: int, *, path: str) -> QuerySet[SavedView]:
    """The user's own views of the list at ``path``, by name."""
    return SavedView.objects.filter(user=user_id, path=path)


def saved_view(user: User, view_id: int) -> SavedView:
    """One view of the user's own. Raises: ViewNotFound."""
    found = SavedView.objects.filter(user=user, pk=view_id).first()
    if found is None:
        raise ViewNotFound()
    return found


def user_named(username: str) -> User:
    """The user with the login name. Raises: UserNotFound."""
    found: User | None = User.objects.filter(username=username).first()
    if found is None:
        raise UserNotFound(user=username)
    return found


def actor_at_server(username: str, *, permission: str, division: str, on: date) -> Actor:
    """Who acts when a command line of the server does something in a user's name.

    The first of the user's capacities on the day ``on`` that has the permission and reaches the division.
    Raises: UserNotFound, UserInactive, Forbidden.
    """
    user = user_named(username)
    if not user.is_active:
        raise UserInactive(user=username)
    for capacity in capacities(user, on=on):
        if may(capacity.actor.role, permission) and reaches(capacity.actor, division):
            return capacity.actor
    raise Forbidden()


def org_unit_named(name: str, *, division: str) -> int:
    """The number of the org unit that bears the name in the division. Raises: OrgUnitNotFound."""
    units = apps.get_model("regions", "OrgUnit").objects.filter(name=name, division_id=division)
    found: int | None = units.values_list("pk", flat=True).first()
    if found is None:
        raise OrgUnitNotFound(org_unit_id=f"{name}（{division}）")
    return found


def sign_ins(user: User, *, at: datetime) -> QuerySet[SignIn]:
    """Where the user is signed in now."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    return SignIn.objects.filter(user=user, session_key__in=alive).order_by("-at")
