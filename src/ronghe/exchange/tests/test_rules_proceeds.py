"""入市收益: when the levy is due, the vetoes on its division and spending, and what is left."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import ALL_ZONES, ask

PASSED, FAILED, OPEN = Verdict.PASSED, Verdict.FAILED, Verdict.UNDECIDABLE


@pytest.mark.parametrize(
    ("zone", "verdict"),
    [("qingdao", PASSED), ("zibo", PASSED), ("gaoqing", PASSED), ("jinan", PASSED), ("minhou", OPEN)],
)
def test_market_entry_makes_the_levy_due(zone: str, verdict: Verdict) -> None:
    """青岛 三(三)1; 淄博 二(一)3(1); 济南 四(三)2 (or land value-added tax)."""
    assert ask("proceeds.levy_due", zone, {"act": "入市交易"}).verdict is verdict


@pytest.mark.parametrize("zone", ["qingdao", "zibo"])
@pytest.mark.parametrize("act", ["转让", "互换", "赠与", "其他方式再转让", "改变土地用途", "提高容积率"])
@pytest.mark.parametrize(("has_gain", "verdict"), [(True, PASSED), (False, FAILED), (None, OPEN)])
def test_resale_and_change_make_it_due_where_there_is_a_gain(
    zone: str, act: str, has_gain: bool | None, verdict: Verdict
) -> None:
    """青岛 三(三)2; 淄博 二(一)3(3): 以转让、互换、赠与等方式."""
    assert ask("proceeds.levy_due", zone, {"act": act, "has_gain": has_gain}).verdict is verdict


@pytest.mark.parametrize("zone", ["jinan", "minhou"])
@pytest.mark.parametrize("act", ["转让", "提高容积率"])
def test_documents_that_name_no_trigger_leave_it_open(zone: str, act: str) -> None:
    assert ask("proceeds.levy_due", zone, {"act": act, "has_gain": True}).verdict is OPEN


@pytest.mark.parametrize(
    ("levy", "vat", "verdict"),
    [
        (True, False, PASSED),
        (False, True, PASSED),
        (True, True, FAILED),
        (False, False, FAILED),
        (True, None, OPEN),
        (None, False, OPEN),
        (None, None, OPEN),
    ],
)
def test_jinan_pays_exactly_one_of_levy_and_tax(levy: bool | None, vat: bool | None, verdict: Verdict) -> None:
    """济南 四(三)2."""
    facts = {"pays_levy": levy, "pays_vat": vat}
    assert ask("proceeds.levy_or_vat", "jinan", facts).verdict is verdict
    assert ask("proceeds.levy_or_vat", "qingdao", facts).verdict is OPEN


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"city_share": 0, "is_pilot_period": True}, PASSED),
        ({"city_share": "1/10000", "is_pilot_period": True}, FAILED),
        ({"city_share": "1/2", "is_pilot_period": False}, PASSED),
        ({"city_share": "1/2"}, OPEN),
        ({"city_share": 0}, PASSED),
        ({"is_pilot_period": True}, OPEN),
    ],
)
def test_the_city_of_qingdao_takes_no_share_in_the_pilot_period(facts: dict[str, Any], verdict: Verdict) -> None:
    """青岛 三(三)1."""
    assert ask("proceeds.city_share", "qingdao", facts).verdict is verdict


@given(st.fractions(0, 1), st.fractions(0, 1))
def test_a_larger_city_share_never_turns_a_no_into_a_yes(a: Fraction, b: Fraction) -> None:
    less, more = sorted((a, b))
    few, many = (
        ask("proceeds.city_share", "qingdao", {"city_share": s, "is_pilot_period": True}).value for s in (less, more)
    )
    assert few or not many


LISTED = {
    "qingdao": {"乡村振兴", "城乡融合发展"},
    "zibo": {"城镇基础设施", "农村基础设施", "农村环境整治", "土地前期开发"},
    "gaoqing": {"农村基础设施", "土地开发整理周转垫付", "困难群众社保补贴", "特困救助"},
}
PURPOSES = sorted({*set().union(*LISTED.values()), "其他"})


@pytest.mark.parametrize("zone", LISTED)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_the_levy_is_spent_only_as_the_document_lists(zone: str, purpose: str) -> None:
    """青岛 三(三)1; 淄博 二(一)3(2); 高青 四(二)6: Gaoqing's own list, not its parent's."""
    ruling = ask("proceeds.levy_spending", zone, {"purpose": purpose, "is_to_be_repaid": True})
    assert ruling.verdict is (PASSED if purpose in LISTED[zone] else FAILED)


def test_an_advance_in_gaoqing_must_come_back() -> None:
    """高青 四(二)6: 周转垫付."""
    advance = {"purpose": "土地开发整理周转垫付"}
    assert ask("proceeds.levy_spending", "gaoqing", {**advance, "is_to_be_repaid": False}).verdict is FAILED
    assert ask("proceeds.levy_spending", "gaoqing", advance).verdict is OPEN


@pytest.mark.parametrize("zone", ["minhou", "jinan"])
def test_no_list_no_answer(zone: str) -> None:
    assert ask("proceeds.levy_spending", zone, {"purpose": "农村基础设施"}).missing == ("proceeds.levy.purposes",)


def test_what_is_left_goes_to_the_landowner_of_qingdao() -> None:
    """青岛 三(三)2."""
    ruling = ask("proceeds.increment_remainder", "qingdao", {"increment_fen": 100_000_00, "levy_fen": 30_000_01})
    assert ruling.value == 69_999_99
    assert ruling.steps[0].finding == "100,000 − 30,000.01 = 69,999.99 元，支付给土地所有权人"
    for zone in set(ALL_ZONES) - {"qingdao"}:
        assert ask("proceeds.increment_remainder", zone, {"increment_fen": 2, "levy_fen": 1}).value is None


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_levy_and_remainder_make_the_increment(increment: int, levy: int) -> None:
    left = ask("proceeds.increment_remainder", "qingdao", {"increment_fen": increment, "levy_fen": levy}).value
    assert left is None if levy > increment else left + levy == increment
