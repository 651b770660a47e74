"""The rulebook: facts are typed and named when wrong; a check that lacks something is undecidable, never "no"."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from ronghe.policy.checks import at_most, holds
from ronghe.policy.rulebook import (
    FactsInvalid,
    Given,
    InForce,
    Rule,
    RuleNotFound,
    all_rules,
    apply,
    fact,
    facts_from,
    rule,
    rule_named,
)
from ronghe.policy.ruling import Clause, Ruling, Step, Verdict, gate
from ronghe.policy.values import Kind

CLAUSE = Clause("qingdao-2020", "三(二)3")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel, for these tests."""

    area_mu: Fraction | None = fact("宗地面积", unit="亩")
    members: int | None = fact("成员", unit="人", required=False)
    clear: bool | None = fact("产权清晰")
    use: str | None = fact("用途", choices=("工业", "商业"))
    materials: frozenset[str] | None = fact("材料", required=False)


def _limit(value: Fraction | int | None, kind: Kind = Kind.NUMBER, unit: str = "亩") -> InForce:
    status = "unset" if value is None else "set"
    number = None if value is None else Fraction(value)
    return InForce("test.limit", "上限", kind, value=number, unit=unit, status=status, cite=(CLAUSE,))


def _within(facts: Parcel, given: Given) -> Ruling[bool | None]:
    return gate([at_most(facts, "area_mu", given["test.limit"]), holds(facts, "clear", CLAUSE)])


WITHIN = Rule("test.within", "面积", "EXC", "", ("R-009",), ("test.limit",), Parcel, _within)


# -- facts ---------------------------------------------------------------------------------------------------------


def test_numbers_are_taken_exactly_as_written():
    for raw in (5, 5.0, "5", Decimal("5"), "5.0", {"value": 5, "unit": "亩"}, {"value": "10000/3", "unit": "m2"}):
        assert facts_from(WITHIN, {"area_mu": raw}).area_mu == 5
    assert facts_from(WITHIN, {"area_mu": 0.1}).area_mu == Fraction(1, 10)
    assert facts_from(WITHIN, {"area_mu": None}).area_mu is None
    assert facts_from(WITHIN, {"materials": "申请书、身份证"}).materials == {"申请书", "身份证"}
    assert facts_from(WITHIN, {"materials": []}).materials == frozenset()


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ({"area": 5}, "没有这个事实"),
        ({"area_mu": True}, "应当是数值"),
        ({"area_mu": "五"}, "不是数值"),
        ({"area_mu": float("nan")}, "不是数值"),
        ({"area_mu": float("inf")}, "不是数值"),
        ({"area_mu": "1e999999"}, "过大"),
        ({"area_mu": -1}, "不能小于 0"),
        ({"area_mu": {"value": 5, "unit": "元"}}, "单位应为“亩”"),
        ({"area_mu": {"value": 5}}, "写成数值"),
        ({"members": 2.5}, "不是整数"),
        ({"members": float("inf")}, "不是数值"),
        ({"members": Decimal("1e9999999")}, "过大"),
        ({"clear": "也许"}, "true 或 false"),
        ({"use": "住宅"}, "可选范围"),
        ({"use": 5}, "应当是选项"),
        ({"materials": {"a": 1}}, "写成数值"),
        ({"materials": 7}, "写成列表"),
    ],
)
def test_wrong_facts_are_named(stated, why):
    with pytest.raises(FactsInvalid, match=why) as refused:
        facts_from(WITHIN, stated)
    assert [fault["fact"] for fault in refused.value.facts["faults"]] == list(stated)


def test_all_wrong_facts_are_named_at_once():
    with pytest.raises(FactsInvalid) as refused:
        facts_from(WITHIN, {"area_mu": "x", "clear": "y", "height": 3})
    assert {fault["fact"] for fault in refused.value.facts["faults"]} == {"area_mu", "clear", "height"}


@each(st.dictionaries(st.sampled_from(["area_mu", "members", "clear", "use", "materials", "odd"]), st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.sampled_from(["value", "unit"]), st.one_of(st.integers(), st.text(max_size=4))),
)))  # fmt: skip
def test_whatever_is_stated_is_taken_or_refused_by_name(stated):
    try:
        taken = facts_from(WITHIN, stated)
    except FactsInvalid as refused:
        named = {fault["fact"] for fault in refused.facts["faults"]}
    else:
        named = {name for name, value in stated.items() if value is not None and getattr(taken, name) is None}
        assert not named, "a stated fact was lost"
    assert named <= stated.keys()


# -- gates --------------------------------------------------------------------------------------------------------


def test_a_gate_of_no_checks_passes_nobody():
    assert gate([None]).verdict is Verdict.UNDECIDABLE
    assert gate([]).value is None


@each(st.lists(st.sampled_from([True, False, None]), max_size=6))
def test_a_gate_fails_by_one_no_and_passes_only_when_all_say_yes(outcomes):
    steps = [Step((CLAUSE,), "x", ok, () if ok is not None else ("y",)) for ok in outcomes]
    ruling = gate(steps)
    if False in outcomes:
        assert ruling.verdict is Verdict.FAILED
    elif None in outcomes or not outcomes:
        assert ruling.verdict is Verdict.UNDECIDABLE
        assert ruling.value is None
    else:
        assert ruling.verdict is Verdict.PASSED


def test_a_rule_answers_from_facts_and_parameters_alone():
    given = Given([_limit(5)])
    first, again = (apply(WITHIN, {"area_mu": 5, "clear": True}, given) for _ in range(2))
    assert first == again
    assert (first.value, first.missing) == (True, ())
    assert apply(WITHIN, {"area_mu": 6}, given).verdict is Verdict.FAILED
    assert apply(WITHIN, {}, given).missing == ("area_mu", "clear")
    with pytest.raises(KeyError):
        given["test.other"]


# -- the book ------------------------------------------------------------------------------------------------------


def test_no_two_rules_share_a_code():
    taken = next(iter(all_rules()))
    with pytest.raises(ValueError, match="two rules are called"):

        @rule(taken, "另一条", room="EXC", covers=("R-001",))
        def another(facts: Parcel, given: Given) -> Ruling[bool | None]:
            """Another."""
            return gate([])


def test_an_unknown_code_is_refused():
    with pytest.raises(RuleNotFound, match=r"no\.such"):
        rule_named("no.such")
