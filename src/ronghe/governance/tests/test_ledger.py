"""The ledger: a task from its clause to closing, with what must not happen on the way."""

from datetime import timedelta

import pytest

from ronghe.governance import services
from ronghe.governance.errors import (
    ExtensionNotLater,
    ExtensionTooLate,
    NotYetSigned,
    NotYourTask,
    PartsStillOpen,
    ProgressBackwards,
    ProgressNotWhole,
    ReportInFuture,
    SheetRunning,
    TaskIncomplete,
    TaskNotInState,
)
from ronghe.governance.models import Assignment, Extension, Sheet, Task
from ronghe.governance.queries.ledger import LedgerFilter, ledger, limits_for
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.clock import legal_day
from ronghe.kernel.inbox.models import Message
from ronghe.mechanisms.casework import services as casework
from ronghe.policy.models import OrderedTask
from tests.people import person

from . import ledgers
from .ledgers import DUE, GAOQING, JINAN, LICHENG, PDF, ZIBO, after, of_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def jinan():
    return ledgers.kept(person(Role.ZONE_OFFICE, JINAN), person(Role.LEADER, JINAN))


def report(task, actor, percent=100, day=30, **more):
    given = {"on": legal_day(after(day)), "text": "印发了管理办法", "actor": actor, "at": after(day)} | more
    return services.report_progress(task_id=task.pk, percent=percent, **given)


def done_by_all(jinan, task):
    """Everybody who answers for the task reports that it is done; the reports of the leads count."""
    for unit in jinan.of("lead"):
        report(task, of_unit(unit).actor)
    task.refresh_from_db()


def test_every_ordered_task_stands_in_the_ledger_once_and_groups_are_taken_apart(jinan):
    ordered = OrderedTask.objects.filter(zone="jinan")
    assert Task.objects.filter(zone="jinan").count() == ordered.count() > 40
    assert services.keep_ledger(zone=jinan.zone, at=after(0)) == 0  # a repeat changes nothing
    assert not Assignment.objects.filter(task__zone="jinan", unit__kind="group").exists()


def test_a_task_whose_deadline_has_passed_is_not_handed_out_until_the_office_sets_one(jinan):
    task, actor = jinan.task, jinan.office.actor
    with pytest.raises(TaskIncomplete, match="完成期限"):
        services.issue_tasks(zone=jinan.zone, task_ids=[task.pk], actor=actor, at=after(0))
    ledgers.issued(jinan)
    assert (task.state, task.due, task.first_due) == ("issued", DUE, DUE)
    assert services.issue_tasks(zone=jinan.zone, task_ids=[task.pk], actor=actor, at=after(1)) == 0
    services.keep_ledger(zone=jinan.zone, at=after(2))
    task.refresh_from_db()
    assert task.due == DUE  # what was handed out stays


def test_a_task_is_signed_for_when_all_who_lead_it_have_signed(jinan):
    task = ledgers.issued(jinan)
    *others, last = [of_unit(unit).actor for unit in jinan.of("lead")]
    for actor in others:
        assert services.sign_for(task_id=task.pk, actor=actor, at=after(1)).state == "issued"
    assert services.sign_for(task_id=task.pk, actor=last, at=after(1)).state == "signed"
    stranger = person(Role.DEPARTMENT, JINAN)
    with pytest.raises(NotYourTask):
        services.sign_for(task_id=task.pk, actor=stranger.actor, at=after(1))


def test_who_has_not_signed_does_not_report_and_nobody_reports_the_future(jinan):
    task, lead = ledgers.signed(jinan)
    helper = of_unit(jinan.of("cooperating")[0]).actor
    with pytest.raises(NotYetSigned):
        report(task, helper, 10)
    with pytest.raises(ReportInFuture):
        report(task, lead, 10, on=legal_day(after(31)))
    with pytest.raises(TaskIncomplete, match="进展"):
        report(task, lead, 10, text=" ")


def test_progress_goes_back_only_with_a_reason(jinan):
    task, lead = ledgers.signed(jinan)
    report(task, lead, 60, day=20)
    with pytest.raises(ProgressBackwards):
        report(task, lead, 40, day=21)
    report(task, lead, 40, day=21, trouble="审计发现两处不实")
    assert Assignment.objects.get(task=task, unit=lead.org_unit_id, duty="lead").percent == 40


def test_from_its_clause_to_closing_once_returned(jinan):
    task, lead = ledgers.signed(jinan)
    report(task, lead, 50, day=20, is_stage_result=True)
    task.refresh_from_db()
    assert task.state == "staged"
    with pytest.raises(ProgressNotWhole):
        services.apply_to_close(task_id=task.pk, statement="已完成", evidence=(), actor=lead, at=after(25))
    done_by_all(jinan, task)
    case = services.apply_to_close(
        task_id=task.pk, statement="办法已印发", evidence=[("办法.pdf", PDF)], actor=lead, at=after(40)
    )
    task.refresh_from_db()
    assert (task.state, case.step, task.applied_on) == ("applied", "verify", legal_day(after(40)))
    office, leader = jinan.office.actor, jinan.leader.actor

    def act(action, actor, day, reason=""):
        casework.act(case_id=case.pk, action=action, seen=None, reason=reason, actor=actor, at=after(day))
        task.refresh_from_db()

    act("return", office, 41, "缺少现场照片")
    assert (task.state, task.applied_on) == ("returned", None)
    report(task, lead, 100, day=42, text="补充了照片")
    services.apply_to_close(
        task_id=task.pk, statement="补充照片", evidence=[("照片.pdf", PDF + b"\n")], actor=lead, at=after(43)
    )
    act("verify_on_site", office, 44, "到现场看过")
    assert task.state == "verified"
    act("close", leader, 45)
    assert (task.state, task.closed_on) == ("closed", legal_day(after(45)))
    states = list(task.history.order_by("number").values_list("to_state", flat=True))
    assert states == [
        "issued", "signed", "staged", "applied", "returned", "working", "applied", "verified", "closed",
    ]  # fmt: skip
    with pytest.raises(TaskNotInState):
        report(task, lead, 100, day=46)


def test_a_responsible_unit_goes_by_its_lead_and_its_part_must_be_done_first(jinan):
    task, lead = ledgers.signed(jinan)
    part = services.add_part(
        task_id=task.pk, title="历城区先行试点", unit_ids=[jinan.of("cooperating")[0]], due=DUE, divisions=[LICHENG],
        actor=lead, at=after(5),
    )  # fmt: skip
    assert (part.state, part.parent_id) == ("issued", task.pk)
    done_by_all(jinan, task)
    with pytest.raises(PartsStillOpen):
        services.apply_to_close(task_id=task.pk, statement="完成", evidence=[("a.pdf", PDF)], actor=lead, at=after(35))
    services.stop_task(task_id=part.pk, reason="并入主任务", actor=jinan.office.actor, at=after(36))
    case = services.apply_to_close(
        task_id=task.pk, statement="完成", evidence=[("a.pdf", PDF)], actor=lead, at=after(37)
    )
    assert case.step == "verify"


def test_an_extension_is_asked_for_before_the_deadline_or_not_at_all(jinan):
    task, lead = ledgers.signed(jinan)
    with pytest.raises(ExtensionNotLater):
        services.ask_extension(task_id=task.pk, until=DUE, reason="招标流标", actor=lead, at=after(90))
    last_day = after(100)
    assert legal_day(last_day) == DUE
    case = services.ask_extension(
        task_id=task.pk, until=DUE + timedelta(days=60), reason="招标流标", actor=lead, at=last_day
    )
    casework.act(case_id=case.pk, action="grant", seen=None, actor=jinan.leader.actor, at=after(103))
    task.refresh_from_db()
    assert (task.due, task.first_due) == (DUE + timedelta(days=60), DUE)
    assert Extension.objects.get(task=task).asked_on == DUE
    with pytest.raises(ExtensionTooLate, match="按原期限考核"):
        services.ask_extension(
            task_id=task.pk, until=DUE + timedelta(days=200), reason="又流标", actor=lead, at=after(161)
        )


def test_one_matter_has_one_sheet_until_it_is_raised_answered_and_closed(jinan):
    task, lead = ledgers.signed(jinan)
    office = jinan.office.actor
    given = {
        "task_id": task.pk,
        "unit_id": lead.org_unit_id,
        "matter": "进度滞后",
        "demand": "两周内赶上",
        "actor": office,
    }
    first = services.issue_sheet(rank=1, at=after(50), **given)
    assert (first.colour, first.paper.title) == ("蓝", "督办单")
    assert Message.objects.filter(user=lead.user_id, href=f"/office/sheets/{first.pk}/").exists()
    with pytest.raises(SheetRunning):
        services.issue_sheet(rank=1, at=after(51), **given)
    second = services.issue_sheet(rank=3, at=after(60), **given)
    first.refresh_from_db()
    assert (first.state, second.follows_id, second.colour) == ("followed", first.pk, "红")
    services.answer_sheet(sheet_id=second.pk, answer="已加派人手", actor=lead, at=after(61))
    services.close_sheet(sheet_id=second.pk, outcome="进度已赶上", actor=office, at=after(62))
    assert Sheet.objects.get(pk=second.pk).state == "closed"


def test_units_are_reminded_once_per_light(jinan):
    _, lead = ledgers.signed(jinan)
    assert services.remind_tasks(at=after(2)) == 0
    assert services.remind_tasks(at=after(50)) == 1  # half of the time, nothing done: behind
    assert services.remind_tasks(at=after(51)) == 0
    assert services.remind_tasks(at=after(101)) == 1  # overdue
    assert Message.objects.filter(user=lead.user_id, title__startswith="已逾期").count() == 1


def test_a_county_sees_what_its_units_were_given_and_no_more():
    zibo = ledgers.kept(person(Role.ZONE_OFFICE, ZIBO), person(Role.LEADER, ZIBO), slug="zibo")
    mine = Assignment.objects.filter(unit__division=GAOQING, task__zone="zibo").order_by("task__order")
    county = of_unit(mine[0].unit_id, Role.ZONE_OFFICE, GAOQING)
    day = legal_day(after(3))

    def seen():
        limits = limits_for(zibo.zone, on=day)
        rows = ledger(zibo.zone, actor=county.actor, wanted=LedgerFilter(), day=day, limits=limits)
        return set(rows.values_list("pk", flat=True))

    assert seen() == set()  # nothing was handed out yet
    tasks = sorted(set(mine.values_list("task_id", flat=True)))
    services.set_due(zone=zibo.zone, task_ids=tasks, due=DUE, actor=zibo.office.actor, at=after(0))
    services.issue_tasks(zone=zibo.zone, task_ids=tasks, actor=zibo.office.actor, at=after(0))
    assert seen() == set(tasks)
