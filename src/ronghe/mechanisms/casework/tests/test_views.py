"""The pages of cases as people meet them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ronghe.kernel.jobs.models import Job
from ronghe.kernel.jobs.services import run_here
from ronghe.mechanisms.casework.models import Case, Objection

from .factories import PDF, PROCEDURE, act, at_notice, attached, case


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_clerk_finds_the_work_opens_it_attaches_and_decides(world):
    made = case(world)
    browser = world.window.client()
    assert "张家宅基地登记" in browser.get("/cases/").content.decode()
    page = browser.get(f"/cases/{made.pk}/")
    assert "现在要做：核对材料" in text_of(page)
    assert 'class="flow"' in page.content.decode()
    refused = browser.post(f"/cases/{made.pk}/act", {"action": "accept", "seen": "0", "reason": "想说的话"})
    assert refused.status_code == 422
    assert "还缺材料：权属来源证明" in text_of(refused)
    assert "想说的话" in refused.content.decode()
    upload = SimpleUploadedFile("证明.pdf", PDF, "application/pdf")
    assert browser.post(f"/cases/{made.pk}/materials", {"key": "source", "file": upload}).status_code == 302
    material = made.materials.get()
    given = browser.get(f"/cases/{made.pk}/materials/{material.pk}/")
    assert given.content == PDF
    assert given["Content-Disposition"].startswith("inline")
    assert browser.post(f"/cases/{made.pk}/act", {"action": "accept", "seen": "0"}).status_code == 302
    assert "由部门经办、试验区专班办理" in text_of(browser.get(f"/cases/{made.pk}/"))
    assert "已办" in text_of(browser.get("/cases/?tab=done"))
    stale = browser.post(f"/cases/{made.pk}/act", {"action": "accept", "seen": "0"})
    assert stale.status_code == 409
    assert "刚由" in text_of(stale)


def test_a_file_that_lies_is_told_on_the_page_of_the_case(world):
    made = case(world)
    upload = SimpleUploadedFile("证明.pdf", b"MZ\x90", "application/pdf")
    answer = world.window.client().post(f"/cases/{made.pk}/materials", {"key": "source", "file": upload})
    assert answer.status_code == 422
    assert "内容却是可执行程序或脚本" in text_of(answer)
    assert "是空的" in text_of(world.window.client().post(f"/cases/{made.pk}/materials", {"key": "source"}))


@pytest.mark.parametrize("address", ["", "act", "claim", "hand-over", "archive", "materials"])
def test_whoever_does_not_reach_the_division_finds_nothing(world, address):
    made = case(world)
    browser = world.elsewhere.client()
    answer = browser.post(f"/cases/{made.pk}/{address}", {}) if address else browser.get(f"/cases/{made.pk}/")
    assert answer.status_code == 404
    assert "张家" not in browser.get("/cases/all/").content.decode()


def test_a_case_is_taken_and_handed_over(world):
    made = case(world)
    browser = world.window.client()
    browser.post(f"/cases/{made.pk}/claim")
    answer = browser.post(f"/cases/{made.pk}/hand-over", {"to": world.window2.user.pk, "reason": "休假"}, follow=True)
    assert "已移交" in text_of(answer)
    assert Case.objects.get(pk=made.pk).holder == world.window2.user


def test_anybody_reads_a_notice_and_objects_and_the_staff_answers(world):
    made = at_notice(world)
    notice = made.notices.get()
    # the notice of the factory lies around 2026-11-22: read it on its own days
    type(notice).objects.filter(pk=notice.pk).update(last_day="2027-03-01")
    public = Client()
    assert notice.title in public.get("/cases/notices/").content.decode()
    given = public.post(f"/cases/notices/{notice.pk}/", {"name": "王某", "contact": "13800000000", "text": "有争议"})
    assert given.status_code == 302
    page = world.bureau.client().get(f"/cases/{made.pk}/")
    assert "13800000000" in page.content.decode()
    assert "13800000000" not in world.window.client().get(f"/cases/{made.pk}/").content.decode()
    one = Objection.objects.get()
    world.bureau.client().post(f"/cases/objections/{one.pk}/answer", {"upheld": "no", "answer": "已核实"})
    assert Case.objects.get(pk=made.pk).state == "open"


def test_a_closed_case_is_filed_and_its_package_given_out(world):
    made = case(world)
    act(made, "refuse", world.window, reason="不属本镇")
    browser = world.window.client()
    assert browser.get(f"/cases/{made.pk}/archive.zip").status_code == 404
    browser.post(f"/cases/{made.pk}/archive")
    assert run_here(Job.objects.get().pk).state == "done"
    assert browser.get(f"/cases/{made.pk}/archive.zip").content.startswith(b"PK")


def test_a_procedure_is_shown_with_its_picture_and_in_words(world):
    page = text_of(world.window.client().get(f"/cases/procedures/{PROCEDURE.key}/"))
    for word in ("受理", "5 个工作日", "权属来源证明", "公示 15 个工作日"):
        assert word in page
    assert PROCEDURE.title in text_of(world.window.client().get("/cases/procedures/"))


def test_a_case_is_opened_by_the_form_only_where_one_reaches(world):
    browser = world.window.client()
    address = f"/cases/procedures/{PROCEDURE.key}/new"
    assert browser.post(address, {}).status_code == 400
    assert browser.post(address, {"title": "李家", "division": "370306000000"}).status_code == 400
    made = browser.post(address, {"title": "李家", "division": "370322001000"})
    assert made.status_code == 302
    assert Case.objects.get().title == "李家"


def test_the_workbench_costs_the_same_however_many_cases_there_are(world):
    browser = world.window.client()
    browser.get("/cases/")
    numbers = []
    for _ in range(2):
        for _ in range(3):
            attached(case(world), world.window)
        with CaptureQueriesContext(connection) as asked:
            browser.get("/cases/")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] <= 14


class TestApi:
    def test_a_program_takes_a_case_its_way(self, world):
        browser, header = Client(), {"authorization": world.window.token()}
        opened = browser.post(
            "/api/v1/cases",
            {"procedure": PROCEDURE.key, "title": "张家", "division": "370322001000"},
            "application/json",
            headers=header,
        )
        assert opened.status_code == 201
        number = opened.json()["id"]
        assert [a["key"] for a in opened.json()["allowed"]] == ["accept", "give_back", "refuse", "withdraw"]
        upload = SimpleUploadedFile("证明.pdf", PDF, "application/pdf")
        given = browser.post(f"/api/v1/cases/{number}/materials", {"key": "source", "file": upload}, headers=header)
        assert given.status_code == 201
        body = {"action": "accept", "seen": 0}
        moved = browser.post(f"/api/v1/cases/{number}/act", body, "application/json", headers=header)
        assert (moved.status_code, moved.json()["step"]) == (200, "review")
        stale = browser.post(f"/api/v1/cases/{number}/act", body, "application/json", headers=header)
        assert (stale.status_code, stale.json()["code"]) == (409, "casework.case_moved")
        other = {"authorization": world.elsewhere.token()}
        assert browser.get(f"/api/v1/cases/{number}", headers=other).status_code == 404
        assert browser.get("/api/v1/cases?tab=done", headers=header).json()["items"][0]["id"] == number

    def test_a_program_takes_a_file_back_answers_an_objection_and_takes_the_package(self, world):
        browser, window = Client(), {"authorization": world.window.token()}
        found = case(world)
        upload = SimpleUploadedFile("证明.pdf", PDF, "application/pdf")
        address = f"/api/v1/cases/{found.pk}/materials"
        given = browser.post(address, {"key": "source", "file": upload}, headers=window).json()["id"]
        removed = browser.post(f"{address}/{given}/remove", headers=window)
        assert removed.json()["removed_at"] is not None
        assert browser.post(f"/api/v1/cases/{found.pk}/archive", headers=window).status_code == 409
        assert browser.get(f"/api/v1/cases/{found.pk}/archive", headers=window).status_code == 404

        told = at_notice(world)
        notice = told.notices.get()
        body = {"name": "李四", "contact": "13800000000", "text": "面积不对"}
        made = browser.post(f"/api/v1/notices/{notice.pk}/objections", body, "application/json")
        assert made.status_code == 201
        office = {"authorization": world.bureau.token()}
        listed = browser.get(f"/api/v1/cases/{told.pk}", headers=office).json()["objections"]
        assert [one["text"] for one in listed] == ["面积不对"]
        answer = {"upheld": False, "answer": "已复核，面积无误"}
        address = f"/api/v1/objections/{made.json()['id']}/answer"
        other = {"authorization": world.elsewhere.token()}
        assert browser.post(address, answer, "application/json", headers=other).status_code == 404
        done = browser.post(address, answer, "application/json", headers=office)
        assert (done.status_code, done.json()["state"]) == (200, "dismissed"), done.content.decode()

    def test_a_stranger_reads_notices_and_nothing_else(self, world):
        at_notice(world)
        assert len(Client().get("/api/v1/notices").json()["items"]) == 1
        assert Client().get("/api/v1/cases").status_code == 401
