"""Two people at one task at the same moment."""

import pytest

from ronghe.governance import services
from ronghe.governance.models import Sheet, Task, TaskMove
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.clock import legal_day
from ronghe.kernel.errors import DomainError
from ronghe.site.testing import in_parallel
from tests.people import person

from . import ledgers
from .ledgers import DUE, JINAN, after, of_unit


@pytest.fixture
def jinan(fresh_packs, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return ledgers.kept(person(Role.ZONE_OFFICE, JINAN), person(Role.LEADER, JINAN))


def said(call):
    try:
        return call()
    except DomainError as error:
        return error.code


def test_two_who_hand_out_the_same_tasks_hand_each_out_once(jinan):
    """Seen to fail (a move twice, refused by the database) without the lock on the tasks."""
    tasks = list(Task.objects.filter(zone=jinan.zone).order_by("pk").values_list("pk", flat=True)[:9])
    office = [jinan.office.actor, person(Role.ZONE_OFFICE, JINAN).actor]
    services.set_due(zone=jinan.zone, task_ids=tasks, due=DUE, actor=office[0], at=after(0))
    calls = [
        lambda by=by: services.issue_tasks(zone=jinan.zone, task_ids=tasks, actor=by, at=after(0)) for by in office
    ]
    assert sorted(in_parallel(*calls), key=str) == [0, 9]
    assert TaskMove.objects.filter(task__in=tasks, to_state="issued").count() == 9


def test_of_two_sheets_to_one_unit_one_is_issued(jinan):
    """Held by a constraint, whose name the service turns into the refusal; the lock on the task lets the second wait for it."""
    task, lead = ledgers.signed(jinan)
    given = {"task_id": task.pk, "unit_id": lead.org_unit_id, "rank": 1, "matter": "滞后", "demand": "赶上"}

    def issue():
        return said(lambda: services.issue_sheet(actor=jinan.office.actor, at=after(50), **given).colour)

    assert sorted(in_parallel(issue, issue)) == ["governance.sheet_running", "蓝"]
    assert Sheet.objects.count() == 1


def test_colleagues_who_report_at_once_all_stand_and_the_last_one_counts(jinan):
    """Seen to fail (a move that does not follow the state) without the lock on the task."""
    task, lead = ledgers.signed(jinan)
    colleagues = [lead, *(of_unit(lead.org_unit_id).actor for _ in range(5))]

    def report(by, percent):
        given = {"on": legal_day(after(20)), "text": "印发", "trouble": "对数", "actor": by, "at": after(20)}
        return services.report_progress(task_id=task.pk, percent=percent, **given).pk

    calls = [lambda by=by, n=n: report(by, 10 * n) for n, by in enumerate(colleagues)]
    reports = in_parallel(*calls)
    assert len(set(reports)) == len(colleagues)
    assert all(isinstance(one, int) for one in reports), reports
    task.refresh_from_db()
    last = task.reports.order_by("-pk")[0]
    assert task.percent == last.total
    assert task.units.get(unit=lead.org_unit_id, duty="lead").percent == last.percent
