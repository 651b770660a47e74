"""Error pages: each says what happened and what to do; the one for our own faults needs nothing."""

import logging
import re

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory

from ronghe.kernel.errors import Conflict
from ronghe.site import errorpages
from ronghe.site.middleware import DomainErrorMiddleware


@pytest.mark.django_db
def test_an_unknown_address_is_told_kindly(client):
    answer = client.get("/no/such/page")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "没有这个页面" in text
    assert 'action="/search"' in text
    assert 'href="/help/"' in text


@pytest.mark.django_db
def test_a_refusal_of_a_room_becomes_a_page_with_its_message(client):
    answer = client.get("/z/atlantis/")
    assert answer.status_code == 404
    assert "没有名为“atlantis”的试验区" in answer.content.decode()
    assert "policy.zone_not_found" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_says_why():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "表单已失效" in answer.content.decode()


@pytest.mark.django_db
def test_programs_get_problem_details(client):
    answer = client.get("/api/v1/zones/atlantis")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["code"] == "policy.zone_not_found"


def test_our_own_fault_needs_no_database_and_gives_a_number_that_is_in_the_log(caplog):
    # no database mark: a query would fail this test
    with caplog.at_level(logging.ERROR, logger="ronghe.errors"):
        answer = errorpages.server_error(RequestFactory().get("/z/jinan/"))
    assert answer.status_code == 500
    number = re.search(r'class="code">([0-9a-f]{8})<', answer.content.decode())[1]
    assert number in caplog.text
    assert 'href="/"' in answer.content.decode()


@pytest.mark.django_db
def test_an_error_of_ours_in_a_view_becomes_that_page(monkeypatch):
    from ronghe.portal import views

    def broken(*args: object, **given: object) -> None:
        raise RuntimeError("the roof is open")

    monkeypatch.setattr(views.queries, "zones", broken)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert "系统出错" in answer.content.decode()


@pytest.mark.django_db
def test_a_refusal_that_was_raised_in_a_transaction_leaves_the_connection_in_order(client):
    client.get("/z/atlantis/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_what_is_no_refusal_is_left_to_django():
    middleware = DomainErrorMiddleware(lambda request: None)  # type: ignore[arg-type, return-value]
    assert middleware.process_exception(HttpRequest(), ValueError("ours")) is None


@pytest.mark.django_db
def test_a_conflict_keeps_its_status():
    request = RequestFactory().get("/somewhere")
    answer = errorpages.refused(request, Conflict())
    assert answer.status_code == 409
    assert "刷新" in answer.content.decode()


@pytest.mark.django_db
def test_problem_details_lead_to_the_help_on_their_code(client):
    kind = client.get("/api/v1/zones/atlantis").json()["type"]
    address, _, anchor = kind.partition("#")
    assert f'id="{anchor}"' in client.get(address).content.decode()
