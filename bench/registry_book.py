"""The book at three million rights on a million parcels: its page, as of any day, its searches and its tiles, beside a read by primary key.

``RONGHE_BENCH_RIGHTS`` asks for another number; three of them stand on each parcel.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from .timing import Times
from .world import world

#: Three rights stand on each homestead.
RIGHTS = int(os.environ.get("RONGHE_BENCH_RIGHTS", "3000000"))
COUNTY = "370322000000"
RUNS = 30
#: South-west corner, side of a parcel in degrees, parcels in a row.
WEST, SOUTH, SIDE, ROW = 117.6, 36.95, 0.0002, 1000
FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰涛明超兰霞平刚桂英华玉秀"


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    with world():
        from ronghe.kernel.accounts.roles import Role
        from ronghe.kernel.spatial.models import Layer, Tile
        from ronghe.kernel.spatial.tiles import mercator, tile
        from ronghe.registry.drawn import slug_of
        from ronghe.registry.models import BAUnit, Right
        from tests.people import person

        units = load(RIGHTS // 3)
        office = person(Role.DEPARTMENT, COUNTY)
        browser = office.client()
        browser.defaults["HTTP_HOST"] = "localhost"
        codes = list(BAUnit.objects.order_by("pk").values_list("code", flat=True)[:: max(1, units // RUNS)])
        keys = list(Right.objects.order_by("pk").values_list("pk", flat=True)[: 5 * RUNS])
        by_key = timed([partial(Right.objects.get, pk=pk) for pk in keys])
        browser.get("/registry/")

        def get(address: str) -> None:
            expect(browser.get(address))

        def pages(*addresses: str) -> Times:
            return timed([partial(get, a) for a in addresses])

        asked = {
            "book page": [f"/registry/units/{code}/" for code in codes],
            "book page as of a day of last year": [f"/registry/units/{code}/?on=2025-11-25" for code in codes],
            "book page as known at an instant": [f"/registry/units/{code}/?known=2026-11-20" for code in codes],
            "list of all units": ["/registry/"] * RUNS,
            "search by a whole code": [f"/registry/?text={code}" for code in codes],
            "search by feature and number": [f"/registry/?text={code[12:19]}" for code in codes],
            "search by a holder": [f"/registry/?text={name_of(n)}" for n in range(7, 7 + RUNS)],
            "search by a location": [f"/registry/?text=胡同{n}号" for n in range(101, 101 + RUNS)],
        }
        told = []
        for what, addresses in asked.items():
            taken = pages(*addresses)
            told.append((f"{what}, {3 * units:,} rights", shown(taken), beside(taken, by_key)))
        layer = Layer.objects.get(slug=slug_of(COUNTY))
        import numpy as np

        middle = mercator(np.array([[WEST + ROW * SIDE / 2, SOUTH + units / ROW * SIDE / 2]]))[0]
        for z in (10, 13, 16):
            x, y = (middle * 2**z).astype(int).tolist()
            address = f"/tiles/{layer.slug}/{z}/{x}/{y}.mvt"

            def anew(at: str = address) -> None:
                tile.cache_clear()
                Tile.objects.all().delete()
                expect(browser.get(at))

            uncached = timed([anew] * 8)
            cached = pages(*[address] * RUNS)
            told.append(
                (
                    f"tile {z}/{x}/{y} of {units:,} parcels",
                    f"cut anew {shown(uncached)}; kept {shown(cached)}",
                    f"{beside(uncached, by_key)}; {beside(cached, by_key)}",
                )
            )
        return told


def expect(answer: Any) -> None:
    """Raises: AssertionError where a page did not come."""
    assert answer.status_code == 200, answer.status_code


def timed(jobs: list[Callable[[], object]]) -> Times:
    """Each job once, after one that is not counted."""
    jobs[0]()
    taken = []
    for job in jobs:
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return Times(tuple(taken))


def shown(times: Times) -> str:
    return f"p50 {statistics.median(times.seconds) * 1000:.1f} ms, p95 {times.quantile(0.95) * 1000:.1f} ms"


def beside(times: Times, key: Times) -> str:
    return f"{times.quantile(0.95) / key.quantile(0.95):,.0f} × a right by primary key (p95 {key.quantile(0.95) * 1000:.2f} ms)"


def name_of(n: int) -> str:
    return FAMILY[n % 20] + GIVEN[n // 20 % 24] + GIVEN[n // 480 % 24]


def load(units: int) -> int:
    """Homesteads with their three rights, by COPY past the triggers that keep single acts in order; how many there are.

    Half of the use rights passed on once, so that there is a history to read.
    """
    import psycopg
    import shapely

    from ronghe.kernel import clock
    from ronghe.kernel.grams import grams
    from ronghe.kernel.regions.models import Division
    from ronghe.kernel.spatial.rules import Box
    from ronghe.registry.services import drawing
    from ronghe.site import settings, testing

    villages = list(
        Division.objects.below(COUNTY).filter(level="village").order_by("code").values_list("code", flat=True)
    )
    each = -(-units // len(villages))
    at = clock.now()
    since, before, moved = "[2015-06-01,)", "[2015-06-01,2025-06-01)", "[2025-06-01,)"
    recorded = "[2026-01-01 00:00+00,)"

    def parties() -> Iterator[tuple[Any, ...]]:
        yield (
            1,
            "collective",
            "试验股份经济合作社",
            "",
            "",
            grams("试验股份经济合作社"),
            villages[0],
            "active",
            "",
            False,
        )
        for n in range(units):
            name = f"{name_of(n)}户"
            yield n + 2, "household", name, "", "", grams(name), villages[n // each], "active", "", False

    def code(n: int) -> str:
        return f"{villages[n // each]}JC{n % each + 1:05d}W00000000"

    def outlines() -> Iterator[tuple[Any, ...]]:
        for n in range(units):
            x, y = WEST + n % ROW * SIDE, SOUTH + n // ROW * SIDE
            shape = shapely.multipolygons([shapely.box(x, y, x + SIDE * 0.95, y + SIDE * 0.95)])
            place = f"试验村胡同{n % 5000}号"
            box = f"({x + SIDE * 0.95},{y + SIDE * 0.95}),({x},{y})"
            yield (
                n + 1, n + 1, since, recorded, shapely.to_wkb(shape, byte_order=1), box, 350, 350, "", place, "", "", "", "",
                "", 1, grams(place, code(n)[:19]),
            )  # fmt: skip

    def rights() -> Iterator[tuple[Any, ...]]:
        for n in range(units):
            yield 3 * n + 1, 3 * n + 1, n + 1, 1, 1, since
            yield 3 * n + 2, 3 * n + 2, n + 1, n + 2, 101, since
            yield 3 * n + 3, 3 * n + 3, n + 1, n + 2, 5, moved if n % 2 else since
            if n % 2:
                yield 3 * units + n, 3 * n + 3, n + 1, (n + 1) % units + 2, 5, before

    tables: list[tuple[str, str, Iterator[tuple[Any, ...]]]] = [
        ("parties_party", "id, kind, name, pinyin, letters, pairs, division_id, state, sex, is_demo", parties()),
        (
            "registry_baunit", "id, code, kind, division_id, opened_on, opened_at, is_demo",
            ((n + 1, code(n), "homestead", villages[n // each], "2015-06-01", at, True) for n in range(units)),
        ),
        (
            "registry_spatialunit", "id, code, kind, division_id, opened_on, opened_at",
            ((n + 1, code(n)[:19], "parcel", villages[n // each], "2015-06-01", at) for n in range(units)),
        ),
        ("registry_unitground", "baunit_id, spatial_unit_id", ((n + 1, n + 1) for n in range(units))),
        (
            "registry_administrativesource", "id, kind, number, title, issued_on, issuer, division_id",
            iter([(1, "approval", "", "试验批准", "2015-06-01", "", villages[0])]),
        ),
        (
            "registry_spatialsource", "id, title, surveyor, surveyed_on, method, crs, division_id",
            iter([(1, "试验测绘", "", "2015-06-01", "", "", villages[0])]),
        ),
        (
            "registry_spatialunitversion",
            "id, spatial_unit_id, valid, recorded, geometry, box, area_m2, registered_area_m2, use, location, north, east, "
            "south, west, structure, source_id, grams",
            outlines(),
        ),
        (
            "registry_rrr", "id, sort, kind, baunit_id, parent_id, opened_at",
            ((3 * n + k, "right", kind, n + 1, None if k == 1 else 3 * n + 1, at)
             for n in range(units) for k, kind in ((1, 1), (2, 101), (3, 5))),
        ),
        (
            "registry_right", "id, rrr_id, baunit_id, party_id, kind, valid, recorded, co_ownership, share_num, share_den, source_id",
            ((*row, recorded, 0, 1, 1, 1) for row in rights()),
        ),
    ]  # fmt: skip
    with psycopg.connect(testing.with_database(settings.OWNER_URL, testing.template())) as owner:
        for table, columns, rows_of in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            with owner.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows_of:
                    copy.write_row(row)
            owner.commit()
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        owner.commit()
        owner.autocommit = True
        owner.execute("ANALYZE")
    far = Box(WEST, SOUTH, WEST + ROW * SIDE, SOUTH + (units // ROW + 1) * SIDE)
    drawing.changed(COUNTY, [far], at, more=units)
    return units
