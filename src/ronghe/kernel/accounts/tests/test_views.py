"""Signing in and out, throttling, expiry, and the pages of the administrators."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import AsyncClient, Client
from django.urls import reverse

from ronghe.kernel.accounts import services
from ronghe.kernel.accounts.middleware import SIGNED_IN_AT
from ronghe.kernel.accounts.models import ApiToken, Mandate, Membership, SignIn, User
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event

from .factories import COUNTY, GOOD, NOON, OTHER, actor, mandate, party, post, unit, user

pytestmark = pytest.mark.usefixtures("places")

LOGIN = "/accounts/login"
ME = "/accounts/me"


@pytest.fixture
def person(places):
    """A user with a password, and the post of a department."""
    of = services.create_user(
        username="zhaoliu", display_name="赵六", password=GOOD, must_change_password=False, actor=SYSTEM, at=NOON
    )
    post(Role.DEPARTMENT, of=of)
    return of


def log_in(client, password=GOOD, username="zhaoliu", **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def signed_in_as(role, **given):
    client = Client()
    held = post(role, **given) if role != Role.SELF else mandate()
    client.force_login(held.user, backend="django.contrib.auth.backends.ModelBackend")
    return client, held


def is_in(client):
    return client.get(ME).status_code == 200


def verbs():
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


# -- login ---------------------------------------------------------------------------------------------------------


def test_signing_in_leads_to_the_desk_and_is_recorded(client, person):
    assert client.get(LOGIN).status_code == 200
    answer = log_in(client, username=" ZhaoLiu ")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("portal:desk")
    assert is_in(client)
    event = Event.objects.get(verb="accounts.session.opened")
    assert (event.user_id, event.role, event.division) == (person.pk, "department", COUNTY)
    assert client.get(LOGIN).status_code == 302  # already in


def test_after_signing_in_one_returns_to_the_page_that_asked(client, person):
    assert client.get(ME)["Location"] == f"{LOGIN}?next=%2Faccounts%2Fme"
    assert 'value="/accounts/me"' in client.get(f"{LOGIN}?next=/accounts/me").content.decode()
    assert log_in(client, next="/accounts/me")["Location"] == "/accounts/me"


@pytest.mark.parametrize("bad", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "http:evil.example"])
def test_nobody_is_led_to_another_site(client, person, bad):
    assert log_in(client, next=bad)["Location"] == reverse("portal:desk")


def test_a_wrong_password_says_what_to_do_and_alone_is_no_event(client, person):
    before = Event.objects.count()
    answer = log_in(client, password="wrong-One-1")
    assert answer.status_code == 422
    assert "还可以尝试 4 次" in answer.content.decode()
    log_in(client, username="13800138000")
    assert Event.objects.count() == before


def test_a_closed_login_gets_the_same_answer_as_a_wrong_password(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    answer = log_in(client)
    assert answer.status_code == 422
    assert "用户名或密码不正确" in answer.content.decode()


def test_five_wrong_passwords_lock_the_login_and_the_page_says_until_when(client, person):
    answers = [log_in(client, password="wrong-One-1") for _ in range(5)]
    assert [a.status_code for a in answers] == [422] * 4 + [429]
    # then the right password does not help either, and the page says when to come back
    answer = log_in(client)
    assert answer.status_code == 429
    assert "登录暂时锁定" in answer.content.decode()
    assert 0 < int(answer["Retry-After"]) <= 900
    assert "分钟）再试" in answer.content.decode()
    assert verbs().count("accounts.login.locked") == 1
    # while another address is not locked out, nor another user here
    assert log_in(Client(REMOTE_ADDR="10.0.0.9")).status_code == 302
    assert log_in(client, username="other").status_code == 422


def test_the_lock_opens_by_itself(client, person):
    from axes.models import AccessAttempt

    for _ in range(5):
        log_in(client, password="wrong-One-1")
    AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=16))
    assert log_in(client).status_code == 302


def test_signing_out_is_a_post_and_recorded(client, person):
    log_in(client)
    assert client.get("/accounts/logout").status_code == 405
    assert is_in(client)
    assert client.post("/accounts/logout").status_code == 302
    assert not is_in(client)
    assert verbs()[-1] == "accounts.session.closed"
    assert not SignIn.objects.exists()


def test_signing_in_needs_the_forms_token(person):
    strict = Client(enforce_csrf_checks=True)
    assert log_in(strict).status_code == 403


def test_a_new_session_key_is_given_at_login(client, person):
    client.get(LOGIN)
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    log_in(client)
    assert client.session.session_key != before


# -- expiry --------------------------------------------------------------------------------------------------------


def test_a_login_lasts_twelve_hours_at_most(client, person):
    log_in(client)
    for hours, still in ((11, True), (12, False)):
        session = client.session
        session[SIGNED_IN_AT] -= hours * 3600 if hours == 11 else 3600
        session.save()
        assert is_in(client) is still
    assert "已满 12 小时" in client.get(LOGIN).content.decode()


def test_a_login_without_use_ends_after_half_an_hour(client, person, settings):
    log_in(client)
    stored = Session.objects.get(session_key=client.session.session_key)
    left = stored.expire_date - Event.objects.latest("pk").at
    assert timedelta(minutes=29) < left <= timedelta(minutes=31)
    Session.objects.update(expire_date=NOON - timedelta(days=365 * 5))
    assert not is_in(client)


def test_changing_the_password_ends_the_other_sessions(client, person):
    other = Client()
    log_in(client)
    log_in(other)
    form = {"old": GOOD, "new": "Other-2026-Yun", "again": "Other-2026-Yun"}
    assert client.post("/accounts/password", form).status_code == 302
    assert is_in(client)
    assert not is_in(other)
    assert SignIn.objects.filter(user=person).count() == 1
    assert log_in(Client(), password="Other-2026-Yun").status_code == 302


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"old": "wrong-One-1", "new": "Other-2026-Yun", "again": "Other-2026-Yun"}, "现在的密码不正确"),
        ({"old": GOOD, "new": "Other-2026-Yun", "again": "Other-2026-Yum"}, "不一致"),
        ({"old": GOOD, "new": "short", "again": "short"}, "至少需要 10 个"),
        ({"old": GOOD, "new": GOOD, "again": GOOD}, "相同"),
    ],
)
def test_a_bad_change_of_password_says_why(client, person, form, why):
    log_in(client)
    answer = client.post("/accounts/password", form)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password(GOOD)


def test_guessing_the_old_password_is_throttled_like_a_login(client, person):
    log_in(client)
    form = {"old": "wrong-One-1", "new": "Other-2026-Yun", "again": "Other-2026-Yun"}
    assert [client.post("/accounts/password", form).status_code for _ in range(5)][-1] == 429


def test_deactivation_ends_the_session_at_once(client, person):
    log_in(client)
    services.deactivate_user(user_id=person.pk, actor=SYSTEM, at=NOON)
    assert not is_in(client)


def test_ending_the_post_takes_its_power_at_once():
    client, held = signed_in_as(Role.SYSTEM_ADMIN)
    assert client.get("/accounts/users").status_code == 200
    services.end_membership(membership_id=held.pk, actor=SYSTEM, at=NOON)
    assert client.get("/accounts/users").status_code == 403


def test_a_temporary_password_must_be_changed_first(client, person):
    services.reset_password(user_id=person.pk, password="Temp-2026-Yun", actor=SYSTEM, at=NOON)
    assert log_in(client, password="Temp-2026-Yun")["Location"] == "/accounts/password"
    assert client.get(ME)["Location"] == "/accounts/password"
    assert "临时密码" in client.get("/accounts/password").content.decode()
    form = {"old": "Temp-2026-Yun", "new": GOOD, "again": GOOD}
    assert client.post("/accounts/password", form).status_code == 302
    assert is_in(client)


# -- my account ----------------------------------------------------------------------------------------------------


def test_one_acts_in_one_capacity_at_a_time_and_may_switch(client, person):
    farmer = mandate(of=person)
    log_in(client)
    page = client.get(ME).content.decode()
    assert "部门经办" in page
    assert "本人" in page
    assert client.post("/accounts/switch", {"capacity": f"mandate-{farmer.pk}"}).status_code == 302
    assert client.get(ME).wsgi_request.actor.on_behalf_of_id == farmer.party_id
    assert Event.objects.latest("pk").role == "self"
    # and not to a capacity of somebody else
    stranger = post(Role.LEADER)
    assert client.post("/accounts/switch", {"capacity": f"post-{stranger.pk}"}).status_code == 404
    assert client.get(ME).wsgi_request.actor.role == "self"


def test_a_token_is_shown_once_opens_the_api_and_is_revoked(client, person):
    log_in(client)
    held = person.memberships.get()
    answer = client.post("/accounts/tokens", {"name": "报送", "capacity": f"post-{held.pk}", "days": "30"})
    text = answer.context["text"]
    assert text in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert text not in client.get(ME).content.decode()
    assert services.actor_of_token(header=f"Bearer {text}", at=ApiToken.objects.get().created_at) == actor(held)
    assert client.post(f"/accounts/tokens/{ApiToken.objects.get().pk}/revoke").status_code == 302
    assert ApiToken.objects.get().revoked_at is not None
    assert client.post("/accounts/tokens", {"name": "", "capacity": "x", "days": "0"}).status_code == 422


def test_one_sees_where_one_is_signed_in_and_ends_the_others(client, person):
    log_in(client, HTTP_USER_AGENT="x")
    other = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Edg/120"})
    log_in(other)
    assert "Edge，Windows" in client.get(ME).content.decode()
    there = SignIn.objects.exclude(session_key=client.session.session_key).get()
    # a stranger cannot end it
    stranger, _ = signed_in_as(Role.LEADER)
    stranger.post(f"/accounts/sign-ins/{there.pk}/end")
    assert is_in(other)
    client.post(f"/accounts/sign-ins/{there.pk}/end")
    assert not is_in(other)
    assert is_in(client)


# -- users ---------------------------------------------------------------------------------------------------------


def test_the_system_administrator_makes_a_user_and_hands_over_a_temporary_password():
    client, _ = signed_in_as(Role.SYSTEM_ADMIN)
    assert client.get("/accounts/users/new").status_code == 200
    answer = client.post("/accounts/users/new", {"username": "sunqi", "display_name": "孙七"})
    secret = answer.context["secret"]
    assert User.objects.get(username="sunqi").check_password(secret)
    assert log_in(Client(), username="sunqi", password=secret)["Location"] == "/accounts/password"
    again = client.post("/accounts/users/new", {"username": "sunqi", "display_name": "孙七"})
    assert again.status_code == 422
    assert "已被使用" in again.content.decode()


def test_the_list_of_users_shows_those_within_reach_and_those_made_there(django_assert_max_num_queries):
    client, _ = signed_in_as(Role.SYSTEM_ADMIN)
    here, new = post(Role.LEADER, of=user("here")), user("newcomer", created_in_id=COUNTY)
    there = post(Role.LEADER, of=user("there"), division=OTHER)
    user("there2", created_in_id=OTHER)
    for n in range(30):
        post(Role.DEPARTMENT, of=user(f"many{n:02}"))
    with django_assert_max_num_queries(13):
        page = client.get("/accounts/users").content.decode()
    assert here.user.username in page
    assert new.username in page
    assert "there" not in page.split("<table")[1]
    assert "here" not in client.get("/accounts/users?q=newcom").content.decode().split("<table")[1]
    assert client.get(f"/accounts/users/{here.user.pk}").status_code == 200
    assert client.get(f"/accounts/users/{there.user.pk}").status_code == 404
    assert client.get("/accounts/users?export=xlsx").status_code == 200


def test_the_system_administrator_closes_opens_and_resets():
    client, held = signed_in_as(Role.SYSTEM_ADMIN)
    of = post(Role.LEADER).user
    for value, state in (("0", False), ("1", True)):
        assert client.post(f"/accounts/users/{of.pk}/active", {"active": value}).status_code == 302
        of.refresh_from_db()
        assert of.is_active is state
    secret = client.post(f"/accounts/users/{of.pk}/password").context["secret"]
    of.refresh_from_db()
    assert of.check_password(secret)
    assert client.post(f"/accounts/users/{held.user_id}/active", {"active": "0"}).status_code == 403


# -- posts ---------------------------------------------------------------------------------------------------------


def test_the_security_administrator_grants_and_ends_a_post():
    client, held = signed_in_as(Role.SECURITY_ADMIN)
    to = user("zhouba", created_in_id=COUNTY)
    assert client.get("/accounts/memberships/new").status_code == 200
    form = {"username": "zhouba", "role": "department", "org_unit": str(unit().pk), "division": COUNTY}
    assert client.post("/accounts/memberships/new", form).status_code == 302
    made = Membership.objects.get(user=to)
    assert made.granted_by_id == held.user_id
    assert "zhouba" in client.get("/accounts/memberships?state=in_force&role=department").content.decode()
    assert client.post(f"/accounts/memberships/{made.pk}/end").status_code == 302
    assert "zhouba" in client.get("/accounts/memberships?state=ended").content.decode()
    assert client.get("/accounts/memberships?export=xlsx").status_code == 200


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"username": "nobody"}, "没有找到用户 nobody"),
        ({"division": "990000000000"}, "没有代码为 990000000000 的区划"),
        ({"division": OTHER}, "不在您的管辖范围内"),
        ({"org_unit": "0"}, "单位"),
        ({"role": "self"}, "岗位"),
        ({"from_day": "2026-12-01", "to_day": "2026-11-01"}, "有效期有误"),
    ],
)
def test_a_grant_that_cannot_be_says_why(change, why):
    client, _ = signed_in_as(Role.SECURITY_ADMIN)
    user("zhouba", created_in_id=COUNTY)
    form = {"username": "zhouba", "role": "department", "org_unit": str(unit().pk), "division": COUNTY, **change}
    answer = client.post("/accounts/memberships/new", form)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not Membership.objects.filter(user__username="zhouba").exists()


def test_the_security_administrator_gives_and_ends_a_mandate():
    client, _ = signed_in_as(Role.SECURITY_ADMIN)
    to, for_whom = user("wujiu", created_in_id=COUNTY), party()
    form = {"username": "wujiu", "kind": "agent", "party": str(for_whom.pk), "source": "授权委托书 2026-3 号"}
    assert client.get("/accounts/mandates/new").status_code == 200
    assert client.post("/accounts/mandates/new", form).status_code == 302
    made = Mandate.objects.get(user=to)
    assert "授权委托书" in client.get("/accounts/mandates").content.decode()
    assert client.post("/accounts/mandates/new", form).status_code == 422
    assert client.post(f"/accounts/mandates/{made.pk}/end").status_code == 302
    assert client.get("/accounts/mandates?state=ended").status_code == 200


# -- the middleware ------------------------------------------------------------------------------------------------


def test_a_stranger_costs_no_query(client, django_assert_num_queries):
    from django.test import RequestFactory

    from ronghe.kernel.accounts.middleware import ActorMiddleware

    seen = []
    with django_assert_num_queries(0):
        ActorMiddleware(lambda request: seen.append(request.actor))(RequestFactory().get("/"))
    assert seen[0].is_anonymous


@pytest.mark.django_db(transaction=False)
def test_the_middleware_works_in_both_modes():
    from asgiref.sync import async_to_sync
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpResponse
    from django.test import RequestFactory

    from ronghe.kernel.accounts.middleware import ActorMiddleware

    held = post(Role.LEADER)

    async def view(request):
        assert request.actor == actor(held)
        return HttpResponse("in")

    request = RequestFactory().get("/")
    request.COOKIES["sessionid"] = "x"
    request.user = held.user
    request.session = SessionStore()
    assert async_to_sync(ActorMiddleware(view))(request).content == b"in"
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    async def open_to_all(request):
        assert request.actor.is_anonymous
        return HttpResponse("in")

    assert async_to_sync(ActorMiddleware(open_to_all))(request).content == b"in"


def test_an_asynchronous_browser_signs_in_too(person):
    from asgiref.sync import async_to_sync

    async def walk():
        client = AsyncClient()
        answer = await client.post(LOGIN, {"username": "zhaoliu", "password": GOOD})
        assert answer.status_code == 302
        return (await client.get(ME)).status_code

    assert async_to_sync(walk)() == 200
