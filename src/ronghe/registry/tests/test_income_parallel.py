"""Two clerks at one moment, on real connections: a collective is set up once, and no share is given twice."""

from datetime import timedelta

from django.db import connection, transaction

from ronghe.kernel.actors import SYSTEM
from ronghe.kernel.errors import DomainError
from ronghe.site.testing import in_parallel

from ..income_errors import IncomeSharesStand
from ..models import IncomeApplication, IncomeCertificate, IncomeRight, IncomeShares
from ..queries import income as queries
from ..rules.income import IncomeCause
from ..services.income_entry import enter_income_change, enter_income_first
from .incomes import LATER, Village


def _read(pk: int) -> IncomeApplication:
    return IncomeApplication.objects.select_related("case__zone", "collective__division").get(pk=pk)


def test_of_two_entries_of_one_collective_one_stands(fresh_database, settings, tmp_path):
    """The second waits for the lock of the collective and finds what stands; without it the exclusion of the database
    refuses it in the same words. It would fail with both taken out."""
    settings.MEDIA_ROOT = tmp_path
    village = Village(told_for=False)
    made = village.opened()

    def enter():
        return enter_income_first(application=_read(made.pk), actor=SYSTEM, at=LATER)

    outcomes = in_parallel(enter, enter)
    [refused] = [one for one in outcomes if isinstance(one, Exception)]
    assert isinstance(refused, IncomeSharesStand)
    assert IncomeShares.objects.count() == 1
    assert IncomeCertificate.objects.count() == IncomeRight.objects.count() == 2


def test_of_two_sales_of_the_same_share_the_second_finds_too_little(fresh_database, settings, tmp_path):
    """Would fail with the lock taken out of ``locked_collective``: both closed the same row."""
    settings.MEDIA_ROOT = tmp_path
    village = Village(told_for=False)
    enter_income_first(application=_read(village.opened().pk), actor=SYSTEM, at=LATER)
    third, _ = village.household("演示三", 1)
    # Of one household one case is open at a time: the first is asked for, the second is the same one entered twice.
    made = village.changed(IncomeCause.SALE, 150_00, taker=third)

    def enter():
        application = IncomeApplication.objects.select_related("case__zone", "collective__division").get(pk=made.pk)
        return enter_income_change(
            application=application, was_judged=True, actor=SYSTEM, at=LATER + timedelta(days=11)
        )

    outcomes = in_parallel(enter, enter)
    [refused] = [one for one in outcomes if isinstance(one, Exception)]
    assert isinstance(refused, DomainError)
    day = (LATER + timedelta(days=11)).date()
    held = {row.holder_id: row.shares_hundredths for row in queries.rights(village.collective, actor=SYSTEM, day=day)}
    assert held == {village.first.pk: 50_00, village.second.pk: 100_00, third.pk: 150_00}


def test_statements_that_know_no_service_do_not_pass_the_total_together(fresh_database, settings, tmp_path):
    """Would fail without the lock in ``registry_income_within_total``: each saw the other's row too late."""
    settings.MEDIA_ROOT = tmp_path
    village = Village(told_for=False)
    application = village.opened()
    services_row = enter_income_first(application=_read(application.pk), actor=SYSTEM, at=LATER)
    rows = list(IncomeRight.objects.order_by("pk"))
    with transaction.atomic():
        IncomeRight.objects.filter(pk__in=[row.pk for row in rows]).update(
            recorded=type(rows[0].recorded)(rows[0].recorded.lower, LATER + timedelta(days=1))
        )

    def write(row, *, wait="5s"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [wait])
            cursor.execute(
                "INSERT INTO registry_incomeright (collective_id, holder_id, shares_hundredths, cause, source_id, valid,"
                " recorded) VALUES (%s, %s, %s, 'first', %s, daterange('2026-12-20', NULL), tstzrange(%s, NULL))",
                [row.collective_id, row.holder_id, 200_00, row.source_id, LATER + timedelta(days=2)],
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with transaction.atomic():
        write(rows[0])
        # The first is judged and not yet committed: the second may not be judged beside it.
        [waited] = in_parallel(lambda: write(rows[1], wait="200ms"))
    assert "lock timeout" in str(waited)
    [refused] = in_parallel(lambda: write(rows[1]))
    assert "income_shares_within_total" in str(refused.__cause__.diag.constraint_name)
    assert services_row.total_hundredths == 300_00
    assert IncomeRight.objects.current().count() == 1
