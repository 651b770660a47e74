"""补偿、股权和土地去向: options by zone, dates and sums on both sides, and what waits for a number."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import ALL_ZONES, ask

PASSED, FAILED, OPEN = Verdict.PASSED, Verdict.FAILED, Verdict.UNDECIDABLE


@pytest.mark.parametrize(
    ("zone", "settlement", "other"),
    [("qingdao", PASSED, FAILED), ("gaoqing", PASSED, FAILED), ("zibo", FAILED, FAILED), ("minhou", OPEN, OPEN)],
)
def test_zibo_names_three_ways_of_compensation_and_two_zones_four(
    zone: str, settlement: Verdict, other: Verdict
) -> None:
    """青岛 四(二)2; 高青 四(二)5; 淄博 二(二)3."""
    for option in ("镇区住房安置", "城区住房安置", "货币补偿"):
        assert ask("exit.compensation_option", zone, {"option": option}).verdict is (
            OPEN if zone == "minhou" else PASSED
        )
    assert ask("exit.compensation_option", zone, {"option": "农村居民点集中安置"}).verdict is settlement
    assert ask("exit.compensation_option", zone, {"option": "其他"}).verdict is other


@pytest.mark.parametrize("zone", ["qingdao", "jinan"])
def test_worth_is_set_by_standard_or_appraiser(zone: str) -> None:
    """青岛 四(四)2; 济南 三(四)2."""
    for method, verdict in (("补偿标准", PASSED), ("政府购买第三方评估", PASSED), ("其他", FAILED)):
        assert ask("exit.valuation", zone, {"method": method}).verdict is verdict
        assert ask("exit.valuation", "zibo", {"method": method}).verdict is OPEN


PAID = {"agreed_fen": 10_000_00, "paid_fen": 10_000_00, "due_on": "2026-06-30", "paid_on": "2026-06-30"}


@pytest.mark.parametrize("zone", ["zibo", "gaoqing", "jinan"])
@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, PASSED),
        ({"paid_fen": 9_999_99}, FAILED),
        ({"paid_on": "2026-07-01"}, FAILED),
        ({"paid_on": "2026-06-29"}, PASSED),
        ({"paid_on": None}, OPEN),
    ],
)
def test_compensation_comes_in_time_and_in_full(zone: str, change: dict[str, Any], verdict: Verdict) -> None:
    """淄博 二(二)5; 济南 三(四)2."""
    assert ask("exit.paid_in_time", zone, {**PAID, **change}).verdict is verdict
    assert ask("exit.paid_in_time", "qingdao", {**PAID, **change}).verdict is OPEN


@pytest.mark.parametrize(("signed", "verdict"), [("2026-05-31", PASSED), ("2026-05-30", FAILED), (None, OPEN)])
def test_once_a_number_of_days_is_entered_the_agreed_day_lies_within(signed: str | None, verdict: Verdict) -> None:
    facts = {**PAID, "signed_on": signed}  # 31 May + 30 days = 30 June
    assert ask("exit.paid_in_time", "jinan", facts, entered={"exit.compensation.pay_within": 30}).verdict is verdict


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_paying_more_never_turns_a_yes_into_a_no(paid: int, more: int) -> None:
    few, many = (ask("exit.paid_in_time", "zibo", {**PAID, "paid_fen": sum_}).value for sum_ in (paid, paid + more))
    assert many or not few


@pytest.mark.parametrize(
    ("zone", "right", "verdict"),
    [
        ("zibo", "宅基地", PASSED),
        ("zibo", "承包地", FAILED),
        ("jinan", "宅基地", PASSED),
        ("jinan", "承包地", PASSED),
        ("jinan", "集体资产股权", PASSED),
        ("qingdao", "宅基地", OPEN),
    ],
)
def test_zibo_has_one_fund_and_jinan_three(zone: str, right: str, verdict: Verdict) -> None:
    """淄博 二(二)3; 济南 三(四)2."""
    facts = {"right": right, "is_eligible": True, "advance_fen": 100, "balance_fen": 100}
    assert ask("exit.fund_advance", zone, facts).verdict is verdict


def test_a_fund_advances_what_it_has_to_who_is_eligible() -> None:
    facts = {"right": "宅基地", "is_eligible": True, "advance_fen": 101, "balance_fen": 100}
    assert ask("exit.fund_advance", "jinan", facts).verdict is FAILED
    assert ask("exit.fund_advance", "jinan", {**facts, "balance_fen": 101, "is_eligible": False}).verdict is FAILED


@pytest.mark.parametrize("form", ["公共租赁住房", "换股权", "换货币"])
def test_jinan_realises_the_qualification_in_three_forms(form: str) -> None:
    """济南 三(二)1."""
    assert ask("exit.qualification_form", "jinan", {"form": form, "is_eligible": True}).verdict is PASSED
    assert ask("exit.qualification_form", "jinan", {"form": form, "is_eligible": False}).verdict is FAILED
    assert ask("exit.qualification_form", "jinan", {"form": "其他", "is_eligible": True}).verdict is FAILED
    assert ask("exit.qualification_form", "qingdao", {"form": form, "is_eligible": True}).verdict is OPEN


def test_housing_security_takes_in_who_can_have_no_homestead() -> None:
    """青岛 四(二)1 asks two things, 济南 三(二)1 also that no reserve land is left."""
    two = {"cannot_get_homestead": True, "fits_housing_security": True}
    assert ask("exit.housing_security", "qingdao", two).verdict is PASSED
    assert ask("exit.housing_security", "qingdao", {**two, "fits_housing_security": False}).verdict is FAILED
    assert ask("exit.housing_security", "jinan", two).missing == ("has_no_reserve_land",)
    assert ask("exit.housing_security", "jinan", {**two, "has_no_reserve_land": True}).verdict is PASSED
    assert ask("exit.housing_security", "jinan", {**two, "has_no_reserve_land": False}).verdict is FAILED


def test_zibo_keeps_one_insurance_more_than_qingdao() -> None:
    """青岛 四(四)2; 淄博 二(二)5."""
    two = {"insured": ["医疗保险", "养老保险"]}
    assert ask("exit.insurance_kept", "qingdao", two).verdict is PASSED
    assert "缺少：失业保险" in ask("exit.insurance_kept", "zibo", two).steps[0].finding
    assert ask("exit.insurance_kept", "zibo", {"insured": [*two["insured"], "失业保险"]}).verdict is PASSED
    assert ask("exit.insurance_kept", "qingdao", {"insured": []}).verdict is FAILED


# -- shares -----------------------------------------------------------------------------------------------------------


def test_minhou_settles_three_things_before_the_first_share_exit() -> None:
    """闽侯 二(二)2."""
    assert ask("exit.share_settings", "minhou", {"settled": ["范围", "条件", "程序"]}).verdict is PASSED
    for missing in ("范围", "条件", "程序"):
        rest = [one for one in ("范围", "条件", "程序") if one != missing]
        assert ask("exit.share_settings", "minhou", {"settled": rest}).verdict is FAILED


@pytest.mark.parametrize("zone", ["qingdao", "jinan"])
def test_who_left_the_shares_has_no_income_right_any_more(zone: str) -> None:
    """青岛 四(三)3; 济南 三(三)4."""
    assert ask("exit.share_income_right", zone, {"has_exited_shares": True}).verdict is FAILED
    assert ask("exit.share_income_right", zone, {"has_exited_shares": False}).verdict is PASSED
    assert ask("exit.share_income_right", "zibo", {"has_exited_shares": True}).verdict is OPEN


@pytest.mark.parametrize("destination", ["纳入集体股", "量化到本组织成员"])
@pytest.mark.parametrize("zone", ["qingdao", "zibo", "jinan"])
def test_left_shares_go_where_the_members_vote(zone: str, destination: str) -> None:
    """青岛 四(三)3; 淄博 二(二)5; 济南 三(三)4."""
    facts = {"destination": destination, "vote_passed": True, "is_by_charter": True}
    assert ask("exit.share_destination", zone, facts).verdict is PASSED
    assert ask("exit.share_destination", zone, {**facts, "vote_passed": False}).verdict is FAILED
    assert ask("exit.share_destination", zone, {**facts, "destination": "其他"}).verdict is FAILED
    by_charter = ask("exit.share_destination", zone, {**facts, "is_by_charter": False}).verdict
    assert by_charter is (PASSED if zone == "zibo" else FAILED)  # Zibo does not name the charter


REDEMPTION = {"total_shares": 1000, "redeemed_shares": 50}


def test_zibo_brakes_redemptions_and_waits_for_the_number() -> None:
    """淄博 二(二)5."""
    assert ask("exit.share_redemption", "zibo", REDEMPTION).missing == ("exit.shares.redemption_cap",)
    entered = {"exit.shares.redemption_cap": Fraction(1, 20)}
    assert ask("exit.share_redemption", "zibo", REDEMPTION, entered=entered).verdict is PASSED
    assert (
        ask("exit.share_redemption", "zibo", {**REDEMPTION, "redeemed_shares": "50.01"}, entered=entered).verdict
        is FAILED
    )
    assert (
        ask("exit.share_redemption", "zibo", {**REDEMPTION, "redeemed_shares": 1001}, entered=entered).verdict is OPEN
    )


@given(st.fractions(0, 1000), st.fractions(0, 1000))
def test_more_redeemed_never_turns_a_no_into_a_yes(a: Fraction, b: Fraction) -> None:
    entered = {"exit.shares.redemption_cap": Fraction(1, 20)}
    less, more = sorted((a, b))
    few, many = (
        ask("exit.share_redemption", "zibo", {**REDEMPTION, "redeemed_shares": s}, entered=entered).value
        for s in (less, more)
    )
    assert few or not many


# -- land and homesteads ----------------------------------------------------------------------------------------------


def test_zibo_lets_land_be_left_two_by_two_ways_and_jinan_two() -> None:
    """淄博 二(二)4(2); 济南 三(三)2."""
    for extent in ("全部", "部分"):
        assert ask("exit.land_options", "jinan", {"extent": extent}).verdict is PASSED
        assert ask("exit.land_options", "zibo", {"extent": extent}).missing == ("duration",)
        for duration in ("本轮承包期", "永久"):
            assert ask("exit.land_options", "zibo", {"extent": extent, "duration": duration}).verdict is PASSED
    assert ask("exit.land_options", "qingdao", {"extent": "全部"}).verdict is OPEN


def test_outside_capital_takes_nothing_of_collective_or_farmer() -> None:
    """淄博 二(二)2(4)."""
    fair = {"takes_collective_rights": False, "takes_farmer_rights": False}
    assert ask("exit.outside_capital", "zibo", fair).verdict is PASSED
    for name in fair:
        assert ask("exit.outside_capital", "zibo", {**fair, name: True}).verdict is FAILED
    assert ask("exit.outside_capital", "qingdao", fair).verdict is OPEN


@pytest.mark.parametrize(
    ("zone", "reuse", "verdict"),
    [
        ("qingdao", "自主开发利用", PASSED),
        ("qingdao", "综合开发", FAILED),
        ("zibo", "直接利用", PASSED),
        ("zibo", "置换（转让）建设用地指标", PASSED),
        ("zibo", "综合开发", PASSED),
        ("zibo", "自主开发利用", FAILED),
        ("jinan", "自主开发利用", PASSED),
        ("jinan", "增减挂钩", PASSED),
        ("jinan", "综合开发", FAILED),
        ("minhou", "直接利用", OPEN),
    ],
)
def test_how_a_left_homestead_may_be_used(zone: str, reuse: str, verdict: Verdict) -> None:
    """青岛 四(二)3; 淄博 二(二)3; 济南 三(二)3."""
    facts = {"reuse": reuse, "fits_plan": True, "fits_use_control": True}
    assert ask("exit.homestead_reuse", zone, facts).verdict is verdict


def test_reuse_fits_the_plan_and_in_qingdao_use_control() -> None:
    facts = {"reuse": "自主开发利用", "fits_plan": True, "fits_use_control": False}
    assert ask("exit.homestead_reuse", "qingdao", facts).verdict is FAILED
    assert ask("exit.homestead_reuse", "zibo", {**facts, "reuse": "直接利用"}).verdict is PASSED
    assert ask("exit.homestead_reuse", "zibo", {"reuse": "直接利用", "fits_plan": False}).verdict is FAILED


def test_zones_without_a_document_of_the_matter_say_what_is_missing() -> None:
    for zone in ALL_ZONES:
        ruling = ask("exit.share_settings", zone, {"settled": []})
        assert ruling.verdict is (FAILED if zone == "minhou" else OPEN)
