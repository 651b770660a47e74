"""自愿有偿、权益独立: the vetoes that protect whoever leaves a right."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.exits.rules.independence import HOMESTEAD, INCOME, LAND, THREE_RIGHTS
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import ALL_ZONES, ask

PASSED, FAILED, OPEN = Verdict.PASSED, Verdict.FAILED, Verdict.UNDECIDABLE
FAIR = {"is_lawful": True, "is_voluntary": True, "is_compensated": True}


@pytest.mark.parametrize("zone", ALL_ZONES)
def test_every_exit_is_lawful_voluntary_and_paid(zone: str) -> None:
    assert ask("exit.voluntary", zone, FAIR).verdict is PASSED
    for name in FAIR:
        assert ask("exit.voluntary", zone, {**FAIR, name: False}).verdict is FAILED
        assert ask("exit.voluntary", zone, {name: False}).verdict is FAILED
        assert ask("exit.voluntary", zone, {**FAIR, name: None}).missing == (name,)


def test_minhou_leaves_out_free_will_and_the_law_says_it() -> None:
    """闽侯 二(一)2 says 依法 and 二(二)2 有偿; 土地管理法 第六十二条 says 自愿."""
    law, free, paid = ask("exit.voluntary", "minhou", FAIR).steps
    assert {c.document for c in free.cite} == {"land-law-2019", "contracting-law-2018"}
    assert {c.document for c in (*law.cite, *paid.cite)} == {"minhou-2021"}


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"right": "承包地", "has_written_application": True, "notice_months": 6}, PASSED),
        ({"right": "承包地", "has_written_application": True, "notice_months": 5}, FAILED),  # 提前半年
        ({"right": "承包地", "has_written_application": True}, OPEN),
        ({"right": "承包地", "has_written_application": False, "notice_months": 6}, FAILED),  # 书面形式
        ({"right": "宅基地", "has_written_application": True}, OPEN),  # no law says how it is asked for
        ({"right": "集体资产股权", "has_written_application": False}, OPEN),
        ({"has_written_application": True}, OPEN),
    ],
)
def test_the_household_asks_for_it_in_time(facts: dict[str, Any], verdict: Verdict) -> None:
    """农村土地承包法 第三十条."""
    for zone in ALL_ZONES:
        ruling = ask("exit.consent", zone, facts)
        assert ruling.verdict is verdict
        assert {str(clause) for step in ruling.steps for clause in step.cite} <= {"contracting-law-2018 第三十条"}


@pytest.mark.parametrize("right", ["宅基地", "集体资产股权"])
@pytest.mark.parametrize(("in_writing", "verdict"), [(True, PASSED), (False, FAILED), (None, OPEN)])
def test_homestead_and_shares_are_asked_for_in_writing_where_somebody_put_that_into_force(
    right: str, in_writing: bool | None, verdict: Verdict
) -> None:
    facts = {"right": right, "has_written_application": in_writing}
    assert ask("exit.consent", "jinan", facts, entered={"exit.written_application": True}).verdict is verdict
    assert ask("exit.consent", "jinan", facts).verdict is OPEN  # assumed only, so off


@pytest.mark.parametrize(("agreed", "verdict"), [(3, PASSED), (2, FAILED), (4, OPEN), (None, OPEN)])
def test_all_adults_agree_where_somebody_put_that_into_force(agreed: int | None, verdict: Verdict) -> None:
    facts = {"right": "宅基地", "has_written_application": True, "adults": 3, "consenting_adults": agreed}
    assert ask("exit.consent", "jinan", facts, entered={"exit.household_consent": True}).verdict is verdict
    assert ask("exit.consent", "jinan", facts).verdict is OPEN  # assumed only, so off


# -- no right is the price of another ---------------------------------------------------------------------------------

ALONE: dict[str, Any] = {"demanded": [], "changed": []}
TIES = [(left, other) for left in THREE_RIGHTS for other in THREE_RIGHTS if left != other]


@pytest.mark.parametrize("zone", ["qingdao", "zibo", "gaoqing", "jinan"])
@pytest.mark.parametrize(("left", "other"), TIES)
def test_no_right_is_tied_to_another_in_any_direction(zone: str, left: str, other: str) -> None:
    """青岛 四(四)1; 淄博 二(二)3、4(3)、5; 济南 三(四)1."""
    assert ask("exit.independence", zone, {"exited": [left], **ALONE}).verdict is PASSED
    demanded = ask("exit.independence", zone, {"exited": [left], **ALONE, "demanded": [other]})
    assert demanded.verdict is FAILED
    assert f"不得以退出{other}作为退出{left}的条件" in demanded.steps[0].finding
    assert ask("exit.independence", zone, {"exited": [left], **ALONE, "changed": [other]}).verdict is FAILED


def test_zibo_cites_the_clause_of_each_direction() -> None:
    cites = {
        left: str(ask("exit.independence", "zibo", {"exited": [left], **ALONE}).steps[0].cite[0])
        for left in THREE_RIGHTS
    }
    assert cites == {
        HOMESTEAD: "zibo-2020 二(二)3",
        LAND: "zibo-2020 二(二)4(3)",
        INCOME: "zibo-2020 二(二)5",
    }


def test_a_household_may_leave_several_rights_of_its_own_will_but_not_as_a_condition() -> None:
    """青岛 四(四)1: 一项或多项."""
    both = {"exited": [HOMESTEAD, LAND], "changed": [LAND]}
    assert ask("exit.independence", "qingdao", {**both, "demanded": []}).verdict is PASSED
    assert ask("exit.independence", "qingdao", {**both, "demanded": [LAND]}).verdict is FAILED


def test_minhou_states_no_independence() -> None:
    ruling = ask("exit.independence", "minhou", {"exited": [HOMESTEAD], **ALONE})
    assert ruling.missing == ("exit.untied.homestead",)


SOME = st.frozensets(st.sampled_from(THREE_RIGHTS))


@given(SOME, SOME, SOME, SOME)
def test_more_demands_never_turn_a_no_into_a_yes(
    exited: frozenset[str], demanded: frozenset[str], more: frozenset[str], changed: frozenset[str]
) -> None:
    few, many = (
        ask("exit.independence", "jinan", {"exited": exited, "demanded": asked, "changed": changed})
        for asked in (demanded, demanded | more)
    )
    assert few.value is not False or many.value is False


@pytest.mark.parametrize(
    ("zone", "demanded", "verdict"),
    [
        ("minhou", [], PASSED),
        ("minhou", ["集体收益分配权"], FAILED),
        ("qingdao", ["集体收益分配权"], FAILED),
        ("jinan", ["土地承包经营权"], FAILED),  # 农村土地承包法 第二十七条
        ("jinan", ["宅基地"], FAILED),  # 土地管理法实施条例 第三十六条
        ("jinan", ["集体收益分配权"], OPEN),
        ("jinan", [], PASSED),
        ("jinan", None, OPEN),
    ],
)
def test_settling_in_town_costs_no_right(zone: str, demanded: list[str] | None, verdict: Verdict) -> None:
    assert ask("exit.settlement_protection", zone, {"demanded": demanded}).verdict is verdict
