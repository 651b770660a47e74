"""The book: what is entered, passed on, ended, divided and joined, and what is still known of it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from ronghe.kernel.actors import SYSTEM

from .. import services
from ..errors import (
    CodeTaken,
    HolderGone,
    HolderUnfit,
    PartsDoNotFill,
    RegistrationBlocked,
    SharesPassTheWhole,
    SharesWrong,
    TermBeyondParent,
    UnitOver,
)
from ..models import BAUnit, Lineage, Restriction, Right
from ..rules.kinds import RestrictionKind, RightKind, UnitKind
from ..services import Holder, NewPart, Term
from . import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places():
    make.people.places()


def holders_on(rrr, day, known_at=None):
    rows = Right.objects.known_at(known_at).as_of(day).filter(rrr=rrr)
    return {row.party.name: Fraction(row.share_num, row.share_den) for row in rows.select_related("party")}


def test_a_homestead_carries_three_rights_each_with_its_own_history():
    # given a homestead of a household
    house, other = make.household("演示乙"), make.household("演示丙")
    unit, used = make.homestead(house)
    assert unit.code.startswith("370322001200JC00001W")
    # when its use passes to another household of the village
    services.transfer_right(
        rrr_id=used.pk, to=[Holder(other.pk)], on=date(2024, 3, 1), source_id=make.source(), actor=SYSTEM, at=make.NOON
    )
    # then the qualification and the ownership are as they were
    assert holders_on(used, date(2024, 2, 29)) == {house.name: 1}
    assert holders_on(used, date(2024, 3, 1)) == {other.name: 1}
    kept = Right.objects.current().as_of(make.DAY).filter(baunit=unit, kind=RightKind.QUALIFICATION)
    assert [row.party_id for row in kept] == [house.pk]
    # and the register still tells what it said before
    assert holders_on(used, date(2024, 3, 1), known_at=make.people.NOON) == {house.name: 1}


def test_shares_of_a_hundred_and_one_per_cent_are_refused():
    unit = make.unit(UnitKind.CONSTRUCTION)
    a, b = make.collective("甲合作社"), make.collective("乙合作社")
    with pytest.raises(SharesWrong, match="101/100"):
        make.right(unit, RightKind.COLLECTIVE_USE, (a, Fraction(51, 100)), (b, Fraction(1, 2)))
    # a second entry that would pass the whole is refused by the database
    make.right(unit, RightKind.COLLECTIVE_USE, (a, Fraction(51, 100)))
    with pytest.raises(SharesPassTheWhole):
        make.right(unit, RightKind.COLLECTIVE_HOUSE, (b, Fraction(1, 2)))


def test_two_sole_owners_are_refused():
    unit, used = make.homestead()
    with pytest.raises(SharesPassTheWhole):
        make.right(unit, RightKind.HOMESTEAD_USE, make.household("演示丁"))
    assert holders_on(used, make.DAY)


def test_a_dead_person_gets_no_right():
    from ronghe.kernel.parties.services import register_person

    gone = register_person(new=make.people.new("演示亡"), division=make.VILLAGE, actor=SYSTEM, at=make.people.NOON)
    type(gone).objects.filter(pk=gone.pk).update(state="ended", ended_on=date(2020, 1, 1))
    unit = make.unit(UnitKind.HOMESTEAD, on=date(2021, 1, 1))
    with pytest.raises(HolderGone, match="死亡"):
        make.right(unit, RightKind.HOMESTEAD_USE, gone)


def test_ownership_never_changes_hands():
    unit, _ = make.homestead()
    owned = unit.rrrs.get(kind=RightKind.COLLECTIVE_OWNERSHIP)
    with pytest.raises(HolderUnfit, match="不能转让"):
        services.transfer_right(
            rrr_id=owned.pk, to=[Holder(make.collective("乙社").pk)], on=make.DAY, source_id=make.source(),
            actor=SYSTEM, at=make.NOON,
        )  # fmt: skip


def test_an_operation_right_stays_within_its_contract_and_ends_with_it():
    farm = make.household("演示农")
    unit, contract = make.contracted()
    with pytest.raises(TermBeyondParent, match="2045-06-01"):
        make.right(unit, RightKind.OPERATION, farm, term=Term(date(2020, 1, 1), date(2046, 1, 1)), parent=contract)
    operated = make.right(
        unit, RightKind.OPERATION, farm, term=Term(date(2020, 1, 1), date(2030, 1, 1)), parent=contract
    )
    pledged = services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.MORTGAGE, term=Term(date(2021, 1, 1), date(2025, 1, 1)),
        parent_id=operated.pk, source_id=make.source(), amount_fen=100_00, actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    ended = services.end_right(
        rrr_id=contract.pk, on=date(2023, 1, 1), source_id=make.source(), actor=SYSTEM, at=make.NOON
    )
    assert set(ended) == {contract.pk, operated.pk, pledged.pk}
    assert not holders_on(operated, date(2023, 1, 1))
    assert holders_on(operated, date(2022, 12, 31)) == {farm.name: 1}
    assert Restriction.objects.current().as_of(date(2022, 12, 31)).filter(rrr=pledged).exists()
    assert not Restriction.objects.current().as_of(date(2023, 1, 1)).filter(rrr=pledged).exists()


def test_a_split_keeps_area_and_last_year_still_shows_the_whole():
    house = make.household("演示分")
    unit, _ = make.homestead(house, geometry=make.square(width=2), house=True)
    left, right = make.square(0), make.square(1)
    whole = make.area(make.square(width=2))
    half = Decimal("300.00")
    wrong = [NewPart(left, half), NewPart(right, whole - half + Decimal("0.01"))]
    given = {"baunit_id": unit.pk, "on": make.DAY, "survey_id": make.survey(), "source_id": make.source(),
             "actor": SYSTEM, "at": make.NOON}  # fmt: skip
    with pytest.raises(PartsDoNotFill, match="登记面积之和"):
        services.split_unit(parts=wrong, **given)
    with pytest.raises(PartsDoNotFill, match="缺"):
        services.split_unit(parts=[NewPart(left, half), NewPart(make.square(1, width=0.5), whole - half)], **given)
    son = make.household("演示子")
    made = services.split_unit(
        parts=[NewPart(left, half), NewPart(right, whole - half, holders=(Holder(son.pk),))], **given
    )
    assert [one.code[12:19] for one in made] == ["JC00002", "JC00003"]
    assert BAUnit.objects.standing(date(2025, 11, 25)).filter(pk=unit.pk).exists()
    assert not BAUnit.objects.standing(make.DAY).filter(pk=unit.pk).exists()
    names = [set(one.rights.filter(kind__in=(5, 6)).values_list("party__name", flat=True)) for one in made]
    assert names == [{house.name}, {son.name}]
    assert Lineage.objects.filter(before=unit, after__in=made).count() == 2
    with pytest.raises(UnitOver):
        services.split_unit(parts=[NewPart(left, half), NewPart(right, whole - half)], **given)


def test_a_merge_brings_back_one_unit_and_never_an_old_code():
    house, owner = make.household("演示合"), make.collective()
    a, _ = make.homestead(house, owner, geometry=make.square(0))
    b, _ = make.homestead(house, owner, geometry=make.square(1))
    made = services.merge_units(
        baunit_ids=[a.pk, b.pk],
        on=make.DAY,
        survey_id=make.survey(),
        source_id=make.source(),
        actor=SYSTEM,
        at=make.NOON,
    )
    assert made.code[12:19] == "JC00003"
    with pytest.raises(CodeTaken):
        make.unit(code=a.code)


def test_a_seized_unit_refuses_a_transfer_and_says_why():
    unit, _ = make.homestead()
    seized = services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.SEIZURE, term=Term(make.DAY, date(2029, 11, 25)), holder="演示法院",
        source_id=make.source(), actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    with pytest.raises(RegistrationBlocked, match="已被查封"):
        services.refuse_blocked(unit, matter="转移登记", on=make.DAY)
    assert services.refuse_blocked(unit, matter="更正登记", on=make.DAY).value is True
    services.lift(rrr_id=seized.pk, on=make.DAY, source_id=make.source(), actor=SYSTEM, at=make.NOON)
    assert services.refuse_blocked(unit, matter="转移登记", on=make.DAY).value is True


def test_a_house_makes_land_and_house_one_unit():
    unit, used = make.homestead()
    proof = services.certify(rrr_id=used.pk, on=make.DAY, actor=SYSTEM, at=make.NOON)
    from ..rules.kinds import GroundKind
    from ..services import Ground

    made = services.add_building(
        baunit_id=unit.pk, building=Ground(GroundKind.BUILDING, Decimal("80.00"), structure="砖混", floors=1),
        on=make.DAY, survey_id=make.survey(), source_id=make.source(), actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    assert made.code == unit.code[:19] + "F99990001"
    assert made.rights.filter(kind=RightKind.HOMESTEAD_HOUSE).exists()
    proof.refresh_from_db()
    assert proof.recalled_on == make.DAY
    assert proof.number.startswith("鲁（2026）")
