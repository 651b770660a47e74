"""抵押: what nobody may pledge, what needs a bank, a record or a consent, and what the zone's document lets."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronghe.mechanisms.casework.models import Case
from ronghe.policy.rulebook import Given
from ronghe.policy.ruling import Verdict

from ..errors import NotPledgeable
from ..models import Restriction
from ..rules.kinds import RIGHT_TITLES, RestrictionKind, RightKind, UnitKind
from ..rules.matters import Matter
from ..rules.pledging import BY_ZONE, CONTRACTED, NEVER, PledgeFacts, Shown, pledge, shown_for
from ..services import Term
from ..services.entering import write_entry
from ..services.pledging import pledge_ruling
from . import factories as make
from .registering import DAY, Office, done, entered, opened

ALL_SHOWN = {"to_bank": True, "is_filed": True, "contractor_consents": True, "is_entered": True, "zone_allows": True}
BANK = {"holder": "高青农商银行", "amount_fen": 50_000_00}


def said(kind: RightKind, **known):
    return pledge(PledgeFacts(right=kind.title, **known), Given(()))


# -- the rule ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(NEVER))
def test_what_nobody_may_pledge_stays_so_whatever_is_shown(kind):
    # 民法典 第三百九十九条第一项 for the land itself
    found = said(kind, **ALL_SHOWN)
    assert found.value is False
    assert "民法典第三百" in found.steps[0].finding
    assert "可以" in found.steps[0].finding


@pytest.mark.parametrize("kind", sorted(set(RightKind) - NEVER))
def test_whatever_else_is_registered_may_be_pledged_once_all_is_shown(kind):
    assert said(kind, **ALL_SHOWN).value is True


@pytest.mark.parametrize("kind", sorted(CONTRACTED))
def test_the_contractor_pledges_to_a_bank_and_on_record(kind):
    # 农村土地承包法 第四十七条第一款, first sentence: nobody else has to consent
    assert said(kind, to_bank=True, is_filed=True).value is True
    assert "金融机构" in said(kind, to_bank=False, is_filed=True).steps[0].finding
    assert "备案" in said(kind, to_bank=True, is_filed=False).steps[1].finding
    assert said(kind).missing == ("to_bank", "is_filed")


def test_who_took_the_operation_over_needs_the_contractor_too():
    # 第四十七条第一款, second sentence
    known = {"to_bank": True, "is_filed": True}
    assert said(RightKind.OPERATION, **known, contractor_consents=True).value is True
    assert said(RightKind.OPERATION, **known, contractor_consents=False).value is False
    assert said(RightKind.OPERATION, **known).missing == ("contractor_consents",)


def test_construction_land_goes_with_its_building_or_when_it_has_entered_the_market():
    # 民法典 第三百九十八条; 土地管理法 第六十三条第三款
    refused = said(RightKind.COLLECTIVE_USE, is_entered=False)
    assert refused.value is False
    assert "不得单独抵押" in refused.steps[0].finding
    assert said(RightKind.COLLECTIVE_USE, is_entered=True).value is True
    assert said(RightKind.COLLECTIVE_HOUSE).value is True


@pytest.mark.parametrize("kind", sorted(BY_ZONE))
def test_a_homestead_is_barred_unless_the_zone_takes_it(kind):
    assert [said(kind, zone_allows=way).value for way in (False, True, None)] == [False, True, None]


@given(
    kind=st.sampled_from(sorted(RightKind)),
    known=st.fixed_dictionaries({k: st.none() | st.booleans() for k in ALL_SHOWN}),
)
def test_showing_more_never_turns_a_yes_into_a_no(kind, known):
    facts = PledgeFacts(right=kind.title, **known)
    before = pledge(facts, Given(())).verdict
    for name in ALL_SHOWN:
        after = pledge(replace(facts, **{name: True}), Given(())).verdict
        assert not (before is Verdict.PASSED and after is not Verdict.PASSED)
        assert not (before is Verdict.UNDECIDABLE and after is Verdict.FAILED)


def test_each_fact_that_is_asked_for_matters_to_its_kind():
    """Without what is asked for, the right is not pledged; each kind has its title."""
    names = {Shown.BANK: "to_bank", Shown.FILED: "is_filed", Shown.CONTRACTOR_CONSENTS: "contractor_consents",
             Shown.ENTERED: "is_entered", Shown.OTHER_DWELLING: "zone_allows"}  # fmt: skip
    for kind in RIGHT_TITLES:
        for one in shown_for(kind):
            assert said(kind, **{**ALL_SHOWN, names[one]: False}).value is False, (kind, one)


# -- at the counter and at the entry -------------------------------------------------------------------------------------


@pytest.fixture
def office(db, packs, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office()


pytestmark = pytest.mark.django_db


def test_land_itself_is_refused_with_the_clause_and_what_to_do(office):
    unit, used = make.homestead()
    with pytest.raises(NotPledgeable, match=r"民法典第三百九十九条：土地所有权不得抵押.*可以改用"):
        opened(office, unit, Matter.MORTGAGE, rrr_id=used.parent_id, **BANK)
    assert not Case.objects.filter(procedure="registry.mortgage").exists()


def test_a_bare_homestead_is_refused_and_a_farm_house_taken_where_the_zone_takes_it(office):
    # 淄博 二(三)2(2), in which 高青 lies: 农民住房财产权, not the bare homestead
    bare, used = make.homestead()
    with pytest.raises(NotPledgeable, match=r"宅基地使用权不得抵押.*没有允许以宅基地使用权抵押"):
        opened(office, bare, Matter.MORTGAGE, rrr_id=used.pk, **BANK)
    housed, owned = make.homestead(house=True, geometry=make.square(3), owner=make.collective("乙社"))
    done(office, opened(office, housed, Matter.MORTGAGE, rrr_id=owned.pk, **BANK))
    assert Restriction.objects.current().as_of(DAY).filter(baunit=housed, kind=RestrictionKind.MORTGAGE).exists()


def test_contracted_land_is_pledged_with_a_bank_and_on_record(office):
    unit, contract = make.contracted()
    with pytest.raises(NotPledgeable, match=r"不是金融机构.*没有向发包方备案"):
        opened(office, unit, Matter.MORTGAGE, rrr_id=contract.pk, shown=(), **BANK)
    made = opened(office, unit, Matter.MORTGAGE, rrr_id=contract.pk, shown=(Shown.FILED, Shown.BANK), **BANK)
    assert made.shown == ["bank", "filed"]
    assert entered(office, made).step == "certify"


def test_who_operates_the_land_pledges_with_the_contractors_consent(office):
    unit, contract = make.contracted()
    farm = make.household("演示营")
    operated = make.right(unit, RightKind.OPERATION, farm, term=Term(unit.opened_on, date(2040, 1, 1)), parent=contract)
    with pytest.raises(NotPledgeable, match="没有承包方书面同意，请承包方签署同意书"):
        opened(office, unit, Matter.MORTGAGE, rrr_id=operated.pk, shown=(Shown.FILED, Shown.BANK), **BANK)
    assert opened(office, unit, Matter.MORTGAGE, rrr_id=operated.pk, **BANK).shown == sorted(Shown)


def test_construction_land_that_has_not_entered_the_market_waits_for_its_building(office):
    unit = make.unit(UnitKind.CONSTRUCTION)
    used = make.right(unit, RightKind.COLLECTIVE_USE, make.household("演示厂"))
    with pytest.raises(NotPledgeable, match="不得单独抵押"):
        opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, shown=(), **BANK)
    assert opened(office, unit, Matter.MORTGAGE, rrr_id=used.pk, shown=(Shown.ENTERED,), **BANK).pk


def test_the_form_asks_for_what_its_unit_needs_and_offers_nothing_that_nobody_may_pledge(office):
    window = office.window.client()
    unit, _ = make.contracted()
    page = window.get(f"/registry/units/{unit.code}/apply/mortgage").content.decode()
    assert all(one.title in page for one in (Shown.BANK, Shown.FILED, Shown.CONTRACTOR_CONSENTS))
    assert Shown.ENTERED.title not in page
    home, used = make.homestead(geometry=make.square(3))
    page = window.get(f"/registry/units/{home.code}/apply/mortgage").content.decode()
    assert f'value="{used.pk}"' in page
    assert f'value="{used.parent_id}"' not in page
    given = {
        "source_kind": "agreement", "source_title": "抵押合同", "source_issued_on": "2026-11-20", "cause": "contract",
        "rrr": used.pk, "protected": "高青农商银行", "amount_yuan": "1000", "is_joint": "on",
    }  # fmt: skip
    answer = window.post(f"/registry/units/{home.code}/apply/mortgage", given)
    assert (answer.status_code, "民法典第三百九十九条" in answer.content.decode()) == (409, True)


def test_the_same_is_asked_at_the_review_and_at_the_entry(office):
    """What the counter took in on papers that were none is refused where it would be entered."""
    unit, contract = make.contracted()
    made = opened(office, unit, Matter.MORTGAGE, rrr_id=contract.pk, **BANK)
    made.shown = ["bank"]
    assert "没有向发包方备案" in "；".join(step.finding for step in pledge_ruling(made).steps)
    with pytest.raises(NotPledgeable, match="没有向发包方备案"):
        write_entry(made, [unit], actor=office.registrar.actor, at=make.NOON)
