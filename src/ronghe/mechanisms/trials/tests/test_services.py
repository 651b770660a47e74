"""Trials over a real database: what is archived, what comes out, who may run, and what a repeat does."""

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.mechanisms.trials import archive, queries, running, services
from ronghe.mechanisms.trials.errors import ChangeInvalid, ChangeUnknown, RowNotFound, TrialAlreadyOver, TrialNotFound
from ronghe.mechanisms.trials.models import FactTable, Trial, TrialRow
from ronghe.policy import queries as policy
from ronghe.policy.ruling import Ruling

from .factories import AREA_MAX, DAY, FIVE, HEAD, NOON, ran, read, rule, trial

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("packs")]


def test_a_trial_says_who_gains_when_the_threshold_rises():
    made = ran()
    assert (made.state, made.done_count) == ("done", 5)
    assert list(TrialRow.objects.values_list("line", "name", "verdict_a", "verdict_b", "change")) == [
        (2, "甲", "passed", "passed", "same"),
        (3, "乙", "failed", "passed", "gained"),  # 5 < 7.5 ≤ 8
        (4, "丙", "failed", "failed", "same"),
        (5, "丁", "failed", "failed", "same"),
        (6, "戊", "undecidable", "undecidable", "same"),
    ]
    assert made.summary["groups"] == [
        ["failed", "failed", "same", 2],
        ["failed", "passed", "gained", 1],
        ["passed", "passed", "same", 1],
        ["undecidable", "undecidable", "same", 1],
    ]


def test_what_a_trial_used_is_archived():
    made = ran()
    assert made.given_a[0]["written"] == ["5"]
    assert made.given_b[0]["written"] == ["8"]
    assert made.changed == [AREA_MAX]
    kept = [archive.encoded(row) for chunk in made.table.chunks.all() for row in archive.unpacked(bytes(chunk.content))]
    import hashlib

    assert hashlib.sha256(b"".join(kept)).hexdigest() == made.table.rows_digest


def test_one_set_of_parameters_alone_compares_nothing():
    made = ran(area_max="")
    assert (made.given_b, made.changed) == (None, [])
    assert made.summary["groups"] == [["failed", "", "", 3], ["passed", "", "", 1], ["undecidable", "", "", 1]]


def test_a_value_as_it_is_in_force_changes_nothing():
    assert trial(area_max="5").given_b is None


def test_a_parameter_that_the_zone_left_open_may_be_tried():
    # 淄博 orders the limit and gives no number: under A nothing can be said of who is not scattered
    made = ran(zone="zibo", area_max="5")
    assert TrialRow.objects.values_list("name", "verdict_a", "verdict_b", "change")[0] == (
        "甲", "undecidable", "passed", "gained",
    )  # fmt: skip
    assert made.given_a[0]["status"] == "unset"


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({AREA_MAX: ["八"]}, ChangeInvalid, "不是整数或分数"),
        ({AREA_MAX: ["5", "8"]}, ChangeInvalid, "只能有一个值"),
        ({"entry.agreement.approval": ["省政府"]}, ChangeInvalid, "可选范围"),
        ({"levy.rate": ["1/2"]}, ChangeUnknown, "不用参数“levy.rate”"),
    ],
)
def test_a_change_that_does_not_fit_keeps_nothing(changes, error, told):
    zone = policy.zone("qingdao", actor=SYSTEM)
    with pytest.raises(error, match=told):
        services.make_trial(rule=rule(), zone=zone, on=DAY, table=read(FIVE), changes=changes, actor=SYSTEM, at=NOON)
    assert not FactTable.objects.exists()


def test_a_killed_workers_trial_goes_on_behind_its_last_row(monkeypatch):
    monkeypatch.setattr(archive, "CHUNK_ROWS", 2)
    monkeypatch.setattr(running, "SECONDS_BETWEEN", 0)
    made = trial()
    # given a worker that must go after its first rows
    assert running.run_trial(trial_id=made.pk, now=lambda: NOON, stop=lambda: True)
    made.refresh_from_db()
    assert (made.state, made.done_count) == ("running", 2)
    assert queries.left_behind() == [made.pk]
    # when the next one takes it up
    asked = []
    usual = running.evaluate

    def evaluate(of, rows, a, b):
        for row, found in usual(of, rows, a, b):
            asked.append(row.line)
            yield row, found

    monkeypatch.setattr(running, "evaluate", evaluate)
    assert running.run_trial(trial_id=made.pk, now=lambda: NOON)
    # then only the rest is computed, and every row is there once
    made.refresh_from_db()
    assert (made.state, asked) == ("done", [4, 5, 6])
    assert list(TrialRow.objects.values_list("line", flat=True)) == [2, 3, 4, 5, 6]
    assert not queries.left_behind()
    assert not running.run_trial(trial_id=made.pk, now=lambda: NOON)


def test_what_a_worker_left_behind_is_queued_once():
    from procrastinate.contrib.django.models import ProcrastinateJob

    from ronghe.mechanisms.trials import tasks

    made = trial()
    Trial.objects.filter(pk=made.pk).update(state="running", started_at=NOON)
    assert [tasks.take_up(0), tasks.take_up(60)] == [1, 1]
    assert ProcrastinateJob.objects.filter(task_name="trials.run").count() == 1


def test_a_row_that_breaks_the_rule_stops_the_trial_and_is_named(monkeypatch):
    found = rule()

    def broken(facts, given) -> Ruling:
        if facts.area_mu == 9:
            raise ValueError("no such parcel")
        return found.function(facts, given)

    from dataclasses import replace

    monkeypatch.setattr(running, "rule_named", lambda code: replace(found, function=broken))
    made = ran()
    assert (made.state, made.failure) == ("failed", "第 4 行：规则不能接受这一行的事实（no such parcel）")
    assert Event.objects.filter(verb="trials.trial.failed").exists()


def test_the_acts_of_a_trial_are_recorded():
    made = trial()
    services.start_trial(trial_id=made.pk, actor=SYSTEM, at=NOON)
    services.start_trial(trial_id=made.pk, actor=SYSTEM, at=NOON)
    running.run_trial(trial_id=made.pk, now=lambda: NOON)
    other = trial()
    services.cancel_trial(trial_id=other.pk, actor=SYSTEM, at=NOON)
    services.cancel_trial(trial_id=other.pk, actor=SYSTEM, at=NOON)
    told = Event.objects.filter(verb__startswith="trials.").order_by("pk")
    assert [(e.verb, e.subject_id) for e in told] == [
        ("trials.trial.started", str(made.pk)),
        ("trials.trial.finished", str(made.pk)),
        ("trials.trial.cancelled", str(other.pk)),
    ]
    assert told[0].facts["table"] == made.table.rows_digest
    assert {e.division for e in told} == {made.zone.seat_id}


def test_a_trial_that_is_over_is_neither_cancelled_nor_started():
    made = ran()
    with pytest.raises(TrialAlreadyOver, match="已完成"):
        services.cancel_trial(trial_id=made.pk, actor=SYSTEM, at=NOON)
    with pytest.raises(TrialAlreadyOver):
        services.start_trial(trial_id=made.pk, actor=SYSTEM, at=NOON)
    with pytest.raises(TrialNotFound):
        services.cancel_trial(trial_id=made.pk + 1, actor=SYSTEM, at=NOON)


def test_reasons_are_derived_again_and_agree_with_what_was_kept():
    made = ran()
    for row in TrialRow.objects.all():
        told = queries.reasons(made, row.line, actor=SYSTEM)
        assert told.is_unchanged
        assert told.ruling_a.verdict == row.verdict_a
    with pytest.raises(RowNotFound):
        queries.reasons(made, 7, actor=SYSTEM)
    with pytest.raises(RowNotFound):
        queries.reasons(made, 1, actor=SYSTEM)


def test_reasons_say_when_the_rule_is_not_what_it_was(monkeypatch):
    from dataclasses import replace

    made = ran()
    other = replace(rule(), function=lambda facts, given: Ruling(None, ()))
    monkeypatch.setattr(queries, "all_rules", lambda: {other.code: other})
    assert not queries.reasons(made, 3, actor=SYSTEM).is_unchanged
    monkeypatch.setattr(queries, "all_rules", dict)
    assert queries.reasons(made, 3, actor=SYSTEM).ruling_a is None


def test_a_rule_that_calculates_gets_a_distribution(monkeypatch):
    from dataclasses import replace
    from fractions import Fraction

    from ronghe.mechanisms.trials.shown import summary_of
    from ronghe.policy.ruling import calculated

    def fee(facts, given):
        return calculated((facts.area_mu or 0) * given.number(AREA_MAX) * Fraction(1, 3), ())

    made_of = replace(rule(), function=fee)
    monkeypatch.setattr(running, "rule_named", lambda code: made_of)
    made = ran(HEAD + "".join(f"{n},{n},是,是,是\n" for n in range(31)))
    assert made.state == "done", made.failure
    shown = summary_of(made)
    # area × 5/3 from 0 to 50, area × 8/3 from 0 to 80: bars of 10 from 0 to 80
    assert shown.figures == [("现行", "0", "25", "50"), ("试算", "0", "40", "80")]
    assert [pair.label for pair in shown.spread][:1] == ["0 至 10（不含）"]
    assert shown.spread[-1].label == "70 至 80"
    assert [sum(p.a for p in shown.spread), sum(p.b for p in shown.spread)] == [31, 31]
    assert shown.message == "30 行的结果增加，0 行减少，1 行不变"
