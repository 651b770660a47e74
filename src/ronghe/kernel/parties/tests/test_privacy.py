"""Numbers in plain for a purpose; personal data erased for good."""

from datetime import date, timedelta

import pytest

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.audit.models import Event
from ronghe.kernel.parties import errors, queries, sealing, services
from ronghe.kernel.parties.models import Party, PartyIdentifier, PartyKey, PartyName, PartyUnmasking

from . import factories as make
from .factories import NOON, TODAY, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("villages")]

LATER = NOON + timedelta(hours=1)


def unmask(row: PartyIdentifier, note: str = "核对办理宅基地登记") -> str:
    return services.unmask(
        party_id=row.party_id,
        identifier_id=row.pk,
        purpose=PartyUnmasking.Purpose.HANDLE,
        note=note,
        actor=SYSTEM,
        at=NOON,
    )


def erase(party: Party, confirmation: str = "") -> Party:
    return services.erase_party(
        party_id=party.pk,
        basis="申请书 2026-001",
        confirmation=confirmation or services.confirmation_of(party),
        actor=SYSTEM,
        at=LATER,
    )


def test_a_number_is_read_in_plain_and_the_reading_is_recorded():
    party = make.person()
    row = queries.identifiers(party)[0]
    number = unmask(row)
    assert number.startswith("990101")
    kept = PartyUnmasking.objects.get()
    event = Event.objects.get(verb="parties.identifier.unmasked")
    assert event.subject_id == str(party.pk)
    assert event.facts == {"kind": "identity", "purpose": "handle", "identifier": row.pk, "unmasking": kept.pk}
    assert kept.note == "核对办理宅基地登记"


@pytest.mark.parametrize("note", ["", "  ", "看看", " 看 \n 看 "])
def test_without_a_purpose_nothing_is_read(note):
    row = queries.identifiers(make.person())[0]
    with pytest.raises(errors.PurposeMissing):
        unmask(row, note)
    assert not PartyUnmasking.objects.exists()


def test_a_number_of_another_party_is_not_read_under_a_false_name():
    row, other = queries.identifiers(make.person())[0], make.person("他人")
    row.party_id = other.pk
    with pytest.raises(errors.IdentifierNotFound):
        unmask(row)


def test_a_sealed_value_moved_to_another_row_does_not_open():
    one, other = (queries.identifiers(make.person(name))[0] for name in ("演示甲", "演示乙"))
    other.sealed = one.sealed
    with pytest.raises(errors.IdentifierUnreadable):
        sealing.plain(other)


def test_erasing_destroys_the_key_and_leaves_the_record_whole():
    party = make.person("演示甲")
    services.change_name(party_id=party.pk, name="演示新", on=TODAY, reason="改名", actor=SYSTEM, at=NOON)
    household = make.household((party, "97"))
    services.leave_member(household_id=household.pk, person_id=party.pk, on=date(2026, 6, 1), actor=SYSTEM, at=NOON)
    row = queries.identifiers(party)[0]
    number = unmask(row)
    erase(party)
    erase(party)
    party.refresh_from_db()
    row.refresh_from_db()
    assert (party.name, party.birth_date, party.sex, party.letters, party.pairs) == (
        "（个人信息已删除）", None, "", "", [],
    )  # fmt: skip
    assert (row.blind, row.masked, row.warning) == (None, "", "")
    assert (PartyKey.objects.get(party=party).wrapped, PartyKey.objects.get(party=party).basis) == (
        None,
        "申请书 2026-001",
    )
    assert not PartyName.objects.filter(name__contains="演示新").exists()
    with pytest.raises(errors.IdentifierUnreadable):
        sealing.plain(row)
    # what hangs on the party still stands, and the number may be registered again
    assert ("（个人信息已删除）", "其他亲属") in [
        (m.person.name, m.get_relation_display()) for m in queries.members(household, on=date(2026, 5, 1))
    ]
    new = services.register_person(
        new=services.NewPerson("演示甲", identity=number), division=VILLAGE, actor=SYSTEM, at=LATER
    )
    assert new.pk != party.pk
    assert Event.objects.filter(verb="parties.party.erased").count() == 1


def test_a_party_without_any_number_is_erased_too():
    party = Party.objects.create(kind="person", name="旧人", division_id=VILLAGE)
    erase(party)
    assert PartyKey.objects.get(party=party).destroyed_at == LATER
    with pytest.raises(errors.PartyNotActive):
        services.change_name(party_id=party.pk, name="复活", on=TODAY, reason="恢复", actor=SYSTEM, at=LATER)


def test_what_was_merged_into_a_party_is_erased_with_it():
    from ronghe.kernel.parties.services import NewPerson

    target = make.person("演示甲")
    source = services.register_person(
        new=NewPerson("演示甲", birth_date=date(1980, 5, 1)), division=VILLAGE, actor=SYSTEM, at=NOON
    )
    merge = services.merge_parties(
        source_id=source.pk, target_id=target.pk, reason="同一人登记两次", actor=SYSTEM, at=NOON
    )
    with pytest.raises(errors.EraseImpossible):
        erase(source)
    erase(target)
    source.refresh_from_db()
    assert source.erased_at == LATER
    with pytest.raises(errors.MergeChangedSince):
        services.undo_merge(merge_id=merge.pk, reason="核实不是同一人", actor=SYSTEM, at=LATER)


def test_nothing_is_erased_without_its_confirmation_or_while_it_must_be_kept():
    party = make.person("演示甲")
    with pytest.raises(errors.ConfirmationWrong):
        erase(party, "删除")
    make.household((party, "97"))
    with pytest.raises(errors.EraseImpossible) as refused:
        erase(party)
    assert "仍是农户成员" in refused.value.text
    body = services.register_body(
        kind=Party.Kind.ENTERPRISE, name="演示公司", division=VILLAGE, uscc="", actor=SYSTEM, at=NOON
    )
    with pytest.raises(errors.EraseImpossible):
        erase(body)
    assert not Party.objects.exclude(erased_at=None).exists()
