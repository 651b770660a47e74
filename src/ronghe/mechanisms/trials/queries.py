"""Reads of trials: the list, one with its rows, and the reasons of one row, derived again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from ronghe.kernel.actors import Actor
from ronghe.policy.rulebook import Given, Rule, all_rules
from ronghe.policy.ruling import Ruling
from ronghe.policy.values import Kind, space

from . import archive
from .errors import RowNotFound, TrialNotFound
from .evaluation import Outcome, outcome
from .models import TableChunk, Trial, TrialRow
from .running import givens, has_runner
from .titles import shown_value


def trials(*, actor: Actor, text: str = "", zone: str = "", rule: str = "", state: str = "") -> QuerySet[Trial]:
    """The trials of one's division and below, newest first."""
    rows = Trial.objects.visible_to(actor).select_related("zone", "table", "actor_user").defer("given_a", "given_b")
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(subject__icontains=text) | Q(table__file_name__icontains=text))
    for name, value in (("zone", zone), ("rule", rule), ("state", state)):
        if value:
            rows = rows.filter(**{name: value})
    return rows


def trial(trial_id: int, *, actor: Actor) -> Trial:
    """One trial. Raises: TrialNotFound."""
    rows = Trial.objects.visible_to(actor).select_related("zone", "table", "actor_user")
    found = rows.filter(pk=trial_id).first()
    if found is None:
        raise TrialNotFound(trial_id=trial_id)
    return found


def rows(
    of: Trial, *, actor: Actor, text: str = "", verdict_a: str = "", verdict_b: str = "", change: str = ""
) -> QuerySet[TrialRow]:
    """The results of a trial, narrowed."""
    found = TrialRow.objects.visible_to(actor).filter(trial=of)
    if text:
        found = found.filter(name__icontains=text)
    for name, value in (("verdict_a", verdict_a), ("verdict_b", verdict_b), ("change", change)):
        if value:
            found = found.filter(**{name: value})
    return found


@dataclass(frozen=True, slots=True)
class Reasons:
    """One row with its facts, and the rulings under both sets, derived again from what was archived.

    ``ruling_a`` is None when the rule is gone or has changed so that it cannot be asked; ``is_unchanged`` is False when it
    gives another outcome today than the trial kept.
    """

    row: TrialRow
    facts: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    given_a: Given
    given_b: Given | None
    ruling_a: Ruling[Any] | None = None
    ruling_b: Ruling[Any] | None = None
    is_unchanged: bool = False


def reasons(of: Trial, line: int, *, actor: Actor) -> Reasons:
    """Why a row came out as it did. Raises: RowNotFound."""
    row = rows(of, actor=actor).filter(line=line).first()
    chunk = TableChunk.objects.filter(table=of.table_id, first_line__lte=line).order_by("-first_line").first()
    if row is None or chunk is None:
        raise RowNotFound(trial_id=of.pk, line=line)
    archived = next(one for one in archive.unpacked(bytes(chunk.content)) if one.line == line)
    rule = all_rules().get(of.rule)
    a, b = givens(of)
    told = Reasons(
        row,
        tuple(_facts_shown(rule, dict(zip(of.table.columns, archived.facts, strict=True)))),
        tuple(zip(of.table.notes, archived.notes, strict=True)),
        a,
        b,
    )
    if rule is None or not can_be_asked(of, rule):
        return told
    facts = archive.facts_reader(rule, of.table.columns)(archived.facts)
    ruling_a = rule.function(facts, a)
    ruling_b = None if b is None else rule.function(facts, b)
    same = _same(outcome(ruling_a), row.verdict_a, row.value_a)
    same = same and (ruling_b is None or _same(outcome(ruling_b), row.verdict_b, row.value_b))
    return Reasons(row, told.facts, told.notes, a, b, ruling_a, ruling_b, same)


def can_be_asked(of: Trial, rule: Rule) -> bool:
    """Whether the rule still takes the facts and the parameters that the trial has."""
    has = {one["id"] for one in of.given_a}
    return has >= set(rule.parameters) and {one.name for one in rule.facts} >= set(of.table.columns)


def _same(found: Outcome, verdict: str, value: str) -> bool:
    return (found.verdict, found.value) == (verdict, value)


def _facts_shown(rule: Rule | None, facts: Mapping[str, archive.Written]) -> list[tuple[str, str]]:
    """The facts of a row by their meanings, as pages show them."""
    known = {one.name: one for one in rule.facts} if rule else {}
    shown = []
    for name, value in facts.items():
        fact = known.get(name)
        text = "、".join(value) if isinstance(value, list) else value or ""
        if text and fact and not isinstance(value, list):
            is_number = fact.kind in (Kind.NUMBER, Kind.INTEGER)
            text = shown_value(text, is_number=is_number) + space(fact.unit)
        shown.append((fact.meaning if fact else name, text or "不知道"))
    return shown


def as_json(of: Trial) -> dict[str, Any]:
    """A trial as the API and the command line give it."""
    told = of.summary or {}
    groups = told.get("groups", [])
    return {
        "id": of.pk,
        "rule": of.rule,
        "title": of.title,
        "zone": of.zone_id,
        "date": of.on.isoformat(),
        "subject": of.subject,
        "state": of.state,
        "rows": of.row_count,
        "done": of.done_count,
        "failure": of.failure,
        "made_at": of.made_at.isoformat(),
        "table": {
            "file": of.table.file_name,
            "file_sha256": of.table.file_digest,
            "rows_sha256": of.table.rows_digest,
            "columns": of.table.columns,
            "demo": of.table.is_demo,
        },
        "parameters_a": of.given_a,
        "parameters_b": of.given_b,
        "changed": of.changed,
        "outcomes": [
            {"a": group[0], "b": group[1] or None, "change": group[2] or None, "rows": group[3]} for group in groups
        ],
        "figures": told.get("figures", {}),
        "distribution": told.get("bars"),
    }


def row_as_json(row: TrialRow) -> dict[str, Any]:
    """A row of results as the API gives it."""
    return {
        "line": row.line,
        "name": row.name,
        "a": {"verdict": row.verdict_a, "value": row.value_a or None},
        "b": {"verdict": row.verdict_b, "value": row.value_b or None} if row.verdict_b else None,
        "change": row.change or None,
    }


def left_behind() -> list[int]:
    """Trials that run without a runner, for the worker: its predecessor is gone."""
    running = Trial.objects.filter(state=Trial.State.RUNNING).values_list("pk", flat=True)
    return [trial_id for trial_id in running if not has_runner(trial_id)]
