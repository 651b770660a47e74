"""The API of trials: the same as the pages, for programs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.mechanisms.trials.models import FactTable, Trial
from ronghe.policy.models import Zone
from tests.people import person

from .factories import AREA_MAX, CODE, FIVE, HEAD, ran, trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

ASKED = {"rule": CODE, "zone": "qingdao", "date": "2026-11-22", "set": f"{AREA_MAX}=8"}


@pytest.fixture
def token(db) -> str:
    return person(Role.DEPARTMENT, Zone.objects.get(pk="qingdao").seat_id).token()


def post(token: str, content: str = FIVE, **changed: str):
    body = {**ASKED, **changed, "file": SimpleUploadedFile("宗地.csv", content.encode())}
    return Client().post("/api/v1/trials", body, headers={"Authorization": token})


def get(token: str, at: str):
    return Client().get(f"/api/v1/trials{at}", headers={"Authorization": token})


def test_a_program_uploads_a_table_and_finds_the_trial_queued(token):
    answer = post(token)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["state"], told["rows"], told["changed"]) == ("queued", 5, [AREA_MAX])
    assert told["parameters_b"][0]["value"] == 8
    assert get(token, f"/{told['id']}").json() == told
    assert [one["id"] for one in get(token, "?state=queued").json()["items"]] == [told["id"]]


def test_rows_and_reasons(token):
    made = ran()
    told = get(token, f"/{made.pk}").json()
    assert {"a": "failed", "b": "passed", "change": "gained", "rows": 1} in told["outcomes"]
    page = get(token, f"/{made.pk}/rows?size=2").json()
    assert [row["line"] for row in page["items"]] == [2, 3]
    rest = get(token, f"/{made.pk}/rows?size=200&cursor={page['next']}").json()
    assert [row["line"] for row in rest["items"]] == [4, 5, 6]
    assert [row["name"] for row in get(token, f"/{made.pk}/rows?change=gained").json()["items"]] == ["乙"]
    reasons = get(token, f"/{made.pk}/rows/3").json()
    assert reasons["facts"]["宗地面积"] == "7.5 亩"
    assert reasons["unchanged"]
    assert [reasons[side][0]["ok"] for side in ("steps_a", "steps_b")] == [False, True]


@pytest.mark.parametrize(
    ("content", "changed", "code"),
    [
        (HEAD + "甲,五,否,是,是\n", {}, "trials.table_values_wrong"),
        ("名称,宗地面积（元）\n甲,5\n", {}, "trials.table_columns_wrong"),
        ("名称,宗地面积\n", {}, "trials.table_empty"),
        ("\x00\x01", {}, "trials.table_unreadable"),
        (FIVE, {"set": f"{AREA_MAX}=8亩"}, "trials.change_invalid"),
        (FIVE, {"set": "levy.rate=1/2"}, "trials.change_unknown"),
        (FIVE, {"date": "昨天"}, "ronghe.malformed"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_code_and_nothing_is_kept(token, content, changed, code):
    answer = post(token, content, **changed)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not FactTable.objects.exists()


def test_a_rule_or_zone_that_is_not_there(token):
    for changed in ({"rule": "no.such"}, {"zone": "nowhere"}):
        answer = post(token, **changed)
        assert (answer.status_code, answer.json()["code"]) == (422, "trials.trial_names_unknown")


def test_cancelling(token):
    made = trial()
    address = f"/api/v1/trials/{made.pk}/cancel"
    assert Client().post(address, headers={"Authorization": token}).json()["state"] == "cancelled"
    over = ran()
    answer = Client().post(f"/api/v1/trials/{over.pk}/cancel", headers={"Authorization": token})
    assert (answer.status_code, answer.json()["code"]) == (409, "trials.trial_already_over")


def test_another_city_can_neither_see_nor_run():
    made = ran()
    token = person(Role.ZONE_OFFICE, Zone.objects.get(pk="jinan").seat_id).token()
    for at in (f"/{made.pk}", f"/{made.pk}/rows", f"/{made.pk}/rows/3"):
        assert get(token, at).status_code == 404
    assert get(token, "").json()["items"] == []
    assert post(token).status_code == 403
    assert Trial.objects.count() == 1


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_administrators_run_no_trials(role):
    assert post(person(role, Zone.objects.get(pk="qingdao").seat_id).token()).status_code == 403
