"""An import of 100,000 rows with all checks, beside bare COPY of the same rows; the list that they make."""

import io
import time
from typing import Any

from .timing import in_turns
from .world import world

ROWS = 100_000
SEAT = "370100000000"


def _workbook() -> bytes:
    from openpyxl import Workbook

    from ronghe.governance.rosters import UNITS

    book = Workbook(write_only=True)
    sheet = book.create_sheet(UNITS.title)
    sheet.append([one.head for one in UNITS.fields])
    for n in range(ROWS):
        sheet.append(
            [SEAT, f"市第{n}局", "部门单位", "市", "", f"联系人{n}", f"1380000{n % 10_000:04d}", f"路{n}号", "职责"]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    with world():
        from django.db import connection
        from django.http import HttpResponse
        from django.test import Client
        from django.test.utils import CaptureQueriesContext
        from django.urls import path

        from ronghe.governance.models import UnitEntry
        from ronghe.governance.rosters import UNITS
        from ronghe.kernel import clock
        from ronghe.kernel.accounts.access import public
        from ronghe.kernel.accounts.roles import Role
        from ronghe.kernel.jobs.services import run_here
        from ronghe.mechanisms.rosters import services
        from ronghe.mechanisms.rosters.models import Version
        from ronghe.site import urls
        from tests.people import person

        urls.urlpatterns.append(path("empty", public(lambda request: HttpResponse())))
        office = person(Role.ZONE_OFFICE, SEAT)
        content = _workbook()
        made = services.take_file(UNITS, content=content, name="单位.xlsx", actor=office.actor, at=clock.now())
        check = _seconds(lambda: run_here(made.job_id))
        made.refresh_from_db()
        assert made.state == "ready", (made.failure, made.faults[:3])
        services.start_apply(import_id=made.pk, actor=office.actor, at=clock.now())
        made.refresh_from_db()
        write = _seconds(lambda: run_here(made.job_id))
        made.refresh_from_db()
        assert made.state == "applied", made.failure
        assert UnitEntry.objects.count() == Version.objects.count() == ROWS
        copy = _copied(UnitEntry)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        browser = _client(office)
        address = "/rosters/units/"
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        number = len(asked)
        stranger = Client(headers={"host": "localhost"})
        page, empty = in_turns(30, lambda: browser.get(address), lambda: stranger.get("/empty"))
        return [
            (
                f"import of {ROWS:,} rows of 单位名录: read, checked, compared, written with history and org units",
                f"{ROWS / (check + write):,.0f} rows/s (check {check:.1f} s, write {write:.1f} s)",
                f"{(check + write) / copy:.1f} × bare COPY of the same rows ({copy:.2f} s)",
            ),
            (
                f"list of {ROWS:,} records",
                f"p50 {page.median * 1000:.0f} ms, p95 {page.quantile(0.95) * 1000:.0f} ms, {number} queries",
                f"{page.quantile(0.95) / empty.quantile(0.95):.1f} × an empty page (p95 {empty.quantile(0.95) * 1000:.1f} ms)",
            ),
        ]


def _client(who: Any) -> Any:
    browser = who.client()
    browser.defaults["HTTP_HOST"] = "localhost"
    return browser


def _seconds(job: Any) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def _copied(model: Any) -> float:
    """Seconds to COPY the same rows into a table of the same columns, indexes and keys."""
    from django.db import connection

    table = model._meta.db_table
    columns = [c.column for c in model._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table}")
        told = cursor.fetchall()
    from django.db import transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
        start = time.perf_counter()
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as out:
            for row in told:
                out.write_row(row)
        taken = time.perf_counter() - start
    return taken
