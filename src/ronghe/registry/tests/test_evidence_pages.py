"""Pages and the API of evidence: a person brings photos of parcels, sees what is lacking, and others see what is theirs."""

import json
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests.factories import mandate
from ronghe.kernel.jobs.services import run_here
from ronghe.kernel.parties.tests import factories as people
from tests.people import person

from ..models import BAUnit, EvidenceArchive, SurveyBatch, SurveyedParcel, SurveyEvidence
from ..rules.evidence import FAR_M, EvidenceKind
from ..services.evidence import add_evidence
from . import evidence as made
from . import factories, surveys
from .surveys import AT, Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


@pytest.fixture
def batch(office) -> SurveyBatch:
    return surveys.taken(office, surveys.geojson(surveys.lots(3)))


def _add(office: Office, batch: SurveyBatch, number: int = 1, content: bytes | None = None, name: str = "全景.png"):
    return add_evidence(
        batch_id=batch.pk, number=number, kind=EvidenceKind.PHOTO, content=content or made.png(), name=name,
        actor=office.window.actor, at=AT,
    )  # fmt: skip


def _page(name: str, *args: int) -> str:
    return reverse(f"registry:{name}", args=args)


def test_a_photo_is_added_seen_and_withdrawn_by_pages_alone(office, batch):
    browser, page = office.window.client(), _page("survey_parcel", batch.pk, 2)
    shown = browser.get(page).content.decode()
    assert "这一宗还没有佐证" in shown
    file = SimpleUploadedFile("东侧.png", made.png())
    answer = browser.post(page, {"file": file, "kind": "photo"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    row = SurveyEvidence.objects.get()
    shown = browser.get(page).content.decode()
    assert f'src="{_page("evidence", row.pk)}?small"' in shown
    assert "东侧.png" in shown
    answer = browser.post(_page("withdraw_evidence", row.pk), {"reason": "好"}, follow=True)
    assert "没有写明撤回佐证的原因" in answer.content.decode()
    answer = browser.post(_page("withdraw_evidence", row.pk), {"reason": "拍的是邻户"}, follow=True)
    told = answer.content.decode()
    assert "已撤回 1" in told
    assert "拍的是邻户" in told


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("半张.png", made.png()[:-12], "不能作为佐证"),
        ("动图.gif", b"GIF89a", "这里只收"),
        ("空.png", b"", "空"),
    ],
)
def test_a_file_that_is_no_evidence_is_refused_beside_its_field(office, batch, name, content, text):
    answer = office.window.client().post(
        _page("survey_parcel", batch.pk, 1), {"file": SimpleUploadedFile(name, content), "kind": "photo"}
    )
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert not SurveyEvidence.objects.exists()


def test_a_file_is_shown_or_saved_with_what_it_is(office, batch):
    browser = office.window.client()
    small = made.jpeg(9, sides=(16, 12))
    photo = _add(office, batch, 1, made.jpeg(told=made.little_exif(date(2026, 10, 1), small)), "全景.jpg")
    address = _page("evidence", photo.pk)
    shown = browser.get(address)
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Cache-Control"] == "private, no-store"
    assert browser.get(f"{address}?small").content == small
    assert browser.get(f"{address}?save")["Content-Disposition"].startswith("attachment")
    plain = _add(office, batch, 1, made.png(4))
    assert browser.get(_page("evidence", plain.pk) + "?small").content == made.png(4)


def test_an_archive_is_answered_on_its_page_and_as_a_workbook(office, batch):
    browser, new = office.window.client(), _page("new_evidence_archive", batch.pk)
    assert "怎样命名" in browser.get(new).content.decode()
    content = made.archive({"1.png": made.png(1), "9.png": made.png(2)})
    answer = browser.post(new, {"file": SimpleUploadedFile("佐证.zip", content), "documents_as": "source"})
    archive = EvidenceArchive.objects.get()
    page = _page("evidence_archive", batch.pk, archive.pk)
    assert answer["Location"] == page
    assert "核对佐证：佐证.zip" in browser.get(page).content.decode()
    run_here(archive.job_id)
    shown = browser.get(page).content.decode()
    assert "2 个文件里有 1 个有错，整包都没有收" in shown
    assert "这一批没有这样的宗地" in shown
    book = load_workbook(BytesIO(browser.get(f"{page}?export=xlsx").content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in book.iter_rows()]
    assert rows[0] == ["文件", "宗序号", "权利人", "结果", "说明", "怎样改"]
    assert [rows[1][0], rows[1][3], rows[2][0], rows[2][1], rows[2][3]] == ["9.png", "有错", "1.png", 1, "可以收"]
    content = made.archive({"1.png": made.png(1)})
    browser.post(new, {"file": SimpleUploadedFile("改正.zip", content), "documents_as": "source"})
    second = EvidenceArchive.objects.exclude(pk=archive.pk).get()
    run_here(second.job_id)
    assert "收下 1 件" in browser.get(_page("evidence_archive", batch.pk, second.pk)).content.decode()
    assert (
        browser.post(new, {"file": SimpleUploadedFile("不是.zip", made.png()), "documents_as": "source"}).status_code
        == 422
    )
    other = surveys.taken(office, surveys.geojson(surveys.lots(1, row=3)))
    assert browser.get(_page("evidence_archive", other.pk, archive.pk)).status_code == 404


def test_lists_show_how_many_parcels_have_evidence(office, batch):
    surveys.limit(FAR_M, "number", "100", in_use=False)
    _add(office, batch, 1, made.png(1, place=(factories.WEST, factories.SOUTH + 0.01)), "远.png")
    _add(office, batch, 1, made.png(2))
    browser = office.window.client()
    shown = browser.get(_page("survey", batch.pk)).content.decode()
    assert "3 宗里有佐证的占 33 %" in shown
    parcels = browser.get(_page("survey_parcels", batch.pk) + "?sort=-evidence&export=xlsx")
    rows = [[cell.value for cell in row] for row in load_workbook(BytesIO(parcels.content)).worksheets[0].iter_rows()]
    place = rows[0].index("佐证（件）")
    assert [row[place] for row in rows[1:]] == [2, 0, 0]
    listed = browser.get(_page("survey_evidence", batch.pk) + "?kind=photo&state=standing").content.decode()
    assert "远.png" in listed
    assert "宗地外" in browser.get(_page("survey_parcel", batch.pk, 1)).content.decode()
    assert browser.get(_page("survey_evidence", batch.pk) + "?number=1&export=xlsx").status_code == 200


def test_the_page_of_an_entered_unit_shows_its_evidence_to_its_holder_alone(office, batch):
    mine, others = _add(office, batch, 1), _add(office, batch, 2, made.png(2), "邻户.png")
    surveys.entered(batch, office)
    unit = BAUnit.objects.get(code=SurveyedParcel.objects.get(batch=batch, number=1).code)
    page = reverse("registry:unit", args=[unit.code])
    assert "全景.png" in office.reviewer.client().get(page).content.decode()
    holder = unit.rights.exclude(kind=1).order_by("pk")[0].party
    browser = Client()
    browser.force_login(mandate(party=holder).user, "django.contrib.auth.backends.ModelBackend")
    shown = browser.get(page).content.decode()
    assert "全景.png" in shown
    assert "邻户.png" not in shown
    assert "撤回" not in shown
    assert browser.get(_page("evidence", mine.pk)).status_code == 200
    assert browser.get(_page("evidence", others.pk)).status_code == 404
    assert Client().get(_page("evidence", mine.pk)).status_code == 302
    assert browser.get(_page("survey_parcel", batch.pk, 1)).status_code == 403


def test_evidence_is_for_the_staff_of_its_place_alone(office, batch):
    row = _add(office, batch)
    far = office.elsewhere.client()
    for address in (
        _page("survey_parcel", batch.pk, 1), _page("survey_evidence", batch.pk), _page("new_evidence_archive", batch.pk),
        _page("evidence", row.pk),
    ):  # fmt: skip
        assert far.get(address).status_code == 404, address
    assert far.post(_page("withdraw_evidence", row.pk), {"reason": "不是我的"}).status_code == 404
    leader = person(Role.LEADER, people.COUNTY).client()
    page = _page("survey_parcel", batch.pk, 1)
    shown = leader.get(page).content.decode()
    assert "增加佐证" not in shown
    assert leader.post(page, {"kind": "photo"}).status_code == 403
    assert leader.post(_page("withdraw_evidence", row.pk), {"reason": "只看不撤"}).status_code == 403
    assert office.window.client().get(_page("survey_parcel", batch.pk, 99)).status_code == 404


def test_a_program_gives_reads_and_withdraws_evidence(office, batch, client):
    headers = {"Authorization": office.window.token()}
    root = f"/api/v1/registry/surveys/{batch.pk}"
    given = {"file": SimpleUploadedFile("全景.png", made.png()), "kind": "photo"}
    answer = client.post(f"{root}/parcels/1/evidence", given, headers=headers)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["number"], told["media_type"], told["size"]) == (1, "image/png", len(made.png()))
    one = f"/api/v1/registry/evidence/{told['id']}"
    assert client.get(one, headers=headers).json()["sha256"] == told["sha256"]
    assert client.get(f"{one}/file", headers=headers).content == made.png()
    bad = {"file": SimpleUploadedFile("半张.png", made.png()[:-12]), "kind": "photo"}
    refused = client.post(f"{root}/parcels/1/evidence", bad, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "registry.evidence_damaged")
    lost = {"file": SimpleUploadedFile("全景.png", made.png()), "kind": "photo"}
    assert client.post(f"{root}/parcels/9/evidence", lost, headers=headers).status_code == 404

    file = SimpleUploadedFile("佐证.zip", made.archive({"2.png": made.png(2)}))
    taken = client.post(f"{root}/evidence-archives", {"file": file}, headers=headers)
    assert (taken.status_code, taken.json()["state"]) == (202, "checking")
    run_here(taken.json()["job"])
    archive = f"/api/v1/registry/evidence-archives/{taken.json()['id']}"
    got = client.get(archive, headers=headers).json()
    assert (got["state"], got["lines"][0]["result"], got["counts"]["taken"]) == ("applied", "已收", 1)
    assert client.get(f"{archive}/answer", headers=headers)["Content-Type"].endswith("sheet")

    page = client.get(f"{root}/evidence?size=1", headers=headers).json()
    assert [one["number"] for one in page["items"]] == [1]
    more = client.get(f"{root}/evidence", {"size": 1, "cursor": page["next"]}, headers=headers).json()
    assert [one["number"] for one in more["items"]] == [2]
    body = json.dumps({"reason": "拍的是邻户"})
    gone = client.post(f"{one}/withdraw", body, content_type="application/json", headers=headers)
    assert gone.json()["withdrawn_reason"] == "拍的是邻户"
    assert len(client.get(f"{root}/evidence?state=withdrawn", headers=headers).json()["items"]) == 1

    other = {"Authorization": office.elsewhere.token()}
    for address in (one, f"{one}/file", archive, f"{archive}/answer", f"{root}/evidence"):
        assert client.get(address, headers=other).status_code == 404, address


def test_the_papers_of_the_survey_as_a_whole_are_attached_to_its_case(office, batch):
    case = surveys.reviewed(batch, office)
    shown = office.reviewer.client().get(f"/cases/{case.pk}/").content.decode()
    for title in ("权籍调查技术报告", "检查验收报告", "指界通知书和签章的调查表"):
        assert title in shown
