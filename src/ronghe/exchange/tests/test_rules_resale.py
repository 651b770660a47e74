"""再次交易与权能: consent, contract, notice and what is left of the term."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.exchange.rules.resale import PowersFacts, ResaleFacts, equal_powers, owner_consent
from ronghe.policy.tests.asked import DAY, in_zone

SOUND = {
    "kind": "转让",
    "remaining_years": Fraction("30"),
    "has_owner_consent": True,
    "is_forbidden_by_contract": False,
    "has_written_contract": True,
    "has_owner_notice": True,
}


def said(slug="qingdao", on=DAY, **facts):
    return owner_consent(ResaleFacts(**{**SOUND, **facts}), in_zone("entry.owner_consent", slug, on=on))


@pytest.mark.parametrize("kind", ["转让", "互换", "出资", "赠与", "抵押"])
@pytest.mark.parametrize("slug", ["qingdao", "zibo", "gaoqing"])
def test_every_kind_needs_the_landowners_consent(slug, kind):
    # 青岛 三(二)4; 淄博 二(一)2(4)
    assert said(slug, kind=kind).value is True
    assert said(slug, kind=kind, has_owner_consent=False).value is False
    assert said(slug, kind=kind, has_owner_consent=None).missing == ("has_owner_consent",)


@pytest.mark.parametrize("slug", ["jinan", "minhou"])
def test_where_no_document_asks_for_consent_the_contract_may_forbid(slug):
    # 土地管理法 第六十三条第三款
    assert said(slug, has_owner_consent=None).value is True
    assert said(slug, is_forbidden_by_contract=True).value is False


@pytest.mark.parametrize("name", ["has_written_contract", "has_owner_notice"])
def test_in_writing_since_the_regulation_of_2021(name):
    # 实施条例 第四十三条
    assert said(**{name: False}).value is False
    assert said(on=date(2021, 8, 31), **{name: False}).value is True


@pytest.mark.parametrize(("left", "value"), [("0", False), ("1/365", True)])
def test_only_within_the_term(left, value):
    assert said(remaining_years=Fraction(left)).value is value


@pytest.mark.parametrize(("wanted", "value"), [("30", True), ("301/10", False)])
def test_the_taker_gets_what_is_left(wanted, value):
    # 国务院令第55号 第二十二条
    assert said(new_term_years=Fraction(wanted)).value is value


@given(st.fractions(0, 50), st.fractions(0, 50), st.fractions(0, 50))
def test_more_of_the_term_left_never_turns_a_yes_into_a_no(left, more, wanted):
    if said(remaining_years=left, new_term_years=wanted).value:
        assert said(remaining_years=left + more, new_term_years=wanted).value


@pytest.mark.parametrize("slug", ["zibo", "jinan", "gaoqing"])
def test_powers_equal_to_state_land(slug):
    # 淄博 二(一)1(3); 济南 四(三)1
    values = in_zone("entry.equal_powers", slug)
    for power in ("转让", "出租", "抵押"):
        assert equal_powers(PowersFacts(power, True, True), values).value is True
    assert equal_powers(PowersFacts("转让", False, True), values).value is False
    assert equal_powers(PowersFacts("转让", True, False), values).value is False
