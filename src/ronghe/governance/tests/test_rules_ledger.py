"""Lights, progress and escalation: the rules, and the database's own reading of the lights."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.governance.models import Task, TaskMove
from ronghe.governance.queries.ledger import facts_of, light_on
from ronghe.governance.rules.ledger import (
    ASKED,
    EDGES,
    LADDER,
    ORDERED,
    Light,
    LightFacts,
    Limits,
    State,
    UnitProgress,
    escalation,
    light,
    overall_percent,
    why_light,
)
from ronghe.policy.models import Zone
from ronghe.policy.rulebook import Given, InForce
from ronghe.policy.values import Kind

LIMITS = Limits(7, Fraction(1, 5), {Light.OVERDUE: "红"}, ("蓝", "黄", "红"), 5, False)
BEGIN, DUE = date(2026, 1, 1), date(2026, 4, 11)  # 100 days


def shown(day: date, percent: int = 0, state: State = State.WORKING, applied: date | None = None, due: date = DUE):
    facts = LightFacts(on=day, state=state.title, due=due, issued_on=BEGIN, percent=percent, applied_on=applied)
    return why_light(facts, near_days=LIMITS.near_days, behind_by=LIMITS.behind_by)[0]


def test_the_last_day_itself_is_not_overdue_and_the_next_is():
    assert shown(DUE, 90) is Light.NEAR
    assert shown(DUE + timedelta(days=1), 99) is Light.OVERDUE


def test_behind_begins_where_time_is_more_than_a_fifth_ahead_of_progress():
    assert shown(BEGIN + timedelta(days=50), 30) is Light.NORMAL  # 50 % − 30 % = 20 %, not more
    assert shown(BEGIN + timedelta(days=51), 30) is Light.BEHIND


def test_who_applied_in_time_waits_without_blame_and_who_applied_late_does_not():
    late = DUE + timedelta(days=20)
    assert shown(late, 100, State.APPLIED, applied=DUE) is Light.NORMAL
    assert shown(late, 100, State.APPLIED, applied=DUE + timedelta(days=1)) is Light.OVERDUE
    assert shown(late, 100, State.CLOSED) is Light.NONE


def values(**in_use: object) -> Given:
    kinds = {LADDER: Kind.LIST}
    working = {
        "governance.light.near_days": 7, "governance.light.behind_by": Fraction(1, 5), LADDER: ("蓝", "黄", "红"),
        "governance.escalation.reply_days": 5,
    }  # fmt: skip
    return Given(
        InForce(name, name, kinds.get(name, Kind.TEXT), value=in_use.get(name), idle=working.get(name, "红"))  # type: ignore[arg-type]
        for name in (*ASKED, *ORDERED)
    )


def test_a_working_value_lights_and_says_that_it_is_not_decided():
    facts = LightFacts(on=DUE + timedelta(days=3), state="办理中", due=DUE, issued_on=BEGIN, percent=10)
    ruling = light(facts, values())
    assert ruling.value == "已逾期"
    assert "已过 3 天，亮红灯（界限待地方确定）" in ruling.steps[0].finding
    decided = values(**{"governance.light.near_days": 7, "governance.light.behind_by": Fraction(1, 5)})
    assert "待地方确定" not in light(facts, decided).steps[0].finding


@pytest.mark.parametrize(
    ("lit", "running", "unanswered", "rank"),
    [("临近期限", None, None, 1), ("进度滞后", None, None, 2), ("已逾期", None, None, 3), ("正常", None, None, 0),
     ("临近期限", 1, False, 0), ("临近期限", 1, True, 2), ("进度滞后", 1, False, 2), ("已逾期", 3, True, 0)],
)  # fmt: skip
def test_an_unanswered_sheet_is_raised_and_one_matter_has_one_sheet(lit, running, unanswered, rank):
    from ronghe.governance.rules.ledger import EscalationFacts

    facts = EscalationFacts(light=lit, running_rank=running, is_unanswered=unanswered)
    assert escalation(facts, values()).value == rank


percents = st.none() | st.integers(0, 100)
duties = st.sampled_from(["lead", "responsible", "cooperating"])


@given(st.lists(st.builds(UnitProgress, duties, percents)))
def test_a_task_is_whole_only_when_each_that_answers_for_it_says_so(units):
    found = overall_percent(units)
    assert 0 <= found <= 100
    answering = next(
        (group for duty in ("lead", "responsible", "cooperating") if (group := [u for u in units if u.duty == duty])),
        [],
    )
    assert (found == 100) == (bool(answering) and all(unit.percent == 100 for unit in answering))


def test_every_state_but_the_end_leads_on_and_all_are_reached():
    assert set(EDGES) == set(State) - {State.CLOSED}
    assert {to for ends in EDGES.values() for to in ends} == set(State)


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.django_db
@pytest.mark.usefixtures("packs")
@settings(max_examples=60)
@given(
    state=st.sampled_from([State.ISSUED, State.WORKING, State.APPLIED, State.STOPPED]),
    issued=days,
    length=st.integers(0, 400),
    percent=st.integers(0, 100),
    applied=st.none() | days,
    on=days,
    near=st.integers(0, 60),
    behind=st.fractions(0, 1, max_denominator=20),
)
def test_the_database_lights_as_the_rule_does(state, issued, length, percent, applied, on, near, behind):
    limits = Limits(near, behind, {}, ("蓝",), 5, True)
    zone = Zone.objects.get(pk="jinan")
    task = Task.objects.create(
        zone=zone, division_id=zone.seat_id, order=Task.objects.count() + 100_000, title="任务", room="GOV",
        due=issued + timedelta(days=length),
    )  # fmt: skip
    path = {
        State.ISSUED: [State.ISSUED], State.STOPPED: [State.STOPPED],
        State.WORKING: [State.ISSUED, State.SIGNED, State.WORKING],
        State.APPLIED: [State.ISSUED, State.SIGNED, State.WORKING, State.APPLIED],
    }[state]  # fmt: skip
    for to in path:
        at = datetime(2025, 1, 1, tzinfo=UTC)
        TaskMove.objects.create(
            task=task, number=task.moves + 1, from_state=task.state, to_state=to.value, role="system", at=at
        )
        task.moves, task.state, task.issued_on = task.moves + 1, to.value, issued
        task.save()
    task.percent, task.applied_on = percent, applied
    task.save()
    found = Task.objects.annotate(light=light_on(on, limits)).get(pk=task.pk)
    wanted, _ = why_light(facts_of(task, day=on), near_days=near, behind_by=behind)
    assert found.light == wanted.value
