"""Users, posts, mandates and tokens: what each command does, refuses and records."""

from datetime import date, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel.accounts import demo, errors, queries, rules, services
from ronghe.kernel.accounts.models import ApiToken, Mandate, SignIn, User
from ronghe.kernel.accounts.roles import ADMINISTRATORS, STAFF, Role
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.audit.models import Event

from .factories import ALWAYS, CITY, COUNTY, GOOD, NOON, OTHER, TODAY, TOWN, actor, mandate, party, post, unit, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def system_admin(places):
    return actor(post(Role.SYSTEM_ADMIN))


@pytest.fixture
def security_admin(places):
    return actor(post(Role.SECURITY_ADMIN))


def last_event():
    return Event.objects.order_by("-pk").first()


def make(by, **given):
    given = {"username": "wangwu", "display_name": "王五", "password": GOOD, **given}
    return services.create_user(**given, actor=by, at=NOON)


def grant(by, to, **given):
    given = {"role": Role.DEPARTMENT, "division": COUNTY, "org_unit_id": unit().pk, **given}
    return services.grant_membership(user_id=to.pk, **given, actor=by, at=NOON)


# -- whose matter it is --------------------------------------------------------------------------------------------

OTHERS = [role for role in Role if role != Role.SYSTEM]


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_system_administrator_keeps_users(places, role):
    by = actor(post(role)) if role in STAFF else Actor(user_id=99, role=role.value)
    of = user(created_in_id=COUNTY)
    acts = [
        lambda: make(by),
        lambda: services.deactivate_user(user_id=of.pk, actor=by, at=NOON),
        lambda: services.activate_user(user_id=of.pk, actor=by, at=NOON),
        lambda: services.reset_password(user_id=of.pk, password=GOOD, actor=by, at=NOON),
    ]
    for act in acts:
        if role == Role.SYSTEM_ADMIN:
            act()
        else:
            with pytest.raises(errors.NotAnAdministratorsMatter):
                act()


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_security_administrator_grants_and_ends(places, role):
    by = actor(post(role)) if role in STAFF else Actor(user_id=99, role=role.value)
    held, acts_for = post(Role.LEADER), mandate()
    acts = [
        lambda: grant(by, user()),
        lambda: services.end_membership(membership_id=held.pk, actor=by, at=NOON),
        lambda: services.give_mandate(
            user_id=user().pk, party_id=party().pk, kind=Mandate.Kind.AGENT, source="委托书", actor=by, at=NOON
        ),
        lambda: services.end_mandate(mandate_id=acts_for.pk, actor=by, at=NOON),
    ]
    for act in acts:
        if role == Role.SECURITY_ADMIN:
            act()
        else:
            with pytest.raises(errors.NotAnAdministratorsMatter):
                act()


# -- users ---------------------------------------------------------------------------------------------------------


def test_a_new_user_has_no_post_and_must_change_the_password(system_admin):
    of = make(system_admin)
    assert of.check_password(GOOD)
    assert of.must_change_password
    assert queries.chosen(of, key=None, on=TODAY) == Actor(user_id=of.pk, role="public")
    event = last_event()
    assert (event.verb, event.subject_id, event.user_id, event.facts) == (
        "accounts.user.created", str(of.pk), system_admin.user_id, {},
    )  # fmt: skip


def test_a_login_name_is_given_once_and_plain(system_admin):
    make(system_admin)
    with pytest.raises(errors.UsernameTaken, match="wangwu"):
        make(system_admin)
    with pytest.raises(errors.BadUsername):
        make(system_admin, username="王五")
    assert User.objects.filter(username="wangwu").count() == 1


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Ab1-xyz", "只有 7 个字符"),
        ("abcdefghijkl1", "只含 2 类字符"),
        ("Wangwu-2026-x", "含有用户名"),
        ("Aaaaa-2026-bbb", "连续出现"),
        ("Password123", "常见"),
    ],
)
def test_a_weak_password_is_refused_with_every_reason_in_chinese(system_admin, password, why):
    with pytest.raises(errors.WeakPassword, match=why) as refused:
        make(system_admin, password=password)
    assert password not in str(refused.value)


@given(st.integers())
def test_a_temporary_password_keeps_the_rules(seed):
    assert rules.password_faults(rules.temporary_password(), username="") == []


def signed_in(of):
    store = SessionStore()
    store["x"] = 1
    store.create()
    SignIn.objects.create(user=of, session_key=store.session_key, at=NOON)
    return store.session_key


def token_of(of, held):
    return services.create_token(user_id=of.pk, capacity=f"post-{held.pk}", name="x", days=9, actor=SYSTEM, at=NOON)


@pytest.mark.parametrize("how", ["deactivate", "reset"])
def test_deactivation_and_reset_end_sessions_and_tokens_at_once(system_admin, how):
    held = post(Role.DEPARTMENT)
    of = held.user
    key, (token, _) = signed_in(of), token_of(of, held)
    if how == "deactivate":
        services.deactivate_user(user_id=of.pk, actor=system_admin, at=NOON)
    else:
        services.reset_password(user_id=of.pk, password=GOOD, actor=system_admin, at=NOON)
    assert not Session.objects.filter(session_key=key).exists()
    token.refresh_from_db()
    assert token.revoked_at == NOON
    assert last_event().facts == {"sessions": 1, "tokens": 1}
    of.refresh_from_db()
    assert (of.is_active, of.must_change_password) == ((False, False) if how == "deactivate" else (True, True))


def test_deactivating_again_changes_nothing(system_admin):
    of = user(created_in_id=COUNTY)
    for _ in range(2):
        services.deactivate_user(user_id=of.pk, actor=system_admin, at=NOON)
    assert Event.objects.filter(verb="accounts.user.deactivated").count() == 1
    services.activate_user(user_id=of.pk, actor=system_admin, at=NOON)
    of.refresh_from_db()
    assert of.is_active


def test_nobody_deactivates_or_resets_himself(system_admin):
    with pytest.raises(errors.NotToOneself):
        services.deactivate_user(user_id=system_admin.user_id, actor=system_admin, at=NOON)
    with pytest.raises(errors.NotToOneself):
        services.reset_password(user_id=system_admin.user_id, password=GOOD, actor=system_admin, at=NOON)


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_the_password_of_an_administrator_is_reset_at_the_server_only(system_admin, role):
    of = post(role).user
    with pytest.raises(errors.ResetAtTheServer):
        services.reset_password(user_id=of.pk, password=GOOD, actor=system_admin, at=NOON)
    services.reset_password(user_id=of.pk, password=GOOD, actor=SYSTEM, at=NOON)


def test_a_user_with_a_post_elsewhere_is_not_a_countys_to_close(system_admin):
    of = post(Role.DEPARTMENT).user
    post(Role.LEADER, of=of, division=CITY)
    with pytest.raises(errors.HoldsPostsElsewhere):
        services.reset_password(user_id=of.pk, password=GOOD, actor=system_admin, at=NOON)
    stranger = post(Role.LEADER, division=OTHER).user
    with pytest.raises(errors.UserNotFound):
        services.deactivate_user(user_id=stranger.pk, actor=system_admin, at=NOON)


def every_keeping(of, by):
    return [
        lambda: services.reset_password(user_id=of.pk, password=GOOD, actor=by, at=NOON),
        lambda: services.deactivate_user(user_id=of.pk, actor=by, at=NOON),
        lambda: services.activate_user(user_id=of.pk, actor=by, at=NOON),
    ]


@pytest.mark.parametrize(
    "valid", [ALWAYS, DateRange(date(2026, 11, 1), date(2026, 11, 23)), DateRange(date(2027, 1, 1), None)]
)
def test_who_acts_for_a_party_elsewhere_is_not_a_countys_to_reset(system_admin, valid):
    # given an ended post here and a mandate, present or coming, for a party of the county beside
    of = post(Role.DEPARTMENT, valid=DateRange(date(2020, 1, 1), date(2021, 1, 1))).user
    mandate(of=of, party=party(OTHER), valid=valid)
    assert User.objects.visible_to(system_admin).filter(pk=of.pk).exists()
    for act in every_keeping(of, system_admin):
        with pytest.raises(errors.HoldsPostsElsewhere):
            act()
    # then the city's administrator may, for both lie below the city
    services.reset_password(user_id=of.pk, password=GOOD, actor=actor(post(Role.SYSTEM_ADMIN, division=CITY)), at=NOON)


def test_a_mandate_that_has_ended_elsewhere_and_one_that_lasts_here_hold_nobody_off(system_admin):
    of = mandate(valid=DateRange(date(2020, 1, 1), None)).user
    mandate(of=of, kind="agent", party=party(OTHER), valid=DateRange(date(2020, 1, 1), date(2026, 11, 22)))
    services.reset_password(user_id=of.pk, password=GOOD, actor=system_admin, at=NOON)


def test_a_login_without_a_post_is_kept_where_it_was_made_and_above(system_admin):
    beside, above = (actor(post(Role.SYSTEM_ADMIN, division=code)) for code in (OTHER, CITY))
    of = make(beside)
    assert of.created_in_id == OTHER
    for act in every_keeping(of, system_admin):
        with pytest.raises(errors.UserNotFound):
            act()
    services.deactivate_user(user_id=of.pk, actor=above, at=NOON)
    services.activate_user(user_id=of.pk, actor=beside, at=NOON)
    # with an ended post it is seen here too, and still kept there
    post(Role.DEPARTMENT, of=of, valid=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    with pytest.raises(errors.HoldsPostsElsewhere):
        services.deactivate_user(user_id=of.pk, actor=system_admin, at=NOON)
    # with a present one it is kept here, and there no more
    post(Role.DEPARTMENT, of=of, valid=DateRange(TODAY, None))
    with pytest.raises(errors.HoldsPostsElsewhere):
        services.deactivate_user(user_id=of.pk, actor=beside, at=NOON)
    services.deactivate_user(user_id=of.pk, actor=system_admin, at=NOON)


def test_ones_own_password_must_differ_and_be_ones_own(system_admin):
    of = make(system_admin)
    own = Actor(user_id=of.pk, role="public")
    with pytest.raises(errors.WeakPassword, match="相同"):
        services.change_password(user_id=of.pk, password=GOOD, actor=own, at=NOON)
    with pytest.raises(errors.UserNotFound):
        services.change_password(user_id=of.pk, password="Other-2026-Yun", actor=system_admin, at=NOON)
    services.change_password(user_id=of.pk, password="Other-2026-Yun", actor=own, at=NOON)
    of.refresh_from_db()
    assert of.check_password("Other-2026-Yun")
    assert not of.must_change_password


# -- posts ---------------------------------------------------------------------------------------------------------


def test_a_post_holds_from_today_for_its_division_and_is_recorded(security_admin):
    to = user()
    held = grant(security_admin, to)
    assert queries.chosen(to, key=None, on=TODAY) == Actor(
        user_id=to.pk, role="department", org_unit_id=unit().pk, division=COUNTY
    )
    assert queries.capacities(to, on=TODAY - timedelta(days=1)) == []
    event = last_event()
    assert (event.verb, event.subject_id, event.division) == ("accounts.membership.granted", str(held.pk), COUNTY)
    assert event.facts["role"] == "department"
    assert event.facts["user"] == to.pk


def test_nobody_raises_himself(security_admin):
    with pytest.raises(errors.NotToOneself):
        grant(security_admin, User.objects.get(pk=security_admin.user_id), role=Role.SECURITY_ADMIN)


@pytest.mark.parametrize(("where", "allowed"), [(COUNTY, True), (TOWN, True), (CITY, False), (OTHER, False)])
def test_posts_are_granted_within_ones_own_division_and_below(security_admin, where, allowed):
    if allowed:
        grant(security_admin, user(), division=where, org_unit_id=unit(where).pk)
    else:
        with pytest.raises(errors.OutsideDivision):
            grant(security_admin, user(), division=where, org_unit_id=unit(where).pk)


def test_clashing_duties_are_refused_in_words(security_admin):
    to = post(Role.SYSTEM_ADMIN).user
    with pytest.raises(errors.DutiesClash, match="三者不得互兼"):
        grant(security_admin, to, role=Role.AUDITOR)
    with pytest.raises(errors.DutiesClash):
        grant(security_admin, to, role=Role.LEADER)
    with pytest.raises(errors.DutiesClash):
        services.give_mandate(
            user_id=to.pk, party_id=party().pk, kind=Mandate.Kind.SELF, source="身份证", actor=security_admin, at=NOON
        )


def test_the_same_post_twice_and_an_upside_down_period_are_refused(security_admin):
    to = user()
    grant(security_admin, to)
    with pytest.raises(errors.AlreadyHolds):
        grant(security_admin, to)
    with pytest.raises(errors.BadPeriod):
        grant(security_admin, user(), to_day=TODAY)
    with pytest.raises(errors.UserInactive):
        grant(security_admin, user(is_active=False))
    with pytest.raises(errors.OrgUnitNotFound):
        grant(security_admin, user(), org_unit_id=0)


def test_an_ended_post_no_longer_holds_from_the_very_day(security_admin):
    held = post(Role.LEADER)
    for _ in range(2):
        services.end_membership(membership_id=held.pk, actor=security_admin, at=NOON)
    held.refresh_from_db()
    assert held.valid.upper == TODAY
    assert queries.capacities(held.user, on=TODAY) == []
    assert len(queries.capacities(held.user, on=TODAY - timedelta(days=1))) == 1
    assert Event.objects.filter(verb="accounts.membership.ended").count() == 1


def test_a_post_granted_by_mistake_is_undone_the_same_day_and_granted_anew(security_admin):
    to = user()
    held = grant(security_admin, to)
    services.end_membership(membership_id=held.pk, actor=security_admin, at=NOON)
    assert queries.capacities(to, on=TODAY) == []
    grant(security_admin, to)
    assert len(queries.capacities(to, on=TODAY)) == 1


def test_what_lies_elsewhere_is_not_found(security_admin):
    with pytest.raises(errors.MembershipNotFound):
        services.end_membership(membership_id=post(Role.LEADER, division=OTHER).pk, actor=security_admin, at=NOON)
    with pytest.raises(errors.MandateNotFound):
        services.end_mandate(mandate_id=mandate(party=party(OTHER)).pk, actor=security_admin, at=NOON)
    with pytest.raises(errors.OutsideDivision):
        services.give_mandate(
            user_id=user().pk,
            party_id=party(OTHER).pk,
            kind=Mandate.Kind.AGENT,
            source="x",
            actor=security_admin,
            at=NOON,
        )
    with pytest.raises(errors.PartyNotFound):
        services.give_mandate(
            user_id=user().pk, party_id=0, kind=Mandate.Kind.AGENT, source="x", actor=security_admin, at=NOON
        )


def test_a_mandate_lets_its_user_act_for_the_party_and_for_no_division(security_admin):
    to, for_whom = user(), party()
    given_ = services.give_mandate(
        user_id=to.pk, party_id=for_whom.pk, kind=Mandate.Kind.AGENT, source="委托书", actor=security_admin, at=NOON
    )
    assert queries.chosen(to, key=None, on=TODAY) == Actor(user_id=to.pk, role="self", on_behalf_of_id=for_whom.pk)
    assert "委托书" not in str(last_event().facts)
    services.end_mandate(mandate_id=given_.pk, actor=security_admin, at=NOON)
    assert queries.capacities(to, on=TODAY) == []


# -- tokens --------------------------------------------------------------------------------------------------------


def call(text, at=NOON):
    return services.actor_of_token(header=f"Bearer {text}", at=at)


def test_a_token_acts_in_its_post_and_is_kept_as_a_digest_only(places):
    held = post(Role.DEPARTMENT)
    token, text = token_of(held.user, held)
    assert call(text) == actor(held)
    assert text.split("_", 2)[2].encode() not in bytes(token.digest)
    assert last_event().facts == {"user": held.user_id, "capacity": f"post-{held.pk}", "days": 9}


def test_a_token_of_a_mandate_acts_for_its_party(places):
    held = mandate()
    _, text = services.create_token(
        user_id=held.user_id, capacity=f"mandate-{held.pk}", name="x", days=9, actor=SYSTEM, at=NOON
    )
    assert call(text) == Actor(user_id=held.user_id, role="self", on_behalf_of_id=held.party_id)


def test_a_token_that_is_wrong_revoked_expired_or_without_its_post_opens_nothing(places, security_admin):
    held = post(Role.DEPARTMENT)
    own = actor(held)
    token, text = token_of(held.user, held)
    call(text, at=NOON + timedelta(days=9) - timedelta(seconds=1))
    wrong = [
        text[:-1] + ("A" if text[-1] != "A" else "B"),
        text.replace("rh_", "rx_"),
        "",
        text + " x",
        f"rh_00000000_{'a' * 43}",
    ]
    for one in wrong:
        with pytest.raises(errors.BadToken):
            call(one)
    with pytest.raises(errors.BadToken):
        services.actor_of_token(header=f"Basic {text}", at=NOON)
    with pytest.raises(errors.BadToken):
        call(text, at=NOON + timedelta(days=9))
    # without its post
    services.end_membership(membership_id=held.pk, actor=security_admin, at=NOON)
    with pytest.raises(errors.BadToken):
        call(text)
    # revoked, twice
    again = post(Role.DEPARTMENT, of=held.user, division=TOWN)
    token, text = token_of(held.user, again)
    for _ in range(2):
        services.revoke_token(token_id=token.pk, actor=own, at=NOON)
    with pytest.raises(errors.BadToken):
        call(text)
    assert Event.objects.filter(verb="accounts.token.revoked").count() == 1
    # of a user who was closed
    token, text = token_of(held.user, again)
    User.objects.filter(pk=held.user_id).update(is_active=False)
    with pytest.raises(errors.BadToken):
        call(text)


def test_a_token_ends_within_a_year_and_acts_only_in_ones_own_capacity(places):
    held, other = post(Role.DEPARTMENT), post(Role.LEADER)
    own = {"user_id": held.user_id, "name": "x", "actor": actor(held), "at": NOON}
    for days in (0, 366, -1):
        with pytest.raises(errors.TokenTooLong):
            services.create_token(capacity=f"post-{held.pk}", days=days, **own)
    for capacity in (f"post-{other.pk}", "mandate-1", "", "post-"):
        with pytest.raises(errors.NoSuchCapacity):
            services.create_token(capacity=capacity, days=9, **own)
    with pytest.raises(errors.TokenNotFound):
        services.create_token(capacity=f"post-{other.pk}", days=9, **{**own, "user_id": other.user_id})
    token, _ = token_of(other.user, other)
    with pytest.raises(errors.TokenNotFound):
        services.revoke_token(token_id=token.pk, actor=actor(held), at=NOON)


def test_the_time_of_last_use_is_coarse(places):
    held = post(Role.DEPARTMENT)
    _, text = token_of(held.user, held)
    for minutes, noted in ((0, 0), (59, 0), (60, 60), (61, 60)):
        call(text, at=NOON + timedelta(minutes=minutes))
        assert ApiToken.objects.get().last_used_at == NOON + timedelta(minutes=noted)


# -- demonstration -------------------------------------------------------------------------------------------------


def test_demonstration_users_are_made_once(places):
    given_ = {"username": "demo-auditor", "display_name": "审计员", "role": Role.AUDITOR, "org_unit_id": unit().pk}
    first, again = (demo.make_user(**given_, division=COUNTY, at=NOON) for _ in range(2))
    assert first.user == again.user
    assert first.user.check_password(first.password)
    assert again.password == ""
    assert "演示" in first.user.display_name
    assert first.line == f"审计员 · demo-auditor · {first.password}"
    assert first.user.memberships.count() == 1
    farmer = demo.make_party_user(
        username="demo-farmer", display_name="农户", party_id=party().pk, kind=Mandate.Kind.SELF, at=NOON, password=GOOD
    )
    assert farmer.password == GOOD
    assert queries.chosen(farmer.user, key=None, on=TODAY).role == "self"


def test_the_demonstration_is_closed_and_opened_again_except_for_passwords_of_ones_own(places):
    given_ = {"display_name": "专班", "role": Role.DEPARTMENT, "org_unit_id": unit().pk, "division": COUNTY, "at": NOON}
    demo.make_user(username="left", password=GOOD, **given_)
    taken = demo.make_user(username="taken", password=GOOD, **given_).user
    own = make(SYSTEM, username="own")
    services.change_password(user_id=taken.pk, password="Zi-Ji-De-2026", actor=Actor(taken.pk, "department"), at=NOON)

    def open_logins() -> list[str]:
        return list(User.objects.filter(is_active=True).order_by("username").values_list("username", flat=True))

    demo.close_users(password_of=lambda username: GOOD, at=NOON)
    assert open_logins() == ["own", "taken"]
    demo.reopen_users(password_of=lambda username: GOOD, at=NOON)
    assert open_logins() == ["left", "own", "taken"]
    assert own.check_password(GOOD)


def test_a_colleague_of_the_demonstration_is_made_once_with_a_post_and_nobody_signs_in_as_one(places):
    given_ = {"display_name": "区政府经办", "role": Role.DEPARTMENT, "org_unit_id": unit().pk, "division": COUNTY}
    first, again = (
        demo.make_colleague(username="demo.1", from_day=date(2024, 11, 1), at=NOON, **given_) for _ in range(2)
    )
    made = User.objects.get(pk=first.user_id)
    assert first == again == Actor(made.pk, "department", given_["org_unit_id"], COUNTY)
    assert not made.has_usable_password()
    assert made.password_set_at is None
    assert demo.demo_posts(org_unit_id=given_["org_unit_id"], roles=(Role.DEPARTMENT,)) == [first]
    assert made.memberships.get().valid.lower == date(2024, 11, 1)
    demo.close_users(password_of=lambda username: GOOD, at=NOON)
    assert User.objects.get(pk=made.pk).is_active
