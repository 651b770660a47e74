"""The pages of lists, and the same by the API."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.governance.models import Experience, UnitEntry
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests.factories import COUNTY, NOON
from ronghe.kernel.jobs.services import run_here
from ronghe.mechanisms.rosters import services
from ronghe.mechanisms.rosters.models import Import
from tests.people import person

from .factories import EXPERIENCES, GOOD, UNITS, book, experience, unit

BAD = [COUNTY, "县一局", "不知道", "县（区）", "", "", "", "", ""]


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def shown(answer) -> str:
    return answer.content.decode()


def uploaded(by, content: bytes) -> Import:
    answer = by.client().post("/rosters/units/imports/new", {"file": SimpleUploadedFile("单位.xlsx", content)})
    assert answer.status_code == 302, words(answer)
    found = Import.objects.order_by("-pk")[0]
    assert "核对" in words(by.client().get(f"/rosters/units/imports/{found.pk}/"))
    run_here(found.job_id)
    return found


def test_a_file_with_faults_is_explained_mended_and_imported(world):
    browser = world.office.client()
    found = uploaded(world.office, book([GOOD, BAD]))
    page = words(browser.get(f"/rosters/units/imports/{found.pk}/"))
    assert "有 1 行有错，整份文件都没有导入" in page
    assert "第 3 行“类别”：“不知道”不是可选项" in page
    assert browser.get(f"/rosters/units/imports/{found.pk}/annotated.xlsx").content.startswith(b"PK")
    mended = uploaded(world.office, book([GOOD, [COUNTY, "县一局", "部门单位", *BAD[3:]]]))
    assert "导入 2 条" in words(browser.get(f"/rosters/units/imports/{mended.pk}/"))
    browser.post(f"/rosters/units/imports/{mended.pk}/apply")
    mended.refresh_from_db()
    run_here(mended.job_id)
    assert "县财政局" in words(browser.get("/rosters/units/"))
    assert "13800000000" not in browser.get("/rosters/units/?export=xlsx").content.decode("latin-1")


def test_a_unit_is_added_checked_beside_its_field_changed_and_ended(world):
    browser = world.office.client()
    checked = browser.post("/rosters/units/check", {"field": "uscc", "uscc": "91350100M000100Y44"})
    assert "应为 3" in words(checked)
    refused = browser.post("/rosters/units/new", unit(name="", uscc="91350100M000100Y44"))
    assert refused.status_code == 400
    assert "末位校验不符" in words(refused)
    assert browser.post("/rosters/units/new", unit()).status_code == 302
    made = UnitEntry.objects.get()
    assert "138****0000" in words(browser.get(f"/rosters/units/{made.pk}/"))
    browser.post(f"/rosters/units/{made.pk}/edit", unit(contact="李某", phone="") | {"seen": 1})
    made.refresh_from_db()
    assert (made.contact, made.phone) == ("李某", "138****0000")
    stale = browser.post(f"/rosters/units/{made.pk}/edit", unit(contact="赵某") | {"seen": 1})
    assert "刚由" in words(stale)
    told = browser.post(f"/rosters/units/{made.pk}/unmask", {"field": "phone", "purpose": "通知会议"})
    assert "13800000000" in words(told)
    assert told["Cache-Control"] == "no-store"
    browser.post(f"/rosters/units/{made.pk}/end", {"seen": 2, "reason": "合并"})
    assert "已终止" in words(browser.get(f"/rosters/units/{made.pk}/"))


@pytest.mark.parametrize("tail", ["new", "template.xlsx", "imports/", "imports/new"])
def test_whoever_may_only_look_changes_nothing(world, tail):
    assert world.office.client().get(f"/rosters/units/{tail}").status_code == 200
    assert world.bureau.client().get(f"/rosters/units/{tail}").status_code == 403
    assert Client().get(f"/rosters/units/{tail}").status_code in (302, 404)


def test_an_office_elsewhere_finds_nothing(world):
    made = services.create_record(UNITS, given=unit(), actor=world.office.actor, at=NOON)
    found = uploaded(world.office, book([GOOD]))
    browser = world.elsewhere.client()
    assert browser.get(f"/rosters/units/{made.pk}/").status_code == 404
    assert browser.get(f"/rosters/units/imports/{found.pk}/").status_code == 404
    assert browser.post(f"/rosters/units/imports/{found.pk}/apply").status_code == 404
    assert "县财政局" not in words(browser.get("/rosters/units/"))


def test_an_experience_is_public_when_it_is_published(world):
    made = services.create_record(EXPERIENCES, given=experience(), actor=world.office.actor, at=NOON)
    address = f"/rosters/experiences/{made.pk}/"
    assert Client().get(address).status_code == 404
    assert address not in shown(Client().get("/search?q=三方共管"))
    assert address in shown(world.office.client().get("/search?q=三方共管"))
    own = world.office.client().post(f"{address}move", {"transition": "review", "seen": 1})
    assert own.status_code == 403
    assert "另一人" in words(own)
    world.office2.client().post(f"{address}move", {"transition": "review", "seen": 1})
    world.leader.client().post(f"{address}move", {"transition": "publish", "seen": 2})
    assert Experience.objects.get().state == "published"
    page = Client().get(address)
    assert page.status_code == 200
    assert "历史" not in words(page)
    assert "三方共管" in words(Client().get("/rosters/experiences/"))
    assert address in shown(Client().get("/search?q=三方共管"))
    assert "典型经验库" in words(Client().get("/rosters/"))


def test_the_map_counts_by_county(world):
    services.create_record(UNITS, given=unit(), actor=world.office.actor, at=NOON)
    assert "区划370322 1" in words(world.office.client().get("/rosters/units/map/"))
    assert "还没有单位" in words(world.elsewhere.client().get("/rosters/units/map/"))


class TestApi:
    def test_a_program_adds_changes_imports_and_reads_the_history(self, world):
        browser, header = Client(), {"authorization": world.office.token()}
        base = "/api/v1/rosters/units"
        described = browser.get(base, headers=header).json()
        assert [f["name"] for f in described["fields"]][:2] == ["division", "name"]
        made = browser.post(f"{base}/records", {"values": unit()}, "application/json", headers=header)
        assert (made.status_code, made.json()["values"]["phone"]) == (201, "138****0000")
        address = f"{base}/records/{made.json()['id']}"
        changed = browser.patch(address, {"values": {"contact": "李某"}, "seen": 1}, "application/json", headers=header)
        assert changed.json()["version"] == 2
        stale = browser.patch(address, {"values": {"contact": "x"}, "seen": 1}, "application/json", headers=header)
        assert (stale.status_code, stale.json()["code"]) == (409, "rosters.record_moved")
        assert len(browser.get(f"{address}/history", headers=header).json()["items"]) == 2
        file = SimpleUploadedFile("单位.xlsx", book([BAD]))
        taken = browser.post(f"{base}/imports", {"file": file}, headers=header)
        assert taken.status_code == 202
        run_here(taken.json()["job"])
        found = browser.get(f"{base}/imports/{taken.json()['id']}", headers=header).json()
        assert (found["state"], found["counts"]["bad"]) == ("faulty", 1)
        refused = browser.post(f"{base}/imports/{found['id']}/apply", headers=header)
        assert refused.status_code == 409
        other = {"authorization": person(Role.ZONE_OFFICE, "370306000000").token()}
        assert browser.get(address, headers=other).status_code == 404
        assert browser.get(f"{base}/imports/{found['id']}", headers=other).status_code == 404

    def test_a_stranger_reads_what_is_published_alone(self, world):
        assert Client().get("/api/v1/rosters/experiences/records").json() == {"items": [], "next": None}
        assert Client().get("/api/v1/rosters/units/records").status_code == 404
