"""Whatever statement writes a row: what each table of the register refuses, and that it takes the same row when it is sound.

Rows are written by raw SQL with whatever their columns need; keys of other tables are looked at only at the end of a
transaction, and no transaction here comes to its end.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import SYSTEM

from .. import models as m
from .. import services
from ..rules.kinds import RestrictionKind, RightKind
from ..services import Term
from . import factories as make
from . import incomes, windows
from . import registering as at_work

pytestmark = [pytest.mark.django_db, pytest.mark.constraints]

DAY, AT = date(2026, 1, 5), make.people.NOON
SINCE, ALWAYS = DateRange(DAY, None), DateTimeTZRange(AT, None)
#: A period in which nothing holds, and one that has no beginning.
NEVER, UNBEGUN = DateRange(empty=True), DateTimeTZRange(None, None)

Row = dict[str, Any]


def _usual(field: Any) -> Any:
    """Something that a column takes."""
    if field.null:
        return None
    if field.has_default():
        return field.get_default()
    if isinstance(field, models.ForeignKey):
        return "370322001200" if isinstance(field.target_field, models.CharField) else 1
    kinds: tuple[tuple[type[Any], Any], ...] = (
        (models.DateTimeField, AT), (models.DateField, DAY), (models.BooleanField, False), (models.DecimalField, Decimal(1)),
        (models.IntegerField, 1), (models.BinaryField, b"x"), (models.CharField, "演示"), (models.TextField, "演示"),
    )  # fmt: skip
    for kind, value in kinds:
        if isinstance(field, kind):
            return value
    return ALWAYS if "DateTime" in type(field).__name__ else SINCE


def insert(model: type[models.Model], **given: Any) -> None:
    """A row with these columns, and what the others need."""
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key and isinstance(f, models.AutoField))]
    unknown = set(given) - {f.attname for f in fields}
    assert not unknown, unknown
    values = [f.get_db_prep_save(given.get(f.attname, _usual(f)), connection) for f in fields]
    columns, places = ", ".join(f'"{f.column}"' for f in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})", values)


def copy(of: models.Model, **given: Any) -> None:
    """The row of a thing that stands, with some columns changed: what triggers look at is then sound."""
    row = {f.attname: getattr(of, f.attname) for f in of._meta.concrete_fields}
    insert(type(of), **{name: value for name, value in (row | given).items() if name != "id"})


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def refused(*names: str) -> Iterator[None]:
    """By one of these, where two say the same of a row."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield
    assert error.value.__cause__.diag.constraint_name in names


#: Rows as each table takes them, as far as the usual value of a column will not do.
SOUND: dict[type[models.Model], Row] = {
    m.AdministrativeSource: {"kind": "other", "number": "鲁（2020）演示不动产权第0000001号", "blob_id": "0" * 64, "proves_id": 1},
    m.Application: {"matter": "transfer", "cause": "sale", "source_kind": "agreement"},
    m.ApplicationPart: {},
    m.AppointmentHours: {"weekday": 1, "begins": time(9), "ends": time(10), "capacity": 2},
    m.BookQuery: {"level": 2},
    m.ContractedCode: {"code": "370322001200000001", "party_id": 1},
    m.EvidenceArchive: {"state": "checking", "documents_as": "source", "failure": ""},
    m.Exchange: {"kind": "contracts_in", "state": "ready"},
    m.IllegalOccupation: {"state": "open"},
    m.KeptRightsFiling: {},
    m.LapseFact: {},
    m.LegacyHomestead: {"state": "found"},
    m.MembershipCase: {"matter": "confirm", "came_by": "成员生育"},
    m.ParcelProfile: {"path": "in_place"},
    m.Reconciliation: {"state": "working", "area_share_num": 1, "area_share_den": 200},
    m.ReconciliationRow: {"outcome": "only_here", "baunit_id": 1},
    m.RegistrationWindow: {},
    m.SpatialSource: {},
    m.SpatialUnit: {"kind": "parcel"},
    m.StagedUnit: {"baunit_id": 1},
    m.SurveyAttempt: {},
    m.SurveyBatch: {"kind": "homestead", "state": "ready"},
    m.SurveyedHolder: {},
    m.SurveyEvidence: {"kind": "photo", "number": 1},
    m.SurveyedParcel: {},
    m.SurveyFinding: {"level": "note"},
    m.VillagePlan: {"state": "listed"},
}  # fmt: skip
LEFT: Row = {"ended_at": AT, "end_reason": ""}
#: What each check refuses: the name, the table, and what is wrong with the row.
WRONG: list[tuple[str, type[models.Model], Row]] = [
    ("appointment_hours_on_a_weekday", m.AppointmentHours, {"weekday": 0}),
    ("appointment_hours_on_a_weekday", m.AppointmentHours, {"weekday": 8}),
    ("appointment_hours_last", m.AppointmentHours, {"ends": time(9)}),
    ("appointment_hours_seat_somebody", m.AppointmentHours, {"capacity": 0}),
    ("appointment_hours_seat_somebody", m.AppointmentHours, {"capacity": 201}),
    ("application_matter_is_known", m.Application, {"matter": "zz"}),
    ("application_cause_is_known", m.Application, {"cause": "zz"}),
    ("application_rests_on_a_source", m.Application, {"source_title": ""}),
    ("application_term_has_an_order", m.Application, {"term_first": DAY, "term_until": DAY}),
    ("application_amount_is_some", m.Application, {"amount_fen": 0}),
    ("application_shown_is_known", m.Application, {"shown": ["zz"]}),
    ("application_fee_is_none_or_some", m.Application, {"fee_fen": -1}),
    ("application_part_has_an_area", m.ApplicationPart, {"registered_area_m2": Decimal(0)}),
    ("book_query_whole_says_what_for", m.BookQuery, {"level": 3}),
    ("book_query_whole_says_what_for", m.BookQuery, {"level": 3, "purpose": "办理抵押登记"}),
    ("contracted_code_stands_for_one_thing", m.ContractedCode, {"party_id": None}),
    ("contracted_code_stands_for_one_thing", m.ContractedCode, {"spatial_unit_id": 1}),
    ("contracted_code_stands_for_one_thing", m.ContractedCode, {"code": "37032200120000001"}),
    ("evidence_archive_state_is_known", m.EvidenceArchive, {"state": "zz"}),
    ("evidence_archive_documents_are_known", m.EvidenceArchive, {"documents_as": "zz"}),
    ("evidence_archive_state_has_its_facts", m.EvidenceArchive, {"state": "applied"}),
    ("evidence_archive_state_has_its_facts", m.EvidenceArchive, {"state": "faulty", "checked_at": AT, "failure": "好"}),
    ("evidence_archive_state_has_its_facts", m.EvidenceArchive, {"state": "failed", "checked_at": AT}),
    ("evidence_archive_state_has_its_facts", m.EvidenceArchive, {"checked_at": AT}),
    ("exchange_kind_is_known", m.Exchange, {"kind": "zz"}),
    ("exchange_state_is_known", m.Exchange, {"state": "zz"}),
    ("exchange_done_has_its_time", m.Exchange, {"state": "done"}),
    ("exchange_done_has_its_time", m.Exchange, {"done_at": AT}),
    ("exchange_whole_numbers_have_a_purpose", m.Exchange, {"is_official": True, "purpose": "汇交"}),
    ("exchange_is_applied_by_another", m.Exchange, {"user_id": 1, "applied_by_id": 1}),
    ("exchange_doubts_are_judged", m.Exchange, {"doubts": [[1]], "applied_by_id": 2, "judged": "好"}),
    ("illegal_state_is_known", m.IllegalOccupation, {"state": "zz"}),
    ("illegal_restricts_its_unit", m.IllegalOccupation, {"restriction_id": 1}),
    ("illegal_place_is_whole", m.IllegalOccupation, {"longitude": Decimal("117.8")}),
    ("illegal_place_is_whole", m.IllegalOccupation, {"longitude": Decimal("37.2"), "latitude": Decimal("90")}),
    ("registry_illegaloccupation_ended_says_why", m.IllegalOccupation, LEFT),
    ("registry_illegaloccupation_counts_versions", m.IllegalOccupation, {"version": 0}),
    ("filing_end_is_whole", m.KeptRightsFiling, {"ended_on": DAY}),
    ("filing_end_is_whole", m.KeptRightsFiling, {"ended_on": DAY, "ended_at": AT, "ended_by": "zz"}),
    ("filing_says_where_to", m.KeptRightsFiling, {"moved_to": ""}),
    ("lapse_fact_says_on_what", m.LapseFact, {"text": ""}),
    ("legacy_state_is_known", m.LegacyHomestead, {"state": "zz"}),
    ("legacy_cause_is_known", m.LegacyHomestead, {"cause": "zz"}),
    ("legacy_treatment_is_known", m.LegacyHomestead, {"treatment": "zz"}),
    ("legacy_proposed_is_known", m.LegacyHomestead, {"proposed": "zz"}),
    ("legacy_departure_says_why", m.LegacyHomestead, {"ruling": {}, "treatment": "确认", "proposed": "退出"}),
    ("registry_legacyhomestead_ended_says_why", m.LegacyHomestead, LEFT),
    ("registry_legacyhomestead_counts_versions", m.LegacyHomestead, {"version": 0}),
    ("membership_case_states_its_cause", m.MembershipCase, {"came_by": ""}),
    ("membership_case_states_its_cause", m.MembershipCase, {"matter": "lose"}),
    ("parcel_profile_path_is_known", m.ParcelProfile, {"path": "zz"}),
    ("parcelprofile_holds_on_some_day", m.ParcelProfile, {"valid": NEVER}),
    ("parcelprofile_is_recorded_from_an_instant", m.ParcelProfile, {"recorded": UNBEGUN}),
    ("reconciliation_state_has_its_facts", m.Reconciliation, {"state": "done"}),
    ("reconciliation_state_has_its_facts", m.Reconciliation, {"state": "failed"}),
    ("reconciliation_tolerance_is_a_share", m.Reconciliation, {"area_share_num": 200}),
    ("reconciliation_row_fits_its_outcome", m.ReconciliationRow, {"line": 1}),
    ("reconciliation_row_fits_its_outcome", m.ReconciliationRow, {"outcome": "different", "line": 1}),
    ("registry_registrationwindow_ended_says_why", m.RegistrationWindow, LEFT),
    ("registry_registrationwindow_counts_versions", m.RegistrationWindow, {"version": 0}),
    ("source_that_proves_has_a_number", m.AdministrativeSource, {"number": ""}),
    ("source_that_proves_has_a_number", m.AdministrativeSource, {"blob_id": None}),
    ("source_that_proves_has_a_number", m.AdministrativeSource, {"kind": "contract"}),
    ("survey_has_a_title", m.SpatialSource, {"title": ""}),
    ("spatialunit_ends_whole_and_after_it_began", m.SpatialUnit, {"ended_on": DAY}),
    ("spatialunit_ends_whole_and_after_it_began", m.SpatialUnit, {"ended_on": date(2025, 1, 1), "ended_at": AT}),
    ("staged_unit_is_of_one_side", m.StagedUnit, {"line": 1}),
    ("staged_unit_is_of_one_side", m.StagedUnit, {"baunit_id": None}),
    ("survey_attempt_verdict_is_known", m.SurveyAttempt, {"verdict": "zz"}),
    ("survey_batch_state_is_known", m.SurveyBatch, {"state": "zz"}),
    ("survey_batch_kind_is_known", m.SurveyBatch, {"kind": "zz"}),
    ("survey_batch_entered_is_whole", m.SurveyBatch, {"state": "entered"}),
    ("survey_batch_entered_is_whole", m.SurveyBatch, {"entered_at": AT}),
    ("evidence_kind_is_known", m.SurveyEvidence, {"kind": "zz"}),
    ("evidence_place_is_whole", m.SurveyEvidence, {"longitude": Decimal("117.8")}),
    ("evidence_place_is_whole", m.SurveyEvidence, {"longitude": Decimal("37.2"), "latitude": Decimal("97.8")}),
    ("evidence_spot_is_whole", m.SurveyEvidence, {"spot_latitude": Decimal("37.2")}),
    ("evidence_withdrawn_is_whole", m.SurveyEvidence, {"withdrawn_at": AT}),
    ("evidence_withdrawn_is_whole", m.SurveyEvidence, {"withdrawn_reason": "拍的是邻户"}),
    ("evidence_withdrawn_is_whole", m.SurveyEvidence, {"withdrawn_by_id": 1}),
    ("evidence_of_a_unit_stands", m.SurveyEvidence, {"baunit_id": 1, "number": None}),
    ("evidence_of_a_unit_stands", m.SurveyEvidence, {"baunit_id": 1, "withdrawn_at": AT, "withdrawn_reason": "重复"}),
    ("surveyed_holder_share_is_whole", m.SurveyedHolder, {"share_num": 1}),
    ("surveyed_holder_share_is_whole", m.SurveyedHolder, {"share_num": 0, "share_den": 1}),
    ("surveyed_parcel_level_is_known", m.SurveyedParcel, {"level": "zz"}),
    ("surveyed_parcel_outline_is_whole", m.SurveyedParcel, {"drawn_m2": Decimal(1)}),
    ("survey_finding_level_is_known", m.SurveyFinding, {"level": "zz"}),
    ("survey_finding_settled_is_whole", m.SurveyFinding, {"settled_at": AT, "settled_reason": "已核对"}),
    ("survey_finding_settled_is_whole", m.SurveyFinding, {"level": "person", "settled_at": AT}),
    ("registry_villageplan_ended_says_why", m.VillagePlan, LEFT),
    ("registry_villageplan_counts_versions", m.VillagePlan, {"version": 0}),
    ("village_plan_state_is_known", m.VillagePlan, {"state": "zz"}),
]
#: What may stand once: the name, the table, the row, and in what another row must differ to be taken.
ONCE: list[tuple[str, type[models.Model], Row, Row]] = [
    ("appointment_hours_apart", m.AppointmentHours, {}, {"begins": time(10), "ends": time(11)}),
    ("appointment_hours_apart", m.AppointmentHours, {}, {"weekday": 2}),
    ("contracted_code_one_of_a_plot", m.ContractedCode, {"code": "1" * 19, "party_id": None, "spatial_unit_id": 7},
     {"code": "2" * 19, "spatial_unit_id": 8}),
    ("filing_one_per_household", m.KeptRightsFiling, {}, {"household_id": 2}),
    ("illegal_occupation_key_once", m.IllegalOccupation, {}, {"number": "另一件"}),
    ("lapse_fact_once", m.LapseFact, {}, {"rrr_id": 2}),
    ("legacy_homestead_key_once", m.LegacyHomestead, {}, {"code": "另一处"}),
    ("parcel_profile_one_per_time", m.ParcelProfile, {}, {"baunit_id": 2}),
    ("registration_window_key_once", m.RegistrationWindow, {}, {"name": "另一窗口"}),
    ("staged_unit_line_once", m.StagedUnit, {"baunit_id": None, "line": 3}, {"line": 4}),
    ("staged_unit_once", m.StagedUnit, {}, {"baunit_id": 2}),
    ("survey_attempt_number_once", m.SurveyAttempt, {}, {"number": 2}),
    ("survey_batch_of_one_case", m.SurveyBatch, {"case_id": 5}, {"case_id": 6}),
    ("survey_evidence_once", m.SurveyEvidence, {}, {"given_number": 2}),
    ("surveyed_holder_place_once", m.SurveyedHolder, {}, {"place": 2}),
    ("surveyed_parcel_number_once", m.SurveyedParcel, {}, {"number": 2}),
    ("village_plan_key_once", m.VillagePlan, {}, {"title": "另一规划"}),
]  # fmt: skip


@pytest.mark.parametrize("model", SOUND, ids=lambda model: model.__name__)
def test_sound_rows_are_taken(model):
    with taken_back():
        insert(model, **SOUND[model])


@pytest.mark.parametrize(("name", "model", "wrong"), WRONG)
def test_a_row_that_cannot_be_is_refused(name, model, wrong):
    with refused(name):
        insert(model, **SOUND[model] | wrong)


@pytest.mark.parametrize(("name", "model", "row", "other"), ONCE)
def test_what_stands_once_is_not_written_twice(name, model, row, other):
    first = SOUND[model] | row
    with taken_back():
        insert(model, **first)
        with refused(name):
            key = {"code": "3" * 19} if model is m.ContractedCode else {}
            insert(model, **first | key)
        insert(model, **first | other)


def test_rows_of_rights_and_restrictions_hold_on_some_day_from_an_instant():
    make.people.places()
    unit, used = make.homestead()
    right = m.Right.objects.get(rrr=used)
    held = services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.OBJECTION, term=Term(make.DAY), holder="演示邻居",
        source_id=make.source(), actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    duty = m.RRR.objects.create(sort="duty", kind=1, baunit=unit, parent=used, opened_at=AT)
    text = m.Responsibility.objects.create(
        rrr=duty, baunit=unit, kind=1, text="用于居住", source_id=make.source(), valid=SINCE, recorded=ALWAYS
    )
    later: Row = {"valid": DateRange(date(1990, 1, 1), date(1991, 1, 1))}
    burden = m.Restriction.objects.get(rrr=held)
    for row, first, days, instant in (
        (right, "right_has_a_first_day", "right_holds_on_some_day", "right_is_recorded_from_an_instant"),
        (burden, "restriction_has_a_first_day", "restriction_holds_on_some_day", "restriction_is_recorded_from_an_instant"),
        (text, "responsibility_has_a_first_day", "responsibility_holds_on_some_day",
         "responsibility_is_recorded_from_an_instant"),
    ):  # fmt: skip
        with taken_back():
            copy(row, **later)
        with refused(first, days):
            copy(row, valid=NEVER)
        with refused(instant):
            copy(row, **later, recorded=UNBEGUN)
    form = m.SpatialUnitVersion.objects.get(spatial_unit__baunits__baunit=unit)
    with refused("spatialunitversion_is_recorded_from_an_instant"):
        copy(form, **later, recorded=UNBEGUN)
    with refused("rrr_is_not_its_own_parent"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_rrr (id, sort, kind, baunit_id, parent_id, opened_at)"
            " VALUES (990001, 'right', %s, %s, 990001, %s)", [RightKind.HOMESTEAD_USE, unit.pk, AT],
        )  # fmt: skip


def test_rows_of_a_roll_say_how_somebody_came_and_went():
    make.people.places()
    collective, person = make.collective(), make.people.person("演示员")
    member = services.enrol_member(
        collective_id=collective.pk, person_id=person.pk, begun_by=m.CollectiveMember.Entry.ORIGINAL, on=date(2020, 1, 1),
        actor=SYSTEM, at=AT,
    )  # fmt: skip
    gone: Row = {"valid": DateRange(date(2001, 1, 1), date(2002, 1, 1)), "ended_by": "voluntary"}
    with taken_back():
        copy(member, **gone)
    for name, wrong in (
        ("member_entry_is_known", {"begun_by": "zz"}), ("member_exit_has_a_cause", {"ended_by": ""}),
        ("member_has_a_first_day", {"valid": DateRange(None, date(2002, 1, 1))}),
        ("collectivemember_holds_on_some_day", {"valid": NEVER}),
        ("collectivemember_is_recorded_from_an_instant", {"recorded": UNBEGUN}),
    ):  # fmt: skip
        with refused(name):
            copy(member, **gone | wrong)
    with refused("member_fits"):
        copy(member, **gone, person_id=make.household("演示户").pk)


def test_what_a_filing_lists_is_a_right_or_a_membership_once():
    make.people.places()
    house = make.household()
    make.homestead(house)
    filing = services.file_kept_rights(
        household_id=house.pk, moved_on=date(2026, 11, 20), moved_to="高青县城区", actor=SYSTEM, at=make.NOON
    )
    kept = m.KeptRight.objects.filter(filing=filing).exclude(right=None).order_by("pk")[0]
    with refused("kept_right_once"):
        copy(kept)
    with refused("kept_is_a_right_or_a_membership"):
        copy(kept, member_id=1)
    with refused("kept_right_is_restricted"):
        copy(kept, restriction_id=kept.right_id)
    with taken_back():
        copy(kept, right_id=None, restriction_id=None, member_id=1)
        with refused("kept_member_once"):
            copy(kept, right_id=None, restriction_id=None, member_id=1)
    with refused("filing_stays"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_keptrightsfiling WHERE id = %s", [filing.pk])


def test_whom_an_application_names_has_a_part_of_the_whole():
    with taken_back():
        insert(m.ApplicationHolder)
        with refused("application_holder_once"):
            insert(m.ApplicationHolder)
        insert(m.ApplicationHolder, party_id=2, share_num=1, share_den=2)
        for num, den in ((1, None), (None, 2), (0, 2), (3, 2)):
            with refused("application_share_is_a_part"):
                insert(m.ApplicationHolder, party_id=3, share_num=num, share_den=den)


def test_an_easement_serves_another_unit_and_nothing_else_does():
    make.people.places()
    unit, used = make.homestead()
    other = make.unit(geometry=make.square(1))
    held = services.register_easement(
        rrr_id=used.pk, dominant_id=other.pk, until=None, text="通行", on=make.DAY, source_id=make.source(), actor=SYSTEM,
        at=make.NOON,
    )  # fmt: skip
    row = m.Restriction.objects.get(rrr=held)
    past: Row = {"valid": DateRange(date(2020, 1, 1), date(2021, 1, 1))}
    with taken_back():
        copy(row, **past)
    for wrong in ({"dominant_id": None}, {"dominant_id": unit.pk}):
        with refused("restriction_serves_another_unit"):
            copy(row, **past, **wrong)
    seized = services.restrict(
        baunit_id=unit.pk, kind=RestrictionKind.SEIZURE, term=Term(make.DAY), holder="演示法院", source_id=make.source(),
        actor=SYSTEM, at=make.NOON,
    )  # fmt: skip
    with refused("restriction_serves_another_unit"):
        copy(m.Restriction.objects.get(rrr=seized), **past, dominant_id=other.pk)


def test_a_part_of_a_change_names_what_is_no_more_and_nothing_that_has_yet_to_come():
    with taken_back():
        insert(m.ApplicationPart)
        insert(m.ApplicationPart, act="added")
        insert(m.ApplicationPart, act="demolished", ground_id=1)
    with refused("application_part_act_is_known", "application_part_names_what_is_no_more"):
        insert(m.ApplicationPart, act="zz")
    for wrong in ({"act": "added", "ground_id": 1}, {"act": "demolished"}):
        with refused("application_part_names_what_is_no_more"):
            insert(m.ApplicationPart, **wrong)


@pytest.mark.usefixtures("packs")
def test_what_was_handed_in_stays(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    office = at_work.Office()
    unit, used = make.homestead()
    others = (services.Holder(make.members("演示受").pk),)
    made = at_work.opened(office, unit, at_work.Matter.TRANSFER, rrr_id=used.pk, holders=others)
    holder = made.holders.get()
    with taken_back():
        copy(holder, party_id=1)
    at_work.taken_in(office, made)
    with refused("application_is_new"):
        copy(holder, party_id=1)
    for statement in ("UPDATE registry_application SET text = '另写'", "DELETE FROM registry_application"):
        with refused("application_stays"), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE case_id = %s", [made.pk])


@pytest.mark.usefixtures("packs")
def test_an_appointment_has_a_seat_of_its_own_that_the_hours_of_its_day_offer():
    make.people.places()
    made = windows.appointed(windows.window())
    other: Row = {"seat": 2, "name": "来人乙"}
    with taken_back():
        copy(made, **other)
    for name, wrong in (
        ("appointment_seat_once", {"seat": 1}), ("appointment_one_of_a_caller", {"name": made.name}),
        ("appointment_names_somebody", {"name": ""}), ("appointment_names_somebody", {"telephone": ""}),
        ("appointment_matter_is_known", {"matter": "zz"}),
        ("appointment_ends_once", {"cancelled_at": AT, "came_at": AT}),
        ("appointment_ends_once", {"cancelled_at": AT, "missed_at": AT}),
        ("appointment_is_offered", {"seat": 3}), ("appointment_is_offered", {"begins": time(9, 30)}),
        ("appointment_is_offered", {"ends": time(9, 30)}), ("appointment_is_offered", {"day": windows.SATURDAY}),
        ("appointment_is_offered", {"day": date(2026, 11, 20)}), ("appointment_is_offered", {"window_id": made.window_id + 1_000}),
    ):  # fmt: skip
        with refused(name):
            copy(made, **other | wrong)
    party: Row = {"party_id": 1}
    with taken_back():
        copy(made, **other | party)
        with refused("appointment_one_of_a_party"):
            copy(made, **other | party | {"begins": time(10), "ends": time(11), "name": "来人丙"})
        copy(made, **other | party | {"day": windows.FRIDAY})
    # The hours refuse it first: no plan offers a seat above 200, nor an hour that ends before it begins.
    with refused("appointment_has_a_seat"):
        copy(made, **other | {"seat": 0})
    with refused("appointment_is_offered", "appointment_lasts"):
        copy(made, **other | {"ends": time(8)})


@pytest.mark.usefixtures("packs")
def test_what_became_of_an_appointment_stays_and_hours_are_stated_once():
    make.people.places()
    of = windows.window()
    came, cancelled = windows.appointed(of), windows.appointed(of, "来人乙")

    def put(pk: int, change: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE registry_appointment SET {change} WHERE id = %s", [pk])

    for change in ("day = day + 1", "seat = 2", "name = '另一人'", "telephone = '139'", "matter = 'query'"):
        with refused("appointment_stays"):
            put(came.pk, change)
    put(came.pk, "missed_at = now()")
    for change in ("missed_at = NULL", "missed_at = now() + interval '1 day'", "cancelled_at = now()"):
        with refused("appointment_stays"):
            put(came.pk, change)
    put(came.pk, "came_at = now()")
    put(cancelled.pk, "cancelled_at = now()")
    for pk in (came.pk, cancelled.pk):
        for change in ("came_at = NULL", "came_at = now()", "missed_at = now()", "cancelled_at = NULL"):
            with refused("appointment_stays"):
                put(pk, change)
        with refused("appointment_stays"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM registry_appointment WHERE id = %s", [pk])
    for table in ("registry_appointmentplan", "registry_appointmenthours"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_what_a_collective_has_set_up_is_some_of_a_collective_once_at_a_time():
    make.people.places()
    of, somebody = make.collective(), make.household("演示某户")
    for wrong in ({"total_hundredths": 0}, {"total_hundredths": -1}):
        with refused("income_shares_are_some"):
            insert(m.IncomeShares, collective_id=of.pk, **wrong)
    with refused("income_shares_have_a_first_day"):
        insert(m.IncomeShares, collective_id=of.pk, valid=DateRange(None, DAY))
    with refused("incomeshares_holds_on_some_day"):
        insert(m.IncomeShares, collective_id=of.pk, valid=NEVER)
    with refused("incomeshares_is_recorded_from_an_instant"):
        insert(m.IncomeShares, collective_id=of.pk, recorded=UNBEGUN)
    with refused("income_shares_are_of_a_collective"):
        insert(m.IncomeShares, collective_id=somebody.pk)
    with taken_back():
        insert(m.IncomeShares, collective_id=of.pk)
        with refused("income_shares_once_per_time"):
            insert(m.IncomeShares, collective_id=of.pk)
        for statement in ("UPDATE registry_incomeshares SET total_hundredths = 2", "DELETE FROM registry_incomeshares"):
            with refused("registry_incomeshares_is_kept"), connection.cursor() as cursor:
                cursor.execute(statement)


def test_a_share_is_held_once_by_a_household_of_the_collective_and_stays(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    village = incomes.Village()
    village.entered()
    row = m.IncomeRight.objects.get(holder=village.first)
    sound = {"collective_id": row.collective_id, "holder_id": row.holder_id, "cause": "first"}
    gone = DateRange(date(2020, 1, 1), date(2020, 2, 1))
    with refused("income_right_once_per_household_and_time"):
        copy(row)
    with refused("income_right_has_shares"):
        insert(m.IncomeRight, **sound, shares_hundredths=0, valid=gone)
    with refused("income_right_cause_is_known"):
        insert(m.IncomeRight, **{**sound, "cause": "other"}, valid=gone)
    with refused("income_right_has_a_first_day"):
        insert(m.IncomeRight, **sound, valid=DateRange(None, date(2020, 2, 1)))
    with refused("incomeright_holds_on_some_day"):
        insert(m.IncomeRight, **sound, valid=NEVER)
    with refused("incomeright_is_recorded_from_an_instant"):
        insert(m.IncomeRight, **sound, valid=gone, recorded=UNBEGUN)
    for holder, cause in ((village.stranger, "first"), (village.head, "sale"), (village.collective, "inheritance")):
        with refused("income_holder_is_of_the_collective"):
            insert(m.IncomeRight, **{**sound, "holder_id": holder.pk, "cause": cause})
    with taken_back():
        for heir in (village.stranger, village.head):
            insert(m.IncomeRight, **{**sound, "holder_id": heir.pk, "cause": "inheritance"}, valid=gone)
    for statement in ("UPDATE registry_incomeright SET shares_hundredths = 1", "DELETE FROM registry_incomeright"):
        with refused("registry_incomeright_is_kept"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_shares_in_force_never_pass_the_total_from_either_side(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    village = incomes.Village()
    village.entered()
    third, _ = village.household("演示三", 1)
    row = m.IncomeRight.objects.get(holder=village.first)
    later = DateRange(date(2027, 1, 1), None)
    with refused("income_shares_within_total"):
        copy(row, holder_id=third.pk, shares_hundredths=1, valid=later)
        _judge()
    # A smaller total than is held, and none at all from a day on.
    setup = m.IncomeShares.objects.get()
    closed = DateTimeTZRange(setup.recorded.lower, incomes.LATER + timedelta(days=1))
    for valid, total in (
        (DateRange(setup.valid.lower, None), 299_99),
        (DateRange(setup.valid.lower, date(2027, 1, 1)), 300_00),
    ):
        with refused("income_shares_within_total"):
            m.IncomeShares.objects.filter(pk=setup.pk).update(recorded=closed)
            again = DateTimeTZRange(incomes.LATER + timedelta(days=1), None)
            copy(setup, valid=valid, total_hundredths=total, recorded=again)
            _judge()


def _judge() -> None:
    """Ask the deferred triggers now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_certificate_of_a_share_is_numbered_once_and_recalled_for_good():
    with taken_back():
        insert(m.IncomeCertificate, number="一")
        with refused("income_certificate_number_once"):
            insert(m.IncomeCertificate, number="一", holder_id=2)
        with refused("income_certificate_one_in_force"):
            insert(m.IncomeCertificate, number="二")
        with refused("income_certificate_has_shares"):
            insert(m.IncomeCertificate, number="三", holder_id=3, shares_hundredths=0)
        for wrong in ({"recalled_on": DAY}, {"recalled_at": AT}, {"recall_reason": "错"}):
            with refused("income_certificate_recall_is_whole"):
                insert(m.IncomeCertificate, number="四", holder_id=4, **{"recall_reason": "", **wrong})
        for statement in (
            "UPDATE registry_incomecertificate SET number = '五'",
            "DELETE FROM registry_incomecertificate",
        ):
            with refused("certificate_stays"), connection.cursor() as cursor:
                cursor.execute(statement)


def test_a_case_of_a_share_says_what_its_matter_needs_and_stays(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    village = incomes.Village()
    made = village.told(village.opened())
    first = {"matter": "first", "cause": "first", "counted_on": DAY, "total_hundredths": 1, "is_static": True}
    sale = {
        "matter": "transfer",
        "cause": "sale",
        "holder_id": 1,
        "taker_id": 2,
        "shares_hundredths": 1,
        "holder_applies": True,
    }
    for of, wrong in (
        (first, {"counted_on": None}), (first, {"total_hundredths": 0}), (first, {"total_hundredths": None}),
        (first, {"is_static": None}), (first, {"holder_id": 1}), (first, {"cause": "sale"}), (first, {"matter": "other"}),
        (sale, {"taker_id": None}), (sale, {"holder_id": None}), (sale, {"shares_hundredths": 0}),
        (sale, {"shares_hundredths": None}), (sale, {"holder_applies": None}), (sale, {"cause": "waiver"}),
        (sale, {"cause": "exit"}), (sale, {"total_hundredths": 1}),
    ):  # fmt: skip
        with refused("income_application_fits_its_matter"):
            insert(m.IncomeApplication, case_id=1, **{**of, **wrong})
    with refused("income_application_goes_to_another"):
        insert(m.IncomeApplication, case_id=1, **{**sale, "taker_id": 1})
    with taken_back():
        insert(m.IncomeApplication, case_id=1, **sale)
        insert(m.IncomeApplication, case_id=2, **first)
    # The list was handed in: neither it nor what was stated changes.
    for statement in (
        "UPDATE registry_incomeline SET shares_hundredths = 1", "DELETE FROM registry_incomeline",
    ):  # fmt: skip
        with refused("income_line_stays"), connection.cursor() as cursor:
            cursor.execute(statement)
    with refused("income_line_stays"):
        insert(m.IncomeLine, application_id=made.pk, household_id=9)
    for statement in (
        "UPDATE registry_incomeapplication SET total_hundredths = 1", "DELETE FROM registry_incomeapplication",
    ):  # fmt: skip
        with refused("income_application_stays"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_household_stands_once_on_a_list_and_gets_no_less_than_nothing(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    village = incomes.Village()
    made = village.opened()
    line = made.lines.get(household=village.first)
    with refused("income_line_once"):
        copy(line)
    with refused("income_line_is_not_negative"):
        copy(line, household_id=9, shares_hundredths=-1)
    with refused("income_line_stays"), connection.cursor() as cursor:
        cursor.execute("UPDATE registry_incomeline SET household_id = 9 WHERE id = %s", [line.pk])
    with taken_back():
        copy(line, household_id=9)


def test_a_filing_lists_a_share_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    village = incomes.Village()
    village.entered()
    filing = services.file_kept_rights(
        household_id=village.first.pk, moved_on=incomes.LATER.date(), moved_to="县城", actor=SYSTEM, at=incomes.LATER
    )
    kept = filing.items.get(income__isnull=False)
    with refused("kept_income_once"):
        copy(kept)
    with refused("kept_is_a_right_or_a_membership"):
        copy(kept, member_id=1)


def test_every_constraint_of_the_room_is_tried():
    """A constraint that is added without an attempt against it is named here."""
    folder = Path(__file__).parent
    tried = "".join(path.read_text("utf-8") for path in folder.glob("test_*.py"))
    room = apps.get_app_config("registry")
    named = {c.name for model in room.get_models() for c in model._meta.constraints}
    for path in (folder.parent / "sql").glob("*.sql"):
        named |= set(re.findall(r"CONSTRAINT = '(\w+)'", path.read_text("utf-8")))
    assert sorted(name for name in named if not re.search(rf"\b{name}\b", tried)) == []
