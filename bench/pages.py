"""The task list at 100 zones' worth of data, beside an empty Django page through the same middleware."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from .timing import in_turns

#: How many zones stand in the database: the real ones and copies of Jinan, the largest with areas.
ZONES = 100


@contextmanager
def database() -> Iterator[None]:
    """A throw-away embedded server with the real packs and copies of one of them."""
    from ronghe.site import testing

    server = testing.TestServer()
    try:
        server.make_ready()
        os.environ["DATABASE_URL"] = testing.with_database(os.environ["DATABASE_URL"], testing.template())
        import django

        django.setup()
        _fill()
        yield
    finally:
        from django.db import connections

        connections.close_all()
        server.close()


def _fill() -> None:
    from dataclasses import replace

    from ronghe.kernel.actors import SYSTEM
    from ronghe.kernel.clock import now
    from ronghe.policy.packs import ZONES as FOLDER
    from ronghe.policy.packs import known_packs, read_pack
    from ronghe.policy.services import load_pack

    packs = [read_pack(path) for path in known_packs(FOLDER)]
    for pack in packs:
        load_pack(pack, actor=SYSTEM, at=now())
    jinan = next(p for p in packs if p.zone.slug == "jinan")
    for n in range(ZONES - len(packs) + 1):
        documents = tuple(replace(d, number="", title=f"{d.title}（演示 {n}）") for d in jinan.documents)
        copy = replace(
            jinan,
            zone=replace(jinan.zone, slug=f"demo-{n}", title=f"演示试验区 {n}", short=f"演示{n}"),
            documents=documents,
            boundary=None,
            digest=f"demo-{n}",
        )
        load_pack(copy, actor=SYSTEM, at=now())
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    with database():
        from django.db import connection
        from django.http import HttpResponse
        from django.test import Client
        from django.test.utils import CaptureQueriesContext
        from django.urls import path

        from ronghe.kernel.accounts.access import public
        from ronghe.policy.models import OrderedTask
        from ronghe.site import urls

        urls.urlpatterns.append(path("empty", public(lambda request: HttpResponse())))
        client = Client(headers={"host": "localhost"})
        found = []
        pages = {
            "task list of one zone": "/z/demo-7/tasks/",
            "task list by area": "/z/jinan/tasks/?area=370112000000",
            "the one map": "/z/jinan/map/",
            "home of a zone": "/z/jinan/",
        }
        count = OrderedTask.objects.count()
        for what, address in pages.items():
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200, address
                queries = len(captured)  # the next request empties the log
            page, empty = in_turns(40, lambda a=address: client.get(a), lambda: client.get("/empty"))
            found.append(
                (
                    f"{what}, {ZONES} zones with {count:,} tasks in the database",
                    f"p50 {page.median * 1000:.0f} ms, p95 {page.quantile(0.95) * 1000:.0f} ms, {queries} queries",
                    f"{page.quantile(0.95) / empty.quantile(0.95):.1f} × an empty page through the same middleware "
                    f"(p95 {empty.quantile(0.95) * 1000:.1f} ms)",
                )
            )
        return found
