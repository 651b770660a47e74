"""What the tables of appointments and of shares in income refuse, whatever statement writes their rows."""

from datetime import date, time, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange

from ronghe.kernel.actors import SYSTEM

from .. import models as m
from .. import services
from . import factories as make
from . import incomes, windows
from .rows import AT, DAY, NEVER, UNBEGUN, Row, copy, insert, refused, taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.constraints]


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
    with refused("incomeshares_holds_on_some_day", "income_shares_have_a_first_day"):
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
    with refused("incomeright_holds_on_some_day", "income_right_has_a_first_day"):
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
            insert(m.IncomeApplication, case_id=10_001, **{**of, **wrong})
    with refused("income_application_goes_to_another"):
        insert(m.IncomeApplication, case_id=10_001, **{**sale, "taker_id": 1})
    with taken_back():
        insert(m.IncomeApplication, case_id=10_001, **sale)
        insert(m.IncomeApplication, case_id=10_002, **first)
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
