"""公共服务: promised shares, low-income standards and the upkeep of facilities."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.facilities.rules.coverage import PROMISES, CoverageFacts, coverage
from ronghe.facilities.rules.low_income import LINKED_TO, SHARE, LowIncomeFacts, low_income_standard
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import ask, by_hand


@pytest.mark.parametrize(
    ("zone", "service"),
    [("zibo", "临时救助备用金"), ("minhou", "居家养老服务站"), ("jinan", "村卫生室房屋公有")],
)
def test_full_coverage_means_every_place(zone: str, service: str) -> None:
    # 淄博 二(七)5; 闽侯 二(六)3; 济南 八(四)
    assert ask("service.coverage", zone, service=service, covered=88, total=88).value is True
    short = ask("service.coverage", zone, service=service, covered=87, total=88)
    assert short.value is False
    assert "还差 1 个" in short.steps[0].finding


def test_nearly_all_villages_is_no_figure() -> None:
    # 淄博 二(七)1 says 基本实现
    ruling = ask("service.coverage", "zibo", service="通户道路", covered=88, total=88)
    assert ruling.missing == ("service.roads.household_rate",)


def test_counts_that_cannot_be_are_asked_for_again() -> None:
    for covered, total in ((89, 88), (0, 0)):
        ruling = ask("service.coverage", "jinan", service="村卫生室房屋公有", covered=covered, total=total)
        assert (ruling.verdict, ruling.missing) == (Verdict.UNDECIDABLE, ("covered", "total"))


def test_a_zone_that_promised_nothing_is_undecidable() -> None:
    ruling = ask("service.coverage", "qingdao", service="通户道路", covered=1, total=1)
    assert ruling.missing == ("service.roads.household_rate",)


def test_minhou_has_one_low_income_standard() -> None:
    # 闽侯 二(六)4
    code = "service.low_income_standard"
    assert ask(code, "minhou", urban_yuan=Fraction(800), rural_yuan=Fraction(800)).value is True
    assert ask(code, "minhou", urban_yuan=Fraction(800), rural_yuan=Fraction(799)).value is False
    assert ask(code, "minhou", urban_yuan=Fraction(800)).missing == ("rural_yuan",)


def test_the_share_of_spending_in_zibo_is_for_the_place_to_fix() -> None:
    # 淄博 二(七)5
    facts = {"urban_yuan": Fraction(900), "rural_yuan": Fraction(700), "consumption_yuan": Fraction(2000)}
    assert ask("service.low_income_standard", "zibo", **facts).missing == (SHARE,)
    fixed = by_hand("service.low_income_standard", {LINKED_TO: "消费支出", SHARE: Fraction(7, 20)})
    # 2000 × 7/20 = 700: at the line is enough
    assert low_income_standard(LowIncomeFacts(**facts), fixed).value is True
    below = facts | {"rural_yuan": Fraction(69999, 100)}
    assert low_income_standard(LowIncomeFacts(**below), fixed).value is False


def test_upkeep_needs_five_things_and_covers_five() -> None:
    # 闽侯 二(五)3
    has = frozenset({"制度", "标准", "队伍", "经费", "督查"})
    covers = frozenset({"农村污水治理", "生活垃圾收运处理", "道路修护", "绿化养护", "公共设施维护"})
    assert ask("service.maintenance", "minhou", has=has, covers=covers).value is True
    short = ask("service.maintenance", "minhou", has=has - {"经费"}, covers=covers)
    assert short.value is False
    assert "缺少：经费" in short.steps[0].finding
    assert ask("service.maintenance", "minhou", has=has).missing == ("covers",)


@given(
    total=st.integers(1, 300), covered=st.integers(0, 300), more=st.integers(0, 300),
    promise=st.fractions(0, 1, max_denominator=20),
)  # fmt: skip
def test_more_covered_places_never_turn_a_yes_into_a_no(total: int, covered: int, more: int, promise: Fraction) -> None:
    service, name = next(iter(PROMISES.items()))
    given_promise = by_hand("service.coverage", {name: promise})
    low = coverage(CoverageFacts(service=service, covered=covered, total=total), given_promise)
    high = coverage(CoverageFacts(service=service, covered=covered + more, total=total), given_promise)
    assert not (low.value is True and high.value is False)
