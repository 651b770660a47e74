"""Evaluation and summary: outcomes, who gains, and the bounds of a chart."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.mechanisms.trials.evaluation import Change, Outcome, RowFailed, change, evaluate, outcome
from ronghe.mechanisms.trials.rules import edges
from ronghe.mechanisms.trials.titles import shown_value, spelled
from ronghe.policy.rulebook import Given, Rule
from ronghe.policy.ruling import Ruling, Step, Verdict, calculated, cannot_say

NO_STEPS = ()


def a_rule(function) -> Rule:
    return Rule("x.y", "某规则", "EXC", "", (), (), object, function)


@pytest.mark.parametrize(
    ("ruling", "wanted"),
    [
        (Ruling(True, NO_STEPS, Verdict.PASSED), Outcome("passed")),
        (Ruling(None, NO_STEPS, Verdict.UNDECIDABLE), Outcome("undecidable")),
        (cannot_say(Step((), "缺")), Outcome("undecidable")),
        (calculated(Fraction(7, 2), []), Outcome("value", "7/2", Fraction(7, 2))),
        (calculated(3, []), Outcome("value", "3", Fraction(3))),
        (calculated("甲类", []), Outcome("value", "甲类")),
        (calculated(frozenset({"乙", "丙"}), []), Outcome("value", "丙、乙")),
        (calculated({"农户": Fraction(1, 2)}, []), Outcome("value", "农户=1/2")),
        (calculated(False, []), Outcome("value", "false")),
    ],
)
def test_what_is_kept_of_a_ruling(ruling, wanted):
    assert outcome(ruling) == wanted


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        (Outcome("failed"), Outcome("passed"), Change.GAINED),
        (Outcome("passed"), Outcome("failed"), Change.LOST),
        (Outcome("undecidable"), Outcome("passed"), Change.GAINED),
        (Outcome("passed"), Outcome("undecidable"), Change.LOST),
        (Outcome("undecidable"), Outcome("failed"), Change.OTHER),
        (Outcome("passed"), Outcome("passed"), Change.SAME),
        (Outcome("value", "2", Fraction(2)), Outcome("value", "3", Fraction(3)), Change.GAINED),
        (Outcome("value", "3", Fraction(3)), Outcome("value", "2", Fraction(2)), Change.LOST),
        (Outcome("value", "甲"), Outcome("value", "乙"), Change.OTHER),
    ],
)
def test_who_gains_and_who_loses(a, b, wanted):
    assert change(a, b) is wanted


def test_evaluation_streams():
    """The second row is not asked for before the first one's outcome was taken."""
    asked = []

    def rows():
        for number in (1, 2):
            asked.append(number)
            yield number, number

    found = evaluate(a_rule(lambda facts, given: calculated(facts, [])), rows(), Given([]), None)
    assert next(found)[1].a == Outcome("value", "1", Fraction(1))
    assert asked == [1]


def test_a_rule_that_breaks_names_the_row():
    def broken(facts, given):
        raise (ValueError("not a vote: 5 of 3") if facts == 2 else ZeroDivisionError("x"))

    with pytest.raises(RowFailed, match="not a vote") as failed:
        list(evaluate(a_rule(broken), [("乙", 2)], Given([]), None))
    assert (failed.value.row, failed.value.is_ours) == ("乙", False)
    assert failed.value.why == "规则不能接受这一行的事实（not a vote: 5 of 3）"
    with pytest.raises(RowFailed) as failed:
        list(evaluate(a_rule(broken), [("丙", 3)], Given([]), None))
    assert failed.value.is_ours


@given(st.floats(-1e12, 1e12), st.floats(0, 1e12))
def test_the_bars_of_a_chart_hold_everything_between_round_bounds(least, width):
    most = least + width
    bounds = edges(least, most, 12)
    assert bounds == sorted(bounds)
    assert 2 <= len(bounds) <= 15
    # the first and the last bar also take what rounding leaves outside
    blur = (bounds[-1] - bounds[0]) * 1e-9
    assert bounds[0] - blur <= least
    assert most <= bounds[-1] + blur


def test_figures_as_people_and_programs_read_them():
    written = ["2500", "2/3", "-1/8", "1/40", "1/70000"]
    assert [shown_value(one, is_number=True) for one in written] == ["2,500", "2/3", "-0.125", "0.025", "约 0.0000"]
    assert [spelled(one, is_number=True) for one in written] == ["2500", "2/3", "-0.125", "0.025", "1/70000"]
    for tell in (shown_value, spelled):
        assert [tell(one, is_number=False) for one in ("007", "1/2", "true")] == ["007", "1/2", "是"]
