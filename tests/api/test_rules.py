"""The rules over the API: the same answers as the command line, refusals as problem details."""

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

RULE = "entry.agreement_exception"
FACTS = {"area_mu": 5, "has_collective_consent": True, "has_approval": True}


def ask(**question):
    asked = {"zone": "qingdao", "date": "2026-11-23", "facts": FACTS} | question
    return Client().post(f"/api/v1/rules/{RULE}/run", asked, content_type="application/json")


def test_a_rule_is_asked():
    answer = ask().json()
    assert (answer["verdict"], answer["value"]) == ("passed", True)
    assert answer["parameters"][0]["from"] == "2020-11-24"
    assert ask(zone="zibo").json()["verdict"] == "undecidable"


def test_what_a_rule_needs():
    found = Client().get(f"/api/v1/rules/{RULE}").json()
    assert {"name", "type", "unit", "required", "meaning", "choices"} == set(found["facts"][0])
    assert {p["zone"] for p in found["parameters"]} >= {"qingdao", "zibo", "jinan"}
    assert RULE in {rule["code"] for rule in Client().get("/api/v1/rules").json()}


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ({"facts": {"area_mu": "五"}}, 422, "policy.facts_invalid"),
        ({"facts": {"colour": 1}}, 422, "policy.facts_invalid"),
        ({"zone": "nowhere"}, 404, "policy.zone_not_found"),
        ({"date": "2026-02-30"}, 422, "ronghe.malformed"),
        ({"date": 20260101}, 422, "ronghe.malformed"),
        ({"dates": {"birthday": "2026-01-01"}}, 422, "ronghe.malformed"),
    ],
)
def test_a_bad_question_is_a_problem(question, status, code):
    answer = ask(**question)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"].startswith("application/problem+json")


def test_parameters_of_a_zone_on_a_day():
    def limit(on: str):
        found = Client().get(f"/api/v1/zones/qingdao/parameters?on={on}").json()
        return next(p for p in found if p["id"] == "entry.agreement.area_max")

    assert (limit("2020-11-23")["status"], limit("2020-11-24")["value"]) == ("absent", 5)


def test_a_decimal_is_taken_as_written():
    body = (
        '{"zone": "qingdao", "date": "2026-11-23", "facts": {"area_mu": 5.0000000000000001, "is_scattered": false,'
        ' "has_collective_consent": true, "has_approval": true}}'
    )
    answer = Client().post(f"/api/v1/rules/{RULE}/run", body, content_type="application/json")
    assert answer.json()["verdict"] == "failed"
