"""The API of parties: the same as the pages, for programs."""

from datetime import date

import pytest
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties import queries, sealing, services
from ronghe.kernel.parties.models import Party
from ronghe.kernel.parties.services import NewPerson
from tests.people import person as login

from . import factories as make
from .factories import COUNTY, NOON, OTHER, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("villages")]


@pytest.fixture
def window() -> str:
    return login(Role.TOWN_WINDOW, TOWN).token()


def get(token: str, at: str):
    return Client().get(f"/api/v1/parties{at}", headers={"Authorization": token})


def post(token: str, at: str, **body: object):
    return Client().post(
        f"/api/v1/parties{at}", body, content_type="application/json", headers={"Authorization": token}
    )


def test_a_person_is_registered_and_listed_with_masked_numbers(window):
    number = make.identity()
    answer = post(window, "/persons", name="演示甲", identity=number, division=VILLAGE)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert number not in answer.content.decode()
    assert made["identifiers"][0]["masked"].startswith("9***")
    assert get(window, f"/{made['id']}").json() == made
    assert [one["id"] for one in get(window, "?q=yanshi&size=1").json()["items"]] == [made["id"]]
    assert [one["id"] for one in post(window, "/find", number=number).json()] == [made["id"]]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"identity": "110105194912310021"}, 422, "parties.number_invalid"),
        ({}, 422, "parties.birthday_required"),
        ({"birth_date": "2020-1-1"}, 422, "ronghe.malformed"),
        ({"birth_date": "2020-01-01", "division": OTHER}, 403, "ronghe.forbidden"),
        ({"birth_date": "2020-01-01", "name": "a\x00b"}, 422, "ronghe.malformed"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_code(window, body, status, code):
    answer = post(window, "/persons", **{"name": "演示甲", "division": VILLAGE, **body})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Party.objects.exists()


def test_a_household_lives_through_the_api(window):
    made = post(
        window, "/households", head={"new": {"name": "户主甲", "birth_date": "1960-01-01", "sex": "male"}},
        division=VILLAGE, since="2000-01-01",
    ).json()  # fmt: skip
    home = f"/{made['id']}"
    wife = {"name": "妻乙", "birth_date": "1962-01-01", "sex": "female"}
    post(window, f"{home}/members", new=wife, by="marriage", relation="12", on="2001-01-01")
    rows = post(
        window, f"{home}/members", new={"name": "子丙", "birth_date": "2002-01-01", "sex": "male"}, by="birth", relation="21"
    ).json()  # fmt: skip
    people = {row["name"]: row["person"] for row in rows}
    assert [row["relation_title"] for row in rows] == ["户主", "妻", "独生子"]
    assert len(get(window, f"{home}/members?on=2001-12-31").json()) == 2
    headless = post(window, f"/{people['户主甲']}/death", on="2020-01-01")
    assert (headless.status_code, headless.json()["code"]) == (409, "parties.head_needed")
    post(window, f"/{people['户主甲']}/death", on="2020-01-01", new_head=people["妻乙"])
    new = post(window, f"{home}/split", head=people["子丙"], on="2021-01-01").json()
    assert new["name"] == "子丙户"
    assert [row["name"] for row in get(window, f"{home}/members").json()] == ["妻乙"]
    assert post(window, f"{home}/members/{people['妻乙']}/leave", on="2022-01-01").json() == []


def test_bodies_names_and_numbers(window):
    body = post(window, "/bodies", kind="collective", name="甲村合作社", division=VILLAGE, uscc=make.uscc()).json()
    at = f"/{body['id']}"
    renamed = post(window, f"{at}/name", name="甲村股份经济合作社", on="2026-01-01", reason="换证更名")
    assert renamed.json()["name"] == "甲村股份经济合作社"
    numbers = post(window, f"{at}/identifiers", kind="telephone", value="0533-6967000").json()["identifiers"]
    telephone = next(one["id"] for one in numbers if one["kind"] == "telephone")
    plain = post(window, f"{at}/identifiers/{telephone}/unmask", purpose="contact", note="联系换证")
    assert plain.json() == {"value": "05336967000"}
    assert post(window, f"{at}/identifiers/{telephone}/unmask", purpose="contact", note="").status_code == 422
    assert len(post(window, f"{at}/identifiers/{telephone}/close").json()["identifiers"]) == 1


def test_merging_is_the_departments_and_erasing_the_security_administrators(window):
    one = make.person("演示甲")
    two = services.register_person(
        new=NewPerson("演示甲", birth_date=date(1980, 5, 1)), division=VILLAGE, actor=SYSTEM, at=NOON
    )
    told = {"source": two.pk, "target": one.pk, "reason": "同一人登记两次"}
    assert post(window, "/merges", **told).status_code == 403
    department = login(Role.DEPARTMENT, COUNTY).token()
    made = post(department, "/merges", **told).json()
    assert post(department, f"/merges/{made['id']}/undo", reason="核实不是同一人").json()["undone"] is True
    again = post(department, f"/merges/{made['id']}/undo", reason="核实不是同一人")
    assert (again.status_code, again.json()["code"]) == (409, "parties.merge_undone")
    confirm = {"basis": "申请书 2026-001", "confirmation": f"删除 {two.pk}"}
    assert post(department, f"/{two.pk}/erase", **confirm).status_code == 403
    security = login(Role.SECURITY_ADMIN, COUNTY).token()
    assert post(security, f"/{two.pk}/erase", **confirm).json()["erased"] is True


def test_another_division_finds_nothing_and_changes_nothing():
    party = make.person("演示甲")
    number = sealing.plain(queries.identifiers(party)[0])
    far = login(Role.DEPARTMENT, OTHER).token()
    assert get(far, "").json()["items"] == []
    assert post(far, "/find", number=number).json() == []
    for answer in (
        get(far, f"/{party.pk}"),
        get(far, f"/{party.pk}/members"),
        post(far, f"/{party.pk}/name", name="x甲", on="2026-01-01", reason="改名"),
        post(far, f"/{party.pk}/identifiers/1/unmask", purpose="handle", note="试一试看"),
        post(far, f"/{party.pk}/death", on="2026-01-01"),
        post(far, "/merges", source=party.pk, target=party.pk, reason="试一试看"),
    ):
        assert answer.status_code == 404
    assert post(far, "/persons", name="演示乙", identity=number, division=OTHER).json()["code"] == (
        "parties.number_taken_elsewhere"
    )
    assert Client().get("/api/v1/parties").status_code == 401
