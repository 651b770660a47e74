"""Who is held off at the door, and how little of it goes into the record of acts."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from ronghe.kernel import clock
from ronghe.kernel.accounts import rules, services
from ronghe.kernel.accounts.errors import NetworkHeldOff
from ronghe.kernel.accounts.models import LoginSource
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.rules import FAILURES_PER_NETWORK, network_of
from ronghe.kernel.actors import PUBLIC, SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.site.testing import in_parallel

from .factories import GOOD, NOON, post

LOGIN = "/accounts/login"
HERE, THERE = "127.0.0.1", "10.0.0.9"


@pytest.fixture
def person(places):
    of = services.create_user(
        username="zhaoliu", display_name="赵六", password=GOOD, must_change_password=False, actor=SYSTEM, at=NOON
    )
    post(Role.DEPARTMENT, of=of)
    return of


@pytest.fixture
def at(monkeypatch):
    """The clock of the edge, which a test sets."""

    def set_to(instant):
        monkeypatch.setattr(clock, "now", lambda: instant)
        return instant

    set_to(NOON)
    return set_to


def log_in(client, username="zhaoliu", password=GOOD):
    return client.post(LOGIN, {"username": username, "password": password})


def fail(times, *, address=HERE, at=NOON, name_locked=False):
    """Failures of many names, past the pages."""
    for n in range(times):
        source = services.take_try(address=address, at=at)
        services.note_failure(source=source, username=f"name{n}", name_locked=name_locked, actor=PUBLIC, at=at)


def recorded(verb):
    return Event.objects.filter(verb=verb).count()


# -- what is one network --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("a socket", "unknown"),
    ],
)
def test_a_network_is_an_address_or_what_one_customer_has(address, network):
    assert network_of(address) == network


@given(st.ip_addresses())
def test_every_address_has_a_network_that_fits_its_column(address):
    assert 0 < len(network_of(str(address))) <= LoginSource._meta.get_field("network").max_length


# -- the limit ------------------------------------------------------------------------------------------------------


def test_many_names_from_one_network_are_held_off_till_the_hour_is_over(client, person, at):
    fail(FAILURES_PER_NETWORK - 1)
    assert log_in(client, username="another", password="wrong-One-1").status_code == 422
    # then the right password is not looked at either, and the page says when to come back
    at(NOON + timedelta(minutes=18))
    answer = log_in(client)
    assert answer.status_code == 429
    assert answer["Retry-After"] == str(42 * 60)
    page = answer.content.decode()
    assert "登录失败已达 100 次" in page
    assert f"{NOON:%Y-%m-%d} 13:00" in page
    assert "约 42 分钟" in page
    # while other networks are not, and here neither when the hour is over
    assert log_in(Client(REMOTE_ADDR=THERE)).status_code == 302
    at(NOON + timedelta(hours=1))
    assert log_in(client).status_code == 302


def test_who_is_in_stays_in_but_guesses_no_password_of_his_own_either(client, person, at):
    assert log_in(client).status_code == 302
    fail(FAILURES_PER_NETWORK)
    assert client.get("/accounts/me").status_code == 200
    form = {"old": GOOD, "new": "Other-2026-Yun", "again": "Other-2026-Yun"}
    assert client.post("/accounts/password", form).status_code == 429
    person.refresh_from_db()
    assert person.check_password(GOOD)


def test_a_right_password_and_a_name_that_is_locked_already_do_not_count(client, person):
    for _ in range(3):
        assert log_in(client).status_code == 302
        client.post("/accounts/logout")
    assert LoginSource.objects.get().failures == 0
    assert [log_in(client, password="wrong-One-1").status_code for _ in range(8)] == [422] * 4 + [429] * 4
    assert LoginSource.objects.get().failures == 5


def test_failures_of_an_hour_ago_do_not_count(db):
    fail(FAILURES_PER_NETWORK - 1)
    fail(1, at=NOON + timedelta(hours=1))
    assert LoginSource.objects.get().failures == 1


def test_a_try_of_the_hour_before_is_not_given_back_to_this_one(db):
    late = services.take_try(address=HERE, at=NOON)
    fail(2, at=NOON + timedelta(hours=1))
    services.give_back(late)
    assert LoginSource.objects.get().failures == 2


def test_many_at_once_do_not_pass_the_limit_together(fresh_database):
    """Seen to fail (more were let in) with the lock on the source removed."""
    fail(FAILURES_PER_NETWORK - 2)
    outcomes = in_parallel(*[lambda: services.take_try(address=HERE, at=NOON)] * 4)
    assert sorted(type(o).__name__ for o in outcomes) == ["LoginSource"] * 2 + ["NetworkHeldOff"] * 2
    assert LoginSource.objects.get().failures == FAILURES_PER_NETWORK


# -- the record of acts ---------------------------------------------------------------------------------------------


def test_one_event_when_a_network_is_held_off_and_none_for_each_failure(db):
    fail(FAILURES_PER_NETWORK)
    for _ in range(50):
        with pytest.raises(NetworkHeldOff, match=r"13:00 以后再试"):
            services.take_try(address=HERE, at=NOON)
    event = Event.objects.get()
    source = LoginSource.objects.get()
    assert (event.verb, event.subject_type, event.subject_id, event.facts) == (
        "accounts.network.held_off", "accounts.loginsource", str(source.pk), {},
    )  # fmt: skip
    # the next hour it may happen once more
    fail(FAILURES_PER_NETWORK, at=NOON + timedelta(hours=1))
    assert recorded("accounts.network.held_off") == 2


def test_the_last_failures_at_once_are_one_event(fresh_database):
    """Seen to fail (several events) with the lock on the source removed."""
    fail(FAILURES_PER_NETWORK - 4)
    sources = [services.take_try(address=HERE, at=NOON) for _ in range(4)]

    def note(source):
        services.note_failure(source=source, username="x", name_locked=False, actor=PUBLIC, at=NOON)

    assert in_parallel(*[lambda s=s: note(s) for s in sources]) == [None] * 4
    assert recorded("accounts.network.held_off") == 1


def test_one_event_when_a_name_is_locked_however_often_it_is_tried(client, person):
    events = Event.objects.count()
    for _ in range(12):
        log_in(client, password="wrong-One-1")
    assert Event.objects.count() == events + 1
    event = Event.objects.latest("pk")
    assert (event.verb, event.subject_id) == ("accounts.login.locked", str(person.pk))


def test_guessing_in_the_page_of_the_password_is_recorded_when_it_locks(client, person):
    log_in(client)
    form = {"old": "wrong-One-1", "new": "Other-2026-Yun", "again": "Other-2026-Yun"}
    for _ in range(7):
        client.post("/accounts/password", form)
    assert recorded("accounts.login.locked") == 1


def test_no_password_is_kept_of_a_failure(client, person):
    log_in(client, password="wrong-One-1")
    log_in(client)
    client.post("/accounts/password", {"old": "Wrong-2026-Yi", "new": "Other-2026-Yun", "again": "Other-2026-Yun"})
    assert AccessAttempt.objects.exists()
    for kept in AccessAttempt.objects.values_list("post_data", flat=True):
        assert "2026" not in kept
        assert "wrong" not in kept


# -- housekeeping ---------------------------------------------------------------------------------------------------


def test_what_counts_no_more_is_cleared_away(client, person, at):
    log_in(client, password="wrong-One-1")
    fail(FAILURES_PER_NETWORK, address=THERE)
    attempt = AccessAttempt.objects.get()
    later = NOON + rules.FAILURES_COUNT_FOR
    AccessAttempt.objects.update(attempt_time=later)
    assert services.forget_failures(at=later - timedelta(seconds=1)) == 0
    assert services.forget_failures(at=later) == 1  # the failure here; the other network stays known
    AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=NOON - timedelta(seconds=1))
    assert services.forget_failures(at=later) == 1
    assert LoginSource.objects.get().network == THERE
    assert services.forget_failures(at=NOON + rules.HELD_OFF_STAYS_KNOWN + timedelta(days=1)) == 1


def test_the_job_clears_away_what_is_old(db, at):
    from ronghe.kernel.accounts.tasks import forget_failures

    fail(1)
    at(NOON + timedelta(days=1))
    assert forget_failures(timestamp=0) == 1
    assert not LoginSource.objects.exists()
