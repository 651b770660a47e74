"""Households with their history: split, marriage, birth, death, another head."""

from datetime import date, datetime, timedelta

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties import errors, queries, services
from ronghe.kernel.parties.models import HouseholdMember, Party

from . import factories as make
from .factories import NOON, TODAY, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("villages")]

D = date(2026, 6, 1)
BEFORE = date(2026, 5, 31)


def tick(n: int = 1) -> datetime:
    return NOON + timedelta(minutes=n)


def shown(household: Party, on: date = TODAY, **given) -> list[tuple[str, str]]:
    return [(one.person.name, one.get_relation_display()) for one in queries.members(household, on=on, **given)]


@pytest.fixture
def family():
    """Head, wife, elder son, daughter, the head's mother."""
    head = make.person("户主甲", born=date(1960, 1, 1))
    wife = make.person("妻乙", born=date(1962, 1, 1), male=False)
    son = make.person("长子丙", born=date(1985, 1, 1))
    daughter = make.person("女丁", born=date(1990, 1, 1), male=False)
    mother = make.person("母戊", born=date(1938, 1, 1), male=False)
    household = make.household((wife, "12"), (son, "22"), (daughter, "30"), (mother, "52"), head=head)
    return household, head, wife, son, daughter, mother


def test_a_household_is_registered_with_its_members(family):
    household, *_ = family
    assert household.name == "户主甲户"
    assert shown(household) == [
        ("户主甲", "户主"), ("妻乙", "妻"), ("长子丙", "长子"), ("女丁", "女"), ("母戊", "母亲"),
    ]  # fmt: skip
    assert shown(household, on=date(1999, 12, 31)) == []


def test_who_left_is_a_member_until_that_day(family):
    household, _, _, _, daughter, _ = family
    services.leave_member(household_id=household.pk, person_id=daughter.pk, on=D, actor=SYSTEM, at=tick())
    assert ("女丁", "女") in shown(household, on=BEFORE)
    assert ("女丁", "女") not in shown(household, on=D)
    # as the register knew it before: auditors see that nobody had left
    assert ("女丁", "女") in shown(household, on=D, known_at=NOON + timedelta(seconds=30))


def test_marrying_in_leaves_the_old_household_in_the_same_act(family):
    household, _, _, *_ = family
    bride = make.person("儿媳己", born=date(1986, 1, 1), male=False)
    home = make.household((bride, "30"), head=make.person("岳父庚", born=date(1958, 1, 1)))
    services.marry_in(household_id=household.pk, person=bride.pk, relation="38", on=D, actor=SYSTEM, at=tick())
    assert ("儿媳己", "儿媳") in shown(household)
    assert shown(home) == [("岳父庚", "户主")]
    assert ("儿媳己", "女") in shown(home, on=BEFORE)
    row = HouseholdMember.objects.current().get(person=bride, household=home)
    assert (row.ended_by, row.valid.upper) == ("marriage", D)


def test_a_head_cannot_marry_away_while_others_stay(family):
    household, head, *_ = family
    other = make.household(head=make.person("他户"))
    with pytest.raises(errors.HeadNeeded):
        services.marry_in(household_id=other.pk, person=head.pk, relation="97", on=D, actor=SYSTEM, at=tick())
    with pytest.raises(errors.HeadNeeded):
        services.leave_member(household_id=household.pk, person_id=head.pk, on=D, actor=SYSTEM, at=tick())


def test_a_child_is_a_member_from_its_birthday_on(family):
    household, *_ = family
    row = services.record_birth(
        household_id=household.pk, child=make.new("孙辛", born=date(2026, 2, 3)), relation="41", actor=SYSTEM, at=tick()
    )
    assert (row.valid.lower, row.begun_by, row.person.division_id) == (date(2026, 2, 3), "birth", VILLAGE)
    assert ("孙辛", "孙子") not in shown(household, on=date(2026, 2, 2))


def test_when_the_head_dies_another_follows_in_the_same_act(family):
    household, head, wife, *_ = family
    with pytest.raises(errors.HeadNeeded):
        services.record_death(person_id=head.pk, on=D, actor=SYSTEM, at=tick())
    services.record_death(person_id=head.pk, on=D, new_head_id=wife.pk, actor=SYSTEM, at=tick())
    services.record_death(person_id=head.pk, on=D, new_head_id=wife.pk, actor=SYSTEM, at=tick(2))
    household.refresh_from_db()
    assert shown(household) == [("妻乙", "户主"), ("长子丙", "长子"), ("女丁", "女"), ("母戊", "婆婆")]
    assert shown(household, on=BEFORE)[0] == ("户主甲", "户主")
    assert household.name == "妻乙户"
    assert [one.name for one in queries.names(household)] == ["妻乙户", "户主甲户"]
    head.refresh_from_db()
    assert (head.state, head.ended_on) == ("ended", D)


def test_what_does_not_follow_is_asked(family):
    household, _, _, son, _, mother = family
    give = {"household_id": household.pk, "person_id": son.pk, "on": D, "actor": SYSTEM, "at": tick()}
    with pytest.raises(errors.RelationsNeeded) as refused:
        services.change_head(**give)
    assert "母戊" in refused.value.text
    services.change_head(**give, relations={mother.pk: "62"})
    services.change_head(**give, relations={mother.pk: "62"})
    assert shown(household) == [
        ("长子丙", "户主"), ("户主甲", "父亲"), ("妻乙", "母亲"), ("母戊", "祖母"), ("女丁", "其他兄弟姐妹"),
    ]  # fmt: skip


def test_a_split_founds_a_household_and_leaves_the_old_one_whole(family):
    household, head, wife, son, daughter, mother = family
    new = services.split_household(
        household_id=household.pk, head_id=son.pk, movers={mother.pk: "62"}, on=D, actor=SYSTEM, at=tick()
    )
    assert shown(new) == [("长子丙", "户主"), ("母戊", "祖母")]
    assert shown(household) == [("户主甲", "户主"), ("妻乙", "妻"), ("女丁", "女")]
    assert len(shown(household, on=BEFORE)) == 5
    assert (new.name, new.division_id) == ("长子丙户", VILLAGE)
    with pytest.raises(errors.HeadNeeded):
        services.split_household(household_id=household.pk, head_id=head.pk, movers={}, on=D, actor=SYSTEM, at=tick(2))
    with pytest.raises(errors.SplitImpossible):
        services.split_household(
            household_id=household.pk, head_id=wife.pk, movers={head.pk: "11", daughter.pk: "30"}, on=TODAY, actor=SYSTEM, at=tick(2)
        )  # fmt: skip


def test_the_last_member_takes_the_household_along():
    head = make.person("独户")
    household = make.household(head=head)
    services.record_death(person_id=head.pk, on=D, actor=SYSTEM, at=tick())
    household.refresh_from_db()
    assert (household.state, household.ended_on) == ("ended", D)
    with pytest.raises(errors.PartyNotActive):
        services.add_member(
            household_id=household.pk, person=make.new(), relation="20", on=TODAY, actor=SYSTEM, at=tick()
        )


def test_nobody_is_in_two_households(family):
    _, _, _, son, *_ = family
    with pytest.raises(errors.AlreadyMember) as refused:
        make.household(head=son)
    assert "户主甲户" in refused.value.text
    other = make.household(head=make.person("他户"))
    with pytest.raises(errors.AlreadyMember):
        services.add_member(household_id=other.pk, person=son.pk, relation="97", on=D, actor=SYSTEM, at=tick())


def test_an_earlier_change_waits_until_the_later_one_is_mended(family):
    household, _, _, _, daughter, _ = family
    services.leave_member(household_id=household.pk, person_id=daughter.pk, on=D, actor=SYSTEM, at=tick())
    with pytest.raises(errors.LaterChange):
        services.leave_member(household_id=household.pk, person_id=daughter.pk, on=BEFORE, actor=SYSTEM, at=tick(2))
    with pytest.raises(errors.NotMember):
        services.leave_member(household_id=household.pk, person_id=daughter.pk, on=D, actor=SYSTEM, at=tick(2))
    services.add_member(
        household_id=household.pk, person=daughter.pk, relation="30", on=TODAY, actor=SYSTEM, at=tick(3)
    )
    assert ("女丁", "女") in shown(household)


@pytest.mark.parametrize(("relation", "told"), [("12", "性别为男"), ("02", "户主变更"), ("00", "没有这个关系代码")])
def test_relations_that_cannot_be_are_refused(family, relation, told):
    household = family[0]
    with pytest.raises(errors.RelationInvalid) as refused:
        services.add_member(
            household_id=household.pk, person=make.new("外人"), relation=relation, on=D, actor=SYSTEM, at=tick()
        )
    assert told in refused.value.text
    assert not Party.objects.filter(name="外人").exists()


def test_a_company_is_no_member_and_a_person_no_household(family):
    household, head, *_ = family
    body = services.register_body(
        kind=Party.Kind.ENTERPRISE, name="演示公司", division=VILLAGE, uscc="", actor=SYSTEM, at=NOON
    )
    with pytest.raises(errors.KindUnfit):
        services.add_member(household_id=household.pk, person=body.pk, relation="99", on=D, actor=SYSTEM, at=NOON)
    with pytest.raises(errors.KindUnfit):
        services.add_member(household_id=head.pk, person=make.new(), relation="99", on=D, actor=SYSTEM, at=NOON)


def test_nothing_happens_tomorrow(family):
    household, _, _, son, *_ = family
    with pytest.raises(errors.DayInvalid):
        services.leave_member(
            household_id=household.pk, person_id=son.pk, on=TODAY + timedelta(days=1), actor=SYSTEM, at=NOON
        )
    with pytest.raises(errors.DayInvalid) as refused:
        services.record_death(person_id=son.pk, on=date(1984, 1, 1), actor=SYSTEM, at=NOON)
    assert "早于出生日期" in refused.value.text
