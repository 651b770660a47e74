"""What the database itself refuses, whoever asks."""

from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.parties import services
from ronghe.kernel.parties.models import (
    HouseholdMember,
    MergeMove,
    Party,
    PartyIdentifier,
    PartyKey,
    PartyMerge,
    PartyName,
    PartyUnmasking,
    Representative,
)

from . import factories as make
from .factories import NOON, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("villages"), pytest.mark.constraints]

ALWAYS = DateTimeTZRange(NOON, None)
SINCE = DateRange(date(2000, 1, 1), None)


def refused(name: str, do) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        do()
    assert error.value.__cause__.diag.constraint_name == name


def bare(kind: str = "person", **given) -> Party:
    return Party.objects.create(kind=kind, name="演示", division_id=VILLAGE, **given)


def number(party: Party, kind: str = "identity", blind: bytes = b"1" * 32, **given) -> PartyIdentifier:
    given = {"sealed": b"x", "masked": "9*1", "recorded": ALWAYS, **given}
    return PartyIdentifier.objects.create(party=party, kind=kind, blind=blind, **given)


def member(household: Party, person: Party, **given) -> HouseholdMember:
    given = {"relation": "97", "begun_by": "move", "valid": SINCE, "recorded": ALWAYS, **given}
    return HouseholdMember.objects.create(household=household, person=person, **given)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("party_kind_is_known", {"kind": "ghost"}),
        ("party_has_a_name", {"name": ""}),
        ("party_state_has_its_facts", {"state": "ended"}),
        ("party_state_has_its_facts", {"state": "merged"}),
        ("party_state_has_its_facts", {"ended_on": date(2020, 1, 1)}),
        ("party_only_persons_are_born", {"kind": "bank", "birth_date": date(2020, 1, 1)}),
        ("party_only_persons_are_born", {"sex": "other"}),
        ("party_dies_after_birth", {"state": "ended", "ended_on": date(2020, 1, 1), "birth_date": date(2021, 1, 1)}),
        ("party_erased_keeps_no_personal_facts", {"erased_at": NOON, "sex": "male"}),
    ],
)
def test_a_party_that_cannot_be(name, given):
    given = {"kind": "person", "name": "演示", "division_id": VILLAGE, **given}
    refused(name, lambda: Party.objects.create(**given))


def test_a_party_is_not_merged_into_itself_and_keeps_its_kind_and_its_row():
    party = bare()
    refused(
        "party_not_merged_into_itself",
        lambda: Party.objects.filter(pk=party.pk).update(state="merged", merged_into=party.pk),
    )
    refused("party_kind_never_changes", lambda: Party.objects.filter(pk=party.pk).update(kind="bank"))
    refused("party_is_never_deleted", lambda: Party.objects.filter(pk=party.pk).delete())


def test_one_number_has_one_holder_while_it_is_current():
    one, two = bare(), bare()
    row = number(one)
    refused("identifier_of_one_party_only", lambda: number(two))
    refused("identifier_one_of_its_kind", lambda: number(one, blind=b"2" * 32))
    number(one, kind="telephone")
    number(two, kind="telephone")
    refused("identifier_once_per_party", lambda: number(one, kind="telephone"))
    PartyIdentifier.objects.filter(pk=row.pk).update(recorded=DateTimeTZRange(NOON, datetime(2027, 1, 1, tzinfo=UTC)))
    number(two)


def test_a_number_is_masked_and_found_or_neither():
    party = bare()
    refused("identifier_is_found_or_erased", lambda: number(party, masked=""))
    refused("identifier_is_found_or_erased", lambda: number(party, blind=None))
    refused("identifier_kind_is_known", lambda: number(party, kind="email"))


def test_a_number_is_closed_and_never_changed_reopened_or_removed():
    row = number(bare())
    rows = PartyIdentifier.objects.filter(pk=row.pk)
    refused("parties_partyidentifier_is_kept", lambda: rows.update(sealed=b"y"))
    refused("parties_partyidentifier_is_kept", lambda: rows.update(party=bare()))
    refused("parties_partyidentifier_is_only_erased", lambda: rows.update(masked="9*2"))
    refused("parties_partyidentifier_is_kept", lambda: rows.delete())
    rows.update(recorded=DateTimeTZRange(NOON, datetime(2027, 1, 1, tzinfo=UTC)))
    refused("parties_partyidentifier_is_kept", lambda: rows.update(recorded=ALWAYS))


def test_nobody_is_in_two_households_and_no_household_has_two_heads():
    one, two = bare("household"), bare("household")
    person = bare()
    member(one, person)
    refused("household_member_in_one_household", lambda: member(two, person))
    member(one, bare(), relation="02", is_head=True)
    refused("household_has_one_head", lambda: member(one, bare(), relation="02", is_head=True))
    # on other days, and in what the register no longer says, both may be
    member(two, person, valid=DateRange(date(1990, 1, 1), date(2000, 1, 1)), ended_by="move")
    earlier = DateTimeTZRange(datetime(2020, 1, 1, tzinfo=UTC), NOON)
    member(two, person, recorded=earlier)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("household_head_is_called_head", {"is_head": True}),
        ("household_head_is_called_head", {"relation": "02"}),
        ("household_member_relation_is_known", {"relation": "00"}),
        ("household_member_has_a_first_day", {"valid": DateRange(None, None)}),
        ("household_member_end_has_a_cause", {"ended_by": "move"}),
        ("household_member_end_has_a_cause", {"valid": DateRange(date(2000, 1, 1), date(2001, 1, 1))}),
        ("householdmember_is_recorded_from_an_instant", {"recorded": DateTimeTZRange(None, None)}),
    ],
)
def test_a_membership_that_cannot_be(name, given):
    refused(name, lambda: member(bare("household"), bare(), **given))


def test_members_are_persons_households_are_households_and_bodies_are_represented_by_persons():
    refused("household_member_kinds_fit", lambda: member(bare("household"), bare("bank")))
    refused("household_member_kinds_fit", lambda: member(bare(), bare()))

    def represent(body: Party, person: Party) -> Representative:
        return Representative.objects.create(body=body, person=person, valid=SINCE, recorded=ALWAYS)

    refused("representative_kinds_fit", lambda: represent(bare(), bare()))
    refused("representative_kinds_fit", lambda: represent(bare("bank"), bare("bank")))
    bank = bare("bank")
    represent(bank, bare())
    refused("representative_one_per_time", lambda: represent(bank, bare()))
    refused(
        "representative_holds_on_some_day",
        lambda: Representative.objects.create(
            body=bare("bank"), person=bare(), valid=DateRange(empty=True), recorded=ALWAYS
        ),
    )


def test_a_membership_is_closed_and_never_rewritten():
    row = member(bare("household"), bare())
    rows = HouseholdMember.objects.filter(pk=row.pk)
    refused("parties_householdmember_is_kept", lambda: rows.update(relation="98"))
    refused("parties_householdmember_is_kept", lambda: rows.update(valid=DateRange(date(1999, 1, 1), None)))
    refused("parties_householdmember_is_kept", lambda: rows.delete())


def test_a_name_is_taken_away_only_from_an_erased_party():
    party = make.person()
    names = PartyName.objects.filter(party=party)
    refused("parties_partyname_is_only_erased", lambda: names.update(name="别名"))
    refused(
        "party_name_once_per_time",
        lambda: PartyName.objects.create(party=party, name="又名", valid=SINCE, recorded=ALWAYS),
    )
    services.erase_party(
        party_id=party.pk, basis="申请书 1 号", confirmation=services.confirmation_of(party), actor=SYSTEM, at=NOON
    )
    rows = Party.objects.filter(pk=party.pk)
    refused("party_stays_erased", lambda: rows.update(erased_at=None))
    refused("party_stays_erased", lambda: rows.update(name="复活"))


def test_a_key_is_destroyed_and_never_exchanged():
    party = make.person()
    keys = PartyKey.objects.filter(party=party)
    refused("party_key_goes_one_way", lambda: keys.update(wrapped=b"x"))
    refused("party_key_goes_one_way", lambda: keys.delete())
    refused("party_key_is_gone_when_destroyed", lambda: keys.update(destroyed_at=NOON, basis="申请书"))
    keys.update(wrapped=None, destroyed_at=NOON, basis="申请书")
    refused("party_key_goes_one_way", lambda: keys.update(wrapped=b"x", destroyed_at=None, basis=""))


def test_a_merge_joins_two_says_why_and_is_kept():
    one, two = bare(), bare()
    given = {"source": one, "target": two, "source_state": "active", "reason": "重复", "at": NOON}
    refused("merge_joins_two", lambda: PartyMerge.objects.create(**{**given, "target": one}))
    refused("merge_has_a_reason", lambda: PartyMerge.objects.create(**{**given, "reason": ""}))
    merge = PartyMerge.objects.create(**given)
    refused("merge_once_at_a_time", lambda: PartyMerge.objects.create(**given))
    rows = PartyMerge.objects.filter(pk=merge.pk)
    refused("merge_undone_says_why", lambda: rows.update(undone_at=NOON))
    refused("parties_partymerge_is_kept", lambda: rows.update(reason="别的"))
    MergeMove.objects.create(merge=merge, model="parties.Party", field="merged_into", old_id=1)
    refused(
        "merge_moves_once",
        lambda: MergeMove.objects.create(merge=merge, model="parties.Party", field="merged_into", old_id=1),
    )


def test_reading_in_plain_names_a_purpose():
    row = number(bare())
    given = {"identifier": row, "purpose": "handle", "note": "核对登记", "at": NOON}
    refused("party_unmasking_says_what_for", lambda: PartyUnmasking.objects.create(**{**given, "note": "看"}))
    refused("party_unmasking_purpose_is_known", lambda: PartyUnmasking.objects.create(**{**given, "purpose": "fun"}))


def test_what_is_written_once_stays_whoever_asks(owner_connection):
    """Also the owner of the tables, who is bound by no grant."""
    for table in ("parties_partyunmasking", "parties_mergemove"):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            owner_connection.execute(f"TRUNCATE {table}")
