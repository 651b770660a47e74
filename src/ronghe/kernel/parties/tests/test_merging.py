"""Two rows that are one party: joined, with everything that hangs on them, and parted again."""

from datetime import date, timedelta

import pytest

from ronghe.kernel.accounts.tests import factories as accounts
from ronghe.kernel.actors import SYSTEM, Actor
from ronghe.kernel.audit.models import Event
from ronghe.kernel.parties import errors, merging, queries, sealing, services
from ronghe.kernel.parties.models import HouseholdMember, Party, PartyIdentifier
from ronghe.kernel.parties.services import NewPerson

from . import factories as make
from .factories import NOON, TODAY, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("villages")]

LATER, LATEST = NOON + timedelta(hours=1), NOON + timedelta(hours=2)


def without_number(name: str = "演示甲", born: date = date(1980, 5, 1)) -> Party:
    return services.register_person(new=NewPerson(name, birth_date=born), division=VILLAGE, actor=SYSTEM, at=NOON)


def merge(source: Party, target: Party, at=LATER):
    return services.merge_parties(
        source_id=source.pk, target_id=target.pk, reason="同一人登记两次", actor=SYSTEM, at=at
    )


def undo(made, at=LATEST):
    return services.undo_merge(merge_id=made.pk, reason="核实不是同一人", actor=SYSTEM, at=at)


def test_numbers_and_memberships_follow_and_come_back():
    source, target = make.person("演示甲"), without_number()
    number = sealing.plain(queries.identifiers(source)[0])
    household = make.household((source, "97"))
    made = merge(source, target)
    assert merge(source, target).pk == made.pk
    source.refresh_from_db()
    assert (source.state, source.merged_into_id) == ("merged", target.pk)
    [moved] = queries.identifiers(target)
    assert (sealing.plain(moved), queries.identifiers(source)) == (number, [])
    assert [one.person_id for one in queries.members(household, on=TODAY)][1:] == [target.pk]
    assert [one.person_id for one in queries.members(household, on=TODAY, known_at=NOON)][1:] == [source.pk]

    undo(made)
    source.refresh_from_db()
    assert (source.state, source.merged_into) == ("active", None)
    assert (sealing.plain(queries.identifiers(source)[0]), queries.identifiers(target)) == (number, [])
    assert [one.person_id for one in queries.members(household, on=TODAY)][1:] == [source.pk]
    assert [one.person_id for one in queries.members(household, on=TODAY, known_at=LATER)][1:] == [target.pk]
    with pytest.raises(errors.MergeUndone):
        undo(made)
    assert Event.objects.filter(verb="parties.party.merged").count() == 2
    assert merge(source, target, at=LATEST + timedelta(hours=1)).pk != made.pk


def test_a_person_who_stood_twice_in_one_household_stands_once():
    one, two = make.person("演示甲"), without_number()
    household = make.household((one, "97"), (two, "97"))
    made = merge(two, one)
    assert [m.person_id for m in queries.members(household, on=TODAY)][1:] == [one.pk]
    undo(made)
    assert {m.person_id for m in queries.members(household, on=TODAY)} >= {one.pk, two.pk}


def test_a_person_in_two_households_is_not_merged_and_nothing_moves():
    one, two = make.person("演示甲"), without_number()
    make.household((one, "97"))
    make.household((two, "97"), head=make.person("他户"))
    with pytest.raises(errors.MergeClash) as refused:
        merge(two, one)
    assert "农户成员" in refused.value.text
    two.refresh_from_db()
    assert two.state == "active"


def test_who_was_merged_before_leads_in_one_step_to_the_party_that_remains():
    first, second, third = without_number(), without_number(), make.person("演示甲")
    merge(first, second)
    made = merge(second, third)
    first.refresh_from_db()
    assert first.merged_into_id == third.pk
    undo(made)
    first.refresh_from_db()
    assert first.merged_into_id == second.pk


def test_what_was_changed_after_the_merge_is_not_undone_silently():
    source, target = make.person("演示甲"), without_number()
    made = merge(source, target)
    services.set_identifier(party_id=target.pk, kind="identity", value=make.identity(), actor=SYSTEM, at=LATEST)
    with pytest.raises(errors.MergeChangedSince) as refused:
        undo(made, at=LATEST + timedelta(hours=1))
    assert "证件号码" in refused.value.text


@pytest.mark.parametrize(
    ("pair", "told"),
    [
        (lambda: (make.person("甲一"), make.person("甲一")), "不同的身份证号"),
        (lambda: (make.person("甲一"), make.household()), "类别不同"),
        (lambda: [make.person("甲一")] * 2, "同一条登记"),
    ],
)
def test_what_cannot_be_one_is_refused(pair, told):
    with pytest.raises(errors.MergeImpossible) as refused:
        merge(*pair())
    assert told in refused.value.text


def test_a_merged_party_takes_no_further_act():
    source, target = without_number(), make.person("演示甲")
    merge(source, target)
    with pytest.raises(errors.PartyNotActive) as refused:
        services.set_identifier(party_id=source.pk, kind="telephone", value="13800138000", actor=SYSTEM, at=LATEST)
    assert "已并入" in refused.value.text


def test_a_mandate_of_the_merged_party_reaches_the_one_that_remains():
    source, target = without_number(), make.person("演示甲")
    mandate = accounts.mandate(party=source)
    actor = Actor(mandate.user_id, "self", on_behalf_of_id=source.pk)
    assert set(queries.parties(actor, state="all")) == {source}
    made = merge(source, target)
    assert set(queries.parties(actor, state="all")) == {source, target}
    undo(made)
    assert set(queries.parties(actor, state="all")) == {source}


def test_duplicates_are_found_with_their_reason():
    one, two = make.person("演示甲"), without_number("演示甲")
    three = without_number("演示贾")  # sounds the same
    without_number("演示甲", born=date(1981, 1, 1))
    found = queries.duplicates(SYSTEM)
    assert [(s.why, {p.pk for p in s.parties}) for s in found] == [("姓名和出生日期相同", {one.pk, two.pk, three.pk})]
    assert {p.pk for p in queries.duplicates_of(two, actor=SYSTEM)} >= {one.pk, three.pk}
    account = {"kind": "bank_account", "value": "370501607780", "actor": SYSTEM, "at": NOON}
    other = make.person("演示他", born=date(1999, 1, 1))
    for party in (one, other):
        services.set_identifier(party_id=party.pk, **account)
    assert ("银行账号相同", {one.pk, other.pk}) in [
        (s.why, {p.pk for p in s.parties}) for s in queries.duplicates(SYSTEM)
    ]


def test_every_reference_to_a_party_follows_a_merge_or_says_why_not():
    from django.apps import apps
    from django.db.models import ForeignKey

    kept = {
        "accounts.Mandate.party": "given for one party; reaches the other through visible_to",
        "casework.Case.applicant": "an application names who applied; read through merged_into",
        # The book of the register keeps the name an act was entered under; readers ask for parties.queries.same_parties.
        **dict.fromkeys(
            (
                "registry.Right.party",
                "registry.Restriction.party",
                "registry.Application.party",
                "registry.ApplicationHolder.party",
                "registry.ApplicationPart.party",
                "registry.ContractedCode.party",
                "registry.KeptRightsFiling.household",
                "registry.CollectiveMember.collective",
                "registry.CollectiveMember.person",
                "registry.MembershipCase.collective",
                "registry.MembershipCase.person",
                "registry.SurveyedHolder.party",
                "registry.Appointment.party",
                "registry.IncomeShares.collective",
                "registry.IncomeRight.collective",
                "registry.IncomeRight.holder",
                "registry.IncomeCertificate.collective",
                "registry.IncomeCertificate.holder",
                "registry.IncomeApplication.collective",
                "registry.IncomeApplication.holder",
                "registry.IncomeApplication.taker",
                "registry.IncomeLine.household",
            ),
            "what was entered stays as it was entered",
        ),
    }
    registered = {f"{one.model}.{one.field}" for one in merging.references()}
    silent = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is Party and model._meta.app_label != "parties"
        and f"{model._meta.label}.{field.name}" not in {**kept, **dict.fromkeys(registered)}
    ]  # fmt: skip
    assert not silent, f"merging.register these, or say in this test why they stay: {silent}"


def test_history_rows_are_closed_and_never_changed():
    source, target = make.person("演示甲"), without_number()
    rows = {row.pk: (row.party_id, bytes(row.sealed)) for row in PartyIdentifier.objects.all()}
    undo(merge(source, target))
    for row in PartyIdentifier.objects.filter(pk__in=rows):
        assert (row.party_id, bytes(row.sealed)) == rows[row.pk]
    assert not HouseholdMember.objects.exists()
