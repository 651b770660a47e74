"""入市方案: approval, contents, filing and the local rules."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.exchange.rules.plans import (
    CONTENTS,
    DOCUMENT,
    TOPICS,
    ApprovalFacts,
    ContentsFacts,
    FilingFacts,
    LocalRulesFacts,
    filing,
    local_rules,
    plan_approval,
    plan_contents,
)
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import by_hand, in_zone


def test_jinan_approves_the_plan_of_the_collective():
    # 济南 四(一)3
    values = in_zone("entry.plan_approval", "jinan")
    assert plan_approval(ApprovalFacts("农村集体经济组织", True), values).value is True
    assert plan_approval(ApprovalFacts("村民委员会", True), values).value is False
    no = plan_approval(ApprovalFacts("农村集体经济组织", False), values)
    assert no.value is False
    assert "报区政府（管委会）批准" in no.steps[-1].finding


@pytest.mark.parametrize("slug", ["qingdao", "zibo", "minhou", "gaoqing"])
def test_elsewhere_no_approval_is_stated(slug):
    ruling = plan_approval(ApprovalFacts("农村集体经济组织", True), in_zone("entry.plan_approval", slug))
    assert ruling.missing == ("entry.plan.approval",)


def test_a_plan_says_all_that_the_law_asks_for():
    # 实施条例 第四十条
    values = in_zone("entry.plan_contents", "zibo")
    whole = values.members(CONTENTS)
    assert len(whole) == 10
    assert plan_contents(ContentsFacts(whole), values).value is True
    for one in whole:
        short = plan_contents(ContentsFacts(whole - {one}), values)
        assert short.value is False
        assert one in short.steps[0].finding


def said(on=date(2026, 1, 5), **facts):
    facts = {"has_written_opinion": True, "workdays_ahead": 10, "has_objection": False, **facts}
    return filing(FilingFacts(**facts), in_zone("entry.filing", "qingdao", on=on))


@pytest.mark.parametrize(("days", "value"), [(10, True), (9, False), (11, True)])
def test_filed_no_fewer_than_ten_working_days_before(days, value):
    # 实施条例 第四十条: 不少于 includes the number
    assert said(workdays_ahead=days).value is value


def test_an_objection_is_answered_by_amending():
    assert said(has_objection=True).missing == ("is_amended",)
    assert said(has_objection=True, is_amended=False).value is False
    assert said(has_objection=True, is_amended=True).value is True
    assert said(has_objection=None).missing == ("has_objection",)


@pytest.mark.parametrize(("day", "late"), [(5, False), (6, True)])
def test_an_objection_after_five_working_days_is_told_and_still_binds(day, late):
    ruling = said(has_objection=True, is_amended=False, objection_workday=day)
    assert ruling.value is False
    assert any("晚于 5 个工作日" in step.finding for step in ruling.steps) is late


def test_no_filing_without_the_collectives_written_opinion():
    assert said(has_written_opinion=False).value is False


def test_before_the_regulation_filing_was_not_stated():
    assert said(on=date(2021, 8, 31)).verdict is Verdict.UNDECIDABLE


@given(st.integers(0, 60), st.integers(0, 60))
def test_more_days_never_turn_a_yes_into_a_no(days, more):
    if said(workdays_ahead=days).value:
        assert said(workdays_ahead=days + more).value


def test_local_rules_are_awaited_until_their_number_is_entered():
    # 高青 四(二)6
    values = in_zone("entry.local_rules", "gaoqing")
    topics = values.members(TOPICS)
    assert "入市范围" in topics
    assert local_rules(LocalRulesFacts(topics), values).missing == (DOCUMENT,)
    issued = by_hand("entry.local_rules", {TOPICS: topics, DOCUMENT: "高政发〔2023〕1号"})
    assert local_rules(LocalRulesFacts(topics), issued).value is True
    assert local_rules(LocalRulesFacts(topics - {"入市范围"}), issued).value is False
