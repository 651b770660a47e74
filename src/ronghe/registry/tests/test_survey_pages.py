"""Pages and the API of survey batches: a person brings a village's survey to the review, and others see what is theirs."""

import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.files.kinds import FileKind
from ronghe.kernel.parties.tests import factories as people
from tests.people import person

from ..models import SurveyBatch
from ..queries.survey_progress import by_village
from ..rules.kinds import UnitKind
from ..surveying.reading import read_survey
from . import factories, surveys
from .surveys import Lot, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


def _form(content: bytes, **given: str) -> dict[str, object]:
    file = SimpleUploadedFile("调查.geojson", content)
    told = {
        "division": f"{people.VILLAGE} 甲村", "kind": "homestead", "surveyor": "演示测绘队", "surveyed_on": "2026-10-01",
        "admits_new": "on",
    }  # fmt: skip
    return {**told, **given, "file": file}


def test_a_survey_is_uploaded_mended_judged_and_handed_in_by_pages_alone(office):
    browser = office.window.client()
    bad = surveys.lots(2)
    bad[1].more["实测面积"] = "2"
    answer = browser.post(reverse("registry:new_survey"), _form(surveys.geojson(bad)))
    batch = SurveyBatch.objects.get()
    page = reverse("registry:survey", args=[batch.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "核对甲村宅基地权籍调查" in browser.get(page).content.decode()
    surveys.worked(batch)
    shown = browser.get(page).content.decode()
    assert "第 2 宗" in shown
    assert "相差" in shown
    assert 'class="outline parcel-fault"' in shown
    assert browser.get(reverse("registry:survey_marked", args=[batch.pk, 1])).status_code == 200

    file = SimpleUploadedFile("改正.geojson", surveys.geojson(surveys.lots(2)))
    answer = browser.post(reverse("registry:mend_survey", args=[batch.pk]), {"file": file, "admits_new": "on"})
    assert answer.status_code == 302
    batch = surveys.worked(batch)
    shown = browser.get(page).content.decode()
    assert "待判定：没有控制线或规划图层（1 处）" in shown
    assert "以前的核对" in shown
    judge = reverse("registry:judge_survey", args=[batch.pk])
    refused = browser.post(judge, {"kind": "lines_layer", "scope": "all", "reason": "好"}, follow=True)
    assert "没有写明判定的原因" in refused.content.decode()
    browser.post(judge, {"kind": "lines_layer", "scope": "all", "reason": "已对照规划图核对"})
    answer = browser.post(reverse("registry:submit_survey", args=[batch.pk]), follow=True)
    assert "已提交审核" in answer.content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.case.step) == ("in_case", "review")
    assert browser.get(f"/cases/{batch.case_id}/").status_code == 200


def test_a_form_that_is_wrong_keeps_what_was_typed(office):
    answer = office.window.client().post(
        reverse("registry:new_survey"), _form(surveys.geojson(surveys.lots(1)), division="370399000000")
    )
    assert answer.status_code == 422
    assert "没有区划" in answer.content.decode()
    assert "演示测绘队" in answer.content.decode()


def test_a_file_of_another_kind_is_refused_in_words(office):
    form = _form(b"MZ\x90\x00") | {"file": SimpleUploadedFile("调查.xlsx", b"MZ\x90\x00")}
    answer = office.window.client().post(reverse("registry:new_survey"), form)
    assert answer.status_code == 422
    assert not SurveyBatch.objects.exists()


def test_what_a_file_does_not_say_is_asked_on_its_page(office):
    batch = surveys.taken(office, surveys.geojson(surveys.lots(1), crs=None))
    browser, page = office.window.client(), reverse("registry:survey", args=[batch.pk])
    assert "文件没有说明坐标系" in browser.get(page).content.decode()
    assert browser.post(page, {"crs": "nonsense"}).status_code == 422
    assert browser.post(page, {"crs": "EPSG:4490"}).status_code == 302
    assert surveys.worked(batch).state == "judging"


def test_lists_are_narrowed_exported_and_show_how_far_each_place_has_come(office):
    done = surveys.entered(surveys.taken(office, surveys.geojson(surveys.lots(3))), office)
    surveys.taken(office, surveys.geojson(surveys.lots(1, row=4)))
    browser = office.reviewer.client()
    shown = browser.get(reverse("registry:surveys")).content.decode()
    assert "各村调查完成率" in shown
    assert "100 %" in shown, "three are registered, one was surveyed soundly"
    bad = surveys.lots(1, row=6)
    bad[0].more["实测面积"] = "2"
    surveys.taken(office, surveys.geojson(bad))
    shown = browser.get(reverse("registry:surveys")).content.decode()
    assert "80 %" in shown, "a faulty file is no survey: four of five"
    assert 'data-label="累计合格（宗）">4<' in shown
    assert "80 %" not in browser.get(reverse("registry:surveys") + "?since=2026-11-01").content.decode()
    for name in ("survey_findings", "survey_parcels"):
        address = reverse(f"registry:{name}", args=[done.pk])
        assert browser.get(address).status_code == 200
        assert browser.get(address + "?export=xlsx")["Content-Type"].endswith("sheet")
    narrowed = browser.get(reverse("registry:survey_findings", args=[done.pk]) + "?level=person&settled=yes")
    assert "已对照规划图核对" in narrowed.content.decode()
    assert browser.get(reverse("registry:survey_template") + "?kind=contracted").status_code in (200, 403)


def test_a_survey_of_a_town_shows_how_far_each_of_its_villages_has_come(office):
    given = surveys.lots(3)
    for one, village in zip(given, (people.VILLAGE, people.VILLAGE, people.NEXT_VILLAGE), strict=True):
        one.more["村代码"] = village
    batch = surveys.taken(office, surveys.geojson(given), division=people.TOWN)
    assert batch.state == "judging"
    made = by_village(SurveyBatch.objects.all(), actor=office.reviewer.actor)
    assert [(one.division, one.sound, one.percent) for one in made] == [
        (people.VILLAGE, 2, 100),
        (people.NEXT_VILLAGE, 1, 100),
    ]
    shown = office.reviewer.client().get(reverse("registry:surveys") + f"?text={people.NEXT_VILLAGE}").content.decode()
    assert batch.title in shown, "a village leads to the batch of its town"


def test_the_template_can_be_filled_in_and_given_back(office):
    answer = office.window.client().get(reverse("registry:survey_template") + "?kind=contracted")
    assert answer.status_code == 200
    from io import BytesIO

    from openpyxl import load_workbook

    from ..surveying.fields import recognised

    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    assert recognised([cell.value for cell in sheet[1]])[1] == []


@pytest.mark.parametrize("kind", list(UnitKind))
def test_the_example_is_read_whole(office, kind):
    """Every head is known, both outlines stand, and each area is that of its outline."""
    answer = office.window.client().get(reverse("registry:survey_example") + f"?kind={kind.value}")
    found = read_survey([answer.content], kind=FileKind.GPKG, name="示例.gpkg")
    assert (found.number, list(found.left_out), "4490" in found.crs) == (2, [], True)
    outlines = found.block(0, 2)
    assert not outlines.broken.any()
    told = [found.told(i) for i in range(2)]
    for shape, one in zip(outlines.shapes, told, strict=True):
        assert factories.area(shape) == Decimal(str(one["area"]))
    assert {one["holder"] for one in told} == {"示例甲", "示例乙"}


def test_a_batch_is_seen_by_the_staff_of_its_place_alone(office):
    batch = surveys.taken(office, surveys.geojson([Lot(factories.square(), "演示甲", people.identity())]))
    addresses = [
        reverse(f"registry:{name}", args=[batch.pk]) for name in ("survey", "survey_findings", "survey_parcels")
    ]
    addresses.append(reverse("registry:survey_marked", args=[batch.pk, 1]))
    for address in addresses:
        assert office.elsewhere.client().get(address).status_code == 404, address
    for name in ("judge_survey", "submit_survey", "mend_survey"):
        address = reverse(f"registry:{name}", args=[batch.pk])
        assert office.elsewhere.client().post(address).status_code in (404, 405), address
    leader = person(Role.LEADER, people.COUNTY)
    assert leader.client().get(addresses[0]).status_code == 200
    assert leader.client().post(addresses[0]).status_code == 403, "whoever only looks does not check again"


def test_a_program_brings_a_survey_reads_what_was_found_and_hands_it_in(office, client):
    headers = {"Authorization": office.window.token()}
    told = {
        "division": people.VILLAGE,
        "kind": "homestead",
        "surveyor": "演示测绘队",
        "surveyed_on": "2026-10-01",
        "admits_new": "true",
    }
    file = SimpleUploadedFile("调查.geojson", surveys.geojson(surveys.lots(2)))
    made = client.post("/api/v1/registry/surveys", {**told, "file": file}, headers=headers)
    assert made.status_code == 202, made.content
    batch = surveys.worked(SurveyBatch.objects.get(pk=made.json()["id"]))
    address = f"/api/v1/registry/surveys/{batch.pk}"
    got = client.get(address, headers=headers).json()
    assert (got["state"], got["parcels"], got["attempts"][0]["verdict"]) == ("judging", 2, "judging")
    found = client.get(f"{address}/findings?level=person", headers=headers).json()["items"]
    assert [one["kind"] for one in found] == ["lines_layer"]
    assert client.post(f"{address}/submit", headers=headers).status_code == 409
    body = json.dumps({"reason": "已对照规划图核对", "findings": [found[0]["id"]]})
    judged = client.post(f"{address}/judge", body, content_type="application/json", headers=headers)
    assert judged.json()["state"] == "ready"
    assert client.post(f"{address}/submit", headers=headers).json()["state"] == "in_case"
    other = {"Authorization": office.elsewhere.token()}
    assert client.get(address, headers=other).status_code == 404
    assert client.get("/api/v1/registry/surveys", headers=other).json()["items"] == []
    page = client.get("/api/v1/registry/surveys?size=1", headers=headers).json()
    assert [one["id"] for one in page["items"]] == [batch.pk]
    assert client.get(f"{address}/marked", headers=headers).status_code == 200
