"""Workbench and list of cases at a million cases, by one person and by sixteen at once, beside an empty page."""

import threading
import time
from typing import Any

from .timing import Times
from .world import world

CASES = 1_000_000
SEAT = "370100000000"

#: Cases made by SQL: one in fifty is open, in the divisions of the city; the triggers of cases are for single moves.
_FILL = """
INSERT INTO casework_case (number, procedure, title, zone_id, division_id, opened_at, state, step, moves, roles, step_since,
    due_from, due_length, due_unit, due, due_is_provisional, reminded, closed_at, grams, subject_type, subject_id, facts,
    opened_by_id)
SELECT '试验〔2026〕' || n, 'governance.plan_intake', '试验事项' || n, 'jinan', d.code, now() - n * interval '10 seconds',
    CASE WHEN n %% 50 = 0 THEN 'open' ELSE 'done' END, CASE WHEN n %% 50 = 0 THEN 'check' ELSE 'done' END, 0,
    CASE WHEN n %% 50 = 0 THEN ARRAY['zone_office'] ELSE ARRAY[]::varchar[] END, now(),
    CASE WHEN n %% 50 = 0 THEN current_date END, CASE WHEN n %% 50 = 0 THEN 10 END, '工作日',
    CASE WHEN n %% 50 = 0 THEN current_date + (n %% 400)::int - 100 END, false, '',
    CASE WHEN n %% 50 = 0 THEN NULL ELSE now() END, ARRAY['试验', '事项', right(n::text, 2)]::varchar[], '', '', '{}', %s
FROM generate_series(1, %s) n JOIN (
    SELECT descendant_id AS code, row_number() OVER () - 1 AS place, count(*) OVER () AS many
    FROM regions_divisionclosure WHERE ancestor_id = %s
) d ON d.place = n %% d.many
"""


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    with world():
        from django.db import connection
        from django.http import HttpResponse
        from django.test import Client
        from django.test.utils import CaptureQueriesContext
        from django.urls import path

        from ronghe.kernel.accounts.access import public
        from ronghe.kernel.accounts.roles import Role
        from ronghe.site import urls
        from tests.people import person

        urls.urlpatterns.append(path("empty", public(lambda request: HttpResponse())))
        office = person(Role.ZONE_OFFICE, SEAT)
        _fill(office.user.pk)
        stranger = Client(headers={"host": "localhost"})
        empty = _timed([lambda: stranger.get("/empty")], 60)
        pages = {
            "workbench, 待办": "/cases/",
            "workbench, 逾期": "/cases/?tab=overdue",
            "workbench, 已办": "/cases/?tab=done",
            "list of all cases": "/cases/all/",
            "list, searched by a part of the title": "/cases/all/?text=事项77",
        }
        told = []
        for what, address in pages.items():
            browser = _client(office)
            browser.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(address).status_code == 200, address
            number = len(asked)
            alone = _timed([lambda b=browser, a=address: b.get(a)], 20)
            browsers = [_client(office) for _ in range(16)]
            many = _timed([lambda b=one, a=address: b.get(a) for one in browsers], 4)
            told.append(
                (
                    f"{what}, {CASES:,} cases",
                    f"p95 {alone.quantile(0.95) * 1000:.0f} ms with 1 user, {many.quantile(0.95) * 1000:.0f} ms with 16 "
                    f"on two cores, {number} queries",
                    f"{alone.quantile(0.95) / empty.quantile(0.95):.0f} × an empty page (p95 {empty.quantile(0.95) * 1000:.1f} ms)",
                )
            )
        return told


def _fill(user_id: int) -> None:
    """As the owner, past the triggers that keep single moves in order."""
    import psycopg

    from ronghe.site import settings, testing

    with psycopg.connect(testing.with_database(settings.OWNER_URL, testing.template()), autocommit=True) as owner:
        owner.execute("ALTER TABLE casework_case DISABLE TRIGGER USER")
        owner.execute(_FILL, [user_id, CASES, SEAT])
        owner.execute("ALTER TABLE casework_case ENABLE TRIGGER USER")
        owner.execute("ANALYZE")


def _client(who: Any) -> Any:
    browser = who.client()
    browser.defaults["HTTP_HOST"] = "localhost"
    return browser


def _timed(jobs: list[Any], times: int) -> Times:
    """Each job in a thread of its own, so many times."""
    taken: list[float] = []

    def run(job: Any) -> None:
        from django.db import connections

        for _ in range(times):
            start = time.perf_counter()
            assert job().status_code == 200
            taken.append(time.perf_counter() - start)
        connections.close_all()

    if len(jobs) == 1:
        run(jobs[0])
    else:
        threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    return Times(tuple(taken))
