"""退出条件和引导对象: what a zone asks of whoever leaves a right, and whom it encourages."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import ALL_ZONES, ask

PASSED, FAILED, OPEN = Verdict.PASSED, Verdict.FAILED, Verdict.UNDECIDABLE

HOMESTEAD = dict.fromkeys(
    ["holds_lawfully", "is_off_farm", "has_town_income", "has_town_home", "has_certificate", "has_full_title"], True
)


@pytest.mark.parametrize("name", HOMESTEAD)
def test_jinan_asks_four_conditions_of_whoever_leaves_a_homestead(name: str) -> None:
    """济南 三(二)2."""
    assert ask("exit.homestead_conditions", "jinan", HOMESTEAD).verdict is PASSED
    assert ask("exit.homestead_conditions", "jinan", {**HOMESTEAD, name: False}).verdict is FAILED
    assert ask("exit.homestead_conditions", "jinan", {**HOMESTEAD, name: None}).missing == (name,)


def test_other_documents_state_no_conditions_for_homesteads() -> None:
    for zone in set(ALL_ZONES) - {"jinan"}:
        assert ask("exit.homestead_conditions", zone, HOMESTEAD).missing == ("exit.homestead.conditions",)


THREE = {"holds_lawfully": True, "has_full_title": True, "is_off_farm": True}


@pytest.mark.parametrize("code", ["exit.land_conditions", "exit.share_conditions"])
@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({**THREE, "has_stable_income": True}, PASSED),
        ({**THREE, "has_living_security": True}, PASSED),  # 稳定收入或一定生活保障: one is enough
        ({**THREE, "has_stable_income": False, "has_living_security": False}, FAILED),
        ({**THREE, "has_stable_income": False}, OPEN),
        ({**THREE, "has_stable_income": True, "is_off_farm": False}, FAILED),
        ({**THREE, "has_stable_income": True, "has_full_title": False}, FAILED),
        ({**THREE, "has_stable_income": True, "holds_lawfully": None}, OPEN),
    ],
)
def test_jinan_asks_three_conditions_for_land_and_shares(code: str, facts: dict[str, Any], verdict: Verdict) -> None:
    """济南 三(三)1."""
    assert ask(code, "jinan", facts).verdict is verdict


@pytest.mark.parametrize(("income", "verdict"), [(True, PASSED), (False, FAILED), (None, OPEN)])
def test_zibo_asks_for_income_off_the_farm_of_whoever_leaves_land(income: bool | None, verdict: Verdict) -> None:
    """淄博 二(二)4(2)."""
    assert ask("exit.land_conditions", "zibo", {"has_nonfarm_income": income}).verdict is verdict
    assert ask("exit.share_conditions", "zibo", {"has_nonfarm_income": income}).verdict is OPEN


@pytest.mark.parametrize(
    ("zone", "fact", "verdict"),
    [
        ("zibo", "has_several_homesteads", PASSED),
        ("zibo", "is_elder_joining_children", OPEN),
        ("qingdao", "is_settled_in_town", PASSED),
        ("qingdao", "is_elder_joining_children", PASSED),
        ("qingdao", "owns_unsafe_house", PASSED),
        ("qingdao", "has_several_homesteads", OPEN),
        ("jinan", "is_elder_joining_children", PASSED),
        ("jinan", "owns_unsafe_house", PASSED),
        ("jinan", "has_several_homesteads", PASSED),  # 多宅部分规范有序退出
        ("jinan", "holds_as_nonmember", PASSED),
        ("jinan", "is_settled_in_town", OPEN),
        ("minhou", "is_settled_in_town", OPEN),
    ],
)
def test_each_zone_guides_other_groups(zone: str, fact: str, verdict: Verdict) -> None:
    """青岛 四(二)2; 淄博 二(二)3; 济南 三(二)2."""
    assert ask("exit.guidance", zone, {fact: True}).verdict is verdict


def test_zibo_guides_who_has_income_and_lives_in_town_both() -> None:
    none = {"has_several_homesteads": False}
    assert ask("exit.guidance", "zibo", {**none, "has_nonfarm_income": True, "lives_in_town": True}).verdict is PASSED
    assert ask("exit.guidance", "zibo", {**none, "has_nonfarm_income": True, "lives_in_town": False}).verdict is FAILED
    assert ask("exit.guidance", "zibo", {**none, "has_nonfarm_income": False}).verdict is FAILED
    assert ask("exit.guidance", "zibo", {**none, "has_nonfarm_income": True}).missing == ("lives_in_town",)


TRUTH = st.sampled_from([True, False, None])


@given(st.fixed_dictionaries(dict.fromkeys(HOMESTEAD, TRUTH)))
def test_an_exit_passes_only_when_every_condition_is_known_to_be_met(facts: dict[str, bool | None]) -> None:
    verdict = ask("exit.homestead_conditions", "jinan", facts).verdict
    values = list(facts.values())
    assert verdict is (FAILED if False in values else OPEN if None in values else PASSED)
