"""资金平衡与减免: the ladders and exemptions of the zones that differ."""

from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from ronghe.policy.tests.asked import by_hand, in_zone

from ..rules import funding as rules

CODES = {
    "renewal.balance_scope": (rules.balance_scope, rules.BalanceScopeFacts),
    "renewal.balance_tools": (rules.balance_tools, rules.BalanceToolFacts),
    "renewal.fee_exemption": (rules.fee_exemption, rules.FeeFacts),
    "renewal.private_capital": (rules.private_capital, rules.CapitalFacts),
}
COST = Fraction(1_000_000_000)
SHORT = Fraction(999_999_999)


# -- 青岛 五(一)2, 淄博 二(四)2(3), 济南 五(三) 八(七): the ladder -----------------------------------------------------


def scope(zone: str, proposed: str, tried: tuple[str, ...] | None = None, *, income: Fraction = SHORT):
    facts = rules.BalanceScopeFacts(COST, income, proposed, tried)
    return rules.balance_scope(facts, in_zone("renewal.balance_scope", zone))


@pytest.mark.parametrize("zone", ["qingdao", "zibo", "gaoqing"])
def test_the_town_comes_before_the_district(zone):
    assert scope(zone, "镇街").value is True
    assert scope(zone, "区县", ("镇街",)).value is True
    skipped = scope(zone, "区县", ())
    assert skipped.value is False
    assert "先在“镇街”范围内平衡" in skipped.steps[1].finding
    assert scope(zone, "区县").missing == ("tried",)
    assert scope(zone, "国有建设用地捆绑", ("镇街", "区县")).value is False


def test_in_jinan_the_district_comes_before_state_land():
    assert scope("jinan", "区县").value is True
    assert scope("jinan", "国有建设用地捆绑", ("区县",)).value is True
    assert scope("jinan", "国有建设用地捆绑", ()).value is False
    assert scope("jinan", "镇街").value is False


def test_a_project_that_pays_for_itself_needs_no_balancing():
    assert scope("qingdao", "镇街", income=COST).value is False
    assert scope("qingdao", "镇街", income=COST - 1).value is True


def test_minhou_states_no_ladder():
    assert scope("minhou", "镇街").missing == ("renewal.balance.ladder",)


@examples(st.permutations(["镇街", "区县", "国有建设用地捆绑"]), st.integers(0, 3), st.integers(0, 2))
def test_having_tried_more_never_turns_a_yes_into_a_no(ladder, tried, proposed):
    given = by_hand("renewal.balance_scope", {"renewal.balance.ladder": tuple(ladder)})

    def allowed(rungs: tuple[str, ...]) -> bool | None:
        return rules.balance_scope(rules.BalanceScopeFacts(COST, SHORT, ladder[proposed], rungs), given).value

    assert not (allowed(tuple(ladder[:tried])) is True and allowed(tuple(ladder)) is False)


# -- 青岛 五(一)2, 济南 五(三): the tools ------------------------------------------------------------------------------


def tools(zone: str, *used: str, **facts):
    known = {"cost_yuan": COST, "income_yuan": SHORT, "tools": frozenset(used), **facts}
    return rules.balance_tools(rules.BalanceToolFacts(**known), in_zone("renewal.balance_tools", zone))


def test_qingdao_opens_its_tools_to_every_project_that_falls_short():
    assert tools("qingdao", "政府补助", "打捆开发").value is True
    assert tools("qingdao", "政府补助", income_yuan=COST).value is False


def test_a_plot_ratio_follows_the_balance_of_cost_and_income_in_qingdao():
    assert tools("qingdao", "合理确定容积率").missing == ("is_plot_ratio_by_cost",)
    assert tools("qingdao", "合理确定容积率", is_plot_ratio_by_cost=True).value is True
    assert tools("qingdao", "合理确定容积率", is_plot_ratio_by_cost=False).value is False


def test_jinan_opens_its_tools_only_to_projects_hit_by_limits():
    assert tools("jinan", "异地安置").missing == ("causes",)
    assert tools("jinan", "异地安置", causes=frozenset({"受双增双减政策影响"})).value is True
    assert tools("jinan", "异地安置", causes=frozenset()).value is False
    hit = frozenset({"受用地和规划条件限制"})
    assert tools("jinan", "合理确定容积率", causes=hit).value is False


def test_zibo_states_no_tools():
    assert tools("zibo", "政府补助").missing == ("renewal.balance.tools",)


# -- 淄博 二(四)2(3), 济南 五(三): fees -------------------------------------------------------------------------------


def fee(zone: str, **facts):
    known = {"is_renewal_project": True, "fee": "行政事业性收费", **facts}
    return rules.fee_exemption(rules.FeeFacts(**known), in_zone("renewal.fee_exemption", zone))


def test_in_zibo_only_a_project_in_the_shantytown_range_is_spared():
    assert fee("zibo", is_in_shantytown=True).value is True
    refused = fee("zibo", is_in_shantytown=False)
    assert refused.value is False
    assert "照常缴费" in refused.steps[-1].finding
    assert fee("zibo", is_provided_by_rules=True).missing == ("is_in_shantytown",)


def test_in_jinan_the_rules_must_provide_for_it():
    assert fee("jinan", is_provided_by_rules=True).value is True
    assert fee("jinan", is_provided_by_rules=False).value is False
    assert fee("jinan", is_in_shantytown=True).missing == ("is_provided_by_rules",)


def test_other_fees_and_other_projects_are_paid():
    assert fee("zibo", is_in_shantytown=True, fee="政府性基金").value is False
    assert fee("zibo", is_in_shantytown=True, is_renewal_project=False).value is False


def test_qingdao_states_no_exemption():
    assert fee("qingdao", is_in_shantytown=True).missing == ("renewal.fees.exempt",)


# -- 青岛 五(二)2, 淄博 二(四)2(1), 闽侯 二(二)3, 济南 五(一) --------------------------------------------------------------


def capital(zone: str, regulation: bool, rate: Fraction | None = None):
    return rules.private_capital(rules.CapitalFacts(regulation, rate), in_zone("renewal.private_capital", zone))


def test_in_zibo_the_regulation_must_be_there_first():
    assert capital("zibo", True).value is True
    assert capital("zibo", False).value is False


@pytest.mark.parametrize("zone", ["qingdao", "minhou", "jinan"])
def test_a_raised_return_needs_a_ceiling_that_a_person_sets(zone):
    assert capital(zone, True, Fraction(8, 100)).missing == ("renewal.capital.return_max",)


@pytest.mark.parametrize("zone", ["qingdao", "minhou", "jinan"])
def test_only_zibo_asks_for_the_regulation(zone):
    # 完善…办法 orders that it be made better, not that it stand first
    steps = capital(zone, False, Fraction(8, 100)).steps
    assert [step.missing for step in steps] == [("renewal.capital.return_max",)]


def test_a_return_may_reach_its_ceiling():
    given = by_hand("renewal.private_capital", {"renewal.capital.return_max": Fraction(8, 100)})
    assert rules.private_capital(rules.CapitalFacts(True, Fraction(8, 100)), given).value is True
    assert rules.private_capital(rules.CapitalFacts(True, Fraction(801, 10000)), given).value is False
