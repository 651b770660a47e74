"""Which logins an administrator keeps."""

import pytest

from ronghe.kernel.accounts.models import User
from ronghe.kernel.actors import Actor

from . import factories

pytestmark = pytest.mark.django_db


def test_who_only_acts_for_a_party_is_kept_where_the_party_is(places) -> None:
    here = factories.party()
    acting = factories.mandate(party=here).user
    keeper = Actor(user_id=1, role="system_admin", division=here.division_id)
    elsewhere = Actor(user_id=1, role="system_admin", division="350000000000")
    assert User.objects.visible_to(keeper).filter(pk=acting.pk).exists()
    assert not User.objects.visible_to(elsewhere).filter(pk=acting.pk).exists()


def test_after_the_login_a_bare_word_leads_home_and_breaks_nothing(client) -> None:
    user = factories.user("bare.word")
    user.set_password("Rh-correct-horse-9")
    user.save()
    given = {"username": "bare.word", "password": "Rh-correct-horse-9", "next": "foo"}
    answer = client.post("/accounts/login", given)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
