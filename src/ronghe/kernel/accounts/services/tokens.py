"""Commands on API tokens: shown once, kept as a digest, bound to one post or mandate."""

from datetime import date, datetime, timedelta

from django.db import transaction

from ronghe.kernel import clock
from ronghe.kernel.actors import SYSTEM_ROLE, Actor
from ronghe.kernel.audit import services as audit

from .. import queries, rules
from ..errors import BadToken, NoSuchCapacity, TokenNotFound, TokenTooLong, UserInactive
from ..models import ApiToken
from .duties import locked_user

LONGEST_DAYS = 365

#: ``last_used_at`` is written at most this often, so that a busy program does not write a row per call.
COARSE = timedelta(hours=1)


@transaction.atomic
def create_token(
    *, user_id: int, capacity: str, name: str, days: int, actor: Actor, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token with which a program acts as the user in the capacity ``post-N`` or ``mandate-N``.

    Returns the row and the secret text, which is shown once and kept nowhere. Tokens are one's own: another user's
    are made by the system only (command line). Locks: User.
    Raises: TokenNotFound, UserInactive, TokenTooLong, NoSuchCapacity.
    """
    if actor.role != SYSTEM_ROLE and actor.user_id != user_id:
        raise TokenNotFound(token_id="")
    user = locked_user(user_id)
    if not user.is_active:
        raise UserInactive(user=user.username)
    if not 1 <= days <= LONGEST_DAYS:
        raise TokenTooLong(days=days, most=LONGEST_DAYS)
    if capacity not in {c.key for c in queries.capacities(user, on=clock.legal_day(at))}:
        raise NoSuchCapacity()
    kind, key = capacity.split("-")
    prefix, text, digest = rules.new_token()
    token = ApiToken.objects.create(
        user=user,
        membership_id=int(key) if kind == "post" else None,
        mandate_id=int(key) if kind == "mandate" else None,
        name=name.strip()[:60],
        prefix=prefix,
        digest=digest,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    facts = {"user": user_id, "capacity": capacity, "days": days}
    audit.record(verb="accounts.token.created", subject=token, actor=actor, at=at, facts=facts)
    return token, text


@transaction.atomic
def revoke_token(*, token_id: int, actor: Actor, at: datetime) -> ApiToken:
    """Revoke a token of one's own (the system: anybody's); a repeat changes nothing. Raises: TokenNotFound."""
    token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None or (actor.role != SYSTEM_ROLE and token.user_id != actor.user_id):
        raise TokenNotFound(token_id=token_id)
    if token.revoked_at is not None:
        return token
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    audit.record(verb="accounts.token.revoked", subject=token, actor=actor, at=at, facts={"user": token.user_id})
    return token


def actor_of_token(*, header: str, at: datetime) -> Actor:
    """Who calls with the header ``Authorization: Bearer rh_…``: the capacity of the token, if it still holds today.

    Writes only the coarse time of last use. Raises: BadToken, without saying what is wrong with it.
    """
    scheme, _, text = header.partition(" ")
    match = rules.TOKEN.fullmatch(text.strip()) if scheme.lower() == "bearer" else None
    if match is None:
        raise BadToken()
    token = (
        ApiToken.objects.filter(prefix=match[1], revoked_at=None, expires_at__gt=at, user__is_active=True)
        .select_related("user")
        .first()
    )
    if token is None or not rules.same_digest(bytes(token.digest), rules.token_digest(match[2])):
        raise BadToken()
    actor = _capacity(token, on=clock.legal_day(at))
    if actor is None:
        raise BadToken()
    if token.last_used_at is None or at - token.last_used_at >= COARSE:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return actor


def _capacity(token: ApiToken, *, on: date) -> Actor | None:
    """The actor of the token's post or mandate, if it holds on the day ``on``."""
    for capacity in queries.capacities(token.user, on=on):
        if capacity.key in (f"post-{token.membership_id}", f"mandate-{token.mandate_id}"):
            return capacity.actor
    return None
