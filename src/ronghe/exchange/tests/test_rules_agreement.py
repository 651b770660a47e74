"""协议入市: both sides of the limit, and what is missing where it cannot be told."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.exchange.rules.agreement import AREA_MAX, SCATTERED, AgreementFacts, agreement_exception
from ronghe.policy.ruling import Verdict
from ronghe.policy.tests.asked import by_hand, in_zone

AGREED = {"has_collective_consent": True, "has_approval": True}


@pytest.mark.parametrize(("area", "value"), [("5", True), ("5001/1000", None), ("499/100", True)])
def test_five_mu_in_qingdao(area, value):
    # 三(二)3: 五亩以下; 民法典 第一千二百五十九条: 以下 includes the number
    facts = AgreementFacts(area_mu=Fraction(area), **AGREED)
    assert agreement_exception(facts, in_zone("entry.agreement_exception", "qingdao")).value is value


@pytest.mark.parametrize(("scattered", "value"), [(True, True), (False, False), (None, None)])
def test_more_than_five_mu_only_when_scattered(scattered, value):
    facts = AgreementFacts(area_mu=Fraction("6"), is_scattered=scattered, **AGREED)
    assert agreement_exception(facts, in_zone("entry.agreement_exception", "qingdao")).value is value


def test_zibo_leaves_the_area_open_so_a_small_parcel_cannot_be_told():
    values = in_zone("entry.agreement_exception", "zibo")
    small = agreement_exception(AgreementFacts(area_mu=Fraction("1"), is_scattered=False, **AGREED), values)
    assert small.verdict is Verdict.UNDECIDABLE
    assert small.missing == (AREA_MAX,)
    assert agreement_exception(AgreementFacts(is_scattered=True, **AGREED), values).value is True
    assert in_zone("entry.agreement_exception", "gaoqing")[AREA_MAX].zone == "zibo"


def test_jinan_asks_for_approval_alone():
    values = in_zone("entry.agreement_exception", "jinan")
    assert agreement_exception(AgreementFacts(has_approval=True), values).value is True
    assert agreement_exception(AgreementFacts(area_mu=Fraction("1"), has_approval=False), values).value is False


def test_minhou_states_nothing():
    ruling = agreement_exception(
        AgreementFacts(area_mu=Fraction("1"), **AGREED), in_zone("entry.agreement_exception", "minhou")
    )
    assert ruling.verdict is Verdict.UNDECIDABLE
    assert AREA_MAX in ruling.missing


def test_without_the_collective_there_is_no_agreement():
    facts = AgreementFacts(area_mu=Fraction("1"), has_collective_consent=False, has_approval=True)
    ruling = agreement_exception(facts, in_zone("entry.agreement_exception", "qingdao"))
    assert ruling.value is False
    assert any("先经农村集体同意" in step.finding for step in ruling.steps)


def test_a_zone_that_only_knows_scattered_parcels():
    values = by_hand("entry.agreement_exception", {SCATTERED: True, AREA_MAX: None})
    assert agreement_exception(AgreementFacts(is_scattered=True), values).value is True


@given(
    st.fractions(0, 50),
    st.fractions(0, 50),
    st.none() | st.booleans(),
)
def test_more_area_never_turns_a_no_into_a_yes(area: Fraction, more: Fraction, scattered):
    values = in_zone("entry.agreement_exception", "qingdao")

    def ruling(mu):
        return agreement_exception(AgreementFacts(area_mu=mu, is_scattered=scattered, **AGREED), values)

    if ruling(area).value is not True:
        assert ruling(area + more).value is not True
