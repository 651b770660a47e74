"""The checks that rules are made of: shares, deadlines and sets."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hypothesis import given as examples
from hypothesis import strategies as st

from ronghe.policy import rulebook
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


def share(of: Fraction | None) -> InForce:
    status = "unset" if of is None else "set"
    return InForce("a.share", "上限", Kind.RATIO, of, status=status, cite=CITE)


def members(*names: str) -> InForce:
    return InForce("a.set", "可用的办法", Kind.SET, frozenset(names), status="set", cite=CITE)


def test_a_share_includes_its_own_number():
    facts = Facts(part=Fraction(40), whole=Fraction(100))
    assert rulebook.share_at_most(facts, "part", "whole", share(Fraction(2, 5))).ok is True
    assert rulebook.share_at_least(facts, "part", "whole", share(Fraction(2, 5))).ok is True
    above = Facts(part=Fraction(4001, 100), whole=Fraction(100))
    assert rulebook.share_at_most(above, "part", "whole", share(Fraction(2, 5))).ok is False
    below = Facts(part=Fraction(3999, 100), whole=Fraction(100))
    assert rulebook.share_at_least(below, "part", "whole", share(Fraction(2, 5))).ok is False


def test_a_share_shows_its_figures_and_its_clause():
    step = rulebook.share_at_most(
        Facts(part=Fraction(1234), whole=Fraction(2000)), "part", "whole", share(Fraction(2, 5))
    )
    assert step.finding == "补助 1,234 元，投资 2,000 元；占比 > 上限 40%"
    assert step.cite == CITE


def test_a_share_names_all_that_it_lacks():
    step = rulebook.share_at_least(Facts(), "part", "whole", share(None))
    assert step.missing == ("part", "whole", "a.share")
    assert step.ok is None


def test_nothing_can_be_said_of_a_share_of_nothing():
    none = Facts(part=Fraction(0), whole=Fraction(0))
    assert rulebook.share_at_least(none, "part", "whole", share(Fraction(0))).missing == ("part", "whole")
    # a subsidy of nothing invested is above every ceiling
    paid = Facts(part=Fraction(1), whole=Fraction(0))
    assert rulebook.share_at_most(paid, "part", "whole", share(Fraction(1))).ok is False


@examples(st.fractions(0, 100), st.fractions(0, 100), st.fractions(0, 100), st.fractions(0, 1))
def test_a_larger_part_never_comes_back_below_a_ceiling(part, more, whole, limit):
    def ok(of: Fraction) -> bool | None:
        return rulebook.share_at_most(Facts(part=of, whole=whole), "part", "whole", share(limit)).ok

    assert not (ok(part) is False and ok(part + more) is True)


def test_the_day_of_the_deadline_is_in_time():
    deadline = InForce("a.by", "期限", Kind.DATE, date(2021, 12, 31), status="set", cite=CITE)
    assert rulebook.on_time(Facts(day=date(2021, 12, 31)), "day", deadline).ok is True
    late = rulebook.on_time(Facts(day=date(2022, 1, 2)), "day", deadline)
    assert late.ok is False
    assert late.finding == "完成日期 2022-01-02，晚了 2 天，超过期限 2021-12-31"
    assert rulebook.on_time(Facts(), "day", deadline).missing == ("day",)


def test_sets_are_compared_with_the_members_of_the_parameter():
    allowed = members("甲", "乙")
    assert rulebook.all_among(Facts(kinds=frozenset({"甲"})), "kinds", allowed).ok is True
    assert rulebook.all_among(Facts(kinds=frozenset({"甲", "丙"})), "kinds", allowed).finding.endswith("不属于：丙")
    assert rulebook.all_present(Facts(kinds=frozenset({"甲", "乙", "丙"})), "kinds", allowed).ok is True
    assert rulebook.all_present(Facts(kinds=frozenset({"甲"})), "kinds", allowed).finding.endswith("缺少：乙")
    assert rulebook.none_among(Facts(kinds=frozenset({"丙"})), "kinds", allowed).ok is True
    assert rulebook.none_among(Facts(kinds=frozenset({"丙", "乙"})), "kinds", allowed).finding.endswith("属于：乙")


def test_an_empty_set_is_a_fact_but_proposes_nothing():
    none = Facts(kinds=frozenset())
    assert rulebook.none_among(none, "kinds", members("甲")).ok is True
    assert rulebook.all_present(none, "kinds", members("甲")).ok is False
    assert rulebook.all_among(none, "kinds", members("甲")).missing == ("kinds",)
    assert rulebook.all_among(Facts(), "kinds", members("甲")).missing == ("kinds",)


def test_a_text_is_compared_whole_with_the_text_of_the_parameter():
    wanted = InForce("a.text", "持有单位", Kind.TEXT, "农户", status="set", cite=CITE)
    assert rulebook.one_of(Facts(kind="农户"), "kind", wanted).ok is True
    assert rulebook.one_of(Facts(kind="户"), "kind", wanted).ok is False
