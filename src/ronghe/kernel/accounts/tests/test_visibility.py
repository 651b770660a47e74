"""Which logins an administrator keeps."""

from importlib import import_module

import pytest
from django.apps import apps

from ronghe.kernel.accounts import services
from ronghe.kernel.accounts.models import User
from ronghe.kernel.actors import SYSTEM, Actor

from . import factories

pytestmark = pytest.mark.django_db


def test_who_only_acts_for_a_party_is_kept_where_the_party_is(places) -> None:
    here = factories.party()
    acting = factories.mandate(party=here).user
    keeper = Actor(user_id=1, role="system_admin", division=here.division_id)
    elsewhere = Actor(user_id=1, role="system_admin", division="350000000000")
    assert User.objects.visible_to(keeper).filter(pk=acting.pk).exists()
    assert not User.objects.visible_to(elsewhere).filter(pk=acting.pk).exists()


def sees(division: str, of: User, role: str = "system_admin") -> bool:
    return User.objects.visible_to(Actor(user_id=1, role=role, division=division)).filter(pk=of.pk).exists()


@pytest.mark.parametrize("role", ["system_admin", "security_admin"])
def test_a_login_without_a_post_is_seen_where_it_was_made_and_above(places, role: str) -> None:
    made = factories.user(created_in_id=factories.COUNTY)
    seeing = [
        code
        for code in (factories.PROVINCE, factories.CITY, factories.COUNTY, factories.TOWN, factories.OTHER)
        if sees(code, made, role)
    ]
    assert seeing == [factories.PROVINCE, factories.CITY, factories.COUNTY]


def test_a_login_of_which_nothing_says_where_it_belongs_is_seen_by_a_province(places) -> None:
    made = factories.user()
    assert sees(factories.PROVINCE, made)
    assert not sees(factories.CITY, made)
    # a post gives it a place
    factories.post("department", of=made)
    assert sees(factories.COUNTY, made)


def test_logins_from_before_belong_where_the_record_says_they_were_made(places) -> None:
    by = Actor(user_id=1, role="system_admin", division=factories.COUNTY)
    given = {"display_name": "演示", "password": factories.GOOD, "at": factories.NOON}
    here = services.create_user(username="made.here", actor=by, **given)
    at_the_server = services.create_user(username="made.at.server", actor=SYSTEM, **given)
    User.objects.update(created_in=None)
    import_module("ronghe.kernel.accounts.migrations.0005_fill_created_in").fill(apps, None)
    here.refresh_from_db()
    at_the_server.refresh_from_db()
    assert (here.created_in_id, at_the_server.created_in_id) == (factories.COUNTY, None)


def test_after_the_login_a_bare_word_leads_home_and_breaks_nothing(client) -> None:
    user = factories.user("bare.word")
    user.set_password("Rh-correct-horse-9")
    user.save()
    given = {"username": "bare.word", "password": "Rh-correct-horse-9", "next": "foo"}
    answer = client.post("/accounts/login", given)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
