"""Who may call: strangers, tokens good and bad, roles without the permission, browsers with and without CSRF."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.kernel import clock
from ronghe.kernel.accounts import services
from ronghe.kernel.accounts.models import ApiToken
from ronghe.kernel.accounts.roles import BUSINESS, PERMISSIONS, Role
from ronghe.kernel.actors import SYSTEM
from ronghe.policy.models import Zone
from tests.people import Person, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

READ = "/api/v1/policy/read"
PLAN = "某县城乡融合发展试验区实施方案\n一、总体要求\n（一）建立制度。（牵头单位：县发展改革局）\n".encode()
STAFF = ["system_admin", "security_admin", "auditor", "zone_office", "department", "town_window", "leader"]


@pytest.fixture
def seat(db) -> str:
    return Zone.objects.get(pk="jinan").seat_id


def read(client: Client, **headers: str):
    return client.post(READ, {"file": SimpleUploadedFile("plan.txt", PLAN)}, headers=headers)


def told(answer, status: int, code: str) -> None:
    """Problem details of this status and code, with a text for people."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"], body["instance"]) == (status, code, answer.request["PATH_INFO"])
    assert body["detail"]


def test_a_stranger_may_read_what_is_public_and_command_nothing(client):
    assert client.get("/api/v1/zones").status_code == 200
    told(read(client), 401, "accounts.sign_in_first")


@pytest.mark.parametrize("role", STAFF)
def test_only_the_roles_of_the_permission_may_read_plans(role, seat):
    answer = read(Client(), Authorization=person(Role(role), seat).token())
    if Role(role) in PERMISSIONS["policy.plan.read"].roles:
        assert answer.status_code == 200
    else:
        told(answer, 403, "ronghe.forbidden")
    assert (answer.status_code == 200) == (Role(role) in BUSINESS)


@pytest.mark.parametrize("role", STAFF)
def test_every_role_may_read_what_is_public(role, seat):
    who = person(Role(role), seat)
    assert Client().get("/api/v1/zones", headers={"Authorization": who.token()}).status_code == 200
    assert who.client().get("/api/v1/zones").status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Bearer", "Bearer ", "Bearer nonsense", "Basic dXNlcjpwYXNz", "rh_00000000_" + "a" * 43,
        "Bearer rh_00000000_" + "a" * 43, "Bearer rh_" + "é" * 8, "Bearer " + "a" * 9000, "Bearer\trh_0",
    ],
)  # fmt: skip
def test_a_wrong_token_is_refused_even_where_none_is_needed(client, header):
    told(client.get("/api/v1/zones", headers={"Authorization": header}), 401, "accounts.bad_token")


def test_a_token_with_one_character_changed_is_refused(client, seat):
    token = person(Role.ZONE_OFFICE, seat).token()
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    told(client.get("/api/v1/zones", headers={"Authorization": other}), 401, "accounts.bad_token")
    assert client.get("/api/v1/zones", headers={"Authorization": token}).status_code == 200


def _revoke(who: Person) -> None:
    services.revoke_token(token_id=ApiToken.objects.get(user=who.user).pk, actor=SYSTEM, at=clock.now())


def _expire(who: Person) -> None:
    long_ago = clock.now() - timedelta(days=90)
    ApiToken.objects.filter(user=who.user).update(created_at=long_ago, expires_at=long_ago + timedelta(days=1))


def _end_the_post(who: Person) -> None:
    day = clock.legal_day(clock.now())
    type(who.post).objects.filter(pk=who.post.pk).update(valid=(who.post.valid.lower, day))


def _deactivate(who: Person) -> None:
    type(who.user).objects.filter(pk=who.user.pk).update(is_active=False)


@pytest.mark.parametrize("ends", [_revoke, _expire, _end_the_post, _deactivate])
def test_a_token_ends_with_whatever_it_rests_on(client, seat, ends):
    who = person(Role.ZONE_OFFICE, seat)
    token = who.token()
    assert read(client, Authorization=token).status_code == 200
    ends(who)
    told(read(client, Authorization=token), 401, "accounts.bad_token")


def test_a_browser_must_prove_that_our_page_sent_the_command(seat):
    browser = person(Role.ZONE_OFFICE, seat).client(enforce_csrf_checks=True)
    told(read(browser), 403, "ronghe.csrf")
    told(read(browser, **{"X-CSRFToken": "a" * 64}), 403, "ronghe.csrf")
    browser.get("/desk/")
    token = browser.cookies["csrftoken"].value
    assert read(browser, **{"X-CSRFToken": token}).status_code == 200
    foreign = {"X-CSRFToken": token, "Origin": "https://elsewhere.example"}
    told(read(browser, **foreign), 403, "ronghe.csrf")


def test_a_program_with_a_token_needs_no_csrf(seat):
    client = Client(enforce_csrf_checks=True)
    assert read(client, Authorization=person(Role.ZONE_OFFICE, seat).token()).status_code == 200


def test_a_wrong_token_is_not_rescued_by_a_session(seat):
    browser = person(Role.ZONE_OFFICE, seat).client()
    told(browser.get("/api/v1/zones", headers={"Authorization": "Bearer nonsense"}), 401, "accounts.bad_token")


def test_the_token_decides_and_not_the_session(seat):
    browser = person(Role.ZONE_OFFICE, seat).client()
    told(read(browser, Authorization=person(Role.AUDITOR, seat).token()), 403, "ronghe.forbidden")


def test_a_temporary_password_commands_nothing(seat):
    who = person(Role.ZONE_OFFICE, seat)
    type(who.user).objects.filter(pk=who.user.pk).update(must_change_password=True)
    browser = who.client(enforce_csrf_checks=True)
    browser.get("/help/")
    browser.get("/accounts/password")
    told(read(browser, **{"X-CSRFToken": browser.cookies["csrftoken"].value}), 403, "ronghe.password_first")
    assert browser.get("/api/v1/zones").status_code == 200
