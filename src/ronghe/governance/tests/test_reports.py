"""Reports: figures frozen from the record, drafted, edited by one, approved by another, archived as a paper."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from ronghe.governance import services
from ronghe.governance.errors import (
    PeriodNotOver,
    PeriodUnknown,
    ReportChanged,
    SamePersonApproves,
    WorkReportIncomplete,
    WorkReportNotInState,
)
from ronghe.governance.models import Figures, Task
from ronghe.governance.queries import reports as queries
from ronghe.governance.queries.ledger import LedgerFilter, ledger, limits_for
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import Forbidden
from ronghe.kernel.papers.services import copy_of, facts_of, revoke_paper
from ronghe.mechanisms.casework import services as casework
from tests.people import person

from . import ledgers
from .ledgers import DUE, JINAN, PDF, after, of_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]

FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)
#: The day after the second quarter of 2026: 122 days after the tasks were handed out.
OVER = after(122)


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def jinan():
    found = ledgers.kept(person(Role.ZONE_OFFICE, JINAN), person(Role.LEADER, JINAN))
    worked(found)
    return found


def worked(jinan):
    """The task of the ledger at work: reported twice, chased, extended by thirty days, one part of it handed out."""
    task, lead = ledgers.signed(jinan)
    given = {"task_id": task.pk, "actor": lead}
    services.report_progress(on=legal_day(after(40)), percent=30, text="起草", at=after(40), **given)
    services.add_part(title="试点", unit_ids=[jinan.of("cooperating")[0]], due=DUE, at=after(41), **given)
    services.issue_sheet(task_id=task.pk, unit_id=lead.org_unit_id, rank=1, matter="滞后", demand="赶上", actor=jinan.office.actor, at=after(60))  # fmt: skip
    case = services.ask_extension(until=DUE + timedelta(days=10), reason="招标", at=after(80), **given)
    casework.act(case_id=case.pk, action="grant", seen=None, actor=jinan.leader.actor, at=after(81))
    return task, lead


def close(jinan, at):
    """The task, done, applied for, verified and closed."""
    task = jinan.task
    for unit in jinan.of("lead"):
        actor = of_unit(unit).actor
        services.report_progress(task_id=task.pk, on=legal_day(after(at)), percent=100, text="完成", actor=actor, at=after(at))  # fmt: skip
    part = Task.objects.get(parent=task)
    services.stop_task(task_id=part.pk, reason="并入", actor=jinan.office.actor, at=after(at))
    case = services.apply_to_close(task_id=task.pk, statement="完成", evidence=[("a.pdf", PDF)], actor=actor, at=after(at))  # fmt: skip
    for action, actor in (("verify_on_site", jinan.office.actor), ("close", jinan.leader.actor)):
        casework.act(case_id=case.pk, action=action, seen=None, reason="现场看过", actor=actor, at=after(at))


def frozen(jinan, at=OVER) -> Figures:
    return services.freeze(zone=jinan.zone, first=FIRST, last=LAST, actor=jinan.office.actor, at=at)


def written(jinan, at=OVER):
    return services.write_report(zone=jinan.zone, kind="quarterly", period="2026-Q2", actor=jinan.office.actor, at=at)


class TestFigures:
    def test_a_period_that_is_not_over_is_not_frozen(self, jinan):
        with pytest.raises(PeriodNotOver, match="请在 2026-07-01 以后"):
            frozen(jinan, at=after(120))
        actor = person(Role.ZONE_OFFICE, "370200000000").actor
        with pytest.raises(Forbidden):
            services.freeze(zone=jinan.zone, first=FIRST, last=LAST, actor=actor, at=OVER)

    def test_what_is_frozen_is_what_the_record_says_years_later(self, jinan):
        made = frozen(jinan)
        period = made.told["sums"]["period"]
        assert [period[key] for key in ("issued", "reports", "extended", "sheets")] == [1, 1, 1, 1]
        assert frozen(jinan) == made  # a repeat freezes nothing more
        close(jinan, at=130)
        jinan.task.refresh_from_db()
        assert jinan.task.state == "closed"
        assert queries.verify_figures(Figures.objects.get(pk=made.pk)).is_same
        assert frozen(jinan, at=after(140)) == made

    def test_figures_that_were_made_up_are_found_out(self, jinan):
        told = frozen(jinan).told
        told["tasks"][0]["percent"] = 77
        forged = Figures.objects.create(
            zone=jinan.zone, first=FIRST, last=LAST, told=told, digest="0" * 64, made_at=OVER
        )
        found = queries.verify_figures(Figures.objects.get(pk=forged.pk))
        assert not found.is_same
        assert not found.is_whole
        assert "77" in [one.frozen for one in found.differences]

    def test_the_day_itself_is_what_the_ledger_shows(self, jinan):
        day, zone = legal_day(after(121)), jinan.zone
        told = queries.told(zone, first=FIRST, last=day)
        rows = ledger(zone, actor=jinan.office.actor, wanted=LedgerFilter(), day=day, limits=limits_for(zone, on=day))
        live = {
            t.pk: (t.state, t.percent, t.due and t.due.isoformat(), t.light, t.issued_on and t.issued_on.isoformat())
            for t in rows
        }
        again = {t["id"]: (t["state"], t["percent"], t["due"], t["light"], t["issued_on"]) for t in told["tasks"]}
        assert again == live

    def test_the_number_of_queries_does_not_grow(self, jinan):
        def asked() -> int:
            with CaptureQueriesContext(connection) as found:
                queries.told(jinan.zone, first=FIRST, last=LAST)
            return len(found)

        few = asked()
        Task.objects.filter(zone=jinan.zone, state="listed").update(due=DUE, first_due=DUE, due_is_set=True)
        services.issue_tasks(zone=jinan.zone, task_ids=None, actor=jinan.office.actor, at=after(3))
        assert asked() == few


class TestReport:
    def test_from_the_draft_to_the_archive_by_two_people(self, jinan):
        report, office, leader = written(jinan), jinan.office.actor, jinan.leader.actor
        assert written(jinan) == report  # what is in hand is given again
        words = {one["key"]: one["text"] for one in services.newest(report).sections}
        assert "截至2026年6月30日，列入台账的任务共" in words["overall"]
        assert "收到进展上报 1 次" in words["overall"]
        given = {"report_id": report.pk, "actor": office}
        made = services.save_version(seen=1, texts={"next": "一是抓紧。\n\n 二是督办。"}, at=OVER, **given)
        assert (made.number, made.sections[3]["text"]) == (2, "一是抓紧。\n二是督办。")
        assert services.save_version(seen=2, texts={"next": "一是抓紧。\n二是督办。"}, at=OVER, **given) == made
        with pytest.raises(ReportChanged, match="已有第 2 稿"):
            services.save_version(seen=1, texts={"next": "别的"}, at=OVER, **given)
        with pytest.raises(WorkReportIncomplete, match="下一步工作"):
            services.save_version(seen=2, texts={"next": " "}, at=OVER, **given)
        with pytest.raises(WorkReportNotInState, match="先送审"):
            services.approve_report(report_id=report.pk, actor=leader, at=OVER)
        services.submit_report(at=OVER, **given)
        with pytest.raises(WorkReportNotInState):
            services.save_version(seen=2, texts={"next": "x"}, at=OVER, **given)
        with pytest.raises(SamePersonApproves):
            services.approve_report(at=OVER, **given)
        services.return_report(report_id=report.pk, reason="补充数据来源", actor=leader, at=OVER)
        services.submit_report(at=OVER, **given)
        done = services.approve_report(report_id=report.pk, actor=leader, at=OVER)
        assert services.approve_report(report_id=report.pk, actor=leader, at=OVER).paper_id == done.paper_id
        assert (done.state, done.returned_for, done.paper.title) == ("archived", "", "工作报告")
        assert facts_of(done.paper)["digest"] == done.figures.digest
        assert copy_of(done.paper, "docx").startswith(b"PK")
        with pytest.raises(WorkReportNotInState, match="作废原文书"):
            written(jinan)
        revoke_paper(paper_id=done.paper_id, reason="数字有误", actor=leader, at=OVER)
        assert written(jinan).pk != done.pk

    def test_who_handed_another_s_draft_in_does_not_approve_it_either(self, jinan):
        report, second = written(jinan), person(Role.ZONE_OFFICE, JINAN).actor
        services.submit_report(report_id=report.pk, actor=second, at=OVER)
        with pytest.raises(SamePersonApproves):
            services.approve_report(report_id=report.pk, actor=second, at=OVER)

    @pytest.mark.parametrize(("kind", "period"), [("quarterly", "2026-05"), ("bulletin", "2026-Q1"), ("yearly", "x")])
    def test_each_kind_has_its_length_of_period(self, jinan, kind, period):
        with pytest.raises(PeriodUnknown):
            services.write_report(zone=jinan.zone, kind=kind, period=period, actor=jinan.office.actor, at=OVER)


class TestPages:
    """The clock of the pages is the real one: the report is made at an instant of the tests, and then looked at."""

    def test_a_report_is_read_edited_checked_and_approved_on_its_pages(self, jinan):
        report = written(jinan)
        office, leader = jinan.office.client(), jinan.leader.client()
        address = f"/office/reports/{report.pk}/"
        page = office.get(address).content.decode()
        assert "送审" in page
        assert "审定并印发" not in page
        assert "核对一致" in office.get(f"{address}check").content.decode()
        tasks = office.get(f"{address}tasks/?state=listed").content.decode()
        assert "待交办" in tasks
        assert "办理中" not in tasks.partition("<tbody")[2]
        assert office.get(f"{address}draft.pdf").content.startswith(b"%PDF")
        assert office.get(f"{address}draft.docx").content.startswith(b"PK")
        assert office.get(f"{address}draft.exe").status_code == 404
        book = load_workbook(io.BytesIO(office.get(f"{address}figures.xlsx").content))
        assert book.sheetnames == ["数据", "章", "试验任务领域", "牵头、责任单位", "任务（2026-06-30）"]
        texts = {one["key"]: one["text"] for one in services.newest(report).sections}
        assert office.post(f"{address}edit", {**texts, "overall": "甲", "seen": "1"}).status_code == 302
        late = office.post(f"{address}edit", {**texts, "overall": "乙", "seen": "1"})
        assert late.status_code == 409
        assert "乙" in late.content.decode()
        assert 'name="seen" value="2"' in late.content.decode()
        assert office.post(f"{address}submit").status_code == 302
        own = office.post(f"{address}decide", {"act": "approve"})
        assert own.status_code == 403
        assert "另一人审定" in own.content.decode()
        assert leader.post(f"{address}decide", {"act": "return", "reason": ""}).status_code == 422
        assert leader.post(f"{address}decide", {"act": "approve"}).status_code == 302
        report.refresh_from_db()
        assert report.state == "archived"
        assert report.title in office.get("/office/reports/").content.decode()

    def test_only_periods_that_have_ended_are_offered(self, jinan):
        office = jinan.office.client()
        page = office.get("/office/reports/new").content.decode()
        assert "quarterly 2026-Q2" in page
        made = office.post("/office/reports/new", {"zone": "jinan", "choice": "quarterly 2026-Q2"})
        assert made.status_code == 302
        assert office.post("/office/reports/new", {"zone": "jinan", "choice": "bulletin 2199-01"}).status_code == 422
        assert office.post("/office/reports/new", {"choice": "x"}).status_code == 422

    def test_other_offices_and_other_posts_are_kept_out(self, jinan):
        report = written(jinan)
        address = f"/office/reports/{report.pk}/"
        elsewhere = person(Role.ZONE_OFFICE, "370200000000").client()
        department = person(Role.DEPARTMENT, JINAN).client()
        for tail in ("", "edit", "check", "tasks/", "draft.pdf", "figures.xlsx"):
            assert elsewhere.get(address + tail).status_code == 404
        assert department.get(address).status_code == 200
        assert department.get(f"{address}edit").status_code == 403
        assert department.post(f"{address}submit").status_code == 403

    def test_a_page_costs_the_same_whatever_the_ledger_holds(self, jinan):
        report, browser = written(jinan), jinan.office.client()
        browser.get("/help/")
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(f"/office/reports/{report.pk}/").status_code == 200
        assert len(asked) <= 22, "\n".join(q["sql"][:160] for q in asked.captured_queries)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get("/office/reports/").status_code == 200
        assert len(asked) <= 14
