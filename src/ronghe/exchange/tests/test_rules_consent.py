"""集体表决: two thirds of all, not of those present."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.exchange.rules.consent import ConsentFacts, collective_consent
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import in_zone

BEFORE, AFTER = date(2025, 4, 30), date(2025, 5, 1)


def said(on=AFTER, **facts):
    facts = {"body": "成员大会", "was_discussed_by_party": True, **facts}
    return collective_consent(ConsentFacts(**facts), in_zone("entry.collective_consent", "jinan", on=on))


@pytest.mark.parametrize(
    ("entitled", "consenting", "value"),
    [(300, 200, True), (300, 199, False), (31, 21, True), (31, 20, False)],  # 31 × 2/3 = 20.67
)
def test_two_thirds_includes_the_number(entitled, consenting, value):
    # 土地管理法 第六十三条第二款; 民法典 第一千二百五十九条
    assert said(entitled=entitled, attending=entitled, consenting=consenting).value is value


def test_those_present_are_not_the_base():
    # all 210 present of 300 agree: 210 ≥ 200; all 199 present agree: 199 < 200, and 199 < 2/3 of 300 present
    assert said(entitled=300, attending=210, consenting=210).value is True
    assert said(entitled=300, attending=199, consenting=199).value is False


def test_an_assembly_needs_two_thirds_present_since_the_law_of_2024():
    few = {"entitled": 300, "attending": 199, "consenting": 199}
    assert sum(step.ok is False for step in said(AFTER, **few).steps) == 2
    assert sum(step.ok is False for step in said(BEFORE, **few).steps) == 1


def test_representatives_need_the_charter():
    # 农村集体经济组织法 第二十八条
    facts = {"body": "成员代表大会", "entitled": 30, "consenting": 20}
    assert said(**facts, is_authorised_by_charter=True).value is True
    assert said(**facts, is_authorised_by_charter=False).value is False
    assert said(**facts).missing == ("is_authorised_by_charter",)
    assert said(BEFORE, **facts).value is True


def test_the_party_organisation_discusses_first():
    facts = {"entitled": 3, "attending": 3, "consenting": 3}
    assert said(**facts, was_discussed_by_party=False).value is False
    assert said(BEFORE, **facts, was_discussed_by_party=False).value is True


@pytest.mark.parametrize(
    "facts",
    [
        {"entitled": 10, "attending": 10, "consenting": 11},
        {"entitled": 0, "attending": 0, "consenting": 0},
        {"entitled": 10, "attending": 8, "consenting": 9},
        {"entitled": 10, "attending": 12, "consenting": 9},
    ],
)
def test_figures_that_contradict_one_another_decide_nothing(facts):
    ruling = said(**facts)
    assert ruling.verdict is Verdict.UNDECIDABLE
    assert any("不相符" in step.finding for step in ruling.steps)


def test_before_the_land_law_of_2019_nothing_is_stated():
    assert said(date(2019, 12, 31), entitled=3, consenting=3).missing == ("entry.consent.threshold",)


@given(st.integers(1, 500), st.data())
def test_more_votes_never_turn_a_yes_into_a_no(entitled, data):
    votes = data.draw(st.integers(0, entitled))
    more = data.draw(st.integers(votes, entitled))
    if said(entitled=entitled, attending=entitled, consenting=votes).value:
        assert said(entitled=entitled, attending=entitled, consenting=more).value


@given(st.integers(1, 500), st.data())
def test_the_share_is_exact(entitled, data):
    votes = data.draw(st.integers(0, entitled))
    assert said(entitled=entitled, attending=entitled, consenting=votes).value is (votes * 3 >= entitled * 2)
