"""Whatever statement writes a row: what each table of the register refuses, and that it takes the same row when it is sound.

Rows are written by raw SQL with whatever their columns need; keys of other tables are looked at only at the end of a
transaction, and no transaction here comes to its end.
"""

import re
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange

from ronghe.kernel.actors import SYSTEM

from .. import models as m
from .. import services
from ..rules.kinds import RestrictionKind, RightKind
from ..services import Term
from . import factories as make
from . import registering as at_work
from .rows import ALWAYS, AT, DAY, NEVER, SINCE, UNBEGUN, Row, copy, insert, refused, taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.constraints]

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
    ("evidence_archive_state_has_its_facts", m.EvidenceArchive, {"state": "zz"}),
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


def test_every_constraint_of_the_room_is_tried():
    """A constraint that is added without an attempt against it is named here."""
    folder = Path(__file__).parent
    tried = "".join(path.read_text("utf-8") for path in folder.glob("test_*.py"))
    room = apps.get_app_config("registry")
    named = {c.name for model in room.get_models() for c in model._meta.constraints}
    for path in (folder.parent / "sql").glob("*.sql"):
        named |= set(re.findall(r"CONSTRAINT = '(\w+)'", path.read_text("utf-8")))
    assert sorted(name for name in named if not re.search(rf"\b{name}\b", tried)) == []
