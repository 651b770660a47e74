"""阶段、期限、试点范围与改革风险: both sides of each day, and what no document says."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.governance.rules.pilot import AREAS, BEGINS, ENDS, GOAL, PilotFacts, pilot_scope
from ronghe.governance.rules.reform import METHOD, RATIO_BELOW, ConsistencyFacts, ahp_consistency
from ronghe.policy.packs import ZONES, read_pack
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import ALL_ZONES, ask, by_hand


@pytest.mark.parametrize(
    ("zone", "on", "goal"),
    [
        ("qingdao", date(2022, 12, 31), date(2022, 12, 31)),  # the day itself still counts
        ("qingdao", date(2023, 1, 1), date(2025, 12, 31)),
        ("minhou", date(2021, 7, 23), date(2025, 12, 31)),  # 闽侯 一 has one goal only
        ("gaoqing", date(2022, 6, 8), date(2022, 12, 31)),
        ("jinan", date(2025, 12, 31), date(2025, 12, 31)),
        ("zibo", date(2019, 12, 31), date(2022, 12, 31)),  # before the first stage
    ],
)
def test_the_milestone_that_holds_on_a_day(zone: str, on: date, goal: date) -> None:
    assert ask("governance.stage", zone, on=on).value == goal


def test_after_the_last_goal_the_finding_says_that_it_is_past() -> None:
    ruling = ask("governance.stage", "jinan", on=date(2026, 1, 1))
    assert ruling.value == date(2025, 12, 31)
    assert "已过" in ruling.steps[0].finding


def test_zibo_has_a_step_for_each_year_of_the_first_stage() -> None:
    # 淄博 一(三)
    steps = {
        year: ask("governance.stage", "zibo", on=date(year, 12, 31)).steps[1:] for year in (2020, 2021, 2022, 2023)
    }
    assert [len(found) for found in steps.values()] == [1, 1, 1, 0]
    assert "要素流通平台" in steps[2020][0].finding


def test_the_milestones_of_every_task_in_jinan_are_those_of_its_annotation() -> None:
    by_text = {"完成": "年底", "完成政策制定": "完成政策制定", "取得阶段性进展": "取得阶段性进展"}
    for task in read_pack(ZONES / "jinan").tasks:
        ruling = ask("governance.task_milestones", "jinan", clause=task.label)
        if task.label == "七(二)1":  # the accounting of GEP has dates of its own: R-142
            assert ruling.missing == ("clause",)
            continue
        assert ruling.value is not None
        found = [text.split(" ") for text in ruling.value]
        assert [due for due, _ in found] == [str(m.due) for m in task.milestones], task.label
        assert all(m.text.endswith(by_text[what]) for (_, what), m in zip(found, task.milestones, strict=True))


def test_a_day_tells_how_many_days_are_left_or_past() -> None:
    on_time = ask("governance.task_milestones", "jinan", clause="八(一)", on=date(2021, 12, 31))
    assert "还有 0 天" in on_time.steps[0].finding
    late = ask("governance.task_milestones", "jinan", clause="八(一)", on=date(2022, 1, 1))
    assert "已过 1 天" in late.steps[0].finding
    assert "还有 364 天" in late.steps[1].finding


def test_pilot_rules_stay_inside_the_area_and_the_period() -> None:
    code = "governance.pilot_scope"
    assert ask(code, "jinan", area="历城区", on=date(2025, 12, 31)).value is True
    assert ask(code, "jinan", area="莱芜区", on=date(2025, 12, 31)).value is False
    # no document says when the pilot ends: after the last goal a person must
    assert ask(code, "jinan", area="历城区", on=date(2026, 1, 1)).missing == (ENDS,)
    assert ask(code, "gaoqing", area="高青县", on=date(2023, 1, 1)).value is True
    assert ask(code, "zibo", area="张店区", on=date(2023, 1, 1)).missing == (AREAS,)


@pytest.mark.parametrize(
    ("zone", "area", "first"),
    [
        ("qingdao", "平度市", date(2020, 11, 24)),
        ("minhou", "闽侯县", date(2021, 7, 23)),
        ("gaoqing", "高青县", date(2022, 6, 8)),
        ("jinan", "历城区", date(2021, 8, 15)),
    ],
)
def test_no_pilot_rule_holds_before_the_day_of_the_document(zone: str, area: str, first: date) -> None:
    days = (first - timedelta(days=1), first)
    assert [ask("governance.pilot_scope", zone, area=area, on=on).value for on in days] == [False, True]


def test_an_end_that_was_entered_decides() -> None:
    known = by_hand(
        "governance.pilot_scope",
        {
            AREAS: frozenset({"甲县"}),
            BEGINS: date(2021, 1, 1),
            ENDS: date(2027, 6, 30),
            GOAL: date(2025, 12, 31),
        },
    )
    found = [pilot_scope(PilotFacts(area="甲县", on=day), known).value for day in (date(2027, 6, 30), date(2027, 7, 1))]
    assert found == [True, False]


@pytest.mark.parametrize("task", list(read_pack(ZONES / "jinan").tasks), ids=lambda t: t.label)
def test_tasks_of_jinan_are_carried_out_where_they_say(task: Any) -> None:
    value = ask("governance.task_areas", "jinan", clause=task.label, named=frozenset(task.areas)).value
    six = frozenset({"市中区", "历城区", "长清区", "章丘区", "济南高新区", "市南部山区"})
    assert value == (six if task.areas == ("六区全域",) else frozenset(task.areas))


def test_an_honest_error_is_excused_as_far_as_each_document_says() -> None:
    code = "governance.fault_tolerance"
    # 济南 九(四) asks for no more than that it was a trial
    assert ask(code, "jinan", is_trial_error=True).value is True
    assert ask(code, "jinan", is_trial_error=False).value is False
    # 青岛 九(二): within the powers; 淄博 一(二): and the bottom lines kept
    assert ask(code, "qingdao", is_trial_error=True).missing == ("within_powers",)
    assert ask(code, "qingdao", is_trial_error=True, within_powers=True).value is True
    assert ask(code, "zibo", is_trial_error=True, within_powers=True, kept_bottom_lines=False).value is False
    assert ask(code, "minhou", is_trial_error=True).missing == ("governance.tolerance.applies",)


@pytest.mark.parametrize(
    ("code", "name"), [("governance.reform_before", "is_consulted"), ("governance.reform_after", "is_evaluated")]
)
def test_a_major_reform_is_consulted_on_before_and_evaluated_after(code: str, name: str) -> None:
    # 淄博 四(四); 济南 九(四)
    for zone in ("zibo", "jinan"):
        assert ask(code, zone, is_major=True, **{name: True}).value is True
        assert ask(code, zone, is_major=True, **{name: False}).value is False
        assert ask(code, zone, is_major=True).missing == (name,)
        assert ask(code, zone, is_major=False).value is True
        assert ask(code, zone, **{name: False}).missing == ("is_major",)
    assert ask(code, "qingdao", is_major=True, **{name: True}).verdict is Verdict.UNDECIDABLE


def test_the_consistency_limit_is_off_until_a_person_enters_it() -> None:
    # 高青 四(三)10 names the method and no limit
    ruling = ask("governance.ahp_consistency", "gaoqing", order=3, consistency_ratio=Fraction(1, 100))
    assert ruling.missing == (RATIO_BELOW,)
    entered = by_hand("governance.ahp_consistency", {METHOD: "层次分析法", RATIO_BELOW: Fraction(1, 10)})
    ratios = (Fraction(99, 1000), Fraction(1, 10))
    found = [ahp_consistency(ConsistencyFacts(order=3, consistency_ratio=cr), entered).value for cr in ratios]
    assert found == [True, False]  # below, not at
    assert ahp_consistency(ConsistencyFacts(order=2), entered).value is True
    assert ahp_consistency(ConsistencyFacts(order=0), entered).missing == ("order",)


@given(zone=st.sampled_from(ALL_ZONES), day=st.dates(date(2019, 1, 1), date(2027, 12, 31)), later=st.integers(0, 2000))
def test_the_milestone_never_moves_back(zone: str, day: date, later: int) -> None:
    first = ask("governance.stage", zone, on=day).value
    then = ask("governance.stage", zone, on=day + timedelta(days=later)).value
    assert first is not None
    assert then is not None
    assert first <= then
