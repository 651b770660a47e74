"""Two connections at the same moment do not get past the separation of duties."""

import time

from django.db import transaction

from ronghe.kernel.accounts import services
from ronghe.kernel.accounts.models import Mandate, Membership
from ronghe.kernel.accounts.roles import Role
from ronghe.site.testing import in_parallel

from .factories import ALWAYS, COUNTY, NOON, actor, party, places, post, unit, user


def test_two_grants_cannot_make_one_user_both_administrators(fresh_database):
    """Seen to fail with the exclusion constraints ``membership_…_holds_no_other_role`` dropped: both posts are granted
    (the lock of the user's row lets the second one in after the first)."""
    places()
    to = user()
    by = [actor(post(Role.SECURITY_ADMIN)) for _ in range(2)]

    def grant(one, role):
        return services.grant_membership(
            user_id=to.pk, org_unit_id=unit().pk, role=role, division=COUNTY, actor=one, at=NOON
        )

    outcomes = in_parallel(lambda: grant(by[0], Role.SYSTEM_ADMIN), lambda: grant(by[1], Role.AUDITOR))
    assert sorted(type(o).__name__ for o in outcomes) == ["DutiesClash", "Membership"]


def test_a_post_and_a_mandate_do_not_pass_each_other(fresh_database):
    """Past the services. Seen to fail with ``FOR NO KEY UPDATE`` taken out of the trigger: neither transaction sees the
    other's row, and both stand."""
    places()
    given = {"user": user(), "valid": ALWAYS, "granted_at": NOON}
    for_whom, in_unit = party(), unit()

    def slowly(act):
        with transaction.atomic():
            act()
            time.sleep(0.3)

    outcomes = in_parallel(
        lambda: slowly(
            lambda: Membership.objects.create(org_unit=in_unit, role="auditor", division_id=COUNTY, **given)
        ),
        lambda: slowly(lambda: Mandate.objects.create(party=for_whom, kind="self", source="x", **given)),
    )
    assert sorted(type(o).__name__ for o in outcomes) == ["IntegrityError", "NoneType"]


def test_the_same_post_granted_twice_at_once_stands_once(fresh_database):
    """Seen to fail with ``membership_once_per_time`` dropped."""
    places()
    to, by = user(), actor(post(Role.SECURITY_ADMIN))

    def grant():
        return services.grant_membership(
            user_id=to.pk, org_unit_id=unit().pk, role=Role.LEADER, division=COUNTY, actor=by, at=NOON
        )

    outcomes = in_parallel(grant, grant, grant)
    assert sorted(type(o).__name__ for o in outcomes) == ["AlreadyHolds", "AlreadyHolds", "Membership"]
