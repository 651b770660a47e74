"""What the database itself refuses of the ledger, attacked without the services."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from ronghe.governance import services
from ronghe.governance.models import Assignment, Extension, ProgressReport, Sheet, Task, TaskMove
from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.clock import legal_day
from tests.people import person

from . import ledgers
from .ledgers import DUE, JINAN, after

pytestmark = [pytest.mark.constraints, pytest.mark.django_db, pytest.mark.usefixtures("packs")]


def refused(name: str):
    return pytest.raises(IntegrityError, match=name)


@pytest.fixture
def work(settings, tmp_path):
    """A task at work with one report, and who reported it."""
    settings.MEDIA_ROOT = tmp_path
    jinan = ledgers.kept(person(Role.ZONE_OFFICE, JINAN), person(Role.LEADER, JINAN))
    task, lead = ledgers.signed(jinan)
    given = {"on": legal_day(after(9)), "percent": 30, "text": "印发方案", "actor": lead, "at": after(9)}
    services.report_progress(task_id=task.pk, **given)
    task.refresh_from_db()
    return jinan, task, lead


def test_a_task_begins_listed_and_moves_with_its_history_alone(work):
    _, task, _ = work
    with refused("a task begins listed"), transaction.atomic():
        Task.objects.create(
            zone=task.zone, division=task.division, order=9_999, title="x", room="GOV", state="working",
            issued_on=DUE,
        )  # fmt: skip
    with refused("moves with its history alone"), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(state="applied")
    with refused("moves with its history alone"), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(state="closed", moves=task.moves + 1, closed_on=DUE)


def test_history_follows_the_state_is_allowed_and_moves_the_task(work):
    _, task, _ = work
    given = {"task": task, "role": "system", "at": after(10)}
    with refused("does not follow"), transaction.atomic():
        TaskMove.objects.create(number=task.moves + 1, from_state="listed", to_state="issued", **given)
    with refused("task_move_is_allowed"), transaction.atomic():
        TaskMove.objects.create(number=task.moves + 1, from_state="working", to_state="closed", **given)
    with refused("has not moved task"), transaction.atomic(), connection.cursor() as cursor:
        TaskMove.objects.create(number=task.moves + 1, from_state="working", to_state="applied", **given)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_deadline_moves_by_an_extension_that_was_asked_for_in_time(work):
    _, task, _ = work
    with refused("moves by an extension alone"), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(due=DUE + timedelta(days=30))
    case = services.ask_extension(
        task_id=task.pk, until=DUE + timedelta(days=30), reason="流标", actor=work[2], at=after(20)
    )
    given = {"task": task, "case": case, "before": DUE, "at": after(21)}
    with refused("extension_asked_in_time"), transaction.atomic():
        Extension.objects.create(after=DUE + timedelta(days=9), asked_on=DUE + timedelta(days=1), **given)
    with refused("extension_leads_on"), transaction.atomic():
        Extension.objects.create(after=DUE, asked_on=DUE, **given)


def test_what_was_done_is_neither_changed_nor_removed(work):
    _, task, _ = work
    for rows in (task.history.all(), task.reports.all()):
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            rows.delete()
    for rows, change in ((task.history.all(), {"reason": "x"}), (task.reports.all(), {"percent": 90})):
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            rows.update(**change)
    with refused("was at work"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM governance_task WHERE id = %s", [task.pk])


def test_progress_is_a_share_and_says_something(work):
    _, task, lead = work
    given = {"task": task, "unit_id": lead.org_unit_id, "on": DUE, "at": after(9)}
    with refused("progress_percent_is_one"), transaction.atomic():
        ProgressReport.objects.create(percent=101, total=1, text="x", **given)
    with refused("progress_says_something"), transaction.atomic():
        ProgressReport.objects.create(percent=1, total=1, text="", **given)
    with refused("assignment_once"), transaction.atomic():
        Assignment.objects.create(task=task, unit_id=lead.org_unit_id, duty="lead", order=99, written="x")


def test_one_matter_has_one_sheet_and_a_sheet_stays(work):
    jinan, task, lead = work
    made = services.issue_sheet(
        task_id=task.pk, unit_id=lead.org_unit_id, rank=1, matter="滞后", demand="赶上", actor=jinan.office.actor,
        at=after(30),
    )  # fmt: skip
    with refused("sheet_one_matter_one_sheet"), transaction.atomic():
        Sheet.objects.create(
            task=task, unit_id=lead.org_unit_id, rank=2, colour="黄", matter="x", demand="x", reply_by=DUE,
            issued_at=after(30),
        )  # fmt: skip
    with refused(f"sheet {made.pk} stays"), transaction.atomic():
        Sheet.objects.filter(pk=made.pk).update(demand="别的要求")
    with refused("sheet_answered_has_its_answer"), transaction.atomic():
        Sheet.objects.filter(pk=made.pk).update(state="answered")
