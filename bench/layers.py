"""A layer of 100,000 parcels: brought in with all checks, its topology checked, its tiles cut."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .timing import Times, in_turns
from .world import world

WIDE, HIGH, SIDE = 400, 250, 0.0005
WEST, SOUTH = 117.35, 36.6
PARCELS = WIDE * HIGH
SHIFTED = 200
SEAT = "370100000000"


def _parcels() -> Any:
    """Four-sided parcels that share their uneven corners, some of them shifted onto their neighbours."""
    import numpy as np
    import shapely

    chance = np.random.default_rng(20261126)
    x, y = np.meshgrid(np.arange(WIDE + 1) * SIDE + WEST, np.arange(HIGH + 1) * SIDE + SOUTH)
    corners = np.stack((x, y), axis=-1) + chance.uniform(-0.2, 0.2, (*x.shape, 2)) * SIDE
    rings = np.stack(
        (corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1], corners[:-1, :-1]), axis=2
    )
    rings = rings.reshape(PARCELS, 5, 2)
    rings[chance.choice(PARCELS, SHIFTED, replace=False)] += SIDE / 10
    return shapely.polygons(rings)


def _package(shapes: Any) -> bytes:
    import numpy as np
    import pyogrio
    import shapely

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "parcels.gpkg"
        codes = np.array([f"P{n:06d}" for n in range(PARCELS)], dtype=object)
        pyogrio.raw.write(
            file, shapely.to_wkb(shapes), [codes, codes], ["code", "name"], driver="GPKG", crs="EPSG:4490",
            geometry_type="Polygon", layer="parcels",
        )  # fmt: skip
        return file.read_bytes()


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside what) for RESULTS.md."""
    with world():
        import geopandas
        import numpy as np
        from django.http import HttpResponse
        from django.urls import path

        from ronghe.kernel import clock
        from ronghe.kernel.accounts.access import public
        from ronghe.kernel.accounts.roles import Role
        from ronghe.kernel.jobs.services import run_here
        from ronghe.kernel.spatial import services
        from ronghe.kernel.spatial.models import Tile
        from ronghe.kernel.spatial.tiles import mercator, tile
        from ronghe.kernel.spatial.topology import Tolerance
        from ronghe.site import urls
        from tests.people import person

        urls.urlpatterns.append(path("empty", public(lambda request: HttpResponse())))
        office, now = person(Role.ZONE_OFFICE, SEAT), clock.now()
        layer = services.create_layer(
            slug="parcels", division=SEAT, told=services.LayerTold("地块", "working", public=True), actor=office.actor,
            at=now,
        )  # fmt: skip
        shapes = _parcels()
        made = services.take_file(
            layer=layer, content=_package(shapes), name="地块.gpkg", mode="merge", stated=services.Statement(),
            actor=office.actor, at=now,
        )  # fmt: skip
        check = _seconds(lambda: run_here(made.job_id))
        made.refresh_from_db()
        assert made.state == "ready", (made.failure, made.remarks[:3])
        started = services.start_apply(import_id=made.pk, actor=office.actor, at=now)
        write = _seconds(lambda: run_here(started.job_id))
        layer.refresh_from_db()
        assert layer.feature_count == PARCELS

        asked = services.analyse(
            kind="topology", layer=layer, other=None, tolerance=Tolerance(), actor=office.actor, at=now
        )
        topology = _seconds(lambda: run_here(asked.job_id))
        asked.refresh_from_db()
        assert asked.counts["overlap"]["number"] >= SHIFTED, asked.counts
        frame = geopandas.GeoDataFrame({"n": range(PARCELS)}, geometry=shapes, crs=4490)
        joined: list[int] = []
        peer = _seconds(lambda: joined.append(len(frame.sjoin(frame, predicate="overlaps"))))
        assert joined[0] // 2 >= SHIFTED

        browser = office.client()
        browser.defaults["HTTP_HOST"] = "localhost"

        def fresh(address: str) -> Callable[[], None]:
            def ask() -> None:
                tile.cache_clear()
                Tile.objects.all().delete()
                assert browser.get(address).status_code == 200

            return ask

        told = []
        middle = mercator(np.array([[WEST + WIDE * SIDE / 2, SOUTH + HIGH * SIDE / 2]]))[0]
        for z in (9, 12, 14):
            x, y = (middle * 2**z).astype(int).tolist()
            address = f"/tiles/parcels/{z}/{x}/{y}.mvt"
            size = len(browser.get(address, headers={"Accept-Encoding": "gzip"}).content)
            uncached, cached, empty = in_turns(
                20, fresh(address), lambda at=address: browser.get(at), lambda: browser.get("/empty")
            )
            told.append(
                (
                    f"tile {z}/{x}/{y} of {PARCELS:,} parcels ({size / 1024:,.0f} KiB)",
                    f"cut anew {_shown(uncached)}; kept {_shown(cached)}",
                    f"{uncached.quantile(0.95) / empty.quantile(0.95):.1f} × and "
                    f"{cached.quantile(0.95) / empty.quantile(0.95):.1f} × an empty page ({_shown(empty)})",
                )
            )
        return [
            (
                f"import of {PARCELS:,} parcels from a GeoPackage: read, checked, compared, written with a version",
                f"{PARCELS / (check + write):,.0f} parcels/s (check {check:.1f} s, write {write:.1f} s)",
                f"{(check + write) / peer:.1f} × geopandas sjoin for overlaps alone ({peer:.1f} s)",
            ),
            (
                f"topology of {PARCELS:,} parcels: overlaps with area and width, gaps, findings written "
                f"({asked.counts['found']:,} found)",
                f"{topology:.1f} s",
                f"{topology / peer:.2f} × geopandas sjoin for overlaps alone ({peer:.1f} s)",
            ),
            *told,
            _encoders(),
        ]


def _encoders() -> tuple[str, str, str]:
    """Our writer of tiles beside mapbox-vector-tile: the same 4,000 polygons in tile units."""
    import mapbox_vector_tile
    import numpy as np
    import shapely

    from ronghe.kernel.spatial import mvt

    places = np.stack(np.meshgrid(np.arange(80), np.arange(50)), axis=-1).reshape(-1, 2) * 50
    squares = shapely.multipolygons([[box] for box in shapely.box(*places.T, *(places.T + 40))])
    told: list[dict[str, mvt.Value]] = [
        {"code": str(n), "name": f"地块{n}", "area_m2": n / 7} for n in range(len(squares))
    ]
    layer = {"name": "a", "features": [{"geometry": s, "properties": t} for s, t in zip(squares, told, strict=True)]}
    ours, theirs = in_turns(
        5, lambda: mvt.encode("a", squares, told), lambda: mapbox_vector_tile.encode([layer], {"extents": 4096})
    )
    return (
        f"{len(squares):,} polygons written as one tile",
        f"{ours.median * 1000:.0f} ms",
        f"{ours.median / theirs.median:.2f} × mapbox-vector-tile ({theirs.median * 1000:.0f} ms)",
    )


def _shown(times: Times) -> str:
    return f"p50 {times.median * 1000:.0f} ms, p95 {times.quantile(0.95) * 1000:.0f} ms"


def _seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start
