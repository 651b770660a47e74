"""What the database itself refuses, whoever asks."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from ronghe.mechanisms.trials.models import FactTable, TableChunk, Trial, TrialRow

from .factories import NOON, ran, trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs"), pytest.mark.constraints]


def refused(name: str, made: Trial, **changes: object) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Trial.objects.filter(pk=made.pk).update(**changes)
    assert error.value.__cause__.diag.constraint_name == name


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("trial_state_goes_one_way", {"state": "done"}),
        ("trial_progress_within_rows", {"done_count": 6}),
        ("trial_over_has_its_end", {"state": "cancelled"}),
        ("trial_inputs_are_fixed", {"on": "2026-01-01"}),
        ("trial_inputs_are_fixed", {"given_b": []}),
        ("trial_inputs_are_fixed", {"rule": "other"}),
        ("trial_failed_says_why", {"failure": "why"}),
    ],
)
def test_a_waiting_trial(name, changes):
    refused(name, trial(), **changes)


def test_a_running_trial_does_not_go_back():
    made = trial()
    Trial.objects.filter(pk=made.pk).update(state="running", done_count=3)
    refused("trial_progress_only_grows", made, done_count=2)
    refused("trial_state_goes_one_way", made, state="queued")
    refused("trial_done_has_every_row", made, state="done", ended_at=NOON)
    refused("trial_failed_says_why", made, state="failed", ended_at=NOON)


def test_a_finished_trial_changes_no_more():
    made = ran()
    refused("trial_state_goes_one_way", made, state="running", ended_at=None)
    refused("trial_state_goes_one_way", made, summary={})


def test_a_second_set_comes_with_its_changes():
    made = trial()
    with pytest.raises(IntegrityError, match="trial_second_set_has_changes"), transaction.atomic():
        Trial.objects.create(
            zone=made.zone, rule="x", title="x", on=made.on, table=made.table, given_a=[], given_b=[], row_count=5,
            made_at=NOON,
        )  # fmt: skip


def test_a_line_has_one_result():
    made = ran()
    with pytest.raises(IntegrityError, match="trial_row_once"), transaction.atomic():
        TrialRow.objects.create(trial=made, line=2, verdict_a="passed")
    with pytest.raises(IntegrityError, match="trial_row_change_has_two_sides"), transaction.atomic():
        TrialRow.objects.create(trial=made, line=99, verdict_a="passed", verdict_b="passed")


@pytest.mark.parametrize("model", [FactTable, TableChunk, TrialRow, Trial])
def test_what_was_archived_stays(model):
    ran()
    for statement in (f"DELETE FROM {model._meta.db_table}", f"TRUNCATE {model._meta.db_table} CASCADE"):
        refusal = pytest.raises(DatabaseError, match=r"只可追加|permission denied")
        with refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
