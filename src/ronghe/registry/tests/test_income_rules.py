"""集体收益分配权的规则: who is entered with how much, and what may become of it; parts of a whole add up exactly."""

from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from ronghe.policy.ruling import Clause
from ronghe.policy.tests.asked import in_zone

from ..rules.income import (
    CAUSES,
    IncomeChangeFacts,
    IncomeRightFacts,
    Listed,
    hundredths,
    income_change,
    income_right,
    list_ruling,
    proposal,
    share_out,
    share_words,
)

QUANTIFIED = Clause("collectives-law-2024", "第四十条")


def entered(**facts):
    told = {"members": 2, "shares": Fraction(20), "assigned": Fraction(300), "total": Fraction(300), **facts}
    return income_right(IncomeRightFacts(**told), in_zone("registration.income_right", "qingdao"))


def changed(zone: str = "qingdao", **facts):
    told = {
        "cause": "转让", "held": Fraction(20), "moved": Fraction(5), "holder_applies": True, "is_kept": False,
        "taker_members": 1, **facts,
    }  # fmt: skip
    return income_change(IncomeChangeFacts(**told), in_zone("registration.income_change", zone))


# -- a first registration --------------------------------------------------------------------------------------------


def test_a_household_is_entered_with_a_living_member_some_shares_and_no_rest():
    ruling = entered()
    assert ruling.value is True
    assert all(QUANTIFIED in step.cite for step in ruling.steps)
    assert entered(members=0).value is False
    assert entered(shares=Fraction(0)).value is False
    assert entered(assigned=Fraction(29_999, 100)).value is False  # 0.01 份 too little
    assert entered(assigned=Fraction(30_001, 100)).value is False
    assert "相差 0.01 份" in entered(assigned=Fraction(30_001, 100)).steps[2].finding


def test_what_nobody_knows_of_a_household_is_asked_for():
    assert entered(members=None, shares=None, total=None).missing == ("members", "shares", "total")
    assert entered(members=None).value is None


def test_a_list_says_which_households_fail_and_how_much_is_lacking():
    rows = [Listed("甲户", 2, 200_00), Listed("乙户", 0, 100_00), Listed("丙户", 1, 0)]
    ruling = list_ruling(rows, total=300_00)
    assert [step.ok for step in ruling.steps] == [False, False, True]
    assert "乙户" in ruling.steps[0].finding
    assert "丙户" in ruling.steps[1].finding
    many = list_ruling([Listed(f"第{n}户", 0, 1) for n in range(9)], total=9)
    assert "等 9 户" in many.steps[0].finding
    assert list_ruling([], total=1).value is False


@examples(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 500)), min_size=1, max_size=8), st.integers(1, 4_000))
def test_a_list_passes_when_the_rule_passes_each_household_of_it(rows, total):
    listed = [Listed(f"第{n}户", members, shares) for n, (members, shares) in enumerate(rows)]
    assigned = Fraction(sum(shares for _, shares in rows), 100)
    each = [
        entered(members=m, shares=Fraction(s, 100), assigned=assigned, total=Fraction(total, 100)).value
        for m, s in rows
    ]
    assert list_ruling(listed, total=total).value is all(each)


@examples(st.integers(1, 10**12), st.lists(st.integers(0, 30), min_size=1, max_size=60).filter(any))
def test_shares_of_a_whole_add_up_exactly_and_more_members_never_get_less(total, members):
    whole, parts = proposal(members, total=total, per_member=None)
    assert whole == total == sum(parts)
    assert all(
        a <= b for (m, a) in zip(members, parts, strict=True) for (n, b) in zip(members, parts, strict=True) if m < n
    )
    # Nobody is more than a hundredth away from the exact part.
    assert all(abs(part * sum(members) - total * one) < sum(members) for one, part in zip(members, parts, strict=True))


def test_a_number_for_each_member_makes_the_total():
    # 2 × 10 份 + 3 × 10 份 = 50 份
    assert proposal([2, 3], total=None, per_member=10_00) == (50_00, [20_00, 30_00])
    assert proposal([2, 3], total=60_00, per_member=10_00) == (60_00, [20_00, 30_00])
    # 100 份 over 1 + 1 + 1: the hundredth that is left goes to the first.
    assert share_out(100_00, [1, 1, 1]) == [33_34, 33_33, 33_33]
    with pytest.raises(ValueError, match="total or a number"):
        proposal([1], total=None, per_member=None)
    with pytest.raises(ValueError, match="weight"):
        share_out(1, [0, 0])


@examples(st.integers(0, 10**12))
def test_shares_are_read_as_they_are_written(number):
    assert hundredths(share_words(number)) == number


@pytest.mark.parametrize(
    ("text", "why"), [("三", "数字"), ("-1", "小于 0"), ("1.005", "两位小数"), ("1e11", "一百亿"), ("nan", "小于")]
)
def test_what_is_no_number_of_shares_says_how_to_mend_it(text, why):
    with pytest.raises(ValueError, match=why):
        hundredths(text)


# -- 青岛 四(三)3, 淄博 二(二)5, 济南 三(三)4: transfers -----------------------------------------------------------------


@pytest.mark.parametrize("zone", ["qingdao", "zibo", "jinan"])
def test_a_document_that_speaks_of_disposals_allows_them_with_its_clause(zone):
    for cause in ("转让", "赠与", "继承"):
        ruling = changed(zone, cause=cause)
        assert ruling.value is True
        assert ruling.steps[0].cite[0].document.startswith(zone)
    assert changed(zone, cause="有偿退出", taker_members=None).value is True


def test_where_no_document_speaks_of_it_a_person_judges():
    ruling = changed("minhou")
    assert ruling.value is None
    assert ruling.missing == (CAUSES,)
    # Within one household, and where it ends, no document is asked.
    assert changed("minhou", cause="户内分割", taker_was_of_household=True).value is True
    assert changed("minhou", cause="自愿放弃", taker_members=None).value is True


def test_nobody_takes_a_share_who_is_not_of_the_collective():
    ruling = changed(taker_members=0)
    assert ruling.value is False
    assert any(step.ok is False and QUANTIFIED in step.cite for step in ruling.steps)
    assert changed(taker_members=None).missing == ("taker_members",)


def test_an_heir_who_is_no_member_takes_it_where_the_charter_says_so():
    assert changed(cause="继承", taker_members=0).missing == ("charter_allows_heir",)
    assert changed(cause="继承", taker_members=0, charter_allows_heir=True).value is True
    assert changed(cause="继承", taker_members=0, charter_allows_heir=False).value is False


def test_no_more_is_moved_than_there_is():
    assert changed(moved=Fraction(20)).value is True
    assert changed(moved=Fraction(2001, 100)).value is False
    assert changed(moved=Fraction(0)).value is False


def test_what_the_household_decides_on_it_applies_for_itself():
    for cause in ("转让", "赠与", "有偿退出", "自愿放弃", "户内分割"):
        assert changed(cause=cause, holder_applies=False, taker_was_of_household=True).value is False
    assert changed(cause="继承", holder_applies=False).value is True
    assert changed(cause="生效法律文书", holder_applies=False, taker_members=None).value is True


def test_what_a_filing_keeps_is_not_taken_without_the_households_application():
    assert changed(is_kept=True).value is True
    assert changed(cause="继承", is_kept=True, holder_applies=False).value is False
    extinct = changed(cause="户内成员全部死亡且无人继承", is_kept=True, holder_applies=False, holder_members=0)
    assert extinct.value is False
    assert changed(cause="生效法律文书", is_kept=True, holder_applies=False, taker_members=None).value is True
    assert changed(is_kept=None).missing == ("is_kept",)


def test_a_share_ends_for_want_of_people_only_where_nobody_lives():
    told = {"cause": "户内成员全部死亡且无人继承", "holder_applies": False, "taker_members": None}
    assert changed(**told, holder_members=0).value is True
    assert changed(**told, holder_members=1).value is False
    assert changed(**told).missing == ("holder_members",)


def test_only_a_household_that_comes_from_it_takes_a_part_of_a_divided_one():
    assert changed(cause="户内分割", taker_was_of_household=False).value is False
    assert changed(cause="户内分割").missing == ("taker_was_of_household",)


def test_who_left_the_shares_does_not_get_them_back_where_the_document_says_so():
    for zone in ("qingdao", "jinan"):
        ruling = changed(zone, taker_has_exited=True)
        assert ruling.value is False
        assert "永久丧失" in ruling.steps[-1].finding
    assert changed("zibo", taker_has_exited=True).value is True


def test_what_is_not_known_of_a_change_is_asked_for():
    asked = income_change(IncomeChangeFacts(), in_zone("registration.income_change", "qingdao"))
    assert asked.missing == ("cause", "held", "moved", "is_kept")
    assert changed(holder_applies=None).missing == ("holder_applies",)
