"""The task list at 100 zones' worth of data, beside an empty Django page through the same middleware."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    from ronghe.kernel.actors import SYSTEM
    from ronghe.kernel.clock import now
    from ronghe.policy.packs import ZONES as FOLDER
    from ronghe.policy.packs import known_packs, read_pack
    from ronghe.policy.services import load_pack

    packs = [read_pack(path) for path in known_packs(FOLDER)]
    for pack in packs:
        load_pack(pack, actor=SYSTEM, at=now())
    with tempfile.TemporaryDirectory() as work:
        for n in range(ZONES - len(packs) + 1):
            load_pack(read_pack(_copy(FOLDER / "jinan", Path(work), n)), actor=SYSTEM, at=now())
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(folder: Path, work: Path, n: int) -> Path:
    """Jinan's pack under another name, with a document of its own and no outlines."""
    made = Path(shutil.copytree(folder, work / f"demo-{n}", ignore=shutil.ignore_patterns("boundary.geojson")))
    for file in (*made.glob("*.csv"), *made.glob("parameters/*.yaml"), made / "zone.yaml"):
        text = file.read_text("utf-8").replace("jinan-2021", f"demo-{n}-2021")
        if file.name == "zone.yaml":
            text = re.sub(r"(?m)^slug: .*$", f"slug: demo-{n}", text)
            text = re.sub(r"(?m)^(title|short): .*$", rf"\1: 演示{n}", text)
            text = re.sub(r"(?m)^    number: .*\n", "", text)
            text = re.sub(r"(?ms)^boundary:\n(?:  .*\n)+", "", text)
        file.write_text(text, "utf-8")
    return made


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
            "comparison of six zones on all matters": "/library/compare/",
            "calculator with an answer, asked of 100 zones": "/library/calculators/entry.agreement_exception/?zone=jinan",
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
