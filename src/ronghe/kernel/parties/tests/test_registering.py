"""Persons, bodies and their numbers: registered, changed, refused."""

from datetime import date, timedelta

import pytest

from ronghe.kernel.accounts.roles import Role
from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.parties import errors, queries, services
from ronghe.kernel.parties.models import Party, PartyIdentifier, PartyKey
from ronghe.kernel.parties.services import NewPerson

from . import factories as make
from .factories import NOON, OTHER, TODAY, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("villages")]

LATER = NOON + timedelta(hours=1)


def test_a_person_is_registered_by_the_identity_number_and_the_number_is_sealed():
    number = make.identity(date(1980, 5, 1), male=False)
    party = services.register_person(
        new=NewPerson("演示甲", identity=f" {number.lower()} ", telephone="138 0013 8000"),
        division=VILLAGE,
        actor=SYSTEM,
        at=NOON,
    )
    assert (party.birth_date, party.sex, party.pinyin) == (date(1980, 5, 1), "female", "yan shi jia")
    identity, telephone = queries.identifiers(party)
    assert identity.masked == f"9{'*' * 16}{number[-1]}"
    assert "不在区划代码表" in identity.warning
    assert telephone.masked == "138******00"
    for row in PartyIdentifier.objects.all():
        assert number.encode() not in bytes(row.sealed) + bytes(row.blind)
    assert len(bytes(PartyKey.objects.get(party=party).wrapped)) == 45


def test_no_event_holds_a_name_or_a_number():
    make.household((make.person("演示乙"), "97"))
    assert Event.objects.filter(verb="parties.party.registered").count() == 3
    for event in Event.objects.all():
        assert not any("一" <= letter <= "鿿" for letter in str(event.facts))


@pytest.mark.parametrize(
    ("new", "error", "told"),
    [
        (NewPerson("演示甲", identity="110105194912310021"), errors.NumberInvalid, "末位校验不符，应为 X"),
        (NewPerson("演示甲", identity="11010519491231002X", birth_date=date(1949, 12, 30)), errors.FactsDisagree, "1949-12-31"),
        (NewPerson("演示甲", identity="11010519491231002X", sex="male"), errors.FactsDisagree, "女"),
        (NewPerson("演示甲"), errors.BirthdayRequired, "出生日期"),
        (NewPerson("演示甲", birth_date=date(2027, 1, 1)), errors.DayInvalid, "在今天以后"),
        (NewPerson("=cmd", birth_date=date(2000, 1, 1)), errors.NameInvalid, "“=”"),
        (NewPerson("演示甲", birth_date=date(2000, 1, 1), telephone="123"), errors.NumberInvalid, "联系电话"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_kept(new, error, told):
    with pytest.raises(error) as refused:
        services.register_person(new=new, division=VILLAGE, actor=SYSTEM, at=NOON)
    assert told in refused.value.text
    assert not Party.objects.exists()


def test_a_number_that_another_has_leads_to_it_within_ones_own_division_only():
    number = make.identity()
    holder = services.register_person(new=NewPerson("演示甲", identity=number), division=VILLAGE, actor=SYSTEM, at=NOON)
    again = {"new": NewPerson("演示乙", identity=number), "division": VILLAGE, "at": NOON}
    with pytest.raises(errors.NumberTaken) as refused:
        services.register_person(actor=make.clerk(), **again)
    assert (refused.value.facts["holder_id"], refused.value.facts["holder"]) == (holder.pk, "演示甲")
    with pytest.raises(errors.NumberTakenElsewhere) as refused:
        services.register_person(actor=make.clerk(Role.DEPARTMENT, OTHER), **again)
    assert "演示甲" not in refused.value.text


def test_a_changed_number_closes_the_old_one_and_mends_the_birthday():
    party = make.person(born=date(1980, 5, 1))
    old = queries.identifiers(party)[0]
    number = make.identity(date(1981, 6, 2))
    row = services.set_identifier(party_id=party.pk, kind="identity", value=number, actor=SYSTEM, at=LATER)
    again = services.set_identifier(party_id=party.pk, kind="identity", value=number, actor=SYSTEM, at=LATER)
    party.refresh_from_db()
    assert (again.pk, party.birth_date) == (row.pk, date(1981, 6, 2))
    assert [one.pk for one in queries.identifiers(party)] == [row.pk]
    assert [one.pk for one in queries.past_identifiers(party)] == [old.pk]
    assert Event.objects.filter(verb="parties.identifier.set").count() == 1
    # the old number is free for whoever it belongs to
    text = "".join(services.identifiers.sealing.plain(old))
    services.register_person(new=NewPerson("演示乙", identity=text), division=VILLAGE, actor=SYSTEM, at=LATER)


def test_which_numbers_a_kind_of_party_has():
    with pytest.raises(errors.NumberNotFor):
        services.set_identifier(party_id=make.person().pk, kind="uscc", value=make.uscc(), actor=SYSTEM, at=NOON)


def test_a_closed_number_is_no_longer_found():
    party = make.person()
    number = services.identifiers.sealing.plain(queries.identifiers(party)[0])
    assert queries.parties_with_number(f" {number.lower()} ", actor=SYSTEM) == [party]
    services.close_identifier(party_id=party.pk, identifier_id=queries.identifiers(party)[0].pk, actor=SYSTEM, at=LATER)
    assert queries.parties_with_number(number, actor=SYSTEM) == []
    with pytest.raises(errors.IdentifierNotFound):
        services.close_identifier(party_id=party.pk, identifier_id=1, actor=SYSTEM, at=LATER)


def test_a_collective_lies_in_a_village_and_has_its_representative():
    code = make.uscc("N2")
    body = services.register_body(
        kind=Party.Kind.COLLECTIVE,
        name="甲村股份经济合作社",
        division=VILLAGE,
        uscc=code,
        representative=make.new("演示理事长"),
        actor=SYSTEM,
        at=NOON,
    )
    assert queries.identifiers(body)[0].masked == code
    assert [one.person.name for one in queries.representatives(body)] == ["演示理事长"]
    other = make.person("演示新任")
    services.set_representative(body_id=body.pk, person=other.pk, on=TODAY, actor=SYSTEM, at=LATER)
    services.set_representative(body_id=body.pk, person=other.pk, on=TODAY, actor=SYSTEM, at=LATER)
    assert [one.person.name for one in queries.representatives(body)] == ["演示新任"]
    with pytest.raises(errors.DivisionUnfit):
        services.register_body(
            kind=Party.Kind.COLLECTIVE, name="某县合作社", division="370322000000", uscc="", actor=SYSTEM, at=NOON
        )


def test_a_dissolved_body_takes_no_further_act():
    body = services.register_body(
        kind=Party.Kind.ENTERPRISE, name="演示公司", division=VILLAGE, uscc=make.uscc("91"), actor=SYSTEM, at=NOON
    )
    services.end_body(party_id=body.pk, on=TODAY, actor=SYSTEM, at=LATER)
    with pytest.raises(errors.PartyNotActive) as refused:
        services.change_name(party_id=body.pk, name="新名", on=TODAY, reason="更名", actor=SYSTEM, at=LATER)
    assert "已终止" in refused.value.text


def test_names_change_and_what_was_stays():
    party = make.person("演示甲")
    services.change_name(
        party_id=party.pk, name="演示新", on=date(2026, 3, 1), reason="本人改名", actor=SYSTEM, at=LATER
    )
    services.change_name(
        party_id=party.pk, name="演示新", on=date(2026, 3, 1), reason="本人改名", actor=SYSTEM, at=LATER
    )
    shown = [(one.name, one.valid.lower, one.valid.upper) for one in queries.names(party)]
    assert shown == [("演示新", date(2026, 3, 1), None), ("演示甲", None, date(2026, 3, 1))]
    assert list(queries.parties(SYSTEM, text="ysx")) == [party]
    assert not queries.parties(SYSTEM, text="示甲").exists()
    with pytest.raises(errors.LaterChange):
        services.change_name(party_id=party.pk, name="又改", on=date(2026, 2, 1), reason="改名", actor=SYSTEM, at=LATER)


def test_a_name_of_before_names_were_kept_stays_too():
    party = Party.objects.create(kind="person", name="旧名", division_id=VILLAGE)
    services.change_name(party_id=party.pk, name="新名", on=TODAY, reason="改名", actor=SYSTEM, at=NOON)
    assert [one.name for one in queries.names(party)] == ["新名", "旧名"]


@pytest.mark.parametrize("text", ["演示", "示甲", "yanshi", "ysj", "演", "y", "yan shi jia"])
def test_a_party_is_found_by_any_part_of_its_name_and_by_pinyin(text):
    party = make.person("演示甲")
    make.person("王五")
    assert list(queries.parties(SYSTEM, text=text)) == [party]


def test_staff_see_their_division_and_below_and_a_mandate_its_party():
    from ronghe.kernel.actors import PUBLIC, Actor

    here, elsewhere = make.person(division=VILLAGE), make.person(division=OTHER)
    assert set(queries.parties(make.clerk())) == {here}
    assert set(queries.parties(make.clerk(Role.LEADER, OTHER))) == {elsewhere}
    assert not queries.parties(PUBLIC).exists()
    assert set(queries.parties(Actor(1, Role.SELF, on_behalf_of_id=here.pk))) == {here}
    with pytest.raises(errors.PartyNotFound):
        queries.party(elsewhere.pk, actor=make.clerk())
