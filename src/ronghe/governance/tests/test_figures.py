"""Figures: what is frozen is what the record says, whatever happens afterwards; the parts add up to the whole."""

import json
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.governance.rules import figures, reporting
from ronghe.governance.rules.figures import Chased, Extended, Head, History, LightLimits, Moved, Refused, Reported
from ronghe.governance.rules.ledger import EDGES, Light, State

FIRST, LAST = date(2026, 7, 1), date(2026, 9, 30)
LIMITS = LightLimits(7, Fraction(1, 5))
DAYS = st.integers(0, 300).map(lambda n: date(2026, 3, 1) + timedelta(days=n))
HEADS = [
    Head(1, "三(一)1", "编制规划", ("三", "三、任务"), ("1", "人口"), date(2026, 6, 30), ((1, "市发展改革委"),), order=1),
    Head(2, "三(一)2", "出台办法", ("三", "三、任务"), ("2", "土地"), date(2026, 12, 31), ((1, "市发展改革委"), (2, "市财政局")), order=2),
    Head(3, "四(一)", "试点", ("四", "四、保障"), ("2", "土地"), None, (), order=3),
    Head(4, "", "议定", ("", "会议议定和其他"), ("", "未归领域"), date(2026, 9, 1), ((2, "市财政局"),), is_made=True, order=4),
]  # fmt: skip


def told(history: History, heads=HEADS, first=FIRST, last=LAST):
    return figures.told(heads, history, first=first, last=last, limits=LIMITS)


@st.composite
def histories(draw) -> History:
    """Whatever may happen to these tasks: each walks along the edges that the database allows."""
    moves, reports = [], []
    for head in HEADS:
        state, days = State.LISTED, sorted(draw(st.lists(DAYS, max_size=8)))
        for day in days:
            ends = EDGES.get(state, ())
            if not ends:
                break
            state = draw(st.sampled_from(ends))
            moves.append(Moved(head.id, state, day))
        for day in sorted(draw(st.lists(DAYS, max_size=4))):
            total, help_ = draw(st.integers(0, 100)), draw(st.booleans())
            reports.append(Reported(head.id, total, help_, "缺指标" if help_ else "", day))
    tasks = st.integers(1, 4)
    extensions = st.builds(Extended, tasks, DAYS, DAYS)
    sheets = st.builds(
        Chased, tasks, st.just("市财政局"), st.sampled_from("蓝黄红"), DAYS, DAYS, st.none() | DAYS, st.none() | DAYS
    )
    return History(
        moves, reports, draw(st.lists(extensions, max_size=4)), draw(st.lists(st.builds(Refused, tasks, DAYS), max_size=3)),
        draw(st.lists(sheets, max_size=4)),
    )  # fmt: skip


def until(history: History, day: date) -> History:
    return History(*([one for one in getattr(history, name) if one.on <= day] for name in History.__slots__))


@given(histories())
@settings(max_examples=60)
def test_what_happens_after_the_last_day_changes_nothing(history):
    frozen = told(until(history, LAST))
    assert told(history) == frozen
    stored = json.loads(json.dumps(frozen))  # as the database gives it back
    assert stored == frozen
    assert figures.digest_of(stored) == figures.digest_of(frozen)
    assert figures.differences(stored, history) == []


@given(histories())
@settings(max_examples=60)
def test_the_parts_add_up_to_the_total(history):
    made = told(history)
    sums = made["sums"]
    assert sums["total"] == len(made["tasks"])
    for key in ("states", "lights"):
        assert sum(sums[key].values()) == sums["total"]
    for key in ("chapters", "topics"):
        assert sum(group["total"] for group in sums[key]) == sums["total"]
    for group in [*sums["chapters"], *sums["topics"], *sums["units"]]:
        parts = ("closed", "open", "overdue", "listed", "stopped")
        assert sum(group[part] for part in parts) == group["total"]
        assert min(group[part] for part in parts) >= 0
    assert sums["stuck"] == sum(bool(task["stuck"]) for task in made["tasks"])


@given(histories())
@settings(max_examples=60)
def test_a_drafted_report_holds_no_number_that_the_figures_do_not(history):
    made = told(history)
    sections = reporting.drafted(made, zone="济南试验区", label="2026年第三季度")
    assert [one.key for one in sections] == ["overall", "chapters", "problems", "next"]
    assert all(one.text for one in sections)
    total = f"列入台账的任务共 {made['sums']['total']} 项"
    assert total in sections[0].text


def test_a_task_that_was_divided_or_decided_later_was_not_there():
    later = History([Moved(4, State.ISSUED, LAST + timedelta(days=1))])
    assert [task["id"] for task in told(later)["tasks"]] == [1, 2, 3]
    assert [task["id"] for task in told(History([Moved(4, State.ISSUED, LAST)]))["tasks"]] == [1, 2, 3, 4]


def test_state_light_and_deadline_are_those_of_the_last_day():
    history = History(
        moves=[
            *(Moved(1, to, date(2026, 3, 2)) for to in (State.ISSUED, State.SIGNED)),
            Moved(1, State.WORKING, date(2026, 4, 1)),
            *(Moved(2, to, date(2026, 7, 2)) for to in (State.ISSUED, State.SIGNED, State.WORKING, State.APPLIED)),
            Moved(2, State.VERIFIED, date(2026, 9, 30)), Moved(2, State.CLOSED, date(2026, 10, 1)),
        ],
        reports=[Reported(1, 40, True, "缺指标", date(2026, 8, 1)), Reported(1, 90, False, "", date(2026, 10, 3))],
        extensions=[Extended(1, date(2026, 8, 31), date(2026, 6, 20)), Extended(1, date(2026, 12, 1), date(2026, 10, 1))],
        sheets=[Chased(1, "市发展改革委", "红", date(2026, 9, 8), date(2026, 9, 1), answered_on=date(2026, 10, 9))],
    )  # fmt: skip
    one, two, *_ = told(history)["tasks"]
    assert (one["state"], one["percent"], one["due"], one["light"], one["late_days"]) == (
        "working", 40, "2026-08-31", Light.OVERDUE, 30,
    )  # fmt: skip
    assert [kind for kind, _ in one["stuck"]] == ["overdue", "unanswered", "help"]
    assert (two["state"], two["light"], two["closed_on"]) == ("verified", "normal", None)
    period = told(history)["sums"]["period"]
    assert (period["issued"], period["closed"], period["extended"], period["reports"], period["sheets"]) == (
        1,
        0,
        0,
        1,
        1,
    )
    assert period["colours"] == {"红": 1}


def test_a_difference_names_the_task_and_both_values():
    frozen = json.loads(json.dumps(told(History([Moved(1, State.ISSUED, FIRST)]))))
    frozen["tasks"][0]["percent"] = 50
    found = figures.differences(frozen, History([Moved(1, State.ISSUED, FIRST), Moved(9, State.ISSUED, FIRST)]))
    assert [(one.what, one.frozen, one.recorded) for one in found] == [
        ("三(一)1 编制规划：进度", "50", "0"),
        ("编号 9 的任务", "没有", "期末以前已有流转记录"),
    ]


class TestPeriods:
    @pytest.mark.parametrize(
        ("key", "label", "first", "last"),
        [
            ("2026-Q3", "2026年第三季度", date(2026, 7, 1), date(2026, 9, 30)),
            ("2024-02", "2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
            ("2026", "2026年", date(2026, 1, 1), date(2026, 12, 31)),
        ],
    )
    def test_a_period_is_read_from_how_it_is_written(self, key, label, first, last):
        assert reporting.period(key) == reporting.Period(key, label, first, last)

    @pytest.mark.parametrize("key", ["2026-Q5", "2026-13", "26", "", "2026-Q", "２０２６"])
    def test_anything_else_is_no_period(self, key):
        with pytest.raises(ValueError, match="not a period"):
            reporting.period(key)

    def test_only_periods_that_have_ended_since_the_work_began_are_offered(self):
        begun, today = date(2026, 5, 5), date(2026, 10, 1)
        found = reporting.ended_periods("quarter", begun=begun, today=today)
        assert [one.key for one in found] == ["2026-Q3", "2026-Q2"]
        assert reporting.ended_periods("month", begun=begun, today=today)[-1].key == "2026-05"
        assert reporting.ended_periods("year", begun=begun, today=today) == []
        assert reporting.ended_periods("year", begun=None, today=today) == []

    def test_shares_are_rounded_half_up_and_of_nothing_there_is_none(self):
        assert [reporting.percent(*of) for of in ((1, 3), (1, 2), (2, 3), (0, 5), (0, 0))] == [
            "33.3%", "50%", "66.7%", "0%", "—",
        ]  # fmt: skip
