"""What the database itself refuses of the register, whoever asks and by whatever statement."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.db.utils import InternalError, ProgrammingError

from ..models import (
    RRR,
    AdministrativeSource,
    BAUnit,
    Certificate,
    CodeSeries,
    Lineage,
    Responsibility,
    Restriction,
    Right,
    SpatialUnit,
    SpatialUnitVersion,
    UnitGround,
)
from ..rules.kinds import RightKind, UnitKind
from . import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.constraints]

ALWAYS = DateTimeTZRange(make.people.NOON, None)
SINCE = DateRange(make.BEGAN, None)


@pytest.fixture(autouse=True)
def _places():
    make.people.places()


def refused(name: str, do) -> None:
    def act() -> None:
        do()
        settle()

    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    assert error.value.__cause__.diag.constraint_name == name


def settle() -> None:
    """Ask the deferred triggers of what has been written so far."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def run(statement: str, *given) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def row_of(unit: BAUnit, kind: RightKind, party, rrr: RRR | None = None, **given) -> Right:
    rrr = rrr or RRR.objects.create(sort="right", kind=kind, baunit=unit, opened_at=make.people.NOON)
    given = {"valid": SINCE, "recorded": ALWAYS, "source_id": make.source(), **given}
    return Right.objects.create(rrr=rrr, baunit=unit, party=party, kind=kind, **given)


# -- units and their ground ----------------------------------------------------------------------------------------


def bare_unit(**given) -> BAUnit:
    given = {
        "code": "370322001200JC00009W00000000", "kind": "homestead", "division_id": make.VILLAGE,
        "opened_on": make.BEGAN, "opened_at": make.people.NOON, **given,
    }  # fmt: skip
    return BAUnit.objects.create(**given)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("baunit_kind_is_known", {"kind": "castle"}),
        ("baunit_code_is_written_right", {"code": "370322001200JC0009W00000000"}),
        ("baunit_code_is_written_right", {"code": "370322001200JC00009W00000001"}),
        ("baunit_code_is_written_right", {"code": "370322001200QC00009W00000000"}),
        ("baunit_ends_whole_and_after_it_began", {"ended_on": date(2020, 1, 1)}),
        (
            "baunit_ends_whole_and_after_it_began",
            {"ended_on": make.BEGAN - timedelta(days=1), "ended_at": make.people.NOON},
        ),
    ],
)
def test_a_unit_that_cannot_be(name, given):
    refused(name, lambda: bare_unit(**given))


def test_a_code_is_given_once_and_a_unit_ends_once():
    unit = bare_unit()
    refused("baunit_code_once", bare_unit)
    refused("registry_baunit_ends_once", lambda: BAUnit.objects.filter(pk=unit.pk).update(kind="forest"))
    refused(
        "registry_baunit_ends_once", lambda: BAUnit.objects.filter(pk=unit.pk).update(code=unit.code[:-9] + "F00010001")
    )
    BAUnit.objects.filter(pk=unit.pk).update(ended_on=make.DAY, ended_at=make.NOON)
    refused("registry_baunit_ends_once", lambda: BAUnit.objects.filter(pk=unit.pk).update(ended_on=None, ended_at=None))
    refused("registry_baunit_ends_once", lambda: run("DELETE FROM registry_baunit WHERE id = %s", unit.pk))
    refused("baunit_code_once", bare_unit)  # not even after it has ended


def test_a_unit_does_not_end_under_its_rights_and_takes_none_after_its_end():
    unit, _ = make.homestead()
    refused(
        "baunit_ends_with_its_rights",
        lambda: BAUnit.objects.filter(pk=unit.pk).update(ended_on=make.DAY, ended_at=make.NOON),
    )
    over = bare_unit(ended_on=make.DAY, ended_at=make.NOON)
    refused("baunit_stands", lambda: row_of(over, RightKind.HOMESTEAD_USE, make.household("演示迟")))


def test_ground_has_one_form_at_a_time_and_a_whole_outline():
    unit = make.unit()
    form = SpatialUnitVersion.objects.get(spatial_unit__baunits__baunit=unit)
    ground = form.spatial_unit

    def again(**given) -> None:
        facts = {
            "geometry": form.geometry, "area_m2": form.area_m2, "registered_area_m2": form.registered_area_m2,
            "valid": DateRange(make.DAY, None), "recorded": ALWAYS, "source_id": form.source_id, **given,
        }  # fmt: skip
        SpatialUnitVersion.objects.create(spatial_unit=ground, **facts)

    refused("spatial_unit_has_one_form", again)
    before = DateRange(date(2010, 1, 1), make.BEGAN)
    refused("spatial_unit_outline_is_whole", lambda: again(valid=before, area_m2=None))
    refused("spatial_unit_has_an_area", lambda: again(valid=before, registered_area_m2=Decimal(0)))
    refused("spatialunitversion_holds_on_some_day", lambda: again(valid=DateRange(empty=True)))
    refused("spatial_unit_code_once", lambda: SpatialUnit.objects.create(
        code=ground.code, kind="parcel", division_id=make.VILLAGE, opened_on=make.BEGAN, opened_at=make.NOON))  # fmt: skip
    refused("spatial_unit_kind_is_known", lambda: SpatialUnit.objects.create(
        code="X", kind="sky", division_id=make.VILLAGE, opened_on=make.BEGAN, opened_at=make.NOON))  # fmt: skip
    refused("unit_ground_once", lambda: UnitGround.objects.create(baunit=unit, spatial_unit=ground))
    for column, value in (
        ("location", "'别处'"),
        ("registered_area_m2", "1"),
        ("valid", "daterange('2000-01-01', NULL)"),
    ):
        refused(
            "registry_spatialunitversion_is_kept",
            lambda c=column, v=value: run(f"UPDATE registry_spatialunitversion SET {c} = {v} WHERE id = %s", form.pk),
        )


def test_a_unit_descends_from_another_once_and_never_from_itself():
    a, b = bare_unit(), bare_unit(code="370322001200JC00010W00000000")
    given = {"kind": "split", "on": make.DAY, "at": make.NOON}
    refused("lineage_leads_elsewhere", lambda: Lineage.objects.create(before=a, after=a, **given))
    Lineage.objects.create(before=a, after=b, **given)
    refused("lineage_once", lambda: Lineage.objects.create(before=a, after=b, **given))


def test_numbers_of_parcels_only_grow():
    CodeSeries.objects.create(series="370322001200JC", last=7)
    refused("code_series_grows", lambda: CodeSeries.objects.update(last=6))
    refused("code_series_grows", lambda: CodeSeries.objects.all().delete())


# -- rights --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("right_share_fits_its_way", {"share_num": 1, "share_den": 2}),
        ("right_share_fits_its_way", {"co_ownership": 2, "share_num": 3, "share_den": 2}),
        ("right_share_fits_its_way", {"co_ownership": 2, "share_num": 0, "share_den": 2}),
        ("right_share_fits_its_way", {"co_ownership": 1}),
        ("right_share_fits_its_way", {"co_ownership": 3, "share_num": None, "share_den": None}),
        ("right_has_a_first_day", {"valid": DateRange(None, make.DAY)}),
        ("right_has_a_first_day", {"valid": DateRange(empty=True)}),
        ("right_share_fits_its_way", {"share_num": None, "share_den": None}),
        ("right_share_fits_its_way", {"co_ownership": 2, "share_num": None, "share_den": None}),
        ("right_is_recorded_from_an_instant", {"recorded": DateTimeTZRange(None, None)}),
    ],
)
def test_a_right_that_cannot_be(name, given):
    unit = make.unit()
    refused(name, lambda: row_of(unit, RightKind.HOMESTEAD_USE, make.household("演示甲"), **given))


def test_an_unknown_kind_of_right_is_none():
    unit, party = make.unit(), make.household()
    rrr = RRR.objects.create(sort="right", kind=77, baunit=unit, opened_at=make.NOON)
    refused("right_kind_is_known", lambda: row_of(unit, 77, party, rrr))
    refused("rrr_sort_is_known", lambda: RRR.objects.create(sort="wish", kind=1, baunit=unit, opened_at=make.NOON))


def test_shares_pass_the_whole_on_no_day_and_joint_holders_do_not_mix():
    unit = make.unit(UnitKind.CONSTRUCTION)
    a, b, c = (make.collective(f"{name}社") for name in "甲乙丙")
    half = {"co_ownership": 2, "share_num": 1, "share_den": 2}
    row_of(unit, RightKind.COLLECTIVE_USE, a, **half)
    row_of(unit, RightKind.COLLECTIVE_USE, b, **half)
    least = {"co_ownership": 2, "share_num": 1, "share_den": 1_000_000}
    later = {"valid": DateRange(date(2030, 1, 1), None)}
    for extra in ({}, later):
        refused("right_shares_pass_the_whole", lambda e=extra: row_of(unit, RightKind.COLLECTIVE_USE, c, **least, **e))
        # the same use of the ground under another name
        refused(
            "right_shares_pass_the_whole", lambda e=extra: row_of(unit, RightKind.COLLECTIVE_HOUSE, c, **least, **e)
        )
    joint = {"co_ownership": 1, "share_num": None, "share_den": None}
    refused("right_shares_pass_the_whole", lambda: row_of(unit, RightKind.COLLECTIVE_USE, c, **joint))
    refused("right_once_per_party_and_time", lambda: row_of(unit, RightKind.COLLECTIVE_USE, a, **least))


def test_one_sole_holder_and_one_holder_of_exclusive_kinds():
    unit, used = make.homestead()
    other = make.household("演示另")
    refused("right_has_one_sole_holder", lambda: row_of(unit, RightKind.HOMESTEAD_USE, other))
    bare = bare_unit()
    owner = make.collective("独社")
    half = {"co_ownership": 2, "share_num": 1, "share_den": 2}
    refused(
        "right_exclusive_kinds_have_one_holder", lambda: row_of(bare, RightKind.COLLECTIVE_OWNERSHIP, owner, **half)
    )
    assert used.pk


def test_holders_live_and_fit():
    unit = make.unit()
    gone = make.household("演示散")
    type(gone).objects.filter(pk=gone.pk).update(state="ended", ended_on=date(2010, 1, 1))
    refused("right_holder_lives", lambda: row_of(unit, RightKind.HOMESTEAD_USE, gone))
    refused("right_holder_fits", lambda: row_of(unit, RightKind.COLLECTIVE_OWNERSHIP, make.household("演示户")))
    refused("right_holder_fits", lambda: row_of(unit, RightKind.HOMESTEAD_USE, make.collective("外社")))
    owned = make.right(unit, RightKind.COLLECTIVE_OWNERSHIP, make.collective())
    rrr = RRR.objects.create(sort="right", kind=101, baunit=unit, parent=owned, opened_at=make.NOON)
    refused("right_holder_fits", lambda: row_of(unit, RightKind.QUALIFICATION, make.collective("他社"), rrr))


def test_whoever_has_ended_by_the_day_of_entry_gets_nothing_that_goes_on_after():
    unit, gone = make.unit(UnitKind.CONTRACTED), make.household("演示散")
    type(gone).objects.filter(pk=gone.pk).update(state="ended", ended_on=date(2020, 1, 1))
    for until in (None, date(2020, 1, 2)):
        valid = DateRange(make.BEGAN, until)
        refused("right_holder_lives", lambda v=valid: row_of(unit, RightKind.CONTRACT, gone, valid=v))
    in_life = row_of(unit, RightKind.CONTRACT, gone, valid=DateRange(make.BEGAN, date(2020, 1, 1)))
    # nor does a row of the same right that has just been closed, where it said less
    Right.objects.filter(pk=in_life.pk).update(recorded=DateTimeTZRange(make.people.NOON, make.NOON))
    more = {"valid": DateRange(make.BEGAN, date(2021, 1, 1)), "recorded": DateTimeTZRange(make.NOON, None)}
    refused("right_holder_lives", lambda: row_of(unit, RightKind.CONTRACT, gone, in_life.rrr, **more))


def test_a_row_is_of_its_right():
    unit, other = make.unit(), bare_unit()
    rrr = RRR.objects.create(sort="right", kind=5, baunit=other, opened_at=make.NOON)
    refused("rrr_row_fits", lambda: row_of(unit, RightKind.HOMESTEAD_USE, make.household(), rrr))
    duty = RRR.objects.create(sort="duty", kind=5, baunit=unit, opened_at=make.NOON)
    refused("rrr_row_fits", lambda: row_of(unit, RightKind.HOMESTEAD_USE, make.household("演示乙"), duty))


def test_a_derived_right_lies_in_its_parent_and_ends_with_it():
    unit, contract = make.contracted()
    farm = make.household("演示租")
    rrr = RRR.objects.create(sort="right", kind=102, baunit=unit, parent=contract, opened_at=make.NOON)
    beyond = DateRange(make.BEGAN, date(2045, 6, 2))
    refused("rrr_term_within_parent", lambda: row_of(unit, RightKind.OPERATION, farm, rrr, valid=beyond))
    row_of(unit, RightKind.OPERATION, farm, rrr, valid=DateRange(make.BEGAN, date(2045, 6, 1)))
    settle()
    # the parent alone cannot be closed
    refused("rrr_ends_with_parent", lambda: run(
        "UPDATE registry_right SET recorded = tstzrange(lower(recorded), %s) WHERE rrr_id = %s",
        make.NOON, contract.pk))  # fmt: skip
    orphan = {"sort": "right", "baunit": unit, "opened_at": make.NOON}
    refused("rrr_parent_fits", lambda: RRR.objects.create(kind=102, **orphan))
    refused("rrr_parent_fits", lambda: RRR.objects.create(kind=103, parent=contract, **orphan))
    refused("rrr_parent_fits", lambda: RRR.objects.create(
        kind=102, sort="right", baunit=bare_unit(), parent=contract, opened_at=make.NOON))  # fmt: skip


def test_restrictions_and_duties_that_cannot_be():
    unit = make.unit()
    held = {"baunit": unit, "valid": SINCE, "recorded": ALWAYS, "source_id": make.source()}

    def restriction(kind: int = 23, **given) -> None:
        rrr = RRR.objects.create(sort="restriction", kind=kind, baunit=unit, opened_at=make.NOON)
        Restriction.objects.create(rrr=rrr, kind=kind, **held | given)

    refused("restriction_kind_is_known", lambda: restriction(7))
    refused("restriction_amount_is_some", lambda: restriction(amount_fen=0))
    refused("restriction_has_a_first_day", lambda: restriction(valid=DateRange(None, None)))
    rrr = RRR.objects.create(sort="restriction", kind=23, baunit=unit, opened_at=make.NOON)
    Restriction.objects.create(rrr=rrr, kind=23, **held)
    refused("restriction_once_per_time", lambda: Restriction.objects.create(rrr=rrr, kind=23, **held))
    duty = RRR.objects.create(sort="duty", kind=1, baunit=unit, opened_at=make.NOON)
    Responsibility.objects.create(rrr=duty, kind=1, text="用于耕种", **held)
    refused(
        "responsibility_once_per_time",
        lambda: Responsibility.objects.create(rrr=duty, kind=1, text="用于耕种", **held),
    )
    refused(
        "responsibility_has_a_first_day",
        lambda: Responsibility.objects.create(rrr=duty, kind=1, text="用", **held | {"valid": DateRange(None, None)}),
    )


# -- history and proofs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "party_id = party_id + 1",
        "share_num = 1, share_den = 1, co_ownership = 0, valid = daterange('1990-01-01', NULL)",
        "kind = 6",
        "nature = 999",
        "recorded = tstzrange('2000-01-01', NULL)",
        "recorded = 'empty', valid = daterange('1990-01-01', NULL)",
    ],
)
def test_a_row_of_a_right_is_closed_and_never_rewritten(change):
    unit, used = make.homestead()
    row = Right.objects.get(rrr=used)
    refused("registry_right_is_kept", lambda: run(f"UPDATE registry_right SET {change} WHERE id = %s", row.pk))
    refused("registry_right_is_kept", lambda: run("DELETE FROM registry_right WHERE id = %s", row.pk))
    Right.objects.filter(pk=row.pk).update(recorded=DateTimeTZRange(make.people.NOON, make.NOON))
    reopen = "UPDATE registry_right SET recorded = tstzrange(lower(recorded), NULL) WHERE id = %s"
    refused("registry_right_is_kept", lambda: run(reopen, row.pk))
    assert unit.pk


@pytest.mark.parametrize("table", ["rrr", "administrativesource", "spatialsource", "unitground", "lineage"])
def test_what_is_appended_is_neither_changed_nor_removed(table):
    make.homestead()
    for statement in (f"UPDATE registry_{table} SET id = id", f"DELETE FROM registry_{table}"):
        with pytest.raises((IntegrityError, ProgrammingError, InternalError)), transaction.atomic():
            run(statement)
    with pytest.raises(ProgrammingError), transaction.atomic():
        run(f"TRUNCATE registry_{table} CASCADE")


def test_certificates_prove_one_thing_at_a_time_and_are_recalled_once():
    unit, used = make.homestead()
    given = {"rrr": used, "baunit": unit, "issued_on": make.DAY, "issued_at": make.NOON}
    one = Certificate.objects.create(kind="certificate", number="演示第1号", **given)
    refused(
        "certificate_one_in_force", lambda: Certificate.objects.create(kind="certificate", number="演示第2号", **given)
    )
    refused("certificate_stays", lambda: Certificate.objects.filter(pk=one.pk).update(number="演示第3号"))
    refused("certificate_recall_is_whole", lambda: Certificate.objects.filter(pk=one.pk).update(recalled_on=make.DAY))
    Certificate.objects.filter(pk=one.pk).update(recalled_on=make.DAY, recalled_at=make.NOON, recall_reason="换发新证")
    refused(
        "certificate_stays",
        lambda: Certificate.objects.filter(pk=one.pk).update(recalled_on=None, recalled_at=None, recall_reason=""),
    )
    refused("certificate_stays", lambda: Certificate.objects.filter(pk=one.pk).delete())
    refused(
        "certificate_number_once", lambda: Certificate.objects.create(kind="certificate", number="演示第1号", **given)
    )


def test_sources_say_what_they_are():
    refused("source_has_a_title", lambda: AdministrativeSource.objects.create(
        kind="other", title="", issued_on=make.DAY, division_id=make.VILLAGE))  # fmt: skip
