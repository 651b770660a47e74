"""Error pages as browsers get them: what happened, what to do, and nothing of our inside."""

import pytest
from django.db import OperationalError, connections
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.policy import queries
from ronghe.policy.models import Zone
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/no/such/page", "ronghe.not_found"),
        ("/z/atlantis/tasks/", "policy.zone_not_found"),
        ("/z/jinan/tasks/999999999/", "policy.task_not_found"),
        ("/z/jinan/units/999999999/", "policy.unit_not_found"),
        ("/z/jinan/documents/nothing/", "policy.document_not_found"),
        ("/z/jinan/tasks/99999999999999999999999999/", "policy.task_not_found"),
        ("/tiles/nothing/0/0/0.mvt", "spatial.layer_not_found"),
    ],
)
def test_what_is_not_there_is_404_with_a_way_on(client, address, code):
    answer = client.get(address)
    text = answer.content.decode()
    assert answer.status_code == 404
    assert code in text
    assert "您可以这样做" in text
    assert 'href="/"' in text
    assert 'action="/search"' in text


def test_a_task_of_another_zone_is_not_shown_under_this_one(client):
    from ronghe.policy.models import OrderedTask

    task = OrderedTask.objects.filter(zone="zibo")[0]
    assert client.get(f"/z/jinan/tasks/{task.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/accounts/users", "/accounts/memberships", "/audit/events", "/audit/seal"])
def test_another_role_is_refused_with_403_and_a_stranger_led_to_the_login(client, address):
    office = person(Role.ZONE_OFFICE, Zone.objects.get(pk="jinan").seat_id).client()
    refused = office.get(address)
    assert refused.status_code == 403
    assert "没有权限" in refused.content.decode()
    led = client.get(address)
    assert led.status_code == 302
    assert led.headers["Location"].startswith("/accounts/login?next=")


@pytest.mark.parametrize("address", ["/z/jinan/tasks/?cursor=nonsense", "/z/jinan/units/?cursor=%00"])
def test_a_mistyped_place_in_a_list_is_422_with_a_way_back(client, address):
    answer = client.get(address)
    assert answer.status_code == 422
    assert "第一页" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "topic=99", "topic=abc", "unit=999999999999999999999999", "due_from=yesterday", "area=%00", "text=%00", "sort=nothing",
        "duty=%00", "room=%F0%9F%98%80", "text=" + "a" * 5000, "text=%25_%5C'%22;--", "due_from=9999-12-31&due_to=0001-01-01",
        "text=%ED%A0%80", "export=csv", "topic=%D9%A1",
    ],
)  # fmt: skip
def test_no_address_of_a_list_is_a_fault_of_ours(client, query):
    for at in ("/z/jinan/tasks/", "/z/jinan/units/", "/z/jinan/map/", "/search"):
        assert client.get(f"{at}?{query}").status_code == 200, at


def _broken(*args, **kwargs):
    raise ZeroDivisionError("our own bug, in queries.py line 1")


@pytest.mark.parametrize("address", ["/z/jinan/", "/api/v1/zones/jinan"])
def test_our_own_fault_is_500_with_a_number_and_nothing_of_our_inside(monkeypatch, address):
    monkeypatch.setattr(queries, "zone", _broken)
    answer = Client(raise_request_exception=False).get(address)
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "系统" in text
    for inside in ("Traceback", "ZeroDivisionError", "queries.py", "our own bug"):
        assert inside not in text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    if address.startswith("/api/"):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert len(answer.json()["facts"]["number"]) == 8


@pytest.mark.parametrize("address", ["/", "/z/jinan/tasks/", "/api/v1/zones"])
def test_without_a_database_the_answer_is_still_a_page_or_a_problem(monkeypatch, address):
    def gone(*args, **kwargs):
        raise OperationalError("connection to server failed: secret-host")

    monkeypatch.setattr(connections["default"], "cursor", gone)
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "secret-host" not in text
    assert "编号" in text


def test_a_signed_in_person_also_gets_the_page_when_the_database_is_gone(monkeypatch):
    browser = person(Role.ZONE_OFFICE, Zone.objects.get(pk="jinan").seat_id).client(raise_request_exception=False)

    def gone(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(connections["default"], "cursor", gone)
    answer = browser.get("/desk/")
    assert answer.status_code == 500
    assert "编号" in answer.content.decode()


def test_health_says_in_one_word_that_the_database_is_gone(client, monkeypatch):
    assert client.get("/healthz").status_code == 200

    def gone(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(connections["default"], "cursor", gone)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"database\n")
