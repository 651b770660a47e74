"""The database itself keeps duties apart and history whole, attacked past the services."""

from datetime import date, timedelta
from itertools import combinations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from ronghe.kernel.accounts.models import ApiToken, Mandate, Membership, User
from ronghe.kernel.accounts.roles import ADMINISTRATORS, STAFF, Role

from .factories import ALWAYS, CITY, COUNTY, NOON, TODAY, actor, mandate, party, post, unit, user

pytestmark = [pytest.mark.constraints, pytest.mark.usefixtures("places")]

D = date


def refused_by(act):
    """The name of the constraint that refuses ``act``; empty when none does."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    return ""


PAIRS = list(combinations(sorted(STAFF), 2))


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("turned", [False, True])
def test_an_administrator_holds_no_other_role_at_the_same_time(one, other, turned):
    one, other = (other, one) if turned else (one, other)
    of = post(one).user
    refused = refused_by(lambda: post(other, of=of))
    if {one, other} & ADMINISTRATORS:
        assert refused in {f"membership_{role}_holds_no_other_role" for role in {one, other} & ADMINISTRATORS}
    else:
        assert refused == ""


@pytest.mark.parametrize("where", [CITY, COUNTY])
def test_the_duties_are_apart_in_every_division(where):
    of = post(Role.SYSTEM_ADMIN).user
    assert refused_by(lambda: post(Role.AUDITOR, of=of, division=where)).endswith("holds_no_other_role")


def test_one_after_the_other_is_allowed_from_the_very_day():
    of = post(Role.SYSTEM_ADMIN, valid=DateRange(D(2020, 1, 1), TODAY)).user
    yesterday = DateRange(TODAY - timedelta(days=1), None)
    assert refused_by(lambda: post(Role.AUDITOR, of=of, valid=yesterday)).endswith("holds_no_other_role")
    assert refused_by(lambda: post(Role.AUDITOR, of=of, valid=DateRange(TODAY, None))) == ""


def test_the_same_role_may_be_held_in_two_divisions_but_not_twice_in_one():
    of = post(Role.AUDITOR).user
    assert refused_by(lambda: post(Role.AUDITOR, of=of, division=CITY)) == ""
    assert refused_by(lambda: post(Role.AUDITOR, of=of)) == "membership_once_per_time"


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_an_administrator_acts_for_no_party_whichever_came_first(role):
    of = post(role).user
    assert refused_by(lambda: mandate(of=of)) == "administrator_has_no_mandate"
    of = mandate().user
    assert refused_by(lambda: post(role, of=of)) == "administrator_has_no_mandate"


def test_staff_of_the_business_may_act_for_themselves_as_citizens():
    of = post(Role.TOWN_WINDOW).user
    assert refused_by(lambda: mandate(of=of)) == ""


@pytest.mark.parametrize("role", ["self", "public", "system", "mayor", ""])
def test_only_posts_are_granted(role):
    assert refused_by(lambda: post(role)) == "membership_role_is_a_post"


def test_nobody_grants_himself():
    of = user()
    given = {"user": of, "division_id": COUNTY, "valid": ALWAYS, "granted_at": NOON, "granted_by": of}
    assert refused_by(lambda: Membership.objects.create(org_unit=unit(), role="auditor", **given)) == (
        "membership_not_granted_to_oneself"
    )
    del given["division_id"]
    assert refused_by(lambda: Mandate.objects.create(party=party(), kind="self", source="x", **given)) == (
        "mandate_not_given_to_oneself"
    )


@pytest.mark.parametrize("table", ["membership", "mandate"])
def test_a_period_has_a_first_day(table):
    make = {"membership": lambda v: post("leader", valid=v), "mandate": lambda v: mandate(valid=v)}[table]
    assert refused_by(lambda: make(DateRange(None, D(2030, 1, 1)))) == f"{table}_has_a_first_day"


@pytest.mark.parametrize(
    "change",
    [
        {"role": "system_admin"}, {"division_id": CITY}, {"granted_by_id": None, "granted_at": NOON + timedelta(1)},
        {"valid": DateRange(D(2019, 1, 1), None)}, {"valid": DateRange(D(2021, 1, 1), None)},
    ],
)  # fmt: skip
def test_a_post_is_ended_never_rewritten_or_stretched(change):
    held = post(Role.LEADER)
    assert refused_by(lambda: Membership.objects.filter(pk=held.pk).update(**change)) == (
        "accounts_membership_is_only_ended"
    )
    ended = DateRange(D(2020, 1, 1), TODAY)
    Membership.objects.filter(pk=held.pk).update(valid=ended)
    assert refused_by(lambda: Membership.objects.filter(pk=held.pk).update(valid=ALWAYS)) == (
        "accounts_membership_is_only_ended"
    )


def test_nothing_of_a_user_is_deleted():
    held, acts = post(Role.LEADER), mandate()
    assert refused_by(lambda: Membership.objects.filter(pk=held.pk)._raw_delete("default")) == (
        "accounts_membership_is_only_ended"
    )
    assert (
        refused_by(lambda: Mandate.objects.filter(pk=acts.pk)._raw_delete("default"))
        == "accounts_mandate_is_only_ended"
    )
    assert refused_by(lambda: User.objects.filter(pk=user().pk)._raw_delete("default")) == "user_is_never_deleted"


@pytest.mark.parametrize("name", ["ab", "Zhang", "张三", "9lives", "a b", ""])
def test_a_login_name_is_plain(name):
    assert (
        refused_by(lambda: User.objects.create(username=name, display_name="x", created_at=NOON)) == "username_is_plain"
    )


def test_a_login_name_is_given_once():
    user("zhangsan")
    assert refused_by(lambda: user("zhangsan")) == "username_once"


def test_one_login_is_one_person():
    of = mandate().user
    assert refused_by(lambda: mandate(of=of)) == "mandate_one_self_per_time"
    assert refused_by(lambda: mandate(of=of, kind="agent")) == ""


def test_a_mandate_names_its_source_and_a_known_kind():
    given = {"user": user(), "party": party(), "valid": ALWAYS, "granted_at": NOON}
    assert refused_by(lambda: Mandate.objects.create(kind="self", source="", **given)) == "mandate_names_its_source"
    assert refused_by(lambda: Mandate.objects.create(kind="friend", source="x", **given)) == "mandate_kind_is_known"


def test_a_token_acts_in_exactly_one_capacity_and_ends():
    held, acts = post(Role.LEADER), mandate()
    given = {"user": held.user, "name": "x", "prefix": "00000000", "digest": bytes(32), "created_at": NOON}
    later = NOON + timedelta(days=1)
    for both in ({}, {"membership": held, "mandate": acts}):
        assert refused_by(lambda both=both: ApiToken.objects.create(expires_at=later, **given, **both)) == (
            "token_acts_in_one_post_or_mandate"
        )
    assert refused_by(lambda: ApiToken.objects.create(expires_at=NOON, membership=held, **given)) == (
        "token_expires_after_creation"
    )


def test_the_serving_role_cannot_switch_the_guards_off():
    for statement in (
        "ALTER TABLE accounts_membership DISABLE TRIGGER ALL",
        "DROP TRIGGER only_ended ON accounts_membership",
        "TRUNCATE accounts_membership CASCADE",
        "ALTER TABLE accounts_membership DROP CONSTRAINT membership_auditor_holds_no_other_role",
    ):
        with (
            pytest.raises(DatabaseError, match=r"must be owner|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_who_may_see_a_post_is_the_administrators_of_its_division():
    held = post(Role.LEADER)
    seen = {
        (role, where): Membership.objects.visible_to(actor(post(role, division=where))).filter(pk=held.pk).exists()
        for role in sorted(STAFF)
        for where in (CITY, COUNTY, "370306000000")
    }
    assert {key for key, value in seen.items() if value} == {
        (role, where) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN) for where in (CITY, COUNTY)
    }
