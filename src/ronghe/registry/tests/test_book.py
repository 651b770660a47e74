"""The book: what is entered, passed on, ended, divided and joined, and what is still known of it."""

from datetime import date, timedelta
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
    SplitGivesAway,
    TermBeyondParent,
    TermWrong,
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


def test_whoever_is_dead_on_the_day_of_entry_gets_no_right_that_goes_on():
    """民法典 第十三条: though the term begins while the holder lived."""
    gone, heir = make.people.person("演示亡"), make.household("演示继")
    register_death(gone, date(2020, 1, 1))
    unit = make.unit(UnitKind.CONTRACTED)
    for until in (date(2045, 6, 1), date(2020, 1, 2)):
        with pytest.raises(HolderGone, match="2020-01-01 死亡"):
            make.right(unit, RightKind.CONTRACT, gone, term=Term(make.BEGAN, until))
    # what lies wholly in the holder's life is history, and is entered late
    past = make.right(unit, RightKind.CONTRACT, gone, term=Term(make.BEGAN, date(2020, 1, 1)))
    assert holders_on(past, date(2019, 12, 31)) == {"演示亡": 1}
    # nor by a transfer that is dated back, nor by a correction
    other, used = make.contracted(heir, geometry=make.square(2))
    act = {"rrr_id": used.pk, "source_id": make.source(), "actor": SYSTEM, "at": make.NOON}
    with pytest.raises(HolderGone, match="继承人"):
        services.transfer_right(to=[Holder(gone.pk)], on=date(2019, 1, 1), **act)
    with pytest.raises(HolderGone, match="继承人"):
        services.correct_right(holders=[Holder(gone.pk)], term=Term(make.BEGAN, date(2045, 6, 1)), **act)
    assert holders_on(used, make.DAY) == {heir.name: 1}
    assert other.pk


@pytest.mark.parametrize("died", [date(2024, 5, 1), date(2014, 5, 1)])
def test_the_right_of_a_dead_holder_is_corrected_passes_to_the_heir_and_ends(died):
    """Also where the death came before the right and was told of only later."""
    gone, heir = make.people.person("演示亡"), make.people.person("演示继")
    unit, used = make.contracted(gone)
    register_death(gone, died)
    act = {"rrr_id": used.pk, "source_id": make.source(), "actor": SYSTEM}
    # the term was written down wrong: the dead holder keeps what it had, and no day more
    short, longer = Term(make.BEGAN, date(2040, 6, 1)), Term(make.BEGAN, date(2045, 6, 2))
    with pytest.raises(HolderGone):
        services.correct_right(holders=[Holder(gone.pk)], term=longer, at=make.NOON, **act)
    services.correct_right(holders=[Holder(gone.pk)], term=short, at=make.NOON, **act)
    services.transfer_right(to=[Holder(heir.pk)], on=make.DAY, at=make.NOON + timedelta(hours=1), **act)
    assert holders_on(used, date(2026, 11, 24)) == {"演示亡": 1}
    assert holders_on(used, make.DAY) == {"演示继": 1}
    # and a right in a dead holder's name ends
    _, left = make.contracted(heir, geometry=make.square(2))
    register_death(heir, make.DAY)
    services.end_right(**act | {"rrr_id": left.pk}, on=make.DAY, at=make.NOON + timedelta(hours=2))
    assert not holders_on(left, make.DAY)
    assert unit.pk


def register_death(party, on):
    type(party).objects.filter(pk=party.pk).update(state="ended", ended_on=on)


def test_a_homestead_passes_to_persons_and_households_alone():
    unit, used = make.homestead()
    act = {"rrr_id": used.pk, "source_id": make.source(), "actor": SYSTEM, "at": make.NOON}
    with pytest.raises(HolderUnfit, match="农户或个人"):
        services.transfer_right(to=[Holder(make.collective("乙社").pk)], on=make.DAY, **act)
    with pytest.raises(HolderUnfit, match="农户或个人"):
        services.correct_right(holders=[Holder(make.collective("丙社").pk)], term=Term(make.BEGAN), **act)
    heir = make.people.person("演示继")
    services.transfer_right(to=[Holder(heir.pk)], on=make.DAY, **act)
    assert holders_on(used, make.DAY) == {"演示继": 1}
    assert unit.pk


def test_a_contract_does_not_become_endless_by_a_correction():
    unit, used = make.contracted()
    holder = Right.objects.get(rrr=used).party_id
    with pytest.raises(TermWrong, match="须有止期"):
        services.correct_right(
            rrr_id=used.pk, holders=[Holder(holder)], term=Term(make.BEGAN), source_id=make.source(), actor=SYSTEM,
            at=make.NOON,
        )  # fmt: skip
    assert unit.pk


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
    with pytest.raises(SplitGivesAway, match="演示子户"):
        services.split_unit(
            parts=[NewPart(left, half), NewPart(right, whole - half, holders=(Holder(son.pk),))], **given
        )
    made = services.split_unit(
        parts=[NewPart(left, half), NewPart(right, whole - half, holders=(Holder(house.pk),))], **given
    )
    assert [one.code[12:19] for one in made] == ["JC00002", "JC00003"]
    assert BAUnit.objects.standing(date(2025, 11, 25)).filter(pk=unit.pk).exists()
    assert not BAUnit.objects.standing(make.DAY).filter(pk=unit.pk).exists()
    names = [set(one.rights.filter(kind__in=(5, 6)).values_list("party__name", flat=True)) for one in made]
    assert names == [{house.name}, {house.name}]
    # a household has one qualification, wherever its house stands
    assert [one.rights.filter(kind=RightKind.QUALIFICATION).exists() for one in made] == [True, False]
    assert Lineage.objects.filter(before=unit, after__in=made).count() == 2
    with pytest.raises(UnitOver):
        services.split_unit(parts=[NewPart(left, half), NewPart(right, whole - half)], **given)


@pytest.mark.parametrize("named", [True, False])
def test_the_part_that_gets_no_building_carries_the_right_of_the_land_alone(named):
    """A building goes with the part that names it, else with the part on which it stands."""
    house = make.household("演示分")
    unit, used = make.homestead(house, geometry=make.square(width=2), house=True)
    widow = make.people.person("演示居")
    make.right(unit, RightKind.RESIDENCE, widow, parent=used)
    building = unit.grounds.get(spatial_unit__kind="building").spatial_unit_id
    cut = 0.4  # the house stands on 0.4 to 1.6 of two sides: all of it lies right of the line
    left, right = make.square(0, width=cut), make.square(cut, width=2 - cut)
    whole, small = make.area(make.square(width=2)), Decimal("100.00")
    parts = [NewPart(left, small), NewPart(right, whole - small, buildings=(building,) if named else ())]
    bare, built = services.split_unit(
        baunit_id=unit.pk, parts=parts, on=make.DAY, survey_id=make.survey(), source_id=make.source(), actor=SYSTEM,
        at=make.NOON,
    )  # fmt: skip
    kinds = [set(one.rights.values_list("kind", flat=True)) for one in (bare, built)]
    assert kinds == [
        {RightKind.COLLECTIVE_OWNERSHIP, RightKind.HOMESTEAD_USE},
        {RightKind.COLLECTIVE_OWNERSHIP, RightKind.QUALIFICATION, RightKind.HOMESTEAD_HOUSE, RightKind.RESIDENCE},
    ]
    assert ["F" in one.code[19:] for one in (bare, built)] == [False, True]


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
