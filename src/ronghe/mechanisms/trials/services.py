"""Commands on trials: make one from a table, start it, cancel it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ronghe.kernel.actors import Actor
from ronghe.kernel.audit.services import record
from ronghe.policy import queries as policy
from ronghe.policy.models import Zone
from ronghe.policy.rulebook import Rule

from . import archive, demo
from .changes import changed
from .errors import TrialAlreadyOver, TrialNotFound
from .models import FactTable, TableChunk, Trial
from .summary import summarised
from .table import ReadTable

Changes = Mapping[str, Sequence[str]]


@transaction.atomic
def make_trial(
    *,
    rule: Rule,
    zone: Zone,
    on: date,
    table: ReadTable | FactTable,
    changes: Changes | None = None,
    subject: str = "",
    actor: Actor,
    at: datetime,
) -> Trial:
    """Archive what a trial needs: the table (unless one that is kept already is tried again), and both sets of parameters.

    Nothing is stored when anything does not fit. Locks: none.
    Raises: ValueMissing, ChangeUnknown, ChangeInvalid, TableOutdated.
    """
    [given] = policy.given_for(rule, [zone], on=on)
    second = changed(rule, given, changes or {})
    archive.facts_reader(rule, table.columns)
    kept = table if isinstance(table, FactTable) else _kept(table, rule=rule, at=at)
    return Trial.objects.create(
        zone=zone,
        rule=rule.code,
        title=rule.title,
        on=on,
        subject=subject.strip()[:120],
        table=kept,
        given_a=[policy.snapshot(value) for value in given.values()],
        given_b=[policy.snapshot(value) for value in second.values()] if second else None,
        changed=[name for name in given if second[name] != given[name]] if second else [],
        row_count=kept.row_count,
        actor_user_id=actor.user_id,
        made_at=at,
    )


@transaction.atomic
def make_and_start_trial(*, actor: Actor, at: datetime, **told: Any) -> Trial:
    """:func:`make_trial` and :func:`start_trial` in one act: no table stays behind that nobody tries."""
    made = make_trial(actor=actor, at=at, **told)
    return start_trial(trial_id=made.pk, actor=actor, at=at)


def _kept(table: ReadTable, *, rule: Rule, at: datetime) -> FactTable:
    made = FactTable.objects.create(
        rule=rule.code,
        file_name=table.file_name,
        file_digest=table.file_digest,
        rows_digest=table.rows_digest,
        columns=list(table.columns),
        notes=list(table.notes),
        row_count=table.row_count,
        is_demo=table.file_digest == demo.digest(rule),
        loaded_at=at,
    )
    TableChunk.objects.bulk_create(
        (
            TableChunk(table=made, first_line=chunk.first_line, row_count=chunk.count, content=chunk.content)
            for chunk in table.chunks
        ),
        batch_size=200,
    )
    return made


@transaction.atomic
def start_trial(*, trial_id: int, actor: Actor, at: datetime) -> Trial:
    """Queue a trial for the worker. A repeat queues nothing more. Locks: Trial. Raises: TrialNotFound, TrialAlreadyOver."""
    from . import tasks

    trial = _locked(trial_id)
    if trial.is_over:
        raise TrialAlreadyOver(trial_id=trial_id, state=trial.get_state_display())
    if trial.state != Trial.State.DRAFT:
        return trial
    trial.state = Trial.State.QUEUED
    trial.save(update_fields=["state"])
    # The job is a row of the same transaction: it is there exactly when the trial is queued.
    tasks.run.defer(trial_id=trial.pk)
    _record_started(trial, actor=actor, at=at)
    return trial


@transaction.atomic
def start_here(*, trial_id: int, actor: Actor, at: datetime) -> Trial:
    """Record that whoever calls runs the trial in the foreground, without the queue. Raises: TrialNotFound."""
    trial = _locked(trial_id)
    _record_started(trial, actor=actor, at=at)
    return trial


def _record_started(trial: Trial, *, actor: Actor, at: datetime) -> None:
    record(
        verb="trials.trial.started",
        subject=trial,
        actor=actor,
        at=at,
        division=trial.zone.seat_id,
        facts={
            "rule": trial.rule,
            "on": trial.on,
            "rows": trial.row_count,
            "table": trial.table.rows_digest,
            "changed": list(trial.changed),
        },
    )


@transaction.atomic
def cancel_trial(*, trial_id: int, actor: Actor, at: datetime) -> Trial:
    """Stop a trial: what was computed stays and is summarised. A repeat changes nothing.

    The worker finds the trial cancelled when it wants to keep its next rows, and keeps none of them. Locks: Trial.
    Raises: TrialNotFound, TrialAlreadyOver.
    """
    trial = _locked(trial_id)
    if trial.state == Trial.State.CANCELLED:
        return trial
    if trial.is_over:
        raise TrialAlreadyOver(trial_id=trial_id, state=trial.get_state_display())
    trial.state = Trial.State.CANCELLED
    trial.ended_at = at
    trial.summary = summarised(trial)
    trial.save(update_fields=["state", "ended_at", "summary"])
    record(
        verb="trials.trial.cancelled",
        subject=trial,
        actor=actor,
        at=at,
        division=trial.zone.seat_id,
        facts={"done": trial.done_count, "rows": trial.row_count},
    )
    return trial


def _locked(trial_id: int) -> Trial:
    found = Trial.objects.select_for_update(of=("self",)).select_related("zone", "table").filter(pk=trial_id).first()
    if found is None:
        raise TrialNotFound(trial_id=trial_id)
    return found
