"""A farmer's page: what stands in one's name, and the proof that anyone can check by telephone."""

from datetime import date

import pytest
from django.test import Client

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.accounts.tests.factories import mandate
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.files import services as files
from ronghe.kernel.pages.search import Sought
from ronghe.kernel.papers.models import Paper
from ronghe.kernel.parties import services as parties
from ronghe.kernel.parties.models import HouseholdMember
from tests.people import person

from .. import home, search, services
from ..errors import NothingHeld, ProofNotFound
from ..queries import proofs
from ..rules.kinds import RestrictionKind, RightKind
from ..services import Holder, Term
from ..services.applications import rights_held
from . import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make.people.places()


def head_of(household):
    return HouseholdMember.objects.current().get(household=household, is_head=True).person


def farmer(household) -> tuple[Client, Actor]:
    """The head of a household, signed in, acting for herself."""
    given = mandate(party=head_of(household))
    browser = Client()
    browser.force_login(given.user, "django.contrib.auth.backends.ModelBackend")
    return browser, Actor(given.user_id, Role.SELF, None, None, given.party_id)


def test_what_stands_in_the_name_of_ones_household_is_told_in_plain_words():
    house = make.household("演示甲")
    unit, used = make.homestead(house, house=True)
    number = services.certify(rrr_id=used.pk, on=make.DAY, actor=SYSTEM, at=make.NOON).number
    make.homestead(make.household("演示邻"), make.collective("乙社"), geometry=make.square(3))
    browser, _ = farmer(house)
    text = browser.get("/registry/mine/").content.decode()
    for word in (
        "宅基地使用权及房屋所有权",
        "宅基地资格权",
        "甲村 1 号",
        "亩）",
        "长期",
        number,
        unit.code,
        "没有查封、抵押、异议",
    ):
        assert word in text, word
    assert "演示邻" not in text
    assert text.count('class="own-card"') == 2


def test_what_was_entered_under_a_record_that_was_merged_stays_ones_own():
    house = make.household("演示甲")
    without = parties.NewPerson("演示甲", birth_date=date(1980, 5, 1))
    again = parties.register_person(new=without, division=make.VILLAGE, actor=SYSTEM, at=make.NOON)
    unit, used = make.contracted(again)
    browser, actor = farmer(house)
    assert unit.code not in browser.get("/registry/mine/").content.decode()
    merged = parties.merge_parties(
        source_id=again.pk, target_id=head_of(house).pk, reason="同一户登记了两次", actor=SYSTEM, at=make.NOON
    )
    used.refresh_from_db()
    assert used.rights.get().party_id == again.pk, "the book keeps the name that was entered"
    assert unit.code in browser.get("/registry/mine/").content.decode()
    assert browser.get(f"/registry/units/{unit.code}/").status_code == 200
    assert rights_held(actor.on_behalf_of_id, on=make.DAY).filter(baunit=unit).exists()
    parties.undo_merge(merge_id=merged.pk, reason="核实是两户", actor=SYSTEM, at=make.NOON)
    assert unit.code not in browser.get("/registry/mine/").content.decode()


def test_burdens_and_what_was_passed_on_stand_on_the_card():
    house, farm = make.household("演示农"), make.household("演示场")
    plot, contract = make.contracted(house)
    make.right(plot, RightKind.OPERATION, farm, term=Term(date(2024, 1, 1), date(2031, 1, 1)), parent=contract)
    services.restrict(
        baunit_id=plot.pk, kind=RestrictionKind.MORTGAGE, term=Term(date(2024, 2, 1)), holder="演示银行",
        source_id=make.source(), amount_fen=100, actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    text = farmer(house)[0].get("/registry/mine/").content.decode()
    assert "到 2045-05-31" in text
    assert "土地经营权：演示场户，到 2030-12-31" in text
    assert "抵押权 演示银行" in text


def test_a_mortgage_of_one_right_does_not_stand_on_the_card_of_another():
    house = make.household("演示甲")
    unit, used = make.homestead(house)
    services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.MORTGAGE, term=Term(date(2024, 2, 1)), holder="演示银行",
        parent_id=used.pk, source_id=make.source(), amount_fen=100, actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    browser, actor = farmer(house)
    assert browser.get("/registry/mine/").content.decode().count("抵押权 演示银行") == 1
    told = dict(services.issue_extract(actor=actor, at=make.NOON).public)
    assert sorted("有抵押权" in told[key] for key in ("权利 1", "权利 2")) == [False, True]


def test_somebody_without_rights_is_told_where_to_ask():
    browser, actor = farmer(make.household("演示无"))
    assert "没有登记在您名下的权利" in browser.get("/registry/mine/").content.decode()
    with pytest.raises(NothingHeld):
        services.issue_extract(actor=actor, at=make.NOON)
    assert browser.post("/registry/mine/prove").status_code == 409


def test_a_holder_opens_her_unit_and_names_of_others_are_masked_once_she_holds_nothing():
    seller, buyer = make.household("演示卖方"), make.household("演示买方")
    unit, used = make.homestead(seller)
    qualified = unit.rrrs.get(kind=RightKind.QUALIFICATION)
    browser, _ = farmer(seller)
    address = f"/registry/units/{unit.code}/"
    assert "演示卖方户享有宅基地使用权" in browser.get(address).content.decode()
    services.transfer_right(
        rrr_id=used.pk, to=[Holder(buyer.pk)], on=make.DAY, source_id=make.source(), actor=SYSTEM, at=make.NOON
    )
    assert "演示买方户" in browser.get(address).content.decode(), "she still holds the qualification"
    services.end_right(rrr_id=qualified.pk, on=make.DAY, source_id=make.source(), actor=SYSTEM, at=make.NOON)
    text = browser.get(address).content.decode()
    assert "演示买方户" not in text
    assert "演***户享有宅基地使用权" in text
    assert "事件" not in text


def test_a_proof_is_checked_by_anybody_and_tells_no_name_in_full():
    house = make.household("演示甲")
    unit, _ = make.homestead(house)
    browser, _ = farmer(house)
    answer = browser.post("/registry/mine/prove")
    paper = Paper.objects.get()
    assert answer["Location"] == f"/registry/mine/proofs/{paper.pk}/"
    assert paper.title == "不动产登记信息查询证明"
    assert paper.code[:4] in browser.get(answer["Location"]).content.decode()
    pdf = browser.get(f"/registry/mine/proofs/{paper.pk}.pdf")
    assert b"".join(pdf).startswith(b"%PDF")
    checked = Client().get(f"/papers/check/{paper.code}/", follow=True).content.decode()
    assert "有效" in checked
    assert "宅基地使用权，甲村" in checked
    assert "演示甲户" not in checked
    assert "1 号" not in checked, "no house number"
    told = files.content(paper.facts_id).decode()
    assert unit.code in told
    assert "演示甲户" in told


def test_a_repeat_gives_the_same_proof_until_the_register_says_otherwise():
    house = make.household("演示甲")
    unit, _ = make.homestead(house)
    _, actor = farmer(house)
    first, again = (services.issue_extract(actor=actor, at=make.NOON) for _ in range(2))
    assert first == again
    services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.SEIZURE, term=Term(make.DAY), holder="演示法院", source_id=make.source(),
        actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    other = services.issue_extract(actor=actor, at=make.NOON)
    assert other != first
    assert "有查封" in dict(other.public)["权利 1"]


def test_nobody_opens_the_proof_of_another():
    house, other = make.household("演示甲"), make.household("演示乙")
    make.homestead(house)
    _, actor = farmer(house)
    paper = services.issue_extract(actor=actor, at=make.NOON)
    stranger, stranger_actor = farmer(other)
    with pytest.raises(ProofNotFound):
        proofs.own_proof(paper.pk, actor=stranger_actor)
    assert stranger.get(f"/registry/mine/proofs/{paper.pk}/").status_code == 404
    assert stranger.get(f"/registry/mine/proofs/{paper.pk}.pdf").status_code == 404
    assert Client().get(f"/registry/mine/proofs/{paper.pk}.pdf").status_code == 302
    assert person(Role.DEPARTMENT, "370322000000").client().get("/registry/mine/").status_code == 403


def test_desk_and_search_find_ones_own_and_staff_what_is_theirs():
    house = make.household("演示甲")
    unit, _ = make.homestead(house)
    make.homestead(make.household("演示邻"), make.collective("乙社"), geometry=make.square(3))
    _, actor = farmer(house)
    assert [told.count for told in home.mine(actor, make.DAY)] == [1]
    assert [hit.href for hit in search._own(Sought("甲村", actor, make.DAY))] == [f"/registry/units/{unit.code}/"]
    assert search._own(Sought("演示邻", actor, make.DAY)) == []
    staff = Actor(1, Role.DEPARTMENT, None, "370322000000")
    assert [hit.href for hit in search._units(Sought("演示甲", staff, make.DAY))] == [f"/registry/units/{unit.code}/"]
    assert search._units(Sought("演示甲", Actor(1, Role.DEPARTMENT, None, "370306000000"), make.DAY)) == []
