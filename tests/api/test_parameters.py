"""Parameters over the API: values, history, zones side by side; a zone's own values by its office alone."""

import pytest
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.audit.models import Event
from ronghe.policy.models import ParameterValue, Zone
from tests.people import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

AREA_MAX = "entry.agreement.area_max"
PAYERS = "service.maintenance.payers"
GIVEN = {"from": "2026-01-01", "written": ["8"], "source": "会议纪要〔2026〕3号"}


def office(zone: str = "qingdao", role: Role = Role.ZONE_OFFICE) -> str:
    return person(role, Zone.objects.get(pk=zone).seat_id).token()


def post(address: str, given: object = None, *, token: str = ""):
    headers = {"Authorization": token} if token else {}
    return Client().post(f"/api/v1/zones/{address}", given, content_type="application/json", headers=headers)


def enter(token: str = "", zone: str = "qingdao", parameter: str = AREA_MAX, **given: object):
    return post(f"{zone}/parameters/{parameter}/values", GIVEN | given, token=token)


def told(answer, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert answer["Content-Type"].startswith("application/problem+json")


def limit(on: str, zone: str = "qingdao"):
    found = Client().get(f"/api/v1/zones/{zone}/parameters?on={on}").json()
    return next(p for p in found if p["id"] == AREA_MAX)


def test_the_office_enters_a_value_and_takes_it_back():
    token = office()
    made = enter(token)
    assert made.status_code == 201
    one = made.json()
    assert (one["id"], one["zone"], one["from"], one["value"], one["written"]) == (
        AREA_MAX, "qingdao", "2026-01-01", 8, ["8"],
    )  # fmt: skip
    assert (one["origin"], one["status"], one["source"], one["withdrawn_at"]) == ("local", "set", GIVEN["source"], None)
    assert one["author"]
    assert one["cite"] == "qingdao-2020 三(二)3", "the clause that orders the value stays its basis"
    assert (limit("2025-12-31")["value"], limit("2026-01-01")["value"]) == (5, 8)

    told(enter(token), 409, "policy.local_value_exists")
    own = f"qingdao/parameters/{AREA_MAX}/values/{one['value_id']}/take-back"
    taken = post(own, token=token)
    assert taken.status_code == 200
    assert taken.json()["withdrawn_at"]
    assert limit("2026-01-01")["value"] == 5
    told(post(own, token=token), 404, "policy.local_value_not_found")

    history = Client().get(f"/api/v1/zones/qingdao/parameters/{AREA_MAX}/values").json()
    assert (history[0]["value_id"], history[0]["origin"]) == (one["value_id"], "local")
    assert history[0]["withdrawn_at"]
    assert {v["zone"] for v in history} == {"qingdao"}
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))[-2:]
    assert verbs == ["policy.value.entered", "policy.value.taken_back"]


def test_a_set_of_names_is_entered_one_by_one():
    choices = Client().get(f"/api/v1/parameters/{PAYERS}").json()["choices"]
    made = enter(office(), parameter=PAYERS, written=choices[:2])
    assert made.status_code == 201
    assert made.json()["value"] == sorted(choices[:2])


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        (lambda: "", 401, "accounts.sign_in_first"),
        (lambda: office("zibo"), 403, "ronghe.forbidden"),
        (lambda: office(role=Role.DEPARTMENT), 403, "ronghe.forbidden"),
        (lambda: office(role=Role.LEADER), 403, "ronghe.forbidden"),
    ],
    ids=["a stranger", "another zone's office", "a department", "a leader"],
)
def test_nobody_else_enters_or_takes_back(who, status, code):
    number = enter(office()).json()["value_id"]
    token = who()
    told(enter(token, **{"from": "2026-02-01"}), status, code)
    told(post(f"qingdao/parameters/{AREA_MAX}/values/{number}/take-back", token=token), status, code)
    assert ParameterValue.objects.get(origin="local").withdrawn_at is None


def test_an_office_takes_nothing_back_by_another_address():
    number = enter(office()).json()["value_id"]
    zibo = office("zibo")
    told(post(f"zibo/parameters/{AREA_MAX}/values/{number}/take-back", token=zibo), 404, "policy.local_value_not_found")
    other = f"qingdao/parameters/{PAYERS}/values/{number}/take-back"
    told(post(other, token=office()), 404, "policy.local_value_not_found")
    packed = ParameterValue.objects.filter(origin="pack", zone="qingdao", parameter=AREA_MAX)[0].pk
    mine = f"qingdao/parameters/{AREA_MAX}/values/{packed}/take-back"
    told(post(mine, token=office()), 404, "policy.local_value_not_found")
    assert ParameterValue.objects.get(origin="local").withdrawn_at is None


def test_a_zone_that_is_not_published_is_not_there_for_others():
    Zone.objects.filter(pk="qingdao").update(published=False)
    told(enter(office("zibo")), 404, "policy.zone_not_found")
    assert enter(office()).status_code == 201


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"written": ["0.8"]}, 422, "policy.local_value_invalid"),
        ({"written": ["5", "8"]}, 422, "policy.local_value_invalid"),
        ({"written": [" "]}, 422, "policy.local_value_invalid"),
        ({"source": "  "}, 422, "policy.local_value_invalid"),
        ({"written": []}, 422, "ronghe.malformed"),
        ({"written": "8"}, 422, "ronghe.malformed"),
        ({"written": ["8\x00"]}, 422, "ronghe.malformed"),
        ({"source": "文" * 201}, 422, "ronghe.malformed"),
        ({"from": "2026-02-30"}, 422, "ronghe.malformed"),
        ({"from": 20260101}, 422, "ronghe.malformed"),
        ({"parameter": "no.such"}, 404, "policy.parameter_not_found"),
        ({"zone": "nowhere"}, 404, "policy.zone_not_found"),
    ],
)
def test_what_does_not_fit_is_a_problem(given, status, code):
    told(enter(office(), **given), status, code)
    assert not ParameterValue.objects.filter(origin="local").exists()


def test_a_parameter_with_its_history():
    found = Client().get(f"/api/v1/parameters/{AREA_MAX}").json()
    assert (found["id"], found["kind"], found["unit"]) == (AREA_MAX, "number", "亩")
    values = {(v["zone"], v["from"]): (v["value"], v["status"], v["origin"]) for v in found["values"]}
    assert values["qingdao", "2020-11-24"] == (5, "set", "pack")
    assert values["zibo", "2020-12-06"] == (None, "unset", "pack")
    told(Client().get("/api/v1/parameters/no.such"), 404, "policy.parameter_not_found")


def compare(query: str = ""):
    return Client().get(f"/api/v1/compare{query}")


def test_zones_side_by_side():
    found = compare("?matter=D3&zone=zibo&zone=qingdao&on=2026-11-26").json()
    assert found["date"] == "2026-11-26"
    assert [zone["slug"] for zone in found["zones"]] == ["zibo", "qingdao"], "in the order asked for"
    [matter] = found["matters"]
    assert (matter["key"], matter["differs"]) == ("D3", True)
    row = next(one for one in matter["parameters"] if one["id"] == AREA_MAX)
    assert (row["differs"], row["partial"]) == (True, False)
    assert "R-010" in row["rules"]
    assert {slug: (v["value"], v["status"]) for slug, v in row["values"].items()} == {
        "qingdao": (5, "set"), "zibo": (None, "unset"),
    }  # fmt: skip
    assert row["values"]["qingdao"]["cite"] == "qingdao-2020 三(二)3"
    assert not compare("?matter=D3&on=2019-01-01").json()["matters"][0]["parameters"]


def test_everything_is_compared_when_nothing_is_named():
    found = compare().json()
    assert {zone["slug"] for zone in found["zones"]} == set(Zone.objects.values_list("slug", flat=True))
    assert len(found["matters"]) > 10


@pytest.mark.parametrize("query", ["?zone=nowhere", "?matter=D99", "?zone=qingdao&zone=nowhere"])
def test_what_cannot_be_compared_is_named(query):
    told(compare(query), 422, "policy.compared_unknown")


def test_a_hidden_zone_is_not_compared():
    Zone.objects.filter(pk="zibo").update(published=False)
    told(compare("?zone=zibo"), 422, "policy.compared_unknown")
    assert "zibo" not in compare("?zone=zibo").json()["detail"].partition("可用")[2]
    answer = Client().get("/api/v1/compare?zone=zibo", headers={"Authorization": office("zibo")})
    assert answer.status_code == 200
