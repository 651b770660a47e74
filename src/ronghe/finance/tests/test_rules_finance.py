"""农村金融: which rights secure a loan, no new bad debt, and pooled funds only for their purposes."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.finance.rules.collectives import NEW_BAD_DEBT
from ronghe.finance.rules.mortgage import BUSINESS_LAND, HOUSE, KINDS, RIGHTS, MortgageFacts, mortgageable_right
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import ask, by_hand

MORTGAGE = "finance.mortgageable_right"


@pytest.mark.parametrize(
    ("zone", "taken"),
    [
        ("qingdao", set(KINDS)),  # 青岛 八(二)1: six kinds
        ("minhou", set(KINDS)),  # 闽侯 二(三)3: six kinds
        ("zibo", {HOUSE, BUSINESS_LAND}),  # 淄博 二(三)2(2): two kinds
        ("gaoqing", {HOUSE, BUSINESS_LAND}),  # as Zibo, in which it lies
        ("jinan", {"农村承包土地经营权", "农村集体资产股权", HOUSE}),  # 济南 八(二): three kinds
    ],
)
def test_each_zone_takes_the_rights_of_its_list(zone: str, taken: set[str]) -> None:
    found = {right for right in KINDS if ask(MORTGAGE, zone, right=right, has_other_dwelling=True).value}
    assert found == taken


def test_construction_land_that_has_entered_the_market_is_taken_in_jinan() -> None:
    # 济南 四(三)1; it does not stand in the list of 八(二)
    assert ask(MORTGAGE, "jinan", right=BUSINESS_LAND, is_entered=True).value is True
    refused = ask(MORTGAGE, "jinan", right=BUSINESS_LAND, is_entered=False)
    assert refused.value is False
    assert "依法入市" in refused.steps[0].finding
    assert ask(MORTGAGE, "jinan", right=BUSINESS_LAND).missing == ("is_entered",)


def test_a_house_in_jinan_needs_another_dwelling() -> None:
    # 济南 三(二)1
    assert ask(MORTGAGE, "jinan", right=HOUSE, has_other_dwelling=False).value is False
    assert ask(MORTGAGE, "jinan", right=HOUSE).missing == ("has_other_dwelling",)
    assert ask(MORTGAGE, "qingdao", right=HOUSE).value is True


def test_no_new_bad_debt_in_jinan() -> None:
    # 济南 八(二)
    assert ask("finance.collective_debt", "jinan", new_bad_debt_yuan=Fraction(0)).value is True
    assert ask("finance.collective_debt", "jinan", new_bad_debt_yuan=Fraction(1, 100)).value is False
    assert ask("finance.collective_debt", "zibo", new_bad_debt_yuan=Fraction(0)).missing == (NEW_BAD_DEBT,)


def test_pooled_funds_go_to_what_is_named_or_found_to_be_of_the_kind() -> None:
    # 闽侯 二(五)3: the list ends with 等
    code = "finance.pooled_purpose"
    assert ask(code, "minhou", purpose="公共设施建设").value is True
    assert ask(code, "minhou", purpose="购置公务用车").missing == ("is_like_project",)
    assert ask(code, "minhou", purpose="购置公务用车", is_like_project=False).value is False
    assert ask(code, "minhou", purpose="村级卫生保洁", is_like_project=True).value is True


@given(less=st.fractions(0, 10**9), more=st.fractions(0, 10**9))
def test_more_bad_debt_never_turns_a_no_into_a_yes(less: Fraction, more: Fraction) -> None:
    low = ask("finance.collective_debt", "jinan", new_bad_debt_yuan=less)
    high = ask("finance.collective_debt", "jinan", new_bad_debt_yuan=less + more)
    assert not (low.value is False and high.value is True)


def test_a_zone_without_a_list_is_undecidable() -> None:
    # A zone of which no document lists rights: the values of all packs are taken away.
    ruling = mortgageable_right(MortgageFacts(right=HOUSE), by_hand(MORTGAGE, {}))
    assert (ruling.verdict, ruling.missing) == (Verdict.UNDECIDABLE, (RIGHTS,))
