"""How long a session lives, and what two of its requests at once may do to one another."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from ronghe.kernel import clock
from ronghe.kernel.accounts import services
from ronghe.kernel.accounts.access import public
from ronghe.kernel.accounts.models import SignIn
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.site.testing import in_parallel
from ronghe.site.urls import urlpatterns as of_the_site

from .factories import GOOD, NOON, mandate, places, post

ME = "/accounts/me"
LIFE = timedelta(seconds=settings.SESSION_COOKIE_AGE)


class Slow:
    """A request that has read its session and waits; then it writes what it read, or something of its own."""

    def __init__(self) -> None:
        self.has_read, self.may_go_on = threading.Event(), threading.Event()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        assert request.session.keys()
        self.has_read.set()
        assert self.may_go_on.wait(20)
        if request.method == "POST":
            request.session["told"] = "a message that fits no cookie"
        return HttpResponse("slow")


@public
def slow_view(request: HttpRequest) -> HttpResponse:
    return slow(request)


slow = Slow()
urlpatterns = [path("slow", slow_view), *of_the_site]


def two_requests(client: Client, method: str, quick) -> None:
    """While a slow request of the browser runs, a quick one of the same browser begins and ends."""
    slow.__init__()  # type: ignore[misc]
    beside = Client()
    beside.cookies = client.cookies.copy()

    def wait_then():
        assert slow.has_read.wait(20)
        try:
            return quick()
        finally:
            slow.may_go_on.set()

    outcomes = in_parallel(lambda: beside.generic(method, "/slow"), wait_then)
    assert [answer.status_code for answer in outcomes] == [200, 302], outcomes


def person():
    """Somebody with a post and a mandate."""
    places()
    of = services.create_user(
        username="zhaoliu", display_name="赵六", password=GOOD, must_change_password=False, actor=SYSTEM, at=NOON
    )
    return post(Role.DEPARTMENT, of=of), mandate(of=of)


def browser() -> Client:
    client = Client()
    assert client.post("/accounts/login", {"username": "zhaoliu", "password": GOOD}).status_code == 302
    return client


def acting(client: Client):
    return client.get(ME).wsgi_request.actor


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("method", ["GET", "POST"], ids=["only reads", "writes too"])
def test_a_slow_request_does_not_undo_a_switch(fresh_database, method):
    """Seen to fail both ways with the choice in the data of the session and SESSION_SAVE_EVERY_REQUEST."""
    held, farmer = person()
    client = browser()
    assert acting(client).org_unit_id == held.org_unit_id
    two_requests(client, method, lambda: client.post("/accounts/switch", {"capacity": f"mandate-{farmer.pk}"}))
    assert acting(client).on_behalf_of_id == farmer.party_id
    assert client.session.get("told", "") == ("a message that fits no cookie" if method == "POST" else "")


@pytest.mark.urls(__name__)
def test_a_slow_request_does_not_bring_an_ended_session_back(fresh_database):
    person()
    client = browser()
    there = browser()
    key = client.session.session_key
    sign_in = SignIn.objects.get(session_key=key)
    two_requests(client, "GET", lambda: there.post(f"/accounts/sign-ins/{sign_in.pk}/end"))
    assert client.get(ME).status_code == 302
    assert not Session.objects.filter(session_key=key).exists()


@pytest.mark.django_db
def test_the_end_of_a_session_moves_on_with_use_once_a_minute_and_its_data_are_not_touched(
    monkeypatch, django_assert_num_queries
):
    person()
    client = browser()
    stored = Session.objects.get()
    began = stored.expire_date - LIFE
    for seconds, moved in ((30, 0), (70, 70), (100, 70), (131, 131)):
        monkeypatch.setattr(clock, "now", lambda s=seconds: began + timedelta(seconds=s))
        assert client.get(ME).status_code == 200
        row = Session.objects.get()
        assert abs(row.expire_date - stored.expire_date - timedelta(seconds=moved)) < timedelta(seconds=1)
        assert row.session_data == stored.session_data
    with django_assert_num_queries(1):
        services.keep_session(session_key=stored.session_key, at=clock.now())


@pytest.mark.django_db
def test_a_capacity_stays_chosen_through_a_change_of_password_and_not_through_a_new_login():
    _, farmer = person()
    client = browser()
    assert client.post("/accounts/switch", {"capacity": f"mandate-{farmer.pk}"}).status_code == 302
    form = {"old": GOOD, "new": "Other-2026-Yun", "again": "Other-2026-Yun"}
    assert client.post("/accounts/password", form).status_code == 302
    assert acting(client).on_behalf_of_id == farmer.party_id
    client.post("/accounts/login", {"username": "zhaoliu", "password": "Other-2026-Yun"})
    assert acting(client).on_behalf_of_id is None


@pytest.mark.django_db
def test_a_choice_holds_in_its_own_session_alone():
    held, farmer = person()
    here, there = browser(), browser()
    here.post("/accounts/switch", {"capacity": f"mandate-{farmer.pk}"})
    assert acting(here).on_behalf_of_id == farmer.party_id
    assert acting(there).org_unit_id == held.org_unit_id
