"""The same journey by programs: a task from being handed out to closing, once returned, and an extension too late."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronghe.governance.models import Task
from ronghe.kernel import clock
from ronghe.kernel.accounts.roles import Role
from ronghe.mechanisms.casework.models import Case
from tests.people import person

from . import ledgers
from .ledgers import JINAN, PDF, of_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


class Program:
    """Somebody's program: JSON in, JSON out, the status asserted."""

    def __init__(self, who):
        self._headers = {"Authorization": who.token()}

    def get(self, address, **asked):
        answer = Client().get(f"/api/v1{address}", asked, headers=self._headers)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def post(self, address, given=None, *, status=200):
        answer = Client().post(f"/api/v1{address}", given or {}, "application/json", headers=self._headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def send(self, address, given, *, status=201):
        answer = Client().post(f"/api/v1{address}", given, headers=self._headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()


def file(name: str, content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def test_a_task_is_handed_out_signed_reported_returned_and_closed_by_programs():
    office, leader = person(Role.ZONE_OFFICE, JINAN), person(Role.LEADER, JINAN)
    second = person(Role.ZONE_OFFICE, JINAN)
    ledger = ledgers.kept(office, leader)
    task = ledger.task.pk
    units = [Program(of_unit(unit)) for unit in ledger.of("lead")]
    office_program = Program(office)
    today = clock.legal_day(clock.now())
    # handed out only with a deadline ahead
    problem = office_program.post("/zones/jinan/ledger/issue", {"tasks": [task]}, status=422)
    assert problem["code"] == "governance.task_incomplete"
    due = today + timedelta(days=90)
    assert office_program.post("/zones/jinan/ledger/due", {"tasks": [task], "due": due.isoformat()}) == {"count": 1}
    assert office_program.post("/zones/jinan/ledger/issue", {"tasks": [task]}) == {"count": 1}
    listed = units[0].get("/zones/jinan/ledger", state="issued")["items"]
    assert [one["id"] for one in listed] == [task]
    # signed and reported by all who lead it
    for unit in units:
        unit.post(f"/ledger-tasks/{task}/sign")
        told = {"on": today.isoformat(), "percent": 100, "text": "已印发", "files": file("办法.pdf")}
        unit.send(f"/ledger-tasks/{task}/reports", told)
    # closing: returned once, verified by another, closed by the leader
    case = units[0].send(f"/ledger-tasks/{task}/close", {"statement": "完成", "files": file("办法.pdf")})["case"]
    assert Case.objects.get(pk=case).step == "verify"

    def act(who, action, reason=""):
        seen = Case.objects.get(pk=case).moves
        return Program(who).post(f"/cases/{case}/act", {"action": action, "seen": seen, "reason": reason})

    act(office, "return", "缺少照片")
    assert units[0].get(f"/ledger-tasks/{task}")["state"] == "returned"
    units[0].send(f"/ledger-tasks/{task}/close", {"statement": "补了照片", "files": file("照片.pdf", PDF + b"\n")})
    act(second, "verify_by_paper", "材料齐全")
    act(leader, "close")
    found = units[0].get(f"/ledger-tasks/{task}")
    assert (found["state"], found["light"], found["cases"]) == ("closed", "none", [case])
    assert [move["to_state"] for move in found["history"]][:3] == ["closed", "verified", "applied"]
    assert office_program.get("/zones/jinan/cockpit")["states"]["closed"] == 1


def test_an_extension_that_is_asked_for_too_late_is_refused_by_name():
    ledger = ledgers.kept(person(Role.ZONE_OFFICE, JINAN), person(Role.LEADER, JINAN))
    task, _ = ledgers.signed(ledger)  # its last day lies in the past of the real clock
    unit = Program(of_unit(ledger.lead))
    given = {"until": "2030-12-31", "reason": "流标"}
    problem = unit.post(f"/ledger-tasks/{task.pk}/extensions", given, status=409)
    assert problem["code"] == "governance.extension_too_late"
    assert "按原期限考核" in problem["detail"]
    found = unit.get(f"/ledger-tasks/{task.pk}")
    assert (found["light"], found["cases"]) == ("overdue", [])
    assert "已过" in found["why"]
    assert Task.objects.get(pk=task.pk).due == ledgers.DUE
