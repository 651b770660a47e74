"""A command with a key is done once; a repeat hears the first answer, also when both come at once."""

from django.test import Client

from ronghe.governance.models import UnitEntry
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.site.models import FirstAnswer
from ronghe.site.testing import in_parallel
from tests.people import person

UNIT = {"division": accounts.COUNTY, "name": "县财政局", "kind": "department", "level": "county"}
ADDRESS = "/api/v1/rosters/units/records"


def office() -> dict[str, str]:
    accounts.places()
    return {"authorization": person(Role.ZONE_OFFICE, accounts.COUNTY).token()}


def post(header: dict[str, str], key: str | None = "k-1", **values):
    more = {"idempotency-key": key} if key is not None else {}
    return Client().post(ADDRESS, {"values": UNIT | values}, "application/json", headers=header | more)


def test_a_repeat_hears_the_first_answer_and_does_nothing(db):
    header = office()
    first, again = post(header), post(header)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert UnitEntry.objects.count() == 1
    assert post(header, None).status_code == 409


def test_a_refusal_is_repeated_too(db):
    header = office()
    assert [post(header, name="").status_code for _ in range(2)] == [422, 422]
    assert FirstAnswer.objects.get().status == 422


def test_the_same_key_with_another_command_is_refused(db):
    header = office()
    post(header)
    answer = post(header, name="县农业局")
    assert (answer.status_code, answer.json()["code"]) == (409, "ronghe.idempotency_key_reused")


def test_keys_belong_to_their_actor(db):
    one, other = office(), {"authorization": person(Role.ZONE_OFFICE, accounts.COUNTY).token()}
    post(one)
    assert post(other, name="县农业局").status_code == 201


def test_a_key_that_cannot_be_kept_is_refused(db):
    assert post(office(), "x" * 200).json()["code"] == "ronghe.idempotency_key_malformed"


def test_of_two_repeats_at_once_one_is_done_and_both_hear_the_same(fresh_database):
    """Seen to fail with the row of the key taken out: the second is refused by the key of the list."""
    header = office()
    answers = in_parallel(*[lambda: post(header).json() for _ in range(3)])
    assert answers[0] == answers[1] == answers[2]
    assert UnitEntry.objects.count() == 1
