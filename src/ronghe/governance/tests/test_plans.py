"""From a file to a zone through the pages, by two people; and the same by the API."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.governance.models import Task
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.jobs.services import run_here
from ronghe.mechanisms.casework.models import Case
from ronghe.policy.models import OrderedTask, PlanDraft, Zone
from ronghe.policy.services import drafts
from ronghe.policy.tests.test_drafts import settled
from tests.people import person
from tests.plans import ZHANGQIU, ZHANGQIU_REVISED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]
JINAN = "370100000000"


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office():
    return person(Role.ZONE_OFFICE, JINAN)


@pytest.fixture
def leader():
    return person(Role.LEADER, JINAN)


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def uploaded(by, text: str = ZHANGQIU) -> PlanDraft:
    file = SimpleUploadedFile("章丘方案.txt", text.encode(), "text/plain")
    answer = by.client().post("/office/plans/new", {"file": file})
    assert answer.status_code == 302, words(answer)
    draft = PlanDraft.objects.order_by("-pk")[0]
    assert "阅读方案" in words(by.client().get(f"/office/plans/{draft.pk}/"))
    run_here(draft.job_id)
    draft.refresh_from_db()
    return draft


def test_a_plan_is_taken_in_checked_by_one_and_confirmed_by_another(office, leader):
    draft = uploaded(office)
    browser = office.client()
    page = browser.get(f"/office/plans/{draft.pk}/").content.decode()
    assert 'class="m-annotation"' in page
    assert 'id="p-t0"' in page
    assert 'href="#k-t0"' in page
    case = Case.objects.get()
    refused = browser.post(f"/cases/{case.pk}/act", {"action": "submit", "seen": case.moves})
    assert refused.status_code == 409
    assert "还没有对应的单位" in words(refused)
    changed = browser.post(
        f"/office/plans/{draft.pk}/tasks/t0/change", {"lead": "区自然资源局、区财政局", "room": "EXC"}
    )
    assert changed.status_code == 302
    browser.post(f"/office/plans/{draft.pk}/names/", {"all": "1"})
    settled(draft, office.actor)
    assert "已经齐备" in words(browser.get(f"/office/plans/{draft.pk}/"))
    case.refresh_from_db()
    browser.post(f"/cases/{case.pk}/act", {"action": "submit", "seen": case.moves})
    case.refresh_from_db()
    own = browser.post(f"/cases/{case.pk}/act", {"action": "confirm", "seen": case.moves})
    assert own.status_code == 403
    assert "另一人" in words(own)
    late = browser.post(f"/office/plans/{draft.pk}/tasks/t0/change", {"title": "改"})
    assert late.status_code == 409
    done = leader.client().post(f"/cases/{case.pk}/act", {"action": "confirm", "seen": case.moves})
    assert done.status_code == 302, words(done)
    case.refresh_from_db()
    assert case.state == "done"
    assert [u.unit.name for u in OrderedTask.objects.filter(zone="zhangqiu").order_by("order")[0].units.filter(duty="lead")] == [
        "区自然资源局",
        "区财政局",
    ]  # fmt: skip
    # and its tasks stand in the ledger at once, each with the units that answer for it
    listed = Task.objects.filter(zone="zhangqiu", state="listed").exclude(units=None).distinct()
    assert listed.count() == OrderedTask.objects.filter(zone="zhangqiu").count() > 0
    assert office.client().get("/z/zhangqiu/tasks/").status_code == 200


def test_the_pages_of_a_plan_show_names_zone_and_changes(office):
    draft = uploaded(office)
    browser = office.client()
    assert "待对应" in words(browser.get(f"/office/plans/{draft.pk}/names/"))
    browser.post(f"/office/plans/{draft.pk}/names/", {"unit": "区财政局", "kind": "department", "level": "county"})
    browser.post(f"/office/plans/{draft.pk}/names/", {"area": "刁镇街道", "divisions": "章丘区", "part": "1"})
    answer = browser.post(
        f"/office/plans/{draft.pk}/zone/",
        {"zone-mode": "new", "zone-slug": "zq", "zone-title": "章丘试验区", "zone-short": "章丘",
         "zone-seat": "370114000000", "zone-divisions": "章丘区", "zone-parent": "", "zone-published": "1",
         "head-title": "方案", "head-source": "区政府网站"},
    )  # fmt: skip
    assert answer.status_code == 302
    here = drafts.current_of(PlanDraft.objects.get(pk=draft.pk))
    assert (here.zone.slug, here.zone.published, here.source) == ("zq", True, "区政府网站")
    assert here.areas["刁镇街道"].part
    listed = browser.get(f"/office/plans/{draft.pk}/changes/")
    assert "撤销这次改动" in words(listed)
    number = draft.changes.count()
    browser.post(f"/office/plans/{draft.pk}/changes/{number}/undo")
    assert "已撤销" in words(browser.get(f"/office/plans/{draft.pk}/changes/"))


def test_a_revision_is_shown_clause_by_clause(office, leader):
    first = settled(uploaded(office), office.actor)
    drafts.confirm_draft(draft_id=first.pk, actor=leader.actor, at=first.made_at)
    draft = uploaded(office, ZHANGQIU_REVISED)
    page = words(office.client().get(f"/office/plans/{draft.pk}/changes/"))
    assert "改号，待确认" in page
    assert "2028年年底 2029年年底" in page
    office.client().post(f"/office/plans/{draft.pk}/match", {"old": "二(一)2", "new": "二(一)3"})
    assert "改号，已确认" in words(office.client().get(f"/office/plans/{draft.pk}/changes/"))


def test_a_plan_that_cannot_be_read_ends_its_case_and_says_why(office):
    draft = uploaded(office, "\n \n")
    assert "没有任何文字" in words(office.client().get(f"/office/plans/{draft.pk}/"))
    assert Case.objects.get().state == "refused"


def test_a_file_that_lies_is_told_beside_its_field(office):
    file = SimpleUploadedFile("方案.docx", b"%PDF-1.7", "x")
    answer = office.client().post("/office/plans/new", {"file": file})
    assert answer.status_code == 400
    assert "内容却是PDF 文件" in words(answer)


@pytest.mark.parametrize("tail", ["", "names/", "zone/", "changes/", "tasks/t0/"])
def test_another_citys_office_and_other_posts_find_nothing(office, tail):
    draft = uploaded(office)
    address = f"/office/plans/{draft.pk}/{tail}"
    assert person(Role.ZONE_OFFICE, "370200000000").client().get(address).status_code == 404
    assert person(Role.DEPARTMENT, JINAN).client().get(address).status_code == 403
    assert office.client().get(address).status_code == 200


def test_whoever_gives_up_gives_the_draft_up_too(office):
    draft = uploaded(office)
    case = Case.objects.get()
    office.client().post(f"/cases/{case.pk}/act", {"action": "give_up", "seen": case.moves, "reason": "传错了"})
    draft.refresh_from_db()
    assert draft.state == "abandoned"
    assert not Zone.objects.filter(slug="zhangqiu").exists()


# -- two people, and only those whose turn it is -------------------------------------------------------------------


def moved(case: Case, by, action: str, **given):
    case.refresh_from_db()
    return by.client().post(f"/cases/{case.pk}/act", {"action": action, "seen": case.moves, **given})


def test_whoever_corrected_a_plan_does_not_confirm_it_though_another_submitted_it(office, leader):
    second = person(Role.ZONE_OFFICE, JINAN)
    draft = settled(uploaded(office), office.actor)
    case = Case.objects.get()
    assert moved(case, second, "submit").status_code == 302
    page = office.client().get(f"/office/plans/{draft.pk}/")
    assert "没有参与校核的另一人" in words(page)
    assert 'value="confirm"' not in page.content.decode()
    refused = moved(case, office, "confirm")
    assert refused.status_code == 403
    assert "没有参与校核的另一人" in words(refused)
    assert not Zone.objects.filter(slug="zhangqiu").exists()
    assert moved(case, leader, "confirm").status_code == 302
    assert Zone.objects.filter(slug="zhangqiu").exists()


def test_a_leader_who_only_confirms_corrects_nothing(office, leader):
    draft = uploaded(office)
    answer = leader.client().post(f"/office/plans/{draft.pk}/tasks/t0/change", {"title": "改"})
    assert answer.status_code == 403
    assert not draft.changes.exists()


def test_a_plan_that_one_holds_is_not_corrected_by_another(office):
    draft = uploaded(office)
    office.client().post(f"/cases/{Case.objects.get().pk}/claim")
    assert Case.objects.get().holder_id == office.user.pk
    answer = person(Role.ZONE_OFFICE, JINAN).client().post(f"/office/plans/{draft.pk}/tasks/t0/change", {"title": "改"})
    assert answer.status_code in (403, 409)
    assert not draft.changes.exists()


@pytest.mark.parametrize(
    ("tail", "given"),
    [
        ("names/", {"all": "1"}),
        ("zone/", {"zone-slug": "zq"}),
        ("settle", {"key": "all", "value": "x"}),
        ("match", {"all": "1"}),
        ("tasks/t0/change", {"title": "x"}),
        ("tasks/new", {"label": "一", "title": "x"}),
        ("changes/1/undo", {}),
    ],
)
def test_a_plan_that_is_still_read_is_not_corrected(office, tail, given):
    file = SimpleUploadedFile("章丘方案.txt", ZHANGQIU.encode(), "text/plain")
    office.client().post("/office/plans/new", {"file": file})
    draft = PlanDraft.objects.order_by("-pk")[0]
    assert office.client().post(f"/office/plans/{draft.pk}/{tail}", given).status_code == 409


def test_a_reading_that_was_cancelled_is_started_again_from_its_page(office):
    file = SimpleUploadedFile("章丘方案.txt", ZHANGQIU.encode(), "text/plain")
    browser = office.client()
    browser.post("/office/plans/new", {"file": file})
    draft = PlanDraft.objects.order_by("-pk")[0]
    browser.post(f"/jobs/{draft.job_id}/cancel")
    assert "重新阅读" in words(browser.get(f"/office/plans/{draft.pk}/"))
    browser.post(f"/office/plans/{draft.pk}/read")
    draft.refresh_from_db()
    run_here(draft.job_id)
    draft.refresh_from_db()
    assert (draft.state, Case.objects.get().step) == ("checking", "check")


def test_all_renumbered_clauses_are_confirmed_at_once(office, leader):
    first = settled(uploaded(office), office.actor)
    drafts.confirm_draft(draft_id=first.pk, actor=leader.actor, at=first.made_at)
    text = ZHANGQIU.replace("1.编制入市方案", "1.培育人才队伍。（牵头单位：区财政局）\n2.编制入市方案").replace(
        "2.健全", "3.健全"
    )
    draft = uploaded(office, text)
    address = f"/office/plans/{draft.pk}"
    assert "2 条改号的都是同一项" in words(office.client().get(f"{address}/changes/"))
    office.client().post(f"{address}/match", {"all": "1"})
    page = words(office.client().get(f"{address}/changes/"))
    assert "待确认" not in page
    assert page.count("改号，已确认") == 2


def test_a_program_gives_a_plan_corrects_it_and_sees_what_is_left(office, leader):
    browser, header = Client(), {"authorization": office.token()}
    file = SimpleUploadedFile("章丘方案.txt", ZHANGQIU.encode(), "text/plain")
    taken = browser.post("/api/v1/plan-drafts", {"file": file}, headers=header)
    assert taken.status_code == 202
    run_here(taken.json()["job"])
    address = f"/api/v1/plan-drafts/{taken.json()['id']}"
    told = browser.get(address, headers=header).json()
    assert [one["clause"] for one in told["tasks"]] == ["二(一)1", "二(一)2", "二(二)1", "二(二)2", "三(一)"]
    assert not all(one["ok"] for one in told["checks"])
    given = {"target": "task", "key": "t0", "field": "lead", "value": ["区自然资源局", "区财政局"]}
    changed = browser.post(f"{address}/corrections", given, "application/json", headers=header)
    assert changed.json()["tasks"][0]["lead"] == ["区自然资源局", "区财政局"]
    undone = browser.post(f"{address}/corrections/1/undo", headers=header)
    assert undone.json()["tasks"][0]["lead"] == ["区自然资源局"]
    assert len(browser.get(f"{address}/corrections", headers=header).json()["items"]) == 2
    wrong = browser.post(
        f"{address}/corrections", given | {"field": "topic", "value": "99"}, "application/json", headers=header
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "policy.draft_value_invalid")
    settled(PlanDraft.objects.get(), office.actor)
    case = f"/api/v1/cases/{told['case']}"
    for who, action in ((office, "submit"), (leader, "confirm")):
        own = {"authorization": who.token()}
        seen = browser.get(case, headers=own).json()["moves"]
        done = browser.post(f"{case}/act", {"action": action, "seen": seen}, "application/json", headers=own)
        assert done.status_code == 200, done.json()
    assert browser.get(address, headers=header).json()["zone"] == "zhangqiu"
    other = {"authorization": person(Role.ZONE_OFFICE, "370200000000").token()}
    assert browser.get(address, headers=other).status_code == 404
