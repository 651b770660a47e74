"""The checks that rules are made of: both sides of each limit, and what is missing where nothing can be said."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hypothesis import given as examples
from hypothesis import strategies as st

from ronghe.policy import checks
from ronghe.policy.rulebook import InForce, fact
from ronghe.policy.ruling import Clause
from ronghe.policy.values import Kind

CITE = (Clause("anping-2021", "二(一)1"),)


@dataclass(frozen=True, slots=True)
class Facts:
    part: Fraction | None = fact("补助", unit="元")
    whole: Fraction | None = fact("投资", unit="元")
    day: date | None = fact("完成日期")
    kinds: frozenset[str] | None = fact("所用的办法")
    kind: str | None = fact("办法")
    clear: bool | None = fact("产权清晰")
    ready: bool | None = fact("设施齐备")


def share(of: Fraction | None) -> InForce:
    status = "unset" if of is None else "set"
    return InForce("a.share", "上限", Kind.RATIO, of, status=status, cite=CITE)


def members(*names: str) -> InForce:
    return InForce("a.set", "可用的办法", Kind.SET, frozenset(names), status="set", cite=CITE)


def limit(of: int | None) -> InForce:
    status = "unset" if of is None else "set"
    number = None if of is None else Fraction(of)
    return InForce("a.limit", "上限", Kind.NUMBER, number, "元", status, cite=CITE)


def test_both_sides_of_a_limit():
    """民法典 第一千二百五十九条: 以上、以下 include the number, 超过 does not."""
    at, above = Facts(part=Fraction(5)), Facts(part=Fraction(5) + Fraction(1, 10**6))
    below = Facts(part=Fraction(5) - Fraction(1, 10**6))
    assert [checks.at_most(one, "part", limit(5)).ok for one in (below, at, above)] == [True, True, False]
    assert [checks.at_least(one, "part", limit(5)).ok for one in (below, at, above)] == [False, True, True]
    assert [checks.more_than(one, "part", limit(5)).ok for one in (below, at, above)] == [False, False, True]


def test_what_is_not_known_is_named():
    step = checks.at_most(Facts(), "part", limit(None))
    assert (step.ok, step.missing) == (None, ("part", "a.limit"))
    assert step.finding == "补助 未知，上限：待地方确定"
    assert checks.holds(Facts(), "clear").missing == ("clear",)
    assert checks.absent(Facts(), "clear").missing == ("clear",)
    nothing = InForce("a.set", "可用的办法", Kind.SET)
    assert checks.one_of(Facts(), "kind", nothing).missing == ("kind", "a.set")
    assert checks.without_value(nothing).missing == ("a.set",)
    assert checks.unknown(Facts(kind="甲"), "kind", "day", "clear") == ("day", "clear")


def test_a_check_that_is_not_asked_for_is_not_made():
    silent = InForce("a.demand", "须产权清晰", Kind.BOOLEAN)
    assert checks.asked_for(Facts(), "clear", silent) is None
    said = InForce("a.demand", "须产权清晰", Kind.BOOLEAN, value=True, status="set", cite=CITE)
    assert checks.asked_for(Facts(clear=False), "clear", said).ok is False


def test_a_no_says_what_to_do():
    assert checks.holds(Facts(clear=False), "clear", otherwise="先确权").finding == "产权清晰：否；先确权"
    assert checks.holds(Facts(clear=True), "clear", otherwise="先确权").finding == "产权清晰：是"
    assert checks.absent(Facts(clear=True), "clear", otherwise="停止").finding == "产权清晰：是；停止"
    assert checks.one_of(Facts(kind="丙"), "kind", members("甲"), otherwise="换用甲").finding.endswith("；换用甲")
    wrong = Facts(kinds=frozenset({"丙"}))
    assert checks.all_among(wrong, "kinds", members("甲"), otherwise="换用甲").finding.endswith("不属于：丙；换用甲")


def test_what_a_list_does_not_name_may_be_let_in():
    def found(kind: str, ready: bool | None = None):
        facts = Facts(kind=kind, ready=ready)
        return checks.one_of_or(facts, "kind", members("甲"), "ready", otherwise="先备齐")

    assert found("甲").ok is True
    assert found("丙").missing == ("ready",)
    assert found("丙", True).ok is True
    assert found("丙", False).finding == "办法“丙”不属于可用的办法（甲）；设施齐备：否；先备齐"


def test_the_conditions_that_a_zone_names_must_hold():
    answers = {"clear": "产权", "ready": "设施"}
    assert checks.conditions(Facts(), answers, InForce("a.set", "条件", Kind.SET)) == []
    (one,) = checks.conditions(Facts(clear=False), answers, members("产权"), otherwise="补齐")
    assert (one.ok, one.finding, one.cite) == (False, "产权清晰：否；补齐", CITE)
    both = checks.conditions(Facts(clear=True, ready=True), answers, members("产权"), members("产权", "设施"))
    assert [step.ok for step in both] == [True, True]
    assert both[0].cite == CITE  # a clause that both name stands once


def test_a_share_includes_its_own_number():
    facts = Facts(part=Fraction(40), whole=Fraction(100))
    assert checks.share_at_most(facts, "part", "whole", share(Fraction(2, 5))).ok is True
    assert checks.share_at_least(facts, "part", "whole", share(Fraction(2, 5))).ok is True
    above = Facts(part=Fraction(4001, 100), whole=Fraction(100))
    assert checks.share_at_most(above, "part", "whole", share(Fraction(2, 5))).ok is False
    below = Facts(part=Fraction(3999, 100), whole=Fraction(100))
    assert checks.share_at_least(below, "part", "whole", share(Fraction(2, 5))).ok is False


def test_a_share_shows_its_figures_and_its_clause():
    step = checks.share_at_most(
        Facts(part=Fraction(1234), whole=Fraction(2000)), "part", "whole", share(Fraction(2, 5))
    )
    assert step.finding == "投资 2,000 元，补助 1,234 元，占 61.7% > 上限 40%；至多 800 元，超出 434 元"
    assert step.cite == CITE


def test_a_share_names_all_that_it_lacks():
    step = checks.share_at_least(Facts(), "part", "whole", share(None))
    assert step.missing == ("part", "whole", "a.share")
    assert step.ok is None


def test_whole_things_are_needed_as_a_whole():
    @dataclass(frozen=True, slots=True)
    class Votes:
        entitled: int | None = fact("应到", unit="人")
        consenting: int | None = fact("同意", unit="人")

    step = checks.share_at_least(Votes(31, 20), "consenting", "entitled", share(Fraction(2, 3)))
    # 31 × 2/3 = 20.67
    assert step.finding == "应到 31 人，同意 20 人，占 20/31 < 上限 2/3；至少 21 人，还差 1 人"


def test_numbers_that_do_not_fit_are_asked_for_again():
    none, more = Facts(part=Fraction(0), whole=Fraction(0)), Facts(part=Fraction(3), whole=Fraction(2))
    for facts in (none, more):
        for check in (checks.share_at_least, checks.share_at_most):
            assert check(facts, "part", "whole", share(Fraction(1))).missing == ("part", "whole")
    assert checks.mismatch(more, "part", "whole", *CITE).missing == ("part", "whole")
    assert checks.mismatch(none, "part", "whole") is None
    # a subsidy is no part of the investment: it may be larger, but nothing is no measure of it
    paid = Facts(part=Fraction(1), whole=Fraction(0))
    for facts in (none, paid):
        for check in (checks.share_at_least, checks.share_at_most):
            assert check(facts, "part", "whole", share(Fraction(1)), within=False).missing == ("part", "whole")
    assert checks.share_at_most(more, "part", "whole", share(Fraction(1)), within=False).ok is False
    assert checks.share_at_least(more, "part", "whole", share(Fraction(1)), within=False).ok is True


@examples(st.fractions(0, 100), st.fractions(0, 100), st.fractions(0, 100), st.fractions(0, 1))
def test_a_larger_part_never_comes_back_below_a_ceiling(part, more, whole, limit):
    def ok(of: Fraction) -> bool | None:
        facts = Facts(part=of, whole=whole)
        return checks.share_at_most(facts, "part", "whole", share(limit), within=False).ok

    assert not (ok(part) is False and ok(part + more) is True)


def test_the_day_of_the_deadline_is_in_time():
    deadline = InForce("a.by", "期限", Kind.DATE, date(2021, 12, 31), status="set", cite=CITE)
    assert checks.on_time(Facts(day=date(2021, 12, 31)), "day", deadline).ok is True
    late = checks.on_time(Facts(day=date(2022, 1, 2)), "day", deadline)
    assert late.ok is False
    assert late.finding == "完成日期 2022-01-02，晚了 2 天，超过期限 2021-12-31"
    assert checks.on_time(Facts(), "day", deadline).missing == ("day",)


def test_sets_are_compared_with_the_members_of_the_parameter():
    allowed = members("甲", "乙")
    assert checks.all_among(Facts(kinds=frozenset({"甲"})), "kinds", allowed).ok is True
    assert checks.all_among(Facts(kinds=frozenset({"甲", "丙"})), "kinds", allowed).finding.endswith("不属于：丙")
    assert checks.all_present(Facts(kinds=frozenset({"甲", "乙", "丙"})), "kinds", allowed).ok is True
    assert checks.all_present(Facts(kinds=frozenset({"甲"})), "kinds", allowed).finding.endswith("缺少：乙")
    assert checks.none_among(Facts(kinds=frozenset({"丙"})), "kinds", allowed).ok is True
    assert checks.none_among(Facts(kinds=frozenset({"丙", "乙"})), "kinds", allowed).finding.endswith("属于：乙")


def test_an_empty_set_is_a_fact_but_proposes_nothing():
    none = Facts(kinds=frozenset())
    assert checks.none_among(none, "kinds", members("甲")).ok is True
    assert checks.all_present(none, "kinds", members("甲")).ok is False
    assert checks.all_among(none, "kinds", members("甲")).missing == ("kinds",)
    assert checks.all_among(Facts(), "kinds", members("甲")).missing == ("kinds",)


def test_a_text_is_compared_whole_with_the_text_of_the_parameter():
    wanted = InForce("a.text", "持有单位", Kind.TEXT, "农户", status="set", cite=CITE)
    assert checks.one_of(Facts(kind="农户"), "kind", wanted).ok is True
    assert checks.one_of(Facts(kind="户"), "kind", wanted).ok is False
