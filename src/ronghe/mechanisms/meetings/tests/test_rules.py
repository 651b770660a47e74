"""表决: both sides of two thirds, the base that counts, and what the law reserves to the members."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronghe.mechanisms.meetings.rules import (
    MEMBERS_ASSEMBLY,
    QUORUM,
    REPRESENTATIVES_ASSEMBLY,
    TRANSFER,
    VOLUNTARY,
    TransferFacts,
    village_transfer,
)
from ronghe.policy.ruling import Ruling, Verdict
from ronghe.policy.tests.asked import ask, by_hand


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


def test_the_law_lets_nobody_be_forced_where_no_document_speaks_of_whole_villages() -> None:
    """农村土地承包法 第三十八条."""
    assert ask("meeting.village_transfer", "qingdao", is_voluntary=True).missing == (TRANSFER,)
    assert ask("meeting.village_transfer", "qingdao", is_voluntary=False).value is False


@settings(max_examples=200)
@given(
    entitled=st.integers(1, 500), few=st.integers(0, 500), more=st.integers(0, 500),
    share=st.fractions(min_value=0, max_value=1, max_denominator=12),
)  # fmt: skip
def test_more_votes_never_turn_a_yes_into_a_no(entitled: int, few: int, more: int, share: Fraction) -> None:
    threshold = by_hand("meeting.village_transfer", {TRANSFER: share})
    facts = TransferFacts(is_voluntary=True, entitled=entitled)
    low = village_transfer(replace(facts, consenting=few), threshold)
    high = village_transfer(replace(facts, consenting=few + more), threshold)
    assert not (low.value is True and high.value is False)
    if few <= entitled:
        assert low.value is (Fraction(few, entitled) >= share)
