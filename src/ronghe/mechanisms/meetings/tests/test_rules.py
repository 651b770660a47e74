"""表决: both sides of two thirds, the base that counts, and what the law reserves to the members."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.mechanisms.meetings.rules import (
    LAND,
    MEMBERS_ASSEMBLY,
    QUORUM,
    REPRESENTATIVES_ASSEMBLY,
    TRANSFER,
    VOLUNTARY,
    ConsentFacts,
    TransferFacts,
    land_consent,
    village_transfer,
)
from ronghe.policy.ruling import Ruling, Verdict
from ronghe.policy.tests.asked import ask, by_hand


@pytest.mark.parametrize(
    ("consenting", "entitled", "agreed"),
    [
        (20, 30, True),  # 30 × 2/3 = 20: 以上 includes the number, 民法典 第一千二百五十九条
        (19, 30, False),
        (21, 31, True),  # 31 × 2/3 = 20.67
        (20, 31, False),
        (1, 1, True),
    ],
)
def test_two_thirds_of_all_entitled_bring_land_to_market(consenting: int, entitled: int, agreed: bool) -> None:
    ruling = ask("meeting.land_consent", "qingdao", consenting=consenting, entitled=entitled)
    assert ruling.value is agreed
    assert str(ruling.steps[0].cite[0]) == "land-law-2019 第六十三条第二款"


def test_figures_that_cannot_be_a_vote_are_asked_for_again() -> None:
    for counts in ({"consenting": 31, "entitled": 30}, {"consenting": 0, "entitled": 0}):
        ruling = ask("meeting.land_consent", "qingdao", **counts)
        assert ruling.verdict is Verdict.UNDECIDABLE
        assert set(ruling.missing) == {"consenting", "entitled"}


def _members(**more: Any) -> Ruling[Any]:
    return ask("meeting.collective_decision", "zibo", body=MEMBERS_ASSEMBLY, **more)


def test_the_members_decide_with_two_thirds_present_and_two_thirds_of_all_agreeing() -> None:
    # 农村集体经济组织法 第二十七条: of 30, 20 must come and 20 agree
    assert _members(entitled=30, present=20, consenting=20).value is True
    assert _members(entitled=30, present=25, consenting=19).value is False  # the base is all, not those present
    assert _members(entitled=30, present=19, consenting=19).value is False
    assert _members(entitled=30, consenting=20).missing == ("present",)
    assert set(_members(entitled=30, present=20, consenting=21).missing) >= {"consenting", "present"}


def test_representatives_decide_only_what_is_not_reserved() -> None:
    # 农村集体经济组织法 第二十八条
    facts: dict[str, Any] = {"body": REPRESENTATIVES_ASSEMBLY, "entitled": 45}
    code = "meeting.collective_decision"
    assert ask(code, "zibo", **facts, consenting=30, is_reserved=False).value is True
    assert ask(code, "zibo", **facts, consenting=29, is_reserved=False).value is False
    refused = ask(code, "zibo", **facts, consenting=45, is_reserved=True)
    assert refused.value is False
    assert "成员大会" in refused.steps[0].finding
    assert ask(code, "zibo", **facts, consenting=45).missing == ("is_reserved",)


def test_before_the_law_was_in_force_its_shares_do_not_bind() -> None:
    # in force since 2025-05-01
    facts: dict[str, Any] = {"body": MEMBERS_ASSEMBLY, "entitled": 30, "present": 20, "consenting": 20}
    before = ask("meeting.collective_decision", "zibo", as_of=date(2025, 4, 30), **facts)
    assert before.verdict is Verdict.UNDECIDABLE
    assert QUORUM in before.missing
    assert ask("meeting.collective_decision", "zibo", as_of=date(2025, 5, 1), **facts).value is True


@pytest.mark.parametrize("zone", ["zibo", "gaoqing"])
def test_the_share_for_a_whole_village_is_for_the_place_to_fix(zone: str) -> None:
    ruling = ask("meeting.village_transfer", zone, is_voluntary=True, consenting=50, entitled=50)
    assert ruling.missing == (TRANSFER,)
    forced = ask("meeting.village_transfer", zone, is_voluntary=False, consenting=50, entitled=50)
    assert forced.value is False


def test_a_fixed_share_for_a_whole_village_decides() -> None:
    nine_tenths = by_hand("meeting.village_transfer", {TRANSFER: Fraction(9, 10), VOLUNTARY: True})
    facts = [TransferFacts(is_voluntary=True, entitled=50, consenting=n) for n in (44, 45)]
    assert [village_transfer(one, nine_tenths).value for one in facts] == [False, True]


def test_qingdao_says_nothing_of_whole_villages() -> None:
    assert ask("meeting.village_transfer", "qingdao", is_voluntary=True).missing == (VOLUNTARY, TRANSFER)


@settings(max_examples=200)
@given(
    entitled=st.integers(1, 500), few=st.integers(0, 500), more=st.integers(0, 500),
    share=st.fractions(min_value=0, max_value=1, max_denominator=12),
)  # fmt: skip
def test_more_votes_never_turn_a_yes_into_a_no(entitled: int, few: int, more: int, share: Fraction) -> None:
    threshold = by_hand("meeting.land_consent", {LAND: share})
    low = land_consent(ConsentFacts(entitled=entitled, consenting=few), threshold)
    high = land_consent(ConsentFacts(entitled=entitled, consenting=few + more), threshold)
    assert not (low.value is True and high.value is False)
    if few <= entitled:
        assert low.value is (Fraction(few, entitled) >= share)
