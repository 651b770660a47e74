"""Commands of the security administrator: posts and mandates are granted for a time and ended, never deleted."""

from datetime import date, datetime

from django.apps import apps
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from ronghe.kernel import clock
from ronghe.kernel.actors import Actor
from ronghe.kernel.audit import services as audit
from ronghe.kernel.db import refuses

from ..errors import (
    AlreadyHolds,
    BadPeriod,
    DutiesClash,
    MandateExists,
    MandateNotFound,
    MembershipNotFound,
    NotToOneself,
    OrgUnitNotFound,
    PartyNotFound,
    UserInactive,
)
from ..models import Mandate, Membership, User
from ..roles import STAFF, Role
from .duties import locked_user, not_oneself, only, within


@transaction.atomic
def grant_membership(
    *,
    user_id: int,
    org_unit_id: int,
    role: Role,
    division: str,
    actor: Actor,
    at: datetime,
    from_day: date | None = None,
    to_day: date | None = None,
) -> Membership:
    """Give ``user_id`` a post (岗位) in an org unit, for ``division`` and everything below.

    Args: ``from_day`` is today unless given; ``to_day`` is the first day on which it no longer holds, open unless given.
    Raises: NotAnAdministratorsMatter, NotToOneself, OutsideDivision, OrgUnitNotFound, UserNotFound, UserInactive,
    BadPeriod, DutiesClash, AlreadyHolds. Locks: User. Source: GB/T 22239-2019 (三员分立, 最小授权).
    """
    only(Role.SECURITY_ADMIN, actor)
    role = Role(role)
    if role not in STAFF:
        raise ValueError(f"{role} is not a post")
    user = _grantee(user_id, actor)
    within(division, actor)
    if not apps.get_model("regions", "OrgUnit").objects.filter(pk=org_unit_id).exists():
        raise OrgUnitNotFound(org_unit_id=org_unit_id)
    valid = _period(from_day, to_day, at)
    clash = DutiesClash(user=user.username, role=role.title)
    with (
        refuses(
            {
                "membership_once_per_time": AlreadyHolds(user=user.username, role=role.title),
                "membership_system_admin_holds_no_other_role": clash,
                "membership_security_admin_holds_no_other_role": clash,
                "membership_auditor_holds_no_other_role": clash,
                "administrator_has_no_mandate": clash,
                "membership_not_granted_to_oneself": NotToOneself(),
            }
        ),
        transaction.atomic(),
    ):
        post = Membership.objects.create(
            user=user,
            org_unit_id=org_unit_id,
            role=role.value,
            division_id=division,
            valid=valid,
            granted_by_id=actor.user_id,
            granted_at=at,
        )
    facts = {"user": user_id, "org_unit": org_unit_id, "role": role.value, "from": valid.lower, "to": valid.upper}
    audit.record(verb="accounts.membership.granted", subject=post, actor=actor, at=at, facts=facts)
    return post


@transaction.atomic
def end_membership(*, membership_id: int, actor: Actor, at: datetime, on: date | None = None) -> Membership:
    """End a post: ``on`` (today unless given) is the first day on which it no longer holds.

    A repeat, or a later day than the one already set, changes nothing. Locks: User, Membership.
    Raises: NotAnAdministratorsMatter, NotToOneself, MembershipNotFound.
    """
    only(Role.SECURITY_ADMIN, actor)
    seen = Membership.objects.visible_to(actor).filter(pk=membership_id).first()
    if seen is None:
        raise MembershipNotFound(membership_id=membership_id)
    not_oneself(locked_user(seen.user_id), actor)
    post = Membership.objects.select_for_update().get(pk=membership_id)
    valid = _ended(post.valid, on or clock.legal_day(at))
    if valid is None:
        return post
    post.valid = valid
    post.save(update_fields=["valid"])
    facts = {"user": post.user_id, "role": post.role, "to": valid.upper, "empty": valid.isempty}
    audit.record(verb="accounts.membership.ended", subject=post, actor=actor, at=at, facts=facts)
    return post


@transaction.atomic
def give_mandate(
    *,
    user_id: int,
    party_id: int,
    kind: Mandate.Kind,
    source: str,
    actor: Actor,
    at: datetime,
    from_day: date | None = None,
    to_day: date | None = None,
) -> Mandate:
    """Let a user act for a party (代理关系), on the strength of the named source.

    Raises: NotAnAdministratorsMatter, NotToOneself, PartyNotFound, OutsideDivision, UserNotFound, UserInactive,
    BadPeriod, DutiesClash, MandateExists. Locks: User. Source: 民法典 第六十一条, 第一百六十二条, 第三十四条.
    """
    only(Role.SECURITY_ADMIN, actor)
    user = _grantee(user_id, actor)
    division = division_of_party(party_id)
    within(division, actor)
    valid = _period(from_day, to_day, at)
    with (
        refuses(
            {
                "mandate_once_per_time": MandateExists(user=user.username),
                "mandate_one_self_per_time": MandateExists(user=user.username),
                "administrator_has_no_mandate": DutiesClash(user=user.username, role=Role.SELF.title),
                "mandate_not_given_to_oneself": NotToOneself(),
            }
        ),
        transaction.atomic(),
    ):
        mandate = Mandate.objects.create(
            user=user,
            party_id=party_id,
            kind=Mandate.Kind(kind).value,
            source=source.strip(),
            valid=valid,
            granted_by_id=actor.user_id,
            granted_at=at,
        )
    facts = {"user": user_id, "party": party_id, "kind": mandate.kind, "from": valid.lower, "to": valid.upper}
    audit.record(verb="accounts.mandate.given", subject=mandate, actor=actor, at=at, facts=facts, division=division)
    return mandate


@transaction.atomic
def end_mandate(*, mandate_id: int, actor: Actor, at: datetime, on: date | None = None) -> Mandate:
    """End a mandate: ``on`` (today unless given) is the first day on which it no longer holds.

    A repeat changes nothing. Locks: User, Mandate.
    Raises: NotAnAdministratorsMatter, NotToOneself, MandateNotFound.
    """
    only(Role.SECURITY_ADMIN, actor)
    seen = Mandate.objects.visible_to(actor).filter(pk=mandate_id).select_related("party").first()
    if seen is None:
        raise MandateNotFound(mandate_id=mandate_id)
    not_oneself(locked_user(seen.user_id), actor)
    mandate = Mandate.objects.select_for_update().get(pk=mandate_id)
    valid = _ended(mandate.valid, on or clock.legal_day(at))
    if valid is None:
        return mandate
    mandate.valid = valid
    mandate.save(update_fields=["valid"])
    facts = {"user": mandate.user_id, "party": mandate.party_id, "to": valid.upper, "empty": valid.isempty}
    audit.record(
        verb="accounts.mandate.ended",
        subject=mandate,
        actor=actor,
        at=at,
        facts=facts,
        division=seen.party.division_id,
    )
    return mandate


def division_of_party(party_id: int) -> str:
    """The division in which the party is kept. Raises: PartyNotFound."""
    parties = apps.get_model("parties", "Party").objects
    division: str | None = parties.filter(pk=party_id).values_list("division_id", flat=True).first()
    if division is None:
        raise PartyNotFound(party_id=party_id)
    return division


def _grantee(user_id: int, actor: Actor) -> User:
    user = locked_user(user_id)
    not_oneself(user, actor)
    if not user.is_active:
        raise UserInactive(user=user.username)
    return user


def _period(from_day: date | None, to_day: date | None, at: datetime) -> DateRange:
    start = from_day or clock.legal_day(at)
    if to_day is not None and to_day <= start:
        raise BadPeriod(from_day=start, to_day=to_day)
    return DateRange(start, to_day)


def _ended(valid: DateRange, on: date) -> DateRange | None:
    """``valid`` cut off at ``on``; ``None`` when it ends by then anyway; empty when it had not begun before ``on``.

    An empty period holds on no day: so a mistake of today is undone today.
    """
    if valid.isempty or (valid.upper is not None and valid.upper <= on):
        return None
    if on <= valid.lower:
        return DateRange(empty=True)
    return DateRange(valid.lower, on)
